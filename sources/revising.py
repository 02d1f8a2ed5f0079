"""How one text of an article differs from another, word by word. Pure: two texts in, paragraphs out.

Paragraphs that both texts have are aligned first, then the words between them. What would take a table too large to
align is parted at runs of words that each text has once; where there is none, it is shown as replaced.
"""

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from itertools import groupby
from typing import Literal

from rapidfuzz.distance import Indel

Change = Literal["same", "added", "removed"]

#: Cells of the largest table of words that is aligned at once: 32 MB, and less than a tenth of a second.
MOST_CELLS = 2**28
#: Words in a row that part a text too long for one table.
RUN = 4
#: Words that both texts have count as changed between changes that are this many times as long on either side:
#: an "of the" that two different sentences happen to share helps no reader.
STRAY = 4
#: Words of a paragraph's end, such as “. ” ¶”, that are kept together.
PARAGRAPH_END = 4
#: Characters of an unchanged stretch beside a change that stay in sight; what is longer by half is folded.
IN_SIGHT = 600

_BREAK = "\n"
_BLANK_LINES = re.compile(r"\s*\n[^\S\n]*\n\s*")
_LINE_END = re.compile(r"\s*\n\s*")
# Scripts that write no spaces between words: each character counts as one.
_UNSPACED = r"\u0e00-\u0e7f\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_TOKEN = re.compile(rf"[{_UNSPACED}]|\d+(?:[.,:]\d+)*|[^\W{_UNSPACED}]+(?:['’][^\W{_UNSPACED}]+)*|[^\w\s]")
_WORD = re.compile(r"\w")


@dataclass(frozen=True)
class Piece:
    """A run of words that both texts have, in the new one's spelling, or only one of them.

    `folded`: unchanged, and far from any change. A paragraph mark (¶) stands for a paragraph's end that only one has.
    """

    change: Change
    text: str
    folded: bool = False


@dataclass(frozen=True)
class Paragraph:
    """A paragraph of either text, or of both, with what is added and removed in it."""

    pieces: tuple[Piece, ...]

    @property
    def change(self) -> Literal["same", "added", "removed", "changed"]:
        changes = {piece.change for piece in self.pieces}
        return changes.pop() if len(changes) == 1 else "changed"


@dataclass(frozen=True)
class Stretch:
    """Paragraphs in a row that are shown, or that are unchanged and folded."""

    folded: bool
    paragraphs: tuple[Paragraph, ...]


@dataclass(frozen=True)
class Comparison:
    """What became of a text: its paragraphs, those removed where they stood."""

    paragraphs: tuple[Paragraph, ...]

    @cached_property
    def added(self) -> int:
        """How many words only the new text has."""
        return self._count("added")

    @cached_property
    def removed(self) -> int:
        """How many words only the old text had."""
        return self._count("removed")

    @property
    def same(self) -> bool:
        """Whether the texts differ in spaces and line ends at most."""
        return all(paragraph.change == "same" for paragraph in self.paragraphs)

    def _count(self, change: Change) -> int:
        pieces = (piece for paragraph in self.paragraphs for piece in paragraph.pieces if piece.change == change)
        return sum(1 for piece in pieces for token in tokens(piece.text) if _WORD.search(token))


def tokens(text: str) -> list[str]:
    """Return the words and the punctuation marks of a text."""
    return _TOKEN.findall(text)


@lru_cache(maxsize=8)
def paragraph_bounds(text: str) -> tuple[tuple[int, int], ...]:
    """Return (start, end) of each paragraph: blank lines part them, or in a text without any, line ends."""
    start, stop = len(text) - len(text.lstrip()), len(text.rstrip())
    gaps = list(_BLANK_LINES.finditer(text, start, stop)) or list(_LINE_END.finditer(text, start, stop))
    edges = [start, *(edge for gap in gaps for edge in gap.span()), stop]
    return tuple(zip(edges[::2], edges[1::2], strict=True)) if start < stop else ()


def compare(old: str, new: str) -> Comparison:
    """Return how `new` differs from `old`; spaces count for nothing."""
    old_bounds, new_bounds = paragraph_bounds(old), paragraph_bounds(new)
    blocks = _blocks(
        [" ".join(old[start:end].split()) for start, end in old_bounds],
        [" ".join(new[start:end].split()) for start, end in new_bounds],
        run=1,
    )
    paragraphs: list[Paragraph] = []
    i = j = 0
    for here, there, length in [*blocks, (len(old_bounds), len(new_bounds), 0)]:
        paragraphs += _rewritten(old, old_bounds[i:here], new, new_bounds[j:there])
        paragraphs += (Paragraph((Piece("same", new[start:end]),)) for start, end in new_bounds[there : there + length])
        i, j = here + length, there + length
    return Comparison(tuple(paragraphs))


# Aligning

_Block = tuple[int, int, int]


def _blocks(old: Sequence[str], new: Sequence[str], *, run: int) -> list[_Block]:
    """Return (place in `old`, place in `new`, length) of what both have, in order (longest common subsequence)."""
    if len(old) * len(new) <= MOST_CELLS:
        return _common(old, new)
    blocks: list[_Block] = []
    i = j = 0
    for here, there, length in [*_anchors(old, new, run=run), (len(old), len(new), 0)]:
        if (here - i) * (there - j) <= MOST_CELLS:
            blocks += ((i + a, j + b, common) for a, b, common in _common(old[i:here], new[j:there]))
        if length:
            blocks.append((here, there, length))
        i, j = here + length, there + length
    return blocks


def _common(old: Sequence[str], new: Sequence[str]) -> list[_Block]:
    return [
        (op.src_start, op.dest_start, op.src_end - op.src_start) for op in Indel.opcodes(old, new) if op.tag == "equal"
    ]


def _anchors(old: Sequence[str], new: Sequence[str], *, run: int) -> list[_Block]:
    """Return the beginning and end that both have, and between them the runs that each has once, in common order."""
    shorter = min(len(old), len(new))
    first = next((n for n in range(shorter) if old[n] != new[n]), shorter)
    last = next((n for n in range(shorter - first) if old[-1 - n] != new[-1 - n]), shorter - first)
    old_places = _once(old, first, len(old) - last, run)
    new_places = _once(new, first, len(new) - last, run)
    pairs = _rising((place, new_places[key]) for key, place in old_places.items() if key in new_places)
    blocks = [(0, 0, first)] if first else []
    for i, j in pairs:
        here, there, length = blocks[-1] if blocks else (0, 0, 0)
        if i - j == here - there and i <= here + length and blocks:
            blocks[-1] = (here, there, max(length, i + run - here))
        elif i >= here + length and j >= there + length:
            blocks.append((i, j, run))
    if last:
        blocks.append((len(old) - last, len(new) - last, last))
    return blocks


def _once(words: Sequence[str], start: int, end: int, run: int) -> dict[tuple[str, ...], int]:
    """Return where each run of words that occurs once begins, by its words."""
    keys = [tuple(words[place : place + run]) for place in range(start, end - run + 1)]
    counts = Counter(keys)
    return {key: place for place, key in enumerate(keys, start) if counts[key] == 1}


def _rising(pairs: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return the most of some pairs, sorted by their first number, of which the second rises too (patience sorting)."""
    tops: list[int] = []
    piles: list[int] = []
    found: list[tuple[tuple[int, int], int]] = []
    for pair in pairs:
        pile = bisect_left(tops, pair[1])
        found.append((pair, piles[pile - 1] if pile else -1))
        tops[pile : pile + 1] = [pair[1]]
        piles[pile : pile + 1] = [len(found) - 1]
    rising = []
    at = piles[-1] if piles else -1
    while at >= 0:
        pair, at = found[at]
        rising.append(pair)
    return rising[::-1]


# Words


@dataclass(frozen=True)
class _Words:
    """The words of some paragraphs, each paragraph's end a word of its own."""

    text: str
    words: list[str]
    starts: list[int]

    @classmethod
    def read(cls, text: str, bounds: Iterable[tuple[int, int]]) -> "_Words":
        words, starts = [], []
        for start, end in bounds:
            for match in _TOKEN.finditer(text, start, end):
                words.append(match.group())
                starts.append(match.start())
            words.append(_BREAK)
            starts.append(end)
        return cls(text, words, starts)

    def lines(self, start: int, end: int) -> Iterator[tuple[str, bool]]:
        """Yield the text of words start to end, cut where paragraphs end, and whether one ends there."""
        while start < end:
            try:
                stop = self.words.index(_BREAK, start, end)
            except ValueError:
                yield self.text[self.starts[start] : self.starts[end]], False
                return
            yield self.text[self.starts[start] : self.starts[stop]], True
            start = stop + 1


def _rewritten(
    old: str, old_bounds: Sequence[tuple[int, int]], new: str, new_bounds: Sequence[tuple[int, int]]
) -> Iterator[Paragraph]:
    """Yield paragraphs none of which stayed as it was."""
    before, after = _Words.read(old, old_bounds), _Words.read(new, new_bounds)
    line: list[Piece] = []
    for change, words, start, end in _changes(before, after):
        for text, ends in words.lines(start, end):
            if text:
                line.append(Piece(change, text))
            if not ends:
                continue
            if change != "same" and any(piece.change != change for piece in line):
                line.append(Piece(change, "¶"))
            if line:
                yield Paragraph(tuple(line))
            line = []


def _changes(before: _Words, after: _Words) -> Iterator[tuple[Change, _Words, int, int]]:
    i = j = 0
    for here, there, length in _tidied(_blocks(before.words, after.words, run=RUN), before.words, after.words):
        yield "removed", before, i, here
        yield "added", after, j, there
        yield "same", after, there, there + length
        i, j = here + length, there + length
    yield "removed", before, i, len(before.words)
    yield "added", after, j, len(after.words)


def _tidied(blocks: Iterable[_Block], old: Sequence[str], new: Sequence[str]) -> list[_Block]:
    """Return common blocks joined where they touch, without strays, and with paragraphs' ends where they belong."""
    joined: list[_Block] = []
    for i, j, length in blocks:
        here, there, common = joined[-1] if joined else (0, 0, 0)
        if joined and (here + common, there + common) == (i, j):
            joined[-1] = (here, there, common + length)
        else:
            joined.append((i, j, length))
    kept: list[_Block] = []
    for n, (i, j, length) in enumerate(joined):
        here, there, common = kept[-1] if kept else (0, 0, 0)
        start, new_start = here + common, there + common
        after_i, after_j, _ = joined[n + 1] if n + 1 < len(joined) else (len(old), len(new), 0)
        changed_before = i - start + j - new_start
        changed_after = after_i - i - length + after_j - j - length
        if length * STRAY <= min(changed_before, changed_after) and _BREAK not in old[i : i + length]:
            continue
        end = next((n + 1 for n in range(min(length, PARAGRAPH_END)) if old[i + n] == _BREAK), 0)
        # The first end that fits: a whole paragraph more or less has its own, and leaves its neighbour's alone.
        if end and (place := _first_end(old, start, i, end)) is not None and _BREAK not in new[new_start:j]:
            kept.append((place, j, end))
        elif end and (place := _first_end(new, new_start, j, end)) is not None and _BREAK not in old[start:i]:
            kept.append((i, place, end))
        else:
            end = 0
        i, j, length = i + end, j + end, length - end
        if length:
            kept.append((i, j, length))
    return kept


def _first_end(words: Sequence[str], start: int, end: int, length: int) -> int | None:
    """Return where in words start to end the first paragraph ends in the `length` words that follow; None elsewhere."""
    try:
        place = words.index(_BREAK, start, end) + 1 - length
    except ValueError:
        return None
    return place if place >= start and words[place : place + length] == words[end : end + length] else None


# Folding


def folded(comparison: Comparison) -> list[Stretch]:
    """Return the paragraphs for showing: those far from any change folded, and long unchanged text between changes."""
    stretches: list[Stretch] = []
    groups = [
        (unchanged, tuple(group))
        for unchanged, group in groupby(comparison.paragraphs, lambda paragraph: paragraph.change == "same")
    ]
    for n, (unchanged, group) in enumerate(groups):
        if not unchanged:
            shown = tuple(Paragraph(tuple(_folded_pieces(paragraph.pieces))) for paragraph in group)
            stretches.append(Stretch(False, shown))
            continue
        lead = _in_sight(group) if n else 0
        trail = _in_sight(group[::-1]) if n + 1 < len(groups) else 0
        middle = group[lead : len(group) - trail]
        if sum(len(paragraph.pieces[0].text) for paragraph in middle) <= IN_SIGHT // 2:
            stretches.append(Stretch(False, group))
            continue
        parts = (False, group[:lead]), (True, middle), (False, group[len(group) - trail :])
        stretches += (Stretch(hidden, part) for hidden, part in parts if part)
    return stretches


def _in_sight(group: Sequence[Paragraph]) -> int:
    """Return 1 where the first paragraph is short enough to be shown beside a change, else 0."""
    return int(len(group[0].pieces[0].text) <= IN_SIGHT)


def _folded_pieces(pieces: Sequence[Piece]) -> Iterator[Piece]:
    for n, piece in enumerate(pieces):
        if piece.change != "same" or len(piece.text) <= IN_SIGHT * 3 // 2:
            yield piece
            continue
        # Cut between words; the text's own ends need no words in sight.
        head = piece.text.find(" ", IN_SIGHT // 2) + 1 if n else 0
        tail = piece.text.rfind(" ", 0, -IN_SIGHT // 2) + 1 if n + 1 < len(pieces) else len(piece.text)
        if not head < tail or (n and not head):
            yield piece
            continue
        parts = (piece.text[:head], False), (piece.text[head:tail], True), (piece.text[tail:], False)
        yield from (replace(piece, text=text, folded=hidden) for text, hidden in parts if text)
