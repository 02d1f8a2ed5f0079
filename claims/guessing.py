"""What is likely told of words that an editor chose: how they are quoted, by which cue, and who is named as saying it.

Pure: text and names in, a guess out. It costs little, since an editor waits for it; the trained extractor does not run.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from claims import naming
from claims.extraction import Span, cues, foreign
from claims.extraction.inflections import lemma
from claims.extraction.propositions import kind as kind_of
from claims.extraction.quotes import Quotation, quotations
from sources.revising import paragraph_bounds

_SENTENCE_END = re.compile(r"[.!?…][\"”»’')\]]*\s+(?=[\"“«‘'(\[]*[A-ZÀ-ÞА-Я0-9])|[。！？؟۔][”」』]?|\n")
_WORD = re.compile(r"[^\W\d_]+(?:[-’'][^\W\d_]+)*")
_ACCORDING = re.compile(r"\baccording\s+to\b", re.IGNORECASE)
_NAME_WORD = r"(?:[A-ZÀ-Þ]\.|[A-ZÀ-Þ][\w’'-]*)"
_NAME = rf"{_NAME_WORD}(?:\s+(?:(?:de|du|van|von|der|den|la|le|al|bin|of|the)\s+){{0,2}}{_NAME_WORD}){{0,4}}"
_PRONOUN = re.compile(r"he|she|they|it|we|i|who", re.IGNORECASE)
# "Ana Ruiz said", "Ana Ruiz has also said"; "said Ana Ruiz", "said the mayor, Ana Ruiz" is left to the editor.
_BEFORE = re.compile(
    rf"\b(?P<name>{_NAME}|he|she|they|it|we|who)\s+(?:(?:has|have|had|also|later|then|now|again|\w+ly)\s+){{0,3}}$"
)
_AFTER = re.compile(rf"\s+(?:the\s+)?(?P<name>{_NAME}|he|she|they)\b")
_UNSPACED = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")
#: How far from the words a cue or a name may stand, and who goes on may have been named, in characters.
REACH, LOOK_BACK = 160, 1500


@dataclass(frozen=True)
class Guess:
    """kind: as of `Statement`; cue, source: where they stand, None where there is none; speaker: whom of the names.

    speaker_name: as the text has it, where it is none of those.
    """

    kind: str
    cue: Span | None = None
    source: Span | None = None
    speaker: int | None = None
    speaker_name: str = ""
    denies: bool = False


def sentence_around(text: str, at: int) -> Span:
    """Return the sentence that a place of the text is in."""
    low, high = max(0, at - 2000), min(len(text), at + 2000)
    start = max((match.end() for match in _SENTENCE_END.finditer(text, low, high) if match.end() <= at), default=low)
    end = next((match.end() for match in _SENTENCE_END.finditer(text, at, high)), high)
    return Span(start, max(end, start))


def guess(text: str, content: Sequence[Span], names: Mapping[int, Sequence[str]], *, language: str = "en") -> Guess:
    """Return what is likely told of `content`, spans in the order of the text.

    names: by which the article calls its speakers, by an id that the guess gives back.
    """
    start, end = content[0].start, content[-1].end
    bounds = [(first, last) for first, last in paragraph_bounds(text) if first < end and last > start]
    marks = quotations(text, bounds)
    quoted = [Span(mark.start, mark.end) for mark in marks if mark.start < end and mark.end > start]
    kind = kind_of(text, list(content), quoted)
    low, high = max(bounds[0][0], start - REACH), min(bounds[-1][1], end + REACH)
    # Only what is quoted may be told of in another sentence.
    zone = _Zone(text, Span(low, high), content, marks, beyond=kind == "direct")
    if language.partition("-")[0].lower() in ("", "en"):
        cue = _cue(zone)
        denies = cue is not None and cues.denies(lemma(text[cue.start : cue.end].lower()))
        source = _beside(zone, cue) if cue is not None else None
        is_pronoun = source is not None and _PRONOUN.fullmatch(text, source.start, source.end) is not None
        named = zone.named(names, cue)
        if named is not None and not is_pronoun:
            return Guess(kind, cue, named[0], named[1], denies=denies)
        if source is not None and not is_pronoun:
            name = naming.untitled(text[source.start : source.end])[1]
            return Guess(kind, cue, source, speaker_name=name, denies=denies)
    else:
        cue, source, denies = _by_words(text, bounds, content, language)
        named = zone.named(names, cue)
        if named is not None:
            return Guess(kind, cue, source or named[0], named[1], denies=denies)
        if source is not None:
            return Guess(kind, cue, source, speaker_name=text[source.start : source.end], denies=denies)
    # Nobody is named beside it: who was named last is who goes on.
    speaker = _last_named(text, start, names) if source is not None or kind != "indirect" else None
    return Guess(kind, cue, source, speaker, denies=denies)


class _Zone:
    """What stands around the words, in their paragraphs, outside of them and of all quotations."""

    def __init__(
        self, text: str, bounds: Span, content: Sequence[Span], marks: Sequence[Quotation], *, beyond: bool
    ) -> None:
        self.text, self.bounds, self._content, self._beyond = text, bounds, content, beyond
        self._taken = [*content, *(Span(mark.start, mark.end) for mark in marks)]

    def is_free(self, span: Span) -> bool:
        return all(span.end <= taken.start or taken.end <= span.start for taken in self._taken)

    def matches(self, pattern: re.Pattern[str]) -> list[Span]:
        """Return where a pattern stands outside of the words, the nearest to them first."""
        spans = (Span(*match.span()) for match in pattern.finditer(self.text, self.bounds.start, self.bounds.end))
        near = (span for span in spans if self.is_free(span) and (self._beyond or not self._crosses(span)))
        return sorted(near, key=self.distance)

    def distance(self, span: Span) -> int:
        """Return how far a span is from the words; another sentence is further than any word of theirs."""
        between = self._between(span)
        return max(0, between.end - between.start) + REACH * self._crosses(span)

    def _between(self, span: Span) -> Span:
        first, last = self._content[0].start, self._content[-1].end
        return Span(span.end, first) if span.end <= first else Span(last, span.start)

    def _crosses(self, span: Span) -> bool:
        """Return whether a sentence ends between the words and a span."""
        between = self._between(span)
        return _SENTENCE_END.search(self.text, max(0, between.start - 1), between.end + 1) is not None

    def named(self, names: Mapping[int, Sequence[str]], cue: Span | None) -> tuple[Span, int] | None:
        """Return where one of the speakers is named, the nearest to the cue or else to the words, and which one."""
        found = []
        for who, called in names.items():
            for span in self.matches(_any_of(called)):
                away = abs(span.start - cue.start) if cue is not None else self.distance(span)
                found.append((away, span.start - span.end, span, who))
        return min(found)[2:] if found else None


def _any_of(names: Sequence[str]) -> re.Pattern[str]:
    """Return a pattern of names; of a person's also the last word alone."""
    words = {name for name in names if name} | {name.split()[-1] for name in names if len(name.split()) > 1}
    ordered = sorted((word for word in words if len(word) > 1), key=len, reverse=True)
    # A script without spaces parts no words.
    either = [re.escape(word) if _UNSPACED.search(word) else rf"(?<!\w){re.escape(word)}(?!\w)" for word in ordered]
    return re.compile("|".join(either) or "(?!)")


