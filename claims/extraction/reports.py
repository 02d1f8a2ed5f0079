"""Join cues and quotation marks into reports: one cue, one source, the content with its quotations whole."""

import re
from dataclasses import dataclass
from typing import Any

from claims.extraction import cues, gate, lexicon, modality, transcripts
from claims.extraction.clauses import Candidate, candidates, phrase, subject
from claims.extraction.passages import Passage
from claims.extraction.quotes import Quotation
from claims.extraction.relays import messengers, passed_on
from claims.extraction.spans import Relay, Span

# How far from a quotation its cue may stand, in tokens: room for a name with an apposition.
CUE_REACH = 30
# Least confidence of a clause with quoted words and a speaker.
QUOTED_FLOOR = 0.5
# Of what a noun beside a verb of speech says was spoken of.
FRAMED_FLOOR = 0.5
# Confidence of "NAME: …" and "“…” — Name".
LAYOUT_WEIGHT = 0.75

_WORD = re.compile(r"\w")
_TRAILING = ",;:–—- \t\n"


@dataclass
class Report:
    """A statement before its speaker has a name. Spans are offsets into the whole text."""

    content: list[Span]
    cue: list[Span]
    source: list[Span]
    lemma: str
    frame: str
    weight: float
    speaker: Any  # the token that speaks, or None
    doc: Any
    offset: int
    passage: Passage
    negated: bool = False
    hedged: bool = False
    # The report whose speaker this one shares: a quotation that goes on.
    follows: "Report | None" = None
    # The outlets named at the end of the content as having passed it on ("…, Reuters reported").
    passed_on: tuple[Relay, ...] = ()

    @property
    def start(self) -> int:
        return self.content[0].start


@dataclass
class Page:
    """One parsed passage with its quotations."""

    text: str
    passage: Passage
    doc: Any
    quotations: list[Quotation]

    @property
    def offset(self) -> int:
        return self.passage.start

    def span(self, start: int, end: int) -> Span:
        """Return the offsets in the text of tokens `start` to `end`, the latter left out."""
        last = self.doc[end - 1]
        return Span(self.offset + self.doc[start].idx, self.offset + last.idx + len(last))

    def quoted(self, at: int) -> Quotation | None:
        """Return the quotation around a place in the text."""
        return next((q for q in self.quotations if q.start <= at < q.end), None)

    def token_at(self, at: int) -> int:
        """Return the index of the first token that does not end before a place in the text."""
        low, high = 0, len(self.doc)
        while low < high:
            middle = (low + high) // 2
            token = self.doc[middle]
            if self.offset + token.idx + len(token) <= at:
                low = middle + 1
            else:
                high = middle
        return low


def reports(page: Page, before: Report | None, known: frozenset[str]) -> list[Report]:
    """Return the reports of one passage in order.

    before: the last report of the passage above. known: lower-case words of the names in the article.
    """
    told = transcripts.led(page.text, page.passage.start, page.passage.end, known)
    if told is not None:
        return [_by_layout(page, *told, "led")]
    accepted, untold = _accepted(page)
    found = [_report(page, candidate, confidence) for candidate, confidence in accepted]
    found = [report for report in found if report.content]
    found.extend(_passed_quotations(page, found))
    _claim_quotations(page, found, before, untold)
    found = [_without_trailer(page, report) for report in _without_repeats(found)]
    found.sort(key=lambda report: (report.start, report.cue[0].start if report.cue else 0))
    return found


# Cues


def _accepted(page: Page) -> tuple[list[tuple[Candidate, float]], list[Span]]:
    """Return the cues with their confidence, and what only a question or a condition says that someone said."""
    accepted: list[tuple[Candidate, float]] = []
    untold: list[Span] = []
    for candidate in candidates(page.doc):
        if not candidate.content:
            continue
        around = page.quoted(page.offset + candidate.head.idx)
        # What a quotation says someone said is the quoted speaker's claim. Without a closing mark the cue may
        # stand inside by mistake.
        if around is not None and (around.closed or candidate.frame != "paren"):
            continue
        confidence = max(gate.confidence(candidate), _floor(page, candidate))
        if confidence < gate.THRESHOLD:
            continue
        standing = modality.standing(candidate.head, set_off=candidate.parenthetical)
        if standing == "open":
            untold.extend(page.span(start, end) for start, end in candidate.content)
            continue
        candidate.negated = candidate.negated or standing == "untold"
        accepted.append((candidate, confidence))
    return accepted, untold


