"""What editors decide about attributions; a machine never overwrites it, and each decision can be undone."""

import logging
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any

import pghistory
from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from claims.models import Attribution, Claim, ClaimLink, Decision, Statement
from claims.querysets import COUNTED
from claims.services.claims import add_reports, create_claims, refresh_sentences, report
from claims.services.comparing import compare_again
from claims.services.conflicts import refresh_conflicts
from claims.services.locks import hold_matching
from claims.services.summaries import refresh_corroboration
from claims.services.topics import assign_topics

logger = logging.getLogger(__name__)

BY_EDITOR = "editor"
Kind = Decision.Kind


class DecisionRefused(Exception):
    """An editor's decision cannot be carried out; the message says why, and nothing was changed."""


class DecisionConflict(DecisionRefused):
    """Somebody decided otherwise, meanwhile or before; `about` holds the attributions it is about."""

    def __init__(self, message: str, *, about: Sequence[Attribution] = ()) -> None:
        super().__init__(message)
        self.about = about


# Deciding


def confirm_attribution(attribution: Attribution, *, by: User) -> Attribution:
    """Record that `by` confirms that the statement carries the claim."""
    with _decision(Kind.CONFIRM, attribution, by=by) as (deciding, row):
        return _confirm(deciding, row)


def reject_attribution(attribution: Attribution, *, by: User) -> Attribution:
    """Record that the statement does not carry the claim; it is never proposed for it again.

    A statement that carries no other claim founds one of its own, so that its report is not lost, unless it was the
    last report of the rejected one.
    """
    with _decision(Kind.REJECT, attribution, by=by) as (deciding, row):
        deciding.decide(row, status=Attribution.Status.REJECTED)
        elsewhere = row.statement.attributions.exclude(pk=row.pk).filter(status__in=COUNTED)
        if not elsewhere.exists() and Attribution.objects.counted().filter(claim=row.claim_id).exists():
            deciding.found(row.statement)
    return row


def leave_unsure(attribution: Attribution, *, by: User) -> Attribution:
    """Record that `by` cannot tell whether the statement carries the claim.

    It does not count, and is not proposed for the claim again; anybody may decide later.
    """
    with _decision(Kind.UNSURE, attribution, by=by) as (deciding, row):
        deciding.decide(row, status=Attribution.Status.UNSURE)
    return row


def set_stance(attribution: Attribution, *, stance: str, by: User) -> Attribution:
    """Record whether the statement affirms or denies the claim; this confirms the attribution."""
    _check_stance(stance)
    with _decision(Kind.STANCE, attribution, by=by) as (deciding, row):
        return _confirm(deciding, row, stance=stance)


def move_attribution(attribution: Attribution, *, to: Claim | None, by: User) -> Attribution:
    """Reject an attribution and confirm its statement for claim `to` instead; None makes a claim of its own.

    Returns the new attribution. Raises DecisionRefused when `to` is the same claim or was merged into another.
    """
    if to is not None and to.pk == attribution.claim_id:
        raise DecisionRefused(_("The statement is at this claim already."))
    with _decision(Kind.MOVE, attribution, by=by, to=to) as (deciding, row):
        deciding.decide(row, status=Attribution.Status.REJECTED)
        return deciding.give(row.statement, to or deciding.found(row.statement), stance=row.stance)


def add_attribution(
    statement: Statement, *, to: Claim, by: User, stance: str = Attribution.Stance.AFFIRMS
) -> Attribution:
    """Confirm that a statement carries `to`, beside the claims that it carries already; returns the attribution."""
    _check_stance(stance)
    with transaction.atomic(), pghistory.context(user=by.pk, decision=Kind.ADD):
        hold_matching()
        lock_claims([to.pk])
        found = Statement.objects.select_related("revision__article").filter(pk=statement.pk).first()
        if found is None:
            raise DecisionConflict(_("The statement is not there any more: its words are another statement’s again."))
        statement = found
        check_stands(statement)
        to = standing_claim(to.pk)
        deciding = Deciding(Kind.ADD, claim=to, by=by)
        added = deciding.give(statement, to, stance=stance)
        deciding.end()
    return added


