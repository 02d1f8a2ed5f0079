from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    # Texts are read while the index is made.
    atomic = False
    dependencies = [("claims", "0028_keep_topics_that_merges_drop")]

    operations = [
        AddIndexConcurrently(
            model_name="extraction",
            index=models.Index(fields=["-updated_at", "-id"], name="extraction_failed", condition=Q(state="failed")),
        ),
    ]
