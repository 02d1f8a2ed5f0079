"""Which statements carry the same claim. Pure: plain values in, scores out; no database."""

from claims.matching.assign import assign
from claims.matching.score import (
    JOIN,
    MATCHER_VERSION,
    PROPOSE,
    Candidate,
    Pair,
    Score,
    Story,
    incompatible,
    score,
    score_pairs,
)
from claims.matching.terms import rarest, terms

__all__ = [
    "JOIN",
    "MATCHER_VERSION",
    "PROPOSE",
    "Candidate",
    "Pair",
    "Score",
    "Story",
    "assign",
    "incompatible",
    "rarest",
    "score",
    "score_pairs",
    "terms",
]
