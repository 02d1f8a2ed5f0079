"""What editors decided about an article's earlier text, carried over to its new one, and what is no longer in it."""

import logging
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from uuid import uuid4

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet
from django.utils import timezone

from claims.anchoring import ALIKE, NotFoundAgain, Place, find_again
from claims.guessing import sentence_around
from claims.models import Attribution, Speaker, Statement, StatementRelay, StatementSpan
from sources.identity import uid_for
from sources.models import Revision
from sources.revising import paragraph_bounds

logger = logging.getLogger(__name__)

METHOD = "carried-over-1"
#: The method of a statement that an editor made or corrected: no machine changes it.
BY_EDITOR = "editor"
#: How the reason begins for which a machine withdraws a statement; one that an editor withdrew never comes back.
NOT_FOUND = "not found by "
#: Two statements that share this part of their words, 0 to 1, are one statement whose edges moved.
MOSTLY = 0.5

#: What is said of a statement besides where it stands.
_SAID = (
    *("speaker_id", "kind", "act", "negated", "hedged", "denies", "quote"),
    *("source_text", "heading", "terms", "said_on", "confidence"),
)


@dataclass(frozen=True)
class Found:
    """What the extractor found in a text: a row that is not stored, and its pieces by role, start and end."""

    row: Statement
    pieces: Collection[tuple[str, int, int]]


def touched_before(revision: Revision) -> list[Statement]:
    """Return what editors made, corrected, withdrew or decided on in the article's other texts, the latest text first.

    What they only decided on is among it since it stands against what was withdrawn in a text before.
    """
    decided = Attribution.objects.exclude(status=Attribution.Status.PROPOSED).filter(statement=OuterRef("pk"))
    withdrawn = Q(withdrawn_at__isnull=False) & ~Q(withdrawn_reason__startswith=NOT_FOUND)
    rows = _with_text(
        Statement.objects.filter(withdrawn | Q(withdrawn_at=None) & (Q(method=BY_EDITOR) | Exists(decided)))
    )
    return list(
        rows.filter(revision__article=revision.article_id)
        .exclude(revision=revision)
        .prefetch_related("relays")
        .order_by("-revision__number", "start", "pk")
    )


def carry_statements(
    revision: Revision,
    touched: Iterable[Statement],
    found: Mapping[str, Found],
    known: Mapping[str, Statement],
    settled: Collection[int],
) -> tuple[bool, dict[str, Statement]]:
    """Store what editors made or corrected in earlier texts and is in this one; return whether any was, and the rest.

    The rest are the statements that editors withdrew, by what would be their key in this text: `withdraw_again`
    withdraws what the extractor finds there. The latest text's word holds, and this one's own before all.

    touched: as `touched_before` returns it. found, known: what the extractor found, and the text's stored statements,
    by content key. settled: those of `known` that an editor made or decided on.
    """
    own = [row for row in known.values() if row.withdrawn_at is None and row.method == BY_EDITOR]
    taken = [(0, _characters(row.content_key)) for row in own]
    present = {key: each.row for key, each in found.items()}
    places: dict[str, tuple[Statement, Place]] = {}
    for old in touched:
        try:
            place = _touched_again(old, revision, present)
        except NotFoundAgain:
            continue
        key = _key(old, place)
        here = known.get(key)
        if key in places or (here is not None and (here.pk in settled or _is_withdrawn_by_editor(here))):
            continue
        if old.withdrawn_at is None and old.method == BY_EDITOR:
            words = _characters(key)
            # Statements of one text may overlap; of two texts, they are one that an editor gave other words.
            if any(number != old.revision.number and _alike(words, others) > MOSTLY for number, others in taken):
                continue
            taken.append((old.revision.number, words))
        places[key] = old, place
    made = {key: at for key, at in places.items() if at[0].withdrawn_at is None and at[0].method == BY_EDITOR}
    _store(revision, made, found, known)
    withdrawn = {key: old for key, (old, _) in places.items() if old.withdrawn_at is not None}
    return bool(made), withdrawn


