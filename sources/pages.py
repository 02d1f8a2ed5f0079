"""HTML pages as article text with title, byline, date, language and address. No database, no network."""

from dataclasses import dataclass
from importlib.metadata import version

import trafilatura

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
    extracted = trafilatura.bare_extraction(html, with_metadata=True, include_comments=False)
    found = {} if extracted is None else extracted if isinstance(extracted, dict) else extracted.as_dict()
    text = (found.get("text") or "").replace("\0", "")
    if not text.strip():
        raise DocumentRefused("No article text was found in the page.")
    return Page(
        text=text,
        title=found.get("title") or "",
        byline=found.get("author") or "",
        published_at=found.get("date") or "",
        language=found.get("language") or "",
        canonical_url=found.get("url") or "",
        site_name=found.get("sitename") or "",
    )
