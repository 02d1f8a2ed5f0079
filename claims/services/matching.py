"""Matching: the statements of a newly read revision join claims, or found new ones."""

import logging
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import date

import pghistory
from django.conf import settings
from django.db import transaction

from claims.contradictions import Said, opposed
from claims.extraction.foreign import detect
from claims.matching import MATCHER_VERSION, Candidate, Score
from claims.models import Attribution, Claim, ComparisonDue, Extraction, Statement
from claims.querysets import NOT_COUNTED
from claims.services.candidates import (
    find_claims,
    index_statements,
    same_words,
    sample_reports,
    wording_code,
)
from claims.services.claims import add_reports, create_claims, report
from claims.services.comparing import compare_next_revision
from claims.services.joining import Group, Report, Scores, as_report, claims_something, join
from claims.services.locks import hold_matching
from claims.services.proposals import propose_same
from claims.services.renewing import AT_ONCE, renew_next_revisions
from sources.models import Revision

logger = logging.getLogger(__name__)

#: Claims that each statement is compared with by all its words: those that share most of the words it is found by.
MOST_NEAR = 8
#: The score of a statement that says what another one of its article says, word by word.
SAME_WORDS = Score(1.0, {"same_words": 1.0})


def match_next_revision() -> bool:
    """Match the statements of one revision that has been read; False when there is none, or another worker matches.

    The attempt is counted first, so a revision that kills its worker is given up after IMPORT_MAX_ATTEMPTS. When none
    is left, or some have been matched, the claims of those that were are renewed instead; after that, compared.
    """
    return renew_next_revisions(at_least=AT_ONCE) or _match_next() or renew_next_revisions() or compare_next_revision()


def _match_next() -> bool:
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


def is_work_left() -> bool:
    """Whether a revision waits to be matched, or its claims to be compared."""
    return Extraction.objects.filter(state=Extraction.State.EXTRACTED).exists() or ComparisonDue.objects.exists()


def match_revision(revision_id: int) -> list[Claim]:
    """Bring each unmatched statement of a revision to a claim and return the claims that changed.

    What follows from their reports is left to `renew_claims`. Statements that an article denies having heard ("did not
    say"), and those that only name what was spoken of, carry no claim. The number of queries does not depend on the
    number of statements, here or stored.
    """
    with transaction.atomic(), pghistory.context(method=MATCHER_VERSION):
        hold_matching()
        if not Extraction.objects.filter(revision=revision_id, state=Extraction.State.EXTRACTED).exists():
            return []  # another worker did it while this one waited for the lock
        revision = Revision.objects.select_related("article").defer("text").get(pk=revision_id)
        published_at = revision.article.published_at
        published = published_at.date() if published_at else None
        standing = list(
            Statement.objects.standing()
            .filter(revision=revision)
            .select_related("speaker__represents", "revision__article")
            .defer("revision__text")
            .order_by("start", "pk")
        )
        language = revision.article.language[:2].lower() or detect(" ".join(s.quote for s in standing))
        codes = index_statements(standing, published, language)
        matched = set(Attribution.objects.filter(statement__in=codes).values_list("statement", flat=True))
        new = _Unmatched([s for s in standing if not s.negated and s.pk not in matched], codes, published)
        found = find_claims([new.statements[report.statement] for report in new.reports], published)
        near = {statement: claim_ids[:MOST_NEAR] for statement, claim_ids in found.items()}
        claims = _load_claims({claim_id for claim_ids in near.values() for claim_id in claim_ids})
        scores = Scores()
        joined = join(new.reports, claims, near, scores)
        changed = _store(joined.groups, new, scores)
        propose_same(joined.alike)
        ComparisonDue.objects.bulk_create(
            [ComparisonDue(revision=revision)],
            update_conflicts=True,
            unique_fields=["revision"],
            update_fields=["renewed", "attempts"],
        )
        Extraction.objects.filter(revision=revision, state=Extraction.State.EXTRACTED).update(
            state=Extraction.State.MATCHED
        )
    logger.info("matched revision=%s statements=%d claims=%d", revision_id, len(new.statements), len(changed))
    return changed


