"""`verify`: whether what was frozen is still what it was."""

import sys

from django.core.management.base import BaseCommand
from tqdm import tqdm

from config.backups import verifying


class Command(BaseCommand):
    """Computes every SHA-256 again."""

    help = (
        "Compare each snapshot's bytes, and each revision's text, with its SHA-256. Writes a line for each fault, and "
        "ends with 1 when there is one."
    )

    def handle(self, **options: object) -> None:
        total, found = verifying.count(), 0
        with tqdm(total=total, unit="row", file=self.stderr, disable=not self.stderr.isatty()) as bar:
            for fault in verifying.faults(bar.update):
                found += 1
                bar.clear()
                self.stdout.write(str(fault))
        faults = f"{found or 'no'} fault{'' if found == 1 else 's'}"
        self.stdout.write(f"verified {total} snapshots and revisions: {faults}")
        if found:
            sys.exit(1)
