"""The matrix of a topic: its claims down, outlets across, and in each cell what the outlet has of the claim."""

import csv
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from io import StringIO
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from claims.models import Claim, Coverage
from claims.presentation.listing import figures_of
from claims.querysets_coreporting import Latest, Standing
from sources.models import Derivation, Outlet

CLAIMS_PER_PAGE, OUTLETS_PER_PAGE = 100, 40
#: A spreadsheet takes what begins so for a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")

_WORDED: dict[str, Promise] = {
    Coverage.Worded.UNREAD: _("affirms"),
    Coverage.Worded.FULLEST: _("fullest"),
    Coverage.Worded.VERBATIM: _("verbatim"),
    Coverage.Worded.NEAR: _("near-verbatim"),
    Coverage.Worded.TRUNCATED: _("truncated"),
    Coverage.Worded.PARAPHRASE: _("paraphrase"),
}
_SHAPES = {
    Coverage.Worded.UNREAD: "affirms",
    Coverage.Worded.FULLEST: "whole",
    Coverage.Worded.VERBATIM: "whole",
    Coverage.Worded.NEAR: "near",
    Coverage.Worded.TRUNCATED: "cut",
    Coverage.Worded.PARAPHRASE: "other",
}
_DERIVED: dict[str, Promise] = {
    Derivation.Kind.COPY: pgettext_lazy("a report", "copied"),
    Derivation.Kind.CREDIT: pgettext_lazy("a report", "credited"),
    "": pgettext_lazy("a report", "relayed"),
}
_DENIES = _("denies")


@dataclass(frozen=True)
class Cell:
    """What an outlet has of a claim.

    worded: how it words it beside the fullest wording; None where it only denies. derived: how it names another outlet
    as its source, where that explains all of its reports; None where it prints one of its own.
    """

    worded: str | None
    derived: str | None
    denies: bool
    report: UUID | None

    @property
    def words(self) -> list[str]:
        """What the cell says, a word for each thing."""
        return _words(self.worded, self.derived, self.denies)

    def html(self, claim_address: str) -> SafeString:
        """Return the cell as a link to the report.

        Written here and not in a template: a page has thousands, each of which a template would take 50 µs for.
        """
        address = f"{claim_address}#r-{self.report}" if self.report else claim_address
        kind = "cell" if self.derived is None else "cell derived"
        inside = _inside(self.worded, self.derived, self.denies, get_language())
        # The address is escaped, and so are the words inside; the rest is ours.
        return mark_safe(f'<td><a class="{kind}" href="{escape(address)}">{inside}</a></td>')  # noqa: S308


def _words(worded: str | None, derived: str | None, denies: bool) -> list[str]:
    said = [] if worded is None else [_WORDED[Coverage.Worded(worded)]]
    said += [] if derived is None else [_DERIVED[derived]]
    said += [_DENIES] if denies else []
    return [str(word) for word in said]


@lru_cache(maxsize=500)
def _inside(worded: str | None, derived: str | None, denies: bool, language: str | None) -> str:
    """Return drawings and words of a cell; kept, since a page has the same few over and over."""
    shapes = [] if worded is None else [_SHAPES[Coverage.Worded(worded)]]
    shapes += ["denies"] if denies else []
    words = "".join(f"<span>{escape(word)}</span>" for word in _words(worded, derived, denies))
    return "".join(map(_drawing, shapes)) + words


def _drawing(name: str) -> str:
    return f'<svg aria-hidden="true"><use href="#cell-{name}"/></svg>'


_EMPTY = mark_safe("<td></td>")


@dataclass(frozen=True)
class Row:
    """A claim with its cells, one for each outlet of the matrix; None where the outlet does not have it."""

    claim: Claim
    standing: Standing
    cells: Sequence[Cell | None]

    @cached_property
    def address(self) -> str:
        return self.claim.get_absolute_url()

    @property
    def counts(self) -> list[str]:
        """How many outlets have the claim, and how many origins could explain them."""
        return list(figures_of(self.standing))

    @property
    def html(self) -> SafeString:
        """The cells."""
        cells = (cell.html(self.address) if cell else _EMPTY for cell in self.cells)
        return mark_safe("".join(cells))  # noqa: S308 (each is safe)


@dataclass(frozen=True)
class Column:
    """An outlet of the matrix, and how many of the topic's claims it affirms or denies."""

    outlet: Outlet
    claim_count: int


