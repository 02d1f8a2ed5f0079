"""The page of a claim, its citation and its evidence."""

import json
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.apps import apps
from django.conf import settings
from django.contrib.auth.models import User
from django.contrib.postgres.expressions import ArraySubquery
from django.core.paginator import Page, Paginator
from django.db.models import Case, Count, Exists, F, Max, OuterRef, QuerySet, Subquery, Value, When, Window
from django.db.models.functions import JSONObject, RowNumber
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from claims import bundles
from claims.compiled import Compiled
from claims.corroboration.excerpts import read_excerpts
from claims.corroboration.moments import Clock, Moment, MomentRefused, read_moment
from claims.corroboration.past import stood_apart
from claims.corroboration.reports import ClaimReport, ClaimReports, load_reports, outlined
from claims.corroboration.stories import load_stories
from claims.forms import ReportSwitches
from claims.linked_data import claim_linked_data
from claims.links import FarEnd
from claims.models import Attribution, Claim, ClaimConflict, ClaimLink, ClaimMerge, Corroboration, Topic
from claims.presentation.citing import APPEARANCES_IN_HEAD, Citation, figures_in_words, plain_claim
from claims.presentation.diagrams import origin_diagram
from claims.presentation.history import decisions
from claims.presentation.reports import (
    around,
    by_outlet,
    possible_origins,
    shown_report,
    timeline,
    with_words,
    wording_rows,
)
from claims.services.conflicts import ChainedClaims, chained_claims
from claims.views.common import LIST_LENGTH

REPORTS_PER_PAGE = 25
#: Possible origins whose evidence is shown, and further ones that are named.
ORIGINS_SHOWN, ORIGINS_NAMED = 30, 200
#: The latest events of the history that are shown.
EVENTS_SHOWN = 25
#: Articles that lack a claim, named on its page.
MISSING_SHOWN = 100


@dataclass(frozen=True)
class Asked:
    """What a reader asks of a claim by the page's address."""

    confirmed_only: bool
    by_owner: bool
    moment: Moment | None


@require_safe
def claim_detail(request: HttpRequest, uid: UUID) -> HttpResponse:
    claim = _find(uid)
    asked = _asked(request, claim)
    if isinstance(asked, HttpResponse):
        return asked
    moment = asked.moment
    reports = _reports(claim, asked, texts=False)
    page = _page(request, [*reports.by_fullness, *reports.denying])
    own = possible_origins(reports, group=reports.owner_of if asked.by_owner else lambda outlet: outlet)
    excerpts = {around(report) for report in page.object_list}
    excerpts.update(item.excerpt for origin in own[:ORIGINS_SHOWN] for item in origin.evidence if item.excerpt)
    texts = read_excerpts(excerpts)
    origins = with_words(own[:ORIGINS_SHOWN], texts)
    shown = [shown_report(report, texts, wording=_wording(reports, report)) for report in page.object_list]
    affirming = [each for each in shown if not each.report.denies]
    address_of = _address_of(request, page)
    story = load_stories([reports])[claim.pk]
    links = _links(claim) if claim.has_links and moment is None else []
    left_out = _left_out(claim) if claim.has_left_out else {}
    events = _events(claim)
    absolute = _absolute(request)
    plain = plain_claim(
        reports, topics=_topic_names(claim), absolute=absolute, modified_at=claim.as_of, most=APPEARANCES_IN_HEAD
    )
    return render(
        request,
        "claims/claim_detail.html",
        {
            "claim": claim,
            "topics": claim.topic_names,
            "reports": reports,
            "report_groups": by_outlet(affirming),
            "denials": by_outlet(each for each in shown if each.report.denies),
            "page": page,
            "wordings": wording_rows(affirming, reports.fullest) if affirming and reports.fullest else [],
            "origins": origins,
            "more_origins": own[ORIGINS_SHOWN : ORIGINS_SHOWN + ORIGINS_NAMED],
            "unnamed_origins": max(0, len(own) - ORIGINS_SHOWN - ORIGINS_NAMED),
            "diagram": origin_diagram(reports, own, address_of=address_of, rest="#reports-title"),
            "timeline": timeline(reports),
            "address_of": address_of,
            "confirmed_only": asked.confirmed_only,
            "by_owner": asked.by_owner,
            "unconfirmed": len(reports.unconfirmed),
            "unsure": left_out.get(Attribution.Status.UNSURE, []),
            "rejected": left_out.get(Attribution.Status.REJECTED, []),
            "orphaned": left_out.get(ORPHANED, []),
            "conflicts": ClaimConflict.objects.open().filter(claim=claim).with_context().order_by("pk")
            if claim.has_conflicts
            else [],
            "chains": _chains(claim, links),
            "links": [link for link in links if link.kind == ClaimLink.Kind.SAME],
            "contradictions": [
                FarEnd(link, link.other if link.claim_id == claim.pk else link.claim)
                for link in links
                if link.kind == ClaimLink.Kind.CONTRADICTS
            ],
            "merges": ClaimMerge.objects.filter(into=claim, undone_at=None)
            .select_related("claim", "merged_by")
            .order_by("-pk")[:LIST_LENGTH]
            if claim.has_merges
            else [],
            "story": story,
            "missing": story.articles(MISSING_SHOWN),
            "moment": moment,
            # What was is not decided on.
            "can_decide": moment is None and request.user.has_perm("claims.change_attribution"),
            "history": decisions(events, editors=_editors(events)),
            "history_is_cut": len(events) == EVENTS_SHOWN,
            "as_of": claim.as_of,
            "described": claim_linked_data(plain) if reports.affirming else None,
            "citation": _citation(request, reports, asked),
            "permanent": absolute(claim.get_absolute_url()),
            "query": request.META.get("QUERY_STRING", ""),
        },
    )


