from django.db import migrations, transaction

#: What matchers hold: in turn with the batches, they go on.
MATCHING_LOCK = 0x5EC0_4D50
ROWS_AT_ONCE, IN_LEAF = 20_000, 24
_POSTINGS = """
    unnest(array_prepend(leaf.word, leaf.further_words), array_prepend(leaf.wording, leaf.further_wordings))
    AS posting (word, wording)
"""
_SOME = """
    SELECT * FROM claims_posting
    WHERE (word, wording) > (CAST(%(word)s AS bigint), CAST(%(wording)s AS bigint))
    ORDER BY word, wording LIMIT %(rows)s
"""
_LAST = "SELECT word, wording FROM leaf ORDER BY word DESC, wording DESC LIMIT 1"
PACK = f"""
    WITH leaf AS ({_SOME}), placed AS (
        SELECT word, wording, row_number() OVER (ORDER BY word, wording) - 1 AS place
        FROM (SELECT DISTINCT coalesce(posting.word, leaf.word) AS word, posting.wording FROM leaf, {_POSTINGS}) AS every
    ), packed AS (
        SELECT array_agg(word ORDER BY place) AS words, array_agg(wording ORDER BY place) AS wordings
        FROM placed GROUP BY place / %(most)s
    ), gone AS (
        DELETE FROM claims_posting AS stored USING leaf
        WHERE stored.word = leaf.word AND stored.wording = leaf.wording
            AND (leaf.word, leaf.wording) NOT IN (SELECT words[1], wordings[1] FROM packed)
    ), kept AS (
        INSERT INTO claims_posting (word, wording, further_words, further_wordings)
        SELECT words[1], wordings[1], CASE WHEN words[1] < words[cardinality(words)] THEN words[2:] END, wordings[2:]
        FROM packed
        ON CONFLICT (word, wording) DO UPDATE
        SET further_words = EXCLUDED.further_words, further_wordings = EXCLUDED.further_wordings
    )
    {_LAST}
"""  # noqa: S608 (the SQL is ours)
UNPACK = f"""
    WITH leaf AS ({_SOME}), alone AS (
        INSERT INTO claims_posting (word, wording)
        SELECT coalesce(posting.word, leaf.word), posting.wording FROM leaf, {_POSTINGS}
        WHERE (coalesce(posting.word, leaf.word), posting.wording) > (leaf.word, leaf.wording)
        ON CONFLICT DO NOTHING
    ), emptied AS (
        UPDATE claims_posting AS stored SET further_words = NULL, further_wordings = NULL FROM leaf
        WHERE stored.word = leaf.word AND stored.wording = leaf.wording AND leaf.further_wordings IS NOT NULL
    )
    {_LAST}
"""  # noqa: S608 (the SQL is ours)


def in_batches(sql, rows):
    def work(apps, schema_editor):
        last = (-(2**63), -1)
        while last is not None:
            with transaction.atomic(schema_editor.connection.alias), schema_editor.connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_xact_lock(%s)", [MATCHING_LOCK])
                cursor.execute(sql, {"word": last[0], "wording": last[1], "rows": rows, "most": IN_LEAF})
                last = cursor.fetchone()

    return work


class Migration(migrations.Migration):
    """Postings that stand alone go into leaves, some at a time; run again after it broke off, it does the rest."""

    atomic = False
    dependencies = [("claims", "0031_keep_postings_in_leaves")]

    operations = [
        migrations.RunPython(in_batches(PACK, ROWS_AT_ONCE), in_batches(UNPACK, ROWS_AT_ONCE // IN_LEAF)),
    ]
