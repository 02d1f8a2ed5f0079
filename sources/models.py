"""Outlets, their articles with frozen snapshots and revisions, and the imports that brought them."""

import uuid

import pghistory
import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Length, Lower, Upper
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from sources.querysets import (
    ArticleQuerySet,
    DerivationQuerySet,
    FeedQuerySet,
    ImportItemQuerySet,
    ImportRunQuerySet,
    OutletQuerySet,
    text_words,
)


def frozen(name: str) -> pgtrigger.Trigger:
    """Return a trigger that refuses any update or deletion of a row."""
    return pgtrigger.Protect(name=name, operation=pgtrigger.Update | pgtrigger.Delete)


class DecisionStatus(models.TextChoices):
    """What a machine proposes, and what an editor makes of it; `unsure` is a decision too, signed and remembered."""

    PROPOSED = "proposed", _("proposed")
    CONFIRMED = "confirmed", _("confirmed")
    REJECTED = "rejected", _("rejected")
    UNSURE = "unsure", _("left unsure")


@pghistory.track()
class Outlet(models.Model):
    """A publisher: agency, broadcaster, newspaper, …; `reviewed` once an editor has looked at it."""

    class Kind(models.TextChoices):
        AGENCY = "agency", _("agency")
        BROADCASTER = "broadcaster", _("broadcaster")
        NEWSPAPER = "newspaper", _("newspaper")
        MAGAZINE = "magazine", _("magazine")
        ONLINE = "online", _("online")
        GOVERNMENT = "government", _("government")
        UNKNOWN = "unknown", _("unknown")

    uid = models.UUIDField(unique=True, editable=False)
    slug = models.SlugField(max_length=120, unique=True)
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=12, choices=Kind, default=Kind.UNKNOWN)
    owner = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="owned")
    owner_name = models.CharField(
        max_length=200, blank=True, help_text="An owner that publishes nothing itself, such as a ministry."
    )
    reviewed = models.BooleanField(default=False)
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, editable=False, related_name="merged"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    objects = OutletQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(Lower("name"), name="outlet_name_once"),
            models.CheckConstraint(condition=~Q(owner=F("id")), name="outlet_not_its_own_owner"),
            models.CheckConstraint(condition=~Q(merged_into=F("id")), name="outlet_not_merged_into_itself"),
            models.CheckConstraint(condition=Q(owner=None) | Q(owner_name=""), name="outlet_one_owner"),
            models.CheckConstraint(
                condition=Q(
                    kind__in=[
                        "agency",
                        "broadcaster",
                        "newspaper",
                        "magazine",
                        "online",
                        "government",
                        "unknown",
                    ]
                ),
                name="outlet_kind_known",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("outlet_detail", args=[self.slug])


@pghistory.track()
class OutletAlias(models.Model):
    """A name under which an outlet appears in credit lines and relays, in any language."""

    outlet = models.ForeignKey(Outlet, models.CASCADE, related_name="aliases")
    name = models.CharField(max_length=200)

    class Meta:
        verbose_name_plural = "outlet aliases"
        constraints = [models.UniqueConstraint(Lower("name"), name="outlet_alias_once")]

    def __str__(self) -> str:
        return self.name


@pghistory.track()
class OutletDomain(models.Model):
    """A domain whose pages an outlet publishes."""

    outlet = models.ForeignKey(Outlet, models.CASCADE, related_name="domains")
    domain = models.CharField(max_length=253)

    class Meta:
        constraints = [models.UniqueConstraint(Lower("domain"), name="outlet_domain_once")]

    def __str__(self) -> str:
        return self.domain


class OutletMerge(models.Model):
    """One outlet merged into another, with all that moved, so that it can be undone exactly."""

    outlet = models.ForeignKey(Outlet, models.CASCADE, related_name="merges")
    into = models.ForeignKey(Outlet, models.CASCADE, related_name="merges_received")
    moved = models.JSONField(default=dict, help_text="Ids of the rows that moved, by their model and column.")
    doubles = models.JSONField(
        default=list, help_text="Rows that the other had as well: [model, given up, kept before, kept after]."
    )
    renamed = models.JSONField(default=dict, help_text="The identities of articles of which both had one, by id.")
    merged_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    merged_at = models.DateTimeField(auto_now_add=True)
    undone_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["outlet"], condition=Q(undone_at=None), name="outlet_merged_once"),
            models.CheckConstraint(
                condition=Q(undone_at=None, undone_by=None) | Q(undone_at__isnull=False, undone_by__isnull=False),
                name="outlet_merge_undoing_signed",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.outlet_id} into {self.into_id}"


