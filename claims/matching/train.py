"""Make the matcher's data: word rarity from a folder of texts, and the scorer's weights from labelled events.

    python -m claims.matching.train rarity --texts DIR
    python -m claims.matching.train weights --gold DIR --events DIR

Run by hand when the features change; scikit-learn (requirements/train.txt) is needed for the weights only.
"""

import argparse
import json
from collections import Counter, defaultdict
from collections.abc import Iterator
from itertools import combinations, product
from pathlib import Path

from claims.extraction import Span, extract
from claims.matching.score import FEATURES, Candidate, Story, features
from claims.matching.terms import terms

HERE = Path(__file__).parent
MIN_PASSAGES = 2
SEED = 7


def count_rarity(folder: Path) -> None:
    """Write rarity.tsv: in how many paragraphs of the folder's *.txt files each stem occurs."""
    passages, counts = 0, Counter[str]()
    for path in sorted(folder.rglob("*.txt")):
        for paragraph in path.read_text(encoding="utf-8").split("\n"):
            if paragraph.strip():
                passages += 1
                counts.update(set(terms(paragraph)))
    lines = [f"# passages={passages}"]
    lines += [f"{stem}\t{n}" for stem, n in sorted(counts.items()) if n >= MIN_PASSAGES and not stem.isdigit()]
    (HERE / "rarity.tsv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    print(f"passages={passages} stems={len(lines) - 1}")


def labelled_pairs(gold: Path, events: Path) -> Iterator[tuple[str, list[float], bool]]:
    """Yield (event, features, same claim) of each pair of extracted statements of two outlets of one event.

    A pair is labelled by the labelled statements that its two overlap, so the weights learn to live with what the
    extractor gets wrong.
    """
    for path in sorted(gold.glob("*.json")):
        document = json.loads(path.read_text(encoding="utf-8"))
        texts = {a["id"]: a["text"] for a in json.loads((events / path.name).read_text(encoding="utf-8"))["articles"]}
        same = {frozenset(p) for claim in document["claims"] for p in combinations(claim["statements"], 2)}
        labels = defaultdict(list)
        for statement in document["statements"]:
            start = statement.get("start", texts[statement["article"]].find(statement["exact"]))
            labels[statement["article"]].append((Span(start, start + len(statement["exact"])), statement["id"]))
        rows = []
        for article, text in texts.items():
            for found in extract(text):
                span = Span(found.content[0].start, found.content[-1].end)
                quote = " … ".join(text[piece.start : piece.end] for piece in found.content)
                ids = [label for other, label in labels[article] if overlap(span, other)]
                rows.append((article, ids, Candidate(quote, found.speaker, found.represents)))
        for first, second in combinations(texts, 2):
            pair = {article: [row for row in rows if row[0] == article] for article in (first, second)}
            story = Story(candidate.terms for article in pair for _, _, candidate in pair[article])
            for (_, ids_a, a), (_, ids_b, b) in product(pair[first], pair[second]):
                linked = any(frozenset((x, y)) in same for x in ids_a for y in ids_b)
                yield document["event"], features(a, b, story), linked


def overlap(a: Span, b: Span) -> bool:
    """Return whether two spans share at least half of the shorter one."""
    common = min(a.end, b.end) - max(a.start, b.start)
    return common > 0 and common * 2 >= min(a.end - a.start, b.end - b.start)


def fit_weights(gold: Path, events: Path) -> None:
    """Write weights.json: a logistic regression over `features`; print its cross-validated F1 over links."""
    import numpy as np
    from sklearn.linear_model import LogisticRegression
    from sklearn.model_selection import GroupKFold, cross_val_predict

    groups, x, y = map(np.array, zip(*labelled_pairs(gold, events), strict=True))
    model = LogisticRegression(C=1.0, max_iter=2000, random_state=SEED)
    held_out = cross_val_predict(model, x, y, groups=groups, cv=GroupKFold(6), method="predict_proba")[:, 1]
    best = max((f1(held_out, y, t / 100), t / 100) for t in range(5, 95))
    for threshold in (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7):
        chosen = held_out >= threshold
        right = (chosen & y).sum()
        print(f"threshold={threshold} precision={right / max(1, chosen.sum()):.3f} recall={right / y.sum():.3f}")
    print(f"pairs={len(y)} links={y.sum()} cross-validated best F1={best[0]:.3f} at {best[1]}")
    model.fit(x, y)
    weights = {name: round(float(w), 4) for name, w in zip(FEATURES, model.coef_[0], strict=True)}
    content = {"intercept": round(float(model.intercept_[0]), 4), "weights": weights}
    (HERE / "weights.json").write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")
    print(content)


def f1(scores, labels, threshold: float) -> float:  # type: ignore[no-untyped-def]
    chosen = scores >= threshold
    right = (chosen & labels).sum()
    return 2 * right / (chosen.sum() + labels.sum())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parts = parser.add_subparsers(dest="part", required=True)
    rarity = parts.add_parser("rarity")
    rarity.add_argument("--texts", type=Path, required=True)
    weights = parts.add_parser("weights")
    weights.add_argument("--gold", type=Path, required=True)
    weights.add_argument("--events", type=Path, required=True)
    options = parser.parse_args()
    if options.part == "rarity":
        count_rarity(options.texts)
    else:
        fit_weights(options.gold, options.events)


if __name__ == "__main__":
    main()
