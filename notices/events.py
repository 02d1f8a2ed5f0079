"""What happened, for who asks: in an order in which nothing is missed and nothing comes twice.

As with changes (docs/decisions/0012), an event is given out when every transaction that began before its own has ended.
"""

import json
import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

from django.db import connection, connections, transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from notices.models import Audience, Event, ImportDue
from notices.triggers import FINISHED, TYPES
from sources.models import ImportItem, ImportRun

#: How long events are kept, and noted for whoever asked last; who comes back later begins again.
KEPT_FOR = timedelta(days=7)
#: How exactly it is known when somebody asked last.
_ASKED_WITHIN = timedelta(hours=1)
_AUDIENCE = 1
_POSITION = re.compile(r"(?P<transaction>[0-9]{1,18})(?:\.(?P<id>[0-9]{1,18}))?", re.ASCII)


class PositionRefused(ValueError):
    """A position is none that was given out here."""


class PositionGone(Exception):
    """Events that came after a position are not kept any more, or it is of another database."""


@dataclass(frozen=True, order=True)
class Position:
    """A place in the order of events: all up to and including this one were given out."""

    transaction: int
    id: int = 0

    def __str__(self) -> str:
        return f"{self.transaction}.{self.id}" if self.id else str(self.transaction)

    @classmethod
    def read(cls, text: str) -> "Position":
        """Return the position that was written like this.

        Raises PositionRefused where it is none.
        """
        found = _POSITION.fullmatch(text)
        if found is None:
            raise PositionRefused
        return cls(int(found["transaction"]), int(found["id"] or 0))


START = Position(0)


@dataclass(frozen=True)
class Happening:
    """An event as it is told."""

    position: Position
    type: str
    message: dict[str, Any]


@dataclass(frozen=True)
class Page:
    """Events after a position; `position` is what the next page comes after."""

    events: list[Happening]
    position: Position
    more: bool


def listen() -> None:
    """Have events noted from now on, for as long as they are kept."""
    until = timezone.now() + KEPT_FOR
    if not Audience.objects.filter(pk=_AUDIENCE, until__gt=until - _ASKED_WITHIN).exists():
        Audience.objects.bulk_create(
            [Audience(pk=_AUDIENCE, until=until)], update_conflicts=True, unique_fields=["id"], update_fields=["until"]
        )


def watermark() -> Position:
    """Return the place before which no event can be added any more."""
    with _primary().cursor() as cursor:
        cursor.execute("SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint")
        (oldest,) = cursor.fetchone()
    return Position(oldest)


def check_position(position: Position) -> None:
    """Raise PositionGone where events after a position are lost for whoever asks for them."""
    with _primary().cursor() as cursor:
        # The newest event that is too old stays, so that it is known up to where events were forgotten.
        cursor.execute(
            """
            SELECT %(transaction)s > greatest(
                pg_snapshot_xmax(pg_current_snapshot())::text::bigint,
                1 + pg_current_xact_id_if_assigned()::text::bigint
            ) OR EXISTS (
                SELECT FROM notices_event WHERE (transaction, id) > (%(transaction)s, %(id)s) AND at < %(kept_from)s
            )
            """,
            {"transaction": position.transaction, "id": position.id, "kept_from": timezone.now() - KEPT_FOR},
        )
        (gone,) = cursor.fetchone()
    if gone:
        raise PositionGone


def events_after(position: Position, *, limit: int, types: Collection[str] = TYPES) -> Page:
    """Return the next `limit` events of these types."""
    with _primary().cursor() as cursor:
        # One statement, and so one snapshot: what it sees and which transactions it saw running belong together.
        cursor.execute(
            """
            SELECT pg_snapshot_xmin(now)::text::bigint, found.*
            FROM pg_current_snapshot() now
            LEFT JOIN LATERAL (
                SELECT transaction, id, uid, type, at, data FROM notices_event
                WHERE (transaction, id) > (%s, %s) AND transaction >= %s
                    AND transaction < pg_snapshot_xmin(now)::text::bigint AND type = ANY(%s)
                ORDER BY transaction, id LIMIT %s
            ) found ON TRUE
            """,
            [position.transaction, position.id, position.transaction, list(types), limit + 1],
        )
        rows = cursor.fetchall()
    found = [
        Happening(
            Position(row[1], row[2]),
            row[4],
            message(Event(uid=row[3], type=row[4], at=row[5], data=json.loads(row[6]))),
        )
        for row in rows
        if row[1] is not None
    ]
    more = len(found) > limit
    found = found[:limit]
    # All before the oldest running transaction is settled, also where none of it was an event.
    reached = found[-1].position if more else max(position, Position(rows[0][0]))
    return Page(found, reached, more)


