"""Two claims made one, and one made two; both can be undone, and what editors said of them is remembered."""

import logging
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pghistory
from django.apps import apps
from django.contrib.auth.models import User
from django.db import models, transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from claims.matching.sentences import clearest
from claims.models import (
    Attribution,
    Claim,
    ClaimConflict,
    ClaimLink,
    ClaimMerge,
    ClaimTopic,
    Corroboration,
    Decision,
    Topic,
)
from claims.querysets import COUNTED
from claims.services.decisions import (
    BY_EDITOR,
    Deciding,
    DecisionConflict,
    DecisionRefused,
    check_stands,
    lock_claims,
    refresh,
    standing_claim,
)
from claims.services.locks import hold_matching
from claims.services.queue import refresh_reviews
from claims.services.rows import as_json, from_json, insert_row, row_values, update_row
from claims.services.summaries import Summary, summarise
from sources.models import DecisionStatus

logger = logging.getLogger(__name__)

Status = DecisionStatus
#: What a claim may take over of one that is merged into it.
_SENTENCE = ("text", "text_by_id", "speaker_id", "language", "said_on")
#: Who chose its topics, which goes with these.
_TOPICS_BY = "topics_by_id"
#: What a decision on a link writes.
_LINK = ("reason", "score", "sub_scores", "method", "status", "decided_by_id", "decided_at")
#: Of two links to one third claim, which stays: "not the same" before all.
_LINK_RANKS = [Status.PROPOSED, Status.UNSURE, Status.CONFIRMED, Status.REJECTED]


# Merging


def merge_claims(claim: Claim, *, into: Claim, by: User, overrule: bool = False) -> ClaimMerge:
    """Give all reports of `claim` to `into` and leave a redirect; returns the record to undo it by.

    Where one statement reports both, the report that an editor decided on stays. Raises DecisionConflict where one of
    the two was merged meanwhile, where editors decided differently about such a statement, and where an editor said
    that the two are not the same; `overrule` merges these all the same, and a confirmed report then stands.
    """
    with transaction.atomic():
        merge = _merge(claim, into, by=by, overrule=overrule)
    logger.info("merged claim=%s into=%s reports=%d", merge.claim_id, merge.into_id, len(merge.attributions))
    return merge


@dataclass(frozen=True)
class MergePreview:
    """What a merge of two claims would change: how they count now, and how the one that is left would.

    reports: those that move. doubles: statements that report both, of which one report stays. topics, and links to
    other claims: those that the claim that is left gets. sentence: what it would say, and by which speaker.
    """

    gone: Summary
    kept: Summary
    after: Summary
    sentence: str
    speaker: str
    reports: int
    doubles: int
    topics: list[str]
    links: int
    dropped_links: int


def preview_merge(claim: Claim, *, into: Claim, by: User, overrule: bool = False) -> MergePreview:
    """Return what `merge_claims` would change, having it done and taken back; raises as that does."""
    basis = Corroboration.Basis.COUNTED
    with transaction.atomic():
        before = summarise([claim.pk, into.pk])
        others = ClaimLink.objects.of(claim).count()
        merge = _merge(claim, into, by=by, overrule=overrule)
        kept = Claim.objects.select_related("speaker").get(pk=into.pk)
        # One of the links is that between the two.
        moved = len(merge.links) - 1
        preview = MergePreview(
            gone=before[claim.pk][basis],
            kept=before[into.pk][basis],
            after=summarise([into.pk])[into.pk][basis],
            sentence=kept.text,
            speaker=str(kept.speaker or ""),
            reports=len(merge.attributions),
            doubles=len(merge.doubles),
            topics=list(Topic.objects.filter(pk__in=merge.topics).values_list("name", flat=True)),
            links=moved,
            dropped_links=max(0, others - moved - (merge.links[-1][0] is not None)),
        )
        transaction.set_rollback(True)
    return preview


