"""Statements that editors make, correct, withdraw and bring back in an article's text.

What an editor wrote has the method “editor”: no machine changes or withdraws it, also when the article is read again,
and what an editor withdrew is not found again. Where words are given with what stands around them, they are checked
against the text, so that no offset that was counted otherwise is ever stored. Each change is kept with what the
statement was before, and can be undone exactly.
"""

import logging
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypedDict, Unpack
from uuid import UUID, uuid4

import pghistory
from django.contrib.auth.models import User
from django.db import connection, transaction
from django.db.models import DO_NOTHING, ManyToOneRel, Max, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from claims.anchoring import NotFoundAgain, find_again
from claims.annotations import Quoted
from claims.extraction import Relay, Span, standing
from claims.extraction.foreign import detect
from claims.guessing import sentence_around
from claims.matching import terms
from claims.models import (
    Attribution,
    Claim,
    DeskAction,
    Speaker,
    SpeakerAlias,
    Statement,
    StatementChange,
    StatementRelay,
    StatementSpan,
)
from claims.services.candidates import index_statements
from claims.services.claims import add_reports, create_claims, refresh_sentences, report
from claims.services.decisions import (
    BY_EDITOR,
    DecisionConflict,
    DecisionRefused,
    add_attribution,
    check_stands,
    lock_claims,
    refresh,
)
from claims.services.locks import hold_matching
from claims.services.reading import JOINT, NOT_FOUND
from claims.services.rows import from_json, insert_row, row_values, update_row
from claims.services.speakers import MOST_CHARACTERS, SPEAKERS_LOCK, Mention, resolve_speakers
from claims.versions import EDITABLE, check_version
from sources.identity import uid_for
from sources.models import Article, Outlet, Revision
from sources.revising import paragraph_bounds
from sources.services.outlets import resolve_outlet

logger = logging.getLogger(__name__)

Role, Kind = StatementSpan.Role, DeskAction.Kind
#: Paragraphs that one statement may go through: more is a passage, not something said.
MOST_PARAGRAPHS = 20
#: Outlets through which one statement came.
MOST_RELAYS = 10
MOST_REASON, MOST_SOURCE = 300, 500

#: Words that are given by where they stand, or by themselves: then the place nearest to the statement is meant.
Words = Quoted | str

#: Why words are withdrawn that an editor took out of a statement, or put in place of others.
MOVED = "An editor gave this statement other words."
#: Why a statement is withdrawn whose making was undone: as if nobody had made it, a machine may find it.
UNMADE = f"{NOT_FOUND}a machine; the editor who marked it took that back"
#: Its method then: no machine's yet, and no editor's any more.
BY_NOBODY = "undone"


class AnchorMismatch(DecisionRefused):
    """The words do not stand in the text where they were said to; nothing was changed.

    sent: the words as they were given. found: what stands there.
    """

    def __init__(self, sent: Quoted, found: Quoted) -> None:
        super().__init__(_("The words that were sent do not stand at this place of the text. Nothing was changed."))
        self.sent, self.found = sent, found


class WordsNotFound(DecisionRefused):
    """Words that were given without their place do not stand in the text; nothing was changed."""

    def __init__(self, words: str) -> None:
        super().__init__(_("“%(words)s” does not stand in the text.") % {"words": words[:200]})
        self.words = words


class TextReplaced(DecisionConflict):
    """The article has a newer text than the one that was annotated; nothing was changed.

    revision: the text it has now. found: where the words stand in it, None where they clearly do not.
    """

    def __init__(self, revision: Revision, found: Quoted | None) -> None:
        if found is None:
            message = _("The article’s text changed meanwhile, and the new one does not clearly have these words.")
        else:
            message = _(
                "The article’s text changed meanwhile. The new one has these words too: look, and send it again."
            )
        super().__init__(message)
        self.revision, self.found = revision, found


class StatementExists(DecisionConflict):
    """These very words are a statement already; nothing was changed."""

    def __init__(self, statement: Statement) -> None:
        super().__init__(_("These words are a statement already. Edit that one, or link it to a claim."))
        self.statement = statement


class Changes(TypedDict, total=False):
    """What may be given to edit a statement; what is left out stays as it is.

    start, end, exact, prefix, suffix: as in `annotate`, and all together.
    """

    start: int
    end: int
    exact: str
    prefix: str
    suffix: str
    kind: str
    speaker: Speaker | None
    speaker_name: str
    cue: Words
    source: Words
    relays: Sequence[Relay | str]
    denies: bool


@dataclass(frozen=True)
class Link:
    """What a statement is linked to: a claim, or with None a new one, whose sentence is `text`, or made from its words.

    stance: a statement always affirms the claim that is made from it.
    """

    claim: Claim | None
    text: str = ""
    stance: str = Attribution.Stance.AFFIRMS.value


@dataclass(frozen=True)
class Sent:
    """What came of a form; `again`: an earlier sending of the same form had done it already."""

    statement: Statement
    again: bool = False


# Making


