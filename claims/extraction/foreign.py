"""Statements in languages without a model: quotation marks, reporting verbs beside them, safe indirect speech.

Only what marks and a table of words (`tables/foreign.tsv`) can tell is returned, with a confidence that says so. In a
language without such words quotations are returned as they stand, nobody's.
"""

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache

from claims import naming
from claims.extraction import lexicon
from claims.extraction.passages import passages
from claims.extraction.quotes import Quotation, quotations
from claims.extraction.spans import ExtractedStatement, Kind, Relay, Span
from sources.credits import shipped_names

#: How sure each rule is: marks and a cue with a speaker, without one, indirect speech, marks alone.
NAMED, UNNAMED, INDIRECT, MARKS_ALONE = 0.45, 0.3, 0.3, 0.1
#: The speaker is a pronoun, or was named a sentence before.
CARRIED_OVER = 0.05
#: Characters that a cue may stand from its quotation, a relaying outlet from the word that says so, a name from a verb.
REACH, RELAY_REACH, NAME_REACH = 80, 30, 120
#: Words between quotation marks below which they are a title or scare quotes.
FEWEST_WORDS, FEWEST_CHARACTERS = 3, 6
#: The same where no cue vouches for them, and in indirect speech.
FEWEST_WORDS_ALONE, FEWEST_WORDS_INDIRECT = 5, 2
#: What a language is told by.
DETECTED_CHARACTERS = 10_000

_CJK = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_END = re.compile(r"[。！？!?؟\n]+|[.…]+(?=\s|$)")
# Before these a full stop ends no sentence.
_SHORT = re.compile(
    r"(?:^|[\s(])(?:[^\W\d_]|M|MM|Mme|Mr|Dr|Sr|Sra|Hr|Fr|г|гг|им|ул|руб|млн|млрд|тыс|т|д|z|B|bzw|ca|St)$"
)
_MASK = "\ufffc"
_RUN_WORD = r"(?:[A-ZÀ-ÞА-ЯЁ]\.|[A-ZÀ-ÞĀ-ŽА-ЯЁ][\w’'-]*)"
_PARTICLE = r"(?:de|du|von|van|der|den|la|le|el|al|bin|ben|ibn|di|da|dos|фон|дер|де|аль|бен)"
_RUN = re.compile(rf"(?<![\w-]){_RUN_WORD}(?:\s+(?:{_PARTICLE}\s+){{0,2}}{_RUN_WORD}){{0,4}}")
_BOUNDARY = re.compile(rf"[,;:，；：、،؛()（）\[\]{_MASK}]|\s[—–-]\s")
_ARTICLE = re.compile(r"(?:(?:der|die|das|ein|eine|le|la|les|un|une|el|los|las|una)\s+|l['’])(?=\S)", re.IGNORECASE)
# "президент Ганы Кофи Менса": where the office is held stands in the genitive between title and name.
_RUSSIAN_PLACE = re.compile(r"[А-ЯЁ]\w*[аяыи]\s+(?=[А-ЯЁ]\S*\s+[А-ЯЁ])(?!.*(?:вич|вна|вича|вны)\b)")
_EDGES = " \t\u00a0\u202f,;:.，；：。、،—–-"


@dataclass(frozen=True)
class _Words:
    """The words of one language, compiled."""

    code: str
    cue: re.Pattern[str]
    deny: re.Pattern[str]
    by: re.Pattern[str]
    after: re.Pattern[str] | None
    that: re.Pattern[str] | None
    he: re.Pattern[str]
    negated: re.Pattern[str]
    via: re.Pattern[str]
    stop: re.Pattern[str]
    inside: re.Pattern[str] | None

    @property
    def spaced(self) -> bool:
        return self.code != "zh"


