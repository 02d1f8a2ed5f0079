"""Queries that PostgreSQL plans once for each connection, instead of each time: those asked again and again.

For SELECTs whose text is always the same: to plan some of them takes PostgreSQL longer than to answer them.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import psycopg
from django.db import NotSupportedError, connection
from django.db.backends.utils import CursorWrapper

#: Gives a cursor spans for its queries; set by config/tracing.py where traces are asked for.
traced: Callable[[Any], Any] | None = None


class _Cursor(psycopg.Cursor[tuple[Any, ...]]):
    """Keeps what it asks prepared, where the connection may: see DATABASE_PREPARED."""

    def execute(self, query: Any, params: Any = None, **options: Any) -> "_Cursor":
        return super().execute(query, params, **{"prepare": True, **options})


def fetch_all(sql: str, values: Sequence[Any] | Mapping[str, Any]) -> list[tuple[Any, ...]]:
    """Return the rows that a query gives for these values.

    Where tables were altered under a query that is kept, as by a migration while this process serves on, its connection
    keeps no more queries, and it is asked again. In a transaction it fails, once: a rollback makes psycopg forget them.
    """
    try:
        return _fetch_all(sql, values)
    except NotSupportedError:
        if connection.in_atomic_block:
            raise
        kept: Any = connection.connection
        kept.prepare_threshold = None
    return _fetch_all(sql, values)


def _fetch_all(sql: str, values: Sequence[Any] | Mapping[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() if connection.queries_logged else _kept() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchall()


def _kept() -> CursorWrapper:
    """Return a cursor that keeps its queries; Django's log is not shown these, as it shows them with their values."""
    # As `connection.cursor()` does it, which makes one kind of cursor alone.
    connection.close_if_health_check_failed()
    connection.ensure_connection()
    plain: Any = _Cursor(connection.connection)
    return connection.make_cursor(plain if traced is None else traced(plain))