def _check_stance(stance: str) -> None:
    if stance not in Attribution.Stance.values:
        raise DecisionRefused(_("A statement affirms or denies a claim; “%(stance)s” is neither.") % {"stance": stance})


def _confirm(deciding: "Deciding", row: Attribution, *, stance: str = "") -> Attribution:
    deciding.decide(row, status=Attribution.Status.CONFIRMED, stance=stance)
    # The claims of its own that the statement got when it was rejected elsewhere: the report would count twice.
    stopgaps = Attribution.objects.filter(
        statement=row.statement_id, status=Attribution.Status.PROPOSED, method=BY_EDITOR
    ).exclude(pk=row.pk)
    for stopgap in stopgaps.order_by("pk"):
        deciding.decide(stopgap, status=Attribution.Status.REJECTED)
    return row


@contextmanager
def _decision(
    kind: str, attribution: Attribution, *, by: User, to: Claim | None = None
) -> Iterator[tuple["Deciding", Attribution]]:
    """Hold what a decision about one attribution touches, hand it over as it is now, and record what was changed.

    Raises DecisionRefused where the statement was withdrawn or a claim merged since the attribution was read.
    """
    with transaction.atomic(), pghistory.context(user=by.pk, decision=kind):
        hold_matching()
        of_statement = Attribution.objects.filter(statement=attribution.statement_id)
        named = {attribution.claim_id} | ({to.pk} if to is not None else set())
        lock_claims(named | set(of_statement.values_list("claim_id", flat=True)))
        row = (
            Attribution.objects.select_for_update(of=("self",))
            .select_related("claim__merged_into", "statement__revision__article")
            .filter(pk=attribution.pk)
            .first()
        )
        if row is None or row.claim_id != attribution.claim_id:
            raise DecisionConflict(_("The report was moved to another claim meanwhile; look again, then decide there."))
        check_stands(row.statement)
        claim = standing_claim(row.claim_id)
        if to is not None:
            to = standing_claim(to.pk)
        deciding = Deciding(kind, claim=claim, to=to, by=by)
        yield deciding, row
        deciding.end()


def lock_claims(claim_ids: Iterable[int]) -> None:
    """Hold the claims' rows, in order of ids as everywhere: two writers wait for each other rather than deadlock.

    All that a transaction writes are to be locked at once, after `hold_matching`.
    """
    claims = Claim.objects.filter(pk__in=set(claim_ids)).order_by("pk").select_for_update()
    list(claims.values_list("pk", flat=True))


def check_stands(statement: Statement) -> None:
    """Raise DecisionRefused where a statement was withdrawn."""
    if statement.withdrawn_at is not None:
        raise DecisionRefused(_("The statement was withdrawn: %(reason)s") % {"reason": statement.withdrawn_reason})


def standing_claim(claim_id: int) -> Claim:
    """Return a claim as it is now; raises DecisionConflict where it was merged into another."""
    claim = Claim.objects.select_related("merged_into").get(pk=claim_id)
    if claim.merged_into is not None:
        raise DecisionConflict(
            _("“%(claim)s” was merged into another claim, “%(other)s”; decide there.")
            % {"claim": claim, "other": claim.merged_into}
        )
    return claim


