from django.db import migrations, models
from django.db.models import Value


class Migration(migrations.Migration):
    dependencies = [("claims", "0027_find_first_reports_of_claims")]

    operations = [
        migrations.AddField(
            model_name="claimmerge",
            name="dropped_topics",
            field=models.JSONField(
                db_default=Value([], models.JSONField()),
                default=list,
                help_text="Topics that a machine gave the other, dropped for those that an editor chose: the rows' values.",
            ),
        ),
    ]
