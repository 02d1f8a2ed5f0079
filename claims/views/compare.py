"""The page that compares articles on one story, and the choice of what to compare."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from claims.article_search import newest_found
from claims.models import Attribution
from claims.presentation.comparison import MOST_ARTICLES, Comparison, Related, compare_address, related_articles
from claims.views.common import searched
from sources.models import Article

#: Articles that are offered to be compared with those chosen.
OFFERED = 8
MOST_DIGITS = 6


class ChoiceRefused(Exception):
    """The address does not say which articles to compare; the message says why."""


@require_safe
def article_compare(request: HttpRequest) -> HttpResponse:
    """Compare the articles that the address names; with fewer than two, offer others to choose from."""
    try:
        asked = _asked(request.GET.getlist("article"))
    except ChoiceRefused as refused:
        return render(request, "400.html", {"reasons": {"article": [str(refused)]}}, status=400)
    found = {article.uid: article for article in _articles(asked)}
    if len(found) < len(asked):
        raise Http404("One of the articles is not there.")
    articles = [found[uid] for uid in asked]
    q = searched(request)
    page = request.GET.get("page", "")
    comparison = None
    if len(articles) > 1:
        number = int(page) if page.isascii() and page.isdigit() and len(page) <= MOST_DIGITS else 1
        comparison = Comparison(articles, page=number)
    return render(
        request,
        "claims/compare.html",
        {
            "articles": articles,
            "comparison": comparison,
            "address": compare_address(articles),
            "q": q,
            "offered": _offered(articles, comparison, q) if len(articles) < MOST_ARTICLES else [],
            "most": MOST_ARTICLES,
        },
    )


def _asked(values: list[str]) -> list[UUID]:
    """Return the ids of the articles asked for, each once.

    Raises ChoiceRefused for what is no id, and for more articles than can be compared.
    """
    asked: dict[UUID, None] = {}
    for value in values:
        try:
            asked[UUID(value)] = None
        except ValueError as error:
            raise ChoiceRefused(_("“%(value)s” is not the id of an article.") % {"value": value[:60]}) from error
    if len(asked) > MOST_ARTICLES:
        message = _("At most %(most)s articles are compared at once; the address names %(count)s.")
        raise ChoiceRefused(message % {"most": MOST_ARTICLES, "count": len(asked)})
    return list(asked)


def _articles(asked: list[UUID]) -> list[Article]:
    articles = Article.objects.filter(uid__in=asked).select_related("outlet", "current_revision__snapshot")
    return list(articles.defer("current_revision__text", "current_revision__snapshot__body"))


def _offered(articles: list[Article], comparison: Comparison | None, q: str) -> list[Related]:
    """Return articles to add: those found by words where there are any, else those that share the most claims."""
    chosen = {article.pk for article in articles}
    if q:
        found = newest_found(q, most=OFFERED + len(chosen))
        return [Related(article, 0) for article in found if article.pk not in chosen][:OFFERED]
    if not articles:
        return []
    if comparison is not None:
        claims = set(comparison.claims)
    else:
        counted = Attribution.objects.counted().filter(statement__revision__current_of__in=articles)
        claims = set(counted.order_by().values_list("claim_id", flat=True))
    return related_articles(claims, besides=chosen, most=OFFERED)
