"""What Prometheus reads at `/metrics`: how long requests took, and what the tables tell of waiting and failed work.

Requests are counted by each process, which gunicorn's processes add up in a folder of files (see `config/gunicorn.py`).
Everything else is read from rows when it is asked for, so that it is of all workers, and right after any restart.
"""

import hmac
import logging
import os
import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django.db.models import Count, Exists, Min, OuterRef, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Histogram, generate_latest, multiprocess
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from claims.models import CorroborationDue, Extraction
from claims.services.reading import unread_revisions
from config.callers import is_of_this_machine
from sources.models import Feed, ImportItem, ImportRun

logger = logging.getLogger(__name__)

# What one look at the tables may take of the database, however large they are.
STATEMENT_TIMEOUT_MS = 5_000
FAILURES_WITHIN = timedelta(days=1)
_METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}

own = CollectorRegistry()
_requests = Histogram(
    "second_source_request_seconds",
    "Time from a request to its answer.",
    ["view", "method", "status"],
    buckets=(0.01, 0.025, 0.05, 0.1, 0.15, 0.25, 0.5, 1, 2.5, 5, 10, 30),
    registry=own,
)

#: A kind of failure, and what its reason says somewhere; the first that fits counts. Reasons are in people's words, so
#: this follows the messages of `sources`; what is not found here is counted as `other`.
_REASONS = [
    ("crashed_worker", r"The worker that read it stopped each time"),
    ("unexpected", r"^\w+(?:Error|Exception|Warning|Exit|Interrupt): "),
    ("robots", r"\brobots\.txt\b"),
    ("address_refused", r"is not fetched: |is not an address that|which is no address|must begin with http"),
    ("http_error", r"\banswered [1-5]\d\d for |redirects (?:to nowhere|in a circle|more than)"),
    ("tls", r"^The certificate of |^No secure connection to "),
    ("unreachable", r"could not be reached|broke off|has no address|took longer than|did not answer|cut short"),
    ("too_large", r"the limit (?:is|of)\b|is the limit|more than \d+ gzip members"),
    ("no_article", r"No article text|holds no article|has no text|only sends its readers on|is empty"),
    ("wrong_kind", r"no page, feed, sitemap|This is (?:a|an|not a|not an) |is not an HTML page"),
    ("unreadable", r"cannot be (?:read|unpacked)|too broken|not valid|nested too deeply|not UTF-8|what is not "),
    ("record", r"Unknown field |The field |The document has no |A document has exactly|published_at|The line is "),
]
_GIVEN_UP = re.compile(r"^Given up after \d+ attempts\. ")
_KINDS = [(kind, re.compile(pattern)) for kind, pattern in _REASONS]


def kind_of(reason: str) -> str:
    """Return the kind of a failure's reason, one of few, such as `http_error`; `other` where none fits."""
    reason = _GIVEN_UP.sub("", reason)
    return next((kind for kind, pattern in _KINDS if pattern.search(reason)), "other")


def observe_request(view: str, method: str, status: int, duration_s: float) -> None:
    """Count a request that was answered."""
    # What a client makes up must not become a series of its own.
    _requests.labels(view or "none", method if method in _METHODS else "other", str(status)).observe(duration_s)


