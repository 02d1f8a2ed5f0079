"""Reads of what outlets report and share, by pages and API alike: exact sums of ledgers, and windows that say so."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from django.db import connection, models
from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from claims.coreporting import Pair, Published

if TYPE_CHECKING:
    from claims.models import Speaker, Topic
    from sources.models import Outlet

#: So many of an outlet's claims and articles are paged through, or looked through for those of another.
LISTED = 10_000
#: Of a topic, a speaker or an outlet, so many of the latest claims, articles or credits are looked at.
WINDOW = 1_000


def claims_by_facet(kind: str, ids: Collection[int]) -> dict[int, int]:
    """Return how many claims topics or speakers have, by their ids; `kind`: "topic" or "speaker"."""
    from claims.models import FacetChange, FacetCount

    facets = {f"{kind}:{pk}": pk for pk in ids}
    asked = {"basis": "counted", "facet__in": facets.keys()}
    counted = FacetCount.objects.filter(**asked).values_list("facet", "claims")
    changed = FacetChange.objects.filter(**asked).values_list("facet", "change")
    found = dict.fromkeys(ids, 0)
    for facet, claims in counted.union(changed, all=True):
        found[facets[facet]] += claims
    return found


class Origin(NamedTuple):
    """An outlet, and how many claims may come from it."""

    outlet: int
    claims: int


class CoverageQuerySet(models.QuerySet[Any]):
    def affirming(self) -> "CoverageQuerySet":
        """What outlets report, not what they only deny or explain."""
        return self.filter(affirming__gt=0)

    def reported(self) -> "CoverageQuerySet":
        """What outlets affirm or deny."""
        return self.filter(Q(affirming__gt=0) | Q(denying__gt=0))

    def newest(self) -> "CoverageQuerySet":
        """In order of publication, the latest first."""
        return self.order_by(F("published_at").desc(nulls_last=True), "-claim")

    def with_claim(self) -> "CoverageQuerySet":
        """Select the claim and its speaker."""
        return self.select_related("claim__speaker")

    def first_of(self, outlet: "Outlet") -> "CoverageQuerySet":
        """What an outlet was the first of several to report, for certain; the latest first."""
        return self.filter(outlet=outlet, is_first=True).newest()

    def moments(self, claims: Collection[int]) -> dict[int, dict[int, Published]]:
        """Return when outlets first affirmed claims, by claim and outlet; what has no date is left out."""
        found: dict[int, dict[int, Published]] = defaultdict(dict)
        rows = self.affirming().filter(claim__in=claims, published_at__isnull=False).order_by("claim", "outlet")
        for claim, outlet, at, has_time in rows.values_list("claim_id", "outlet_id", "published_at", "has_time"):
            found[claim][outlet] = Published(at, has_time)
        return found

    def shared(self, outlet: "Outlet", other: "Outlet", *, most: int = LISTED) -> "CoverageQuerySet":
        """What an outlet reports that another reports too, as `theirs`; the latest first.

        Looked for among the latest `most` claims of the outlet. Annotated with `independent`.
        """
        latest = self.filter(outlet=outlet).affirming().newest().values("pk")[:most]
        theirs = self.model.objects.filter(outlet=other, claim=OuterRef("claim")).affirming()
        return (
            self.filter(pk__in=latest)
            .annotate(
                theirs=Subquery(theirs.values("origins")),
                their_published_at=Subquery(theirs.values("published_at")),
                their_has_time=Subquery(theirs.values("has_time")),
            )
            .filter(theirs__isnull=False)
            .newest()
        )

    def origins_of(self, outlet: "Outlet", *, most: int = WINDOW) -> list[Origin]:
        """Return the outlets that an outlet's latest claims may come from, and of how many; itself left out."""
        with connection.cursor() as cursor:
            cursor.execute(
                """
                SELECT origin, count(*) FROM (
                    SELECT origins FROM claims_coverage WHERE outlet_id = %s AND affirming > 0
                    ORDER BY published_at DESC NULLS LAST, claim_id DESC LIMIT %s
                ) latest, unnest(origins) origin
                WHERE origin <> %s GROUP BY origin ORDER BY 2 DESC, 1
                """,
                [outlet.pk, most, outlet.pk],
            )
            return [Origin(*row) for row in cursor.fetchall()]


class OutletTallyQuerySet(models.QuerySet[Any]):
    def unfolded(self) -> "OutletTallyQuerySet":
        return self.filter(folded=False)

    def reporting(self) -> dict[int, int]:
        """Return how many claims each outlet reports, by outlet; those that report most first."""
        summed = self.order_by().values("outlet").annotate(n=Sum("claims")).filter(n__gt=0)
        return dict(summed.order_by("-n", "outlet").values_list("outlet", "n"))


class OutletPairQuerySet(models.QuerySet[Any]):
    def unfolded(self) -> "OutletPairQuerySet":
        return self.filter(folded=False)

    def of(self, outlet: "Outlet") -> list[Pair[int]]:
        """Return what an outlet shares with each other outlet, which stands second; what is shared most first."""
        pairs = [
            Pair(outlet.pk, pair.other if pair.outlet == outlet.pk else pair.outlet, pair.shared, pair.independent)
            for pair in _summed(self.filter(Q(outlet=outlet) | Q(other=outlet)))
        ]
        return sorted(pairs, key=lambda pair: (-pair.shared, pair.other))

    def between(self, outlet: "Outlet", other: "Outlet") -> Pair[int]:
        """Return what two outlets share."""
        first, second = sorted((outlet.pk, other.pk))
        found = _summed(self.filter(outlet=first, other=second))
        return found[0] if found else Pair(first, second, 0, 0)

    def among(self, outlets: Collection[int]) -> list[Pair[int]]:
        """Return what outlets share with each other; what is shared most first."""
        return _summed(self.filter(outlet__in=outlets, other__in=outlets))


