"""What each outlet has of a claim, who was first, and which outlets stand near each other. Pure.

Two outlets report a claim independently of each other when no outlet could be the origin of both: when what the one
prints may have come from, and what the other prints may have come from, have no outlet in common. It is the sceptical
reading, as that of levels is.
"""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Generic, NamedTuple, Protocol, TypeVar

K = TypeVar("K", bound=Hashable)


class Published(NamedTuple):
    """When something came out; `has_time` is False where only the day is known."""

    at: datetime
    has_time: bool

    def before(self, other: "Published") -> bool:
        """Whether this came out earlier for certain: of the same day, only where both times are known."""
        if self.has_time and other.has_time:
            return self.at < other.at
        return self.at.date() < other.at.date()


class Reported(Protocol):
    """A report that counts."""

    @property
    def attribution(self) -> int: ...
    @property
    def outlet(self) -> int: ...
    @property
    def denies(self) -> bool: ...
    @property
    def published_at(self) -> datetime | None: ...
    @property
    def has_time(self) -> bool: ...


@dataclass(frozen=True)
class Cover:
    """What one outlet has of one claim.

    attribution: the report that stands for all, the earliest that affirms, or else that denies; None for an outlet that
    reports nothing of it but could explain all reports.
    affirming, denying: how many reports. origins: the outlets that what it affirms may have come from, by id.
    is_first: it was the first of several for certain. explains: it is in the smallest set that could explain all.
    """

    outlet: int
    attribution: int | None
    affirming: int
    denying: int
    published_at: datetime | None
    has_time: bool
    origins: tuple[int, ...]
    is_first: bool
    explains: bool


@dataclass(frozen=True)
class Lead(Generic[K]):
    """Who was first, who came next, and how much later; `in_days` where only days are known."""

    first: K
    following: tuple[K, ...]
    by: timedelta
    in_days: bool


def covers(reports: Iterable[tuple[Reported, Iterable[int]]], *, explaining: Iterable[int] = ()) -> tuple[Cover, ...]:
    """Return what each outlet has of a claim, by the outlets' ids.

    reports: each with the outlets that it may have come from, in the order in which they were published.
    explaining: the outlets of the smallest set that could explain every report.
    """
    affirming: dict[int, list[Reported]] = defaultdict(list)
    denying: dict[int, list[Reported]] = defaultdict(list)
    origins: dict[int, set[int]] = defaultdict(set)
    for report, possible in reports:
        if report.denies:
            denying[report.outlet].append(report)
        else:
            affirming[report.outlet].append(report)
            origins[report.outlet].update(possible)
    dated = {
        outlet: Published(found[0].published_at, found[0].has_time)
        for outlet, found in affirming.items()
        if found[0].published_at is not None
    }
    ahead = lead(dated)
    explaining = set(explaining)
    return tuple(
        _cover(
            outlet,
            affirming[outlet],
            denying[outlet],
            origins=tuple(sorted(origins[outlet])),
            is_first=ahead is not None and ahead.first == outlet,
            explains=outlet in explaining,
        )
        for outlet in sorted(affirming.keys() | denying.keys() | explaining)
    )


def _cover(outlet: int, affirming: Sequence[Reported], denying: Sequence[Reported], **found: object) -> Cover:
    chosen = next(iter((*affirming, *denying)), None)
    return Cover(
        outlet=outlet,
        attribution=chosen.attribution if chosen else None,
        affirming=len(affirming),
        denying=len(denying),
        published_at=chosen.published_at if chosen else None,
        has_time=chosen is not None and chosen.has_time,
        **found,  # type: ignore[arg-type]
    )


def lead(dated: Mapping[K, Published]) -> Lead[K] | None:
    """Return who was first of several; None where that is not certain, or there is only one."""
    order = sorted(dated, key=lambda outlet: dated[outlet].at)
    if len(order) < 2:
        return None
    first, moment = order[0], dated[order[0]]
    if not all(moment.before(dated[other]) for other in order[1:]):
        return None
    next_one = dated[order[1]]
    following = tuple(other for other in order[1:] if not next_one.before(dated[other]))
    in_days = not (moment.has_time and next_one.has_time)
    by = timedelta(days=(next_one.at.date() - moment.at.date()).days) if in_days else next_one.at - moment.at
    return Lead(first, following, by, in_days)


@dataclass(frozen=True)
class Pair(Generic[K]):
    """Two outlets, how many claims both report, and how many of these independently of each other."""

    outlet: K
    other: K
    shared: int
    independent: int

    @property
    def derived(self) -> int:
        """Claims of both that one origin could explain."""
        return self.shared - self.independent


def near_each_other(outlets: Sequence[K], claims: Mapping[K, int], pairs: Iterable[Pair[K]]) -> list[K]:
    """Return outlets in an order in which those that share much stand near each other; the same for the same input.

    Average linkage over the cosine distance of their claims, its leaves ordered so that neighbours are the nearest
    (Bar-Joseph 2001).
    """
    # Imported where it is used: one page alone needs it, and processes that never show it need not load it.
    import numpy as np
    from scipy.cluster.hierarchy import leaves_list, linkage
    from scipy.spatial.distance import squareform

    if len(outlets) < 3:
        return list(outlets)
    places = {outlet: place for place, outlet in enumerate(outlets)}
    distances = np.ones((len(outlets), len(outlets)))
    np.fill_diagonal(distances, 0.0)
    for pair in pairs:
        if pair.outlet in places and pair.other in places:
            both = (claims[pair.outlet] * claims[pair.other]) ** 0.5
            apart = max(0.0, 1.0 - pair.shared / both) if both else 1.0
            here, there = places[pair.outlet], places[pair.other]
            distances[here, there] = distances[there, here] = apart
    order = leaves_list(linkage(squareform(distances), method="average", optimal_ordering=True))
    return [outlets[int(place)] for place in order]
