"""Pages of speakers: the list, and one speaker's claims over time."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import cast
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.models import User
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from claims.forms import MENU_LENGTH, MergeSpeakersForm, SpeakerEdit
from claims.models import Claim, ClaimLink, Speaker, SpeakerMerge
from claims.presentation.timeline import LEVELS, by_month, timeline
from claims.querysets_coreporting import (
    WINDOW,
    Latest,
    Standing,
    claims_by_facet,
    latest_of_speaker,
    outlets_by_level,
)
from claims.services.editing import edit_speaker
from claims.services.previewing import levels_as_one_speaker
from claims.services.speakers import MergeRefused, merge_speakers, moving, possible_duplicates, unmerge_speakers
from claims.views.common import LIST_LENGTH, searched
from claims.views.editing import for_curators_of
from claims.views.versioned import answer_edit
from sources.models import DecisionStatus, Outlet

SPEAKERS_PER_PAGE = 50
CLAIMS_PER_PAGE = 50
CONTRADICTIONS_SHOWN = 20
#: Speakers that one may be the same as.
OFFERED = 20


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


@for_curators_of("claims.speaker")
def speaker_edit(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Show what is known of a speaker as a form, and write what is sent, if it stands as it was seen."""
    speaker = get_object_or_404(Speaker.objects.select_related("merged_into", "represents"), uid=uid)
    if speaker.merged_into is not None:
        return redirect("speaker_edit", speaker.merged_into.uid)
    return answer_edit(
        request,
        speaker,
        SpeakerEdit,
        save=edit_speaker,
        page="claims/speaker_edit.html",
        speaker=speaker,
        bodies=Speaker.objects.standing().filter(kind=Speaker.Kind.BODY).order_by("name")[:MENU_LENGTH],
    )


@for_curators_of("claims.speaker")
def speaker_merge(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Show with whom a speaker may be one and what merging moves, and merge it."""
    speaker = get_object_or_404(Speaker.objects.select_related("merged_into", "represents"), uid=uid)
    if speaker.merged_into is not None:
        return redirect(speaker.merged_into)
    form = MergeSpeakersForm(request.POST if request.method == "POST" else {"into": request.GET.get("with", "")})
    chosen = form.cleaned_data["into"] if form.is_valid() else None
    refused = ""
    if request.method == "POST" and chosen is not None:
        try:
            merge = merge_speakers(speaker, into=chosen, by=cast(User, request.user))
        except MergeRefused as refusal:
            refused = str(refusal)
        else:
            messages.success(request, _("Merged: “%(speaker)s” is this speaker now.") % {"speaker": merge.speaker})
            return redirect(merge.into)
    q = searched(request)
    others = Speaker.objects.standing().exclude(pk=speaker.pk)
    found = others.search(q).order_by("name", "pk")[:OFFERED] if q else possible_duplicates(speaker)[:OFFERED]
    return render(
        request,
        "claims/speaker_merge.html",
        {
            "speaker": speaker,
            "chosen": chosen,
            "moves": {name: rows.count() for name, rows in moving(speaker).items()} if chosen is not None else {},
            "levels": levels_as_one_speaker(speaker, chosen) if chosen is not None else None,
            "refused": refused,
            "errors": form.errors if request.method == "POST" or request.GET.get("with") else {},
            "q": q,
            "offered": [] if chosen is not None else _with_claims(found),
        },
        status=409 if refused else 400 if request.method == "POST" and form.errors else 200,
    )


@for_curators_of("claims.speaker")
@require_POST
def speaker_unmerge(request: HttpRequest, uid: UUID) -> HttpResponse:
    speaker = get_object_or_404(Speaker, uid=uid)
    try:
        merge = unmerge_speakers(speaker, by=cast(User, request.user))
    except MergeRefused as refusal:
        return render(request, "409.html", {"reason": str(refusal)}, status=409)
    messages.success(request, _("Undone: this speaker is apart from “%(other)s” again.") % {"other": merge.into})
    return redirect(merge.speaker)


def _with_claims(speakers: Iterable[Speaker]) -> list[tuple[Speaker, int]]:
    """Return speakers with the number of their claims."""
    rows = list(speakers)
    counts = claims_by_facet("speaker", [speaker.pk for speaker in rows])
    return [(speaker, counts[speaker.pk]) for speaker in rows]


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
    claims = Claim.objects.in_bulk([standing.claim for standing in rows])
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
            "merges": _merges(speaker),
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
    return list(links[:CONTRADICTIONS_SHOWN])


def _merges(speaker: Speaker) -> QuerySet[SpeakerMerge]:
    """Return the merges into a speaker that can be undone, the latest first."""
    received = SpeakerMerge.objects.filter(into=speaker, undone_at=None).select_related("speaker", "merged_by")
    return received.order_by("-merged_at", "-pk")[:LIST_LENGTH]