@pghistory.track()
class Article(models.Model):
    """One published document of one outlet.

    `identity` is the URL, or where there is none the id under which it was imported, or the hash of its content.
    """

    uid = models.UUIDField(unique=True, editable=False)
    outlet = models.ForeignKey(Outlet, models.PROTECT, related_name="articles")
    identity = models.CharField(max_length=2100)
    external_id = models.CharField(max_length=500, blank=True, help_text="The id it was imported under.")
    url = models.URLField(max_length=2000, blank=True)
    title = models.CharField(max_length=1000)
    byline = models.CharField(max_length=500, blank=True)
    language = models.CharField(max_length=12, default="en")
    published_at = models.DateTimeField(null=True, blank=True)
    published_has_time = models.BooleanField(default=False, help_text="False where only the day is known.")
    created_at = models.DateTimeField(auto_now_add=True)
    revised_at = models.DateTimeField(null=True, editable=False, help_text="When its current text became current.")
    current_revision = models.OneToOneField(
        "Revision", models.PROTECT, null=True, editable=False, related_name="current_of"
    )

    objects = ArticleQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["outlet", "identity"], name="article_once_per_outlet")]
        indexes = [
            models.Index(F("published_at").desc(nulls_last=True), F("id").desc(), name="article_newest"),
            models.Index(
                "outlet", F("published_at").desc(nulls_last=True), F("id").desc(), name="article_of_outlet_newest"
            ),
            models.Index(
                "language", F("published_at").desc(nulls_last=True), F("id").desc(), name="article_in_language_newest"
            ),
            GinIndex(OpClass(Upper("title"), name="gin_trgm_ops"), name="article_title_trigrams"),
            models.Index(fields=["external_id"], name="article_external_id", condition=~Q(external_id="")),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("article_detail", args=[self.uid])

    @property
    def imported_as(self) -> str:
        """The id or address under which a client handed it in."""
        return self.external_id or self.url or self.identity


class Snapshot(models.Model):
    """The bytes as they came; never changed, never deleted."""

    uid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    article = models.ForeignKey(Article, models.PROTECT, related_name="snapshots")
    body = models.BinaryField()
    media_type = models.CharField(max_length=100)
    headers = models.JSONField(default=dict, help_text="What came with the bytes: HTTP headers or record fields.")
    sha256 = models.CharField(max_length=64)
    captured_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["article", "sha256"], name="snapshot_once")]
        triggers = [frozen("snapshot_frozen")]

    def __str__(self) -> str:
        return f"sha256:{self.sha256[:12]}"


class Revision(models.Model):
    """An article's plain text at one fetch; all offsets count code points of `text`."""

    uid = models.UUIDField(unique=True, editable=False)
    article = models.ForeignKey(Article, models.PROTECT, related_name="revisions")
    snapshot = models.ForeignKey(Snapshot, models.PROTECT, related_name="revisions")
    number = models.PositiveIntegerField()
    text = models.TextField()
    length = models.GeneratedField(expression=Length("text"), output_field=models.IntegerField(), db_persist=True)
    sha256 = models.CharField(max_length=64, help_text="Of the text in UTF-8.")
    method = models.CharField(max_length=100, help_text="How the text was taken from the snapshot.")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["article", "number"], name="revision_number_once"),
            models.UniqueConstraint(fields=["article", "sha256"], name="revision_text_once"),
            models.CheckConstraint(condition=~Q(text=""), name="revision_has_text"),
        ]
        indexes = [GinIndex(text_words("text"), name="revision_words")]
        triggers = [frozen("revision_frozen")]

    def __str__(self) -> str:
        return f"revision {self.number}"


@pghistory.track()
class Derivation(models.Model):
    """An edge: this article, or part of it, comes from that outlet or article."""

    class Kind(models.TextChoices):
        CREDIT = "credit", _("credit line")
        COPY = "copy", _("copied text")
        CITATION = "citation", _("citation")

    uid = models.UUIDField(unique=True, editable=False)
    article = models.ForeignKey(Article, models.CASCADE, related_name="derivations")
    kind = models.CharField(max_length=8, choices=Kind)
    upstream_outlet = models.ForeignKey(Outlet, models.PROTECT, related_name="derived")
    upstream_article = models.ForeignKey(Article, models.PROTECT, null=True, blank=True, related_name="derived")
    partial = models.BooleanField(default=False, help_text="Only part of the article comes from there.")
    revision = models.ForeignKey(Revision, models.PROTECT, related_name="derivations")
    start = models.PositiveIntegerField(null=True, blank=True)
    end = models.PositiveIntegerField(null=True, blank=True)
    score = models.FloatField(null=True, blank=True, help_text="Overlap, 0 to 1, for copies.")
    method = models.CharField(max_length=100)
    status = models.CharField(max_length=9, choices=DecisionStatus, default=DecisionStatus.PROPOSED)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = DerivationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["article", "kind", "upstream_outlet", "upstream_article"],
                nulls_distinct=False,
                name="derivation_once",
            ),
            models.CheckConstraint(
                condition=Q(start=None, end=None) | Q(start__lt=F("end")), name="derivation_span_ordered"
            ),
            models.CheckConstraint(condition=~Q(upstream_article=F("article")), name="derivation_not_from_itself"),
            models.CheckConstraint(
                condition=Q(status="proposed") | Q(decided_by__isnull=False, decided_at__isnull=False),
                name="derivation_decision_signed",
            ),
        ]
        indexes = [models.Index(fields=["upstream_outlet", "-id"], name="derivation_from_outlet")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.upstream_outlet_id}"


