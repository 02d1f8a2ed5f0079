"""Claims as linked data: what search engines, archives and other programs understand. Pure: plain values in and out.

The words are those of https://schema.org/Claim.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

CONTEXT = "https://schema.org"
_AUTHORS = {"person": "Person", "body": "Organization"}


@dataclass(frozen=True)
class Author:
    """Who is reported to have said it. kind: "person", "body" or "unknown"."""

    name: str
    kind: str = "unknown"
    wikidata_id: str = ""


@dataclass(frozen=True)
class Appearance:
    """An article that reports it. url: where the outlet published it; page: where this site shows it."""

    headline: str
    outlet: str
    page: str
    url: str = ""
    language: str = ""
    published_at: datetime | None = None
    has_time: bool = False


@dataclass(frozen=True)
class PlainClaim:
    """A claim with what is told of it. appearances: as they were published, undated ones last."""

    url: str
    text: str
    language: str
    author: Author | None
    said_on: date | None
    topics: Sequence[str]
    appearances: Sequence[Appearance]
    modified_at: datetime | None = None


def claim_linked_data(claim: PlainClaim) -> dict[str, Any]:
    """Return a claim as a schema.org Claim in JSON-LD; what is not known is left out."""
    dated = [appearance for appearance in claim.appearances if appearance.published_at is not None]
    return _known(
        {
            "@context": CONTEXT,
            "@type": "Claim",
            "@id": claim.url,
            "url": claim.url,
            "name": claim.text,
            "text": claim.text,
            "inLanguage": claim.language,
            "author": claim.author and _author(claim.author),
            "dateCreated": claim.said_on and claim.said_on.isoformat(),
            "dateModified": claim.modified_at and claim.modified_at.isoformat(),
            "about": [{"@type": "Thing", "name": topic} for topic in claim.topics],
            "firstAppearance": _appearance(dated[0]) if dated else None,
            "appearance": [_appearance(appearance) for appearance in claim.appearances],
        }
    )


def _author(author: Author) -> dict[str, Any]:
    address = f"https://www.wikidata.org/entity/{author.wikidata_id}" if author.wikidata_id else ""
    return _known({"@type": _AUTHORS.get(author.kind, "Thing"), "name": author.name, "sameAs": address})


def _appearance(appearance: Appearance) -> dict[str, Any]:
    published = appearance.published_at
    return _known(
        {
            "@type": "NewsArticle",
            "@id": appearance.page,
            "headline": appearance.headline,
            "url": appearance.url or appearance.page,
            "inLanguage": appearance.language,
            # Where only the day is known, no time is made up.
            "datePublished": published and (published if appearance.has_time else published.date()).isoformat(),
            "publisher": {"@type": "NewsMediaOrganization", "name": appearance.outlet},
        }
    )


def _known(properties: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in properties.items() if value}
