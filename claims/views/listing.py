"""The list of claims."""

from typing import Any

from django.core.paginator import Paginator
from django.db.models import Count, F, OrderBy, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from claims.forms import ClaimFilter

CLAIMS_PER_PAGE = 20
_ORDERS: dict[str, list[OrderBy | str]] = {
    "origins": ["-origin_count", "-outlet_count", F("first_published_at").desc(nulls_last=True), "-pk"],
    "newest": [F("first_published_at").desc(nulls_last=True), "-pk"],
    "relevance": ["-relevance", "-origin_count", "-outlet_count", "-pk"],
}


class CountedPaginator(Paginator):
    """A paginator of rows that were counted already."""

    def __init__(self, rows: QuerySet[Any], per_page: int, *, found: int) -> None:
        super().__init__(rows, per_page)
        self._found = found

    @property
    def count(self) -> int:
        return self._found


@require_safe
def claim_list(request: HttpRequest) -> HttpResponse:
    form = ClaimFilter(request.GET)
    page = None
    levels: list[dict[str, Any]] = []
    if form.is_valid():
        asked = form.claims()
        levels = _level_counts(asked)
        level = form.cleaned_data["level"]
        if level:
            asked = asked.filter(level=level)
        ordered = asked.with_summary(confirmed_only=form.cleaned_data["confirmed"]).order_by(*_ORDERS[form.order_by])
        found = sum(row["count"] for row in levels if level in ("", row["value"]))
        page = CountedPaginator(ordered, CLAIMS_PER_PAGE, found=found).get_page(request.GET.get("page"))
    return render(
        request,
        "claims/claim_list.html",
        {
            "form": form,
            "page": page,
            "levels": levels,
            "as_of": _as_of(page.object_list) if page else None,
            "filtered": any(request.GET.get(name) for name in form.fields if name != "order"),
        },
        status=200 if form.is_valid() else 400,
    )


def _level_counts(claims: QuerySet[Any]) -> list[dict[str, Any]]:
    """Return how many of the claims have each level, the strongest first."""
    counts = dict(claims.order_by().values_list("level").annotate(Count("pk")))
    shown = ["corroborated", "repeated", "single"]
    if "unreported" in counts:
        shown.append("unreported")  # only denied
    return [{"value": value, "count": counts.get(value, 0)} for value in shown]


def _as_of(claims: Any) -> Any:
    return max(
        (summary.computed_at for claim in claims for summary in claim.summaries),
        default=None,
    )
