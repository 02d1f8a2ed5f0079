"""Reading articles: revisions without statements get them, and those that an older extractor read are read again."""

import logging
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

import pghistory
from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django.db.models import Exists, F, OuterRef, QuerySet
from django.utils import timezone

from claims.extraction import EXTRACTOR_VERSION, ExtractedStatement, Span, extract
from claims.extraction.foreign import detect
from claims.matching import terms
from claims.models import (
    Attribution,
    Claim,
    ComparisonDue,
    Extraction,
    ExtractorVersion,
    ReadingDue,
    Speaker,
    Statement,
    StatementRelay,
    StatementSpan,
)
from claims.services.carrying import (
    BY_EDITOR,
    MOSTLY,
    NOT_FOUND,
    Found,
    carry_decisions,
    carry_statements,
    touched_before,
    withdraw_again,
)
from claims.services.claims import add_reports, refresh_sentences
from claims.services.conflicts import refresh_conflicts
from claims.services.locks import hold_matching
from claims.services.speakers import Mention, resolve_speakers
from claims.services.summaries import refresh_corroboration
from claims.services.topics import assign_topics
from sources import locks
from sources.identity import uid_for
from sources.models import Article, ImportRun, Outlet, Revision
from sources.services.outlets import resolve_outlet

logger = logging.getLogger(__name__)

JOINT = " … "


def unread() -> "QuerySet[ReadingDue]":
    """Current texts that this version of the extractor has neither read nor given up on."""
    latest = ExtractorVersion.objects.order_by("-pk").values_list("version", flat=True).first()
    if latest in (EXTRACTOR_VERSION, None):
        return ReadingDue.objects.all()
    # Beside a newer version, for which texts wait that this one has read.
    begun = Extraction.objects.filter(revision=OuterRef("revision"), version=EXTRACTOR_VERSION)
    return ReadingDue.objects.filter(~Exists(begun.exclude(state=Extraction.State.STARTED)))


def mark_texts_of_before() -> int:
    """Have this version read what earlier ones have, if it has just come; return how many texts wait for that."""
    if ExtractorVersion.objects.filter(version=EXTRACTOR_VERSION, all_marked=True).exists():
        return 0
    # Known to all before anything is marked: what an earlier version reads from now on waits none the less.
    ExtractorVersion.objects.get_or_create(version=EXTRACTOR_VERSION)
    with transaction.atomic(), connection.cursor() as cursor:
        coming = ExtractorVersion.objects.select_for_update().get(version=EXTRACTOR_VERSION)
        if coming.all_marked:
            return 0
        cursor.execute(_MARK_ALL, {"version": EXTRACTOR_VERSION, "started": Extraction.State.STARTED})
        coming.all_marked = True
        coming.save(update_fields=["all_marked"])
        return cursor.rowcount


_MARK_ALL = """
INSERT INTO claims_readingdue (revision_id, again)
SELECT current_revision_id, EXISTS (
    SELECT FROM claims_extraction WHERE revision_id = current_revision_id AND state <> %(started)s
)
FROM sources_article
WHERE current_revision_id IS NOT NULL AND NOT EXISTS (
    SELECT FROM claims_extraction
    WHERE revision_id = current_revision_id AND version = %(version)s AND state <> %(started)s
)
ON CONFLICT (revision_id) DO NOTHING
"""


def unfinished(run: ImportRun) -> int:
    """Return how many of a run's articles have statements still to be found or matched, or claims to be counted."""
    revisions = Revision.objects.filter(current_of__import_items__run=run)
    ended = [Extraction.State.MATCHED, Extraction.State.FAILED]
    done = Extraction.objects.filter(revision=OuterRef("pk"), version=EXTRACTOR_VERSION, state__in=ended)
    uncounted = ComparisonDue.objects.filter(revision=OuterRef("pk"), renewed=False)
    return revisions.filter(~Exists(done) | Exists(uncounted)).distinct().count()


