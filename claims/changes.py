"""What a mirror follows: which rows changed, in an order in which none is missed and none comes twice.

Triggers note each changed row with the transaction that changed it. A change is given out only when every transaction
that began before its own has ended: from then on nothing can come before it any more. See docs/decisions/0012.
"""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

import pgtrigger
from django.db import connection, transaction

#: What is followed, by the name that the API has for it, and the table that has its uids.
RESOURCES = {
    "articles": "sources_article",
    "attributions": "claims_attribution",
    "claims": "claims_claim",
    "outlets": "sources_outlet",
    "speakers": "claims_speaker",
    "statements": "claims_statement",
    "topics": "claims_topic",
}
_NOTE_ALL = """
    INSERT INTO claims_change (transaction, resource, uid)
    SELECT pg_current_xact_id()::text::bigint, '{resource}', uid FROM {table}
"""
_POSITION = re.compile(
    r"(?P<transaction>[0-9]{1,18})(?:\.(?P<resource>[a-z]{1,12})\.(?P<uid>[0-9a-f]{32}))?(?:-(?P<era>[0-9a-f]{8}))?",
    re.ASCII,
)
_NOWHERE = UUID(int=0)
# The row of no transaction that `begin_again` leaves, by whose uid its places are told from those given out before.
_ERA = "SELECT left(uid::text, 8) FROM claims_change WHERE transaction = 0"


class PositionRefused(ValueError):
    """A position is none that was given out here."""


class PositionLost(Exception):
    """A position was given out before all began again, or by another database, as before it was restored."""


class FeedLost(Exception):
    """The changes themselves are from such a database: nobody can tell what came after what."""

    def __init__(self) -> None:
        super().__init__(
            "The noted changes are from another database, as after a restore. Run “manage.py compact_changes --begin-"
            "again”; every mirror then begins again too."
        )


@dataclass(frozen=True, order=True)
class Position:
    """A place in the order of changes: all up to and including this one were given out.

    era: since when all began again, as after a restore; empty where nothing ever did.
    """

    transaction: int
    resource: str = ""
    uid: UUID = _NOWHERE
    era: str = ""

    def __str__(self) -> str:
        row = f".{self.resource}.{self.uid.hex}" if self.resource else ""
        era = f"-{self.era}" if self.era else ""
        return f"{self.transaction}{row}{era}"

    @classmethod
    def read(cls, text: str) -> "Position":
        """Return the position that was written like this.

        Raises PositionRefused where it is none.
        """
        found = _POSITION.fullmatch(text)
        if found is None:
            raise PositionRefused
        uid = UUID(found["uid"]) if found["uid"] else _NOWHERE
        return cls(int(found["transaction"]), found["resource"] or "", uid, found["era"] or "")


START = Position(0)


@dataclass(frozen=True)
class Page:
    """Changed rows after a position, as resource and uid; `position` is what the next page comes after."""

    changed: list[tuple[str, UUID]]
    position: Position
    more: bool


