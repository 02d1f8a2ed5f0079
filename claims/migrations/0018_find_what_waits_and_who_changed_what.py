from django.db import migrations

RECOUNT = "INSERT INTO claims_corroborationdue (kind, row_id) SELECT 'claim', id FROM claims_claim ORDER BY id"

# What people changed, the latest first, of all and of one; machines sign no context with a user.
BY_TIME = """
    CREATE INDEX pghistory_context_by_people ON pghistory_context (created_at DESC, id DESC)
    WHERE (metadata ->> 'user') IS NOT NULL
"""
BY_USER = """
    CREATE INDEX pghistory_context_by_user ON pghistory_context ((metadata ->> 'user'), created_at DESC, id DESC)
    WHERE (metadata ->> 'user') IS NOT NULL
"""


class Migration(migrations.Migration):
    """The proposals that there are come into the queue as the workers count their claims once more."""

    dependencies = [
        ("claims", "0017_keep_what_waits_for_editors"),
        ("pghistory", "0007_auto_20250421_0444"),
    ]

    operations = [
        migrations.RunSQL(BY_TIME, "DROP INDEX pghistory_context_by_people"),
        migrations.RunSQL(BY_USER, "DROP INDEX pghistory_context_by_user"),
        migrations.RunSQL(RECOUNT, migrations.RunSQL.noop),
    ]