def ordered_claims(latest: Latest, order: str) -> list[Standing]:
    """Return the claims of a topic in one of the orders of its page, the last found first among equals."""
    keys = {
        "origins": lambda s: (-s.origin_count, -s.outlet_count),
        "outlets": lambda s: (-s.outlet_count, -s.origin_count),
        "newest": lambda s: (s.first_published_at is None, -_seconds(s)),
        "oldest": lambda s: (s.first_published_at is None, _seconds(s)),
    }
    return sorted(latest.claims, key=keys[order])


def _seconds(standing: Standing) -> float:
    return standing.first_published_at.timestamp() if standing.first_published_at else 0.0


def ordered_outlets(counts: Mapping[int, int], order: str) -> list[Column]:
    """Return the outlets of a matrix, by how many of the topic's claims they have, or by name."""
    outlets = Outlet.objects.only("name", "slug").in_bulk(counts.keys())
    found = sorted(
        (Column(outlet, counts[pk]) for pk, outlet in outlets.items()), key=lambda c: c.outlet.name.casefold()
    )
    return sorted(found, key=lambda column: -column.claim_count) if order == "claims" else found


def matrix_rows(standings: Sequence[Standing], columns: Sequence[Column]) -> list[Row]:
    """Return the rows of claims, in the order given, in a fixed number of queries."""
    ids = [standing.claim for standing in standings]
    claims = Claim.objects.select_related("speaker").in_bulk(ids)
    cells = _cells(ids, [column.outlet.pk for column in columns])
    return [
        Row(claims[standing.claim], standing, [cells[standing.claim].get(column.outlet.pk) for column in columns])
        for standing in standings
        if standing.claim in claims
    ]


def _cells(claims: Collection[int], outlets: Collection[int]) -> dict[int, dict[int, Cell]]:
    rows = list(
        Coverage.objects.reported()
        .filter(claim__in=claims, outlet__in=outlets)
        .values_list(
            *("claim_id", "outlet_id", "affirming", "denying", "worded", "origins", "attribution__uid"),
            "attribution__statement__revision__article_id",
        )
    )
    derived = {row[7] for row in rows if row[2] and row[1] not in row[5]}
    kinds: dict[int, str] = {}
    # A copy tells more than a credit does, and comes last.
    for article, kind in (
        Derivation.objects.standing()
        .filter(article__in=derived, kind__in=(Derivation.Kind.CREDIT, Derivation.Kind.COPY))
        .order_by("-kind")
        .values_list("article_id", "kind")
    ):
        kinds[article] = kind
    cells: dict[int, dict[int, Cell]] = defaultdict(dict)
    for claim, outlet, affirming, denying, worded, origins, report, article in rows:
        cells[claim][outlet] = Cell(
            worded=worded if affirming else None,
            derived=kinds.get(article, "") if affirming and outlet not in origins else None,
            denies=denying > 0,
            report=report,
        )
    return cells


def csv_lines(
    standings: Sequence[Standing], columns: Sequence[Column], absolute: Any, *, at_a_time: int = CLAIMS_PER_PAGE
) -> Iterator[str]:
    """Yield the matrix as lines of CSV: a row for each claim, a column for each outlet; read in pieces.

    absolute: makes a whole address of a path.
    """
    heads = [
        *(gettext("Claim"), gettext("Address"), gettext("Speaker"), gettext("Level"), gettext("Disputed")),
        *(gettext("Outlets"), gettext("Origins"), gettext("First published")),
    ]
    yield _line([*heads, *(column.outlet.name for column in columns)])
    for first in range(0, len(standings), at_a_time):
        for row in matrix_rows(standings[first : first + at_a_time], columns):
            standing = row.standing
            published = standing.first_published_at
            yield _line(
                [
                    row.claim.text,
                    absolute(reverse("claim_detail", args=[row.claim.uid])),
                    row.claim.speaker.name if row.claim.speaker else "",
                    standing.level,
                    gettext("yes") if standing.disputed else gettext("no"),
                    str(standing.outlet_count),
                    str(standing.origin_count) if standing.exact else f"≤ {standing.origin_count}",
                    published.isoformat() if published else "",
                    *("; ".join(cell.words) if cell else "" for cell in row.cells),
                ]
            )


def _line(values: Sequence[str]) -> str:
    line = StringIO()
    csv.writer(line).writerow(f"'{value}" if value.startswith(_FORMULA) else value for value in values)
    return line.getvalue()
