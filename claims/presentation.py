"""What the claim and article pages show, shaped from rows that are already loaded."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse

from claims import highlighting
from claims.highlighting import Context, Paragraph, Span
from claims.models import Attribution, Statement, StatementSpan
from claims.reports import ClaimReport, ClaimReports, Evidence
from claims.wording import Wording
from sources.models import Article, Derivation, Outlet, Revision

MOST_DOTS = 12
#: Of a copy, the passages that are shown; of each, characters of its words and of what surrounds them.
MOST_PASSAGES, LONGEST_PASSAGE, SURROUNDINGS = 10, 600, 60

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


def evidence_anchor(start: int, end: int) -> str:
    """Return the fragment of the article page that marks these characters as evidence."""
    return f"e-{start}-{end}"


def statement_address(statement: Statement) -> str:
    """Return the address of a statement's span in its article; needs revision and article selected."""
    article = reverse("article_detail", args=[statement.revision.article.uid])
    return f"{article}?statement={statement.uid}#s-{statement.uid}"


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


@dataclass(frozen=True)
class SharedWords:
    """The words that two articles share as one of them has them, and where its page marks them."""

    before: str
    inside: str
    after: str
    address: str


@dataclass(frozen=True)
class SharedPassage:
    """A passage that two articles share, as each has it."""

    words: int
    here: SharedWords
    there: SharedWords


@dataclass(frozen=True)
class ShownDerivation:
    """Where an article comes from, or what comes from it: the words that say so, or the passages that both share."""

    derivation: Derivation
    exact: str
    address: str
    words: int
    passage_count: int
    passages: tuple[SharedPassage, ...]

    @property
    def more(self) -> int:
        """How many passages are not shown."""
        return self.passage_count - len(self.passages)


def shown_derivation(derivation: Derivation, shown: Revision | None, *, from_upstream: bool = False) -> ShownDerivation:
    """Return a derivation, read `with_evidence`, as the page of the revision `shown` shows it.

    from_upstream: the page is that of the article that was copied.
    """
    spans = sorted(derivation.spans.all(), key=lambda span: span.start)
    passages = []
    for span in spans[:MOST_PASSAGES]:
        upstream = span.upstream_revision
        here = _shared_words(derivation.article, derivation.revision, span.start, span.end, shown)
        there = _shared_words(upstream.article, upstream, span.upstream_start, span.upstream_end, shown)
        passages.append(SharedPassage(span.words, *((there, here) if from_upstream else (here, there))))
    exact = address = ""
    if derivation.start is not None and derivation.end is not None:
        exact = derivation.revision.text[derivation.start : derivation.end]
        address = _evidence_address(derivation.article, derivation.revision, derivation.start, derivation.end, shown)
    return ShownDerivation(derivation, exact, address, sum(span.words for span in spans), len(spans), tuple(passages))


def _shared_words(article: Article, revision: Revision, start: int, end: int, shown: Revision | None) -> SharedWords:
    around = highlighting.context(revision.text, start, end, margin=SURROUNDINGS)
    inside = around.inside
    if len(inside) > LONGEST_PASSAGE:
        inside = f"{inside[: LONGEST_PASSAGE * 2 // 3].rstrip()} […] {inside[-LONGEST_PASSAGE // 3 :].lstrip()}"
    return SharedWords(
        f"{'… ' if around.cut_before else ''}{around.before}",
        inside,
        f"{around.after}{' …' if around.cut_after else ''}",
        _evidence_address(article, revision, start, end, shown),
    )


def _evidence_address(article: Article, revision: Revision, start: int, end: int, shown: Revision | None) -> str:
    fragment = f"#{evidence_anchor(start, end)}"
    if shown is not None and revision.pk == shown.pk:
        return fragment
    return f"{article.get_absolute_url()}?revision={revision.number}{fragment}"


@dataclass(frozen=True)
class Decision:
    """One event in the history of a claim's attributions."""

    at: datetime
    who: str
    what: str
    statement: Statement


#: What a decision on more than one report means for each, by decision and kind of event.
_ROUNDABOUT = {
    ("merge", "update"): "came with the merge of another claim: {status}",
    ("unmerge", "update"): "came back as a merge was undone: {status}",
    ("merge", "delete"): "made one with the other claim’s, as both were merged",
    ("unmerge", "insert"): "{status} again, as a merge was undone",
    ("split", "update"): "split: {status}",
    ("undo", "update"): "decision undone: {status}",
    ("undo", "delete"): "decision undone: removed",
}


