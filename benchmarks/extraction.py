"""Speed, memory and scores of statement extraction: `python benchmarks/extraction.py --data DIR`.

DIR holds `polnear/` (text, .ann, metadata.tsv) and may hold `events/` (labelled statements); the PolNeAR scorer is
loaded from DIR/../eval. Words per second are measured beside the bare parser on the same texts in the same process.
"""

import argparse
import importlib.util
import json
import resource
import sys
import time
from collections.abc import Iterable
from pathlib import Path
from types import ModuleType
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from claims.extraction import ExtractedStatement, extract
from claims.extraction.language import parser

# What others reach on the same 84 articles, by the same scorer: partial F1, attribution F1.
PEERS = {"textacy 0.13": (31.7, 27.0), "JournalismAI": (19.9, 16.0), "SFU GenderGapTracker": (56.6, 40.9)}


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--data", type=Path, required=True)
    arguments.add_argument("--compartment", default="dev")
    options = arguments.parse_args()
    started = time.perf_counter()
    parser()
    print(f"start-up: {time.perf_counter() - started:.1f} s")
    corpus = options.data / "polnear"
    texts = {
        path.stem: path.read_bytes().decode("utf-8")
        for path in sorted((corpus / options.compartment / "text").glob("*.txt"))
    }
    speed(texts)
    score(corpus, options.compartment, texts, options.data.parent / "eval")
    endure()
    if (options.data / "events").is_dir():
        score_events(options.data / "events")
    print(f"peak memory: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MiB")


def speed(texts: dict[str, str]) -> None:
    words = sum(len(text.split()) for text in texts.values())
    started = time.perf_counter()
    for text in texts.values():
        for _ in parser().pipe((line for line in text.split("\n") if line.strip()), batch_size=64):
            pass
    bare = words / (time.perf_counter() - started)
    started = time.perf_counter()
    for text in texts.values():
        extract(text)
    ours = words / (time.perf_counter() - started)
    print(f"speed: {ours:,.0f} words/s end to end; bare parser {bare:,.0f} words/s ({words:,} words, one process)")


def endure() -> None:
    """Print the time and peak memory of texts that no one writes, and of one with 4,000 statements."""
    texts = {
        "1 MB of one quoted letter": '"a" ' * 250_000,
        "1 MB of one quoted word": 'He said "no" ' * 77_000,
        "4,000 statements": "".join(f"Maria Lopez said the dam number {number} was safe. " for number in range(4000)),
    }
    for name, text in texts.items():
        started = time.perf_counter()
        found = len(extract(text))
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(f"{name}: {time.perf_counter() - started:.1f} s, {found} statements, peak so far {peak:.0f} MiB")


def score(corpus: Path, compartment: str, texts: dict[str, str], scorers: Path) -> None:
    scorer = _load(scorers, "score_attribution")
    predictions = {
        name: [_spans(statement) for statement in extract(text, split_sentences=False)] for name, text in texts.items()
    }
    result = scorer.score(str(corpus), compartment, predictions)
    scorer.show(result, f"PolNeAR {compartment}")
    for name, (partial, attribution) in PEERS.items():
        print(f"  baseline {name}: partial {partial}, attribution {attribution}")


def score_events(events: Path) -> None:
    labelled = hit = found = right = 0
    for path in sorted((events / "gold").glob("*.json")):
        gold = json.loads(path.read_text(encoding="utf-8"))
        for article in json.loads((events / "events" / path.name).read_text(encoding="utf-8"))["articles"]:
            text = article["text"]
            marked = [
                (start, start + len(row["exact"]))
                for row in gold["statements"]
                if row["article"] == article["id"]
                for start in [row.get("start", text.find(row["exact"]))]
            ]
            ours = [(s.content[0].start, s.content[-1].end) for s in extract(text) if s.act != "attitude"]
            labelled += len(marked)
            found += len(ours)
            hit += sum(any(_match(span, other) for other in ours) for span in marked)
            right += sum(any(_match(span, other) for other in marked) for span in ours)
    recall, precision = hit / labelled, right / found
    print(f"events, without attitudes: {labelled} labelled, recall {recall:.3f}, precision {precision:.3f}")


def _match(a: tuple[int, int], b: tuple[int, int]) -> bool:
    common = min(a[1], b[1]) - max(a[0], b[0])
    return common > 0 and 2 * common >= min(a[1] - a[0], b[1] - b[0])


def _spans(statement: ExtractedStatement) -> dict[str, Any]:
    def pairs(spans: Iterable[Any]) -> list[tuple[int, int]]:
        return [(span.start, span.end) for span in spans]

    return {"content": pairs(statement.content), "source": pairs(statement.source), "cue": pairs(statement.cue)}


def _load(folder: Path, name: str) -> ModuleType:
    sys.path.insert(0, str(folder))
    spec = importlib.util.spec_from_file_location(name, folder / f"{name}.py")
    if spec is None or spec.loader is None:
        raise SystemExit(f"{folder / name}.py is missing: --data must stand beside the folder eval")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


if __name__ == "__main__":
    main()
