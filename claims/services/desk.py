"""The editors' desk: what waits for an editor next, decisions on it that are applied once, and their undoing.

Deciding is done by `decisions`, `merging` and `conflicts`; here is what a queue adds: leases, so that two editors do
not meet on one item, the token that makes a form sent twice count once, and one undoing for all that one key did.
"""

import logging
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pghistory
from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet, Sum
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from claims.models import (
    Attribution,
    Claim,
    ClaimConflict,
    ClaimLink,
    Corroboration,
    DeskAction,
    ReviewItem,
    ReviewPass,
    SampledItem,
    StatementChange,
)
from claims.services.agreement import adjudicate, forget_annotation, note_annotation
from claims.services.annotating import annotated_by, hold_text_of, undo_change, undo_founding
from claims.services.conflicts import reopen_conflict, settle_conflict
from claims.services.decisions import (
    DecisionConflict,
    DecisionRefused,
    add_attribution,
    confirm_attribution,
    leave_unsure,
    move_attribution,
    reject_attribution,
    set_stance,
    undo_decision,
)
from claims.services.locks import hold_matching
from claims.services.merging import decide_link, merge_claims, undo_link, unmerge_claims
from sources.models import Article, DecisionStatus

logger = logging.getLogger(__name__)

Kind, Verb = ReviewItem.Kind, DeskAction.Kind
#: How long an item that is shown to an editor is nobody else's.
LEASE = timedelta(minutes=10)
#: How long an item that an editor left to others is not shown to them again.
PASSED_FOR = timedelta(hours=8)
#: Further proposed reports of a claim that are shown, and may be confirmed, with the one that is asked about.
MOST_BESIDE = 8
#: What waits is counted so far.
MOST_COUNTED = 1000

#: What may be said of each kind of item.
VERBS: dict[str, tuple[str, ...]] = {
    Kind.REPORT: (Verb.CONFIRM, Verb.REJECT, Verb.UNSURE, Verb.DENIES),
    Kind.SAME: (Verb.MERGE, Verb.REJECT, Verb.UNSURE),
    Kind.CONTRADICTS: (Verb.CONFIRM, Verb.REJECT, Verb.UNSURE),
    Kind.CONFLICT: (Verb.SETTLE,),
    Kind.ORPHAN: (Verb.REJECT, Verb.UNSURE),
}


@dataclass(frozen=True)
class Shown:
    """An item as the page showed it, which a decision is about: the row, at which claim, with which stance.

    claim: of a link, its first one; stance: empty but for a report.
    """

    kind: str
    uid: UUID
    claim: UUID
    stance: str = ""

    def __str__(self) -> str:
        return f"{self.kind}:{self.uid}:{self.claim}:{self.stance}"

    @classmethod
    def read(cls, text: str) -> "Shown":
        """Return what a form names; raises DecisionRefused where it names nothing."""
        try:
            kind, uid, claim, stance = text.split(":")
            return cls(Kind(kind), UUID(uid), UUID(claim), stance)
        except ValueError:
            raise DecisionRefused(_("The form does not say what is decided on; open the queue again.")) from None


# What waits


def take_next(by: User, *, kind: str = "", first: int | None = None) -> ReviewItem | None:
    """Return what waits for `by` and would change most, leased to them; None where nothing waits.

    kind: of this kind alone; first: an item that comes before all others, if it waits and nobody else is at it.
    Items that do not wait any more are dropped on the way.
    """
    while True:
        with transaction.atomic():
            waiting = _waiting(by, kind=kind)
            found = waiting.filter(pk=first).first() if first is not None else None
            found = found or waiting.first()
            _give_back(by)
            if found is None:
                return None
            if _still_waits(found):
                _lease([found.pk], by)
                return found
            found.delete()


def take_beside(item: ReviewItem, by: User) -> list[ReviewItem]:
    """Return further proposed reports of the claim of a proposed report, leased to the same editor."""
    if item.kind != Kind.REPORT:
        return []
    with transaction.atomic():
        beside = list(_waiting(by, kind=Kind.REPORT).filter(claim=item.claim_id).exclude(pk=item.pk)[:MOST_BESIDE])
        _lease([other.pk for other in beside], by)
    return beside


def pass_item(uid: UUID, *, kind: str, by: User) -> None:
    """Leave an item to others; one that does not wait any more is no matter."""
    row = _model(kind).objects.filter(uid=uid).values_list("pk", flat=True).first()
    with transaction.atomic():
        item = ReviewItem.objects.select_for_update().filter(kind=kind, row_id=row).first()
        if item is None:
            return
        ReviewPass.objects.update_or_create(item=item, editor=by, defaults={"passed_at": timezone.now()})
        _give_back(by)


