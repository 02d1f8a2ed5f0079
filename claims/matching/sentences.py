"""A claim's canonical sentence, taken from its reports."""

import re

from claims.wording import fullest

_EDGE = " \t\n,;:—–-"
_CLOSING = '"”’»'
_PAIRS = (("“", "”"), ("«", "»"))
# "they are at …", "enjoying …": the reader would have to guess who.
_LEANS_ON_CONTEXT = re.compile(
    r"\W*(?:he|she|it|they|his|her|its|their|this|that|these|those|such|[a-z]+ing|which|who|and|but)\b"
)


def canonical_sentence(quotes: list[str], *, joint: str = " … ") -> str:
    """Return the fullest clear one of `quotes` as a sentence: one line, capital first, marks opened and closed.

    A quote is clear when it stands by itself: it does not begin with a pronoun and is in one piece.
    """
    clear = [quote for quote in quotes if not _LEANS_ON_CONTEXT.match(quote) and joint not in quote]
    chosen = clear or [quote for quote in quotes if not _LEANS_ON_CONTEXT.match(quote)] or quotes
    sentence = " ".join(chosen[fullest(chosen)].split()).strip(_EDGE)
    sentence = _without_open_marks(sentence)
    sentence = re.sub(rf"[,;:]+([{_CLOSING}]*)$", r"\1", sentence).strip(_EDGE)
    if not any(character.isalnum() for character in sentence):
        return quotes[0].strip()
    if not sentence.rstrip(_CLOSING).endswith((".", "!", "?", "…")):
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