class Deciding:
    """One decision while it is carried out: every report that it changes, with what it was before."""

    def __init__(self, kind: str, *, claim: Claim, by: User, to: Claim | None = None) -> None:
        self.by, self.at = by, timezone.now()
        self._kind, self._claim, self._to = kind, claim, to
        self._changes: list[dict[str, Any]] = []
        self._founded: list[Claim] = []
        self._touched = {claim.pk} | ({to.pk} if to is not None else set())

    def decide(self, attribution: Attribution, *, status: str, stance: str = "") -> None:
        """Decide on an attribution, signed."""
        before = standing_of(attribution)
        attribution.status = status
        attribution.stance = stance or attribution.stance
        attribution.decided_by, attribution.decided_at = self.by, self.at
        attribution.save(update_fields=["status", "stance", "decided_by", "decided_at"])
        self._note(attribution, before)

    def give(self, statement: Statement, claim: Claim, *, stance: str) -> Attribution:
        """Confirm that a statement carries a claim, whether it was proposed before or not."""
        made = report(claim, statement, score=1.0, stance=stance, method=BY_EDITOR)
        before = Attribution.objects.filter(statement=statement, claim=claim).first()
        if before is None:
            add_reports([made])
        attribution = Attribution.objects.select_related("claim").get(statement=statement, claim=claim)
        known = next((change for change in self._changes if change["attribution"] == attribution.pk), None)
        self.decide(attribution, status=Attribution.Status.CONFIRMED, stance=stance)
        if known is not None:
            # Made by this very decision, when it founded the claim.
            self._changes[:] = [change for change in self._changes if change is not known]
        if known is not None or before is None:
            self._changes[-1]["before"] = None
        return attribution

    def found(self, statement: Statement) -> Claim:
        """Make a claim of a statement, which is proposed for it."""
        [claim] = create_claims([statement], method=BY_EDITOR)
        self._founded.append(claim)
        self._to = self._to or claim
        self._note(Attribution.objects.get(statement=statement, claim=claim), None)
        return claim

    def _note(self, attribution: Attribution, before: dict[str, Any] | None) -> None:
        self._touched.add(attribution.claim_id)
        self._changes.append({"attribution": attribution.pk, "before": before, "after": standing_of(attribution)})

    def end(self) -> Decision:
        """Record the decision and bring what follows from the claims up to date."""
        decision = Decision.objects.create(
            kind=self._kind,
            claim=self._claim,
            to=self._to,
            changes=self._changes,
            founded=[claim.pk for claim in self._founded],
            decided_by=self.by,
            decided_at=self.at,
        )
        if self._counts_the_same():
            assign_topics(self._touched)
            refresh_corroboration(self._touched)
        else:
            refresh(self._touched)
        return decision

    def _counts_the_same(self) -> bool:
        """Whether the same reports count as before, as when one is confirmed: then none of it is weighed anew."""
        return all(
            change["before"] is not None
            and {change["before"]["status"], change["after"]["status"]} <= set(COUNTED)
            and change["before"]["stance"] == change["after"]["stance"]
            for change in self._changes
        )


def standing_of(attribution: Attribution) -> dict[str, Any]:
    """Return what an attribution says and who says so, as JSON has it."""
    at = attribution.decided_at
    return {
        "status": attribution.status,
        "stance": attribution.stance,
        "decided_by": attribution.decided_by_id,
        "decided_at": at.isoformat() if at is not None else None,
    }


def refresh(claim_ids: Collection[int], *, sentences: bool = True) -> None:
    """Bring sentences, topics, conflicts and corroboration of claims up to date; contradictions are sought later."""
    if sentences:
        refresh_sentences(list(Claim.objects.filter(pk__in=claim_ids).order_by("pk")))
    assign_topics(claim_ids)
    refresh_conflicts(claim_ids)
    refresh_corroboration(claim_ids)
    compare_again(claim_ids)


# Undoing