@dataclass(frozen=True)
class Progress:
    """How many items wait, counted up to MOST_COUNTED, and how many an editor decided on today (UTC)."""

    left: int
    today: int

    @property
    def is_more(self) -> bool:
        return self.left > MOST_COUNTED


def progress(by: User, *, kind: str = "") -> Progress:
    """Return how far an editor is."""
    waiting = ReviewItem.objects.filter(kind=kind) if kind else ReviewItem.objects.all()
    midnight = timezone.now().replace(hour=0, minute=0, second=0, microsecond=0)
    done = DeskAction.objects.filter(editor=by, done_at__gte=midnight, undone_at=None)
    decided = done.exclude(kind__in=DeskAction.ANNOTATING).aggregate(n=Sum("count"))["n"]
    return Progress(waiting.order_by()[: MOST_COUNTED + 1].count(), decided or 0)


def _waiting(by: User, *, kind: str) -> QuerySet[ReviewItem]:
    now = timezone.now()
    passed = ReviewPass.objects.filter(item=OuterRef("pk"), editor=by, passed_at__gt=now - PASSED_FOR)
    free = Q(leased_until=None) | Q(leased_until__lt=now) | Q(leased_by=by)
    items = ReviewItem.objects.filter(free, ~Exists(passed)).order_by("-priority", "pk")
    # Who is at a row for this moment takes it, or brings it up to date.
    items = items.select_for_update(skip_locked=True)
    return items.filter(kind=kind) if kind else items


def _lease(items: Collection[int], by: User) -> None:
    ReviewItem.objects.filter(pk__in=items).update(leased_by=by, leased_until=timezone.now() + LEASE)


def _give_back(by: User) -> None:
    """End an editor's leases; a row that a decision is just bringing up to date is left, as to wait could deadlock."""
    leased = ReviewItem.objects.filter(leased_by=by).select_for_update(skip_locked=True)
    ReviewItem.objects.filter(pk__in=list(leased.values_list("pk", flat=True))).update(
        leased_by=None, leased_until=None
    )


def _still_waits(item: ReviewItem) -> bool:
    found: QuerySet[Any]
    if item.kind == Kind.REPORT:
        found = Attribution.objects.standing().filter(status=DecisionStatus.PROPOSED, claim__merged_into=None)
    elif item.kind == Kind.ORPHAN:
        found = Attribution.objects.orphaned().filter(status=DecisionStatus.CONFIRMED, claim__merged_into=None)
    elif item.kind == Kind.CONFLICT:
        found = ClaimConflict.objects.open()
    else:
        found = ClaimLink.objects.standing().filter(status=DecisionStatus.PROPOSED)
    return found.filter(pk=item.row_id).exists()


def _model(kind: str) -> Any:
    return {Kind.SAME: ClaimLink, Kind.CONTRADICTS: ClaimLink, Kind.CONFLICT: ClaimConflict}.get(
        Kind(kind), Attribution
    )


# Deciding


@dataclass(frozen=True)
class Pressed:
    """What came of a form: the action, and whether an earlier sending of the same form had done it already."""

    action: DeskAction
    again: bool


def press(token: UUID, *, verb: str, shown: Sequence[Shown], by: User, reason: str = "") -> Pressed:
    """Decide on what a page showed, in one transaction: all of it or nothing, and once for one token.

    reason: why, in the editor's words, kept in the history. Raises DecisionRefused where the verb says nothing about
    such an item, and DecisionConflict where one of them is not any more as the page showed it.
    """
    if not shown:
        raise DecisionRefused(_("The form does not say what is decided on; open the queue again."))
    told = {"reason": reason} if reason else {}
    with transaction.atomic(), pghistory.context(user=by.pk, **told):
        # Also what lets the second of two sendings wait for the first.
        hold_matching()
        earlier = DeskAction.objects.filter(token=token).first()
        if earlier is not None:
            return Pressed(earlier, again=True)
        for each in shown:
            if verb not in VERBS[each.kind] or (verb != Verb.CONFIRM and len(shown) > 1):
                raise DecisionRefused(_("This cannot be said of what was shown; open the queue again."))
        action = DeskAction.objects.create(
            token=token,
            editor=by,
            kind=verb,
            decided=[_DECIDE[each.kind](each, verb, by) for each in shown],
            count=len(shown),
            done_at=timezone.now(),
        )
    logger.info("decided at desk action=%s kind=%s items=%d", action.pk, verb, len(shown))
    return Pressed(action, again=False)


