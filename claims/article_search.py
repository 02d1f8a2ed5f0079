"""Which articles a reader asks for, the newest first, page by page.

A page begins after an article, not at a number, so that deep pages are as quick as the first and articles that arrive
move none. Words are searched in titles, by any part of them, and in current texts, by whole words.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

from django import forms
from django.core.cache import cache
from django.db import connection, transaction
from django.db.models import F, Q, QuerySet
from django.utils.translation import get_language_info
from django.utils.translation import gettext_lazy as _

from claims.forms import Day, Named
from claims.views.common import newest_articles
from sources.models import Article, Outlet
from sources.querysets import ArticleQuerySet

ARTICLES_PER_PAGE = 30
#: Outlets to choose from; any other can still be reached by an address that names it.
MENU_LENGTH = 200
#: Articles are counted up to here; beyond it a reader learns only that there are more.
COUNTED_MAX = 10_000
#: So many articles that match words are all looked up; of more, the newest are looked for one after the other.
FEW = 5_000
_LANGUAGES_KEY, LANGUAGES_S = "article-languages", 600
_NEWEST_LAST = (F("published_at").asc(nulls_first=True), "pk")
_NEWEST_FIRST = (F("published_at").desc(nulls_last=True), "-pk")


@dataclass(frozen=True)
class ArticlePage:
    """Articles of one page, with outlets and `statement_count`, and the articles that the pages beside it begin at.

    found: how many there are on all pages, None where that is not counted; more: there are more than `found`.
    """

    articles: Sequence[Article]
    before: Article | None
    after: Article | None
    found: int | None
    more: bool = False


class ArticleFilter(forms.Form):
    """Which articles to list: by words, outlet, language and days of publication, and after or before which article."""

    q = forms.CharField(required=False, max_length=300)
    outlet = Named(Outlet.objects.all(), what="outlet", to_field_name="slug")
    language = forms.CharField(required=False, max_length=12)
    since = Day()
    until = Day()
    after = forms.UUIDField(required=False, error_messages={"invalid": _("The page begins after no article.")})
    before = forms.UUIDField(required=False, error_messages={"invalid": _("The page ends before no article.")})

    @property
    def filtered(self) -> bool:
        """Whether something was asked for, so that fewer than all articles are listed."""
        return any(self.data.get(name) for name in ("q", "outlet", "language", "since", "until"))

    def page(self) -> ArticlePage:
        """Return the page that was asked for; needs a valid form."""
        asked = self.cleaned_data
        articles = self._articles()
        beside = self._beside(asked["before"] or asked["after"])
        backwards = beside is not None and asked["before"] is not None
        rows = _rows(articles, asked["q"], beside, backwards=backwards)
        more = len(rows) > ARTICLES_PER_PAGE
        rows = rows[:ARTICLES_PER_PAGE]
        if backwards:
            rows.reverse()
        earlier = bool(rows) and (more if backwards else beside is not None)
        later = bool(rows) and (backwards or more)
        found, beyond = self._found(articles, len(rows), whole=not earlier and not later)
        return ArticlePage(
            list(newest_articles(Article.objects.filter(pk__in=[row.pk for row in rows]))),
            rows[0] if earlier else None,
            rows[-1] if later else None,
            found,
            beyond,
        )

    @staticmethod
    def _beside(uid: UUID | None) -> Article | None:
        """Return the article that the page begins at; a page of one that is not there is the first."""
        if uid is None:
            return None
        return Article.objects.only("pk", "published_at").filter(uid=uid).first()

    def _articles(self) -> ArticleQuerySet:
        asked = self.cleaned_data
        articles = Article.objects.all()
        if asked["outlet"]:
            articles = articles.filter(outlet=asked["outlet"])
        if asked["language"]:
            articles = articles.filter(language=asked["language"])
        if asked["since"]:
            articles = articles.filter(published_at__gte=_midnight(asked["since"]))
        if asked["until"] and asked["until"] < date.max:
            articles = articles.filter(published_at__lt=_midnight(asked["until"] + timedelta(days=1)))
        return articles

    def _found(self, articles: ArticleQuerySet, shown: int, *, whole: bool) -> tuple[int | None, bool]:
        """Return how many articles there are, and whether there are more; of a search, only where all are shown."""
        if whole:
            return shown, False
        if self.cleaned_data["q"]:
            return None, False
        count = articles.order_by()[: COUNTED_MAX + 1].count()
        return min(count, COUNTED_MAX), count > COUNTED_MAX

    # Menus

    def outlets(self) -> list[tuple[str, str]]:
        """Return slug and name of the outlets to choose from; the chosen one is among them."""
        options = list(Outlet.objects.standing().order_by("name", "pk").values_list("slug", "name")[:MENU_LENGTH])
        chosen = getattr(self, "cleaned_data", {}).get("outlet")
        if chosen and chosen.slug not in dict(options):
            options.append((chosen.slug, chosen.name))
        return options

    def languages(self) -> list[tuple[str, str]]:
        """Return code and name of the languages that articles are in; looked up every few minutes."""
        codes: list[str] = cache.get_or_set(_LANGUAGES_KEY, _languages, LANGUAGES_S) or []
        chosen = self.data.get("language", "")
        return sorted(((code, _language_name(code)) for code in {*codes, chosen} - {""}), key=lambda option: option[1])


def newest_found(text: str, *, most: int) -> list[Article]:
    """Return the newest articles whose title or text has the words, with their outlets."""
    rows = _rows(Article.objects.all(), text, None, backwards=False, most=most)
    return list(newest_articles(Article.objects.filter(pk__in=[row.pk for row in rows])))


def _rows(
    articles: ArticleQuerySet, text: str, beside: Article | None, *, backwards: bool, most: int = ARTICLES_PER_PAGE
) -> list[Article]:
    """Return `most` articles and one more, where there are, on the asked side of one; without their columns.

    Articles without a date come last. They are asked for apart, so that PostgreSQL goes through its index from the one
    that the page begins at.
    """
    dated, undated = articles.filter(published_at__isnull=False), articles.filter(published_at=None)
    compare = "gt" if backwards else "lt"
    if beside is not None and beside.published_at is None:
        undated = undated.filter(**{f"pk__{compare}": beside.pk})
        dated = dated if backwards else dated.none()
    elif beside is not None:
        same_moment = Q(published_at=beside.published_at, **{f"pk__{compare}": beside.pk})
        beyond = Q(**{f"published_at__{compare}": beside.published_at}) | same_moment
        dated = dated.filter(beyond, **{f"published_at__{compare}e": beside.published_at})
        undated = undated.none() if backwards else undated
    kinds = _matching(text) if text else [_any]
    found: list[Article] = []
    for part in (undated, dated) if backwards else (dated, undated):
        if len(found) <= most:
            found += _first([kind(part) for kind in kinds], most + 1 - len(found), backwards=backwards)
    return found


def _first(kinds: Sequence[ArticleQuerySet], most: int, *, backwards: bool) -> list[Article]:
    """Return the first `most` of several kinds of articles: none is gone through further than that."""
    order = _NEWEST_LAST if backwards else _NEWEST_FIRST
    first, *others = [kind.only("pk", "uid", "published_at").order_by(*order)[:most] for kind in kinds]
    if not others:
        return list(first)

    def key(article: Article) -> tuple[datetime | None, int]:
        return article.published_at, article.pk

    return sorted(first.union(*others), key=key, reverse=not backwards)[:most]


_Kind = Callable[[ArticleQuerySet], ArticleQuerySet]


def _any(articles: ArticleQuerySet) -> ArticleQuerySet:
    return articles


def _matching(text: str) -> list[_Kind]:
    """Return the ways in which articles match words: those that are few are looked up at once.

    Many are found soon where articles are gone through in their order.
    """
    titled: QuerySet[Article, int] = Article.objects.titled(text).order_by().values_list("pk", flat=True)
    saying: QuerySet[Article, int] = Article.objects.saying(text).order_by().values_list("pk", flat=True)
    with transaction.atomic(), connection.cursor() as cursor:
        # PostgreSQL takes the words of a text for quick to read, and would rather read through all texts than use its
        # index of them.
        cursor.execute("SET LOCAL enable_seqscan = off")
        few_titled, few_saying = list(titled[: FEW + 1]), list(saying[: FEW + 1])
    few = {pk for found in (few_titled, few_saying) if len(found) <= FEW for pk in found}
    kinds: list[_Kind] = [lambda articles: articles.filter(pk__in=few)]
    if len(few_titled) > FEW:
        kinds.append(lambda articles: articles.titled(text))
    if len(few_saying) > FEW:
        kinds.append(lambda articles: articles.saying(text))
    return kinds


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, UTC)


def _languages() -> list[str]:
    return list(Article.objects.order_by().values_list("language", flat=True).distinct())


def _language_name(code: str) -> str:
    for known in (code, code.partition("-")[0]):
        try:
            return str(get_language_info(known)["name_translated"])
        except KeyError:
            continue
    return code