class _Unmatched:
    """The statements of an article that carry no claim yet, and one report for all that say the same words."""

    def __init__(self, statements: Iterable[Statement], codes: Mapping[int, int], published: date | None) -> None:
        self.statements: dict[int, Statement] = {}
        self.of_code: dict[int, list[Statement]] = defaultdict(list)
        self.reports: list[Report] = []
        for statement in statements:
            code = codes[statement.pk]
            if code not in self.of_code:
                found = as_report(statement, code, published)
                if not claims_something(found.said):
                    continue
                self.reports.append(found)
            self.statements[statement.pk] = statement
            self.of_code[code].append(statement)


def _load_claims(claim_ids: Collection[int]) -> dict[int, Group]:
    """Return claims with a sample of their reports, and the words that an editor has parted from them."""
    claims = Claim.objects.in_bulk(claim_ids)
    groups = {claim_id: Group([], claim=claim) for claim_id, claim in claims.items()}
    sample = sample_reports(claim_ids)
    reports = _load_reports([statement_id for _, statement_id in sample])
    for claim_id, statement_id in sample:
        groups[claim_id].reports.append(reports[statement_id])
    parted = Attribution.objects.filter(claim__in=claim_ids, status__in=NOT_COUNTED)
    for claim_id, code in parted.values_list("claim_id", "statement__wording__code"):
        if code is not None:
            groups[claim_id].barred.add(same_words(code))
    return {claim_id: group for claim_id, group in groups.items() if group.reports}


def _load_reports(statement_ids: Collection[int]) -> dict[int, Report]:
    """Return statements as others are compared with them, by id; as plain values, since there may be hundreds."""
    rows = Statement.objects.filter(pk__in=statement_ids).values_list(
        *("pk", "revision", "quote", "terms", "denies", "speaker", "speaker__name", "speaker__represents__name"),
        "revision__article__published_at",
    )
    reports = {}
    for pk, revision, quote, terms, denies, speaker, name, represents, published_at in rows:
        published = published_at.date() if published_at else None
        said = Candidate(quote, name or "", represents or "", published)
        code = wording_code(speaker, quote, published)
        reports[pk] = Report(pk, revision, code, said, frozenset(terms), denies)
    return reports


def _store(groups: list[Group], new: _Unmatched, scores: Scores) -> list[Claim]:
    """Make the claims of groups that have none, attribute the new statements to their claims, return the claims."""
    founding = [group for group in groups if group.claim is None]
    founders = [new.statements[group.reports[0].statement] for group in founding]
    for group, claim in zip(founding, create_claims(founders), strict=True):
        group.claim = claim
    unmatched = new.statements.keys() - {founder.pk for founder in founders}
    reports = []
    claims = [group.claim for group in groups if group.claim is not None]
    for group, claim in zip(groups, claims, strict=True):
        settled = [found for found in group.sample if found.statement not in unmatched]
        for found in group.reports:
            joining = [statement for statement in new.of_code.get(found.code, ()) if statement.pk in unmatched]
            if not joining or found.statement not in new.statements:
                continue
            stance = Attribution.Stance.AFFIRMS if _agree(settled[0], found) else Attribution.Stance.DENIES
            nearest = scores.nearest(found, settled) or SAME_WORDS
            reports += [
                report(claim, statement, score=nearest.value, sub_scores=nearest.parts, stance=stance)
                for statement in joining
            ]
    add_reports(reports)
    return claims


def _agree(a: Report, b: Report) -> bool:
    """Return whether two reports say the same rather than the opposite."""
    return a is b or not opposed(Said(a.said.quote, a.denies), Said(b.said.quote, b.denies))
