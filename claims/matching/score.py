"""How likely two statements carry the same claim, and why."""

import calendar
import json
import math
import re
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache, cached_property
from pathlib import Path

from rapidfuzz.distance import LCSseq

from claims.matching.meaning import Alike, Said, alike
from claims.matching.terms import is_place, rarity, terms, words
from claims.wording import numbers

_LETTERS = re.compile(r"(?<!\w)[^\W\d_]{2,}")
#: Two statements are of one frame when they have so much of the shorter one's words in order, none is so much longer,
#: each has so many words of weight that the other lacks, and of these they share no larger part and no longer run.
ONE_FRAME, ONE_FRAME_LENGTH, FILLINGS, MOST_SHARED_BY_FRAMES, LONGEST_IN_FRAME = 0.6, 1.5, 2, 0.7, 1

MATCHER_VERSION = "pairs-1"

#: From this score on, a statement joins a claim; from PROPOSE on, the pair is worth an editor's look.
JOIN = 0.25
PROPOSE = 0.15

#: What is told of a pair from its words, speakers and dates.
FEATURES = (
    "overlap",
    "containment",
    "stretch",
    "shared_rarity",
    "phrase_overlap",
    "longest_run",
    "quotation",
    "same_opening",
    "numbers_differ",
    "dates_differ",
    "negation_differs",
    "speaker",
    "days_apart",
)
#: What the network adds where it is asked: log odds, -6.0 to 6.0.
READINGS = ("same_meaning", "same_claim")
#: Pairs whose words alone give them a probability outside of these are decided: the network is not asked.
ASK_FROM, ASK_TO = 0.05, 0.95
#: Fewer words than this, places apart, name a subject rather than claim something.
MIN_TERMS = 2
#: A clause of fewer words leans on the one before ("They will.").
MIN_CLAUSE_WORDS = 4
_RUN_CAP = 8  # a shared run of eight words is near proof; longer ones add nothing
_OPENING = 3  # the words that name what a noun phrase is about: "a two-track approach"
_STRETCH_ROOM = 2  # words that a paraphrase may put between those it shares
_DAYS_CAP = 30
#: Log odds of the network from which on more says nothing more.
_SURE = 6.0
# Words of the names of bodies rather than people.
_BODY_WORDS = frozenset((Path(__file__).parent / "body_words.txt").read_text(encoding="utf-8").split())
_NAME_PARTICLES = frozenset("the of and for de la van von der bin al".split())
#: The least letters of a given name's short form: "Ben".
MIN_SHORT_NAME = 3
_KINSHIP = {"same": 1.0, "kindred": 0.7, "different": 0.0}
# Words that only clauses have: verbs of grammar, and pronouns that do something.
_CLAUSE_WORDS = frozenset(
    "is are was were am has have had will would can could should must may might did does do he she we they i".split()
)
_NEGATIONS = frozenset("no not never none nobody nothing neither nor without cannot".split())
_DATE = re.compile("|".join(rf"\b{name}\b" for name in (*calendar.month_name[1:], *calendar.day_name)))


@dataclass(frozen=True)
class Candidate:
    """What the scorer needs to know of a statement.

    speaker: a name, "" when unresolved; represents: whom the speaker speaks for; published: the day of its article.
    """

    quote: str
    speaker: str = ""
    represents: str = ""
    published: date | None = None

    @cached_property
    def terms(self) -> tuple[str, ...]:
        return tuple(terms(self.quote))

    @cached_property
    def term_set(self) -> frozenset[str]:
        return frozenset(self.terms)

    @cached_property
    def phrases(self) -> frozenset[tuple[str, str]]:
        """Neighbouring pairs of terms."""
        return frozenset(zip(self.terms, self.terms[1:], strict=False))

    @cached_property
    def words(self) -> tuple[str, ...]:
        return tuple(words(self.quote))

    @cached_property
    def numbers(self) -> frozenset[str]:
        return numbers(self.quote)

    @cached_property
    def dates(self) -> frozenset[str]:
        """Months and days of the week."""
        return frozenset(_DATE.findall(self.quote))

    @cached_property
    def names(self) -> frozenset[str]:
        """Words with a capital, the first one apart."""
        return frozenset(word for word in _LETTERS.findall(self.quote, 1) if word[0].isupper())

    @cached_property
    def negated(self) -> bool:
        return sum(word in _NEGATIONS or word == "t" for word in self.words) % 2 == 1

    @property
    def names_a_subject_only(self) -> bool:
        """Whether the words tell what was spoken of but not what was said of it ("bilateral relations").

        A clause says something with few words of its own: "She is not welcome in Ghana".
        """
        if sum(not is_place(term) for term in self.term_set) >= MIN_TERMS:
            return False
        is_clause = not _CLAUSE_WORDS.isdisjoint(self.words) and len(self.words) >= MIN_CLAUSE_WORDS
        return not (is_clause and self.term_set)


