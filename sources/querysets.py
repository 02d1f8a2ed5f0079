"""Reads of sources, shared by pages, API and tasks."""

from datetime import timedelta
from typing import Any

from django.contrib.postgres.search import SearchQuery, SearchVector
from django.db import models
from django.db.models import Case, Count, F, Max, Q, Value, When
from django.db.models.functions import Coalesce, Greatest, Left, Substr
from django.utils import timezone

#: Characters of a text whose words are indexed: PostgreSQL refuses an index entry of more than a megabyte.
INDEXED_CHARACTERS = 150_000
#: Bookkeeping goes by age (config/retention.py), but never sooner than this after it was done with.
KEPT_FOR = timedelta(days=1)


def text_words(column: str) -> SearchVector:
    """Return the words of a text as the index has them, in no language's stems."""
    return SearchVector(Left(column, INDEXED_CHARACTERS), config="simple")


class OutletQuerySet(models.QuerySet[Any]):
    def with_article_count(self) -> "OutletQuerySet":
        return self.annotate(article_count=Count("articles", distinct=True))

    def standing(self) -> "OutletQuerySet":
        """Outlets that were not merged into another."""
        return self.filter(merged_into=None)

    def known_as(self, name: str) -> "OutletQuerySet":
        """The outlet whose name or alias is `name`, whatever its case; of one that was merged, the other."""
        return self.standing().filter(Q(name__iexact=name) | Q(aliases__name__iexact=name)).distinct()

    def search(self, text: str) -> "OutletQuerySet":
        """Outlets whose name or alias contains `text`."""
        return self.filter(Q(name__icontains=text) | Q(aliases__name__icontains=text)).distinct()


class ArticleQuerySet(models.QuerySet[Any]):
    def with_outlet(self) -> "ArticleQuerySet":
        """Select the outlet and the current revision, whose text is left where it is."""
        return self.select_related("outlet", "current_revision").defer("current_revision__text")

    def search(self, text: str) -> "ArticleQuerySet":
        """Articles whose title or current text contains `text`."""
        return self.filter(Q(title__icontains=text) | Q(current_revision__text__icontains=text))

    def titled(self, text: str) -> "ArticleQuerySet":
        """Articles whose title contains `text`."""
        return self.filter(title__icontains=text)

    def saying(self, text: str) -> "ArticleQuerySet":
        """Articles whose current text has all words of `text`, as web searches write them; by what is indexed of it."""
        from sources.models import Revision

        words = SearchQuery(text, config="simple", search_type="websearch")
        # Asked of revisions: through the article, which may have none, PostgreSQL would not use their index.
        return self.filter(current_revision__in=Revision.objects.alias(words=text_words("text")).filter(words=words))


class DerivationQuerySet(models.QuerySet[Any]):
    def standing(self) -> "DerivationQuerySet":
        """Derivations that no editor has rejected, found in their article's current text or confirmed."""
        return self.exclude(status="rejected").filter(
            Q(status="confirmed") | Q(revision=F("article__current_revision"))
        )

    def with_evidence(self) -> "DerivationQuerySet":
        """Select both articles and outlets, fetch where passages are, and annotate the words of a credit as `exact`.

        Texts are left where they are.
        """
        words = Substr("revision__text", F("start") + 1, F("end") - F("start"))
        evidence = (
            self.select_related("article__outlet", "upstream_outlet", "upstream_article__outlet", "revision")
            .defer("revision__text")
            .prefetch_related("spans")
        )
        return evidence.annotate(exact=Case(When(start__isnull=False, then=words), default=Value("")))


class FeedQuerySet(models.QuerySet[Any]):
    def due(self) -> "FeedQuerySet":
        """Active feeds whose time to be polled has come."""
        return self.filter(active=True, next_poll_at__lte=timezone.now())

    def broken(self) -> "FeedQuerySet":
        """Feeds that could not be read when they were last polled, the longest first."""
        return self.filter(failures__gt=0).order_by("failing_since", "pk")


class ImportRunQuerySet(models.QuerySet[Any]):
    def with_counts(self) -> "ImportRunQuerySet":
        """Annotate `item_count`, and the number of documents in each state, as `failed_count` and so on."""
        from sources.models import ImportItem

        return self.annotate(
            item_count=Count("items"),
            **{f"{state}_count": Count("items", filter=Q(items__state=state)) for state in ImportItem.State.values},
        )

    def with_document_count(self) -> "ImportRunQuerySet":
        """Annotate `document_count`: of how many documents it is known that a run had them, None where nothing is.

        Once items went by age there may have been more: those up to the last that is left are known, and those that
        were read of files.
        """
        known = self.annotate(_known=Greatest("documents_read", Coalesce(Max("items__position"), 0)))
        may_be_gone = Q(_known=0, read_at__lt=timezone.now() - KEPT_FOR)
        return known.annotate(document_count=Case(When(~may_be_gone, then=F("_known"))))

    def being_read(self) -> "ImportRunQuerySet":
        """Runs of whose documents some are still to be stored as items."""
        return self.filter(read_at=None)


class ImportItemQuerySet(models.QuerySet[Any]):
    def pending(self) -> "ImportItemQuerySet":
        """Documents that wait to be imported."""
        return self.filter(state="pending")

    def ready(self) -> "ImportItemQuerySet":
        """Waiting documents whose time has come, those to be done first first."""
        return (
            self.pending()
            .filter(Q(not_before=None) | Q(not_before__lte=timezone.now()))
            .order_by("-priority", "attempts", "id")
        )

    def retriable(self) -> "ImportItemQuerySet":
        """Failed documents that can be tried again: their bytes are kept, or their address is known."""
        return self.filter(state="failed").filter(~Q(media_type="") | ~Q(url=""))

    def to_look(self) -> "ImportItemQuerySet":
        """Imported documents that lost a quotation, at which nobody has looked yet."""
        return self.filter(needs_look=True, looked_at=None)

    def counts_by_state(self) -> dict[str, int]:
        """Return the number of items in each state, e.g. {"imported": 2, "failed": 1}."""
        return dict(self.order_by().values_list("state").annotate(Count("id")))