def extract_next_revision() -> bool:
    """Store the statements of one unread revision; False when there is none that no other worker has.

    The attempt is counted first, so a text that kills its worker is given up after IMPORT_MAX_ATTEMPTS.
    """
    with transaction.atomic():
        waiting = unread().select_for_update(skip_locked=True, of=("self",))
        due = waiting.order_by("again", "begun", "revision").first()
        if due is None:
            return False
        revision_id = due.revision_id
        if not Article.objects.filter(current_revision=revision_id).exists():
            # Another text took its place before it was read.
            due.delete()
            return True
        if not locks.take(locks.READING, revision_id):
            # Another worker has counted its attempt and not locked the row again yet.
            return True
    with locks.released_after(locks.READING, revision_id):
        if _count_attempt(revision_id):
            extract_revision(revision_id)
    return True


def _count_attempt(revision_id: int) -> bool:
    """Count an attempt to read a revision; False if there were enough and it is given up."""
    extraction, _ = Extraction.objects.get_or_create(revision_id=revision_id, version=EXTRACTOR_VERSION)
    if extraction.state != Extraction.State.STARTED:
        # Stored past the triggers, or by another worker since it was looked for.
        unread().filter(revision=revision_id).delete()
        return False
    if extraction.attempts >= settings.IMPORT_MAX_ATTEMPTS:
        reason = extraction.reason or "The worker that read it stopped each time."
        _give_up(extraction, f"Given up after {extraction.attempts} attempts. {reason}")
        return False
    Extraction.objects.filter(pk=extraction.pk).update(attempts=F("attempts") + 1)
    return True


def _give_up(extraction: Extraction, reason: str) -> None:
    extraction.state, extraction.reason = Extraction.State.FAILED, reason
    extraction.save(update_fields=["state", "reason", "updated_at"])
    logger.error("extraction failed revision=%s reason=%s", extraction.revision_id, reason)


def extract_revision(revision_id: int) -> list[Statement]:
    """Store the statements of a revision, unless another worker is at it, and return those that are new.

    All are stored or none. Statements that an earlier version found stay if this one finds them again, with what it
    says of them now; else they are withdrawn, unless an editor confirmed what they carry. One that an earlier version
    lost comes back when it is found again. What an editor decided stays decided, and what editors made, corrected or
    withdrew in an earlier text holds for the same words in this one.
    """
    with transaction.atomic(), pghistory.context(method=EXTRACTOR_VERSION):
        revision = (
            Revision.objects.select_for_update(skip_locked=True, of=("self",), no_key=True)
            .select_related("article__outlet")
            .filter(pk=revision_id)
            .first()
        )
        if revision is None:
            return []
        # Others take another one meanwhile.
        list(ReadingDue.objects.select_for_update(skip_locked=True, of=("self",)).filter(revision=revision))
        extraction, _ = Extraction.objects.get_or_create(revision=revision, version=EXTRACTOR_VERSION)
        if extraction.state != Extraction.State.STARTED:
            return []
        try:
            with transaction.atomic():
                found = extract(revision.text, language=revision.article.language or detect(revision.text))
                reading = _Reading.of(revision, found)
                stored = _store_statements(revision, reading)
                withdraw_again(reading.withdrawn, [*reading.known.values(), *stored])
                carry_decisions(revision)
                _settle(reading, stored)
        except DatabaseError:
            raise
        except Exception as error:
            logger.exception("extraction crashed revision=%s", revision.pk)
            extraction.reason = f"{type(error).__name__}: {error}"
            extraction.save(update_fields=["reason", "updated_at"])
            return []
        extraction.state = Extraction.State.EXTRACTED
        extraction.save(update_fields=["state", "updated_at"])
    logger.info("extracted revision=%s statements=%d", revision.pk, len(stored))
    return stored


