from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("claims", "0009_match_again")]

    operations = [
        migrations.AddIndex(
            model_name="statement",
            index=models.Index(
                condition=models.Q(("negated", True)), fields=["speaker", "-id"], name="statement_not_said"
            ),
        ),
    ]