def correct(report: Attribution, *, verb: str, by: User, to: Claim | None = None, stance: str = "") -> Attribution:
    """Correct a report that the queue asked about, as one action that is undone as any other; return what it is now.

    verb: MOVE to the claim `to`, or to one of its own where there is none; ADD the claim `to`; or set this STANCE.
    """
    with transaction.atomic(), pghistory.context(user=by.pk):
        hold_matching()
        if verb == Verb.MOVE:
            corrected = move_attribution(report, to=to, by=by)
            # Moving rejects it here, and it is by this row that the whole decision is found again.
            decided, verdict = report.pk, Verb.REJECT
        elif verb == Verb.ADD and to is not None:
            corrected = add_attribution(report.statement, to=to, by=by)
            decided, verdict = corrected.pk, None
        elif verb == Verb.STANCE:
            corrected = set_stance(report, stance=stance, by=by)
            decided, verdict = corrected.pk, Verb.CONFIRM if stance == report.stance else Verb.DENIES
        else:
            raise DecisionRefused(_("This cannot be said of what was shown; open the queue again."))
        if verdict is not None:
            note_annotation(Kind.REPORT, report.pk, report.claim, verdict=verdict, by=by)
        action = DeskAction.objects.create(
            token=uuid4(),
            editor=by,
            kind=verb,
            decided=[_noted("report", decided, corrected.decided_at)],
            done_at=timezone.now(),
        )
    logger.info("corrected at desk action=%s kind=%s", action.pk, verb)
    return corrected


def _decide_report(shown: Shown, verb: str, by: User) -> dict[str, Any]:
    report = (
        Attribution.objects.select_related("claim", "decided_by", "statement__revision")
        .defer("statement__revision__text")
        .filter(uid=shown.uid)
        .first()
    )
    if report is None:
        raise DecisionConflict(_("The report is not there any more: what brought it here was undone meanwhile."))
    if report.claim.uid != shown.claim:
        raise DecisionConflict(
            _("The report is at another claim meanwhile, “%(claim)s”; decide there.") % {"claim": report.claim},
            about=[report],
        )
    if report.status != (DecisionStatus.CONFIRMED if shown.kind == Kind.ORPHAN else DecisionStatus.PROPOSED):
        raise DecisionConflict(_already(report), about=[report])
    if shown.kind == Kind.REPORT and not Attribution.objects.standing().filter(pk=report.pk).exists():
        raise DecisionConflict(
            _("The article was read again meanwhile, and its text does not have this statement any more."),
            about=[report],
        )
    if report.stance != (shown.stance or report.stance):
        raise DecisionConflict(_("Somebody changed meanwhile whether the statement denies the claim."), about=[report])
    if verb == Verb.CONFIRM:
        decided = confirm_attribution(report, by=by)
    elif verb == Verb.REJECT:
        decided = reject_attribution(report, by=by)
    elif verb == Verb.UNSURE:
        decided = leave_unsure(report, by=by)
    else:
        decided = set_stance(report, stance=other_stance(report.stance), by=by)
    if shown.kind == Kind.REPORT:
        note_annotation(Kind.REPORT, report.pk, report.claim, verdict=verb, by=by)
    return _noted("report", decided.pk, decided.decided_at)


def _noted(kind: str, row: int, at: datetime | None) -> dict[str, Any]:
    """Return a decision by which it is found again to undo it."""
    return {"kind": kind, "row": row, "at": at.isoformat() if at is not None else ""}


def other_stance(stance: str) -> str:
    """Return what a statement does to a claim if not this."""
    denies = stance == Attribution.Stance.DENIES
    return Attribution.Stance.AFFIRMS.value if denies else Attribution.Stance.DENIES.value


def _already(row: Attribution | ClaimLink) -> str:
    told = {"name": row.decided_by, "status": row.get_status_display(), "at": _moment(row.decided_at)}
    if row.decided_at is None:
        return _("The decision was undone meanwhile.")
    return _("%(name)s decided on this meanwhile, at %(at)s: %(status)s. Nothing was changed.") % told


def _moment(at: datetime | None) -> str:
    return "" if at is None else f"{date_format(at, 'DATETIME_FORMAT')} UTC"


