"""Writes of claims: reading articles, matching statements, corroboration, editors' decisions."""

from claims.services.decisions import (
    DecisionRefused,
    confirm_attribution,
    move_attribution,
    reject_attribution,
    set_stance,
)
from claims.services.matching import match_next_revision, match_revision
from claims.services.reading import extract_next_revision, extract_revision, unread_revisions
from claims.services.summaries import refresh_corroboration
from claims.services.topics import assign_topics, load_topics

__all__ = [
    "DecisionRefused",
    "assign_topics",
    "confirm_attribution",
    "extract_next_revision",
    "extract_revision",
    "load_topics",
    "match_next_revision",
    "match_revision",
    "move_attribution",
    "refresh_corroboration",
    "reject_attribution",
    "set_stance",
    "unread_revisions",
]
