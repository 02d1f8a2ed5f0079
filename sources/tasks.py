"""Celery tasks of sources. A task is only a wake-up: the work is found in rows, so a lost message loses nothing."""

import time

from celery import current_app, shared_task
from django.conf import settings

from sources import importing
from sources.models import ImportItem
from sources.services import runs

#: A task gives way to others after this long; what is left is found by its successor.
BUDGET_S = 5


@shared_task(name="sources.import_items")
def import_items() -> int:
    """Import waiting documents and return how many were tried."""
    tried, stop_at = 0, time.monotonic() + BUDGET_S
    while time.monotonic() < stop_at and (done := importing.import_next(most=importing.TOGETHER)):
        if not tried:
            _wake_followers()
        tried += done
    if tried:
        _wake_followers()
    if tried and ImportItem.objects.ready().exists():
        import_items.delay()
    return tried


@shared_task(name="sources.sweep")
def sweep() -> int:
    """Poll the feeds that are due, look after runs whose reader died, and wake a worker where documents wait.

    Returns how many wake-ups were sent.
    """
    importing.poll_due_feeds()
    runs.end_silent_readings()
    if not ImportItem.objects.ready().exists():
        return 0
    import_items.delay()
    return 1


def _wake_followers() -> None:
    for name in settings.IMPORT_FOLLOWED_BY:
        current_app.send_task(name)
