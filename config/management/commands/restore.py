"""`restore FILE`: the database as a backup has it."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError, CommandParser
from tqdm import tqdm

from config.backups.archive import opened
from config.backups.errors import BackupError, DatabaseInUse
from config.backups.restoring import require_empty, restore


class Command(BaseCommand):
    """Restores all of a backup, or nothing."""

    help = "Make the database hold what a backup holds, and nothing else. All of it is restored, or nothing is changed."
    # On an empty database there are no tables to check.
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--yes", action="store_true", help="delete what the database holds without asking")

    def handle(self, *, file: Path, yes: bool, **options: object) -> None:
        silent = not self.stderr.isatty()
        try:
            with opened(file) as backup:
                size = backup.manifest.bytes
            replace = yes or self._may_replace()
            # Read once to be checked, once to be loaded.
            with tqdm(total=2 * size, unit="B", unit_scale=True, file=self.stderr, disable=silent) as bar:
                manifest = restore(file, replace=replace, progress=bar.update)
        except BackupError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(
            f"restored {manifest.rows} rows of {len(manifest.parts)} tables as of {manifest.created_at}; "
            "everybody has to sign in again"
        )

    def _may_replace(self) -> bool:
        try:
            require_empty()
        except DatabaseInUse as error:
            try:
                answer = input(f"{error} Go on? [y/N] ")
            except EOFError:
                raise CommandError(f"{error} Nobody is there to be asked: add --yes.") from None
            if answer.strip().lower() != "y":
                raise CommandError("nothing was changed") from None
            return True
        return False
