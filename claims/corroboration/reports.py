"""A claim's reports with their origin sets, read from the database: what pages, API and export share."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from claims import wording
from claims.corroboration.facts import Grounds, Present, ReportFact
from claims.corroboration.moments import Moment
from claims.corroboration.origins import Finding, Report, find
from claims.corroboration.past import Past
from claims.models import Attribution, Claim, Statement
from sources.models import Article, Outlet


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


@dataclass(frozen=True)
class Asked:
    """What a reader asks of a claim's reports.

    confirmed_only: no report counts that no editor confirmed. by_owner: outlets with the same owner count as one.
    as_of: the past moment at which they are looked at, None for now.
    """

    confirmed_only: bool = False
    by_owner: bool = False
    as_of: Moment | None = None

    @property
    def source(self) -> Present | Past:
        return Present() if self.as_of is None else Past(self.as_of)


class ClaimReports:
    """All reports of one claim that count, and what follows from them.

    asked: which reports count, by what, and as of when. unconfirmed: those that would count if they were confirmed.
    """

    def __init__(
        self,
        claim: Claim,
        reports: list[ClaimReport],
        outlets: dict[int, Outlet],
        *,
        asked: Asked,
        unconfirmed: list[ReportFact],
    ) -> None:
        self.claim = claim
        self.reports = reports
        self.asked = asked
        self.unconfirmed = unconfirmed
        self._outlets = outlets

    @property
    def affirming(self) -> list[ClaimReport]:
        return [report for report in self.reports if not report.denies]

    @property
    def denying(self) -> list[ClaimReport]:
        return [report for report in self.reports if report.denies]

    @cached_property
    def finding(self) -> Finding[int]:
        """Outlets, origins (as outlet ids) and level."""
        return find(
            (Report(report.outlet.id, report.origins, report.denies) for report in self.reports),
            group=self.counts_as,
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
        """One sentence that says why the claim has, or had, its level."""
        if self.asked.as_of is not None and not self.affirming:
            return "No report of this claim counted then."
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
        days = [report.article.published_at and report.article.published_at.date() for report in self.affirming]
        rest = [
            WordedReport(
                report,
                wording.compare(quotes[reference], quote, on=days[index], reference_on=days[reference]),
            )
            for index, (report, quote) in enumerate(zip(self.affirming, quotes, strict=True))
            if index != reference
        ]
        return [WordedReport(self.affirming[reference], None), *rest]

    def counts_as(self, outlet_id: int) -> int:
        """Return what an outlet counts as: itself, or by owner the outlet that stands for its owner."""
        return owner_among(outlet_id, self._outlets) if self.asked.by_owner else outlet_id

    def owner_of(self, outlet: Outlet) -> Outlet:
        """The outlet that stands for an outlet's owner; the outlet itself where it has none."""
        return self._outlets[owner_among(outlet.pk, self._outlets)]

    def _named(self, outlet_ids: Iterable[int]) -> list[Outlet]:
        return sorted((self._outlets[outlet_id] for outlet_id in outlet_ids), key=lambda outlet: outlet.name)


def owner_among(outlet_id: int, outlets: Mapping[int, Outlet]) -> int:
    """Return the outlet that stands for an outlet's owner.

    Owners are followed to the one that nobody owns; a circle ends at its smallest id. Outlets whose owner is no outlet
    are stood for by the first of `outlets` with that owner's name.
    """
    path = [outlet_id]
    while (owner := outlets[path[-1]].owner_id) is not None:
        if owner in path:
            return min(path[path.index(owner) :])
        path.append(owner)
    name = outlets[path[-1]].owner_name
    return min(pk for pk, outlet in outlets.items() if outlet.owner_name == name) if name else path[-1]


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
    claims: Collection[Claim], *, confirmed_only: bool = False, by_owner: bool = False, as_of: Moment | None = None
) -> dict[int, ClaimReports]:
    """Return the counted reports of each claim by claim id, in the order they were published.

    The number of queries does not depend on the number of claims or reports.
    """
    asked = Asked(confirmed_only, by_owner, as_of)
    source = asked.source
    facts = source.reports({claim.pk for claim in claims})
    counted = [fact for fact in facts if fact.confirmed or not confirmed_only]
    grounds = Grounds(counted, source)
    outlets = outlets_with_owners(grounds.outlets)
    attributions = source.attributions(counted)
    reports: dict[int, list[ClaimReport]] = defaultdict(list)
    unconfirmed: dict[int, list[ReportFact]] = defaultdict(list)
    for fact in facts:
        if confirmed_only and not fact.confirmed:
            unconfirmed[fact.claim].append(fact)
        else:
            origins = grounds.origins(fact)
            evidence = _evidence(fact, origins, grounds, outlets)
            reports[fact.claim].append(ClaimReport(attributions[fact.attribution], origins, evidence))
    return {
        claim.pk: ClaimReports(claim, reports[claim.pk], outlets, asked=asked, unconfirmed=unconfirmed[claim.pk])
        for claim in claims
    }


def outlets_with_owners(wanted: Collection[int]) -> dict[int, Outlet]:
    """Return outlets, their owners, and the owners of these, by id."""
    outlets: dict[int, Outlet] = {}
    while wanted:
        found = Outlet.objects.in_bulk(wanted)
        outlets |= found
        wanted = {o.owner_id for o in found.values() if o.owner_id is not None} - outlets.keys()
    return outlets


def _evidence(
    report: ReportFact, origins: frozenset[int], grounds: Grounds, outlets: dict[int, Outlet]
) -> tuple[Evidence, ...]:
    """Return one piece of evidence for each possible origin: the most specific that the article gives."""
    found: dict[int, Evidence] = {}
    for relay in grounds.relays(report):
        found.setdefault(relay.outlet, Evidence(outlets[relay.outlet], "relay", relay.start, relay.end))
    for derivation in grounds.derivations.get(report.article, ()):
        # A credit that was confirmed in an earlier text has no place in this one.
        start, end = (derivation.start, derivation.end) if derivation.shown else (None, None)
        evidence = Evidence(outlets[derivation.outlet], derivation.kind, start, end)
        found.setdefault(derivation.outlet, evidence)
    for relay in grounds.speaker_relays(report):
        found.setdefault(relay.outlet, Evidence(outlets[relay.outlet], "speaker relay", relay.start, relay.end))
    found.setdefault(report.outlet, Evidence(outlets[report.outlet], "publisher"))
    return tuple(
        found.get(outlet_id, Evidence(outlets[outlet_id], "upstream"))
        for outlet_id in sorted(origins, key=lambda outlet_id: outlets[outlet_id].name)
    )
