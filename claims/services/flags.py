"""What people write beside the data: notes of editors, and errors that readers point out and editors answer."""

import logging
from typing import Any

import pghistory
from django.contrib.auth.models import User
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from claims.models import Attribution, Claim, Flag, Note, Statement
from claims.services.decisions import DecisionConflict, DecisionRefused

logger = logging.getLogger(__name__)

#: What may be written about, by the name that addresses have for it.
SUBJECTS: dict[str, type[models.Model]] = {"claim": Claim, "statement": Statement, "report": Attribution}
#: Flags at one thing that wait for an answer.
MOST_OPEN = 10


def about(subject: models.Model) -> dict[str, Any]:
    """Return the column by which a note or a flag belongs to its subject, with the subject as its value."""
    return {type(subject)._meta.model_name or "": subject}


def raise_flag(subject: models.Model, *, text: str) -> Flag:
    """Keep what a reader says is wrong.

    Raises DecisionRefused where so many flags wait there already that another adds nothing.
    """
    if Flag.objects.filter(**about(subject), settled_at=None).count() >= MOST_OPEN:
        raise DecisionRefused(_("Several errors were pointed out here, and wait for an editor; look again later."))
    flag = Flag.objects.create(**about(subject), text=text)
    logger.info("flagged %s=%s flag=%s", type(subject)._meta.model_name, subject.pk, flag.pk)
    return flag


def settle_flag(flag: Flag, *, outcome: str, answer: str, by: User) -> Flag:
    """Record an editor's answer; raises DecisionConflict where another one answered meanwhile."""
    with transaction.atomic(), pghistory.context(user=by.pk, decision="settle flag"):
        row = Flag.objects.select_for_update(of=("self",)).select_related("settled_by").get(pk=flag.pk)
        if row.settled_at is not None:
            raise DecisionConflict(
                _("%(name)s answered this meanwhile: “%(answer)s”") % {"name": row.settled_by, "answer": row.answer}
            )
        row.outcome, row.answer = outcome, answer
        row.settled_by, row.settled_at = by, timezone.now()
        row.save(update_fields=["outcome", "answer", "settled_by", "settled_at"])
    logger.info("settled flag=%s outcome=%s", row.pk, outcome)
    return row


def write_note(subject: models.Model, *, text: str, by: User) -> Note:
    """Keep a note for other editors."""
    with transaction.atomic(), pghistory.context(user=by.pk, decision="note"):
        return Note.objects.create(**about(subject), text=text, written_by=by)


def withdraw_note(note: Note, *, by: User) -> None:
    """Take a note of one's own away from the page; it stays in the history. Raises DecisionRefused for another's."""
    if note.written_by_id != by.pk:
        raise DecisionRefused(_("This note is %(name)s’s, who alone can withdraw it.") % {"name": note.written_by})
    with transaction.atomic(), pghistory.context(user=by.pk, decision="withdraw note"):
        Note.objects.filter(pk=note.pk, withdrawn_at=None).update(withdrawn_at=timezone.now())
