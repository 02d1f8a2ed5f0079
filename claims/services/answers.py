"""Answers that are kept to be given again to requests with an idempotency key; see `claims.api.idempotency`."""

from datetime import timedelta

from django.utils import timezone

from claims.models import IdempotentAnswer

#: How long an answer is kept.
KEPT = timedelta(hours=24)
SWEPT_AT_ONCE = 10_000


def forget_answers() -> int:
    """Delete answers that are no longer given again and return how many; many are deleted in parts."""
    past = IdempotentAnswer.objects.filter(stored_at__lte=timezone.now() - KEPT).values("pk")[:SWEPT_AT_ONCE]
    forgotten, _ = IdempotentAnswer.objects.filter(pk__in=past).delete()
    return forgotten
