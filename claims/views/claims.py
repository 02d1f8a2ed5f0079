"""The page of a claim."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.apps import apps
from django.contrib.auth.models import User
from django.db.models import F, Max, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from claims.corroboration.moments import MomentRefused, read_moment
from claims.corroboration.past import stood_apart
from claims.corroboration.reports import ClaimReports, load_reports
from claims.corroboration.stories import load_stories
from claims.forms import ReportSwitches
from claims.links import contradictions
from claims.models import (
    Attribution,
    Claim,
    ClaimConflict,
    ClaimLink,
    ClaimMerge,
    Corroboration,
)
from claims.presentation.history import decisions
from claims.presentation.reports import Origin, by_outlet, possible_origins, shown_report
from claims.services.conflicts import chained_claims
from claims.views.common import LIST_LENGTH
from sources.models import Snapshot

EVENTS_SHOWN = 500
#: Articles that lack a claim, named on its page.
MISSING_SHOWN = 100


@require_safe
def claim_detail(request: HttpRequest, uid: UUID) -> HttpResponse:
    claim = get_object_or_404(
        Claim.objects.select_related("speaker", "merged_into").prefetch_related("topics"), uid=uid
    )
    try:
        moment = read_moment(request.GET.get("as_of", ""), request.GET.get("clock", ""))
    except MomentRefused as refused:
        return render(request, "400.html", {"reasons": {refused.parameter: [str(refused)]}}, status=400)
    if claim.merged_into is not None and not stood_apart(claim, moment):
        moved = redirect(_with_query(request, _merge_target(claim).get_absolute_url()), permanent=True)
        # A merge may be undone: then the address is the claim's own again.
        moved["Cache-Control"] = "no-cache"
        return moved
    switches = ReportSwitches(request.GET)
    if not switches.is_valid():
        return render(request, "400.html", {"reasons": switches.errors}, status=400)
    confirmed_only = switches.cleaned_data["confirmed"]
    by_owner = switches.cleaned_data["by"] == "owner"
    reports = load_reports([claim], confirmed_only=confirmed_only, by_owner=by_owner, as_of=moment)[claim.pk]
    attributions = Attribution.objects.standing().filter(claim=claim)
    unconfirmed = attributions.filter(status=Attribution.Status.PROPOSED).count() if confirmed_only else 0
    left_out = {
        status: list(attributions.filter(status=status).with_context().order_by("pk"))
        for status in (Attribution.Status.UNSURE, Attribution.Status.REJECTED)
    }
    orphaned = list(
        Attribution.objects.orphaned()
        .filter(claim=claim)
        .select_related("decided_by", "statement__speaker", "statement__revision__article__outlet")
        .defer("statement__revision__text")
        .order_by("-statement__orphaned_at", "pk")[:LIST_LENGTH]
    )
    captured = _captured_at(reports)
    story = load_stories([reports])[claim.pk]
    events = _events(claim)
    history = decisions(events, editors=_editors(events))
    as_of = Corroboration.objects.filter(claim=claim).aggregate(at=Max("computed_at"))["at"]
    return render(
        request,
        "claims/claim_detail.html",
        {
            "claim": claim,
            "reports": reports,
            "report_groups": by_outlet(
                shown_report(worded.report, wording=worded.wording, captured_at=captured[worded.report.article.pk])
                for worded in reports.worded
            ),
            "denials": by_outlet(
                shown_report(report, captured_at=captured[report.article.pk]) for report in reports.denying
            ),
            "origins": _possible_origins(reports, by_owner=by_owner),
            "confirmed_only": confirmed_only,
            "by_owner": by_owner,
            "unconfirmed": unconfirmed,
            "unsure": left_out[Attribution.Status.UNSURE],
            "rejected": left_out[Attribution.Status.REJECTED],
            "conflicts": ClaimConflict.objects.open().filter(claim=claim).with_context().order_by("pk"),
            "chains": chained_claims(claim),
            "links": _likenesses(claim),
            "contradictions": contradictions(claim) if moment is None else [],
            "merges": ClaimMerge.objects.filter(into=claim, undone_at=None)
            .select_related("claim", "merged_by")
            .order_by("-pk")[:LIST_LENGTH],
            "orphaned": orphaned,
            "story": story,
            "missing": story.articles(MISSING_SHOWN),
            "moment": moment,
            # What was is not decided on.
            "can_decide": moment is None and request.user.has_perm("claims.change_attribution"),
            "history": history,
            "as_of": as_of,
        },
    )


def _likenesses(claim: Claim) -> QuerySet[ClaimLink]:
    """Return the links of a claim to those it may be the same as, or is not, what waits for an editor first."""
    links: QuerySet[ClaimLink] = (
        ClaimLink.objects.of(claim)
        .standing()
        .filter(kind=ClaimLink.Kind.SAME)
        .select_related("claim__speaker", "other__speaker", "decided_by")
        .order_by(F("decided_at").desc(nulls_first=True), "-score", "pk")[:LIST_LENGTH]
    )
    return links


def _merge_target(claim: Claim) -> Claim:
    """Follow merges to the claim that stands; a circle ends where it closes."""
    seen = {claim.pk}
    while claim.merged_into is not None and claim.merged_into.pk not in seen:
        claim = claim.merged_into
        seen.add(claim.pk)
    return claim


def _with_query(request: HttpRequest, address: str) -> str:
    query = request.META.get("QUERY_STRING", "")
    return f"{address}?{query}" if query else address


def _possible_origins(reports: ClaimReports, *, by_owner: bool) -> list[Origin]:
    if not by_owner:
        return possible_origins(reports, group=lambda outlet: outlet)
    return possible_origins(reports, group=reports.owner_of)


def _captured_at(reports: ClaimReports) -> dict[int, datetime]:
    """Return, by article id, when the text that the reports are in was captured."""
    revisions = {report.statement.revision_id for report in reports.reports}
    rows = Snapshot.objects.filter(revisions__in=revisions).values_list("article_id", "captured_at")
    return dict(rows)


def _events(claim: Claim) -> list[Any]:
    """Return the latest events of the claim's attributions, oldest first."""
    events = apps.get_model("claims", "AttributionEvent").objects.filter(claim=claim)
    latest = events.select_related("decided_by", "pgh_context", "statement__revision__article__outlet")
    return list(reversed(latest.order_by("-pgh_id")[:EVENTS_SHOWN]))


def _editors(events: list[Any]) -> dict[int, str]:
    """Return the names of those who wrote events, by id."""
    ids = {event.pgh_context.metadata.get("user") for event in events if event.pgh_context is not None}
    return {user.pk: user.get_username() for user in User.objects.filter(pk__in=ids - {None})}
