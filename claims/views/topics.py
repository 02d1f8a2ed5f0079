"""Pages of topics: which there are, and of each the matrix of its claims and the outlets that have them."""

from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from claims.models import Topic
from claims.presentation.matrix import (
    CLAIMS_PER_PAGE,
    OUTLETS_PER_PAGE,
    csv_lines,
    matrix_rows,
    ordered_claims,
    ordered_outlets,
)
from claims.querysets_coreporting import WINDOW, claims_by_facet, latest_of_topic, reporting_outlets
from claims.views.common import searched

TOPICS_PER_PAGE = 60


class MatrixOrder(forms.Form):
    """In what order claims and outlets stand."""

    ORDERS = (
        ("origins", _("most origins")),
        ("outlets", _("most outlets")),
        ("newest", _("newest")),
        ("oldest", _("oldest")),
    )
    ACROSS = (("claims", _("most claims")), ("name", _("name")))

    order = forms.ChoiceField(choices=ORDERS, required=False)
    across = forms.ChoiceField(choices=ACROSS, required=False)

    def clean_order(self) -> str:
        return self.cleaned_data["order"] or "origins"

    def clean_across(self) -> str:
        return self.cleaned_data["across"] or "claims"


@require_safe
def topic_list(request: HttpRequest) -> HttpResponse:
    q = searched(request)
    topics = Topic.objects.filter(name__icontains=q) if q else Topic.objects.all()
    page = Paginator(topics.order_by("name", "pk"), TOPICS_PER_PAGE).get_page(request.GET.get("page"))
    counts = claims_by_facet("topic", [topic.pk for topic in page])
    rows = [(topic, counts[topic.pk]) for topic in page]
    return render(request, "claims/topic_list.html", {"page": page, "rows": rows, "q": q})


@require_safe
def topic_detail(request: HttpRequest, slug: str) -> HttpResponse:
    topic = get_object_or_404(Topic, slug=slug)
    asked = MatrixOrder(request.GET)
    if not asked.is_valid():
        return render(request, "400.html", {"reasons": asked.errors}, status=400)
    latest = latest_of_topic(topic)
    down = Paginator(ordered_claims(latest, asked.cleaned_data["order"]), CLAIMS_PER_PAGE).get_page(
        request.GET.get("page")
    )
    counts = reporting_outlets(latest)
    across = Paginator(ordered_outlets(counts, asked.cleaned_data["across"]), OUTLETS_PER_PAGE).get_page(
        request.GET.get("outlets")
    )
    return render(
        request,
        "claims/topic_detail.html",
        {
            "topic": topic,
            "latest": latest,
            "window": WINDOW,
            "page": down,
            "across": across,
            "rows": matrix_rows(list(down), list(across)),
            "levels": _levels(latest.claims),
            "orders": _links(MatrixOrder.ORDERS, asked.cleaned_data["order"]),
            "orders_across": _links(MatrixOrder.ACROSS, asked.cleaned_data["across"]),
        },
    )


@require_safe
def topic_matrix(request: HttpRequest, slug: str) -> StreamingHttpResponse | HttpResponse:
    """Answer with all that the pages of a topic's matrix have, as CSV."""
    topic = get_object_or_404(Topic, slug=slug)
    asked = MatrixOrder(request.GET)
    if not asked.is_valid():
        return render(request, "400.html", {"reasons": asked.errors}, status=400)
    latest = latest_of_topic(topic)
    counts = reporting_outlets(latest)
    lines = csv_lines(
        ordered_claims(latest, asked.cleaned_data["order"]),
        ordered_outlets(counts, asked.cleaned_data["across"]),
        request.build_absolute_uri,
    )
    return StreamingHttpResponse(
        lines,
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{topic.slug}.csv"'},
    )


def _links(choices: tuple[tuple[str, Any], ...], chosen: str) -> list[dict[str, Any]]:
    return [{"value": value, "name": name, "chosen": value == chosen} for value, name in choices]


def _levels(standings: Any) -> list[tuple[str, int]]:
    counts: dict[str, int] = {}
    for standing in standings:
        counts[standing.level] = counts.get(standing.level, 0) + 1
    return [(level, counts[level]) for level in ("corroborated", "repeated", "single", "unreported") if level in counts]
