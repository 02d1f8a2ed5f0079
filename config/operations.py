"""The operators' page: what the site does now, what is wrong with it, and what to do about that.

It is put together of parts. Each is read by itself and within a limit of time: one that cannot be read is named, with
the reason, beside the others.
"""

import logging
import platform
import shutil
import tomllib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cache
from typing import Any, cast
from urllib.parse import urlsplit

import django
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.models import User
from django.db import Error as DatabaseTrouble
from django.db import connection, connections, transaction
from django.db.models import OuterRef, Q, Subquery
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.functional import Promise
from django.utils.timesince import timesince
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.access import requires
from claims.extraction import EXTRACTOR_VERSION
from claims.matching import MATCHER_VERSION
from claims.models import Extraction
from claims.services import retrying
from claims.tasks import extract_statements, match_statements
from config import health, sightings, watching
from config.replicas import REPLICA
from notices.models import Delivery, Webhook
from sources.models import Feed, ImportItem, ImportRun

logger = logging.getLogger(__name__)

#: Rows that a part shows of a kind.
SHOWN = 10
TABLES_SHOWN = 8
#: Between two looks by htmx.
REFRESH_S = 10
SWEEP_LATE = timedelta(minutes=5)
#: Every worker takes sweeps, so that also one without work is seen every few seconds, with many others every minute.
WORKER_MISSED = timedelta(minutes=5)
#: What has to be free of a disk, of which PostgreSQL stops when it is full.
DISK_SHARE_FREE, DISK_BYTES_FREE = 0.1, 2 * 1024**3
MANY_FAILURES = 100
BROKEN_SHARE = 0.2
REPLICA_BEHIND_BYTES = 64 * 1024**2

for_operators = requires("sources.view_importitem")


@dataclass(frozen=True)
class Trouble:
    """Something that is wrong, and what to do about it in a sentence."""

    what: Promise
    action: Promise


#: Those that Prometheus can tell too have the names and the words of their alerts (config/alerts.rules.yml).
TROUBLES: dict[str, Trouble] = {
    "ImportsWait": Trouble(
        gettext_lazy("A document has waited for a quarter of an hour to be imported."),
        gettext_lazy(
            "Look whether a worker for fetch runs and the broker answers; a large import may also just take its time."
        ),
    ),
    "ArticlesWaitToBeRead": Trouble(
        gettext_lazy("An article has waited for half an hour for its statements to be found."),
        gettext_lazy("Look whether a worker for extract runs; if one does, start more of them."),
    ),
    "StatementsWaitToBeMatched": Trouble(
        gettext_lazy("Statements have waited for half an hour to be joined with claims."),
        gettext_lazy(
            "Look whether a worker for match runs, and in its log for matching that fails; more of them do not help, "
            "since one text is matched at a time."
        ),
    ),
    "CorroborationOutdated": Trouble(
        gettext_lazy("Levels of claims have been waiting for a quarter of an hour to be counted anew."),
        gettext_lazy("See the log of the worker for match; manage.py check_corroboration tells which levels differ."),
    ),
    "WebhooksWait": Trouble(
        gettext_lazy("A message to a webhook has waited for a quarter of an hour to be sent."),
        gettext_lazy("Look whether a worker for notify runs; if one does, start more of them."),
    ),
    "NothingIsSwept": Trouble(
        gettext_lazy("For five minutes nobody has looked for feeds to be polled and for work that was lost."),
        gettext_lazy("Look whether the scheduler (beat), a worker and the broker run, and start what does not."),
    ),
    "WorkerMissed": Trouble(
        gettext_lazy("A program has not been seen at work for five minutes, and was not asked to end."),
        gettext_lazy("See its log and start it again; after a day without it, it is forgotten here."),
    ),
    "BrokerAway": Trouble(
        gettext_lazy("The broker does not answer."),
        gettext_lazy("Start it, or mend CELERY_BROKER_URL; no work is lost, because it is found in the tables."),
    ),
    "FeedsBroken": Trouble(
        gettext_lazy("More than a fifth of the feeds cannot be read."),
        gettext_lazy("Read in the list of broken feeds why; where all broke at once, look at the network first."),
    ),
    "UnexpectedFailures": Trouble(
        gettext_lazy("A document failed for a reason that is a fault of the site."),
        gettext_lazy("Its traceback is on the page of its import; please report it."),
    ),
    "GivenUp": Trouble(
        gettext_lazy("Something was given up because it crashes whatever reads it."),
        gettext_lazy("Try it again once what it says is mended; else report it with its reason."),
    ),
    "ManyDocumentsFail": Trouble(
        gettext_lazy("More than a hundred documents failed within a day."),
        gettext_lazy("Compare by kind; the page of each import lists its failures with reasons."),
    ),
    "WebhooksFail": Trouble(
        gettext_lazy("A webhook does not take what it is sent."),
        gettext_lazy("Tell its owner, who can resume it on its page once the receiver answers."),
    ),
    "DiskFull": Trouble(
        gettext_lazy("The disk of the database is nearly full."),
        gettext_lazy("Make room, or move the database to a larger disk: when it is full, nothing can be written."),
    ),
    "ReplicaAway": Trouble(
        gettext_lazy("The replica of the database does not keep up."),
        gettext_lazy("See the log of its PostgreSQL, and pg_stat_replication of the primary one."),
    ),
    "MigrationsMissing": Trouble(
        gettext_lazy("The tables are not those of this version."),
        gettext_lazy("Run manage.py migrate with the code that runs now."),
    ),
}

