"""How many independent origins could explain what was printed. Pure: plain values in, plain values out.

Each report has an origin set: the outlets its content may have come from. The number of independent origins is the
size of the smallest set of outlets that meets every report's origin set: a minimum hitting set (Karp 1972). It is
the most sceptical honest count: the fewest sources that could explain all reports.
"""

import math
from collections import defaultdict
from collections.abc import Callable, Collection, Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from graphlib import CycleError, TopologicalSorter
from typing import Any, Generic, Literal, TypeVar

K = TypeVar("K", bound=Hashable)
A = TypeVar("A", bound=Hashable)
Level = Literal["unreported", "single", "repeated", "corroborated"]

#: Sets looked at before an exact answer is given up: some milliseconds of work, and enough for all but a hundred sets
#: that overlap at random.
SEARCH_LIMIT = 10_000


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


def article_origins(provenance: Mapping[A, Provenance[K]]) -> dict[A, frozenset[K]]:
    """Return, for each article, the outlets that its content may have come from, followed upwards.

    A full credit or copy replaces the article's own outlet; a partial one adds to it. An upstream article that is
    known is followed to its own origins; where copies form a circle, every outlet of the circle is possible.
    """
    upstream = {article: known for article in provenance if (known := set(_known(article, provenance)))}
    # Most name no article that is known: there is nothing to follow.
    origins = {
        article: _origins(source, provenance) for article, source in provenance.items() if article not in upstream
    }
    for circle in _from_above(upstream):
        above: set[A] = set().union(*(upstream[article] for article in circle))
        is_closed = not above.isdisjoint(circle)
        found: frozenset[K] = frozenset().union(
            *(origins[article] for article in above.difference(circle)),
            *(_origins(provenance[article], provenance, with_own=is_closed) for article in circle),
        )
        origins.update(dict.fromkeys(circle, found))
    return origins


def _known(article: A, provenance: Mapping[A, Provenance[K]]) -> Iterator[A]:
    """Yield the articles directly upstream of one whose own provenance is known."""
    return (edge.article for edge in provenance[article].upstream if edge.article in provenance)


def _origins(source: Provenance[K], provenance: Mapping[A, Provenance[K]], *, with_own: bool = False) -> frozenset[K]:
    """Return the outlets that an article itself names as possible origins, without those that it takes from others."""
    named = {edge.outlet for edge in source.upstream if edge.article not in provenance}
    if with_own or all(edge.partial for edge in source.upstream):
        named.add(source.outlet)
    return frozenset(named)


def _from_above(upstream: Mapping[A, set[A]]) -> list[list[A]]:
    """Return the articles of `upstream` after those that they come from; together where each comes from the others."""
    try:
        # Upstream comes first, so that each article is looked at once, however long the chains are.
        return [[article] for article in TopologicalSorter(upstream).static_order() if article in upstream]
    except CycleError:
        circles = _circles(upstream)
    members: dict[int, list[A]] = defaultdict(list)
    for article, circle in circles.items():
        members[circle].append(article)
    above = {
        circle: {circles[up] for article in articles for up in upstream[article] if up in upstream} - {circle}
        for circle, articles in members.items()
    }
    return [members[circle] for circle in TopologicalSorter(above).static_order()]


def _circles(upstream: Mapping[A, set[A]]) -> dict[A, int]:
    """Number the articles so that those have the same number that lie upstream of each other."""
    # Imported where it is used: articles that were copied in a circle are rare, and this takes memory and a second.
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    places = {article: place for place, article in enumerate(upstream)}
    edges = [(places[article], places[up]) for article, ups in upstream.items() for up in ups if up in places]
    graph = coo_array(([1] * len(edges), tuple(zip(*edges, strict=True))), shape=(len(places), len(places)))
    _, labels = connected_components(graph, directed=True, connection="strong")
    return dict(zip(places, labels.tolist(), strict=True))


