"""What a fetched document leads to: the entries of a feed, the pages of a sitemap. No database, no network."""

from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice

from sources import feeds, sitemaps
from sources.documents import parse_published
from sources.errors import DocumentRefused
from sources.urls import same_site

#: Addresses taken from one listing; a sitemap may hold no more (sitemaps.org).
MAX_LEADS = 50_000
_FEEDS = {"application/rss+xml", "application/atom+xml", "application/rdf+xml", "application/feed+json"}
_XML = {"application/xml", "text/xml"}
_GZIP = b"\x1f\x8b"


@dataclass(frozen=True)
class Lead:
    """An address to fetch, with what the listing says of it.

    record: fields such as title and published_at, for where the page does not say.
    updated_at: when the listing says that it changed last.
    """

    url: str
    record: dict[str, str] = field(default_factory=dict)
    updated_at: datetime | None = None


def leads_of(body: bytes, media_type: str, url: str) -> list[Lead] | None:
    """Return the addresses that a feed or sitemap lists; None for a page or a text.

    Raises DocumentRefused for a listing that cannot be read, whole or in the part that a reader would miss.
    """
    beginning = body[:4000]
    if feeds.is_feed(beginning) or media_type in _FEEDS:
        return [_of_entry(entry) for entry in feeds.read_feed(body, url=url).entries if entry.url]
    if sitemaps.is_sitemap(beginning) or media_type in _XML or body[:2] == _GZIP:
        return _of_sitemap(body, url)
    return None


def _of_sitemap(body: bytes, url: str) -> list[Lead]:
    found = list(islice(sitemaps.read_sitemap(body, url=url), MAX_LEADS))
    leads = [
        _of_sitemap_entry(item)
        for item in found
        # A site speaks for itself: indexes do not send us to the sitemaps of others.
        if isinstance(item, sitemaps.SitemapEntry)
        or (isinstance(item, sitemaps.SitemapLink) and same_site(item.url, url))
    ]
    problems = [item.reason for item in found if isinstance(item, sitemaps.SitemapProblem)]
    if not leads and problems:
        raise DocumentRefused(problems[0])
    return leads


def _of_sitemap_entry(item: sitemaps.SitemapEntry | sitemaps.SitemapLink) -> Lead:
    if isinstance(item, sitemaps.SitemapLink):
        return Lead(item.url)
    said = {
        "title": item.title,
        "outlet": item.publication,
        "language": item.language,
        "published_at": item.published_at,
    }
    return Lead(item.url, _given(said), _moment(item.modified_at))


def _of_entry(entry: feeds.FeedEntry) -> Lead:
    said = {"title": entry.title, "byline": entry.byline, "published_at": entry.published_at}
    return Lead(entry.url, _given(said), _moment(entry.updated_at))


def _given(said: dict[str, str]) -> dict[str, str]:
    """Return what is said and makes sense: a date that does not is left for the page to give."""
    given = {key: value for key, value in said.items() if value}
    if _moment(given.get("published_at", "")) is None:
        given.pop("published_at", None)
    return given


def _moment(raw: str) -> datetime | None:
    """Return a listing's date; None where it gives none that makes sense."""
    if not raw:
        return None
    try:
        return parse_published(raw)[0]
    except DocumentRefused:
        return None