def _merge(claim: Claim, into: Claim, *, by: User, overrule: bool) -> ClaimMerge:
    """Merge two claims, in the caller's transaction."""
    if claim.pk == into.pk:
        raise DecisionRefused(_("A claim is not merged into itself; choose two."))
    with pghistory.context(user=by.pk, decision="merge"):
        hold_matching()
        redirected = Claim.objects.filter(merged_into=claim)
        lock_claims([claim.pk, into.pk, *_ids(redirected)])
        gone, kept = _apart(claim.pk), _apart(into.pk)
        if not overrule:
            _check_nobody_parted(gone, kept)
        doubles = _doubles(gone, kept, overrule=overrule)
        merge = ClaimMerge(claim=gone, into=kept, merged_by=by)
        merge.doubles = [_settle_double(theirs, ours) for theirs, ours in doubles]
        moving = Attribution.objects.filter(claim=gone)
        merge.attributions = _ids(moving)
        moving.update(claim=kept)
        merge.redirected = _ids(redirected)
        redirected.update(merged_into=kept)
        merge.links = _move_links(gone, kept, by=by)
        _share_settled(gone, kept)
        gone.merged_into = kept
        gone.save(update_fields=["merged_into", "updated_at"])
        before, topics = _sentence(kept), _topics(kept)
        _fill(kept, gone)
        merge.dropped_topics = _settle_topics(kept, gone)
        refresh([gone.pk, kept.pk])
        kept.refresh_from_db()
        merge.topics = sorted(_topics(kept) - topics)
        merge.sentence = {name: [had, got] for name, had in before.items() if had != (got := _sentence(kept)[name])}
        merge.save()
    return merge


def _apart(claim_id: int) -> Claim:
    claim = Claim.objects.select_related("merged_into").get(pk=claim_id)
    if claim.merged_into is not None:
        raise DecisionConflict(
            _("“%(claim)s” was merged into “%(other)s” meanwhile; look again, then decide.")
            % {"claim": claim, "other": claim.merged_into}
        )
    return claim


def _check_nobody_parted(gone: Claim, kept: Claim) -> None:
    parted = (
        ClaimLink.objects.between(gone, kept)
        .filter(kind=ClaimLink.Kind.SAME, status=Status.REJECTED)
        .select_related("decided_by")
        .first()
    )
    if parted is not None:
        raise DecisionConflict(
            _("%(name)s said on %(day)s that the two are not the same.")
            % {"name": parted.decided_by, "day": date_format(parted.decided_at, "DATE_FORMAT")}
        )


def _doubles(gone: Claim, kept: Claim, *, overrule: bool) -> list[tuple[Attribution, Attribution]]:
    """Return what one statement has at both claims; raises DecisionConflict where editors decided differently."""
    both = Attribution.objects.select_related("statement__revision__article__outlet", "decided_by").defer(
        "statement__revision__text"
    )
    theirs = both.filter(claim=gone, statement__attributions__claim=kept).order_by("pk")
    ours = {row.statement_id: row for row in both.filter(claim=kept, statement__attributions__claim=gone)}
    doubles = [(row, ours[row.statement_id]) for row in theirs]
    differing = [(a, b) for a, b in doubles if _differ(a, b, overrule=overrule)]
    if differing:
        a, b = differing[0]
        told = {
            "statement": a.statement,
            "outlet": a.statement.revision.article.outlet,
            "one": _said(a),
            "other": _said(b),
            "count": len(differing),
        }
        raise DecisionConflict(
            ngettext(
                "Editors decided differently about “%(statement)s”, in %(outlet)s, which reports both claims: "
                "%(one)s at the one, %(other)s at the other. Decide alike first, or undo one of the two.",
                "Editors decided differently about %(count)s statements that report both claims. The first is "
                "“%(statement)s”, in %(outlet)s: %(one)s at the one, %(other)s at the other. Decide alike first, or "
                "undo one of the two.",
                len(differing),
            )
            % told,
            about=[row for pair in differing for row in pair],
        )
    return doubles


def _said(attribution: Attribution) -> str:
    status = attribution.get_status_display()
    if attribution.stance == Attribution.Stance.DENIES:
        return _("%(status)s as a denial") % {"status": status}
    return status