def annotate(
    revision: Revision,
    *,
    start: int,
    end: int,
    exact: str,
    prefix: str = "",
    suffix: str = "",
    kind: str,
    by: User,
    speaker: Speaker | None = None,
    speaker_name: str = "",
    cue: Words = "",
    source: Words = "",
    relays: Sequence[Relay | str] = (),
    denies: bool | None = None,
) -> Statement:
    """Store a statement that an editor saw in the current text of an article, and return it.

    start, end: half-open, in code points of the text; the words there have to be `exact`, between `prefix` and
    `suffix`, where these are given. Runs of blanks count as one. What parts paragraphs is left out of the statement.
    speaker: else the one that `speaker_name` stands for, made where there is none; without either nobody's.
    cue, source: the words that tell of it, and those that name who it is attributed to. relays: outlets, by name, that
    it came through. denies: the cue turns it down; None has the cue tell.

    Words that were withdrawn before are a statement again. Raises AnchorMismatch, WordsNotFound, TextReplaced,
    StatementExists, or DecisionRefused where no words are chosen or there is no such kind.
    """
    with transaction.atomic(), pghistory.context(user=by.pk, decision="annotate"):
        held = _hold(revision)
        chosen = Quoted(start, end, exact, prefix, suffix)
        check_current(held, chosen)
        content = content_of(held.text, chosen)
        key = _key(content)
        row = Statement.objects.filter(revision=revision, content_key=key).first()
        if row is not None and row.withdrawn_at is None:
            raise StatementExists(row)
        if row is None:
            uid = uid_for("statement", str(revision.uid), key)
            # A statement keeps its id where an editor moved its words.
            taken = Statement.objects.filter(uid=uid).exists()
            row = Statement(uid=uuid4() if taken else uid)
        before, unnamed = (_as_stored(row), _unnamed(row)) if row.pk is not None else (None, [])
        newest = _newest_speaker()
        row.revision = held
        row.withdrawn_at, row.withdrawn_reason = None, ""
        changes: Changes = {"kind": kind, "cue": cue, "source": source, "relays": relays}
        changes |= {"speaker": speaker, "speaker_name": speaker_name}
        if denies is not None:
            changes["denies"] = denies
        _store(row, content, _resolved(row, content, changes))
        _keep(row, before, by=by, beside={"unnamed": unnamed}, newest_speaker=newest)
    logger.info("annotated statement=%s revision=%s", row.pk, revision.pk)
    return row


def edit_statement(statement: Statement, *, by: User, seen: str = "", **changes: Unpack[Changes]) -> Statement:
    """Correct what a statement of an article's current text says, and return it; it is the editor's from then on.

    Its claims stay linked. Words that it had and has no more are not found again. seen: the version of the statement
    that the editor saw, see `claims.versions`; VersionConflict is raised where it changed since. Raises besides what
    `annotate` raises, and DecisionRefused where it was withdrawn.
    """
    with transaction.atomic(), pghistory.context(user=by.pk, decision="edit statement"):
        held = _hold(statement.revision)
        row = _locked(statement, held)
        chosen = Quoted.of(held.text, row.start, row.end)
        if "start" in changes:
            around = (changes.get("prefix", ""), changes.get("suffix", ""))
            chosen = Quoted(changes["start"], changes["end"], changes["exact"], *around)
        check_current(held, chosen)
        _check_anchor(held.text, chosen)
        # Of the same place the pieces stay: a machine may have left out what stands between them.
        same = (chosen.start, chosen.end) == (row.start, row.end)
        content = _places(row.content_key) if same else content_of(held.text, chosen)
        before, newest, unnamed = _as_stored(row), _newest_speaker(), _unnamed(row)
        told = _resolved(row, content, changes)
        if seen:
            check_version(row, seen, told.wanted)
        check_stands(row)
        beside = {**_move(row, content), "unnamed": unnamed}
        _store(row, content, told)
        _keep(row, before, by=by, beside=beside, newest_speaker=newest)
    logger.info("edited statement=%s", row.pk)
    return row


def withdraw_statement(statement: Statement, *, reason: str, by: User, seen: str = "") -> Statement:
    """Withdraw a statement: nobody said this, or not so. It counts nowhere, and no machine finds it in this text again.

    What editors decided about it is kept, and holds again when it is brought back. reason: in the editor's words.
    Raises DecisionRefused without a reason, and DecisionConflict where it was withdrawn already.
    """
    reason = " ".join(reason.split())[:MOST_REASON]
    if not reason:
        raise DecisionRefused(_("Say why it is withdrawn: readers who followed a link to it are told."))
    with transaction.atomic(), pghistory.context(user=by.pk, decision="withdraw statement", reason=reason):
        row = _locked(statement, _hold(statement.revision))
        # With a capital it is never taken for the words by which a machine withdraws what it may find again.
        told = reason[:1].upper() + reason[1:] if reason.startswith(NOT_FOUND) else reason
        if seen:
            check_version(row, seen, {"withdrawn_reason": told})
        if row.withdrawn_at is not None:
            if row.withdrawn_reason == told:
                return row
            raise DecisionConflict(
                _("The statement was withdrawn already: %(reason)s") % {"reason": row.withdrawn_reason}
            )
        before = _as_stored(row)
        row.withdrawn_at, row.withdrawn_reason = timezone.now(), told
        row.save(update_fields=["withdrawn_at", "withdrawn_reason"])
        _refresh_claims(row)
        _keep(row, before, by=by)
    logger.info("withdrew statement=%s", row.pk)
    return row


