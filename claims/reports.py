"""A claim's reports with their origin sets, read from the database: what pages, API, export and summaries share."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import cached_property

from claims import corroboration, wording
from claims.corroboration import Finding, Provenance, Upstream
from claims.models import Attribution, Claim, Statement, StatementRelay
from sources.models import Article, Derivation, Outlet


@dataclass(frozen=True)
class Evidence:
    """Why an outlet is a possible origin of a report.

    kind: "publisher" (it prints the report), "relay" (named with this statement), "speaker relay" (named with another
    statement of the same speaker in the article), or a derivation's kind ("credit", "copy", "citation").
    start, end: the words in the article's text that say so, where there are any.
    """

    outlet: Outlet
    kind: str
    start: int | None = None
    end: int | None = None


@dataclass(frozen=True)
class ClaimReport:
    """One report of a claim: its attribution, with all that it leads to selected, and where it may come from."""

    attribution: Attribution
    origins: frozenset[int]
    evidence: tuple[Evidence, ...]

    @property
    def statement(self) -> Statement:
        return self.attribution.statement

    @property
    def article(self) -> Article:
        return self.attribution.statement.revision.article

    @property
    def outlet(self) -> Outlet:
        return self.article.outlet

    @property
    def denies(self) -> bool:
        return self.attribution.stance == Attribution.Stance.DENIES


@dataclass(frozen=True)
class WordedReport:
    """A report and how its wording differs from the fullest one; None for the fullest itself."""

    report: ClaimReport
    wording: wording.Wording | None


class ClaimReports:
    """All reports of one claim that count, and what follows from them.

    by_owner: outlets with the same owner count as one.
    """

    def __init__(
        self, claim: Claim, reports: list[ClaimReport], outlets: dict[int, Outlet], *, by_owner: bool = False
    ) -> None:
        self.claim = claim
        self.reports = reports
        self._outlets = outlets
        self._by_owner = by_owner

    @property
    def affirming(self) -> list[ClaimReport]:
        return [report for report in self.reports if not report.denies]

    @property
    def denying(self) -> list[ClaimReport]:
        return [report for report in self.reports if report.denies]

    @cached_property
    def finding(self) -> Finding[int]:
        """Outlets, origins (as outlet ids) and level."""
        return corroboration.find(
            (corroboration.Report(report.outlet.id, report.origins, report.denies) for report in self.reports),
            group=self._owner if self._by_owner else lambda outlet_id: outlet_id,
        )

    @property
    def outlets(self) -> list[Outlet]:
        """The outlets that report the claim, by name."""
        return self._named(self.finding.outlets)

    @property
    def origins(self) -> list[Outlet]:
        """The fewest outlets that could explain every report, by name."""
        return self._named(self.finding.origins)

    @cached_property
    def explanation(self) -> str:
        """One sentence that says why the claim has its level."""
        return explain(
            self.finding.level,
            [o.name for o in self.outlets],
            [o.name for o in self.origins],
            exact=self.finding.exact,
        )

    @cached_property
    def worded(self) -> list[WordedReport]:
        """Affirming reports, the fullest first, each compared word by word with the fullest."""
        if not self.affirming:
            return []
        quotes = [report.statement.quote for report in self.affirming]
        reference = wording.fullest(quotes)
        rest = [
            WordedReport(report, wording.compare(quotes[reference], quote))
            for index, (report, quote) in enumerate(zip(self.affirming, quotes, strict=True))
            if index != reference
        ]
        return [WordedReport(self.affirming[reference], None), *rest]

    def owner_of(self, outlet: Outlet) -> Outlet:
        """The outlet that stands for an outlet's owner; the outlet itself where it has none."""
        return self._outlets[self._owner(outlet.pk)]

    def _named(self, outlet_ids: Iterable[int]) -> list[Outlet]:
        return sorted((self._outlets[outlet_id] for outlet_id in outlet_ids), key=lambda outlet: outlet.name)

    def _owner(self, outlet_id: int) -> int:
        """Return the outlet that stands for an outlet's owner.

        Owners are followed to the one that nobody owns; a circle ends at its smallest id. Outlets whose owner is no
        outlet are stood for by the first one with that owner's name.
        """
        path = [outlet_id]
        while (owner := self._outlets[path[-1]].owner_id) is not None:
            if owner in path:
                return min(path[path.index(owner) :])
            path.append(owner)
        name = self._outlets[path[-1]].owner_name
        return min(pk for pk, outlet in self._outlets.items() if outlet.owner_name == name) if name else path[-1]


