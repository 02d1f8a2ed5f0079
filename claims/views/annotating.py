"""Pages and panels on which editors make, correct and withdraw the statements of an article."""

from collections.abc import Sequence
from typing import Any, cast
from uuid import UUID, uuid4

from django.contrib import messages
from django.contrib.auth.models import User
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from claims.annotations import Quoted
from claims.extraction import Span
from claims.forms_annotating import NEW, NONE, QuotationForm, StatementForm, WithdrawForm, relays_in_words
from claims.highlighting import context
from claims.matching import JOIN
from claims.matching.sentences import as_sentence
from claims.models import Attribution, Claim, Speaker, Statement, StatementRelay, StatementSpan
from claims.presentation.addresses import statement_address
from claims.presentation.annotating import ShownSuggestion
from claims.querysets import COUNTED
from claims.services import annotating
from claims.services.annotating import (
    AnchorMismatch,
    Sent,
    TextReplaced,
    WordsNotFound,
    content_of,
    find_words,
)
from claims.services.claims import MOST_APART
from claims.services.decisions import DecisionRefused
from claims.services.reading import JOINT
from claims.services.suggesting import find_speakers, guess_statement, mentioned_speakers, suggest_claims
from claims.versions import VersionConflict, version_of
from claims.views.common import searched
from claims.views.editing import for_editors
from sources.models import Article, Revision

#: Claims that a search offers.
CLAIMS_FOUND = 8
#: The longest number that an address is read as.
MOST_DIGITS = 9

Refusal = DecisionRefused | VersionConflict


# A new statement