class Story:
    """Weights of words in the statements of two articles.

    A word weighs its rarity in news times the square of its rarity among these statements: what half of a story's
    statements mention is its subject and tells none of them apart. Without statements, its rarity is all that counts.
    """

    def __init__(self, statements: Iterable[Collection[str]] = ()) -> None:
        counts = Counter[str]()
        total = 0
        for statement in statements:
            counts.update(set(statement))
            total += 1
        self._counts, self._total = counts, total
        self._weights: dict[str, float] = {}

    def weight(self, terms: Iterable[str]) -> float:
        return sum(self._weight(term) for term in terms)

    def phrase_weight(self, phrases: Iterable[tuple[str, str]]) -> float:
        return sum(self._weight(first) + self._weight(second) for first, second in phrases)

    def _weight(self, term: str) -> float:
        if term not in self._weights:
            share = 1.0
            if self._total:
                share = math.log((self._total + 1) / (self._counts[term] + 0.5)) / math.log(self._total + 1)
            self._weights[term] = rarity(term) * max(0.0, share) ** 2
        return self._weights[term]


def _common_opening(a: tuple[str, ...], b: tuple[str, ...]) -> int:
    common = 0
    while common < _OPENING and a[common : common + 1] == b[common : common + 1] != ():
        common += 1
    return common


@dataclass(frozen=True)
class Score:
    """value: 0.0 to 1.0, a probability; parts: each sub-score that went into it, by name.

    The parts named in READINGS are there only where the network was asked.
    """

    value: float
    parts: dict[str, float]


#: Two statements with the statements they stand among; None for two texts by themselves.
Pair = tuple[Candidate, Candidate, Story | None]


def score(a: Candidate, b: Candidate, story: Story | None) -> Score:
    """Return how likely `a` and `b` carry the same claim; as `score_pairs` does for one pair.

    story: the statements of the two articles that `a` and `b` are taken from.
    """
    [found] = score_pairs([(a, b, story)])
    return found


def score_pairs(pairs: Sequence[Pair]) -> list[Score]:
    """Return how likely each pair carries one claim, in their order; the order within a pair does not matter.

    First a logistic regression over FEATURES decides the pairs that are plainly apart or plainly one, which are nearly
    all: some 50 microseconds each. The network reads the others (some milliseconds each), and a second regression
    weighs what it says beside FEATURES. So hand over no pairs that are `incompatible`. What a pair is scored with
    changes nothing. Without a story, a pair is scored as two texts are: the network is always asked, speakers count
    for nothing.

    The weights (weights.json) were fitted on labelled pairs by claims.matching.train. Raises meaning.ModelMissing when
    a pair is to be read and the network's file is absent.
    """
    rows = [features(*pair) for pair in pairs]
    found = [scored("words", row) for row in rows]
    asked = [
        number
        for number, (_, _, story) in enumerate(pairs)
        if story is None or ASK_FROM <= found[number].value <= ASK_TO
    ]
    for number, reading in zip(asked, alike([to_read(pairs[number]) for number in asked]), strict=True):
        model = "texts" if pairs[number][2] is None else "read"
        found[number] = scored(model, rows[number] + readings(reading))
    return found