def _floor(page: Page, candidate: Candidate) -> float:
    """Return the least confidence of what the gate, trained on other aims, holds too low; else 0.0."""
    lemma = candidate.key.partition("|")[0]
    if _frames_speech(candidate):
        return FRAMED_FLOOR
    if candidate.speaker is None or candidate.frame not in ("that", "bare"):
        return 0.0
    verb = candidate.head
    if verb.dep_ == "ccomp" and lemma in cues.speech_verbs():
        # "Reuters reported that X said …", "X said …, Reuters reported": the corpus seldom marks the inner report.
        messenger, _ = subject(verb.head)
        if messenger is not None and messengers(page.text, page.span(*phrase(messenger))):
            return cues.weight(candidate.key)
    if lemma not in cues.clause_verbs():
        return 0.0
    start, end = page.span(*candidate.content[0]).start, page.span(*candidate.content[-1]).end
    quoted = any(q.closed and start <= q.start < end for q in page.quotations)
    # Words in quotation marks under a named speaker were said, also where the cue is only "believed".
    return QUOTED_FLOOR if quoted else 0.0


def _frames_speech(candidate: Candidate) -> bool:
    """Return whether a noun beside a verb of speech tells what was spoken of: "In her account of the fire, X said"."""
    noun = candidate.head
    return (
        candidate.frame.startswith("pn:")
        and noun.lemma_.lower() in lexicon.group("framing_nouns")
        and noun.dep_ == "pobj"
        and noun.i < noun.head.head.i
        and noun.head.head.lemma_.lower() in cues.speech_verbs()
    )


def _report(page: Page, candidate: Candidate, confidence: float) -> Report:
    cue = _merge(page, candidate.cue)
    content = [page.span(*_without_that(page.doc, start, end)) for start, end in candidate.content]
    source = [page.span(*candidate.source)] if candidate.source else []
    content = _with_whole_quotations(page, content, cue + source)
    hedged = any(cues.hedges(child.text) for child in candidate.head.children if child.dep_ == "advmod")
    lemma = candidate.key.partition("|")[0]
    speaker = candidate.speaker
    if speaker is not None and candidate.head.pos_ == "VERB" and candidate.parenthetical:
        around = page.quoted(page.offset + speaker.idx)
        if around is not None and around.closed and page.quoted(page.offset + candidate.head.idx) is not around:
            # The parse took a word of the quotation for the subject.
            speaker = _speaker_beside(page, candidate.head, page.token_at(around.end), candidate.head.i)
            source = (
                [page.span(max(speaker.left_edge.i, page.token_at(around.end)), speaker.i + 1)]
                if speaker is not None
                else []
            )
            content = _with_whole_quotations(page, [*content, *(Span(around.start, around.end),)], cue + source)
    if candidate.parenthetical:
        content = _without_lead(page, content)
    return Report(
        content,
        cue,
        source,
        lemma,
        candidate.frame,
        confidence,
        speaker,
        page.doc,
        page.offset,
        page.passage,
        candidate.negated,
        hedged,
    )


def _without_that(doc: Any, start: int, end: int) -> tuple[int, int]:
    """Return a content's tokens without the conjunction that opens it."""
    opened = end - start > 1 and doc[start].lower_ == "that" and doc[start].tag_ == "IN"
    return (start + 1 if opened else start), end


def _without_trailer(page: Page, report: Report) -> Report:
    """Return the report with outlets that passed it on taken out of the end of its content."""
    kept: list[Span] = []
    carriers: list[Relay] = []
    for span in report.content:
        trailer = passed_on(page.text, span)
        if trailer is not None and page.quoted(trailer[1][0].span.start) is None:
            rest = _trimmed(page.text, trailer[0])
            if rest is not None or len(report.content) > 1:
                carriers.extend(trailer[1])
                if rest is not None:
                    kept.append(rest)
                continue
        kept.append(span)
    if carriers and kept:
        report.content, report.passed_on = kept, tuple(carriers)
    return report


