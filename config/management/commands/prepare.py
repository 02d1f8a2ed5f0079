"""`prepare`: what has to be done before pages are served."""

from django.core.management import call_command
from django.core.management.base import BaseCommand

from config import static
from config.embedded import held


class Command(BaseCommand):
    """Started by `up` before the database, with which it goes on once it is told that it answers."""

    help = "Collect the static files where they have changed, and migrate. What `up` runs before it serves pages."
    requires_system_checks = ()

    def handle(self, **options: object) -> None:
        static.collect()
        held.wait()
        call_command("migrate", interactive=False, skip_checks=True)