def explain(level: str, outlets: list[str], origins: list[str], *, exact: bool = True) -> str:
    """Return the sentence that tells a reader why a claim has its level."""
    printed = _listed(outlets)
    if level == "unreported":
        return "No report of this claim counts at present."
    if level == "single":
        return f"Only {printed} reports this."
    if level == "repeated":
        return f"{printed} report this, but all of it could trace back to {_listed(origins)}: one origin."
    count = f"{len(origins)}" if exact else f"at most {len(origins)}"
    return (
        f"{printed} report this, and no single outlet could explain every report: "
        f"{count} independent origins, such as {_listed(origins)}."
    )


def _listed(names: list[str], shown: int = 5) -> str:
    if len(names) > shown:
        return f"{', '.join(names[:shown])} and {len(names) - shown} more"
    return " and ".join([", ".join(names[:-1]), names[-1]]) if len(names) > 1 else "".join(names)


def load_reports(
    claims: Collection[Claim], *, confirmed_only: bool = False, by_owner: bool = False
) -> dict[int, ClaimReports]:
    """Return the counted reports of each claim by claim id, in the order they were published.

    The number of queries does not depend on the number of claims or reports.
    """
    attributions = list(
        Attribution.objects.counted(confirmed_only=confirmed_only)
        .filter(claim__in=[claim.pk for claim in claims])
        .with_context()
        .order_by("statement__revision__article__published_at", "statement__start", "pk")
    )
    articles = {a.statement.revision.article_id: a.statement.revision.article for a in attributions}
    provenance, derivations = _provenance(articles)
    speaker_relays = _speaker_relays(attributions)
    outlets = _outlets_with_owners(provenance, attributions, speaker_relays)

    reports: dict[int, list[ClaimReport]] = defaultdict(list)
    for attribution in attributions:
        statement = attribution.statement
        article = statement.revision.article
        own_relays = list(statement.relays.all())
        furthest = max((relay.hop for relay in own_relays), default=0)
        others = speaker_relays.get((statement.revision_id, statement.speaker_id), [])
        origins = corroboration.origin_set(
            article.id,
            provenance,
            relays={relay.outlet_id for relay in own_relays if relay.hop == furthest},
            speaker_relays={relay.outlet_id for relay in others},
        )
        evidence = _evidence(origins, article, own_relays, others, derivations[article.id], outlets)
        reports[attribution.claim_id].append(ClaimReport(attribution, origins, evidence))
    return {claim.pk: ClaimReports(claim, reports[claim.pk], outlets, by_owner=by_owner) for claim in claims}


def _provenance(
    articles: dict[int, Article],
) -> tuple[dict[int, Provenance[int]], dict[int, list[Derivation]]]:
    """Return where each article, and every article upstream of it, says it comes from."""
    provenance: dict[int, Provenance[int]] = {}
    derivations: dict[int, list[Derivation]] = {}
    wanted = dict(articles)
    while wanted:
        standing = defaultdict(list)
        for derivation in (
            Derivation.objects.standing()
            .filter(article__in=wanted)
            .select_related("upstream_outlet", "upstream_article__outlet")
            .order_by("pk")
        ):
            standing[derivation.article_id].append(derivation)
        for article_id, article in wanted.items():
            derivations[article_id] = standing[article_id]
            provenance[article_id] = Provenance(
                article.outlet_id,
                tuple(
                    Upstream(d.upstream_outlet_id, d.partial, d.upstream_article_id)
                    for d in standing[article_id]
                    if d.kind != Derivation.Kind.CITATION
                ),
            )
        wanted = {
            d.upstream_article_id: d.upstream_article
            for rows in standing.values()
            for d in rows
            if d.upstream_article is not None and d.upstream_article_id not in provenance
        }
    return provenance, derivations


