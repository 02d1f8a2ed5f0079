from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("claims", "0020_keep_what_editors_filled_in")]

    operations = [
        migrations.AddField(
            model_name="coverage",
            name="alarms",
            field=models.BooleanField(
                db_default=False,
                default=False,
                help_text="A report of it leaves out words whose lack changes what it says.",
            ),
        ),
        migrations.AddField(
            model_name="coverage",
            name="differs",
            field=models.BooleanField(
                db_default=False,
                default=False,
                help_text="A report of it says other things than the fullest of the claim.",
            ),
        ),
    ]
