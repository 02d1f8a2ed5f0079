"""Backups: saved from a database in use, restored whole or not at all, and what is frozen checked."""

import io
import json
import re
import stat
import zipfile
from contextlib import contextmanager
from unittest import mock

import psycopg
import pytest
from django.contrib.auth.models import User
from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.contrib.sessions.models import Session
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, models, transaction
from django.db.migrations import Migration
from django.db.migrations.executor import MigrationExecutor
from django.test import override_settings
from psycopg import sql

from claims import changes
from claims.models import Attribution, Corroboration, CorroborationDue
from claims.services.summaries import refresh_corroboration
from config.backups import archive, catalog, restoring, saving, verifying
from config.backups.errors import BackupBroken, DatabaseInUse, FileTaken, NotRestored, NotWritten, SchemaTooNew
from sources.models import Article, Snapshot
from tests.config.running import wait_until
from tests.factories import make_article, make_claim, make_credit, make_outlet, make_report, make_user

pytestmark = pytest.mark.django_db(transaction=True)

CHANGES = "/api/v1/changes/"
HARD_TEXT = 'Tab\there, line\nbreak, back\\slash, \\N and “quotes” 漢字 \U0001f600 "said" Ms Ruiz.'


@pytest.fixture
def work():
    """A database with what people and machines made: articles, reports, an editor's decision and its history."""
    agency, gazette = make_outlet("Agency"), make_outlet("Gazette")
    claim = make_claim()
    make_report(claim, outlet=agency)
    report = make_report(claim, outlet=gazette)
    make_credit(report.statement.revision.article, agency)
    make_article(HARD_TEXT, outlet=gazette)
    editor = make_user("ed", editor=True)
    Attribution.objects.filter(pk=report.pk).update(
        status="confirmed", decided_by=editor, decided_at="2020-02-02T00:00Z"
    )
    refresh_corroboration([claim.pk])
    return claim


def contents():
    """Return every row of every table, as text."""
    with connection.cursor() as cursor:
        found = {}
        for table in catalog.tables(cursor):
            rows = sql.SQL("SELECT t::text FROM {} AS t ORDER BY 1").format(sql.Identifier(table.name))
            cursor.execute(rows)
            found[table.name] = [row for (row,) in cursor.fetchall()]
        return found


def saved_rows():
    """Return how many rows a backup has."""
    return sum(len(rows) for name, rows in contents().items() if name not in catalog.LEFT_OUT)


def schema():
    """Return every constraint, index and trigger, as it is defined and in force."""
    queries = (
        "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint WHERE conrelid <> 0",
        "SELECT tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'",
        "SELECT tgrelid::regclass::text, pg_get_triggerdef(oid), tgenabled FROM pg_trigger WHERE NOT tgisinternal",
    )
    with connection.cursor() as cursor:
        found: list[tuple[str, ...]] = []
        for query in queries:
            cursor.execute(query)
            found.extend(cursor.fetchall())
        # A condition that was read back is written with its types and parentheses elsewhere.
        return {tuple(re.sub(r"[()]|::[a-z ]+(\[\])?", "", word) for word in row) for row in found}


def keep_migrations():
    """Give what `migrate` would: nothing, as the tables are of this version."""


def restored(path, **options):
    return restoring.restore(path, migrate=keep_migrations, **options)


def test_a_wiped_database_is_restored_to_the_last_row_and_guarded_as_before(work, client, tmp_path):
    CorroborationDue.objects.create(kind="article", row_id=1)
    before, guards = contents(), schema()
    summary = Corroboration.objects.filter(claim=work).values("basis", "level", "origin_count", "outlet_count")
    counted, newest = sorted(map(str, summary)), Article.objects.latest("pk").pk
    saved = saving.save(tmp_path / "b")
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE sources_outlet, auth_user, pghistory_context RESTART IDENTITY CASCADE")
        assert catalog.holding_work(cursor) == []

    assert restored(tmp_path / "b").rows == saved.rows == sum(map(len, before.values()))

    after = contents()
    # Noted afresh for mirrors, each row once.
    assert len(after.pop("claims_change")) <= len(before.pop("claims_change")) + 1
    assert after == before
    assert schema() ^ guards == set()
    assert list(verifying.faults()) == []
    assert work.attributions.get(status="confirmed").decided_by.username == "ed"
    # What is counted anew from the restored reports is what was stored with them.
    refresh_corroboration([work.pk])
    assert sorted(map(str, summary.all())) == counted
    # Numbers go on where they were, and history cannot be changed.
    assert make_article().pk > newest
    for frozen in ("claims_attributionevent", "sources_snapshot"):
        refused = pytest.raises(DatabaseError, match=f"Cannot update or delete rows from {frozen} table")
        with refused, transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql.SQL("DELETE FROM {}").format(sql.Identifier(frozen)))


