"""Earlier runs were read as a whole, or not stored; earlier items tell of lost quotations in their reason only."""

from django.db import migrations
from django.db.models import F


def mark(apps, schema_editor):
    apps.get_model("sources", "ImportRun").objects.filter(read_at=None).update(
        read_at=F("created_at"), heard_of_at=F("created_at")
    )
    apps.get_model("sources", "ImportItem").objects.filter(reason__startswith="Have a look:").update(needs_look=True)


class Migration(migrations.Migration):
    dependencies = [
        ("sources", "0003_say_how_imports_fail"),
    ]

    operations = [
        # Back again there is nothing to do: the columns go.
        migrations.RunPython(mark, migrations.RunPython.noop),
    ]