@cache
def _models() -> dict[str, tuple[float, dict[str, float]]]:
    content = json.loads((Path(__file__).parent / "weights.json").read_text(encoding="utf-8"))
    return {name: (model["intercept"], model["weights"]) for name, model in content.items()}


def scored(model: str, values: Sequence[float]) -> Score:
    """Return what a regression of weights.json makes of the values of FEATURES, and of READINGS where it has them."""
    intercept, weights = _models()[model]
    parts = dict(zip((*FEATURES, *READINGS), values, strict=False))
    logit = intercept + sum(weight * parts[name] for name, weight in weights.items())
    return Score(1 / (1 + math.exp(-logit)), {name: round(value, 4) for name, value in parts.items()})


def readings(reading: Alike) -> list[float]:
    """Return the values of READINGS for what the network says of a pair."""
    return [max(-_SURE, min(_SURE, odds)) for odds in (reading.meaning, reading.claim)]


def to_read(pair: Pair) -> tuple[Said, Said]:
    """Return what the network is shown of a pair: without a story, the texts alone."""
    a, b, story = pair
    if story is None:
        return Said(a.quote), Said(b.quote)
    return Said(a.quote, a.speaker), Said(b.quote, b.speaker)


def incompatible(a: Candidate, b: Candidate) -> bool:
    """Return whether two statements cannot carry one claim.

    Two people said them, they give other numbers, or they say of other things what is said in the same words.
    """
    return (
        _two_people(a.speaker, b.speaker)
        or bool(a.numbers - b.numbers and b.numbers - a.numbers)
        or _of_other_things(a, b)
    )


def _of_other_things(a: Candidate, b: Candidate) -> bool:
    """Return whether two statements share their frame but not what fills it: "the mill was sold to the ferry company".

    Reports of one saying that are so alike in their small words share its names, or most of its other words.
    """
    shorter, longer = sorted((len(a.words), len(b.words)))
    apart, shared = (a.term_set - b.term_set, b.term_set - a.term_set), a.term_set & b.term_set
    if longer > ONE_FRAME_LENGTH * shorter or min(map(len, apart)) < FILLINGS or a.names & b.names:
        return False
    if len(shared) > MOST_SHARED_BY_FRAMES * min(len(a.term_set), len(b.term_set)):
        return False
    if longest_run(a.terms, b.terms) > LONGEST_IN_FRAME:
        return False
    return LCSseq.similarity(a.words, b.words) >= ONE_FRAME * shorter


def _two_people(a: str, b: str) -> bool:
    """Return whether two names are of two people or bodies: "Ann Lee" and "Bob Roe", "Ann Lee" and "Tom Lee".

    A body may speak by the mouth of a person, and what is no proper name ("police officers", "two officers") may be
    anybody's, so those say nothing.
    """
    name_a, name_b = _name(a), _name(b)
    if _same_person(a, b):
        return False
    if name_a & name_b:
        return bool(name_a - name_b and name_b - name_a) and _is_proper(a) and _is_proper(b)
    return _is_person(a) and _is_person(b)


@cache
def _is_proper(name: str) -> bool:
    return all(part[:1].isupper() for part in name.split() if part not in _NAME_PARTICLES)


@cache
def _is_person(name: str) -> bool:
    return 2 <= len(name.split()) <= 4 and _is_proper(name) and not _BODY_WORDS & set(words(name))


@cache
def _given_names() -> dict[str, set[int]]:
    """Return for each given name the groups of forms that it belongs to."""
    groups: dict[str, set[int]] = {}
    lines = (Path(__file__).parent / "given_names.txt").read_text(encoding="utf-8").splitlines()
    for number, line in enumerate(lines):
        for name in line.split():
            groups.setdefault(name, set()).add(number)
    return groups


@cache
def _same_person(a: str, b: str) -> bool:
    """Return whether two names are one person's in two forms: "Ben Roe" and "Benjamin T. Roe", "R. Roe" and "Bob Roe".

    Both have the same family name, and given names that are forms of one, or the first letters of the other.
    """
    if not (_is_person(a) and _is_person(b)):
        return False
    names_a, names_b = words(a), words(b)
    if names_a[-1] != names_b[-1]:
        return False
    shorter, longer = sorted((names_a[0], names_b[0]), key=len)
    forms = _given_names()
    if forms.get(shorter, set()) & forms.get(longer, set()):
        return True
    return longer.startswith(shorter) and (len(shorter) == 1 or len(shorter) >= MIN_SHORT_NAME)