def _decide_link(shown: Shown, verb: str, by: User) -> dict[str, Any]:
    link = ClaimLink.objects.select_related("claim", "other", "decided_by").filter(uid=shown.uid).first()
    if link is None:
        raise DecisionConflict(_("The two claims are not proposed any more; one of them was changed meanwhile."))
    if link.status != DecisionStatus.PROPOSED:
        raise DecisionConflict(_already(link))
    if link.claim.uid != shown.claim:
        raise DecisionConflict(_("One of the two claims was merged into another meanwhile; look again, then decide."))
    note_annotation(shown.kind, link.pk, link.claim, verdict=verb, by=by)
    if verb == Verb.MERGE:
        gone, kept = merging_order(link)
        merge_claims(gone, into=kept, by=by)
        return _noted("merge", gone.pk, None)
    status = {Verb.CONFIRM: DecisionStatus.CONFIRMED, Verb.REJECT: DecisionStatus.REJECTED}.get(
        Verb(verb), DecisionStatus.UNSURE
    )
    decided = decide_link(link.claim, link.other, status=status, kind=link.kind, by=by)
    return _noted("link", decided.pk, decided.decided_at)


def merging_order(link: ClaimLink) -> tuple[Claim, Claim]:
    """Return (the claim that goes, the one that stays): that with the more reports stays, or the older one."""
    counts = dict(
        Corroboration.objects.filter(claim__in=[link.claim_id, link.other_id], basis="counted").values_list(
            "claim", "report_count"
        )
    )
    if counts.get(link.other_id, 0) > counts.get(link.claim_id, 0):
        return link.claim, link.other
    return link.other, link.claim


def _settle(shown: Shown, verb: str, by: User) -> dict[str, Any]:
    conflict = ClaimConflict.objects.select_related("claim", "settled_by").filter(uid=shown.uid).first()
    if conflict is None or conflict.claim.uid != shown.claim:
        raise DecisionConflict(_("The conflict is not there any more: its reports were changed meanwhile."))
    if conflict.settled_at is not None:
        raise DecisionConflict(
            _("%(name)s settled this meanwhile, at %(at)s.")
            % {"name": conflict.settled_by, "at": _moment(conflict.settled_at)}
        )
    settled = settle_conflict(conflict, by=by)
    return _noted("conflict", settled.pk, settled.settled_at)


_DECIDE: dict[str, Callable[[Shown, str, User], dict[str, Any]]] = {
    Kind.REPORT: _decide_report,
    Kind.ORPHAN: _decide_report,
    Kind.SAME: _decide_link,
    Kind.CONTRADICTS: _decide_link,
    Kind.CONFLICT: _settle,
}


def settle_difference(item: SampledItem, *, verdict: str, by: User) -> SampledItem:
    """Let an adjudicator's verdict hold where two editors differ: what was decided is decided anew if it is not that.

    Raises DecisionConflict where somebody settled it meanwhile, or what it is about is not there any more.
    """
    with transaction.atomic(), pghistory.context(user=by.pk, decision="adjudicate"):
        hold_matching()
        settled = adjudicate(item, verdict=verdict, by=by)
        if settled.kind == Kind.REPORT:
            _hold_report(settled, verdict, by)
        else:
            _hold_link(settled, verdict, by)
    logger.info("adjudicated item=%s verdict=%s", settled.pk, verdict)
    return settled


def _hold_report(item: SampledItem, verdict: str, by: User) -> None:
    report = Attribution.objects.filter(pk=item.row_id).first()
    if report is None:
        raise DecisionConflict(_("The report is not there any more: what brought it here was undone meanwhile."))
    first = item.annotations.order_by("pk").values_list("verdict", flat=True)[0]
    if verdict == first:
        return
    if verdict == Verb.REJECT:
        reject_attribution(report, by=by)
    elif verdict == Verb.UNSURE:
        leave_unsure(report, by=by)
    else:
        # That it carries the claim, but with the other stance, is said of it as it was proposed.
        turned = Verb.DENIES in (verdict, first)
        set_stance(report, stance=other_stance(report.stance) if turned else report.stance, by=by)


def _hold_link(item: SampledItem, verdict: str, by: User) -> None:
    link = ClaimLink.objects.select_related("claim", "other").filter(pk=item.row_id).first()
    if link is None:
        raise DecisionConflict(_("The two claims are not proposed any more; one of them was changed meanwhile."))
    gone = next((claim for claim in (link.claim, link.other) if claim.merged_into_id is not None), None)
    if verdict == Verb.MERGE:
        if gone is None:
            claim, into = merging_order(link)
            merge_claims(claim, into=into, by=by, overrule=True)
        return
    if gone is not None:
        unmerge_claims(gone, by=by)
    statuses = {Verb.CONFIRM: DecisionStatus.CONFIRMED, Verb.REJECT: DecisionStatus.REJECTED}
    status = statuses.get(Verb(verdict), DecisionStatus.UNSURE)
    decide_link(link.claim, link.other, status=status, kind=link.kind, by=by)