def restore_statement(statement: Statement, *, by: User, seen: str = "") -> Statement:
    """Bring back a statement that was withdrawn; what was decided about it holds again. It is the editor's now.

    One whose words an editor moved away says again what was said at their place: its pieces, who said it and how.
    """
    with transaction.atomic(), pghistory.context(user=by.pk, decision="restore statement"):
        row = _locked(statement, _hold(statement.revision))
        if row.withdrawn_at is None:
            return row
        if seen:
            check_version(row, seen, {"withdrawn_reason": ""})
        before, beside = _as_stored(row), {"unnamed": _unnamed(row)}
        row.withdrawn_at, row.withdrawn_reason, row.method = None, "", BY_EDITOR
        if _spans_of(row, Role.CONTENT):
            row.save(update_fields=["withdrawn_at", "withdrawn_reason", "method"])
            _refresh_claims(row)
        else:
            _store(row, _places(row.content_key), _told_before(row))
        _keep(row, before, by=by, beside=beside)
    logger.info("restored statement=%s", row.pk)
    return row


def link_statement(statement: Statement, link: Link, *, by: User) -> Attribution:
    """Confirm that a statement carries a claim, made of it where the link names none; returns the attribution."""
    if link.claim is not None:
        return add_attribution(statement, to=link.claim, by=by, stance=link.stance)
    with transaction.atomic(), pghistory.context(user=by.pk, decision="annotate"):
        hold_matching()
        statement = Statement.objects.select_related("revision__article", "speaker").get(pk=statement.pk)
        check_stands(statement)
        claim = _revived_claim(statement) or create_claims([statement], method=BY_EDITOR)[0]
        sentence = " ".join(link.text.split())
        if sentence and sentence != claim.text:
            claim.text, claim.text_by = sentence, by
            claim.save(update_fields=["text", "text_by", "updated_at"])
        return add_attribution(statement, to=claim, by=by)


def _revived_claim(statement: Statement) -> Claim | None:
    """Return the claim that was made of a statement before, made of it again; None where another has a say in it.

    When the making is undone the claim stays without a report, in no list: what was decided about it is kept, and
    whoever has its address finds it there again.
    """
    rows = Claim.objects.filter(
        uid=uid_for("claim", str(statement.uid)), method=BY_EDITOR, attributions=None, merged_into=None, merged=None
    )
    lock_claims(rows.values_list("pk", flat=True))
    claim = rows.first()
    if claim is None:
        return None
    claim.speaker, claim.text_by = statement.speaker, None
    claim.language, claim.said_on = statement.revision.article.language, statement.said_on
    claim.save(update_fields=["speaker", "text_by", "language", "said_on", "updated_at"])
    add_reports([report(claim, statement, score=1.0, method=BY_EDITOR)])
    refresh_sentences([claim])
    return claim


# Forms, which are applied once, and what they did is undone at the desk


def save_annotation(
    token: UUID, revision: Revision, *, what: Mapping[str, Any], link: Link | None = None, by: User
) -> Sent:
    """Store what `annotate` is given, and link it, all or nothing; the same form sent again does nothing again."""
    with transaction.atomic(), pghistory.context(user=by.pk, token=str(token)):
        _hold(revision)
        if (earlier := _sent_before(token)) is not None:
            return Sent(earlier, again=True)
        statement = annotate(revision, by=by, **what)
        _act(token, Kind.ANNOTATE, statement, link=link, by=by)
    return Sent(statement)


def save_edit(
    token: UUID, statement: Statement, *, what: Mapping[str, Any], link: Link | None = None, seen: str = "", by: User
) -> Sent:
    """Correct a statement as `edit_statement` does, and link it to a further claim; once for one form."""
    with transaction.atomic(), pghistory.context(user=by.pk, token=str(token)):
        _hold(statement.revision)
        if (earlier := _sent_before(token)) is not None:
            return Sent(earlier, again=True)
        newest = _newest_change(statement)
        edited = edit_statement(statement, by=by, seen=seen, **what)
        _act(token, Kind.EDIT, edited, since=newest, link=link, by=by)
    return Sent(edited)


def save_withdrawal(statement: Statement, *, reason: str, by: User, seen: str = "") -> Statement:
    """Withdraw a statement as `withdraw_statement` does, to be undone at the desk."""
    token = uuid4()
    with transaction.atomic(), pghistory.context(user=by.pk, token=str(token)):
        _hold(statement.revision)
        newest = _newest_change(statement)
        row = withdraw_statement(statement, reason=reason, by=by, seen=seen)
        _act(token, Kind.WITHDRAW, row, since=newest, by=by)
    return row


def save_restoration(statement: Statement, *, by: User) -> Statement:
    """Bring a statement back as `restore_statement` does, to be undone at the desk."""
    token = uuid4()
    with transaction.atomic(), pghistory.context(user=by.pk, token=str(token)):
        _hold(statement.revision)
        newest = _newest_change(statement)
        row = restore_statement(statement, by=by)
        _act(token, Kind.RESTORE, row, since=newest, by=by)
    return row


