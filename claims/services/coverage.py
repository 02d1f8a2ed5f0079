"""What each outlet has of each claim: stored beside the claim's corroboration, counted, and compared in words."""

import logging
import time
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from django.db import connection, transaction
from django.db.models import QuerySet

from claims.coreporting import Cover
from claims.corroboration.facts import Present
from claims.models import Claim, Coverage, Listing, OutletPair, OutletTally, Statement
from claims.prepared import fetch_all
from claims.services.listings import store_listings, worded_facets
from claims.wording.comparing import Alignment, fullest
from claims.wording.units import Text

logger = logging.getLogger(__name__)

ROWS_PER_FOLD = 5_000
CLAIMS_PER_COMPARISON = 50

# Written out, as it is asked with every change.
_STORED = """
    SELECT claim_id, outlet_id, attribution_id, affirming, denying, published_at, has_time, origins, is_first, explains
    FROM claims_coverage WHERE claim_id = ANY(%s) ORDER BY claim_id, outlet_id
"""
_LEDGERS: dict[Any, tuple[tuple[str, ...], tuple[str, ...]]] = {
    OutletTally: (("outlet_id",), ("articles", "claims", "alone", "earliest", "explained")),
    OutletPair: (("outlet_id", "other_id"), ("shared", "independent")),
}


# Storing


def stored_coverage(claims: Collection[int]) -> dict[int, tuple[Cover, ...]]:
    """Return what is stored of claims, by claim; those of which nothing is are left out."""
    found: dict[int, list[Cover]] = defaultdict(list)
    for claim, outlet, report, affirming, denying, published_at, has_time, origins, *rest in fetch_all(
        _STORED, [list(claims)]
    ):
        cover = Cover(outlet, report, affirming, denying, published_at, has_time, tuple(origins), *rest)
        found[claim].append(cover)
    return {claim: tuple(covers) for claim, covers in found.items()}


def store_coverage(wanted: Mapping[int, tuple[Cover, ...]]) -> None:
    """Store what outlets have of claims, whose rows the caller has locked; what is stored alike is left alone.

    All rows of a claim are replaced in one command each, as the triggers that count them need it.
    """
    stored = stored_coverage(wanted.keys())
    changed = {claim: covers for claim, covers in wanted.items() if covers != stored.get(claim, ())}
    if gone := changed.keys() & stored.keys():
        Coverage.objects.filter(claim__in=gone).delete()
    rows = [
        Coverage(
            claim_id=claim,
            outlet_id=cover.outlet,
            attribution_id=cover.attribution,
            affirming=cover.affirming,
            denying=cover.denying,
            published_at=cover.published_at,
            has_time=cover.has_time,
            origins=list(cover.origins),
            is_first=cover.is_first,
            explains=cover.explains,
            # What one report has, there is nothing to compare with.
            worded=Coverage.Worded.FULLEST if sum(each.affirming for each in covers) == 1 else Coverage.Worded.UNREAD,
        )
        for claim, covers in changed.items()
        for cover in covers
    ]
    if rows:
        Coverage.objects.bulk_create(rows)


# Folding ledgers


def is_unfolded() -> bool:
    """Whether rows of a ledger wait to be folded."""
    return any(ledger.objects.unfolded().exists() for ledger in _LEDGERS)


def fold_ledgers(*, within_s: float = float("inf")) -> int:
    """Fold what was appended to the ledgers into one row for each outlet or pair; return how many rows that took away.

    No sum changes. A row that another worker is folding is left to it.

    within_s: begin no further batch after this time.
    """
    stop_at, taken = time.monotonic() + within_s, 0
    for ledger in _LEDGERS:
        while folded := _fold(ledger):
            taken += folded
            if time.monotonic() >= stop_at:
                return taken
    return taken


def _fold(ledger: Any) -> int:
    """Fold a batch of a ledger and return how many of its rows were appended ones."""
    keys, sums = (", ".join(names) for names in _LEDGERS[ledger])
    totals = ", ".join(f"sum({name})" for name in _LEDGERS[ledger][1])
    any_left = " OR ".join(f"sum({name}) <> 0" for name in _LEDGERS[ledger][1])
    table = ledger._meta.db_table
    with connection.cursor() as cursor:
        # One command, and so one moment: no reader sees a row gone whose sum is not there yet.
        cursor.execute(
            f"""
            WITH appended AS (
                SELECT id, {keys} FROM {table} WHERE NOT folded ORDER BY id LIMIT %s FOR UPDATE SKIP LOCKED
            ), earlier AS (
                SELECT id FROM {table}
                WHERE folded AND ({keys}) IN (SELECT {keys} FROM appended) FOR UPDATE SKIP LOCKED
            ), gone AS (
                DELETE FROM {table} WHERE id IN (SELECT id FROM appended UNION ALL SELECT id FROM earlier)
                RETURNING {keys}, {sums}
            ), folded AS (
                INSERT INTO {table} ({keys}, {sums}, folded)
                SELECT {keys}, {totals}, true FROM gone GROUP BY {keys} HAVING {any_left}
            )
            SELECT count(*) FROM appended
            """,  # noqa: S608 (the SQL is ours)
            [ROWS_PER_FOLD],
        )
        return int(cursor.fetchone()[0])


