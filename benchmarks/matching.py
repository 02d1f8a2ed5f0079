"""Print how well claims are joined across outlets, and how long that takes beside ever more stored statements.

    benchmarks/matching.py --data DIR                      labelled events
    benchmarks/matching.py --rows 10000 100000 1000000     time and memory, on made-up statements (1,000 and 10,000)
    benchmarks/matching.py --rows 100000 --alternatives    also other ways to search for candidates

DIR holds `events/` (articles.jsonl, gold/, events/); the scorer is DIR/../eval/score_claims.py. The baseline joins
statements by plain word overlap (Jaccard) at its best threshold, on the same extracted statements.

The statements of the second part are described in benchmarks/_statements.py. An article of twenty is matched to them a
hundred times: nine of its statements repeat known claims in partly other words, one is a copy of a flood, ten are new.
processor_ms is what the worker and its database session have worked, whatever else ran on the machine.
"""

import argparse
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
import uuid
from collections import defaultdict
from concurrent.futures import ProcessPoolExecutor
from datetime import timedelta
from itertools import combinations
from multiprocessing import get_context
from pathlib import Path

import psutil

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks._figures import note
from benchmarks._statements import (
    FLOODED,
    PER_ARTICLE,
    Loader,
    Made,
    Writer,
    noon,
    statement_row,
    text_of,
)

GROWTH_MAX, P95_MAX_MS, MEMORY_MAX_MIB = 2, 150, 700
#: Of links between labelled statements; and of claims.
PRECISION_MIN, F1_MIN, RECOVERED_MIN = 0.70, 0.55, 0.65
#: Articles matched before the clock runs.
WARM_UP = 10
#: Days from the reports that a new article repeats to itself, at most.
SPREAD = 10
THRESHOLDS = [n / 20 for n in range(4, 14)]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, help="folder with events/")
    parser.add_argument("--rows", type=int, nargs="+", default=[1_000, 10_000], help="stored statements")
    parser.add_argument("--runs", type=int, default=100, help="articles matched at each size")
    parser.add_argument("--alternatives", action="store_true", help="also measure other ways to find candidates")
    options = parser.parse_args()
    import tests.services  # noqa: F401 (starts a throwaway database before settings are read)

    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
    os.environ.setdefault("LOG_LEVEL", "WARNING")
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    if options.data is not None:
        measure(options.data)
    measure_scale(sorted(options.rows), runs=options.runs, alternatives=options.alternatives)


def measure_scale(sizes: list[int], *, runs: int, alternatives: bool) -> None:
    """Print how long one new article of 20 statements takes to match beside more and more stored ones."""
    from django.core.management import call_command
    from django.db import connection

    call_command("flush", verbosity=0, interactive=False)
    loader = Loader(Writer())
    stored = 0
    medians = []
    for size in sizes:
        started = time.perf_counter()
        loader.load(size - stored)
        stored = size
        print(f"rows={size} made_in_seconds={time.perf_counter() - started:.0f}", flush=True)
        connection.close()
        # A process of its own, whose memory is that of a worker.
        with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as worker:
            figures = worker.submit(match_articles, loader.writer, runs, alternatives).result()
        medians.append(figures["median_ms"])
        print(f"rows={size} " + " ".join(f"{name}={value}" for name, value in figures.items()), flush=True)
        name = f"matching beside {size:,} statements"
        note(f"{name}, median", figures["median_ms"], "ms")
        note(f"{name}, p95", figures["p95_ms"], "ms", at_most=P95_MAX_MS)
        note(f"{name}, then renewed", figures["then_renewed_in_ms"], "ms")
        note(f"{name}, then compared, median", figures["then_compared_in_ms"], "ms")
        note(f"{name}, memory of a worker", figures["memory_mib"], "MiB", at_most=MEMORY_MAX_MIB)
        note(f"{name}, known claims joined", figures["repeated_claims_joined"])
    print(f"median at {sizes[-1]} rows is {medians[-1] / medians[0]:.2f} times that at {sizes[0]}")
    if len(sizes) > 1:
        grown = f"matching, median from {sizes[0]:,} to {sizes[-1]:,} statements"
        note(grown, medians[-1] / medians[0], "times", at_most=GROWTH_MAX)


