"""`backup FILE`: all articles, claims, decisions and accounts in one file."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError, CommandParser
from tqdm import tqdm

from config.backups.errors import BackupError
from config.backups.saving import save
from config.sightings import note_backup


class Command(BaseCommand):
    """Saves the database while it is in use."""

    help = (
        "Write all rows of this moment to one file, readable by you alone: it holds accounts with their password "
        "hashes. The site may be in use."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--force", action="store_true", help="replace the file where there is one")

    def handle(self, *, file: Path, force: bool, **options: object) -> None:
        silent = not self.stderr.isatty()
        try:
            with tqdm(unit="B", unit_scale=True, file=self.stderr, disable=silent) as bar:
                manifest = save(file, force=force, progress=bar.update)
        except BackupError as error:
            raise CommandError(str(error)) from error
        note_backup(str(file.resolve()))
        size = file.stat().st_size
        self.stdout.write(f"saved {manifest.rows} rows of {len(manifest.parts)} tables to {file}, {size} bytes")
