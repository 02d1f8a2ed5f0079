from django.db import migrations, models

EVENTS = (
    "attributionevent",
    "claimevent",
    "claimlinkevent",
    "claimtopicevent",
    "flagevent",
    "noteevent",
    "speakeraliasevent",
    "speakerevent",
    "statementevent",
    "statementrelayevent",
    "topicevent",
)


class Migration(migrations.Migration):
    # Each table is written anew, and who changes a row of what it is the history of waits: for one table, not for all.
    # Done again after an end halfway, it leaves what has 64 bits as it is.
    atomic = False
    dependencies = [("claims", "0035_mark_texts_to_be_read")]

    operations = [
        migrations.AlterField(event, "pgh_id", models.BigAutoField(primary_key=True, serialize=False))
        for event in EVENTS
    ]
