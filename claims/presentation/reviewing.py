"""What the desk shows of an item: both sides in context, how they differ, and what a decision would change."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from claims import highlighting, wording
from claims.corroboration.excerpts import Excerpt, read_excerpts
from claims.highlighting import Context
from claims.models import Attribution, Claim, ClaimConflict, ClaimLink, Corroboration, ReviewItem, Statement
from claims.presentation.addresses import statement_address
from claims.presentation.reports import KINDS, in_words
from claims.querysets import COUNTED
from claims.services.desk import Shown, merging_order
from claims.services.queue import STEP
from sources.models import Article

Kind = ReviewItem.Kind
#: Characters of its paragraph that are shown on either side of a statement.
MARGIN = 260
#: The fullest report of a claim is sought among its first ones.
FIRST_REPORTS = 100

_EFFECTS: list[tuple[int, Promise]] = [
    (95, _("This settles whether the claim is corroborated.")),
    (92, _("As one, these two claims may be corroborated.")),
    (88, _("The claim counts reports that may not be one.")),
    (85, _("A denial: with it the claim is disputed.")),
    (80, _("The claim is corroborated, but not by confirmed reports alone.")),
    (75, _("Both claims are reported, and cannot hold together.")),
    (70, _("A confirmed report is lost, and the claim with it has little left.")),
    (55, _("The claim is repeated, but not by confirmed reports alone.")),
    (50, _("The level of the claim hardly depends on it.")),
    (0, _("No level changes by it.")),
]
_ONLY_REPORT = _("It is the claim’s only report.")
_AS_ONE = _("As one, the two claims may reach a higher level.")


@dataclass(frozen=True)
class Side:
    """One of two texts that are compared: a statement in its context."""

    statement: Statement
    context: Context

    @property
    def article(self) -> Article:
        return self.statement.revision.article

    @property
    def kind(self) -> Promise:
        return KINDS[self.statement.kind]

    @property
    def address(self) -> str:
        return statement_address(self.statement)


@dataclass(frozen=True)
class ShownItem:
    """An item as the desk shows it.

    side: what is asked about; beside: what it is compared with, None where there is nothing; wording: how the first
    differs from the second. report, link, conflict: the row that waits, one of them.
    """

    item: ReviewItem
    shown: Shown
    claim: Claim
    summary: Corroboration | None
    side: Side
    beside: Side | None
    other: Claim | None = None
    report: Attribution | None = None
    link: ClaimLink | None = None
    conflict: ClaimConflict | None = None
    gone: Claim | None = None

    @property
    def wording(self) -> wording.Wording | None:
        if self.beside is None:
            return None
        return wording.compare(
            self.beside.statement.quote,
            self.side.statement.quote,
            on=_day(self.side),
            reference_on=_day(self.beside),
        )

    @property
    def wording_in_words(self) -> Promise | str:
        return in_words(self.wording) if self.wording is not None else ""

    @property
    def effect(self) -> Promise:
        """What a decision would change, in a sentence."""
        step = self.item.priority // STEP
        if self.item.kind == Kind.REPORT and step == 20:
            return _ONLY_REPORT
        if self.item.kind == Kind.SAME and step == 58:
            return _AS_ONE
        return next(words for least, words in _EFFECTS if step >= least)


@dataclass(frozen=True)
class ShownBeside:
    """A further proposed report of the claim that is on the screen."""

    report: Attribution
    shown: Shown


def show_item(item: ReviewItem) -> ShownItem:
    """Return what is shown of an item that waits, in a number of queries that does not grow."""
    if item.kind in (Kind.REPORT, Kind.ORPHAN):
        report = _reports().filter(pk=item.row_id).first()
        if report is None:
            raise NothingToShow(f"Report {item.row_id} is gone.")
        fullest = fullest_report(report.claim_id, besides=report.statement_id)
        sides = _sides([report.statement_id, fullest])
        return ShownItem(
            item=item,
            shown=shown_report(report, kind=item.kind),
            claim=report.claim,
            summary=_summary(report.claim_id),
            side=sides[report.statement_id],
            beside=sides.get(fullest or 0),
            report=report,
        )
    if item.kind == Kind.CONFLICT:
        conflict = ClaimConflict.objects.select_related("claim__speaker").get(pk=item.row_id)
        sides = _sides([conflict.statement_id, conflict.other_id])
        return ShownItem(
            item=item,
            shown=Shown(item.kind, conflict.uid, conflict.claim.uid),
            claim=conflict.claim,
            summary=_summary(conflict.claim_id),
            side=sides[conflict.other_id],
            beside=sides[conflict.statement_id],
            conflict=conflict,
        )
    link = ClaimLink.objects.select_related("claim__speaker", "other__speaker").filter(pk=item.row_id).first()
    if link is None:
        raise NothingToShow(f"Link {item.row_id} is gone.")
    one, two = fullest_report(link.claim_id), fullest_report(link.other_id)
    sides = _sides([one, two])
    if one is None or two is None:
        raise NothingToShow(f"A claim of link {link.pk} has no report.")
    return ShownItem(
        item=item,
        shown=Shown(item.kind, link.uid, link.claim.uid),
        claim=link.claim,
        summary=_summary(link.claim_id),
        side=sides[one],
        beside=sides[two],
        other=link.other,
        link=link,
        gone=merging_order(link)[0] if item.kind == Kind.SAME else None,
    )


class NothingToShow(Exception):
    """An item has no statement any more that could be shown; it does not wait."""


def show_beside(items: Iterable[ReviewItem]) -> list[ShownBeside]:
    """Return the further reports of a claim that are on the screen, as the items come."""
    items = list(items)
    reports = _reports().in_bulk([item.row_id for item in items])
    return [
        ShownBeside(reports[item.row_id], shown_report(reports[item.row_id], kind=item.kind))
        for item in items
        if item.row_id in reports
    ]


def shown_report(report: Attribution, *, kind: str) -> Shown:
    return Shown(kind, report.uid, report.claim.uid, report.stance)


def fullest_report(claim_id: int, *, besides: int | None = None) -> int | None:
    """Return the statement with the most words among a claim's first affirming reports that count; None without one."""
    first = Attribution.objects.filter(claim=claim_id, status__in=COUNTED).order_by("pk").values("pk")[:FIRST_REPORTS]
    found = list(
        Attribution.objects.counted()
        .affirming()
        .filter(pk__in=list(first.values_list("pk", flat=True)))
        .exclude(statement=besides)
        .order_by("pk")
        .values_list("statement", "statement__quote")
    )
    return found[wording.fullest([quote for _, quote in found])][0] if found else None


