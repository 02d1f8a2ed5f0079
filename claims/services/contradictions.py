"""Proposals for editors: claims that contradict each other, and reports that somebody did not say what a claim has."""

import logging
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import product
from typing import Any

from django.db.models import F, Q, QuerySet

from claims.contradictions import Contradiction, Said, contradiction, denies
from claims.matching import MATCHER_VERSION
from claims.matching.terms import rarity
from claims.models import Attribution, Claim, ClaimLink, Statement
from claims.services.candidates import WINDOW, find_claims, sample_reports
from claims.services.claims import add_reports, report
from claims.services.queue import refresh_reviews
from claims.services.summaries import refresh_corroboration
from sources.models import DecisionStatus

logger = logging.getLogger(__name__)

#: Claims that one is compared with, and reports of each of the two.
MOST_COMPARED, MOST_REPORTS = 20, 3
#: Statements of "did not say" that are looked through for the speakers of the claims, the latest first.
MOST_NEGATED = 200
#: Two statements that share less of the lighter one's rarity than this are not worth aligning.
WORTH_ALIGNING = 0.6


Pair = tuple[int, int]


@dataclass(frozen=True)
class _Report:
    """A statement as others are compared with it."""

    statement: Statement
    said: Said
    article: int

    @classmethod
    def of(cls, statement: Any) -> "_Report":
        """Return the report of a statement of `_statements`."""
        published = statement.published_at.date() if statement.published_at else None
        return cls(statement, Said(statement.quote, statement.denies, published), statement.article)

    @property
    def speaker(self) -> int | None:
        return self.statement.speaker_id


def propose_contradictions(
    claim_ids: Iterable[int], *, revision_id: int | None = None, near: Mapping[int, Sequence[int]] | None = None
) -> int:
    """Propose what contradicts claims that matching has changed; return how many links and denials are proposed anew.

    Links join claims of one speaker that cannot both hold. Denials are reports that the speaker did not say what a
    claim has: any report of these claims, and with `revision_id`, those that this revision has of any claim. What an
    editor decided stays; a proposal that no longer follows goes. The number of queries grows with the days on which
    the claims were published, not with the claims.

    near: by statement of these claims, what `find_claims` gave for it, where that is known already.
    """
    changed = set(claim_ids)
    reports = _reports(changed)
    if near is not None:
        reports |= _with_new(reports, near)
    negated = _negated_in(revision_id) if revision_id is not None else []
    sought = [rows[0] for rows in reports.values() if near is None or rows[0].statement.pk not in near]
    near = {**(near or {}), **_near([*sought, *negated])}
    stored = set(
        ClaimLink.objects.filter(
            Q(claim__in=changed) | Q(other__in=changed), kind=ClaimLink.Kind.CONTRADICTS, status=DecisionStatus.PROPOSED
        ).values_list("claim_id", "other_id")
    )
    # Only claims of the same speakers are read further.
    found = {claim for claims in (*(row[:MOST_COMPARED] for row in near.values()), *stored) for claim in claims}
    speakers = dict(
        Claim.objects.standing()
        .filter(pk__in=found | changed, speaker__isnull=False)
        .order_by()
        .values_list("pk", "speaker_id")
    )
    speaking = {speakers[claim] for claim in changed & speakers.keys()} | {said.speaker for said in negated}
    reports |= _reports({claim for claim in found - changed if speakers.get(claim) in speaking})
    pairs = stored | {
        (min(claim, other), max(claim, other))
        for claim in changed & reports.keys()
        for other in near[reports[claim][0].statement.pk][:MOST_COMPARED]
        if other != claim
    }
    one_speaker = [(a, b) for a, b in pairs if a in speakers and speakers[a] == speakers.get(b)]
    links = _contradicting(one_speaker, reports)
    denials = [
        (claim, said) for said in negated for claim in near[said.statement.pk] if speakers.get(claim) == said.speaker
    ]
    earlier = _negated_before({speakers[claim] for claim in changed & speakers.keys()}, reports)
    denials += [(claim, said) for said in earlier for claim in changed if speakers.get(claim) == said.speaker]
    return _store_links(links, stored) + _store_denials(denials, reports)


def _statements() -> "QuerySet[Any]":
    """Return statements that stand, with their speaker, `article` (its id) and `published_at`."""
    return (
        Statement.objects.standing()
        .select_related("speaker")
        .annotate(published_at=F("revision__article__published_at"), article=F("revision__article"))
        .order_by("pk")
    )


def _reports(claim_ids: Collection[int]) -> dict[int, list[_Report]]:
    """Return the first affirming reports of each claim, in different words; claims that have none are left out."""
    sample = sample_reports(claim_ids)
    affirming = set(
        Attribution.objects.affirming()
        .filter(claim__in=claim_ids, statement__in={statement for _, statement in sample})
        .values_list("claim_id", "statement_id")
    )
    statements = {s.pk: s for s in _statements().filter(pk__in={statement for _, statement in sample})}
    reports: dict[int, list[_Report]] = defaultdict(list)
    for claim, statement in sample:
        if (claim, statement) in affirming and statement in statements and len(reports[claim]) < MOST_REPORTS:
            reports[claim].append(_Report.of(statements[statement]))
    return {claim: rows for claim, rows in reports.items() if rows}


def _with_new(reports: Mapping[int, Sequence[_Report]], near: Mapping[int, Sequence[int]]) -> dict[int, list[_Report]]:
    """Return the reports of claims that the statements of `near` affirm, the one of these first."""
    affirming = Attribution.objects.counted().affirming().filter(claim__in=reports, statement__in=near)
    newest = dict(affirming.order_by("-pk").values_list("claim_id", "statement_id"))
    statements = {statement.pk: statement for statement in _statements().filter(pk__in=newest.values())}
    return {
        claim: [_Report.of(statements[pk]), *(found for found in reports[claim] if found.statement.pk != pk)]
        for claim, pk in newest.items()
        if pk in statements
    }