def _sent_before(token: UUID) -> Statement | None:
    """Return the statement that an earlier sending of the same form was about."""
    action = DeskAction.objects.filter(token=token).first()
    if action is None:
        return None
    if (statement := annotated_by(action)) is None:
        raise DecisionRefused(_("The form is not one of this page; open it again."))
    return statement


def annotated_by(action: DeskAction) -> Statement | None:
    """Return the statement that an action of an editor made or changed; None for one that did nothing of the kind."""
    about = [decided["row"] for decided in action.decided if decided["kind"] == "about"]
    statements = Statement.objects.filter(pk__in=about)
    return statements.select_related("revision__article").defer("revision__text").first()


def _act(
    token: UUID, kind: DeskAction.Kind, statement: Statement, *, since: int = 0, link: Link | None = None, by: User
) -> None:
    """Link a statement, and keep with what changed of it since a change as one action; nothing where nothing did."""
    change = StatementChange.objects.filter(statement=statement, pk__gt=since).order_by("-pk").first()
    if change is None and link is None:
        return
    decided = [{"kind": "about", "row": statement.pk, "at": ""}]
    if change is not None:
        decided.append({"kind": "statement", "row": change.pk, "at": ""})
    if link is not None:
        report = link_statement(statement, link, by=by)
        if link.claim is None:
            decided.append({"kind": "founded", "row": report.pk, "at": ""})
        at = report.decided_at.isoformat() if report.decided_at is not None else ""
        decided.append({"kind": "report", "row": report.pk, "at": at})
    DeskAction.objects.create(token=token, editor=by, kind=kind, decided=decided, done_at=timezone.now())


# Undoing


def undo_change(change: StatementChange, *, by: User) -> Statement:
    """Put a statement back to what it was before a change, exactly, and return it; one that was undone stays so.

    One that the change made is withdrawn, and nothing keeps a machine from finding it. Raises DecisionConflict where
    the statement was changed since, or decided on after it was made, or its article has another text; nothing is
    undone then.
    """
    with transaction.atomic(), pghistory.context(user=by.pk, decision="undo"):
        statement = Statement.objects.select_related("revision").get(pk=change.statement_id)
        row = _locked(statement, _hold(statement.revision))
        change = StatementChange.objects.select_for_update(of=("self",)).get(pk=change.pk)
        if change.undone_at is not None:
            return row
        _check_undoable(change, row)
        if change.before is None:
            _unmake(row, change)
        else:
            _put_back(row, change.before, change.beside)
        _refresh_claims(row, besides=_release_claims(row, change))
        _forget_speaker(change.made)
        change.undone_by, change.undone_at = by, timezone.now()
        change.save(update_fields=["undone_by", "undone_at"])
    logger.info("undid change=%s statement=%s", change.pk, row.pk)
    return row


def hold_text_of(action: DeskAction) -> None:
    """Hold the text in which an action changed a statement, before what else its undoing holds."""
    statement = annotated_by(action)
    if statement is not None:
        hold_text(statement)


def hold_text(statement: Statement) -> None:
    """Hold the text of a statement against whoever reads, matches or merges, until the transaction ends."""
    _hold(statement.revision)


def undo_founding(report_id: int) -> None:
    """Take away the undecided report that a claim was made with; without another the claim is unreported."""
    made_with = Attribution.objects.filter(pk=report_id, decided_at=None, method=BY_EDITOR).first()
    if made_with is not None:
        made_with.delete()
        refresh([made_with.claim_id])


def _check_undoable(change: StatementChange, row: Statement) -> None:
    if row.revision.article.current_revision_id != row.revision_id:
        raise DecisionConflict(_("The article has a new text since, to which this was carried over; correct it there."))
    if _as_stored(row) != change.after:
        later = StatementChange.objects.filter(statement=row, pk__gt=change.pk, undone_at=None).order_by("-pk").first()
        if later is None:
            raise DecisionConflict(_("The statement was changed since, so this is not undone; look at its history."))
        raise DecisionConflict(
            _("The statement was changed again since, by %(name)s; undo that first.") % {"name": later.made_by}
        )
    if change.before is None and row.attributions.exclude(decided_at=None).exists():
        raise DecisionConflict(_("It was decided since what the statement carries; undo that first."))


def _unmake(row: Statement, change: StatementChange) -> None:
    row.withdrawn_at, row.withdrawn_reason, row.method = timezone.now(), UNMADE, BY_NOBODY
    if row.speaker_id == change.made:
        row.speaker = None
    row.save(update_fields=["withdrawn_at", "withdrawn_reason", "method", "speaker"])


