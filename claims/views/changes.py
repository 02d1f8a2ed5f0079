"""The feed of what people changed, the history of one object, and the undoing of a single change."""

from datetime import UTC, datetime, time, timedelta
from typing import Any, cast
from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.models import User
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.dateparse import parse_datetime
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from claims.models import Flag, Note
from claims.services.flags import SUBJECTS, about
from claims.services.history import TRACKED, WITH_PAGE, Asked, history_of, recent_changes, revert_change
from claims.views.editing import for_editors

MOST_REASON = 500
#: Flags and notes of an object that are listed.
LISTED = 50
#: What people do, as it is kept with each change; what has no name here is a change by a form.
DECISIONS = {
    "confirm": gettext_lazy("confirmed"),
    "reject": gettext_lazy("rejected"),
    "unsure": gettext_lazy("left unsure"),
    "stance": gettext_lazy("stance set"),
    "move": gettext_lazy("moved"),
    "add": gettext_lazy("another claim given"),
    "add claim": gettext_lazy("claim added"),
    "annotate": gettext_lazy("statement marked by hand"),
    "edit": gettext_lazy("edited"),
    "edit statement": gettext_lazy("statement edited"),
    "withdraw statement": gettext_lazy("statement withdrawn"),
    "restore statement": gettext_lazy("statement restored"),
    "split": gettext_lazy("split"),
    "merge": gettext_lazy("merged"),
    "unmerge": gettext_lazy("merge undone"),
    "merge speakers": gettext_lazy("speakers merged"),
    "unmerge speakers": gettext_lazy("speakers parted again"),
    "merge outlets": gettext_lazy("outlets merged"),
    "unmerge outlets": gettext_lazy("outlets parted again"),
    "confirmed": gettext_lazy("link confirmed"),
    "rejected": gettext_lazy("link rejected"),
    "settle": gettext_lazy("conflict settled"),
    "settle flag": gettext_lazy("flag answered"),
    "note": gettext_lazy("note written"),
    "withdraw note": gettext_lazy("note withdrawn"),
    "adjudicate": gettext_lazy("difference settled"),
    "undo": gettext_lazy("undone"),
    "revert": gettext_lazy("taken back"),
}


class ChangesAsked(forms.Form):
    """Which changes to list."""

    by = forms.ChoiceField(
        required=False,
        label=gettext_lazy("By whom"),
        choices=[("", gettext_lazy("people")), ("machines", gettext_lazy("machines"))],
    )
    who = forms.ModelChoiceField(
        User.objects.order_by("username"),
        to_field_name="username",
        required=False,
        label=gettext_lazy("Who"),
        empty_label=gettext_lazy("everybody"),
        error_messages={"invalid_choice": gettext_lazy("Nobody here has this name.")},
    )
    did = forms.ChoiceField(
        required=False,
        label=gettext_lazy("What was done"),
        choices=[("", gettext_lazy("anything")), *DECISIONS.items()],
    )
    kind = forms.ChoiceField(
        required=False,
        label=gettext_lazy("To what"),
        choices=[("", gettext_lazy("anything")), *((key, tracked.name) for key, tracked in TRACKED.items())],
    )
    since = forms.DateField(required=False, label=gettext_lazy("From"), widget=forms.DateInput({"type": "date"}))
    until = forms.DateField(required=False, label=gettext_lazy("To"), widget=forms.DateInput({"type": "date"}))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("by") == "machines" and (cleaned.get("who") or cleaned.get("did")):
            self.add_error("by", _("What machines do is no decision, and nobody’s: leave the other two fields empty."))
        return cleaned


@for_editors
@require_safe
def change_list(request: HttpRequest) -> HttpResponse:
    """Show what people, or machines, changed, the latest first; each page begins after the last change of the other."""
    form = ChangesAsked(request.GET)
    if not form.is_valid():
        return render(request, "desk/changes.html", {"form": form}, status=400)
    asked = form.cleaned_data
    changes, following = recent_changes(
        Asked(
            machines=asked["by"] == "machines",
            who=asked["who"],
            kind=asked["kind"],
            decision=asked["did"],
            since=_midnight(asked["since"]),
            until=_midnight(asked["until"], days=1),
            before=_key(request.GET.get("before", "")),
        )
    )
    after = f"{following.created_at.isoformat()}~{following.pk}" if following is not None else ""
    return render(
        request,
        "desk/changes.html",
        {"form": form, "changes": changes, "after": after, "decisions": DECISIONS, "here": request.get_full_path()},
    )


def _midnight(day: Any, *, days: int = 0) -> datetime | None:
    return None if day is None else datetime.combine(day, time(), tzinfo=UTC) + timedelta(days=days)


def _key(text: str) -> tuple[datetime, UUID] | None:
    at, _tilde, pk = text.replace(" ", "+").partition("~")
    try:
        moment = parse_datetime(at)
        return (moment, UUID(pk)) if moment is not None and moment.tzinfo is not None else None
    except ValueError:
        return None


@require_safe
def object_history(request: HttpRequest, key: str, uid: UUID) -> HttpResponse:
    """Show everybody who or what changed an object, and editors what may be taken back."""
    if key not in WITH_PAGE:
        raise Http404
    tracked = TRACKED[key]
    row: Any = get_object_or_404(tracked.model, uid=uid)
    may_edit = request.user.has_perm("claims.change_attribution")
    written_on = key in SUBJECTS
    return render(
        request,
        "desk/history.html",
        {
            "tracked": tracked,
            "row": row,
            "address": row.get_absolute_url() if hasattr(row, "get_absolute_url") else "",
            "entries": history_of(tracked, row, for_editors=may_edit),
            "may_edit": may_edit,
            "subject_key": key if written_on else "",
            "flags": _flags_of(row, may_edit=may_edit) if written_on else [],
            "notes": _notes_of(row) if written_on and may_edit else [],
            "decisions": DECISIONS,
            "here": request.path,
        },
    )


def _flags_of(row: Any, *, may_edit: bool) -> "QuerySet[Flag]":
    """Return the flags of an object: those that were answered, and to editors the others too."""
    flags = Flag.objects.filter(**about(row)).select_related("settled_by").order_by("-pk")
    return (flags if may_edit else flags.exclude(settled_at=None))[:LISTED]


def _notes_of(row: Any) -> "QuerySet[Note]":
    return Note.objects.filter(**about(row), withdrawn_at=None).select_related("written_by").order_by("-pk")[:LISTED]


@for_editors
@require_POST
def change_revert(request: HttpRequest, key: str, event: int) -> HttpResponse:
    """Take one change back, and lead back to where it was listed."""
    if key not in TRACKED:
        raise Http404
    reason = request.POST.get("reason", "").replace("\x00", "").strip()[:MOST_REASON]
    revert_change(key, event, by=cast(User, request.user), reason=reason)
    messages.success(request, _("Taken back: it is as it was before."))
    back = request.POST.get("next", "")
    if not (back.startswith("/") and url_has_allowed_host_and_scheme(back, allowed_hosts=None)):
        back = reverse("change_list")
    return redirect(back)
