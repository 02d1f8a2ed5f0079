"""How long an editor waits at the desk with many claims: a decision, and the next item on the screen.

    python benchmarks/desk.py [--claims 10000 1000000] [--decisions 100]

Makes a throwaway database of each size (in an embedded PostgreSQL where DATABASE_URL is not set), puts all of its
proposals into the queue, and clears it through Django's test client as an editor would: what the page shows is
confirmed or rejected in turn, and the next page is asked for. The baseline is the page alone, with nothing decided.
"""

# Models can be imported only after the services are up and Django is set.
# ruff: noqa: E402

import argparse
import gc
import os
import re
import statistics
import sys
import time
from itertools import cycle
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
os.environ.setdefault("LOG_LEVEL", "ERROR")

import django

import tests.services  # noqa: F401 (starts PostgreSQL)

django.setup()

from django.conf import settings
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client, override_settings
from django.urls import reverse

from accounts.roles import Role
from accounts.services import set_role
from benchmarks._claims import fill
from benchmarks._figures import note
from claims.models import Claim, ReviewItem
from claims.services.queue import refresh_reviews

CLAIMS_AT_ONCE, DECISION_MAX_MS = 2_000, 100
#: Decisions before those that are measured: they fill caches.
FIRST = 5
_FIELD = re.compile(r'<input type="hidden" name="(token|shown)" value="([^"]+)"')


def fill_queue() -> None:
    claims = list(Claim.objects.order_by("pk").values_list("pk", flat=True))
    for first in range(0, len(claims), CLAIMS_AT_ONCE):
        refresh_reviews(claims[first : first + CLAIMS_AT_ONCE])
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE claims_reviewitem")


def clear(decisions: int, claims: int) -> None:
    """Print how long decisions take, with the page that follows, and how long that page takes by itself."""
    client = Client()
    editor = User.objects.create_user("eve")
    set_role(editor, Role.EDITOR, by=None)
    client.force_login(User.objects.get(pk=editor.pk))
    page = reverse("review")
    waited, alone, queries = [], [], []
    counted = [0]

    def count(execute, sql, parameters, many, context):
        counted[0] += 1
        return execute(sql, parameters, many, context)

    with connection.execute_wrapper(count):
        for number, verb in zip(range(decisions + FIRST), cycle(("confirm", "reject")), strict=False):
            if number == FIRST:
                # As config/gunicorn.py does once what answers requests is loaded.
                gc.collect()
                gc.freeze()
            started = time.perf_counter()
            shown = client.get(page)
            alone.append(time.perf_counter() - started)
            form = dict(reversed(_FIELD.findall(shown.content.decode())))
            if "shown" not in form:
                raise SystemExit(f"the queue was empty after {number} decisions")
            counted[0], started = 0, time.perf_counter()
            answer = client.post(reverse("review_decide"), {**form, "verb": verb}, follow=True)
            if answer.status_code != 200:
                raise SystemExit(f"a decision was answered {answer.status_code}")
            waited.append(time.perf_counter() - started)
            queries.append(counted[0])
    for name, seconds in (("decision and next item", waited[FIRST:]), ("page alone", alone[FIRST:])):
        half, most = statistics.median(seconds), statistics.quantiles(seconds, n=20)[-1]
        print(f"  {name}: median_ms={1000 * half:.1f} p95_ms={1000 * most:.1f}", end="")
        print(f" queries={max(queries[FIRST:])}" if name != "page alone" else "")
    page_ms, p95_ms = 1000 * statistics.median(alone[FIRST:]), 1000 * statistics.quantiles(waited[FIRST:], n=20)[-1]
    name, half_ms = f"{claims:,} claims: decision and next item", 1000 * statistics.median(waited[FIRST:])
    note(f"{name}, median", half_ms, "ms", baseline=page_ms, against="the page alone")
    note(f"{name}, p95", p95_ms, "ms", at_most=DECISION_MAX_MS)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--claims", type=int, nargs="+", default=[20_000])
    parser.add_argument("--decisions", type=int, default=100)
    options = parser.parse_args()
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    with override_settings(
        ALLOWED_HOSTS=["testserver"],
        STORAGES={**settings.STORAGES, "staticfiles": plain},
        STATIC_ROOT=settings.STATICFILES_DIRS[0],
        # What a page takes to be made.
        PAGES_KEPT_S=0,
    ):
        for claims in options.claims:
            connection.creation.create_test_db(verbosity=0, autoclobber=True)
            try:
                fill(claims)
                fill_queue()
                print(f"claims={claims} waiting={ReviewItem.objects.count()}", flush=True)
                clear(options.decisions, claims)
            finally:
                connection.creation.destroy_test_db(connection.settings_dict["NAME"], verbosity=0)


if __name__ == "__main__":
    main()
