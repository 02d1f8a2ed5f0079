"""Claims as an Atom feed (RFC 4287), for feed readers."""

from collections.abc import Iterable
from datetime import datetime
from types import SimpleNamespace
from typing import Any

from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import gettext as _

from claims.presentation.listing import figures_of


def claims_feed(rows: Iterable[dict[str, Any]], *, title: str, address: str, page: str) -> str:
    """Return the feed of claims, given as the API has them; a changed claim keeps its id and has a later time."""
    feed = Atom1Feed(title=title, link=page, description="", feed_url=address)
    for row in rows:
        names = ", ".join(outlet["name"] for outlet in row["outlets"])
        feed.add_item(
            title=row["text"],
            link=row["url"],
            description=f"{row['level']}: {_figures(row)}. {names}",
            unique_id=f"urn:uuid:{row['uid']}",
            pubdate=_moment(row["first_published_at"]),
            updateddate=_moment(row["computed_at"] or row["first_published_at"]),
            author_name=row["speaker"]["name"] if row["speaker"] else None,
            categories=[row["level"], *(topic["name"] for topic in row["topics"])],
        )
    written: str = feed.writeString("utf-8")
    return written


def _figures(row: dict[str, Any]) -> str:
    counted = SimpleNamespace(**{name: row[name] for name in ("outlet_count", "origin_count", "exact")})
    outlets, origins = figures_of(counted)
    return _("%(outlets)s, %(origins)s") % {"outlets": outlets, "origins": origins}


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
