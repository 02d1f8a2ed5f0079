"""Join what the tagger finds with quotation marks and layout into reports: one cue, one source, contents kept whole."""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from claims.extraction import cues, tagger, transcripts
from claims.extraction.inflections import lemma
from claims.extraction.passages import OPENING_MARKS, Passage, passages
from claims.extraction.quotes import Quotation, quotations
from claims.extraction.relays import messengers, passed_on
from claims.extraction.spans import Relay, Span

#: How a report was found: by the network, by "NAME: …" in a transcript or a headline, by "“…” — Name", or as a
#: quotation that goes on.
Origin = Literal["tagged", "turn", "headline", "signed", "continued"]

# Confidence of "NAME: …" and "“…” — Name".
LAYOUT_CONFIDENCE = 0.75
# Of a quotation opened anew in the next paragraph, and of one that follows another without a cue of its own.
REOPENED_CONFIDENCE, FOLLOWING_CONFIDENCE = 0.8, 0.55
# A quotation of which the network took so much into a content belongs to it whole.
MOST_OF_QUOTATION = 0.5
# The least probability of a cue that is no verb of speech.
SURE_CUE = 0.4
# How far below a sentence the quotation stands that completes it.
RUN_ON_REACH = 20
# A report is doubtful beside another whose cue is so much more probable; a part is less than this of a span.
DOUBT, PART = 0.3, 0.6
# Spans of contents in order that may overlap.
NEIGHBOURS = 4
# Contents are compared only where one begins or ends within so many characters of the other.
_GRAIN = 64
# A quotation of fewer words, without a cue, is a name or a phrase.
MIN_QUOTED_WORDS = 4
# How far after its cue a broken quotation goes on.
MAX_BREAK_CHARACTERS = 200

_WORD = re.compile(r"\w+")
# What a content may begin with, beside a letter or a digit.
_MAY_OPEN = OPENING_MARKS + "'‘‚`([#@$€£¥_"
_LINE_BREAK = re.compile(r"(?<![\n\r])[\n\r](?![\n\r])")
_BLANK_LINE = re.compile(r"\n[^\S\n]*\n\s*")
_WAS_ASKED = re.compile(r"(?:was|were|been|being)\s+(?:\w+\s+)?asked\b", re.IGNORECASE)
# What a place, a name or a kicker is set off by from the quotation that it leads to.
_LEAD = re.compile(r"(?:\S+\s+){,4}[–—-]+\s*")
# What the items of a list begin with.
_BULLETS = " \t\r\n-–—•*·"
_TRAILING = ",;:–—- \t\r\n"


@dataclass
class Report:
    """A statement before its speaker has a name. Spans are offsets into the whole text.

    follows: the report whose speaker this one shares. passed_on: outlets named at the end of the content.
    """

    content: list[Span]
    cue: list[Span]
    source: list[Span]
    confidence: float
    origin: Origin
    heading: str = ""
    follows: "Report | None" = None
    passed_on: tuple[Relay, ...] = ()

    @property
    def start(self) -> int:
        return self.content[0].start