def _reports() -> "QuerySet[Attribution]":
    return Attribution.objects.select_related(
        "claim__speaker", "decided_by", "statement__speaker", "statement__revision__article__outlet"
    ).defer("statement__terms", "statement__revision__text")


def _sides(statement_ids: Collection[int | None]) -> dict[int, Side]:
    """Return statements by id with what stands around them, in two queries."""
    statements = (
        Statement.objects.select_related("speaker", "revision__article__outlet")
        .defer("terms", "revision__text")
        .in_bulk([pk for pk in statement_ids if pk is not None])
    )
    # A little more than is shown, so that it can be told whether the paragraph goes on.
    places = {
        pk: Excerpt(statement.revision_id, max(0, statement.start - MARGIN - 2), statement.end + MARGIN + 2)
        for pk, statement in statements.items()
    }
    texts = read_excerpts(places.values())
    return {
        pk: Side(
            statement,
            highlighting.context(
                texts[places[pk]],
                statement.start - places[pk].start,
                statement.end - places[pk].start,
                margin=MARGIN,
            ),
        )
        for pk, statement in statements.items()
    }


def _summary(claim_id: int) -> Corroboration | None:
    return Corroboration.objects.filter(claim=claim_id, basis=Corroboration.Basis.COUNTED).first()


def _day(side: Side) -> Any:
    published = side.article.published_at
    return None if published is None else published.date()
