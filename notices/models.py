"""What happened that others want to be told of, who is told by webhook, and how that went."""

import uuid

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from claims.models import Claim, Corroboration, Speaker, Topic
from notices import triggers
from sources.models import Article, ImportItem, ImportRun


class Event(models.Model):
    """Something that happened, with the state as of then; kept for a week.

    Triggers write it in the transaction that does it. `transaction` and `id` are its place in the order in which
    events are given out (see docs/decisions/0012 and 0017).
    """

    uid = models.UUIDField()
    transaction = models.BigIntegerField()
    type = models.CharField(max_length=24)
    row_id = models.BigIntegerField(help_text="Of the claim, article, import or webhook that it is about.")
    at = models.DateTimeField()
    data = models.JSONField()
    waiting = models.BooleanField(help_text="It has not been looked at for webhooks yet.")

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["transaction", "type", "row_id"], name="event_once")]
        indexes = [models.Index(fields=["id"], name="event_waiting", condition=Q(waiting=True))]
        triggers = [triggers.completing()]

    def __str__(self) -> str:
        return f"{self.type} {self.row_id}"

    @property
    def message_id(self) -> str:
        """The id by which a receiver knows an event that comes a second time."""
        return f"evt_{self.uid.hex}"


class Audience(models.Model):
    """One row: until when events are noted because somebody asked for them; each who asks prolongs it."""

    until = models.DateTimeField()

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"until {self.until:%Y-%m-%d %H:%M}"


class ImportDue(models.Model):
    """An import of which something ended, by which it may be finished. There is no lock on it, and no uniqueness."""

    run_id = models.BigIntegerField()

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return str(self.run_id)


class Webhook(models.Model):
    """An address that is told of events; `active` while its owner wants it, paused while it does not work.

    Its secret is nowhere in the database: it follows from `salt` and the site's SECRET_KEY.
    """

    uid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="webhooks")
    url = models.URLField(max_length=2000)
    description = models.CharField(max_length=200, blank=True)
    events = ArrayField(models.CharField(max_length=24))
    claim = models.ForeignKey(Claim, models.CASCADE, null=True, blank=True, related_name="+")
    speaker = models.ForeignKey(Speaker, models.CASCADE, null=True, blank=True, related_name="+")
    topic = models.ForeignKey(Topic, models.CASCADE, null=True, blank=True, related_name="+")
    salt = models.CharField(max_length=32)
    previous_salt = models.CharField(max_length=32, blank=True)
    previous_until = models.DateTimeField(null=True, help_text="Until when the secret before is signed with, too.")
    active = models.BooleanField(default=True)
    created_at = models.DateTimeField(default=timezone.now)
    failures = models.PositiveIntegerField(default=0, help_text="In a row, since the last success.")
    failing_since = models.DateTimeField(null=True)
    not_before = models.DateTimeField(null=True, help_text="When it may be tried again.")
    paused_at = models.DateTimeField(null=True)
    paused_reason = models.TextField(blank=True)
    last_success_at = models.DateTimeField(null=True)

    class Meta:
        default_permissions = ()
        constraints = [
            models.CheckConstraint(condition=Q(events__len__gt=0), name="webhook_has_events"),
            models.CheckConstraint(
                condition=Q(paused_at=None, paused_reason="") | Q(paused_at__isnull=False) & ~Q(paused_reason=""),
                name="webhook_pause_says_why",
            ),
            models.CheckConstraint(
                condition=Q(previous_salt="", previous_until=None)
                | ~Q(previous_salt="") & Q(previous_until__isnull=False),
                name="webhook_previous_secret_ends",
            ),
        ]

    def __str__(self) -> str:
        return self.description or self.url


class Delivery(models.Model):
    """One event for one webhook: how often it was tried, and what came of it.

    Who tries moves `next_attempt_at` past the end of the attempt first: what a worker that died held comes up again.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        DELIVERED = "delivered", _("delivered")
        FAILED = "failed", _("given up")

    uid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    webhook = models.ForeignKey(Webhook, models.CASCADE, related_name="deliveries", db_index=False)
    event = models.ForeignKey(Event, models.CASCADE, related_name="deliveries")
    state = models.CharField(max_length=9, choices=State, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField(default=timezone.now)
    next_attempt_at = models.DateTimeField(null=True, default=timezone.now)
    last_attempt_at = models.DateTimeField(null=True)
    status = models.PositiveSmallIntegerField(null=True, help_text="Of the last answer.")
    error = models.TextField(blank=True)
    excerpt = models.TextField(blank=True, help_text="How the last answer began, where it was an error.")

    class Meta:
        default_permissions = ()
        verbose_name_plural = "deliveries"
        constraints = [
            models.UniqueConstraint(fields=["webhook", "event"], name="delivery_once"),
            models.CheckConstraint(
                condition=Q(state="waiting", next_attempt_at__isnull=False)
                | ~Q(state="waiting") & Q(next_attempt_at=None),
                name="delivery_waits_for_a_time",
            ),
        ]
        indexes = [
            models.Index(fields=["webhook", "-id"], name="delivery_newest"),
            models.Index(fields=["next_attempt_at", "id"], name="delivery_due", condition=Q(state="waiting")),
        ]

    def __str__(self) -> str:
        return f"{self.event_id} to {self.webhook_id}: {self.state}"


# Tables of other apps, which know nothing of this one: stand-ins that carry its triggers.


class NoticedCorroboration(Corroboration):
    class Meta:
        proxy = True
        default_permissions = ()
        triggers = triggers.of_corroboration()


class NoticedArticle(Article):
    class Meta:
        proxy = True
        default_permissions = ()
        triggers = triggers.of_articles()


class NoticedImportItem(ImportItem):
    class Meta:
        proxy = True
        default_permissions = ()
        triggers = triggers.of_imports("n.run_id", only="o.state = 'pending' AND n.state <> 'pending'")


class NoticedImportRun(ImportRun):
    class Meta:
        proxy = True
        default_permissions = ()
        triggers = triggers.of_imports("n.id", only="n.read_at IS DISTINCT FROM o.read_at AND n.read_at IS NOT NULL")
