"""Claims that editors write before any statement carries them."""

import logging
import uuid
from collections.abc import Collection
from datetime import date

import pghistory
from django.contrib.auth.models import User
from django.db import transaction
from django.utils.translation import gettext as _

from claims.models import Claim, ClaimTopic, Speaker, Topic
from claims.services.decisions import BY_EDITOR, DecisionRefused, refresh
from claims.services.editing import tidied
from claims.services.locks import hold_matching

logger = logging.getLogger(__name__)


def add_claim(
    text: str,
    *,
    by: User,
    speaker: Speaker | None = None,
    language: str = "en",
    said_on: date | None = None,
    topics: Collection[Topic] | None = None,
) -> Claim:
    """Store a claim that no statement carries yet; lists have it once a report does.

    No machine changes its sentence, nor its topics where any are given. Raises DecisionRefused without a sentence.
    """
    sentence = tidied(text)
    if not sentence:
        raise DecisionRefused(_("A claim needs a sentence."))
    with transaction.atomic(), pghistory.context(user=by.pk, decision="add claim"):
        hold_matching()
        claim = Claim.objects.create(
            uid=uuid.uuid4(),
            text=sentence,
            text_by=by,
            speaker=speaker,
            language=language,
            said_on=said_on,
            topics_by=None if topics is None else by,
            method=BY_EDITOR,
        )
        ClaimTopic.objects.bulk_create(ClaimTopic(claim=claim, topic=topic, method=BY_EDITOR) for topic in topics or ())
        refresh([claim.pk])
    logger.info("added claim=%s", claim.pk)
    return claim
