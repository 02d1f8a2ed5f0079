"""A claim's reports with their origin sets, read from the database: what pages, API and export share."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from django.db.models import Prefetch, QuerySet, prefetch_related_objects
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from claims import wording
from claims.compiled import Compiled, IsAny
from claims.corroboration.facts import Grounds, Present, RelayFact, ReportFact
from claims.corroboration.moments import Moment
from claims.corroboration.origins import Finding, Report, find
from claims.corroboration.past import Past
from claims.models import Attribution, Claim, Statement
from sources.models import Article, Outlet, Snapshot

#: Names that a sentence lists before it gives only their number.
NAMES_LISTED = 5


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
    """One report of a claim: its attribution, with all that it leads to selected, and where it may come from.

    hops: the outlets through which the statement came, the nearest first; those of one hop are alternatives.
    """

    attribution: Attribution
    origins: frozenset[int]
    evidence: tuple[Evidence, ...]
    hops: tuple[tuple[Outlet, ...], ...]

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
        self._wordings: dict[tuple[str, date | None], wording.Wording] = {}

    @cached_property
    def affirming(self) -> list[ClaimReport]:
        return [report for report in self.reports if not report.denies]

    @cached_property
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
            return _("No report of this claim counted then.")
        return explain(
            self.finding.level,
            [o.name for o in self.outlets],
            [o.name for o in self.origins],
            exact=self.finding.exact,
        )

    @cached_property
    def fullest(self) -> ClaimReport | None:
        """The affirming report with the most words, which the others are compared with; None without one."""
        if not self.affirming:
            return None
        return self.affirming[wording.fullest([report.statement.quote for report in self.affirming])]

    def wording_of(self, report: ClaimReport) -> wording.Wording | None:
        """Return how a report differs, word by word, from the fullest one; None for that one itself."""
        reference = self.fullest
        if reference is None or report is reference:
            return None
        # Many outlets print the same words: these are compared once.
        printed = report.statement.quote, _day(report)
        if printed not in self._wordings:
            quote, day = printed
            self._wordings[printed] = wording.compare(
                reference.statement.quote, quote, on=day, reference_on=_day(reference)
            )
        return self._wordings[printed]

    @cached_property
    def by_fullness(self) -> list[ClaimReport]:
        """Affirming reports, the fullest first, the others as they were published."""
        reference = self.fullest
        return [] if reference is None else [reference, *(r for r in self.affirming if r is not reference)]

    @cached_property
    def worded(self) -> list[WordedReport]:
        """Affirming reports, the fullest first, each compared word by word with the fullest."""
        return [WordedReport(report, self.wording_of(report)) for report in self.by_fullness]

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
    printed = listed(outlets)
    if level == "unreported":
        return _("No report of this claim counts at present.")
    if level == "single":
        return _("Only %(outlet)s reports this.") % {"outlet": printed}
    if level == "repeated":
        return _("%(outlets)s report this, but all of it could trace back to %(origin)s: one origin.") % {
            "outlets": printed,
            "origin": listed(origins),
        }
    sentence = (
        ngettext(
            "%(outlets)s report this, and no single outlet could explain every report: "
            "%(count)s independent origin, such as %(origins)s.",
            "%(outlets)s report this, and no single outlet could explain every report: "
            "%(count)s independent origins, such as %(origins)s.",
            len(origins),
        )
        if exact
        else ngettext(
            "%(outlets)s report this, and no single outlet could explain every report: "
            "at most %(count)s independent origin, such as %(origins)s.",
            "%(outlets)s report this, and no single outlet could explain every report: "
            "at most %(count)s independent origins, such as %(origins)s.",
            len(origins),
        )
    )
    return sentence % {"outlets": printed, "count": len(origins), "origins": listed(origins)}


def listed(names: list[str], shown: int = NAMES_LISTED) -> str:
    """Return names as a sentence lists them: “A, B and C”, or from the sixth on “A, B, C, D, E and 3 more”."""
    comma = pgettext("between the names of a list", ", ")
    if len(names) > shown:
        more = len(names) - shown
        return ngettext("%(names)s and %(count)s more", "%(names)s and %(count)s more", more) % {
            "names": comma.join(names[:shown]),
            "count": more,
        }
    if len(names) < 2:
        return "".join(names)
    return _("%(names)s and %(last)s") % {"names": comma.join(names[:-1]), "last": names[-1]}


def _day(report: ClaimReport) -> date | None:
    """Return the day on which a report was published, which "tomorrow" is counted from."""
    published = report.article.published_at
    return None if published is None else published.date()


def load_reports(
    claims: Collection[Claim],
    *,
    confirmed_only: bool = False,
    by_owner: bool = False,
    as_of: Moment | None = None,
    texts: bool = True,
) -> dict[int, ClaimReports]:
    """Return the counted reports of each claim by claim id, in the order they were published.

    texts: False leaves the texts, spans and relays of the reports where they are, and selects their snapshots without
    bytes: what a page asks for that shows only some of them.
    The number of queries does not depend on the number of claims or reports.
    """
    asked = Asked(confirmed_only, by_owner, as_of)
    source = asked.source
    facts = source.reports({claim.pk for claim in claims})
    counted = [fact for fact in facts if fact.confirmed or not confirmed_only]
    grounds = Grounds(counted, source)
    outlets = outlets_with_owners(grounds.outlets)
    attributions = source.attributions(counted) if texts else _outlines(counted, source)
    reports: dict[int, list[ClaimReport]] = defaultdict(list)
    unconfirmed: dict[int, list[ReportFact]] = defaultdict(list)
    for fact in facts:
        if confirmed_only and not fact.confirmed:
            unconfirmed[fact.claim].append(fact)
        else:
            origins = grounds.origins(fact)
            evidence = _evidence(fact, origins, grounds, outlets)
            hops = _hops(grounds.relays(fact), outlets)
            reports[fact.claim].append(ClaimReport(attributions[fact.attribution], origins, evidence, hops))
    return {
        claim.pk: ClaimReports(claim, reports[claim.pk], outlets, asked=asked, unconfirmed=unconfirmed[claim.pk])
        for claim in claims
    }


def outlined(attributions: "QuerySet[Attribution]") -> "QuerySet[Attribution]":
    """Select all that a page shows of attributions in one query; texts and frozen bytes are left where they are."""
    return attributions.select_related(
        "decided_by", "statement__speaker", "statement__revision__article__outlet", "statement__revision__snapshot"
    ).defer(
        "statement__terms",
        "statement__revision__text",
        "statement__revision__snapshot__body",
        "statement__revision__snapshot__headers",
    )


_OUTLINED = Compiled(lambda ids: outlined(Attribution.objects.filter(IsAny("pk", ids))), list)


def _outlines(reports: Collection[ReportFact], source: Present | Past) -> dict[int, Attribution]:
    """Return the attributions of reports by id, in one query where they are looked at as of now."""
    if isinstance(source, Present):
        return {found.pk: found for found in _OUTLINED([report.attribution for report in reports])} if reports else {}
    attributions = source.attributions(reports)
    snapshots = Snapshot.objects.defer("body", "headers")
    prefetch_related_objects(list(attributions.values()), Prefetch("statement__revision__snapshot", snapshots))
    return attributions


def outlets_with_owners(wanted: Collection[int]) -> dict[int, Outlet]:
    """Return outlets, their owners, the owners of these and so on, by id, in one query."""
    found = Outlet.objects.raw(
        """
        WITH RECURSIVE reached(id) AS (
            SELECT unnest(%s::bigint[])
            UNION
            SELECT outlet.owner_id FROM reached JOIN sources_outlet outlet ON outlet.id = reached.id
            WHERE outlet.owner_id IS NOT NULL
        )
        SELECT outlet.* FROM sources_outlet outlet JOIN reached ON reached.id = outlet.id
        """,
        [list(wanted)],
    )
    return {outlet.pk: outlet for outlet in found} if wanted else {}


def _hops(relays: list[RelayFact], outlets: dict[int, Outlet]) -> tuple[tuple[Outlet, ...], ...]:
    """Return the outlets of a statement's relays by hop, the nearest first."""
    hops: dict[int, list[Outlet]] = defaultdict(list)
    for relay in relays:
        hops[relay.hop].append(outlets[relay.outlet])
    return tuple(tuple(sorted(hops[hop], key=lambda outlet: outlet.name)) for hop in sorted(hops))


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
