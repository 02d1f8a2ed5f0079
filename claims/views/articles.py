"""Pages of articles, with the statements that are in them."""

from collections import defaultdict
from typing import cast
from uuid import UUID

from django.contrib.auth.models import User
from django.db.models import Case, Count, F, FilteredRelation, OuterRef, Q, QuerySet, Subquery, Value, When
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from claims.article_search import ArticleFilter
from claims.compiled import Compiled, IsAny
from claims.models import Attribution, Corroboration, Statement, StatementRelay, StatementSpan
from claims.presentation.addresses import statement_address
from claims.presentation.articles import Note, Pieces, Reading, Relay, annotated, shown_derivation
from claims.presentation.comparison import compare_address, one_of_each_outlet, related_articles
from claims.querysets import COUNTED
from claims.services import desk
from claims.views.common import LIST_LENGTH
from sources.models import Article, Derivation, Revision

#: Articles on the same story that are offered to compare with.
RELATED_SHOWN = 8
#: The longest number that an address is read as: the database holds none with more digits.
MOST_DIGITS = 9


@require_safe
def article_list(request: HttpRequest) -> HttpResponse:
    """List articles, the newest first, by words, outlet, language and day."""
    form = ArticleFilter(request.GET)
    page = form.page() if form.is_valid() else None
    return render(
        request,
        "sources/article_list.html",
        {"form": form, "page": page},
        status=200 if page is not None else 400,
    )


