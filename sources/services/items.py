"""Items of import runs: waiting documents imported, together where that goes, and what became of each."""

import logging
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from traceback import format_exc

from django.db import InterfaceError, OperationalError, transaction
from django.db.models import Case, CharField, IntegerField, TextField, Value, When
from django.utils import timezone

from sources.errors import FAULT_OF_OURS, DocumentRefused, DocumentUnchanged
from sources.identity import sha256_hex
from sources.models import Article, ImportItem
from sources.services import payloads
from sources.services.articles import Arrival, Stored, store_articles
from sources.services.contents import read_content
from sources.services.runs import storable

logger = logging.getLogger(__name__)

_State = ImportItem.State


@dataclass(frozen=True)
class Outcome:
    """What became of an item; one whose import crashed waits for another try, with the traceback."""

    state: str
    reason: str = ""
    article: Article | None = None
    needs_look: bool = False
    traceback: str = ""


def import_items(item_ids: Sequence[int]) -> None:
    """Import the documents that still wait and that no other worker has.

    Articles, snapshots, revisions and derivations are stored together with their items' new states or not at all: in
    one transaction for all, and where that fails in one for each, so that a bad document harms no other.

    Raises OperationalError or InterfaceError when the database is away; what is not stored waits.
    """
    if len(item_ids) > 1:
        try:
            with transaction.atomic():
                items = _take(item_ids)
                _finish(items, _outcomes(items))
        except Exception:
            logger.warning("import of items together failed items=%d", len(item_ids), exc_info=True)
        else:
            return
    for item_id in item_ids:
        _import_alone(item_id)


def _import_alone(item_id: int) -> None:
    with transaction.atomic():
        items = _take([item_id])
        if not items:
            return
        try:
            with transaction.atomic():
                outcomes = _outcomes(items)
        except (OperationalError, InterfaceError):
            raise
        except Exception:
            logger.exception("import crashed item=%s", item_id)
            outcomes = [_crash()]
        _finish(items, outcomes)


def _take(item_ids: Sequence[int]) -> list[ImportItem]:
    waiting = ImportItem.objects.pending().filter(pk__in=item_ids).select_related("run").defer("payload")
    items = list(waiting.select_for_update(skip_locked=True, of=("self",)).order_by("pk"))
    if items:
        payloads.load_payloads(items)
    return items


def _outcomes(items: Sequence[ImportItem]) -> list[Outcome]:
    read = [_read(item) for item in items]
    arrivals = [one for one in read if isinstance(one, Arrival)]
    stored = iter(store_articles(arrivals))
    return [_outcome(one, next(stored)) if isinstance(one, Arrival) else one for one in read]


def _read(item: ImportItem) -> Arrival | Outcome:
    payload = bytes(item.payload or b"")
    try:
        content = read_content(payload, item.media_type, item.record)
    except DocumentRefused as refused:
        return Outcome(_State.FAILED, str(refused))
    except Exception:
        logger.exception("import crashed item=%s", item.pk)
        return _crash()
    return Arrival(
        item.pk, sha256_hex(payload), item.media_type, item.record, content, requested_at=item.run.created_at
    )


def _crash() -> Outcome:
    """Return that an item waits for another try; to be called where its error is handled."""
    return Outcome(_State.PENDING, FAULT_OF_OURS, traceback=storable(format_exc()))


def _outcome(arrival: Arrival, stored: Stored) -> Outcome:
    if isinstance(stored, DocumentRefused):
        return Outcome(_State.FAILED, str(stored))
    if isinstance(stored, DocumentUnchanged):
        return Outcome(_State.SKIPPED, str(stored), stored.article)
    lost = arrival.content.lost_quotes
    return Outcome(_State.IMPORTED, _loss(lost), stored, needs_look=bool(lost))


def _loss(quotes: tuple[str, ...]) -> str:
    """Return what to tell of quotations that the page has and its text lacks."""
    if not quotes:
        return ""
    lost = "a quotation of the page is" if len(quotes) == 1 else f"{len(quotes)} quotations of the page are"
    example = "" if len(quotes) == 1 else "such as "
    return f"Have a look: {lost} not in its text, {example}“{quotes[0][:200]}”."


# Outcomes kept


def _finish(items: Sequence[ImportItem], outcomes: Sequence[Outcome]) -> None:
    stored = {}
    for item, outcome in zip(items, outcomes, strict=True):
        if outcome.state in (_State.IMPORTED, _State.SKIPPED):
            stored[item.pk] = outcome
        elif outcome.state == _State.PENDING:
            keep_crash(item, outcome.reason, outcome.traceback)
        else:
            finish_item(item, outcome.state, outcome.reason)
    if stored:
        _finish_stored(stored)


def _finish_stored(outcomes: dict[int, Outcome]) -> None:
    """Record in one statement what became of documents that are articles now; their bytes are in the snapshots."""
    imported = [pk for pk, outcome in outcomes.items() if outcome.state == _State.IMPORTED]
    ImportItem.objects.filter(pk__in=outcomes).update(
        state=Case(
            When(pk__in=imported, then=Value(_State.IMPORTED)), default=Value(_State.SKIPPED), output_field=CharField()
        ),
        reason=Case(
            *(When(pk=pk, then=Value(outcome.reason)) for pk, outcome in outcomes.items() if outcome.reason),
            default=Value(""),
            output_field=TextField(),
        ),
        article=Case(
            *(When(pk=pk, then=Value(outcome.article.pk)) for pk, outcome in outcomes.items() if outcome.article),
            output_field=IntegerField(),
        ),
        needs_look=Case(
            When(pk__in=[pk for pk, outcome in outcomes.items() if outcome.needs_look], then=Value(True)),
            default=Value(False),
        ),
        payload=None,
        traceback="",
        not_before=None,
        finished_at=timezone.now(),
    )
    counts = Counter(outcome.state for outcome in outcomes.values())
    logger.info("import stored items=%d imported=%d", len(outcomes), counts[_State.IMPORTED])


def finish_item(item: ImportItem, state: str, reason: str, *, traceback: str = "") -> ImportItem:
    """Record what became of an item that is no article; the bytes of a failed one are kept for another try."""
    item.state, item.reason, item.traceback = state, reason, traceback
    item.finished_at, item.not_before = timezone.now(), None
    changed = ["state", "reason", "traceback", "finished_at", "not_before"]
    if state != _State.FAILED:
        item.payload = None
        changed.append("payload")
    item.save(update_fields=changed)
    logger.info("import finished item=%s state=%s", item.pk, state)
    return item


def keep_crash(item: ImportItem, reason: str, traceback: str) -> None:
    """Record where an item's import crashed, for its next try, and for operators when there is none."""
    item.reason, item.traceback = reason, traceback
    item.save(update_fields=["reason", "traceback"])
