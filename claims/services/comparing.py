"""Comparing: what editors are asked about once a revision is matched; outside of matching, as nothing waits for it.

A revision in `ComparisonDue` has its claims compared with those that may contradict or deny them, and with those in
other languages that may mean the same.
"""

import logging
from collections.abc import Collection

import pghistory
from django.conf import settings
from django.db import transaction
from django.db.models import Exists, F, Max, OuterRef

from claims.matching import MATCHER_VERSION
from claims.matching.embedding import NONE
from claims.models import Attribution, ComparisonDue, Statement
from claims.services.candidates import find_claims
from claims.services.contradictions import propose_contradictions
from claims.services.locks import hold_matching
from claims.services.translations import propose_translations
from sources.models import Revision

logger = logging.getLogger(__name__)


def compare_next_revision() -> bool:
    """Compare the claims of one revision that are renewed; False when there is none to compare.

    The attempt is counted first, so a revision that kills its worker is given up after IMPORT_MAX_ATTEMPTS.
    """
    with transaction.atomic():
        renewed = ComparisonDue.objects.filter(renewed=True).select_for_update(skip_locked=True)
        due = renewed.order_by("attempts", "pk").first()
        if due is None:
            return False
        if due.attempts >= settings.IMPORT_MAX_ATTEMPTS:
            logger.error("comparison failed revision=%s attempts=%d", due.revision_id, due.attempts)
            due.delete()
            return True
        ComparisonDue.objects.filter(pk=due.pk).update(attempts=F("attempts") + 1)
    compare_revision(due.revision_id)
    return True


def compare_revision(revision_id: int) -> None:
    """Propose what contradicts or denies the claims of a revision, and claims in other languages that mean the same."""
    if settings.SENTENCE_EMBEDDINGS != NONE:
        propose_translations(revision_id)
    with transaction.atomic(), pghistory.context(method=MATCHER_VERSION):
        hold_matching()
        claims = Attribution.objects.filter(statement__revision=revision_id, claim__merged_into=None)
        statements = Statement.objects.standing().filter(
            Exists(Attribution.objects.counted().affirming().filter(statement=OuterRef("pk"))), revision=revision_id
        )
        published_at = Revision.objects.values_list("article__published_at", flat=True).get(pk=revision_id)
        propose_contradictions(
            set(claims.values_list("claim", flat=True)),
            revision_id=revision_id,
            near=find_claims(
                list(statements.select_related("speaker").order_by("pk")), published_at.date() if published_at else None
            ),
        )
        ComparisonDue.objects.filter(revision=revision_id).delete()


def compare_again(claim_ids: Collection[int]) -> None:
    """Have claims compared again that an editor has changed: by way of the revision of a report of each."""
    latest = (
        Attribution.objects.filter(claim__in=claim_ids, statement__withdrawn_at=None)
        .order_by()
        .values("claim")
        .annotate(latest=Max("statement__revision"))
        .values_list("latest", flat=True)
    )
    ComparisonDue.objects.bulk_create(
        (ComparisonDue(revision_id=pk, renewed=True) for pk in set(latest)), ignore_conflicts=True
    )
