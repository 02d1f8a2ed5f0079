"""Triggers that keep count of what outlets report and share: whatever writes the rows, the sums stay right.

Each change appends what it adds or takes away; `claims.services.ledgers` folds what was appended into one row. Nobody
who writes waits for another, and a sum over all rows is exact at any moment.
"""

import pgtrigger

#: A claim of more outlets says nothing of any two of them, and would be as many pairs as this squared.
MOST_PAIRED = 200


def of_coverage() -> list[pgtrigger.Trigger]:
    """Return the triggers of coverage; the rows of a claim are to be stored, and deleted, all in one command."""
    return [
        _trigger("count_coverage_in", pgtrigger.Insert, pgtrigger.Referencing(new="changed"), _counted("+")),
        _trigger("count_coverage_out", pgtrigger.Delete, pgtrigger.Referencing(old="changed"), _counted("-")),
    ]


def of_articles() -> list[pgtrigger.Trigger]:
    """Return the triggers of articles."""
    added = "SELECT outlet_id, 1 AS n FROM {}"
    removed = "SELECT outlet_id, -1 AS n FROM {}"
    return [
        _trigger(
            "count_articles_in",
            pgtrigger.Insert,
            pgtrigger.Referencing(new="changed"),
            _articles(added.format("changed")),
        ),
        _trigger(
            "count_articles_out",
            pgtrigger.Delete,
            pgtrigger.Referencing(old="changed"),
            _articles(removed.format("changed")),
        ),
        _trigger(
            "count_articles_moved",
            pgtrigger.Update,
            pgtrigger.Referencing(old="before", new="after"),
            _articles(f"{added.format('after')} UNION ALL {removed.format('before')}"),
        ),
    ]


def _trigger(
    name: str, operation: pgtrigger.Operation, referencing: pgtrigger.Referencing, statements: str
) -> pgtrigger.Trigger:
    return pgtrigger.Trigger(
        name=name,
        level=pgtrigger.Statement,
        when=pgtrigger.After,
        operation=operation,
        referencing=referencing,
        func=f"{statements} RETURN NULL;",
    )


def _articles(rows: str) -> str:
    return f"""
        INSERT INTO claims_outlettally (outlet_id, articles, claims, alone, earliest, explained, folded)
        SELECT outlet_id, sum(n), 0, 0, 0, 0, false FROM ({rows}) rows GROUP BY outlet_id HAVING sum(n) <> 0;
    """  # noqa: S608 (the SQL is ours)


def _counted(sign: str) -> str:
    outlets = "count(*) FILTER (WHERE affirming > 0) OVER (PARTITION BY claim_id)"
    return f"""
        INSERT INTO claims_outlettally (outlet_id, articles, claims, alone, earliest, explained, folded)
        SELECT outlet_id, 0,
            {sign}count(*) FILTER (WHERE affirming > 0),
            {sign}count(*) FILTER (WHERE affirming > 0 AND outlets = 1),
            {sign}count(*) FILTER (WHERE is_first),
            {sign}count(*) FILTER (WHERE explains AND outlets > 1),
            false
        FROM (SELECT *, {outlets} AS outlets FROM changed) rows
        GROUP BY outlet_id;
        INSERT INTO claims_outletpair (outlet_id, other_id, shared, independent, folded)
        SELECT one.outlet_id, two.outlet_id,
            {sign}count(*), {sign}count(*) FILTER (WHERE NOT one.origins && two.origins), false
        FROM (SELECT *, {outlets} AS outlets FROM changed) one
        JOIN changed two ON two.claim_id = one.claim_id AND two.outlet_id > one.outlet_id
        WHERE one.affirming > 0 AND two.affirming > 0 AND one.outlets <= {MOST_PAIRED}
        GROUP BY one.outlet_id, two.outlet_id;
    """  # noqa: S608 (the SQL is ours)
