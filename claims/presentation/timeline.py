"""The claims of a speaker over time: by month or, where these would be too many, by year."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import groupby

from claims.models import Claim
from claims.querysets_coreporting import Standing

#: From so many months on, a bar stands for a year.
MOST_MONTHS = 48
#: The timeline is as long as so many bars at least, so that one bar is not as broad as the page.
LEAST_BARS = 12
LEVELS = ("corroborated", "repeated", "single")


@dataclass(frozen=True)
class Bar:
    """A month or a year of the timeline: where it stands, how many claims of each level it has, and how high these are.

    heights: by level, 0 to 1, of the highest bar of all.
    """

    place: int
    begins: date
    counts: dict[str, int]
    heights: dict[str, float]

    @property
    def total(self) -> int:
        return sum(self.counts.values())

    @property
    def parts(self) -> list[tuple[str, int, float, float]]:
        """Level, number, and where in the level's strip, which is 1 high, its bar begins and how high it is."""
        return [
            (level, self.counts[level], 1 - self.heights[level], self.heights[level])
            for level in LEVELS
            if self.counts.get(level)
        ]


@dataclass(frozen=True)
class Timeline:
    """Bars from the first claim on; `yearly`: each is a year. undated: claims that have no place in it.

    length: how many months or years it has room for; first, last: the ends of these.
    """

    bars: list[Bar] = field(default_factory=list)
    length: int = 0
    first: date | None = None
    last: date | None = None
    yearly: bool = False
    most: int = 0
    undated: int = 0


@dataclass(frozen=True)
class Month:
    """The claims of a month, `begins` None for those without a date."""

    begins: date | None
    claims: list[tuple[Claim, Standing]]


def timeline(standings: Iterable[Standing]) -> Timeline:
    """Return the timeline of claims by when they were first published, in UTC."""
    dated: list[tuple[datetime, str]] = []
    undated = 0
    for standing in standings:
        if standing.first_published_at is None:
            undated += 1
        else:
            dated.append((standing.first_published_at, standing.level))
    if not dated:
        return Timeline(undated=undated)
    earliest, latest = min(dated)[0], max(dated)[0]
    yearly = _months(latest) - _months(earliest) >= MOST_MONTHS
    counts: dict[int, Counter[str]] = defaultdict(Counter)
    for at, level in dated:
        counts[at.year if yearly else _months(at)][level] += 1
    start = min(counts)
    length = max(LEAST_BARS, max(counts) - start + 1)
    most = max(max(levels.values()) for levels in counts.values())
    bars = [
        Bar(
            place=place - start,
            begins=_begins(place, yearly),
            counts=dict(counts[place]),
            heights={level: count / most for level, count in counts[place].items()},
        )
        for place in sorted(counts)
    ]
    ends = _begins(start, yearly), _begins(start + length - 1, yearly)
    return Timeline(bars, length, *ends, yearly, most, undated)


def by_month(rows: Sequence[tuple[Claim, Standing]]) -> list[Month]:
    """Return claims under the months in which they were first published, in the order given."""

    def month(row: tuple[Claim, Standing]) -> date | None:
        at = row[1].first_published_at
        return at.date().replace(day=1) if at else None

    return [Month(begins, list(found)) for begins, found in groupby(rows, key=month)]


def _begins(place: int, yearly: bool) -> date:
    return date(place, 1, 1) if yearly else date(place // 12, place % 12 + 1, 1)


def _months(at: datetime) -> int:
    return at.year * 12 + at.month - 1
