"""How alike two texts are in meaning, as a small network reads both at once; see model/README.md.

A cross-encoder (Nogueira & Cho, 2019): it sees which words of the one answer which of the other, so it tells "will
resign" from "will not resign", which share nearly all words.
"""

import re
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from claims.extraction.pieces import FIRST, LAST, PADDING, pieces
from claims.extraction.threads import threads
from claims.matching.terms import stem

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

MODEL = Path(__file__).parent / "model"

#: Most pieces of a speaker and of a text that are read.
MAX_SPEAKER, MAX_TEXT = 8, 72
#: Whether a word is also in the other text: padding and marks, yes, no.
SHARES = 3
#: What the network tells of a pair: whether both mean the same, and whether they carry the same claim.
OUTPUTS = 2

_WORD = re.compile(r"[^\W_]+(?:['’][^\W\d_]+)*|[^\w\s]|_")


@dataclass(frozen=True)
class Said:
    """A text, and who said it: "" where that is not told."""

    text: str
    speaker: str = ""


@dataclass(frozen=True)
class Alike:
    """Log odds, as the network gives them: that two texts mean the same, and that they carry the same claim."""

    meaning: float
    claim: float


class ModelMissing(RuntimeError):
    """The network's file is not in the package."""


def alike(pairs: Iterable[tuple[Said, Said]]) -> list[Alike]:
    """Return how alike each pair is, in their order; a pair's own order does not matter.

    Pairs are read one by one: what eight-bit numbers say of a pair would depend on those it is read with, and reading
    several at once saves nothing. Raises ModelMissing when the network's file is absent.
    """
    session = _session()

    def read(pair: tuple[Said, Said]) -> Alike:
        return Alike(*session.run(None, inputs([encode(*pair)]))[0][0].tolist())

    # The network computes without Python's lock. A pool of its own for each call survives a worker's fork.
    with ThreadPoolExecutor(threads()) as pool:
        return list(pool.map(read, pairs))


@dataclass(frozen=True)
class Encoded:
    """A pair as the network reads it: pieces, which of the two texts each is of, whether the other has its word."""

    pieces: list[int]
    sides: list[int]
    shared: list[int]


def encode(a: Said, b: Said) -> Encoded:
    """Return a pair as numbers, the longer text first."""
    first, second = sorted((a, b), key=lambda said: (-len(said.text), said.text, said.speaker))
    words = [[match.group() for match in _WORD.finditer(said.text)] for said in (first, second)]
    stems = [{stem(word.lower()) for word in side if word.isalnum()} for side in words]
    found = Encoded([FIRST], [0], [0])
    for side, said in enumerate((first, second)):
        _write(found, side, _speaker(said.speaker))
        _write(found, side, _text(words[side], stems[1 - side]))
        _write(found, side, [(LAST, 0)])
    return found


def _write(found: Encoded, side: int, rows: list[tuple[int, int]]) -> None:
    found.pieces.extend(piece for piece, _ in rows)
    found.shared.extend(shared for _, shared in rows)
    found.sides.extend([side] * len(rows))


def _speaker(name: str) -> list[tuple[int, int]]:
    if not name:
        return []
    numbers = [number for word in _WORD.findall(name) for number in pieces(word)][:MAX_SPEAKER]
    return [(number, 0) for number in (*numbers, *pieces(":"))]


def _text(words: list[str], others: set[str]) -> list[tuple[int, int]]:
    rows = [(number, 1 if stem(word.lower()) in others else 2) for word in words for number in pieces(word)]
    return rows[:MAX_TEXT]


def inputs(rows: Sequence[Encoded]) -> "dict[str, npt.NDArray[np.int64]]":
    """Return the network's inputs for some pairs, filled up to the length of the longest."""
    # Imported where it is used, as the network is.
    import numpy as np

    width = max(len(row.pieces) for row in rows)
    tables = {name: np.full((len(rows), width), PADDING, dtype=np.int64) for name in ("pieces", "sides", "shared")}
    for number, row in enumerate(rows):
        for name, table in tables.items():
            values = getattr(row, name)
            table[number, : len(values)] = values
    return tables


@cache
def _session() -> Any:
    # Imported where it is used: pages show what was matched and never match themselves.
    import onnxruntime

    path = MODEL / "pairs.onnx"
    if not path.is_file():
        raise ModelMissing(f"{path} is missing: reinstall, or train it with python -m claims.matching.train.")
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    # Pairs are read side by side, each by one thread.
    options.intra_op_num_threads = 1
    return onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