def _differ(a: Attribution, b: Attribution, *, overrule: bool) -> bool:
    """Return whether two decisions about one statement cannot be kept in one."""
    if Status.PROPOSED in (a.status, b.status):
        return False
    if a.status == b.status:
        return a.status == Status.CONFIRMED and a.stance != b.stance
    return not overrule


def _settle_double(theirs: Attribution, ours: Attribution) -> list[Any]:
    """Keep one of two attributions to claims that become one; return [given up, kept before, kept after]."""
    before = row_values(ours)
    if _rank(theirs) > _rank(ours):
        for name in ("stance", "status", "score", "sub_scores", "method", "decided_by_id", "decided_at"):
            setattr(ours, name, getattr(theirs, name))
        ours.save()
    given_up = row_values(theirs)
    theirs.delete()
    return [given_up, before, row_values(ours)]


def _rank(attribution: Attribution) -> int:
    """Return what weighs most: an editor's yes, then a no, then a doubt, then a machine's proposal."""
    return [Status.PROPOSED, Status.UNSURE, Status.REJECTED, Status.CONFIRMED].index(Status(attribution.status))


def _move_links(gone: Claim, kept: Claim, *, by: User) -> list[list[dict[str, Any] | None]]:
    """Give a claim the links of another; return each row that changed as it was and as it is.

    Of two links to one third claim the weightier decision stays; the other is left with the claim that is gone.
    """
    changed: list[list[dict[str, Any] | None]] = []
    own = {(_far_end(link, kept), link.kind): link for link in ClaimLink.objects.of(kept)}
    for link in ClaimLink.objects.of(gone).exclude(pk__in=[row.pk for row in own.values()]).order_by("pk"):
        far = _far_end(link, gone)
        mine = own.get((far, link.kind))
        if mine is None:
            before = row_values(link)
            link.claim_id, link.other_id = sorted((kept.pk, far))
            link.save()
            changed.append([before, row_values(link)])
        elif _LINK_RANKS.index(link.status) > _LINK_RANKS.index(mine.status):
            before = row_values(mine)
            for name in _LINK:
                setattr(mine, name, getattr(link, name))
            mine.save()
            changed.append([before, row_values(mine)])
    between = own.get((gone.pk, ClaimLink.Kind.SAME))
    before_between = row_values(between) if between is not None else None
    between = between or _editors_link(gone, kept, ClaimLink.Kind.SAME)
    _sign(between, Status.CONFIRMED, by=by)
    return [*changed, [before_between, row_values(between)]]


def _far_end(link: ClaimLink, claim: Claim) -> int:
    return link.other_id if link.claim_id == claim.pk else link.claim_id


def _share_settled(gone: Claim, kept: Claim) -> None:
    """Let what editors settled at one claim be settled at the other."""
    settled = ClaimConflict.objects.filter(claim=gone, settled_at__isnull=False)
    ClaimConflict.objects.bulk_create(
        (
            ClaimConflict(
                claim=kept,
                **{
                    name: getattr(row, name)
                    for name in ("statement_id", "other_id", "reason", "detail", "settled_by_id", "settled_at")
                },
            )
            for row in settled
        ),
        ignore_conflicts=True,
    )


def _fill(kept: Claim, gone: Claim) -> None:
    """Give a claim what it lacks of the other's; a sentence that an editor wrote outlives one that a machine took."""
    if gone.text_by_id is not None and kept.text_by_id is None:
        kept.text, kept.text_by_id, kept.language = gone.text, gone.text_by_id, gone.language
    kept.speaker_id = kept.speaker_id or gone.speaker_id
    kept.said_on = kept.said_on or gone.said_on
    kept.save(update_fields=["text", "text_by", "language", "speaker", "said_on", "updated_at"])