@dataclass
class _Reading:
    """What an extraction found in a revision, beside the statements that the revision has."""

    found: dict[str, ExtractedStatement]
    known: dict[str, Statement]
    speakers: dict[str, Speaker]
    settled: set[int] = field(default_factory=set)  # statements about which an editor decided
    withdrawn: dict[str, Statement] = field(default_factory=dict)  # what editors withdrew in earlier texts

    @classmethod
    def of(cls, revision: Revision, statements: Iterable[ExtractedStatement]) -> "_Reading":
        found: dict[str, ExtractedStatement] = {}
        for statement in statements:
            found.setdefault(_key(statement.content), statement)
        mentions = [Mention(s.speaker, s.speaker_titles, s.represents) for s in _speaking(found.values()).values()]
        published_at = revision.article.published_at
        speakers = resolve_speakers(mentions, on=published_at.date() if published_at else None)
        reading = cls(found, _known(revision), speakers)
        touched = touched_before(revision)
        if reading.known or touched:
            # Matchers write the same claims, and editors may decide on them: both wait until this is done.
            hold_matching()
            claims = Claim.objects.filter(attributions__statement__revision=revision).values("pk")
            list(Claim.objects.filter(pk__in=claims).order_by("pk").select_for_update().values_list("pk", flat=True))
            reading.settled = _settled(reading.known)
        if touched:
            rows = {
                key: Found(_statement(revision, key, each, reading.speaker(each)), _pieces(each))
                for key, each in found.items()
            }
            made, reading.withdrawn = carry_statements(revision, touched, rows, reading.known, reading.settled)
            if made:
                reading.known = _known(revision)
                reading.settled = _settled(reading.known)
        return reading

    def speaker(self, statement: ExtractedStatement) -> Speaker | None:
        return self.speakers.get(statement.speaker)

    def new(self) -> dict[str, ExtractedStatement]:
        """Return what was found for the first time, save what all but repeats a statement that an editor confirmed."""
        confirmed = _confirmed(self.known.values())
        kept = [
            {at for span in _content(statement) for at in range(span.start, span.end)}
            for key, statement in self.known.items()
            if key not in self.found
            and statement.withdrawn_at is None
            and (statement.pk in confirmed or statement.method == BY_EDITOR)
        ]
        return {
            key: statement
            for key, statement in self.found.items()
            if key not in self.known and not any(_share(statement.content, words) > MOSTLY for words in kept)
        }

    def vanished(self) -> list[Statement]:
        """Return the standing statements that were not found again and that no editor made or confirmed."""
        gone = [
            statement
            for key, statement in self.known.items()
            if key not in self.found and statement.withdrawn_at is None and statement.method != BY_EDITOR
        ]
        confirmed = _confirmed(gone) if gone else set()
        return [statement for statement in gone if statement.pk not in confirmed]


def _known(revision: Revision) -> dict[str, Statement]:
    """Return the statements that a text has, by content key."""
    rows = Statement.objects.filter(revision=revision).select_related("speaker").prefetch_related("spans", "relays")
    return {statement.content_key: statement for statement in rows}


def _settled(known: Mapping[str, Statement]) -> set[int]:
    return _decided(known.values()) | {row.pk for row in known.values() if row.method == BY_EDITOR}


def _content(statement: Statement) -> list[Span]:
    return sorted(
        Span(span.start, span.end) for span in statement.spans.all() if span.role == StatementSpan.Role.CONTENT
    )


def _share(spans: Iterable[Span], characters: Collection[int]) -> float:
    """Return which part of the spans lies within `characters`, 0.0 to 1.0."""
    places = [at for span in spans for at in range(span.start, span.end)]
    return sum(at in characters for at in places) / len(places) if places else 0.0


def _decided(statements: Iterable[Statement]) -> set[int]:
    decided = Attribution.objects.exclude(status=Attribution.Status.PROPOSED)
    return set(decided.filter(statement__in=[s.pk for s in statements]).values_list("statement", flat=True))


def _confirmed(statements: Iterable[Statement]) -> set[int]:
    confirmed = Attribution.objects.filter(status=Attribution.Status.CONFIRMED)
    return set(confirmed.filter(statement__in=[s.pk for s in statements]).values_list("statement", flat=True))


