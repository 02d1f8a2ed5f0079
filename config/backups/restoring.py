"""Restoring a backup: all of it or nothing, in one transaction."""

import copy
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import psycopg
from django.conf import settings
from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from django.db.backends.utils import CursorWrapper
from django.db.migrations import AddIndex, Migration, RemoveIndex
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.utils.module_loading import import_string
from psycopg import sql

from config import schema
from config.backups import catalog
from config.backups.archive import Manifest, Part, Progress, Reader, opened
from config.backups.errors import BackupBroken, DatabaseInUse, NotRestored, SchemaTooNew

# Whoever works in the database is waited for; a transaction longer than this is left open by mistake.
LOCK_TIMEOUT_S = 60

Migrations = Iterable[tuple[str, str]]


def migrate_forward() -> None:
    """Bring the tables from where the backup was to what this version of the site expects."""
    bring_to(MigrationLoader(connection).graph.leaf_nodes())
    # What follows migrations, such as the permissions of roles.
    call_command("migrate", interactive=False, verbosity=0)


def bring_to(targets: Migrations) -> None:
    """Have the tables be those of `targets`, within the transaction that is open."""
    WithinOneTransaction(connection).migrate(list(targets))


class WithinOneTransaction(MigrationExecutor):
    """Applies migrations one after the other in a transaction, also those that expect to be in none.

    An index that is made beside those who write needs a transaction of its own. Here nobody else gets at the tables.
    """

    def apply_migration(self, state: Any, migration: Migration, *more: Any, **options: Any) -> Any:
        plain: Any = copy.copy(migration)
        plain.operations = [_plainly(operation) for operation in migration.operations]
        applied = super().apply_migration(state, plain, *more, **options)
        # As a commit would: what is checked at its end is in the way of changing the tables after it.
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")
        return applied


def _plainly(operation: Any) -> Any:
    if isinstance(operation, AddIndexConcurrently):
        return AddIndex(operation.model_name, operation.index)
    if isinstance(operation, RemoveIndexConcurrently):
        return RemoveIndex(operation.model_name, operation.name)
    return operation


def restore(
    path: Path,
    *,
    replace: bool = False,
    progress: Progress = lambda size: None,
    migrate: Callable[[], None] = migrate_forward,
) -> Manifest:
    """Make the database hold what the backup `path` holds, and nothing else; return what that is.

    A backup of an earlier version is loaded into the tables of that version, which are then migrated. Who reads or
    writes meanwhile waits. Sessions are not part of a backup, so everybody has to sign in again.

    Raises BackupBroken, SchemaTooNew, DatabaseInUse where the database holds rows and `replace` is not set, NotRestored
    when the database refuses. After any of them the database is as it was.
    """
    with opened(path) as backup:
        _require_known(backup.manifest.migrations)
        if not replace:
            require_empty()
        # Read to its end before anything is locked.
        backup.check(progress)
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                _restore(cursor, backup, replace=replace, progress=progress)
                migrate()
                for settle in map(import_string, settings.AFTER_RESTORE):
                    settle()
        except (DatabaseError, psycopg.Error) as error:
            raise NotRestored(f"Nothing was changed: the database refused. {_first_line(error)}") from error
    return backup.manifest


def require_empty() -> None:
    """Raise DatabaseInUse when the database holds rows that somebody made."""
    with connection.cursor() as cursor:
        found = catalog.holding_work(cursor)
    if found:
        raise DatabaseInUse(
            f"The database is not empty (there are rows in {', '.join(found)}); a restore deletes all that it holds."
        )


