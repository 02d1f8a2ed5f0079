"""What the tables tell of waiting, failed and finished work: read by `/metrics` and by the operators' page.

Each read takes a few queries, whose time grows with what waits or has failed, not with what is stored; save for the
texts to be read, which are found as the sweep finds them, by comparing all that stand with what was read. So whoever
asks sets a limit of time: see `looking`.
"""

import re
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import Count, Min, Q, QuerySet
from django.utils import timezone

from claims.models import ComparisonDue, CorroborationDue, Extraction
from claims.services.reading import unread
from notices import webhooks
from notices.models import Event
from sources.models import Feed, ImportItem

# What one statement of a look may take of the database, however large the tables are.
STATEMENT_TIMEOUT_MS = 5_000
FAILURES_WITHIN = timedelta(days=1)
#: Of the failures of each stage the newest so many are told apart.
FAILURES_LOOKED_AT = 10_000

#: The tasks that look what waits, and wake who does it; without them feeds are not polled, and lost work stays lost.
SWEEPS = ("sources.sweep", "claims.sweep", "notices.sweep")

#: A kind of failure, and what its reason says somewhere; the first that fits counts. Reasons are in people's words, so
#: this follows the messages of `sources`; what is not found here is counted as `other`.
_REASONS = [
    ("crashed_worker", r"The worker that read it stopped each time"),
    # What was stored by earlier versions is named by its class.
    ("unexpected", r"^By a fault of this site|^\w+(?:Error|Exception|Warning|Exit|Interrupt): "),
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
#: What a reason may be of.
KINDS = ("other", *(kind for kind, _ in _REASONS))


@contextmanager
def looking() -> Iterator[None]:
    """Give a transaction whose statements end after STATEMENT_TIMEOUT_MS with an OperationalError."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('statement_timeout', %s, true)", [str(STATEMENT_TIMEOUT_MS)])
        yield


def kind_of(reason: str) -> str:
    """Return the kind of a failure's reason, one of KINDS, such as `http_error`; `other` where none fits."""
    reason = _GIVEN_UP.sub("", reason)
    return next((kind for kind, pattern in _KINDS if pattern.search(reason)), "other")


@dataclass(frozen=True)
class Waiting:
    """What waits at a stage, and since when the first of it does; None where nothing waits, or nobody knows."""

    stage: str
    count: int
    since: datetime | None = None
    #: Whether `since` could be told if something waited.
    is_timed: bool = True


def waiting() -> list[Waiting]:
    """Return what waits at each stage: import, extract, extract_again, match, compare, count and notify."""
    found = [_waiting("import", ImportItem.objects.ready(), "created_at"), *_unread()]
    found.append(_waiting("match", Extraction.objects.filter(state=Extraction.State.EXTRACTED), "updated_at"))
    found.append(Waiting("compare", ComparisonDue.objects.count(), is_timed=False))
    found.append(_waiting("count", CorroborationDue.objects.all(), "marked_at"))
    found.append(_untold())
    return found


def _waiting(stage: str, rows: QuerySet[Any], since: str) -> Waiting:
    found = rows.order_by().aggregate(waiting=Count("pk"), first=Min(since))
    return Waiting(stage, found["waiting"], found["first"])


def _unread() -> Iterator[Waiting]:
    found = unread().aggregate(
        first_time=Count("pk", filter=Q(again=False)),
        next_time=Count("pk", filter=Q(again=True)),
        since=Min("marked_at", filter=Q(again=False)),
    )
    yield Waiting("extract", found["first_time"], found["since"])
    # Read by an earlier extractor: news comes first, so how long they have waited says nothing.
    yield Waiting("extract_again", found["next_time"], is_timed=False)


def _untold() -> Waiting:
    """Return the messages that are due, and the events of which nobody has looked yet who is to be told."""
    due = _waiting("notify", webhooks.due(), "next_attempt_at")
    events = _waiting("notify", Event.objects.filter(waiting=True), "at")
    first = min((each.since for each in (due, events) if each.since is not None), default=None)
    return Waiting("notify", due.count + events.count, first)


def failures() -> Counter[tuple[str, str]]:
    """Return how many documents and readings failed within a day, by stage (import, extract) and kind of reason.

    Of each stage the newest FAILURES_LOOKED_AT are looked at.
    """
    since = timezone.now() - FAILURES_WITHIN
    imports = ImportItem.objects.filter(state=ImportItem.State.FAILED, finished_at__gte=since).order_by("-finished_at")
    readings = Extraction.objects.filter(state=Extraction.State.FAILED, updated_at__gte=since).order_by("-updated_at")
    counts: Counter[tuple[str, str]] = Counter()
    for stage, rows in (("import", imports), ("extract", readings)):
        counts.update((stage, kind_of(reason)) for reason in rows.values_list("reason", flat=True)[:FAILURES_LOOKED_AT])
    return counts


def feed_counts() -> dict[str, int]:
    """Return how many feeds work, are broken, and are paused."""
    return Feed.objects.order_by().aggregate(
        working=Count("pk", filter=Q(active=True, failures=0)),
        broken=Count("pk", filter=Q(active=True, failures__gt=0)),
        paused=Count("pk", filter=Q(active=False)),
    )


def waiting_by_run() -> dict[int, int]:
    """Return how many documents of each import wait, also for their time, by the import's id, the largest first."""
    rows = ImportItem.objects.pending().order_by().values_list("run").annotate(waiting=Count("pk"))
    return dict(rows.order_by("-waiting", "run"))


@dataclass(frozen=True)
class Table:
    """A table as PostgreSQL knows it, without counting: bytes with its indexes, and rows as it last estimated them.

    rows: None where it has not done so yet. added: since its statistics began; rows of transactions that were rolled
    back are among them.
    """

    name: str
    bytes: int
    rows: int | None
    added: int


def tables() -> list[Table]:
    """Return the tables of sources and claims, the largest first."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname, pg_total_relation_size(oid), nullif(reltuples, -1)::bigint,"
            " pg_stat_get_tuples_inserted(oid) FROM pg_class"
            " WHERE relkind = 'r' AND relnamespace = current_schema()::regnamespace AND relname ~ '^(claims|sources)_'"
            " ORDER BY 2 DESC, 1"
        )
        return [Table(*row) for row in cursor.fetchall()]