def _store_statements(revision: Revision, reading: _Reading) -> list[Statement]:
    """Store what was found for the first time, bring the rest up to date, and return the statements that are new."""
    new = reading.new()
    stored = Statement.objects.bulk_create(
        _statement(revision, key, statement, reading.speaker(statement)) for key, statement in new.items()
    )
    fresh = list(zip(stored, new.values(), strict=True))
    _update_known(revision, reading)
    changed = [
        (reading.known[key], statement)
        for key, statement in reading.found.items()
        if key in reading.known
        and reading.known[key].pk not in reading.settled
        and _pieces(statement) != {(s.role, s.start, s.end) for s in reading.known[key].spans.all()}
    ]
    StatementSpan.objects.filter(statement__in=[row.pk for row, _ in changed]).delete()
    StatementSpan.objects.bulk_create(
        StatementSpan(statement=row, role=role, start=start, end=end)
        for row, statement in (*fresh, *changed)
        for role, start, end in sorted(_pieces(statement))
    )
    again = [
        (row, reading.found[key])
        for key, row in reading.known.items()
        if key in reading.found and row.pk not in reading.settled
    ]
    _store_relays(revision, fresh, again)
    return stored


#: What a version of the extractor says of a statement, besides its content.
_SAID = (
    *("speaker", "speaker_name", "kind", "act", "negated", "hedged", "denies"),
    *("source_text", "heading", "terms", "confidence", "method"),
)


def _update_known(revision: Revision, reading: _Reading) -> None:
    """Bring back what was lost and is found again, and let the extractor correct what it said of its own proposals."""
    changed = []
    for key, row in reading.known.items():
        if key not in reading.found:
            continue
        before = [getattr(row, name) for name in (*_SAID, "withdrawn_at")]
        if row.withdrawn_reason.startswith(NOT_FOUND):
            row.withdrawn_at, row.withdrawn_reason = None, ""
        if row.pk not in reading.settled:
            statement = reading.found[key]
            now = _statement(revision, key, statement, reading.speaker(statement))
            for name in _SAID:
                setattr(row, name, getattr(now, name))
        if before != [getattr(row, name) for name in (*_SAID, "withdrawn_at")]:
            changed.append(row)
    Statement.objects.bulk_update(changed, [*_SAID, "withdrawn_at", "withdrawn_reason"])


def _pieces(statement: ExtractedStatement) -> set[tuple[str, int, int]]:
    return {
        (role, span.start, span.end)
        for role, spans in (
            (StatementSpan.Role.CONTENT.value, statement.content),
            (StatementSpan.Role.CUE.value, statement.cue),
            (StatementSpan.Role.SOURCE.value, statement.source),
        )
        for span in spans
    }


def _store_relays(
    revision: Revision,
    fresh: Iterable[tuple[Statement, ExtractedStatement]],
    again: Iterable[tuple[Statement, ExtractedStatement]],
) -> None:
    """Give new statements their relays, and replace those of statements found again where they changed."""
    outlets: dict[str, Outlet] = {}
    own = revision.article.outlet

    def relays(row: Statement, statement: ExtractedStatement) -> dict[tuple[int, int], StatementRelay]:
        found: dict[tuple[int, int], StatementRelay] = {}
        for relay in statement.relays:
            if relay.name not in outlets:
                outlets[relay.name] = own if _is_own_name(relay.name, own.name) else resolve_outlet(relay.name)
            outlet = outlets[relay.name]
            found.setdefault(
                (outlet.pk, relay.hop),
                StatementRelay(statement=row, outlet=outlet, hop=relay.hop, start=relay.span.start, end=relay.span.end),
            )
        return found

    rows = [relay for pair in fresh for relay in relays(*pair).values()]
    stale = []
    for row, statement in again:
        now = relays(row, statement)
        before = {(relay.outlet_id, relay.hop): (relay.start, relay.end) for relay in row.relays.all()}
        if before != {key: (relay.start, relay.end) for key, relay in now.items()}:
            stale.append(row.pk)
            rows += now.values()
    StatementRelay.objects.filter(statement__in=stale).delete()
    StatementRelay.objects.bulk_create(rows)


