"""How long the API takes for a list, a search, a claim and an export, beside plain SQL for the same rows.

    python benchmarks/api.py [--claims 100000] [--small 10000] [--runs 60]

Makes throwaway databases of both sizes (in an embedded PostgreSQL where DATABASE_URL is not set), fills them by COPY,
and asks the API and PostgreSQL in turn. The baseline is one hand-written query, read with psycopg and written with
orjson; of a claim it tells the same, but for the addresses at which the API tells more. The export runs in a process of
its own, which loads what a server does, and whose whole memory is counted.
"""

# Models can be imported only after the services are up and Django is set.
# ruff: noqa: E402

import argparse
import gc
import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
os.environ.setdefault("LOG_LEVEL", "ERROR")

import django

# What the export's process would start runs already.
if "--export" not in sys.argv:
    import tests.services  # noqa: F401 (starts PostgreSQL)

django.setup()

import orjson
import psycopg
from django.db import connection
from django.test import Client
from django.test.utils import setup_test_environment

from benchmarks import _claims
from benchmarks._figures import VARIABLE, note
from benchmarks._memory import peak_mib
from claims.models import Attribution, Claim
from sources.models import Article

#: The aim for the 95th percentile of each question, in milliseconds.
AIMS_MS = {
    **dict.fromkeys(("list of 50", "list, outlets_min=2"), 60),
    "claim": 30,
    **dict.fromkeys(("search, commonest word", "search, two words", "search, rare word"), 120),
}
RATIO_MAX, GROWTH_MAX, EXPORT_MIN, EXPORT_MAX_MIB = 2, 2, 10_000, 150
MENTION = "json_build_object('uid', o.uid, 'slug', o.slug, 'name', o.name)"
ROWS = f"""
    SELECT c.uid, c.text, c.language, c.said_on, k.level, k.disputed, k.report_count, k.outlet_count, k.origin_count,
        k.origin_lower_bound, k.exact, k.first_published_at, k.last_published_at, k.computed_at,
        json_build_object('uid', s.uid, 'name', s.name) AS speaker,
        (SELECT json_agg(json_build_object('uid', t.uid, 'slug', t.slug, 'name', t.name) ORDER BY t.name)
            FROM claims_claimtopic ct JOIN claims_topic t ON t.id = ct.topic_id WHERE ct.claim_id = c.id) AS topics,
        (SELECT json_agg({MENTION} ORDER BY o.name)
            FROM claims_corroboration_outlets ko JOIN sources_outlet o ON o.id = ko.outlet_id
            WHERE ko.corroboration_id = k.id) AS outlets,
        (SELECT json_agg({MENTION} ORDER BY o.name)
            FROM claims_corroboration_origins ko JOIN sources_outlet o ON o.id = ko.outlet_id
            WHERE ko.corroboration_id = k.id) AS origins
    FROM claims_claim c
    JOIN claims_corroboration k ON k.claim_id = c.id AND k.basis = 'counted'
    JOIN claims_speaker s ON s.id = c.speaker_id
"""  # noqa: S608 (the SQL is ours)
LISTED = "c.merged_into_id IS NULL AND k.outlet_count > 0"
NEWEST = "ORDER BY k.first_published_at DESC NULLS LAST, c.id DESC LIMIT 50"
REPORTS = f"""
    SELECT a.uid, a.stance, a.status, a.score, st.uid AS statement, st.start, st."end", st.quote, st.kind,
        substr(r.text, st.start + 1, st."end" - st.start) AS exact, ar.title, ar.url, ar.published_at,
        {MENTION} AS outlet
    FROM claims_attribution a JOIN claims_claim c ON c.id = a.claim_id
    JOIN claims_statement st ON st.id = a.statement_id JOIN sources_revision r ON r.id = st.revision_id
    JOIN sources_article ar ON ar.id = r.article_id AND ar.current_revision_id = r.id
    JOIN sources_outlet o ON o.id = ar.outlet_id
    WHERE c.uid = %(uid)s AND a.status <> 'rejected' AND st.withdrawn_at IS NULL ORDER BY ar.published_at, st.start
"""  # noqa: S608 (the SQL is ours)