class Page:
    """An article's passages that may hold statements, with their quotations."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._all = passages(text)
        self.passages = [passage for passage in self._all if passage.role != "aside"]
        self.quotations = quotations(text, [(passage.start, passage.end) for passage in self.passages])
        self._passage_starts = [passage.start for passage in self.passages]
        self._quotation_starts = [quotation.start for quotation in self.quotations]

    def paragraphs(self) -> Iterator[Span]:
        """Yield what the network reads: lines broken anywhere as one paragraph, and asides, which tell what is beside.

        A blank line parts paragraphs also where a quotation below it completes a sentence.
        """
        end = 0
        for passage in self._all:
            # With its dateline, if it has one.
            start = max(end, self.text.rfind("\n", end, passage.start) + 1)
            end = passage.end
            for blank in _BLANK_LINE.finditer(self.text, passage.start, passage.end):
                yield Span(start, blank.start())
                start = blank.end()
            yield Span(start, passage.end)

    def unwrapped(self) -> str:
        """Return the text with lines that were broken anywhere joined by blanks: a name may stand across two."""
        parts, end = [], 0
        for passage in self.passages:
            parts += [self.text[end : passage.start], _LINE_BREAK.sub(" ", self.text[passage.start : passage.end])]
            end = passage.end
        return "".join([*parts, self.text[end:]])

    def passage(self, at: int) -> Passage | None:
        """Return the passage around a place in the text."""
        index = bisect_right(self._passage_starts, at) - 1
        return self.passages[index] if index >= 0 and at < self.passages[index].end else None

    def quotations_in(self, start: int, end: int) -> list[Quotation]:
        """Return the quotations that share a place with `start` to `end`, in order."""
        first = max(bisect_right(self._quotation_starts, start) - 1, 0)
        last = bisect_right(self._quotation_starts, end - 1)
        return [quotation for quotation in self.quotations[first:last] if quotation.end > start]

    def beside(self, cue: Span, content: Iterable[Span]) -> Iterator[Span]:
        """Yield the parts of a content that a cue may tell of: a heading tells of itself, and nothing else of it."""
        own = self.passage(cue.start)
        if own is None:
            return
        for span in content:
            first = max(bisect_right(self._passage_starts, span.start) - 1, 0)
            last = bisect_right(self._passage_starts, span.end - 1)
            for passage in self.passages[first:last]:
                start, end = max(span.start, passage.start), min(span.end, passage.end)
                apart = passage is not own and "heading" in (passage.role, own.role)
                if start < end and not apart:
                    yield Span(start, end)


def reports(page: Page, known: frozenset[str] = frozenset()) -> list[Report]:
    """Return the reports of an English article in order of their content.

    known: lower-case words of the names in the article, by which a headline's "NAME: …" is told from "Update: …".
    """
    found = list(_turns(page))
    taken = _Taken(found)
    found += [report for report in _headlines(page, known) if not taken.most_of(report)]
    taken = _Taken(found)
    tagged = [report for report in _tagged(page) if not taken.most_of(report)]
    found += _without_quoted_cues(page, _without_repeats(tagged))
    found.sort(key=_order)
    _give_back(page, found)
    _give_quotations(page, found)
    for report in found:
        _part_from_trailer(page, report)
    found.sort(key=_order)
    return found


def _order(report: Report) -> tuple[int, int]:
    return report.start, report.cue[0].start if report.cue else 0


class _Taken:
    """Which places of the text the contents of reports hold."""

    def __init__(self, found: Iterable[Report]) -> None:
        self._spans: list[Span] = []
        for span in sorted(span for report in found for span in report.content):
            if self._spans and span.start <= self._spans[-1].end:
                self._spans[-1] = Span(self._spans[-1].start, max(self._spans[-1].end, span.end))
            else:
                self._spans.append(span)
        self._starts = [span.start for span in self._spans]

    def most_of(self, report: Report) -> bool:
        size = sum(span.end - span.start for span in report.content)
        return 2 * sum(map(self.shared, report.content)) > size

    def shared(self, span: Span) -> int:
        """Return how many places of a span are taken."""
        last = bisect_right(self._starts, span.end - 1)
        first = max(bisect_right(self._starts, span.start) - 1, 0)
        return sum(max(0, min(span.end, other.end) - max(span.start, other.start)) for other in self._spans[first:last])


# What the network finds


def _tagged(page: Page) -> Iterator[Report]:
    found = list(_read(page))
    contents = [list(page.beside(tagged.cue[0], tagged.content)) for tagged in found]
    contents = _nearest(page.text, found, contents)
    contents = _run_on(page, found, contents)
    for tagged, content in _whole(page, found, contents):
        content = [_without_lead(page, _within_paragraphs(page, span)) for span in content]
        content = [trimmed for span in content if (trimmed := _trimmed(page.text, span)) is not None]
        if content:
            passage = page.passage(content[0].start)
            heading = passage.heading if passage is not None else ""
            yield Report(content, list(tagged.cue), list(tagged.source), tagged.confidence, "tagged", heading)


def _read(page: Page) -> Iterator[tagger.Tagged]:
    """Yield what the network finds, and what it finds in the words that an outlet only passes on, read by themselves.

    The corpus that it learned from seldom marks the inner report of "Reuters reported that X said …".
    """
    for tagged in tagger.tag(page.text, page.paragraphs()):
        if not _sure(page.text, tagged):
            continue
        yield tagged
        if not tagged.source or not messengers(page.text, tagged.source[0]):
            continue
        start, end = tagged.content[0].start, tagged.content[-1].end
        for inner in tagger.tag(page.text[start:end]):
            moved = inner.moved(start)
            if not page.quotations_in(moved.cue[0].start, moved.cue[0].end):
                yield moved


def _sure(text: str, tagged: tagger.Tagged) -> bool:
    """Return whether a cue is probable enough: less will do for a verb of speech with a source.

    Who "was asked" and no more has not said anything.
    """
    cue = tagged.cue[0]
    if "\n" in text[cue.start : cue.end].strip():
        return False
    if _WAS_ASKED.match(text, cue.start, cue.end) and tagged.content[0].start < cue.start:
        return False
    if tagged.scores[0] >= SURE_CUE:
        return True
    words = text[tagged.cue[0].start : tagged.cue[0].end].lower().split()
    return bool(tagged.source) and any(lemma(word) in cues.speech_verbs() for word in words)


def _run_on(page: Page, found: list[tagger.Tagged], contents: list[list[Span]]) -> list[list[Span]]:
    """Return the contents with the quotation below that completes a sentence, up to where another report begins."""
    starts = sorted(
        span.start
        for tagged, content in zip(found, contents, strict=True)
        for span in (*content, *tagged.cue, *tagged.source)
    )
    return [[_completed(page, span, starts) for span in content] for content in contents]


def _completed(page: Page, span: Span, starts: list[int]) -> Span:
    below = next(iter(page.quotations_in(span.end, min(span.end + RUN_ON_REACH, len(page.text)))), None)
    if below is None or below.start < span.end or page.passage(span.start) is not page.passage(below.start):
        return span
    between = page.text[span.end : below.start]
    if between.strip() or "\n" not in between:
        return span
    following = bisect_right(starts, below.start)
    end = min(below.end, starts[following]) if following < len(starts) else below.end
    return Span(span.start, end) if starts[following - 1] != below.start else span


def _nearest(text: str, found: list[tagger.Tagged], contents: list[list[Span]]) -> list[list[Span]]:
    """Return the contents without a span that is another report's, whose cue stands nearer to it."""
    spans = sorted((span, number) for number, content in enumerate(contents) for span in content)
    lost: set[tuple[Span, int]] = set()
    for at, (span, number) in enumerate(spans):
        if len(contents[number]) < 2:
            continue
        for other, owner in (*spans[max(at - NEIGHBOURS, 0) : at], *spans[at + 1 : at + 1 + NEIGHBOURS]):
            shared = min(span.end, other.end) - max(span.start, other.start)
            nearer = _distance(found[owner].cue[0], span) < _distance(found[number].cue[0], span)
            # A doubtful report takes nothing from a sure one, nor one that took a part of what belongs together.
            nearer &= found[owner].scores[0] >= found[number].scores[0] - DOUBT and _size(other) >= PART * _size(span)
            nested = _holds(contents[number], list(found[owner].cue)) or _holds([other], list(found[number].cue))
            # A quotation has one speaker; other words may be told of by one who is told of by another.
            apart = not nested or text[span.start] in OPENING_MARKS
            if owner != number and 2 * shared > min(_size(span), _size(other)) and nearer and apart:
                lost.add((span, number))
    return [[span for span in content if (span, number) not in lost] for number, content in enumerate(contents)]