#: Of each stage that is timed: what is wrong when the first of it has waited for too long, and how long that is.
LATE: dict[str, tuple[str, timedelta]] = {
    "import": ("ImportsWait", timedelta(minutes=15)),
    "extract": ("ArticlesWaitToBeRead", timedelta(minutes=30)),
    "match": ("StatementsWaitToBeMatched", timedelta(minutes=30)),
    "count": ("CorroborationOutdated", timedelta(minutes=15)),
    "notify": ("WebhooksWait", timedelta(minutes=15)),
}
STAGES: dict[str, Promise] = {
    "import": gettext_lazy("Documents to be imported"),
    "extract": gettext_lazy("Articles whose statements are to be found"),
    "extract_again": gettext_lazy("Articles that an earlier version has read, to be read again"),
    "match": gettext_lazy("Articles whose statements are to be joined with claims"),
    "compare": gettext_lazy("Articles whose claims are to be renewed or compared"),
    "count": gettext_lazy("Changes after which claims are to be counted anew"),
    "notify": gettext_lazy("Messages and events for webhooks"),
}
KINDS: dict[str, Promise] = {
    "crashed_worker": gettext_lazy("It stopped the worker that read it"),
    "unexpected": gettext_lazy("A fault of this site"),
    "robots": gettext_lazy("The site’s robots.txt asks not to"),
    "address_refused": gettext_lazy("The address is none that may be fetched"),
    "http_error": gettext_lazy("The site answered with an error"),
    "tls": gettext_lazy("No secure connection"),
    "unreachable": gettext_lazy("The site could not be reached"),
    "too_large": gettext_lazy("Too large"),
    "no_article": gettext_lazy("No article in it"),
    "wrong_kind": gettext_lazy("Another kind of document"),
    "unreadable": gettext_lazy("Damaged"),
    "record": gettext_lazy("Fields are missing or wrong"),
    "other": gettext_lazy("Another reason"),
}
_BROKERS = {"redis": "Valkey", "rediss": "Valkey", "redis+socket": "Valkey", "amqp": "RabbitMQ", "amqps": "RabbitMQ"}


#: What a part shows, and the names of what is wrong there.
Shown = tuple[dict[str, Any], list[str]]


@dataclass
class Part:
    """A part of the page: how it is read, what it shows, what is wrong there, and why it cannot be read, if so."""

    name: str
    title: Promise
    read: Callable[[], Shown]
    asks_database: bool = True
    shown: dict[str, Any] = field(default_factory=dict)
    troubles: list[str] = field(default_factory=list)
    unread: str = ""

    @property
    def told(self) -> list[Trouble]:
        return [TROUBLES[name] for name in self.troubles]

    @property
    def template(self) -> str:
        return f"operations/_{self.name}.html"