@require_safe
def claim_citation(request: HttpRequest, uid: UUID, form: str) -> HttpResponse:
    """Give the citation of a claim for programs that keep references. form: "bib" or "json"."""
    claim = _find(uid)
    asked = _asked(request, claim)
    if isinstance(asked, HttpResponse):
        return asked
    citation = _citation(request, _reports(claim, asked, texts=False), asked)
    kinds = {"bib": "application/x-bibtex", "json": "application/vnd.citationstyles.csl+json"}
    body = citation.bibtex if form == "bib" else json.dumps(citation.csl, ensure_ascii=False, indent=2)
    return HttpResponse(
        body,
        headers={
            "Content-Type": f"{kinds[form]}; charset=utf-8",
            "Content-Disposition": f'attachment; filename="{citation.key}.{form}"',
        },
    )


@require_safe
def claim_evidence(request: HttpRequest, uid: UUID) -> HttpResponseBase:
    """Give all that the claim rests on as one archive, which can be checked without this site."""
    claim = _find(uid)
    asked = _asked(request, claim)
    if isinstance(asked, HttpResponse):
        return asked
    reports = _reports(claim, asked, texts=False)
    absolute = _absolute(request)
    plain = plain_claim(reports, topics=_topic_names(claim), absolute=absolute, modified_at=claim.as_of)
    try:
        archive = bundles.write_bundle(reports, plain, absolute=absolute)
    except bundles.BundleTooLarge as refused:
        return render(request, "claims/bundle_too_large.html", {"claim": claim, "refused": refused}, status=413)
    return FileResponse(
        archive, as_attachment=True, filename=f"claim-{str(claim.uid)[:8]}-evidence.zip", content_type="application/zip"
    )


# The claim, and what is asked of it


def _claims() -> "QuerySet[Any]":
    """Claims with their speaker, and with what else there is to show of them; all in one query.

    as_of: when their corroboration was counted last; topic_names: slug and name of each; has_…: whether there are any.
    """
    counted = Corroboration.objects.filter(claim=OuterRef("pk")).order_by().values("claim")
    topics = Topic.objects.filter(claims=OuterRef("pk")).order_by("name")
    return Claim.objects.select_related("speaker", "merged_into").annotate(
        as_of=Subquery(counted.annotate(at=Max("computed_at")).values("at")),
        topic_names=ArraySubquery(topics.values(json=JSONObject(slug="slug", name="name"))),
        has_links=Exists(ClaimLink.objects.filter(claim=OuterRef("pk")))
        | Exists(ClaimLink.objects.filter(other=OuterRef("pk"))),
        has_conflicts=Exists(ClaimConflict.objects.filter(claim=OuterRef("pk"), settled_at=None)),
        has_merges=Exists(ClaimMerge.objects.filter(into=OuterRef("pk"), undone_at=None)),
        has_left_out=Exists(_not_counted().filter(claim=OuterRef("pk"))),
    )


