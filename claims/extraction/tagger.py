"""Find cues, sources and contents with a small trained network; see model/README.md for what it was trained on.

The network reads windows of words. First it tags cues; then, for each cue, the words of its source and its content, so
that it decides itself which source and content belong to which cue, also where contents are broken or nested. The
best tag sequences in which no inner tag stands without a first one are found by the Viterbi algorithm (Forney, 1973).
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from itertools import chain, islice
from typing import Any

import numpy as np
import numpy.typing as npt

from claims.extraction.pieces import MODEL, PADDING
from claims.extraction.spans import Span
from claims.extraction.threads import threads
from claims.extraction.windows import Window, windows

#: Cues whose roles are read at once: more gain nothing on two cores and cost memory. Windows are read one by one: two
#: at once take longer than one after the other, since they do not fit the caches.
CUES = 24
#: Windows that are cut at a time, so that a long text needs no more memory than a short one.
WINDOWS = 32
#: Words before and after a cue's first that are read for its roles; hardly any content lies beyond.
REACH = 80

# Tags of cues, and of the words of one cue's roles.
OUTSIDE = 0
CUE_FIRST, CUE_INNER = 1, 2
SOURCE_FIRST, SOURCE_INNER, CONTENT_FIRST, CONTENT_INNER = 1, 2, 3, 4
CUE_TAGS, ROLE_TAGS = 3, 5
_NEVER = -1e9

#: cue_bias: added to the scores of cue tags, so that doubtful cues are seen; cue_threshold: the least probability of a
#: cue; content_bias: added to the scores of content tags. Chosen on the dev part. The calibration is fitted by
#: `claims.extraction.train`.
DEFAULTS = {"cue_bias": 0.8, "cue_threshold": 0.3, "content_bias": 1.2, "calibration": [0.0, 1.0, 0.0]}

Floats = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Tagged:
    """One attribution as the network sees it.

    cue: one span, in a tuple as the other roles. source, content: spans in order; the source may be empty.
    scores: the probabilities that it is a cue, and of its content.
    """

    cue: tuple[Span, ...]
    source: tuple[Span, ...]
    content: tuple[Span, ...]
    scores: tuple[float, float]

    @property
    def confidence(self) -> float:
        """The share, 0.0 to 1.0, of attributions so probable that people marked (Platt scaling on the dev part)."""
        weights = settings()["calibration"]
        odds = weights[0] + sum(
            weight * log_odds(score) for weight, score in zip(weights[1:], self.scores, strict=True)
        )
        return float(1 / (1 + np.exp(-odds)))

    def moved(self, by: int) -> "Tagged":
        """Return the same attribution in a text that holds, from `by` on, the one it was found in."""
        cue, source, content = (
            tuple(Span(span.start + by, span.end + by) for span in spans)
            for spans in (self.cue, self.source, self.content)
        )
        return Tagged(cue, source, content, self.scores)


@dataclass(frozen=True)
class _Candidate:
    """Words `first` to `last` of a window taken for a cue, with the probability that they are one."""

    first: int
    last: int
    probability: float


class ModelMissing(RuntimeError):
    """The network's files are not in the package."""


def tag(text: str, paragraphs: Iterable[Span] | None = None) -> list[Tagged]:
    """Return the attributions of an English text in order of their cues.

    paragraphs: what is read of the text, in order; all its lines if None.

    Time grows with the text, memory does not. Raises ModelMissing when the network's files are absent.
    """
    # Loaded before two threads ask for them at once.
    for name in ("words", "roles"):
        _session(name)
    found: list[Tagged] = []
    left = windows(text, paragraphs)
    # The network computes without Python's lock. A pool of its own for each text survives a worker's fork.
    with ThreadPoolExecutor(threads()) as pool:
        while some := list(islice(left, WINDOWS)):
            found += chain.from_iterable(pool.map(_read, some))
    found.sort(key=lambda tagged: (tagged.cue, tagged.content))
    return found


def _read(window: Window) -> list[Tagged]:
    [read], [cues] = _session("words").run(None, inputs([window]))
    candidates = list(_candidates(window, cues))
    found = []
    for start in range(0, len(candidates), CUES):
        some = candidates[start : start + CUES]
        begins, scores = _roles(window, read, some)
        lengths = np.full(len(some), scores.shape[1])
        for candidate, begin, score, tags in zip(some, begins, scores, viterbi(scores, lengths), strict=True):
            tagged = _tagged(window, candidate, begin, score, tags)
            if tagged is not None:
                found.append(tagged)
    return found


def _roles(window: Window, read: Floats, candidates: Sequence[_Candidate]) -> tuple[list[int], Floats]:
    """Return each cue's first word in reach, and the log probabilities of role tags from there, cue × word × tag."""
    width = min(len(window), 2 * REACH)
    begins = [max(0, min(candidate.first - REACH, len(window) - width)) for candidate in candidates]
    first = np.array([candidate.first - begin for candidate, begin in zip(candidates, begins, strict=True)])
    last = np.array([candidate.last - begin for candidate, begin in zip(candidates, begins, strict=True)])
    last = last.clip(max=width - 1)
    found: list[Floats] = _session("roles").run(
        None,
        {
            "words": np.stack([read[begin : begin + width] for begin in begins]),
            "first": first,
            "last": last,
            "paragraphs": np.array([window.paragraphs[begin : begin + width] for begin in begins]),
        },
    )
    [scores] = found
    for row in range(len(candidates)):
        # A cue's own words are neither its source nor its content.
        scores[row, first[row] : last[row] + 1, 1:] = _NEVER
    scores[:, :, CONTENT_FIRST:] += settings()["content_bias"]
    return begins, scores