@never_cache
@for_operators
@require_safe
def operations(request: HttpRequest) -> HttpResponse:
    """Show what the site does now; to htmx, only the parts, and what has changed of the troubles."""
    parts = read_parts()
    wrong = [(part, trouble) for part in parts for trouble in part.told]
    seen = ",".join(sorted({name for part in parts for name in [*part.troubles, *([part.name] * bool(part.unread))]}))
    live = request.headers.get("HX-Request") == "true"
    context = {
        # `parts` are those of the site, in base.html.
        "page_parts": parts,
        "wrong": wrong,
        "unread": [part for part in parts if part.unread],
        "seen": seen,
        "live": live,
        "news": live and request.headers.get("X-Seen") != seen,
        "refreshes": request.GET.get("refresh") != "off",
        "refresh_s": REFRESH_S,
        "now": timezone.now(),
    }
    response = render(request, "operations/_parts.html" if live else "operations/operations.html", context)
    patch_vary_headers(response, ["HX-Request"])
    return response


@for_operators
@require_POST
def reading_retry(request: HttpRequest, pk: int) -> HttpResponse:
    """Have a text read again that was given up, and lead back."""
    reading = get_object_or_404(Extraction.objects.select_related("revision__article"), pk=pk)
    title = reading.revision.article.title
    if retrying.try_again(reading, by=cast(User, request.user)):
        for task in (extract_statements, match_statements):
            transaction.on_commit(task.delay, robust=True)
        messages.success(request, _("Trying again: “%(title)s”.") % {"title": title})
    else:
        messages.warning(request, _("“%(title)s” was not given up any more.") % {"title": title})
    return redirect("operations")


def read_parts() -> list[Part]:
    """Return the parts that there is something to show of, each read as far as that went."""
    parts = _parts()
    for part in parts:
        # Before the transaction: a broker that does not answer takes seconds.
        if not part.asks_database:
            part.shown, part.troubles = part.read()
    asking = [part for part in parts if part.asks_database]
    try:
        with watching.looking():
            for part in asking:
                _read(part)
    except DatabaseTrouble as error:
        for part in asking:
            part.unread = part.unread or ("" if part.shown else _reason(error))
    return [part for part in parts if part.shown or part.unread]


def _read(part: Part) -> None:
    """Read a part within the transaction that is open; its failure leaves the others theirs."""
    try:
        with transaction.atomic():
            part.shown, part.troubles = part.read()
    except DatabaseTrouble as error:
        part.unread = _reason(error)
        logger.warning("operations incomplete part=%s reason=%s", part.name, part.unread)


def _reason(error: Exception) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0]


def in_words(time: timedelta) -> str:
    """Return a time in words: “8 seconds”, “3 hours, 5 minutes”."""
    if time < timedelta(minutes=1):
        seconds = max(0, int(time.total_seconds()))
        return ngettext("%(count)d second", "%(count)d seconds", seconds) % {"count": seconds}
    now = timezone.now()
    return timesince(now - time, now)


# The parts: each returns what its template shows, and names what is wrong.


def _work() -> Shown:
    now = timezone.now()
    rows: list[dict[str, Any]] = []
    for each in watching.waiting():
        trouble, limit = LATE.get(each.stage, ("", timedelta.max))
        waited = max(timedelta(), now - each.since) if each.since else None
        late = waited is not None and waited > limit
        rows.append(
            {
                "name": STAGES[each.stage],
                "count": each.count,
                "waited": in_words(waited) if waited is not None else "",
                "since": each.since,
                "late": trouble if late else "",
                "is_timed": each.is_timed,
            }
        )
    return {"rows": rows}, [row["late"] for row in rows if row["late"]]


def _broker() -> Shown:
    trouble = health.broker_trouble(settings.CELERY_BROKER_URL)
    scheme = urlsplit(settings.CELERY_BROKER_URL).scheme
    return {"kind": _BROKERS.get(scheme, scheme), "trouble": trouble}, ["BrokerAway"] if trouble else []


