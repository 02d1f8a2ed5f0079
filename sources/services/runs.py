"""Import runs: what was handed in becomes items that wait, chunk by chunk, and a run says how far that went."""

import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from datetime import timedelta
from itertools import islice

from django.contrib.auth.models import User
from django.db import Error as DatabaseTrouble
from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from sources.documents import Document, Refusal
from sources.models import Feed, ImportItem, ImportRun
from sources.services import payloads

logger = logging.getLogger(__name__)

#: Documents stored at once, and their bytes: what a reader holds in memory.
CHUNK, CHUNK_BYTES = 200, 4_000_000
#: Of one run, the documents that have its priority. More are an archive, whoever hands it in, and go behind others.
FIRST_DOCUMENTS = 200
PRIORITY_BULK = 0
#: A reader that has stored nothing for so long has died.
READER_SILENT = timedelta(minutes=10)


class ReadingTaken(Exception):
    """Another process has read on in a run; it is left to that one."""

    def __init__(self, ours: int, theirs: int) -> None:
        super().__init__(
            f"Another process reads this import: it has stored {theirs:,} documents, we {ours:,}. Leave it to that one."
        )


def open_run(
    label: str, *, requested_by: User | None = None, feed: Feed | None = None, priority: int = PRIORITY_BULK
) -> ImportRun:
    """Return a new run that is being read."""
    return ImportRun.objects.create(label=label[:500], requested_by=requested_by, feed=feed, priority=priority)


def read_into(
    run: ImportRun, documents: Iterable[Document | Refusal], *, stored: Callable[[], object] = lambda: None
) -> None:
    """Store an item for each document of a run: waiting, or failed or skipped with its reason where it is unreadable.

    Documents that the run has from an earlier try are passed over, so that what was interrupted can be taken up again
    with the same documents. `stored` is called whenever some are stored, so that workers need not wait for the last.

    When reading fails the run says so, and keeps what was read; then the error is raised. Raises ReadingTaken when
    another process has read on meanwhile.
    """
    try:
        for chunk in _chunks(islice(documents, run.documents_read, None)):
            if not _store_chunk(run, chunk):
                break
            stored()
    except ReadingTaken:
        raise
    except (Exception, KeyboardInterrupt, SystemExit) as error:
        # Where the database is away too, the sweep will find that the reader fell silent.
        with suppress(DatabaseTrouble):
            _end_reading(run, _stopped_by(error))
        raise
    _end_reading(run)
    logger.info("import requested run=%s documents=%d", run.uid, run.documents_read)


def _chunks(documents: Iterable[Document | Refusal]) -> Iterator[list[Document | Refusal]]:
    chunk: list[Document | Refusal] = []
    size = 0
    for document in documents:
        chunk.append(document)
        size += len(document.payload)
        if len(chunk) == CHUNK or size >= CHUNK_BYTES:
            yield chunk
            chunk, size = [], 0
    if chunk:
        yield chunk


def _store_chunk(run: ImportRun, documents: Sequence[Document | Refusal]) -> bool:
    """Store the next documents of a run; False, and nothing stored, where it was cancelled."""
    with transaction.atomic():
        position = next_position(run)
        now = ImportRun.objects.only("documents_read", "cancelled_at").get(pk=run.pk)
        if now.documents_read != run.documents_read:
            raise ReadingTaken(run.documents_read, now.documents_read)
        if now.cancelled_at is not None:
            return False
        payloads.store_items(
            _item(run, number, document, priority=_priority(run, place))
            for place, (number, document) in enumerate(enumerate(documents, position), run.documents_read)
        )
        read, at = run.documents_read + len(documents), timezone.now()
        # A reader that was taken for dead goes on.
        ImportRun.objects.filter(pk=run.pk).update(documents_read=read, heard_of_at=at, read_at=None, reading_error="")
    run.documents_read, run.heard_of_at, run.read_at, run.reading_error = read, at, None, ""
    return True


def next_position(run: ImportRun) -> int:
    """Return the position of the run's next item; no other process adds items until the transaction ends."""
    ImportRun.objects.select_for_update(no_key=True).only("pk").get(pk=run.pk)
    return (run.items.aggregate(last=Max("position"))["last"] or 0) + 1


def _priority(run: ImportRun, place: int) -> int:
    return run.priority if place < FIRST_DOCUMENTS else min(run.priority, PRIORITY_BULK)


def _end_reading(run: ImportRun, error: str = "") -> None:
    if error:
        error = storable(
            f"Reading stopped after {run.documents_read:,} documents: {error}. What was read is imported; for the "
            f"rest, hand in the same again, on the command line with --resume {run.uid}."
        )
    run.read_at, run.reading_error = timezone.now(), error
    run.save(update_fields=["read_at", "reading_error"])


def _stopped_by(error: BaseException) -> str:
    """Return what ended a reading, in words for who handed in; who catches the error logs it."""
    if isinstance(error, KeyboardInterrupt | SystemExit):
        return "the program that read them was ended"
    if isinstance(error, OSError):
        return "what was handed in could not be read on"
    if isinstance(error, DatabaseTrouble):
        return "the database did not take what was read"
    return "a fault of this site ended it, of which its log says more"


def end_silent_readings() -> int:
    """Let runs whose reader has died say so, and return how many they are."""
    silent = ImportRun.objects.being_read().filter(heard_of_at__lt=timezone.now() - READER_SILENT)
    with transaction.atomic():
        runs = list(silent.select_for_update(skip_locked=True, no_key=True, of=("self",)))
        for run in runs:
            _end_reading(run, "the process that read it is gone")
            logger.warning("import reading ended run=%s documents=%d", run.uid, run.documents_read)
    return len(runs)


def storable(text: str) -> str:
    """Return a text without what PostgreSQL cannot hold: NUL, and halves of characters from file names."""
    return text.replace("\0", "\ufffd").encode("utf-8", "replace").decode("utf-8")


def _item(run: ImportRun, position: int, document: Document | Refusal, *, priority: int) -> ImportItem:
    if isinstance(document, Refusal):
        state = ImportItem.State.SKIPPED if document.skipped else ImportItem.State.FAILED
        return ImportItem(
            run=run,
            position=position,
            label=storable(document.label)[:1000],
            payload=document.payload or None,
            state=state,
            reason=storable(document.reason),
            finished_at=timezone.now(),
        )
    return ImportItem(
        run=run,
        position=position,
        priority=priority,
        label=storable(document.label)[:1000],
        record=document.record,
        media_type=document.media_type,
        payload=document.payload,
        not_before=document.embargoed_until,
        reason=_embargo(document),
    )


def _embargo(document: Document) -> str:
    if document.embargoed_until is None:
        return ""
    return f"Embargoed until {document.embargoed_until:%Y-%m-%d %H:%M} UTC; it is imported after that."
