"""What editors decided about an article's earlier text, carried over to its new one, and what is no longer in it."""

import logging
from collections.abc import Callable
from functools import cache

from django.db.models import Prefetch, QuerySet
from django.utils import timezone

from claims.anchoring import ALIKE, NotFoundAgain, Place, find_again
from claims.models import Attribution, Speaker, Statement, StatementSpan
from sources.identity import uid_for
from sources.models import Revision

logger = logging.getLogger(__name__)

METHOD = "carried-over-1"


def carry_decisions(revision: Revision) -> int:
    """Repeat the decisions about the article's earlier texts for the same words in this one; return how many.

    Words are found again by themselves and their context. Where they are gone, stand in several like places, or are
    now somebody else's or denied, the decision stays with the earlier text alone, and its statement is marked as
    orphaned: it is never moved to a look-alike sentence. A statement that the extractor did not find again is made
    anew, since an editor confirmed that it is one.
    """
    present = {
        statement.content_key: statement
        for statement in Statement.objects.filter(revision=revision).select_related("speaker")
    }

    decided = (
        Attribution.objects.exclude(status=Attribution.Status.PROPOSED)
        .filter(statement__revision__article=revision.article_id, statement__withdrawn_at=None)
        .exclude(statement__revision=revision)
        .order_by("decided_at", "pk")
    )
    confirmed = set(decided.filter(status=Attribution.Status.CONFIRMED).values_list("statement", flat=True))

    # A statement may carry several claims, and its words are looked for once.
    @cache
    def again(old: Statement) -> Place | NotFoundAgain:
        try:
            return _found_again(old, revision, present, confirmed=old.pk in confirmed)
        except NotFoundAgain as lost:
            return lost

    carried = _carry(decided, revision, present, again)
    orphaned = _mark_orphaned(revision, again)
    if carried or orphaned:
        logger.info("carried decisions revision=%s carried=%d orphaned=%d", revision.pk, carried, orphaned)
    return carried


def _carry(
    decided: QuerySet[Attribution],
    revision: Revision,
    present: dict[str, Statement],
    again: Callable[[Statement], Place | NotFoundAgain],
) -> int:
    carried = 0
    # What was decided about this very text meanwhile stands against what was decided about an earlier one before.
    since = {
        (statement, claim): at
        for statement, claim, at in Attribution.objects.filter(
            statement__revision=revision, decided_at__isnull=False
        ).values_list("statement", "claim", "decided_at")
    }
    for attribution in decided.select_related("claim").prefetch_related(
        Prefetch("statement", _with_text(Statement.objects.all()))
    ):
        place = again(attribution.statement)
        if isinstance(place, NotFoundAgain):
            continue
        statement = present.get(_key(attribution.statement, place))
        if statement is None and attribution.status == Attribution.Status.CONFIRMED:
            statement = _copy(attribution.statement, revision, place)
            present[statement.content_key] = statement
        if statement is None or statement.withdrawn_at is not None:
            continue
        here = since.get((statement.pk, attribution.claim_id))
        if here is not None and attribution.decided_at is not None and here > attribution.decided_at:
            continue
        decision = {
            name: getattr(attribution, name)
            for name in ("stance", "status", "score", "sub_scores", "method", "decided_by_id", "decided_at")
        }
        # In order of time: a later decision about the same pair overrides an earlier one.
        Attribution.objects.update_or_create(
            statement=statement,
            claim=attribution.claim,
            defaults=decision,
            create_defaults={
                "uid": uid_for("attribution", str(statement.uid), str(attribution.claim.uid)),
                **decision,
            },
        )
        carried += 1
    return carried