def _settle_topics(kept: Claim, gone: Claim) -> list[dict[str, Any]]:
    """Give a claim the topics of another too, except where an editor chose those of one; returns what it lost.

    Topics that an editor chose stay as they are, and outlive those that a machine gave; of two choices its own stays.
    """
    if kept.topics_by_id is not None:
        return []
    theirs = list(ClaimTopic.objects.filter(claim=gone))
    dropped: list[dict[str, Any]] = []
    if gone.topics_by_id is not None:
        lost = ClaimTopic.objects.filter(claim=kept).exclude(topic__in=[row.topic_id for row in theirs]).order_by("pk")
        dropped = [row_values(row) for row in lost]
        lost.delete()
        kept.topics_by_id = gone.topics_by_id
        kept.save(update_fields=["topics_by", "updated_at"])
    ClaimTopic.objects.bulk_create(
        (ClaimTopic(claim=kept, topic_id=row.topic_id, method=row.method) for row in theirs), ignore_conflicts=True
    )
    return dropped


def _sentence(claim: Claim) -> dict[str, Any]:
    return {name: as_json(getattr(claim, name)) for name in (*_SENTENCE, _TOPICS_BY)}


def _topics(claim: Claim) -> set[int]:
    return set(ClaimTopic.objects.filter(claim=claim).values_list("topic", flat=True))


def _ids(rows: "models.QuerySet[Any]") -> list[int]:
    return sorted(rows.values_list("pk", flat=True))


# Undoing a merge


def unmerge_claims(claim: Claim, *, by: User) -> ClaimMerge:
    """Undo the merge of `claim` into another: all that moved and is still there comes back as it was.

    What editors decided about a report since goes with the report. A report that came since goes along where it
    repeats, in another text of the same article, one that the claim had. Raises DecisionConflict where the claim is not
    merged (any more), or the other was merged on since.
    """
    with transaction.atomic(), pghistory.context(user=by.pk, decision="unmerge"):
        hold_matching()
        merge = (
            ClaimMerge.objects.select_related("claim", "into__merged_into").filter(claim=claim, undone_at=None).first()
        )
        if merge is None:
            raise DecisionConflict(_("“%(claim)s” is not merged into another claim (any more).") % {"claim": claim})
        gone, kept = merge.claim, merge.into
        if kept.merged_into is not None:
            raise DecisionConflict(
                _("“%(claim)s” was merged into “%(other)s” since; undo that first.")
                % {"claim": kept, "other": kept.merged_into}
            )
        lock_claims([gone.pk, kept.pk, *merge.redirected])
        since = _reports_since(merge)
        gone.merged_into = None
        gone.save(update_fields=["merged_into", "updated_at"])
        Claim.objects.filter(pk__in=merge.redirected, merged_into=kept).update(merged_into=gone)
        Attribution.objects.filter(pk__in=[*merge.attributions, *since], claim=kept).update(claim=gone)
        for given_up, before, after in merge.doubles:
            _part_double(given_up, before, after)
        for before, after in reversed(merge.links):
            _put_link_back(before, after)
        _put_topics_back(merge)
        _put_sentence_back(merge)
        merge.undone_by, merge.undone_at = by, timezone.now()
        merge.save(update_fields=["undone_by", "undone_at"])
        refresh([gone.pk, kept.pk], sentences=_changed_since(merge))
    logger.info("unmerged claim=%s from=%s", gone.pk, kept.pk)
    return merge


def _reports_since(merge: ClaimMerge) -> list[int]:
    """Return the reports that came since a merge and repeat one that moved, in another text or span of its article."""
    rows = list(
        Attribution.objects.filter(claim=merge.into_id)
        .select_related("statement__revision")
        .defer("statement__revision__text")
    )
    came_with_it = set(merge.attributions)
    moved = [row for row in rows if row.pk in came_with_it]
    others = [row for row in rows if row.pk not in came_with_it]
    new = [row for row in others if row.created_at > merge.merged_at]
    own = {_article(row) for row in others if row.created_at <= merge.merged_at}
    articles = {_article(row) for row in moved}
    quotes = {(_article(row), row.statement.quote) for row in moved}
    signatures = {(_article(row), row.decided_by_id, row.decided_at) for row in moved if row.decided_at is not None}
    return [
        row.pk
        for row in new
        if (_article(row), row.decided_by_id, row.decided_at) in signatures
        or (
            row.decided_at is None
            and ((_article(row), row.statement.quote) in quotes or _article(row) in articles - own)
        )
    ]


