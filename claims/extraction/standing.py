"""Tell what a cue tells: which act, and whether it was said at all. Words and positions only, no parse."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from claims.extraction import cues, lexicon
from claims.extraction.inflections import lemma
from claims.extraction.spans import Act, Span

#: `told`: it was said. `untold`: it was not said, by the article's own account. `open`: nobody tells whether it was.
Told = Literal["told", "untold", "open"]

# How much text before a clause, and behind a cue to the end of its sentence, is looked at.
BEFORE_REACH = 160
SENTENCE_REACH = 800
# More characters than these between a subject and its cue are an aside, in which negations are its own.
BETWEEN_REACH = 80
HEDGE_REACH = 30
# Cues are short; of longer ones the beginning tells enough.
CUE_REACH = 300
MAX_CUE_SPANS = 8

_WORD = re.compile(r"[^\W\d_]+(?:[-’'][^\W\d_]+)*")
_AUXILIARIES = frozenset(
    (
        "be am is are was were been being have has had having do does did done will would shall should can could may "
        "might must ought to not n't cannot never no also later then now even still again just only already once often "
        "long first reportedly allegedly supposedly purportedly apparently he she they it who i we you so too ever "
        "s ve d ll re m ca wo there very more most much so well always since yet hard quite rather "
        "about that as in on by for with and or the a an his her their its my our"
    ).split()
)
_PHASES = frozenset(
    "go come begin start continue keep try attempt seek proceed use appear seem need want get help prepare".split()
)
_FINITE = r"did|does|do|has|have|had|is|are|was|were|will|would|could|can|should|might|may|must|shall"
# "Did X say", "Why has X said": an auxiliary before the subject, from the start of the sentence.
_INVERTED = re.compile(
    rf"\W*(?:(?:and|but|so|or|then)\s+)?(?:(?:why|how|when|where|what|who|whom|which)\s+(?:[\w’'-]+\s+){{0,4}}?)?"
    rf"(?P<auxiliary>{_FINITE})(?:n[’']t)?\s+(?:the\s+|an?\s+|[\w.’'-]+\s+(?=$))?$",
    re.IGNORECASE,
)
_SUPPOSED = re.compile(r"\W*(?:had|should|were)\s+(?:the\s+|an?\s+)?$", re.IGNORECASE)
_WH_SUBJECT = re.compile(r"\W*(?:who|what|which)\b", re.IGNORECASE)
# "if X says", "unless, say, X says": right before the clause, a determiner and a title between at most.
_CONDITION = re.compile(
    r"\b(?:if|unless|whether|in\s+case|supposing|provided(?:\s+that)?|assuming(?:\s+that)?)\s+"
    r"(?:(?:and\s+when|or\s+when|even|,[^,]{1,30},)\s+)?(?P<between>(?:[\w.’'-]+\s+){0,3})$",
    re.IGNORECASE,
)
_NOT_BETWEEN = re.compile(rf"\b(?:{_FINITE}|that|it|he|she|they|you|we|i|and|who)\b", re.IGNORECASE)
_THAT = re.compile(
    r"(?:[,\s]+(?:that|whether|if|how|when|where|why|as\s+though))?\s*(?:the\s+|an?\s+)?$", re.IGNORECASE
)
_NO = re.compile(r"\b(?:no|not|never|nothing|little|hardly|without|cannot)\b|n[’']t\b", re.IGNORECASE)
_APART = re.compile(r",|\b(?:and|but|or)\b")
_CLAUSE_START = re.compile(r"[.;:!?“”\"\n()]|,\s|—|–")
_WITHOUT = re.compile(r"\bwithout\s+(?:\w+\s+)?$", re.IGNORECASE)
_NOT_ONLY = re.compile(r"\bnot\s+(?:only|just|merely|simply)\b", re.IGNORECASE)
_NEGATION = re.compile(r"\b(?:not|never|cannot|no\s+longer|neither|nor)\b|\w?n[’']t\b", re.IGNORECASE)
_NEGATED_SUBJECT = re.compile(r"\W*(?:nobody|none|neither|nor|no|no[\s-]one|not\s+(?:one|a\s+single))\b", re.IGNORECASE)
_NEGATED_BEFORE = re.compile(
    rf"(?:\b(?:nor|neither|never)\s+(?:{_FINITE}|once\s+(?:{_FINITE}))\s+(?:the\s+|an?\s+)?|\bnor\s+)$", re.IGNORECASE
)
_HYPOTHETICAL = re.compile(r"\b(?:would|could|might|may|should|must)\b|[’'](?P<short>d)\b", re.IGNORECASE)
# "would later say" looks ahead from a past moment: it was said.
_LATER = re.compile(
    r"\b(?:later|eventually|subsequently|soon|afterwards?|then|ultimately|go\s+on\s+to)\b", re.IGNORECASE
)
_BELIEFS = frozenset(("think", "believe", "suppose", "suggest", "imply", "prove", "know", "recall", "remember"))
_SENTENCE_END = re.compile(r"[.!?][\"”’')\]]*(?:\s|$)|[\n\r]")
_TELLINGS = frozenset(("discuss", "address", "release", "give", "provide", "share", "identify", "name", "answer"))
_TO_VERB = re.compile(r"\s+to\s+(?:[a-z]+ly\s+)?(?P<verb>[a-z]+)")


@dataclass(frozen=True)
class Standing:
    """What a cue tells of its content.

    lemma: the cue's head ("say" for "did not say", "hope" for "expressed hope"). act: speech, writing or an attitude.
    told: whether it was said. negated: the cue says that it was not. hedged: the article keeps its distance.
    denies: the cue turns the content down.
    """

    lemma: str
    act: Act
    told: Told
    negated: bool
    hedged: bool
    denies: bool


def of(
    text: str,
    cue: Sequence[Span],
    source: Sequence[Span] = (),
    content: Sequence[Span] = (),
    sentence_start: int = 0,
) -> Standing:
    """Return what a cue tells, from its words and those around it in its sentence.

    sentence_start: where the sentence of the cue begins, or of its source where that stands before.
    """
    if not cue:
        return Standing("say", "speech", "told", False, False, False)
    cue = [Span(span.start, min(span.end, span.start + CUE_REACH)) for span in cue[:MAX_CUE_SPANS]]
    words = _words(text, cue)
    head, light = _head(words)
    clause = _Clause(text, cue, source, content, sentence_start)
    negated = clause.negated()
    withheld = _withholds(text, cue, words)
    if clause.conditional() or clause.asked() or clause.supposed(head, words, negated) or clause.left_open():
        told: Told = "open"
    else:
        told = "untold" if negated or withheld else "told"
    hedged = clause.hedged()
    act = "speech" if light else cues.act(head)
    return Standing(head, act, told, negated or withheld, hedged, cues.denies(head))


def _words(text: str, spans: Sequence[Span]) -> list[str]:
    """Return the words of spans in lower case: "didn't" as "did", "she's" as "she"."""
    found = []
    for span in spans:
        for match in _WORD.finditer(text, span.start, span.end):
            word, mark, ending = match.group().lower().replace("’", "'").partition("'")
            if mark and word.endswith("n") and ending == "t":
                word = word[:-1]
            if word:
                found.append(word)
    return found


# The head


def _head(words: Sequence[str]) -> tuple[str, bool]:
    """Return the lemma of a cue's head, and whether a light verb voices it ("expressed hope")."""
    if not words:
        return "say", False
    if words[0] == "according":
        return "according to", False
    lemmas = [lemma(word) for word in words]
    telling = [
        at
        for at, word in enumerate(words)
        if word not in _AUXILIARIES and lemmas[at] not in _AUXILIARIES and not word.endswith("ly")
    ]
    if not telling:
        return lemmas[-1], False
    first = telling[0]
    # "went on to say", "continued to insist": the verb of speech behind a verb that only leads up to it.
    if lemmas[first] in _PHASES | lexicon.group("withholding") | {"ask"}:
        said = next(
            (at for at in telling[1:] if lemmas[at] in cues.speech_verbs() and _governed(words, first, at)), None
        )
        if said is not None and lemmas[first] != "ask":
            return lemmas[said], False
    if lemmas[first] in lexicon.group("light_verbs"):
        noun = next((at for at in telling[1:] if _tells(lemmas[at])), None)
        if noun is not None:
            return lemmas[noun], True
    if lemmas[first] in cues.speech_verbs() or _tells(lemmas[first]):
        return lemmas[first], False
    listed = next((at for at in telling if lemmas[at] in cues.speech_verbs()), None)
    if listed is not None and words[listed] != lemmas[listed]:
        return lemmas[listed], False
    return lemmas[first], False


