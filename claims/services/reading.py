"""Reading articles: revisions without statements get them."""

import logging
from collections.abc import Iterable

import pghistory
from django.conf import settings
from django.db import DatabaseError, transaction
from django.db.models import Exists, F, OuterRef, QuerySet

from claims.extraction import EXTRACTOR_VERSION, ExtractedStatement, Span, extract
from claims.matching import terms
from claims.models import Extraction, Speaker, SpeakerAlias, Statement, StatementRelay, StatementSpan
from claims.services.carrying import carry_decisions
from sources.identity import uid_for
from sources.models import ImportRun, Outlet, Revision
from sources.services import resolve_outlet

logger = logging.getLogger(__name__)

JOINT = " … "


def unread_revisions() -> "QuerySet[Revision]":
    """Current revisions that this version of the extractor has neither read nor given up on."""
    done = Extraction.objects.filter(revision=OuterRef("pk"), version=EXTRACTOR_VERSION).exclude(
        state=Extraction.State.STARTED
    )
    return Revision.objects.filter(~Exists(done), current_of__isnull=False)


def unfinished(run: ImportRun) -> int:
    """Return how many of a run's articles have statements still to be found or matched."""
    revisions = Revision.objects.filter(current_of__import_items__run=run)
    ended = [Extraction.State.MATCHED, Extraction.State.FAILED]
    done = Extraction.objects.filter(revision=OuterRef("pk"), version=EXTRACTOR_VERSION, state__in=ended)
    return revisions.filter(~Exists(done)).distinct().count()


def extract_next_revision() -> bool:
    """Store the statements of one unread revision; False when there is none that no other worker has.

    The attempt is counted first, so a text that kills its worker is given up after IMPORT_MAX_ATTEMPTS.
    """
    with transaction.atomic():
        revision = unread_revisions().select_for_update(skip_locked=True, of=("self",)).order_by("pk").first()
        if revision is None:
            return False
        extraction, _ = Extraction.objects.get_or_create(revision=revision, version=EXTRACTOR_VERSION)
        if extraction.attempts >= settings.IMPORT_MAX_ATTEMPTS:
            reason = extraction.reason or "The worker that read it stopped each time."
            _give_up(extraction, f"Given up after {extraction.attempts} attempts. {reason}")
            return True
        Extraction.objects.filter(pk=extraction.pk).update(attempts=F("attempts") + 1)
    extract_revision(revision.pk)
    return True


def _give_up(extraction: Extraction, reason: str) -> None:
    extraction.state, extraction.reason = Extraction.State.FAILED, reason
    extraction.save(update_fields=["state", "reason", "updated_at"])
    logger.error("extraction failed revision=%s reason=%s", extraction.revision_id, reason)


def extract_revision(revision_id: int) -> list[Statement]:
    """Store the statements of a revision, unless another worker is at it, and return those that are new.

    All are stored or none; statements of an earlier extraction with the same content stay as they are.
    """
    with transaction.atomic(), pghistory.context(method=EXTRACTOR_VERSION):
        revision = (
            Revision.objects.select_for_update(skip_locked=True, of=("self",))
            .select_related("article__outlet")
            .filter(pk=revision_id)
            .first()
        )
        if revision is None:
            return []
        extraction, _ = Extraction.objects.get_or_create(revision=revision, version=EXTRACTOR_VERSION)
        if extraction.state != Extraction.State.STARTED:
            return []
        try:
            with transaction.atomic():
                found = extract(revision.text, language=revision.article.language)
                stored = _store_statements(revision, found)
                carry_decisions(revision)
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


def _store_statements(revision: Revision, found: list[ExtractedStatement]) -> list[Statement]:
    by_key: dict[str, ExtractedStatement] = {}
    for statement in found:
        by_key.setdefault(_key(statement.content), statement)
    known = set(Statement.objects.filter(revision=revision).values_list("content_key", flat=True))
    new = {key: statement for key, statement in by_key.items() if key not in known}
    speakers = {name: resolve_speaker(name, statement) for name, statement in _speaking(new.values()).items()}
    stored = Statement.objects.bulk_create(
        _statement(revision, key, statement, speakers.get(statement.speaker)) for key, statement in new.items()
    )
    pairs = list(zip(stored, new.values(), strict=True))
    StatementSpan.objects.bulk_create(
        StatementSpan(statement=row, role=role, start=span.start, end=span.end)
        for row, statement in pairs
        for role, spans in (
            (StatementSpan.Role.CONTENT, statement.content),
            (StatementSpan.Role.CUE, statement.cue),
            (StatementSpan.Role.SOURCE, statement.source),
        )
        for span in sorted(set(spans))
    )
    outlets: dict[str, Outlet] = {}
    relays: dict[tuple[int, int, int], StatementRelay] = {}
    for row, statement in pairs:
        for relay in statement.relays:
            if relay.name not in outlets:
                own = revision.article.outlet
                outlets[relay.name] = own if _is_own_name(relay.name, own.name) else resolve_outlet(relay.name)
            outlet = outlets[relay.name]
            relays.setdefault(
                (row.pk, outlet.pk, relay.hop),
                StatementRelay(statement=row, outlet=outlet, hop=relay.hop, start=relay.span.start, end=relay.span.end),
            )
    StatementRelay.objects.bulk_create(relays.values())
    return stored


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


def resolve_speaker(name: str, described: ExtractedStatement) -> Speaker:
    """Return the speaker that goes by `name`, made where there is none; what it represents is filled in if blank."""
    name = " ".join(name.split())[:300]
    speaker = _speaker_called(name)
    if described.represents and described.represents.casefold() != name.casefold() and speaker.represents_id is None:
        principal = _speaker_called(described.represents, kind=Speaker.Kind.BODY)
        if principal.pk != speaker.pk:
            speaker.represents = principal
            speaker.save(update_fields=["represents"])
    return speaker


def _speaker_called(name: str, *, kind: str = Speaker.Kind.UNKNOWN) -> Speaker:
    alias = SpeakerAlias.objects.select_related("speaker__merged_into").filter(name__iexact=name).first()
    if alias is not None:
        return alias.speaker.merged_into or alias.speaker
    with transaction.atomic():
        speaker, _ = Speaker.objects.get_or_create(
            uid=uid_for("speaker", name.casefold()), defaults={"name": name, "kind": kind}
        )
        alias, _ = SpeakerAlias.objects.get_or_create(name__iexact=name, defaults={"speaker": speaker, "name": name})
    return alias.speaker
