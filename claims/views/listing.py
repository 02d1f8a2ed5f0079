"""The list of claims."""

import re
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from claims.forms import PLACE_UNUSABLE, ClaimFilter
from claims.presentation.listing import Asked, claim_rows, facets_of, levels_of, picked_of
from claims.search import NEWEST, ORIGINS, RELEVANCE, ClaimQuery, Found, PlaceUnusable, find_claims

CLAIMS_PER_PAGE = 20
#: Outlets that a row names; the claim's page has them all.
OUTLETS_NAMED = 12
#: What is in the folded part of the form.
_ADVANCED = ("said_from", "said_to", "published_from", "published_to", "confirmed", "disputed", "differs", "alarms")
#: Chosen by links, not in the form: the form must hand them on.
_KEPT = ("level", "topic", "speaker", "outlet", "language", "year", "status")


@require_safe
def claim_list(request: HttpRequest) -> HttpResponse:
    """Show a page of the claims asked for; to htmx, only what changes as somebody types."""
    form = ClaimFilter(request.GET)
    shown: dict[str, Any] = {"form": form}
    if form.is_valid():
        query = form.query
        try:
            found = find_claims(query, size=CLAIMS_PER_PAGE, place=form.cleaned_data["place"])
        except PlaceUnusable:
            form.add_error("place", PLACE_UNUSABLE)
        else:
            shown |= _shown(form, query, found)
    partial = request.headers.get("HX-Request") == "true" and "HX-History-Restore-Request" not in request.headers
    template = "claims/_claim_results.html" if partial else "claims/claim_list.html"
    response = render(request, template, {**shown, "partial": partial}, status=400 if form.errors else 200)
    if partial:
        # Without the fields that were left empty, which a browser sends too.
        response["HX-Push-Url"] = Asked(form.given(place=True)).address()
    # One address, two answers: a cache must not give the one for the other.
    patch_vary_headers(response, ["HX-Request"])
    return response


def _shown(form: ClaimFilter, query: ClaimQuery, found: Found) -> dict[str, Any]:
    rows = claim_rows(found, query, most_outlets=OUTLETS_NAMED)
    asked = Asked(form.given())
    facets = facets_of(found, query, asked)
    return {
        "query": query,
        "found": found,
        "rows": rows,
        "levels": levels_of(found, query, asked),
        "facets": facets,
        "some_bounded": any(not choice.count.is_exact for facet in facets for choice in facet.choices if choice.count),
        "picked": picked_of(query, asked),
        "kept": [(name, asked.parameters[name]) for name in _KEPT if name in asked.parameters],
        "literally": asked.address(q=_literally(query)),
        "first_page": asked.address(),
        "as_of": max((row.summary.computed_at for row in rows), default=None),
        "filtered": any(name != "order" for name in asked.parameters),
        "advanced": any(name in asked.parameters for name in _ADVANCED),
        "formats": _formats(query, asked.parameters),
    }


def _literally(query: ClaimQuery) -> str:
    """Return the words with those in quotation marks that were mended, so that they are taken as they stand."""
    words = query.q
    for correction in query.understood.corrections if query.q else ():
        words = re.sub(rf"(?<!\w){re.escape(correction.typed)}(?!\w)", f'"{correction.typed}"', words)
    return words


def _formats(query: ClaimQuery, asked: Mapping[str, str]) -> list[tuple[str, str, str]]:
    """Return the same query in other forms: name, address, media type."""
    same = f"?{urlencode(asked)}" if asked else ""
    formats = [
        ("CSV", f"{reverse('claims_csv')}{same}", "text/csv"),
        ("Atom", f"{reverse('claims_atom')}{same}", "application/atom+xml"),
    ]
    return [("JSON", f"{reverse('api:claim-list')}?{urlencode(_in_api(query))}", "application/json"), *formats]


def _in_api(query: ClaimQuery) -> dict[str, str]:
    """Return the parameters by which the API gives the same claims in the same order."""
    firsts = [day for day in (query.published_from, query.year and date(query.year, 1, 1)) if day]
    lasts = [day for day in (query.published_to, query.year and date(query.year, 12, 31)) if day]
    asked: dict[str, Any] = {
        "q": query.q,
        "level": query.level,
        "topic": query.topic and query.topic.slug,
        "speaker": query.speaker and query.speaker.uid,
        "outlet": query.outlets and query.outlets[0].slug,
        "language": query.language,
        "has_confirmed": {"confirmed": "1", "proposed": "0"}.get(query.status),
        "has_difference": query.differs and 1,
        "has_alarm": query.alarms and 1,
        "disputed": query.disputed and 1,
        "confirmed": query.confirmed and 1,
        "said_after": query.said_from,
        "said_before": _day_after(query.said_to),
        "published_after": max(firsts, default=None),
        "published_before": _day_after(min(lasts, default=None)),
        "ordering": {RELEVANCE: "relevance", NEWEST: "-first_published_at", ORIGINS: "-origin_count"}[
            query.asked_order
        ],
    }
    return {name: str(value) for name, value in asked.items() if value}


def _day_after(day: date | None) -> date | None:
    """Return the first day that a range ending on this one has no more; None where there is no end."""
    return day + timedelta(days=1) if day and day < date.max else None
