"""Pages on which editors decide: about a report, about two claims, about what cannot be one."""

from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import datetime
from functools import partial
from itertools import islice
from typing import Any, cast
from urllib.parse import urlsplit
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.models import User
from django.contrib.postgres.search import TrigramSimilarity
from django.core.paginator import Paginator
from django.db.models import Exists, OuterRef, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.dateparse import parse_datetime
from django.utils.html import format_html
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.safestring import SafeString
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.access import requires
from claims.forms import MENU_LENGTH, ClaimEdit, Correction, LinkDecision, MergeForm, SplitForm
from claims.models import Attribution, Claim, ClaimConflict, ClaimLink, Decision, Topic
from claims.presentation.addresses import statement_address
from claims.services import conflicts, decisions, desk, merging
from claims.services.editing import edit_claim
from claims.views.common import searched
from claims.views.versioned import answer_edit

CLAIMS_OFFERED = 20
CONFLICTS_PER_PAGE = 20
#: Reports of a claim to choose from; a claim has thousands.
REPORTS_LISTED = 100
#: Chains of claims on the list of conflicts.
CHAINS_SHOWN = 100

View = Callable[..., HttpResponse]


def for_editors(view: View, *, permission: str = "claims.change_attribution") -> View:
    """Let only those in who may decide, and answer a refused decision with its reason."""

    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except decisions.DecisionRefused as refusal:
            about = refusal.about if isinstance(refusal, decisions.DecisionConflict) else ()
            return render(request, "409.html", {"reason": str(refusal), "about": about}, status=409)

    answer.__name__ = view.__name__
    return requires(permission)(answer)


def for_curators_of(model: str) -> Callable[[View], View]:
    """Return the same for those who may change rows of a model, as in `claims.speaker`."""
    app, name = model.split(".")
    return partial(for_editors, permission=f"{app}.change_{name}")


def _editor(request: HttpRequest) -> User:
    """Return who decides; only a signed-in user comes as far as this."""
    return cast(User, request.user)


def _short(claim: Claim) -> str:
    return Truncator(claim.text).chars(80)


# About a report


def _decidable(uid: UUID) -> Attribution:
    return get_object_or_404(Attribution.objects.select_related("claim", "statement"), uid=uid)


def _back_to(attribution: Attribution) -> HttpResponse:
    return redirect(f"{attribution.claim.get_absolute_url()}#r-{attribution.uid}")


@for_editors
@require_POST
def attribution_confirm(request: HttpRequest, uid: UUID) -> HttpResponse:
    attribution = decisions.confirm_attribution(_decidable(uid), by=_editor(request))
    messages.success(request, _("Confirmed: the statement carries this claim."))
    return _back_to(attribution)


@for_editors
@require_POST
def attribution_reject(request: HttpRequest, uid: UUID) -> HttpResponse:
    attribution = decisions.reject_attribution(_decidable(uid), by=_editor(request))
    messages.success(request, _("Rejected: this report no longer counts, and will not be proposed here again."))
    return _back_to(attribution)


@for_editors
@require_POST
def attribution_unsure(request: HttpRequest, uid: UUID) -> HttpResponse:
    attribution = decisions.leave_unsure(_decidable(uid), by=_editor(request))
    messages.success(request, _("Left unsure: this report does not count until somebody decides."))
    return _back_to(attribution)


