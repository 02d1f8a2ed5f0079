"""`up`: run the whole stack in the foreground."""

import os
import sys
from argparse import ArgumentParser

from django.conf import settings
from django.core.management.base import BaseCommand

from config.embedded import supervisor


class Command(BaseCommand):
    """Listed and explained here; `manage.py` runs it without Django, for which everybody would have to wait."""

    help = supervisor.HELP

    def add_arguments(self, parser: ArgumentParser) -> None:
        supervisor.add_options(parser)

    def run_from_argv(self, argv: list[str]) -> None:
        """Become what `manage.py up` is; here after `python -m django up`."""
        sys.stdout.flush()
        manage = str(settings.BASE_DIR / "manage.py")
        os.execv(sys.executable, [sys.executable, manage, "up", *argv[2:]])  # noqa: S606 (no shell is wanted)
