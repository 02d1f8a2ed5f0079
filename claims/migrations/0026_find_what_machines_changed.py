from django.db import migrations

BY_TIME = """
    CREATE INDEX pghistory_context_by_machines ON pghistory_context (created_at DESC, id DESC)
    WHERE (metadata ->> 'user') IS NULL
"""


class Migration(migrations.Migration):
    dependencies = [
        ("claims", "0025_correct_at_the_desk"),
        ("pghistory", "0007_auto_20250421_0444"),
    ]

    operations = [migrations.RunSQL(BY_TIME, "DROP INDEX pghistory_context_by_machines")]
