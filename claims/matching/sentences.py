"""A claim's canonical sentence, taken from the clearest of its reports, to be read after its speaker's name."""

import re
from collections.abc import Sequence

from claims.wording import fullest

#: Characters up to which a sentence is taken whole; a longer one is cut where a sentence in it ends.
LONGEST = 300

_EDGE = " \t\n,;:—–-"
_OPENERS = frozenset("The A An This That These Those It He She They We There His Her Their Its".split())
_CLOSING = "\"”’»'"
_ENDS = (".", "!", "?", "…", "。", "！", "？", "۔", "؟")
_PAIRS = (("“", "”"), ("«", "»"))
_JOINT = " … "
# "they are at …", "This is …": the reader would have to guess who or what.
_POINTS_ELSEWHERE = re.compile(
    r"\W*(?:he|she|it|they|his|her|him|them|its|their|this|that|these|those|such|which|who|and|but|or)\b", re.IGNORECASE
)
# "enjoying …", "will bring …", "to open …", "of confidence …": what was said begins before the quote.
_BEGINS_INSIDE = re.compile(
    r"\W*(?:[a-z]+ing|will|would|can|could|should|must|may|might|is|are|was|were|has|have|had"
    r"|to|of|as|than|whether|where|when|herself|himself|themselves|not|at|with|from)\b"
)
#: Fewer words than this say little by themselves.
_FEW_WORDS = 4
_SENTENCE_END = re.compile(r"[.!?…][\"”’»')]*(?=\s+[\"“‘«(]*[A-ZÀ-ÝЀ-Я0-9])|[。！？]+[”」』]?")
# What a full stop does not end: "Mr. Roe", "the U.S. Senate", "D. Roe", "No. 5".
_ABBREVIATION = re.compile(r"(?:^|[\s(“\"])(?:[A-ZÀ-Ý]|[A-Z]\.[A-Z]|[A-Z][a-z]{0,3}|[Nn]o|vs|etc)\.$")
# Words that introduce what was said in full: after them it reads as it stands.
_SAYING = frozenset(
    "say says said saying tell tells told telling add adds added adding write writes wrote writing written tweet "
    "tweets tweeted tweeting state states stated stating according note notes noted noting post posts posted think "
    "thinks thought believe believes believed argue argues argued explain explains explained recall recalls recalled "
    "continue continues continued conclude concludes concluded reply replies replied put puts".split()
)


def clearest(quotes: Sequence[str]) -> int:
    """Return the index of the quote that stands best by itself: the fullest of those with the fewest faults.

    It is a fault to begin with a pronoun or in the middle, to be in several pieces, of a few words, or over-long.
    """
    faults = [_faults(quote) for quote in quotes]
    chosen = [n for n, count in enumerate(faults) if count == min(faults)]
    return chosen[fullest([quotes[n] for n in chosen])]


def _faults(quote: str) -> float:
    begins_inside = _BEGINS_INSIDE.match(quote) is not None
    points_elsewhere = _POINTS_ELSEWHERE.match(quote) is not None
    # A quote in its middle says less than one in pieces, or one that is long.
    return (
        2 * (begins_inside or points_elsewhere)
        + 2 * (len(quote.split()) < _FEW_WORDS and quote.isascii())
        + (_JOINT in quote)
        + (len(quote) > LONGEST)
    )


def as_sentence(quote: str, *, denied: bool = False, cue: str = "") -> str:
    """Return a quote as a sentence: capital first, full stop, marks opened and closed, at most a few sentences long.

    denied: the speaker turned it down, so the sentence says that. cue: the words that lead up to the quote without a
    break; where they do more than say ("accused", "called on"), the sentence begins with them.
    """
    cue = " ".join(cue.split())
    if cue and not _SAYING & set(cue.lower().split()):
        return as_sentence(f"{cue} {_uncapitalised(quote)}")
    if denied:
        return as_sentence(f"denies that {_uncapitalised(quote)}")
    sentence = " ".join(quote.split()).strip(_EDGE)
    # Pieces of one utterance: "It holds," … "and will hold".
    sentence = re.sub(r"[,;]?[\"”]\s+…\s+[\"“]", " … ", sentence)
    sentence = _without_open_marks(_cut(sentence))
    sentence = re.sub(r"^(?:And|But)\b,?\s+(?=\w)", "", sentence)
    sentence = re.sub(r"^that\s+(?=(?:the|a|an|he|she|it|they|we|i|there)\b)", "", sentence)
    sentence = re.sub(rf"[,;:]+([{_CLOSING}]*)$", r"\1", sentence).strip(_EDGE)
    # What a parser leaves at an end: "… double standards—i.e.", "… relations....", "… were. .".
    sentence = re.sub(r"[\s—–-]+(?:i\.e|e\.g)\.?$", "", sentence)
    sentence = re.sub(r"(?<=\w)(?:\s*\.){2,}$|(?<=[!?…])\s*\.+$", "", sentence)
    if not any(character.isalnum() for character in sentence):
        return quote.strip()
    if not sentence.rstrip(_CLOSING).endswith(_ENDS):
        sentence += "."
    first = next(n for n, character in enumerate(sentence) if character.isalnum())
    return sentence[:first] + sentence[first].upper() + sentence[first + 1 :]


def _uncapitalised(quote: str) -> str:
    """Return a quote as it goes on after other words; a name or an abbreviation keeps its capital."""
    first, space, rest = quote.strip().partition(" ")
    return f"{first.lower() if first in _OPENERS else first}{space}{rest}"


def _cut(sentence: str) -> str:
    """Return an over-long text up to the last sentence that fits, or its first one."""
    if len(sentence) <= LONGEST:
        return sentence
    ends = [
        match.end()
        for match in _SENTENCE_END.finditer(sentence)
        if not _ABBREVIATION.search(sentence[: match.start() + 1])
    ]
    fitting = [end for end in ends if end <= LONGEST]
    return sentence[: fitting[-1] if fitting else ends[0]].strip() if ends else sentence


def _without_open_marks(sentence: str) -> str:
    """Drop marks that enclose the whole sentence, and any that are opened or closed but not both."""
    if re.fullmatch(r'"[^"]*"|“[^”]*”|«[^»]*»', sentence):
        return sentence[1:-1].strip()
    if sentence.count('"') % 2:
        sentence = sentence[1:] if sentence.startswith('"') else _drop_last(sentence, '"')
    for opening, closing in _PAIRS:
        if sentence.count(opening) > sentence.count(closing):
            sentence = sentence.replace(opening, "", 1)
        elif sentence.count(closing) > sentence.count(opening):
            sentence = _drop_last(sentence, closing)
    return sentence.strip()


def _drop_last(sentence: str, mark: str) -> str:
    head, _, tail = sentence.rpartition(mark)
    return head + tail
