"""What the claim page shows of reports and of where they may come from."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse

from claims import highlighting
from claims.corroboration.reports import ClaimReport, ClaimReports, Evidence
from claims.highlighting import Context
from claims.presentation.addresses import evidence_anchor, statement_address
from claims.wording import Wording
from sources.models import Outlet

MOST_DOTS = 12
_EVIDENCE_WORDS = {
    "publisher": "prints it, and credits nobody else for all of it",
    "relay": "is named with this statement",
    "speaker relay": "is named with another statement by this speaker in the article",
    "credit": "is named in the article’s credit line",
    "copy": "published text that this article copies",
    "citation": "is cited in the article",
    "upstream": "lies further upstream of what the article is made from",
}
_PLACES = {"start": "at the start", "inside": "inside", "end": "at the end"}


@dataclass(frozen=True)
class ShownReport:
    """One report as the claim page shows it; `wording` is None for the wording that others are compared with."""

    report: ClaimReport
    wording: Wording | None
    context: Context
    chain: tuple[str, ...]
    address: str
    captured_at: datetime

    @property
    def wording_in_words(self) -> str:
        """How the wording differs, as "truncated at the start and inside"."""
        if self.wording is None:
            return ""
        places = [_PLACES[place] for place in self.wording.truncated]
        listed = " and ".join(filter(None, [", ".join(places[:-1]), *places[-1:]]))
        return " ".join(filter(None, [self.wording.kind, listed]))


@dataclass(frozen=True)
class OutletReports:
    """An outlet with its reports of the claim."""

    outlet: Outlet
    reports: list[ShownReport]


@dataclass(frozen=True)
class ShownEvidence:
    """Why an outlet may be the origin of a report, and where the article says so."""

    report: ClaimReport
    origin: Outlet
    words: str
    exact: str
    address: str


@dataclass(frozen=True)
class Origin:
    """A possible origin: which reports it could explain, and whether it is in the set that explains all."""

    name: str
    outlets: list[Outlet]
    chosen: bool
    evidence: list[ShownEvidence]
    explained: int
    report_count: int

    @property
    def dots(self) -> str:
        """One dot a report, filled where this origin could explain it; nothing where they would not fit a line."""
        if self.report_count > MOST_DOTS:
            return ""
        return "●" * self.explained + "○" * (self.report_count - self.explained)


def shown_report(report: ClaimReport, *, captured_at: datetime, wording: Wording | None = None) -> ShownReport:
    statement = report.statement
    return ShownReport(
        report,
        wording,
        highlighting.context(statement.revision.text, statement.start, statement.end),
        _chain(report),
        statement_address(statement),
        captured_at,
    )


def by_outlet(reports: Iterable[ShownReport]) -> list[OutletReports]:
    """Return reports under their outlets, both in the order given."""
    groups: dict[int, OutletReports] = {}
    for shown in reports:
        outlet = shown.report.outlet
        groups.setdefault(outlet.pk, OutletReports(outlet, [])).reports.append(shown)
    return list(groups.values())


def possible_origins(reports: ClaimReports, *, group: Callable[[Outlet], Outlet]) -> list[Origin]:
    """Return every possible origin of the affirming reports; the explaining set first, then by reports explained.

    group: maps an outlet to what it counts as, such as its owner.
    """
    evidence: dict[int, list[ShownEvidence]] = defaultdict(list)
    heads: dict[int, Outlet] = {}
    for report in reports.affirming:
        for item in report.evidence:
            head = group(item.outlet)
            heads[head.pk] = head
            evidence[head.pk].append(_shown_evidence(report, item))
    origins = [
        Origin(
            name=heads[pk].name,
            outlets=sorted({item.origin for item in items}, key=lambda outlet: outlet.name),
            chosen=pk in reports.finding.origins,
            evidence=items,
            explained=len({item.report.attribution.pk for item in items}),
            report_count=len(reports.affirming),
        )
        for pk, items in evidence.items()
    ]
    return sorted(origins, key=lambda origin: (not origin.chosen, -origin.explained, origin.name))


def _shown_evidence(report: ClaimReport, evidence: Evidence) -> ShownEvidence:
    words = _EVIDENCE_WORDS[evidence.kind]
    if evidence.start is None or evidence.end is None:
        return ShownEvidence(report, evidence.outlet, words, "", statement_address(report.statement))
    article = reverse("article_detail", args=[report.article.uid])
    return ShownEvidence(
        report,
        evidence.outlet,
        words,
        " ".join(report.statement.revision.text[evidence.start : evidence.end].split()),
        f"{article}#{evidence_anchor(evidence.start, evidence.end)}",
    )


def _chain(report: ClaimReport) -> tuple[str, ...]:
    """Return who had it from whom, the publisher first and the speaker last.

    In between are the statement's relays, or where it has none, the outlets credited for all of the article.
    """
    hops: dict[int, list[str]] = defaultdict(list)
    for relay in report.statement.relays.all():
        hops[relay.hop].append(relay.outlet.name)
    if not hops and report.outlet.pk not in report.origins:
        hops[1] = [evidence.outlet.name for evidence in report.evidence]
    speaker = report.statement.speaker
    said_by = speaker.name if speaker else report.statement.source_text or "unnamed source"
    return (report.outlet.name, *(" or ".join(sorted(hops[hop])) for hop in sorted(hops)), said_by)
