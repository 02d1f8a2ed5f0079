"""Migrations run while workers and pages of the release before go on; see “A new version” in docs/operations.md."""

import os
import secrets
import subprocess
import sys
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest
from django.db import connections, migrations, models
from django.db.migrations.loader import MigrationLoader

from tests.config.running import REPOSITORY

#: The last migrations before the first release: there was none that they had to be kind to. To stay as it is once there
#: is one.
BEFORE_RELEASES = {"accounts": 5, "claims": 34, "config": 1, "notices": 1, "sources": 10}
#: What takes something away that the release before may still read or write.
_TAKES_AWAY = (
    migrations.RemoveField,
    migrations.RenameField,
    migrations.DeleteModel,
    migrations.RenameModel,
    migrations.AlterModelTable,
)


def troubles(migration):
    """Return why the release before would break, or could not be gone back to, with what a migration does.

    `unused_since = "0.4"` in a migration names the release that stopped using what it takes away.
    """
    found = []
    made = {each.name_lower for each in migration.operations if isinstance(each, migrations.CreateModel)}
    for operation in migration.operations:
        told = f"{migration}: {operation.describe()}"
        if isinstance(operation, _TAKES_AWAY) and not getattr(migration, "unused_since", ""):
            found.append(f"{told}: first a release that does not use it, then `unused_since` with its number")
        adds = isinstance(operation, migrations.AddField) and operation.model_name_lower not in made
        if adds and _breaks_inserts(operation.field):
            found.append(f"{told}: the release before inserts rows without it; give it a db_default or null=True")
        if not operation.reversible:
            found.append(f"{told}: there is no way back; give it a reverse")
    return found


def _breaks_inserts(field):
    filled = field.null or field.has_db_default() or getattr(field, "generated", False)
    return not filled and not isinstance(field, models.ManyToManyField)


def new_migrations():
    loader = MigrationLoader(None)
    for (app, name), migration in sorted(loader.disk_migrations.items()):
        if app in BEFORE_RELEASES and int(name.partition("_")[0]) > BEFORE_RELEASES[app]:
            yield migration


def test_migrations_let_the_release_before_go_on_and_can_be_undone():
    assert [trouble for migration in new_migrations() for trouble in troubles(migration)] == []


def made_up(*operations, **attributes):
    return type("Migration", (migrations.Migration,), {"operations": list(operations), **attributes})(
        "0099_it", "claims"
    )


@pytest.mark.parametrize(
    ("operation", "word"),
    [
        (migrations.RemoveField("claim", "text"), "unused_since"),
        (migrations.RenameField("claim", "text", "words"), "unused_since"),
        (migrations.DeleteModel("claim"), "unused_since"),
        (migrations.AddField("claim", "weight", models.IntegerField(default=0)), "db_default"),
        (migrations.RunSQL("SELECT 1"), "no way back"),
        (migrations.RunPython(lambda apps, editor: None), "no way back"),
    ],
)
def test_what_would_break_the_release_before_is_found(operation, word):
    [trouble] = troubles(made_up(operation))
    assert word in trouble


@pytest.mark.parametrize(
    "operation",
    [
        migrations.AddField("claim", "weight", models.IntegerField(null=True)),
        migrations.AddField("claim", "weight", models.IntegerField(db_default=0)),
        migrations.AddField("claim", "outlets", models.ManyToManyField("sources.Outlet")),
        migrations.RunSQL("SELECT 1", migrations.RunSQL.noop),
        migrations.AddIndex("claim", models.Index(fields=["text"], name="by_text")),
        migrations.CreateModel("note", [("id", models.BigAutoField(primary_key=True))]),
    ],
)
def test_what_the_release_before_does_not_notice_is_let_through(operation):
    assert troubles(made_up(operation)) == []


def test_what_a_release_has_stopped_using_may_go():
    assert troubles(made_up(migrations.RemoveField("claim", "text"), unused_since="0.4")) == []


@pytest.fixture
def database(django_db_setup, django_db_blocker):
    """Give the address of a copy of the tests' database, which has had all migrations."""
    address = urlsplit(os.environ["DATABASE_URL"])
    name = f"migrated_{secrets.token_hex(4)}"
    with django_db_blocker.unblock():
        migrated = connections["default"].settings_dict["NAME"]
        # Nobody may be connected to what is copied; the server of a browser test may have left a connection.
        connections.close_all()
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as server:
        server.execute("SELECT pg_terminate_backend(pid, 60_000) FROM pg_stat_activity WHERE datname = %s", [migrated])
        server.execute(f'CREATE DATABASE {name} TEMPLATE "{migrated}"')
        yield urlunsplit(address._replace(path=f"/{name}"))
        server.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.mark.django_db(transaction=True)
def test_the_last_migration_of_each_app_can_be_undone_and_done_again(database):
    def migrate(*words):
        done = subprocess.run(
            [sys.executable, "manage.py", "migrate", "--noinput", "--verbosity", "0", *words],
            cwd=REPOSITORY,
            env={**os.environ, "DATABASE_URL": database},
            capture_output=True,
            text=True,
            check=False,
            timeout=600,
        )
        assert done.returncode == 0, done.stderr

    def columns():
        with psycopg.connect(database) as connection:
            return connection.execute(
                "SELECT table_name, column_name, data_type, is_nullable FROM information_schema.columns"
                " WHERE table_schema = 'public' ORDER BY 1, 2"
            ).fetchall()

    before = columns()
    graph = MigrationLoader(None).graph
    for app in BEFORE_RELEASES:
        [(_, last)] = graph.leaf_nodes(app)
        parents = [name for owner, name in (key.key for key in graph.node_map[(app, last)].parents) if owner == app]
        if parents:
            migrate(app, parents[0])
    migrate()
    assert columns() == before
