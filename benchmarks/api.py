"""How long the API takes for a list, a search, a claim and its corroboration, beside plain SQL for the same rows.

    python benchmarks/api.py [--claims 20000] [--runs 20]

Makes a throwaway database (in an embedded PostgreSQL where DATABASE_URL is not set), fills it, and asks both ways in
turn. The baseline is one hand-written query, read with psycopg and written with json. Prints medians.
"""

# Models can be imported only after the services are up and Django is set; chance here makes rows, not secrets.
# ruff: noqa: E402, S311

import argparse
import json
import os
import random
import statistics
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlencode

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
os.environ.setdefault("LOG_LEVEL", "ERROR")

import django

import tests.services  # noqa: F401 (starts PostgreSQL)

django.setup()

import pgtrigger
import psycopg
from django.db import connection
from django.test import Client
from django.test.utils import setup_test_environment
from tqdm import tqdm

from claims.models import Attribution, Claim, ClaimTopic, Corroboration, Speaker, Statement, StatementSpan, Topic
from sources.identity import sha256_hex, uid_for
from sources.models import Article, Outlet, Revision, Snapshot

OUTLETS, SPEAKERS, TOPICS = 200, 500, 20
CLAIMS_PER_ARTICLE = 10
BATCH = 2000
#: Made of letters, so that a search meets the number of claims that a word of ordinary news would.
WORDS = ["".join(random.Random(number).choices("aeioulmnrst", k=6)) for number in range(3000)]

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
COUNTED = "FROM claims_claim c JOIN claims_corroboration k ON k.claim_id = c.id AND k.basis = 'counted'"
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


def fill(claims: int) -> None:
    """Store `claims` claims with one to six reports each, and the articles that carry them."""
    chance = random.Random(1)
    with pgtrigger.ignore():
        _fill(claims, chance)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _fill(claims: int, chance: random.Random) -> None:
    outlets = Outlet.objects.bulk_create(
        Outlet(uid=uid_for("outlet", str(n)), slug=f"outlet-{n}", name=f"Outlet {n}") for n in range(OUTLETS)
    )
    speakers = Speaker.objects.bulk_create(
        Speaker(uid=uid_for("speaker", str(n)), name=f"Speaker {n}") for n in range(SPEAKERS)
    )
    topics = Topic.objects.bulk_create(
        Topic(uid=uid_for("topic", str(n)), slug=f"topic-{n}", name=f"Topic {n}") for n in range(TOPICS)
    )
    with tqdm(total=claims, unit=" claims", file=sys.stderr, disable=None) as bar:
        for first in range(0, claims, BATCH):
            numbers = range(first, min(first + BATCH, claims))
            _fill_batch(numbers, chance, outlets, speakers, topics)
            bar.update(len(numbers))


def _fill_batch(
    numbers: range, chance: random.Random, outlets: list[Outlet], speakers: list[Speaker], topics: list[Topic]
) -> None:
    now = datetime(2026, 1, 1, tzinfo=UTC)
    rows = Claim.objects.bulk_create(
        Claim(
            uid=uid_for("claim", str(n)),
            speaker=chance.choice(speakers),
            text=" ".join(chance.choices(WORDS, k=14)) + ".",
            method="benchmark",
        )
        for n in numbers
    )
    ClaimTopic.objects.bulk_create(
        ClaimTopic(claim=claim, topic=topic, method="benchmark")
        for claim in rows
        for topic in chance.sample(topics, k=chance.randint(0, 2))
    )
    # Claims of one group stand in the same articles, as claims of one story do.
    groups = [rows[start : start + CLAIMS_PER_ARTICLE] for start in range(0, len(rows), CLAIMS_PER_ARTICLE)]
    stories = [(group, chance.sample(outlets, k=chance.randint(1, 6))) for group in groups]
    articles = [
        Article(
            uid=uid_for("article", str(group[0].uid), outlet.slug),
            outlet=outlet,
            identity=f"id:{group[0].pk}",
            external_id=f"{group[0].pk}",
            title=group[0].text[:80],
            published_at=now - timedelta(minutes=chance.randint(0, 1_000_000)),
        )
        for group, printing in stories
        for outlet in printing
    ]
    texts = ["\n\n".join(claim.text for claim in group) for group, printing in stories for _ in printing]
    Article.objects.bulk_create(articles)
    snapshots = Snapshot.objects.bulk_create(
        Snapshot(
            article=article,
            body=text.encode(),
            media_type="text/plain",
            sha256=sha256_hex(text.encode()),
            captured_at=now,
        )
        for article, text in zip(articles, texts, strict=True)
    )
    revisions = Revision.objects.bulk_create(
        Revision(
            uid=uid_for("revision", str(article.uid)),
            article=article,
            snapshot=snapshot,
            number=1,
            text=text,
            sha256=snapshot.sha256,
            method="benchmark",
        )
        for article, snapshot, text in zip(articles, snapshots, texts, strict=True)
    )
    for article, revision in zip(articles, revisions, strict=True):
        article.current_revision = revision
    Article.objects.bulk_update(articles, ["current_revision"])
    _fill_reports(stories, iter(revisions), now)


