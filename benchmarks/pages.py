"""How long pages take with many claims: the time of the server and its queries, half and 95 % of the requests.

    python benchmarks/pages.py [--claims 10000 1000000] [--runs 40] [--existing]

Makes a throwaway database (in an embedded PostgreSQL where DATABASE_URL is not set) of each size, or with --existing
takes the one that there is, and asks for each page through Django's test client, the pages in turn, so that a busy
moment hits all alike. The baseline of a search is one plain query that ranks what it finds by `ts_rank` and counts it.
"""

# Models can be imported only after the services are up and Django is set.
# ruff: noqa: E402

import argparse
import gc
import os
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
os.environ.setdefault("LOG_LEVEL", "ERROR")

import django

import tests.services  # noqa: F401 (starts PostgreSQL)

django.setup()

from django.conf import settings
from django.db import connection
from django.test import Client, override_settings
from django.urls import reverse

from benchmarks._article_page import addresses as article_addresses
from benchmarks._claim_page import claim_addresses
from benchmarks._claims import fill, vocabulary
from benchmarks._figures import note
from benchmarks._outlet_pages import addresses as outlet_addresses
from benchmarks._outlet_pages import fill_coverage
from claims.models import Claim, Speaker
from claims.search import ClaimQuery, Count, find_claims
from sources.models import Article, Outlet

P95_MAX_MS, QUERIES_MAX = 60, 12
#: Pages that the table of all figures has a row of; of the others it has the slowest.
NOTED = (
    *("list", "list, newest", "one outlet", "one speaker", "search: commonest word", "search: two common words"),
    *("search: name", "search: misspelt", "claim", "claim, 2,000 reports", "article", "article, 100 statements"),
    *("overview", "topic", "outlet"),
)
BASELINE = """
    SELECT claim_id, ts_rank(search, query, 1) AS relevance, count(*) OVER ()
    FROM claims_listing, websearch_to_tsquery('english', %s) query
    WHERE basis = 'counted' AND search @@ query
    ORDER BY relevance DESC, origin_count DESC, claim_id DESC LIMIT 20
"""


@dataclass
class Page:
    """A page to measure; baseline: SQL with its values that answers the same."""

    name: str
    address: str
    baseline: tuple[str, list[Any]] | None = None
    times_ms: list[float] = field(default_factory=list)
    sql_ms: list[float] = field(default_factory=list)
    baseline_ms: list[float] = field(default_factory=list)
    queries: int = 0
    kilobytes: float = 0.0


class SqlClock:
    """How many queries ran, and how long they took in seconds."""

    def __init__(self) -> None:
        self.count = 0
        self.elapsed_s = 0.0

    def __call__(
        self, execute: Callable[..., Any], sql: str, parameters: Any, many: bool, context: dict[str, Any]
    ) -> Any:
        started = time.perf_counter()
        try:
            return execute(sql, parameters, many, context)
        finally:
            self.count += 1
            self.elapsed_s += time.perf_counter() - started


# What is measured: a function for each kind of page, listed at the end


def lists(words: list[str]) -> Iterator[Page]:
    """The list of claims: its orders and facets, and a page deep inside."""
    address = reverse("claim_list")
    outlet, speaker = Outlet.objects.order_by("pk")[9], Speaker.objects.order_by("pk")[0]
    yield Page("list", address)
    yield Page("list, newest", f"{address}?order=newest")
    for query, name in ((ClaimQuery(), "list, deep page"), (ClaimQuery(order="newest"), "newest, deep page")):
        yield Page(name, f"{address}?{urlencode({'order': query.order, 'place': deep_place(query)})}")
    yield Page("one level", f"{address}?level=single")
    yield Page("one outlet", f"{address}?outlet={outlet.slug}")
    yield Page("one speaker", f"{address}?speaker={speaker.uid}")
    yield Page("three facets", f"{address}?level=repeated&topic=topic-2&language=en")
    yield Page("days, one topic", f"{address}?topic=topic-3&published_from=2020-01-01&published_to=2020-12-31")


