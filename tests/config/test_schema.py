"""Empty databases get their tables from config/schema.sql, which stands for the migrations it names."""

import os
import secrets
import subprocess
import sys
from contextlib import contextmanager
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection

from config import schema
from tests.config.running import REPOSITORY


@contextmanager
def empty_database():
    """Give the address of a new database on the tests' server."""
    name = f"empty_{secrets.token_hex(4)}"
    with psycopg.connect(settings.DATABASE_URL, autocommit=True) as server:
        server.execute(f'CREATE DATABASE "{name}"')
        try:
            yield urlunsplit(urlsplit(settings.DATABASE_URL)._replace(path=f"/{name}"))
        finally:
            server.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def migrate(address, *options):
    command = [sys.executable, "manage.py", "migrate", "--noinput", *options]
    environ = {**os.environ, "DATABASE_URL": address}
    return subprocess.run(command, cwd=REPOSITORY, env=environ, capture_output=True, text=True, check=True).stdout


def tables(address):
    with psycopg.connect(address) as database:
        return {name for (name,) in database.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")}


def settled(text):
    """Return `text` as PostgreSQL says it that has read it: it writes some conditions in another way."""
    with empty_database() as address:
        with psycopg.connect(address) as database:
            database.execute("SET check_function_bodies = off")
            database.execute(text)
        return schema.dump(address)


@pytest.mark.long
def test_the_file_and_what_came_after_it_make_what_all_migrations_make(tmp_path, monkeypatch):
    monkeypatch.setattr(schema, "FILE", tmp_path / "schema.sql")
    call_command("write_schema")

    with empty_database() as address:
        assert "The database is empty: it has the tables of " in migrate(address)
        assert settled(schema.dump(address)) == settled(schema.FILE.read_text())


def test_migrations_that_are_asked_for_are_run_alone():
    with empty_database() as address:
        assert "The database is empty" not in migrate(address, "contenttypes", "0001")
        assert tables(address) == {"django_migrations", "django_content_type"}


@pytest.fixture
def fill_in(django_db_blocker):
    """Give what fills another database with the tables of the file, as `migrate` would."""

    def fill(address):
        usual = connection.settings_dict["NAME"]
        connection.close()
        connection.settings_dict["NAME"] = urlsplit(address).path.removeprefix("/")
        try:
            with django_db_blocker.unblock():
                return schema.fill(connection)
        finally:
            connection.close()
            connection.settings_dict["NAME"] = usual

    return fill


@pytest.mark.parametrize(
    "made",
    [
        "CREATE TABLE kept ()",
        "CREATE FUNCTION kept() RETURNS int LANGUAGE sql RETURN 1",
        "CREATE SCHEMA extensions; CREATE EXTENSION pg_trgm SCHEMA extensions",
        "DROP SCHEMA public",
    ],
)
def test_only_what_is_empty_is_filled(fill_in, made):
    with empty_database() as address:
        with psycopg.connect(address) as database:
            database.execute(made)
        before = tables(address)
        assert fill_in(address) == 0
        assert tables(address) == before


def test_extensions_that_are_there_before_are_nobodys_tables(fill_in):
    with empty_database() as address:
        with psycopg.connect(address) as database:
            database.execute("CREATE EXTENSION pg_trgm")
        assert fill_in(address) > 0
        assert "claims_claim" in tables(address)


def test_a_file_of_migrations_that_are_not_installed_is_left_alone(fill_in, tmp_path, monkeypatch):
    newer = tmp_path / "schema.sql"
    newer.write_text(schema.FILE.read_text().replace("'0001_initial', now()", "'0001_of_another_version', now()", 1))
    monkeypatch.setattr(schema, "FILE", newer)

    with empty_database() as address:
        assert fill_in(address) == 0
        assert tables(address) == set()
