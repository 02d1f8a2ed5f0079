"""Claims whose reports, or whose likenesses, contradict each other: found here, shown to editors, settled by them."""

import logging
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

import pghistory
from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from claims import conflicts
from claims.models import Attribution, Claim, ClaimConflict, ClaimLink
from claims.querysets import COUNTED, ClaimLinkQuerySet
from claims.services.queue import refresh_reviews
from sources.models import DecisionStatus

logger = logging.getLogger(__name__)

#: Links of one claim, and pairs that are apart, that a page looks at.
MOST_LINKS = 500


def refresh_conflicts(claim_ids: Iterable[int]) -> int:
    """Bring the stored conflicts of claims in line with their counted reports; return how many are open.

    What an editor settled stays settled: the same difference is not shown again, whichever reports have it then.
    """
    found: dict[tuple[int, str, str], conflicts.Conflict] = {
        (claim_id, conflict.reason, conflict.detail): conflict
        for claim_id, reports in _reports(set(claim_ids)).items()
        for conflict in conflicts.conflicts(reports)
    }
    stored: dict[tuple[int, str, str], ClaimConflict] = {
        (row.claim_id, row.reason, row.detail): row
        for row in ClaimConflict.objects.filter(claim__in=set(claim_ids)).order_by("pk")
    }
    gone = [row.pk for key, row in stored.items() if key not in found and row.settled_at is None]
    ClaimConflict.objects.filter(pk__in=gone).delete()
    moved = []
    for key in stored.keys() & found.keys():
        row, conflict = stored[key], found[key]
        if (row.statement_id, row.other_id) != (conflict.statement, conflict.other):
            row.statement_id, row.other_id = conflict.statement, conflict.other
            moved.append(row)
    ClaimConflict.objects.bulk_update(moved, ["statement", "other"])
    new = [
        ClaimConflict(
            claim_id=claim_id, statement_id=conflict.statement, other_id=conflict.other, reason=reason, detail=detail
        )
        for (claim_id, reason, detail), conflict in found.items()
        if (claim_id, reason, detail) not in stored
    ]
    ClaimConflict.objects.bulk_create(new, ignore_conflicts=True)
    return len(new) + sum(stored[key].settled_at is None for key in stored.keys() & found.keys())


def _reports(claim_ids: set[int]) -> dict[int, list[conflicts.Report]]:
    """Return the affirming reports that count, by claim, with what their statements carry beside it."""
    rows = list(
        Attribution.objects.counted()
        .affirming()
        .filter(claim__in=claim_ids)
        .order_by("pk")
        .values_list("claim_id", "statement_id", "statement__quote", "statement__speaker__name")
    )
    carries: dict[int, set[int]] = defaultdict(set)
    parted: dict[int, set[int]] = defaultdict(set)
    elsewhere = Attribution.objects.filter(statement__in={statement for _, statement, _, _ in rows})
    for statement, claim, status in elsewhere.values_list("statement_id", "claim_id", "status"):
        if status in COUNTED:
            carries[statement].add(claim)
        elif status == DecisionStatus.REJECTED:
            parted[statement].add(claim)
    reports: dict[int, list[conflicts.Report]] = defaultdict(list)
    for claim, statement, quote, speaker in rows:
        reports[claim].append(
            conflicts.Report(
                statement,
                quote,
                speaker or "",
                frozenset(carries[statement] - {claim}),
                frozenset(parted[statement] - {claim}),
            )
        )
    return reports


def settle_conflict(conflict: ClaimConflict, *, by: User) -> ClaimConflict:
    """Record that the two reports are the same after all, whatever differs; settled twice, the first one stands."""
    with transaction.atomic(), pghistory.context(user=by.pk, decision="settle"):
        locked = ClaimConflict.objects.select_for_update(of=("self",)).select_related("claim").get(pk=conflict.pk)
        if locked.settled_at is None:
            locked.settled_by, locked.settled_at = by, timezone.now()
            locked.save(update_fields=["settled_by", "settled_at"])
            refresh_reviews([locked.claim_id])
            logger.info("settled conflict=%s claim=%s", locked.pk, locked.claim_id)
    return locked