def _restore(cursor: CursorWrapper, backup: Reader, *, replace: bool, progress: Progress) -> None:
    manifest = backup.manifest
    cursor.execute("SET LOCAL statement_timeout = 0")
    cursor.execute("SET LOCAL idle_in_transaction_session_timeout = 0")
    cursor.execute("SELECT set_config('lock_timeout', %s, true)", [f"{LOCK_TIMEOUT_S}s"])
    cursor.execute("SET LOCAL maintenance_work_mem = '256MB'")
    if names := [table.name for table in catalog.tables(cursor)]:
        identifiers = sql.SQL(", ").join(map(sql.Identifier, names))
        cursor.execute(sql.SQL("LOCK TABLE {} IN ACCESS EXCLUSIVE MODE").format(identifiers))
        # Now that nobody else writes.
        if not replace:
            require_empty()
    if set(MigrationRecorder(connection).applied_migrations()) != set(manifest.migrations):
        _require_own(cursor, manifest)
        catalog.drop_all(cursor)
        _begin_from_schema(manifest.migrations)
        bring_to(_last_of_each(manifest.migrations))
    _load(cursor, backup, progress)


def _begin_from_schema(migrations: Migrations) -> None:
    """Make the tables that are written down, which is quicker than to migrate, unless some came after the backup."""
    with transaction.atomic():
        schema.fill(connection)
        if not set(MigrationRecorder(connection).applied_migrations()) <= set(migrations):
            transaction.set_rollback(True)


def _require_own(cursor: CursorWrapper, manifest: Manifest) -> None:
    """Raise DatabaseInUse when tables that are to be dropped are not the site's."""
    own = {*connection.introspection.django_table_names(), *(part.table for part in manifest.parts), *manifest.left_out}
    others = [table.name for table in catalog.tables(cursor) if table.name not in own]
    if others:
        raise DatabaseInUse(
            f"The database holds tables of something else ({', '.join(others)}), which a restore would drop. "
            "Nothing was changed; give the site a database of its own."
        )


def _load(cursor: CursorWrapper, backup: Reader, progress: Progress) -> None:
    manifest = backup.manifest
    found = {table.name: table.columns for table in catalog.tables(cursor)}
    expected = {part.table: part.columns for part in manifest.parts}
    for name in {*found, *expected} - set(manifest.left_out):
        if sorted(found.get(name, [])) != sorted(expected.get(name, [])):
            raise BackupBroken(
                f"The backup does not fit its own migrations: {name} differs. Nothing was changed; a table that no "
                "migration makes belongs in a schema of its own."
            )
    with catalog.loading(cursor, sorted(found)):
        for part in manifest.parts:
            _load_part(cursor, backup, part, progress)
    for name, following in manifest.sequences.items():
        restart = sql.SQL("ALTER SEQUENCE {} RESTART WITH {}").format(sql.Identifier(name), sql.Literal(following))
        cursor.execute(restart)
    cursor.execute(sql.SQL("ANALYZE {}").format(sql.SQL(", ").join(map(sql.Identifier, sorted(found)))))


def _load_part(cursor: CursorWrapper, backup: Reader, part: Part, progress: Progress) -> None:
    columns = sql.SQL(", ").join(map(sql.Identifier, part.columns))
    command = sql.SQL("COPY {} ({}) FROM STDIN").format(sql.Identifier(part.table), columns)
    with cursor.copy(command) as copy:
        for block in backup.blocks(part):
            copy.write(block)
            progress(len(block))
    if cursor.rowcount != part.rows:
        raise BackupBroken(f"The backup is damaged: {part.name} has {cursor.rowcount} rows, not {part.rows}.")


def _require_known(migrations: Migrations) -> None:
    known = set(MigrationLoader(None).disk_migrations or {})
    unknown = sorted(set(migrations) - known)
    if unknown:
        names = ", ".join(f"{app} {name}" for app, name in unknown)
        raise SchemaTooNew(
            f"The backup was made by a later version of the site: this one lacks the migrations {names}. "
            "Nothing was changed; install that version, or a later one, and restore again."
        )


def _last_of_each(migrations: Migrations) -> list[tuple[str, str]]:
    """Return the migrations on which no other of the same app and of `migrations` builds."""
    given = set(migrations)
    graph = MigrationLoader(None).graph
    return sorted(
        key
        for key in given
        if not any(child.key in given and child.key[0] == key[0] for child in graph.node_map[key].children)
    )


def _first_line(error: Exception) -> str:
    # What follows is the row at which it stopped, which may be the text of an article.
    return (str(error).splitlines() or [type(error).__name__])[0]
