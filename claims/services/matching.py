"""Matching: the statements of a newly read revision join claims, or found new ones."""

import logging
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta

import pghistory
from django.conf import settings
from django.db import connection, transaction
from django.db.models import Q

from claims.matching import JOIN, MATCHER_VERSION, Candidate, Score, Story, assign, incompatible, rarest, score
from claims.models import Attribution, Claim, Extraction, Statement
from claims.services.claims import add_reports, create_claims, refresh_sentences, report
from claims.services.summaries import refresh_corroboration
from claims.services.topics import assign_topics
from claims.wording import turned_round
from sources.models import Revision

logger = logging.getLogger(__name__)

#: Statements published further apart than this are not taken for reports of the same saying.
WINDOW = timedelta(days=30)
#: An article repeats itself in other words only so far: two of its statements need this score to share a claim.
JOIN_WITHIN_ARTICLE = 0.9
#: A claim takes a second group of an article's statements from this link on.
JOIN_AGAIN = 0.6
#: Claims, or groups of the same article, that one group of statements is compared with.
MOST_COMPARED = 50
#: One matcher at a time: two articles with the same new claim, matched at once, would found it twice.
MATCHING_LOCK = 0x5EC0_4D50


@dataclass
class _Group:
    """A claim with its statements, or statements that may found one."""

    statements: list[Statement]
    claim: Claim | None = None
    barred: set[int] = field(default_factory=set)  # statements that an editor has rejected for the claim


def match_next_revision() -> bool:
    """Match the statements of one revision that has been read; False when there is none, or another worker matches.

    The attempt is counted first, so a revision that kills its worker is given up after IMPORT_MAX_ATTEMPTS.
    """
    with transaction.atomic():
        extraction = (
            Extraction.objects.filter(state=Extraction.State.EXTRACTED)
            .select_for_update(skip_locked=True)
            .order_by("match_attempts", "pk")
            .first()
        )
        if extraction is None:
            return False
        if extraction.match_attempts >= settings.IMPORT_MAX_ATTEMPTS:
            extraction.state = Extraction.State.FAILED
            extraction.reason = f"Matching was given up after {extraction.match_attempts} attempts."
            extraction.save(update_fields=["state", "reason", "updated_at"])
            logger.error("matching failed revision=%s", extraction.revision_id)
            return True
        extraction.match_attempts += 1
        extraction.save(update_fields=["match_attempts", "updated_at"])
    match_revision(extraction.revision_id)
    return True


def match_revision(revision_id: int) -> list[Claim]:
    """Bring each unmatched statement of a revision to a claim and return the claims that changed.

    Statements that an article denies having heard ("did not say"), and those that only name what was spoken of, carry
    no claim.
    """
    with transaction.atomic(), pghistory.context(method=MATCHER_VERSION):
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [MATCHING_LOCK])
        if not Extraction.objects.filter(revision=revision_id, state=Extraction.State.EXTRACTED).exists():
            return []  # another worker did it while this one waited for the lock
        revision = Revision.objects.select_related("article").get(pk=revision_id)
        new = [
            statement
            for statement in Statement.objects.standing()
            .filter(revision=revision, negated=False, attributions=None)
            .select_related("speaker__represents", "revision__article")
            .order_by("start", "pk")
            if not as_candidate(statement).names_a_subject_only
        ]
        neighbours = _neighbours(revision, new)
        scores = _Scores([revision.pk, *(s.revision_id for group in neighbours for s in group.statements)])
        changed = _store(_join(new, neighbours, scores), new, scores)
        superseded = Claim.objects.filter(attributions__statement__revision__article=revision.article_id)
        claim_ids = {claim.pk for claim in changed} | set(superseded.values_list("pk", flat=True))
        refresh_sentences(changed)
        assign_topics(claim.pk for claim in changed)
        refresh_corroboration(claim_ids)
        Extraction.objects.filter(revision=revision, state=Extraction.State.EXTRACTED).update(
            state=Extraction.State.MATCHED
        )
    logger.info("matched revision=%s statements=%d claims=%d", revision_id, len(new), len(changed))
    return changed


