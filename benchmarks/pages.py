"""How long the main pages take on a large database, and how much of it is not spent in SQL.

    python benchmarks/pages.py [--claims 20000] [--runs 20]

Makes a throwaway database (in an embedded PostgreSQL where DATABASE_URL is not set) and asks for each page through
Django's test client. The baseline is the time that the same page spends in its SQL queries. Prints medians.
"""

import argparse
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

# `benchmarks.api` comes before any model: importing it starts the services and sets Django up.
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from django.conf import settings
from django.db import connection
from django.test import Client, override_settings
from django.test.utils import setup_test_environment
from django.urls import reverse

from benchmarks.api import WORDS, fill
from claims.models import Claim
from sources.models import Article, Outlet


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


def measure(runs: int) -> None:
    client = Client()
    summaries = {"corroborations__basis": "counted", "corroborations__outlet_count": 6}
    claim = Claim.objects.filter(**summaries).order_by("pk")[0]
    article = Article.objects.filter(current_revision__statements__attributions__claim=claim).order_by("pk")[0]
    outlet = Outlet.objects.order_by("pk")[0]
    last = Claim.objects.count() // 20
    pages = {
        "list": reverse("claim_list"),
        "list, last page": f"{reverse('claim_list')}?page={last}",
        "list, newest": f"{reverse('claim_list')}?order=newest",
        f"list, q={WORDS[7]}": f"{reverse('claim_list')}?q={WORDS[7]}",
        "list, one outlet": f"{reverse('claim_list')}?outlet={outlet.slug}",
        "claim": claim.get_absolute_url(),
        "article": article.get_absolute_url(),
        "articles": reverse("article_list"),
        "outlets": reverse("outlet_list"),
        "outlet": outlet.get_absolute_url(),
    }
    print(f"{Claim.objects.count():,} claims, {Article.objects.count():,} articles")
    print(f"{f'median of {runs}':<22}{'page ms':>10}{'SQL ms':>10}{'ratio':>8}{'queries':>10}{'KB':>8}")
    for name, address in pages.items():
        page_ms, sql_ms = [], []
        for run in range(runs + 1):
            clock = SqlClock()
            started = time.perf_counter()
            with connection.execute_wrapper(clock):
                response = client.get(address)
            elapsed_s = time.perf_counter() - started
            if response.status_code != 200:
                raise SystemExit(f"{address} answered {response.status_code}")
            # The first run fills caches.
            if run:
                page_ms.append(elapsed_s * 1000)
                sql_ms.append(clock.elapsed_s * 1000)
        page, sql = statistics.median(page_ms), statistics.median(sql_ms)
        size = len(response.content) / 1000
        print(f"{name:<22}{page:>10.1f}{sql:>10.1f}{page / sql:>8.1f}{clock.count:>10}{size:>8.1f}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--claims", type=int, default=20_000)
    parser.add_argument("--runs", type=int, default=20)
    options = parser.parse_args()
    setup_test_environment()
    connection.creation.create_test_db(verbosity=0, autoclobber=True)
    # Static files as they lie, since none have been collected for a throwaway database.
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    try:
        fill(options.claims)
        with override_settings(
            STORAGES={**settings.STORAGES, "staticfiles": plain}, STATIC_ROOT=settings.STATICFILES_DIRS[0]
        ):
            measure(options.runs)
    finally:
        connection.creation.destroy_test_db(connection.settings_dict["NAME"], verbosity=0)


if __name__ == "__main__":
    main()
