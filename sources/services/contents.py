"""Documents read: the text in their bytes, and what they or the records they came with say of it. No database."""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from django.conf import settings

from sources.documents import HTML, decode_text, parse_published
from sources.errors import DocumentRefused
from sources.identity import sha256_hex
from sources.urls import canonicalize, same_site

URL_CHARACTERS = 2000
#: Fields of a record that may name where a document comes from.
CREDIT_FIELDS = ("author", "sourceOrganization", "provider", "creditText")


@dataclass(frozen=True)
class ArticleText:
    """A document's text and what it, or the record it came with, says of itself.

    external_id: the id it was handed in under. outlet: its publisher's name, where the record gives one.
    """

    text: str
    method: str
    title: str
    byline: str
    published_at: datetime | None
    published_has_time: bool
    language: str
    url: str
    external_id: str
    outlet: str
    site_name: str = ""
    credits: tuple[str, ...] = ()
    lost_quotes: tuple[str, ...] = ()

    @cached_property
    def sha256(self) -> str:
        return sha256_hex(self.text.encode())

    @property
    def identity(self) -> str:
        """What tells it from the other articles of its outlet."""
        return self.url or (f"id:{self.external_id}" if self.external_id else f"sha256:{self.sha256}")


def read_content(payload: bytes, media_type: str, record: dict[str, Any]) -> ArticleText:
    """Return the text of a document and what is known of it.

    Raises DocumentRefused when it is not an article.
    """
    page, method = None, "as given"
    if media_type == HTML:
        # Imported where it is used: processes that only show what was read need not load what reads pages.
        from sources import pages

        content_type = record.get("content-type") or (
            f"text/html; charset={record['charset']}" if record.get("charset") else ""
        )
        page, method = pages.read_page(payload, url=record.get("url", ""), content_type=content_type), pages.METHOD
    text = page.text if page is not None else decode_text(payload)
    if len(text) > settings.IMPORT_MAX_TEXT_CHARACTERS:
        raise DocumentRefused(
            f"The text has {len(text):,} characters; the limit is {settings.IMPORT_MAX_TEXT_CHARACTERS:,}. Split it."
        )

    def said(key: str, of_page: str) -> str:
        return record.get(key) or (getattr(page, of_page) if page is not None else "")

    url = said("url", "canonical_url")
    if page is not None and page.canonical_url and same_site(url, page.canonical_url):
        url = page.canonical_url
    raw_date = record.get("published_at") or (_sensible_date(page.published_at) if page is not None else "")
    published_at, has_time = parse_published(raw_date) if raw_date else (None, False)
    first_line = next(line.strip() for line in text.splitlines() if line.strip())
    named = record.get("credits") or [record[field] for field in CREDIT_FIELDS if record.get(field)]
    return ArticleText(
        text=text,
        method=method,
        title=said("title", "title") or first_line[:300],
        byline=said("byline", "byline"),
        published_at=published_at,
        published_has_time=has_time,
        language=said("language", "language"),
        url=_sensible_url(url),
        external_id=record.get("id", ""),
        outlet=record.get("outlet", ""),
        site_name=page.site_name if page is not None else "",
        credits=(*named, *(page.credits if page is not None else ())),
        lost_quotes=page.lost_quotes if page is not None else (),
    )


def _sensible_date(raw: str) -> str:
    """Return what a page says of its date; "" where that cannot be: a page is not refused for it."""
    try:
        parse_published(raw)
    except DocumentRefused:
        return ""
    return raw


def _sensible_url(url: str) -> str:
    """Return an address in its one form; "" for one too long to be kept."""
    canonical = canonicalize(url) if url else ""
    return canonical if len(canonical) <= URL_CHARACTERS else ""
