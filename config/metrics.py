"""What Prometheus reads at `/metrics`: how long requests took, and what the tables tell of waiting and failed work.

Requests are counted by each process, which gunicorn's processes add up in a folder of files (see `config/gunicorn.py`).
Everything else is read from rows when it is asked for, so that it is of all workers, and right after any restart.
"""

import hmac
import logging
import os
from collections.abc import Iterator
from itertools import product

from django.conf import settings
from django.db import Error as DatabaseTrouble
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Histogram, generate_latest, multiprocess
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric, SummaryMetricFamily
from prometheus_client.registry import Collector

from config import watching
from config.callers import is_of_this_machine
from config.sightings import task_totals
from sources.models import ImportRun

logger = logging.getLogger(__name__)

_METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}

own = CollectorRegistry()
_requests = Histogram(
    "second_source_request_seconds",
    "Time from a request to its answer.",
    ["view", "method", "status"],
    buckets=(0.01, 0.025, 0.05, 0.1, 0.15, 0.25, 0.5, 1, 2.5, 5, 10, 30),
    registry=own,
)

#: What the tasks of each stage count as done, by task.
STAGES = {
    "sources.import_items": "import",
    "claims.extract_statements": "extract",
    "claims.match_statements": "match",
    "claims.refresh_outdated": "count",
    "notices.send_webhooks": "notify",
}


def observe_request(view: str, method: str, status: int, duration_s: float) -> None:
    """Count a request that was answered."""
    # What a client makes up must not become a series of its own.
    _requests.labels(view or "none", method if method in _METHODS else "other", str(status)).observe(duration_s)


class Rows(Collector):
    """Figures that are read from the tables when they are asked for."""

    def collect(self) -> Iterator[Metric]:
        """Give all figures; where the database does not answer in time, only that."""
        answers = GaugeMetricFamily("second_source_database_answers", "1 if the tables could be read, 0 if not.")
        found: list[Metric] = []
        try:
            with watching.looking():
                for figures in (_waiting, _tasks, _failures, _feeds, _runs, _tables):
                    found.extend(figures())
        except DatabaseTrouble as error:
            logger.warning("metrics incomplete reason=%s", str(error).splitlines()[0])
            answers.add_metric([], 0)
        else:
            answers.add_metric([], 1)
        yield answers
        yield from found


def _waiting() -> Iterator[Metric]:
    """Give how much waits at each stage, and for how long the first of it has."""
    count = GaugeMetricFamily("second_source_waiting", "What waits to be done, by stage.", labels=["stage"])
    age = GaugeMetricFamily(
        "second_source_oldest_waiting_seconds", "How long the first of it has waited; 0 where none.", labels=["stage"]
    )
    now = timezone.now()
    for each in watching.waiting():
        count.add_metric([each.stage], each.count)
        if each.is_timed:
            age.add_metric([each.stage], max(0.0, (now - each.since).total_seconds()) if each.since else 0.0)
    yield count
    yield age


def _tasks() -> Iterator[Metric]:
    """Give how long tasks took, how often they failed, what they did, and when each last ended."""
    took = SummaryMetricFamily(
        "second_source_task_seconds", "Time from the start of a task to its end, of all workers.", labels=["task"]
    )
    failed = CounterMetricFamily("second_source_task_failures", "Tasks that ended with an error.", labels=["task"])
    ended = GaugeMetricFamily(
        "second_source_task_ended_timestamp_seconds", "When a task last ended; 0: never.", labels=["task"]
    )
    done = CounterMetricFamily(
        "second_source_done",
        "What tasks did: documents tried (import), texts read (extract), texts matched, renewed and compared, each"
        " counted (match), claims counted anew (count), deliveries tried (notify).",
        labels=["stage"],
    )
    totals = {total.task: total for total in task_totals()}
    for task in sorted({*STAGES, *watching.SWEEPS, *totals}):
        total = totals.get(task)
        took.add_metric([task], count_value=total.runs if total else 0, sum_value=total.seconds if total else 0.0)
        failed.add_metric([task], total.failures if total else 0)
        ended.add_metric([task], total.ended_at.timestamp() if total else 0)
        if task in STAGES:
            done.add_metric([STAGES[task]], total.done if total else 0)
    yield from (took, failed, ended, done)


def _failures() -> Iterator[Metric]:
    """Give how many documents and readings of the last day failed, by what kind of reason."""
    failures = GaugeMetricFamily(
        "second_source_failures_last_day",
        "Documents and readings that failed within the last 24 hours, by stage and kind of reason; of each stage the"
        f" newest {watching.FAILURES_LOOKED_AT}.",
        labels=["stage", "kind"],
    )
    counts = watching.failures()
    for stage, kind in product(("import", "extract"), watching.KINDS):
        failures.add_metric([stage, kind], counts[stage, kind])
    yield failures


def _feeds() -> Iterator[Metric]:
    feeds = GaugeMetricFamily("second_source_feeds", "Feeds, by state.", labels=["state"])
    for state, number in watching.feed_counts().items():
        feeds.add_metric([state], number)
    yield feeds


def _runs() -> Iterator[Metric]:
    runs = GaugeMetricFamily("second_source_import_runs", "Imports under way, by what they wait for.", labels=["state"])
    runs.add_metric(["reading"], ImportRun.objects.being_read().count())
    runs.add_metric(["importing"], len(watching.waiting_by_run()))
    yield runs


def _tables() -> Iterator[Metric]:
    """Give sizes as PostgreSQL keeps them, without counting rows, and how many rows came."""
    size = GaugeMetricFamily("second_source_table_bytes", "Table with its indexes.", labels=["table"])
    rows = GaugeMetricFamily("second_source_table_rows", "Rows, as PostgreSQL last estimated them.", labels=["table"])
    added = CounterMetricFamily(
        "second_source_rows_added", "Rows inserted, also by transactions that were rolled back.", labels=["table"]
    )
    for table in watching.tables():
        size.add_metric([table.name], table.bytes)
        rows.add_metric([table.name], table.rows or 0)
        added.add_metric([table.name], table.added)
    yield from (size, rows, added)


def exposition() -> bytes:
    """Return all figures in Prometheus' text format."""
    counted, read = own, CollectorRegistry()
    if os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        counted = CollectorRegistry()
        multiprocess.MultiProcessCollector(counted)
    read.register(Rows())
    return generate_latest(counted) + generate_latest(read)


@never_cache
@require_safe
def view(request: HttpRequest) -> HttpResponse:
    """Give the figures to who has METRICS_TOKEN; where none is set, to this machine alone."""
    if settings.METRICS_TOKEN:
        given = request.headers.get("Authorization", "").removeprefix("Bearer ")
        if not hmac.compare_digest(given.encode(), settings.METRICS_TOKEN.encode()):
            answer = HttpResponse("send METRICS_TOKEN as a bearer token\n", content_type="text/plain", status=401)
            answer.headers["WWW-Authenticate"] = "Bearer"
            return answer
    elif not is_of_this_machine(request):
        reason = "metrics are for this machine alone while METRICS_TOKEN is not set\n"
        return HttpResponse(reason, content_type="text/plain", status=403)
    return HttpResponse(exposition(), content_type=CONTENT_TYPE_LATEST)
