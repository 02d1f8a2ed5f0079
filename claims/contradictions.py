"""Which two statements of one speaker cannot both hold, and why. Pure: plain values in, findings out.

Precision counts more than recall here: what is proposed says of a speaker that they contradicted themselves, or of an
outlet that it got them wrong. So both must tell the same but for the one thing that differs.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Literal

from claims.wording import SAME_PROPOSITION, Alignment, Difference, Text
from claims.wording.dates import DateTold

ContradictionKind = Literal["polarity", "numbers", "dates"]

#: Of what either tells, numbers and dates apart, the share that both must tell.
MUCH_IN_COMMON = 0.75
#: What both tell must be this rare together, and be so many words: "it is so" is said of everything.
COMMON_WEIGHT, COMMON_WORDS = 8.0, 2
#: Words that were not said must be a proposition, not only a thing that was spoken of.
DENIED_WORDS = 3
#: Published so many days apart, two reports are of one occasion; further apart only if their articles tell one story.
SAME_OCCASION, SAME_STORY = 1, 3
#: What a day between two reports takes off the score.
DAY_APART = 0.1
#: A difference of any of these kinds makes it another proposition rather than a contradiction of this one.
_OTHER_MATTER = frozenset(("names", "content"))


@dataclass(frozen=True)
class Said:
    """A statement: its words, whether its cue denies them ("rejected that …"), and the day of its article."""

    quote: str
    denies: bool = False
    published: date | None = None

    @cached_property
    def text(self) -> Text:
        return Text(self.quote)


@dataclass(frozen=True)
class Contradiction:
    """kind: what cannot both hold; reason: a sentence for readers; score: 0.0 to 1.0, made of `parts`."""

    kind: ContradictionKind
    reason: str
    score: float
    parts: dict[str, float]


def contradiction(a: Said, b: Said, *, same_story: bool = False) -> Contradiction | None:
    """Return why two statements of one speaker cannot both hold, or None where they can.

    same_story: their articles share another claim. The order of the two does not matter.
    """
    apart = _days_apart(a, b)
    if apart is None or apart > (SAME_STORY if same_story else SAME_OCCASION):
        return None
    pair = Alignment(a.text, b.text, old_on=a.published, new_on=b.published)
    common = _in_common(pair)
    if common < MUCH_IN_COMMON:
        return None
    differences = pair.differences
    if any(difference.kind in _OTHER_MATTER for difference in differences):
        return None
    found = _reason(a, b, pair, differences)
    if found is None:
        return None
    kind, reason = found
    parts = {"in_common": round(common, 4), "days_apart": float(apart), "same_story": float(same_story)}
    return Contradiction(kind, reason, round(common * (1 - DAY_APART * apart), 4), parts)


def opposed(a: Said, b: Said) -> bool:
    """Return whether two statements that were taken for one claim say the opposite of each other.

    Two reports of a denial agree; a denial and an assertion do not, nor do words and their negation. What is denied
    must be the very thing that is said: who rejects "claims of fraud" does not say that a vote was fair.
    """
    pair = Alignment(a.text, b.text)
    if pair.common_words < COMMON_WORDS or pair.in_common < SAME_PROPOSITION:
        return False
    return (a.denies != b.denies) != pair.turned_round()


def denies(negated: Said, claimed: Said) -> float:
    """Return how sure it is that words which somebody is said not to have said are those of a claim, 0.0 to 1.0.

    "She did not say that the dam is safe" denies the claim that it is, by whatever report.
    """
    if negated.denies or claimed.denies:
        return 0.0
    pair = Alignment(negated.text, claimed.text, old_on=negated.published, new_on=claimed.published)
    common = _in_common(pair)
    if common < MUCH_IN_COMMON or pair.common_words < DENIED_WORDS or pair.differences:
        return 0.0
    return round(min(1.0, common), 4)


def _days_apart(a: Said, b: Said) -> int | None:
    if a.published is None or b.published is None:
        return None
    return abs((a.published - b.published).days)


def _in_common(pair: Alignment) -> float:
    """Return the least share of what either text tells that the other tells too; 0.0 where it is too little to tell."""
    if pair.common_words < COMMON_WORDS or pair.common_weight < COMMON_WEIGHT:
        return 0.0
    return min(1.0, pair.common_weight / max(pair.old.content_weight, pair.new.content_weight))


def _reason(a: Said, b: Said, pair: Alignment, differences: list[Difference]) -> tuple[ContradictionKind, str] | None:
    kinds = {difference.kind for difference in differences}
    if "modality" in kinds or kinds >= {"numbers", "dates"}:
        return None  # "may" is no promise, and other numbers on another day are of another event
    if (a.denies != b.denies) != pair.turned_round():
        if kinds - {"negation"}:
            return None
        words = " ".join(_quoted(d.missing or d.added) for d in differences if d.kind == "negation")
        how = "turns down what the other says" if a.denies != b.denies else f"says the opposite of the other ({words})"
        return "polarity", f"One {how}; otherwise they say the same."
    for kind in ("numbers", "dates"):
        if kinds == {kind} and all(_one_thing(pair, d) for d in differences):
            told = "; ".join(f"{_quoted(d.missing)} against {_quoted(d.added)}" for d in differences)
            what = "the number" if kind == "numbers" else "the date"
            return ("numbers" if kind == "numbers" else "dates"), f"They say the same but for {what}: {told}."
    return None


def _one_thing(pair: Alignment, difference: Difference) -> bool:
    """Whether one number or date stands against one, and tells of a day rather than of a year or "next month"."""
    if len(difference.missing) != 1 or len(difference.added) != 1:
        return False
    return difference.kind == "numbers" or all(
        told.day is not None or told.weekday is not None or told.away is not None for told in _dates(pair, difference)
    )


def _dates(pair: Alignment, difference: Difference) -> Iterator[DateTold]:
    for text, phrases in ((pair.old, difference.missing), (pair.new, difference.added)):
        for unit in text.units:
            if isinstance(unit.told, DateTold) and text.phrase(unit) in phrases:
                yield unit.told


def _quoted(phrases: tuple[str, ...]) -> str:
    return ", ".join(f"“{phrase}”" for phrase in phrases)
