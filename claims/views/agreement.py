"""Judging a second time, settling where two editors differ, and how far to trust editors and machines."""

from typing import cast

from django.contrib import messages
from django.contrib.auth.models import User
from django.core.paginator import Paginator
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from claims.models import Annotation, DeskAction, ReviewItem, SampledItem
from claims.presentation.reviewing import NothingToShow, ShownItem, show_item
from claims.services import agreement, desk
from claims.services.decisions import DecisionRefused
from claims.views.editing import for_editors

DIFFERENCES_PER_PAGE = 10
_NAMES = {str(kind): kind.label for kind in DeskAction.Kind}
#: What is right or wrong of a proposal.
_PARTS = {
    "claim": gettext_lazy("Carries the claim"),
    "stance": gettext_lazy("Affirms or denies it"),
    "statement": gettext_lazy("Is a statement"),
    "words": gettext_lazy("Its words"),
    "speaker": gettext_lazy("Its speaker"),
    "kind": gettext_lazy("How it is quoted"),
    "denies": gettext_lazy("Whether it is turned down"),
}


@require_safe
def precision(request: HttpRequest) -> HttpResponse:
    """Show everybody how often what machines propose was right."""
    measured = [(machine, [_PARTS[part] for part in machine.parts]) for machine in agreement.precision()]
    return render(request, "desk/precision.html", {"measured": measured})


@for_editors
@require_safe
def second_reading(request: HttpRequest) -> HttpResponse:
    """Show an item that another editor judged, without what they said."""
    editor = cast(User, request.user)
    item = agreement.next_second(editor)
    shown = _show(item) if item is not None else None
    while item is not None and shown is None:
        # Nothing of it is left that could be judged.
        item.delete()
        item = agreement.next_second(editor)
        shown = _show(item) if item is not None else None
    context = {"item": item, "shown": shown, "verbs": _verbs(item) if item else []}
    return render(request, "desk/second.html", context)


@for_editors
@require_POST
def second_judge(request: HttpRequest, pk: int) -> HttpResponse:
    item = get_object_or_404(SampledItem, pk=pk)
    agreement.annotate_second(item, verdict=_verdict(request, item), by=cast(User, request.user))
    messages.success(request, _("Kept. What was decided is unchanged."))
    return redirect("second_reading")


@for_editors
@require_safe
def agreement_page(request: HttpRequest) -> HttpResponse:
    """Show how far editors agree, and the items on which two differ, to settle them."""
    said = Prefetch("annotations", Annotation.objects.select_related("editor").order_by("pk"))
    differing = SampledItem.objects.filter(state=SampledItem.State.DIFFERS).prefetch_related(said).order_by("pk")
    page = Paginator(differing, DIFFERENCES_PER_PAGE).get_page(request.GET.get("page"))
    shown = [(item, _show(item), _verbs(item)) for item in page]
    kinds = dict(ReviewItem.Kind.choices)
    measured = [(kinds.get(found.kind, found.kind), found) for found in agreement.agreement()]
    return render(request, "desk/agreement.html", {"measured": measured, "page": page, "differing": shown})


@for_editors
@require_POST
def agreement_adjudicate(request: HttpRequest, pk: int) -> HttpResponse:
    item = get_object_or_404(SampledItem, pk=pk)
    desk.settle_difference(item, verdict=_verdict(request, item), by=cast(User, request.user))
    messages.success(request, _("Settled: it is decided so now."))
    return redirect("agreement")


def _show(item: SampledItem) -> ShownItem | None:
    """Return what is shown of an item that was decided on; None where nothing of it is left."""
    try:
        return show_item(ReviewItem(kind=item.kind, row_id=item.row_id, claim_id=item.claim_id, priority=0))
    except NothingToShow:
        return None


def _verbs(item: SampledItem) -> list[tuple[str, str]]:
    return [(verb, str(_NAMES[verb])) for verb in desk.VERBS[item.kind]]


def _verdict(request: HttpRequest, item: SampledItem) -> str:
    verdict = request.POST.get("verb", "")
    if verdict not in desk.VERBS[item.kind]:
        raise DecisionRefused(_("This cannot be said of what was shown; open the page again."))
    return verdict