def inputs(batch: Sequence[Window]) -> dict[str, npt.NDArray[np.int64]]:
    most = max(len(window.pieces) for window in batch)
    return {
        "pieces": _padded([window.pieces for window in batch], most, PADDING),
        "shapes": _padded([window.shapes for window in batch], most),
        "places": _padded([window.places for window in batch], most),
        "starts": _padded([window.starts for window in batch], max(map(len, batch))),
    }


def _padded(rows: Sequence[Sequence[int]], width: int, filler: int = 0) -> npt.NDArray[np.int64]:
    table = np.full((len(rows), width), filler, dtype=np.int64)
    for number, row in enumerate(rows):
        table[number, : len(row)] = row
    return table


def _candidates(window: Window, scores: Floats) -> Iterator[_Candidate]:
    """Yield the cues of a window that are probable enough. scores: log probabilities, word × tag."""
    eager = scores.copy()
    eager[:, CUE_FIRST:] += settings()["cue_bias"]
    [tags] = viterbi(eager[None], np.array([len(window)]))
    for first, last in _runs(tags, CUE_FIRST, CUE_INNER):
        probability = 1 - float(np.exp(scores[first, OUTSIDE]))
        if probability >= settings()["cue_threshold"]:
            yield _Candidate(first, last, probability)


def _tagged(window: Window, candidate: _Candidate, begin: int, scores: Floats, tags: list[int]) -> Tagged | None:
    contents = list(_runs(tags, CONTENT_FIRST, CONTENT_INNER))
    if not contents:
        return None
    sources = list(_runs(tags, SOURCE_FIRST, SOURCE_INNER))
    words = [word for first, last in contents for word in range(first, last + 1)]
    sure = float(np.mean(np.exp(scores[words, CONTENT_FIRST:]).sum(axis=-1).clip(max=1.0)))
    return Tagged(
        cue=(_span(window, candidate.first, candidate.last),),
        source=tuple(_span(window, begin + first, begin + last) for first, last in sources),
        content=tuple(_span(window, begin + first, begin + last) for first, last in contents),
        scores=(candidate.probability, sure),
    )


def _span(window: Window, first: int, last: int) -> Span:
    return Span(window.words[first].start, window.words[last].end)


def log_odds(share: float) -> float:
    """Return the logarithm of a probability's odds, bounded for those that are all but sure."""
    share = min(max(share, 1e-4), 1 - 1e-4)
    return float(np.log(share / (1 - share)))


def _runs(tags: list[int], first: int, inner: int) -> Iterator[tuple[int, int]]:
    """Yield the first and last index of each run that `first` opens and `inner` goes on."""
    start = None
    for index, found in enumerate([*tags, OUTSIDE]):
        if start is not None and found != inner:
            yield start, index - 1
            start = None
        if found == first:
            start = index


def viterbi(scores: Floats, lengths: npt.NDArray[np.int64]) -> Iterator[list[int]]:
    """Yield the best tags of each row. scores: log probabilities, row × word × tag; lengths: words of each row.

    Even tags but 0 are inner ones and stand only after themselves or the tag one lower.
    """
    rows, words, tags = scores.shape
    barred = np.zeros((tags, tags), dtype=np.float32)
    for inner in range(2, tags, 2):
        barred[:, inner] = _NEVER
        barred[[inner - 1, inner], inner] = 0
    best = scores[:, 0] + barred[OUTSIDE]
    back = np.zeros((words, rows, tags), dtype=np.int8)
    kept = np.zeros((words, rows, tags), dtype=np.float32)
    kept[0] = best
    for word in range(1, words):
        moves = best[:, :, None] + barred
        back[word] = moves.argmax(axis=1)
        best = moves.max(axis=1) + scores[:, word]
        kept[word] = best
    for row, length in enumerate(lengths):
        at = int(kept[length - 1, row].argmax())
        found = [at]
        for word in range(length - 1, 0, -1):
            at = int(back[word, row, at])
            found.append(at)
        yield found[::-1]


@cache
def settings() -> dict[str, Any]:
    """Return what was chosen on the dev part of the corpus: thresholds, biases and the calibration."""
    loaded: dict[str, Any] = json.loads((MODEL / "settings.json").read_text(encoding="utf-8"))
    return loaded


@cache
def _session(name: str) -> Any:
    # Imported where it is used: the site shows what was extracted and never reads a text itself.
    import onnxruntime

    path = MODEL / f"{name}.onnx"
    if not path.is_file():
        raise ModelMissing(f"{path} is missing: reinstall, or train it with python -m claims.extraction.train.")
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    # Windows are read side by side, each by one thread.
    options.intra_op_num_threads = 1
    # What is left out here takes longer than the parts that it joins.
    slower = ["SkipLayerNormFusion"]
    return onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"], disabled_optimizers=slower)
