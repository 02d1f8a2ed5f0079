"""Celery tasks of claims. A task is only a wake-up: the work is found in rows, so a lost message loses nothing."""

import time

from celery import shared_task

from claims import changes
from claims.services import answers, coverage, matching, reading, summaries

#: A task gives way to others after this long; what is left is found by its successor.
BUDGET_S = 5


@shared_task(name="claims.extract_statements")
def extract_statements() -> int:
    """Read revisions that have not been read and return how many were tried."""
    tried, stop_at = 0, time.monotonic() + BUDGET_S
    while time.monotonic() < stop_at and reading.extract_next_revision():
        tried += 1
        if tried == 1:
            match_statements.delay()
    if tried > 1:
        match_statements.delay()
    if tried and reading.unread().exists():
        extract_statements.delay()
    return tried


@shared_task(name="claims.match_statements")
def match_statements() -> int:
    """Match revisions whose statements have no claims yet, then compare their claims; return how many of either."""
    matched, stop_at = 0, time.monotonic() + BUDGET_S
    while time.monotonic() < stop_at and matching.match_next_revision():
        matched += 1
    if matched and matching.is_work_left():
        match_statements.delay()
    return matched


@shared_task(name="claims.refresh_outdated")
def refresh_outdated() -> int:
    """Recompute claims whose corroboration no longer follows from what is stored and return how many there were."""
    counted = summaries.refresh_outdated(within_s=BUDGET_S)
    if counted and summaries.has_outdated():
        refresh_outdated.delay()
    return counted


@shared_task(name="claims.fold_ledgers")
def fold_ledgers() -> int:
    """Fold what was appended to the ledgers of outlets and return how many rows that took away."""
    folded = coverage.fold_ledgers(within_s=BUDGET_S)
    if folded and coverage.is_unfolded():
        fold_ledgers.delay()
    return folded


@shared_task(name="claims.compare_wordings")
def compare_wordings() -> int:
    """Compare reports with the fullest of their claim and return for how many claims that was done."""
    compared = coverage.compare_wordings(within_s=BUDGET_S)
    if compared and coverage.is_uncompared():
        compare_wordings.delay()
    return compared


@shared_task(name="claims.compact_changes")
def compact_changes() -> int:
    """Forget changes of rows that changed again later, for mirrors that begin at the start; return how many."""
    return changes.compact()


@shared_task(name="claims.forget_answers")
def forget_answers() -> int:
    """Delete what requests with idempotency keys were answered a day ago; return how many answers."""
    forgotten, stop_at = 0, time.monotonic() + BUDGET_S
    while time.monotonic() < stop_at and (gone := answers.forget_answers()):
        forgotten += gone
    return forgotten


@shared_task(name="claims.sweep")
def sweep() -> int:
    """Wake the workers where work waits: texts, claims, ledgers or wordings; return how many were woken."""
    woken = 0
    reading.mark_texts_of_before()
    if reading.unread().exists():
        extract_statements.delay()
        woken += 1
    if matching.is_work_left():
        match_statements.delay()
        woken += 1
    if summaries.has_outdated():
        refresh_outdated.delay()
        woken += 1
    if coverage.is_unfolded():
        fold_ledgers.delay()
        woken += 1
    if coverage.is_uncompared():
        compare_wordings.delay()
        woken += 1
    return woken