def withdraw_again(withdrawn: Mapping[str, Statement], rows: Iterable[Statement]) -> None:
    """Withdraw statements as editors withdrew those with the same words in an earlier text, by their content keys."""
    changed = []
    for row in rows:
        old = withdrawn.get(row.content_key)
        if old is not None and row.withdrawn_at is None:
            row.withdrawn_at, row.withdrawn_reason = old.withdrawn_at, old.withdrawn_reason
            changed.append(row)
    Statement.objects.bulk_update(changed, ["withdrawn_at", "withdrawn_reason"])


def _store(
    revision: Revision,
    made: Mapping[str, tuple[Statement, Place]],
    found: Mapping[str, Found],
    known: Mapping[str, Statement],
) -> None:
    """Store editors' statements at their new places; the row that a machine has there becomes the editor's."""
    uids = {row.uid for row in known.values()}
    rows, spans, relays = [], [], []
    for key, (old, place) in made.items():
        uid, shift = uid_for("statement", str(revision.uid), key), place.start - old.start
        # A statement keeps its id where an editor moved its words.
        row = known.get(key) or Statement(uid=uuid4() if uid in uids else uid, revision=revision, content_key=key)
        row.start, row.end, row.method = place.start, old.end + shift, BY_EDITOR
        row.withdrawn_at, row.withdrawn_reason, row.speaker_name = None, "", old.speaker_name
        for name in _SAID:
            setattr(row, name, getattr(old, name))
        pieces = [(span.role, span.start + shift, span.end + shift) for span in old.spans.all()]
        if not _stands_alike(old, revision, place):
            # The extractor says the same of it, by another cue or source.
            other = found[key]
            row.source_text, row.act, row.hedged = other.row.source_text, other.row.act, other.row.hedged
            pieces = [piece for piece in pieces if piece[0] == StatementSpan.Role.CONTENT]
            pieces += [piece for piece in other.pieces if piece[0] != StatementSpan.Role.CONTENT]
        rows.append(row)
        spans += [StatementSpan(statement=row, role=role, start=start, end=end) for role, start, end in pieces]
        for relay in old.relays.all():
            words = old.revision.text[relay.start : relay.end]
            at = _nearest(revision.text, words, relay.start + shift)
            # An outlet that the text names no more is not what it came through.
            if at is not None:
                where = {"start": at, "end": at + len(words)}
                relays.append(StatementRelay(statement=row, outlet_id=relay.outlet_id, hop=relay.hop, **where))
    before = [row for row in rows if row.pk is not None]
    Statement.objects.bulk_update(
        before,
        [*(name.removesuffix("_id") for name in _SAID), "speaker_name", "method", "withdrawn_at", "withdrawn_reason"],
    )
    StatementSpan.objects.filter(statement__in=before).delete()
    StatementRelay.objects.filter(statement__in=before).delete()
    Statement.objects.bulk_create(row for row in rows if row.pk is None)
    StatementSpan.objects.bulk_create(spans)
    StatementRelay.objects.bulk_create(relays)


def _is_editors(row: Statement) -> bool:
    """Whether an editor made, corrected or withdrew it."""
    return row.method == BY_EDITOR or _is_withdrawn_by_editor(row)


def _is_withdrawn_by_editor(row: Statement) -> bool:
    return row.withdrawn_at is not None and not row.withdrawn_reason.startswith(NOT_FOUND)


def _characters(key: str) -> set[int]:
    return {at for start, end in _bounds(key) for at in range(start, end)}


def _alike(words: set[int], others: set[int]) -> float:
    """Return which part of their words two statements share, 0 to 1."""
    return len(words & others) / len(words | others)