def test_a_backup_is_of_one_moment_whatever_is_written_meanwhile(work, client, tmp_path, monkeypatch):
    client.force_login(User.objects.get(username="ed"))
    key = Session.objects.get().session_key
    # A number of another server's transactions, for which nobody may wait here.
    CorroborationDue.objects.create(kind="article", row_id=1, settles_after=10**12)
    rows = saved_rows()
    with psycopg.connect(**dsn(), autocommit=True) as other:
        meanwhile = "UPDATE auth_user SET last_name = 'changed'; DELETE FROM claims_corroborationdue"
        saving.save(tmp_path / "b", progress=lambda size: other.execute(meanwhile))
    assert User.objects.get(username="ed").last_name == "changed"

    said = io.StringIO()
    monkeypatch.setitem(restoring.restore.__kwdefaults__, "migrate", keep_migrations)
    call_command("restore", tmp_path / "b", "--yes", stdout=said)
    restored_rows = saved_rows()
    call_command("backup", tmp_path / "again", stdout=said)
    call_command("verify", stdout=said)
    back, saved, verified = said.getvalue().splitlines()

    assert saved.startswith(f"saved {restored_rows} rows of ")
    assert back.startswith(f"restored {rows} rows of ")
    assert verified == f"verified {verifying.count()} snapshots and revisions: no faults"
    assert User.objects.get(username="ed").last_name == ""
    assert CorroborationDue.objects.get(row_id=1, kind="article").settles_after is None
    # Who is signed in is not saved.
    assert not Session.objects.exists()
    with zipfile.ZipFile(tmp_path / "b") as file:
        assert all(key.encode() not in file.read(name) for name in file.namelist())


def test_mirrors_are_told_to_begin_again_after_a_restore(work, client, tmp_path):
    saving.save(tmp_path / "b")
    make_outlet("After the backup")
    settle()
    kept = follow(client)
    assert "After the backup" in kept["outlets"]

    for _ in range(2):
        # A restore into the same server, whose transactions are behind none that was given out.
        restored(tmp_path / "b", replace=True)
        settle()

        assert client.get(CHANGES, {"since": kept["since"]}).status_code == 410
        kept = follow(client)
        assert kept["outlets"] == {"Agency", "Gazette"}
        assert client.get(CHANGES, {"since": kept["since"]}).json()["results"] == []
        assert client.get(CHANGES, {"since": client.get(CHANGES, {"since": "now"}).json()["since"]}).status_code == 200
    # And goes on from there.
    make_outlet("Later")
    settle()
    [later] = client.get(CHANGES, {"since": kept["since"]}).json()["results"]
    assert later["row"]["name"] == "Later"


def follow(client):
    """Return the names of all outlets, as a mirror gets them that begins at the start, and the place it has reached."""
    names, asked, more = set(), {"limit": 3}, True
    while more:
        page = client.get(CHANGES, asked).json()
        names |= {change["row"]["name"] for change in page["results"] if change["resource"] == "outlets"}
        asked["since"], more = page["since"], page["more"]
    return {"outlets": names, "since": asked["since"]}


