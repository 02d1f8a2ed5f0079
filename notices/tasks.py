"""Celery tasks of notices. A task is only a wake-up: the work is found in rows, so a lost message loses nothing."""

import time

from celery import shared_task

from notices import events, webhooks

#: A task gives way to others after this long; what is left is found by its successor.
BUDGET_S = 5


@shared_task(name="notices.send_webhooks")
def send_webhooks() -> int:
    """Tell webhooks what happened and return how many deliveries were tried."""
    tried, stop_at = 0, time.monotonic() + BUDGET_S
    while webhooks.spread_events() and time.monotonic() < stop_at:
        pass
    while time.monotonic() < stop_at and webhooks.deliver_next():
        tried += 1
    if tried and webhooks.is_work_left():
        send_webhooks.delay()
    return tried


@shared_task(name="notices.forget_events")
def forget_events() -> int:
    """Forget events that are older than they are kept and return how many there were."""
    return events.forget_events()


@shared_task(name="notices.sweep")
def sweep() -> int:
    """Note which imports are finished, and wake a worker where webhooks wait; return how many were woken."""
    events.note_finished_imports()
    if not webhooks.is_work_left():
        return 0
    send_webhooks.delay()
    return 1
