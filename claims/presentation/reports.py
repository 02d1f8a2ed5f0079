"""What the claim page shows of reports: where they may come from, in what words, and when they came."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext, pgettext
from django.utils.translation import gettext_lazy as _

from claims import highlighting
from claims.corroboration.excerpts import Excerpt
from claims.corroboration.reports import ClaimReport, ClaimReports, Evidence
from claims.highlighting import Context
from claims.models import Statement
from claims.presentation.addresses import evidence_anchor, statement_address
from claims.wording import Alarm, Wording
from sources.models import Outlet

MOST_DOTS = 12
#: Pieces of evidence that are shown of one possible origin.
EVIDENCE_SHOWN = 10
#: Characters around a sentence that are shown with it.
MARGIN = 220
#: Days of the timeline, and the outlets of each, that are named.
DAYS_SHOWN, NAMED_A_DAY = 14, 8

KINDS: dict[str, Promise] = {
    Statement.Kind.DIRECT: _("quoted"),
    Statement.Kind.MIXED: _("partly quoted"),
    Statement.Kind.INDIRECT: _("in the outlet’s words"),
}
_EVIDENCE_WORDS: dict[str, Promise] = {
    "relay": _("%(origin)s is named with this statement"),
    "speaker relay": _("%(origin)s is named with another statement by this speaker in the article"),
    "credit": _("%(origin)s is named in the article’s credit line"),
    "copy": _("%(origin)s published text that this article copies"),
    "citation": _("%(origin)s is cited in the article"),
    "upstream": _("%(origin)s lies further upstream of what the article is made from"),
}
_PUBLISHER = _("prints it, and credits nobody else for all of it")
_OWNED_PUBLISHER = _("%(origin)s, of the same owner, prints it, and credits nobody else for all of it")
_WORDINGS: dict[tuple[str, tuple[str, ...]], Promise] = {
    ("verbatim", ()): _("verbatim"),
    ("near-verbatim", ()): _("near-verbatim"),
    ("paraphrase", ()): _("paraphrase"),
    ("truncated", ()): _("truncated"),
    ("truncated", ("start",)): _("truncated at the start"),
    ("truncated", ("inside",)): _("truncated inside"),
    ("truncated", ("end",)): _("truncated at the end"),
    ("truncated", ("start", "inside")): _("truncated at the start and inside"),
    ("truncated", ("start", "end")): _("truncated at the start and at the end"),
    ("truncated", ("inside", "end")): _("truncated inside and at the end"),
    ("truncated", ("start", "inside", "end")): _("truncated at the start, inside and at the end"),
}


@dataclass(frozen=True)
class ShownReport:
    """One report as the claim page shows it; `wording` is None for the wording that others are compared with."""

    report: ClaimReport
    wording: Wording | None
    context: Context
    chain: tuple[str, ...]
    address: str

    @property
    def kind(self) -> Promise:
        return KINDS[self.report.statement.kind]

    @property
    def captured_at(self) -> datetime:
        return self.report.statement.revision.snapshot.captured_at

    @property
    def wording_in_words(self) -> Promise | str:
        """How the wording differs, as “truncated at the start and inside”."""
        return "" if self.wording is None else in_words(self.wording)


@dataclass(frozen=True)
class OutletReports:
    """An outlet with its reports of the claim."""

    outlet: Outlet
    reports: list[ShownReport]


@dataclass(frozen=True)
class WordingRow:
    """Reports that have the same words, and how these differ from the fullest; `wording` is None for the fullest."""

    quote: str
    language: str
    reports: list[ClaimReport]
    wording: Wording | None

    @property
    def in_words(self) -> Promise | str:
        return "" if self.wording is None else in_words(self.wording)

    @property
    def alarms(self) -> tuple[Alarm, ...]:
        return () if self.wording is None else self.wording.alarms


@dataclass(frozen=True)
class ShownEvidence:
    """Why an outlet may be the origin of a report, and where the article says so; `exact` are its words for it."""

    report: ClaimReport
    evidence: Evidence
    words: str
    address: str
    exact: str = ""

    @property
    def excerpt(self) -> Excerpt | None:
        """Where the article says so; None where no words of it do."""
        if self.evidence.start is None or self.evidence.end is None:
            return None
        return Excerpt(self.report.statement.revision_id, self.evidence.start, self.evidence.end)


@dataclass(frozen=True)
class Origin:
    """A possible origin: which reports it could explain, and whether it is in the set that explains all.

    evidence: why, for the first EVIDENCE_SHOWN of these reports.
    """

    key: str
    name: str
    chosen: bool
    reports: list[ClaimReport]
    evidence: list[ShownEvidence]
    more: int
    report_count: int

    @property
    def explained(self) -> int:
        return len(self.reports)

    @property
    def dots(self) -> str:
        """One dot a report, filled where this origin could explain it; nothing where they would not fit a line."""
        if self.report_count > MOST_DOTS:
            return ""
        return "●" * self.explained + "○" * (self.report_count - self.explained)


def in_words(wording: Wording) -> Promise:
    return _WORDINGS[wording.kind, wording.truncated]


def around(report: ClaimReport) -> Excerpt:
    """Return what is to be read of a report's text, so that its sentence can be shown in context."""
    # A little more than is shown, so that it can be told whether the paragraph goes on.
    margin = MARGIN + 2
    statement = report.statement
    return Excerpt(statement.revision_id, max(0, statement.start - margin), statement.end + margin)


