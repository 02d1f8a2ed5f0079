"""Triggers that note what others want to be told of, in the transaction that does it, whatever writes the rows.

While a transaction runs, a change is only marked, with what was before; the first mark of a row counts. At its end
the marks become events with the state that the transaction leaves, or go where it changed nothing after all: a claim
that became corroborated and lost that again between two commits was never seen so by anybody.

Nothing is noted while nobody listens: see `Audience` and `Webhook`.
"""

import pgtrigger

#: Marks, while their transaction runs.
LEVEL, DISPUTE, TEXT = "mark.level", "mark.dispute", "mark.text"

CORROBORATED, CORROBORATION_LOST = "claim.corroborated", "claim.corroboration_lost"
DISPUTED, DISPUTE_ENDED = "claim.disputed", "claim.dispute_ended"
REVISED, FINISHED = "article.revised", "import.finished"
OF_CLAIMS = (CORROBORATED, CORROBORATION_LOST, DISPUTED, DISPUTE_ENDED)
TYPES = (*OF_CLAIMS, REVISED, FINISHED)
#: What one webhook is sent alone, to try it.
PING = "webhook.ping"
#: All that a webhook is sent.
MESSAGES = (*TYPES, PING)

_BECOMES = {
    LEVEL: (CORROBORATED, CORROBORATION_LOST),
    DISPUTE: (DISPUTED, DISPUTE_ENDED),
    TEXT: (REVISED,),
}
_OPERATIONS = {"insert": pgtrigger.Insert, "update": pgtrigger.Update, "delete": pgtrigger.Delete}
_REFERENCING = {
    "insert": pgtrigger.Referencing(new="new_values"),
    "update": pgtrigger.Referencing(old="old_values", new="new_values"),
    "delete": pgtrigger.Referencing(old="old_values"),
}


def _unless_unheard(types: tuple[str, ...]) -> str:
    """Return PL/pgSQL that ends a trigger where nobody listens; `wanted` is whether a webhook does."""
    names = ", ".join(f"'{name}'" for name in types)
    return f"""
        wanted := EXISTS (SELECT FROM notices_webhook WHERE active AND events && ARRAY[{names}]::varchar[]);
        IF NOT wanted AND NOT EXISTS (SELECT FROM notices_audience WHERE until > now()) THEN
            RETURN NULL;
        END IF;
    """  # noqa: S608 (the SQL is ours)


def _marking(name: str, operation: str, marks: dict[str, str]) -> pgtrigger.Trigger:
    """Return the trigger that marks rows; by kind of mark, SQL that gives their ids and what they were before."""
    inserts = "".join(
        f"""
            INSERT INTO notices_event (uid, transaction, type, row_id, at, data, waiting)
            SELECT gen_random_uuid(), pg_current_xact_id()::text::bigint, '{kind}', found.id, now(), found.was, wanted
            FROM ({rows}) found
            ON CONFLICT DO NOTHING;
        """  # noqa: S608 (the SQL is ours)
        for kind, rows in marks.items()
    )
    types = tuple(becomes for kind in marks for becomes in _BECOMES[kind])
    return pgtrigger.Trigger(
        name=f"{name}_{operation}",
        level=pgtrigger.Statement,
        when=pgtrigger.After,
        operation=_OPERATIONS[operation],
        referencing=_REFERENCING[operation],
        declare=[("wanted", "boolean")],
        func=f"{_unless_unheard(types)} {inserts} RETURN NULL;",
    )


def of_corroboration() -> list[pgtrigger.Trigger]:
    """Return the triggers that mark claims which become corroborated or disputed, or cease to be."""
    joined = "old_values o JOIN new_values n ON n.id = o.id WHERE n.basis = 'counted'"
    return [
        # Also what is deleted, for whoever replaces rows in place of changing them.
        *(
            _marking(
                "noticed",
                operation,
                {
                    LEVEL: f"SELECT claim_id AS id, jsonb_build_object('level', {level}) AS was FROM {rows} "  # noqa: S608
                    "WHERE basis = 'counted' AND level = 'corroborated'",
                    DISPUTE: f"SELECT claim_id AS id, jsonb_build_object('disputed', {disputed}) AS was FROM {rows} "  # noqa: S608
                    "WHERE basis = 'counted' AND disputed",
                },
            )
            for operation, rows, level, disputed in (
                ("insert", "new_values", "'unreported'", "FALSE"),
                ("delete", "old_values", "level", "TRUE"),
            )
        ),
        _marking(
            "noticed",
            "update",
            {
                LEVEL: f"SELECT n.claim_id AS id, jsonb_build_object('level', o.level) AS was FROM {joined} "  # noqa: S608
                "AND (o.level = 'corroborated') <> (n.level = 'corroborated')",
                DISPUTE: f"SELECT n.claim_id AS id, jsonb_build_object('disputed', o.disputed) AS was FROM {joined} "  # noqa: S608
                "AND o.disputed <> n.disputed",
            },
        ),
    ]


def of_articles() -> list[pgtrigger.Trigger]:
    """Return the triggers that mark articles whose text is another than before."""
    return [
        _marking(
            "noticed",
            "update",
            {
                TEXT: "SELECT n.id, jsonb_build_object('revision', o.current_revision_id) AS was "
                "FROM old_values o JOIN new_values n ON n.id = o.id "
                "WHERE o.current_revision_id IS NOT NULL AND n.current_revision_id <> o.current_revision_id"
            },
        )
    ]


