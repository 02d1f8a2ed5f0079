"""The stored corroboration of claims, for lists: written, found out of date, and checked."""

import json
import logging
import time
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, fields, replace
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.models import BigIntegerField, Func, QuerySet
from django.utils import timezone

from claims.coreporting import Cover, covers
from claims.corroboration.facts import Grounds, Present, ReportFact
from claims.corroboration.origins import Finding, Report, find
from claims.models import Attribution, Claim, Corroboration, CorroborationDue, StatementRelay
from claims.services.coverage import store_coverage, stored_coverage
from claims.services.listings import Counts, fold_many_changes, store_listings
from claims.services.queue import refresh_reviews

logger = logging.getLogger(__name__)

CLAIMS_PER_REFRESH = 200
MARKS_PER_LOOK = 1000
LARGE_CLAIM = 500


@dataclass(frozen=True)
class Summary:
    """What is stored of a claim's corroboration, for one basis.

    coverage: what each outlet has of it, which is stored of all counted reports alone.
    """

    level: str
    disputed: bool
    report_count: int
    outlet_count: int
    origin_count: int
    origin_lower_bound: int
    exact: bool
    first_published_at: datetime | None
    last_published_at: datetime | None
    first_outlet_id: int | None
    report_days: list[date]
    outlets: frozenset[int]
    origins: frozenset[int]
    coverage: tuple[Cover, ...] = ()


_NAMES = [field.name for field in fields(Summary)]
_LINKS: dict[str, Any] = {"outlets": Corroboration.outlets.through, "origins": Corroboration.origins.through}
_COLUMNS = [name for name in _NAMES if name not in (*_LINKS, "coverage")]


def summarise(claim_ids: Collection[int]) -> dict[int, dict[str, Summary]]:
    """Return what is to be stored of claims, by claim and basis, worked out from their reports.

    The number of queries does not depend on the number of claims or reports.
    """
    source = Present()
    reports = source.reports(claim_ids)
    grounds = Grounds(reports, source)
    by_claim: dict[int, list[tuple[ReportFact, frozenset[int]]]] = defaultdict(list)
    for report in reports:
        by_claim[report.claim].append((report, grounds.origins(report)))
    return {claim_id: _by_basis(by_claim[claim_id]) for claim_id in claim_ids}


def _by_basis(reports: list[tuple[ReportFact, frozenset[int]]]) -> dict[str, Summary]:
    counted = _summary(reports)
    confirmed = [(report, origins) for report, origins in reports if report.confirmed]
    return {
        Corroboration.Basis.COUNTED: replace(counted, coverage=covers(reports, explaining=counted.origins)),
        Corroboration.Basis.CONFIRMED: counted if len(confirmed) == len(reports) else _summary(confirmed),
    }


def _summary(reports: list[tuple[ReportFact, frozenset[int]]]) -> Summary:
    finding: Finding[int] = find(Report(report.outlet, origins, report.denies) for report, origins in reports)
    affirming = [report for report, _ in reports if not report.denies]
    dated = [(report.published_at, report.outlet) for report in affirming if report.published_at is not None]
    published = [at for at, _ in dated]
    return Summary(
        level=finding.level,
        disputed=finding.disputed,
        report_count=len(affirming),
        outlet_count=len(finding.outlets),
        origin_count=len(finding.origins),
        origin_lower_bound=finding.origin_lower_bound,
        exact=finding.exact,
        first_published_at=min(published, default=None),
        last_published_at=max(published, default=None),
        # They come as they were published.
        first_outlet_id=dated[0][1] if dated else None,
        report_days=sorted({at.astimezone(UTC).date() for at in published}),
        outlets=finding.outlets,
        origins=finding.origins,
    )


# Storing


def refresh_corroboration(claim_ids: Iterable[int]) -> int:
    """Recompute the stored corroboration of claims and return how many it was done for.

    Both bases are stored: all counted reports, and confirmed ones only. To be called after the change in the
    transaction that made it: the marks that it left are taken away. Claims of more than LARGE_CLAIM reports are left to
    `refresh_outdated`: to count all of them again with each that comes would take a time that grows with their square.
    """
    return _recount(claim_ids, at_most=LARGE_CLAIM)


