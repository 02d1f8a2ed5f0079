"""Import runs from request to end: addresses fetched, feeds and sitemaps expanded, documents stored.

Work is found in rows: `import_next` takes one waiting item, whatever is to be done with it.
"""

import logging
from collections.abc import Callable, Iterable, Sequence
from datetime import timedelta
from traceback import format_exc
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.db import InterfaceError, OperationalError, transaction
from django.db.models import F, Func, IntegerField, Max
from django.utils import timezone

from sources import expanding, locks
from sources.addresses import MAX_URL_CHARACTERS
from sources.documents import HTML, TEXT, Document, Refusal
from sources.errors import FAULT_OF_OURS, DocumentRefused
from sources.fetch_errors import FetchFailed, HostBusy
from sources.fetching import Fetched, fetch
from sources.models import Article, Feed, ImportItem, ImportRun, Outlet
from sources.services import items, runs
from sources.urls import canonicalize

logger = logging.getLogger(__name__)

Fetch = Callable[..., Fetched]

#: Priorities of runs: one address that an editor pastes does not wait behind an archive.
PRIORITY_EDITOR, PRIORITY_FEED, PRIORITY_BULK = 10, 5, runs.PRIORITY_BULK
#: Documents imported together, and their bytes: who comes meanwhile waits for no more than these.
TOGETHER, TOGETHER_BYTES = 250, 2_000_000
RETRY_AFTER = timedelta(seconds=30)
#: How long a worker waits for its turn at a host before it does other work.
FETCH_WAIT_S = 1.0
#: Feeds and sitemaps may lead to further ones this deep.
MAX_DEPTH = 3
POLL_BACKOFF_MAX = timedelta(days=1)
ITEMS_PER_INSERT = 500
_KEPT_HEADERS = ("content-type", "etag", "last-modified")


# Requests


def request_import(
    label: str,
    *,
    addresses: Iterable[str] = (),
    documents: Iterable[Document | Refusal] = (),
    requested_by: User | None = None,
    feed: Feed | None = None,
    priority: int = PRIORITY_EDITOR,
    stored: Callable[[], object] = lambda: None,
) -> ImportRun:
    """Store a run with an item for each address and document and return it; the caller wakes the workers.

    Documents are stored chunk by chunk, with `stored` called after each, and imported while others are still read. When
    reading them fails the run keeps what was read and says why it ended; then the error is raised.
    """
    with transaction.atomic():
        run = runs.open_run(label, requested_by=requested_by, feed=feed, priority=priority)
        _add_addresses(run, [expanding.Lead(address) for address in addresses], depth=0)
    runs.read_into(run, documents, stored=stored)
    return run


def cancel_run(run: ImportRun) -> int:
    """Cancel what waits in a run and return how many items that were; what is imported stays."""
    now = timezone.now()
    with transaction.atomic():
        ImportRun.objects.filter(pk=run.pk, cancelled_at=None).update(cancelled_at=now)
        waiting = run.items.pending().select_for_update(skip_locked=True).values_list("pk", flat=True)
        return ImportItem.objects.filter(pk__in=list(waiting)).update(
            state=ImportItem.State.CANCELLED, reason="The import was cancelled.", not_before=None, finished_at=now
        )


def retry_items(run: ImportRun, *, item_ids: Iterable[int] | None = None) -> int:
    """Make failed items of a run wait again, all or those given, and return how many they are.

    An item whose line could not be read has nothing to try again and is left as it is.
    """
    failed = run.items.retriable()
    if item_ids is not None:
        failed = failed.filter(pk__in=list(item_ids))
    return failed.update(
        state=ImportItem.State.PENDING,
        reason="",
        traceback="",
        needs_look=False,
        looked_by=None,
        looked_at=None,
        attempts=0,
        not_before=None,
        finished_at=None,
    )


def settle_look(item: ImportItem, *, by: User) -> bool:
    """Record who had the look that an item needs; False where somebody had it before, or none is needed."""
    return bool(ImportItem.objects.to_look().filter(pk=item.pk).update(looked_by=by, looked_at=timezone.now()))


# Feeds


