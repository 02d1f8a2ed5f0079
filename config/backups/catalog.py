"""What PostgreSQL says of the site's tables, and how it is made ready for loading them."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from django.db.backends.utils import CursorWrapper
from psycopg import sql

#: Who is signed in, and what passes by itself: a stolen backup would hold keys that open the site.
LEFT_OUT = frozenset({"django_session", "usersessions_usersession", "django_cache", "config_sighting"})
#: What people and imports bring. Other tables have rows in a new database too.
_WORK = ["auth_user", "sources_outlet", "sources_article", "sources_importrun", "sources_feed", "claims_claim"]


@dataclass(frozen=True)
class Table:
    """A table and those of its columns whose values are stored rather than computed."""

    name: str
    columns: list[str]


def _ours(catalog: str, namespace: str) -> sql.Composed:
    """Return the condition for what is in the schema that the connection writes to, and no part of an extension."""
    return sql.SQL(
        "{namespace} = current_schema()::regnamespace"
        " AND NOT EXISTS (SELECT FROM pg_depend WHERE objid = {catalog}.oid AND deptype = 'e')"
    ).format(namespace=sql.Identifier(namespace), catalog=sql.Identifier(catalog))


def tables(cursor: CursorWrapper) -> list[Table]:
    """Return the site's tables, by name."""
    query = sql.SQL(
        "SELECT relname, array_agg(attname ORDER BY attnum)"
        " FROM pg_class JOIN pg_attribute ON attrelid = pg_class.oid"
        " WHERE relkind = 'r' AND attnum > 0 AND NOT attisdropped AND attgenerated = '' AND {}"
        " GROUP BY relname ORDER BY relname"
    )
    cursor.execute(query.format(_ours("pg_class", "relnamespace")))
    return [Table(name, columns) for name, columns in cursor.fetchall()]


def sequences(cursor: CursorWrapper) -> dict[str, int]:
    """Return the next number of each sequence."""
    query = sql.SQL(
        "SELECT relname, seqincrement FROM pg_sequence JOIN pg_class ON pg_class.oid = seqrelid"
        " WHERE {} ORDER BY relname"
    )
    cursor.execute(query.format(_ours("pg_class", "relnamespace")))
    following = {}
    for name, increment in cursor.fetchall():
        cursor.execute(sql.SQL("SELECT last_value, is_called FROM {}").format(sql.Identifier(name)))
        last, called = cursor.fetchone()
        following[name] = last + increment if called else last
    return following


def holding_work(cursor: CursorWrapper) -> list[str]:
    """Return the tables in which something stands that a restore would delete."""
    found = []
    for table in tables(cursor):
        if table.name in _WORK:
            cursor.execute(sql.SQL("SELECT EXISTS (SELECT FROM {})").format(sql.Identifier(table.name)))
            if cursor.fetchone() == (True,):
                found.append(table.name)
    return found


def drop_all(cursor: CursorWrapper) -> None:
    """Drop the site's tables, sequences, views, types and functions; extensions stay."""
    kinds = {"r": "TABLE", "p": "TABLE", "v": "VIEW", "m": "MATERIALIZED VIEW", "S": "SEQUENCE"}
    query = sql.SQL("SELECT relkind::text, relname FROM pg_class WHERE relkind = ANY(%s) AND {}")
    cursor.execute(query.format(_ours("pg_class", "relnamespace")), [list(kinds)])
    for kind, name in cursor.fetchall():
        # What belongs to a table has gone with it.
        command = sql.SQL("DROP {} IF EXISTS {} CASCADE").format(sql.SQL(kinds[kind]), sql.Identifier(name))
        cursor.execute(command)
    query = sql.SQL(
        "SELECT format('DROP ROUTINE %s CASCADE', pg_proc.oid::regprocedure) FROM pg_proc WHERE {routine}"
        " UNION ALL SELECT format('DROP TYPE %s CASCADE', pg_type.oid::regtype) FROM pg_type"
        " WHERE typtype IN ('e', 'd') AND {type}"
    )
    cursor.execute(query.format(routine=_ours("pg_proc", "pronamespace"), type=_ours("pg_type", "typnamespace")))
    for (command,) in cursor.fetchall():
        cursor.execute(command)


@contextmanager
def loading(cursor: CursorWrapper, names: Sequence[str]) -> Iterator[None]:
    """Empty the tables `names`, and let them be filled with neither triggers nor checks between rows.

    Afterwards all is as it was: foreign keys are checked and indexes built once over all rows, which is faster than for
    each, and the triggers that write history and keep it as it is are in force again. To be used in a transaction.
    """
    identifiers = sql.SQL(", ").join(map(sql.Identifier, names))
    cursor.execute(sql.SQL("TRUNCATE {}").format(identifiers))
    triggers = _triggers(cursor, names)
    for table, trigger in triggers:
        cursor.execute(_alter(table, "DISABLE TRIGGER {}", trigger))
    # A foreign key needs the unique constraint that it refers to: first to go, last to come.
    foreign, unique = _constraints(cursor, names, "f"), _constraints(cursor, names, "u")
    indexes = _indexes(cursor, names)
    for table, constraint, _ in [*foreign, *unique]:
        cursor.execute(_alter(table, "DROP CONSTRAINT {}", constraint))
    for name, _ in indexes:
        cursor.execute(sql.SQL("DROP INDEX {}").format(sql.Identifier(name)))
    yield
    for _, definition in indexes:
        cursor.execute(definition)
    for table, constraint, definition in [*unique, *foreign]:
        cursor.execute(
            _alter(table, "ADD CONSTRAINT {} " + definition.replace("{", "{{").replace("}", "}}"), constraint)
        )
    for table, trigger in triggers:
        cursor.execute(_alter(table, "ENABLE TRIGGER {}", trigger))


def _alter(table: str, action: str, name: str) -> sql.Composed:
    return sql.SQL("ALTER TABLE {} ").format(sql.Identifier(table)) + sql.SQL(action).format(sql.Identifier(name))


def _triggers(cursor: CursorWrapper, names: Sequence[str]) -> list[tuple[str, str]]:
    cursor.execute(
        "SELECT relname, tgname FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid WHERE NOT tgisinternal"
        " AND tgenabled = 'O' AND relnamespace = current_schema()::regnamespace AND relname = ANY(%s)",
        [list(names)],
    )
    return cursor.fetchall()


def _constraints(cursor: CursorWrapper, names: Sequence[str], kind: str) -> list[tuple[str, str, str]]:
    cursor.execute(
        "SELECT relname, conname, pg_get_constraintdef(pg_constraint.oid) FROM pg_constraint"
        " JOIN pg_class ON pg_class.oid = conrelid WHERE contype = %s AND conparentid = 0"
        " AND relnamespace = current_schema()::regnamespace AND relname = ANY(%s) ORDER BY relname, conname",
        [kind, list(names)],
    )
    return cursor.fetchall()


def _indexes(cursor: CursorWrapper, names: Sequence[str]) -> list[tuple[str, str]]:
    """Return the indexes, with how to make them again, that belong to no constraint."""
    cursor.execute(
        "SELECT own.relname, pg_get_indexdef(indexrelid) FROM pg_index"
        " JOIN pg_class AS own ON own.oid = indexrelid JOIN pg_class AS base ON base.oid = indrelid"
        " WHERE base.relnamespace = current_schema()::regnamespace AND base.relname = ANY(%s)"
        " AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid AND contype IN ('p', 'u', 'x'))"
        " ORDER BY own.relname",
        [list(names)],
    )
    return cursor.fetchall()