def _summed(rows: QuerySet[Any]) -> list[Pair[int]]:
    found = (
        rows.order_by()
        .values("outlet", "other")
        .annotate(n=Sum("shared"), apart=Sum("independent"))
        .filter(n__gt=0)
        .order_by("-n", "outlet", "other")
    )
    return [Pair(*row) for row in found.values_list("outlet", "other", "n", "apart")]


def tallied(column: str) -> Coalesce:
    """Return the sum of a column of an outlet's tally, for a query of outlets."""
    from claims.models import OutletTally

    rows = OutletTally.objects.filter(outlet=OuterRef("pk")).order_by().values("outlet").annotate(n=Sum(column))
    return Coalesce(Subquery(rows.values("n")), 0)


# What is taken from whom


class Taken(NamedTuple):
    """How many articles of the latest ones name an outlet as their source, and in what way."""

    outlet: int
    credits: int
    copies: int
    citations: int


def taken_by(outlet: "Outlet", *, most: int = WINDOW) -> list[Taken]:
    """Return from whom an outlet's latest articles come, wholly or in part."""
    from sources.models import Article, Derivation

    newest = Article.objects.filter(outlet=outlet).order_by(F("published_at").desc(nulls_last=True), "-pk")
    found = Derivation.objects.standing().filter(article__in=newest.values("pk")[:most])
    return _taken(found.exclude(upstream_outlet=outlet), "upstream_outlet")


def taken_from(outlet: "Outlet", *, most: int = WINDOW) -> list[Taken]:
    """Return whose articles come from an outlet, by the latest derivations that name it."""
    from sources.models import Derivation

    latest = Derivation.objects.filter(upstream_outlet=outlet).order_by("-pk").values("pk")[:most]
    found = Derivation.objects.standing().filter(pk__in=latest)
    return _taken(found.exclude(article__outlet=outlet), "article__outlet")


def _taken(found: QuerySet[Any], outlet: str) -> list[Taken]:
    counts = {
        f"{kind}_count": Count("article", distinct=True, filter=Q(kind=kind)) for kind in ("credit", "copy", "citation")
    }
    rows = found.order_by().values(outlet).annotate(n=Count("article", distinct=True), **counts).order_by("-n", outlet)
    return [Taken(*row) for row in rows.values_list(outlet, *counts)]


def relayed_from(outlet: "Outlet", *, most: int = WINDOW) -> dict[int, int]:
    """Return how many statements name an outlet as their source, by the outlet that prints them, of the latest."""
    from claims.models import StatementRelay

    latest = StatementRelay.objects.filter(outlet=outlet).order_by("-pk").values("pk")[:most]
    publisher = "statement__revision__article__outlet"
    rows = (
        StatementRelay.objects.filter(pk__in=latest, statement__withdrawn_at=None)
        .exclude(**{publisher: outlet})
        .order_by()
        .values(publisher)
        .annotate(n=Count("statement", distinct=True))
        .order_by("-n", publisher)
    )
    return dict(rows.values_list(publisher, "n"))


# The latest claims of a topic or a speaker


class Standing(NamedTuple):
    """How a claim stands, without its words."""

    claim: int
    level: str
    disputed: bool
    outlet_count: int
    origin_count: int
    exact: bool
    first_published_at: datetime | None
    language: str


@dataclass(frozen=True)
class Latest:
    """The latest claims of a topic or speaker that are reported, in the order in which they were found.

    more: there are earlier ones, which were not looked at. ids: a query of those looked at, to read what they have.
    """

    claims: list[Standing]
    more: bool
    ids: QuerySet[Any]


def latest_of_topic(topic: "Topic") -> Latest:
    """Return the claims on a topic that were found last."""
    from claims.models import ClaimTopic

    return _latest(ClaimTopic.objects.filter(topic=topic).order_by("-claim").values("claim_id"))


def latest_of_speaker(speaker: "Speaker") -> Latest:
    """Return the claims of a speaker that were found last."""
    from claims.models import Claim

    return _latest(Claim.objects.filter(speaker=speaker).order_by("-pk").values("pk"))


def _latest(ids: QuerySet[Any]) -> Latest:
    from claims.models import Corroboration

    # A query and no list of ids: to read a thousand of them would take longer than to find them again.
    window = ids[:WINDOW]
    rows = (
        Corroboration.objects.filter(claim__in=window, basis="counted", claim__merged_into=None)
        .filter(Q(outlet_count__gt=0) | Q(disputed=True))
        .order_by("-claim")
    )
    fields = ("level", "disputed", "outlet_count", "origin_count", "exact", "first_published_at", "claim__language")
    found = [Standing(*row) for row in rows.values_list("claim_id", *fields)]
    return Latest(found, ids[WINDOW : WINDOW + 1].exists(), window)


def outlets_by_level(latest: Latest) -> dict[int, dict[str, int]]:
    """Return of how many of these claims that an outlet affirms each level is, by outlet and level."""
    from claims.models import Coverage

    rows = (
        Coverage.objects.affirming()
        .filter(claim__in=latest.ids, claim__corroborations__basis="counted")
        .order_by()
        .values_list("outlet", "claim__corroborations__level")
        .annotate(Count("pk"))
    )
    found: dict[int, dict[str, int]] = defaultdict(dict)
    for outlet, level, count in rows:
        found[outlet][level] = count
    return found


def reporting_outlets(latest: Latest) -> dict[int, int]:
    """Return how many of these claims each outlet affirms or denies, by outlet."""
    from claims.models import Coverage

    rows = Coverage.objects.reported().filter(claim__in=latest.ids)
    return dict(rows.order_by().values_list("outlet").annotate(Count("pk")))