def shown_report(report: ClaimReport, texts: Mapping[Excerpt, str], *, wording: Wording | None = None) -> ShownReport:
    """Return a report as it is shown; texts hold at least what lies `around` it."""
    statement, place = report.statement, around(report)
    context = highlighting.context(
        texts[place], statement.start - place.start, statement.end - place.start, margin=MARGIN
    )
    return ShownReport(report, wording, context, chain(report), statement_address(statement))


def by_outlet(reports: Iterable[ShownReport]) -> list[OutletReports]:
    """Return reports under their outlets, both in the order given."""
    groups: dict[int, OutletReports] = {}
    for shown in reports:
        outlet = shown.report.outlet
        groups.setdefault(outlet.pk, OutletReports(outlet, [])).reports.append(shown)
    return list(groups.values())


def wording_rows(shown: Iterable[ShownReport], fullest: ClaimReport) -> list[WordingRow]:
    """Return the wordings of affirming reports: the fullest first, then those with alarms, then as they were published.

    Reports that print the same words share a row, which the wording of the first of them is shown in.
    """
    rows: dict[str, WordingRow] = {
        fullest.statement.quote: WordingRow(fullest.statement.quote, fullest.article.language, [], None)
    }
    for each in shown:
        quote = each.report.statement.quote
        row = rows.setdefault(quote, WordingRow(quote, each.report.article.language, [], each.wording))
        row.reports.append(each.report)
    first, *others = rows.values()
    if not first.reports:
        first.reports.append(fullest)
    return [first, *sorted(others, key=lambda row: not row.alarms)]


def possible_origins(reports: ClaimReports, *, group: Callable[[Outlet], Outlet]) -> list[Origin]:
    """Return every possible origin of the affirming reports; the explaining set first, then by reports explained.

    group: maps an outlet to what it counts as, such as its owner.
    """
    evidence: dict[int, list[tuple[ClaimReport, Evidence]]] = defaultdict(list)
    heads: dict[int, Outlet] = {}
    for report in reports.affirming:
        for item in report.evidence:
            head = group(item.outlet)
            heads[head.pk] = head
            evidence[head.pk].append((report, item))
    origins = [
        Origin(
            key=heads[pk].slug,
            name=heads[pk].name,
            chosen=pk in reports.finding.origins,
            reports=list({report.attribution.pk: report for report, _item in items}.values()),
            evidence=[_shown_evidence(report, item, heads[pk]) for report, item in items[:EVIDENCE_SHOWN]],
            more=max(0, len(items) - EVIDENCE_SHOWN),
            report_count=len(reports.affirming),
        )
        for pk, items in evidence.items()
    ]
    return sorted(origins, key=lambda origin: (not origin.chosen, -origin.explained, origin.name))


