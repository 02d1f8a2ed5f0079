from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    # Imports go on while the indexes are made.
    atomic = False

    dependencies = [("sources", "0009_merge_outlets")]

    operations = [
        AddIndexConcurrently(
            model_name="importrun",
            index=models.Index(fields=["feed", "-id"], name="import_run_of_feed", condition=Q(feed__isnull=False)),
        ),
        AddIndexConcurrently(
            model_name="importitem",
            index=models.Index(fields=["-finished_at", "-id"], name="import_item_failed", condition=Q(state="failed")),
        ),
        AddIndexConcurrently(
            model_name="importitem",
            index=models.Index(
                fields=["-finished_at", "-id"],
                name="import_item_crashed",
                condition=Q(("state", "failed"), Q(("traceback", ""), _negated=True)),
            ),
        ),
    ]
