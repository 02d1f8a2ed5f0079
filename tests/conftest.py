"""What every test needs of the site: plain static files, quick passwords, tables that are emptied in no time."""

import gc
from collections.abc import Iterator

import pytest
from django.conf import settings
from django.db import OperationalError, connection, connections, transaction
from django.test import TransactionTestCase, override_settings
from psycopg.errors import DeadlockDetected
from psycopg.sql import SQL, Identifier
from pytest_django import DjangoDbBlocker

#: Fixtures of tests that start all programs of the site, which take a minute and more.
STACKS = {"home", "containers"}
#: What `migrate` writes, and no flush takes away for long.
MIGRATED = ("django_content_type", "auth_permission", "auth_group", "auth_group_permissions")
#: Rows that are deleted keep their place until something cleans up; beyond this, tables are made anew.
LEFT_BEHIND_MAX_BYTES = 16_000_000


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what takes longest, so that no worker is left with it when the others have ended."""

    def order(item: pytest.Item) -> int:
        if STACKS.intersection(getattr(item, "fixturenames", ())):
            return 0
        return 1 if item.get_closest_marker("long") else 2

    items.sort(key=order)


def pytest_collection_finish() -> None:
    """Leave what was imported out of the search for garbage, which would look through all of it again and again."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session", autouse=True)
def quick_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Take static files as they lie, not as `collectstatic` gathers them, and passwords without the work of Argon2.

    Pages are as of now, too: what a test has changed is asked for at once.
    """
    storages = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    with override_settings(
        STATIC_ROOT=tmp_path_factory.mktemp("static"),
        STORAGES=storages,
        PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"],
        PAGES_KEPT_S=0,
    ):
        yield


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """End what still asks the database at the end, as a request that its browser has left: it could not be deleted."""
    yield
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND backend_type = 'client backend' AND pid <> pg_backend_pid()"
        )


@pytest.fixture(scope="session", autouse=True)
def quick_flush() -> Iterator[None]:
    """Empty only tables that have rows, where Django makes each of a hundred anew and fills what `migrate` filled.

    That is done the first time, and whenever a test changed what `migrate` writes.
    """
    flush = TransactionTestCase._fixture_teardown
    migrated = ""

    def empty(case: TransactionTestCase) -> None:
        nonlocal migrated
        [alias] = case._databases_names(include_mirrors=False)
        if not migrated or migrated != what_is_migrated(alias) or not empty_tables(alias):
            flush(case)
            migrated = what_is_migrated(alias)

    with pytest.MonkeyPatch.context() as patches:
        patches.setattr(TransactionTestCase, "_fixture_teardown", empty)
        yield


def what_is_migrated(alias: str) -> str:
    """Return a sum over all rows that `migrate` writes."""
    rows = SQL(" UNION ALL ").join(
        SQL("SELECT t::text AS row FROM {} AS t").format(Identifier(name)) for name in MIGRATED
    )
    with connections[alias].cursor() as cursor:
        cursor.execute(SQL("SELECT md5(string_agg(row, ' ' ORDER BY row)) FROM ({}) AS found").format(rows))
        [(told,)] = cursor.fetchall()
    return told


def empty_tables(alias: str) -> bool:
    """Delete every row of every other table of the site; return whether that is enough.

    It is not where the account may not put triggers aside, nor where what was deleted takes much room.
    """
    while True:
        try:
            return empty_at_once(alias)
        except OperationalError as error:
            # With a request that its browser has left: one of both is ended, and that one ends soon.
            if not isinstance(error.__cause__, DeadlockDetected):
                raise


def empty_at_once(alias: str) -> bool:
    """As `empty_tables`, in one transaction; what others hold may break it off."""
    connection = connections[alias]
    names = connection.introspection.django_table_names(only_existing=True, include_views=False)
    tables = {name: Identifier(name) for name in sorted(set(names).difference(MIGRATED))}
    with transaction.atomic(using=alias), connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('is_superuser')::bool")
        [(may_put_triggers_aside,)] = cursor.fetchall()
        if not may_put_triggers_aside:
            return False
        # Whoever still writes, as a request that its browser has left, ends before.
        cursor.execute(SQL("LOCK TABLE {} IN EXCLUSIVE MODE").format(SQL(", ").join(tables.values())))
        found = SQL(" UNION ALL ").join(
            SQL("SELECT {}, pg_relation_size({}::regclass), EXISTS (SELECT FROM {})").format(name, name, table)
            for name, table in tables.items()
        )
        cursor.execute(found)
        sizes = {name: (size, has_rows) for name, size, has_rows in cursor.fetchall()}
        # Neither foreign keys are checked, nor do tables that keep history refuse.
        cursor.execute("SET LOCAL session_replication_role = replica")
        for name, (_, has_rows) in sizes.items():
            if has_rows:
                cursor.execute(SQL("DELETE FROM {}").format(tables[name]))
    return sum(size for size, _ in sizes.values()) <= LEFT_BEHIND_MAX_BYTES
