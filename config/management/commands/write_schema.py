"""`write_schema`: write down the tables that all migrations come to."""

import os
import secrets
import subprocess
import sys
from urllib.parse import urlsplit, urlunsplit

import psycopg
from django.conf import settings
from django.core.management.base import BaseCommand
from psycopg import sql

from config import schema


class Command(BaseCommand):
    """Runs all migrations in a database made for it, and writes what they made to `config/schema.sql`."""

    help = (
        "Write config/schema.sql anew, from which empty databases are filled, by running every migration in a database "
        "that is dropped again. For developers: before a release, or when a start takes long again."
    )
    requires_system_checks = ()

    def handle(self, **options: object) -> None:
        name = sql.Identifier(f"schema_{secrets.token_hex(4)}")
        address = urlunsplit(urlsplit(settings.DATABASE_URL)._replace(path=f"/{name.as_string(None)[1:-1]}"))
        environ = {key: value for key, value in os.environ.items() if key != "DATABASE_URL_FILE"}
        environ["DATABASE_URL"] = address
        migrate = [sys.executable, "manage.py", "migrate", "--noinput", "--one-by-one"]
        with psycopg.connect(settings.DATABASE_URL, autocommit=True) as server:
            server.execute(sql.SQL("CREATE DATABASE {}").format(name))
            try:
                # A process of its own: what a migration does must not reach the site's database.
                subprocess.run(migrate, cwd=settings.BASE_DIR, env=environ, check=True)
                schema.FILE.write_text(schema.dump(address), encoding="utf-8")
            finally:
                server.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(name))