@for_editors
@require_POST
def attribution_undo(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Undo the decision that the page showed, which the form names by its time."""
    attribution = Attribution.objects.select_related("claim").filter(uid=uid).first()
    if attribution is None:
        raise decisions.DecisionConflict(_("Somebody undid this decision meanwhile; look again, then decide."))
    claim = attribution.claim
    attribution.decided_at = _moment(request.POST.get("decided_at", ""))
    decision = decisions.undo_decision(attribution, by=_editor(request))
    messages.success(
        request,
        _("Undone: “%(decision)s” by %(name)s.")
        % {"decision": decision.get_kind_display(), "name": decision.decided_by},
    )
    return redirect(f"{claim.get_absolute_url()}#r-{uid}")


def _moment(text: str) -> datetime | None:
    try:
        return parse_datetime(text)
    except ValueError:
        return None


@for_editors
def attribution_correct(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Show what an attribution may be corrected to, and correct it."""
    attribution = get_object_or_404(Attribution.objects.with_context(), uid=uid)
    form = Correction(request.POST if request.method == "POST" else None)
    back = _asked_back(request)
    if request.method == "POST" and form.is_valid():
        corrected = _correct(request, attribution, form.cleaned_data, at_desk=urlsplit(back).path == reverse("review"))
        messages.success(
            request,
            format_html(
                _("Corrected: the statement is at {claim}."),
                claim=_linked(corrected.claim),
            ),
        )
        return redirect(back or f"{attribution.claim.get_absolute_url()}#r-{attribution.uid}")
    q = searched(request)
    return render(
        request,
        "claims/attribution_correct.html",
        {
            "attribution": attribution,
            "shown": statement_address(attribution.statement),
            "form": form,
            "q": q,
            "back": back,
            "candidates": _candidates(attribution.claim, attribution.statement.quote, q),
        },
        status=400 if form.errors else 200,
    )


def _asked_back(request: HttpRequest) -> str:
    """Return the page of this site that `next` names, where somebody came from; "" for none."""
    back = request.GET.get("next", "")
    return back if back.startswith("/") and url_has_allowed_host_and_scheme(back, allowed_hosts=None) else ""


def _correct(request: HttpRequest, attribution: Attribution, change: dict[str, Any], *, at_desk: bool) -> Attribution:
    """Correct an attribution; at_desk: who came from the queue undoes it there, as what they did last."""
    editor = _editor(request)
    to = change["claim"] if change["change"] in ("move", "add") else None
    if at_desk:
        verb = "move" if change["change"] == "new" else change["change"]
        return desk.correct(attribution, verb=verb, to=to, stance=change["stance"], by=editor)
    if change["change"] == "stance":
        return decisions.set_stance(attribution, stance=change["stance"], by=editor)
    if to is not None and change["change"] == "add":
        return decisions.add_attribution(attribution.statement, to=to, by=editor)
    return decisions.move_attribution(attribution, to=to, by=editor)


def _candidates(claim: Claim, words: str, q: str) -> list[Claim]:
    """Return other claims: found by `q`, else of the same speaker, those most like `words` first."""
    claims = Claim.objects.standing().exclude(pk=claim.pk).with_summary()
    if q:
        return list(claims.search(q).order_by("-relevance", "pk")[:CLAIMS_OFFERED])
    carried = Attribution.objects.filter(claim=OuterRef("pk"))
    decided = Decision.objects.filter(claim=OuterRef("pk"))
    # Of a claim whose making was undone the decision is left, and no report, not even a rejected one.
    own = claims.filter(speaker=claim.speaker).exclude(~Exists(carried), Exists(decided))
    return list(own.annotate(alike=TrigramSimilarity("text", words)).order_by("-alike", "pk")[:CLAIMS_OFFERED])


# About two claims


@for_editors
def claim_edit(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Show a claim's sentence, day and topics as a form, and write what is sent, if it stands as it was seen."""
    claim = get_object_or_404(Claim.objects.select_related("speaker", "merged_into"), uid=uid)
    if claim.merged_into is not None:
        return redirect(claim.merged_into)
    offered = Topic.objects.filter(
        Q(claims=claim) | Q(pk__in=Topic.objects.order_by("name")[:MENU_LENGTH].values("pk"))
    )
    return answer_edit(
        request,
        claim,
        ClaimEdit,
        save=edit_claim,
        page="claims/claim_edit.html",
        claim=claim,
        topics=offered.distinct().order_by("name", "pk"),
    )


@for_editors
def claim_merge(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Show what a claim may be merged with and what that would change, and merge it.

    What is refused is said with what overrules it.
    """
    claim = get_object_or_404(Claim.objects.select_related("speaker", "merged_into"), uid=uid)
    if claim.merged_into is not None:
        return redirect(claim.merged_into)
    form = MergeForm(request.POST if request.method == "POST" else None)
    chosen = _named_claim(request.GET.get("with", "")) if request.method != "POST" else None
    conflict: decisions.DecisionConflict | None = None
    preview: merging.MergePreview | None = None
    try:
        if form.is_valid():
            chosen = form.cleaned_data["into"]
            overrule = form.cleaned_data["overrule"]
            merge = merging.merge_claims(claim, into=chosen, by=_editor(request), overrule=overrule)
            messages.success(
                request, format_html(_("Merged: “{claim}” is part of this claim now."), claim=_short(merge.claim))
            )
            return redirect(merge.into)
        if chosen is not None:
            preview = merging.preview_merge(claim, into=chosen, by=_editor(request))
    except decisions.DecisionConflict as refusal:
        conflict = refusal
    q = searched(request)
    return render(
        request,
        "claims/claim_merge.html",
        {
            "claim": claim,
            "form": form,
            "conflict": conflict,
            "preview": preview,
            "chosen": chosen,
            "q": q,
            "offered": [] if chosen else _candidates(claim, claim.text, q),
        },
        status=409 if conflict is not None else 400 if form.errors else 200,
    )


def _named_claim(uid: str) -> Claim | None:
    try:
        return Claim.objects.standing().select_related("speaker").filter(uid=UUID(uid)).first()
    except ValueError:
        return None


@for_editors
@require_POST
def claim_unmerge(request: HttpRequest, uid: UUID) -> HttpResponse:
    merge = merging.unmerge_claims(get_object_or_404(Claim, uid=uid), by=_editor(request))
    messages.success(
        request, format_html(_("Undone: this claim is apart from {claim} again."), claim=_linked(merge.into))
    )
    return redirect(merge.claim)


def _linked(claim: Claim) -> SafeString:
    return format_html('<a href="{}">“{}”</a>', claim.get_absolute_url(), _short(claim))


@for_editors
def claim_split(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Show a claim's reports to choose from, and give the chosen ones a claim of their own."""
    claim = get_object_or_404(Claim.objects.select_related("speaker", "merged_into"), uid=uid)
    if claim.merged_into is not None:
        return redirect(claim.merged_into)
    reports = Attribution.objects.counted().filter(claim=claim).with_context()
    form = SplitForm(request.POST if request.method == "POST" else None, reports=reports)
    if request.method == "POST" and form.is_valid():
        part = merging.split_claim(claim, attributions=form.cleaned_data["reports"], by=_editor(request))
        messages.success(request, format_html(_("Split: these reports were at {claim}."), claim=_linked(claim)))
        return redirect(part)
    q = searched(request)
    wanted = Q(statement__quote__icontains=q) | Q(statement__revision__article__outlet__name__icontains=q)
    found = reports.filter(wanted) if q else reports
    found = found.order_by("statement__revision__article__published_at", "statement__start", "pk")
    listed = list(found[: REPORTS_LISTED + 1])
    # What is chosen already is listed whatever is searched for.
    asked = _uids(request.GET.getlist("statement"))
    ticked = Q(statement__uid__in=asked) | Q(uid__in=_uids(request.POST.getlist("reports")))
    chosen = list(reports.filter(ticked).order_by("pk")[:REPORTS_LISTED])
    return render(
        request,
        "claims/claim_split.html",
        {
            "claim": claim,
            "reports": list(dict.fromkeys([*chosen, *listed[:REPORTS_LISTED]])),
            "chosen": {report.pk for report in chosen},
            "asked": asked,
            "is_more": len(listed) > REPORTS_LISTED,
            "most": REPORTS_LISTED,
            "form": form,
            "q": q,
        },
        status=400 if form.errors else 200,
    )


def _uids(texts: Iterable[str]) -> list[UUID]:
    """Return the ids among texts, as many as a page lists."""
    found = []
    for text in islice(texts, REPORTS_LISTED):
        with suppress(ValueError):
            found.append(UUID(text))
    return found


@for_editors
@require_POST
def claim_link(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Remember what an editor says of two claims."""
    claim = get_object_or_404(Claim, uid=uid)
    form = LinkDecision(request.POST)
    if not form.is_valid():
        return render(request, "400.html", {"reasons": form.errors}, status=400)
    said = form.cleaned_data
    merging.decide_link(claim, said["other"], status=said["status"], kind=said["kind"], by=_editor(request))
    messages.success(request, _("Remembered; it will not be proposed again."))
    return redirect(f"{claim.get_absolute_url()}#links-title")


@for_editors
@require_POST
def link_undo(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Undo the decision on a link that the page showed, which the form names by its time."""
    link = get_object_or_404(ClaimLink.objects.select_related("claim", "other"), uid=uid)
    link.decided_at = _moment(request.POST.get("decided_at", ""))
    merging.undo_link(link, by=_editor(request))
    messages.success(request, _("Undone: what was said of the two claims is as it was before."))
    here = link.other if request.POST.get("at") == str(link.other.uid) else link.claim
    return redirect(here)


# About what cannot be one


@for_editors
@require_safe
def conflict_list(request: HttpRequest) -> HttpResponse:
    """Show reports and claims that are held together though they cannot be one, the latest first."""
    found = ClaimConflict.objects.open().with_context().order_by("-found_at", "-pk")
    page = Paginator(found, CONFLICTS_PER_PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        "claims/conflict_list.html",
        {"page": page, "chains": conflicts.open_chains(limit=CHAINS_SHOWN), "chains_shown": CHAINS_SHOWN},
    )


@for_editors
@require_POST
def conflict_settle(request: HttpRequest, uid: UUID) -> HttpResponse:
    conflict = get_object_or_404(ClaimConflict, uid=uid)
    settled = conflicts.settle_conflict(conflict, by=_editor(request))
    messages.success(request, _("Settled: the two reports are the same after all."))
    return redirect(settled.claim)
