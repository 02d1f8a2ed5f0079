"""Renewing: what follows from the reports of claims is brought up to date once they are matched, several texts at once.

A revision in `ComparisonDue` waits for it. Until then its claims stand with the reports they have, and the marks that
the reports left tell whoever looks that nobody has counted them yet.
"""

import logging
from collections.abc import Collection

import pghistory
from django.conf import settings
from django.db import transaction
from django.db.models import F

from claims.matching import MATCHER_VERSION
from claims.models import Claim, ComparisonDue, Corroboration
from claims.services.claims import refresh_sentences
from claims.services.conflicts import refresh_conflicts
from claims.services.locks import hold_matching
from claims.services.summaries import refresh_corroboration
from claims.services.topics import assign_topics
from sources.models import Revision

logger = logging.getLogger(__name__)

#: Revisions whose claims are renewed in one transaction; editors wait for it.
AT_ONCE = 5
#: A claim of more reports than this is not read again with each that joins it.
LARGE_CLAIM = 200


def renew_next_revisions(*, at_least: int = 1) -> bool:
    """Renew the claims of matched revisions, AT_ONCE at most; False when fewer than `at_least` wait.

    The attempt is counted first. What killed its worker is tried alone, and given up after IMPORT_MAX_ATTEMPTS: its
    claims stay marked as not counted.
    """
    with transaction.atomic():
        waiting = ComparisonDue.objects.filter(renewed=False).select_for_update(skip_locked=True)
        due = list(waiting.order_by("attempts", "pk")[:AT_ONCE])
        if len(due) < at_least:
            return False
        if due[0].attempts >= settings.IMPORT_MAX_ATTEMPTS:
            logger.error("renewal failed revision=%s attempts=%d", due[0].revision_id, due[0].attempts)
            due[0].delete()
            return True
        due = due[:1] if due[0].attempts else [each for each in due if not each.attempts]
        revisions = [each.revision_id for each in due]
        ComparisonDue.objects.filter(pk__in=revisions).update(attempts=F("attempts") + 1)
    renew_claims(revisions)
    return True


def renew_claims(revisions: Collection[int]) -> None:
    """Renew the sentences, topics, corroboration and conflicts of the claims of matched revisions.

    A large claim keeps the sentence and the topics that its first reports gave it, and is counted anew when the sweep
    comes by: ten thousand copies of a sentence, handed in one by one, would else be read ten thousand times.
    """
    with transaction.atomic(), pghistory.context(method=MATCHER_VERSION):
        hold_matching()
        # Of the revisions before them too, whose reports count no more.
        articles = Revision.objects.filter(pk__in=revisions).values("article")
        found = Claim.objects.filter(attributions__statement__revision__article__in=articles)
        claims = set(found.order_by().values_list("pk", flat=True))
        claims -= set(
            Corroboration.objects.filter(
                claim__in=claims, basis=Corroboration.Basis.COUNTED, report_count__gt=LARGE_CLAIM
            ).values_list("claim", flat=True)
        )
        refresh_sentences(list(Claim.objects.filter(pk__in=claims, merged_into=None).order_by("pk")))
        assign_topics(claims)
        refresh_corroboration(claims)
        refresh_conflicts(claims)
        ComparisonDue.objects.filter(pk__in=revisions).update(renewed=True, attempts=0)
