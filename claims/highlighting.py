"""A text cut into paragraphs with marked spans, and a span's surroundings. Pure: offsets in, pieces out.

All offsets are half-open and count code points.
"""

import re
from bisect import bisect_left
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Generic, Literal, TypeVar

from sources.revising import paragraph_bounds

K = TypeVar("K")

#: Characters of the text, and beginnings of marks, that one part of a long text has at most.
PART_CHARACTERS, PART_MARKS = 30_000, 120

_SPACES = re.compile(r"\s+")


@dataclass(frozen=True)
class Span(Generic[K]):
    """A contiguous piece of the text that belongs to `key`; a key may have several."""

    key: K
    start: int
    end: int


@dataclass(frozen=True)
class Token(Generic[K]):
    """An opened or closed mark, or text between them; marks are properly nested within a paragraph.

    outermost: the mark opens for the first time, or closes for the last; a mark that crosses another one, or a
    paragraph's end, is closed and opened again in between.
    """

    kind: Literal["open", "text", "close"]
    text: str = ""
    key: K | None = None
    outermost: bool = False


@dataclass(frozen=True)
class Paragraph(Generic[K]):
    """One paragraph of the text: text[start:end]; `begun` are the keys whose first mark opens in it."""

    start: int
    end: int
    tokens: tuple[Token[K], ...]
    begun: tuple[K, ...]


@dataclass(frozen=True)
class Part:
    """A stretch of the text that is shown at once, and the bounds of the paragraphs in it."""

    bounds: tuple[tuple[int, int], ...]

    @property
    def start(self) -> int:
        return self.bounds[0][0]

    @property
    def end(self) -> int:
        return self.bounds[-1][1]


@dataclass(frozen=True)
class Context:
    """A span with what surrounds it; `cut_before` and `cut_after` say whether its paragraph goes on."""

    before: str
    inside: str
    after: str
    cut_before: bool
    cut_after: bool


def parts(
    text: str, begins: Sequence[int], *, most_characters: int = PART_CHARACTERS, most_marks: int = PART_MARKS
) -> list[Part]:
    """Return the text in parts of whole paragraphs, each with so many characters and beginnings of marks at most.

    A paragraph that has more by itself is cut, between words where there are any. begins: where marks begin, sorted.
    """
    found: list[list[tuple[int, int]]] = []
    characters = marks = 0
    for start, end in paragraph_bounds(text):
        for piece in _pieces(text, start, end, begins, most_characters, most_marks):
            begun = bisect_left(begins, piece[1]) - bisect_left(begins, piece[0])
            length = piece[1] - piece[0]
            if not found or characters + length > most_characters or marks + begun > most_marks:
                found.append([])
                characters = marks = 0
            found[-1].append(piece)
            characters, marks = characters + length, marks + begun
    return [Part(tuple(bounds)) for bounds in found]


def _pieces(
    text: str, start: int, end: int, begins: Sequence[int], most_characters: int, most_marks: int
) -> Iterator[tuple[int, int]]:
    """Yield text[start:end] whole, or cut where it is too long or has too many marks."""
    while start < end:
        stop = min(end, start + most_characters)
        if stop < end:
            spaces = [match.end() for match in _SPACES.finditer(text, start + most_characters // 2, stop)]
            stop = spaces[-1] if spaces else stop
        following = bisect_left(begins, start) + most_marks
        # Marks that all begin at one place cannot be parted.
        if following < len(begins) and start < begins[following] < stop:
            stop = begins[following]
        yield start, stop
        start = stop


def paragraphs(
    text: str, spans: Sequence[Span[K]], bounds: Sequence[tuple[int, int]] | None = None
) -> list[Paragraph[K]]:
    """Return the text's paragraphs, or those within `bounds`, with every span marked.

    Each key's marks cover exactly its characters, what parts paragraphs left out, however spans nest and cross.
    """
    marked = sorted(
        (span for span in spans if text[span.start : span.end].strip()), key=lambda span: (span.start, -span.end)
    )
    last: dict[K, int] = {}
    for span in marked:
        # Where a span ends in blank lines, its mark closes at the paragraph's end.
        printed = span.start + len(text[span.start : span.end].rstrip())
        last[span.key] = max(last.get(span.key, 0), printed)
    seen: set[K] = set()
    found = []
    coming = deque(marked)
    going_on: list[Span[K]] = []
    for start, end in paragraph_bounds(text) if bounds is None else bounds:
        going_on = [span for span in going_on if span.end > start]
        while coming and coming[0].start < end:
            going_on.append(coming.popleft())
        inside = [Span(span.key, max(span.start, start), min(span.end, end)) for span in going_on if span.end > start]
        tokens, begun = _tokens(text, start, end, inside, seen=seen, last=last)
        found.append(Paragraph(start, end, tuple(tokens), tuple(begun)))
    return found


def _tokens(
    text: str,
    start: int,
    end: int,
    spans: list[Span[K]],
    *,
    seen: set[K],
    last: dict[K, int],
) -> tuple[list[Token[K]], list[K]]:
    tokens: list[Token[K]] = []
    begun: list[K] = []
    stack: list[Span[K]] = []

    def close_top(at: int) -> None:
        span = stack.pop()
        tokens.append(Token("close", key=span.key, outermost=at >= last[span.key]))

    def open_mark(span: Span[K]) -> None:
        new = span.key not in seen
        if new:
            seen.add(span.key)
            begun.append(span.key)
        stack.append(span)
        tokens.append(Token("open", key=span.key, outermost=new))

    cuts = sorted({start, end, *(s.start for s in spans), *(s.end for s in spans)})
    for here, following in zip(cuts, [*cuts[1:], end], strict=True):
        # Close down to the lowest mark that ends here; those above it that go on are opened again.
        ending = [index for index, span in enumerate(stack) if span.end <= here]
        if ending:
            again = [span for span in stack[ending[0] :] if span.end > here]
            while len(stack) > ending[0]:
                close_top(here)
            for span in again:
                open_mark(span)
        for span in sorted((s for s in spans if s.start == here), key=lambda s: -s.end):
            if span.end > here:
                open_mark(span)
        if following > here:
            tokens.append(Token("text", text=text[here:following]))
    return tokens, begun


def context(text: str, start: int, end: int, *, margin: int = 220) -> Context:
    """Return text[start:end] and up to `margin` characters of its paragraph either side, cut between words."""
    bounds = paragraph_bounds(text)
    paragraph_start = max((first for first, _ in bounds if first <= start), default=0)
    paragraph_end = min((last for _, last in bounds if last >= end), default=len(text))
    left = max(paragraph_start, start - margin)
    right = min(paragraph_end, end + margin)
    if left > paragraph_start:
        left = next((m.end() for m in _SPACES.finditer(text, left, start)), start)
    if right < paragraph_end:
        right = max((m.start() for m in _SPACES.finditer(text, end, right)), default=end)
    return Context(
        before=text[left:start].lstrip() if left == paragraph_start else text[left:start],
        inside=text[start:end],
        after=text[end:right].rstrip() if right == paragraph_end else text[end:right],
        cut_before=left > paragraph_start,
        cut_after=right < paragraph_end,
    )