def of_imports(run: str, *, only: str) -> list[pgtrigger.Trigger]:
    """Return the trigger that notes imports of which something ended, and which may be finished by that.

    Whether one is, no trigger can tell: another transaction may be ending the last document but one. What is stored as
    ended is followed by a change: of what listed it, or of its run when all is read.

    run, only: SQL over a row as it was, `o`, and as it is, `n`.
    """
    return [
        pgtrigger.Trigger(
            name="noticed_update",
            level=pgtrigger.Statement,
            when=pgtrigger.After,
            operation=pgtrigger.Update,
            referencing=_REFERENCING["update"],
            declare=[("wanted", "boolean")],
            func=f"""
                {_unless_unheard((FINISHED,))}
                INSERT INTO notices_importdue (run_id)
                SELECT DISTINCT {run} FROM old_values o JOIN new_values n ON n.id = o.id WHERE {only};
                RETURN NULL;
            """,  # noqa: S608 (the SQL is ours)
        )
    ]


def _mentions(relation: str) -> str:
    return f"""(
        SELECT coalesce(
            jsonb_agg(jsonb_build_object('uid', u.uid, 'slug', u.slug, 'name', u.name) ORDER BY u.name), '[]'
        ) FROM {relation}
    )"""  # noqa: S608 (the SQL is ours)


_FIGURES = ", ".join(
    f"'{name}', {{row}}.{name}"
    for name in (
        "level",
        "disputed",
        "report_count",
        "outlet_count",
        "origin_count",
        "origin_lower_bound",
        "exact",
    )
)
_OUTLETS, _ORIGINS = (
    _mentions(
        f"claims_corroboration_{name} l JOIN sources_outlet u ON u.id = l.outlet_id "
        "WHERE l.corroboration_id = stored.id"
    )
    for name in ("outlets", "origins")
)
_TOPICS = _mentions("claims_claimtopic l JOIN claims_topic u ON u.id = l.topic_id WHERE l.claim_id = c.id")


def completing() -> pgtrigger.Trigger:
    """Return the trigger that makes an event of a mark, when the transaction that left it ends."""
    return pgtrigger.Trigger(
        name="complete",
        level=pgtrigger.Row,
        when=pgtrigger.After,
        operation=pgtrigger.Insert,
        timing=pgtrigger.Deferred,
        condition=pgtrigger.Condition(f"NEW.type IN ('{LEVEL}', '{DISPUTE}', '{TEXT}')"),
        declare=[
            ("stored", "claims_corroboration"),
            ("was", "boolean"),
            ("now_is", "boolean"),
            ("became", "text"),
            ("told", "jsonb"),
        ],
        func=f"""
            IF NEW.type IN ('{LEVEL}', '{DISPUTE}') THEN
                SELECT * INTO stored FROM claims_corroboration WHERE claim_id = NEW.row_id AND basis = 'counted';
                IF NEW.type = '{LEVEL}' THEN
                    was := NEW.data->>'level' = 'corroborated';
                    now_is := coalesce(stored.level = 'corroborated', FALSE);
                    became := CASE WHEN now_is THEN '{CORROBORATED}' ELSE '{CORROBORATION_LOST}' END;
                ELSE
                    was := (NEW.data->>'disputed')::boolean;
                    now_is := coalesce(stored.disputed, FALSE);
                    became := CASE WHEN now_is THEN '{DISPUTED}' ELSE '{DISPUTE_ENDED}' END;
                END IF;
                SELECT jsonb_build_object(
                    'claim', jsonb_build_object(
                        'uid', c.uid, 'text', c.text, 'language', c.language, 'said_on', c.said_on,
                        'speaker', CASE WHEN s.id IS NOT NULL THEN jsonb_build_object('uid', s.uid, 'name', s.name) END,
                        'topics', {_TOPICS},
                        'merged_into', (SELECT m.uid FROM claims_claim m WHERE m.id = c.merged_into_id)
                    ),
                    'before', NEW.data,
                    'counted', CASE WHEN stored.id IS NOT NULL THEN
                        jsonb_build_object(
                            {_FIGURES.format(row="stored")}, 'outlets', {_OUTLETS}, 'origins', {_ORIGINS}
                        )
                    END,
                    'confirmed', (
                        SELECT jsonb_build_object({_FIGURES.format(row="k")})
                        FROM claims_corroboration k WHERE k.claim_id = c.id AND k.basis = 'confirmed'
                    )
                ) INTO told
                FROM claims_claim c LEFT JOIN claims_speaker s ON s.id = c.speaker_id WHERE c.id = NEW.row_id;
            ELSE
                became := '{REVISED}';
                SELECT jsonb_build_object(
                    'article', jsonb_build_object(
                        'uid', a.uid, 'title', a.title, 'url', a.url, 'language', a.language,
                        'published_at', a.published_at,
                        'outlet', jsonb_build_object('uid', o.uid, 'slug', o.slug, 'name', o.name)
                    ),
                    'revision', jsonb_build_object('uid', n.uid, 'number', n.number, 'sha256', n.sha256),
                    'before', jsonb_build_object('uid', b.uid, 'number', b.number, 'sha256', b.sha256)
                ) INTO told
                FROM sources_article a
                JOIN sources_outlet o ON o.id = a.outlet_id
                JOIN sources_revision n ON n.id = a.current_revision_id
                JOIN sources_revision b ON b.id = (NEW.data->>'revision')::bigint
                WHERE a.id = NEW.row_id AND b.id <> n.id;
            END IF;
            IF was = now_is OR told IS NULL THEN
                DELETE FROM notices_event WHERE id = NEW.id;
            ELSE
                UPDATE notices_event SET type = became, data = told, at = clock_timestamp() WHERE id = NEW.id;
            END IF;
            RETURN NULL;
        """,  # noqa: S608 (the SQL is ours)
    )
