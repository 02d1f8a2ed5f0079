"""How long an editor waits at the desk: from a decision to the next item, of the server and its queries.

    python benchmarks/desk.py [--claims 10000 1000000] [--decisions 100]

Makes a throwaway database (in an embedded PostgreSQL where DATABASE_URL is not set) of each size, fills the queue, and
decides by Django's test client: what is posted, and the page that follows. The baseline is the next item without the
stored order: all that waits, sorted.
"""

# Models can be imported only after the services are up and Django is set.
# ruff: noqa: E402

import argparse
import os
import re
import statistics
import sys
import time
from pathlib import Path
from typing import Any
from uuid import uuid4

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
os.environ.setdefault("LOG_LEVEL", "ERROR")

import django

import tests.services  # noqa: F401 (starts PostgreSQL)

django.setup()

from django.conf import settings
from django.contrib.auth.models import User
from django.db import connection, transaction
from django.test import Client, override_settings
from django.urls import reverse
from tqdm import tqdm

from benchmarks._claims import fill
from claims.models import Claim, ReviewItem
from claims.services.desk import take_next
from claims.services.queue import refresh_reviews

BATCH = 1000
_SHOWN = re.compile(r'name="shown" value="([^"]+)"')
#: Of ten decisions, as editors decide.
VERBS = "confirm confirm confirm reject confirm unsure confirm denies confirm pass".split()


def fill_queue() -> float:
    """Bring all that waits into the queue, and return how many claims a second that took."""
    ids = list(Claim.objects.order_by("pk").values_list("pk", flat=True))
    started = time.perf_counter()
    for first in tqdm(range(0, len(ids), BATCH), unit=f"×{BATCH} claims", file=sys.stderr, disable=None):
        refresh_reviews(ids[first : first + BATCH])
    rate = len(ids) / (time.perf_counter() - started)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE claims_reviewitem")
    return rate


def shown_on(page: Any) -> str:
    """Return the item that a page asks about, as its form names it."""
    found = _SHOWN.search(page.content.decode())
    if found is None:
        raise SystemExit("Nothing waits any more; take more claims, or fewer decisions.")
    return found[1]


def decide(client: Client, decisions: int) -> tuple[list[float], list[float]]:
    """Return the milliseconds of each decision and of each next page."""
    queue, address = reverse("review"), reverse("review_decide")
    page = client.get(queue, {"kind": "report"})
    posts, pages = [], []
    for number in range(decisions):
        form = {
            "token": str(uuid4()),
            "verb": VERBS[number % len(VERBS)],
            "shown": shown_on(page),
            "kind": "report",
        }
        started = time.perf_counter()
        answer = client.post(address, form)
        decided = time.perf_counter()
        page = client.get(answer["Location"])
        pages.append((time.perf_counter() - decided) * 1000)
        posts.append((decided - started) * 1000)
    return posts, pages


def next_ms(editor: User, *, sorting: bool, runs: int = 10) -> float:
    """Return the milliseconds in which the next item is found, by its order or by sorting all that waits."""
    times = []
    for _ in range(runs):
        with transaction.atomic(), connection.cursor() as cursor:
            if sorting:
                cursor.execute("SET LOCAL enable_indexscan = off; SET LOCAL enable_bitmapscan = off")
            started = time.perf_counter()
            take_next(editor)
            times.append((time.perf_counter() - started) * 1000)
            transaction.set_rollback(True)
    return statistics.median(times)


def line(name: str, times: list[float]) -> str:
    half, most = statistics.median(times), statistics.quantiles(times, n=20)[-1]
    return f"{name:<34}{half:>8.1f}{most:>8.1f}"


def measure(claims: int, decisions: int) -> None:
    fill(claims)
    rate = fill_queue()
    editor: Any = User.objects.create_superuser("editor")
    client = Client()
    client.force_login(editor)
    decide(client, 10)  # fills caches
    posts, pages = decide(client, decisions)
    print(f"{claims:,} claims, {ReviewItem.objects.count():,} items wait; {decisions} decisions, in ms")
    print(f"{'':<34}{'p50':>8}{'p95':>8}")
    print(line("a decision", posts))
    print(line("the next page", pages))
    print(line("both", [post + page for post, page in zip(posts, pages, strict=True)]))
    stored, sorting = next_ms(editor, sorting=False), next_ms(editor, sorting=True)
    print(f"the next item by its order {stored:.1f}, by sorting all {sorting:.1f}: {sorting / stored:.0f} times")
    print(f"the queue was filled at {rate:,.0f} claims a second\n")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--claims", type=int, nargs="+", default=[20_000])
    parser.add_argument("--decisions", type=int, default=100)
    options = parser.parse_args()
    # Static files as they lie, since none have been collected for a throwaway database.
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    with override_settings(
        ALLOWED_HOSTS=["testserver"],
        STORAGES={**settings.STORAGES, "staticfiles": plain},
        STATIC_ROOT=settings.STATICFILES_DIRS[0],
    ):
        for claims in options.claims:
            connection.creation.create_test_db(verbosity=0, autoclobber=True)
            try:
                measure(claims, options.decisions)
            finally:
                connection.creation.destroy_test_db(connection.settings_dict["NAME"], verbosity=0)


if __name__ == "__main__":
    main()