def settle():
    """Wait until all that was written is given out."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_current_xact_id()::text::bigint")
        (now,) = cursor.fetchone()
    wait_until(lambda: changes.watermark().transaction > now)


def test_a_backup_is_closed_to_others_and_replaces_a_file_only_when_told(work, tmp_path):
    path = tmp_path / "b"
    path.write_text("something else")
    path.chmod(0o644)
    with pytest.raises(FileTaken, match="--force"):
        saving.save(path)
    assert path.read_text() == "something else"

    saving.save(path, force=True)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [file.name for file in tmp_path.iterdir()] == ["b"]


def test_a_backup_that_cannot_be_written_leaves_no_file(work, tmp_path):
    full = mock.patch.object(archive.Writer, "write_manifest", side_effect=OSError(28, "No space left on device"))
    with full, pytest.raises(NotWritten, match="No space left"):
        saving.save(tmp_path / "b")

    assert list(tmp_path.iterdir()) == []
    with pytest.raises(NotWritten, match="No such file"):
        saving.save(tmp_path / "missing/b")


def test_a_damaged_backup_changes_nothing(work, tmp_path):
    whole = tmp_path / "whole"
    saving.save(whole)
    before, content = contents(), whole.read_bytes()
    with zipfile.ZipFile(whole) as file:
        manifest = json.loads(file.read("manifest.json"))
        parts = {name: file.read(name) for name in file.namelist() if name != "manifest.json"}
    broken = {
        "an empty file": b"",
        "no archive": b"-- PostgreSQL database dump",
        "an end cut off": content[:-100],
        "a middle cut out": content[:2000] + content[2100:],
        "another archive": packed({}, {"kind": "a backup of something else"}),
        "no manifest": packed({"a": b"b"}, None),
        "a later format": packed(parts, manifest | {"format": 2}),
        "a missing part": packed({}, manifest),
        "a changed part": packed({**parts, "tables/auth_user.copy": b"1\n"}, manifest),
    }
    for name, damaged in broken.items():
        (tmp_path / "broken").write_bytes(damaged)
        with pytest.raises(BackupBroken):
            restored(tmp_path / "broken", replace=True)
        assert contents() == before, name


def test_what_the_database_refuses_changes_nothing(work, tmp_path):
    before, guards = contents(), schema()
    orphaned = tmp_path / "b"
    saving.save(orphaned)
    with zipfile.ZipFile(orphaned) as file:
        manifest = json.loads(file.read("manifest.json"))
        parts = {name: file.read(name) for name in file.namelist() if name != "manifest.json"}
    # Accounts are gone of which decisions tell; every sum is right.
    parts["tables/auth_user.copy"] = b""
    for part in manifest["parts"]:
        if part["table"] == "auth_user":
            part |= {
                "rows": 0,
                "bytes": 0,
                "sha256": "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
            }
    orphaned.write_bytes(packed(parts, manifest))

    with pytest.raises(NotRestored, match=r"Nothing was changed: .*violates foreign key"):
        restored(orphaned, replace=True)
    assert contents() == before
    assert schema() == guards


def test_a_database_in_use_is_not_replaced_unasked(work, tmp_path):
    saving.save(tmp_path / "b")
    before = contents()
    with pytest.raises(DatabaseInUse):
        restored(tmp_path / "b")
    with mock.patch("builtins.input", side_effect=EOFError), pytest.raises(CommandError, match="add --yes"):
        call_command("restore", tmp_path / "b")
    with mock.patch("builtins.input", return_value="n"), pytest.raises(CommandError, match="nothing was changed"):
        call_command("restore", tmp_path / "b")
    assert contents() == before


def test_a_backup_of_a_later_version_is_refused_with_what_is_missing(work, tmp_path):
    saving.save(tmp_path / "b")
    with zipfile.ZipFile(tmp_path / "b") as file:
        manifest = json.loads(file.read("manifest.json"))
        parts = {name: file.read(name) for name in file.namelist() if name != "manifest.json"}
    manifest["migrations"].append(["claims", "9999_of_next_year"])
    (tmp_path / "b").write_bytes(packed(parts, manifest))

    with pytest.raises(SchemaTooNew, match="claims 9999_of_next_year"):
        restored(tmp_path / "b", replace=True)


def test_a_backup_of_an_earlier_version_is_loaded_as_it_was_and_then_migrated(tmp_path):
    earlier = [("auth", "0012_alter_user_first_name_max_length"), ("sessions", "0001_initial")]
    with another_database("earlier"):
        MigrationExecutor(connection).migrate(earlier)
        make_user("from before")
        saving.save(tmp_path / "b")
    with another_database("now"):
        # Tables of another state, with a row: all go.
        MigrationExecutor(connection).migrate([("auth", "0001_initial"), ("admin", "0001_initial")])
        with pytest.raises(NotRestored, match="does not exist"):
            # Without migrating afterwards, tables are missing: nothing stays.
            restored(tmp_path / "b")
        with connection.cursor() as cursor:
            cursor.execute("CREATE TABLE payroll (id int)")
        with pytest.raises(DatabaseInUse, match=r"tables of something else \(payroll\)"):
            restored(tmp_path / "b", replace=True)
        assert {"payroll", "django_admin_log"} <= set(connection.introspection.table_names())
        with connection.cursor() as cursor:
            cursor.execute("DROP TABLE payroll")

        migrated = []
        with override_settings(AFTER_RESTORE=[]):
            restoring.restore(tmp_path / "b", migrate=lambda: migrated.append(connection.in_atomic_block))
        assert migrated == [True]
        assert User.objects.get().username == "from before"
        assert User.objects.create_user("next").pk > User.objects.get(username="from before").pk
        assert "django_admin_log" not in connection.introspection.table_names()


def test_a_database_without_tables_becomes_what_was_saved(work, tmp_path):
    before, guards = contents(), schema()
    saving.save(tmp_path / "b")
    with another_database("new"):
        restored(tmp_path / "b")
        after = contents()
        assert list(verifying.faults()) == []
        assert schema() == guards
    for told in (before, after):
        # When a migration ran here, and what mirrors are told anew.
        for name in ("django_migrations", "claims_change", *catalog.LEFT_OUT):
            told.pop(name, None)
    assert after == before


def test_what_migrations_make_beside_those_who_write_is_made_within_a_restore():
    index = models.Index(fields=["name"], name="made_up")

    def names():
        with connection.cursor() as cursor:
            return set(connection.introspection.get_constraints(cursor, "sources_outlet"))

    with transaction.atomic():
        executor = restoring.WithinOneTransaction(connection)
        state = executor.loader.project_state()
        for operation in (AddIndexConcurrently("outlet", index), RemoveIndexConcurrently("outlet", "made_up")):
            made = type("Migration", (Migration,), {"operations": [operation], "atomic": False})
            assert ("made_up" in names()) is isinstance(operation, RemoveIndexConcurrently)
            state = executor.apply_migration(state, made(f"9999_{type(operation).__name__}", "sources"))
        assert "made_up" not in names()
        transaction.set_rollback(True)


def test_verify_names_each_changed_row_and_ends_with_1(work):
    changed = Snapshot.objects.first()
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE sources_snapshot DISABLE TRIGGER USER")
        cursor.execute("UPDATE sources_snapshot SET body = 'other' WHERE id = %s", [changed.pk])
        cursor.execute("ALTER TABLE sources_snapshot ENABLE TRIGGER USER")
    said = io.StringIO()
    with pytest.raises(SystemExit) as ended:
        call_command("verify", stdout=said)

    assert ended.value.code == 1
    assert (
        f"snapshot {changed.uid}: has SHA-256 d9298a10d1b0735837dc4bd85dac641b0f3cef27a47e5d53a54f2f3f5b2fcffa, not"
        in (said.getvalue())
    )
    assert said.getvalue().splitlines()[-1].endswith(": 1 fault")


def packed(parts, manifest):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as packing:
        for name, content in parts.items():
            packing.writestr(name, content)
        if manifest is not None:
            packing.writestr("manifest.json", json.dumps(manifest))
    return file.getvalue()


def dsn():
    parameters = connection.get_connection_params()
    return {name: parameters[name] for name in ("dbname", "user", "password", "host", "port") if name in parameters}


@contextmanager
def another_database(name):
    """Let the connection of the site lead to a new, empty database."""
    own = connection.settings_dict["NAME"]
    with psycopg.connect(**dsn(), autocommit=True) as admin:
        admin.execute(f'DROP DATABASE IF EXISTS "{own}_{name}" WITH (FORCE)')
        admin.execute(f'CREATE DATABASE "{own}_{name}"')
        connection.close()
        connection.settings_dict["NAME"] = f"{own}_{name}"
        try:
            yield
        finally:
            connection.close()
            connection.settings_dict["NAME"] = own
            admin.execute(f'DROP DATABASE "{own}_{name}" WITH (FORCE)')