@for_editors
@require_http_methods(["GET", "HEAD", "POST"])
def article_annotate(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Show the form for words of an article, given by their place or typed, and store the statement that it tells of.

    Nothing that was typed is lost where it is refused. `panel` asks for the form alone.
    """
    article = get_object_or_404(Article.objects.select_related("outlet", "current_revision"), uid=uid)
    asked = request.POST if request.method == "POST" else request.GET
    revision = _revision(article, asked)
    if request.method == "POST":
        return _annotate(request, revision)
    typed = QuotationForm(request.GET if "quote" in request.GET else None)
    try:
        content = _chosen(revision, request.GET, typed)
        if content and revision.pk != article.current_revision_id:
            return _moved_on(request, revision, content)
    except DecisionRefused as refusal:
        if not isinstance(refusal, WordsNotFound):
            raise
        return _page(request, revision, typed=typed, refusal=refusal, status=404)
    if not content:
        return _page(request, revision, typed=typed, status=400 if typed.errors else 200)
    form = StatementForm(initial=_guessed(revision, content), text=revision.text)
    return _page(request, revision, form=form, content=content, typed=typed)


def _revision(article: Article, asked: QueryDict) -> Revision:
    """Return the text of an article that is asked for by its number, else the current one."""
    number = asked.get("revision", "")
    current = article.current_revision
    if current is None:
        raise Http404
    if number.isascii() and number.isdigit() and len(number) <= MOST_DIGITS and int(number) != current.number:
        revision = get_object_or_404(Revision, article=article, number=int(number))
    else:
        revision = current
    revision.article = article
    return revision


def _chosen(revision: Revision, asked: QueryDict, typed: QuotationForm) -> list[Span]:
    """Return the words that an address names; none where it names none."""
    text = revision.text
    if typed.is_bound:
        if not typed.is_valid():
            return []
        span = find_words(text, typed.cleaned_data["quote"], number=typed.cleaned_data["number"] or 1)
        return content_of(text, Quoted.of(text, span.start, span.end))
    numbers = [asked.get(name, "") for name in ("start", "end")]
    if not all(number.isascii() and number.isdigit() and len(number) <= MOST_DIGITS for number in numbers):
        return []
    start, end = map(int, numbers)
    return content_of(text, Quoted(start, end, text[start:end]))


def _moved_on(request: HttpRequest, revision: Revision, content: Sequence[Span]) -> HttpResponse:
    """Answer for words of a text that is not the current one: with where they stand now, if they do."""
    try:
        annotating.check_current(revision, Quoted.of(revision.text, content[0].start, content[-1].end))
    except TextReplaced as refusal:
        form = None
        found = _span(refusal.found)
        current = refusal.revision
        current.article = revision.article
        if found:
            form = StatementForm(initial=_guessed(current, found), text=current.text)
        return _page(request, current, form=form, content=found, refusal=refusal, status=409)
    raise Http404


def _span(found: Quoted | None) -> list[Span]:
    return [Span(found.start, found.end)] if found is not None else []


def _guessed(revision: Revision, content: Sequence[Span]) -> dict[str, Any]:
    """Return what the form says before the editor does."""
    text = revision.text
    guessed, speaker = guess_statement(revision, content)
    cue = _words_at(text, guessed.cue)
    leads = guessed.cue is not None and 0 <= content[0].start - guessed.cue.end <= MOST_APART
    return {
        **_anchored(text, content[0].start, content[-1].end),
        "token": uuid4(),
        "kind": guessed.kind,
        "speaker": speaker.uid if speaker is not None else "",
        "speaker_name": speaker.name if speaker is not None else guessed.speaker_name,
        "cue": cue,
        "cue_at": guessed.cue.start if guessed.cue is not None else "",
        "source": _words_at(text, guessed.source),
        "source_at": guessed.source.start if guessed.source is not None else "",
        "denies": "1" if guessed.denies else "",
        "sentence": as_sentence(
            _quote(text, content), denied=guessed.denies, cue=cue if leads and guessed.kind != "direct" else ""
        ),
        "stance": Attribution.Stance.AFFIRMS.value,
    }


def _anchored(text: str, start: int, end: int) -> dict[str, Any]:
    chosen = Quoted.of(text, start, end)
    return {"start": start, "end": end, "exact": chosen.exact, "before": chosen.prefix, "after": chosen.suffix}


def _words_at(text: str, span: Span | None) -> str:
    return " ".join(text[span.start : span.end].split()) if span is not None else ""


def _quote(text: str, content: Sequence[Span]) -> str:
    return JOINT.join(text[span.start : span.end] for span in content)


def _annotate(request: HttpRequest, revision: Revision) -> HttpResponse:
    form = StatementForm(request.POST, text=revision.text)
    if request.POST.get("do") == "search":
        return _page(request, revision, form=form)
    if not form.is_valid():
        return _page(request, revision, form=form, status=400)
    try:
        sent = annotating.save_annotation(
            form.cleaned_data["token"], revision, what=form.what, link=form.link, by=cast(User, request.user)
        )
    except DecisionRefused as refusal:
        return _refused(request, revision, refusal)
    return _saved(request, sent, form)


def _refused(
    request: HttpRequest, revision: Revision, refusal: Refusal, *, statement: Statement | None = None
) -> HttpResponse:
    """Answer with the form as it was sent, led to where its words stand, and with what was refused."""
    data = request.POST.copy()
    data["quote"] = data["number"] = ""
    if isinstance(refusal, TextReplaced) and statement is None:
        article, revision = revision.article, refusal.revision
        revision.article = article
        data["revision"] = str(revision.number)
        data["cue_at"] = data["source_at"] = ""
        if refusal.found is not None:
            _lead(data, revision.text, refusal.found.start, refusal.found.end)
    elif isinstance(refusal, AnchorMismatch):
        try:
            span = find_words(revision.text, refusal.sent.exact, near=refusal.sent.start)
            _lead(data, revision.text, span.start, span.end)
        except WordsNotFound:
            pass
    elif isinstance(refusal, VersionConflict):
        data["seen"] = refusal.version
        _take_over(data, refusal, cast(Statement, statement))
    form = StatementForm(data, text=revision.text)
    return _page(request, revision, form=form, statement=statement, refusal=refusal, status=409)


def _take_over(data: QueryDict, conflict: VersionConflict, statement: Statement) -> None:
    """Let a form say what others changed meanwhile, where its editor did not."""
    now = _as_shown(_statement(statement.uid))
    for changed in conflict.fields:
        if changed.changed and not changed.edited:
            for name in _OF_COLUMN.get(changed.name, ()):
                data[name] = str(now[name])


def _lead(data: QueryDict, text: str, start: int, end: int) -> None:
    for name, value in _anchored(text, start, end).items():
        data[name] = str(value)


def _saved(request: HttpRequest, sent: Sent, form: StatementForm) -> HttpResponse:
    if sent.again:
        told = _("Saved already: the form came twice, and was applied once.")
    elif form.link is None:
        told = _("Saved: the statement is stored as you told it.")
    else:
        told = _("Saved: the statement is stored, and linked to its claim.")
    messages.success(request, told)
    statement = Statement.objects.select_related("revision__article").get(pk=sent.statement.pk)
    return _onward(request, statement_address(statement))


def _onward(request: HttpRequest, address: str) -> HttpResponse:
    """Lead on to a page; a panel is told where, since its script would read the answer itself."""
    if request.POST.get("panel"):
        return HttpResponse(status=201, headers={"Location": address})
    return redirect(address)


def _page(
    request: HttpRequest,
    revision: Revision,
    *,
    form: StatementForm | None = None,
    content: Sequence[Span] = (),
    statement: Statement | None = None,
    typed: QuotationForm | None = None,
    withdrawing: WithdrawForm | None = None,
    refusal: Refusal | None = None,
    status: int = 200,
) -> HttpResponse:
    """Show the form with what it is about; in a panel, the form alone."""
    asked = request.POST if request.method == "POST" else request.GET
    if form is not None and not content:
        content = _sent_place(revision.text, form)
    speaker = _speaker_of(form)
    shown = {
        "article": revision.article,
        "revision": revision,
        "statement": statement,
        "form": form,
        "words": _quote(revision.text, content),
        "around": context(revision.text, content[0].start, content[-1].end, margin=80) if content else None,
        "typed": typed,
        "withdrawing": withdrawing,
        "refusal": refusal,
        "kind_of_refusal": type(refusal).__name__,
        "carried": _carried(statement),
        "panel": bool(asked.get("panel")),
        "q": searched(request) or request.POST.get("q", "").replace("\x00", "").strip()[:300],
        "mentioned": mentioned_speakers(revision) if form is not None else [],
    }
    if form is not None:
        shown |= _claims_shown(
            revision,
            content,
            speaker,
            q=cast(str, shown["q"]),
            statement=statement,
            picked=str(form["claim"].value() or ""),
            stance=str(form["stance"].value() or ""),
            sentence=str(form["sentence"].value() or ""),
        )
    template = "sources/_annotate.html" if shown["panel"] else "sources/annotate.html"
    return render(request, template, shown, status=status)


def _sent_place(text: str, form: StatementForm) -> list[Span]:
    """Return the words that a form is about as far as it names a place of the text."""
    numbers = [str(form[name].value() or "") for name in ("start", "end")]
    if not all(number.isascii() and number.isdigit() and len(number) <= MOST_DIGITS for number in numbers):
        return []
    start, end = map(int, numbers)
    try:
        return content_of(text, Quoted(start, end, text[start:end]))
    except DecisionRefused:
        return []


def _speaker_of(form: StatementForm | None) -> Speaker | None:
    """Return the speaker that a form names so far."""
    return _named_speaker(str(form["speaker"].value() or "")) if form is not None else None


def _named_speaker(uid: str) -> Speaker | None:
    try:
        return Speaker.objects.select_related("represents").filter(uid=UUID(uid)).first()
    except ValueError:
        return None


def _carried(statement: Statement | None) -> list[Attribution]:
    """Return the counted reports of a statement."""
    if statement is None:
        return []
    reports = statement.attributions.filter(status__in=COUNTED).select_related("claim__speaker")
    return list(reports.order_by("-score", "pk"))


def _claims_shown(
    revision: Revision,
    content: Sequence[Span],
    speaker: Speaker | None,
    *,
    q: str,
    statement: Statement | None,
    picked: str,
    stance: str,
    sentence: str,
) -> dict[str, Any]:
    """Return the claims to choose from: those suggested, or found by a search, and the one that is picked."""
    suggested: list[ShownSuggestion] = []
    found: list[Claim] = []
    if q:
        claims = Claim.objects.standing().with_summary().search(q)
        found = list(claims.order_by("-relevance", "pk")[:CLAIMS_FOUND])
    elif content:
        near = suggest_claims(revision, content, speaker, besides=statement)
        suggested = [ShownSuggestion.of(each) for each in near]
    if not picked:
        likely = suggested and suggested[0].score >= JOIN and statement is None
        picked = str(suggested[0].claim.uid) if likely else NEW if statement is None else NONE
    offered = {str(claim.uid) for claim in (*found, *(each.claim for each in suggested))}
    other = None
    if picked not in (NEW, NONE, *offered):
        other = _named_claim(picked)
        picked = picked if other is not None else NONE
    return {
        "suggested": suggested,
        "found": found,
        "other": other,
        "picked": picked,
        "stance": stance,
        "sentence": sentence,
        "q": q,
        "is_new": statement is None,
        "stances": Attribution.Stance.choices,
    }


def _named_claim(uid: str) -> Claim | None:
    try:
        return Claim.objects.standing().with_summary().filter(uid=UUID(uid)).first()
    except ValueError:
        return None


# What the panel asks for while an editor types


@for_editors
@require_safe
def annotate_speakers(request: HttpRequest, uid: UUID) -> HttpResponse:
    """List the speakers that fit what is typed so far, those of the article first, as the options of a list box."""
    article = get_object_or_404(Article.objects.select_related("current_revision"), uid=uid)
    revision = _revision(article, request.GET)
    typed = request.GET.get("typed", "").replace("\x00", "")[:300]
    return render(request, "sources/_annotate_speakers.html", {"speakers": find_speakers(revision, typed)})


@for_editors
@require_safe
def annotate_claims(request: HttpRequest, uid: UUID) -> HttpResponse:
    """List the claims that words of an article may carry in a speaker's mouth, or that a search finds."""
    article = get_object_or_404(Article.objects.select_related("outlet", "current_revision"), uid=uid)
    revision = _revision(article, request.GET)
    asked = request.GET
    statement = None
    if asked.get("statement"):
        statement = Statement.objects.filter(uid=_uid(asked["statement"]), revision=revision).first()
    shown = _claims_shown(
        revision,
        _chosen(revision, asked, QuotationForm()),
        _named_speaker(asked.get("speaker", "")),
        q=searched(request),
        statement=statement,
        picked=asked.get("claim", ""),
        stance=asked.get("stance", ""),
        sentence=asked.get("sentence", "")[:2000],
    )
    return render(request, "sources/_annotate_claims.html", shown)


def _uid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise Http404 from None


# A statement that stands


@for_editors
@require_http_methods(["GET", "HEAD", "POST"])
def statement_edit(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Show a statement's form, and store what is changed in it; what changed meanwhile is shown field by field."""
    statement = _statement(uid)
    revision = statement.revision
    shown = _as_shown(statement)
    if statement.withdrawn_at is not None and request.method != "POST":
        return redirect(statement_address(statement))
    if request.method != "POST":
        form = StatementForm(initial=shown, text=revision.text)
        withdrawing = WithdrawForm(initial={"seen": shown["seen"]})
        return _page(request, revision, form=form, statement=statement, withdrawing=withdrawing)
    form = StatementForm(request.POST, text=revision.text)
    if request.POST.get("do") == "search":
        return _page(request, revision, form=form, statement=statement)
    if not form.is_valid():
        return _page(request, revision, form=form, statement=statement, status=400)
    try:
        sent = annotating.save_edit(
            form.cleaned_data["token"],
            statement,
            what=_changed(form, shown),
            link=form.link,
            seen=form.cleaned_data["seen"],
            by=cast(User, request.user),
        )
    except (DecisionRefused, VersionConflict) as refusal:
        return _refused(request, revision, refusal, statement=statement)
    return _saved(request, sent, form)


def _statement(uid: UUID) -> Statement:
    statements = Statement.objects.select_related("speaker", "revision__article__outlet")
    return get_object_or_404(statements.select_related("revision__article__current_revision"), uid=uid)


def _as_shown(statement: Statement) -> dict[str, Any]:
    """Return what the form says of a statement as it is."""
    text = statement.revision.text
    spans = sorted(statement.spans.all(), key=lambda span: span.start)
    cue, source = ([s for s in spans if s.role == role] for role in (StatementSpan.Role.CUE, StatementSpan.Role.SOURCE))
    relays = StatementRelay.objects.filter(statement=statement)
    return {
        **_anchored(text, statement.start, statement.end),
        "token": uuid4(),
        "seen": version_of(statement),
        "kind": statement.kind,
        "speaker": statement.speaker.uid if statement.speaker is not None else "",
        "speaker_name": statement.speaker.name if statement.speaker is not None else "",
        "cue": JOINT.join(_words_at(text, Span(s.start, s.end)) for s in cue),
        "cue_at": cue[0].start if cue else "",
        "source": JOINT.join(_words_at(text, Span(s.start, s.end)) for s in source),
        "source_at": source[0].start if source else "",
        "relays": relays_in_words(relays, text),
        "denies": "1" if statement.denies else "",
        "claim": NONE,
        "sentence": as_sentence(statement.quote, denied=statement.denies),
        "stance": Attribution.Stance.AFFIRMS.value,
    }


#: What of a form is told by which of its fields.
_TOLD_BY = {
    "kind": ("kind",),
    "speaker": ("speaker", "speaker_name"),
    "speaker_name": ("speaker", "speaker_name"),
    "cue": ("cue", "cue_at"),
    "source": ("source", "source_at"),
    "relays": ("relays",),
    "denies": ("denies",),
}


#: The fields of a form by the column, or the part, of a statement that they tell.
_OF_COLUMN = {
    "kind": _TOLD_BY["kind"],
    "speaker": _TOLD_BY["speaker"],
    "source_text": _TOLD_BY["source"],
    "relays": _TOLD_BY["relays"],
    "denies": _TOLD_BY["denies"],
    "content_key": ("start", "end", "exact", "before", "after"),
}


def _changed(form: StatementForm, shown: dict[str, Any]) -> dict[str, Any]:
    """Return what an editor changed: what was left as it was stays, also where it was put together by a machine."""
    told = form.what
    if (told["start"], told["end"]) == (shown["start"], shown["end"]):
        for name in ("start", "end", "exact", "prefix", "suffix"):
            del told[name]
    for name, fields in _TOLD_BY.items():
        if all(str(form.data.get(each, "")).strip() == str(shown[each]) for each in fields):
            del told[name]
    return told


@for_editors
@require_http_methods(["GET", "HEAD", "POST"])
def statement_withdraw(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Withdraw a statement; who had to sign in again after sending comes back by GET, and is led to its form."""
    statement = _statement(uid)
    if request.method != "POST":
        return redirect("statement_edit", uid=uid)
    form = WithdrawForm(request.POST)
    refusal: Refusal | None = None
    if form.is_valid():
        asked = form.cleaned_data
        try:
            annotating.save_withdrawal(
                statement, reason=asked["reason"], seen=asked["seen"], by=cast(User, request.user)
            )
        except VersionConflict as conflict:
            refusal = conflict
            form = WithdrawForm({"reason": asked["reason"], "seen": conflict.version})
        else:
            messages.success(request, _("Withdrawn: it counts nowhere, and is not found again."))
            return _onward(request, statement_address(statement))
    statement = _statement(uid)
    return _page(
        request,
        statement.revision,
        form=StatementForm(initial=_as_shown(statement), text=statement.revision.text),
        statement=statement,
        withdrawing=form,
        refusal=refusal,
        status=409 if refusal is not None else 400,
    )


@for_editors
@require_http_methods(["GET", "HEAD", "POST"])
def statement_restore(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Bring a withdrawn statement back."""
    statement = _statement(uid)
    if request.method == "POST":
        annotating.save_restoration(statement, by=cast(User, request.user))
        messages.success(request, _("Brought back: the statement stands again, with what was decided about it."))
    return redirect(statement_address(statement))