def _fill_reports(stories: list[tuple[list[Claim], list[Outlet]]], revisions, now: datetime) -> None:
    statements, carried, summaries, reporting = [], [], [], []
    for group, printing in stories:
        dates = []
        for _ in printing:
            revision = next(revisions)
            dates.append(revision.article.published_at)
            start = 0
            for claim in group:
                end = start + len(claim.text)
                statement = Statement(
                    uid=uid_for("statement", str(revision.uid), f"{start}-{end}"),
                    revision=revision,
                    speaker=claim.speaker,
                    kind=Statement.Kind.INDIRECT,
                    start=start,
                    end=end,
                    content_key=f"{start}-{end}",
                    quote=claim.text,
                    confidence=0.9,
                    method="benchmark",
                )
                statements.append(statement)
                carried.append(claim)
                start = end + 2
        for claim in group:
            for basis, shown in (("counted", printing), ("confirmed", [])):
                summary = Corroboration(
                    claim=claim,
                    basis=basis,
                    level=["unreported", "single", "corroborated"][min(len(shown), 2)],
                    report_count=len(shown),
                    outlet_count=len(shown),
                    origin_count=len(shown),
                    origin_lower_bound=len(shown),
                    first_published_at=min(dates) if shown else None,
                    last_published_at=max(dates) if shown else None,
                    computed_at=now,
                )
                summaries.append(summary)
                reporting += [(summary, outlet) for outlet in shown]
    Statement.objects.bulk_create(statements)
    StatementSpan.objects.bulk_create(
        StatementSpan(statement=statement, role="content", start=statement.start, end=statement.end)
        for statement in statements
    )
    Attribution.objects.bulk_create(
        Attribution(
            uid=uid_for("attribution", str(statement.uid)),
            statement=statement,
            claim=claim,
            score=1.0,
            method="benchmark",
        )
        for statement, claim in zip(statements, carried, strict=True)
    )
    Corroboration.objects.bulk_create(summaries)
    for through in (Corroboration.outlets.through, Corroboration.origins.through):
        through.objects.bulk_create(
            through(corroboration_id=summary.pk, outlet_id=outlet.pk) for summary, outlet in reporting
        )


def median_ms(ask: Callable[[], object], runs: int) -> float:
    ask()
    times = []
    for _ in range(runs):
        started = time.perf_counter()
        ask()
        times.append((time.perf_counter() - started) * 1000)
    return statistics.median(times)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--claims", type=int, default=20_000)
    parser.add_argument("--runs", type=int, default=20)
    options = parser.parse_args()

    setup_test_environment()
    connection.creation.create_test_db(verbosity=0, autoclobber=True)
    try:
        fill(options.claims)
        measure(options.claims, options.runs)
    finally:
        connection.creation.destroy_test_db(connection.settings_dict["NAME"], verbosity=0)


def measure(claims: int, runs: int) -> None:
    client = Client()
    claim = Claim.objects.filter(corroborations__basis="counted", corroborations__outlet_count=6).order_by("pk").first()
    word = WORDS[7]
    searched = "(c.search @@ websearch_to_tsquery('english', %(word)s) OR upper(c.text) LIKE upper(%(like)s))"
    questions = [
        ("list of 50", "claims/", {}, f"{ROWS} WHERE {LISTED} {NEWEST}", f"SELECT count(*) {COUNTED} WHERE {LISTED}"),
        (
            "list, outlets_min=2",
            "claims/",
            {"outlets_min": 2},
            f"{ROWS} WHERE {LISTED} AND k.outlet_count >= 2 {NEWEST}",
            f"SELECT count(*) {COUNTED} WHERE {LISTED} AND k.outlet_count >= 2",
        ),
        (
            f"list, q={word}",
            "claims/",
            {"q": word},
            f"{ROWS} WHERE {LISTED} AND {searched} "
            "ORDER BY ts_rank(c.search, websearch_to_tsquery('english', %(word)s)) DESC, k.origin_count DESC, c.id "
            "LIMIT 50",
            f"SELECT count(*) {COUNTED} WHERE {LISTED} AND {searched}",
        ),
        ("claim", f"claims/{claim.uid}/", {}, f"{ROWS} WHERE c.uid = %(uid)s", ""),
        ("corroboration", f"claims/{claim.uid}/corroboration/", {}, REPORTS, ""),
    ]
    values = {"word": word, "like": f"%{word}%", "uid": claim.uid}
    settings = connection.settings_dict
    with psycopg.connect(
        dbname=settings["NAME"],
        user=settings["USER"] or None,
        password=settings["PASSWORD"] or None,
        host=settings["HOST"] or settings["OPTIONS"].get("host"),
        port=settings["PORT"] or None,
        autocommit=True,
        row_factory=psycopg.rows.dict_row,
    ) as plain:
        print(f"{claims:,} claims, {Attribution.objects.count():,} reports, {Article.objects.count():,} articles")
        print(f"{'median of ' + str(runs):<24}{'API ms':>10}{'SQL ms':>10}{'ratio':>8}")
        for name, path, parameters, rows, count in questions:
            address = f"/api/v1/{path}?{urlencode(parameters)}"

            def by_api(address: str = address) -> dict:
                response = client.get(address)
                if response.status_code != 200:
                    raise SystemExit(f"{address} answered {response.status_code}")
                return response.json()

            def by_sql(rows: str = rows, count: str = count) -> dict:
                answer = {"results": plain.execute(rows, values).fetchall()}
                if count:
                    answer |= plain.execute(count, values).fetchone()
                return json.loads(json.dumps(answer, default=str))

            api, sql = by_api(), by_sql()
            if count and [api["count"], *(row["uid"] for row in api["results"])] != [
                sql["count"],
                *(row["uid"] for row in sql["results"]),
            ]:
                raise SystemExit(f"{address}: the API and the query do not answer the same")
            api_ms, sql_ms = median_ms(by_api, runs), median_ms(by_sql, runs)
            print(f"{name:<24}{api_ms:>10.1f}{sql_ms:>10.1f}{api_ms / sql_ms:>8.1f}")


if __name__ == "__main__":
    main()
