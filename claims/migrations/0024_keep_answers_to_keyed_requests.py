from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("claims", "0023_drop_unused_search_of_claims")]

    operations = [
        migrations.CreateModel(
            name="IdempotentAnswer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("owner", models.CharField(max_length=50)),
                ("key", models.CharField(max_length=255)),
                ("fingerprint", models.CharField(max_length=64)),
                ("status", models.PositiveSmallIntegerField()),
                ("headers", models.JSONField(default=dict)),
                (
                    "version",
                    models.CharField(blank=True, help_text="Of the row that it tells of.", max_length=200),
                ),
                ("body", models.TextField(null=True)),
                ("stored_at", models.DateTimeField(db_index=True)),
            ],
            options={
                "default_permissions": (),
                "constraints": [models.UniqueConstraint(fields=("owner", "key"), name="idempotent_answer_once")],
            },
        ),
    ]
