"""`up`: run the whole stack in the foreground."""

import os
import sys
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from config.embedded.workers import parse_workers


class Command(BaseCommand):
    """Turns into the supervisor, a small process that has not read the settings."""

    help = (
        "Run the whole stack in the foreground: PostgreSQL and the broker (where DATABASE_URL and "
        "CELERY_BROKER_URL name none), the pages, a worker and the scheduler. Ctrl-C ends all of it."
    )
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--port", type=int, default=8000, help="where the pages are served (8000)")
        parser.add_argument("--host", default="127.0.0.1", help="the address they are served on (127.0.0.1)")
        parser.add_argument("--home", type=Path, default=settings.HOME, help="the folder of all state")
        parser.add_argument(
            "--workers",
            default="2",
            help="tasks done at the same time (2), or workers by kind of work: fetch=4,extract=2,match+notify=1",
        )
        parser.add_argument("--no-seeds", action="store_true", help="do not import the seed articles")

    def handle(self, *, port: int, host: str, home: Path, workers: str, no_seeds: bool, **options: object) -> None:
        """Never returns: the process is replaced by the supervisor's."""
        if not 1 <= port <= 65535:
            raise CommandError(f"--port must be 1 to 65535, not {port}")
        try:
            parse_workers(workers)
        except ValueError as error:
            raise CommandError(f"--workers {workers}: {error}") from error
        command = [sys.executable, "-m", "config.embedded.supervisor"]
        command += ["--home", str(home.expanduser().absolute()), "--host", host, "--port", str(port)]
        command += ["--workers", workers, "--no-seeds" if no_seeds else "--seeds"]
        os.chdir(settings.BASE_DIR)
        sys.stdout.flush()
        os.execv(sys.executable, command)  # noqa: S606 (no shell is wanted)