# Undoing


def last_action(by: User) -> DeskAction | None:
    """Return what an editor did last, at the desk or in an article's text, and did not undo."""
    return DeskAction.objects.filter(editor=by, undone_at=None).order_by("-done_at", "-pk").first()


def last_annotation(by: User, article: Article) -> DeskAction | None:
    """Return what an editor did last, where that was in the text of this article."""
    action = last_action(by)
    if action is None or action.kind not in DeskAction.ANNOTATING:
        return None
    statement = annotated_by(action)
    return action if statement is not None and statement.revision.article_id == article.pk else None


def undo_action(token: UUID, *, by: User) -> DeskAction:
    """Undo all that one key did, in one transaction, and return it; one that was undone stays so.

    Raises DecisionConflict where one of its decisions was changed since: nothing is undone then.
    """
    action = DeskAction.objects.filter(token=token, editor=by).first()
    if action is None:
        raise DecisionConflict(_("There is nothing of yours to undo."))
    return take_back(action, by=by)


def take_back(action: DeskAction, *, by: User) -> DeskAction:
    """Undo all that an action did, whosever it was; as `undo_action`."""
    with transaction.atomic(), pghistory.context(user=by.pk):
        # A text's row comes before all else, here as where it is read and annotated.
        hold_text_of(action)
        hold_matching()
        action = DeskAction.objects.select_related("editor").get(pk=action.pk)
        if action.undone_at is None:
            for decided in reversed(action.decided):
                if decided["kind"] != "about":
                    _undo(decided, action, by)
            action.undone_at = timezone.now()
            action.save(update_fields=["undone_at"])
            logger.info("undid at desk action=%s", action.pk)
    return action


def _undo(decided: dict[str, Any], action: DeskAction, by: User) -> None:
    kind, row, editor = decided["kind"], decided["row"], action.editor
    at = datetime.fromisoformat(decided["at"]) if decided["at"] else None
    if kind == "report":
        report = _as_it_was(Attribution.objects.filter(pk=row, decided_at=at, decided_by=editor))
        undo_decision(report, by=by)
        forget_annotation(Kind.REPORT, row, by=editor)
    elif kind == "link":
        link = _as_it_was(ClaimLink.objects.filter(pk=row, decided_at=at, decided_by=editor))
        undo_link(link, by=by)
        forget_annotation(link.kind, row, by=editor)
    elif kind == "merge":
        merge = unmerge_claims(Claim.objects.get(pk=row), by=by)
        for link in ClaimLink.objects.between(merge.claim, merge.into).filter(kind=ClaimLink.Kind.SAME):
            forget_annotation(Kind.SAME, link.pk, by=editor)
    elif kind == "statement":
        undo_change(_as_it_was(StatementChange.objects.filter(pk=row)), by=by)
    elif kind == "founded":
        undo_founding(row)
    else:
        reopen_conflict(_as_it_was(ClaimConflict.objects.filter(pk=row, settled_at=at, settled_by=editor)), by=by)


def _as_it_was(rows: QuerySet[Any]) -> Any:
    row = rows.first()
    if row is None:
        raise DecisionConflict(_("This was decided anew since, so it is not undone; look at its history."))
    return row


def item_of(action: DeskAction) -> int | None:
    """Return the item that an action was about, the first of several; None where it does not wait (again)."""
    if action.kind in DeskAction.ANNOTATING:
        return None
    for decided in action.decided:
        if decided["kind"] == "merge":
            found = ReviewItem.objects.filter(Q(claim=decided["row"]) | Q(other=decided["row"]), kind=Kind.SAME)
        elif decided["kind"] == "link":
            found = ReviewItem.objects.filter(kind__in=(Kind.SAME, Kind.CONTRADICTS), row_id=decided["row"])
        elif decided["kind"] == "conflict":
            found = ReviewItem.objects.filter(kind=Kind.CONFLICT, row_id=decided["row"])
        else:
            found = ReviewItem.objects.filter(kind__in=(Kind.REPORT, Kind.ORPHAN), row_id=decided["row"])
        return found.order_by(F("priority").desc(), "pk").values_list("pk", flat=True).first()
    return None
