"""How likely two statements carry the same claim, and why."""

import json
import math
from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

from claims.matching.terms import is_place, rarity, terms, words
from claims.wording import numbers

MATCHER_VERSION = "words-1"

#: From this score on, a statement joins a claim; from PROPOSE on, the pair is worth an editor's look.
JOIN = 0.3
PROPOSE = 0.15

FEATURES = (
    "overlap",
    "containment",
    "shared_rarity",
    "phrase_overlap",
    "longest_run",
    "same_opening",
    "numbers_differ",
    "negation_differs",
    "speaker",
)
#: Fewer words than this, places apart, name a subject rather than claim something.
MIN_TERMS = 2
_RUN_CAP = 8  # a shared run of eight words is near proof; longer ones add nothing
_OPENING = 3  # the words that name what a noun phrase is about: "a two-track approach"
# Words of the names of bodies rather than people.
_BODY_WORDS = frozenset((Path(__file__).parent / "body_words.txt").read_text(encoding="utf-8").split())
_KINSHIP = {"same": 1.0, "kindred": 0.7, "different": 0.0}
_NEGATIONS = frozenset("no not never none nobody nothing neither nor without cannot".split())


@dataclass(frozen=True)
class Candidate:
    """What the scorer needs to know of a statement.

    speaker: a name, "" when unresolved; represents: whom the speaker speaks for.
    """

    quote: str
    speaker: str = ""
    represents: str = ""

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
        return frozenset(numbers(self.quote))

    @cached_property
    def negated(self) -> bool:
        return sum(word in _NEGATIONS or word == "t" for word in self.words) % 2 == 1

    @property
    def names_a_subject_only(self) -> bool:
        """Whether the words tell what was spoken of but not what was said of it ("bilateral relations")."""
        return sum(not is_place(term) for term in self.term_set) < MIN_TERMS


class Story:
    """Weights of words in the statements of two articles.

    A word weighs its rarity in news times the square of its rarity among these statements: what half of a story's
    statements mention is its subject and tells none of them apart.
    """

    def __init__(self, statements: Iterable[Collection[str]]) -> None:
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
    """value: 0.0 to 1.0, a probability; parts: each feature's value, by name."""

    value: float
    parts: dict[str, float]


@cache
def _model() -> tuple[float, dict[str, float]]:
    content = json.loads((Path(__file__).parent / "weights.json").read_text(encoding="utf-8"))
    return content["intercept"], content["weights"]


def score(a: Candidate, b: Candidate, story: Story) -> Score:
    """Return how likely `a` and `b` carry the same claim: a logistic regression over FEATURES.

    story: the statements of the two articles that `a` and `b` are taken from.
    The weights were fitted on labelled news events by claims.matching.train.
    """
    values = features(a, b, story)
    intercept, weights = _model()
    logit = intercept + sum(weights[name] * value for name, value in zip(FEATURES, values, strict=True))
    parts = {name: round(value, 4) for name, value in zip(FEATURES, values, strict=True)}
    return Score(1 / (1 + math.exp(-logit)), parts)


def incompatible(a: Candidate, b: Candidate) -> bool:
    """Return whether two statements cannot carry one claim: two people said them, or they give other numbers."""
    return _two_people(a.speaker, b.speaker) or bool(a.numbers - b.numbers and b.numbers - a.numbers)


def _two_people(a: str, b: str) -> bool:
    """Return whether two names are of two people: "Ann Lee" and "Bob Roe", "Ann Lee" and "Tom Lee".

    A body may speak by the mouth of a person, so their names say nothing.
    """
    name_a, name_b = _name(a), _name(b)
    if name_a & name_b:
        return bool(name_a - name_b and name_b - name_a)
    return _is_person(a) and _is_person(b)


@cache
def _is_person(name: str) -> bool:
    parts = name.split()
    capitalised = all(part[:1].isupper() for part in parts)
    return 2 <= len(parts) <= 4 and capitalised and not _BODY_WORDS & set(words(name))


def features(a: Candidate, b: Candidate, story: Story) -> list[float]:
    """Return the values of FEATURES for a pair, in their order; the order of the pair does not matter.

    Overlaps are weighted by rarity (inverse document frequency, Spärck Jones 1972).
    """
    shared = story.weight(a.term_set & b.term_set)
    weight_a, weight_b = story.weight(a.term_set), story.weight(b.term_set)
    lighter, union = min(weight_a, weight_b), weight_a + weight_b - shared
    phrases = min(story.phrase_weight(a.phrases), story.phrase_weight(b.phrases))
    return [
        shared / union if union else 0.0,
        shared / lighter if lighter else 0.0,
        math.log1p(shared),
        story.phrase_weight(a.phrases & b.phrases) / phrases if phrases else 0.0,
        min(longest_run(a.terms, b.terms), _RUN_CAP) / _RUN_CAP,
        _common_opening(a.terms, b.terms) / _OPENING,
        float(bool(a.numbers - b.numbers and b.numbers - a.numbers)),
        float(a.negated != b.negated),
        _KINSHIP[speaker_kinship(a, b)],
    ]


def speaker_kinship(a: Candidate, b: Candidate) -> str:
    """Return "same", "kindred" (one speaks for the other, or one is unresolved) or "different".

    A shorter name is the same speaker when it is a part of the longer one ("Merkel", "Angela Merkel").
    """
    if not a.speaker or not b.speaker:
        return "kindred"
    name_a, name_b = _name(a.speaker), _name(b.speaker)
    if name_a == name_b or name_a < name_b or name_b < name_a:
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