def _article(row: Attribution) -> int:
    return row.statement.revision.article_id


def _changed_since(merge: ClaimMerge) -> bool:
    """Whether reports came to one of the two claims, or were decided on, after they were merged."""
    after = models.Q(created_at__gt=merge.merged_at) | models.Q(decided_at__gt=merge.merged_at)
    return Attribution.objects.filter(after, claim__in=[merge.claim_id, merge.into_id]).exists()


def _part_double(given_up: dict[str, Any], before: dict[str, Any], after: dict[str, Any]) -> None:
    if not Attribution.objects.filter(statement=given_up["statement_id"], claim=given_up["claim_id"]).exists():
        insert_row(Attribution, given_up)
    row = Attribution.objects.filter(pk=after["id"]).first()
    if row is not None and row_values(row) == after:
        update_row(row, before)


def _put_link_back(before: dict[str, Any] | None, after: dict[str, Any]) -> None:
    row = ClaimLink.objects.filter(pk=after["id"]).first()
    if row is None:
        return
    if before is None:
        row.delete()
    elif row_values(row) == after:
        update_row(row, before)
    else:
        # Decided on since: the decision stays, and goes with its claim.
        update_row(row, {name: before[name] for name in ("claim_id", "other_id")})


def _put_topics_back(merge: ClaimMerge) -> None:
    """Take back which topics a claim got and lost, unless an editor chose them since."""
    kept = merge.into
    had, chosen_by = merge.sentence.get(_TOPICS_BY, (None, None))
    if kept.topics_by_id != chosen_by or (chosen_by is not None and _topics(kept) != _topics(merge.claim)):
        return
    ClaimTopic.objects.filter(claim=kept, topic__in=merge.topics).delete()
    there = set(
        Topic.objects.filter(pk__in=[row["topic_id"] for row in merge.dropped_topics]).values_list("pk", flat=True)
    )
    for row in merge.dropped_topics:
        if row["topic_id"] in there:
            insert_row(ClaimTopic, row)
    kept.topics_by_id = had


def _put_sentence_back(merge: ClaimMerge) -> None:
    """Take back what a claim took over, unless it was changed since."""
    kept = merge.into
    for name, (had, got) in merge.sentence.items():
        if name != _TOPICS_BY and as_json(getattr(kept, name)) == got:
            setattr(kept, name, from_json(Claim, name, had))
    kept.save(update_fields=[*(name.removesuffix("_id") for name in (*_SENTENCE, _TOPICS_BY)), "updated_at"])


# Splitting


def split_claim(claim: Claim, *, attributions: Iterable[Attribution], by: User) -> Claim:
    """Give some of a claim's reports a claim of their own; returns it.

    They are confirmed there and rejected here, and the two claims are remembered as not the same. One decision, undone
    by `undo_decision` of any of the reports.
    """
    chosen = {attribution.pk for attribution in attributions}
    with transaction.atomic(), pghistory.context(user=by.pk, decision=Decision.Kind.SPLIT):
        hold_matching()
        statements = Attribution.objects.filter(pk__in=chosen).values("statement")
        others = Attribution.objects.filter(statement__in=statements).values_list("claim", flat=True)
        lock_claims([claim.pk, *others])
        claim = standing_claim(claim.pk)
        rows = list(
            Attribution.objects.filter(pk__in=chosen, claim=claim)
            .select_related("claim", "statement__revision__article")
            .order_by("pk")
        )
        _check_split(claim, chosen, rows)
        deciding = Deciding(Decision.Kind.SPLIT, claim=claim, by=by)
        affirming = [row for row in rows if row.stance == Attribution.Stance.AFFIRMS] or rows
        founder = affirming[clearest([row.statement.quote for row in affirming])]
        part = deciding.found(founder.statement)
        for row in rows:
            agrees = row.stance == founder.stance
            deciding.decide(row, status=Status.REJECTED)
            stance = Attribution.Stance.AFFIRMS if agrees else Attribution.Stance.DENIES
            deciding.give(row.statement, part, stance=stance)
        link = _editors_link(claim, part, ClaimLink.Kind.SAME)
        _sign(link, Status.REJECTED, by=by, at=deciding.at)
        deciding.end()
    logger.info("split claim=%s part=%s reports=%d", claim.pk, part.pk, len(rows))
    return part


