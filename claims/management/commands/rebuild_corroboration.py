"""`manage.py rebuild_corroboration [--claim ID...]`: recompute what is stored of claims' corroboration."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db.models import QuerySet
from tqdm import tqdm

from claims.models import Claim
from claims.services.summaries import rebuild


class Command(BaseCommand):
    help = "Recompute the stored corroboration of all claims, or of those named, from their reports."

    def add_arguments(self, parser: CommandParser) -> None:
        add_claims(parser)

    def handle(self, *, claim: list[str], **options: Any) -> None:
        claims = named_claims(claim)
        rebuilt = 0
        with progress(claims) as bar:
            for count in rebuild(claims):
                rebuilt += count
                bar.update(count)
        self.stdout.write(f"Rebuilt the corroboration of {rebuilt} claims.")


def add_claims(parser: CommandParser) -> None:
    """Let a command be told which claims it is for."""
    parser.add_argument("--claim", nargs="+", default=[], metavar="ID", help="Ids (UUIDs) of claims; all without it.")


def named_claims(uids: list[str]) -> "QuerySet[Claim]":
    """Return the claims with these uids, all where none are given; raises CommandError where one does not exist."""
    claims = Claim.objects.all()
    if not uids:
        return claims
    wanted = {}
    for text in uids:
        try:
            wanted[UUID(text)] = text
        except ValueError as error:
            raise CommandError(
                f"“{text}” is no claim’s id; it is the UUID in the address of the claim’s page."
            ) from error
    found = claims.filter(uid__in=wanted)
    missing = wanted.keys() - set(found.values_list("uid", flat=True))
    if missing:
        raise CommandError(f"There is no claim {', '.join(sorted(map(str, missing)))}.")
    return found


@contextmanager
def progress(claims: "QuerySet[Claim]") -> "Iterator[tqdm[Any]]":
    """Give a bar of how many claims are done; it is for terminals, not for logs."""
    with tqdm(total=claims.count(), unit=" claims", file=sys.stderr, disable=None) as bar:
        yield bar