def _size(span: Span) -> int:
    return span.end - span.start


def _distance(cue: Span, span: Span) -> int:
    return max(span.start - cue.end, cue.start - span.end, 0)


def _whole(
    page: Page, found: list[tagger.Tagged], contents: list[list[Span]]
) -> Iterator[tuple[tagger.Tagged, list[Span]]]:
    """Yield the contents with every quotation whole of which they hold most, never over cue, source or another's."""
    spans = sorted((span, number) for number, content in enumerate(contents) for span in content)
    starts = [span.start for span, _ in spans]
    for number, (tagged, content) in enumerate(zip(found, contents, strict=True)):
        apart = (*tagged.cue, *tagged.source)
        whole = list(content)
        for quotation in page.quotations_in(content[0].start, content[-1].end) if content else ():
            if any(part.start < quotation.end and quotation.start < part.end for part in apart):
                continue
            first = max(bisect_right(starts, quotation.start) - 1, 0)
            inside = spans[first : bisect_right(starts, quotation.end - 1)]
            if any(owner != number and quotation.start < span.end for span, owner in inside):
                continue
            inner = quotation.inner
            held = sum(max(0, min(span.end, inner.end) - max(span.start, inner.start)) for span in content)
            if held >= MOST_OF_QUOTATION * (inner.end - inner.start):
                whole.append(Span(quotation.start, quotation.end))
        yield tagged, _united(page.text, whole)


