"""Pairing of one article's statements with claims."""

import math
from collections.abc import Mapping

from claims.matching.score import JOIN

#: Probabilities nearer to 1.0 count as this.
_SUREST = 0.9999
#: What a pair is worth that is just likely enough.
_LEAST = 0.01


def assign(links: Mapping[tuple[int, int], float]) -> list[tuple[int, int]]:
    """Return the pairs of `links` that use each row and column once and are likeliest together, in order.

    links: probability of each possible pair (row, column), JOIN or more. The log odds are summed, not the
    probabilities: two doubtful pairs do not break up one that is all but sure.
    """
    # Imported where it is used: SciPy takes a second to load, which the site need not spend.
    import numpy as np
    from scipy.optimize import linear_sum_assignment

    if not links:
        return []
    rows = sorted({row for row, _ in links})
    columns = sorted({column for _, column in links})
    worth = np.zeros((len(rows), len(columns)))
    for (row, column), value in links.items():
        worth[rows.index(row), columns.index(column)] = max(_LEAST, _log_odds(value) - _log_odds(JOIN))
    chosen = zip(*linear_sum_assignment(worth, maximize=True), strict=True)
    return [pair for r, c in chosen if (pair := (rows[r], columns[c])) in links]


def _log_odds(probability: float) -> float:
    probability = min(probability, _SUREST)
    return math.log(probability / (1 - probability))