def add_feed(url: str, *, outlet: Outlet | None = None, interval_s: int = 3600, title: str = "") -> Feed:
    """Return the feed at an address, made and due now where it is new.

    Raises DocumentRefused for what is not an http or https address.
    """
    feed, _ = Feed.objects.get_or_create(
        url=canonicalize(url), defaults={"outlet": outlet, "interval_s": max(60, interval_s), "title": title}
    )
    return feed


def set_feed_active(feed: Feed, active: bool) -> None:
    """Pause a feed, or resume it and poll it now."""
    Feed.objects.filter(pk=feed.pk).update(active=active, next_poll_at=timezone.now())


def delete_feed(feed: Feed) -> None:
    """Poll a feed no more, and forget it; its runs stay, with the articles that they brought."""
    feed.delete()


def poll_due_feeds() -> list[ImportRun]:
    """Request an import of each feed whose time has come and return the runs."""
    runs = []
    for feed_id in Feed.objects.due().order_by("next_poll_at", "pk").values_list("pk", flat=True):
        with transaction.atomic():
            feed = Feed.objects.due().select_for_update(skip_locked=True, of=("self",)).filter(pk=feed_id).first()
            if feed is not None:
                # Set before the poll: a feed that kills its worker is not tried at once again.
                feed.next_poll_at = timezone.now() + timedelta(seconds=feed.interval_s)
                feed.save(update_fields=["next_poll_at"])
                runs.append(request_import(feed.url, addresses=[feed.url], feed=feed, priority=PRIORITY_FEED))
    return runs


def _polled(item: ImportItem, fetched: Fetched, *, damage: str = "") -> None:
    """Record that a run's feed was read, and what of it could not be; where it did not change, that still holds."""
    if item.run.feed_id is not None and item.depth == 0:
        noted = {} if fetched.not_modified else {"last_note": damage}
        Feed.objects.filter(pk=item.run.feed_id).update(
            etag=fetched.headers.get("etag", "")[:300],
            last_modified=fetched.headers.get("last-modified", "")[:100],
            last_polled_at=fetched.fetched_at,
            failures=0,
            failing_since=None,
            last_error="",
            **noted,
        )


def _poll_failed(item: ImportItem, reason: str) -> None:
    """Record that a run's feed could not be read, and poll it later each time that happens in a row."""
    feed = item.run.feed
    if feed is None or item.depth:
        return
    now = timezone.now()
    feed.failures += 1
    feed.failing_since = feed.failing_since or now
    feed.last_polled_at, feed.last_error = now, reason
    wait = timedelta(seconds=feed.interval_s) * 2 ** min(feed.failures, 10)
    feed.next_poll_at = now + min(wait, max(POLL_BACKOFF_MAX, timedelta(seconds=feed.interval_s)))
    feed.save(update_fields=["failures", "failing_since", "last_polled_at", "last_error", "next_poll_at"])


# Work


def import_next(*, fetch: Fetch = fetch, most: int = 1) -> int:
    """Do what the next waiting items need and return how many were tried; 0 when none is ready that no other has.

    Up to `most` documents that were never tried are imported together; an address, and what was tried before, comes by
    itself. An attempt is counted before the work starts, so that an item that kills its worker is given up after
    IMPORT_MAX_ATTEMPTS rather than tried for ever.
    """
    with transaction.atomic():
        claimed = _claim(most)
        if not claimed:
            return 0
        mine = locks.take(locks.IMPORTING, claimed[0].pk)
        if not mine:
            # Another worker has counted its attempt and not locked the row again yet: this was none.
            transaction.set_rollback(True)
    if not mine:
        return len(claimed)
    with locks.released_after(locks.IMPORTING, claimed[0].pk):
        if claimed[0].state == ImportItem.State.PENDING:
            if _needs_fetch(claimed[0]):
                _fetch_safely(claimed[0], fetch)
            else:
                items.import_items([item.pk for item in claimed])
    return len(claimed)