def _governed(words: Sequence[str], first: int, at: int) -> bool:
    return "to" in words[first + 1 : at] or words[at].endswith("ing")


def _tells(head: str) -> bool:
    return (
        head in cues.speech_nouns()
        or head in lexicon.words("attitude_cues.txt")
        or head in lexicon.words("writing_cues.txt")
        or head in lexicon.words("denial_cues.txt")
    )


def _withholds(text: str, cue: Sequence[Span], words: Sequence[str]) -> bool:
    """Return whether someone kept from speaking: "declined to say", "refused to comment"."""
    withholding = next((at for at, word in enumerate(words) if lemma(word) in lexicon.group("withholding")), None)
    if withholding is None:
        return False
    kept = list(words[withholding + 1 :])
    following = _TO_VERB.match(text, cue[-1].end)
    if following is not None:
        kept.append(following["verb"].lower())
    return any(lemma(word) in cues.speech_verbs() or word in _TELLINGS for word in kept)


# The clause


class _Clause:
    """The words around a cue in its sentence."""

    def __init__(
        self, text: str, cue: Sequence[Span], source: Sequence[Span], content: Sequence[Span], sentence_start: int
    ):
        self.text, self.cue, self.source, self.content = text, cue, source, content
        first = cue[0].start
        # Where the subject begins, or the cue where no subject stands before it near by.
        self.start = first
        if source and source[0].start < first and not self._content_between(source[0].end, first):
            self.start = source[0].start
        begin = max(sentence_start, self.start - BEFORE_REACH, 0)
        for span in content:
            if begin < span.end <= self.start:
                begin = span.end
        # The words of the sentence before the clause, contents left out.
        self.before = text[begin : self.start]
        self.sentence_start = sentence_start
        self.opens_sentence = self.start - BEFORE_REACH <= sentence_start
        self.group = self._verb_group()

    def _content_between(self, start: int, end: int) -> bool:
        return any(start <= span.start < end for span in self.content)

    def _verb_group(self) -> str:
        """Return the words from the subject's end to the cue's end, the subject, contents and asides left out."""
        first, last = self.cue[0].start, self.cue[-1].end
        start = first
        if self.source:
            before = [span for span in self.source if span.end <= first]
            within = [span for span in self.source if first <= span.start < last]
            if before and not self._content_between(before[-1].end, first):
                between = self.text[before[-1].end : first]
                if len(between) <= BETWEEN_REACH:
                    # What stands between commas is an aside, what stands before "and" is another verb's.
                    start = before[-1].end + max((match.end() for match in _APART.finditer(between)), default=0)
            elif within:
                return " ".join(self.text[span.start : span.end] for span in self.cue)
        pieces = [self.text[start:first]] if start < first else []
        at = first
        for span in self.cue:
            gap = self.text[at : span.start]
            if len(gap.split()) <= 3 and not self._content_between(at, span.start):
                pieces.append(gap)
            pieces.append(self.text[span.start : span.end])
            at = span.end
        return " ".join(pieces)

    def negated(self) -> bool:
        """Return whether the cue or its subject is negated: "did not say", "nor did X say", "nobody said"."""
        # Behind a comma within a cue stands another clause: "went on, as if she did not hear".
        group = _NOT_ONLY.sub("", self.group.partition(",")[0])
        if _NEGATION.search(group):
            return True
        if self.source:
            span = self.source[0]
            if _NEGATED_SUBJECT.match(self.text, span.start, span.end) and not _NOT_ONLY.match(self.text, span.start):
                return True
        before = self.before
        return bool(_NEGATED_BEFORE.search(before)) and not _NOT_ONLY.search(before)

    def conditional(self) -> bool:
        """Return whether "if", "unless" or "whether" opens the clause, or it is turned round as in "Had X said"."""
        before = self.before
        if not before:
            return False
        match = _CONDITION.search(before)
        if match is not None and not _NOT_BETWEEN.search(match["between"]):
            return True
        turned = self.opens_sentence and _SUPPOSED.fullmatch(before)
        return bool(turned) and self.source[:1] != () and self.source[0].start == self.start

    def asked(self) -> bool:
        """Return whether the sentence asks who said it, or whether or why it was said."""
        before = self.before
        if not self.opens_sentence or not self.source:
            return False
        before = before[max(before.rfind(mark) for mark in ":;—") + 1 :]
        turned = _INVERTED.fullmatch(before) if self.source[0].start == self.start else None
        if turned is None:
            # "Why did X say": the auxiliary may be marked as part of the cue.
            first = self.cue[0]
            led = self.text[first.start : first.end].lower()
            split = len(self.cue) > 1 and first.end <= self.source[0].start
            turned = _INVERTED.fullmatch(before + led + " ") if split else None
        if turned is not None:
            return True
        wh = _WH_SUBJECT.fullmatch(self.text, self.source[0].start, self.source[0].end)
        return wh is not None and not before.strip(" “\"'") and self._question()

    def _question(self) -> bool:
        end = _SENTENCE_END.search(self.text, self.cue[-1].end, self.cue[-1].end + SENTENCE_REACH)
        return end is not None and self.text[end.start()] == "?"

    def supposed(self, head: str, words: Sequence[str], negated: bool) -> bool:
        """Return whether a verb of speech stands under "would", "could", "might": nobody said it yet."""
        if negated or head not in cues.speech_verbs() or (self.source and self._speaks_here()):
            return False
        group = self.group
        match = _HYPOTHETICAL.search(group)
        if match is None or _LATER.search(group):
            return False
        if match["short"]:
            # "she'd say" would, "she'd said" had.
            return head in words
        return match.group() != "May"

    def _speaks_here(self) -> bool:
        """Return whether the subject is who speaks now: "I should say that …" says it."""
        return self.text[self.source[0].start : self.source[0].end].lower() in ("i", "we")

    def left_open(self) -> bool:
        """Return whether the words that govern the clause leave it open, or deny, that it was said."""
        before = self.before
        if "without" in self.group.lower().split() or _WITHOUT.search(before):
            return True
        if not before:
            return False
        that = _THAT.search(before)
        governed = before[: that.start()] if that else before
        # Between commas the clause stands apart: no word before the comma bears on it.
        if governed.rstrip().endswith((",", "—", "–")):
            return False
        breaks = [match.end() for match in _CLAUSE_START.finditer(governed)]
        near = governed[breaks[-1] if breaks else 0 :]
        words = [match.group().lower() for match in _WORD.finditer(near)]
        if not words:
            return False
        last = words[-1]
        head = lemma(last)
        earlier = " ".join(words[:-1])
        if last in lexicon.group("untrue") or head in lexicon.group("untrue"):
            return True
        if last in lexicon.group("truth") or head in lexicon.group("truth"):
            return bool(_NO.search(earlier))
        if head in lexicon.group("withholding") or (cues.denies(head) and that is not None):
            return True
        if any(lemma(word) in lexicon.group("withholding") for word in words[:-1]) and head in cues.speech_verbs():
            return True
        verbal = head in _BELIEFS or head in cues.speech_verbs()
        return verbal and bool(_NO.search(_NOT_ONLY.sub("", earlier)))

    def hedged(self) -> bool:
        """Return whether "reportedly" and the like stand right beside the cue."""
        first, last = self.cue[0].start, self.cue[-1].end
        begin = max(first - HEDGE_REACH, self.sentence_start, 0)
        before = self.text[begin:first].rsplit(None, 1)[-1:]
        after = _WORD.search(self.text, last, last + HEDGE_REACH)
        beside = [word.strip(",") for word in (*before, *self.group.split())]
        if after is not None and not self.text[last : after.start()].strip():
            beside.append(after.group())
        return any(map(cues.hedges, beside))