_CLAIM: Compiled[Any] = Compiled(lambda uid: _claims().filter(uid=uid), UUID)


def _find(uid: UUID) -> Any:
    """Return a claim with all that `_claims` says; raises Http404 where there is none."""
    found = _CLAIM(uid)
    if not found:
        raise Http404
    return found[0]


def _asked(request: HttpRequest, claim: Claim) -> Asked | HttpResponse:
    """Return what is asked of a claim, or the answer to what cannot be: that it went, or why it was refused."""
    try:
        moment = read_moment(request.GET.get("as_of", ""), request.GET.get("clock", ""))
    except MomentRefused as refused:
        return render(request, "400.html", {"reasons": {refused.parameter: [str(refused)]}}, status=400)
    if claim.merged_into is not None and not stood_apart(claim, moment):
        here, there = str(claim.uid), str(_merge_target(claim).uid)
        moved = redirect(_with_query(request, request.path.replace(here, there)), permanent=True)
        # A merge may be undone: then the address is the claim's own again.
        moved["Cache-Control"] = "no-cache"
        return moved
    switches = ReportSwitches(request.GET)
    if not switches.is_valid():
        return render(request, "400.html", {"reasons": switches.errors}, status=400)
    return Asked(switches.cleaned_data["confirmed"], switches.cleaned_data["by"] == "owner", moment)


def _reports(claim: Claim, asked: Asked, *, texts: bool) -> ClaimReports:
    return load_reports(
        [claim], confirmed_only=asked.confirmed_only, by_owner=asked.by_owner, as_of=asked.moment, texts=texts
    )[claim.pk]


def _topic_names(claim: Any) -> list[str]:
    return [topic["name"] for topic in claim.topic_names]


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


def _absolute(request: HttpRequest) -> Callable[[str], str]:
    """Return what makes a whole address of a path, the same one whatever language the page is in."""
    return lambda path: request.build_absolute_uri(path)


# Reports


def _page(request: HttpRequest, reports: list[ClaimReport]) -> "Page[ClaimReport]":
    """Return the reports of the page that is asked for by its number, or by the report that is to be on it."""
    number: Any = request.GET.get("page")
    chosen = request.GET.get("report")
    if chosen and not number:
        places = (place for place, report in enumerate(reports) if str(report.attribution.uid) == chosen)
        number = next(places, 0) // REPORTS_PER_PAGE + 1
    return Paginator(reports, REPORTS_PER_PAGE).get_page(number)


def _address_of(request: HttpRequest, page: "Page[ClaimReport]") -> Callable[[ClaimReport], str]:
    """Return what tells where a report is shown: further down on this page, or on another one."""
    here = {report.attribution.pk for report in page.object_list}
    kept = [(name, value) for name, value in request.GET.items() if name not in ("page", "report")]

    def address(report: ClaimReport) -> str:
        anchor = f"#r-{report.attribution.uid}"
        if report.attribution.pk in here:
            return anchor
        return f"?{urlencode([*kept, ('report', str(report.attribution.uid))])}{anchor}"

    return address


def _wording(reports: ClaimReports, report: ClaimReport) -> Any:
    return None if report.denies else reports.wording_of(report)


