"""The stored corroboration of claims, for lists: written, found out of date, and checked."""

import logging
import time
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, fields, replace
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.models import BigIntegerField, Exists, Func, OuterRef, QuerySet
from django.utils import timezone

from claims.coreporting import Cover, covers
from claims.corroboration.facts import Grounds, Present, ReportFact
from claims.corroboration.origins import Finding, Report, find
from claims.models import Attribution, Claim, Corroboration, CorroborationDue, StatementRelay
from claims.services.coverage import store_coverage, stored_coverage
from claims.services.listings import fold_many_changes, store_listings
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
    large = Corroboration.objects.filter(
        claim=OuterRef("pk"), basis=Corroboration.Basis.COUNTED, report_count__gt=LARGE_CLAIM
    )
    return _recount(Claim.objects.filter(~Exists(large), pk__in=set(claim_ids)))


def _recount(claims: QuerySet[Claim]) -> int:
    with transaction.atomic():
        # In order of ids, so that two writers of the same claims wait for each other rather than deadlock.
        ids = list(claims.order_by("pk").select_for_update().values_list("pk", flat=True))
        # Before the reports are read: who is not done yet, or changes them from here on, leaves a mark that stays.
        _remove_marks(ids)
        summaries = summarise(ids)
        _store(summaries)
        store_listings(ids)
        refresh_reviews(ids)
        # Not before: who folds keeps others from folding until its transaction ends.
        transaction.on_commit(fold_many_changes)
        store_coverage({claim: found[Corroboration.Basis.COUNTED].coverage for claim, found in summaries.items()})
    return len(ids)


def _remove_marks(claims: Collection[int]) -> None:
    """Delete the marks of claims that no other worker is at; to wait for one could be to wait in a circle."""
    marks = CorroborationDue.objects.filter(kind=CorroborationDue.Kind.CLAIM, row_id__in=claims)
    marks.filter(pk__in=marks.select_for_update(skip_locked=True).values("pk")).delete()


def _store(summaries: dict[int, dict[str, Summary]]) -> None:
    now = timezone.now()
    wanted = [(claim, basis, summary) for claim, by_basis in summaries.items() for basis, summary in by_basis.items()]
    rows = Corroboration.objects.bulk_create(
        (
            Corroboration(
                claim_id=claim, basis=basis, computed_at=now, **{name: getattr(summary, name) for name in _COLUMNS}
            )
            for claim, basis, summary in wanted
        ),
        update_conflicts=True,
        unique_fields=["claim", "basis"],
        update_fields=[*_COLUMNS, "computed_at"],
    )
    for name, through in _LINKS.items():
        links = {
            (row.pk, outlet)
            for row, (*_, summary) in zip(rows, wanted, strict=True)
            for outlet in getattr(summary, name)
        }
        stored = {
            (row, outlet): pk
            for pk, row, outlet in through.objects.filter(corroboration__in=[row.pk for row in rows]).values_list(
                "pk", "corroboration_id", "outlet_id"
            )
        }
        if gone := stored.keys() - links:
            through.objects.filter(pk__in=[stored[link] for link in gone]).delete()
        through.objects.bulk_create(
            through(corroboration_id=row, outlet_id=outlet) for row, outlet in sorted(links - stored.keys())
        )


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
        counted = _recount(Claim.objects.filter(pk__in=claims)) if claims else 0
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
        yield _recount(Claim.objects.filter(pk__in=batch))


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
