"""Joining: which of an article's statements say the same, and which claim each of these groups carries."""

from collections import Counter, defaultdict, deque
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import product

from django.db import connection

from claims.matching import JOIN, PROPOSE, Candidate, Score, Story, assign, incompatible, rarest
from claims.matching.score import score_pairs
from claims.matching.terms import rarity
from claims.models import Claim, Statement
from claims.services.candidates import CJK_RUN, SAMPLE, same_words

#: An article repeats itself in other words only so far: two of its statements need this score to share a claim.
JOIN_WITHIN_ARTICLE = 0.9
#: A claim takes a second group of an article's statements from this link on.
JOIN_AGAIN = 0.35
#: A group that shares most with a claim, and has such a link with it, is not compared with others.
SURE = 0.95
#: Reports of the same article, and claims, that one is scored with: those that share most.
MOST_WITHIN, MOST_CLAIMS = 20, 5
#: Two reports that share less than this part of the lighter one's rarity are not worth a score.
WORTH_SCORING, WORTH_SCORING_WITHIN = 0.2, 0.5
#: Characters of a claim in a script without spaces.
FEWEST_CHARACTERS = 6
#: Statements of an article that tell what its story is about.
STORY_STATEMENTS = 60


@dataclass(frozen=True)
class Report:
    """A statement as others are compared with it.

    code: of its wording (see `candidates`); terms: the stems of its words; denies: its cue denies the content.
    """

    statement: int
    revision: int
    code: int
    said: Candidate
    terms: frozenset[str]
    denies: bool


@dataclass
class Group:
    """A claim with some of its reports, or reports that may found one."""

    reports: list[Report]
    claim: Claim | None = None
    barred: set[int] = field(default_factory=set)  # words that an editor has parted from the claim

    @property
    def sample(self) -> list[Report]:
        return self.reports[:SAMPLE]


@dataclass(frozen=True)
class Likeness:
    """A group that may carry a claim which it did not join, and how near it is."""

    group: Group
    claim: Group
    link: float
    nearest: Score


@dataclass(frozen=True)
class Joined:
    """groups: a new article's reports, each group with the claim it joins, where there is one; alike: near misses."""

    groups: list[Group]
    alike: list[Likeness]


def as_candidate(statement: Statement, published: date | None = None) -> Candidate:
    """Return what the scorer needs to know of a statement, whose speaker must be selected.

    published: the day of its article.
    """
    speaker = statement.speaker
    represents = speaker.represents.name if speaker is not None and speaker.represents is not None else ""
    return Candidate(statement.quote, speaker.name if speaker is not None else "", represents, published)


def as_report(statement: Statement, code: int, published: date | None) -> Report:
    """Return a statement, whose speaker must be selected, as others are compared with it."""
    said = as_candidate(statement, published)
    return Report(statement.pk, statement.revision_id, code, said, frozenset(statement.terms), statement.denies)


def claims_something(said: Candidate) -> bool:
    """Return whether a statement says more than what it is about; in a script without spaces, whether it is long."""
    characters = sum(map(len, CJK_RUN.findall(said.quote)))
    return characters >= FEWEST_CHARACTERS if characters else not said.names_a_subject_only