@require_safe
def article_detail(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Show an article's text with its statements, or the part of a long one that the address asks for."""
    asked = _uuid(request.GET.get("statement", ""))
    revision = _revision(request, uid, asked)
    if revision is None:
        article = get_object_or_404(Article.objects.select_related("outlet"), uid=uid)
        return render(request, "sources/article_detail.html", {"article": article})
    article = revision.article
    found = _statements(revision, asked)
    chosen = next((statement for statement in found if statement.uid == asked), None)
    standing = [statement for statement in found if statement.withdrawn_at is None]
    reading = Reading(
        revision,
        standing,
        speaker=request.GET.get("speaker", ""),
        chosen=chosen,
        at=_number(request, "at"),
        part=_number(request, "part") or 1,
        current=revision.pk == article.current_revision_id,
    )
    shown = [statement for _, statement in reading.shown]
    own, copies = _derivations(article)
    orphans = _orphans(article, revision)
    attributions = _counted_attributions([*shown, *orphans])
    paragraphs, notes = annotated(reading, _pieces(shown), own, copies, attributions)
    claims = _claims_of(reading, shown, attributions)
    related = related_articles(claims, besides={article.pk}, most=RELATED_SHOWN)
    may_edit = request.user.has_perm("claims.change_attribution")
    # Words of an earlier text are no statement of what the article says now.
    annotates = may_edit and revision.pk == article.current_revision_id
    return render(
        request,
        "sources/article_detail.html",
        {
            "article": article,
            "revision": revision,
            "derivations": [shown_derivation(derivation, revision) for derivation in own],
            "copied_by": [shown_derivation(copy, revision, from_upstream=True) for copy in copies],
            "orphans": [Note(0, orphan, attributions.get(orphan.pk, [])) for orphan in orphans],
            "reading": reading,
            "said": sorted({statement.said_on for statement in standing if statement.said_on is not None}),
            "paragraphs": paragraphs,
            "notes": notes,
            "chosen": chosen,
            "may_edit": may_edit,
            "annotates": annotates,
            "last": desk.last_annotation(cast(User, request.user), article) if annotates else None,
            "related": related,
            "whole_story": compare_address(one_of_each_outlet(article, related)),
        },
    )


def _revision(request: HttpRequest, uid: UUID, statement: UUID | None) -> Revision | None:
    """Return the revision to show: the one asked for, else the one the statement is in, else the current."""
    if (number := _number(request, "revision")) is not None:
        return get_object_or_404(_revisions(uid), number=number)
    if statement is not None and (found := _revisions(uid).filter(statements__uid=statement).first()):
        return found
    return next(iter(_CURRENT(uid)), None)


def _revisions(article: UUID) -> QuerySet[Revision]:
    """Return the revisions of an article, with `revision_count`: how many they are."""
    counted = Revision.objects.filter(article=OuterRef("article")).order_by().values("article")
    return (
        Revision.objects.filter(article__uid=article)
        .select_related("article__outlet", "snapshot")
        .defer("snapshot__body")
        .annotate(revision_count=Subquery(counted.annotate(n=Count("pk")).values("n")))
    )


_CURRENT = Compiled(lambda article: _revisions(article).filter(current_of__isnull=False), UUID)


def _number(request: HttpRequest, name: str) -> int | None:
    """Return a whole number of the address; None where it names none that a row could have."""
    value = request.GET.get(name, "")
    return int(value) if value.isascii() and value.isdigit() and len(value) <= MOST_DIGITS else None


def _uuid(value: str) -> UUID | None:
    try:
        return UUID(value)
    except ValueError:
        return None


def _statements(revision: Revision, asked: UUID | None) -> list[Statement]:
    """Return the statements of a revision in reading order, with speakers; one that is asked for also if withdrawn."""
    return _WITH_ASKED(revision.pk, asked) if asked else _STANDING(revision.pk)


def _in_order(revision: int, which: Q) -> QuerySet[Statement]:
    found = Statement.objects.filter(which, revision=revision).select_related("speaker")
    return found.defer("quote", "terms", "content_key", "heading").order_by("start", "-end", "pk")


_STANDING = Compiled(lambda revision: _in_order(revision, Q(withdrawn_at=None)), int)
_WITH_ASKED = Compiled(lambda revision, asked: _in_order(revision, Q(withdrawn_at=None) | Q(uid=asked)), int, UUID)


def _pieces(statements: list[Statement]) -> Pieces:
    """Return the spans and relays of statements; as values, since a page has hundreds."""
    ids = [statement.pk for statement in statements]
    content: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for statement, start, end in _CONTENT(ids) if ids else ():
        content[statement].append((start, end))
    relays: dict[int, list[Relay]] = defaultdict(list)
    for statement, outlet, start, end in _RELAYS(ids) if ids else ():
        relays[statement].append(Relay(outlet, start, end))
    return Pieces(content, relays)


_CONTENT = Compiled(
    lambda statements: StatementSpan.objects.filter(
        IsAny("statement", statements), role=StatementSpan.Role.CONTENT
    ).values_list("statement", "start", "end"),
    list,
)
_RELAYS = Compiled(
    lambda statements: StatementRelay.objects.filter(IsAny("statement", statements)).values_list(
        "statement", "outlet__name", "start", "end"
    ),
    list,
)


def _derivations(article: Article) -> tuple[list[Derivation], list[Derivation]]:
    """Return where an article comes from, and the first of those that copy it."""
    found = _DERIVATIONS(article.pk)
    own = [derivation for derivation in found if derivation.article_id == article.pk]
    return own, [derivation for derivation in found if derivation.article_id != article.pk]


def _own_and_copies(article: int) -> QuerySet[Derivation]:
    copies = Q(upstream_article=article, kind=Derivation.Kind.COPY)
    return (
        Derivation.objects.standing()
        .filter(Q(article=article) | copies)
        .with_evidence()
        .order_by(
            Case(When(article=article, then=Value(0)), default=Value(1)),
            F("article__published_at").asc(nulls_last=True),
            "pk",
        )[:LIST_LENGTH]
    )


_DERIVATIONS = Compiled(_own_and_copies, int)


def _orphans(article: Article, revision: Revision) -> list[Statement]:
    """Return the statements of earlier texts that the current one lacks, where that is the one shown."""
    if revision.pk != article.current_revision_id:
        return []
    return _ORPHANS(article.pk)


_ORPHANS = Compiled(
    lambda article: (
        Statement.objects.orphaned()
        .filter(revision__article=article)
        .select_related("speaker", "revision__article__outlet")
        # The text is left where it is; its number is asked for.
        .defer("revision__text")
        .order_by("-revision__number", "start", "pk")[:LIST_LENGTH]
    ),
    int,
)


def _counted_attributions(statements: list[Statement]) -> dict[int, list[Attribution]]:
    """Return attributions that would count by statement id, with claim, and with its `level` and `disputed`."""
    by_statement: dict[int, list[Attribution]] = defaultdict(list)
    for attribution in _ATTRIBUTIONS([statement.pk for statement in statements]) if statements else ():
        by_statement[attribution.statement_id].append(attribution)
    return by_statement


def _with_level(statements: list[int]) -> QuerySet[Attribution]:
    of_basis = Q(claim__corroborations__basis=Corroboration.Basis.COUNTED)
    return (
        Attribution.objects.filter(IsAny("statement", statements), status__in=COUNTED)
        .select_related("claim")
        .defer("sub_scores")
        .annotate(
            counted=FilteredRelation("claim__corroborations", condition=of_basis),
            level=F("counted__level"),
            disputed=F("counted__disputed"),
        )
        .order_by("-score", "pk")
    )


_ATTRIBUTIONS = Compiled(_with_level, list)


def _claims_of(reading: Reading, shown: list[Statement], attributions: dict[int, list[Attribution]]) -> set[int]:
    """Return the claims that a text's statements carry; those of the statements shown are known already."""
    if len(shown) == len(reading.statements):
        return {attribution.claim_id for s in shown for attribution in attributions.get(s.pk, [])}
    counted = Attribution.objects.filter(
        status__in=COUNTED, statement__revision=reading.revision, statement__withdrawn_at=None
    )
    return set(counted.values_list("claim_id", flat=True))


@require_safe
def statement_detail(request: HttpRequest, uid: UUID) -> HttpResponse:
    statement = get_object_or_404(Statement.objects.select_related("revision__article"), uid=uid)
    return redirect(statement_address(statement))