def origin_set(
    outlet: K, of_article: frozenset[K], *, relays: Collection[K] = (), speaker_relays: Collection[K] = ()
) -> frozenset[K]:
    """Return the outlets that one report's content may have come from.

    outlet: who prints it; of_article: the origins of its article as a whole.
    relays: the outlets furthest upstream through which this very statement came ("the minister, quoted by an agency").
    speaker_relays: those of the same speaker's other statements in the article; they are possible origins of this
    statement too, beside where the article as a whole comes from.
    """
    named = frozenset(relays) - {outlet}
    return named or of_article | frozenset(speaker_relays)


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
    solved apart). When `search_limit` sets have been looked at, all branches and components together, the best set
    found is returned with a proven lower bound.

    Raises ValueError if one of `sets` is empty, since nothing can meet it.
    """
    given = {frozenset(members) for members in sets}
    if frozenset() in given:
        raise ValueError("an empty origin set cannot be met")
    # Members become their ranks, which are quick to compare and make equal inputs give equal answers; a set of ranks
    # is an integer with these bits.
    ranked = sorted(frozenset().union(*given), key=lambda member: (member not in prefer, _order(member)))
    ranks = {member: rank for rank, member in enumerate(ranked)}
    chosen = lower_bound = 0
    # The small ones first: what they leave of the budget is the others'.
    for component in sorted(_components(_reduce({sum(1 << ranks[m] for m in s) for s in given})), key=len):
        search = _Search(component, search_limit)
        chosen |= search.best
        lower_bound += search.lower_bound
        search_limit -= search.looked_at
    return HittingSet(frozenset(ranked[rank] for rank in _bits(chosen)), lower_bound)


def _order(member: Hashable) -> tuple[str, str]:
    """Return a sorting key for members of one kind, or of several."""
    return ("int", f"{member:020d}") if isinstance(member, int) else (type(member).__name__, str(member))


def _bits(mask: int) -> Iterator[int]:
    """Yield the places of the bits that are set, lowest first."""
    while mask:
        lowest = mask & -mask
        yield lowest.bit_length() - 1
        mask ^= lowest


def _reduce(families: Collection[int]) -> list[int]:
    """Drop sets that contain another, and members that meet no more sets than another member does, until stable."""
    reduced = _minimal(families)
    while True:
        met: dict[int, int] = {}
        for s in reduced:
            for member in _bits(s):
                # What meets every set that the member meets, itself among them.
                met[member] = met.get(member, s) & s
        dropped = 0
        # Of members that meet the same sets the first is kept.
        for member in sorted(met, reverse=True):
            if met[member] & ~dropped & ~(1 << member):
                dropped |= 1 << member
        if not dropped:
            return reduced
        reduced = _minimal({s & ~dropped for s in reduced})


def _minimal(families: Collection[int]) -> list[int]:
    """Return the sets that contain no other of them, smallest first."""
    minimal: list[int] = []
    smaller = size = 0
    for s in sorted(set(families), key=lambda s: (s.bit_count(), s)):
        if s.bit_count() > size:
            smaller, size = len(minimal), s.bit_count()
        if not any(other & s == other for other in minimal[:smaller]):
            minimal.append(s)
    return minimal


def _components(families: Iterable[int]) -> list[list[int]]:
    """Return the sets in groups that share no member with each other."""
    components: list[tuple[int, list[int]]] = []
    for s in families:
        members, sets = s, [s]
        apart = []
        for component in components:
            if component[0] & s:
                members |= component[0]
                sets = component[1] + sets
            else:
                apart.append(component)
        components = [*apart, (members, sets)]
    return [sets for _, sets in components]


class _Search:
    """A smallest hitting set of one component, by branch and bound.

    best: the members of the smallest found. lower_bound: no set of fewer members meets all. looked_at: the sets that
    were looked at in all branches.

    Here the sets have numbers too, so that the sets a member meets are the bits of an integer.
    """

    def __init__(self, families: list[int], limit: int) -> None:
        self._limit = limit
        self._sets = sorted(families, key=lambda s: (s.bit_count(), s))
        self._members = [tuple(_bits(s)) for s in self._sets]
        self._met: dict[int, int] = defaultdict(int)
        for number, members in enumerate(self._members):
            for member in members:
                self._met[member] |= 1 << number
        # By set, the sets that share a member with it.
        self._touched = [0] * len(families)
        for number, members in enumerate(self._members):
            for member in members:
                self._touched[number] |= self._met[member]
        self.looked_at = 0
        unmet = (1 << len(families)) - 1
        self.best = self._greedy(unmet)
        self.lower_bound = max(self._disjoint(unmet), self._priced())
        if self.lower_bound < self.best.bit_count():
            self._branch(unmet, 0, 0, 0)
            if self.looked_at <= self._limit:
                self.lower_bound = self.best.bit_count()

    def _branch(self, unmet: int, chosen: int, size: int, excluded: int) -> None:
        """Look for a better set that has all of `chosen` and none of `excluded`."""
        self.looked_at += unmet.bit_count()
        if self.looked_at > self._limit:
            return
        if not unmet:
            self.best = chosen
            return
        if size + self._disjoint(unmet) >= self.best.bit_count():
            return
        number = self._narrowest(unmet, excluded)
        met = self._met
        for member in sorted(_bits(self._sets[number] & ~excluded), key=lambda m: (-(met[m] & unmet).bit_count(), m)):
            # A branch may have found a better one meanwhile, or spent the budget.
            if size + 1 >= self.best.bit_count() or self.looked_at > self._limit:
                return
            self._branch(unmet & ~met[member], chosen | 1 << member, size + 1, excluded)
            # Sets with this member have been tried by now.
            excluded |= 1 << member

    def _narrowest(self, unmet: int, excluded: int) -> int:
        """Return the unmet set with the fewest members left; of several, the first that touches most others."""
        # Written out: most of the time is spent here, and `min` with a key takes twice as long.
        sets, touched, kept, left = self._sets, self._touched, ~excluded, unmet
        narrowest, fewest, most = 0, math.inf, 0
        while left:
            lowest = left & -left
            left ^= lowest
            number = lowest.bit_length() - 1
            size = (sets[number] & kept).bit_count()
            if size > fewest:
                continue
            touches = (touched[number] & unmet).bit_count()
            if size < fewest or touches > most:
                narrowest, fewest, most = number, size, touches
        return narrowest

    def _greedy(self, unmet: int) -> int:
        """Return a set that meets all: the member that meets most unmet sets, again and again."""
        chosen = 0
        while unmet:
            member = min(self._met, key=lambda m: (-(self._met[m] & unmet).bit_count(), m))
            chosen |= 1 << member
            unmet &= ~self._met[member]
        return chosen

    def _disjoint(self, unmet: int) -> int:
        """Return how many sets a greedy packing of pairwise disjoint ones holds: each needs a member of its own."""
        touched = self._touched
        count = 0
        while unmet:
            # The sets are in order of size.
            unmet &= ~touched[(unmet & -unmet).bit_length() - 1]
            count += 1
        return count

    def _priced(self) -> int:
        """Return a lower bound from the dual of the linear relaxation (Chvátal 1979).

        Each set pays what its members can share among all that they meet, then more where they have some left: no
        member is paid more than 1 in all, so that a hitting set has at least as many members as is paid.
        """
        left = dict.fromkeys(self._met, 1.0)
        paid = 0.0
        shares = [1 / max(self._met[m].bit_count() for m in members) for members in self._members]
        for share_of in (lambda number: shares[number], lambda number: math.inf):
            for number, members in enumerate(self._members):
                share = min(share_of(number), *(left[m] for m in members))
                paid += share
                for member in members:
                    left[member] -= share
        # Sums of floats err by far less than this.
        return math.ceil(paid - 1e-6)
