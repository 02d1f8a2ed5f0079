"""`prune`: what nobody needs any more, deleted by age."""

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from config import env, retention


class Command(BaseCommand):
    """Deletes bookkeeping by age, in batches, beside a site in use."""

    help = (
        "Delete what nobody needs any more: "
        + "; ".join(f"{kind.name}: {kind.what}" for kind in retention.KINDS)
        + ". Never what was published, found or decided, nor the history of it. May be ended at any time."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        names = [kind.name for kind in retention.KINDS]
        parser.add_argument("kinds", nargs="*", metavar="KIND", help=f"only these: {', '.join(names)}")
        parser.add_argument("--dry-run", action="store_true", help="delete nothing, say how much it would be")
        parser.add_argument(
            "--days", action="append", default=[], metavar="KIND=N", help="keep a kind for so long, not PRUNE_DAYS"
        )

    def handle(self, *, kinds: list[str], dry_run: bool, days: list[str], **options: object) -> None:
        known = {kind.name: kind for kind in retention.KINDS}
        if unknown := [name for name in kinds if name not in known]:
            raise CommandError(f"There is no kind {', '.join(unknown)}; there are {', '.join(known)}.")
        try:
            kept = env.parse_numbers(",".join(days), default=settings.PRUNE_DAYS, minimum=1)
        except ValueError as error:
            raise CommandError(f"--days: {error}") from error
        for name in kinds or known:
            kind, age = known[name], kept[name]
            number = retention.count(kind, days=age) if dry_run else sum(retention.prune(kind, days=age))
            rows, days_ago = "row" if number == 1 else "rows", "day" if age == 1 else "days"
            verb = "would delete" if dry_run else "deleted"
            self.stdout.write(f"{name}: {verb} {number:,} {rows}, done with {age} {days_ago} ago")