# What a recount asks is written out: it is done with every change, and to put a question together would take as long as
# to have it answered. Claims are locked in the order of their ids, so that two writers of the same ones wait for each
# other rather than deadlock.
_LOCK = """
    SELECT claim.id FROM claims_claim AS claim
    WHERE claim.id = ANY(%s) AND NOT EXISTS (
        SELECT FROM claims_corroboration AS counted
        WHERE counted.claim_id = claim.id AND counted.basis = 'counted' AND counted.report_count > %s
    )
    ORDER BY claim.id FOR UPDATE OF claim
"""
# To wait for another worker that is at a mark could be to wait in a circle.
_REMOVE_MARKS = """
    DELETE FROM claims_corroborationdue WHERE id IN (
        SELECT id FROM claims_corroborationdue WHERE kind = 'claim' AND row_id = ANY(%s) FOR UPDATE SKIP LOCKED
    )
"""


def _recount(claim_ids: Iterable[int], *, at_most: int | None = None) -> int:
    """Recompute claims, without those of more than `at_most` reports, and return how many they were."""
    wanted = sorted(set(claim_ids))
    if not wanted:
        return 0
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(_LOCK, [wanted, at_most])
            ids = [row[0] for row in cursor.fetchall()]
        if not ids:
            return 0
        # Before the reports are read: who is not done yet, or changes them from here on, leaves a mark that stays.
        _remove_marks(ids)
        summaries = summarise(ids)
        _store(summaries)
        if store_listings(ids, _listed(summaries)):
            # Not before: who folds keeps others from folding until its transaction ends.
            transaction.on_commit(fold_many_changes)
        refresh_reviews(ids)
        store_coverage({claim: found[Corroboration.Basis.COUNTED].coverage for claim, found in summaries.items()})
    return len(ids)


def _remove_marks(claims: Collection[int]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_REMOVE_MARKS, [sorted(claims)])


def _listed(summaries: dict[int, dict[str, Summary]]) -> list[Counts]:
    """Return what lists have of summaries."""
    return [
        Counts(claim, basis, *(getattr(summary, name) for name in Counts._fields[2:]))
        for claim, by_basis in summaries.items()
        for basis, summary in by_basis.items()
    ]


_LINKED = """
    {name}_wanted AS MATERIALIZED (
        SELECT stored.id AS row_id, unnest(given.{name}) AS outlet_id FROM stored JOIN given USING (claim_id, basis)
    ), {name}_gone AS (
        DELETE FROM claims_corroboration_{name} AS link USING stored
        WHERE link.corroboration_id = stored.id AND NOT EXISTS (
            SELECT FROM {name}_wanted AS wanted
            WHERE wanted.row_id = link.corroboration_id AND wanted.outlet_id = link.outlet_id
        )
    ), {name}_new AS (
        INSERT INTO claims_corroboration_{name} (corroboration_id, outlet_id)
        SELECT row_id, outlet_id FROM {name}_wanted AS wanted WHERE NOT EXISTS (
            SELECT FROM claims_corroboration_{name} AS link
            WHERE link.corroboration_id = wanted.row_id AND link.outlet_id = wanted.outlet_id
        )
        ORDER BY row_id, outlet_id
    )
"""
# In one command: the rows, and the outlets that each is linked with.
_STORE = f"""
    WITH given AS MATERIALIZED (
        SELECT * FROM jsonb_to_recordset(%s::jsonb) AS given(
            claim_id bigint, basis text, level text, disputed boolean, report_count integer, outlet_count integer,
            origin_count integer, origin_lower_bound integer, exact boolean, first_published_at timestamptz,
            last_published_at timestamptz, first_outlet_id bigint, report_days date[], outlets bigint[],
            origins bigint[]
        )
    ), stored AS (
        INSERT INTO claims_corroboration (claim_id, basis, computed_at, {", ".join(_COLUMNS)})
        SELECT claim_id, basis, %s, {", ".join(_COLUMNS)} FROM given ORDER BY claim_id, basis
        ON CONFLICT (claim_id, basis) DO UPDATE SET
            computed_at = excluded.computed_at, {", ".join(f"{name} = excluded.{name}" for name in _COLUMNS)}
        RETURNING id, claim_id, basis
    ), {", ".join(_LINKED.format(name=name) for name in _LINKS)}
    SELECT count(*) FROM stored
"""  # noqa: S608 (names are ours, values are parameters)