@cache
def _words(code: str) -> _Words | None:
    """Return the words of a language; None for one that has none."""
    table = {role: words for language, role, words in lexicon.rows("foreign.tsv") if language == code}
    if not table:
        return None
    left, right = ("", "") if code == "zh" else (r"(?<![\w-])", r"(?![\w])")

    def compiled(role: str, *, before: str = left, behind: str = right) -> re.Pattern[str]:
        return re.compile(rf"{before}(?:{table[role]}){behind}", re.IGNORECASE)

    say, deny = table["say"], table["deny"]
    tail = r"(?:说|說|称|稱|道)?" if code == "zh" else ""
    # In Russian, French and Spanish the cue stands within the marks: «…, — said X. — …»
    clause = {
        "ru": rf"[,!?…]\s*[—–-]\s*(?P<cue>(?:{say}){right}[^—–«»\n]{{0,80}}?)\s*(?:[.,;]\s*[—–-]\s*|$)",
        "es": rf"[,!?…]?\s*[—–-]\s*(?P<cue>(?:{say}){right}[^—–«»\n]{{0,80}}?)\s*(?:[—–-]\s*[.,;]?\s*|$)",
        "fr": rf",\s*(?P<cue>(?:{say}){right}[^,«»\n]{{0,60}}?)\s*(?:,\s*|$)",
    }.get(code)
    return _Words(
        code,
        cue=re.compile(rf"{left}(?:{say}|{deny}){tail}{right}", re.IGNORECASE),
        deny=compiled("deny"),
        by=compiled("by"),
        after=compiled("after") if "after" in table else None,
        # "qu'il" and what else is written together.
        that=compiled("that", behind="(?!\\w)|(?<=['’])") if "that" in table else None,
        he=compiled("he"),
        negated=re.compile(rf"{left}(?:{table['not']})\s*(?:\w+\s+)?$", re.IGNORECASE),
        via=compiled("via"),
        stop=compiled("stop"),
        inside=re.compile(clause, re.IGNORECASE) if clause else None,
    )


def detect(text: str) -> str:
    """Return the language of a text as two letters, "" for one without letters."""
    # Imported where it is used: most articles say what language they are in.
    import py3langid

    sample = text[:DETECTED_CHARACTERS]
    return str(py3langid.classify(sample)[0]) if any(map(str.isalpha, sample)) else ""


def read(text: str, language: str = "") -> list[ExtractedStatement]:
    """Return the statements of `text`, in order of their content; the language is told from the text where it is "".

    Time grows with the length of the text.
    """
    code = (language or detect(text)).partition("-")[0].partition("_")[0].lower()
    kept = [passage for passage in passages(text) if passage.role != "aside"]
    words = _words(code)
    article = _Article(text, words) if words is not None else None
    found: list[ExtractedStatement] = []
    for passage in kept:
        marks = quotations(text, [(passage.start, passage.end)])
        here = article.read(passage.start, passage.end, marks) if article else _marks_alone(text, marks)
        found += [replace(statement, heading=passage.heading) for statement in here]
    found.sort(key=lambda statement: (statement.content[0].start, statement.content[-1].end))
    return found


def _marks_alone(text: str, marks: list[Quotation]) -> Iterator[ExtractedStatement]:
    for quotation in marks:
        if _says_something(text, quotation, fewest=FEWEST_WORDS_ALONE):
            span = Span(quotation.start, quotation.end)
            yield ExtractedStatement((span,), (), (), "direct", "", confidence=MARKS_ALONE)


def _says_something(text: str, quotation: Quotation, *, fewest: int = FEWEST_WORDS) -> bool:
    inner = text[quotation.inner.start : quotation.inner.end]
    if _CJK.search(inner):
        return len(re.findall(r"\w", inner)) >= FEWEST_CHARACTERS
    return len(re.findall(r"\w+", inner)) >= fewest


@cache
def _outlets() -> re.Pattern[str]:
    names = sorted(shipped_names(), key=len, reverse=True)
    spaced = "|".join(re.escape(name) for name in names if not _CJK.search(name))
    unspaced = "|".join(re.escape(name) for name in names if _CJK.search(name))
    # Arabic prepositions and the article are written together with the name.
    return re.compile(rf"(?<!\w)[لبو]?(?P<name>{spaced})(?!\w)|(?P<unspaced>{unspaced})")


@dataclass(frozen=True)
class _Speaker:
    name: str
    source: Span | None = None
    titles: tuple[str, ...] = ()
    carried: bool = False


_NOBODY = _Speaker("")


