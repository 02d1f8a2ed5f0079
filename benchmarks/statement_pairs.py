"""Print how well statement pairs of one event are told to carry one claim: `benchmarks/statement_pairs.py --data DIR`.

DIR holds `events/` with gold/ and events/: statements as people marked them, so that extraction errors do not count.
A link is a pair of statements of two outlets under one claim. F1 is the best over thresholds, and beside it what the
threshold chosen on all other events gives. "Speaker known" takes a pair of two speakers for apart whatever its words.

Events that the scorer was trained on are cross-validated: the regressions are fitted anew without the event, and the
network's readings (claims/matching/model/held_out.tsv) are those of a network trained without it. Other events are
scored as shipped.
"""

import argparse
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import numpy as np
from rapidfuzz.fuzz import token_set_ratio
from rapidfuzz.utils import default_process

from benchmarks._figures import note
from benchmarks.paraphrase_pairs import jaccard, trigrams, weighted
from claims.matching import JOIN, PROPOSE, score_pairs
from claims.matching.labelled import Labelled, PairsMissing, statement_pairs
from claims.matching.meaning import MODEL, Alike
from claims.matching.regression import best_f1, cross_predict
from claims.matching.score import ASK_FROM, ASK_TO, FEATURES, READINGS, features, readings, speaker_kinship

F1_MIN = 0.72
THRESHOLDS = (0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8)
BASELINES: dict[str, Callable[[str, str], float]] = {
    "trigram": lambda a, b: jaccard(trigrams(a), trigrams(b)),
    "token_set_ratio": lambda a, b: token_set_ratio(a, b, processor=default_process) / 100,
    "word overlap": lambda a, b: jaccard(set(default_process(a).split()), set(default_process(b).split())),
    "rare word overlap": weighted,
}
#: What each row of the ablation leaves out.
WITHOUT = {
    "speaker": ["speaker"],
    "stretch, containment": ["stretch", "containment"],
    "phrases, runs, opening": ["phrase_overlap", "longest_run", "quotation", "same_opening"],
    "numbers, dates, negation": ["numbers_differ", "dates_differ", "negation_differs"],
    "days apart": ["days_apart"],
    "same meaning (network)": ["same_meaning"],
    "same claim (network)": ["same_claim"],
    "network": list(READINGS),
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, help="folder with events/")
    data = parser.parse_args().data
    if data is None:
        print("statement pairs: needs --data DIR with labelled events; nothing measured")
        return
    try:
        rows = list(statement_pairs(data / "events", extracted=False))
    except PairsMissing as error:
        sys.exit(str(error))
    told = held_out()
    trained_on = {event for event, _, _ in told}
    for title, chosen, values in (
        ("trained on, so cross-validated", [row for row in rows if row.event in trained_on], cross_validated),
        ("new, scored as shipped", [row for row in rows if row.event not in trained_on], shipped),
    ):
        if chosen:
            measure(title, chosen, values(chosen))


def measure(title: str, rows: Sequence[Labelled], found: dict[str, np.ndarray]) -> None:
    linked, events = np.array([row.linked for row in rows]), np.array([row.event for row in rows])
    print(f"\nevents {title}: events={len(set(events))} pairs={len(rows)} links={linked.sum()}")
    print(f"{'':38} F1 precision recall    F1 by other events' threshold")
    known = np.array([speaker_kinship(*row.pair[:2]) == "same" for row in rows])
    baselines = {}
    for name, compare in BASELINES.items():
        values = np.array([compare(row.pair[0].quote, row.pair[1].quote) for row in rows])
        baselines[f"{name}, speaker unknown"] = values
        baselines[f"{name}, speaker known"] = np.where(known, values, values * 1e-3)
    f1 = {name: line(name, values, linked, events) for name, values in [*baselines.items(), *found.items()]}
    best = max(baselines, key=lambda name: f1[name])
    what = f"labelled statements of events {title}, F1"
    note(what, f1["ours"], at_least=F1_MIN, baseline=f1[best], against=best)
    print(f"threshold  precision  recall     F1   (PROPOSE {PROPOSE}, JOIN {JOIN})")
    for threshold in THRESHOLDS:
        chosen = found["ours"] >= threshold
        right = (chosen & linked).sum()
        f1 = 2 * right / (chosen.sum() + linked.sum())
        print(f"     {threshold:.2f}      {right / max(1, chosen.sum()):.3f}   {right / linked.sum():.3f}  {f1:.3f}")


def line(name: str, values: np.ndarray, linked: np.ndarray, events: np.ndarray) -> float:
    """Print a row, and return the best F1 over thresholds."""
    f1, precision, recall, _ = best_f1(values, linked)
    chosen = np.zeros(len(values), dtype=bool)
    for event in np.unique(events):
        held = events == event
        if linked[~held].any():
            chosen[held] = values[held] >= best_f1(values[~held], linked[~held])[3]
    nested = 2 * (chosen & linked).sum() / max(1, chosen.sum() + linked.sum())
    print(f"{name:36} {f1:.3f}    {precision:.3f}  {recall:.3f}    {nested:.3f}")
    return float(f1)


def held_out() -> dict[tuple[str, str, str], Alike]:
    """Return what networks that had not seen an event say of its pairs, by event and statements."""
    lines = (MODEL / "held_out.tsv").read_text(encoding="utf-8").splitlines()[1:]
    rows = [row.split("\t") for row in lines]
    return {(event, a, b): Alike(float(meaning), float(claim)) for event, a, b, meaning, claim in rows}


def cross_validated(rows: Sequence[Labelled]) -> dict[str, np.ndarray]:
    """Return the probabilities of links by all that the scorer knows and by parts of it, each without its event."""
    linked, events = np.array([row.linked for row in rows]), np.array([row.event for row in rows])
    told = held_out()
    words = np.array([features(*row.pair) for row in rows])
    likely = cross_predict(words, linked, events)
    heard = [told.get((row.event, row.first, row.second)) for row in rows]
    # Which pairs are read was settled by the shipped scorer's words alone; a few of the others were not read.
    asked = np.array([n for n, one in enumerate(heard) if one is not None and ASK_FROM <= likely[n] <= ASK_TO])
    read = np.array([[*words[n], *readings(one)] for n in asked if (one := heard[n]) is not None])

    def without(parts: Sequence[str]) -> np.ndarray:
        plain = [n for n, name in enumerate(FEATURES) if name not in parts]
        kept = [n for n, name in enumerate((*FEATURES, *READINGS)) if name not in parts]
        values = cross_predict(words[:, plain], linked, events)
        if not set(READINGS) <= set(parts):
            values[asked] = cross_predict(read[:, kept], linked[asked], events[asked])
        return values

    only = likely.copy()
    only[asked] = cross_predict(read[:, -len(READINGS) :], linked[asked], events[asked])
    found = {"ours": without([])} | {f"without {name}": without(parts) for name, parts in WITHOUT.items()}
    found["network alone, for pairs it is asked"] = only
    print(f"the network is asked for {len(asked)} of {len(rows)} pairs, with {linked[asked].sum()} of the links")
    return found


def shipped(rows: Sequence[Labelled]) -> dict[str, np.ndarray]:
    started = time.perf_counter()
    found = score_pairs([row.pair for row in rows])
    seconds = time.perf_counter() - started
    articles = {(row.event, name.split("-")[0]) for row in rows for name in (row.first, row.second)}
    print(f"{1000 * seconds / len(articles):.0f} ms an article")
    return {"ours": np.array([one.value for one in found])}


if __name__ == "__main__":
    main()