def _store(summaries: dict[int, dict[str, Summary]]) -> None:
    rows = [
        {
            "claim_id": claim,
            "basis": basis,
            **{name: getattr(summary, name) for name in _COLUMNS},
            **{name: sorted(getattr(summary, name)) for name in _LINKS},
        }
        for claim, by_basis in summaries.items()
        for basis, summary in by_basis.items()
    ]
    with connection.cursor() as cursor:
        # All that is no JSON are days and moments.
        cursor.execute(_STORE, [json.dumps(rows, default=lambda at: at.isoformat()), timezone.now()])


# Finding what is out of date


def has_outdated() -> bool:
    """Whether a change was noted after which nobody has counted."""
    return CorroborationDue.objects.exists()


def refresh_outdated(*, within_s: float = float("inf")) -> int:
    """Recompute the claims whose corroboration may no longer follow from what is stored; return how many there were.

    An article that comes in late may be what earlier ones were copied from, and an editor may decide on a derivation:
    then the claims of both articles, and of all that were copied from them in turn, have other origins. Each batch is
    a transaction of its own, which takes its marks away with it; a worker that dies leaves them.

    within_s: begin no further batch after this time.
    """
    stop_at, done = time.monotonic() + within_s, 0
    while True:
        spread, counted = _spread_marks(), _refresh_marked()
        done += counted
        if not (spread or counted) or time.monotonic() >= stop_at:
            break
    if done:
        logger.info("recounted claims=%d", done)
    return done


def _spread_marks() -> int:
    """Note the claims that hang on what else changed instead of it; return how many such marks there were.

    Only once every transaction has ended that was under way when the change was first seen: a claim that one of them
    gave a report has been counted without the change, and is not to be seen before.
    """
    wide = CorroborationDue.objects.exclude(kind=CorroborationDue.Kind.CLAIM)
    if not wide.exists():
        return 0
    wide.filter(settles_after=None).update(settles_after=_NextTransaction())
    with transaction.atomic():
        marks = list(
            wide.filter(settles_after__lte=_oldest_other_transaction())
            .order_by("pk")
            .select_for_update(skip_locked=True)[:MARKS_PER_LOOK]
        )
        claims = _claims_of(marks)
        CorroborationDue.objects.bulk_create(
            CorroborationDue(kind=CorroborationDue.Kind.CLAIM, row_id=claim) for claim in sorted(claims)
        )
        CorroborationDue.objects.filter(pk__in=[mark.pk for mark in marks]).delete()
    return len(marks)


class _NextTransaction(Func):
    """The number that no transaction had yet."""

    template = "pg_snapshot_xmax(pg_current_snapshot())::text::bigint"
    output_field = BigIntegerField()


def _oldest_other_transaction() -> int:
    """Return the number of the oldest transaction but this one that is under way and writes, or what is above all."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT coalesce(min(other::text::bigint), 9223372036854775807) "
            "FROM pg_snapshot_xip(pg_current_snapshot()) other"
        )
        return int(cursor.fetchone()[0])


def _claims_of(marks: Collection[CorroborationDue]) -> set[int]:
    """Return the claims whose corroboration may hang on what is marked."""
    ids: dict[str, set[int]] = defaultdict(set)
    for mark in marks:
        ids[mark.kind].add(mark.row_id)
    statements = ids[CorroborationDue.Kind.STATEMENT]
    relayed = StatementRelay.objects.filter(statement__in=statements).values_list("statement__revision_id", flat=True)
    revisions = ids[CorroborationDue.Kind.REVISION] | set(relayed)
    reports = Attribution.objects.order_by().values_list("claim_id", flat=True).distinct()
    found: set[int] = set()
    if statements:
        found.update(reports.filter(statement__in=statements))
    if speakers := ids[CorroborationDue.Kind.SPEAKER]:
        found.update(Claim.objects.filter(speaker__in=speakers).values_list("pk", flat=True))
    if revisions:
        found.update(reports.filter(statement__revision__in=revisions))
    if articles := ids[CorroborationDue.Kind.ARTICLE]:
        found.update(reports.filter(statement__revision__article__in=downstream(articles)))
    return found


def downstream(articles: Collection[int]) -> set[int]:
    """Return articles and all that may come from them, in one query however long the chains are."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            WITH RECURSIVE reached(id) AS (
                SELECT unnest(%s::bigint[])
                UNION
                SELECT edge.article_id
                FROM reached JOIN sources_derivation edge ON edge.upstream_article_id = reached.id
                WHERE edge.kind <> 'citation'
            )
            SELECT id FROM reached
            """,
            [list(articles)],
        )
        return {row[0] for row in cursor.fetchall()}


def _refresh_marked() -> int:
    """Recompute some of the claims that are marked and return how many."""
    with transaction.atomic():
        marks = CorroborationDue.objects.filter(kind=CorroborationDue.Kind.CLAIM).order_by("pk")
        claims = set(marks.select_for_update(skip_locked=True)[:CLAIMS_PER_REFRESH].values_list("row_id", flat=True))
        if not claims:
            return 0
        counted = _recount(claims)
        _remove_marks(claims)  # of claims that are no more
        return counted


# Checking


@dataclass(frozen=True)
class Difference:
    """A value that is stored of a claim's corroboration and does not follow from its reports."""

    claim: int
    uid: UUID
    basis: str
    field: str
    stored: Any
    recomputed: Any