def times_ms(ask: Callable[[], object], runs: int) -> list[float]:
    """Return how long it takes, in milliseconds, sorted; the first three times warm up and are left out."""
    times = []
    for run in range(runs + 3):
        started = time.perf_counter()
        ask()
        if run > 2:
            times.append((time.perf_counter() - started) * 1000)
    return sorted(times)


def p95(times: list[float]) -> float:
    return times[min(len(times) - 1, int(0.95 * len(times)))]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--claims", type=int, default=100_000)
    parser.add_argument("--small", type=int, default=10_000, help="size that growth is measured from")
    parser.add_argument("--runs", type=int, default=60)
    parser.add_argument("--export", metavar="DATABASE", help=argparse.SUPPRESS)
    options = parser.parse_args()

    setup_test_environment()
    if options.export:
        export(options.export)
        return
    small = measured(options.small, options.runs)
    large = measured(options.claims, options.runs, noted=True)
    print(f"growth of p95 from {options.small:,} to {options.claims:,} claims (aim: {GROWTH_MAX})")
    for name in large:
        print(f"{name:<32}{large[name] / small[name]:>10.2f}")
    for name in ("list of 50", "claim"):
        grown = f"API, {name}: p95 from {options.small:,} to {options.claims:,} claims"
        note(grown, large[name] / small[name], "times", at_most=GROWTH_MAX)


def measured(claims: int, runs: int, *, noted: bool = False) -> dict[str, float]:
    """Fill a database of its own, print what is measured in it, and return the p95 of each question.

    noted: for the table of all figures.
    """
    connection.creation.create_test_db(verbosity=0, autoclobber=True)
    try:
        words = _claims.fill(claims)
        with connection.cursor() as cursor:
            # The rows came without triggers; as if each claim had changed once.
            cursor.execute(
                "INSERT INTO claims_change (transaction, resource, uid)"
                " SELECT pg_current_xact_id()::text::bigint, 'claims', uid FROM claims_claim"
            )
        return measure(words, runs, noted=noted)
    finally:
        connection.creation.destroy_test_db(connection.settings_dict["NAME"], verbosity=0)
        # The next one is made beside the database that this one was made beside.
        connection.settings_dict["NAME"] = ORIGINAL_NAME


ORIGINAL_NAME = connection.settings_dict["NAME"]


