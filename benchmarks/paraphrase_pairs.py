"""Print how well sentence pairs are told alike in meaning: `benchmarks/paraphrase_pairs.py --pairs FILE.tsv`.

FILE is a table with the columns label (1: same meaning), first, second, such as the Microsoft Research Paraphrase
Corpus. Ours is the shipped scorer on the texts alone, alike from 0.5 on. Each baseline's threshold is chosen for
accuracy on four fifths of FILE and used on the fifth. With --held-back only those pairs are used that training held
back from its own table; on the rest of that table the figures mean nothing.
"""

import argparse
import random
import sys
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import numpy as np
from rapidfuzz.fuzz import token_set_ratio
from rapidfuzz.utils import default_process

from benchmarks._figures import note
from claims.matching import Candidate, Story, score_pairs, terms
from claims.matching.labelled import PairsMissing, Text, paraphrases, parted
from claims.matching.regression import area

SEED = 1
ACCURACY_MIN, AUC_MIN = 77, 84
FOLDS = 5


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pairs", type=Path, help="table of label, first, second")
    parser.add_argument("--held-back", action="store_true", help="only what training held back of its table")
    options = parser.parse_args()
    if options.pairs is None:
        print("paraphrase pairs: needs --pairs FILE.tsv; nothing measured")
        return
    try:
        texts = paraphrases(options.pairs)
    except PairsMissing as error:
        sys.exit(str(error))
    if options.held_back:
        _, texts = parted(texts, random.Random(SEED))  # noqa: S311 - the same order again, not secrets
    same = np.array([text.alike for text in texts])
    print(f"pairs={len(texts)} alike={same.mean():.3f}")
    print(f"{'':22} accuracy     F1    AUC")
    report("all alike", np.ones(len(texts), dtype=bool), np.zeros(len(texts)), same)
    baselines = {}
    for name, measure in BASELINES.items():
        values = np.array([measure(text.a.text, text.b.text) for text in texts])
        baselines[name] = report(name, chosen_by_folds(values, same), values, same)
    started = time.perf_counter()
    values = np.array([found.value for found in score_pairs([candidates(text) for text in texts])])
    seconds = time.perf_counter() - started
    accuracy, auc = report("ours", values >= 0.5, values, same)
    print(f"ours: {1000 * seconds / len(texts):.1f} ms a pair")
    for place, (what, value, least) in enumerate((("accuracy", accuracy, ACCURACY_MIN), ("AUC", auc, AUC_MIN))):
        best = max(baselines, key=lambda name, place=place: baselines[name][place])
        baseline = baselines[best][place]
        note(f"news sentence pairs, {what}", value, "%", at_least=least, baseline=baseline, against=best)


def candidates(text: Text) -> tuple[Candidate, Candidate, None]:
    return Candidate(text.a.text), Candidate(text.b.text), None


def report(name: str, alike: np.ndarray, values: np.ndarray, same: np.ndarray) -> tuple[float, float]:
    """Print a row, and return its accuracy and the area under its curve, in percent."""
    right = (alike & same).sum()
    f1 = 2 * right / (alike.sum() + same.sum())
    accuracy, auc = 100 * float((alike == same).mean()), 100 * float(area(values, same))
    print(f"{name:22}    {accuracy:5.1f}  {100 * f1:5.1f}  {auc:5.1f}")
    return accuracy, auc


def chosen_by_folds(values: np.ndarray, same: np.ndarray) -> np.ndarray:
    """Return which pairs are taken for alike, each by the threshold that is most accurate on the other folds."""
    folds = np.arange(len(values)) % FOLDS
    found = np.zeros(len(values), dtype=bool)
    for fold in range(FOLDS):
        rest = folds != fold
        thresholds = np.quantile(values[rest], np.linspace(0, 1, 101))
        best = max(thresholds, key=lambda threshold: ((values[rest] >= threshold) == same[rest]).mean())
        found[~rest] = values[~rest] >= best
    return found


def trigrams(text: str) -> set[str]:
    """Return the trigrams of a text's words as pg_trgm counts them."""
    words = (f"  {word} " for word in default_process(text).split())
    return {word[at : at + 3] for word in words for at in range(len(word) - 2)}


def jaccard(a: set[str], b: set[str]) -> float:
    return len(a & b) / max(1, len(a | b))


def weighted(a: str, b: str) -> float:
    """Return the overlap of two texts' words, weighted by rarity in news."""
    story, one, other = Story(), set(terms(a)), set(terms(b))
    return story.weight(one & other) / max(1e-9, story.weight(one | other))


BASELINES: dict[str, Callable[[str, str], float]] = {
    "trigram": lambda a, b: jaccard(trigrams(a), trigrams(b)),
    "token_set_ratio": lambda a, b: token_set_ratio(a, b, processor=default_process),
    "word overlap": lambda a, b: jaccard(set(default_process(a).split()), set(default_process(b).split())),
    "rare word overlap": weighted,
}


if __name__ == "__main__":
    main()