def reopen_conflict(conflict: ClaimConflict, *, by: User) -> ClaimConflict:
    """Undo that a conflict was settled, by whomever; one that is open stays so."""
    with transaction.atomic(), pghistory.context(user=by.pk, decision="undo"):
        locked = ClaimConflict.objects.select_for_update(of=("self",)).select_related("claim").get(pk=conflict.pk)
        if locked.settled_at is not None:
            locked.settled_by, locked.settled_at = None, None
            locked.save(update_fields=["settled_by", "settled_at"])
            # What was found may be found no more.
            refresh_conflicts([locked.claim_id])
            refresh_reviews([locked.claim_id])
            logger.info("reopened conflict=%s claim=%s", locked.pk, locked.claim_id)
    return locked


@dataclass(frozen=True)
class ChainedClaims:
    """Two claims that are not the same, and why, though both are proposed as the same as `middle`."""

    middle: Claim
    claim: Claim
    other: Claim
    apart: ClaimLink

    @property
    def ends(self) -> tuple[Claim, Claim]:
        return self.claim, self.other


def chained_claims(claim: Claim) -> list[ChainedClaims]:
    """Return the chains that a claim is in the middle or at an end of, in a number of queries that does not grow."""
    near = set()
    for link in _same().of(claim)[:MOST_LINKS]:
        near |= {link.claim_id, link.other_id}
    for link in _apart().of(claim)[:MOST_LINKS]:
        near |= {link.claim_id, link.other_id}
    if not near:
        return []
    apart = _apart().filter(claim__in=near, other__in=near).select_related("decided_by").order_by("pk")[:MOST_LINKS]
    return [chain for chain in _chained(list(apart)) if claim in (chain.middle, chain.claim, chain.other)]


def open_chains(*, limit: int) -> list[ChainedClaims]:
    """Return chains of all claims, the latest first, of at most `limit` pairs that are apart."""
    return _chained(list(_with_middle(_apart()).select_related("decided_by").order_by("-pk")[:limit]))


def _same() -> ClaimLinkQuerySet:
    """Links by which a machine takes two claims for the same; where an editor agrees, they are merged."""
    links: ClaimLinkQuerySet = ClaimLink.objects.standing().filter(
        kind=ClaimLink.Kind.SAME, status=DecisionStatus.PROPOSED
    )
    return links


def _apart() -> ClaimLinkQuerySet:
    """Links that say that two claims are not the same: an editor did, or they contradict each other."""
    links: ClaimLinkQuerySet = ClaimLink.objects.standing().filter(
        Q(kind=ClaimLink.Kind.SAME, status=DecisionStatus.REJECTED)
        | Q(kind=ClaimLink.Kind.CONTRADICTS, status__in=COUNTED)
    )
    return links


def _with_middle(apart: ClaimLinkQuerySet) -> ClaimLinkQuerySet:
    """Those of the links between two claims that a third one is taken for the same as both."""

    def to_the_other(middle: str) -> ClaimLinkQuerySet:
        other = OuterRef(OuterRef("other"))
        links: ClaimLinkQuerySet = _same().filter(
            Q(claim=OuterRef(middle), other=other) | Q(other=OuterRef(middle), claim=other)
        )
        return links

    above = _same().filter(Exists(to_the_other("other")), claim=OuterRef("claim"))
    below = _same().filter(Exists(to_the_other("claim")), other=OuterRef("claim"))
    links: ClaimLinkQuerySet = apart.filter(Exists(above) | Exists(below))
    return links


def _chained(apart: list[ClaimLink]) -> list[ChainedClaims]:
    ends = {end for link in apart for end in (link.claim_id, link.other_id)}
    same = _same().filter(Q(claim__in=ends) | Q(other__in=ends)).values_list("claim_id", "other_id")
    links = [conflicts.Link(one, other, same=True) for one, other in same]
    links += [conflicts.Link(link.claim_id, link.other_id, same=False) for link in apart]
    chains = conflicts.chains(links)
    claims = Claim.objects.select_related("speaker").in_bulk(
        {pk for chain in chains for pk in (chain.middle, chain.claim, chain.other)}
    )
    reasons = {(link.claim_id, link.other_id): link for link in apart}
    return [
        ChainedClaims(claims[chain.middle], claims[chain.claim], claims[chain.other], reasons[chain.claim, chain.other])
        for chain in chains
    ]
