from django.db import migrations, models

EVENTS = (
    "articleevent",
    "derivationevent",
    "outletaliasevent",
    "outletdomainevent",
    "outletevent",
)


class Migration(migrations.Migration):
    # Each table is written anew, and who changes a row of what it is the history of waits: for one table, not for all.
    # Done again after an end halfway, it leaves what has 64 bits as it is.
    atomic = False
    dependencies = [("sources", "0010_find_what_failed_last")]

    operations = [
        migrations.AlterField(event, "pgh_id", models.BigAutoField(primary_key=True, serialize=False))
        for event in EVENTS
    ]
