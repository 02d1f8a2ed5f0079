"""Celery tasks of the site as a whole."""

import time

from celery import shared_task
from django.conf import settings

from config import retention

#: A task gives way to others after this long; what is left is found by its successor.
BUDGET_S = 5


@shared_task(name="config.prune")
def prune() -> int:
    """Delete what may go by age and return how many rows; the scheduler asks for it where PRUNE_NIGHTLY is set."""
    pruned, stop_at = 0, time.monotonic() + BUDGET_S
    for kind in retention.KINDS:
        for deleted in retention.prune(kind, days=settings.PRUNE_DAYS[kind.name]):
            pruned += deleted
            if time.monotonic() > stop_at:
                prune.delay()
                return pruned
    return pruned
