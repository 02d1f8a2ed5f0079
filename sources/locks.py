"""Locks between workers on work that takes more than one transaction: kept by PostgreSQL, gone with their session."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

#: What is locked: items being imported, revisions being read.
IMPORTING, READING = 7101, 7102

_LARGEST_KEY = 2**31


def take(kind: int, key: int) -> bool:
    """Take a lock for this session; False where another session has it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [kind, key % _LARGEST_KEY])
        [(taken,)] = cursor.fetchall()
    return bool(taken)


@contextmanager
def released_after(kind: int, key: int) -> Iterator[None]:
    """Give a lock of this session back when the block ends."""
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [kind, key % _LARGEST_KEY])
