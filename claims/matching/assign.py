"""Pairing of one article's statements with claims."""

from collections.abc import Mapping


def assign(links: Mapping[tuple[int, int], float]) -> list[tuple[int, int]]:
    """Return the pairs of `links` that use each row and column once and have the largest sum, in order.

    links: worth of each possible pair (row, column), above 0.
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
        worth[rows.index(row), columns.index(column)] = value
    chosen = zip(*linear_sum_assignment(worth, maximize=True), strict=True)
    return [pair for r, c in chosen if (pair := (rows[r], columns[c])) in links]