def _programs() -> Shown:
    """Who is seen at work, and when work was last swept."""
    now, wrong = timezone.now(), []
    programs = [
        {
            "role": each.get_role_display(),
            "name": each.name,
            "seen_at": each.seen_at,
            "ago": in_words(now - each.seen_at),
            "missed": now - each.seen_at > WORKER_MISSED,
        }
        for each in sightings.programs_seen()
    ]
    ended = {total.task: total.ended_at for total in sightings.task_totals()}
    # Each app has a sweep of its own; the page tells of the one that is longest ago.
    swept = min(ended[task] for task in watching.SWEEPS) if ended.keys() >= set(watching.SWEEPS) else None
    late = swept is None or now - swept > SWEEP_LATE
    if late:
        wrong.append("NothingIsSwept")
    if any(each["missed"] for each in programs):
        wrong.append("WorkerMissed")
    swept_ago = in_words(now - swept) if swept else ""
    return {"programs": programs, "swept_at": swept, "swept_ago": swept_ago, "late": late}, wrong


def _imports() -> Shown:
    waiting = watching.waiting_by_run()
    being_read = ImportRun.objects.being_read().order_by("-heard_of_at").values_list("pk", flat=True)[:SHOWN]
    runs = ImportRun.objects.filter(pk__in=[*being_read, *list(waiting)[:SHOWN]]).order_by("-created_at", "-pk")
    now = timezone.now()
    rows = [(run, waiting.get(run.pk, 0), in_words(now - run.created_at)) for run in runs]
    return {"rows": rows, "count": len(waiting), "documents": sum(waiting.values())}, []


def _feeds() -> Shown:
    counts = watching.feed_counts()
    last_run = ImportRun.objects.filter(feed=OuterRef("pk")).order_by("-pk").values("uid")[:1]
    feeds = Feed.objects.annotate(last_run=Subquery(last_run))
    wrong = ["FeedsBroken"] if counts["broken"] > BROKEN_SHARE * max(1, sum(counts.values())) else []
    shown = {
        "counts": counts,
        "broken": list(feeds.broken().filter(active=True)[:SHOWN]),
        "paused": list(feeds.filter(active=False).order_by("title", "url", "pk")[:SHOWN]),
    }
    return shown, wrong


def _crashes() -> Shown:
    """What was given up because it crashes what reads it: documents, and texts of articles."""
    items = ImportItem.objects.retriable().exclude(traceback="")
    readings = retrying.given_up()
    shown = {
        "items": list(
            items.select_related("run").only(*_OF_ITEMS).order_by("-finished_at", "-pk")[:SHOWN],
        ),
        "item_count": items.count(),
        "readings": list(
            readings.select_related("revision__article__outlet").defer("revision__text")[:SHOWN],
        ),
        "reading_count": readings.count(),
    }
    return shown, ["GivenUp"] if shown["items"] or shown["readings"] else []


_OF_ITEMS = ("run__uid", "run__label", "position", "label", "state", "reason", "attempts", "finished_at")


def _failures() -> Shown:
    counts = watching.failures()
    rows = [(KINDS[kind], counts["import", kind], counts["extract", kind]) for kind in watching.KINDS]
    rows = sorted((row for row in rows if row[1] or row[2]), key=lambda row: -row[1] - row[2])
    documents = sum(number for (stage, _kind), number in counts.items() if stage == "import")
    wrong = ["ManyDocumentsFail"] if documents > MANY_FAILURES else []
    if any(kind == "unexpected" for (_stage, kind), number in counts.items() if number):
        wrong.append("UnexpectedFailures")
    capped = max(documents, counts.total() - documents) >= watching.FAILURES_LOOKED_AT
    return {"rows": rows, "capped": watching.FAILURES_LOOKED_AT if capped else 0}, wrong


