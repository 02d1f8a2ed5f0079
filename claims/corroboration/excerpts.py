"""Parts of texts, read without the rest of them."""

from collections.abc import Collection
from typing import NamedTuple

from django.db import connection


class Excerpt(NamedTuple):
    """Characters of a revision's text, half-open."""

    revision: int
    start: int
    end: int


def read_excerpts(wanted: Collection[Excerpt]) -> dict[Excerpt, str]:
    """Return the characters of each excerpt, cut off where its text ends, in one query."""
    if not wanted:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT wanted.revision, wanted."start", wanted."end",
                substr(revision.text, wanted."start" + 1, wanted."end" - wanted."start")
            FROM unnest(%s::bigint[], %s::int[], %s::int[]) AS wanted(revision, "start", "end")
            JOIN sources_revision revision ON revision.id = wanted.revision
            """,
            [list(column) for column in zip(*set(wanted), strict=True)],
        )
        return {Excerpt(*row[:3]): row[3] for row in cursor.fetchall()}
