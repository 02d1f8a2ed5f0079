"""Read an article: passages, quotations, reports, speakers, relays, statements."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, replace

from claims.extraction import cues, foreign, inflections, standing
from claims.extraction.cast import Cast, Identity
from claims.extraction.propositions import kind, propositions
from claims.extraction.relays import is_outlet, levelled, messengers, relays
from claims.extraction.reports import Page, Report, reports
from claims.extraction.spans import ExtractedStatement, Relay, Span
from claims.extraction.standing import Standing

_SENTENCE_END = re.compile(r"[.!?…][\"”»’')\]]*\s+(?=[\"“«‘'(\[]*[A-ZÀ-Þ0-9])|\n")


@dataclass
class _Told:
    """A report with what its cue tells, its speaker and its relays found."""

    report: Report
    standing: Standing
    identity: Identity
    relays: tuple[Relay, ...]


def read(text: str, *, language: str = "en", split_sentences: bool = True) -> list[ExtractedStatement]:
    """Return the statements of an article in order of their content; "" for a language that is told from the text."""
    language = language or foreign.detect(text)
    if language.partition("-")[0].lower() != "en":
        return foreign.read(text, language)
    page = Page(text)
    cast = Cast(page.unwrapped(), [Span(quotation.start, quotation.end) for quotation in page.quotations])
    told = _with_continued(page, list(_told(page, cast, only_told=split_sentences)))
    told = _without_messengers(text, cast, told)
    statements = [statement for each in told for statement in _statements(page, each, split_sentences)]
    statements.sort(key=lambda statement: (statement.content[0].start, statement.content[-1].end))
    return statements


def _told(page: Page, cast: Cast, *, only_told: bool) -> Iterator[_Told]:
    """Yield the reports with their speakers; with `only_told` less those that nobody tells to have been said."""
    text = page.text
    identities: dict[int, Identity] = {}
    for report in reports(page, cast.words()):
        _give_to_owner(text, report)
        start = _sentence_start(text, report)
        found = standing.of(text, report.cue, report.source, report.content, start)
        if only_told and found.told == "open":
            continue
        follows = identities.get(id(report.follows)) if report.follows is not None else None
        if found.lemma in _CONVERSING:
            _part_from_partner(text, report)
        if report.origin == "turn":
            identity = cast.labelled(report.source[0])
        else:
            identity = cast.of(report.source, report.cue, report.content, follows)
        identities[id(report)] = identity
        yield _Told(report, found, identity, _relays(text, report, start))


# "X’s statement, reported by Reuters, that …"
_OWNED = re.compile(r"(?P<name>\b[A-Z][\w.-]*(?:\s+[A-Z][\w.-]*){0,4})['’]s?\s+(?P<noun>[a-z]+)$")
_BY = re.compile(r"\sby\b")


def _give_to_owner(text: str, report: Report) -> None:
    """Make whose statement it is the source of what others are said to have reported, and their noun its cue."""
    if not report.cue or not _BY.search(text, report.cue[-1].start, report.cue[-1].end + 3):
        return
    for number, span in enumerate(report.content[:-1]):
        match = _OWNED.search(text, span.start, span.end)
        if match is not None and inflections.lemma(match["noun"].lower()) in cues.speech_nouns():
            report.content = report.content[number + 1 :]
            report.cue = [Span(*match.span("noun"))]
            report.source = [Span(*match.span("name"))]
            return


# "talked about the dam with reporters": whom one talks with is no part of what is talked about.
_CONVERSING = frozenset(("talk", "speak", "discuss", "discussion", "chat"))
_PARTNER = re.compile(r"\s+with\s+[^“”\".;:]*$")


def _part_from_partner(text: str, report: Report) -> None:
    last = report.content[-1]
    match = _PARTNER.search(text, last.start, last.end)
    if match is not None:
        report.content = [*report.content[:-1], Span(last.start, match.start())]


# A sentence that opens so adds to what the sentence before reports, when it has no cue of its own.
_CONNECTIVE = re.compile(
    r"(?:Along\s+with\s+(?:that|this)|In\s+addition(?:\s+to\s+(?:that|this))?|Besides(?:\s+(?:that|this))?|Furthermore|"
    r"Moreover|Additionally|Apart\s+from\s+(?:that|this)|Aside\s+from\s+(?:that|this)|On\s+top\s+of\s+(?:that|this)|"
    r"What\s+is\s+more)\s*,\s+"
)
_BETWEEN_SENTENCES = re.compile(r"[ .\r\n\"”’]*")
CONNECTIVE_CONFIDENCE = 0.3


def _with_continued(page: Page, told: list[_Told]) -> list[_Told]:
    """Return the reports with those sentences added that a connective ties to the report in the sentence before.

    What such a sentence itself hardly seems to report ("the countries boast …") is told by the speaker before, too.
    """
    text = page.text
    order = sorted(told, key=_end)
    ends = [_end(each) for each in order]
    added: list[_Told] = []
    dropped: set[int] = set()
    for match in _CONNECTIVE.finditer(text):
        passage = page.passage(match.start())
        if passage is None or passage.role != "prose" or not _opens(text, passage.start, match.start()):
            continue
        sentence_end = _sentence_end(text, match.end())
        last = bisect_right(ends, match.start()) - 1
        # No sentence holds more reports than these.
        here = [each for each in order[last + 1 : last + 9] if _begin(each) < sentence_end]
        if last < 0 or any(each.report.confidence >= 0.5 for each in here):
            continue
        previous = order[last]
        beside = _BETWEEN_SENTENCES.fullmatch(text, ends[last], match.start())
        if beside is None or previous.standing.act == "attitude" or not previous.identity.name:
            continue
        content = Span(match.end(), match.end() + len(text[match.end() : sentence_end].rstrip(" .\r\n")))
        if not _worded(text, [content]):
            continue
        dropped.update(id(each) for each in here)
        connective = Span(match.start(), match.start() + len(match.group().rstrip(" ,\r\n")))
        report = Report(
            [content], [connective], [], CONNECTIVE_CONFIDENCE, "continued", passage.heading, previous.report
        )
        added.append(_Told(report, replace(previous.standing, negated=False, hedged=False), previous.identity, ()))
    kept = [each for each in told if id(each) not in dropped]
    return sorted([*kept, *added], key=lambda each: each.report.start)


def _opens(text: str, start: int, at: int) -> bool:
    """Return whether a sentence of the passage that begins at `start` may begin at `at`."""
    before = text[max(start, at - 5) : at].rstrip()
    return not before or before[-1] in '.!?"”’)'


def _begin(told: _Told) -> int:
    return min(part.start for part in (*told.report.content, *told.report.cue))


def _end(told: _Told) -> int:
    return max(part.end for part in (*told.report.content, *told.report.cue))


def _sentence_start(text: str, report: Report) -> int:
    at = report.cue[0].start if report.cue else report.start
    low = max(0, at - 1000)
    return max((match.end() for match in _SENTENCE_END.finditer(text, low, at)), default=low)


def _sentence_end(text: str, at: int) -> int:
    match = _SENTENCE_END.search(text, at, at + 1000)
    return match.start() if match else min(len(text), at + 1000)


def _relays(text: str, report: Report, start: int) -> tuple[Relay, ...]:
    if not report.cue:
        return report.passed_on
    end = _sentence_end(text, report.cue[-1].end)
    return (*report.passed_on, *relays(text, start, end, report.content + report.source))


# Outlets that only pass on

# Cues whose content is often only whom an outlet cites.
_CITING = frozenset(("cite", "quote", "report"))
_CITED = re.compile(r",?\s+(?:citing|quoting)\s+(?P<name>[^,.;:“”\"\n]{2,80})")


def _without_messengers(text: str, cast: Cast, told: list[_Told]) -> list[_Told]:
    """Return the reports with outlets that only pass on another's words made relays of those words.

    X is the speaker of "Reuters reported that X said …", of "X said …, according to Reuters", and of
    "Reuters reported, citing X".
    """
    beside = _Beside(told)
    kept: list[_Told] = []
    for each in told:
        report = each.report
        if each.standing.lemma in _CITING and all(messengers(text, span) for span in report.content):
            # "Xinhua, citing TASS, …": whom an outlet cites is not what it says.
            continue
        carriers = messengers(text, report.source[0]) if report.source else []
        if not carriers or not each.identity.name:
            kept.append(each)
            continue
        cited = _cited(text, report)
        if cited is not None:
            identity = cast.named(cited)
            if identity.name and not is_outlet(identity.name):
                kept.append(replace(each, identity=identity, relays=(*carriers, *each.relays)))
                continue
        inner = [
            other
            for other in beside.within(report)
            if other.identity.name not in ("", each.identity.name, *(carrier.name for carrier in carriers))
        ]
        for other in inner:
            other.relays = (*other.relays, *carriers, *(relay for relay in each.relays if relay.hop > 1))
        if inner:
            continue
        if any(relay.hop > 1 for relay in each.relays):
            # An outlet that names its own source passes its words on.
            each.relays = (*carriers, *each.relays)
        elif len(carriers) == 1 and not is_outlet(each.identity.name):
            each.identity = Identity(carriers[0].name)
        kept.append(each)
    return kept


def _cited(text: str, report: Report) -> Span | None:
    """Return whom an outlet cites right after its cue ("Reuters reported, citing X"), or None."""
    match = _CITED.match(text, report.cue[-1].end) if report.cue else None
    return Span(*match.span("name")) if match else None


class _Beside:
    """The reports of an article by where they stand."""

    def __init__(self, told: list[_Told]) -> None:
        self._rows = sorted(((each.report.cue[0].start, number) for number, each in enumerate(told) if each.report.cue))
        self._starts = [start for start, _ in self._rows]
        self._told = told

    def within(self, outer: Report) -> Iterator[_Told]:
        """Yield the reports with their cue in another's content that make up most of it."""
        size = sum(span.end - span.start for span in outer.content)
        for span in outer.content:
            first, last = bisect_left(self._starts, span.start), bisect_left(self._starts, span.end)
            for _, number in self._rows[first:last]:
                other = self._told[number]
                parts = (*other.report.content, *other.report.cue, *other.report.source)
                start, end = min(part.start for part in parts), max(part.end for part in parts)
                shared = sum(max(0, min(part.end, end) - max(part.start, start)) for part in outer.content)
                if other.report is not outer and shared >= 0.6 * size:
                    yield other