def _without_lead(page: Page, content: list[Span]) -> list[Span]:
    """Return the content without the words before a colon, and without asides after a whole quotation's cue."""
    first = content[0] if content else None
    if first is None:
        return content
    for quotation in page.quotations:
        if first.start < quotation.start < first.end and page.text[first.start : quotation.start].rstrip().endswith(
            ":"
        ):
            content = [Span(quotation.start, first.end), *content[1:]]
            break
    opening = next((q for q in page.quotations if q.start == content[0].start), None)
    if opening is not None and opening.end >= content[0].end and _word_count(page.text, opening.inner) > 3:
        kept = [span for span in content[1:] if any(q.start < span.end and span.start < q.end for q in page.quotations)]
        content = [content[0], *kept]
    return content


def _merge(page: Page, tokens: list[int]) -> list[Span]:
    spans: list[Span] = []
    previous = -2
    for i in tokens:
        span = page.span(i, i + 1)
        if i == previous + 1 and spans:
            spans[-1] = Span(spans[-1].start, span.end)
        else:
            spans.append(span)
        previous = i
    return spans


def _with_whole_quotations(page: Page, content: list[Span], outside: list[Span]) -> list[Span]:
    """Return the content with every quotation it starts or ends in taken whole, never over the cue or source."""
    whole: list[Span] = []
    for span in content:
        start, end = span.start, span.end
        for quotation in page.quotations:
            if quotation.end <= start or quotation.start >= end:
                continue
            if any(quotation.start < part.end and part.start < quotation.end for part in outside):
                continue
            start, end = min(start, quotation.start), max(end, quotation.end)
        if whole and start < whole[-1].end:
            whole[-1] = Span(whole[-1].start, max(end, whole[-1].end))
        else:
            whole.append(Span(start, end))
    return _cut(page.text, whole, outside)


def _cut(text: str, content: list[Span], outside: list[Span]) -> list[Span]:
    """Return the content without what the cue and source take up."""
    for part in outside:
        pieces: list[Span] = []
        for span in content:
            if part.start < span.end and span.start < part.end:
                if part.start - span.start > 0:
                    pieces.append(Span(span.start, part.start))
                if span.end - part.end > 0:
                    pieces.append(Span(part.end, span.end))
            else:
                pieces.append(span)
        content = pieces
    return [piece for span in content if (piece := _trimmed(text, span)) is not None]


def _trimmed(text: str, span: Span) -> Span | None:
    start, end = span.start, span.end
    while start < end and text[start] in _TRAILING + ".":
        start += 1
    while end > start and text[end - 1] in _TRAILING:
        end -= 1
    return Span(start, end) if _WORD.search(text, start, end) else None


# Quotations


def _claim_quotations(page: Page, found: list[Report], before: Report | None, untold: list[Span]) -> None:
    """Give each quotation that no cue governs yet to the cue beside it, or to whoever spoke last.

    untold: what nobody is told to have said; quotations in it stay without a speaker.
    """
    last = before
    for index, quotation in enumerate(page.quotations):
        if any(span.start < quotation.end and quotation.start < span.end for span in untold):
            continue
        owner = _owner(quotation, found)
        if owner is not None:
            last = owner
            continue
        if not _word_count(page.text, quotation.inner):
            continue
        previous = page.quotations[index - 1] if index else None
        signed = transcripts.signed(page.text, quotation, page.passage.end)
        if signed is not None:
            found.append(_by_layout(page, *signed, Span(quotation.start, quotation.end), "signed"))
            continue
        joined = _goes_on(page, quotation, previous, found)
        if joined is not None:
            joined.content.append(Span(quotation.start, quotation.end))
            last = joined
            continue
        report = _cue_after(page, quotation) or _cue_before(page, quotation, previous)
        if report is not None:
            found.append(report)
            last = report
            continue
        if not _sentence_like(page, quotation):
            continue
        following = _opens_sentence(page, quotation)
        speaker = last if last is not None and (quotation.continues or following) else None
        if speaker is None:
            continue
        weight = 0.8 if quotation.continues else 0.55
        report = Report(
            [Span(quotation.start, quotation.end)],
            [],
            list(speaker.source),
            speaker.lemma,
            "continued",
            weight,
            speaker.speaker,
            speaker.doc,
            speaker.offset,
            page.passage,
            follows=speaker,
        )
        found.append(report)
        last = report


