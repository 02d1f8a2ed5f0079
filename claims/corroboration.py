"""How many independent origins could explain what was printed. Pure: plain values in, plain values out.

Each report has an origin set: the outlets its content may have come from. The number of independent origins is the
size of the smallest set of outlets that meets every report's origin set: a minimum hitting set (Karp 1972). It is
the most sceptical honest count: the fewest sources that could explain all reports.
"""

from collections import Counter
from collections.abc import Callable, Collection, Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, Literal, TypeVar

K = TypeVar("K", bound=Hashable)
A = TypeVar("A", bound=Hashable)
Level = Literal["unreported", "single", "repeated", "corroborated"]

#: Branches tried before an exact answer is given up; reached only by hundreds of overlapping sets.
SEARCH_LIMIT = 50_000


@dataclass(frozen=True)
class Upstream(Generic[K]):
    """One standing derivation of an article.

    outlet: where it comes from; article: which of that outlet's articles, where that is known.
    """

    outlet: K
    partial: bool = False
    article: Any = None


@dataclass(frozen=True)
class Provenance(Generic[K]):
    """Where an article says it comes from."""

    outlet: K
    upstream: tuple[Upstream[K], ...] = ()


@dataclass(frozen=True)
class Report(Generic[K]):
    """One counted report: the outlet that prints it and where its content may have come from."""

    outlet: K
    origins: frozenset[K]
    denies: bool = False


@dataclass(frozen=True)
class HittingSet(Generic[K]):
    """members meet every given set; no set of fewer than `lower_bound` members does."""

    members: frozenset[K]
    lower_bound: int

    @property
    def exact(self) -> bool:
        return self.lower_bound == len(self.members)


@dataclass(frozen=True)
class Finding(Generic[K]):
    """What follows from a claim's counted reports."""

    outlets: frozenset[K]
    origins: frozenset[K]
    origin_lower_bound: int
    level: Level
    denying: frozenset[K] = field(default_factory=frozenset)

    @property
    def disputed(self) -> bool:
        return bool(self.denying)

    @property
    def exact(self) -> bool:
        return self.origin_lower_bound == len(self.origins)


def article_origins(article: A, provenance: Mapping[A, Provenance[K]]) -> frozenset[K]:
    """Return the outlets that an article's content may have come from, followed upwards.

    A full credit or copy replaces the article's own outlet; a partial one adds to it. An upstream article that is
    known is followed to its own origins; where copies form a circle, every outlet of the circle is possible.
    """
    origins: set[K] = set()
    for reached in _upstream_of(article, provenance) | {article}:
        source = provenance[reached]
        known = [edge for edge in source.upstream if edge.article in provenance]
        origins |= {edge.outlet for edge in source.upstream if edge not in known}
        if all(edge.partial for edge in source.upstream) or reached in _upstream_of(reached, provenance):
            origins.add(source.outlet)
    return frozenset(origins)


def _upstream_of(article: A, provenance: Mapping[A, Provenance[K]]) -> set[A]:
    """Return the known articles upstream of one, itself among them only where copies form a circle."""
    reached: set[A] = set()
    waiting = [article]
    while waiting:
        for edge in provenance[waiting.pop()].upstream:
            if edge.article in provenance and edge.article not in reached:
                reached.add(edge.article)
                waiting.append(edge.article)
    return reached


def origin_set(
    article: A,
    provenance: Mapping[A, Provenance[K]],
    *,
    relays: Collection[K] = (),
    speaker_relays: Collection[K] = (),
) -> frozenset[K]:
    """Return the outlets that one report's content may have come from.

    relays: the outlets furthest upstream through which this very statement came ("the minister, quoted by an agency").
    speaker_relays: those of the same speaker's other statements in the article; they are possible origins of this
    statement too, beside where the article as a whole comes from.
    """
    own = provenance[article].outlet
    named = frozenset(relays) - {own}
    if named:
        return named
    return article_origins(article, provenance) | frozenset(speaker_relays)


def find(reports: Iterable[Report[K]], *, group: Callable[[K], K] = lambda outlet: outlet) -> Finding[K]:
    """Return outlets, origins and level of a claim's counted reports.

    group: maps an outlet to what it counts as, such as its owner.
    """
    reports = list(reports)
    affirming = [report for report in reports if not report.denies]
    outlets = frozenset(group(report.outlet) for report in affirming)
    hitting = minimum_hitting_set([frozenset(map(group, report.origins)) for report in affirming], prefer=outlets)
    level: Level
    if not outlets:
        level = "unreported"
    elif len(outlets) == 1:
        level = "single"
    elif hitting.lower_bound >= 2:
        level = "corroborated"
    else:
        level = "repeated"
    return Finding(
        outlets=outlets,
        origins=hitting.members,
        origin_lower_bound=hitting.lower_bound,
        level=level,
        denying=frozenset(group(report.outlet) for report in reports if report.denies),
    )