def rebuild(claims: QuerySet[Claim]) -> Iterator[int]:
    """Recompute claims batch by batch, and yield how many each batch had."""
    for batch in _batches(claims):
        yield _recount(batch)


def check(claims: QuerySet[Claim]) -> Iterator[tuple[int, list[Difference]]]:
    """Compare what is stored of claims with what follows, and yield the size and the differences of each batch.

    A claim that is marked as due is known to be out of date; where it is, it counts as different nevertheless.
    """
    for batch in _batches(claims):
        differences = _compare(batch)
        if differences:
            # Somebody may have counted between the two readings; nobody can while the claims are locked.
            with transaction.atomic():
                differing = Claim.objects.filter(pk__in={found.claim for found in differences}).order_by("pk")
                differences = _compare(list(differing.select_for_update().values_list("pk", flat=True)))
        yield len(batch), differences


def _compare(claims: list[int]) -> list[Difference]:
    stored, summaries = _stored(claims), summarise(claims)
    found = [
        (claim, basis, *difference)
        for claim, by_basis in summaries.items()
        for basis, summary in by_basis.items()
        for difference in _differences(stored.get((claim, basis)), summary)
    ]
    uids = dict(Claim.objects.filter(pk__in={claim for claim, *_ in found}).values_list("pk", "uid")) if found else {}
    return [Difference(claim, uids[claim], *rest) for claim, *rest in found]


def _batches(claims: QuerySet[Claim]) -> Iterator[list[int]]:
    """Yield the ids of claims in lists, each found by what its predecessor ended with: no cursor is held open."""
    ids = claims.order_by("pk").values_list("pk", flat=True)
    batch = list(ids[:CLAIMS_PER_REFRESH])
    while batch:
        yield batch
        batch = list(ids.filter(pk__gt=batch[-1])[:CLAIMS_PER_REFRESH])


def _stored(claims: Collection[int]) -> dict[tuple[int, str], Summary]:
    """Return what is stored, by claim and basis."""
    links: dict[str, dict[int, set[int]]] = {name: defaultdict(set) for name in _LINKS}
    for name, through in _LINKS.items():
        for row, outlet in through.objects.filter(corroboration__claim__in=claims).values_list(
            "corroboration_id", "outlet_id"
        ):
            links[name][row].add(outlet)
    coverage = stored_coverage(claims)
    rows = Corroboration.objects.filter(claim__in=claims).order_by().values_list("pk", "claim_id", "basis", *_COLUMNS)
    return {
        (claim, basis): replace(
            Summary(*values, *(frozenset(links[name][row]) for name in _LINKS)),
            coverage=coverage.get(claim, ()) if basis == Corroboration.Basis.COUNTED else (),
        )
        for row, claim, basis, *values in rows
    }


def _differences(stored: Summary | None, summary: Summary) -> list[tuple[str, Any, Any]]:
    """Return (field, stored, recomputed) of each value that differs."""
    if stored is None:
        return [("level", None, summary.level)]
    return [
        (name, before, now) for name in _NAMES if (before := getattr(stored, name)) != (now := getattr(summary, name))
    ]
