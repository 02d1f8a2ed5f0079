"""`down`: end the running stack, and delete its data where that is asked for."""

from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from config.embedded import folders, stack
from config.embedded.errors import EmbeddedError, NotRunning

# Longer than all programs of a stack may take to end, one after the other.
TIMEOUT_S = 90.0


class Command(BaseCommand):
    """Asks the supervisor to end, and waits for it."""

    help = "End the stack that `up` started, and wait until it has ended."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--home", type=Path, default=settings.HOME, help="the folder of all state")
        parser.add_argument("--delete-data", action="store_true", help="then delete all data of this home")
        parser.add_argument("--yes", action="store_true", help="delete without asking")

    def handle(self, *, home: Path, delete_data: bool, yes: bool, **options: object) -> None:
        home = home.expanduser().absolute()
        try:
            self._end(home)
            if delete_data and home.exists():
                if not yes:
                    _ask(home)
                folders.remove(home)
                self.stdout.write(f"deleted {home}")
        except EmbeddedError as error:
            raise CommandError(str(error)) from error

    def _end(self, home: Path) -> None:
        try:
            stack.end(home, timeout_s=TIMEOUT_S)
        except NotRunning as nothing:
            orphans = []
            if home.exists():
                with stack.locked(home):
                    orphans = stack.end_orphans(home)
            self.stdout.write(f"ended {', '.join(orphans)}, left by a killed start" if orphans else str(nothing))
        else:
            self.stdout.write("all has ended")


def _ask(home: Path) -> None:
    try:
        answer = input(f"Delete all articles, claims and decisions in {home}? [y/N] ")
    except EOFError:
        raise CommandError("Nothing was deleted: nobody is there to be asked. Add --yes to delete it.") from None
    if answer.strip().lower() != "y":
        raise CommandError("nothing was deleted")
