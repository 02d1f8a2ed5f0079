"""`manage.py compact_changes`: keep the last change of each row, for mirrors that begin at the start."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from claims import changes


class Command(BaseCommand):
    help = (
        "Forget changes of rows that changed again later; whoever follows the feed of changes misses nothing by it. "
        "The scheduler does it every night."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--begin-again",
            action="store_true",
            help=(
                "Note every row as changed now, and tell every mirror to begin again. `restore` does it by itself; "
                "other ways of replacing the rows do not."
            ),
        )

    def handle(self, *args: Any, begin_again: bool, **options: Any) -> None:
        if begin_again:
            self.stdout.write(f"noted {changes.begin_again():,} rows; mirrors begin again")
        else:
            self.stdout.write(f"forgot {changes.compact():,} changes that later ones follow")
