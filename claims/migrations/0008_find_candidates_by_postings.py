import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("claims", "0007_remember_relays_and_recount_all"),
        ("sources", "0006_leave_decisions_unsure"),
    ]

    operations = [
        migrations.CreateModel(
            name="Wording",
            fields=[
                (
                    "statement",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="wording",
                        serialize=False,
                        to="claims.statement",
                    ),
                ),
                (
                    "code",
                    models.BigIntegerField(
                        help_text="In the high bits the day of publication, so that codes are in its order."
                    ),
                ),
            ],
            options={"indexes": [models.Index(fields=["code", "statement"], name="wording_of_code")]},
        ),
        migrations.CreateModel(
            name="Posting",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "word", "wording", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("word", models.BigIntegerField()),
                ("wording", models.BigIntegerField()),
            ],
        ),
        migrations.CreateModel(
            name="Sentence",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("model", models.CharField(max_length=30)),
                ("vector", models.BinaryField(help_text="Half-precision floats.")),
                (
                    "statement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="sentences", to="claims.statement"
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("statement", "model"), name="sentence_read_once")]
            },
        ),
        migrations.CreateModel(
            name="ComparisonDue",
            fields=[
                (
                    "revision",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="sources.revision",
                    ),
                ),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
            ],
            options={"verbose_name_plural": "comparisons due"},
        ),
        migrations.RemoveIndex(model_name="statement", name="statement_terms"),
    ]