def _webhooks() -> Shown:
    tried = Delivery.objects.filter(webhook=OuterRef("pk"), last_attempt_at__isnull=False).order_by("-pk")
    failing = Webhook.objects.filter(active=True).filter(Q(failures__gt=0) | Q(paused_at__isnull=False))
    rows = failing.select_related("owner").annotate(error=Subquery(tried.values("error")[:1]))
    shown = list(rows.order_by("failing_since", "pk")[:SHOWN])
    return {"rows": shown, "count": failing.count()}, ["WebhooksFail"] if shown else []


def _database() -> Shown:
    """How large the database is, and how much room there is for it; the last backup and the replica, where known."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_database_size(current_database()),"
            " CASE WHEN pg_has_role('pg_read_all_settings', 'USAGE') THEN current_setting('data_directory') END"
        )
        size, folder = cursor.fetchone()
    disk = _disk(folder)
    wrong = ["DiskFull"] if disk and disk.free < max(DISK_SHARE_FREE * disk.total, DISK_BYTES_FREE) else []
    backup = sightings.last_backup()
    shown = {
        "bytes": size,
        "tables": watching.tables()[:TABLES_SHOWN],
        "disk": disk,
        "folder": folder,
        "backup": backup,
        "backup_ago": in_words(timezone.now() - backup.seen_at) if backup else "",
    }
    return shown, wrong


def _disk(folder: str | None) -> Any:
    """Return total, used and free bytes of the disk that the database is on; None where it is on another machine.

    A server that is reached by a socket of this machine's file system has its folder there, too.
    """
    if not folder or not connection.connection.info.host.startswith("/"):
        return None
    try:
        return shutil.disk_usage(folder)
    except OSError as error:
        # The server may run in a container that shares its socket alone.
        logger.info("disk not known folder=%s reason=%s", folder, error)
        return None


def _replica() -> Shown:
    """How far the replica is behind; nothing where none is set."""
    if not settings.DATABASE_REPLICA_URL:
        return {}, []
    try:
        with connections[REPLICA].cursor() as cursor:
            cursor.execute(
                "SELECT pg_is_in_recovery(), pg_last_wal_replay_lsn()::text, pg_last_xact_replay_timestamp()"
            )
            is_replica, replayed, at = cursor.fetchone()
    except DatabaseTrouble as error:
        return {"trouble": _reason(error)}, ["ReplicaAway"]
    behind = None
    if replayed:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_wal_lsn_diff(pg_current_wal_lsn(), %s::pg_lsn)::bigint", [replayed])
            [behind] = cursor.fetchone()
    late = not is_replica or behind is None or behind > REPLICA_BEHIND_BYTES
    shown = {"is_replica": is_replica, "behind": max(0, behind or 0), "at": at, "late": late}
    return shown, ["ReplicaAway"] if late else []


def _versions() -> Shown:
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version")
        [postgres] = cursor.fetchone()
    missing = health.missing_migrations()
    shown = {
        "versions": [
            ("Second Source", site_version()),
            (_("Finding statements"), EXTRACTOR_VERSION),
            (_("Matching"), MATCHER_VERSION),
            ("Python", platform.python_version()),
            ("Django", django.get_version()),
            ("PostgreSQL", postgres),
        ],
        "missing": missing,
    }
    return shown, ["MigrationsMissing"] if missing else []


@cache
def site_version() -> str:
    """Return the version of the code, as pyproject.toml has it."""
    project = tomllib.loads((settings.BASE_DIR / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return str(project["version"])


def _parts() -> list[Part]:
    """Return the parts in the order of the page, none of them read."""
    return [
        Part("work", gettext_lazy("What waits"), _work),
        Part("programs", gettext_lazy("Who works"), _programs),
        Part("broker", gettext_lazy("Broker"), _broker, asks_database=False),
        Part("imports", gettext_lazy("Imports under way"), _imports),
        Part("feeds", gettext_lazy("Feeds"), _feeds),
        Part("crashes", gettext_lazy("Given up"), _crashes),
        Part("failures", gettext_lazy("Failed within a day"), _failures),
        Part("webhooks", gettext_lazy("Webhooks that fail"), _webhooks),
        Part("database", gettext_lazy("Database"), _database),
        Part("replica", gettext_lazy("Replica"), _replica),
        Part("versions", gettext_lazy("Versions"), _versions),
    ]