def _passed_quotations(page: Page, found: list[Report]) -> list[Report]:
    """Return the reports of quotations with their cue that an outlet passes on: "…," X told the mayor, Reuters said."""
    inner: list[Report] = []
    for report in found:
        if not report.source or not messengers(page.text, report.source[0]):
            continue
        for quotation in page.quotations:
            outer = next((span for span in report.content if span.start <= quotation.start < span.end), None)
            if outer is None or quotation.end >= outer.end:
                continue
            told = _cue_after(page, quotation)
            if told is not None and told.source and told.cue[0].end <= outer.end:
                inner.append(told)
    return inner


def _by_layout(page: Page, name: Span, cue: Span, content: Span, frame: str) -> Report:
    """Return a report whose speaker is told by a colon after, or a dash before, a name."""
    speaker = page.doc[page.token_at(name.end - 1)]
    whole = _trimmed(page.text, content) or content
    return Report([whole], [cue], [name], "say", frame, LAYOUT_WEIGHT, speaker, page.doc, page.offset, page.passage)


def _owner(quotation: Quotation, found: list[Report]) -> Report | None:
    for report in found:
        if any(span.start < quotation.end and quotation.start < span.end for span in report.content):
            return report
    return None


def _goes_on(page: Page, quotation: Quotation, previous: Quotation | None, found: list[Report]) -> Report | None:
    """Return the report whose quotation, broken by its cue ("…," he said. "…"), goes on in this one."""
    if previous is None:
        return None
    owner = _owner(previous, found)
    if owner is None or not owner.cue:
        return None
    cue = owner.cue[-1]
    if not previous.end <= cue.start <= cue.end <= quotation.start:
        return None
    between = page.text[cue.end : quotation.start]
    if any(
        token.lemma_.lower() in cues.speech_verbs() and token.pos_ == "VERB"
        for token in page.doc[page.token_at(cue.end) : page.token_at(quotation.start)]
    ):
        return None
    if len(between) > 200 or between.count(".") > 1 + between.count("Mr.") + between.count("Ms."):
        return None
    return owner if between.rstrip()[-1:] in (".", ",", ":", ";", "—", "–", "") else None


def _cue_after(page: Page, quotation: Quotation) -> Report | None:
    """Return a report by the cue that follows a quotation: "…," said X; "…," X, a lawyer, said."""
    last = page.text[quotation.inner.end - 1]
    follows = page.text[quotation.end : quotation.end + 1]
    if last not in ",?!…—–-" and follows not in (",", "–", "—"):
        return None
    doc = page.doc
    at = page.token_at(quotation.end)
    for i in range(at, min(at + CUE_REACH, len(doc))):
        token = doc[i]
        if page.quoted(page.offset + token.idx) is not None or token.text in (".", ";"):
            return None
        if token.lower_ == "according":
            return None
        if token.tag_ in ("VBD", "VBZ", "VBP", "VBN", "VBG") and token.lemma_.lower() in cues.speech_verbs():
            if token.dep_ == "relcl" or token.dep_ == "amod":
                continue
            if modality.standing(token, set_off=True) == "open":
                return None
            return _quotation_report(page, quotation, token, at, i)
        if token.tag_ in ("VBD", "VBZ", "VBP") and token.dep_ not in ("relcl", "aux", "auxpass"):
            return None
    return None


def _cue_before(page: Page, quotation: Quotation, previous: Quotation | None) -> Report | None:
    """Return a report by the cue that leads to a quotation: X said: "…"; X said on Monday, "…"."""
    start = max(previous.end if previous else 0, page.passage.start)
    lead = page.text[start : quotation.start].rstrip()
    if not lead:
        return None
    doc = page.doc
    at = page.token_at(quotation.start)
    colon = lead[-1] in ":,"
    if (
        doc[at - 1].tag_ == "IN"
        and doc[at - 1].lower_ not in ("that", "as", "of")
        and _word_count(page.text, quotation.inner) < 7
    ):
        # "on "Face the Day"": a title.
        return None
    for i in range(at - 1, max(at - CUE_REACH, -1), -1):
        token = doc[i]
        if page.offset + token.idx < start or token.text in (".", "?", "!", ";"):
            return None
        verb = token.tag_ in ("VBD", "VBZ", "VBP", "VBG", "VBN", "VB")
        if verb and token.lemma_.lower() in cues.speech_verbs():
            if modality.standing(token) == "open":
                return None
            if colon or i >= at - 2:
                report = _quotation_report(page, quotation, token, i, at)
                first = next((letter for letter in page.text[quotation.start : quotation.end] if letter.isalnum()), "")
                if lead[-1] == "," and first.islower() and doc[i + 1].lower_ == "that":
                    # Only the end of the reported clause is quoted.
                    report.content = [Span(page.span(i + 2, i + 3).start, quotation.end)]
                return report
            return None
        if verb and token.tag_ in ("VBD", "VBZ", "VBP") and token.dep_ not in ("aux", "auxpass"):
            # "X made this comment:" leads to a quotation with any verb.
            return _quotation_report(page, quotation, token, i, at, weight=0.6) if lead[-1] == ":" else None
    return None