# Comparing words


def is_uncompared() -> bool:
    """Whether reports wait to be compared with the fullest of their claim."""
    return _uncompared().exists()


def compare_wordings(*, within_s: float = float("inf")) -> int:
    """Tell how the outlets of claims word them beside the fullest wording; return how many claims were compared.

    Beside the work that stores reports, since it takes longer than that. within_s: begin no further batch after this.
    """
    stop_at, compared, last = time.monotonic() + within_s, 0, 0
    while claims := _next_uncompared(after=last):
        _compare(claims)
        compared, last = compared + len(claims), claims[-1]
        if time.monotonic() >= stop_at:
            break
    return compared


def _uncompared() -> QuerySet[Coverage]:
    rows: QuerySet[Coverage] = Coverage.objects.affirming().filter(worded=Coverage.Worded.UNREAD)
    return rows


def _next_uncompared(*, after: int) -> list[int]:
    found = _uncompared().filter(claim__gt=after).order_by("claim").values_list("claim_id", flat=True).distinct()
    return list(found[:CLAIMS_PER_COMPARISON])


class _Said(NamedTuple):
    """What an affirming report says, in which outlet, and on which day; `published_on` is what "tomorrow" goes by."""

    attribution: int
    outlet: int
    quote: str
    published_on: date | None


class _Worded(NamedTuple):
    """How a report is worded beside the fullest one, and whether it says something else, or leaves something out."""

    kind: str
    differs: bool
    alarms: bool


def _compare(claims: Collection[int]) -> None:
    chosen: dict[int, list[tuple[int, int, int]]] = defaultdict(list)
    for claim, *row in (
        Coverage.objects.affirming()
        .filter(claim__in=claims)
        .values_list("claim_id", "pk", "outlet_id", "attribution_id")
    ):
        chosen[claim].append((row[0], row[1], row[2]))
    said = _said(claims)
    found: dict[_Worded, list[int]] = defaultdict(list)
    for claim, rows in chosen.items():
        worded = _worded(said[claim])
        of_outlet: dict[int, list[_Worded]] = defaultdict(list)
        for report in said[claim]:
            of_outlet[report.outlet].append(worded[report.attribution])
        for pk, outlet, attribution in rows:
            # What stands for an outlet may have been withdrawn meanwhile: it is counted, and compared, anew.
            if attribution in worded:
                each = of_outlet[outlet]
                differs, alarms = any(one.differs for one in each), any(one.alarms for one in each)
                found[_Worded(worded[attribution].kind, differs, alarms)].append(pk)
    for (kind, differs, alarms), pks in found.items():
        # What was replaced meanwhile has other ids, and is compared anew.
        Coverage.objects.filter(pk__in=pks).update(worded=kind, differs=differs, alarms=alarms)
    _list_worded(claims)


def _list_worded(claims: Collection[int]) -> None:
    """Bring the listings of claims in line with what comparing found, where they are not."""
    found: dict[int, set[str]] = {claim: set() for claim in claims}
    for claim, differs, alarms in Coverage.objects.filter(claim__in=claims).values_list("claim", "differs", "alarms"):
        found[claim] |= worded_facets(differs=differs, alarms=alarms)
    known = worded_facets(differs=True, alarms=True)
    listed = Listing.objects.filter(claim__in=claims).values_list("claim", "facets")
    changed = sorted({claim for claim, facets in listed if found[claim] != known.intersection(facets)})
    if changed:
        with transaction.atomic():
            list(Claim.objects.filter(pk__in=changed).order_by("pk").select_for_update().values_list("pk", flat=True))
            store_listings(changed)


def _said(claims: Collection[int]) -> dict[int, list[_Said]]:
    """Return what the affirming reports of claims say, by claim, in the order of publication."""
    affirming = [report for report in Present().reports(claims) if not report.denies]
    texts = dict(Statement.objects.filter(pk__in=[report.statement for report in affirming]).values_list("pk", "quote"))
    found: dict[int, list[_Said]] = defaultdict(list)
    for report in affirming:
        on = report.published_at.date() if report.published_at is not None else None
        found[report.claim].append(_Said(report.attribution, report.outlet, texts[report.statement], on))
    return found


def _worded(reports: Sequence[_Said]) -> dict[int, _Worded]:
    """Return how reports are worded, by attribution: beside the same one as the claim's page compares with."""
    if not reports:
        return {}
    reference = reports[fullest([report.quote for report in reports])]
    reference_text = Text(reference.quote)
    found = {reference.attribution: _Worded(str(Coverage.Worded.FULLEST), differs=False, alarms=False)}
    # Of copies, which say the same to the letter on one day, one is compared.
    compared: dict[tuple[str, date | None], _Worded] = {}
    for report in reports:
        printed = (report.quote, report.published_on)
        if report is reference:
            continue
        if printed not in compared:
            pair = Alignment(reference_text, Text(report.quote), old_on=reference.published_on, new_on=printed[1])
            compared[printed] = _Worded(pair.kind, bool(pair.differences), bool(pair.alarms()))
        found[report.attribution] = compared[printed]
    return found
