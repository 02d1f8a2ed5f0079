"""How long it takes to recompute one claim's corroboration, with a breakdown, beside loading it as its page does.

    python benchmarks/corroboration.py [--reports 200] [--runs 20]

Makes a throwaway database (in an embedded PostgreSQL where DATABASE_URL is not set) and two claims with that many
reports, each in an article of its own of about 600 words by one of 60 outlets. The ordinary one is a wire story: most
articles credit an agency or copy another article, some statements are relayed. The hard one has origin sets of three
outlets drawn at random, for which the smallest group that explains all cannot be found in any reasonable time. The
baseline is what a recount cost before it read plain rows: all that the claim's page shows, for both bases. Prints the
median of the time that passes, and the processor time of this process and of its database connection, which another
load on the machine does not lengthen much.
"""

# Models can be imported only after the services are up and Django is set; chance here makes rows, not secrets.
# ruff: noqa: E402, S311

import argparse
import os
import random
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
os.environ.setdefault("LOG_LEVEL", "ERROR")

import django

import tests.services  # noqa: F401 (starts PostgreSQL)

django.setup()

import psutil
from django.db import connection
from django.test.utils import CaptureQueriesContext, setup_test_environment

from benchmarks._figures import note
from claims.corroboration.facts import Grounds, Present
from claims.corroboration.origins import Report, find
from claims.corroboration.reports import load_reports
from claims.models import Claim, Corroboration
from claims.services import summaries
from claims.services.claims import add_reports, report
from sources.models import Derivation, Outlet
from tests.factories import make_article, make_claim, make_credit, make_outlet, make_speaker, make_statement

WORDS = ["".join(random.Random(number).choices("aeioulmnrst", k=6)) for number in range(3000)]
BUDGET_MS = 20


def prose(chance: random.Random) -> str:
    return " ".join(chance.choices(WORDS, k=600))


def wire_story(reports: int, outlets: list[Outlet]) -> Claim:
    """Store a claim that agencies report, most others after them."""
    chance = random.Random(1)
    claim = make_claim(speaker=make_speaker())
    agencies, before = outlets[:5], []
    for number in range(reports):
        article = make_article(f"{prose(chance)} {claim.text}", outlet=chance.choice(outlets))
        relays = (chance.choice(agencies),) if number % 10 == 0 else ()
        statement = make_statement(claim.text, article=article, speaker=claim.speaker, relays=relays)
        if number % 5 < 2:
            make_credit(article, chance.choice(agencies), partial=number % 3 == 0)
        elif number % 5 < 4 and before:
            upstream = chance.choice(before)
            Derivation.objects.create(
                uid=article.uid,
                article=article,
                kind=Derivation.Kind.COPY,
                upstream_outlet=upstream.outlet,
                upstream_article=upstream,
                revision=article.current_revision,
                method="benchmark",
            )
        before.append(article)
        add_reports([report(claim, statement, score=1.0)])
    return claim


def random_origins(reports: int, outlets: list[Outlet]) -> Claim:
    """Store a claim whose reports each may come from three outlets drawn at random."""
    chance = random.Random(2)
    claim = make_claim(speaker=make_speaker())
    for _ in range(reports):
        # What is relayed comes from the relays, unless the article's own outlet is among them.
        publisher, *relays = chance.sample(outlets, 4)
        article = make_article(f"{prose(chance)} {claim.text}", outlet=publisher)
        statement = make_statement(claim.text, article=article, speaker=claim.speaker, relays=tuple(relays))
        add_reports([report(claim, statement, score=1.0)])
    return claim


def timed(work: Callable[[], object], runs: int) -> tuple[float, float]:
    """Return the median of the time that `work` takes and the mean of the processor time, in milliseconds."""
    work()
    backend = psutil.Process(connection.connection.info.backend_pid)
    times, began = [], _processor_s(backend)
    for _ in range(runs):
        started = time.perf_counter()
        work()
        times.append((time.perf_counter() - started) * 1000)
    return statistics.median(times), (_processor_s(backend) - began) / runs * 1000


def _processor_s(backend: psutil.Process) -> float:
    of_backend = backend.cpu_times()
    return time.process_time() + of_backend.user + of_backend.system


def measure(name: str, claim: Claim, runs: int) -> None:
    source = Present()
    reports = source.reports([claim.pk])
    grounds = Grounds(reports, source)
    counted = [Report(r.outlet, grounds.origins(r), r.denies) for r in reports]
    worked_out = summaries.summarise([claim.pk])

    with CaptureQueriesContext(connection) as captured:
        summaries.refresh_corroboration([claim.pk])
    queries = len(captured)
    stored = Corroboration.objects.get(claim=claim, basis="counted")
    bound = "" if stored.exact else f" at most, {stored.origin_lower_bound} at least"
    print(f"\n{name}: {len(reports)} reports, {stored.outlet_count} outlets, {stored.origin_count} origins{bound}")

    def as_the_page() -> None:
        for confirmed_only in (False, True):
            _ = load_reports([claim], confirmed_only=confirmed_only)[claim.pk].finding

    parts = [
        ("read reports", lambda: source.reports([claim.pk])),
        ("read derivations", lambda: source.derivations({r.article for r in reports})),
        ("read relays", lambda: source.relays(reports)),
        (
            "origin sets, with the two before",
            lambda: [g.origins(r) for g in [Grounds(reports, source)] for r in reports],
        ),
        ("smallest set of origins", lambda: find(counted)),
        ("store", lambda: summaries._store(worked_out)),
    ]
    print(f"  {'':<40}{'ms':>8}{'processor ms':>14}")
    for part, work in parts:
        passed, processor = timed(work, runs)
        print(f"  {part:<40}{passed:>8.1f}{processor:>14.1f}")
    recount, processor = timed(lambda: summaries.refresh_corroboration([claim.pk]), runs)
    verdict = "met" if recount <= BUDGET_MS else "missed"
    print(f"  {f'recount, {queries} queries':<40}{recount:>8.1f}{processor:>14.1f}  aim {BUDGET_MS} ms: {verdict}")
    passed, by_page = timed(as_the_page, max(3, runs // 4))
    print(f"  {'baseline: as the page loads it':<40}{passed:>8.1f}{by_page:>14.1f}  ratio {by_page / processor:.1f}")
    what = f"recount of a claim of {len(reports)} reports, {name}"
    note(what, recount, "ms", at_most=BUDGET_MS, baseline=passed, against="as its page loads it")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--reports", type=int, default=200)
    parser.add_argument("--runs", type=int, default=20)
    options = parser.parse_args()

    setup_test_environment()
    connection.creation.create_test_db(verbosity=0, autoclobber=True)
    try:
        outlets = [make_outlet() for _ in range(60)]
        claims = [
            ("wire story", wire_story(options.reports, outlets)),
            ("random origins", random_origins(options.reports, outlets)),
        ]
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
        for name, claim in claims:
            measure(name, claim, options.runs)
    finally:
        connection.creation.destroy_test_db(connection.settings_dict["NAME"], verbosity=0)


if __name__ == "__main__":
    main()