def decisions(events: Sequence[Any], *, editors: Mapping[int, str]) -> list[Decision]:
    """Return what changed at each event of some attributions, oldest first; unnoticeable changes are left out.

    events: pghistory events in their order, with statement, decided_by and pgh_context selected; editors: names by id.
    """
    before: dict[int, Any] = {}
    found = []
    for event in events:
        previous = before.get(event.pgh_obj_id)
        before[event.pgh_obj_id] = event
        context: dict[str, Any] = event.pgh_context.metadata if event.pgh_context is not None else {}
        signed = event.status != Attribution.Status.PROPOSED and event.decided_by is not None
        who = editors.get(context.get("user", 0)) or (event.decided_by.get_username() if signed else event.method)
        what = _ROUNDABOUT.get((context.get("decision", ""), event.pgh_label), "").format(status=event.status)
        what = what or _change(previous, event)
        if what:
            found.append(Decision(event.pgh_created_at, who, what, event.statement))
    return found


def _change(previous: Any, event: Any) -> str:
    if event.pgh_label == "delete":
        return "removed"
    stance = "denies" if event.stance == Attribution.Stance.DENIES else "affirms"
    if previous is None:
        first = f" (score {event.score:.2f})" if event.pgh_label == "insert" else ""
        return f"{event.status}: {stance} the claim{first}"
    if previous.stance != event.stance:
        return f"{event.status}: now {stance} the claim"
    if previous.status != event.status or previous.decided_at != event.decided_at:
        return str(event.status)
    if round(previous.score, 2) != round(event.score, 2):
        return f"score changed from {previous.score:.2f} to {event.score:.2f}"
    return ""


@dataclass(frozen=True)
class Note:
    """What stands beside the text about one statement; `number` counts through the article."""

    number: int
    statement: Statement
    attributions: list[Attribution]


@dataclass(frozen=True)
class ShownParagraph:
    """A paragraph with its marks, and the notes on the statements that begin in it."""

    paragraph: Paragraph[str]
    notes: list[Note]


def annotated(
    revision: Revision,
    statements: Sequence[Statement],
    derivations: Sequence[Derivation],
    copies: Sequence[Derivation],
    attributions: Mapping[int, list[Attribution]],
) -> tuple[list[ShownParagraph], dict[str, Note]]:
    """Return the text's paragraphs, and the notes by the id of their marks.

    Marks are named by the id they have on the page: “s-…” for statements, “e-…” for evidence of origins. Statements
    need spans and relays fetched, and come in the order of their numbers; derivations, and copies that others made of
    the article, need spans fetched; attributions are by statement id.
    """
    notes = {
        f"s-{statement.uid}": Note(number, statement, attributions.get(statement.pk, []))
        for number, statement in enumerate(statements, start=1)
    }
    spans = []
    for mark, note in notes.items():
        pieces = [s for s in note.statement.spans.all() if s.role == StatementSpan.Role.CONTENT]
        if not pieces:
            spans.append(Span(mark, note.statement.start, note.statement.end))
        spans += [Span(mark, piece.start, piece.end) for piece in sorted(pieces, key=lambda s: s.start)]
    evidence = {(relay.start, relay.end) for statement in statements for relay in statement.relays.all()}
    evidence |= {
        (derivation.start, derivation.end)
        for derivation in derivations
        if derivation.revision_id == revision.pk and derivation.start is not None and derivation.end is not None
    }
    evidence |= {
        (passage.start, passage.end)
        for derivation in derivations
        if derivation.revision_id == revision.pk
        for passage in derivation.spans.all()
    }
    evidence |= {
        (passage.upstream_start, passage.upstream_end)
        for copy in copies
        for passage in copy.spans.all()
        if passage.upstream_revision_id == revision.pk
    }
    spans += [Span(evidence_anchor(start, end), start, end) for start, end in sorted(evidence)]
    return [
        ShownParagraph(paragraph, [notes[mark] for mark in paragraph.begun if mark in notes])
        for paragraph in highlighting.paragraphs(revision.text, spans)
    ], notes