class DerivationSpan(models.Model):
    """A passage that a copy has word for word from its upstream article; `words` of them."""

    derivation = models.ForeignKey(Derivation, models.CASCADE, related_name="spans")
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()
    upstream_revision = models.ForeignKey(Revision, models.PROTECT, related_name="copied_spans")
    upstream_start = models.PositiveIntegerField()
    upstream_end = models.PositiveIntegerField()
    words = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["derivation", "start"], name="derivation_span_once"),
            models.CheckConstraint(condition=Q(start__lt=F("end")), name="derivation_span_forward"),
            models.CheckConstraint(
                condition=Q(upstream_start__lt=F("upstream_end")), name="derivation_span_upstream_forward"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.start}–{self.end}"


class Fingerprint(models.Model):
    """The hashes by which copies of an article's current text are found.

    positions: where in the text the words of each begin. quoted: those of them that stand in quotation marks.
    """

    article = models.OneToOneField(Article, models.CASCADE, related_name="fingerprint")
    revision = models.OneToOneField(Revision, models.CASCADE, related_name="fingerprint")
    hashes = ArrayField(models.IntegerField())
    positions = ArrayField(models.IntegerField())
    quoted = ArrayField(models.IntegerField())
    method = models.CharField(max_length=100)

    class Meta:
        indexes = [
            # Entries are merged when they are stored: a list of pending ones would be read through by every search.
            GinIndex(fields=["hashes"], name="fingerprint_hashes", opclasses=["gin__int_ops"], fastupdate=False)
        ]

    def __str__(self) -> str:
        return f"{len(self.hashes)} hashes"


class Feed(models.Model):
    """A polled address and how its last poll went."""

    uid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    url = models.URLField(max_length=2000, unique=True)
    title = models.CharField(max_length=300, blank=True)
    outlet = models.ForeignKey(Outlet, models.PROTECT, null=True, blank=True, related_name="feeds")
    active = models.BooleanField(default=True)
    interval_s = models.PositiveIntegerField(default=3600)
    etag = models.CharField(max_length=300, blank=True)
    last_modified = models.CharField(max_length=100, blank=True)
    last_polled_at = models.DateTimeField(null=True, blank=True)
    next_poll_at = models.DateTimeField(default=timezone.now)
    failures = models.PositiveIntegerField(default=0, help_text="In a row, since the last success.")
    failing_since = models.DateTimeField(null=True, blank=True)
    last_error = models.TextField(blank=True)
    last_note = models.TextField(
        blank=True, default="", help_text="What was damaged in it when it was read last; entries may be missing."
    )

    objects = FeedQuerySet.as_manager()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(interval_s__gte=60), name="feed_interval_a_minute")]

    def __str__(self) -> str:
        return self.title or self.url