def _put_back(row: Statement, before: Mapping[str, Any], beside: Mapping[str, Any]) -> None:
    """Give a statement the columns, pieces and relays that it had, and its words their place."""
    if "left" in beside:
        left = Statement.objects.filter(pk=beside["left"]).first()
        if left is None or left.withdrawn_reason != MOVED:
            raise DecisionConflict(_("The words that it had are another statement since; withdraw that one first."))
        if _is_used(left):
            raise DecisionConflict(
                _(
                    "The words that it had were a statement of their own meanwhile, and claims or notes hang on it;"
                    " bring that one back instead."
                )
            )
        left.delete()
    row.terms = _terms(before["columns"]["quote"])
    speaker = _known_speaker(before["columns"]["speaker_id"])
    update_row(row, {**before["columns"], "speaker_id": speaker.pk if speaker is not None else None})
    if beside.get("taken") is not None:
        insert_row(Statement, beside["taken"])
        if "taken_said" in beside:
            _put_back_pieces(Statement.objects.get(pk=beside["taken"]["id"]), beside["taken_said"])
    _put_back_pieces(row, before)
    _index(row)


def _put_back_pieces(row: Statement, stored: Mapping[str, Any]) -> None:
    """Give a statement the pieces and relays that `_as_stored` returned once."""
    StatementSpan.objects.filter(statement=row).delete()
    StatementSpan.objects.bulk_create(
        StatementSpan(statement=row, role=role, start=start, end=end) for role, start, end in stored["spans"]
    )
    _store_relays(row, {(outlet, hop): Span(start, end) for outlet, hop, start, end in stored["relays"]})


def _known_speaker(pk: int | None) -> Speaker | None:
    """Return a speaker that a change kept, or the one it was merged into since; None where it is there no more."""
    speaker = Speaker.objects.select_related("merged_into").filter(pk=pk).first() if pk is not None else None
    return (speaker.merged_into or speaker) if speaker is not None else None


def _release_claims(row: Statement, change: StatementChange) -> set[int]:
    """Let claims that had a speaker from the change alone have none again, and return these."""
    speaker = change.after["columns"]["speaker_id"]
    if speaker is None or speaker == row.speaker_id:
        return set()
    unnamed = Claim.objects.filter(speaker=speaker)
    if speaker != change.made:
        unnamed = unnamed.filter(pk__in=change.beside.get("unnamed", []))
    said = Attribution.objects.counted().filter(statement__speaker=speaker).values("claim")
    released = set(unnamed.exclude(pk__in=said).values_list("pk", flat=True))
    Claim.objects.filter(pk__in=released).update(speaker=None, updated_at=timezone.now())
    return released


def _forget_speaker(made: int | None) -> None:
    """Delete a speaker that was made of a name, unless something has come to name it, or an editor edited it.

    Where somebody else is giving statements a speaker at this moment, it stays, and nobody says anything by its name.
    """
    if made is None:
        return
    speaker = Speaker.objects.filter(pk=made, edited_by=None, merged_into=None).first()
    if speaker is None:
        return
    with connection.cursor() as cursor:
        # Not waited for: who holds it may wait for what is held here.
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [SPEAKERS_LOCK])
        [is_alone] = cursor.fetchone()
    if is_alone and not any(
        relation.related_model._base_manager.filter(**{relation.field.name: speaker}).exists()
        for relation in Speaker._meta.get_fields(include_hidden=True)
        # Its names go with it, and its events stay.
        if isinstance(relation, ManyToOneRel)
        and relation.related_model is not SpeakerAlias
        and relation.on_delete is not DO_NOTHING
    ):
        speaker.delete()


def _keep(
    row: Statement,
    before: Mapping[str, Any] | None,
    *,
    by: User,
    beside: Mapping[str, Any] | None = None,
    newest_speaker: int | None = None,
) -> None:
    """Keep what a statement was before a change and is after it, to undo it by."""
    after = _as_stored(Statement.objects.get(pk=row.pk))
    if before == after:
        return
    made = row.speaker_id if newest_speaker is not None and (row.speaker_id or 0) > newest_speaker else None
    StatementChange.objects.create(
        statement=row, before=before, after=after, beside=beside or {}, made=made, made_by=by, made_at=timezone.now()
    )


#: Columns that are no editor's to set, or follow from the others.
_NOT_KEPT = ("id", "uid", "revision_id", "terms", "orphaned_at", "orphaned_reason", "created_at")


def _as_stored(row: Statement) -> dict[str, Any]:
    """Return all that an editor may change of a statement, as JSON has it."""
    spans = StatementSpan.objects.filter(statement=row).order_by("role", "start")
    relays = StatementRelay.objects.filter(statement=row).order_by("hop", "outlet")
    return {
        "columns": {name: value for name, value in row_values(row).items() if name not in _NOT_KEPT},
        "spans": [list(span) for span in spans.values_list("role", "start", "end")],
        "relays": [list(relay) for relay in relays.values_list("outlet", "hop", "start", "end")],
    }


def _unnamed(row: Statement) -> list[int]:
    """Return the claims of a statement that have no speaker."""
    return list(Claim.objects.filter(attributions__statement=row, speaker=None).values_list("pk", flat=True))


def _newest_change(statement: Statement) -> int:
    newest: int | None = StatementChange.objects.filter(statement=statement).aggregate(newest=Max("pk"))["newest"]
    return newest or 0


def _newest_speaker() -> int:
    newest: int | None = Speaker.objects.aggregate(newest=Max("pk"))["newest"]
    return newest or 0


