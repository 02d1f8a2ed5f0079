"""Pages of articles and imports, and snapshots as they came."""

import mimetypes
from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from sources.models import ImportItem, ImportRun, Snapshot

RUNS_PER_PAGE = 30
ITEMS_PER_PAGE = 100


@require_safe
def snapshot_download(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Serve a snapshot's exact bytes as a download, never as a page of this site."""
    snapshot = get_object_or_404(Snapshot, uid=uid)
    ending = mimetypes.guess_extension(snapshot.media_type.partition(";")[0].strip()) or ".bin"
    return HttpResponse(
        bytes(snapshot.body),
        headers={
            "Content-Type": "application/octet-stream",
            "Content-Disposition": f'attachment; filename="{snapshot.sha256[:16]}{ending}"',
            "Content-Security-Policy": "sandbox; default-src 'none'",
            "X-Content-Type-Options": "nosniff",
        },
    )


@require_safe
def import_list(request: HttpRequest) -> HttpResponse:
    runs = _with_counts().select_related("feed").order_by("-created_at", "-pk")
    page = Paginator(runs, RUNS_PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "sources/import_list.html", {"page": page})


@require_safe
def import_detail(request: HttpRequest, uid: UUID) -> HttpResponse:
    run = get_object_or_404(_with_counts(), uid=uid)
    state = request.GET.get("state", "")
    items = run.items.select_related("article__outlet").defer("payload", "record").order_by("position")
    if state in ImportItem.State.values:
        items = items.filter(state=state)
    else:
        state = ""
    page = Paginator(items, ITEMS_PER_PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        "sources/import_detail.html",
        {"run": run, "page": page, "state": state, "states": ImportItem.State.choices},
    )


def _with_counts() -> QuerySet[Any]:
    """Return runs with the number of their documents in each state, as `failed_count` and so on."""
    return ImportRun.objects.annotate(
        item_count=Count("items"),
        **{f"{state}_count": Count("items", filter=Q(items__state=state)) for state in ImportItem.State.values},
    )
