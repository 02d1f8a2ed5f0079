"""Pages of imports, feeds and revisions, and snapshots as they came."""

import json
import mimetypes
from collections.abc import Callable, Iterator
from datetime import datetime
from functools import wraps
from typing import Any, cast
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.models import User
from django.core.exceptions import RequestDataTooBig, TooManyFilesSent
from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.html import format_html
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import requires
from sources import importing, revising, tasks
from sources.forms import (
    DerivationDecision,
    FeedRequest,
    ImportRequest,
    ItemFilter,
    RevisionPair,
    UploadQuota,
    megabytes,
    upload_max_bytes,
)
from sources.models import Article, DecisionStatus, Derivation, Feed, ImportItem, ImportRun, Snapshot
from sources.querysets import KEPT_FOR
from sources.services.derivations import DerivationChanged, decide_derivation

RUNS_PER_PAGE = 30
ITEMS_PER_PAGE = 50
FEEDS_PER_PAGE = 50
REVISIONS_PER_PAGE = 100
#: Between two looks at a run that is under way; a large one is counted less often.
POLL_S, POLL_LARGE_S, LARGE_RUN = 2, 10, 100_000
POSITION_DIGITS = 9

_for_importers = requires("sources.add_importrun")
_for_feed_editors = requires("sources.change_feed")


