"""Split words into the pieces of the encoder's vocabulary: uncased WordPiece (Devlin et al., NAACL 2019)."""

import re
import unicodedata
from functools import cache, lru_cache
from pathlib import Path

MODEL = Path(__file__).parent / "model"

PADDING, UNKNOWN, FIRST, LAST = 0, 100, 101, 102
# A longer word is a fault or an address; it is read as one unknown piece.
MAX_WORD_CHARACTERS = 100
# A word of more pieces is no word of the language; what follows is left out.
MAX_PIECES = 8

# Typewriter marks stand for all: which mark a text uses says nothing about who speaks.
_PLAIN = str.maketrans(dict.fromkeys("“”„«»", '"') | dict.fromkeys("‘’‚", "'") | dict.fromkeys("–—", "-"))
_PART = re.compile(r"[^\W_]+|[^\w\s]|_")


def pieces(word: str) -> tuple[int, ...]:
    """Return the numbers of a word's pieces in the vocabulary: 1 to MAX_PIECES."""
    return _pieces(word) if len(word) <= MAX_WORD_CHARACTERS else (UNKNOWN,)


# Kept for words of bounded length alone, so that what is kept is bounded, too.
@lru_cache(maxsize=50_000)
def _pieces(word: str) -> tuple[int, ...]:
    plain = unicodedata.normalize("NFD", word.translate(_PLAIN).lower())
    plain = "".join(mark for mark in plain if unicodedata.category(mark) != "Mn")
    found = [number for part in _PART.findall(plain) for number in _split(part)]
    return tuple(found[:MAX_PIECES]) or (UNKNOWN,)


def _split(part: str) -> list[int]:
    """Return the longest pieces from the left that make up `part`, or the unknown piece alone."""
    numbers = vocabulary()
    found: list[int] = []
    start = 0
    while start < len(part):
        for end in range(len(part), start, -1):
            number = numbers.get(("##" if start else "") + part[start:end])
            if number is not None:
                found.append(number)
                start = end
                break
        else:
            return [UNKNOWN]
    return found


@cache
def vocabulary() -> dict[str, int]:
    """Return each piece's number."""
    lines = (MODEL / "vocabulary.txt").read_text(encoding="utf-8").splitlines()
    return {piece: number for number, piece in enumerate(lines)}