def _nearest(text: str, words: str, at: int) -> int | None:
    """Return where words stand in the text, nearest to a place of it; None where they do not."""
    after, before = text.find(words, max(0, at)), text.rfind(words, 0, max(0, at) + len(words))
    return min((place for place in (after, before) if place >= 0), key=lambda place: abs(place - at), default=None)


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
            return _found_again(old, revision, present, confirmed=old.pk in confirmed or old.method == BY_EDITOR)
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
        if confirmed and not _stands_alike(old, revision, place):
            raise NotFoundAgain("Its words are in the new text, but not clearly as this speaker's.")
        return place
    if _who(found) != _who(old):
        raise NotFoundAgain("Its words are attributed to somebody else now.")
    if (found.negated, found.denies) != (old.negated, old.denies):
        raise NotFoundAgain("Its words are now denied that were affirmed, or the other way round.")
    return place


def _touched_again(old: Statement, revision: Revision, present: dict[str, Statement]) -> Place:
    """Return where the words of `old`, which an editor touched, stand in a revision.

    Where all that the editor saw stands as it did, what a machine finds there now says nothing against it. Raises
    NotFoundAgain where they do not.
    """
    place = find_again(old.revision.text, old.start, old.end, revision.text)
    if _is_editors(old) and _stands_alike(old, revision, place):
        return place
    return _found_again(old, revision, present, confirmed=True)


def _who(statement: Statement) -> int | str:
    speaker: Speaker | None = statement.speaker
    if speaker is None:
        return statement.source_text.casefold()
    return speaker.merged_into_id or speaker.pk


def _content(statement: Statement) -> list[StatementSpan]:
    content = (span for span in statement.spans.all() if span.role == StatementSpan.Role.CONTENT)
    return sorted(content, key=lambda span: span.start)


def _bounds(key: str) -> list[tuple[int, int]]:
    """Return the (start, end) of each piece of a content, from its key."""
    return [(int(start), int(end)) for start, _, end in (piece.partition("-") for piece in key.split(","))]


def _key(old: Statement, place: Place) -> str:
    shift = place.start - old.start
    # Of words that an editor moved away only the key is left.
    return ",".join(f"{start + shift}-{end + shift}" for start, end in _bounds(old.content_key))


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
        **{name: getattr(old, name) for name in _SAID},
    )
    StatementSpan.objects.bulk_create(
        StatementSpan(statement=copied, role=span.role, start=span.start + shift, end=span.end + shift)
        for span in _content(old)
    )
    return copied


def _stands_alike(old: Statement, revision: Revision, place: Place) -> bool:
    """Return whether what tells who said it, and how, stands in the new text as it did."""
    return place.likeness >= ALIKE and _attributed_alike(old, revision, place)


def _attributed_alike(old: Statement, revision: Revision, place: Place) -> bool:
    """Return whether cue and source stand where they stood, seen from the words.

    Of an editor's statement without a source, the sentences around it tell.
    """
    shift = place.start - old.start
    beside = [span for span in old.spans.all() if span.role != StatementSpan.Role.CONTENT]
    if _is_editors(old) and not any(span.role == StatementSpan.Role.SOURCE for span in beside):
        end = old.end + shift
        if _around(old.revision.text, old.start, old.end) != _around(revision.text, place.start, end):
            return False
    return all(
        old.revision.text[span.start : span.end] == revision.text[max(0, span.start + shift) : span.end + shift]
        for span in beside
    )


def _around(text: str, start: int, end: int) -> tuple[str, str]:
    """Return what stands before and after words in their paragraph, up to the end of the next sentence either way."""
    bounds = [(first, last) for first, last in paragraph_bounds(text) if first < end and last > start]
    low, high = bounds[0][0], bounds[-1][1]
    before = sentence_around(text, max(low, sentence_around(text, start).start - 1)).start
    after = sentence_around(text, min(high, sentence_around(text, end).end + 1)).end
    return text[max(low, before) : start].strip(), text[end : min(high, after)].strip()
