"""A claim's canonical sentence, taken from the clearest of its reports."""

import re

from claims.wording import fullest

_EDGE = " \t\n,;:—–-"
_OPENERS = frozenset("The A An This That These Those It He She They We There His Her Their Its".split())
_CLOSING = '"”’»'
_PAIRS = (("“", "”"), ("«", "»"))
# "they are at …", "enjoying …", "will bring …": the reader would have to guess who.
_LEANS_ON_CONTEXT = re.compile(
    r"\W*(?:he|she|it|they|his|her|its|their|this|that|these|those|such|[a-z]+ing|which|who|and|but"
    r"|will|would|can|could|should|must|may|might|is|are|was|were|has|have|had|to)\b"
)


def clearest(quotes: list[str], *, joint: str = " … ") -> int:
    """Return the index of the quote that stands best by itself: the fullest of those that need no context.

    A quote needs context when it begins with a pronoun or a verb, and less so when it is in several pieces.
    """
    whole = [n for n, quote in enumerate(quotes) if not _LEANS_ON_CONTEXT.match(quote)]
    chosen = [n for n in whole if joint not in quotes[n]] or whole or list(range(len(quotes)))
    return chosen[fullest([quotes[n] for n in chosen])]


def as_sentence(quote: str, *, denied: bool = False) -> str:
    """Return a quote as a sentence: one line, capital first, full stop, marks opened and closed.

    denied: the speaker turned it down, so the sentence says that.
    """
    if denied:
        first, _, rest = quote.partition(" ")
        # A name or an abbreviation keeps its capital.
        return as_sentence(f"denies that {first.lower() if first in _OPENERS else first} {rest}".strip())
    sentence = " ".join(quote.split()).strip(_EDGE)
    sentence = _without_open_marks(sentence)
    sentence = re.sub(rf"[,;:]+([{_CLOSING}]*)$", r"\1", sentence).strip(_EDGE)
    # What a parser leaves at an end: "… double standards—i.e.", "… relations....".
    sentence = re.sub(r"[\s—–-]+(?:i\.e|e\.g)\.?$", "", sentence)
    sentence = re.sub(r"\.{2,}$", "", sentence)
    if not any(character.isalnum() for character in sentence):
        return quote.strip()
    if not sentence.rstrip(_CLOSING).endswith((".", "!", "?", "…", "。", "！", "？", "۔", "؟")):
        sentence += "."
    return sentence[0].upper() + sentence[1:]


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
    return sentence


def _drop_last(sentence: str, mark: str) -> str:
    head, _, tail = sentence.rpartition(mark)
    return head + tail
