"""What a claim is linked to, seen from that claim: pages and API share it."""

from dataclasses import dataclass

from claims.models import Claim, ClaimLink

#: Links of one claim that are shown.
MOST_LINKS = 100


@dataclass(frozen=True)
class FarEnd:
    """The claim at the other end of a link."""

    link: ClaimLink
    other: Claim


def contradictions(claim: Claim) -> list[FarEnd]:
    """Return the claims that cannot hold beside one, or that an editor said can; what waits for an editor first."""
    links = ClaimLink.objects.of(claim).contradicting()[:MOST_LINKS]
    return [FarEnd(link, link.other if link.claim_id == claim.pk else link.claim) for link in links]