def deep_place(query: ClaimQuery) -> str:
    """Return where the second half of a list begins."""
    total = find_claims(query, size=1).count.number
    place = find_claims(query, size=max(1, total // 2)).next
    if place is None:
        raise SystemExit("There are too few claims for a deep page")
    return place.written()


def searches(words: list[str]) -> Iterator[Page]:
    """Searches by words from the rarest to the commonest, by two words, a phrase, a name and what is misspelt."""
    listed = reverse("claim_list")
    speaker = Speaker.objects.order_by("pk")[2]
    claim = Claim.objects.order_by("pk")[1]
    phrase = " ".join(claim.text.lower().rstrip(".").split()[:3])
    misspelt = words[2500][:-2] + words[2500][-1] + words[2500][-2]
    for name, asked in (
        ("rare word", words[30_000]),
        ("word of middling use", words[1_000]),
        ("common word", words[60]),
        ("commonest word", words[0]),
        ("second commonest", words[1]),
        ("two common words", f"{words[0]} {words[2]}"),
        ("common and rare", f"{words[0]} {words[20_000]}"),
        ("either of two", f"{words[1]} or {words[3]}"),
        ("without the commonest", f"{words[5]} -{words[0]}"),
        ("phrase", f'"{phrase}"'),
        ("phrase of common words", f'"{words[0]} {words[1]}"'),
        ("name", speaker.name),
        ("misspelt", misspelt),
        ("half typed", words[4000][:4]),
        ("no such word", "zqxjkvbw"),
    ):
        yield Page(f"search: {name}", f"{listed}?{urlencode({'q': asked})}", (BASELINE, [asked]))
    yield Page("search: commonest, one level", f"{listed}?{urlencode({'q': words[0], 'level': 'single'})}")
    yield Page("search: commonest, newest", f"{listed}?{urlencode({'q': words[0], 'order': 'newest'})}")
    yield Page("search: commonest, rare speaker", f"{listed}?{urlencode({'q': words[0], 'speaker': rare_speaker()})}")


def rare_speaker() -> str:
    return str(Speaker.objects.order_by("-pk")[5].uid)


def details(words: list[str]) -> Iterator[Page]:
    """A claim of many reports, an article, outlets."""
    counted = {"corroborations__basis": "counted", "corroborations__level": "corroborated"}
    claim = Claim.objects.filter(**counted).order_by("-corroborations__outlet_count", "pk")[0]
    article = Article.objects.filter(current_revision__statements__attributions__claim=claim).order_by("pk")[0]
    yield Page("claim", claim.get_absolute_url())
    yield Page("article", article.get_absolute_url())


def claim_pages(words: list[str]) -> Iterator[Page]:
    """The claim page, from one report to 2,000."""
    for name, address in claim_addresses():
        yield Page(name, address)


def article_pages(words: list[str]) -> Iterator[Page]:
    """An article with 100 statements, and two compared."""
    for name, address in article_addresses().items():
        yield Page(name, address)


def outlet_pages(words: list[str]) -> Iterator[Page]:
    """The topic, the speaker and the outlet with most claims, and the overview."""
    fill_coverage()
    for name, address in outlet_addresses().items():
        yield Page(name, address)


KINDS = (lists, searches, details, claim_pages, article_pages, outlet_pages)


# Measuring


def measure(
    words: list[str], runs: int, kinds: list[Callable[[list[str]], Iterator[Page]]], size: int | None = None
) -> None:
    """Print and note how long pages take; size: claims that were made, where it is known."""
    client = Client()
    pages = [page for kind in kinds for page in kind(words)]
    for run in range(runs + 1):
        if run == 1:
            # As config/gunicorn.py does once what answers requests is loaded.
            gc.collect()
            gc.freeze()
        for page in pages:
            clock = SqlClock()
            started = time.perf_counter()
            with connection.execute_wrapper(clock):
                response = client.get(page.address)
            elapsed_ms = (time.perf_counter() - started) * 1000
            if response.status_code != 200:
                raise SystemExit(f"{page.address} answered {response.status_code}")
            # The first run fills caches.
            if run:
                page.times_ms.append(elapsed_ms)
                page.sql_ms.append(clock.elapsed_s * 1000)
                page.queries, page.kilobytes = clock.count, len(response.content) / 1000
            if page.baseline and run % 8 == 1:
                page.baseline_ms.append(baseline_ms(*page.baseline))
    report(pages, runs, size)


def baseline_ms(sql: str, values: list[Any]) -> float:
    started = time.perf_counter()
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        cursor.fetchall()
    return (time.perf_counter() - started) * 1000


def report(pages: list[Page], runs: int, size: int | None) -> None:
    total: Count = find_claims(ClaimQuery(), size=1).count
    print(f"{total.number:,} claims, {Article.objects.count():,} articles; {runs} requests of each page, in ms")
    print(f"{'':<34}{'p50':>7}{'p95':>7}{'SQL p50':>9}{'queries':>9}{'KB':>6}{'plain SQL':>11}{'ratio':>7}")
    for page in pages:
        half, most = statistics.median(page.times_ms), statistics.quantiles(page.times_ms, n=20)[-1]
        line = f"{page.name:<34}{half:>7.1f}{most:>7.1f}{statistics.median(page.sql_ms):>9.1f}{page.queries:>9}"
        line += f"{page.kilobytes:>6.0f}"
        if page.baseline_ms:
            plain = statistics.median(page.baseline_ms)
            line += f"{plain:>11.1f}{half / plain:>7.2f}"
        print(line)
        if page.name in NOTED:
            note_page(f"{size or total.number:,} claims: {page.name}", page)
    worst = max(statistics.quantiles(page.times_ms, n=20)[-1] for page in pages)
    most_queries = max(page.queries for page in pages)
    print(f"the slowest p95 is {worst:.1f} ms; the most queries are {most_queries}\n")
    note(f"{size or total.number:,} claims: slowest page, p95", worst, "ms", at_most=P95_MAX_MS)
    note(f"{size or total.number:,} claims: most queries of a page", most_queries, at_most=QUERIES_MAX)


def note_page(name: str, page: Page) -> None:
    p95 = statistics.quantiles(page.times_ms, n=20)[-1]
    note(f"{name}, p95", p95, "ms", at_most=P95_MAX_MS)
    if page.baseline_ms:
        plain = statistics.median(page.baseline_ms)
        note(f"{name}, median", statistics.median(page.times_ms), "ms", baseline=plain, against="plain `ts_rank`")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--claims", type=int, nargs="+", default=[20_000])
    parser.add_argument("--runs", type=int, default=40)
    parser.add_argument("--existing", action="store_true", help="measure the database that is there, made by this")
    parser.add_argument("--only", nargs="+", choices=[kind.__name__ for kind in KINDS], help="kinds of pages")
    options = parser.parse_args()
    kinds = [kind for kind in KINDS if not options.only or kind.__name__ in options.only]
    # Static files as they lie, since none have been collected for a throwaway database.
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    with override_settings(
        # Not by `setup_test_environment`, which keeps a copy of all that every template is given.
        ALLOWED_HOSTS=["testserver"],
        STORAGES={**settings.STORAGES, "staticfiles": plain},
        STATIC_ROOT=settings.STATICFILES_DIRS[0],
        # What a page takes to be made.
        PAGES_KEPT_S=0,
    ):
        if options.existing:
            measure(vocabulary(), options.runs, kinds)
            return
        for claims in options.claims:
            connection.creation.create_test_db(verbosity=0, autoclobber=True)
            try:
                measure(fill(claims), options.runs, kinds, size=claims)
            finally:
                connection.creation.destroy_test_db(connection.settings_dict["NAME"], verbosity=0)


if __name__ == "__main__":
    main()
