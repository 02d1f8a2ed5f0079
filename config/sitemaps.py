"""What search engines are told of: the sitemap, in parts of bounded size, and robots.txt."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.sitemaps import Sitemap
from django.core.paginator import EmptyPage, Page, PageNotAnInteger, Paginator
from django.db.models import F, Max, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.functional import cached_property
from django.views.decorators.http import require_safe

from claims.models import Claim, Speaker, Topic
from config.languages import ANY_LANGUAGE, tag
from sources.models import Article, Outlet

#: Keys of rows in one part. Each row is listed once in each language, with its alternates: about 5 MB at most.
KEYS_PER_PART = 2_000


class KeyRanges(Paginator):
    """The parts of a sitemap: part n holds the rows whose keys are in the n-th range, each once in each language.

    A part is found by an index whatever its number, no row is counted, and a row never moves to another part.
    """

    def __init__(self, rows: QuerySet[Any], per_part: int) -> None:
        self.rows = rows.order_by("pk")
        super().__init__(self.rows, per_part)

    @cached_property
    def num_pages(self) -> int:
        last: int | None = self.rows.model._default_manager.aggregate(last=Max("pk"))["last"]
        return max(1, -(-(last or 0) // self.per_page))

    def page(self, number: int | str) -> Page:
        """Return one part.

        Raises PageNotAnInteger for what is no number, EmptyPage beyond the last part.
        """
        try:
            wanted = int(number)
        except ValueError as error:
            raise PageNotAnInteger("The number of a part is a whole number.") from error
        if not 1 <= wanted <= self.num_pages:
            raise EmptyPage(f"There is no part {wanted}.")
        end = wanted * self.per_page
        rows = self.rows.filter(pk__gt=end - self.per_page, pk__lte=end)
        return Page([(row, language) for row in rows for language, _ in settings.LANGUAGES], wanted, self)


class Pages(Sitemap):
    """Pages that are there once in each language, with the addresses of the others."""

    i18n = alternates = x_default = True

    def get_languages_for_item(self, item: Any) -> list[str]:
        return [language for language, _ in settings.LANGUAGES]

    def get_latest_lastmod(self) -> datetime | None:
        """Return None: to know it, every row would have to be read. Each part says it of its rows."""
        return None

    def get_urls(self, page: int | str = 1, site: Any = None, protocol: str | None = None) -> list[dict[str, Any]]:
        urls = super().get_urls(page, site, protocol)
        for url in urls:
            for alternate in url["alternates"]:
                if alternate["lang_code"] != ANY_LANGUAGE:
                    alternate["lang_code"] = tag(alternate["lang_code"])
        return urls


class MainPages(Pages):
    """The first page of each kind."""

    NAMES = ("claim_list", "topic_list", "speaker_list", "article_list", "outlet_list", "overview")

    def items(self) -> list[str]:
        return list(self.NAMES)

    def location(self, item: str) -> str:
        return reverse(item)


class RowPages(Pages):
    """A page for each of many rows."""

    def __init__(self, rows: QuerySet[Any], lastmod: str = "") -> None:
        self.rows = rows
        self.lastmod_field = lastmod

    def items(self) -> QuerySet[Any]:
        return self.rows

    @cached_property
    def paginator(self) -> KeyRanges:
        return KeyRanges(self.rows, KEYS_PER_PART)

    def lastmod(self, item: Any) -> datetime | None:
        changed: datetime | None = getattr(item, self.lastmod_field) if self.lastmod_field else None
        return changed


def _claims() -> RowPages:
    claims = Claim.objects.standing().reported().annotate(changed_at=F("corroborations__computed_at"))
    return RowPages(claims.only("uid"), lastmod="changed_at")


#: Sections by the names in their addresses; each is made anew for a request, so that it sees new rows.
SECTIONS: dict[str, Callable[[], Sitemap]] = {
    "pages": MainPages,
    "claims": _claims,
    "articles": lambda: RowPages(Article.objects.only("uid", "revised_at"), lastmod="revised_at"),
    "outlets": lambda: RowPages(Outlet.objects.standing().only("slug")),
    "topics": lambda: RowPages(Topic.objects.only("slug")),
    "speakers": lambda: RowPages(Speaker.objects.standing().only("uid")),
}


# What is of use only to those who work here, what answers a search, and data that is the same under its page.
_NOT_CRAWLED = (
    *("/accounts/", "/admin/", "/imports/", "/feeds/", "/snapshots/", "/api/"),
    *("/*/accounts/", "/*/imports/", "/*/feeds/", "/*?*q="),
)


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """Tell programs that read the site what to leave out, and where the sitemap is; a closed site leaves out all."""
    if not settings.PUBLIC_READS:
        return HttpResponse("User-agent: *\nDisallow: /\n", content_type="text/plain; charset=utf-8")
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in _NOT_CRAWLED)]
    address = request.build_absolute_uri(reverse("sitemap_index"))
    return HttpResponse("\n".join([*lines, "", f"Sitemap: {address}", ""]), content_type="text/plain; charset=utf-8")