class _Article:
    """An article while it is read: its names, and who spoke last."""

    def __init__(self, text: str, words: _Words) -> None:
        self._text, self._words = text, words
        self._last = _NOBODY
        self._fullest: dict[str, str] = {}
        if words.spaced:
            # At the start of a sentence any word is written large; a name stands there with its title or elsewhere.
            runs = Counter(
                name
                for match in _RUN.finditer(text)
                if " " in (name := naming.untitled(match.group())[1])
                and (name != match.group() or not _opens_sentence(text, match.start()))
            )
            for name, _ in runs.most_common():
                self._fullest.setdefault(name.split()[-1], name)

    def read(self, start: int, end: int, marks: list[Quotation]) -> Iterator[ExtractedStatement]:
        """Yield the statements of a passage."""
        masked = self._text[start:end]
        pieces, at = [], start
        for quotation in marks:
            pieces += [masked[at - start : quotation.start - start], _MASK * (quotation.end - quotation.start)]
            at = quotation.end
        masked = "".join((*pieces, masked[at - start :]))
        first = 0
        for low, high in _units(masked):
            while first < len(marks) and marks[first].end <= start + low:
                first += 1
            here = []
            for quotation in marks[first:]:
                if quotation.start >= start + high:
                    break
                here.append(quotation)
            yield from self._unit(masked, start, low, high, here)

    def _unit(
        self, masked: str, offset: int, low: int, high: int, marks: list[Quotation]
    ) -> Iterator[ExtractedStatement]:
        """Yield the statements of one sentence, with the quotations that stand in it."""
        relays = self._relays(masked, offset, low, high)
        cues = [
            match
            for match in self._words.cue.finditer(masked, low, high)
            if not any(
                relay.span.start < offset + match.end() + 3 and offset + match.start() < relay.span.end
                for relay in relays
            )
        ]
        reported: list[tuple[int, int, re.Match[str]]] = []
        for number, cue in enumerate(cues):
            limit = self._next_clause(masked, cues[number + 1].start(), cue.end()) if number + 1 < len(cues) else high
            if (content := self._indirect(masked, offset, limit, cue, relays)) is not None:
                reported.append((*content, cue))
        apart = [
            quotation
            for quotation in marks
            if _says_something(self._text, quotation)
            and not any(begin <= quotation.start - offset < stop for begin, stop, _ in reported)
        ]
        # In the order of the text: "she" is who spoke right before.
        for place in sorted(reported, key=lambda found: found[0]):
            while apart and apart[0].start - offset < place[0]:
                yield from self._direct(masked, offset, low, high, apart.pop(0), cues, relays)
            yield self._report(masked, offset, low, place, marks, relays)
        for quotation in apart:
            yield from self._direct(masked, offset, low, high, quotation, cues, relays)
        if not marks:
            taken = [cue.start() for _, _, cue in reported]
            yield from self._closing(masked, offset, low, high, [c for c in cues if c.start() not in taken], relays)

    # The rules

    def _indirect(
        self, masked: str, offset: int, high: int, cue: re.Match[str], relays: tuple[Relay, ...]
    ) -> tuple[int, int] | None:
        """Return where in the passage what follows "said that …" stands, or None where nothing does."""
        begin = self._opening(masked, cue, high)
        if begin is None:
            return None
        end = high
        for relay in relays:
            # "…, according to the agency" is no part of what was said.
            if begin < relay.span.start - offset < end:
                comma = max(masked.rfind(mark, begin, relay.span.start - offset) for mark in ",，،")
                end = comma if comma > begin else end
        stop = begin + len(masked[begin:end].rstrip(_EDGES + "!?！？؟\n"))
        words = self._text[offset + begin : offset + stop]
        if self._words.spaced:
            enough = len(re.findall(r"\w+", words)) >= FEWEST_WORDS_INDIRECT
        else:
            enough = len(re.findall(r"\w", words)) >= FEWEST_CHARACTERS
        return (begin, stop) if enough else None

    def _report(
        self,
        masked: str,
        offset: int,
        low: int,
        place: tuple[int, int, re.Match[str]],
        marks: list[Quotation],
        relays: tuple[Relay, ...],
    ) -> ExtractedStatement:
        begin, stop, cue = place
        speaker = self._speaker(masked, offset, cue, low, begin)
        content = Span(offset + begin, offset + stop)
        inside = [q for q in marks if content.start <= q.start and q.end <= content.end]
        whole = len(inside) == 1 and inside[0].start == content.start and inside[0].end >= content.end
        kind: Kind = "direct" if whole else "mixed" if inside else "indirect"
        return self._statement(offset, (content,), cue, masked, speaker, relays, kind, INDIRECT)

    def _opening(self, masked: str, cue: re.Match[str], high: int) -> int | None:
        """Return where indirect speech begins after a cue, or None where none does."""
        if self._words.that is None:
            # In Chinese a comma after the verb opens it; without one the verb may have an object.
            match = re.compile(rf"\s*[，,：:]\s*(?=[^\s{_MASK}])").match(masked, cue.end(), high)
            return match.end() if match else None
        that = self._words.that.search(masked, cue.end(), min(high, cue.end() + NAME_REACH))
        if that is None or _MASK in masked[cue.end() : that.start()]:
            return None
        between = masked[cue.end() : that.start()]
        if self._words.code in ("ru", "de"):
            # Both put a comma before it, and a subordinate clause ends in another.
            return that.end() + 1 if between.rstrip().endswith(",") and between.count(",") <= 1 else None
        names = between.strip(_EDGES)
        if "," in names or "،" in names or len(names.split()) > 8:
            return None
        end = that.end()
        return end + 1 if masked[end : end + 1].isspace() else end

    def _direct(
        self,
        masked: str,
        offset: int,
        low: int,
        high: int,
        quotation: Quotation,
        cues: list[re.Match[str]],
        relays: tuple[Relay, ...],
    ) -> Iterator[ExtractedStatement]:
        """Yield a quotation with the cue nearest to it: within, after or before it, or a name and a colon."""
        start, end = quotation.start - offset, quotation.end - offset
        within = self._within(offset, quotation, relays)
        if within is not None:
            yield within
            return
        content = (Span(quotation.start, quotation.end),)
        after = next((cue for cue in cues if cue.start() >= end and cue.start() - end <= REACH), None)
        if after is not None and _MASK in masked[end : after.start()]:
            after = None
        before = next((cue for cue in reversed(cues) if cue.end() <= start and start - cue.end() <= REACH), None)
        if before is not None and _MASK in masked[before.end() : start]:
            before = None
        cue = after or before
        if after is not None and before is not None and start - before.end() < after.start() - end:
            cue = before
        if cue is None and self._words.after is not None:
            cue = self._words.after.search(masked, end, min(high, end + 8))
        if cue is not None:
            bounds = (end, high) if cue.start() >= end else (low, start)
            speaker = self._speaker(masked, offset, cue, *bounds)
            yield self._statement(offset, content, cue, masked, speaker, relays, "direct", NAMED)
            return
        by = self._words.by.search(masked, end, min(high, end + REACH)) or self._words.by.search(masked, low, start)
        if by is not None:
            named = self._name_after(masked, offset, by.end(), min(by.end() + NAME_REACH, high))
            if named is not None and named.name not in shipped_names():
                yield self._statement(offset, content, by, masked, named, relays, "direct", NAMED)
                return
        lead = re.compile(r"(?P<name>[^\s:：,，][^:：,，;.\n]{1,60})[:：]\s*$").search(masked[low:start])
        if lead is not None and _MASK not in lead["name"]:
            at = offset + low + lead.start("name")
            speaker = self._told(lead["name"], Span(at, at + len(lead["name"].rstrip())))
            if speaker.name:
                yield self._statement(offset, content, None, masked, speaker, relays, "direct", UNNAMED)
                return
        if relays:
            yield self._statement(offset, content, None, masked, _NOBODY, relays, "direct", UNNAMED)

    def _within(self, offset: int, quotation: Quotation, relays: tuple[Relay, ...]) -> ExtractedStatement | None:
        """Return a quotation whose cue stands between its own marks, in two pieces around it."""
        if self._words.inside is None:
            return None
        match = self._words.inside.search(self._text, quotation.inner.start, quotation.inner.end)
        if match is None:
            return None
        cue = self._words.cue.match(self._text, match.start("cue"), match.end("cue"))
        if cue is None or match.start() == quotation.inner.start:
            return None
        pieces = [Span(quotation.start, match.start())]
        if match.end() < quotation.inner.end:
            pieces.append(Span(match.end(), quotation.end))
        speaker = self._speaker(self._text, 0, cue, match.start("cue"), match.end("cue"))
        return self._statement(0, tuple(pieces), cue, self._text, speaker, relays, "direct", NAMED)

    def _closing(
        self,
        masked: str,
        offset: int,
        low: int,
        high: int,
        cues: list[re.Match[str]],
        relays: tuple[Relay, ...],
    ) -> Iterator[ExtractedStatement]:
        """Yield indirect speech before its cue: "The dam holds, said Ana Silva." Only where the name follows."""
        if not self._words.spaced or self._words.code == "ar":
            return
        marks = [*cues, *self._words.by.finditer(masked, low, high)]
        for cue in sorted(marks, key=lambda match: match.start()):
            comma = re.search(r",\s*(?:[—–-]\s*)?(?:wie\s+|как\s+)?$", masked[low : cue.start()])
            if comma is None or comma.start() < 12:
                continue
            named = self._name_after(masked, offset, cue.end(), min(cue.end() + NAME_REACH, high))
            if named is None or named.name in shipped_names():
                continue
            begin = low + len(masked[low : low + comma.start()]) - len(masked[low : low + comma.start()].lstrip())
            if len(re.findall(r"\w+", masked[begin : low + comma.start()])) < FEWEST_WORDS:
                continue
            content = (Span(offset + begin, offset + low + comma.start()),)
            yield self._statement(offset, content, cue, masked, named, relays, "indirect", INDIRECT)
            return

    def _next_clause(self, masked: str, cue: int, after: int) -> int:
        """Return where the clause of a later cue begins, which ends what an earlier one reports."""
        place = max(masked.rfind(mark, after, cue) for mark in ",，،;；")
        return place if place > after else cue

    def _statement(
        self,
        offset: int,
        content: tuple[Span, ...],
        cue: re.Match[str] | None,
        masked: str,
        speaker: _Speaker,
        relays: tuple[Relay, ...],
        kind: Kind,
        confidence: float,
    ) -> ExtractedStatement:
        if speaker.name:
            self._last = _Speaker(speaker.name, None, speaker.titles)
        sure = confidence if speaker.name else min(confidence, UNNAMED)
        return ExtractedStatement(
            content=content,
            cue=(Span(offset + cue.start(), offset + cue.end()),) if cue else (),
            source=(speaker.source,) if speaker.source else (),
            kind=kind,
            speaker=speaker.name,
            speaker_titles=speaker.titles,
            relays=tuple(relay for relay in relays if relay.name != speaker.name),
            negated=bool(cue and self._words.negated.search(masked, max(cue.start() - 20, 0), cue.start())),
            denies=bool(cue and self._words.deny.match(masked, cue.start())),
            confidence=round(sure - (CARRIED_OVER if speaker.carried or not speaker.name else 0), 2),
        )

    # Who speaks

    def _speaker(self, masked: str, offset: int, cue: re.Match[str], low: int, high: int) -> _Speaker:
        """Return who is named beside a cue, else who spoke last."""
        before = None if self._words.code == "ar" else self._name_before(masked, offset, low, cue.start())
        after = self._name_after(masked, offset, cue.end(), min(high, cue.end() + NAME_REACH))
        if self._words.code == "zh":
            after = None
        # Right before the verb stands its subject; where a quotation or the sentence's start does, it follows.
        found = before or after
        if found is not None and found.name not in shipped_names():
            return found
        return replace(self._last, source=None, carried=True)

    def _name_before(self, masked: str, offset: int, low: int, high: int) -> _Speaker | None:
        low = max(low, high - NAME_REACH)
        if not self._words.spaced:
            return self._chinese(masked, offset, low, high)
        stretch = masked[low:high]
        clauses = [match.end() for match in _BOUNDARY.finditer(stretch)]
        begin = low + (clauses[-1] if clauses else 0)
        if not masked[begin:high].strip() and len(clauses) > 1:
            # "X, who …, said": the name stands before the insertion, which is not followed here.
            return None
        if self._words.he.fullmatch(masked[begin:high].strip()):
            return replace(self._last, source=self._trimmed(offset + begin, offset + high), carried=True)
        runs = [
            run
            for run in _RUN.finditer(masked, begin, high)
            if not _ARTICLE.match(f"{run.group()} X") or " " in run.group()
        ]
        if not runs:
            # "The minister denied": the phrase from its article on.
            phrase = masked[begin:high].strip()
            if _ARTICLE.match(phrase) and len(phrase.split()) <= 5:
                return self._told(phrase, Span(offset + begin, offset + high))
            return None
        run = runs[-1]
        start = self._with_title(masked, begin, run.start())
        return self._told(masked[start : run.end()], Span(offset + start, offset + run.end()))

    def _name_after(self, masked: str, offset: int, low: int, high: int) -> _Speaker | None:
        if not self._words.spaced:
            return self._chinese(masked, offset, low, high)
        if self._words.code == "ar":
            return self._arabic(masked, offset, low, high)
        end = _BOUNDARY.search(masked, low, high)
        stop = end.start() if end else high
        if (pronoun := self._words.he.match(masked, low + 1, stop)) is not None and pronoun.end() == stop:
            return replace(self._last, source=Span(offset + pronoun.start(), offset + pronoun.end()), carried=True)
        held = self._words.stop.search(masked, low, stop)
        runs = _RUN.finditer(masked, low, stop)
        run = next(runs, None)
        while run is not None and naming.untitled(f"{run.group()} X")[1] == "X":
            # A title alone ("der Präsident", "Président"): the name comes later in the phrase.
            following = next(runs, None)
            if following is None or following.start() - run.end() > 12:
                break
            run = following
        if run is None or (
            held is not None and held.start() < run.start() and len(masked[low : held.start()].split()) < 1
        ):
            return None
        begin = low + len(masked[low : run.start()]) - len(masked[low : run.start()].lstrip())
        if len(masked[begin : run.start()].split()) > 6:
            return None
        name_end = run.end()
        if end is not None and end.group() == "," and naming.untitled(f"{masked[begin:name_end]} X")[1] == "X":
            # "the president of Ghana, Kofi Mensah"
            apposed = re.compile(rf"\s*({_RUN.pattern})").match(masked, end.end(), high)
            if apposed is not None and " " in apposed.group(1):
                title = masked[begin:name_end]
                span = Span(offset + begin, offset + apposed.end())
                return _Speaker(apposed.group(1), span, (title,))
        return self._told(masked[begin:name_end], Span(offset + begin, offset + name_end))

    def _with_title(self, masked: str, low: int, name: int) -> int:
        """Return where the title before a name begins, at `low` at the earliest."""
        start = name
        for match in reversed(list(re.finditer(r"\S+", masked[low:name]))[-8:]):
            title, plain = naming.untitled(f"{masked[low + match.start() : name]}X")
            if not title or plain != "X":
                continue
            start = low + match.start()
        return start

    def _told(self, phrase: str, span: Span) -> _Speaker:
        """Return the speaker that a phrase names: the title parted off, the name as full as the article gives it."""
        phrase = re.sub(r"\.+$", "", phrase.strip(_EDGES))
        title, name = naming.untitled(phrase)
        name = _ARTICLE.sub("", name.strip(_EDGES), count=1) if _ARTICLE.match(name.strip(_EDGES)) else name
        if title and (place := _RUSSIAN_PLACE.match(name)):
            title, name = f"{title} {place.group().strip()}", name[place.end() :]
        if not name or not re.search(r"[^\W\d_]", name):
            return _NOBODY
        if " " in name:
            self._fullest.setdefault(name.split()[-1], name)
        elif self._words.spaced:
            name = self._fullest.get(name, name)
        return _Speaker(name[:200], self._trimmed(span.start, span.end), (title,) if title else ())

    def _trimmed(self, start: int, end: int) -> Span | None:
        lead = len(self._text[start:end]) - len(self._text[start:end].lstrip(_EDGES))
        size = len(self._text[start:end].strip(_EDGES))
        return Span(start + lead, start + lead + size) if size else None

    def _chinese(self, masked: str, offset: int, low: int, high: int) -> _Speaker | None:
        """Return the speaker in the clause that ends at a verb: the name after the last title, else what opens it."""
        clause = re.compile(rf"[，。；：、！？,;:\s{_MASK}“”「」（）()]").split(masked[low:high])[-1]
        if not clause:
            # "王毅3日，在北京表示" parts the subject off; only the clause at the verb is read.
            return None
        begin = high - len(clause)
        if (pronoun := self._words.he.match(clause)) is not None:
            at = offset + begin
            return replace(self._last, source=Span(at, at + len(pronoun.group())), carried=True)
        head = self._words.stop.search(clause)
        phrase = clause[: head.start()] if head else clause
        phrase = phrase[-30:] if not re.match(r"[\u3400-\u9fff]", phrase[:1] or "x") else phrase
        if len(phrase) < 2 or not re.fullmatch(r"[\u3400-\u9fffA-Za-z·・\-]+", phrase) or len(phrase) > 30:
            return None
        span = Span(offset + begin, offset + begin + len(phrase))
        title, name = naming.untitled(phrase)
        return _Speaker(name, span, (title,) if title else ())

    def _arabic(self, masked: str, offset: int, low: int, high: int) -> _Speaker | None:
        """Return the speaker after a verb: the words until one that goes on with the sentence."""
        end = _BOUNDARY.search(masked, low, high)
        stop = end.start() if end else high
        held = self._words.stop.search(masked, low, stop)
        phrase = masked[low : held.start() if held else stop]
        span = self._trimmed(offset + low, offset + low + len(phrase))
        if span is None or len(phrase.split()) > 10 or not re.search(r"[\u0620-\u064a]{2}", phrase):
            return None
        return self._told(phrase, span)

    # Through whom

    def _relays(self, masked: str, offset: int, low: int, high: int) -> tuple[Relay, ...]:
        """Return the outlets of a sentence that stand beside a word which says that they passed it on."""
        via = [match.span() for match in self._words.via.finditer(masked, low, high)]
        if not via:
            return ()
        ends = [end for _, end in via]
        found: dict[str, Relay] = {}
        for match in _outlets().finditer(masked, low, high):
            name = match["name"] or match["unspaced"]
            start = match.start("name") if match["name"] else match.start("unspaced")
            at = bisect_left(ends, start - RELAY_REACH)
            near = [span for span in via[at : at + 6] if span[0] < match.end() + RELAY_REACH]
            beside = any(_beside(masked, span, (start, start + len(name)), self._words.spaced) for span in near)
            if beside and name not in found:
                found[name] = Relay(name, Span(offset + start, offset + start + len(name)))
        return tuple(found.values())


def _opens_sentence(text: str, at: int) -> bool:
    before = text[max(0, at - 4) : at].rstrip(' \t\u00a0«»“”„"')
    return not before or before[-1] in ".!?…:\n"


def _beside(masked: str, word: tuple[int, int], outlet: tuple[int, int], spaced: bool) -> bool:
    """Return whether no clause ends between a relaying word and an outlet, and few words stand between."""
    between = masked[min(word[1], outlet[1]) : max(word[0], outlet[0])]
    if _BOUNDARY.search(between) or len(between) > RELAY_REACH:
        return False
    return len(between.split()) <= 3 if spaced else len(between) <= 8


def _units(masked: str) -> Iterator[tuple[int, int]]:
    """Yield the sentences of a passage whose quotations are masked."""
    start = 0
    for match in _END.finditer(masked):
        if match.group()[0] == "." and _SHORT.search(masked, max(start, match.start() - 8), match.start()):
            continue
        if masked[start : match.start()].strip():
            yield start, match.start()
            start = match.end()
    if masked[start:].strip():
        yield start, len(masked)
