"""Copied text: which words one article shares with another, and whether that is copying. No database.

A text is known by its fingerprints: hashes of some of its runs of K words, chosen by winnowing (Schleimer, Wilkerson &
Aiken 2003), so that any K + W - 1 words in a row that two texts share give them at least one fingerprint in common.
What the fingerprints find is then verified by aligning the words.
"""

import re
import sys
import unicodedata
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache, lru_cache
from typing import Literal
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

METHOD = "winnowing-1"

#: Words in a fingerprint, and consecutive fingerprints of which one is kept.
K, W = 8, 8
#: Fingerprints shared from which a text reuses another.
SHARED = 8
#: Of them, those not in quotation marks in both texts; with fewer, a closer look is not worth while.
SHARED_PROSE = 3
#: Part of a text that comes from another from which it is a copy, not partial reuse.
COPY = 0.5
#: Words of a shared passage outside quotation marks below which it is a shared quotation.
PASSAGE_PROSE = 4
#: The same for all passages of two texts together: two reporters who quote one speech share "he said on Monday" too.
PROSE = 24

# Scripts that write no spaces between words: each character counts as one.
_UNSPACED = ((0x0E00, 0x0E7F), (0x3040, 0x30FF), (0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xF900, 0xFAFF))
_QUOTATION = re.compile(
    r"[“„][^“”„\n]*(?:”|(?=\n)|$|(?=“))|«[^»\n]*(?:»|(?=\n)|$)|[「『][^」』\n]*(?:[」』]|(?=\n)|$)"
    r'|"[^"\n]*(?:"|(?=\n)|$)'
)
# Quotations without marks: a post with its author's handle, a speaker's turn in a transcript, a paragraph announced by
# a colon.
_POST = re.compile(r"^[^\n]*\(@\w{1,20}\)[^\n]*$", re.MULTILINE)
_TURN = re.compile(r"^[A-Z][A-Z.'’ -]{2,40}:[^\n]*$", re.MULTILINE)
_ANNOUNCED = re.compile(r"(?<=[:：])[ \t]*\n\s*[^\n]+")

_BASE = np.uint64(0x9E3779B97F4A7C15)
_POWERS = np.array([pow(int(_BASE), K - 1 - i, 1 << 64) for i in range(K)], dtype=np.uint64)


@dataclass(frozen=True)
class Fingerprints:
    """A text's winnowed hashes, each once, with the offset where its words begin.

    quoted: those of which most words stand in quotation marks.
    """

    hashes: tuple[int, ...]
    positions: tuple[int, ...]
    quoted: tuple[int, ...]


@dataclass(frozen=True)
class Passage:
    """Words that two texts have alike: text[start:end] and upstream[upstream_start:upstream_end], `words` of them."""

    start: int
    end: int
    upstream_start: int
    upstream_end: int
    words: int


@dataclass(frozen=True)
class Overlap:
    """What a text shares with another.

    passages: exact and as long as they can be, in the text's order. words: in them; prose: those of them outside
    quotation marks in one of the texts. coverage, upstream_coverage: the part of each text's words that lies in them,
    0 to 1.
    """

    passages: tuple[Passage, ...]
    words: int
    prose: int
    coverage: float
    upstream_coverage: float

    @property
    def containment(self) -> float:
        """The part of the shorter text that the other has too."""
        return max(self.coverage, self.upstream_coverage)

    def is_reuse(self, positions: Sequence[int]) -> bool:
        """Whether so much is shared that one text was made from the other.

        positions: where in the text the shared fingerprints are; those of quotations do not count.
        """
        if self.prose < PROSE:
            return False
        starts = [passage.start for passage in self.passages]
        inside = (bisect_right(starts, position) - 1 for position in positions)
        ends = [self.passages[n].end if n >= 0 else 0 for n in inside]
        return sum(position < end for position, end in zip(positions, ends, strict=True)) >= SHARED


@dataclass(frozen=True)
class Words:
    """A text's words, normalised, with their offsets, and which of them stand in quotation marks."""

    words: tuple[str, ...]
    starts: NDArray[np.int64]
    ends: NDArray[np.int64]
    quoted: NDArray[np.bool_]
    hashes: NDArray[np.uint64]


