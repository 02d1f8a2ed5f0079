"""The overview: which outlets report the same, as a picture and as a table."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from claims.corroboration.ledgers import MOST_PAIRED
from claims.models import OutletPair, OutletTally
from claims.presentation.overview import MOST_OUTLETS, picture
from sources.models import Outlet


@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    claims = OutletTally.objects.reporting()
    shown = list(claims)[:MOST_OUTLETS]
    outlets = Outlet.objects.only("name", "slug").in_bulk(shown)
    drawn = picture(outlets, claims, OutletPair.objects.among(shown), outlet_count=len(claims))
    return render(request, "claims/overview.html", {"picture": drawn, "most_paired": MOST_PAIRED})