def undo_decision(attribution: Attribution, *, by: User) -> Decision:
    """Put all that a decision changed back to what it was before; returns the decision, signed as undone.

    attribution: as the editor saw it, decided. Copies of the decision in other texts of the articles go back too, and
    a claim that it made leads to the one it came from, if it has nothing else. Raises DecisionConflict where one of the
    reports was decided on again since, or somebody undid it meanwhile.
    """
    with transaction.atomic(), pghistory.context(user=by.pk, decision="undo"):
        hold_matching()
        row = Attribution.objects.select_related("decided_by").filter(pk=attribution.pk).first()
        if row is None or row.decided_at is None or standing_of(row) != standing_of(attribution):
            raise DecisionConflict(
                _("Somebody undid this decision or decided anew meanwhile; look again, then decide.")
            )
        recorded = Decision.objects.filter(decided_by=row.decided_by, decided_at=row.decided_at).first()
        decision = recorded or _unrecorded(row, row.decided_at)
        changed = _unchanged_since(decision)
        signed = {"decided_by": decision.decided_by, "decided_at": decision.decided_at}
        copies = list(Attribution.objects.filter(**signed).exclude(pk__in=changed).order_by("pk"))
        touched = {row.claim_id for row in (*changed.values(), *copies)}
        touched |= {decision.claim_id, decision.to_id or decision.claim_id, *decision.founded}
        lock_claims(touched)
        before = {change["attribution"]: change["before"] for change in decision.changes}
        by_claim = {changed[pk].claim_id: was for pk, was in before.items()}
        for row in changed.values():
            _put_back(row, before[row.pk])
        for copy in copies:
            _put_back(copy, by_claim.get(copy.claim_id, _PROPOSED))
        ClaimLink.objects.filter(**signed).delete()
        decision.undone_by, decision.undone_at = by, timezone.now()
        decision.save()
        _redirect_empty(decision)
        refresh(touched)
    logger.info("undid decision=%s kind=%s reports=%d", decision.pk, decision.kind, len(before))
    return decision


#: What an attribution was before anybody decided on it, where that is not recorded: its stance is left as it is.
_PROPOSED = {"status": Attribution.Status.PROPOSED.value, "stance": "", "decided_by": None, "decided_at": None}


def _unrecorded(row: Attribution, decided_at: datetime) -> Decision:
    """Return a decision that was made before decisions were recorded."""
    kinds = {Attribution.Status.REJECTED: Kind.REJECT, Attribution.Status.UNSURE: Kind.UNSURE}
    return Decision(
        kind=kinds.get(Attribution.Status(row.status), Kind.CONFIRM),
        claim_id=row.claim_id,
        changes=[{"attribution": row.pk, "before": _PROPOSED, "after": standing_of(row)}],
        decided_by=row.decided_by,
        decided_at=decided_at,
    )


def _unchanged_since(decision: Decision) -> dict[int, Attribution]:
    """Return the attributions that a decision changed, by id; raises DecisionConflict where one was changed since."""
    after = {change["attribution"]: change["after"] for change in decision.changes}
    rows = Attribution.objects.select_related("decided_by", "statement").order_by("pk").in_bulk(list(after))
    if len(rows) < len(after):
        raise DecisionConflict(_("The claim was merged with another one since; undo the merge first."))
    changed = [row for row in rows.values() if standing_of(row) != after[row.pk]]
    if changed:
        who = changed[0].decided_by.get_username() if changed[0].decided_by is not None else _("an editor")
        raise DecisionConflict(
            _("“%(statement)s” was decided on again since, by %(name)s; undo that first.")
            % {"statement": changed[0].statement, "name": who},
            about=changed,
        )
    return rows


def _put_back(attribution: Attribution, before: Mapping[str, Any] | None) -> None:
    """Give an attribution what it was before; None: it was not there."""
    if before is None:
        attribution.delete()
        return
    at = before["decided_at"]
    attribution.status = before["status"]
    attribution.stance = before["stance"] or attribution.stance
    attribution.decided_by_id = before["decided_by"]
    attribution.decided_at = datetime.fromisoformat(at) if at else None
    attribution.save(update_fields=["status", "stance", "decided_by", "decided_at"])


def _redirect_empty(decision: Decision) -> None:
    """Let the claims that a decision made, and that have no report now, lead to the one it was made at."""
    origin = Claim.objects.select_related("merged_into").get(pk=decision.claim_id)
    for claim in Claim.objects.filter(pk__in=decision.founded, merged_into=None, attributions=None, merged=None):
        claim.merged_into = origin.merged_into or origin
        claim.save(update_fields=["merged_into", "updated_at"])