def _quotation_report(
    page: Page, quotation: Quotation, verb: Any, start: int, end: int, weight: float = 0.85
) -> Report:
    speaker, _ = subject(verb)
    if speaker is not None and page.quoted(page.offset + speaker.idx) is not None:
        speaker = None
    if speaker is None or speaker.ent_type_ in ("DATE", "TIME"):
        speaker = _speaker_beside(page, verb, start, end)
    source: list[Span] = []
    if speaker is not None:
        low = speaker.left_edge.i if verb.i not in range(speaker.left_edge.i, speaker.i) else speaker.i
        source = [page.span(max(low, 0), speaker.i + 1)]
        if page.quoted(source[0].start) is not None:
            source = [page.span(speaker.i, speaker.i + 1)]
    cue = [page.span(verb.i, verb.i + 1)]
    return Report(
        [Span(quotation.start, quotation.end)],
        cue,
        source,
        verb.lemma_.lower(),
        "quote",
        weight,
        speaker,
        page.doc,
        page.offset,
        page.passage,
        modality.standing(verb, set_off=True) == "untold",
    )


def _speaker_beside(page: Page, verb: Any, start: int, end: int) -> Any:
    """Return the last word of the name next to a verb whose subject the parse does not give, or None."""
    doc = page.doc
    inverted = verb.i <= start or (doc[verb.i - 1].is_punct and verb.i - start < 3)
    places = range(verb.i + 1, min(verb.i + 8, len(doc))) if inverted else range(max(start, 0), verb.i)
    if not inverted and start < end <= verb.i:
        places = range(start, verb.i)
    elif not inverted:
        # The cue leads to the quotation: the subject stands before the verb, in the same sentence.
        places = range(verb.sent.start, verb.i)
    found = None
    for i in places:
        token = doc[i]
        if (
            token.pos_ in ("PROPN", "PRON", "NOUN")
            and token.ent_type_ not in ("DATE", "TIME")
            and not page.quoted(page.offset + token.idx)
        ):
            found = token
        elif found is not None and token.pos_ not in ("ADJ",):
            break
    return found


def _sentence_like(page: Page, quotation: Quotation) -> bool:
    inner = page.text[quotation.inner.start : quotation.inner.end]
    first = next((letter for letter in inner if letter.isalnum()), "a")
    ends = inner[-1:] in ".!?…," or page.text[quotation.end : quotation.end + 1] in (".", "!", "?", "")
    return (not first.islower() or quotation.continues) and ends and _word_count(page.text, quotation.inner) >= 4


def _opens_sentence(page: Page, quotation: Quotation) -> bool:
    lead = page.text[page.passage.start : quotation.start].rstrip()
    return not lead or lead[-1] in '.!?:”"’)'


def _word_count(text: str, span: Span) -> int:
    return len(re.findall(r"\w+", text[span.start : span.end]))


# Repeats


def _without_repeats(found: list[Report]) -> list[Report]:
    """Return the reports less those whose content a better one with the same cue, or nearly the same words, has."""
    kept: list[Report] = []
    for report in sorted(found, key=lambda report: -report.weight):
        mine = _places(report)
        for other in kept:
            theirs = _places(other)
            common = len(mine & theirs)
            if common > 0.8 * len(mine | theirs) or (
                common > 0.5 * min(len(mine), len(theirs)) and _shares_cue(report, other)
            ):
                break
        else:
            kept.append(report)
    return kept


def _places(report: Report) -> set[int]:
    return {place for span in report.content for place in range(span.start, span.end)}


def _shares_cue(report: Report, other: Report) -> bool:
    return any(a.start < b.end and b.start < a.end for a in report.cue for b in other.cue)
