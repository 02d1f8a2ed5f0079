"""The plain rows that corroboration follows from, as they are now or as they were: no texts, and few queries."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple, Protocol

from django.contrib.postgres.expressions import ArraySubquery
from django.db import connection
from django.db.models import OuterRef

from claims.compiled import Compiled, IsAny
from claims.corroboration.origins import Provenance, Upstream, article_origins, origin_set
from claims.models import Attribution, Claim
from claims.prepared import fetch_all
from claims.querysets import COUNTED
from sources.models import Derivation


class ReportFact(NamedTuple):
    """An attribution that counts, and where its statement stands."""

    attribution: int
    claim: int
    stance: str
    status: str
    statement: int
    start: int
    speaker: int | None
    revision: int
    article: int
    outlet: int
    published_at: datetime | None
    has_time: bool = False

    @property
    def denies(self) -> bool:
        return self.stance == Attribution.Stance.DENIES

    @property
    def confirmed(self) -> bool:
        return self.status == Attribution.Status.CONFIRMED


class RelayFact(NamedTuple):
    """An outlet through which a statement that stands reached its article."""

    statement: int
    speaker: int | None
    revision: int
    outlet: int
    hop: int
    start: int
    end: int


class DerivationFact(NamedTuple):
    """A derivation that stands; `shown`: its evidence is in the text that counts."""

    article: int
    kind: str
    outlet: int
    upstream: int | None
    partial: bool
    start: int | None
    end: int | None
    shown: bool


@dataclass(frozen=True)
class Derivations:
    """The derivations of some articles and of all upstream of them, and who published these articles."""

    of: dict[int, list[DerivationFact]]
    publishers: dict[int, int]


class Source(Protocol):
    """Where facts come from: what is stored now, or what was known at a moment."""

    def reports(self, claims: Collection[int]) -> list[ReportFact]:
        """Return the counted reports of claims, proposed ones too, as they were published."""

    def relays(self, reports: Iterable[ReportFact]) -> list[RelayFact]:
        """Return the relays of all statements in the texts that the reports are in, as they stand there."""

    def derivations(self, articles: Collection[int]) -> Derivations: ...

    def attributions(self, reports: Iterable[ReportFact]) -> dict[int, Attribution]:
        """Return the attributions of reports by id, with all that a page shows of them."""

    def shared(self, articles: Collection[int], *, confirmed_only: bool) -> list[tuple[int, int]]:
        """Return the claims that articles carry, as pairs (claim, article)."""

    def carriers(self, claims: Collection[int], *, confirmed_only: bool, most: int) -> dict[int, list[int]]:
        """Return, by claim, articles that carry it: all, or some where there are more than `most`."""


# Read with every change of a claim. They are written out, since to put such questions together takes Django as long as
# PostgreSQL takes to answer them, and ask for arrays, which are looked up by index however many they hold.

# What counts, as `AttributionQuerySet.counted` says it too.
_REPORTS = """
    SELECT report.id, report.claim_id, report.stance, report.status, statement.id, statement.start,
        statement.speaker_id, statement.revision_id, article.id, article.outlet_id, article.published_at,
        article.published_has_time
    FROM claims_attribution AS report
    JOIN claims_statement AS statement ON statement.id = report.statement_id AND statement.withdrawn_at IS NULL
    JOIN sources_article AS article ON article.current_revision_id = statement.revision_id
    WHERE report.claim_id = ANY(%s) AND report.status = ANY(%s)
"""
_RELAYS = """
    SELECT statement.id, statement.speaker_id, statement.revision_id, relay.outlet_id, relay.hop, relay.start,
        relay."end"
    FROM claims_statement AS statement JOIN claims_statementrelay AS relay ON relay.statement_id = statement.id
    WHERE statement.revision_id = ANY(%s) AND statement.withdrawn_at IS NULL
    ORDER BY statement.start, relay.start, relay.id
"""
#: Articles and all that may lie upstream of them, however long the chains are; whether an edge stands does not matter.
_UPSTREAM = """
    WITH RECURSIVE reached(id) AS (
        SELECT unnest(%s::bigint[])
        UNION
        SELECT edge.upstream_article_id FROM reached JOIN {table} edge ON edge.article_id = reached.id
        WHERE edge.upstream_article_id IS NOT NULL AND edge.kind <> 'citation'
    )
    SELECT id FROM reached
"""
# What stands, as `DerivationQuerySet.standing` says it too.
_DERIVATIONS = f"""
    SELECT edge.article_id, edge.kind, edge.upstream_outlet_id, edge.upstream_article_id, edge.partial, edge.start,
        edge."end", edge.revision_id IS NOT DISTINCT FROM article.current_revision_id, article.outlet_id,
        upstream.outlet_id
    FROM sources_derivation AS edge
    JOIN sources_article AS article ON article.id = edge.article_id
    LEFT JOIN sources_article AS upstream ON upstream.id = edge.upstream_article_id
    WHERE edge.article_id = ANY(ARRAY({_UPSTREAM.format(table="sources_derivation")})) AND edge.status <> 'rejected'
        AND (edge.status = 'confirmed' OR edge.revision_id = article.current_revision_id)
    ORDER BY edge.id
