"""Triggers that mark whose corroboration may have changed: whatever writes the rows, no change goes unnoticed."""

from collections.abc import Sequence

import pgtrigger

CLAIM, SPEAKER, STATEMENT, REVISION, ARTICLE = "claim", "speaker", "statement", "revision", "article"

_OPERATIONS = {"insert": pgtrigger.Insert, "update": pgtrigger.Update, "delete": pgtrigger.Delete}
_REFERENCING = {
    "insert": pgtrigger.Referencing(new="new_values"),
    "update": pgtrigger.Referencing(old="old_values", new="new_values"),
    "delete": pgtrigger.Referencing(old="old_values"),
}


def marks(
    kind: str,
    row: str,
    *,
    when: Sequence[str] = ("insert", "update", "delete"),
    columns: Sequence[str] = (),
    only: str = "TRUE",
) -> list[pgtrigger.Trigger]:
    """Return the triggers that note `row`, of this kind, as due for a recount when a table's rows change.

    row, only: SQL over a row `r`, as it was and as it is (where `row` is its own id, as it was): the id to note, and
    which rows matter.
    columns: those whose change matters in an update.
    """
    changed = " OR ".join(f'o."{column}" IS DISTINCT FROM n."{column}"' for column in columns)
    joined = f"old_values o JOIN new_values n ON n.id = o.id WHERE {changed}"
    rows = {
        "insert": "SELECT * FROM new_values",
        "delete": "SELECT * FROM old_values",
        # A row's own id stays; what it points to may have been another's before.
        "update": f"SELECT o.* FROM {joined}"  # noqa: S608 (the SQL is ours)
        + ("" if row == "r.id" else f" UNION ALL SELECT n.* FROM {joined}"),  # noqa: S608
    }
    return [
        # One for each command, not each row: an import of many rows is one more query.
        pgtrigger.Trigger(
            name=f"due_after_{operation}",
            level=pgtrigger.Statement,
            when=pgtrigger.After,
            operation=_OPERATIONS[operation],
            referencing=_REFERENCING[operation],
            func=f"""
                INSERT INTO claims_corroborationdue (kind, row_id)
                SELECT DISTINCT '{kind}', due.id FROM (
                    SELECT {row} AS id FROM ({rows[operation]}) r WHERE {only}
                ) due WHERE due.id IS NOT NULL;
                RETURN NULL;
            """,  # noqa: S608 (the SQL is ours)
        )
        for operation in when
    ]


def tallies() -> list[pgtrigger.Trigger]:
    """Return the triggers that note by how many rows of a table its facets became more or fewer, for each basis."""
    more = "SELECT basis, unnest(facets) AS facet, 1 AS step FROM new_values"
    fewer = "SELECT basis, unnest(facets) AS facet, -1 AS step FROM old_values"
    steps = {"insert": more, "update": f"{more} UNION ALL {fewer}", "delete": fewer}
    return [
        pgtrigger.Trigger(
            name=f"tally_{operation}",
            level=pgtrigger.Statement,
            when=pgtrigger.After,
            operation=_OPERATIONS[operation],
            referencing=_REFERENCING[operation],
            func=f"""
                INSERT INTO claims_facetchange (basis, facet, change)
                SELECT basis, facet, sum(step) FROM ({steps[operation]}) step
                GROUP BY basis, facet HAVING sum(step) <> 0;
                RETURN NULL;
            """,  # noqa: S608 (the SQL is ours)
        )
        for operation in steps
    ]