def _negated_in(revision_id: int) -> list[_Report]:
    """Return what an article says that somebody did not say, and what carries no claim yet."""
    rows = _statements().filter(revision=revision_id, negated=True, speaker__isnull=False, attributions=None)
    return [_Report.of(statement) for statement in rows]


def _negated_before(speakers: Collection[int], reports: Mapping[int, Sequence[_Report]]) -> list[_Report]:
    """Return what some speakers are said not to have said, around the days of the reports, the latest first."""
    days = [report.said.published for rows in reports.values() for report in rows if report.said.published]
    if not speakers or not days:
        return []
    rows = _statements().filter(
        negated=True,
        speaker__in=speakers,
        attributions=None,
        published_at__date__range=(min(days) - WINDOW, max(days) + WINDOW),
    )
    return [_Report.of(statement) for statement in rows.order_by("-pk")[:MOST_NEGATED]]


def _near(reports: Iterable[_Report]) -> dict[int, list[int]]:
    """Return, by statement, claims that share its words, those that share most first; one query a day."""
    by_day: dict[date | None, list[Statement]] = defaultdict(list)
    for found in reports:
        by_day[found.said.published].append(found.statement)
    near: dict[int, list[int]] = {}
    for day, statements in by_day.items():
        near |= {pk: claims[:MOST_COMPARED] for pk, claims in find_claims(statements, day).items()}
    return near


def _contradicting(pairs: Iterable[Pair], reports: Mapping[int, Sequence[_Report]]) -> dict[Pair, Contradiction]:
    """Return the pairs of claims that contradict each other, and why."""
    likely = {
        (a, b): found
        for a, b in pairs
        if (found := [(x, y) for x, y in product(reports.get(a, ()), reports.get(b, ())) if _worth_aligning(x, y)])
    }
    stories = _stories({report.article for found in likely.values() for pair in found for report in pair})
    links: dict[Pair, Contradiction] = {}
    for pair, found in likely.items():
        contradictions = (
            contradiction(x.said, y.said, same_story=bool((stories[x.article] & stories[y.article]) - set(pair)))
            for x, y in found
        )
        strongest = max(filter(None, contradictions), key=lambda c: c.score, default=None)
        if strongest is not None:
            links[pair] = strongest
    return links


def _worth_aligning(a: _Report, b: _Report) -> bool:
    """Whether two statements share enough words; those of one article are one outlet's account, and not compared."""
    terms_a, terms_b = set(a.statement.terms), set(b.statement.terms)
    shared, lighter = _rarity(terms_a & terms_b), min(_rarity(terms_a), _rarity(terms_b))
    return a.article != b.article and shared > 0 and shared >= WORTH_ALIGNING * lighter


def _rarity(terms: Iterable[str]) -> float:
    return sum(rarity(term) for term in terms if not term[:1].isdigit())


def _stories(articles: Collection[int]) -> dict[int, set[int]]:
    """Return the claims of each article."""
    stories: dict[int, set[int]] = {article: set() for article in articles}
    rows = Attribution.objects.counted().filter(statement__revision__article__in=articles)
    for article, claim in rows.values_list("statement__revision__article", "claim_id"):
        stories[article].add(claim)
    return stories


def _store_links(links: Mapping[Pair, Contradiction], stored: Collection[Pair]) -> int:
    """Store new proposals and drop those of `stored` that no longer follow; return how many are new."""
    gone = [pair for pair in stored if pair not in links]
    for first, second in gone:
        ClaimLink.objects.filter(
            claim=first, other=second, kind=ClaimLink.Kind.CONTRADICTS, status=DecisionStatus.PROPOSED
        ).delete()
    known = set(
        ClaimLink.objects.filter(
            kind=ClaimLink.Kind.CONTRADICTS,
            claim__in={first for first, _ in links},
            other__in={second for _, second in links},
        ).values_list("claim_id", "other_id")
    )
    new = ClaimLink.objects.bulk_create(
        ClaimLink(
            claim_id=first,
            other_id=second,
            kind=ClaimLink.Kind.CONTRADICTS,
            reason=found.reason,
            score=found.score,
            sub_scores=found.parts,
            method=MATCHER_VERSION,
        )
        for (first, second), found in links.items()
        if (first, second) not in known
    )
    if new or gone:
        refresh_reviews({end for pair in (*gone, *links) for end in pair})
        logger.info("contradictions proposed=%d dropped=%d", len(new), len(gone))
    return len(new)


def _store_denials(candidates: Iterable[tuple[int, _Report]], reports: Mapping[int, Sequence[_Report]]) -> int:
    """Store reports that deny a claim, each of the one that it denies most surely; return how many."""
    surest: dict[int, tuple[float, int, _Report]] = {}
    for claim, negated in candidates:
        sure = max((denies(negated.said, found.said) for found in reports.get(claim, ())), default=0.0)
        if sure > surest.get(negated.statement.pk, (0.0, 0, negated))[0]:
            surest[negated.statement.pk] = (sure, claim, negated)
    claims = Claim.objects.in_bulk({claim for _, claim, _ in surest.values()})
    add_reports(
        report(
            claims[claim],
            negated.statement,
            score=min(1.0, sure),
            sub_scores={"in_common": sure},
            stance=Attribution.Stance.DENIES,
        )
        for sure, claim, negated in surest.values()
    )
    refresh_corroboration(claims)
    return len(surest)