def _neighbours(revision: Revision, new: list[Statement]) -> list[_Group]:
    """Return the claims that have a statement which shares a rare word with a new one, and was published nearby."""
    words = {word for statement in new for word in rarest(statement.terms)}
    near = Q()
    if (published := revision.article.published_at) is not None:
        near = Q(statement__revision__article__published_at=None) | Q(
            statement__revision__article__published_at__range=(published - WINDOW, published + WINDOW)
        )
    claim_ids = (
        Attribution.objects.counted()
        .filter(near, statement__terms__overlap=sorted(words), claim__merged_into=None)
        .values_list("claim_id", flat=True)
        .distinct()
    )
    groups: dict[int, _Group] = {}
    attributions = (
        Attribution.objects.standing()
        .filter(claim__in=list(claim_ids))
        .select_related("claim", "statement__speaker__represents", "statement__revision__article")
        .order_by("pk")
    )
    for attribution in attributions:
        group = groups.setdefault(attribution.claim_id, _Group([], claim=attribution.claim))
        if attribution.is_counted:
            group.statements.append(attribution.statement)
        else:
            group.barred.add(attribution.statement_id)
    return list(groups.values())


class _Scores:
    """Pair scores, in the light of the two articles that a pair comes from."""

    def __init__(self, revision_ids: Iterable[int]) -> None:
        self._terms: dict[int, list[list[str]]] = defaultdict(list)
        for revision_id, terms in Statement.objects.filter(
            revision__in=set(revision_ids), withdrawn_at=None
        ).values_list("revision_id", "terms"):
            self._terms[revision_id].append(terms)
        self._stories: dict[tuple[int, int], Story] = {}
        self._values: dict[tuple[int, int], float] = {}
        self._candidates: dict[int, Candidate] = {}

    def value(self, a: Statement, b: Statement) -> float:
        """Return the score of a pair, 0.0 where it cannot carry one claim; each is computed once."""
        key = (min(a.pk, b.pk), max(a.pk, b.pk))
        if key not in self._values:
            apart = incompatible(self._candidate(a), self._candidate(b))
            self._values[key] = 0.0 if apart else self.explained(a, b).value
        return self._values[key]

    def explained(self, a: Statement, b: Statement) -> Score:
        """Return the score of a pair with its parts."""
        return score(self._candidate(a), self._candidate(b), self._story(a, b))

    def _story(self, a: Statement, b: Statement) -> Story:
        first, second = sorted((a.revision_id, b.revision_id))
        if (first, second) not in self._stories:
            revisions = {first, second}
            self._stories[first, second] = Story(terms for pk in revisions for terms in self._terms[pk])
        return self._stories[first, second]

    def _candidate(self, statement: Statement) -> Candidate:
        if statement.pk not in self._candidates:
            self._candidates[statement.pk] = as_candidate(statement)
        return self._candidates[statement.pk]


def as_candidate(statement: Statement) -> Candidate:
    """Return what the scorer needs to know of a statement, whose speaker must be selected."""
    speaker = statement.speaker
    represents = speaker.represents.name if speaker is not None and speaker.represents is not None else ""
    return Candidate(statement.quote, speaker.name if speaker is not None else "", represents)