def _mark_orphaned(revision: Revision, again: Callable[[Statement], Place | NotFoundAgain]) -> int:
    """Mark the statements of earlier texts that are not in this one, unmark those that are, and return how many lack.

    Of one that several earlier texts had, the latest is marked.
    """
    earlier = Statement.objects.filter(revision__article=revision.article_id, withdrawn_at=None).exclude(
        revision=revision
    )
    latest = earlier.order_by("quote", "speaker", "-revision__number", "-pk").distinct("quote", "speaker")
    lost = {
        old: str(place)
        for old in _with_text(Statement.objects.filter(pk__in=list(latest.values_list("pk", flat=True))))
        if isinstance(place := again(old), NotFoundAgain)
    }
    here_again = earlier.filter(orphaned_at__isnull=False).exclude(pk__in=[old.pk for old in lost])
    here_again.update(orphaned_at=None, orphaned_reason="")
    now = timezone.now()
    for old, reason in lost.items():
        if old.orphaned_at is None or old.orphaned_reason != reason:
            old.orphaned_at, old.orphaned_reason = old.orphaned_at or now, reason
            old.save(update_fields=["orphaned_at", "orphaned_reason"])
    return len(lost)


def _with_text(statements: QuerySet[Statement]) -> QuerySet[Statement]:
    """Fetch what words are found again by; a text is held once, not once for each of its statements."""
    return statements.select_related("speaker").prefetch_related("spans", "revision")


def _found_again(old: Statement, revision: Revision, present: dict[str, Statement], *, confirmed: bool) -> Place:
    """Return where the words of `old` stand in a revision, said by the same speaker in the same sense.

    Raises NotFoundAgain where they do not.
    """
    place = find_again(old.revision.text, old.start, old.end, revision.text)
    found = present.get(_key(old, place))
    if found is None:
        # Without the extractor's word for it, who says so must stand there as it did.
        if confirmed and (place.likeness < ALIKE or not _attributed_alike(old, revision, place)):
            raise NotFoundAgain("Its words are in the new text, but not clearly as this speaker's.")
        return place
    if _who(found) != _who(old):
        raise NotFoundAgain("Its words are attributed to somebody else now.")
    if (found.negated, found.denies) != (old.negated, old.denies):
        raise NotFoundAgain("Its words are now denied that were affirmed, or the other way round.")
    return place


def _who(statement: Statement) -> int | str:
    speaker: Speaker | None = statement.speaker
    if speaker is None:
        return statement.source_text.casefold()
    return speaker.merged_into_id or speaker.pk


def _content(statement: Statement) -> list[StatementSpan]:
    content = (span for span in statement.spans.all() if span.role == StatementSpan.Role.CONTENT)
    return sorted(content, key=lambda span: span.start)


def _key(old: Statement, place: Place) -> str:
    shift = place.start - old.start
    return ",".join(f"{span.start + shift}-{span.end + shift}" for span in _content(old))


def _copy(old: Statement, revision: Revision, place: Place) -> Statement:
    """Return a statement of `revision` made like `old`."""
    key, shift = _key(old, place), place.start - old.start
    copied = Statement.objects.create(
        uid=uid_for("statement", str(revision.uid), key),
        revision=revision,
        start=place.start,
        end=old.end + shift,
        content_key=key,
        method=METHOD,
        **{
            name: getattr(old, name)
            for name in (
                "speaker_id",
                "kind",
                "act",
                "negated",
                "hedged",
                "denies",
                "quote",
                "source_text",
                "heading",
                "terms",
                "said_on",
                "confidence",
            )
        },
    )
    StatementSpan.objects.bulk_create(
        StatementSpan(statement=copied, role=span.role, start=span.start + shift, end=span.end + shift)
        for span in _content(old)
    )
    return copied


def _attributed_alike(old: Statement, revision: Revision, place: Place) -> bool:
    """Return whether cue and source stand where they stood, seen from the words."""
    shift = place.start - old.start
    return all(
        old.revision.text[span.start : span.end] == revision.text[max(0, span.start + shift) : span.end + shift]
        for span in old.spans.all()
        if span.role != StatementSpan.Role.CONTENT
    )
