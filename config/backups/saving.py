"""Saving all rows of one moment to a file."""

import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any

import psycopg
from django.db import DatabaseError, connection, transaction
from django.db.backends.utils import CursorWrapper
from django.db.migrations.recorder import MigrationRecorder
from psycopg import sql

from config.backups import catalog
from config.backups.archive import Manifest, Progress, Writer
from config.backups.errors import FileTaken, NotWritten


def save(path: Path, *, force: bool = False, progress: Progress = lambda size: None) -> Manifest:
    """Write a backup of the database to the file `path`, readable by us alone, and return what it holds.

    The site may be in use: all rows are of one moment. Memory is that of a few rows, however many there are.

    Raises FileTaken when there is a file and `force` is not set, NotWritten when it cannot be written or the database
    fails; no file is left then, and an earlier one stays as it was.
    """
    if path.exists() and not force:
        raise FileTaken(f"{path} exists. Choose another name, or add --force to replace it.")
    unfinished = path.with_name(f".{path.name}.unfinished-{os.getpid()}")
    try:
        descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            with os.fdopen(descriptor, "wb") as file:
                manifest = _write(file, progress)
                file.flush()
                os.fsync(file.fileno())
            unfinished.replace(path)
        finally:
            unfinished.unlink(missing_ok=True)
    except (OSError, DatabaseError, psycopg.Error) as error:
        raise NotWritten(f"The backup was not written: {error}") from error
    return manifest


def _write(file: IO[bytes], progress: Progress) -> Manifest:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        # It takes as long as it takes, also where requests may not.
        cursor.execute("SET LOCAL statement_timeout = 0")
        cursor.execute("SET LOCAL idle_in_transaction_session_timeout = 0")
        # Against a migration under way: it has to end before, or wait.
        tables = catalog.tables(cursor)
        if not tables:
            raise NotWritten("The database has no tables. Run `manage.py migrate` first.")
        names = sql.SQL(", ").join(sql.Identifier(table.name) for table in tables)
        cursor.execute(sql.SQL("LOCK TABLE {} IN ACCESS SHARE MODE").format(names))
        created_at = datetime.now(UTC).isoformat(timespec="seconds")
        with Writer(file) as writer:
            parts = [
                writer.write_part(
                    table.name, table.columns, _rows(cursor, table), rows=lambda: cursor.rowcount, progress=progress
                )
                for table in tables
                if table.name not in catalog.LEFT_OUT
            ]
            manifest = Manifest(
                created_at=created_at,
                postgresql=_server_version(cursor),
                migrations=sorted(MigrationRecorder(connection).applied_migrations()),
                parts=parts,
                left_out=sorted(catalog.LEFT_OUT),
                # Sequences are of now, not of the moment of the rows: at worst some numbers are never used.
                sequences=catalog.sequences(cursor),
            )
            writer.write_manifest(manifest)
    return manifest


def _rows(cursor: CursorWrapper, table: catalog.Table) -> Iterator[bytes]:
    columns = sql.SQL(", ").join(map(sql.Identifier, table.columns))
    command = sql.SQL("COPY {} ({}) TO STDOUT").format(sql.Identifier(table.name), columns)
    with cursor.copy(command) as copy:
        yield from copy


def _server_version(cursor: CursorWrapper) -> Any:
    cursor.execute("SHOW server_version")
    return cursor.fetchone()[0]