def features(a: Candidate, b: Candidate, story: Story | None) -> list[float]:
    """Return the values of FEATURES for a pair, in their order; the order of the pair does not matter.

    Overlaps are weighted by rarity (inverse document frequency, Spärck Jones 1972).
    """
    story = story or Story()
    shared = story.weight(a.term_set & b.term_set)
    weight_a, weight_b = story.weight(a.term_set), story.weight(b.term_set)
    lighter, union = min(weight_a, weight_b), weight_a + weight_b - shared
    phrases = min(story.phrase_weight(a.phrases), story.phrase_weight(b.phrases))
    return [
        shared / union if union else 0.0,
        shared / lighter if lighter else 0.0,
        _stretch(a, b, story) if shared else 0.0,
        math.log1p(shared),
        story.phrase_weight(a.phrases & b.phrases) / phrases if phrases else 0.0,
        min(longest_run(a.terms, b.terms), _RUN_CAP) / _RUN_CAP,
        min(longest_run(a.words, b.words), _RUN_CAP) / _RUN_CAP if shared else 0.0,
        _common_opening(a.terms, b.terms) / _OPENING,
        float(bool(a.numbers - b.numbers and b.numbers - a.numbers)),
        float(bool(a.dates - b.dates and b.dates - a.dates)),
        float(a.negated != b.negated),
        _KINSHIP[speaker_kinship(a, b)],
        _days_apart(a, b) / _DAYS_CAP,
    ]


def _stretch(a: Candidate, b: Candidate, story: Story) -> float:
    """Return the overlap of the shorter statement with the stretch of the longer one that is most like it, 0.0 to 1.0.

    A clipped quotation is a small part of a long content, but all of one stretch of it.
    """
    shorter, longer = sorted((a, b), key=lambda candidate: len(candidate.terms))
    weight = story.weight(shorter.term_set)
    best = 0.0
    for size in (len(shorter.terms), len(shorter.terms) + _STRETCH_ROOM):
        for start in range(max(1, len(longer.terms) - size + 1)):
            window = frozenset(longer.terms[start : start + size])
            common = story.weight(window & shorter.term_set)
            union = weight + story.weight(window) - common
            if union:
                best = max(best, common / union)
    return best


def _days_apart(a: Candidate, b: Candidate) -> int:
    if a.published is None or b.published is None:
        return 0
    return min(abs((a.published - b.published).days), _DAYS_CAP)


def speaker_kinship(a: Candidate, b: Candidate) -> str:
    """Return "same", "kindred" (one speaks for the other, or one is unresolved) or "different".

    A shorter name is the same speaker when it is a part of the longer one ("Merkel", "Angela Merkel"), or another form
    of it ("Ben Roe", "Benjamin Roe").
    """
    if not a.speaker or not b.speaker:
        return "kindred"
    name_a, name_b = _name(a.speaker), _name(b.speaker)
    if name_a <= name_b or name_b <= name_a or _same_person(a.speaker, b.speaker):
        return "same"
    principals_a, principals_b = {a.speaker, a.represents} - {""}, {b.speaker, b.represents} - {""}
    return "kindred" if principals_a & principals_b else "different"


@cache
def _name(name: str) -> frozenset[str]:
    return frozenset(words(name)) - {"the", "of", "a"}


def longest_run(a: tuple[str, ...], b: tuple[str, ...]) -> int:
    """Return the length of the longest run of words that both have."""
    longest, previous = 0, [0] * (len(b) + 1)
    for word in a:
        current = [0] * (len(b) + 1)
        for j, other in enumerate(b, start=1):
            if word == other:
                current[j] = previous[j - 1] + 1
                longest = max(longest, current[j])
        previous = current
    return longest
