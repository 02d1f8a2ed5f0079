"""`manage.py check_corroboration [--claim ID...]`: tell whether what is stored follows from the reports."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from claims.management.commands.rebuild_corroboration import add_claims, named_claims, progress
from claims.services.summaries import Difference, check, has_outdated
from sources.models import Outlet


class Command(BaseCommand):
    help = (
        "Recompute the corroboration of all claims, or of those named, and print a line for each value that is stored "
        "otherwise: claim, basis, field, stored, recomputed. Ends with 1 where there is one. Nothing is changed."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        add_claims(parser)

    def handle(self, *, claim: list[str], **options: Any) -> None:
        claims = named_claims(claim)
        checked = wrong = 0
        with progress(claims) as bar:
            for count, differences in check(claims):
                for line in self._lines(differences):
                    bar.clear()
                    self.stdout.write(line)
                checked += count
                wrong += len(differences)
                bar.update(count)
        if wrong:
            waiting = " Some claims wait to be recounted; the workers do that." if has_outdated() else ""
            raise CommandError(
                f"{wrong} values of {checked} claims are stored otherwise.{waiting} "
                "Run rebuild_corroboration to mend them."
            )
        self.stdout.write(f"The stored corroboration of {checked} claims follows from their reports.")

    def _lines(self, differences: list[Difference]) -> list[str]:
        sets = [v for found in differences for v in (found.stored, found.recomputed) if isinstance(v, frozenset)]
        outlets = Outlet.objects.in_bulk(set().union(*sets)) if sets else {}

        def shown(value: Any) -> str:
            return ", ".join(sorted(outlets[pk].slug for pk in value)) if isinstance(value, frozenset) else str(value)

        return [
            f"claim={found.uid} basis={found.basis} field={found.field} "
            f"stored={shown(found.stored)} recomputed={shown(found.recomputed)}"
            for found in differences
        ]
