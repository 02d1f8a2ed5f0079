"""Reads of claims, shared by pages and API."""

from typing import TYPE_CHECKING, Any

from django.contrib.postgres.search import SearchQuery, SearchRank
from django.db import models
from django.db.models import Count, Exists, F, OuterRef, Prefetch, Q, Subquery
from django.db.models.functions import Coalesce

if TYPE_CHECKING:
    from sources.models import Outlet


#: An attribution counts as proposed or confirmed: one that an editor left unsure does not, in any basis.
COUNTED = ("proposed", "confirmed")
NOT_COUNTED = ("rejected", "unsure")


class SpeakerQuerySet(models.QuerySet[Any]):
    def standing(self) -> "SpeakerQuerySet":
        """Speakers that were not merged into another."""
        return self.filter(merged_into=None)

    def with_claim_count(self) -> "SpeakerQuerySet":
        """Annotate `claim_count`: the speaker's claims that a report affirms."""
        from claims.models import Claim

        return self.annotate(claim_count=_count(Claim.objects.standing().reported(), "speaker"))

    def search(self, text: str) -> "SpeakerQuerySet":
        """Speakers whose name or alias contains `text`."""
        return self.filter(Q(name__icontains=text) | Q(aliases__name__icontains=text)).distinct()


class StatementQuerySet(models.QuerySet[Any]):
    def standing(self) -> "StatementQuerySet":
        """Statements that were not withdrawn, of the revisions that articles have now."""
        return self.filter(withdrawn_at=None, revision__current_of__isnull=False)

    def orphaned(self) -> "StatementQuerySet":
        """Statements whose words a later text of their article no longer has, not withdrawn."""
        return self.filter(orphaned_at__isnull=False, withdrawn_at=None, revision__current_of=None)

    def with_context(self) -> "StatementQuerySet":
        """Select speaker, article and outlet, and fetch spans and relays."""
        return self.select_related("speaker", "revision__article__outlet").prefetch_related("spans", "relays__outlet")


class AttributionQuerySet(models.QuerySet[Any]):
    def standing(self) -> "AttributionQuerySet":
        """Attributions of statements that stand, rejected ones included."""
        return self.filter(statement__withdrawn_at=None, statement__revision__current_of__isnull=False)

    def orphaned(self) -> "AttributionQuerySet":
        """Attributions that would count, of statements whose words are no longer in their article."""
        return self.filter(
            status__in=COUNTED,
            statement__orphaned_at__isnull=False,
            statement__withdrawn_at=None,
            statement__revision__current_of=None,
        )

    def counted(self, *, confirmed_only: bool = False) -> "AttributionQuerySet":
        """Attributions that count: not rejected or left unsure, or with `confirmed_only` just the confirmed ones."""
        return self.standing().filter(status__in=("confirmed",) if confirmed_only else COUNTED)

    def affirming(self) -> "AttributionQuerySet":
        return self.filter(stance="affirms")

    def with_context(self) -> "AttributionQuerySet":
        """Select claim, statement and speaker, and fetch revision, article, outlet, spans and relays.

        Revisions are fetched apart, so that a long text is held once, not once for each of its statements.
        """
        from sources.models import Revision

        return self.select_related("claim", "statement__speaker", "decided_by").prefetch_related(
            Prefetch("statement__revision", Revision.objects.select_related("article__outlet")),
            "statement__spans",
            "statement__relays__outlet",
        )


class ClaimQuerySet(models.QuerySet[Any]):
    def standing(self) -> "ClaimQuerySet":
        """Claims that were not merged into another."""
        return self.filter(merged_into=None)

    def with_summary(self, *, confirmed_only: bool = False) -> "ClaimQuerySet":
        """Select the speaker and fetch topics and the stored corroboration as `summaries` (a list of one)."""
        from claims.models import Corroboration

        summaries = Corroboration.objects.filter(basis=_basis(confirmed_only)).select_related("first_outlet")
        return self.select_related("speaker").prefetch_related(
            "topics", Prefetch("corroborations", summaries, to_attr="summaries")
        )

    def reported(self, *, confirmed_only: bool = False) -> "ClaimQuerySet":
        """Claims that a report affirms or denies, with `outlet_count`, `origin_count`, `level` and `disputed`."""
        return self.filter(_IS_REPORTED, corroborations__basis=_basis(confirmed_only)).annotate(
            outlet_count=F("corroborations__outlet_count"),
            origin_count=F("corroborations__origin_count"),
            level=F("corroborations__level"),
            disputed=F("corroborations__disputed"),
            first_published_at=F("corroborations__first_published_at"),
            last_published_at=F("corroborations__last_published_at"),
        )

    def reported_by_all(self, *outlets: "Outlet", confirmed_only: bool = False) -> "ClaimQuerySet":
        """Claims that every one of `outlets` affirms."""
        from claims.models import Attribution

        claims = self
        for outlet in outlets:
            reports = Attribution.objects.counted(confirmed_only=confirmed_only).affirming()
            claims = claims.filter(
                Exists(reports.filter(claim=OuterRef("pk"), statement__revision__article__outlet=outlet))
            )
        return claims

    def search(self, text: str) -> "ClaimQuerySet":
        """Listed claims whose words, or speaker's names, match `text`; annotated with `relevance`.

        For a few of them: `claims.search` counts, filters and pages as well, in bounded time.
        """
        from claims.search import understood

        asked = understood(text)
        if not asked.tsquery:
            return self.none()
        query = TsQuery(asked.tsquery)
        found = self.filter(listings__basis="counted", listings__search=query)
        return found.annotate(relevance=SearchRank(F("listings__search"), query, normalization=1))


