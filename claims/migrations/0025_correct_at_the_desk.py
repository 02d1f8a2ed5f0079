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
]


class Migration(migrations.Migration):
    dependencies = [("claims", "0024_keep_answers_to_keyed_requests")]

    operations = [
        migrations.AlterField("annotation", "verdict", models.CharField(choices=KINDS, max_length=7)),
        migrations.AlterField("deskaction", "kind", models.CharField(choices=KINDS, max_length=7)),
        migrations.AlterField(
            "sampleditem",
            "verdict",
            models.CharField(blank=True, choices=KINDS, help_text="The adjudicator’s.", max_length=7),
        ),
    ]