# The words


def content_of(text: str, chosen: Quoted) -> list[Span]:
    """Return what of a text was chosen, without blanks around it, in one span for each paragraph.

    Raises AnchorMismatch where the words do not stand there, DecisionRefused where there are none, or far too many.
    """
    _check_anchor(text, chosen)
    spans = []
    for first, last in paragraph_bounds(text):
        span = _trimmed(text, max(first, chosen.start), min(last, chosen.end))
        if span is not None:
            spans.append(span)
    if not spans:
        raise DecisionRefused(_("Choose words of the text: there are none in what was chosen."))
    if len(spans) > MOST_PARAGRAPHS:
        raise DecisionRefused(
            _("This goes through %(count)d paragraphs; a statement goes through %(most)d at most.")
            % {"count": len(spans), "most": MOST_PARAGRAPHS}
        )
    return spans


def _trimmed(text: str, start: int, end: int) -> Span | None:
    """Return the span without blanks around it; None where it has no letter and no digit."""
    part = text[start:end] if start < end else ""
    if not any(map(str.isalnum, part)):
        return None
    return Span(start + len(part) - len(part.lstrip()), end - len(part) + len(part.rstrip()))


def _check_anchor(text: str, sent: Quoted) -> None:
    if 0 <= sent.start < sent.end <= len(text):
        before, after = text[: sent.start][-2 * len(sent.prefix) - 2 :], text[sent.end :][: 2 * len(sent.suffix) + 2]
        if (
            _plain(text[sent.start : sent.end]) == _plain(sent.exact)
            and _plain(before).endswith(_plain(sent.prefix))
            and _plain(after).startswith(_plain(sent.suffix))
        ):
            return
    start = max(0, min(sent.start, len(text)))
    raise AnchorMismatch(sent, Quoted.of(text, start, max(start, min(sent.end, len(text)))))


def _plain(words: str) -> str:
    """Return words with their blanks as one each: a form sends other line ends than the text has."""
    return " ".join(words.split())


def check_current(revision: Revision, chosen: Quoted) -> None:
    """Raise TextReplaced where a revision is not the current one of its article."""
    current = revision.article.current_revision
    if current is None or current.pk == revision.pk:
        return
    try:
        _check_anchor(revision.text, chosen)
        place = find_again(revision.text, chosen.start, chosen.end, current.text).start
    except (AnchorMismatch, NotFoundAgain):
        raise TextReplaced(current, None) from None
    raise TextReplaced(current, Quoted.of(current.text, place, place + chosen.end - chosen.start))


def find_words(text: str, words: str, *, near: int | None = None, number: int = 1) -> Span:
    """Return where words stand in a text, blanks as they come: the place nearest to `near`, else the `number`th one.

    Raises WordsNotFound.
    """
    pattern = r"\s+".join(map(re.escape, words.split()))
    places = [Span(*match.span()) for match in re.finditer(pattern, text)] if pattern else []
    # Written otherwise only where they stand nowhere as they are written.
    places = places or ([Span(*match.span()) for match in re.finditer(pattern, text, re.IGNORECASE)] if pattern else [])
    if near is not None and places:
        return min(places, key=lambda span: (max(span.start - near, near - span.end, 0), span.start))
    if not 1 <= number <= len(places):
        raise WordsNotFound(words)
    return places[number - 1]


def nearest(text: str, words: str, content: Sequence[Span]) -> Span:
    """Return where words stand nearest to the content, before it or after it rather than in it."""
    outside = [(0, content[0].start), (content[-1].end, len(text))]
    found = []
    for low, high in outside:
        near = content[0].start if low == 0 else 0
        try:
            span = find_words(text[low:high], words, near=near)
        except WordsNotFound:
            continue
        found.append(Span(low + span.start, low + span.end))
    if not found:
        return find_words(text, words, near=content[0].start)
    return min(found, key=lambda span: max(content[0].start - span.end, span.start - content[-1].end))


# The row


def _hold(revision: Revision) -> Revision:
    """Return a revision with its article as they are now, held against whoever reads, matches or merges.

    In this order everywhere: the text's row, speakers, then claims.
    """
    # Not its key: a decision about a claim of this text notes that it is due, and is not to wait for who waits for it.
    held = Revision.objects.select_for_update(of=("self",), no_key=True).get(pk=revision.pk)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock_shared(%s)", [SPEAKERS_LOCK])
    hold_matching()
    held.article = Article.objects.select_related("outlet", "current_revision").get(pk=held.article_id)
    return held


def _locked(statement: Statement, revision: Revision) -> Statement:
    """Return a statement as it is now, with its revision as it was held, and its claims locked.

    Raises DecisionConflict where it is gone: the row of words that were moved away goes when they are moved back.
    """
    carried = Attribution.objects.filter(statement=statement.pk).values_list("claim", flat=True)
    lock_claims(carried)
    rows = Statement.objects.select_for_update(of=("self",)).select_related("speaker").prefetch_related("spans")
    row = rows.filter(pk=statement.pk).first()
    if row is None:
        raise DecisionConflict(_("The statement is not there any more: its words are another statement’s again."))
    row.revision = revision
    return row


