"""Pages of speakers: the list, and one speaker's claims over time."""

from collections import Counter
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from claims.models import Claim, ClaimLink, Speaker
from claims.presentation.timeline import LEVELS, by_month, timeline
from claims.querysets_coreporting import (
    WINDOW,
    Latest,
    Standing,
    claims_by_facet,
    latest_of_speaker,
    outlets_by_level,
)
from claims.views.common import LIST_LENGTH, searched
from sources.models import DecisionStatus, Outlet

SPEAKERS_PER_PAGE = 50
CLAIMS_PER_PAGE = 50
CONTRADICTIONS_SHOWN = 20


@dataclass(frozen=True)
class Quoting:
    """An outlet that affirms claims of a speaker, and how many of each level these are."""

    outlet: Outlet
    corroborated: int
    repeated: int
    single: int

    @property
    def total(self) -> int:
        return self.corroborated + self.repeated + self.single


@require_safe
def speaker_list(request: HttpRequest) -> HttpResponse:
    q = searched(request)
    speakers = Speaker.objects.standing()
    found = speakers.search(q) if q else speakers
    page = Paginator(found.select_related("represents").order_by("name", "pk"), SPEAKERS_PER_PAGE).get_page(
        request.GET.get("page")
    )
    counts = claims_by_facet("speaker", [speaker.pk for speaker in page])
    rows = [(speaker, counts[speaker.pk]) for speaker in page]
    return render(request, "claims/speaker_list.html", {"page": page, "rows": rows, "q": q})


@require_safe
def speaker_detail(request: HttpRequest, uid: UUID) -> HttpResponse:
    speaker = get_object_or_404(Speaker.objects.select_related("merged_into", "represents"), uid=uid)
    if speaker.merged_into is not None:
        moved = redirect(_merge_target(speaker), permanent=True)
        # A merge may be undone: then the address is the speaker's own again.
        moved["Cache-Control"] = "no-cache"
        return moved
    latest = latest_of_speaker(speaker)
    over_time = timeline(latest.claims)
    begins = _month(request.GET.get("from", ""))
    chosen = sorted(
        (standing for standing in latest.claims if begins is None or _within(standing, begins, over_time.yearly)),
        key=_newest_first,
    )
    page = Paginator(chosen, CLAIMS_PER_PAGE).get_page(request.GET.get("page"))
    rows = list(page)
    claims = Claim.objects.defer("search").in_bulk([standing.claim for standing in rows])
    quoting = outlets_by_level(latest)
    return render(
        request,
        "claims/speaker_detail.html",
        {
            "speaker": speaker,
            "aliases": speaker.aliases.exclude(name=speaker.name).order_by("name")[:LIST_LENGTH],
            "latest": latest,
            "window": WINDOW,
            "timeline": over_time,
            "levels": LEVELS,
            "reported_in": Counter(standing.language for standing in latest.claims).most_common(),
            "begins": begins,
            "page": page,
            "months": by_month([(claims[s.claim], s) for s in rows if s.claim in claims]),
            "quoting": _quoting(quoting),
            "quoting_count": len(quoting),
            "contradictions": _contradictions(latest),
        },
    )


def _merge_target(speaker: Speaker) -> Speaker:
    """Follow merges to the speaker that stands; a circle ends where it closes."""
    seen = {speaker.pk}
    while speaker.merged_into is not None and speaker.merged_into.pk not in seen:
        speaker = speaker.merged_into
        seen.add(speaker.pk)
    return speaker


def _month(asked: str) -> date | None:
    """Return the first day of a month as "2017-05"; None for anything else, which asks for no month."""
    try:
        return date.fromisoformat(f"{asked}-01")
    except ValueError:
        return None


def _newest_first(standing: Standing) -> tuple[bool, float]:
    at = standing.first_published_at
    return (at is None, -at.timestamp() if at else 0.0)


def _within(standing: Standing, begins: date, yearly: bool) -> bool:
    at = standing.first_published_at
    return at is not None and at.year == begins.year and (yearly or at.month == begins.month)


def _quoting(levels: dict[int, dict[str, int]]) -> list[Quoting]:
    """Return the outlets that affirm most, these first."""
    most = sorted(levels, key=lambda outlet: (-sum(levels[outlet].values()), outlet))[:LIST_LENGTH]
    outlets = Outlet.objects.only("name", "slug").in_bulk(most)
    return [Quoting(outlets[pk], **{level: levels[pk].get(level, 0) for level in LEVELS}) for pk in most]


def _contradictions(latest: Latest) -> list[ClaimLink]:
    """Return the links by which claims of one speaker contradict each other, what waits for an editor first."""
    links = ClaimLink.objects.contradicting().exclude(status=DecisionStatus.REJECTED).filter(claim__in=latest.ids)
    return list(links.defer("claim__search", "other__search")[:CONTRADICTIONS_SHOWN])
