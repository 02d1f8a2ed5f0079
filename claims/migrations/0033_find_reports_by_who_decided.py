from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    # Reports are matched and decided on while the index is made.
    atomic = False
    dependencies = [("claims", "0032_pack_postings")]

    operations = [
        AddIndexConcurrently(
            model_name="attribution",
            index=models.Index(
                fields=["decided_by"], name="attribution_decided_by", condition=Q(decided_by__isnull=False)
            ),
        ),
    ]
