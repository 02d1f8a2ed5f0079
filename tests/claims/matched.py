"""Articles brought to claims in one go, as the workers do in steps."""

from claims.services.matching import match_revision
from claims.services.renewing import renew_claims


def match_and_renew(revision_id):
    """Match the statements of a revision that has been read, renew their claims, and return those that changed."""
    changed = match_revision(revision_id)
    renew_claims([revision_id])
    return changed