class Scores:
    """Pair scores, in the light of the two articles that a pair comes from."""

    def __init__(self) -> None:
        self._terms: dict[int, list[list[str]]] = {}
        self._stories: dict[tuple[int, int], Story] = {}
        self._found: dict[tuple[int, int], Score | None] = {}
        self._apart: dict[tuple[int, int], bool] = {}

    def fit(self, group: Group, claim: Group) -> bool:
        """Return whether no report of the one is incompatible with one of the other; no such pair is worth a score."""
        return not any(self._are_apart(a, b) for a, b in product(group.sample, claim.sample))

    def _are_apart(self, a: Report, b: Report) -> bool:
        key = _key(a, b)
        if key not in self._apart:
            self._apart[key] = incompatible(a.said, b.said)
        return self._apart[key]

    def score(self, pairs: Iterable[tuple[Report, Report]]) -> None:
        """Score those of `pairs` that have no score yet, all at once."""
        wanted: dict[tuple[int, int], tuple[Report, Report]] = {}
        for a, b in pairs:
            if _key(a, b) not in self._found:
                wanted[_key(a, b)] = (a, b)
        apart = {key for key, pair in wanted.items() if self._are_apart(*pair)}
        self._found.update(dict.fromkeys(apart))
        kept = {key: pair for key, pair in wanted.items() if key not in apart}
        self._load({report.revision for pair in kept.values() for report in pair})
        scores = score_pairs([(a.said, b.said, self._story(a, b)) for a, b in kept.values()])
        self._found.update(zip(kept, scores, strict=True))

    def value(self, a: Report, b: Report) -> float:
        """Return the score of a pair that was scored, 0.0 where it cannot carry one claim."""
        found = self._found[_key(a, b)]
        return found.value if found is not None else 0.0

    def nearest(self, report: Report, others: Iterable[Report]) -> Score | None:
        """Return the highest score that a report has with others, with its parts; None where none has been scored."""
        found = [found for other in others if (found := self._found.get(_key(report, other))) is not None]
        return max(found, key=lambda score: score.value, default=None)

    def _load(self, revisions: Collection[int]) -> None:
        lacking = sorted(set(revisions) - self._terms.keys())
        if not lacking:
            return
        self._terms |= {revision: [] for revision in lacking}
        with connection.cursor() as cursor:
            cursor.execute(_STORY_SQL, [lacking, STORY_STATEMENTS])
            for revision, words in cursor.fetchall():
                self._terms[revision].append(words)

    def _story(self, a: Report, b: Report) -> Story:
        first, second = sorted((a.revision, b.revision))
        if (first, second) not in self._stories:
            self._stories[first, second] = Story(words for pk in {first, second} for words in self._terms[pk])
        return self._stories[first, second]


_STORY_SQL = """
SELECT revision, story.terms FROM unnest(%s::bigint[]) AS sought (revision) CROSS JOIN LATERAL (
    SELECT terms FROM claims_statement
    WHERE revision_id = sought.revision AND withdrawn_at IS NULL
    ORDER BY start, id LIMIT %s
) AS story
"""


def _key(a: Report, b: Report) -> tuple[int, int]:
    return (a.statement, b.statement) if a.statement < b.statement else (b.statement, a.statement)


def join(
    new: Sequence[Report], claims: Mapping[int, Group], near: Mapping[int, Sequence[int]], scores: Scores
) -> Joined:
    """Group an article's reports and bring each group to a claim, where one is near enough.

    near: for each report's statement the claims that it may carry, by id, the likeliest first.

    First the reports that say the same within the article come together. Then each of these groups joins at most one
    claim and each claim takes at most one group, so that the sum of the links is largest (the assignment problem,
    Kuhn 1955): the nearest pair does not take a claim away from the report that has nowhere else to go. Two claims that
    exist are never joined by a machine.
    """
    groups = _within_article(new, scores)
    compared = {
        number: [claim_id for claim_id in _worth_scoring(group, claims, near) if scores.fit(group, claims[claim_id])]
        for number, group in enumerate(groups)
    }
    _score({number: found[:1] for number, found in compared.items()}, groups, claims, scores)
    for number, found in compared.items():
        if found and _link(groups[number], claims[found[0]], scores) >= SURE:
            compared[number] = found[:1]
    _score(compared, groups, claims, scores)
    links = {
        (number, claim_id): link
        for number, group in enumerate(groups)
        for claim_id in compared[number]
        if (link := _link(group, claims[claim_id], scores)) >= PROPOSE
    }
    near_enough = {pair: link for pair, link in links.items() if link >= JOIN}
    joined = dict(assign(near_enough))
    for number in sorted({number for number, _ in near_enough} - joined.keys()):
        # An outlet may report one claim twice, in a headline and below it.
        link, claim_id = max((link, claim_id) for (n, claim_id), link in near_enough.items() if n == number)
        if link >= JOIN_AGAIN:
            joined[number] = claim_id
    alike = []
    for (number, claim_id), link in links.items():
        group = claims[joined[number]] if number in joined else groups[number]
        if joined.get(number) != claim_id and (number not in joined or link >= JOIN):
            nearest = scores.nearest(groups[number].reports[0], claims[claim_id].sample)
            if nearest is not None:
                alike.append(Likeness(group, claims[claim_id], link, nearest))
    for number, claim_id in joined.items():
        claims[claim_id].reports += groups[number].reports
        groups[number] = claims[claim_id]
    return Joined(list({id(group): group for group in groups}.values()), alike)