def _statements(page: Page, told: _Told, split_sentences: bool) -> Iterator[ExtractedStatement]:
    report, identity = told.report, told.identity
    content = sorted(report.content)
    near = _quoted(page, content)
    groups = propositions(page.text, content, near) if split_sentences else [content]
    # Words in quotation marks were said, whatever the cue is.
    act = "speech" if told.standing.act == "attitude" and near else told.standing.act
    for group in filter(None, (_worded(page.text, each) for each in groups)):
        yield ExtractedStatement(
            content=tuple(group),
            cue=tuple(report.cue),
            source=tuple(report.source),
            kind=kind(page.text, group, _quoted(page, group)),
            speaker=identity.name,
            speaker_titles=identity.titles,
            represents=identity.represents,
            relays=_carriers(told),
            act=act,
            negated=told.standing.negated,
            hedged=told.standing.hedged,
            denies=told.standing.denies,
            confidence=round(report.confidence, 2),
            heading=report.heading,
        )


def _quoted(page: Page, group: list[Span]) -> list[Span]:
    """Return the quotations from a group's first span to its last, marks included."""
    return [Span(each.start, each.end) for each in page.quotations_in(group[0].start, group[-1].end)]


def _worded(text: str, group: list[Span]) -> list[Span]:
    """Return the spans that hold a letter or a digit, without blanks around them: a cut may leave a mark alone."""
    found = []
    for span in group:
        part = text[span.start : span.end]
        if any(map(str.isalnum, part)):
            found.append(Span(span.start + len(part) - len(part.lstrip()), span.end - len(part) + len(part.rstrip())))
    return found


def _carriers(told: _Told) -> tuple[Relay, ...]:
    """Return the relays of a statement: not the speaker, save an outlet that stands before its own source."""
    further = any(relay.hop > 1 for relay in told.relays)
    speaker = told.identity.name
    return levelled(relay for relay in told.relays if relay.name != speaker or (further and relay.hop == 1))
