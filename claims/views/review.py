"""The desk's queue: one proposal at a time, and what is decided on it."""

from typing import Any, cast
from urllib.parse import urlencode
from uuid import UUID, uuid4

from django.contrib import messages
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from claims.models import ReviewItem, Statement
from claims.presentation.addresses import statement_address
from claims.presentation.reviewing import NothingToShow, ShownItem, show_beside, show_item
from claims.services import desk
from claims.services.annotating import annotated_by
from claims.services.decisions import DecisionConflict, DecisionRefused
from claims.services.desk import Shown
from claims.views.editing import for_editors

#: Characters of a reason.
MOST_REASON = 500


@for_editors
@require_safe
def review(request: HttpRequest) -> HttpResponse:
    """Show the item that would change most, leased to who asks; `item` asks for one, `kind` for those of one kind."""
    editor, kind = cast(User, request.user), _kind(request.GET.get("kind", ""))
    first = request.GET.get("item", "")
    shown = _next(editor, kind=kind, first=int(first) if first.isdecimal() and len(first) < 19 else None)
    beside = show_beside(desk.take_beside(shown.item, editor)) if shown else []
    last = desk.last_action(editor)
    return render(
        request,
        "desk/review.html",
        {
            "shown": shown,
            "beside": beside,
            "kind": kind,
            "kinds": ReviewItem.Kind.choices,
            "progress": desk.progress(editor, kind=kind),
            "last": last,
            "token": uuid4(),
            "bulk_token": uuid4(),
            "verbs": desk.VERBS[shown.item.kind] if shown else (),
            "back": request.get_full_path(),
            "most_reason": MOST_REASON,
        },
    )


def _next(editor: User, *, kind: str, first: int | None) -> ShownItem | None:
    while (item := desk.take_next(editor, kind=kind, first=first)) is not None:
        try:
            return show_item(item)
        except NothingToShow:
            item.delete()
    return None


@for_editors
@require_http_methods(["GET", "HEAD", "POST"])
def review_decide(request: HttpRequest) -> HttpResponse:
    """Decide on what the page showed, once for one form, and lead to the next item.

    Who had to sign in again after sending comes back by GET, and is led to the queue.
    """
    if request.method != "POST":
        return redirect("review")
    form, editor = request.POST, cast(User, request.user)
    verb = form.get("verb", "")
    # No screen shows more.
    shown = [Shown.read(text) for text in form.getlist("shown")[: desk.MOST_BESIDE + 1]]
    if verb == "pass":
        for each in shown:
            desk.pass_item(each.uid, kind=each.kind, by=editor)
        return _to_queue(request)
    reason = form.get("reason", "").replace("\x00", "").strip()[:MOST_REASON]
    try:
        pressed = desk.press(_token(form.get("token", "")), verb=verb, shown=shown, by=editor, reason=reason)
    except DecisionRefused as refused:
        about = refused.about if isinstance(refused, DecisionConflict) else ()
        context = {"refusal": str(refused), "about": about, "reason": reason, "kind": _kind(form.get("kind", ""))}
        return render(request, "desk/refused.html", context, status=409)
    messages.success(request, _told(pressed))
    return _to_queue(request)


def _told(pressed: desk.Pressed) -> str:
    action = pressed.action
    done = ngettext("Done: %(verb)s.", "Done: %(verb)s, %(count)s reports.", action.count) % {
        "verb": action.get_kind_display(),
        "count": action.count,
    }
    if action.undone_at is not None:
        return _("This form was sent before, and what it did has been undone; nothing was changed now.")
    return _("%(done)s It had been sent before, and was applied once.") % {"done": done} if pressed.again else done


@for_editors
@require_POST
def review_undo(request: HttpRequest) -> HttpResponse:
    """Undo what the form names, all of it, and lead back to the item, or to the text, that it was about."""
    action = desk.undo_action(_token(request.POST.get("action", "")), by=cast(User, request.user))
    told = _("Undone: %(verb)s.") % {"verb": action.get_kind_display()}
    statement = annotated_by(action)
    if statement is None:
        messages.success(request, told)
        return _to_queue(request, item=desk.item_of(action))
    address = _place_of(statement)
    if request.POST.get("from") == "text":
        messages.success(request, told)
        # A script would read the answer itself, and with it the message.
        return HttpResponse(status=201, headers={"Location": address}) if "panel" in request.POST else redirect(address)
    link = format_html('<a href="{}">{}</a>', address, _("Open the article"))
    messages.success(request, format_html("{} {}", told, link))
    return _to_queue(request)


def _place_of(statement: Statement) -> str:
    """Return where a statement stands in its text, or where it stood."""
    if statement.withdrawn_at is None:
        return statement_address(statement)
    return f"{statement.revision.article.get_absolute_url()}?at={statement.start}"


def _kind(text: str) -> str:
    return text if text in ReviewItem.Kind.values else ""


def _token(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise DecisionRefused(_("The form is not one of this page; open the queue again.")) from None


def _to_queue(request: HttpRequest, *, item: int | None = None) -> HttpResponse:
    asked: dict[str, Any] = {"kind": _kind(request.POST.get("kind", "")), "item": item}
    query = urlencode({name: value for name, value in asked.items() if value})
    return redirect(f"{reverse('review')}?{query}" if query else reverse("review"))