def _check_split(claim: Claim, chosen: Collection[int], rows: Sequence[Attribution]) -> None:
    if not chosen:
        raise DecisionRefused(_("Choose the reports that carry another claim."))
    if len(rows) < len(chosen):
        raise DecisionConflict(_("Some of the chosen reports were moved meanwhile; look again, then choose."))
    for row in rows:
        check_stands(row.statement)
        if row.status not in COUNTED:
            raise DecisionConflict(
                _("“%(statement)s” has another status here meanwhile: %(status)s. Look again, then choose.")
                % {"statement": row.statement, "status": row.get_status_display()},
                about=[row],
            )
    if not Attribution.objects.counted().filter(claim=claim).exclude(pk__in=chosen).exists():
        raise DecisionRefused(_("These are all the reports of the claim; leave at least one of them."))


# Links


def decide_link(claim: Claim, other: Claim, *, status: str, by: User, kind: str = ClaimLink.Kind.SAME) -> ClaimLink:
    """Record what an editor says of two claims: that they are not the same, or do or do not contradict, or unsure.

    It is remembered, and no machine proposes otherwise. Two that are the same are merged instead.
    """
    if claim.pk == other.pk:
        raise DecisionRefused(_("Choose two claims."))
    if status == Status.PROPOSED or (kind, status) == (ClaimLink.Kind.SAME, Status.CONFIRMED):
        raise DecisionRefused(
            _("Claims that are the same are merged; else say that they are not, or that it is unsure.")
        )
    with transaction.atomic(), pghistory.context(user=by.pk, decision=status):
        hold_matching()
        lock_claims([claim.pk, other.pk])
        one, two = standing_claim(claim.pk), standing_claim(other.pk)
        link = ClaimLink.objects.between(one, two).filter(kind=kind).first() or _editors_link(one, two, kind)
        _sign(link, status, by=by)
        refresh_reviews([one.pk, two.pk])
    return link


def undo_link(link: ClaimLink, *, by: User) -> None:
    """Put a link back to what it was before it was decided on; one that an editor made goes.

    link: as the editor saw it. Raises DecisionConflict where it was decided on anew, or undone, meanwhile.
    """
    with transaction.atomic(), pghistory.context(user=by.pk, decision="undo"):
        hold_matching()
        row = ClaimLink.objects.filter(pk=link.pk).first()
        if row is None or row.decided_at is None or row.decided_at != link.decided_at:
            raise DecisionConflict(
                _("Somebody undid this decision or decided anew meanwhile; look again, then decide.")
            )
        events = apps.get_model("claims", "ClaimLinkEvent").objects.filter(pgh_obj=row).order_by("pgh_id")
        decided = events.filter(decided_at=row.decided_at).first()
        before = events.filter(pgh_id__lt=decided.pgh_id).last() if decided is not None else None
        if before is None:
            row.delete()
        else:
            for name in ("status", "decided_by_id", "decided_at"):
                setattr(row, name, getattr(before, name))
            row.save(update_fields=["status", "decided_by", "decided_at"])
        refresh_reviews([row.claim_id, row.other_id])


def _editors_link(one: Claim, two: Claim, kind: str) -> ClaimLink:
    """Return a link, not stored yet, that an editor makes."""
    first, second = sorted((one.pk, two.pk))
    return ClaimLink(claim_id=first, other_id=second, kind=kind, score=1.0, method=BY_EDITOR)


def _sign(link: ClaimLink, status: str, *, by: User, at: datetime | None = None) -> None:
    link.status, link.decided_by, link.decided_at = status, by, at or timezone.now()
    link.save()