def _cue(zone: _Zone) -> Span | None:
    """Return the word that tells of the words: the nearest speech verb, or “according to”."""
    according = zone.matches(_ACCORDING)
    verbs = [
        span for span in zone.matches(_WORD) if lemma(zone.text[span.start : span.end].lower()) in cues.speech_verbs()
    ]
    return min([*according[:1], *verbs[:1]], key=zone.distance, default=None)


def _beside(zone: _Zone, cue: Span) -> Span | None:
    """Return the name or pronoun right before or after a cue."""
    before = _BEFORE.search(zone.text, zone.bounds.start, cue.start)
    after = _AFTER.match(zone.text, cue.end, zone.bounds.end)
    spans = [Span(*match.span("name")) for match in (before, after) if match is not None]
    return next((span for span in spans if zone.is_free(span)), None)


def _by_words(
    text: str, bounds: Sequence[tuple[int, int]], content: Sequence[Span], language: str
) -> tuple[Span | None, Span | None, bool]:
    """Return the cue and the source that the rules for other languages find for about these words."""
    start = bounds[0][0]
    best: tuple[int, Span | None, Span | None, bool] = (0, None, None, False)
    for found in foreign.read(text[start : bounds[-1][1]], language):
        shared = sum(
            max(0, min(a.end, b.end + start) - max(a.start, b.start + start)) for a in content for b in found.content
        )
        if shared > best[0]:
            cue, source = (
                Span(spans[0].start + start, spans[-1].end + start) if spans else None
                for spans in (found.cue, found.source)
            )
            best = (shared, cue, source, found.denies)
    return best[1:]


def _last_named(text: str, at: int, names: Mapping[int, Sequence[str]]) -> int | None:
    last = [
        (match.start(), who)
        for who, called in names.items()
        for match in _any_of(called).finditer(text, max(0, at - LOOK_BACK), at)
    ]
    return max(last)[1] if last else None