def with_words(origins: Iterable[Origin], texts: Mapping[Excerpt, str]) -> list[Origin]:
    """Return origins with the words of their evidence, which `texts` hold."""

    def worded(item: ShownEvidence) -> ShownEvidence:
        return item if item.excerpt is None else replace(item, exact=" ".join(texts[item.excerpt].split()))

    return [replace(origin, evidence=[worded(item) for item in origin.evidence]) for origin in origins]


def _shown_evidence(report: ClaimReport, evidence: Evidence, head: Outlet) -> ShownEvidence:
    words: Promise
    if evidence.kind == "publisher":
        words = _PUBLISHER if evidence.outlet == head else _OWNED_PUBLISHER
    else:
        words = _EVIDENCE_WORDS[evidence.kind]
    told = str(words) % {"origin": evidence.outlet.name}
    if evidence.start is None or evidence.end is None:
        return ShownEvidence(report, evidence, told, statement_address(report.statement))
    article = reverse("article_detail", args=[report.article.uid])
    # A long text is shown in parts: the address says in which one they are.
    address = f"{article}?at={evidence.start}#{evidence_anchor(evidence.start, evidence.end)}"
    return ShownEvidence(report, evidence, told, address)


def chain(report: ClaimReport) -> tuple[str, ...]:
    """Return who had it from whom, the publisher first and the speaker last.

    In between are the statement's relays, or where it has none, the outlets credited for all of the article.
    """
    hops: list[Collection[Outlet]] = list(report.hops)
    if not hops and report.outlet.pk not in report.origins:
        hops = [[evidence.outlet for evidence in report.evidence]]
    speaker = report.statement.speaker
    said_by = speaker.name if speaker else report.statement.source_text or gettext("unnamed source")
    return (report.outlet.name, *(alternatives([outlet.name for outlet in hop]) for hop in hops), said_by)


def alternatives(names: Collection[str]) -> str:
    """Return names of which any may be meant, as “A, B or C”."""
    *others, last = sorted(names)
    if not others:
        return last
    comma = pgettext("between the names of a list", ", ")
    return gettext("%(names)s or %(last)s") % {"names": comma.join(others), "last": last}


# When it was reported


@dataclass(frozen=True)
class Day:
    """What was published on one day; `date` is None for what has no date. `more`: reports that are not named."""

    date: date | None
    reports: list[ClaimReport]
    more: int
    #: Length of the day's bar: percent of the busiest day's.
    share: int

    @property
    def count(self) -> int:
        return len(self.reports) + self.more


@dataclass(frozen=True)
class Timeline:
    """Who reported when: the first days, and how many reports came on how many days after them."""

    days: list[Day]
    later_days: int
    later_reports: int


def timeline(reports: ClaimReports) -> Timeline:
    """Return when a claim's affirming reports were published, by day, undated ones last."""
    by_day: dict[date | None, list[ClaimReport]] = defaultdict(list)
    for report in reports.affirming:
        published = report.article.published_at
        by_day[None if published is None else published.date()].append(report)
    busiest = max(map(len, by_day.values()), default=1)
    # Reports come as they were published.
    days = [
        Day(day, told[:NAMED_A_DAY], max(0, len(told) - NAMED_A_DAY), round(100 * len(told) / busiest))
        for day, told in by_day.items()
    ]
    later = days[DAYS_SHOWN:]
    return Timeline(days[:DAYS_SHOWN], len(later), sum(day.count for day in later))
