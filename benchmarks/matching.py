"""Print how well claims are joined across outlets, on labelled events: `benchmarks/matching.py --data DIR`.

DIR holds `events/` (articles.jsonl, gold/, events/); the scorer is DIR/../eval/score_claims.py. The baseline joins
statements by plain word overlap (Jaccard) at its best threshold, on the same extracted statements. Without --data there
is nothing to measure, and it says so.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from itertools import combinations
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

THRESHOLDS = [n / 20 for n in range(4, 14)]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, help="folder with events/")
    data = parser.parse_args().data
    if data is None:
        print("matching: needs --data DIR with labelled events; nothing measured")
        return
    import tests.services  # noqa: F401 (starts a throwaway database before settings are read)

    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
    os.environ.setdefault("LOG_LEVEL", "WARNING")
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    measure(data)


def measure(data: Path) -> None:
    from django.core.management import call_command

    from claims.services.matching import match_next_revision
    from claims.services.reading import extract_next_revision
    from sources.documents import read_documents
    from sources.importing import import_next, request_import

    request_import("events", documents=read_documents(data / "events" / "articles.jsonl", max_bytes=10_000_000))
    for name, work in (
        ("import", import_next),
        ("extract", extract_next_revision),
        ("match", match_next_revision),
    ):
        started, articles = time.perf_counter(), 0
        while work():
            articles += 1
        seconds = time.perf_counter() - started
        print(f"{name}: articles={articles} seconds={seconds:.2f} ms_per_article={1000 * seconds / articles:.0f}")
    with tempfile.TemporaryDirectory() as folder:
        output = Path(folder) / "claims.jsonl"
        call_command("export_claims", output=str(output), verbosity=0)
        print("ours:")
        print(score(data, output))
        baselines = [(threshold, score(data, overlap_export(Path(folder), threshold))) for threshold in THRESHOLDS]
    threshold, best = max(baselines, key=lambda row: row[1].rsplit("f1=", 1)[1])
    print(f"baseline, word overlap from {threshold}:\n{best}")


def score(data: Path, export: Path) -> str:
    events = data / "events"
    scorer = data.parent / "eval" / "score_claims.py"
    command = [sys.executable, str(scorer), str(events / "gold"), str(events / "events"), str(export)]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


def overlap_export(folder: Path, threshold: float) -> Path:
    """Write claims made by joining stored statements of one event whose word sets overlap enough."""
    import json

    from claims.matching import terms
    from claims.models import Statement

    rows = [
        (s.revision.article.external_id, s, frozenset(terms(s.quote)))
        for s in Statement.objects.select_related("revision__article")
    ]
    events = defaultdict(list)
    for number, (article, _, _) in enumerate(rows):
        events[article.split("/")[0]].append(number)
    claim = list(range(len(rows)))
    for members in events.values():
        for a, b in combinations(members, 2):
            words_a, words_b = rows[a][2], rows[b][2]
            union = len(words_a | words_b)
            if rows[a][0] != rows[b][0] and union and len(words_a & words_b) / union >= threshold:
                old, new = claim[b], claim[a]
                claim = [new if c == old else c for c in claim]
    grouped = defaultdict(list)
    for number, c in enumerate(claim):
        article, statement, _ = rows[number]
        grouped[c].append(
            {"article": article, "start": statement.start, "end": statement.end, "exact": statement.quote}
        )
    path = folder / "overlap.jsonl"
    path.write_text("".join(json.dumps({"text": "", "reports": r}) + "\n" for r in grouped.values()), encoding="utf-8")
    return path


if __name__ == "__main__":
    main()
