from django.db import migrations

TABLES = {
    "articles": "sources_article",
    "attributions": "claims_attribution",
    "claims": "claims_claim",
    "outlets": "sources_outlet",
    "speakers": "claims_speaker",
    "statements": "claims_statement",
    "topics": "claims_topic",
}
NOTE = """
    INSERT INTO claims_change (transaction, resource, uid)
    SELECT pg_current_xact_id()::text::bigint, '{resource}', uid FROM {table}
    ON CONFLICT DO NOTHING
"""


class Migration(migrations.Migration):
    """Mirrors begin at the start: every row that there is was changed once."""

    dependencies = [("claims", "0015_note_changes_for_mirrors")]

    operations = [
        migrations.RunSQL(NOTE.format(resource=resource, table=table), migrations.RunSQL.noop)
        for resource, table in TABLES.items()
    ]