def _united(text: str, spans: list[Span]) -> list[Span]:
    """Return spans in order, those that overlap or that only blanks part made one."""
    found: list[Span] = []
    for span in sorted(spans):
        if found and (span.start <= found[-1].end or not text[found[-1].end : span.start].strip()):
            found[-1] = Span(found[-1].start, max(found[-1].end, span.end))
        else:
            found.append(span)
    return found


def _within_paragraphs(page: Page, span: Span) -> Span:
    """Return a span up to the end of a quotation that ends its paragraph, unless the next one is quoted, too."""
    for quotation in page.quotations_in(span.start, span.end):
        if not quotation.closed or quotation.end >= span.end or page.text[quotation.end : quotation.end + 1] != "\n":
            continue
        rest = page.text[quotation.end : span.end].lstrip(_BULLETS)
        if rest and rest[0] not in OPENING_MARKS:
            return Span(span.start, quotation.end)
    return span


def _without_lead(page: Page, span: Span) -> Span:
    """Return a span without the few words and the dash before a quotation which is the rest of it."""
    quotation = next(iter(page.quotations_in(span.start, span.end)), None)
    if quotation is None or quotation.start <= span.start or quotation.end < span.end:
        return span
    led = _LEAD.fullmatch(page.text, span.start, quotation.start)
    return span if led is None else Span(quotation.start, span.end)


def _trimmed(text: str, span: Span) -> Span | None:
    """Return a span without marks at its ends that belong to the sentence around it; None if no word is left."""
    start, end = span.start, span.end
    while start < end and not text[start].isalnum() and text[start] not in _MAY_OPEN:
        start += 1
    while end > start and text[end - 1] in _TRAILING:
        end -= 1
    return Span(start, end) if _WORD.search(text, start, end) else None


