"""`migrate`, which need not run every migration where there are no tables yet."""

from typing import Any

from django.core.management.base import CommandParser
from django.core.management.commands import migrate
from django.db import connections

from config import schema


class Command(migrate.Command):
    """Django's own, begun from the tables of `config/schema.sql` where the database is empty."""

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument(
            "--one-by-one",
            action="store_true",
            help="run every migration, also in an empty database, which is otherwise given the tables they come to",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        narrowed = ("app_label", "plan", "check_unapplied", "fake", "fake_initial", "prune", "one_by_one")
        if not any(options[name] for name in narrowed):
            number = schema.fill(connections[options["database"]])
            if number and options["verbosity"] >= 1:
                self.stdout.write(f"The database is empty: it has the tables of {number} migrations now.")
        super().handle(*args, **options)