def _score(
    compared: Mapping[int, Sequence[int]], groups: Sequence[Group], claims: Mapping[int, Group], scores: Scores
) -> None:
    """Score the reports of groups, by their numbers, with those of the claims they are compared with, all at once."""
    scores.score(
        pair
        for number, found in compared.items()
        for claim_id in found
        for pair in product(groups[number].sample, claims[claim_id].sample)
    )


def _within_article(new: Sequence[Report], scores: Scores) -> list[Group]:
    """Return an article's reports grouped where they all but repeat each other."""
    near: dict[int, list[Report]] = {}
    index = _Index()
    for report in new:
        near[report.statement] = [
            other for other in index.nearest(report) if shared(report.terms, other.terms) >= WORTH_SCORING_WITHIN
        ]
        index.add(report)
    scores.score((report, other) for report in new for other in near[report.statement])
    groups: list[Group] = []
    group_of: dict[int, Group] = {}
    for report in new:
        for other in near[report.statement]:
            group = group_of[other.statement]
            pairs = [(report, member) for member in group.sample]
            scores.score(pairs)
            if all(scores.value(*pair) >= JOIN_WITHIN_ARTICLE for pair in pairs):
                group.reports.append(report)
                break
        else:
            group = Group([report])
            groups.append(group)
        group_of[report.statement] = group
    return groups


class _Index:
    """The reports of one article by their words."""

    def __init__(self) -> None:
        # Of a word that all of them have, the last ones will do: the work grows with the article's length only.
        self._reports: dict[str, deque[Report]] = defaultdict(lambda: deque(maxlen=MOST_WITHIN))

    def add(self, report: Report) -> None:
        for word in report.terms:
            self._reports[word].append(report)

    def nearest(self, report: Report) -> list[Report]:
        """Return the reports that share rare words with one, those that share most first, MOST_WITHIN at most."""
        found = Counter(other for word in rarest(report.terms) for other in self._reports.get(word, ()))
        ranked = sorted(found.items(), key=lambda row: (-row[1], row[0].statement))
        return [other for other, _ in ranked[:MOST_WITHIN]]


def _worth_scoring(group: Group, claims: Mapping[int, Group], near: Mapping[int, Sequence[int]]) -> list[int]:
    """Return the claims that share most words with a group, MOST_CLAIMS at most."""
    likely = {claim_id for report in group.sample for claim_id in near.get(report.statement, ()) if claim_id in claims}
    words = {same_words(report.code) for report in group.reports}
    found = []
    for claim_id in sorted(likely):
        claim = claims[claim_id]
        if not words & claim.barred:
            part = max(shared(a.terms, b.terms) for a, b in product(group.sample, claim.sample))
            if part >= WORTH_SCORING:
                found.append((part, claim_id))
    return [claim_id for _, claim_id in sorted(found, key=lambda row: (-row[0], row[1]))[:MOST_CLAIMS]]


def shared(a: frozenset[str], b: frozenset[str]) -> float:
    """Return how much of the lighter one's rarity two sets of stems share, 0.0 to 1.0."""
    lighter = min(sum(map(rarity, a)), sum(map(rarity, b)))
    return sum(map(rarity, a & b)) / lighter if lighter else 0.0


def _link(group: Group, claim: Group, scores: Scores) -> float:
    """Return how near a group is to a claim, 0.0 where they must stay apart.

    The mean of the pair scores (average linkage, Sokal & Michener 1958): A=B and B=C do not pull in a C unlike A.
    """
    values = []
    for x, y in product(group.sample, claim.sample):
        value = scores.value(x, y)
        # One pair that cannot be the same keeps all apart: no name fits two people of that name.
        if not value or (x.revision == y.revision and value < JOIN_WITHIN_ARTICLE):
            return 0.0
        values.append(value)
    return sum(values) / len(values) if values else 0.0