def measure(words: list[str], runs: int, *, noted: bool) -> dict[str, float]:
    client = Client()
    client.get("/api/v1/claims/?limit=1")
    # As config/gunicorn.py does once what answers requests is loaded.
    gc.collect()
    gc.freeze()
    claim = Claim.objects.filter(corroborations__basis="counted", corroborations__outlet_count__gte=4).first()
    questions: list[tuple[str, str, dict[str, Any], str]] = [
        ("list of 50", "claims/", {}, f"{ROWS} WHERE {LISTED} {NEWEST}"),
        (
            "list, outlets_min=2",
            "claims/",
            {"outlets_min": 2},
            f"{ROWS} WHERE {LISTED} AND k.outlet_count >= 2 {NEWEST}",
        ),
        ("claim", f"claims/{claim.uid}/", {}, f"{ROWS} WHERE c.uid = %(uid)s"),
        ("corroboration", f"claims/{claim.uid}/corroboration/", {}, REPORTS),
        ("search, commonest word", "claims/", {"q": words[0]}, ""),
        ("search, two words", "claims/", {"q": f"{words[20]} {words[50]}"}, ""),
        ("search, rare word", "claims/", {"q": words[5000]}, ""),
        ("changes, page of 200", "changes/", {"resource": "claims"}, ""),
    ]
    settings = connection.settings_dict
    found = {}
    with psycopg.connect(
        dbname=settings["NAME"],
        user=settings["USER"] or None,
        password=settings["PASSWORD"] or None,
        host=settings["HOST"] or settings["OPTIONS"].get("host"),
        port=settings["PORT"] or None,
        autocommit=True,
        row_factory=psycopg.rows.dict_row,
    ) as plain:
        total = Claim.objects.count()
        print(f"{total:,} claims, {Attribution.objects.count():,} reports, {Article.objects.count():,} articles")
        print(f"{'ms, of ' + str(runs):<32}{'API p95':>10}{'median':>10}{'SQL p95':>10}{'median':>10}{'ratio':>8}")
        for name, path, parameters, rows in questions:
            address = f"/api/v1/{path}?{urlencode(parameters)}"

            def by_api(address: str = address) -> bytes:
                response = client.get(address)
                if response.status_code != 200:
                    raise SystemExit(f"{address} answered {response.status_code}: {response.content[:500]!r}")
                return response.content

            def by_sql(rows: str = rows) -> bytes:
                return orjson.dumps({"results": plain.execute(rows, {"uid": claim.uid}).fetchall()})

            if rows and path == "claims/":
                api = [row["uid"] for row in json.loads(by_api())["results"]]
                if api != [row["uid"] for row in json.loads(by_sql())["results"]]:
                    raise SystemExit(f"{address}: the API and the query do not answer the same")
            api_ms = times_ms(by_api, runs)
            found[name] = p95(api_ms)
            if noted:
                note(f"API, {total:,} claims: {name}, p95", p95(api_ms), "ms", at_most=AIMS_MS.get(name))
            line = f"{name:<32}{p95(api_ms):>10.1f}{statistics.median(api_ms):>10.1f}"
            if rows:
                sql_ms = times_ms(by_sql, runs)
                ratio = statistics.median(api_ms) / statistics.median(sql_ms)
                line += f"{p95(sql_ms):>10.1f}{statistics.median(sql_ms):>10.1f}{ratio:>8.2f}"
                if noted:
                    half, plain_ms = statistics.median(api_ms), statistics.median(sql_ms)
                    what = f"API, {total:,} claims: {name}, median"
                    note(what, half, "ms", baseline=plain_ms, against="SQL and orjson")
                if noted and name == "list of 50":
                    note(f"API, {total:,} claims: {name}, beside plain SQL", ratio, "times", at_most=RATIO_MAX)
            print(line, flush=True)
    print_export(settings["NAME"], noted=noted)
    return found


def print_export(database: str, *, noted: bool) -> None:
    environ = os.environ if noted else {name: value for name, value in os.environ.items() if name != VARIABLE}
    for form in ("jsonl", "csv"):
        subprocess.run([sys.executable, __file__, "--export", f"{database}:{form}"], check=True, env=environ)


def export(what: str) -> None:
    """Read the whole export as a client does, and print how fast it came and what the process took at most."""
    connection.settings_dict["NAME"], form = what.split(":")
    client = Client()
    client.get("/api/v1/claims/?limit=1")
    before = peak_mib()
    started, lines, size = time.perf_counter(), 0, 0
    response = client.get(f"/api/v1/claims/?format={form}")
    for part in response.streaming_content:
        lines += part.count(b"\n")
        size += len(part)
    took = time.perf_counter() - started
    peak = peak_mib()
    print(
        f"export as {form}: {lines:,} lines, {size / 1e6:,.0f} MB, {lines / took:,.0f} claims/s (aim: {EXPORT_MIN:,}), "
        f"{peak:,.0f} MiB, of which {before:,.0f} before it began (aim: {EXPORT_MAX_MIB})",
        flush=True,
    )
    note(f"API, export as {form}", lines / took, "claims/s", at_least=EXPORT_MIN)
    note(f"API, memory of the export as {form}", peak, "MiB", at_most=EXPORT_MAX_MIB)


if __name__ == "__main__":
    main()
