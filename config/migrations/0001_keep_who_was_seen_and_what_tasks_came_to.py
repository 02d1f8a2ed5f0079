from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Sighting",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "role",
                    models.CharField(
                        choices=[("worker", "worker"), ("beat", "scheduler"), ("backup", "backup")], max_length=6
                    ),
                ),
                (
                    "name",
                    models.CharField(
                        help_text="A worker's or scheduler's name and host; a backup's file.", max_length=300
                    ),
                ),
                ("seen_at", models.DateTimeField()),
            ],
            options={"default_permissions": ()},
        ),
        migrations.CreateModel(
            name="TaskTotal",
            fields=[
                ("task", models.CharField(max_length=100, primary_key=True, serialize=False)),
                ("runs", models.BigIntegerField()),
                ("failures", models.BigIntegerField(help_text="Of the runs, those that ended with an error.")),
                ("seconds", models.FloatField()),
                ("done", models.BigIntegerField(help_text="What the runs did, each of them as the task counts it.")),
                ("ended_at", models.DateTimeField(help_text="When the last run ended.")),
            ],
            options={"default_permissions": ()},
        ),
        migrations.AddConstraint(
            model_name="sighting",
            constraint=models.UniqueConstraint(fields=("role", "name"), name="sighting_once"),
        ),
    ]
