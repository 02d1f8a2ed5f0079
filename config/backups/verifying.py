"""Whether what was frozen is still what it was: each SHA-256 beside the bytes it was taken of."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.db import DatabaseError, connection
from psycopg import sql

from sources.models import Revision, Snapshot

BATCH_ROWS = 200

Frozen = type[Snapshot] | type[Revision]

# The database computes them: the bytes stay where they are.
_CONTENTS: dict[Frozen, sql.SQL] = {
    Snapshot: sql.SQL("sha256(body)"),
    Revision: sql.SQL("sha256(convert_to(text, 'UTF8'))"),
}


@dataclass(frozen=True)
class Fault:
    """A frozen row that is not what it was, or cannot be read."""

    kind: str
    uid: str
    reason: str

    def __str__(self) -> str:
        return f"{self.kind} {self.uid}: {self.reason}"


def count() -> int:
    """Return how many rows there are to verify."""
    return sum(model.objects.count() for model in _CONTENTS)


def faults(progress: Callable[[int], object] = lambda rows: None) -> Iterator[Fault]:
    """Give every snapshot whose bytes, and every revision whose text, no longer have their SHA-256."""
    for model in _CONTENTS:
        after = 0
        while ids := list(model.objects.filter(pk__gt=after).order_by("pk").values_list("pk", flat=True)[:BATCH_ROWS]):
            try:
                yield from _differing(model, ids)
            except DatabaseError:
                # Storage that cannot be read fails for all of a batch: one by one tells which.
                yield from _one_by_one(model, ids)
            after = ids[-1]
            progress(len(ids))


def _differing(model: Frozen, ids: list[int]) -> list[Fault]:
    kind = model._meta.verbose_name
    query = sql.SQL(
        "SELECT uid, sha256, found FROM {}, encode({}, 'hex') AS found WHERE id = ANY(%s) AND sha256 <> found"
    )
    with connection.cursor() as cursor:
        cursor.execute(query.format(sql.Identifier(model._meta.db_table), _CONTENTS[model]), [ids])
        rows = cursor.fetchall()
    return [Fault(str(kind), str(uid), f"has SHA-256 {found}, not {stored}") for uid, stored, found in rows]


def _one_by_one(model: Frozen, ids: list[int]) -> Iterator[Fault]:
    for pk in ids:
        try:
            yield from _differing(model, [pk])
        except DatabaseError as error:
            uid = model.objects.values_list("uid", flat=True).get(pk=pk)
            reason = str(error).splitlines()[0]
            yield Fault(str(model._meta.verbose_name), str(uid), f"cannot be read: {reason}")