@dataclass(frozen=True)
class _Told:
    """What an editor tells of a statement, resolved: its columns, cue and source where they are other, and relays."""

    columns: dict[str, Any]
    spans: dict[str, list[Span]]
    relays: dict[tuple[int, int], tuple[Outlet, Span]] | None

    @property
    def wanted(self) -> dict[str, Any]:
        """What a version of the statement knows of it, as it is to be."""
        known = {name: value for name, value in self.columns.items() if name in EDITABLE[Statement].columns}
        if self.relays is not None:
            known["relays"] = {outlet for outlet, _ in self.relays.values()}
        return known


def _resolved(row: Statement, content: Sequence[Span], changes: Changes) -> _Told:
    text = row.revision.text
    columns: dict[str, Any] = {
        "start": content[0].start,
        "end": content[-1].end,
        "content_key": _key(content),
        "quote": JOINT.join(text[span.start : span.end] for span in content),
    }
    if "kind" in changes:
        if changes["kind"] not in Statement.Kind.values:
            raise DecisionRefused(_("There is no kind of statement “%(kind)s”.") % {"kind": changes["kind"][:50]})
        columns["kind"] = changes["kind"]
    if "speaker" in changes or "speaker_name" in changes:
        columns["speaker"] = speaker = _speaker(changes, row.revision)
        columns["speaker_name"] = (_plain(changes.get("speaker_name", "")) or str(speaker or ""))[:MOST_CHARACTERS]
    spans = {role: _given(text, changes[role], content) for role in _GIVEN if role in changes}  # type: ignore[literal-required]
    spans = {role: given for role, given in spans.items() if given != _spans_of(row, role)}
    if Role.SOURCE in spans:
        printed = " ".join(text[span.start : span.end] for span in spans[Role.SOURCE])
        columns["source_text"] = _plain(printed)[:MOST_SOURCE]
    if Role.CUE in spans:
        source = spans.get(Role.SOURCE.value, _spans_of(row, Role.SOURCE))
        first = min(span.start for span in (*spans[Role.CUE], *source, *content))
        cue = standing.of(text, spans[Role.CUE], source, content, sentence_around(text, first).start)
        columns |= {"act": cue.act, "hedged": cue.hedged, "denies": cue.denies}
    if "denies" in changes:
        columns["denies"] = changes["denies"]
    relays = _relays(text, changes["relays"], content) if "relays" in changes else None
    return _Told(columns, spans, relays)


#: What is said of words besides where they stand, by whom, and through which outlets.
_TOLD_OF_WORDS = ("speaker_name", "kind", "act", "negated", "hedged", "denies", "source_text", "heading", "said_on")
#: The pieces that an editor gives besides the content.
_GIVEN = (Role.CUE.value, Role.SOURCE.value)


def _given(text: str, words: Words, content: Sequence[Span]) -> list[Span]:
    """Return where the words of a cue or a source stand; none where none are given."""
    if isinstance(words, Quoted):
        _check_anchor(text, words)
        span = _trimmed(text, words.start, words.end)
        return [span] if span is not None else []
    return [nearest(text, words, content)] if words.strip() else []


def _speaker(changes: Changes, revision: Revision) -> Speaker | None:
    """Return the speaker that was chosen, or else the one of that name, made where there is none; None for nobody."""
    chosen = changes.get("speaker")
    if chosen is not None:
        found = Speaker.objects.select_related("merged_into").filter(pk=chosen.pk).first()
        if found is None:
            raise DecisionConflict(_("The speaker is not there any more; choose another."))
        return found.merged_into or found
    name = _plain(changes.get("speaker_name", ""))[:MOST_CHARACTERS]
    if not name:
        return None
    published_at = revision.article.published_at
    return resolve_speakers([Mention(name)], on=published_at.date() if published_at else None)[name]


def _relays(
    text: str, given: Sequence[Relay | str], content: Sequence[Span]
) -> dict[tuple[int, int], tuple[Outlet, Span]]:
    """Return (outlet, where the text names it) by outlet and hop. Outlets that are not known yet are made."""
    if len(given) > MOST_RELAYS:
        raise DecisionRefused(_("A statement has %(most)d relays at most.") % {"most": MOST_RELAYS})
    found: dict[tuple[int, int], tuple[Outlet, Span]] = {}
    for each in given:
        relay = each if isinstance(each, Relay) else Relay(each, nearest(text, each, content))
        if not 0 <= relay.span.start < relay.span.end <= len(text) or relay.hop < 1:
            raise WordsNotFound(relay.name)
        outlet = resolve_outlet(relay.name)
        found.setdefault((outlet.pk, relay.hop), (outlet, relay.span))
    return found


