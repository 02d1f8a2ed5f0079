"""Words that turn, weaken or tie what is said: negations, modal words and hedges, conditions, and whose word it is."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from claims.extraction import lexicon
from claims.wording.tables import group
from claims.wording.units import Text, Unit

_TURNING_PREFIXES = ("un", "in", "il", "im", "ir", "dis", "non", "mis")
#: Shorter words begin like a prefix by chance: "under", "inland".
MIN_TURNED = 3
#: So many characters may stand between whose word it is and what is said.
BESIDE = 12
_MODALITIES = ("future", "possible", "able", "advice", "duty", "hearsay", "likely")
#: Left out, these change what is said; "will build" and "builds" may tell the same.
_TELLING = frozenset(("possible", "advice", "duty", "hearsay", "likely"))
_CONDITION_PHRASES = re.compile(
    r"\b(?:(?:as|so) long as|in case|on (?:the )?condition that|subject to|assuming that|in the event)\b", re.IGNORECASE
)
_TOLD_BY_OTHERS = re.compile(
    r"\b(?:(?:i|we) (?:am|are|was|were|have been) told|i['’]m told|we['’]re told|(?:i|we) (?:have )?(?:heard|read)"
    r"|(?:they|people|some|others|many|he|she|critics|officials|experts)"
    r" (?:say|says|said|claim|claims|claimed|believe|argue|tell us|told me|told us)"
    r"|it is (?:said|claimed|rumou?red|reported|believed)|according to|reports (?:say|suggest|claim)|rumou?r has it"
    r"|мне сказали|говорят|по словам|по данным)\b|据说|有人说|有报道称",
    re.IGNORECASE,
)
_HELD_BY_SPEAKER = re.compile(
    r"\b(?:(?:i|we) (?:\w+ )?(?:think|believe|hope|fear|doubt|guess|suppose|suspect|assume|wish|expect|imagine)"
    r"|in (?:my|our) (?:opinion|view)|it seems|i['’]m not sure|if i am not mistaken)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Turn:
    """A negation or a modal word: where among the units it stands, and what it means."""

    at: int
    classes: frozenset[str]


def negations(text: Text) -> list[Turn]:
    """Return what negates, in order; two that cancel each other ("cannot deny") are left out."""
    found: list[int] = []
    for at, unit in enumerate(text.units):
        if not _negates(text, at):
            continue
        near = bool(found) and at - found[-1] <= 3 and text.units[found[-1]].clause == unit.clause
        if near and unit.says[0] not in ("nor", "no", "not", "never"):
            found.pop()
        else:
            found.append(at)
    return [Turn(at, frozenset(("not",))) for at in found]


def _negates(text: Text, at: int) -> bool:
    word, following, before = text.said(at), text.said(at + 1), text.said(at - 1)
    if word in group("negations_han"):
        return word + following not in group("no_negations_han") and before + word not in group("no_negations_han")
    if word in ("fail", "fails", "failed"):
        return following == "to"
    if word in ("no", "not") and (
        following in group("turn_nothing") or before in ("or", "if") or following[:1].isdigit()
    ):
        return False
    return word in group("negations") or word.startswith("n'") or word.endswith("n't")


def modals(text: Text) -> list[Turn]:
    """Return modal words and hedges, in order."""
    found = []
    for at, unit in enumerate(text.units):
        word = text.said(at)
        # Will Smith, Theresa May
        if unit.name and word in ("may", "will"):
            continue
        words = {word, word + text.said(at + 1)}
        if classes := frozenset(name for name in _MODALITIES if words & group(name)):
            found.append(Turn(at, classes))
    return found


def opposites(word: str) -> Iterator[str]:
    """Yield what a word becomes by a prefix that turns it round, and what it is without one."""
    for prefix in _TURNING_PREFIXES:
        if len(word) > MIN_TURNED:
            yield prefix + word
        if word.startswith(prefix) and len(word) - len(prefix) > MIN_TURNED:
            yield word.removeprefix(prefix)


def tells(modal: Turn) -> bool:
    """Whether what is said is another without this modal word."""
    return bool(modal.classes & _TELLING) and "future" not in modal.classes


def says_or_thinks(unit: Unit) -> bool:
    """Whether a unit is a verb of saying or thinking, which passes a negation on to what is said or thought."""
    return any(word in group("saying") or word in group("thinking") for word in unit.says)


def condition(text: Text, at: int) -> bool:
    """Whether a unit opens a condition or a restriction."""
    word, following = text.said(at), text.said(at + 1)
    if word + following in group("conditions") and not word.isascii():
        return True
    if word not in group("conditions") or text.said(at - 1) in group("no_condition_after"):
        return False
    # "hundreds, if not thousands"
    if word == "if":
        return following not in ("not", "any", "ever")
    if word in ("provided", "providing"):
        return following in ("that", "the", "we", "they", "it", "he", "she", "you", "")
    return True


def condition_phrase(text: Text, start: int, end: int) -> bool:
    """Whether units `start` to `end` open with a condition of several words."""
    return bool(_CONDITION_PHRASES.match(" ".join(text.said(at) for at in range(start, min(start + 4, end)))))


def said(text: Text, start: int, end: int) -> bool:
    """Whether a verb of saying stands among units `start` to `end`: then its negation is not that of what was said."""
    return any(word in group("saying") for unit in text.units[start:end] for word in unit.says)


def whose_word(words: str) -> str:
    """Return whose word some missing words tell what stands beside them to be: "others", "speaker", or ""."""
    for whose, pattern in (("others", _TOLD_BY_OTHERS), ("speaker", _HELD_BY_SPEAKER)):
        found = pattern.search(words)
        if found and min(found.start(), len(words) - found.end()) <= BESIDE:
            return whose
    return ""


def titles() -> frozenset[str]:
    """Return words that stand before a name and are not it."""
    return lexicon.group("honorifics")
