"""Reads of sources, shared by pages, API and tasks."""

from typing import Any

from django.db import models
from django.db.models import Count, F, Q, Value
from django.db.models.functions import StrIndex


class OutletQuerySet(models.QuerySet[Any]):
    def with_article_count(self) -> "OutletQuerySet":
        return self.annotate(article_count=Count("articles", distinct=True))

    def known_as(self, name: str) -> "OutletQuerySet":
        """The outlet whose name or alias is `name`, whatever its case."""
        return self.filter(Q(name__iexact=name) | Q(aliases__name__iexact=name)).distinct()

    def names_in(self, text: str) -> list[str]:
        """Return the names and aliases of outlets that occur in `text`."""
        haystack = Value(text, output_field=models.TextField())
        names = self.annotate(place=StrIndex(haystack, "name")).filter(place__gt=0).values_list("name")
        aliases = (
            self.annotate(place=StrIndex(haystack, "aliases__name")).filter(place__gt=0).values_list("aliases__name")
        )
        return [name for (name,) in names.union(aliases)]

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


class DerivationQuerySet(models.QuerySet[Any]):
    def standing(self) -> "DerivationQuerySet":
        """Derivations that no editor has rejected, found in their article's current text or confirmed."""
        return self.exclude(status="rejected").filter(
            Q(status="confirmed") | Q(revision=F("article__current_revision"))
        )


class ImportItemQuerySet(models.QuerySet[Any]):
    def pending(self) -> "ImportItemQuerySet":
        return self.filter(state="pending")

    def counts_by_state(self) -> dict[str, int]:
        """Return the number of items in each state, e.g. {"imported": 2, "failed": 1}."""
        return dict(self.order_by().values_list("state").annotate(Count("id")))
