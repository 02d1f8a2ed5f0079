"""The list of claims as files for other programs: all of a query as CSV, its newest as Atom."""

import csv
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, time
from io import StringIO
from typing import Any

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from claims.forms import ClaimFilter
from claims.presentation.listing import Asked, ClaimRow, claim_rows
from claims.search import NEWEST, ClaimQuery, Count, Found, all_claims, find_claims

#: Claims of a feed.
NEWEST_MOST = 50
#: Claims read at a time for a file: what is held in memory.
CLAIMS_AT_A_TIME = 500
_COLUMNS = """
    uid url text language speaker speaker_uid topics level disputed reports outlet_count origin_count
    origin_count_is_exact outlets origins first_outlet first_published_at last_published_at said_on
""".split()
#: A spreadsheet takes a cell that begins like this for a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


@require_safe
def claims_csv(request: HttpRequest) -> HttpResponse | StreamingHttpResponse:
    """Send every claim of a query, in its order, as it is read: in memory that does not grow with them."""
    form = ClaimFilter(request.GET)
    if not form.is_valid():
        return _refused(request, form)
    response = StreamingHttpResponse(_lines(request, form.query), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="claims.csv"'
    # A proxy that gathers the answer before it passes it on would hold it all.
    response["X-Accel-Buffering"] = "no"
    return response


def _lines(request: HttpRequest, query: ClaimQuery) -> Iterator[str]:
    yield _line(_COLUMNS)
    for ids in all_claims(query, size=CLAIMS_AT_A_TIME):
        page = Found(ids=ids, count=Count(0), order=query.asked_order)
        yield "".join(_line(_cells(request, row)) for row in claim_rows(page, query))


def _cells(request: HttpRequest, row: ClaimRow) -> list[Any]:
    claim, summary = row.claim, row.summary
    return [
        claim.uid,
        request.build_absolute_uri(claim.get_absolute_url()),
        claim.text,
        claim.language,
        claim.speaker.name if claim.speaker else "",
        claim.speaker.uid if claim.speaker else "",
        "; ".join(topic.name for topic in row.topics),
        summary.level,
        int(summary.disputed),
        summary.report_count,
        summary.outlet_count,
        summary.origin_count,
        int(summary.exact),
        "; ".join(outlet.name for outlet in row.outlets),
        "; ".join(outlet.name for outlet in row.origins),
        row.first_outlet or "",
        *(moment.isoformat() if moment else "" for moment in (summary.first_published_at, summary.last_published_at)),
        claim.said_on or "",
    ]


def _line(cells: list[Any]) -> str:
    line = StringIO()
    texts = map(str, cells)
    csv.writer(line).writerow(f"'{text}" if text.startswith(_FORMULA) else text for text in texts)
    return line.getvalue()


@require_safe
def claims_atom(request: HttpRequest) -> HttpResponse:
    """Send the claims of a query that were first reported last, as an Atom feed."""
    form = ClaimFilter(request.GET)
    if not form.is_valid():
        return _refused(request, form)
    query = replace(form.query, order=NEWEST)
    found = find_claims(query, size=NEWEST_MOST)
    feed = Atom1Feed(
        title=_("Claims for “%(words)s”") % {"words": query.q} if query.q else _("Claims"),
        link=request.build_absolute_uri(Asked(form.given()).address()),
        feed_url=request.build_absolute_uri(),
        description=None,
        subtitle=_("What is reported, by how many outlets and from how many independent origins."),
    )
    for row in claim_rows(found, query):
        _add(feed, request, row)
    response = HttpResponse(content_type=feed.content_type)
    feed.write(response, "utf-8")
    return response


def _add(feed: Atom1Feed, request: HttpRequest, row: ClaimRow) -> None:
    summary = row.summary
    said = datetime.combine(row.claim.said_on, time.min, tzinfo=UTC) if row.claim.said_on else None
    feed.add_item(
        title=f"{row.claim.speaker}: {row.claim.text}" if row.claim.speaker else row.claim.text,
        link=request.build_absolute_uri(row.address),
        unique_id=row.claim.uid.urn,
        description=_standing(row),
        pubdate=summary.first_published_at or said,
        updateddate=summary.computed_at,
        categories=[topic.name for topic in row.topics],
    )


def _standing(row: ClaimRow) -> str:
    """Return what the list shows of a claim: “corroborated, disputed: 4 outlets, 2 origins”."""
    level = row.summary.get_level_display()
    if row.summary.disputed:
        level = _("%(level)s, disputed") % {"level": level}
    return _("%(level)s: %(figures)s") % {"level": level, "figures": row.figures}


def _refused(request: HttpRequest, form: ClaimFilter) -> HttpResponse:
    return render(request, "400.html", {"reasons": form.errors}, status=400)
