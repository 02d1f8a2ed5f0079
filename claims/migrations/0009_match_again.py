from django.db import migrations


def match_again(apps, schema_editor):
    """Hand every matched article to the matcher once more: its statements keep their claims and can be found then."""
    apps.get_model("claims", "Extraction").objects.filter(state="matched").update(state="extracted", match_attempts=0)


class Migration(migrations.Migration):
    dependencies = [
        ("claims", "0008_find_candidates_by_postings"),
    ]

    operations = [
        # The way back has nothing to undo: matching changes no claim that is matched.
        migrations.RunPython(match_again, migrations.RunPython.noop),
    ]
