"""What a fetched document leads to: the entries of a feed, the pages of a sitemap. No database, no network."""

import re
import zlib
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
_GZIP, _ARCHIVE = b"\x1f\x8b", b"WARC/"
_HTML_BEGINS = re.compile(
    rb"(?:<!--.*?-->|<\?xml.*?\?>|\s)*<(?:!doctype\s+html|html|head|body|title|meta)\b", re.I | re.S
)


@dataclass(frozen=True)
class Lead:
    """An address to fetch, with what the listing says of it.

    record: fields such as title and published_at, for where the page does not say.
    updated_at: when the listing says that it changed last.
    """

    url: str
    record: dict[str, str] = field(default_factory=dict)
    updated_at: datetime | None = None


@dataclass(frozen=True)
class Listing:
    """What a feed or sitemap lists, and in words what of it could not be read, or ""."""

    leads: list[Lead]
    damage: str = ""


def listing_of(body: bytes, media_type: str, url: str) -> Listing | None:
    """Return what a feed or sitemap lists; None for a page or a text.

    Raises DocumentRefused for a listing that cannot be read, whole or in the part that a reader would miss.
    """
    beginning = body[:4000]
    if _unpacked(beginning).startswith(_ARCHIVE):
        raise DocumentRefused("This is a web archive, not a page. Download it, and import the file.")
    if feeds.is_feed(beginning) or media_type in _FEEDS or _is_json_feed(beginning):
        feed = feeds.read_feed(body, url=url)
        damage = f"The feed is damaged ({feed.damage}); entries may be missing." if feed.damage else ""
        return Listing([_of_entry(entry) for entry in feed.entries if entry.url], damage)
    if sitemaps.is_sitemap(beginning) or media_type in _XML or body[:2] == _GZIP:
        return _of_sitemap(body, url)
    return None


def content_type_of(body: bytes) -> str:
    """Return the media type that a document's first bytes show, of those that are read here; "" for none of them."""
    beginning = body[:4000].removeprefix(b"\xef\xbb\xbf").lstrip()
    if body.startswith(_GZIP):
        return "application/gzip"
    if beginning.startswith(_ARCHIVE):
        return "application/warc"
    if _is_json_feed(beginning):
        return "application/feed+json"
    if _HTML_BEGINS.match(beginning):
        return "text/html"
    if beginning.startswith(b"<") and (feeds.is_feed(beginning) or sitemaps.is_sitemap(beginning)):
        return "application/xml"
    return ""


def _unpacked(beginning: bytes) -> bytes:
    """Return the first bytes of a document, out of its gzip where it is one."""
    if not beginning.startswith(_GZIP):
        return beginning
    try:
        return zlib.decompressobj(16 + zlib.MAX_WBITS).decompress(beginning, 100)
    except zlib.error:
        return b""


def _is_json_feed(beginning: bytes) -> bool:
    return beginning.lstrip().startswith(b"{") and feeds.is_json_feed(beginning)


def _of_sitemap(body: bytes, url: str) -> Listing:
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
    more = f" So it is with {len(problems) - 1:,} more." if len(problems) > 1 else ""
    return Listing(leads, f"{problems[0]}{more}" if problems else "")


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