def _move(row: Statement, content: Sequence[Span]) -> dict[str, Any]:
    """Make way for other words of a statement: those that it had are kept as withdrawn, so that none finds them again.

    Returns the row that keeps them, and what was kept of the words that it is to get. Raises StatementExists where
    another one has these, or had them and claims or notes hang on it.
    """
    key = _key(content)
    if key == row.content_key:
        return {}
    taken = Statement.objects.filter(revision=row.revision_id, content_key=key).first()
    if taken is not None and (taken.withdrawn_reason != MOVED or _is_used(taken)):
        raise StatementExists(taken)
    gave_way = {}
    if taken is not None:
        said = {name: rows for name, rows in _as_stored(taken).items() if name != "columns"}
        gave_way = {"taken": row_values(taken), "taken_said": said}
        taken.delete()
    left = Statement(
        uid=uuid4(),
        revision=row.revision,
        start=row.start,
        end=row.end,
        content_key=row.content_key,
        quote=row.quote,
        terms=_terms(row.quote),
        kind=row.kind,
        confidence=1.0,
        method=BY_EDITOR,
        withdrawn_at=timezone.now(),
        withdrawn_reason=MOVED,
    )
    # Its old key is free once it has the other.
    row.content_key = key
    row.save(update_fields=["content_key"])
    left.save()
    return {"left": left.pk, **gave_way}


def _is_used(moved: Statement) -> bool:
    """Whether something hangs on the row of words that were moved away: they stood again for a while."""
    hanging: list[QuerySet[Any]] = [moved.attributions.all(), moved.notes.all(), moved.flags.all()]
    return any(rows.exists() for rows in (*hanging, moved.changes.filter(undone_at=None)))


def _told_before(row: Statement) -> _Told:
    """Return what was told of words when an editor moved them away; nothing where that was in another text."""
    change = (
        StatementChange.objects.filter(statement__revision=row.revision_id, beside__left=row.pk).order_by("-pk").first()
    )
    if change is None or change.before is None:
        return _Told({}, {}, None)
    columns = {name: change.before["columns"][name] for name in _TOLD_OF_WORDS}
    columns["said_on"] = from_json(Statement, "said_on", columns["said_on"])
    columns["speaker"] = _known_speaker(change.before["columns"]["speaker_id"])
    spans: dict[str, list[Span]] = {role: [] for role in _GIVEN}
    for role, start, end in change.before["spans"]:
        if role in spans:
            spans[role].append(Span(start, end))
    kept = {(outlet, hop): Span(start, end) for outlet, hop, start, end in change.before["relays"]}
    outlets = Outlet.objects.select_related("merged_into").in_bulk([outlet for outlet, _hop in kept])
    relays = {}
    for (pk, hop), span in kept.items():
        if (outlet := outlets.get(pk)) is not None:
            outlet = outlet.merged_into or outlet
            relays[outlet.pk, hop] = outlet, span
    return _Told(columns, spans, relays)


def _store(row: Statement, content: Sequence[Span], told: _Told) -> None:
    """Store a statement as an editor tells it, and bring what follows from its claims up to date."""
    for name, value in told.columns.items():
        setattr(row, name, value)
    row.terms = _terms(row.quote)
    row.confidence, row.method = 1.0, BY_EDITOR
    row.save()
    spans = told.spans | ({Role.CONTENT.value: list(content)} if list(content) != _spans_of(row, Role.CONTENT) else {})
    row.spans.filter(role__in=spans).delete()
    StatementSpan.objects.bulk_create(
        StatementSpan(statement=row, role=role, start=span.start, end=span.end)
        for role, given in spans.items()
        for span in given
    )
    if told.relays is not None:
        _store_relays(row, {key: span for key, (_outlet, span) in told.relays.items()})
    _index(row)
    _refresh_claims(row)


def _terms(quote: str) -> list[str]:
    return sorted({term[:100] for term in terms(quote)})


def _index(row: Statement) -> None:
    """Let a statement be found by its words."""
    published_at = row.revision.article.published_at
    language = row.revision.article.language[:2].lower() or detect(row.quote)
    index_statements([row], published_at.date() if published_at else None, language)


def _store_relays(row: Statement, relays: Mapping[tuple[int, int], Span]) -> None:
    """Give a statement these relays, by outlet and hop; those that it has already stay as they are."""
    kept = set()
    for relay in row.relays.all():
        if (relay.outlet_id, relay.hop) in relays:
            kept.add((relay.outlet_id, relay.hop))
        else:
            relay.delete()
    StatementRelay.objects.bulk_create(
        StatementRelay(statement=row, outlet_id=outlet, hop=hop, start=span.start, end=span.end)
        for (outlet, hop), span in relays.items()
        if (outlet, hop) not in kept
    )


def _refresh_claims(row: Statement, *, besides: Collection[int] = ()) -> None:
    claims = {*Attribution.objects.filter(statement=row).values_list("claim", flat=True), *besides}
    if claims:
        refresh(claims)


def _spans_of(row: Statement, role: str) -> list[Span]:
    spans = row.spans.all() if row.pk is not None else []
    return sorted(Span(span.start, span.end) for span in spans if span.role == role)


def _key(content: Sequence[Span]) -> str:
    return ",".join(f"{span.start}-{span.end}" for span in content)


def _places(key: str) -> list[Span]:
    """Return where the pieces of a content stand, from its key."""
    return [Span(int(start), int(end)) for start, _dash, end in (piece.partition("-") for piece in key.split(","))]