def match_articles(writer: Writer, runs: int, alternatives: bool) -> dict[str, float]:
    """Match new articles one by one; return milliseconds, the part of repeated claims found, and memory in MiB."""
    import django

    django.setup()
    from claims.services.comparing import compare_revision
    from claims.services.matching import match_revision
    from claims.services.renewing import AT_ONCE, renew_claims

    samples, renewed, compared, spent, found, sought = [], [], [], [], 0, 0
    waiting: list[int] = []
    for run in range(WARM_UP + runs):
        revision, expected = store_article(writer)
        started, working = time.perf_counter(), processor_seconds()
        match_revision(revision)
        waiting.append(revision)
        if run >= WARM_UP:
            samples.append(1000 * (time.perf_counter() - started))
            spent.append(1000 * (processor_seconds() - working))
        if len(waiting) == AT_ONCE:
            started = time.perf_counter()
            renew_claims(waiting)
            renewed.append(1000 * (time.perf_counter() - started) / AT_ONCE)
            waiting.clear()
        if run >= WARM_UP:
            started = time.perf_counter()
            compare_revision(revision)
            compared.append(1000 * (time.perf_counter() - started))
            sought += len(expected)
            found += len(expected & reported_claims(revision))
    samples.sort()
    if alternatives:
        compare_alternatives(writer)
    return {
        "articles": runs,
        "median_ms": round(statistics.median(samples), 1),
        "p95_ms": round(samples[int(0.95 * len(samples))], 1),
        "then_renewed_in_ms": round(statistics.mean(renewed), 1),
        "then_compared_in_ms": round(statistics.median(compared), 1),
        "processor_ms": round(statistics.mean(spent), 1),
        "repeated_claims_joined": round(found / sought, 3),
        "memory_mib": round(psutil.Process().memory_info().rss / 2**20),
    }