def _speaker_relays(attributions: list[Attribution]) -> dict[tuple[int, int | None], list[StatementRelay]]:
    """Return, by revision and speaker, the furthest upstream relays of any of the speaker's statements there."""
    pairs = {
        (a.statement.revision_id, a.statement.speaker_id) for a in attributions if a.statement.speaker_id is not None
    }
    by_statement: dict[int, list[StatementRelay]] = defaultdict(list)
    for relay in (
        StatementRelay.objects.filter(
            statement__revision__in={revision for revision, _ in pairs},
            statement__speaker__in={speaker for _, speaker in pairs},
            statement__withdrawn_at=None,
        )
        .select_related("statement", "outlet")
        .order_by("statement__start", "start")
    ):
        by_statement[relay.statement_id].append(relay)
    relays: dict[tuple[int, int | None], list[StatementRelay]] = defaultdict(list)
    for rows in by_statement.values():
        furthest = max(relay.hop for relay in rows)
        statement = rows[0].statement
        relays[statement.revision_id, statement.speaker_id] += [relay for relay in rows if relay.hop == furthest]
    return relays


def _outlets_with_owners(
    provenance: dict[int, Provenance[int]],
    attributions: list[Attribution],
    speaker_relays: dict[tuple[int, int | None], list[StatementRelay]],
) -> dict[int, Outlet]:
    wanted = {source.outlet for source in provenance.values()}
    wanted |= {edge.outlet for source in provenance.values() for edge in source.upstream}
    wanted |= {relay.outlet_id for a in attributions for relay in a.statement.relays.all()}
    wanted |= {relay.outlet_id for rows in speaker_relays.values() for relay in rows}
    outlets: dict[int, Outlet] = {}
    while wanted:
        found = Outlet.objects.in_bulk(wanted)
        outlets |= found
        wanted = {o.owner_id for o in found.values() if o.owner_id is not None} - outlets.keys()
    return outlets


def _evidence(
    origins: frozenset[int],
    article: Article,
    own_relays: list[StatementRelay],
    speaker_relays: list[StatementRelay],
    derivations: list[Derivation],
    outlets: dict[int, Outlet],
) -> tuple[Evidence, ...]:
    """Return one piece of evidence for each possible origin: the most specific that the article gives."""
    found: dict[int, Evidence] = {}
    for relay in own_relays:
        found.setdefault(relay.outlet_id, Evidence(relay.outlet, "relay", relay.start, relay.end))
    for derivation in derivations:
        # A credit that was confirmed in an earlier text has no place in this one.
        shown = derivation.revision_id == article.current_revision_id
        start, end = (derivation.start, derivation.end) if shown else (None, None)
        evidence = Evidence(derivation.upstream_outlet, derivation.kind, start, end)
        found.setdefault(derivation.upstream_outlet_id, evidence)
    for relay in speaker_relays:
        found.setdefault(relay.outlet_id, Evidence(relay.outlet, "speaker relay", relay.start, relay.end))
    found.setdefault(article.outlet_id, Evidence(article.outlet, "publisher"))
    return tuple(
        found.get(outlet_id, Evidence(outlets[outlet_id], "upstream"))
        for outlet_id in sorted(origins, key=lambda outlet_id: outlets[outlet_id].name)
    )


def articles_on_same_story(claim: Claim) -> tuple[list[Article], list[Article]]:
    """Return (all articles on the claim's story, those of them in which the claim was not found).

    An article is on the same story when it shares another claim with one of the claim's articles.
    """
    counted = Attribution.objects.counted()
    own = set(counted.filter(claim=claim).values_list("statement__revision__article_id", flat=True))
    neighbours = (
        counted.filter(statement__revision__article__in=own).exclude(claim=claim).values_list("claim_id", flat=True)
    )
    related = set(
        counted.filter(claim__in=neighbours.distinct()).values_list("statement__revision__article_id", flat=True)
    )
    story = list(Article.objects.with_outlet().filter(pk__in=own | related).order_by("published_at", "pk"))
    return story, [article for article in story if article.pk not in own]
