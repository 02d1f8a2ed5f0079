"""Read an article: passages, quotations, parse, reports, speakers, relays, statements."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from claims.extraction import cues, foreign
from claims.extraction import language as languages
from claims.extraction.passages import passages
from claims.extraction.propositions import kind, propositions
from claims.extraction.quotes import Quotation, quotations
from claims.extraction.relays import is_outlet, levelled, messengers, relays
from claims.extraction.reports import Page, Report, reports
from claims.extraction.spans import ExtractedStatement, Relay, Span
from claims.extraction.speakers import Cast, Identity

# A sentence that opens so adds to what the sentence before reports, when it has no cue of its own.
_CONNECTIVE = re.compile(
    r"(?:Along\s+with\s+(?:that|this)|In\s+addition(?:\s+to\s+(?:that|this))?|Besides(?:\s+(?:that|this))?|Furthermore|"
    r"Moreover|Additionally|Apart\s+from\s+(?:that|this)|Aside\s+from\s+(?:that|this)|On\s+top\s+of\s+(?:that|this)|"
    r"What\s+is\s+more)\s*,\s+"
)
CONNECTIVE_WEIGHT = 0.3


@dataclass
class _Told:
    """A report with its speaker and relays found."""

    report: Report
    identity: Identity
    relays: tuple[Relay, ...]


def read(text: str, *, language: str = "en", split_sentences: bool = True) -> list[ExtractedStatement]:
    """Return the statements of an article in order of their content."""
    if language.partition("-")[0].lower() != "en":
        return foreign.read(text, language)
    parsed = pages(text)
    cast = Cast(parsed)
    known = cast.words()
    found: list[Report] = []
    last: Report | None = None
    for page in parsed:
        here = reports(page, last, known)
        found.extend(here)
        if page.passage.role == "prose" and here:
            last = next((report for report in reversed(here) if report.frame in _LASTING), here[-1])
    told = [_Told(report, cast.of(report), _relays(text, report)) for report in found]
    told = _without_messengers(text, _with_continued(text, parsed, told), cast)
    quoted = {page.passage.start: [Span(q.start, q.end) for q in page.quotations] for page in parsed}
    statements = [
        statement
        for each in told
        for statement in _statements(text, each, quoted[each.report.passage.start], split_sentences)
    ]
    statements.sort(key=lambda statement: (statement.content[0].start, statement.content[-1].end))
    return statements


# Frames after which a quotation without a cue goes on with the same speaker.
_LASTING = frozenset(("paren", "quote", "that", "bare", "continued", "ing", "wh"))


def pages(text: str) -> list[Page]:
    """Return the passages of an article that may hold statements, parsed, with their quotations."""
    kept = [passage for passage in passages(text) if passage.role != "aside"]
    marks = quotations(text, [(passage.start, passage.end) for passage in kept])
    parsed = []
    at = 0
    for passage, doc in zip(kept, languages.parse(text[p.start : p.end] for p in kept), strict=True):
        mine: list[Quotation] = []
        while at < len(marks) and marks[at].start < passage.end:
            mine.append(marks[at])
            at += 1
        parsed.append(Page(text, passage, doc, mine))
    return parsed


def _with_continued(text: str, parsed: list[Page], told: list[_Told]) -> list[_Told]:
    """Return the reports with those sentences added that a connective ties to the report in the sentence before."""
    before: _Told | None = None
    by_passage: dict[int, list[_Told]] = {}
    for each in told:
        by_passage.setdefault(each.report.passage.start, []).append(each)
    dropped: set[int] = set()
    added: list[_Told] = []
    for page in parsed:
        if page.passage.role != "prose":
            before = None
            continue
        for sentence in page.doc.sents:
            start, end = page.offset + sentence.start_char, page.offset + sentence.end_char
            here = [
                each
                for each in by_passage.get(page.passage.start, ())
                if any(span.start < end and start < span.end for span in (*each.report.content, *each.report.cue))
            ]
            speaking = [each for each in here if cues.act(each.report.lemma) != "attitude" and each.identity.name]
            match = _CONNECTIVE.match(text, start, end)
            if match is not None and before is not None and all(each.report.frame not in _LASTING for each in here):
                # What the sentence itself seems to report ("the countries boast …") is told by the speaker before.
                dropped.update(id(each) for each in here)
            elif here:
                before = speaking[-1] if speaking else None
                continue
            else:
                before = None
                continue
            stop = match.end() + len(text[match.end() : end].rstrip(" .\n"))
            report = replace(
                before.report,
                content=[Span(match.end(), stop)],
                cue=[Span(start, start + len(match.group().rstrip(" ,\n")))],
                source=[],
                frame="connective",
                lemma="add",
                weight=CONNECTIVE_WEIGHT,
                passage=page.passage,
                negated=False,
                hedged=False,
            )
            before = _Told(report, before.identity, ())
            added.append(before)
    return [each for each in told if id(each) not in dropped] + added


def _without_messengers(text: str, told: list[_Told], cast: Cast) -> list[_Told]:
    """Return the reports with outlets that only pass on another's words made relays of those words.

    X is the speaker of "Reuters reported that X said …", of "X said …, according to Reuters", and of
    "Reuters reported, citing X".
    """
    kept: list[_Told] = []
    beside: dict[int, list[_Told]] = {}
    for each in told:
        beside.setdefault(id(each.report.doc), []).append(each)
    for each in told:
        if each.report.lemma in _CITING and all(messengers(text, span) for span in each.report.content):
            # "Xinhua, citing TASS, …": whom an outlet cites is not what it says.
            continue
        carriers = messengers(text, each.report.source[0]) if each.report.source else []
        if not carriers or not each.identity.name:
            kept.append(each)
            continue
        names = {carrier.name for carrier in carriers}
        cited = _cited(each.report)
        if cited is not None:
            identity = cast.named(cited)
            if identity.name and not is_outlet(identity.name):
                kept.append(_Told(each.report, identity, (*carriers, *each.relays)))
                continue
        inner = [
            other
            for other in beside[id(each.report.doc)]
            if other is not each
            and other.identity.name not in ("", each.identity.name, *names)
            and _covers(each.report, other.report)
        ]
        for other in inner:
            other.relays = (*other.relays, *carriers, *(relay for relay in each.relays if relay.hop > 1))
        if not inner:
            if any(relay.hop > 1 for relay in each.relays):
                # An outlet that names its own source passes its words on.
                each.relays = (*carriers, *each.relays)
            elif len(carriers) == 1 and not is_outlet(each.identity.name):
                each.identity = Identity(carriers[0].name)
            kept.append(each)
    return kept


# Cues whose content is often only whom an outlet cites.
_CITING = frozenset(("cite", "quote", "report"))


def _covers(outer: Report, inner: Report) -> bool:
    """Return whether what an outlet is said to report is mostly what another says."""
    size = sum(span.end - span.start for span in outer.content)
    parts = (*inner.content, *inner.cue, *inner.source)
    start, end = min(part.start for part in parts), max(part.end for part in parts)
    shared = sum(max(0, min(span.end, end) - max(span.start, start)) for span in outer.content)
    cue_inside = any(a.start <= b.start < a.end for a in outer.content for b in inner.cue)
    return cue_inside and shared >= 0.6 * size


def _cited(report: Report) -> Any:
    """Return the token of whom an outlet cites ("Reuters reported, citing X"), or None."""
    if not report.cue:
        return None
    first, last = report.cue[0].start - report.offset, report.cue[-1].end - report.offset
    cue = report.doc.char_span(first, last, alignment_mode="expand")
    if cue is None:
        return None
    for child in cue.root.children:
        if child.dep_ in ("advcl", "prep") and child.lower_ in ("citing", "quoting"):
            return next((part for part in child.children if part.dep_ in ("dobj", "pobj")), None)
    return None


def _statements(text: str, told: _Told, quoted: list[Span], split_sentences: bool) -> Iterator[ExtractedStatement]:
    report, identity = told.report, told.identity
    content = sorted(report.content)
    near = [q for q in quoted if q.start < content[-1].end and content[0].start < q.end]
    groups = propositions(text, content, near) if split_sentences else [content]
    act = cues.act(report.lemma)
    if act == "attitude" and (near or report.frame.startswith("vn:")):
        # Words in quotation marks were said, and a hope that was expressed is told, whatever the cue is.
        act = "speech"
    for group in groups:
        yield ExtractedStatement(
            content=tuple(group),
            cue=tuple(report.cue),
            source=tuple(report.source),
            kind=kind(text, group, near),
            speaker=identity.name,
            speaker_titles=identity.titles,
            represents=identity.represents,
            relays=_carriers(told),
            act=act,
            negated=report.negated,
            hedged=report.hedged,
            denies=cues.denies(report.lemma),
            confidence=round(report.weight, 2),
            heading=report.passage.heading,
        )


def _carriers(told: _Told) -> tuple[Relay, ...]:
    """Return the relays of a statement: not the speaker, save an outlet that stands before its own source."""
    further = any(relay.hop > 1 for relay in told.relays)
    speaker = told.identity.name
    return levelled(relay for relay in told.relays if relay.name != speaker or (further and relay.hop == 1))


def _relays(text: str, report: Report) -> tuple[Relay, ...]:
    if not report.cue:
        return report.passed_on
    cue = report.doc.char_span(
        report.cue[0].start - report.offset, report.cue[-1].end - report.offset, alignment_mode="expand"
    )
    if cue is None:
        return ()
    bounds = cue.root.sent
    start, end = report.offset + bounds.start_char, report.offset + bounds.end_char
    return (*report.passed_on, *relays(text, start, end, report.content + report.source))