def _claim(most: int) -> list[ImportItem]:
    """Return the items to be done next, their attempts counted, or one that is given up and so finished."""
    ready = (
        ImportItem.objects.ready()
        .select_for_update(skip_locked=True)
        .annotate(size=Func("payload", function="octet_length", output_field=IntegerField()))
        .defer("payload", "record")
    )
    first = ready.first()
    if first is None:
        return []
    if first.attempts >= settings.IMPORT_MAX_ATTEMPTS:
        return [_give_up(first)]
    claimed = [first]
    if _needs_fetch(first):
        first.not_before = timezone.now() + timedelta(seconds=settings.FETCH_LEASE_S)
        first.save(update_fields=["not_before"])
    elif first.attempts == 0 and most > 1:
        # The bytes are looked up by their size alone.
        like_first = ready.filter(priority=first.priority, attempts=0, payload__isnull=False).exclude(pk=first.pk)
        size = first.size or 0
        # Each row is locked: no more of them than may fit, by the first one's size.
        for item in like_first[: min(most - 1, TOGETHER_BYTES // max(size, 1))]:
            size += item.size
            if size > TOGETHER_BYTES:
                break
            claimed.append(item)
    ImportItem.objects.filter(pk__in=[item.pk for item in claimed]).update(attempts=F("attempts") + 1)
    return claimed


def _needs_fetch(item: Any) -> bool:
    return bool(item.url) and item.size is None


def _give_up(item: ImportItem) -> ImportItem:
    reason = f"Given up after {item.attempts} attempts. {item.reason or 'The worker that read it stopped each time.'}"
    traceback = item.traceback or (
        "There is no traceback: the worker died each time, of a signal or for want of memory. Its log and the kernel's "
        "say more."
    )
    return items.finish_item(item, ImportItem.State.FAILED, reason, traceback=traceback)


def _fetch_safely(item: ImportItem, fetch: Fetch) -> None:
    """Fetch an item's address; where that crashes, it is tried again when its lease has run out."""
    try:
        fetch_item(item.pk, fetch=fetch)
    except (OperationalError, InterfaceError):
        raise
    except Exception:
        logger.exception("fetch crashed item=%s", item.pk)
        items.keep_crash(item, FAULT_OF_OURS, runs.storable(format_exc()))


def fetch_item(item_id: int, *, fetch: Fetch = fetch) -> ImportItem:
    """Fetch an item's address and keep what came for import, or expand it, or record why not.

    No transaction is open while the other side is waited for.
    """
    item = ImportItem.objects.select_related("run__feed").get(pk=item_id)
    try:
        fetched = fetch(item.url, wait_s=FETCH_WAIT_S, **_known_version(item))
    except HostBusy as busy:
        # The host's pause is not the item's fault: no attempt is used up.
        item.attempts -= 1
        item.not_before = timezone.now() + timedelta(seconds=busy.retry_after_s or 1)
        item.save(update_fields=["attempts", "not_before"])
        return item
    except FetchFailed as failed:
        return _fetch_failed(item, failed)
    with transaction.atomic():
        locked = ImportItem.objects.select_for_update(of=("self",)).select_related("run__feed").get(pk=item.pk)
        if locked.state != ImportItem.State.PENDING:
            return locked  # cancelled meanwhile
        return _receive(locked, fetched)


def _fetch_failed(item: ImportItem, failed: FetchFailed) -> ImportItem:
    _poll_failed(item, str(failed))
    # A feed has its own times of trying again.
    last = item.attempts >= settings.IMPORT_MAX_ATTEMPTS or (item.run.feed_id is not None and item.depth == 0)
    if not failed.transient or last:
        return items.finish_item(item, ImportItem.State.FAILED, str(failed))
    wait = timedelta(seconds=failed.retry_after_s) if failed.retry_after_s else RETRY_AFTER * 2**item.attempts
    item.not_before, item.reason = timezone.now() + wait, str(failed)
    item.save(update_fields=["not_before", "reason"])
    return item


def _known_version(item: ImportItem) -> dict[str, str]:
    """Return ETag and Last-Modified of what we have of an address, for a conditional request."""
    feed = item.run.feed
    if feed is not None and item.depth == 0:
        return {"etag": feed.etag, "last_modified": feed.last_modified}
    article = Article.objects.filter(url=canonicalize(item.url)).order_by("pk").first()
    snapshot = article.snapshots.order_by("-captured_at", "-pk").first() if article is not None else None
    headers = snapshot.headers if snapshot is not None else {}
    return {"etag": headers.get("etag", ""), "last_modified": headers.get("last-modified", "")}


def _receive(item: ImportItem, fetched: Fetched) -> ImportItem:
    """Keep a fetched document on its item for import, or make items of what a feed or sitemap lists."""
    if fetched.not_modified:
        _polled(item, fetched)
        return items.finish_item(item, ImportItem.State.SKIPPED, "Not changed since it was fetched last.")
    media_type = fetched.headers.get("content-type", "").partition(";")[0].strip().lower()
    try:
        listing = expanding.listing_of(fetched.body, media_type, fetched.final_url)
    except DocumentRefused as refused:
        _poll_failed(item, str(refused))
        return items.finish_item(item, ImportItem.State.FAILED, str(refused))
    _polled(item, fetched, damage=listing.damage if listing else "")
    if listing is not None:
        if item.depth >= MAX_DEPTH:
            reason = f"Feeds and sitemaps lead more than {MAX_DEPTH} deep; the rest is left out."
            return items.finish_item(item, ImportItem.State.FAILED, reason)
        count = len(listing.leads)
        known = count - _add_addresses(item.run, listing.leads, depth=item.depth + 1)
        note = f"It lists {count} addresses; {known} of them known and unchanged. {listing.damage}".rstrip()
        return items.finish_item(item, ImportItem.State.EXPANDED, note)
    item.payload, item.media_type = fetched.body, TEXT if media_type == TEXT else HTML
    item.record = {
        **item.record,
        "url": fetched.final_url,
        "captured_at": fetched.fetched_at.isoformat(),
        **{name: fetched.headers[name] for name in _KEPT_HEADERS if name in fetched.headers},
    }
    item.attempts, item.not_before, item.reason = 0, None, ""
    item.save(update_fields=["payload", "media_type", "record", "attempts", "not_before", "reason"])
    return item


def _add_addresses(run: ImportRun, leads: Sequence[expanding.Lead], *, depth: int) -> int:
    """Add an item for each address that the run does not have, nor we with that date; return how many."""
    wanted: dict[str, tuple[expanding.Lead, str]] = {}
    for lead in leads:
        try:
            url, refusal = canonicalize(lead.url), ""
        except DocumentRefused as refused:
            url, refusal = lead.url, str(refused)
        if len(url) > MAX_URL_CHARACTERS:
            refusal = f"The address has {len(url):,} characters; the limit is {MAX_URL_CHARACTERS:,}."
        wanted.setdefault(url, (lead, refusal))
    position = runs.next_position(run)
    known = set(run.items.filter(url__in=wanted).values_list("url", flat=True)) | _up_to_date(wanted)
    rows = [
        _address_item(run, number, url, lead, refusal, depth)
        for number, (url, (lead, refusal)) in enumerate(
            ((url, row) for url, row in wanted.items() if url not in known), start=position
        )
    ]
    return len(ImportItem.objects.bulk_create(rows, batch_size=ITEMS_PER_INSERT))


def _address_item(
    run: ImportRun, position: int, url: str, lead: expanding.Lead, refusal: str, depth: int
) -> ImportItem:
    outcome: dict[str, Any] = {"url": url[:MAX_URL_CHARACTERS]}
    if refusal:
        outcome = {"state": ImportItem.State.FAILED, "reason": refusal, "finished_at": timezone.now()}
    return ImportItem(
        run=run,
        position=position,
        label=url[:1000],
        record=lead.record,
        depth=depth,
        priority=run.priority,
        **outcome,
    )


def _up_to_date(wanted: dict[str, tuple[expanding.Lead, str]]) -> set[str]:
    """Return the addresses of articles captured after the date that a feed or sitemap gives them."""
    dated = {url: lead.updated_at for url, (lead, _) in wanted.items() if lead.updated_at is not None}
    captured = (
        Article.objects.filter(url__in=dated)
        .annotate(captured_at=Max("snapshots__captured_at"))
        .values_list("url", "captured_at")
    )
    return {url for url, at in captured if at is not None and at >= dated[url]}
