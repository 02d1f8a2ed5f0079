"""Statements told by layout alone: "NAME: …" in headlines and transcripts, "“…” — Name" in lists of quotations."""

import re

from claims.extraction import lexicon
from claims.extraction.quotes import Quotation
from claims.extraction.spans import Span

_NAME = r"[A-ZÀ-ÞА-Я][\w.'’-]*(?:\s+(?:(?:of|de|von|van|al|bin|der|the)\s+)?[A-ZÀ-ÞА-Я(][\w.'’)-]*){0,5}"
_LED = re.compile(rf"[\"“]?(?P<name>{_NAME})\s*(?P<cue>:)\s+(?=\S)")
_SIGNED = re.compile(rf"\s*(?P<cue>[—–―-]{{1,2}})\s*(?P<name>{_NAME})[\s.]*$")
# What stands before a colon in headlines without having said what follows.
_LABELS = lexicon.group("labels")


def led(text: str, start: int, end: int, known: frozenset[str]) -> tuple[Span, Span, Span] | None:
    """Return (name, cue, content) of "NAME: content", or None.

    In capitals any name will do, as in a transcript; else a word of the name must be in `known`, the lower-case words
    of the names that the article gives to people and bodies.
    """
    match = _LED.match(text, start, end)
    if match is None:
        return None
    words = match["name"].lower().split()
    if words[0].strip(".") in _LABELS or words[-1].strip(".") in _LABELS:
        return None
    transcript = match["name"].isupper() and len(match["name"]) > 2
    if not transcript and words[-1] not in known:
        return None
    if not text[match.end() : end].strip('"“” '):
        return None
    return (
        Span(match.start("name"), match.end("name")),
        Span(match.start("cue"), match.end("cue")),
        Span(match.end(), end),
    )


def signed(text: str, quotation: Quotation, end: int) -> tuple[Span, Span] | None:
    """Return (name, cue) of a name that signs a quotation, or None."""
    match = _SIGNED.match(text, quotation.end, end)
    if match is None or not quotation.closed:
        return None
    return Span(match.start("name"), match.end("name")), Span(match.start("cue"), match.end("cue"))
