from django.db import migrations, models


class Migration(migrations.Migration):
    """Claims are renewed in a step of its own; those of texts that wait to be compared, once more."""

    dependencies = [("claims", "0018_find_what_waits_and_who_changed_what")]

    operations = [
        # A worker of before inserts rows that do not name the column.
        migrations.AddField("comparisondue", "renewed", models.BooleanField(db_default=False, default=False)),
    ]
