import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


def only_told(to, **options):
    return models.ForeignKey(
        to,
        django.db.models.deletion.DO_NOTHING,
        db_constraint=False,
        db_index=False,
        related_name="+",
        related_query_name="+",
        **options,
    )


class Migration(migrations.Migration):
    """Others begin with the same column, or nothing is looked up by it."""

    dependencies = [
        ("claims", "0033_find_reports_by_who_decided"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterField(
            "attribution",
            "decided_by",
            models.ForeignKey(
                settings.AUTH_USER_MODEL,
                django.db.models.deletion.PROTECT,
                blank=True,
                db_index=False,
                null=True,
                related_name="+",
            ),
        ),
        migrations.AlterField(
            "attributionevent", "decided_by", only_told(settings.AUTH_USER_MODEL, blank=True, null=True)
        ),
        migrations.AlterField(
            "statement",
            "revision",
            models.ForeignKey(
                "sources.revision", django.db.models.deletion.PROTECT, db_index=False, related_name="statements"
            ),
        ),
        migrations.AlterField("statementevent", "revision", only_told("sources.revision")),
        migrations.AlterField("statementevent", "speaker", only_told("claims.speaker", blank=True, null=True)),
        migrations.AlterField(
            "statementspan",
            "statement",
            models.ForeignKey(
                "claims.statement", django.db.models.deletion.CASCADE, db_index=False, related_name="spans"
            ),
        ),
    ]
