"""The bytes of waiting documents, to the database and back by binary COPY.

Within SQL they would be written out as hexadecimal digits, which takes both sides longer than all else of storing them.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection
from psycopg import sql

from sources.models import ImportItem

_FIELDS = [field for field in ImportItem._meta.concrete_fields if not field.primary_key]
_TABLE = sql.Identifier(ImportItem._meta.db_table)


def store_items(items: Iterable[ImportItem]) -> None:
    """Insert new items; they do not learn their keys."""
    columns: list[sql.Composable] = [sql.Identifier(field.column or "") for field in _FIELDS]
    statement = sql.SQL("COPY {} ({}) FROM STDIN (FORMAT BINARY)").format(_TABLE, sql.SQL(", ").join(columns))
    types = [(field.db_type(connection) or "").partition("(")[0] for field in _FIELDS]
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        copy.set_types(types)
        for item in items:
            copy.write_row([_value(item, field) for field in _FIELDS])


def _value(item: ImportItem, field: Any) -> Any:
    value = field.pre_save(item, add=True)
    # Django's wrapper of bytes is for SQL text.
    return value if field.name == "payload" else field.get_db_prep_save(value, connection)


def load_payloads(items: Sequence[ImportItem]) -> None:
    """Give items, loaded without their payload, their payload."""
    statement = sql.SQL("COPY (SELECT id, payload FROM {} WHERE id IN ({})) TO STDOUT (FORMAT BINARY)").format(
        _TABLE, sql.SQL(", ").join(sql.Literal(item.pk) for item in items)
    )
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        copy.set_types(["bigint", "bytea"])
        stored = dict(copy.rows())
    for item in items:
        item.payload = stored[item.pk]