def _settle(reading: _Reading, stored: list[Statement]) -> None:
    """Withdraw what was not found again, let what took its place carry its claims, and count these anew."""
    if not reading.known:
        return
    vanished = reading.vanished()
    now = timezone.now()
    for statement in vanished:
        statement.withdrawn_at, statement.withdrawn_reason = now, f"{NOT_FOUND}{EXTRACTOR_VERSION}"
    Statement.objects.bulk_update(vanished, ["withdrawn_at", "withdrawn_reason"])
    _inherit(reading, vanished, stored)
    touched = [*(row.pk for row in reading.known.values()), *(row.pk for row in stored)]
    claims = Claim.objects.filter(pk__in=Attribution.objects.filter(statement__in=touched).values("claim"))
    refresh_sentences(list(claims.order_by("pk")))
    claim_ids = list(claims.values_list("pk", flat=True))
    assign_topics(claim_ids)
    refresh_conflicts(claim_ids)
    refresh_corroboration(claim_ids)
    if vanished:
        logger.info("withdrawn version=%s statements=%d", EXTRACTOR_VERSION, len(vanished))


def _inherit(reading: _Reading, vanished: list[Statement], stored: list[Statement]) -> None:
    """Give a new statement the attributions of the one whose words are mostly its own and that it takes the place of.

    Claims keep their addresses where an extractor only moves an edge, and what an editor rejected is not proposed
    again. With another speaker it is another statement, unless an editor decided about the words.
    """
    heirs: dict[int, Statement] = {}
    new = [
        (row, {at for s in reading.found[row.content_key].content for at in range(s.start, s.end)}) for row in stored
    ]
    for old in vanished:
        words = {at for span in _content(old) for at in range(span.start, span.end)}
        shares = [
            (len(words & other) / len(words | other), -row.pk, row)
            for row, other in new
            if row.start < old.end and old.start < row.end
        ]
        share, _, heir = max(shares, default=(0.0, 0, None), key=lambda found: found[:2])
        if heir is not None and share >= MOSTLY and (old.pk in reading.settled or heir.speaker_id == old.speaker_id):
            heirs[old.pk] = heir
    add_reports(
        Attribution(
            uid=uid_for("attribution", str(heirs[old.statement_id].uid), str(old.claim.uid)),
            statement=heirs[old.statement_id],
            **{
                name: getattr(old, name)
                for name in (
                    *("claim", "stance", "status", "score", "sub_scores", "method"),
                    *("decided_by", "decided_at"),
                )
            },
        )
        for old in Attribution.objects.filter(statement__in=heirs).select_related("claim", "decided_by").order_by("pk")
    )


def _is_own_name(name: str, own: str) -> bool:
    """Return whether an outlet calls itself so: "told the Courier" in the Evening Courier."""
    words, own_words = name.casefold().removeprefix("the ").split(), own.casefold().split()
    return bool(words) and own_words[-len(words) :] == words


def _key(spans: Iterable[Span]) -> str:
    return ",".join(f"{span.start}-{span.end}" for span in spans)


def _speaking(statements: Iterable[ExtractedStatement]) -> dict[str, ExtractedStatement]:
    """Return, by speaker's name, the statement that says most of who the speaker is."""
    speaking: dict[str, ExtractedStatement] = {}
    for statement in statements:
        known = speaking.get(statement.speaker)
        if statement.speaker and (known is None or (statement.represents and not known.represents)):
            speaking[statement.speaker] = statement
    return speaking


def _statement(revision: Revision, key: str, found: ExtractedStatement, speaker: Speaker | None) -> Statement:
    quote = JOINT.join(revision.text[span.start : span.end] for span in found.content)
    return Statement(
        uid=uid_for("statement", str(revision.uid), key),
        revision=revision,
        speaker=speaker,
        speaker_name=" ".join(found.speaker.split())[:300],
        kind=found.kind,
        act=found.act,
        negated=found.negated,
        hedged=found.hedged,
        denies=found.denies,
        start=found.content[0].start,
        end=found.content[-1].end,
        content_key=key,
        quote=quote,
        source_text=" ".join(revision.text[span.start : span.end] for span in found.source)[:500],
        heading=found.heading[:300],
        terms=sorted({term[:100] for term in terms(quote)}),
        confidence=found.confidence,
        method=EXTRACTOR_VERSION,
    )
