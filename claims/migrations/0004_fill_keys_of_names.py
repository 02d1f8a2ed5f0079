from django.db import migrations

from claims import naming

ALIASES_PER_BATCH = 1000


def fill(apps, schema_editor):
    aliases = apps.get_model("claims", "SpeakerAlias").objects
    batch = []
    for alias in aliases.filter(key="").only("name").iterator(ALIASES_PER_BATCH):
        alias.key = naming.key(alias.name)
        batch.append(alias)
        if len(batch) == ALIASES_PER_BATCH:
            aliases.bulk_update(batch, ["key"])
            batch = []
    aliases.bulk_update(batch, ["key"])


class Migration(migrations.Migration):
    dependencies = [
        ("claims", "0003_merge_speakers_and_key_their_names"),
    ]

    operations = [
        # The way back has nothing to undo: the column goes with the migration before.
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