class Rows(Collector):
    """Figures that are read from the tables when they are asked for."""

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Give all figures; where the database does not answer in time, only that."""
        answers = GaugeMetricFamily("second_source_database_answers", "1 if the tables could be read, 0 if not.")
        found: list[GaugeMetricFamily] = []
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute("SELECT set_config('statement_timeout', %s, true)", [str(STATEMENT_TIMEOUT_MS)])
                for figures in (_waiting, _failures, _feeds, _runs, _sizes):
                    found.extend(figures())
        except DatabaseError as error:
            logger.warning("metrics incomplete reason=%s", str(error).splitlines()[0])
            answers.add_metric([], 0)
        else:
            answers.add_metric([], 1)
        yield answers
        yield from found


def _waiting() -> Iterator[GaugeMetricFamily]:
    """Give how much waits at each stage, and for how long the first of it has."""
    count = GaugeMetricFamily("second_source_waiting", "What waits to be done, by stage.", labels=["stage"])
    age = GaugeMetricFamily(
        "second_source_oldest_waiting_seconds", "How long the first of it has waited; 0 where none.", labels=["stage"]
    )
    read = Extraction.objects.filter(revision=OuterRef("pk")).exclude(state=Extraction.State.STARTED)
    now = timezone.now()

    def tell(stage: str, waiting: int, first: datetime | None) -> None:
        count.add_metric([stage], waiting)
        age.add_metric([stage], max(0.0, (now - first).total_seconds()) if first else 0.0)

    stages: list[tuple[str, QuerySet[Any], str]] = [
        ("import", ImportItem.objects.ready(), "created_at"),
        ("match", Extraction.objects.filter(state=Extraction.State.EXTRACTED), "updated_at"),
        ("count", CorroborationDue.objects.all(), "marked_at"),
    ]
    for stage, rows, since in stages:
        found = rows.order_by().aggregate(waiting=Count("pk"), first=Min(since))
        tell(stage, found["waiting"], found["first"])
    unread = (
        unread_revisions()
        .annotate(read=Exists(read))
        .aggregate(
            new=Count("pk", filter=Q(read=False)),
            again=Count("pk", filter=Q(read=True)),
            first=Min("created_at", filter=Q(read=False)),
        )
    )
    tell("extract", unread["new"], unread["first"])
    # Read by an earlier extractor; how old they are says nothing of how long they have waited.
    count.add_metric(["extract_again"], unread["again"])
    yield count
    yield age


def _failures() -> Iterator[GaugeMetricFamily]:
    """Give how many documents of the last day's imports failed, by what kind of reason, and what was not read."""
    failures = GaugeMetricFamily(
        "second_source_failures_last_day",
        "Documents that failed, of imports and readings of the last 24 hours, by stage and kind of reason.",
        labels=["stage", "kind"],
    )
    since = timezone.now() - FAILURES_WITHIN
    counts: dict[tuple[str, str], int] = {}
    imports = ImportItem.objects.filter(run__created_at__gte=since, state=ImportItem.State.FAILED)
    readings = Extraction.objects.filter(updated_at__gte=since, state=Extraction.State.FAILED)
    for stage, rows in (("import", imports), ("extract", readings)):
        for reason, number in rows.order_by().values_list("reason").annotate(Count("pk")).iterator():
            key = (stage, kind_of(reason))
            counts[key] = counts.get(key, 0) + number
    for key in [(stage, kind) for stage in ("import", "extract") for kind in ("other", *(k for k, _ in _KINDS))]:
        failures.add_metric(list(key), counts.get(key, 0))
    yield failures


def _feeds() -> Iterator[GaugeMetricFamily]:
    feeds = GaugeMetricFamily("second_source_feeds", "Feeds, by state.", labels=["state"])
    found = Feed.objects.order_by().aggregate(
        working=Count("pk", filter=Q(active=True, failures=0)),
        broken=Count("pk", filter=Q(active=True, failures__gt=0)),
        paused=Count("pk", filter=Q(active=False)),
    )
    for state, number in found.items():
        feeds.add_metric([state], number)
    yield feeds


def _runs() -> Iterator[GaugeMetricFamily]:
    runs = GaugeMetricFamily("second_source_import_runs", "Imports under way, by what they wait for.", labels=["state"])
    runs.add_metric(["reading"], ImportRun.objects.being_read().count())
    pending = ImportItem.objects.pending().order_by().aggregate(runs=Count("run", distinct=True))
    runs.add_metric(["importing"], pending["runs"])
    yield runs


def _sizes() -> Iterator[GaugeMetricFamily]:
    """Give sizes as PostgreSQL keeps them, without counting rows."""
    size = GaugeMetricFamily("second_source_table_bytes", "Table with its indexes.", labels=["table"])
    rows = GaugeMetricFamily("second_source_table_rows", "Rows, as PostgreSQL last estimated them.", labels=["table"])
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname, pg_total_relation_size(oid), greatest(reltuples, 0) FROM pg_class"
            " WHERE relkind = 'r' AND relnamespace = current_schema()::regnamespace AND relname ~ '^(claims|sources)_'"
        )
        for table, bytes_, estimated in cursor.fetchall():
            size.add_metric([table], bytes_)
            rows.add_metric([table], estimated)
    yield size
    yield rows


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