@require_safe
def snapshot_download(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Give the bytes as they were fetched, to be kept rather than shown: they are another site's."""
    snapshot = get_object_or_404(Snapshot, uid=uid)
    suffix = mimetypes.guess_extension(snapshot.media_type) or ".bin"
    return HttpResponse(
        bytes(snapshot.body),
        headers={
            "Content-Type": "application/octet-stream",
            "Content-Disposition": f'attachment; filename="{snapshot.sha256[:16]}{suffix}"',
            "Content-Security-Policy": "sandbox; default-src 'none'",
        },
    )


# Revisions


@require_safe
def revision_list(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Show every text that an article has had, and offer to compare any two."""
    article = get_object_or_404(Article.objects.select_related("outlet"), uid=uid)
    revisions = article.revisions.select_related("snapshot").defer("text", "snapshot__body").order_by("-number")
    page = Paginator(revisions, REVISIONS_PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "sources/revision_list.html", {"article": article, "page": page})


@require_safe
def revision_changes(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Show word by word how two revisions of an article differ, the last two unless others are asked for."""
    article = get_object_or_404(Article.objects.select_related("outlet"), uid=uid)
    asked = RevisionPair(request.GET)
    if not asked.is_valid():
        return render(request, "400.html", {"reasons": asked.errors}, status=400)
    count = article.revisions.count()
    revisions = article.revisions.select_related("snapshot").defer("snapshot__body")
    old, new = (get_object_or_404(revisions, number=number) for number in asked.numbers(count))
    comparison = revising.compare(old.text, new.text)
    shown = {
        "article": article,
        "old": old,
        "new": new,
        "texts": [(old, _("Earlier")), (new, _("Later"))],
        "count": count,
        "comparison": comparison,
        "stretches": revising.folded(comparison),
    }
    return render(request, "sources/revision_changes.html", shown)


def wake_workers() -> None:
    """Wake the workers once what was written is committed; where no message goes out, the next sweep wakes them."""
    transaction.on_commit(tasks.import_items.delay, robust=True)


# Runs


@require_safe
def import_list(request: HttpRequest) -> HttpResponse:
    page = Paginator(ImportRun.objects.order_by("-created_at", "-pk"), RUNS_PER_PAGE).get_page(request.GET.get("page"))
    # Only the runs of the page are counted, however many there are.
    shown = ImportRun.objects.filter(pk__in=[run.pk for run in page.object_list]).with_counts().with_document_count()
    counted = shown.select_related("feed").order_by("-created_at", "-pk")
    runs = [(run, _unlisted(run.document_count, listed=run.item_count)) for run in counted]
    return render(request, "sources/import_list.html", {"page": page, "runs": runs, "kept_since": _kept_since()})


def _unlisted(known: int | None, *, listed: int) -> int:
    """Return of how many documents of a run it is known that they went by age; there may have been more at its end."""
    return (known or 0) - listed


def _kept_since() -> datetime:
    return timezone.now() - KEPT_FOR


def _with_upload_quota(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Give `view` a quota for the files of the request, set before anything of it is read.

    The check against cross-site requests reads the form, so it comes after the quota.
    """
    checked = csrf_protect(view)

    @csrf_exempt
    @wraps(view)
    def limited(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        quota = UploadQuota(upload_max_bytes())
        request.upload_handlers.insert(0, quota)
        return checked(request, *args, quota=quota, **kwargs)

    return limited


@_for_importers
@require_http_methods(["GET", "HEAD", "POST"])
@_with_upload_quota
def import_create(request: HttpRequest, quota: UploadQuota) -> HttpResponse:
    """Show the form of what to import, and request it."""
    try:
        sent = request.POST
    except (RequestDataTooBig, TooManyFilesSent):
        return render(request, "sources/import_too_large.html", {"limit": megabytes(upload_max_bytes())}, status=413)
    if request.method != "POST":
        return _import_form(request, ImportRequest())
    form = ImportRequest(sent, request.FILES, too_large=quota.exceeded)
    if not form.is_valid():
        return _import_form(request, form, status=413 if quota.exceeded else 400)
    with form.documents() as documents:
        run = importing.request_import(
            form.label,
            addresses=form.cleaned_data["addresses"],
            documents=documents,
            requested_by=request.user,  # type: ignore[arg-type]
        )
    wake_workers()
    return redirect("import_detail", uid=run.uid)


def _import_form(request: HttpRequest, form: ImportRequest, *, status: int = 200) -> HttpResponse:
    return render(request, "sources/import_create.html", {"form": form}, status=status)


class _CountedPaginator(Paginator):
    """A paginator of rows that were counted already."""

    def __init__(self, rows: QuerySet[Any], per_page: int, *, found: int) -> None:
        super().__init__(rows, per_page)
        self._found = found

    @property
    def count(self) -> int:
        return self._found


@require_safe
def import_detail(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Show a run; to htmx, only what changes while it is under way, and nothing where what it shows is still so."""
    run = get_object_or_404(ImportRun.objects.select_related("feed"), uid=uid)
    counts = dict.fromkeys(ImportItem.State.values, 0) | run.items.counts_by_state()
    live = request.headers.get("HX-Request") == "true"
    under_way = counts["pending"] > 0 or run.read_at is None
    seen = "-".join([*(str(counts[state]) for state in ImportItem.State.values), "reading" if not run.read_at else ""])
    if live and under_way and request.headers.get("X-Seen") == seen:
        return _varied(HttpResponse(status=204))
    progress = {**_progress(counts), "under_way": under_way, "to_look": run.items.to_look().count()}
    if not under_way:
        known = ImportRun.objects.with_document_count().get(pk=run.pk).document_count
        progress["unlisted"] = _unlisted(known, listed=progress["total"])
        progress["kept_since"] = _kept_since()
    shown = _shown_items(request, run, counts, to_look=progress["to_look"])
    context = {"run": run, "seen": seen, "live": live, **progress, **shown}
    template = "sources/_import_progress.html" if live else "sources/import_detail.html"
    return _varied(render(request, template, context))


def _varied(response: HttpResponse) -> HttpResponse:
    patch_vary_headers(response, ["HX-Request"])
    return response


def _progress(counts: dict[str, int]) -> dict[str, Any]:
    total = sum(counts.values())
    return {
        "total": total,
        "done": total - counts["pending"],
        "waiting": counts["pending"],
        "failed": counts["failed"],
        "counts": [(state, name, counts[state]) for state, name in ImportItem.State.choices],
        "poll_s": POLL_S if total < LARGE_RUN else POLL_LARGE_S,
    }


def _shown_items(request: HttpRequest, run: ImportRun, counts: dict[str, int], *, to_look: int) -> dict[str, Any]:
    asked = ItemFilter(request.GET)
    state = asked.cleaned_data["state"] if asked.is_valid() else ""
    if state == ItemFilter.LOOK:
        items, found = run.items.to_look(), to_look
    elif state:
        items, found = run.items.filter(state=state), counts[state]
    else:
        items, found = run.items.all(), sum(counts.values())
    page = _CountedPaginator(
        items.select_related("article__outlet", "looked_by").defer("payload", "record").order_by("position"),
        ITEMS_PER_PAGE,
        found=found,
    ).get_page(request.GET.get("page"))
    retriable = run.items.retriable().filter(pk__in=[item.pk for item in page]).values_list("pk", flat=True)
    return {"page": page, "state": state, "retriable": set(retriable)}


@_for_importers
@require_POST
def import_cancel(request: HttpRequest, uid: UUID) -> HttpResponse:
    run = get_object_or_404(ImportRun, uid=uid)
    count = importing.cancel_run(run)
    messages.success(
        request,
        ngettext(
            "Cancelled: %(count)s document will not be imported. What is imported stays.",
            "Cancelled: %(count)s documents will not be imported. What is imported stays.",
            count,
        )
        % {"count": f"{count:,}"},
    )
    return redirect("import_detail", uid=run.uid)


@_for_importers
@require_POST
def import_retry(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Try failed documents again: the one at `position`, or all."""
    run = get_object_or_404(ImportRun, uid=uid)
    if not request.POST.get("position"):
        count = importing.retry_items(run)
    else:
        position = _position(request)
        if position is None:
            return _no_position(request)
        item = get_object_or_404(run.items.only("pk"), position=position)
        count = importing.retry_items(run, item_ids=[item.pk])
    if count:
        wake_workers()
        messages.success(
            request,
            ngettext("Trying again: %(count)s document.", "Trying again: %(count)s documents.", count)
            % {"count": f"{count:,}"},
        )
    else:
        messages.warning(request, _("There was nothing to try again: a document that cannot be read stays as it is."))
    return redirect("import_detail", uid=run.uid)


def _position(request: HttpRequest) -> int | None:
    """Return the position that a form sends; None where it is no whole number that the database could hold."""
    position = request.POST.get("position", "")
    if position.isascii() and position.isdigit() and len(position) <= POSITION_DIGITS:
        return int(position)
    return None


def _no_position(request: HttpRequest) -> HttpResponse:
    return render(request, "400.html", {"reasons": {"position": [_("A position is a whole number.")]}}, status=400)


@require_safe
def look_list(request: HttpRequest) -> HttpResponse:
    """Show the imported documents that lost a quotation, those that nobody has looked at yet first asked for."""
    settled = request.GET.get("state") == "settled"
    items = ImportItem.objects.filter(needs_look=True, looked_at__isnull=not settled)
    items = items.select_related("run", "article__outlet", "looked_by").defer("payload", "record")
    page = Paginator(items.order_by("-looked_at", "-pk"), ITEMS_PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "sources/look_list.html", {"page": page, "settled": settled})


@_for_importers
@require_POST
def import_looked(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Record that the document at `position` was looked at, and lead back to the list it was looked at from."""
    run = get_object_or_404(ImportRun, uid=uid)
    position = _position(request)
    if position is None:
        return _no_position(request)
    item = get_object_or_404(run.items.only("pk", "label"), position=position)
    if importing.settle_look(item, by=request.user):  # type: ignore[arg-type]
        messages.success(
            request,
            _("Looked at: “%(label)s” is no longer listed to look at.") % {"label": Truncator(item.label).chars(80)},
        )
    else:
        messages.warning(request, _("There was nothing to settle: somebody has looked at it already."))
    if request.POST.get("back") == "list":
        return redirect("look_list")
    return redirect(f"{reverse('import_detail', args=[run.uid])}?state={ItemFilter.LOOK}")


@require_safe
def import_failures(request: HttpRequest, uid: UUID) -> StreamingHttpResponse:
    """Give the failed documents of a run as JSON Lines: label, url, state, reason, attempts."""
    run = get_object_or_404(ImportRun, uid=uid)
    failed = run.items.filter(state=ImportItem.State.FAILED).order_by("position")
    return StreamingHttpResponse(
        _json_lines(failed.values("label", "url", "state", "reason", "attempts")),
        headers={
            "Content-Type": "application/jsonl; charset=utf-8",
            "Content-Disposition": f'attachment; filename="failures-{run.uid}.jsonl"',
        },
    )


def _json_lines(rows: QuerySet[ImportItem, Any]) -> Iterator[str]:
    for row in rows.iterator(chunk_size=1000):
        yield json.dumps(row, ensure_ascii=False) + "\n"


# Feeds


@require_http_methods(["GET", "HEAD", "POST"])
def feed_list(request: HttpRequest) -> HttpResponse:
    """Show what is polled; to editors, a form for another feed, and add it."""
    if request.method == "POST":
        return _feed_added(request)
    return _feeds(request, FeedRequest())


@requires("sources.add_feed")
def _feed_added(request: HttpRequest) -> HttpResponse:
    form = FeedRequest(request.POST)
    if not form.is_valid():
        return _feeds(request, form, status=400)
    asked = form.cleaned_data
    known = Feed.objects.filter(url=asked["url"]).exists()
    feed = importing.add_feed(
        asked["url"], outlet=asked["outlet"], interval_s=asked["interval_s"], title=asked["title"]
    )
    if known:
        messages.warning(request, _("This feed was here already, as “%(feed)s”; it stays as it was.") % {"feed": feed})
    else:
        messages.success(
            request,
            _("Added “%(feed)s”. It is polled within a minute; its imports are listed under Imports.") % {"feed": feed},
        )
    return redirect("feed_list")


def _feeds(request: HttpRequest, form: FeedRequest, *, status: int = 200) -> HttpResponse:
    state = request.GET.get("state", "")
    feeds = Feed.objects.broken() if state == "broken" else Feed.objects.order_by("title", "url", "pk")
    page = Paginator(feeds.select_related("outlet"), FEEDS_PER_PAGE).get_page(request.GET.get("page"))
    shown = {"form": form, "page": page, "state": state, "broken_count": Feed.objects.broken().count()}
    return render(request, "sources/feed_list.html", shown, status=status)


def _feed_change(change: Callable[[HttpRequest, Feed], HttpResponse]) -> Callable[..., HttpResponse]:
    """Return the view that lets an editor do something with one feed."""

    @wraps(change)
    def view(request: HttpRequest, uid: UUID) -> HttpResponse:
        return change(request, get_object_or_404(Feed, uid=uid))

    return _for_feed_editors(require_POST(view))


@_feed_change
def feed_pause(request: HttpRequest, feed: Feed) -> HttpResponse:
    importing.set_feed_active(feed, False)
    messages.success(request, _("Paused “%(feed)s”: it is not polled until it is resumed.") % {"feed": feed})
    return redirect("feed_list")


@_feed_change
def feed_resume(request: HttpRequest, feed: Feed) -> HttpResponse:
    importing.set_feed_active(feed, True)
    messages.success(request, _("Resumed “%(feed)s”: it is polled within a minute.") % {"feed": feed})
    return redirect("feed_list")


@_feed_change
def feed_poll(request: HttpRequest, feed: Feed) -> HttpResponse:
    """Import what a feed lists now, and show that run."""
    run = importing.request_import(
        feed.url,
        addresses=[feed.url],
        requested_by=request.user,  # type: ignore[arg-type]
        feed=feed,
    )
    wake_workers()
    return redirect("import_detail", uid=run.uid)


# Where articles come from


@requires("sources.change_derivation")
@require_POST
def derivation_decide(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Decide on a derivation that the page showed, which the form names by its state and its time."""
    derivation = get_object_or_404(Derivation.objects.select_related("article"), uid=uid)
    form = DerivationDecision(request.POST)
    if not form.is_valid():
        return render(request, "400.html", {"reasons": form.errors}, status=400)
    said = form.cleaned_data
    derivation.status, derivation.decided_at = said["seen"], said["decided_at"]
    try:
        decided = decide_derivation(derivation, status=said["status"], by=cast(User, request.user))
    except DerivationChanged as changed:
        return render(request, "409.html", {"reason": str(changed)}, status=409)
    messages.success(
        request,
        format_html(
            '{} <a href="{}">{}</a>',
            _DECIDED[DecisionStatus(decided.status)],
            reverse("object_history", args=["derivation", decided.uid]),
            _("Its history, where it can be taken back"),
        ),
    )
    return redirect(derivation.article)


_DECIDED = {
    DecisionStatus.CONFIRMED: gettext_lazy("Confirmed: the article comes from there."),
    DecisionStatus.REJECTED: gettext_lazy("Removed: it does not come from there, and that is not proposed again."),
    DecisionStatus.UNSURE: gettext_lazy("Left unsure: it counts as proposed until somebody decides."),
    DecisionStatus.PROPOSED: gettext_lazy("Undone: it is a proposal again."),
}
