"""Count the cue table and fit the gate on labelled news: `python -m claims.extraction.weigh --corpus DIR`.

DIR is PolNeAR 1.0 (Newell et al., LREC 2018): its `train/text/*.txt` with `train/attributions/*.ann`. The same corpus
always gives the same tables. The corpus is not needed to run the extractor.
"""

import argparse
import math
import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from tqdm import tqdm

from claims.extraction import cues, lexicon
from claims.extraction.clauses import Candidate, candidates
from claims.extraction.gate import features
from claims.extraction.reading import pages

Interval = tuple[int, int]
#: Key, candidate, and whether people marked it.
Sighting = tuple[str, Candidate, bool]

RIDGE = 1.0
STEPS = 12


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--corpus", type=Path, required=True)
    corpus: Path = parser.parse_args().corpus
    seen = list(sightings(corpus / "train"))
    counts = _count((key, right) for key, _, right in seen)
    _write_cues(counts)
    cues.forget()
    _write_gate(seen)


def sightings(part: Path) -> Iterator[Sighting]:
    """Yield every candidate in a part of the corpus, and whether people marked it as a cue with that content."""
    for path in tqdm(sorted((part / "text").glob("*.txt"))):
        text = path.read_bytes().decode("utf-8")
        notes = sorted((part / "attributions").glob(f"{path.stem}_*.ann"))
        marked = attributions(notes[0].read_text(encoding="utf-8")) if notes else []
        for page in pages(text):
            for candidate in candidates(page.doc):
                around = page.quoted(page.offset + candidate.head.idx)
                if not candidate.content or (around is not None and around.closed):
                    continue
                head = page.span(candidate.head.i, candidate.head.i + 1)
                content = {
                    place
                    for start, end in candidate.content
                    for place in range(page.span(start, end).start, page.span(start, end).end)
                }
                right = any(
                    any(start < head.end and head.start < end for start, end in cue)
                    and len(content & said) >= 0.5 * min(len(content), len(said))
                    for cue, said in marked
                )
                yield candidate.key, candidate, right


def attributions(notes: str) -> list[tuple[list[Interval], set[int]]]:
    """Return the cue's intervals and the content's places of each attribution in brat standoff notes."""
    spans: dict[str, list[Interval]] = {}
    found = []
    for line in notes.splitlines():
        fields = line.split("\t")
        if re.match(r"T\d+$", fields[0]):
            offsets = fields[1].partition(" ")[2]
            spans[fields[0]] = [(int(a), int(b)) for a, b in (part.split() for part in offsets.split(";"))]
    for line in notes.splitlines():
        fields = line.split("\t")
        if re.match(r"E\d+$", fields[0]):
            roles: dict[str, list[Interval]] = defaultdict(list)
            for part in fields[1].split()[1:]:
                role, _, name = part.partition(":")
                roles[re.sub(r"\d+$", "", role)].extend(spans.get(name, []))
            found.append((roles["Cue"], {place for start, end in roles["Content"] for place in range(start, end)}))
    return found


def _count(rows: Iterator[tuple[str, bool]]) -> dict[str, list[int]]:
    """Return [seen, right] of each key, each lemma, each frame, rare lemmas, and all."""
    counts: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for key, right in rows:
        lemma, _, frame = key.partition("|")
        for name in (key, f"{lemma}|*", f"*|{frame}", "*|*"):
            counts[name][0] += 1
            counts[name][1] += right
    rare = [pair for name, pair in counts.items() if name.endswith("|*") and name != "*|*" and pair[0] <= 3]
    counts["*|rare"] = [sum(pair[0] for pair in rare), sum(pair[1] for pair in rare)]
    return counts


def _write_cues(counts: dict[str, list[int]]) -> None:
    lines = [
        "# Sightings of cue candidates on labelled news and how many were cues: lemma|frame, seen, right.",
        "# Counted on the training part of PolNeAR 1.0 (Newell et al., LREC 2018) by claims.extraction.weigh.",
        "# '*|frame' sums over lemmas, 'lemma|*' over frames, '*|rare' over lemmas seen up to three times.",
    ]
    for name, (seen, right) in sorted(counts.items()):
        if right or seen >= 8:
            lines.append(f"{name}\t{seen}\t{right}")
    (lexicon.TABLES / "cues.tsv").write_text("\n".join(lines) + "\n", encoding="utf-8")


def _write_gate(seen: list[Sighting]) -> None:
    names: dict[str, int] = {}
    tally: dict[str, int] = defaultdict(int)
    rows = []
    for key, candidate, right in seen:
        # The weight without this very sighting: else rare keys would look surer than they are.
        row = list(features(candidate, cues.weight(key, without=right)))
        rows.append(row)
        for name, _ in row:
            tally[name] += 1
    for name in sorted(name for name, times in tally.items() if times >= 50):
        names[name] = len(names)
    matrix = np.zeros((len(rows), len(names)), dtype=np.float32)
    for number, row in enumerate(rows):
        for name, value in row:
            if name in names:
                matrix[number, names[name]] += value
    target = np.array([right for _, _, right in seen], dtype=np.float32)
    fitted = _fit(matrix, target)
    lines = [
        "# Coefficients of the logistic regression that decides which candidates are cues, by claims.extraction.weigh.",
        *(f"{name}\t{fitted[number]:.4f}" for name, number in names.items()),
    ]
    (lexicon.TABLES / "gate.tsv").write_text("\n".join(lines) + "\n", encoding="utf-8")


def _fit(matrix: np.ndarray, target: np.ndarray) -> np.ndarray:
    """Return the coefficients of a ridge logistic regression, by Newton's method."""
    fitted = np.zeros(matrix.shape[1])
    for _ in range(STEPS):
        likely = 1 / (1 + np.exp(-(matrix @ fitted)))
        slope = matrix.T @ (target - likely) - RIDGE * fitted
        spread = (matrix * (likely * (1 - likely))[:, None]).T @ matrix + RIDGE * np.eye(matrix.shape[1])
        change = np.linalg.solve(spread, slope)
        fitted += change
        if math.sqrt(float(change @ change)) < 1e-4:
            break
    return fitted


if __name__ == "__main__":
    main()
