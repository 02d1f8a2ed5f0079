import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("claims", "0030_keep_what_statements_were")]

    operations = [
        migrations.AddField(
            model_name="posting",
            name="further_words",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.BigIntegerField(),
                help_text="Of the postings after the first; nothing: all are of its word.",
                null=True,
                size=None,
            ),
        ),
        migrations.AddField(
            model_name="posting",
            name="further_wordings",
            field=django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), null=True, size=None),
        ),
    ]