def message(event: Event) -> dict[str, Any]:
    """Return an event as it is told, in the shape of the Standard Webhooks specification."""
    return {
        "id": event.message_id,
        "type": event.type,
        "timestamp": event.at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "data": event.data,
    }


def note(type_: str, row_id: int, data: dict[str, Any]) -> Event:
    """Store something that happened, now and in this transaction, and return it; nothing is looked at for it yet."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_current_xact_id()::text::bigint")
        (number,) = cursor.fetchone()
    return Event.objects.create(
        uid=uuid4(), transaction=number, type=type_, row_id=row_id, at=timezone.now(), data=data, waiting=True
    )


def forget_events() -> int:
    """Forget events that are older than they are kept, with their deliveries, and return how many there were.

    The newest of them stays: from it is known up to where events were forgotten.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            """
            CREATE TEMPORARY TABLE forgotten ON COMMIT DROP AS
            SELECT id FROM notices_event WHERE at < %(kept_from)s AND id <> (
                SELECT id FROM notices_event WHERE at < %(kept_from)s ORDER BY transaction DESC, id DESC LIMIT 1
            )
            -- After a restore: of a database whose transactions were counted otherwise, so never given out.
            UNION SELECT id FROM notices_event
            WHERE transaction > pg_snapshot_xmax(pg_current_snapshot())::text::bigint
            """,
            {"kept_from": timezone.now() - KEPT_FOR},
        )
        cursor.execute("DELETE FROM notices_delivery WHERE event_id IN (SELECT id FROM forgotten)")
        cursor.execute("DELETE FROM notices_event WHERE id IN (SELECT id FROM forgotten)")
        return int(cursor.rowcount)


# Imports


def has_ended_imports() -> bool:
    """Whether something of an import ended since it was last looked whether that was all."""
    return ImportDue.objects.exists()


def note_finished_imports() -> int:
    """Make events of imports that came to their end and return how many; one that is tried again ends again."""
    with transaction.atomic():
        # One at a time: of two that look at the same moment, both would find an import finished.
        if not has_ended_imports() or not _only_one():
            return 0
        due = dict(ImportDue.objects.values_list("pk", "run_id"))
        # Looked at after the list was read: what ends from here on has left a row that is not in it, and stays.
        waiting = ImportItem.objects.pending().filter(run=OuterRef("pk"))
        runs = ImportRun.objects.filter(~Exists(waiting), pk__in=set(due.values())).exclude(read_at=None)
        finished = list(runs.values_list("pk", flat=True))
        # All that was seen to be finished left its row before, so no import is told of twice.
        ImportDue.objects.filter(Q(pk__in=due.keys()) | Q(run_id__in=finished)).delete()
        for run in ImportRun.objects.filter(pk__in=finished).select_related("feed").with_counts().order_by("pk"):
            note(FINISHED, run.pk, _finished(run))
    return len(finished)


def _only_one() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(hashtext('notices.note_finished_imports'))")
        return bool(cursor.fetchone()[0])


def _finished(run: Any) -> dict[str, Any]:
    feed = run.feed
    return {
        "run": {
            "uid": str(run.uid),
            "label": run.label,
            "created_at": _moment(run.created_at),
            "cancelled_at": run.cancelled_at and _moment(run.cancelled_at),
            "reading_error": run.reading_error,
            "feed": feed and {"uid": str(feed.uid), "url": feed.url, "title": feed.title},
        },
        "document_count": run.item_count,
        "counts": {state: getattr(run, f"{state}_count") for state in ImportItem.State.values},
    }


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _primary() -> Any:
    """Return the connection to the primary database: a replica is behind the places that are given out."""
    return connections[Event.objects.db]
