"""What editors decide about attributions; a machine never overwrites it."""

import pghistory
from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from claims.models import Attribution, Claim
from claims.services.claims import add_reports, create_claims, refresh_sentences, report
from claims.services.summaries import refresh_corroboration
from claims.services.topics import assign_topics

BY_EDITOR = "editor"


class DecisionRefused(Exception):
    """An editor's decision cannot be carried out; the message says why, and nothing was changed."""


def confirm_attribution(attribution: Attribution, *, by: User) -> Attribution:
    """Record that `by` confirms that the statement carries the claim."""
    return _decide(attribution, by=by, status=Attribution.Status.CONFIRMED)


def reject_attribution(attribution: Attribution, *, by: User) -> Attribution:
    """Record that the statement does not carry the claim; it is never proposed for it again.

    A statement that carries no other claim founds one of its own, so that its report is not lost, unless it was the
    last report of the rejected one.
    """
    with transaction.atomic():
        rejected = _decide(attribution, by=by, status=Attribution.Status.REJECTED)
        statement = rejected.statement
        elsewhere = statement.attributions.exclude(pk=rejected.pk).exclude(status=Attribution.Status.REJECTED)
        if not elsewhere.exists() and Attribution.objects.counted().filter(claim=rejected.claim_id).exists():
            claims = create_claims([statement], method=BY_EDITOR)
            _refresh([claim.pk for claim in claims])
    return rejected


def set_stance(attribution: Attribution, *, stance: str, by: User) -> Attribution:
    """Record whether the statement affirms or denies the claim; this confirms the attribution."""
    if stance not in Attribution.Stance.values:
        raise DecisionRefused(f"A statement affirms or denies a claim; “{stance}” is neither.")
    return _decide(attribution, by=by, status=Attribution.Status.CONFIRMED, stance=stance)


def move_attribution(attribution: Attribution, *, to: Claim | None, by: User) -> Attribution:
    """Reject an attribution and confirm its statement for claim `to` instead; None makes a claim of its own.

    Returns the new attribution. Raises DecisionRefused when `to` is the same claim or was merged into another.
    """
    if to is not None and to.pk == attribution.claim_id:
        raise DecisionRefused("The statement is at this claim already.")
    if to is not None and to.merged_into_id is not None:
        raise DecisionRefused("That claim was merged into another; choose the one it was merged into.")
    with transaction.atomic():
        _lock_claims([attribution.claim_id, *([to.pk] if to is not None else [])])
        rejected = _decide(attribution, by=by, status=Attribution.Status.REJECTED)
        if to is None:
            [to] = create_claims([rejected.statement], method=BY_EDITOR)
        add_reports([report(to, rejected.statement, score=1.0, stance=rejected.stance, method=BY_EDITOR)])
        moved = Attribution.objects.get(statement=rejected.statement, claim=to)
        return _decide(moved, by=by, status=Attribution.Status.CONFIRMED)


def _decide(attribution: Attribution, *, by: User, status: str, stance: str = "") -> Attribution:
    with transaction.atomic(), pghistory.context(user=by.pk, decision=status):
        # Claims before attributions, as everywhere: two editors wait for each other rather than deadlock.
        _lock_claims([attribution.claim_id])
        locked = (
            Attribution.objects.select_for_update(of=("self",))
            .select_related("claim", "statement__revision__article")
            .get(pk=attribution.pk)
        )
        if locked.statement.withdrawn_at is not None:
            raise DecisionRefused(f"The statement was withdrawn: {locked.statement.withdrawn_reason}")
        if locked.claim.merged_into_id is not None:
            raise DecisionRefused("The claim was merged into another; decide there.")
        locked.status = status
        locked.stance = stance or locked.stance
        locked.decided_by = by
        locked.decided_at = timezone.now()
        locked.save(update_fields=["status", "stance", "decided_by", "decided_at"])
        _refresh([locked.claim_id, *(_withdraw_stopgaps(locked) if status == Attribution.Status.CONFIRMED else [])])
    return locked


def _withdraw_stopgaps(confirmed: Attribution) -> list[int]:
    """Reject the claims of its own that a statement got when it was rejected elsewhere; return their ids.

    The rejection was taken back, so the report would count twice.
    """
    stopgaps = Attribution.objects.filter(
        statement=confirmed.statement_id, status=Attribution.Status.PROPOSED, method=BY_EDITOR
    ).exclude(pk=confirmed.pk)
    claim_ids = list(stopgaps.values_list("claim_id", flat=True))
    stopgaps.update(
        status=Attribution.Status.REJECTED, decided_by=confirmed.decided_by, decided_at=confirmed.decided_at
    )
    return claim_ids


def _lock_claims(claim_ids: list[int]) -> None:
    list(Claim.objects.filter(pk__in=claim_ids).order_by("pk").select_for_update().values_list("pk", flat=True))


def _refresh(claim_ids: list[int]) -> None:
    refresh_sentences(list(Claim.objects.filter(pk__in=claim_ids)))
    assign_topics(claim_ids)
    refresh_corroboration(claim_ids)
