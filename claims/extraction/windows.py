"""Cut an article into windows that the tagger reads at once: whole paragraphs, as words with their pieces."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from claims.extraction.pieces import FIRST, LAST, pieces
from claims.extraction.spans import Span

#: Most pieces in a window, without the two that mark its ends.
MAX_PIECES = 254

#: What a word looks like, since the vocabulary knows no capitals: padding, lower, Capital, CAPITALS, digits, marks.
SHAPES = 6
#: Where a word stands: outside double quotation marks, within, or being the opening or the closing mark.
PLACES = 4

#: Shorter stretches are read however many marks they hold.
MIN_JUDGED_WORDS = 60

_LINE = re.compile(r"[^\n\r\u2028\u2029]+")
_WORD = re.compile(r"[^\W_]+(?:['’][^\W\d_]+)*|[^\w\s]|_")
_ENDS = frozenset(".?!。！？")
_CLOSES = frozenset("”\"»'’")


@dataclass
class Window:
    """Words of neighbouring paragraphs.

    words: where each stands in the text. starts: each word's first piece, as an index into `pieces`, which begins and
    ends with a mark of its own. shapes, places: of each piece (see SHAPES, PLACES). paragraphs: of each word, counted
    within the window.
    """

    words: list[Span] = field(default_factory=list)
    pieces: list[int] = field(default_factory=lambda: [FIRST])
    starts: list[int] = field(default_factory=list)
    shapes: list[int] = field(default_factory=lambda: [0])
    places: list[int] = field(default_factory=lambda: [0])
    paragraphs: list[int] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.words)


@dataclass
class _Stretch:
    """A paragraph, or a part of one too long for a window."""

    words: list[Span]
    pieces: list[tuple[int, ...]]
    places: list[int]

    @property
    def size(self) -> int:
        return sum(map(len, self.pieces))


def windows(text: str, paragraphs: Iterable[Span] | None = None, *, first_pieces: int = MAX_PIECES) -> Iterator[Window]:
    """Yield the windows of `text`; together they hold each of its words once, in order, but for runs of marks.

    paragraphs: what is read of the text, in order; all its lines if None. first_pieces: the first window takes no
    second paragraph beyond these; training cuts an article elsewhere each time it sees it.
    """
    if paragraphs is None:
        paragraphs = (Span(*line.span()) for line in _LINE.finditer(text))
    gathered: list[_Stretch] = []
    size, most = 0, first_pieces
    for stretch in _stretches(text, paragraphs):
        if gathered and size + stretch.size > most:
            yield _window(text, gathered)
            gathered, size, most = [], 0, MAX_PIECES
        gathered.append(stretch)
        size += stretch.size
    if gathered:
        yield _window(text, gathered)


def _stretches(text: str, paragraphs: Iterable[Span]) -> Iterator[_Stretch]:
    for paragraph in paragraphs:
        words = [Span(*match.span()) for match in _WORD.finditer(text, paragraph.start, paragraph.end)]
        if words:
            split = [pieces(text[word.start : word.end]) for word in words]
            places = _places(text, words)
            cuts = [0, *_cuts(text, words, split), len(words)]
            for start, end in pairwise(cuts):
                if _is_prose(text, words[start:end], places[start:end]):
                    yield _Stretch(words[start:end], split[start:end], places[start:end])


def _is_prose(text: str, words: Sequence[Span], places: Sequence[int]) -> bool:
    """Return whether a stretch is text and no run of marks: a table, a test or a fault."""
    if len(words) < MIN_JUDGED_WORDS:
        return True
    marks = sum(not text[word.start].isalnum() for word in words)
    quotation_marks = sum(place >= 2 for place in places)
    return 2 * marks < len(words) and 3 * quotation_marks < len(words)


def _cuts(text: str, words: list[Span], split: list[tuple[int, ...]]) -> list[int]:
    """Return where a paragraph is cut so that each part fits a window: after sentences where there are any."""
    cuts: list[int] = []
    size = since = sentence = 0
    for index, word in enumerate(words):
        count = len(split[index])
        if size + count > MAX_PIECES:
            cut, size = (sentence, since) if sentence > (cuts[-1] if cuts else 0) else (index, 0)
            cuts.append(cut)
            since = 0
            if size + count > MAX_PIECES:
                # The sentence that was left whole does not fit either.
                cuts.append(index)
                size = 0
        size += count
        since += count
        mark = text[word.start]
        if mark in _ENDS or (mark in _CLOSES and index and text[words[index - 1].start] in _ENDS):
            sentence, since = index + 1, 0
    return cuts


def _window(text: str, stretches: list[_Stretch]) -> Window:
    window = Window()
    for number, stretch in enumerate(stretches):
        for word, split, place in zip(stretch.words, stretch.pieces, stretch.places, strict=True):
            window.words.append(word)
            window.starts.append(len(window.pieces))
            window.paragraphs.append(number)
            window.pieces.extend(split)
            window.shapes.extend([_shape(text[word.start : word.end])] * len(split))
            window.places.extend([place] * len(split))
    window.pieces.append(LAST)
    window.shapes.append(0)
    window.places.append(0)
    return window


def _shape(word: str) -> int:
    if not word[0].isalpha():
        return 4 if word[0].isdigit() else 5
    if word.isupper() and len(word) > 1:
        return 3
    return 2 if word[0].isupper() else 1


def _places(text: str, words: list[Span]) -> list[int]:
    """Return for each word of a paragraph whether it stands in quotation marks or is one."""
    found: list[int] = []
    inside = 0
    for word in words:
        mark = text[word.start : word.end]
        if mark == '"' and not inside and _only_closes(text, word):
            # An inch mark, or the end of what was never opened: what follows stands outside.
            found.append(3)
        elif mark == "“" or (mark == '"' and not inside):
            inside = 1
            found.append(2)
        elif mark == "”" or mark == '"':
            inside = 0
            found.append(3)
        else:
            found.append(inside)
    return found


def _only_closes(text: str, mark: Span) -> bool:
    before, after = text[max(mark.start - 1, 0) : mark.start], text[mark.end : mark.end + 1]
    return bool(before) and not before.isspace() and before not in "([—–-" and (not after or after.isspace())
