"""What may go by age: bookkeeping that nobody asks for any more, never evidence, history or decisions.

Snapshots, texts, statements, reports and their events stay for ever. So does what looks like bookkeeping and holds a
decision: a document that an editor had a look at, or is still to look at.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from accounts.models import Invitation, Token
from claims.models import IdempotentAnswer
from notices.models import Delivery
from sources.models import ImportItem, ImportRun

#: Rows deleted by one statement: locks and the log of changes stay small, and others get their turn.
BATCH = 1_000

Rows = Callable[[datetime], QuerySet[Any]]


@dataclass(frozen=True)
class Kind:
    """Rows that may go together; `rows` gives, of each table, those that were done with before a time."""

    name: str
    what: str
    rows: tuple[Rows, ...]


def _import_items(before: datetime) -> QuerySet[ImportItem]:
    waiting = ImportItem.objects.pending().filter(run=OuterRef("run"))
    return ImportItem.objects.filter(
        ~Exists(waiting), finished_at__lt=before, run__read_at__lt=before, needs_look=False
    )


def _polls(before: datetime) -> QuerySet[ImportRun]:
    """Imports that a feed asked for; who handed in something, and when, is history."""
    kept = Q(finished_at=None) | Q(finished_at__gte=before) | Q(needs_look=True)
    polls = ImportRun.objects.filter(feed__isnull=False, created_at__lt=before, read_at__lt=before)
    return polls.filter(~Exists(ImportItem.objects.filter(kept, run=OuterRef("pk"))))


def _deliveries(before: datetime) -> QuerySet[Delivery]:
    return Delivery.objects.exclude(state=Delivery.State.WAITING).filter(last_attempt_at__lt=before)


def _answers(before: datetime) -> QuerySet[IdempotentAnswer]:
    return IdempotentAnswer.objects.filter(stored_at__lt=before)


def _sessions(before: datetime) -> QuerySet[Session]:
    return Session.objects.filter(expire_date__lt=before)


def _devices(before: datetime) -> QuerySet[UserSession]:
    """Where somebody was signed in, for the list on the page of their account; with the address they came from."""
    lasting = Session.objects.filter(session_key=OuterRef("session_key"), expire_date__gte=before)
    return UserSession.objects.filter(~Exists(lasting), created_at__lt=before)


def _invitations(before: datetime) -> QuerySet[Invitation]:
    return Invitation.objects.unanswered().filter(expires_at__lt=before) | Invitation.objects.filter(
        revoked_at__lt=before
    )


def _tokens(before: datetime) -> QuerySet[Token]:
    return Token.objects.filter(Q(expires_at__lt=before) | Q(revoked_at__lt=before))


#: In the order in which they are deleted. For how many days each is kept is the setting PRUNE_DAYS.
KINDS = (
    Kind(
        "imports",
        "documents of imports that ended, and polls of feeds of which none is left",
        (_import_items, _polls),
    ),
    Kind("deliveries", "webhook messages that arrived or were given up", (_deliveries,)),
    Kind("answers", "answers to requests with an idempotency key", (_answers,)),
    Kind("sessions", "sign-ins that ended", (_sessions, _devices)),
    Kind("invitations", "invitations that nobody accepted", (_invitations,)),
    Kind("tokens", "tokens that ended", (_tokens,)),
)


def count(kind: Kind, *, days: int) -> int:
    """Return how many rows of a kind may go."""
    before = timezone.now() - timedelta(days=days)
    return sum(rows(before).count() for rows in kind.rows)


def prune(kind: Kind, *, days: int) -> Iterator[int]:
    """Delete the rows of a kind that were done with so many days ago, and give how many went with each batch.

    Each batch is a transaction of its own: whoever stops asking for the next one leaves the rest as it is.
    """
    before = timezone.now() - timedelta(days=days)
    for rows in kind.rows:
        found = _next(rows(before), after=None)
        while found:
            # Asked again, as one may have changed since it was found: a failed document is tried again.
            deleted, _ = rows(before).filter(pk__in=found).delete()
            yield deleted
            found = _next(rows(before), after=found[-1])


def _next(rows: QuerySet[Any], *, after: Any) -> list[Any]:
    """Return the keys of the next batch; what others keep from being deleted is passed over, not found again."""
    if after is not None:
        rows = rows.filter(pk__gt=after)
    return list(rows.order_by("pk").values_list("pk", flat=True)[:BATCH])