def processor_seconds() -> float:
    """Return what this process and its database session have worked, waiting for others apart."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        [(session,)] = cursor.fetchall()
    used = psutil.Process(session).cpu_times()
    return time.process_time() + used.user + used.system


def store_article(writer: Writer) -> tuple[int, set[int]]:
    """Store a read article of 20 statements, half of them of known claims; return its revision and those claims."""
    from claims.extraction import EXTRACTOR_VERSION
    from claims.models import Extraction, Statement
    from sources.models import Article, Revision, Snapshot

    known = known_statements(writer)
    day = known[0].day + timedelta(days=SPREAD)
    made = [writer.repeat(each, day) for each in known[:9]] + [writer.copy(day)]
    made += [writer.fresh(day) for _ in range(PER_ARTICLE - len(made))]
    name = uuid.uuid4()
    article = Article.objects.create(
        uid=name, identity=f"new:{name}", outlet_id=1, title="New", language="en", published_at=noon(day)
    )
    snapshot = Snapshot.objects.create(uid=uuid.uuid4(), article=article, body=b"", captured_at=noon(day))
    revision = Revision.objects.create(
        uid=uuid.uuid4(), article=article, snapshot=snapshot, number=1, text=text_of(made), method="made"
    )
    article.current_revision = revision
    article.save()
    rows = [statement_row(None, each, revision.pk, place) for place, each in enumerate(made)]
    Statement.objects.bulk_create(Statement(uid=uuid.uuid4(), **row) for row in rows)
    Extraction.objects.create(revision=revision, version=EXTRACTOR_VERSION, state=Extraction.State.EXTRACTED)
    return revision.pk, {each.claim for each in made[:10]}


def known_statements(writer: Writer) -> list[Made]:
    """Return nine stored statements that were published within SPREAD days of each other, no copies."""
    from claims.models import Attribution

    day = writer.any_day()
    rows = (
        Attribution.objects.filter(
            method="made",
            statement__revision__article__published_at__range=(noon(day), noon(day + timedelta(days=SPREAD))),
        )
        .exclude(claim=FLOODED)
        .order_by("?")
        .values_list("statement__speaker", "statement__terms", "claim")[:9]
    )
    return [Made(speaker, tuple(words), day, claim) for speaker, words, claim in rows]


SOUGHT = """WITH sought AS MATERIALIZED (SELECT n, who, said, string_to_array(line, ' ') AS words
    FROM unnest(%(n)s::int[], %(who)s::bigint[], %(said)s::text[], %(words)s::text[]) AS sought (n, who, said, line))"""
#: One query an article each, as SQL over a table that has all a search needs. `sought` has an article's statements.
ALTERNATIVES = {
    "GIN on words": (
        "CREATE INDEX ON alternative USING gin (terms)",
        """SELECT n, claim, count(*) FROM sought JOIN alternative ON terms && words AND day BETWEEN %(day)s - 30
           AND %(day)s + 30 GROUP BY n, claim""",
    ),
    "B-tree on speaker and day": (
        "CREATE INDEX ON alternative (speaker, day)",
        """SELECT n, claim, 1 FROM sought CROSS JOIN LATERAL (
               SELECT claim FROM alternative WHERE speaker = who AND day BETWEEN %(day)s - 30 AND %(day)s
               ORDER BY day DESC LIMIT 20) AS near""",
    ),
    "pg_trgm": (
        "CREATE INDEX ON alternative USING gin (quote gin_trgm_ops)",
        """SELECT n, claim, similarity FROM sought CROSS JOIN LATERAL (
               SELECT claim, similarity(quote, said) FROM alternative WHERE quote %% said
               AND day BETWEEN %(day)s - 30 AND %(day)s + 30 ORDER BY 2 DESC LIMIT 20) AS near""",
    ),
    "full text": (
        "CREATE INDEX ON alternative USING gin (to_tsvector('simple', quote))",
        """SELECT n, claim, rank FROM sought CROSS JOIN LATERAL (
               SELECT claim, ts_rank(to_tsvector('simple', quote), query) AS rank
               FROM alternative, to_tsquery('simple', array_to_string(words, '|')) AS query
               WHERE to_tsvector('simple', quote) @@ query AND day BETWEEN %(day)s - 30 AND %(day)s + 30
               ORDER BY 2 DESC LIMIT 20) AS near""",
    ),
}


def compare_alternatives(writer: Writer, *, runs: int = 8) -> None:
    """Print how long other searches take for one article, and which part of the repeated claims they find."""
    from django.db import connection

    from claims.matching import rarest
    from claims.models import Statement
    from claims.services.candidates import find_claims
    from sources.models import Revision

    articles = []
    for _ in range(runs):
        revision, expected = store_article(writer)
        published = Revision.objects.get(pk=revision).article.published_at.date()
        statements = list(Statement.objects.filter(revision=revision).select_related("speaker").order_by("start"))
        articles.append((statements, published, expected))
    samples, right, width = [], 0, 0
    for statements, published, expected in articles:
        started = time.perf_counter()
        found = find_claims(statements, published)
        samples.append(1000 * (time.perf_counter() - started))
        claims = {claim for near in found.values() for claim in near}
        right += len(claims & expected)
        width += len(claims)
    sought = sum(len(expected) for _, _, expected in articles)
    print_alternative("postings", 0, samples, right / sought, width / runs)
    with connection.cursor() as cursor:
        cursor.execute(
            """CREATE UNLOGGED TABLE alternative AS
               SELECT a.claim_id AS claim, s.speaker_id AS speaker, s.quote, s.terms::text[] AS terms,
                   p.published_at::date AS day
               FROM claims_attribution a JOIN claims_statement s ON s.id = a.statement_id
               JOIN sources_article p ON p.current_revision_id = s.revision_id; ANALYZE alternative"""
        )
        for name, (index, search) in ALTERNATIVES.items():
            query = f"{SOUGHT} {search}"
            started = time.perf_counter()
            cursor.execute(index)
            built = time.perf_counter() - started
            samples, right, width = [], 0, 0
            for statements, published, expected in articles:
                values: dict[str, object] = {"day": published}
                values["n"] = list(range(len(statements)))
                values["who"] = [statement.speaker_id for statement in statements]
                values["said"] = [statement.quote for statement in statements]
                values["words"] = [" ".join(rarest(statement.terms)) for statement in statements]
                started = time.perf_counter()
                cursor.execute(query, values)
                claims = {claim for _, claim, _ in cursor.fetchall()}
                samples.append(1000 * (time.perf_counter() - started))
                right += len(claims & expected)
                width += len(claims)
            print_alternative(name, built, samples, right / sought, width / runs)
        cursor.execute("DROP TABLE alternative")


def print_alternative(name: str, built: float, samples: list[float], recall: float, width: float) -> None:
    print(
        f"  {name}: index_s={built:.0f} median_ms={statistics.median(samples):.0f} max_ms={max(samples):.0f} "
        f"claims_found={recall:.2f} claims_to_compare={width:.0f}",
        flush=True,
    )


def reported_claims(revision: int) -> set[int]:
    from claims.models import Attribution

    return set(Attribution.objects.filter(statement__revision=revision).values_list("claim", flat=True))


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
        ours = score(data, output)
        print(ours)
        baselines = [(threshold, score(data, overlap_export(Path(folder), threshold))) for threshold in THRESHOLDS]
    threshold, best = max(baselines, key=lambda row: row[1].rsplit("f1=", 1)[1])
    print(f"baseline, word overlap from {threshold}:\n{best}")
    for what, least, place in (
        ("links, precision", PRECISION_MIN, r"^links:.* precision=([\d.]+)"),
        ("links, recall", None, r"^links:.* recall=([\d.]+)"),
        ("links, F1", F1_MIN, r"^links:.* f1=([\d.]+)"),
        ("recovered", RECOVERED_MIN, r"^claims:.* \(([\d.]+)\)"),
    ):
        value, baseline = (float(re.findall(place, told, re.MULTILINE)[0]) for told in (ours, best))
        note(f"claims of labelled events: {what}", value, at_least=least, baseline=baseline, against="word overlap")


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
