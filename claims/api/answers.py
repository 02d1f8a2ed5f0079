"""What the API answers about a claim, as plain values that the serializers shape."""

from dataclasses import dataclass
from datetime import UTC, date, datetime

from django.utils import timezone

from claims.corroboration.moments import Moment
from claims.corroboration.reports import ClaimReport, ClaimReports, load_reports
from claims.corroboration.stories import Gap, load_stories
from claims.links import FarEnd, contradictions
from claims.models import Claim, Corroboration
from claims.wording import Wording
from sources.models import Article, Outlet, Revision, Snapshot
from sources.revising import Comparison

#: Articles listed by name as lacking a claim; their count is complete.
NOT_FOUND_IN_MAX = 200


@dataclass(frozen=True)
class Report:
    """One report of a claim; `wording` compares it with the fullest one and is None for that one and for denials."""

    report: ClaimReport
    exact: str
    fullest: bool
    wording: Wording | None


@dataclass(frozen=True)
class NotFoundIn:
    """Articles on the same story that do not carry the claim: `count` of `of`, by outlet, the first of them by name."""

    count: int
    of: int
    complete: bool
    unconfirmed: int
    outlets: list[Gap]
    articles: list[Article]


@dataclass(frozen=True)
class CorroborationAnswer:
    claim: Claim
    basis: str
    by: str
    as_of: datetime
    clock: str | None
    level: str
    disputed: bool
    explanation: str
    outlets: list[Outlet]
    origins: list[Outlet]
    origin_count: int
    exact: bool
    origin_lower_bound: int
    reports: list[Report]
    denials: list[Report]
    contradictions: list[FarEnd]
    not_found_in: NotFoundIn


@dataclass(frozen=True)
class Changes:
    """Two revisions of an article and how they differ."""

    old: Revision
    new: Revision
    comparison: Comparison


def corroboration_of(
    claim: Claim, *, confirmed_only: bool, by_owner: bool, moment: Moment | None = None
) -> CorroborationAnswer:
    """Return what corroborates a claim, worked out from its reports as of now or of a past moment."""
    as_of = timezone.now() if moment is None else moment.at
    reports = load_reports([claim], confirmed_only=confirmed_only, by_owner=by_owner, as_of=moment)[claim.pk]
    story = load_stories([reports])[claim.pk]
    finding = reports.finding
    return CorroborationAnswer(
        claim=claim,
        basis=Corroboration.Basis.CONFIRMED if confirmed_only else Corroboration.Basis.COUNTED,
        by="owner" if by_owner else "outlet",
        as_of=as_of,
        clock=None if moment is None else moment.clock,
        level=finding.level,
        disputed=finding.disputed,
        explanation=reports.explanation,
        outlets=reports.outlets,
        origins=reports.origins,
        origin_count=len(finding.origins),
        exact=finding.exact,
        origin_lower_bound=finding.origin_lower_bound,
        reports=_worded(reports),
        denials=[_report(report, fullest=False, wording=None) for report in reports.denying],
        contradictions=contradictions(claim) if moment is None else [],
        not_found_in=NotFoundIn(
            story.missing_count,
            story.article_count,
            story.complete,
            story.unconfirmed,
            story.gaps,
            story.articles(NOT_FOUND_IN_MAX),
        ),
    )


@dataclass(frozen=True)
class TimelineEntry:
    """What one clock says of a report; `at` is None where only the day, or nothing, is known."""

    clock: str
    at: datetime | None
    on: date | None
    report: ClaimReport


@dataclass(frozen=True)
class Timeline:
    claim: Claim
    as_of: datetime
    entries: list[TimelineEntry]


def timeline_of(answer: CorroborationAnswer) -> Timeline:
    """Return when a claim was said, and its reports published and captured, as it happened; undated entries last."""
    reports = [shown.report for shown in (*answer.reports, *answer.denials)]
    captured = dict(
        Snapshot.objects.filter(revisions__in=[report.statement.revision_id for report in reports]).values_list(
            "revisions", "captured_at"
        )
    )
    entries = []
    for report in reports:
        said, published = report.statement.said_on, report.article.published_at
        if said is not None:
            entries.append(TimelineEntry("said", None, said, report))
        # The day alone may be known of an article.
        at = published if report.article.published_has_time else None
        entries.append(TimelineEntry("published", at, published.date() if published else None, report))
        then = captured[report.statement.revision_id]
        entries.append(TimelineEntry("captured", then, then.date(), report))
    return Timeline(answer.claim, answer.as_of, sorted(entries, key=_when))


def _when(entry: TimelineEntry) -> tuple[bool, date, bool, datetime, str]:
    """Sort by day, then by time of day; what has only a day comes before what has a time on it."""
    start = datetime.min.replace(tzinfo=UTC)
    return entry.on is None, entry.on or date.max, entry.at is not None, entry.at or start, entry.clock


def _worded(reports: ClaimReports) -> list[Report]:
    """Return the affirming reports as they were published, each with its wording."""
    wordings = {worded.report.attribution.pk: worded.wording for worded in reports.worded}
    return [
        _report(report, fullest=wording is None, wording=wording)
        for report in reports.affirming
        for wording in [wordings[report.attribution.pk]]
    ]


def _report(report: ClaimReport, *, fullest: bool, wording: Wording | None) -> Report:
    statement = report.statement
    return Report(report, statement.revision.text[statement.start : statement.end], fullest, wording)
