"""Errors that readers point out, what editors answer, and editors' notes."""

from typing import Any, cast
from uuid import UUID

from allauth.core.ratelimit import consume, respond_429
from django import forms
from django.contrib import messages
from django.contrib.auth.models import User
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from claims.models import Flag, Note
from claims.services.decisions import DecisionRefused
from claims.services.flags import SUBJECTS, raise_flag, settle_flag, withdraw_note, write_note
from claims.views.editing import for_editors

FLAGS_PER_PAGE = 20
MOST_TEXT = 2000


class FlagForm(forms.Form):
    """What is wrong, in a reader's words. `website` is no field for people: what fills it in is a program."""

    text = forms.CharField(
        label=gettext_lazy("What is wrong?"),
        help_text=gettext_lazy("Say what the article has instead, if you know. Editors read it, and answer here."),
        min_length=10,
        max_length=MOST_TEXT,
        widget=forms.Textarea({"rows": 6}),
    )
    website = forms.CharField(required=False)


class AnswerForm(forms.Form):
    """What an editor answers."""

    outcome = forms.ChoiceField(choices=Flag.Outcome.choices)
    answer = forms.CharField(max_length=MOST_TEXT)


class NoteForm(forms.Form):
    text = forms.CharField(max_length=MOST_TEXT)


def _subject(key: str, uid: UUID) -> Any:
    if key not in SUBJECTS:
        raise Http404
    return get_object_or_404(SUBJECTS[key], uid=uid)


# Readers


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def flag_create(request: HttpRequest, key: str, uid: UUID) -> HttpResponse:
    """Let anybody point out an error; a few a minute from one address."""
    subject = _subject(key, uid)
    form = FlagForm(request.POST if request.method == "POST" else None)
    refusal = ""
    if request.method == "POST" and form.is_valid():
        if form.cleaned_data["website"]:
            # A program learns nothing from this answer.
            return redirect(_page_of(key, subject))
        if not consume(request, action="flag"):
            return respond_429(request)
        try:
            flag = raise_flag(subject, text=form.cleaned_data["text"])
        except DecisionRefused as refused:
            refusal = str(refused)
        else:
            messages.success(request, _("Thank you. Keep this page’s address to read the answer."))
            return redirect("flag_detail", uid=flag.uid)
    return render(
        request,
        "desk/flag_create.html",
        {"form": form, "shown": _words(subject), "page": _page_of(key, subject), "refusal": refusal},
        status=409 if refusal else 400 if form.errors else 200,
    )


@require_safe
def flag_detail(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Show whoever has its address what a reader pointed out, and the answer."""
    flag = get_object_or_404(_flags(), uid=uid)
    return render(request, "desk/flag_detail.html", {"flag": flag, "subject": _flagged(flag)})


def _page_of(key: str, subject: Any) -> str:
    if key == "report":
        return f"{subject.claim.get_absolute_url()}#r-{subject.uid}"
    return str(subject.get_absolute_url())


def _words(subject: Any) -> str:
    return str(getattr(subject, "text", "") or getattr(subject, "quote", "") or subject.statement.quote)


def _flags() -> Any:
    return Flag.objects.select_related(
        "claim", "statement", "attribution__claim", "attribution__statement", "settled_by"
    )


def _flagged(flag: Flag) -> dict[str, str]:
    """Return what a flag is about, in words, with its page and its history."""
    key = "claim" if flag.claim else "statement" if flag.statement else "report"
    subject = flag.claim or flag.statement or flag.attribution
    return {
        "words": _words(subject),
        "page": _page_of(key, subject),
        "history": reverse("object_history", args=[key, subject.uid]),  # type: ignore[union-attr]
    }


# Editors


@for_editors
@require_safe
def flag_list(request: HttpRequest) -> HttpResponse:
    """Show what readers pointed out and nobody answered, the oldest first; `settled=1` shows the answered ones."""
    settled = request.GET.get("settled") == "1"
    flags = _flags().filter(settled_at__isnull=not settled).order_by("-pk" if settled else "pk")
    page = Paginator(flags, FLAGS_PER_PAGE).get_page(request.GET.get("page"))
    shown = [(flag, _flagged(flag)) for flag in page]
    context = {"page": page, "flags": shown, "settled": settled, "outcomes": Flag.Outcome.choices}
    return render(request, "desk/flags.html", context)


@for_editors
@require_POST
def flag_settle(request: HttpRequest, uid: UUID) -> HttpResponse:
    flag = get_object_or_404(Flag, uid=uid)
    form = AnswerForm(request.POST)
    if not form.is_valid():
        return render(request, "400.html", {"reasons": form.errors}, status=400)
    settle_flag(flag, outcome=form.cleaned_data["outcome"], answer=form.cleaned_data["answer"], by=_editor(request))
    messages.success(request, _("Answered; whoever pointed it out can read it."))
    return redirect("flag_list")


@for_editors
@require_POST
def note_write(request: HttpRequest, key: str, uid: UUID) -> HttpResponse:
    subject = _subject(key, uid)
    form = NoteForm(request.POST)
    if not form.is_valid():
        return render(request, "400.html", {"reasons": form.errors}, status=400)
    write_note(subject, text=form.cleaned_data["text"], by=_editor(request))
    return redirect("object_history", key=key, uid=uid)


@for_editors
@require_POST
def note_withdraw(request: HttpRequest, uid: UUID) -> HttpResponse:
    note = get_object_or_404(Note.objects.select_related("claim", "statement", "attribution", "written_by"), uid=uid)
    withdraw_note(note, by=_editor(request))
    key = "claim" if note.claim else "statement" if note.statement else "report"
    subject: Any = note.claim or note.statement or note.attribution
    return redirect("object_history", key=key, uid=subject.uid)


def _editor(request: HttpRequest) -> User:
    return cast(User, request.user)
