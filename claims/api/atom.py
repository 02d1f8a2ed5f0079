"""Claims as an Atom feed (RFC 4287), for feed readers."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import gettext as _
from django.utils.translation import ngettext


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
    outlets = ngettext("%(count)s outlet", "%(count)s outlets", row["outlet_count"]) % {"count": row["outlet_count"]}
    origins = ngettext("%(count)s independent origin", "%(count)s independent origins", row["origin_count"])
    return _("%(outlets)s, %(origins)s") % {"outlets": outlets, "origins": origins % {"count": row["origin_count"]}}


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
