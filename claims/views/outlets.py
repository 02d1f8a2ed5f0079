"""Pages of outlets."""

from django.core.paginator import Paginator
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from claims.models import (
    StatementRelay,
)
from claims.querysets import with_claim_counts
from claims.views.common import ARTICLES_PER_PAGE, LIST_LENGTH, newest_articles, searched
from sources.models import Derivation, Outlet

OUTLETS_PER_PAGE = 50


@require_safe
def outlet_list(request: HttpRequest) -> HttpResponse:
    q = searched(request)
    outlets = Outlet.objects.search(q) if q else Outlet.objects.all()
    page = Paginator(
        with_claim_counts(outlets).select_related("owner").order_by("name", "pk"), OUTLETS_PER_PAGE
    ).get_page(request.GET.get("page"))
    return render(request, "sources/outlet_list.html", {"page": page, "q": q})


@require_safe
def outlet_detail(request: HttpRequest, slug: str) -> HttpResponse:
    outlet = get_object_or_404(
        with_claim_counts(Outlet.objects.select_related("owner").prefetch_related("aliases", "domains", "owned")),
        slug=slug,
    )
    articles = newest_articles(outlet.articles.all())
    derived = (
        Derivation.objects.standing()
        .filter(upstream_outlet=outlet)
        .values("article__outlet__name", "article__outlet__slug")
        .annotate(articles=Count("article", distinct=True))
        .order_by("-articles", "article__outlet__name")
    )
    relayed = (
        StatementRelay.objects.filter(outlet=outlet, statement__withdrawn_at=None)
        .values("statement__revision__article__outlet__name", "statement__revision__article__outlet__slug")
        .annotate(statements=Count("statement", distinct=True))
        .order_by("-statements", "statement__revision__article__outlet__name")
    )
    return render(
        request,
        "sources/outlet_detail.html",
        {
            "outlet": outlet,
            "page": Paginator(articles, ARTICLES_PER_PAGE).get_page(request.GET.get("page")),
            "derived": derived[:LIST_LENGTH],
            "relayed": relayed[:LIST_LENGTH],
        },
    )
