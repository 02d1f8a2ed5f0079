"""`manage.py load_speakers`: every speaker of the shipped list, before an article names them."""

from typing import Any

from django.core.management.base import BaseCommand

from claims.services.speakers import store_shipped_speakers


class Command(BaseCommand):
    help = (
        "Store all leaders, governments, ministries and international bodies of the shipped list, with the names "
        "that are free. Articles that name them store them too; run this to have them listed, or after the list grew."
    )

    def handle(self, **options: Any) -> None:
        self.stdout.write(f"Stored {store_shipped_speakers()} speakers.")
