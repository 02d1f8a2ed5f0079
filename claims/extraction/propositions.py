"""Cut a statement into propositions: one for each sentence of a long quotation, one for each "that …"."""

import re
from collections.abc import Iterator

from claims.extraction.spans import Kind, Span

_BOUNDARY = re.compile(
    r"(?P<mark>\.{4}\s*(?=\w))|(?P<end>[.!?…。!?][\"”»’')\]]*)\s+(?=[\"“«‘'(\[]*[A-ZÀ-ÞА-Я0-9])|[。!?]", re.UNICODE
)
_ABBREVIATION = re.compile(
    r"(?:\b(?:Mr|Mrs|Ms|Dr|Sen|Rep|Gov|Gen|Lt|Col|Sgt|St|Jr|Sr|Prof|Rev|Hon|No|vs|etc|e\.g|i\.e|Inc|Corp|Co|Ltd|Jan|Feb|Mar|Apr|Aug|Sept|Oct|Nov|Dec)|"
    r"(?:\b[A-Z]\.)*\b[A-Z])\.$"
)
_THAT = re.compile(r",?\s+(?:and|but)\s+that\s+(?=[a-zA-Z\"“‘])")
_THAT_ONLY_PRONOUN = re.compile(
    r"that\s+(?:is|was|are|were|has|had|will|would|can|could|should|may|might|means|\w+s)\b"
)
# "…, which he said would help": the pronoun is no part of what was said.
_RELATIVE = frozenset(("which", "who", "whom", "that", "what"))
# "that" is a pronoun before a verb ("that is why") and a conjunction elsewhere.
_OPENING_THAT = re.compile(
    r"that,?\s+(?!(?:is|was|were|has|had|will|would|can|could|may|might|should|means)\b)(?=[\w\"“‘'$€£])"
)
_WORD = re.compile(r"\w+")
_CONJUNCTION = re.compile(r"(?:and|but)\s+")
MIN_WORDS = 2
MIN_CLAUSE_WORDS = 7


def propositions(text: str, content: list[Span], quoted: list[Span]) -> list[list[Span]]:
    """Return the content cut into propositions, each a list of spans in order.

    quoted: the quotations of the text, marks included; ", and that" inside one is the speaker's own wording.
    """
    groups: list[list[Span]] = []
    content = [span for span in content if text[span.start : span.end].lower() not in _RELATIVE] or content
    for index, span in enumerate(content):
        joins = bool(groups) and index > 0 and _one_sentence(text, content[index - 1], span)
        if joins and (match := _CONJUNCTION.match(text, span.start, span.end)):
            # ", he said, and the road is closed": long enough to say something of its own.
            rest = Span(match.end(), span.end)
            if len(_WORD.findall(text, rest.start, rest.end)) >= MIN_CLAUSE_WORDS:
                span, joins = rest, False
        pieces = [piece for part in _conjoined(text, span, quoted) for piece in _sentences(text, part)]
        for number, piece in enumerate(pieces):
            if number == 0 and joins:
                groups[-1].append(piece)
            else:
                groups.append([piece])
    return [_without_that(text, group) for group in _merged(text, groups)]


def _without_that(text: str, group: list[Span]) -> list[Span]:
    """Return a proposition without the conjunction that opens it, which is no part of what was said."""
    match = _OPENING_THAT.match(text, group[0].start, group[0].end)
    return [Span(match.end(), group[0].end), *group[1:]] if match else group


def _one_sentence(text: str, before: Span, after: Span) -> bool:
    """Return whether a cue broke one sentence in two ("If so," he said, "we go.")."""
    between = text[before.end : after.start].rstrip(" \n\"“‘'(«")
    first = next((letter for letter in text[after.start : after.end] if letter.isalnum()), "")
    return not between.endswith((".", "!", "?")) or first.islower()


def _conjoined(text: str, span: Span, quoted: list[Span]) -> Iterator[Span]:
    start = span.start
    for match in _THAT.finditer(text, span.start, span.end):
        if any(quote.start < match.start() and match.end() < quote.end for quote in quoted):
            continue
        that = text.rfind("that", match.start(), match.end())
        if _THAT_ONLY_PRONOUN.match(text, that):
            continue
        yield Span(start, match.start())
        start = match.end()
    yield Span(start, span.end)


def _sentences(text: str, span: Span) -> Iterator[Span]:
    start = span.start
    for match in _BOUNDARY.finditer(text, span.start, span.end):
        stop = match.end("mark") if match.group("mark") else match.end("end") if match.group("end") else match.end()
        if (
            match.group("end")
            and match.group("end").startswith(".")
            and _ABBREVIATION.search(text, max(start, match.start() - 12), match.start("end") + 1)
        ):
            continue
        if match.end() >= span.end:
            break
        yield Span(start, len(text[:stop].rstrip()) if match.group("mark") else stop)
        start = match.end()
    if start < span.end:
        yield Span(start, span.end)


def _merged(text: str, groups: list[list[Span]]) -> list[list[Span]]:
    """Return the groups, those of too few words to say anything joined to the one before them."""
    merged: list[list[Span]] = []
    for group in groups:
        words = sum(len(_WORD.findall(text, span.start, span.end)) for span in group)
        if merged and words < MIN_WORDS and text[merged[-1][-1].end : group[0].start].strip() == "":
            merged[-1][-1] = Span(merged[-1][-1].start, group[-1].end)
        else:
            merged.append(list(group))
    return merged


def kind(text: str, content: list[Span], quoted: list[Span]) -> Kind:
    """Return `direct` when all words lie in quotation marks, `indirect` when none do, else `mixed`."""
    inside = outside = 0
    for span in content:
        for word in _WORD.finditer(text, span.start, span.end):
            if any(quote.start <= word.start() < quote.end for quote in quoted):
                inside += 1
            else:
                outside += 1
    if not outside:
        return "direct"
    return "mixed" if inside else "indirect"