"""  # noqa: S608 (the SQL is ours)


def _rows(sql: str, ids: Collection[int], *values: Any) -> list[tuple[Any, ...]]:
    return fetch_all(sql, [list(ids), *values]) if ids else []


class Present:
    """What is stored now."""

    def reports(self, claims: Collection[int]) -> list[ReportFact]:
        return published_order(map(ReportFact._make, _rows(_REPORTS, claims, list(COUNTED))))

    def relays(self, reports: Iterable[ReportFact]) -> list[RelayFact]:
        return list(map(RelayFact._make, _rows(_RELAYS, {report.revision for report in reports})))

    def derivations(self, articles: Collection[int]) -> Derivations:
        of: dict[int, list[DerivationFact]] = defaultdict(list)
        publishers = {}
        for *row, publisher, upstream_publisher in _rows(_DERIVATIONS, articles):
            fact = DerivationFact._make(row)
            of[fact.article].append(fact)
            publishers[fact.article] = publisher
            if fact.upstream is not None:
                publishers.setdefault(fact.upstream, upstream_publisher)
        return Derivations(of, publishers)

    def attributions(self, reports: Iterable[ReportFact]) -> dict[int, Attribution]:
        return Attribution.objects.with_context().in_bulk([report.attribution for report in reports])

    def shared(self, articles: Collection[int], *, confirmed_only: bool) -> list[tuple[int, int]]:
        return _shared(confirmed_only)(list(articles)) if articles else []

    def carriers(self, claims: Collection[int], *, confirmed_only: bool, most: int) -> dict[int, list[int]]:
        return dict(_carriers(confirmed_only, most)(list(claims))) if claims else {}


@cache
def _shared(confirmed_only: bool) -> Compiled[tuple[int, int]]:
    counted = Attribution.objects.counted(confirmed_only=confirmed_only).order_by()
    columns = ("claim_id", "statement__revision__article_id")
    return Compiled(lambda articles: counted.filter(IsAny(columns[1], articles)).values_list(*columns).distinct(), list)


@cache
def _carriers(confirmed_only: bool, most: int) -> Compiled[tuple[int, list[int]]]:
    # For each claim apart and in no order, so that PostgreSQL stops at `most`, whatever the claim's size.
    counted = Attribution.objects.counted(confirmed_only=confirmed_only).filter(claim=OuterRef("pk")).order_by()
    found = ArraySubquery(counted.values("statement__revision__article_id")[:most])
    return Compiled(
        lambda claims: Claim.objects.filter(IsAny("pk", claims)).annotate(found=found).values_list("pk", "found"), list
    )


def published_order(reports: Iterable[ReportFact]) -> list[ReportFact]:
    """Return reports as they were published, undated ones last."""
    return sorted(reports, key=lambda r: (r.published_at is None, r.published_at, r.start, r.attribution))


def upstream_closure(articles: Collection[int], table: str) -> set[int]:
    """Return articles and all that may lie upstream of them, in one query.

    table: that of derivations, or of their events.
    """
    with connection.cursor() as cursor:
        cursor.execute(_UPSTREAM.format(table=table), [list(articles)])
        return {row[0] for row in cursor.fetchall()}


class Grounds:
    """Where each of some reports may come from, and what says so."""

    def __init__(self, reports: Collection[ReportFact], source: Source) -> None:
        self.reports = reports
        publishers = {report.article: report.outlet for report in reports}
        found = source.derivations(publishers.keys())
        self.derivations = found.of
        self._relays: dict[int, list[RelayFact]] = defaultdict(list)
        for relay in source.relays(reports):
            self._relays[relay.statement].append(relay)
        self._speaker_relays: dict[tuple[int, int], list[RelayFact]] = defaultdict(list)
        for relays in self._relays.values():
            if relays[0].speaker is not None:
                self._speaker_relays[relays[0].revision, relays[0].speaker] += _furthest(relays)
        self._article_origins = article_origins(
            {
                article: Provenance(publisher, tuple(map(_edge, filter(_explains, found.of.get(article, ())))))
                for article, publisher in (found.publishers | publishers).items()
            }
        )

    def origins(self, report: ReportFact) -> frozenset[int]:
        """Return the outlets that a report's content may have come from."""
        return origin_set(
            report.outlet,
            self._article_origins[report.article],
            relays={relay.outlet for relay in _furthest(self.relays(report))},
            speaker_relays={relay.outlet for relay in self.speaker_relays(report)},
        )

    def relays(self, report: ReportFact) -> list[RelayFact]:
        """Return the relays of the report's own statement."""
        return self._relays.get(report.statement, [])

    def speaker_relays(self, report: ReportFact) -> list[RelayFact]:
        """Return the furthest upstream relays of any of the speaker's statements in the text."""
        if report.speaker is None:
            return []
        return self._speaker_relays.get((report.revision, report.speaker), [])

    @property
    def outlets(self) -> set[int]:
        """Every outlet that a report, or what says where it comes from, names."""
        named = {report.outlet for report in self.reports}
        named |= {derivation.outlet for rows in self.derivations.values() for derivation in rows}
        named |= {relay.outlet for rows in self._relays.values() for relay in rows}
        return named.union(*self._article_origins.values())


def _furthest(relays: list[RelayFact]) -> list[RelayFact]:
    hop = max((relay.hop for relay in relays), default=0)
    return [relay for relay in relays if relay.hop == hop]


def _explains(derivation: DerivationFact) -> bool:
    return derivation.kind != Derivation.Kind.CITATION


def _edge(derivation: DerivationFact) -> Upstream[int]:
    return Upstream(derivation.outlet, derivation.partial, derivation.upstream)