def _join(new: list[Statement], claims: list[_Group], scores: _Scores) -> list[_Group]:
    """Return the new statements' groups, each with the claim it joins, where there is one.

    First the statements that say the same within the article come together. Then each of these groups joins at most
    one claim and each claim takes at most one group, so that the sum of the links is largest (the assignment problem,
    Kuhn 1955): the nearest pair does not take a claim away from the statement that has nowhere else to go. Two claims
    that exist are never joined by a machine.
    """
    groups = _within_article(new, scores)
    index = _Index()
    for number, claim in enumerate(claims):
        index.add(number, claim.statements)
    links = {}
    for number, group in enumerate(groups):
        for other in index.nearest(group.statements):
            if (link := _link(group, claims[other], scores)) >= JOIN:
                links[number, other] = link
    joined = dict(assign(links))
    for number in sorted({number for number, _ in links} - joined.keys()):
        # An outlet may report one claim twice, in a headline and below it.
        link, other = max((link, other) for (n, other), link in links.items() if n == number)
        if link >= JOIN_AGAIN:
            joined[number] = other
    for number, other in joined.items():
        claims[other].statements += groups[number].statements
        groups[number] = claims[other]
    return list({id(group): group for group in groups}.values())


def _within_article(new: list[Statement], scores: _Scores) -> list[_Group]:
    """Return an article's statements grouped where they all but repeat each other."""
    groups: list[_Group] = []
    index = _Index()
    for statement in new:
        for number in index.nearest([statement]):
            others = groups[number].statements
            if all(scores.value(statement, other) >= JOIN_WITHIN_ARTICLE for other in others):
                others.append(statement)
                break
        else:
            index.add(len(groups), [statement])
            groups.append(_Group([statement]))
    return groups


class _Index:
    """Groups by the words of their statements."""

    def __init__(self) -> None:
        self._groups: dict[str, list[int]] = defaultdict(list)

    def add(self, number: int, statements: Iterable[Statement]) -> None:
        for word in {word for statement in statements for word in statement.terms}:
            self._groups[word].append(number)

    def nearest(self, statements: Iterable[Statement]) -> list[int]:
        """Return the groups that share a rare word with `statements`, those that share most first.

        They are MOST_COMPARED at most: the bound keeps the work for an article in proportion to its length, whatever
        it repeats.
        """
        words = {word for statement in statements for word in rarest(statement.terms)}
        shared = Counter(number for word in words for number in self._groups[word])
        return [number for number, _ in sorted(shared.items(), key=lambda row: (-row[1], row[0]))[:MOST_COMPARED]]


def _link(group: _Group, claim: _Group, scores: _Scores) -> float:
    """Return how near a group is to a claim, 0.0 where they must stay apart.

    The mean of the pair scores (average linkage, Sokal & Michener 1958): A=B and B=C do not pull in a C unlike A.
    """
    if any(statement.pk in claim.barred for statement in group.statements):
        return 0.0
    values = []
    for x in group.statements:
        for y in claim.statements:
            value = scores.value(x, y)
            # One pair that cannot be the same keeps all apart: no name fits two people of that name.
            if not value or (x.revision_id == y.revision_id and value < JOIN_WITHIN_ARTICLE):
                return 0.0
            values.append(value)
    return sum(values) / len(values) if values else 0.0


def _store(groups: list[_Group], new: list[Statement], scores: _Scores) -> list[Claim]:
    """Make the claims of groups that have none, attribute the new statements to their claims, return the claims."""
    founders = [group.statements[0] for group in groups if group.claim is None]
    founded = iter(create_claims(founders))
    unmatched = {statement.pk for statement in new} - {founder.pk for founder in founders}
    claims, reports = [], []
    for group in groups:
        claim = group.claim or next(founded)
        claims.append(claim)
        settled = [statement for statement in group.statements if statement.pk not in unmatched]
        for statement in group.statements:
            if statement.pk in unmatched:
                nearest = max((scores.explained(statement, other) for other in settled), key=lambda found: found.value)
                stance = Attribution.Stance.AFFIRMS if _agree(settled[0], statement) else Attribution.Stance.DENIES
                reports.append(report(claim, statement, score=nearest.value, sub_scores=nearest.parts, stance=stance))
    add_reports(reports)
    return claims


def _agree(a: Statement, b: Statement) -> bool:
    """Return whether two statements say the same rather than the opposite.

    Two reports of a denial agree with each other; a denial and an assertion do not, nor do words and their negation.
    """
    return (a.denies != b.denies) == turned_round(a.quote, b.quote)