class TsQuery(SearchQuery):
    """A query that was taken apart already, as PostgreSQL writes one: `'rain' & !'snow'`."""

    def __init__(self, text: str) -> None:
        super().__init__(text, search_type="raw")
        self.text = text

    def as_sql(self, compiler: Any, connection: Any, *args: Any, **options: Any) -> tuple[str, Any]:
        return "%s::tsquery", [self.text]


class ClaimLinkQuerySet(models.QuerySet[Any]):
    def of(self, claim: Any) -> "ClaimLinkQuerySet":
        """Links of a claim, whichever end it is."""
        return self.filter(Q(claim=claim) | Q(other=claim))

    def between(self, one: Any, other: Any) -> "ClaimLinkQuerySet":
        """Links between two claims, given in any order."""
        return self.filter(claim=min(one.pk, other.pk), other=max(one.pk, other.pk))

    def contradicting(self) -> "ClaimLinkQuerySet":
        """Links by which claims contradict each other, with both claims; what waits for an editor first."""
        links = self.standing().filter(kind="contradicts")
        return links.select_related("claim__speaker", "other__speaker", "decided_by").order_by(
            F("decided_at").desc(nulls_first=True), "-score", "pk"
        )

    def standing(self) -> "ClaimLinkQuerySet":
        """Links between claims of which neither was merged into another."""
        return self.filter(claim__merged_into=None, other__merged_into=None)


class ClaimConflictQuerySet(models.QuerySet[Any]):
    def open(self) -> "ClaimConflictQuerySet":
        """Conflicts that no editor has settled."""
        return self.filter(settled_at=None, claim__merged_into=None)

    def with_context(self) -> "ClaimConflictQuerySet":
        """Select the claim and both statements with speaker and outlet."""
        return self.select_related(
            "claim",
            "statement__speaker",
            "statement__revision__article__outlet",
            "other__speaker",
            "other__revision__article__outlet",
        ).defer("statement__revision__text", "other__revision__text")


_IS_REPORTED = Q(corroborations__outlet_count__gt=0) | Q(corroborations__disputed=True)


def _basis(confirmed_only: bool) -> str:
    return "confirmed" if confirmed_only else "counted"


def _count(rows: models.QuerySet[Any], outer: str) -> Coalesce:
    """Return how many of `rows` point by `outer` to each row of the query around it.

    A subquery, so that a page of a list counts for its own rows only.
    """
    found = rows.filter(**{outer: OuterRef("pk")}).order_by().values(outer).annotate(n=Count("pk"))
    return Coalesce(Subquery(found.values("n")), 0)


def with_topic_claim_count(topics: models.QuerySet[Any]) -> models.QuerySet[Any]:
    """Annotate topics with `claim_count`: their claims that a report affirms."""
    from claims.models import ClaimTopic

    reported = ClaimTopic.objects.filter(
        claim__merged_into=None,
        claim__corroborations__basis="counted",
        claim__corroborations__outlet_count__gt=0,
    )
    return topics.annotate(claim_count=_count(reported, "topic"))


def with_claim_counts(outlets: models.QuerySet[Any]) -> models.QuerySet[Any]:
    """Annotate outlets with `article_count`, `claim_count`, of these `alone_count`, and `origin_count`.

    origin_count: claims of several outlets where this one is in the smallest set that could explain every report.
    """
    from claims.querysets_coreporting import tallied

    return outlets.annotate(
        article_count=tallied("articles"),
        claim_count=tallied("claims"),
        alone_count=tallied("alone"),
        origin_count=tallied("explained"),
    )
