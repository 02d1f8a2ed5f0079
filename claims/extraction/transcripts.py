"""Statements told by layout alone: "NAME: …" in headlines and transcripts, "“…” — Name" in lists of quotations."""

import re
from collections import Counter
from dataclasses import dataclass

from claims.extraction import lexicon
from claims.extraction.quotes import Quotation
from claims.extraction.spans import Span

# A name stands in one line.
_BLANKS = r"[ \t\u00a0]+"
_NAME = rf"[A-ZÀ-ÞА-Я][\w.'’-]*(?:{_BLANKS}(?:(?:of|de|von|van|al|bin|der|the){_BLANKS})?[A-ZÀ-ÞА-Я(][\w.'’)-]*){{0,5}}"
_LINE_START, _LINE_END = r"(?<![^\n\r\u2028\u2029])", r"(?=[\n\r\u2028\u2029]|\Z)"
_HEADED = re.compile(rf"[\"“]?(?P<name>{_NAME})\s*(?P<cue>:)\s+(?=\S)")
# "— Maria Lopez", "― Tom Reed (@reed) March 3, 2016": to the end of its line.
_SIGNED = re.compile(
    rf"\s*(?P<cue>[—–―-]{{1,2}})[ \t\u00a0]*(?P<name>{_NAME})"
    rf"(?:[ ,\t\u00a0]*\(@\w+\))?(?:[ ,\t\u00a0]*[A-Z][a-z]+\.? \d{{1,2}}, \d{{4}})?[ \t\u00a0.]*{_LINE_END}"
)
# "Q:", "A.", "WALLACE:", "MARIA LOPEZ (HOST):", "Mr. Lopez:" at the start of a line.
_TURN = re.compile(
    rf"{_LINE_START}[ \t\"“]*(?:(?P<asked>[QA]|Question|Answer)[:.]|(?P<name>[A-ZÀ-Þ]{{2,4}}|{_NAME})"
    rf"(?:,[^:\n\r\u2028\u2029]{{1,40}}|{_BLANKS}\([^:\n\r\u2028\u2029)]{{1,40}}\))?[ \t\u00a0]?:){_BLANKS}(?=\S)"
)
_STAGE = re.compile(
    rf"{_LINE_START}[ \t]*(?:\([^()\n\r\u2028\u2029]{{1,80}}\)|\[[^\[\]\n\r\u2028\u2029]{{1,80}}\])[ \t]*{_LINE_END}"
)
_LINE_BREAK = re.compile(r"[\n\r\u2028\u2029]")
# So many turns make a transcript; a turn without a label behind it goes on for no more characters than these.
MIN_TURNS = 3
TURN_REACH = 6000
# What stands before a colon in headlines without having said what follows.
_LABELS = lexicon.group("labels")


def headed(text: str, start: int, end: int, known: frozenset[str]) -> tuple[Span, Span, Span] | None:
    """Return (name, cue, content) of a headline "NAME: content", or None.

    known: the lower-case words of the names that the article gives to people and bodies; one must end the name.
    """
    match = _HEADED.match(text, start, end)
    if match is None or _is_label(match["name"]) or match["name"].lower().split()[-1] not in known:
        return None
    content = Span(match.end(), end)
    if not any(map(str.isalnum, text[content.start : content.end])):
        return None
    return Span(*match.span("name")), Span(*match.span("cue")), content


def signed(text: str, quotation: Quotation) -> tuple[Span, Span] | None:
    """Return (name, cue) of a name that signs a quotation, or None."""
    match = _SIGNED.match(text, quotation.end)
    if match is None or not quotation.closed:
        return None
    return Span(match.start("name"), match.end("name")), Span(match.start("cue"), match.end("cue"))


@dataclass(frozen=True)
class Turn:
    """What one voice says in a transcript: the label before the colon, and the spans of what follows it."""

    label: Span
    content: tuple[Span, ...]


def turns(text: str) -> list[Turn]:
    """Return the turns of a transcript or an interview in order; none if the text is neither.

    It is one where at least three lines open with labels, of which one comes again, or two with names in capitals.
    Paragraphs without a label go on with the turn before, up to the last label; lines such as "(APPLAUSE)" are
    left out.
    """
    found = [match for match in _TURN.finditer(text) if not _is_label(match["name"] or "")]
    again = {label for label, count in Counter(map(_label, found)).items() if count > 1}
    found = [match for match in found if _label(match) in again or match["asked"] or _label(match).isupper()]
    in_capitals = len(found) > 1 and all(_label(match).isupper() and len(_label(match)) > 3 for match in found)
    if not in_capitals and (len(found) < MIN_TURNS or not again):
        return []
    ends = [match.start() for match in found[1:]] + [len(text)]
    told = []
    for at, (match, end) in enumerate(zip(found, ends, strict=True)):
        if at == len(found) - 1 or end - match.end() > TURN_REACH:
            line = _LINE_BREAK.search(text, match.end(), end)
            end = line.start() if line else end
        content = _spoken(text, match.end(), end)
        group = "asked" if match["asked"] else "name"
        if content:
            told.append(Turn(Span(match.start(group), match.end(group)), content))
    return told


def _label(match: re.Match[str]) -> str:
    return match["asked"] or match["name"]


def _is_label(name: str) -> bool:
    words = name.lower().split()
    return bool(words) and (words[0].strip(".") in _LABELS or words[-1].strip(".") in _LABELS)


def _spoken(text: str, start: int, end: int) -> tuple[Span, ...]:
    """Return the spans of a turn without the stage directions in it."""
    edges = [start]
    for match in _STAGE.finditer(text, start, end):
        edges.extend(match.span())
    edges.append(end)
    spans = []
    for left, right in zip(edges[::2], edges[1::2], strict=True):
        stripped = text[left:right].strip()
        if any(map(str.isalnum, stripped)):
            begin = left + text[left:right].index(stripped)
            spans.append(Span(begin, begin + len(stripped)))
    return tuple(spans)