def read_words(text: str) -> Words:
    """Return the words of a text; letters are compared without case, compatibility forms as one (NFKC)."""
    starts, ends = _spans(text)
    pairs = zip(starts.tolist(), ends.tolist(), strict=True)
    folded = text.casefold()
    if len(folded) == len(text) and unicodedata.is_normalized("NFKC", text):
        # Each character is folded by itself, so that the words are where they were.
        words = tuple([folded[start:end] for start, end in pairs])
    else:
        words = tuple([_normalised(text[start:end]) for start, end in pairs])
    return Words(words, starts, ends, _quoted(text, starts), _hashes(words))


def _spans(text: str) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return where the words of a text start and end: runs of letters and digits."""
    codes = np.frombuffer(text.encode("utf-32-le"), np.uint32)
    inside, alone = _letters()[codes], _unspaced(codes)
    inside |= alone
    padded = np.concatenate(([False], inside, [False]))
    # A character that is a word by itself begins one, and so does what follows it.
    apart = np.concatenate(([False], alone[1:] | alone[:-1]))
    starts = np.flatnonzero(inside & (apart | ~padded[:-2]))
    ends = np.flatnonzero(inside & (np.concatenate((apart[1:], [False])) | ~padded[2:])) + 1
    return starts, ends


@cache
def _letters() -> NDArray[np.bool_]:
    """Return, by code point, which characters are letters or digits."""
    return np.fromiter((chr(code).isalnum() for code in range(sys.maxunicode + 1)), np.bool_, sys.maxunicode + 1)


def _unspaced(codes: NDArray[np.uint32]) -> NDArray[np.bool_]:
    found = np.zeros(len(codes), np.bool_)
    if len(codes) and codes.max() >= _UNSPACED[0][0]:
        for first, last in _UNSPACED:
            found |= (codes >= first) & (codes <= last)
    return found


@lru_cache(maxsize=50_000)
def _normalised(word: str) -> str:
    return unicodedata.normalize("NFKC", word).casefold()


@lru_cache(maxsize=50_000)
def _number(word: str) -> int:
    return crc32(word.encode())


def _hashes(words: Sequence[str]) -> NDArray[np.uint64]:
    """Return a hash of each run of K words: a polynomial in their checksums, mixed (splitmix64)."""
    if len(words) < K:
        return np.empty(0, np.uint64)
    numbers = np.fromiter(map(_number, words), np.uint64, len(words))
    # Products and sums are meant to wrap around at 64 bits.
    mixed = (np.lib.stride_tricks.sliding_window_view(numbers, K) * _POWERS).sum(axis=1, dtype=np.uint64)
    mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return mixed ^ (mixed >> np.uint64(31))


def winnow(words: Words) -> Fingerprints:
    """Return of each W fingerprints in a row the smallest, each hash once; none where there are fewer than K words."""
    hashes = words.hashes
    if not hashes.size:
        return Fingerprints((), (), ())
    if hashes.size <= W:
        chosen = np.array([int(hashes.argmin())])
    else:
        # Of equal hashes the rightmost is chosen, as the authors have it: neighbouring windows then agree.
        windows = np.lib.stride_tricks.sliding_window_view(hashes, W)[:, ::-1]
        chosen = np.unique(np.arange(len(windows)) + W - 1 - windows.argmin(axis=1))
    # int4, as PostgreSQL stores them.
    kept, first = np.unique((hashes[chosen] >> np.uint64(32)).astype(np.uint32).view(np.int32), return_index=True)
    places = chosen[first]
    inside = np.concatenate(([0], words.quoted.cumsum()))
    quoted = kept[inside[places + K] - inside[places] > K // 2]
    return Fingerprints(tuple(kept.tolist()), tuple(words.starts[places].tolist()), tuple(quoted.tolist()))


def _quoted(text: str, starts: NDArray[np.int64]) -> NDArray[np.bool_]:
    quoted = np.zeros(len(starts), np.bool_)
    # What these patterns need is seldom there, and found sooner than that they do not match.
    colon = ":" in text or "：" in text
    patterns = (_QUOTATION, *((_POST,) if "(@" in text else ()), *((_TURN, _ANNOUNCED) if colon else ()))
    for pattern in patterns:
        for match in pattern.finditer(text):
            quoted[np.searchsorted(starts, match.start()) : np.searchsorted(starts, match.end())] = True
    return quoted


def align(text: Words, upstream: Words) -> Overlap:
    """Return the passages that two texts share, quotations that stand alone in both left out.

    The words of a speaker are not copied from another reporter who was there: a passage counts where some of its words
    are outside quotation marks in one of the texts.
    """
    passages, covered, prose = [], 0, 0
    upstream_covered: set[int] = set()
    for i, j, length in _runs(text, upstream):
        outside = length - int((text.quoted[i : i + length] & upstream.quoted[j : j + length]).sum())
        if outside < PASSAGE_PROSE:
            continue
        passages.append(
            Passage(
                int(text.starts[i]),
                int(text.ends[i + length - 1]),
                int(upstream.starts[j]),
                int(upstream.ends[j + length - 1]),
                length,
            )
        )
        covered += length
        prose += outside
        upstream_covered.update(range(j, j + length))
    return Overlap(
        tuple(passages),
        covered,
        prose,
        covered / len(text.words) if text.words else 0.0,
        len(upstream_covered) / len(upstream.words) if upstream.words else 0.0,
    )


def _runs(text: Words, upstream: Words) -> list[tuple[int, int, int]]:
    """Return (first word in text, in upstream, length) of the runs of at least K words that both have.

    Each run is as long as it can be; none takes a word of the text that another has taken.
    """
    places: dict[int, int] = {}
    for j in np.flatnonzero(np.isin(upstream.hashes, text.hashes)).tolist():
        places.setdefault(int(upstream.hashes[j]), j)
    a, b = text.words, upstream.words
    runs: list[tuple[int, int, int]] = []
    taken = 0
    for i in np.flatnonzero(np.isin(text.hashes, upstream.hashes)).tolist():
        if i < taken:
            continue
        j = places[int(text.hashes[i])]
        length = 0
        while i + length < len(a) and j + length < len(b) and a[i + length] == b[j + length]:
            length += 1
        if length < K:
            continue  # two different runs of words with the same hash
        before = 0
        while i - before > taken and j > before and a[i - before - 1] == b[j - before - 1]:
            before += 1
        runs.append((i - before, j - before, length + before))
        taken = i + length
    return runs


@dataclass(frozen=True)
class Side:
    """One of two articles that share text, as far as it tells which was first.

    credits: outlets that all of it is credited to; partial_credits: those that part of it is. order: when we stored it.
    """

    outlet: int
    is_agency: bool
    credits: frozenset[int]
    partial_credits: frozenset[int]
    published_at: datetime | None
    published_has_time: bool
    order: int


Basis = Literal["credit", "time", "agency", "import order"]


def direction(a: Side, b: Side) -> tuple[bool, Basis] | None:
    """Return (whether `b` is upstream of `a`, what says so); None where both say that they have it from a third.

    First who credits whom; then an article credited to an agency is upstream of one that credits nobody, since the
    words are the agency's; then the earlier one is upstream; then the agency; then the one that we had first, which is
    only a way to store that one origin explains both.
    """
    if (b.outlet in a.credits) != (a.outlet in b.credits):
        return b.outlet in a.credits, "credit"
    if a.credits & b.credits:
        return None
    if (b.outlet in a.partial_credits) != (a.outlet in b.partial_credits):
        return b.outlet in a.partial_credits, "credit"
    if bool(a.credits) != bool(b.credits):
        return bool(b.credits), "credit"
    if (earlier := _earlier(a, b)) is not None:
        return earlier is b, "time"
    if a.is_agency != b.is_agency:
        return b.is_agency, "agency"
    return b.order < a.order, "import order"


def _earlier(a: Side, b: Side) -> Side | None:
    """Return the one published earlier; None where that is not known, or no more than the common day."""
    if a.published_at is None or b.published_at is None:
        return None
    first, second = a.published_at, b.published_at
    if not (a.published_has_time and b.published_has_time):
        if first.date() == second.date():
            return None
    elif first == second:
        return None
    return a if first < second else b
