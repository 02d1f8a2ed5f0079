"""Pages of outlets: the list, one outlet, and what two of them share."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any, cast

from django import forms
from django.contrib import messages
from django.contrib.auth.models import User
from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from claims.coreporting import Lead, lead
from claims.forms import MENU_LENGTH, MergeOutletsForm, OutletEdit
from claims.models import Coverage, OutletPair
from claims.presentation.outlets import Exchange, Neighbour, exchanges, neighbours, shared_claims
from claims.querysets import with_claim_counts
from claims.querysets_coreporting import (
    LISTED,
    WINDOW,
    relayed_from,
    taken_by,
    taken_from,
    tallied,
)
from claims.services.outlets import edit_outlet, merge_outlets, moving, possible_duplicates, unmerge_outlets
from claims.services.previewing import levels_as_one_outlet
from claims.views.common import ARTICLES_PER_PAGE, LIST_LENGTH, newest_articles, searched
from claims.views.editing import for_curators_of
from claims.views.versioned import answer_edit
from sources.models import Article, Outlet, OutletMerge

OUTLETS_PER_PAGE = 50
CLAIMS_PER_PAGE = 50
FIRSTS_SHOWN = 5
#: Outlets that one may be the same as.
OFFERED = 20


class LatestPaginator(Paginator):
    """A paginator over the latest rows of a query, which were counted already; earlier ones are not paged to.

    Ids are stepped over first, by an index alone, and then the rows of one page are read with all that hangs on them.
    """

    def __init__(self, rows: QuerySet[Any], per_page: int, *, found: int) -> None:
        super().__init__(rows.values_list("pk", flat=True), per_page)
        self._rows = rows
        self._found = min(found, LISTED)

    def page(self, number: int | str) -> Page[Any]:
        page = super().page(number)
        page.object_list = list(self._rows.filter(pk__in=list(page.object_list)))
        return page

    @property
    def count(self) -> int:
        return self._found


class OutletView(forms.Form):
    """What of an outlet is shown: the page itself, or one of its lists."""

    LISTS = (("first", _("Reported first")), ("claims", _("Claims")), ("articles", _("Articles")))

    show = forms.ChoiceField(choices=LISTS, required=False)


@dataclass(frozen=True)
class Tab:
    """One view of an outlet, and how much is in it where that is counted."""

    value: str
    name: str | Promise
    count: int | None
    chosen: bool


@dataclass(frozen=True)
class First:
    """A claim that an outlet was the first of several to report, and by how long before which others."""

    coverage: Coverage
    lead: Lead[int]
    following: list[Outlet]


@require_safe
def outlet_list(request: HttpRequest) -> HttpResponse:
    q = searched(request)
    outlets = Outlet.objects.standing().search(q) if q else Outlet.objects.standing()
    page = Paginator(
        with_claim_counts(outlets).select_related("owner").order_by("name", "pk"), OUTLETS_PER_PAGE
    ).get_page(request.GET.get("page"))
    return render(request, "sources/outlet_list.html", {"page": page, "q": q})


@for_curators_of("sources.outlet")
def outlet_edit(request: HttpRequest, slug: str) -> HttpResponse:
    """Show what is known of an outlet as a form, and write what is sent, if it stands as it was seen."""
    outlet = get_object_or_404(Outlet.objects.select_related("merged_into", "owner"), slug=slug)
    if outlet.merged_into is not None:
        return redirect("outlet_edit", outlet.merged_into.slug)
    return answer_edit(
        request,
        outlet,
        OutletEdit,
        save=edit_outlet,
        page="sources/outlet_edit.html",
        outlet=outlet,
        owners=Outlet.objects.standing().exclude(pk=outlet.pk).order_by("name")[:MENU_LENGTH],
    )


@for_curators_of("sources.outlet")
def outlet_merge(request: HttpRequest, slug: str) -> HttpResponse:
    """Show with which outlets one may be the same and what merging moves, and merge it."""
    outlet = get_object_or_404(Outlet.objects.select_related("merged_into"), slug=slug)
    if outlet.merged_into is not None:
        return redirect(outlet.merged_into)
    form = MergeOutletsForm(request.POST if request.method == "POST" else {"into": request.GET.get("with", "")})
    chosen = form.cleaned_data["into"] if form.is_valid() else None
    if request.method == "POST" and chosen is not None:
        merge = merge_outlets(outlet, into=chosen, by=cast(User, request.user))
        messages.success(request, _("Merged: “%(outlet)s” is this outlet now.") % {"outlet": merge.outlet})
        return redirect(merge.into)
    q = searched(request)
    others = Outlet.objects.standing().exclude(pk=outlet.pk)
    found = others.search(q).order_by("name", "pk")[:OFFERED] if q else possible_duplicates(outlet)
    return render(
        request,
        "sources/outlet_merge.html",
        {
            "outlet": outlet,
            "chosen": chosen,
            "moves": {name: rows.count() for name, rows in moving(outlet).items()} if chosen is not None else {},
            "levels": levels_as_one_outlet(outlet, chosen) if chosen is not None else None,
            "errors": form.errors if request.method == "POST" or request.GET.get("with") else {},
            "q": q,
            "offered": [] if chosen is not None else _with_counts(found),
        },
        status=400 if request.method == "POST" and form.errors else 200,
    )


@for_curators_of("sources.outlet")
@require_POST
def outlet_unmerge(request: HttpRequest, slug: str) -> HttpResponse:
    merge = unmerge_outlets(get_object_or_404(Outlet, slug=slug), by=cast(User, request.user))
    messages.success(request, _("Undone: this outlet is apart from “%(other)s” again.") % {"other": merge.into})
    return redirect(merge.outlet)


def _with_counts(outlets: Iterable[Outlet]) -> list[Any]:
    """Return outlets, in their order, with the numbers of their articles and claims."""
    order = [outlet.pk for outlet in outlets]
    counted = {outlet.pk: outlet for outlet in with_claim_counts(Outlet.objects.filter(pk__in=order))}
    return [counted[pk] for pk in order]


@require_safe
def outlet_detail(request: HttpRequest, slug: str) -> HttpResponse:
    outlet = get_object_or_404(
        with_claim_counts(Outlet.objects.select_related("owner", "merged_into"))
        .annotate(first_count=tallied("earliest"))
        .prefetch_related("aliases", "domains", "owned"),
        slug=slug,
    )
    if outlet.merged_into is not None:
        return _moved(outlet.merged_into.get_absolute_url())
    asked = OutletView(request.GET)
    if not asked.is_valid():
        return render(request, "400.html", {"reasons": asked.errors}, status=400)
    shown = asked.cleaned_data["show"]
    counts = {"first": outlet.first_count, "claims": outlet.claim_count, "articles": outlet.article_count}
    answer: dict[str, Any] = {
        "outlet": outlet,
        "shown": shown,
        "tabs": [Tab("", _("Overview"), None, not shown)]
        + [Tab(value, name, counts[value], value == shown) for value, name in OutletView.LISTS],
        "window": WINDOW,
        "listed": LISTED,
        "merges": _merges(outlet),
    }
    number = request.GET.get("page")
    if shown == "first":
        found = Coverage.objects.first_of(outlet).with_claim()
        page = LatestPaginator(found, CLAIMS_PER_PAGE, found=outlet.first_count).get_page(number)
        answer |= {"page": page, "firsts": _firsts(page)}
    elif shown == "claims":
        found = Coverage.objects.filter(outlet=outlet).affirming().newest().with_claim()
        answer["page"] = LatestPaginator(found, CLAIMS_PER_PAGE, found=outlet.claim_count).get_page(number)
    elif shown == "articles":
        articles = newest_articles(Article.objects.filter(outlet=outlet))
        answer["page"] = LatestPaginator(articles, ARTICLES_PER_PAGE, found=outlet.article_count).get_page(number)
    else:
        answer |= _overview(outlet)
    return render(request, "sources/outlet_detail.html", answer)


def _moved(address: str) -> HttpResponse:
    moved = redirect(address, permanent=True)
    # A merge may be undone: then the address is the outlet's own again.
    moved["Cache-Control"] = "no-cache"
    return moved


@require_safe
def outlet_shared(request: HttpRequest, slug: str, other: str) -> HttpResponse:
    """Show the claims that two outlets both report, and which of them independently."""
    asked = with_claim_counts(Outlet.objects.select_related("merged_into").filter(slug__in=(slug, other)))
    outlets = {outlet.slug: outlet for outlet in asked}
    if slug == other or len(outlets) < 2:
        raise Http404("There are no two such outlets.")
    one, two = outlets[slug], outlets[other]
    if one.merged_into is not None or two.merged_into is not None:
        kept, beside = one.merged_into or one, two.merged_into or two
        # Two that became one share nothing.
        shared = reverse("outlet_shared", args=[kept.slug, beside.slug])
        return _moved(kept.get_absolute_url() if kept.pk == beside.pk else shared)
    pair = OutletPair.objects.between(one, two)
    # Through the claims of the one that has fewer.
    through, beside = sorted((one, two), key=lambda outlet: (outlet.claim_count, outlet.pk))
    found = Coverage.objects.shared(through, beside).with_claim()
    page = LatestPaginator(found, CLAIMS_PER_PAGE, found=pair.shared).get_page(request.GET.get("page"))
    return render(
        request,
        "sources/outlet_shared.html",
        {
            "outlet": one,
            "other": two,
            "pair": pair,
            "page": page,
            "claims": shared_claims(page, through, beside),
            "through": through,
            "listed": LISTED,
        },
    )


def _overview(outlet: Outlet) -> dict[str, Any]:
    """Return what the first view of an outlet shows, in a number of queries that does not grow."""
    firsts = list(Coverage.objects.first_of(outlet).with_claim()[:FIRSTS_SHOWN])
    pairs = OutletPair.objects.of(outlet)
    taken, given = taken_by(outlet), taken_from(outlet)
    origins, relays = Coverage.objects.origins_of(outlet), relayed_from(outlet)
    shared: list[Neighbour] = neighbours(pairs[:LIST_LENGTH])
    upstream: list[Exchange] = exchanges(taken, {origin.outlet: origin.claims for origin in origins})
    downstream: list[Exchange] = exchanges(given, relays)
    leads = _leads(firsts)
    named = {neighbour.outlet for neighbour in shared} | {row.outlet for row in (*upstream, *downstream)}
    outlets = Outlet.objects.only("name", "slug").in_bulk(named | _followers(leads))
    return {
        "firsts": _named_firsts(firsts, leads, outlets),
        "pair_count": len(pairs),
        "shared": [(outlets[row.outlet], row) for row in shared],
        "upstream": [(outlets[row.outlet], row) for row in upstream[:LIST_LENGTH]],
        "downstream": [(outlets[row.outlet], row) for row in downstream[:LIST_LENGTH]],
    }


def _firsts(page: Page[Coverage]) -> list[First]:
    rows = list(page)
    leads = _leads(rows)
    return _named_firsts(rows, leads, Outlet.objects.only("name", "slug").in_bulk(_followers(leads)))


def _leads(rows: Collection[Coverage]) -> dict[int, Lead[int]]:
    """Return by how long the first outlet of each claim was ahead, by claim."""
    moments = Coverage.objects.moments([row.claim_id for row in rows])
    found = {claim: lead(dated) for claim, dated in moments.items()}
    return {claim: ahead for claim, ahead in found.items() if ahead is not None}


def _followers(leads: dict[int, Lead[int]]) -> set[int]:
    return {outlet for ahead in leads.values() for outlet in ahead.following}


def _named_firsts(rows: Collection[Coverage], leads: dict[int, Lead[int]], outlets: dict[int, Outlet]) -> list[First]:
    return [
        First(
            row,
            leads[row.claim_id],
            sorted((outlets[pk] for pk in leads[row.claim_id].following), key=lambda outlet: outlet.name),
        )
        for row in rows
        if row.claim_id in leads
    ]


def _merges(outlet: Outlet) -> QuerySet[OutletMerge]:
    """Return the merges into an outlet that can be undone, the latest first."""
    received = OutletMerge.objects.filter(into=outlet, undone_at=None).select_related("outlet", "merged_by")
    return received.defer("moved", "doubles", "renamed").order_by("-merged_at", "-pk")[:LIST_LENGTH]