def _without_repeats(found: list[Report]) -> list[Report]:
    """Return the reports less those whose content a surer one has, but for a few words."""
    kept: list[Report] = []
    by_place: dict[int, list[Report]] = {}
    for report in sorted(found, key=lambda report: -report.confidence):
        # Contents that share most of their words share one of these places.
        near = [other for span in report.content for other in by_place.get(span.end // _GRAIN, ())]
        near += [other for span in report.content for other in by_place.get(span.start // _GRAIN, ())]
        if any(_alike(report, other) for other in near):
            continue
        kept.append(report)
        for grain in {place // _GRAIN for span in report.content for place in (span.start, span.end)}:
            for beside in (grain - 1, grain, grain + 1):
                by_place.setdefault(beside, []).append(report)
    return kept


def _alike(report: Report, other: Report) -> bool:
    """Return whether two reports share most of their content, and neither tells of the other."""
    if _holds(report.content, other.cue) or _holds(other.content, report.cue):
        return False
    mine, theirs = _places(report), _places(other)
    return len(mine & theirs) > 0.6 * len(mine | theirs)


def _holds(content: list[Span], cue: list[Span]) -> bool:
    return any(span.start <= part.start and part.end <= span.end for span in content for part in cue)


def _places(report: Report) -> set[int]:
    return {place for span in report.content for place in range(span.start, span.end)}


def _without_quoted_cues(page: Page, found: list[Report]) -> list[Report]:
    """Return the reports less those told within another's quotation: what they say is the quoted speaker's claim."""
    claimed = {
        quotation.start
        for report in found
        for span in report.content
        for quotation in page.quotations_in(span.start, span.end)
        if quotation.closed and span.start <= quotation.start and quotation.end <= span.end
    }
    return [
        report
        for report in found
        if not any(
            quotation.start in claimed and quotation.start <= cue.start and cue.end <= quotation.end
            for cue in report.cue
            for quotation in page.quotations_in(cue.start, cue.end)
        )
    ]


def _part_from_trailer(page: Page, report: Report) -> None:
    """Take outlets that passed a content on out of its end, and note them with the report."""
    kept: list[Span] = []
    carriers: list[Relay] = []
    for span in report.content:
        trailer = passed_on(page.text, span)
        if trailer is None or page.quotations_in(trailer[1][0].span.start, trailer[1][0].span.end):
            kept.append(span)
            continue
        rest = _trimmed(page.text, trailer[0])
        if rest is None and len(report.content) == 1:
            return
        carriers.extend(trailer[1])
        if rest is not None:
            kept.append(rest)
    if carriers and kept:
        report.content, report.passed_on = kept, tuple(carriers)


# Layout and quotation marks


def _turns(page: Page) -> Iterator[Report]:
    for turn in transcripts.turns(page.text):
        content = [part for span in turn.content if (part := _trimmed(page.text, span)) is not None]
        if content:
            colon = (
                page.text.index(":", turn.label.end) if ":" in page.text[turn.label.end : content[0].start] else None
            )
            cue = [] if colon is None else [Span(colon, colon + 1)]
            passage = page.passage(content[0].start)
            heading = passage.heading if passage is not None else ""
            yield Report(content, cue, [turn.label], LAYOUT_CONFIDENCE, "turn", heading)


def _headlines(page: Page, known: frozenset[str]) -> Iterator[Report]:
    for passage in page.passages:
        told = transcripts.headed(page.text, passage.start, passage.end, known) if passage.role == "heading" else None
        if told is not None:
            name, cue, content = told
            yield Report(
                [_trimmed(page.text, content) or content], [cue], [name], LAYOUT_CONFIDENCE, "headline", passage.heading
            )


def _give_quotations(page: Page, found: list[Report]) -> None:
    """Give each quotation that no content holds to the report it belongs to, or to a report of its own."""
    taken = _Taken(found)
    owners = _Owners(found)
    last: Report | None = None
    for number, quotation in enumerate(page.quotations):
        inner = quotation.inner
        if taken.shared(inner) * 2 >= inner.end - inner.start:
            last = owners.of(inner) or last
            continue
        passage = page.passage(quotation.start)
        if passage is None or not _WORD.search(page.text, inner.start, inner.end):
            continue
        report = _by_signature(page, passage, quotation)
        previous = page.quotations[number - 1] if number else None
        broken = _broken_by_cue(page, quotation, previous, owners)
        if report is None and broken is not None and not _told_within(broken, quotation):
            broken.content.append(Span(quotation.start, quotation.end))
            last = broken
            continue
        if report is None and last is not None and _goes_on(page, passage, quotation, last):
            confidence = REOPENED_CONFIDENCE if quotation.continues else FOLLOWING_CONFIDENCE
            content = [Span(quotation.start, quotation.end)]
            report = Report(content, [], list(last.source), confidence, "continued", passage.heading, last)
        if report is not None:
            found.append(report)
            last = report


def _give_back(page: Page, found: list[Report]) -> None:
    """Give quotations that go on in the next paragraph, and have no owner, to the owner of the next."""
    taken, owners = _Taken(found), _Owners(found)
    owner: Report | None = None
    for quotation, following in reversed(list(pairwise(page.quotations))):
        if quotation.closed or not following.continues:
            owner = None
            continue
        owner = owners.of(following.inner) or owner
        if owner is not None and not taken.shared(quotation.inner) and not _told_within(owner, quotation):
            owner.content.append(Span(quotation.start, quotation.end))
            owner.content.sort()


def _told_within(report: Report, quotation: Quotation) -> bool:
    """Return whether a report's cue or source touches a quotation, as a nickname's marks do ("said “Fast” Eddie")."""
    return any(part.start < quotation.end and quotation.start < part.end for part in (*report.cue, *report.source))


class _Owners:
    """Whose content a place of the text is part of."""

    def __init__(self, found: list[Report]) -> None:
        self._rows = sorted(((span, number) for number, report in enumerate(found) for span in report.content))
        self._starts = [span.start for span, _ in self._rows]
        self._found = found

    def of(self, span: Span) -> Report | None:
        last = bisect_right(self._starts, span.end - 1)
        if last and self._rows[last - 1][0].end > span.start:
            return self._found[self._rows[last - 1][1]]
        return None


def _by_signature(page: Page, passage: Passage, quotation: Quotation) -> Report | None:
    signed = transcripts.signed(page.text, quotation)
    if signed is None:
        return None
    name, cue = signed
    return Report([Span(quotation.start, quotation.end)], [cue], [name], LAYOUT_CONFIDENCE, "signed", passage.heading)


def _broken_by_cue(page: Page, quotation: Quotation, previous: Quotation | None, owners: _Owners) -> Report | None:
    """Return the report whose quotation, broken by its cue ("…," he said. "…"), goes on in this one."""
    if previous is None or quotation.start - previous.end > MAX_BREAK_CHARACTERS:
        return None
    owner = owners.of(previous.inner)
    if owner is None or not owner.cue or not previous.end <= owner.cue[-1].start < quotation.start:
        return None
    between = page.text[owner.cue[-1].end : quotation.start].strip()
    # One sentence may end between them, and nothing else.
    inner = re.sub(r"\b(?:[A-Z][a-z]{0,3}|[A-Z])\.", "", between).rstrip(".,:;—–- ")
    return owner if not re.search(r"[.!?:;\n]", inner) and between[-1:] in ("", ".", ",", ":", ";", "—", "–") else None


def _goes_on(page: Page, passage: Passage, quotation: Quotation, last: Report) -> bool:
    """Return whether a quotation without a cue is told by the speaker of the quotation before it."""
    if _told_within(last, quotation):
        return False
    inner = page.text[quotation.inner.start : quotation.inner.end]
    if quotation.continues:
        return True
    if not page.quotations_in(last.content[-1].start, last.content[-1].end):
        return False
    before = page.text[passage.start : quotation.start].rstrip()
    opens = not before or before[-1] in '.!?:”"’)'
    first = next((letter for letter in inner if letter.isalnum()), "a")
    ends = inner[-1:] in ".!?…," or page.text[quotation.end : quotation.end + 1] in (".", "!", "?", "")
    near = page.text.count("\n", last.content[-1].end, quotation.start) <= 2
    return opens and ends and near and not first.islower() and len(_WORD.findall(inner)) >= MIN_QUOTED_WORDS
