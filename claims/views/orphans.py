"""What editors decided about words that a text lost."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.access import requires
from claims.models import (
    Attribution,
)

DECISIONS_PER_PAGE = 20


@requires("claims.change_attribution")
@require_safe
def orphan_list(request: HttpRequest) -> HttpResponse:
    """Show editors what they decided about words that a later text no longer has, the latest loss first."""
    decided = (
        Attribution.objects.orphaned()
        .filter(status=Attribution.Status.CONFIRMED)
        .order_by("-statement__orphaned_at", "-pk")
    )
    page = Paginator(
        decided.select_related(
            "claim", "decided_by", "statement__speaker", "statement__revision__article__outlet"
        ).defer("statement__revision__text"),
        DECISIONS_PER_PAGE,
    ).get_page(request.GET.get("page"))
    return render(request, "claims/orphan_list.html", {"page": page})
