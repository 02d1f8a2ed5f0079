"""Pages of articles, with the statements that are in them."""

from collections import defaultdict
from uuid import UUID

from django.core.paginator import Paginator
from django.db.models import F, Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from claims.models import (
    Attribution,
    Corroboration,
    Statement,
)
from claims.presentation.addresses import statement_address
from claims.presentation.articles import Note, annotated, shown_derivation
from claims.querysets import COUNTED
from claims.views.common import ARTICLES_PER_PAGE, LIST_LENGTH, newest_articles, searched
from sources.models import Article, Derivation, Revision


@require_safe
def article_list(request: HttpRequest) -> HttpResponse:
    q = searched(request)
    articles = newest_articles(Article.objects.search(q) if q else Article.objects.all())
    page = Paginator(articles, ARTICLES_PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "sources/article_list.html", {"page": page, "q": q})


@require_safe
def article_detail(request: HttpRequest, uid: UUID) -> HttpResponse:
    article = get_object_or_404(Article.objects.select_related("outlet"), uid=uid)
    chosen = _chosen_statement(request, article)
    revision = _revision(request, article, chosen)
    statements = (
        list(
            Statement.objects.filter(revision=revision, withdrawn_at=None)
            .select_related("speaker")
            .prefetch_related("spans", "relays__outlet")
            .order_by("start", "-end", "pk")
        )
        if revision
        else []
    )
    derivations = list(Derivation.objects.standing().filter(article=article).with_evidence().order_by("pk"))
    copies = list(
        Derivation.objects.standing()
        .filter(upstream_article=article, kind=Derivation.Kind.COPY)
        .with_evidence()
        .order_by(F("article__published_at").asc(nulls_last=True), "pk")[:LIST_LENGTH]
    )
    orphans = _orphans(article, revision)
    attributions = _counted_attributions([*statements, *orphans])
    shown, notes = annotated(revision, statements, derivations, copies, attributions) if revision else ([], {})
    return render(
        request,
        "sources/article_detail.html",
        {
            "article": article,
            "revision": revision,
            "revision_count": article.revisions.count(),
            "derivations": [shown_derivation(derivation, revision) for derivation in derivations],
            "copied_by": [shown_derivation(copy, revision, from_upstream=True) for copy in copies],
            "orphans": [Note(0, orphan, attributions.get(orphan.pk, [])) for orphan in orphans],
            "statements": statements,
            "paragraphs": shown,
            "notes": notes,
            "chosen": chosen,
        },
    )


def _orphans(article: Article, revision: Revision | None) -> list[Statement]:
    """Return the statements of earlier texts that the current one lacks, where that is the one shown."""
    if revision is None or revision.pk != article.current_revision_id:
        return []
    orphans = Statement.objects.orphaned().filter(revision__article=article).select_related("speaker")
    # The text is left where it is; its number is asked for.
    return list(
        orphans.select_related("revision__article__outlet")
        .defer("revision__text")
        .order_by("-revision__number", "start", "pk")[:LIST_LENGTH]
    )


def _chosen_statement(request: HttpRequest, article: Article) -> Statement | None:
    """Return the statement that the address asks to point out, or None where it names none of this article."""
    try:
        uid = UUID(request.GET["statement"])
    except (KeyError, ValueError):
        return None
    return Statement.objects.filter(uid=uid, revision__article=article).select_related("revision").first()


def _revision(request: HttpRequest, article: Article, chosen: Statement | None) -> Revision | None:
    """Return the revision to show: the one asked for, else the one the chosen statement is in, else the current."""
    revisions = article.revisions.select_related("snapshot").defer("snapshot__body")
    number = request.GET.get("revision", "")
    if number.isascii() and number.isdigit() and len(number) < 9:
        return get_object_or_404(revisions, number=int(number))
    if chosen is not None:
        return revisions.get(pk=chosen.revision_id)
    return revisions.filter(current_of=article).first()


def _counted_attributions(statements: list[Statement]) -> dict[int, list[Attribution]]:
    """Return attributions that would count by statement id, with claim and its `summaries`."""
    attributions = (
        Attribution.objects.filter(status__in=COUNTED, statement__in=statements)
        .select_related("claim")
        .prefetch_related(
            Prefetch(
                "claim__corroborations",
                queryset=Corroboration.objects.filter(basis=Corroboration.Basis.COUNTED),
                to_attr="summaries",
            )
        )
        .order_by("-score", "pk")
    )
    by_statement: dict[int, list[Attribution]] = defaultdict(list)
    for attribution in attributions:
        by_statement[attribution.statement_id].append(attribution)
    return by_statement


@require_safe
def statement_detail(request: HttpRequest, uid: UUID) -> HttpResponse:
    statement = get_object_or_404(Statement.objects.select_related("revision__article"), uid=uid)
    return redirect(statement_address(statement))
