"""Where a chain of likenesses ends in two that cannot be one: A = B, B = C, A ≠ C. Pure: plain values, no database."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Literal

from claims.matching import Candidate, incompatible

Reason = Literal["speakers", "numbers", "editor"]

#: Speakers, or sets of numbers, of one claim that are compared with each other, and wordings that are read for these:
#: the bounds keep a flood cheap.
MOST_COMPARED = 12
MOST_READ = 200
_MOST_NAMED = 5
_LONGEST_NAME = 100


@dataclass(frozen=True)
class Report:
    """A report that one claim holds with others, and what editors said of its statement beyond that claim.

    carries: other claims that the statement counts for; parted: claims that editors said it does not carry.
    """

    statement: int
    quote: str
    speaker: str = ""
    carries: frozenset[int] = frozenset()
    parted: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Conflict:
    """Two reports that cannot be one, the smaller id first; detail: what differs, the same for every such pair."""

    statement: int
    other: int
    reason: Reason
    detail: str


def conflicts(reports: Sequence[Report]) -> list[Conflict]:
    """Return what keeps some of a claim's reports apart, one pair for each thing that does.

    Two named people said them, they give other numbers, or an editor said that one does not carry another claim which
    the other carries. The work does not grow with the number of pairs, and hardly with that of reports.
    """
    found: dict[tuple[Reason, str], Conflict] = {}

    def keep(a: int, b: int, reason: Reason, detail: str) -> None:
        found.setdefault((reason, detail), Conflict(min(a, b), max(a, b), reason, detail))

    speakers: dict[str, int] = {}
    wordings: dict[str, int] = {}
    for report in reports:
        speakers.setdefault(report.speaker, report.statement)
        wordings.setdefault(report.quote, report.statement)
    numbers: dict[frozenset[str], tuple[int, Candidate]] = {}
    for quote, statement in list(wordings.items())[:MOST_READ]:
        candidate = Candidate(quote)
        numbers.setdefault(candidate.numbers, (statement, candidate))
    for a, b in combinations(sorted(list(speakers)[:MOST_COMPARED]), 2):
        if incompatible(Candidate("", a), Candidate("", b)):
            keep(speakers[a], speakers[b], "speakers", f"{a[:_LONGEST_NAME]} against {b[:_LONGEST_NAME]}")
    for (first, one), (second, two) in combinations(list(numbers.values())[:MOST_COMPARED], 2):
        if incompatible(one, two):
            keep(first, second, "numbers", _against(one.numbers - two.numbers, two.numbers - one.numbers))
    carriers: dict[int, int] = {}
    for report in reports:
        for claim in report.carries:
            carriers.setdefault(claim, report.statement)
    for report in reports:
        for claim in sorted(report.parted & carriers.keys()):
            if carriers[claim] != report.statement:
                keep(report.statement, carriers[claim], "editor", f"claim {claim}")
    return list(found.values())


def _against(a: Iterable[str], b: Iterable[str]) -> str:
    sides = sorted(" and ".join(sorted(numbers)[:_MOST_NAMED]) for numbers in (a, b))
    return " against ".join(side[:_LONGEST_NAME] for side in sides)


@dataclass(frozen=True)
class Link:
    """Two claims, and whether they are taken for the same (True) or were found or decided not to be (False)."""

    claim: int
    other: int
    same: bool


@dataclass(frozen=True)
class Chain:
    """Two claims, the smaller id first, that are not the same, though both are taken for the same as `middle`."""

    middle: int
    claim: int
    other: int


def chains(links: Iterable[Link]) -> list[Chain]:
    """Return where two links of one claim lead to two claims that are not the same."""
    near: dict[int, set[int]] = defaultdict(set)
    apart = set()
    for link in links:
        if link.same:
            near[link.claim].add(link.other)
            near[link.other].add(link.claim)
        else:
            apart.add((min(link.claim, link.other), max(link.claim, link.other)))
    return sorted(
        (
            Chain(middle, claim, other)
            for claim, other in apart
            if claim in near and other in near
            for middle in near[claim] & near[other]
        ),
        key=lambda chain: (chain.middle, chain.claim, chain.other),
    )
