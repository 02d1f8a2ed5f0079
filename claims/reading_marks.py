"""Triggers that note which texts are to be read: whatever stores an article or a reading, no text is passed over."""

import pgtrigger

#: The version of the extractor whose readings count, or else any: see `claims.models.ExtractorVersion`.
_LATEST = "(SELECT version FROM claims_extractorversion ORDER BY id DESC LIMIT 1)"
_READ = "state <> 'started'"


def of_articles() -> list[pgtrigger.Trigger]:
    """Return the triggers of articles: each text that becomes an article's current one waits to be read."""
    return [
        _trigger(
            "to_be_read_insert",
            pgtrigger.Insert,
            pgtrigger.Referencing(new="new_values"),
            _wait("SELECT current_revision_id AS id FROM new_values"),
        ),
        _trigger(
            "to_be_read_update",
            pgtrigger.Update,
            pgtrigger.Referencing(old="old_values", new="new_values"),
            _wait(
                "SELECT n.current_revision_id AS id FROM old_values o JOIN new_values n ON n.id = o.id"
                " WHERE n.current_revision_id IS DISTINCT FROM o.current_revision_id"
            ),
        ),
    ]


def of_extractions() -> list[pgtrigger.Trigger]:
    """Return the triggers of readings: what was read or given up waits no longer, what is begun again does."""
    return [
        _trigger(
            "read_insert",
            pgtrigger.Insert,
            pgtrigger.Referencing(new="new_values"),
            _settle("SELECT * FROM new_values"),
        ),
        _trigger(
            "read_update",
            pgtrigger.Update,
            pgtrigger.Referencing(old="old_values", new="new_values"),
            _settle(
                "SELECT n.* FROM old_values o JOIN new_values n ON n.id = o.id"
                " WHERE (n.state, n.version) IS DISTINCT FROM (o.state, o.version)"
            ),
        ),
    ]


def _wait(texts: str) -> str:
    return f"""
        INSERT INTO claims_readingdue (revision_id, again)
        SELECT text.id, EXISTS (SELECT FROM claims_extraction WHERE revision_id = text.id AND {_READ})
        FROM ({texts}) text
        WHERE text.id IS NOT NULL AND NOT EXISTS (
            SELECT FROM claims_extraction
            WHERE revision_id = text.id AND {_READ} AND version = coalesce({_LATEST}, version)
        )
        ON CONFLICT (revision_id) DO NOTHING;
    """  # noqa: S608 (the SQL is ours)


def _settle(readings: str) -> str:
    return f"""
        DELETE FROM claims_readingdue due USING ({readings}) reading
        WHERE due.revision_id = reading.revision_id
        AND reading.{_READ} AND reading.version = coalesce({_LATEST}, reading.version);
        UPDATE claims_readingdue due SET again = TRUE FROM ({readings}) reading
        WHERE due.revision_id = reading.revision_id AND NOT due.again AND reading.{_READ};
        INSERT INTO claims_readingdue (revision_id, again, begun)
        SELECT reading.revision_id, EXISTS (
            SELECT FROM claims_extraction WHERE revision_id = reading.revision_id AND {_READ}
        ), TRUE
        FROM ({readings}) reading JOIN sources_article article ON article.current_revision_id = reading.revision_id
        WHERE reading.state = 'started'
        ON CONFLICT (revision_id) DO UPDATE SET begun = TRUE WHERE NOT claims_readingdue.begun;
    """  # noqa: S608 (the SQL is ours)


def _trigger(
    name: str, operation: pgtrigger.Operation, referencing: pgtrigger.Referencing, statements: str
) -> pgtrigger.Trigger:
    # One for each command, not each row: an import of many rows is one more query.
    return pgtrigger.Trigger(
        name=name,
        level=pgtrigger.Statement,
        when=pgtrigger.After,
        operation=operation,
        referencing=referencing,
        func=f"{statements} RETURN NULL;",
    )
