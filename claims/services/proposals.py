"""Proposals for editors: pairs of claims that may be the same, which no machine joins and no count knows of."""

from collections import defaultdict
from collections.abc import Iterable

from claims.matching import MATCHER_VERSION
from claims.models import ClaimLink
from claims.services.joining import Likeness
from claims.services.queue import refresh_reviews

#: What editors read beside a pair; the words that the two share are shown by the page.
REASON = "Reports of the two share much of their wording, but not enough to be joined without an editor."
#: Claims that one group of an article's statements is proposed to be the same as, the nearest first.
MOST_PROPOSED = 3


def propose_same(alike: Iterable[Likeness]) -> int:
    """Store pairs of claims that an editor should look at and return how many were handed in.

    A pair that is stored already stays as it is, whoever decided it.
    """
    nearest: dict[tuple[int, int], Likeness] = {}
    proposed: dict[int, int] = defaultdict(int)
    for found in sorted(alike, key=lambda likeness: -likeness.link):
        if found.group.claim is None or found.claim.claim is None:
            continue
        first, second = sorted((found.group.claim.pk, found.claim.claim.pk))
        if first != second and (first, second) not in nearest and proposed[id(found.group)] < MOST_PROPOSED:
            nearest[first, second] = found
            proposed[id(found.group)] += 1
    store_proposals(
        ClaimLink(
            claim_id=first,
            other_id=second,
            kind=ClaimLink.Kind.SAME,
            reason=REASON,
            score=found.link,
            sub_scores=found.nearest.parts,
            method=MATCHER_VERSION,
        )
        for (first, second), found in nearest.items()
    )
    return len(nearest)


def store_proposals(links: Iterable[ClaimLink]) -> None:
    """Store proposed links; one that exists stays as it is, whoever decided it."""
    stored = sorted(links, key=lambda link: (link.claim_id, link.other_id))
    ClaimLink.objects.bulk_create(stored, ignore_conflicts=True)
    refresh_reviews({end for link in stored for end in (link.claim_id, link.other_id)})
