import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

KINDS = [
    ("confirm", "confirmed"),
    ("reject", "rejected"),
    ("unsure", "left unsure"),
    ("denies", "same claim, but denied"),
    ("merge", "merged"),
    ("settle", "the same after all"),
    ("move", "moved to another claim"),
    ("add", "gave it another claim too"),
    ("stance", "stance set"),
    ("annotate", "statement marked by hand"),
    ("edit", "statement edited"),
    ("withdraw", "statement withdrawn"),
    ("restore", "statement brought back"),
]


class Migration(migrations.Migration):
    dependencies = [
        ("claims", "0029_find_readings_that_failed"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterField("deskaction", "kind", models.CharField(choices=KINDS, max_length=8)),
        migrations.CreateModel(
            name="StatementChange",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "before",
                    models.JSONField(
                        help_text="Columns, pieces and relays; nothing where it was not there.", null=True
                    ),
                ),
                ("after", models.JSONField()),
                (
                    "beside",
                    models.JSONField(
                        default=dict,
                        help_text=(
                            "Of moved words the row of their old place, and the one that gave way; "
                            "claims without a speaker."
                        ),
                    ),
                ),
                (
                    "made",
                    models.BigIntegerField(help_text="The speaker that was made of a name.", null=True),
                ),
                ("made_at", models.DateTimeField()),
                ("undone_at", models.DateTimeField(blank=True, null=True)),
                (
                    "made_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "statement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="changes", to="claims.statement"
                    ),
                ),
                (
                    "undone_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("undone_at", None), ("undone_by", None))
                        | models.Q(("undone_at__isnull", False), ("undone_by__isnull", False)),
                        name="statement_change_undoing_signed",
                    )
                ],
            },
        ),
    ]
