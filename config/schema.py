"""The tables as the migrations make them, kept as SQL, so that an empty database has them at once.

To run all migrations takes many times as long as to make what they come to: after each of their operations Django
renders the models anew. `schema.sql` is what `manage.py write_schema` found in a database that had run them one by one.
Migrations that came after it are run as ever, so the file may be behind; databases with tables have no use for it.
"""

import os
import re
import subprocess
from pathlib import Path

import psycopg
from django.db import transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from psycopg.conninfo import conninfo_to_dict

from config.embedded import wheels

FILE = Path(__file__).with_name("schema.sql")
#: The PostgreSQL that wrote the file, and the least that is asked to read it.
POSTGRESQL = 18
#: Filled by `migrate` itself, each time it ends, or below.
_FILLED_ANYWAY = ("django_migrations", "django_content_type", "auth_permission", "auth_group", "auth_group_permissions")
# Nothing of anybody's, and the names of extensions mean what the file means by them.
_IS_EMPTY = """
    SELECT current_setting('server_version_num')::int >= %s
        AND current_schema() = 'public'
        AND NOT EXISTS (
            SELECT FROM pg_extension
            WHERE extnamespace NOT IN (to_regnamespace('public'), to_regnamespace('pg_catalog'))
        )
        AND NOT EXISTS (
            SELECT FROM (
                SELECT 'pg_class'::regclass AS kind, oid FROM pg_class WHERE relnamespace = to_regnamespace('public')
                UNION ALL
                SELECT 'pg_proc'::regclass, oid FROM pg_proc WHERE pronamespace = to_regnamespace('public')
            ) found
            WHERE NOT EXISTS (
                SELECT FROM pg_depend d WHERE d.classid = found.kind AND d.objid = found.oid AND d.deptype = 'e'
            )
        )
"""
# A function may name what is made after it.
_BEFORE = "SET LOCAL check_function_bodies = off;\n"
_OF_A_SESSION = (
    "statement_timeout",
    "lock_timeout",
    "idle_in_transaction_session_timeout",
    "transaction_timeout",
    "client_encoding",
    "standard_conforming_strings",
    "check_function_bodies",
    "xmloption",
    "client_min_messages",
    "row_security",
    "default_tablespace",
    "default_table_access_method",
)
# What pg_dump writes for psql, for whoever reads it, and for the session; and sequences that nothing was taken from.
_HEADING = re.compile(r"\n*^--\n-- (?:Data for )?(?:Name: |PostgreSQL database dump).*\n--\n\n*", re.MULTILINE)
_ASIDE = re.compile(
    r"^(?:\\(?:un)?restrict .*|-- Dumped .*|COMMENT ON EXTENSION .*"
    rf"|SET (?:{'|'.join(_OF_A_SESSION)}) = .*;|SELECT pg_catalog\.set_config\('search_path', '', false\);"
    r"|SELECT pg_catalog\.setval\('[^']*', 1, false\);"
    rf"|SELECT pg_catalog\.setval\('public\.(?:{'|'.join(_FILLED_ANYWAY)})_id_seq', .*)\n\n*",
    re.MULTILINE,
)


def fill(connection: BaseDatabaseWrapper) -> int:
    """Make the tables of the file where the database holds nothing; return for how many migrations they stand.

    0, and nothing is made, where the database holds something, is older than the file, or the file knows of migrations
    that are not installed.
    """
    with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
        cursor.execute(_IS_EMPTY, [POSTGRESQL * 10_000])
        if cursor.fetchone() != (True,):
            return 0
        cursor.execute(_BEFORE + FILE.read_text(encoding="utf-8"))
        applied = MigrationRecorder(connection).applied_migrations().keys()
        if applied - MigrationLoader(None).disk_migrations.keys():
            transaction.set_rollback(True, using=connection.alias)
            return 0
    return len(applied)


def dump(address: str) -> str:
    """Return the SQL that makes what the database at `address` holds, but for rows that `migrate` fills by itself.

    Raises WheelMissing without the package that has pg_dump, CalledProcessError when that fails.
    """
    named = conninfo_to_dict(address)
    names = {"host": "PGHOST", "port": "PGPORT", "user": "PGUSER", "password": "PGPASSWORD", "dbname": "PGDATABASE"}
    environ = os.environ | {names[key]: str(value) for key, value in named.items() if key in names}
    command = [str(wheels.pg_dump()), "--no-owner", "--no-privileges", "--inserts", "--column-inserts"]
    command += [f"--exclude-table-data=public.{table}" for table in _FILLED_ANYWAY]
    dumped = subprocess.run(command, env=environ, check=True, stdout=subprocess.PIPE, encoding="utf-8").stdout
    with psycopg.connect(address) as connection:
        applied = connection.execute("SELECT app, name FROM django_migrations ORDER BY app, name").fetchall()
    return f"{_tidy(dumped)}\n{_applied(applied)}"


def _tidy(dumped: str) -> str:
    return _ASIDE.sub("", _HEADING.sub("\n\n", dumped)).strip() + "\n"


def _applied(migrations: list[tuple[str, str]]) -> str:
    rows = ",\n".join(f"    ('{app}', '{name}', now())" for app, name in migrations)
    return f"INSERT INTO public.django_migrations (app, name, applied) VALUES\n{rows};\n"