def watermark() -> Position:
    """Return the place before which nothing can change any more."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint, ({_ERA})")
        oldest, era = cursor.fetchone()
    return Position(oldest, era=era or "")


def changes_after(position: Position, *, limit: int, resources: Collection[str] = ()) -> Page:
    """Return the next `limit` changes, of some resources or of all.

    Raises PositionLost for a position of before all began again, or ahead of all there is; FeedLost where the changes
    are ahead.
    """
    with connection.cursor() as cursor:
        # One statement, and so one snapshot: what it sees and which transactions it saw running belong together.
        cursor.execute(
            f"""
            SELECT ({_ERA}), pg_snapshot_xmin(now)::text::bigint,
                greatest(pg_snapshot_xmax(now)::text::bigint, 1 + pg_current_xact_id_if_assigned()::text::bigint),
                latest.transaction,
                found.transaction, found.resource, found.uid
            FROM pg_current_snapshot() now
            LEFT JOIN LATERAL (
                SELECT transaction FROM claims_change ORDER BY transaction DESC, resource DESC, uid DESC LIMIT 1
            ) latest ON TRUE
            LEFT JOIN LATERAL (
                SELECT transaction, resource, uid FROM claims_change
                WHERE (transaction, resource, uid) > (%s, %s, %s) AND transaction > 0
                    AND transaction < pg_snapshot_xmin(now)::text::bigint AND (%s OR resource = ANY(%s))
                ORDER BY transaction, resource, uid LIMIT %s
            ) found ON TRUE
            """,  # noqa: S608 (the SQL is ours)
            [position.transaction, position.resource, position.uid, not resources, list(resources), limit + 1],
        )
        rows = cursor.fetchall()
    era, oldest, newest, latest = rows[0][:4]
    era = era or ""
    if latest is not None and latest >= newest:
        raise FeedLost
    if position.transaction > newest or (position.transaction and position.era != era):
        raise PositionLost
    found = [Position(number, resource, uid, era) for *_, number, resource, uid in rows if number is not None]
    more = len(found) > limit
    found = found[:limit]
    # All before the oldest running transaction is settled, also where none of it was a change.
    reached = found[-1] if more else max(position, Position(oldest, era=era))
    return Page([(change.resource, change.uid) for change in found], reached, more)


def latest(resource: str, *, limit: int) -> list[UUID]:
    """Return the rows of a resource that changed last, the last one first."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT uid FROM (
                SELECT transaction, uid FROM claims_change WHERE resource = %s
                ORDER BY transaction DESC, resource DESC, uid DESC LIMIT %s
            ) change GROUP BY uid ORDER BY max(transaction) DESC, uid LIMIT %s
            """,
            # A claim is noted again with each report, and again when its figures are counted.
            [resource, 20 * limit, limit],
        )
        return [uid for (uid,) in cursor.fetchall()]


def compact() -> int:
    """Forget changes of rows that changed again later, and return how many: who has not read them loses nothing.

    Each row keeps its last change, so that a mirror can always begin at the start.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """
            WITH last AS (
                SELECT resource, uid, max(transaction) AS transaction FROM claims_change
                WHERE transaction < pg_snapshot_xmin(pg_current_snapshot())::text::bigint
                GROUP BY resource, uid HAVING count(*) > 1
            )
            DELETE FROM claims_change c USING last
            WHERE c.resource = last.resource AND c.uid = last.uid AND c.transaction < last.transaction
            """
        )
        return int(cursor.rowcount)


def begin_again() -> int:
    """Note every row as changed now, in place of all that was noted, and return how many: mirrors begin again."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("LOCK TABLE claims_change IN SHARE ROW EXCLUSIVE MODE")
        cursor.execute("DELETE FROM claims_change")
        cursor.execute("INSERT INTO claims_change (transaction, resource, uid) VALUES (0, '', %s)", [uuid4()])
        return note_all(cursor)


def note_all(cursor: Any) -> int:
    """Note every row as changed by this transaction, and return how many."""
    count = 0
    for resource, table in RESOURCES.items():
        cursor.execute(_NOTE_ALL.format(resource=resource, table=table))
        count += cursor.rowcount
    return count


# Triggers

_REFERENCING = {
    "insert": pgtrigger.Referencing(new="new_values"),
    "update": pgtrigger.Referencing(old="old_values", new="new_values"),
    "delete": pgtrigger.Referencing(old="old_values"),
}
_OPERATIONS = {"insert": pgtrigger.Insert, "update": pgtrigger.Update, "delete": pgtrigger.Delete}
_ROWS = {
    "insert": ("new_values",),
    # What a row belonged to before has changed as well.
    "update": ("old_values", "new_values"),
    "delete": ("old_values",),
}


def noted(
    resource: str, uid: str = "r.uid", *, when: Sequence[str] = ("insert", "update", "delete"), only: str = "TRUE"
) -> list[pgtrigger.Trigger]:
    """Return the triggers that note rows of `resource` as changed when a table's rows are.

    uid: SQL that gives the uid for a row `r` of the table. only: SQL that says of `r` whether it matters.
    """
    return [
        # One for each command, not each row; a row that changes twice in a transaction is noted once. The conflict is
        # with this transaction's own rows alone: nobody waits for another.
        pgtrigger.Trigger(
            name=f"{resource}_noted_{operation}",
            level=pgtrigger.Statement,
            when=pgtrigger.After,
            operation=_OPERATIONS[operation],
            referencing=_REFERENCING[operation],
            func=f"""
                INSERT INTO claims_change (transaction, resource, uid)
                SELECT DISTINCT pg_current_xact_id()::text::bigint, '{resource}', noted.uid FROM (
                    {" UNION ".join(f"SELECT {uid} AS uid FROM {rows} r WHERE {only}" for rows in _ROWS[operation])}
                ) noted WHERE noted.uid IS NOT NULL
                ON CONFLICT DO NOTHING;
                RETURN NULL;
            """,  # noqa: S608 (the SQL is ours)
        )
        for operation in when
    ]


def of_row(table: str, column: str) -> str:
    """Return SQL for the uid of the row of `table` whose id `r` has in `column`."""
    return f"(SELECT t.uid FROM {table} t WHERE t.id = r.{column})"  # noqa: S608 (the SQL is ours)