class ImportRun(models.Model):
    """One request to import, by a person or a feed."""

    uid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    label = models.CharField(max_length=500, help_text="What was handed in: paths or an address.")
    feed = models.ForeignKey(Feed, models.SET_NULL, null=True, blank=True, related_name="runs")
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    priority = models.SmallIntegerField(default=0, help_text="Runs of a higher one go first.")
    documents_read = models.PositiveIntegerField(default=0, help_text="Of the files that were handed in.")
    heard_of_at = models.DateTimeField(
        default=timezone.now, help_text="When its reader last stored documents; long ago where it has died."
    )
    read_at = models.DateTimeField(
        null=True, blank=True, help_text="When reading what was handed in ended; empty while it goes on."
    )
    reading_error = models.TextField(blank=True, default="", help_text="Why reading ended before the last document.")
    cancelled_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = ImportRunQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(reading_error="") | ~Q(read_at=None), name="import_run_error_ends_reading"
            )
        ]
        indexes = [
            models.Index(fields=["-created_at", "-id"], name="import_run_newest"),
            models.Index(fields=["heard_of_at"], name="import_run_being_read", condition=Q(read_at=None)),
            models.Index(fields=["feed", "-id"], name="import_run_of_feed", condition=Q(feed__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.label} ({self.created_at:%Y-%m-%d %H:%M})"


class ImportItem(models.Model):
    """One document of a run: what came, what became of it, and why."""

    class State(models.TextChoices):
        PENDING = "pending", _("waiting")
        IMPORTED = "imported", _("imported")
        EXPANDED = "expanded", _("listed others")
        SKIPPED = "skipped", _("skipped")
        FAILED = "failed", _("failed")
        CANCELLED = "cancelled", _("cancelled")

    run = models.ForeignKey(ImportRun, models.CASCADE, related_name="items")
    position = models.PositiveIntegerField()
    label = models.CharField(max_length=1000, help_text="File and line, or address.")
    url = models.URLField(max_length=2000, blank=True, help_text="Where to fetch it from, while `payload` is empty.")
    depth = models.PositiveSmallIntegerField(default=0, help_text="How many feeds or sitemaps led to it.")
    priority = models.SmallIntegerField(default=0, help_text="Its run's; of waiting items the highest goes first.")
    not_before = models.DateTimeField(null=True, blank=True, help_text="When it may be tried (again).")
    record = models.JSONField(default=dict, help_text="The fields that came with the document.")
    media_type = models.CharField(max_length=100, blank=True)
    payload = models.BinaryField(null=True, help_text="The document's bytes until they are a snapshot.")
    state = models.CharField(max_length=9, choices=State, default=State.PENDING)
    reason = models.TextField(blank=True)
    traceback = models.TextField(
        blank=True, default="", help_text="For operators: where the program was when an unexpected error stopped it."
    )
    needs_look = models.BooleanField(
        default=False, help_text="It was imported, but a quotation of its page is not in its text."
    )
    looked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", editable=False
    )
    looked_at = models.DateTimeField(
        null=True, blank=True, editable=False, help_text="When somebody had the look that it needs."
    )
    attempts = models.PositiveSmallIntegerField(default=0)
    article = models.ForeignKey(Article, models.SET_NULL, null=True, blank=True, related_name="import_items")
    created_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    objects = ImportItemQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["run", "position"], name="import_item_position_once"),
            models.CheckConstraint(
                condition=Q(state__in=["pending", "imported"]) | ~Q(reason=""), name="import_item_says_why"
            ),
            models.CheckConstraint(
                condition=Q(state="pending", finished_at=None) | ~Q(state="pending") & Q(finished_at__isnull=False),
                name="import_item_finished_or_pending",
            ),
            models.CheckConstraint(
                condition=Q(looked_by=None, looked_at=None) | Q(looked_by__isnull=False, looked_at__isnull=False),
                name="import_item_look_signed",
            ),
        ]
        indexes = [
            models.Index(
                fields=["-priority", "attempts", "id"], name="import_item_pending", condition=Q(state="pending")
            ),
            models.Index(fields=["run", "position"], name="import_item_needs_look", condition=Q(needs_look=True)),
            models.Index(fields=["-finished_at", "-id"], name="import_item_failed", condition=Q(state="failed")),
            models.Index(
                fields=["-finished_at", "-id"],
                name="import_item_crashed",
                condition=Q(state="failed") & ~Q(traceback=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.label}: {self.state}"


class Host(models.Model):
    """A site that is asked for pages: when it may be asked next, and its robots.txt; shared by all workers.

    `lease` is held by the one worker that is asking it; a lease that has run out was left by a worker that died.
    """

    name = models.CharField(max_length=260, unique=True, help_text="With the port where that is not 80 or 443.")
    min_interval_s = models.FloatField(
        null=True, blank=True, help_text="Seconds between requests that an operator sets for this site."
    )
    next_allowed_at = models.DateTimeField(null=True, blank=True)
    lease = models.UUIDField(null=True, blank=True, editable=False)
    leased_until = models.DateTimeField(null=True, blank=True, editable=False)
    failures = models.PositiveIntegerField(default=0, help_text="In a row, since the last success.")
    backoff_until = models.DateTimeField(null=True, blank=True)
    last_error = models.TextField(blank=True)
    robots_body = models.TextField(blank=True)
    robots_status = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="0 where the site could not be reached."
    )
    robots_fetched_at = models.DateTimeField(null=True, blank=True)
    robots_error = models.TextField(blank=True)
    crawl_delay_s = models.FloatField(null=True, blank=True, help_text="As its robots.txt asks of us.")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(lease=None, leased_until=None) | Q(lease__isnull=False, leased_until__isnull=False),
                name="host_lease_ends",
            ),
            models.CheckConstraint(
                condition=(Q(min_interval_s=None) | Q(min_interval_s__gte=0))
                & (Q(crawl_delay_s=None) | Q(crawl_delay_s__gte=0)),
                name="host_intervals_not_negative",
            ),
        ]

    def __str__(self) -> str:
        return self.name
