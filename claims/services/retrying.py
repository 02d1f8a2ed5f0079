"""Readings that were given up, and trying them again: what crashed whoever read or matched it, each time."""

import logging

from django.contrib.auth.models import User
from django.db.models import QuerySet
from django.utils import timezone

from claims.extraction import EXTRACTOR_VERSION
from claims.models import Extraction

logger = logging.getLogger(__name__)


def given_up() -> QuerySet[Extraction]:
    """Readings of texts that still stand, by this version of the extractor, that were given up, the latest first."""
    failed = Extraction.objects.filter(state=Extraction.State.FAILED, version=EXTRACTOR_VERSION)
    return failed.filter(revision__current_of__isnull=False).order_by("-updated_at", "-pk")


def try_again(reading: Extraction, *, by: User) -> bool:
    """Have a text read again that was given up, or matched where that failed; False where it is not given up any more.

    The caller wakes the workers.
    """
    was_matched = bool(reading.match_attempts)
    changes = {
        "state": Extraction.State.EXTRACTED if was_matched else Extraction.State.STARTED,
        "attempts": reading.attempts if was_matched else 0,
        "match_attempts": 0,
        "reason": "",
        "updated_at": timezone.now(),
    }
    found = given_up().order_by().filter(pk=reading.pk).update(**changes)
    if found:
        logger.info("reading tried again revision=%s user=%d", reading.revision_id, by.pk)
    return bool(found)