def _citation(request: HttpRequest, reports: ClaimReports, asked: Asked) -> Citation:
    claim: Any = reports.claim
    as_of = asked.moment.at if asked.moment else claim.as_of
    query = {"confirmed": "1"} if asked.confirmed_only else {}
    query |= {"by": "owner"} if asked.by_owner else {}
    # To the second, and not before what is counted.
    second = as_of and (as_of + timedelta(seconds=1) - timedelta.resolution).replace(microsecond=0)
    query |= {"as_of": f"{second:%Y-%m-%dT%H:%M:%SZ}"} if second else {}
    query |= {"clock": asked.moment.clock} if asked.moment and asked.moment.clock != Clock.CAPTURED else {}
    with translation.override(settings.LANGUAGE_CODE):
        path = claim.get_absolute_url()
    url = request.build_absolute_uri(path)
    levels = {"unreported": _("unreported"), "single": _("single"), "repeated": _("repeated")}
    level = levels.get(reports.finding.level, _("corroborated"))
    return Citation(
        claim,
        f"{url}?{urlencode(query, safe=':')}" if query else url,
        _("%(level)s, disputed") % {"level": level} if reports.finding.disputed else level,
        figures_in_words(reports),
        as_of,
        timezone.now().date(),
    )


# What stands beside the reports that count

ORPHANED = "orphaned"


def _not_counted() -> "QuerySet[Attribution]":
    """Attributions that editors rejected or left unsure, and those whose words are no longer in the text."""
    decided = (Attribution.Status.UNSURE, Attribution.Status.REJECTED)
    found: QuerySet[Attribution] = (
        Attribution.objects.standing().filter(status__in=decided) | Attribution.objects.orphaned()
    )
    return found


def _left_out(claim: Claim) -> dict[str, list[Attribution]]:
    """Return the claim's reports that do not count, by why, each list LIST_LENGTH long at most."""
    why = Case(
        When(status__in=(Attribution.Status.UNSURE, Attribution.Status.REJECTED), then=F("status")),
        default=Value(ORPHANED),
    )
    found = outlined(_not_counted().filter(claim=claim)).annotate(
        why=why,
        place=Window(RowNumber(), partition_by=[why], order_by=F("pk").desc()),
        of=Window(Count("pk"), partition_by=[why]),
    )
    left_out: dict[str, list[Attribution]] = defaultdict(list)
    for attribution in found.filter(place__lte=LIST_LENGTH).order_by("pk"):
        left_out[attribution.why].append(attribution)
    return left_out


def _links(claim: Claim) -> list[ClaimLink]:
    """Return the links of a claim to others, LIST_LENGTH of each kind, what waits for an editor first."""
    first = [F("decided_at").desc(nulls_first=True), F("score").desc(), F("pk").asc()]
    links = (
        ClaimLink.objects.of(claim)
        .standing()
        .select_related("claim__speaker", "other__speaker", "decided_by")
        .annotate(place=Window(RowNumber(), partition_by=["kind"], order_by=first))
        .filter(place__lte=LIST_LENGTH)
        .order_by(*first)
    )
    return list(links)


def _chains(claim: Claim, links: list[ClaimLink]) -> list[ChainedClaims]:
    """Return the chains that a claim is part of: two links at least make one, one of them a proposed likeness."""
    likenesses = [link for link in links if link.kind == ClaimLink.Kind.SAME]
    if len(links) < 2 or all(link.decided_at for link in likenesses):
        return []
    return chained_claims(claim)


# History


def _latest_events(claim: int) -> "QuerySet[Any]":
    events: QuerySet[Any] = apps.get_model("claims", "AttributionEvent")._default_manager.filter(claim=claim)
    return (
        events.select_related("decided_by", "pgh_context", "statement__revision__article__outlet")
        .defer("statement__revision__text", "statement__terms")
        .order_by("-pgh_id")[:EVENTS_SHOWN]
    )


_EVENTS: Compiled[Any] = Compiled(_latest_events, int)


def _events(claim: Claim) -> list[Any]:
    """Return the latest events of the claim's attributions, oldest first."""
    return list(reversed(_EVENTS(claim.pk)))


def _editors(events: list[Any]) -> dict[int, str]:
    """Return the names of those who wrote events, by id."""
    ids = {event.pgh_context.metadata.get("user") for event in events if event.pgh_context is not None} - {None}
    return {user.pk: user.get_username() for user in User.objects.filter(pk__in=ids)} if ids else {}
