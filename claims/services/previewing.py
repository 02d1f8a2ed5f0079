"""Which claims would have another level if two outlets, or two speakers, were one: worked out, and nothing merged.

Merging can only take origins away, and only from a claim that several outlets report; all others are passed over.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.db.models import QuerySet

from claims.corroboration.facts import DerivationFact, Derivations, Grounds, Present, RelayFact, ReportFact, Source
from claims.corroboration.origins import Level, Report, find
from claims.models import Attribution, Claim, Corroboration, Speaker, Statement, StatementRelay
from claims.services.summaries import downstream
from sources.models import Article, DecisionStatus, Derivation, Outlet

#: Claims that are worked out, those that are named, and the reports that are read for all of them.
MOST_CLAIMS, MOST_NAMED, MOST_REPORTS = 1000, 5, 10_000
#: Articles of an outlet, or that name it, among which claims are sought.
MOST_ARTICLES = 5000


@dataclass(frozen=True)
class LevelChange:
    """A claim whose level a merge would change, with both."""

    claim: Claim
    before: str
    after: str


@dataclass(frozen=True)
class LevelChanges:
    """The claims whose level a merge would change: how many, and the first of them.

    looked_at: how many claims were worked out; is_more: there are others that were not, as it would take too long.
    """

    count: int
    named: list[LevelChange]
    looked_at: int
    is_more: bool

    @property
    def unnamed(self) -> int:
        return self.count - len(self.named)


def levels_as_one_outlet(gone: Outlet, kept: Outlet) -> LevelChanges:
    """Return the claims whose level would change if `gone` were merged into `kept`."""
    articles, is_more = _articles_naming(gone)
    reports = Attribution.objects.counted().filter(statement__revision__article__in=articles)
    return _changes(reports, _AsOneOutlet(gone.pk, kept.pk), is_more=is_more)


def levels_as_one_speaker(gone: Speaker, kept: Speaker) -> LevelChanges:
    """Return the claims whose level would change if `gone` were merged into `kept`.

    Who speaks matters in an article that relays something of the one and has something else of the other.
    """
    standing = Statement.objects.filter(withdrawn_at=None, revision__current_of__isnull=False)
    said = [standing.filter(speaker=speaker).order_by().values("revision") for speaker in (gone, kept)]
    relayed = StatementRelay.objects.filter(statement__speaker__in=(gone, kept), statement__withdrawn_at=None)
    texts = relayed.filter(statement__revision__in=said[0]).filter(statement__revision__in=said[1])
    found = list(texts.order_by().values_list("statement__revision", flat=True).distinct()[: MOST_ARTICLES + 1])
    reports = Attribution.objects.counted().filter(
        statement__revision__in=found[:MOST_ARTICLES], statement__speaker__in=(gone, kept)
    )
    return _changes(reports, _AsOneSpeaker(gone.pk, kept.pk), is_more=len(found) > MOST_ARTICLES)


def _articles_naming(outlet: Outlet) -> tuple[list[int], bool]:
    """Return articles of an outlet, those that name it as where they come from, and what comes from these in turn.

    And whether there are more.
    """
    named = (
        Article.objects.filter(outlet=outlet).order_by().values_list("pk", flat=True),
        Derivation.objects.filter(upstream_outlet=outlet)
        .exclude(kind=Derivation.Kind.CITATION)
        .order_by()
        .values_list("article", flat=True),
        StatementRelay.objects.filter(outlet=outlet, statement__withdrawn_at=None)
        .order_by()
        .values_list("statement__revision__article", flat=True),
    )
    found: set[int] = set()
    for articles in named:
        found.update(articles[: MOST_ARTICLES + 1])
    reached = sorted(downstream(sorted(found)[:MOST_ARTICLES]))
    return reached[:MOST_ARTICLES], max(len(found), len(reached)) > MOST_ARTICLES


def _changes(reports: "QuerySet[Attribution]", merged: Source, *, is_more: bool) -> LevelChanges:
    claims, left_out = _within_bounds(reports)
    before, after = _levels(claims, Present()), _levels(claims, merged)
    changed = [claim for claim in claims if before[claim] != after[claim]]
    rows = Claim.objects.select_related("speaker").in_bulk(changed[:MOST_NAMED])
    named = [LevelChange(rows[claim], before[claim], after[claim]) for claim in changed[:MOST_NAMED]]
    return LevelChanges(len(changed), named, len(claims), is_more or left_out)


def _within_bounds(reports: "QuerySet[Attribution]") -> tuple[list[int], bool]:
    """Return the claims of reports that several outlets report, those of the highest level first; and if some lack."""
    levels = (Corroboration.Level.CORROBORATED, Corroboration.Level.REPEATED)
    several = Corroboration.objects.filter(basis=Corroboration.Basis.COUNTED, level__in=levels)
    stored = several.filter(claim__in=reports.order_by().values("claim")).order_by("level", "claim")
    found = list(stored.values_list("claim", "report_count")[: MOST_CLAIMS + 1])
    kept: list[int] = []
    read = 0
    for claim, count in found[:MOST_CLAIMS]:
        read += count
        if read <= MOST_REPORTS:
            kept.append(claim)
    return kept, len(kept) < len(found)


def _levels(claims: Collection[int], source: Source) -> dict[int, Level]:
    reports = source.reports(claims)
    grounds = Grounds(reports, source)
    by_claim: dict[int, list[Report[int]]] = defaultdict(list)
    for report in reports:
        by_claim[report.claim].append(Report(report.outlet, grounds.origins(report), report.denies))
    return {claim: find(by_claim[claim]).level for claim in claims}


class _AsOneSpeaker(Present):
    """What is stored, as if one speaker were another."""

    def __init__(self, gone: int, kept: int) -> None:
        self._gone, self._kept = gone, kept

    def reports(self, claims: Collection[int]) -> list[ReportFact]:
        return [row._replace(speaker=self._who(row.speaker)) for row in super().reports(claims)]

    def relays(self, reports: Iterable[ReportFact]) -> list[RelayFact]:
        return [row._replace(speaker=self._who(row.speaker)) for row in super().relays(reports)]

    def _who(self, speaker: int | None) -> int | None:
        return self._kept if speaker == self._gone else speaker


class _AsOneOutlet(Present):
    """What is stored, as if one outlet were another."""

    def __init__(self, gone: int, kept: int) -> None:
        self._gone, self._kept = gone, kept

    def reports(self, claims: Collection[int]) -> list[ReportFact]:
        return [row._replace(outlet=self._whose(row.outlet)) for row in super().reports(claims)]

    def relays(self, reports: Iterable[ReportFact]) -> list[RelayFact]:
        return [row._replace(outlet=self._whose(row.outlet)) for row in super().relays(reports)]

    def derivations(self, articles: Collection[int]) -> Derivations:
        found = super().derivations(articles)
        settled = self._settled(found.publishers)
        of = {}
        for article, facts in found.of.items():
            kept = [fact._replace(outlet=self._whose(fact.outlet)) for fact in facts]
            of[article] = [fact for fact in kept if not self._is_double(fact, settled)]
        for (article, _kind), fact in settled.items():
            if fact is not None:
                of.setdefault(article, []).append(fact)
        return Derivations(of, {article: self._whose(outlet) for article, outlet in found.publishers.items()})

    def _whose(self, outlet: int) -> int:
        return self._kept if outlet == self._gone else outlet

    def _is_double(self, fact: DerivationFact, settled: dict[tuple[int, str], DerivationFact | None]) -> bool:
        return fact.upstream is None and fact.outlet == self._kept and (fact.article, fact.kind) in settled

    def _settled(self, articles: Collection[int]) -> dict[tuple[int, str], DerivationFact | None]:
        """Return what is left where an article is said to come from both: what an editor decided, else the other's.

        None where that was rejected.
        """
        rows = Derivation.objects.filter(
            article__in=articles, upstream_outlet__in=(self._gone, self._kept), upstream_article=None
        )
        by_outlet: dict[tuple[int, str], dict[int, Derivation]] = defaultdict(dict)
        for row in rows.select_related("article").order_by("pk"):
            by_outlet[row.article_id, row.kind][row.upstream_outlet_id] = row
        found: dict[tuple[int, str], DerivationFact | None] = {}
        for key, both in by_outlet.items():
            if len(both) < 2:
                continue
            theirs, ours = both[self._gone], both[self._kept]
            stays = theirs if ours.status == DecisionStatus.PROPOSED != theirs.status else ours
            shown = stays.revision_id == stays.article.current_revision_id
            fact = DerivationFact(*key, self._kept, None, stays.partial, stays.start, stays.end, shown)
            found[key] = fact if stays.status != DecisionStatus.REJECTED else None
        return found
