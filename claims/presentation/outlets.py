"""What the pages of outlets show of what they share, and of what comes from whom."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from claims.coreporting import Pair, Published, lead
from claims.models import Claim
from claims.querysets_coreporting import Taken
from sources.models import Outlet


@dataclass(frozen=True)
class Neighbour:
    """An outlet with which claims are shared, and how many of these independently."""

    outlet: int
    shared: int
    independent: int
    derived: int


@dataclass(frozen=True)
class Exchange:
    """What comes from an outlet, or goes to it: articles by credit, copy and citation, and claims or statements."""

    outlet: int
    credits: int
    copies: int
    citations: int
    said: int


@dataclass(frozen=True)
class SharedClaim:
    """A claim that two outlets report.

    independent: no outlet could be the origin of both. common: the outlets that could be. first: the one that was
    earlier for certain, None where that cannot be told.
    """

    claim: Claim
    independent: bool
    common: list[Outlet]
    first: Outlet | None
    published: list[tuple[Outlet, Published | None]]


def neighbours(pairs: Iterable[Pair[int]]) -> list[Neighbour]:
    """Return what an outlet shares with others, of pairs in which these stand second."""
    return [Neighbour(pair.other, pair.shared, pair.independent, pair.derived) for pair in pairs]


def exchanges(taken: Iterable[Taken], said: Mapping[int, int]) -> list[Exchange]:
    """Return what comes from whom, by articles and by what is said in them; the most first."""
    articles = {row.outlet: row for row in taken}
    found = [
        Exchange(outlet, row.credits, row.copies, row.citations, said.get(outlet, 0))
        for outlet in articles.keys() | said.keys()
        for row in [articles.get(outlet, Taken(outlet, 0, 0, 0))]
    ]
    return sorted(found, key=lambda row: (-row.said, -(row.credits + row.copies + row.citations), row.outlet))


def shared_claims(rows: Iterable[Any], one: Outlet, two: Outlet) -> list[SharedClaim]:
    """Return claims of two outlets from rows of `CoverageQuerySet.shared`, with the outlets that could explain both."""
    rows = list(rows)
    common = {row.pk: set(row.origins) & set(row.theirs) for row in rows}
    outlets = Outlet.objects.only("name", "slug").in_bulk(set().union(*common.values()))
    found = []
    for row in rows:
        moments = {
            one: Published(row.published_at, row.has_time) if row.published_at else None,
            two: Published(row.their_published_at, row.their_has_time) if row.their_published_at else None,
        }
        ahead = lead({outlet: moment for outlet, moment in moments.items() if moment is not None})
        found.append(
            SharedClaim(
                claim=row.claim,
                independent=not common[row.pk],
                common=sorted((outlets[pk] for pk in common[row.pk]), key=lambda outlet: outlet.name),
                first=ahead.first if ahead else None,
                published=sorted(moments.items(), key=lambda item: item[0].name),
            )
        )
    return found
