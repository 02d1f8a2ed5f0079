"""What the site keeps of its own working: which of its programs were seen, and what the tasks came to."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Sighting(models.Model):
    """When a program was last seen at work; see `config.sightings`."""

    class Role(models.TextChoices):
        WORKER = "worker", _("worker")
        BEAT = "beat", _("scheduler")
        BACKUP = "backup", _("backup")

    role = models.CharField(max_length=6, choices=Role)
    name = models.CharField(max_length=300, help_text="A worker's or scheduler's name and host; a backup's file.")
    seen_at = models.DateTimeField()

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["role", "name"], name="sighting_once")]

    def __str__(self) -> str:
        return f"{self.role} {self.name}"


class TaskTotal(models.Model):
    """What all runs of one task came to since the tables were made, added up by all workers together."""

    task = models.CharField(max_length=100, primary_key=True)
    runs = models.BigIntegerField()
    failures = models.BigIntegerField(help_text="Of the runs, those that ended with an error.")
    seconds = models.FloatField()
    done = models.BigIntegerField(help_text="What the runs did, each of them as the task counts it.")
    ended_at = models.DateTimeField(help_text="When the last run ended.")

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.task}: {self.runs}"