def minimum_hitting_set(
    sets: Iterable[Collection[K]], *, prefer: Collection[K] = (), search_limit: int = SEARCH_LIMIT
) -> HittingSet[K]:
    """Return a smallest set that shares a member with each of `sets`; the same one for the same input.

    Of members that meet the same sets, one of `prefer` is taken.

    Exact by branch and bound after the usual reductions (supersets dropped, dominated members dropped, components
    solved apart). Past `search_limit` branches the best set found is returned with a proven lower bound.

    Raises ValueError if one of `sets` is empty, since nothing can meet it.
    """
    given = {frozenset(members) for members in sets}
    if frozenset() in given:
        raise ValueError("an empty origin set cannot be met")
    # Members become their ranks, which are quick to compare and make equal inputs give equal answers.
    ranked = sorted(frozenset().union(*given), key=lambda member: (member not in prefer, _order(member)))
    ranks = {member: rank for rank, member in enumerate(ranked)}
    chosen: set[int] = set()
    lower_bound = 0
    for component in _components(_reduce({frozenset(map(ranks.__getitem__, s)) for s in given})):
        members, bound = _Search(component, search_limit).run()
        chosen |= members
        lower_bound += bound
    return HittingSet(frozenset(ranked[rank] for rank in chosen), lower_bound)


def _order(member: Hashable) -> tuple[str, str]:
    """Return a sorting key for members of one kind, or of several."""
    return ("int", f"{member:020d}") if isinstance(member, int) else (type(member).__name__, str(member))


_Set = frozenset[int]


def _reduce(families: set[_Set]) -> set[_Set]:
    """Drop sets that contain another, and members that meet no more sets than another member does, until stable."""
    while True:
        minimal = {s for s in families if not any(other < s for other in families)}
        met: dict[int, set[_Set]] = {}
        for s in minimal:
            for member in s:
                met.setdefault(member, set()).add(s)
        dominated = {
            member
            for member in met
            if any(
                met[member] < met[other] or (met[member] == met[other] and other < member)
                for other in frozenset().union(*met[member])
            )
        }
        reduced = {s - dominated for s in minimal}
        if reduced == families:
            return reduced
        families = reduced


def _components(families: set[_Set]) -> list[list[_Set]]:
    """Return the sets in groups that share no member with each other."""
    remaining = sorted(families, key=lambda s: (len(s), sorted(s)))
    components = []
    while remaining:
        component = [remaining.pop(0)]
        members: set[int] = set(component[0])
        grown = True
        while grown:
            touching = [s for s in remaining if s & members]
            grown = bool(touching)
            for s in touching:
                remaining.remove(s)
                component.append(s)
                members |= s
        components.append(component)
    return components


class _Search:
    """Branch and bound over one component: pick the smallest unmet set, try each member, commonest first."""

    def __init__(self, families: list[_Set], limit: int) -> None:
        self.families = families
        self.limit = limit
        self.branches = 0
        self.best = self._greedy()

    def run(self) -> tuple[_Set, int]:
        """Return (the smallest set found, the proven lower bound of its size)."""
        bound = self._disjoint(self.families)
        if bound < len(self.best):
            self._branch(self.families, frozenset())
        exhausted = self.branches > self.limit
        return self.best, bound if exhausted else len(self.best)

    def _branch(self, unmet: list[_Set], chosen: _Set) -> None:
        self.branches += 1
        if self.branches > self.limit:
            return
        if not unmet:
            self.best = chosen
            return
        if len(chosen) + self._disjoint(unmet) >= len(self.best):
            return
        frequency = Counter(member for s in unmet for member in s)
        smallest: _Set = min(unmet, key=len)
        for member in sorted(smallest, key=lambda m: (-frequency[m], m)):
            self._branch([s for s in unmet if member not in s], chosen | {member})

    def _greedy(self) -> _Set:
        unmet, chosen = self.families, set()
        while unmet:
            frequency = Counter(member for s in unmet for member in s)
            member = min(frequency, key=lambda m: (-frequency[m], m))
            chosen.add(member)
            unmet = [s for s in unmet if member not in s]
        return frozenset(chosen)

    @staticmethod
    def _disjoint(families: list[_Set]) -> int:
        """Return how many sets a greedy packing of pairwise disjoint ones holds: each needs a member of its own."""
        used: set[int] = set()
        count = 0
        for s in sorted(families, key=len):
            if not s & used:
                used |= s
                count += 1
        return count
