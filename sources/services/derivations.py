"""What editors decide about where an article comes from; importing and comparing leave what they decided alone."""

import logging

import pghistory
from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from sources.models import DecisionStatus, Derivation

logger = logging.getLogger(__name__)


class DerivationChanged(Exception):
    """Somebody decided on a derivation meanwhile, or it is gone; nothing was changed, and the message says who."""


def decide_derivation(derivation: Derivation, *, status: str, by: User, reason: str = "") -> Derivation:
    """Confirm, reject or leave unsure that an article comes from there; “proposed” takes a decision back.

    derivation: as the editor saw it. Claims of the article are counted again by the marks that the row's triggers
    leave. Raises DerivationChanged where it was decided on since.
    """
    told = {"reason": reason} if reason else {}
    with transaction.atomic(), pghistory.context(user=by.pk, decision=_DECISIONS[DecisionStatus(status)], **told):
        row = (
            Derivation.objects.select_for_update(of=("self",))
            .select_related("decided_by")
            .filter(pk=derivation.pk)
            .first()
        )
        if row is None:
            raise DerivationChanged(_("The article was read again meanwhile, and does not come from there any more."))
        if row.status == status:
            return row
        if (row.status, row.decided_at) != (derivation.status, derivation.decided_at):
            who = row.decided_by.get_username() if row.decided_by is not None else _("An editor")
            raise DerivationChanged(
                _("%(name)s decided meanwhile: %(status)s. Look again, then decide.")
                % {"name": who, "status": row.get_status_display()}
            )
        proposed = status == DecisionStatus.PROPOSED
        row.status = status
        row.decided_by, row.decided_at = (None, None) if proposed else (by, timezone.now())
        row.save(update_fields=["status", "decided_by", "decided_at"])
    logger.info("decided derivation=%s status=%s", row.pk, status)
    return row


#: What a decision is called in the history.
_DECISIONS = {
    DecisionStatus.CONFIRMED: "confirm",
    DecisionStatus.REJECTED: "reject",
    DecisionStatus.UNSURE: "unsure",
    DecisionStatus.PROPOSED: "undo",
}
