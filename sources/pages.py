"""HTML pages as article text with title, byline, date, language and address. No database, no network."""

from dataclasses import dataclass
from importlib.metadata import version

import trafilatura
from trafilatura.settings import Extractor

from sources.errors import DocumentRefused

METHOD = f"trafilatura {version('trafilatura')}"


@dataclass(frozen=True)
class Page:
    """What a page says of itself; a field it does not give is ""."""

    text: str
    title: str
    byline: str
    published_at: str
    language: str
    canonical_url: str
    site_name: str


def read_page(html: bytes) -> Page:
    """Return the article of an HTML page: its main text, one paragraph a line, and its metadata.

    Raises DocumentRefused when no text is found.
    """
    options = Extractor(with_metadata=True, comments=False, tables=False)
    extracted = trafilatura.bare_extraction(html, options=options)
    text = (getattr(extracted, "text", None) or "").replace("\0", "")
    if extracted is None or not text.strip():
        raise DocumentRefused("No article text was found in the page.")
    return Page(
        text=text,
        title=extracted.title or "",
        byline=extracted.author or "",
        published_at=extracted.date or "",
        language=extracted.language or "",
        canonical_url=extracted.url or "",
        site_name=extracted.sitename or "",
    )
