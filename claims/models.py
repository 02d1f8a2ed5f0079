"""Speakers, statements, claims, and which statement carries which claim."""

import uuid
from typing import Any

import pghistory
import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Lower, Now, Upper
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from claims import changes, naming, reading_marks
from claims.corroboration import ledgers, marks
from claims.querysets import (
    COUNTED,
    AttributionQuerySet,
    ClaimConflictQuerySet,
    ClaimLinkQuerySet,
    ClaimQuerySet,
    SpeakerQuerySet,
    StatementQuerySet,
)
from claims.querysets_coreporting import CoverageQuerySet, OutletPairQuerySet, OutletTallyQuerySet
from sources.models import (
    Article,
    DecisionStatus,
    Derivation,
    DerivationSpan,
    Outlet,
    OutletAlias,
    OutletDomain,
    Revision,
)


def inside_text(name: str, revision: str) -> pgtrigger.Trigger:
    """Return a trigger that refuses a span ending beyond its revision's text.

    revision: SQL that gives the revision's id for NEW.
    """
    return pgtrigger.Trigger(
        name=name,
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.Update,
        declare=[("revision_length", "integer")],
        func=f"""
            SELECT length INTO revision_length FROM sources_revision WHERE id = {revision};
            IF NEW."end" > revision_length THEN
                RAISE EXCEPTION 'span %-% ends beyond the text (% characters)',
                    NEW.start, NEW."end", revision_length USING ERRCODE = 'check_violation';
            END IF;
            RETURN NEW;
        """,  # noqa: S608 (the SQL is ours)
    )


@pghistory.track()
class Speaker(models.Model):
    """The person or body to whom statements are attributed."""

    class Kind(models.TextChoices):
        PERSON = "person", _("person")
        BODY = "body", _("organisation or country")
        UNKNOWN = "unknown", _("unknown")

    uid = models.UUIDField(unique=True, editable=False)
    name = models.CharField(max_length=300)
    kind = models.CharField(max_length=7, choices=Kind, default=Kind.UNKNOWN)
    represents = models.ForeignKey(
        "self",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="represented_by",
        help_text="The country or organisation that this speaker speaks for.",
    )
    wikidata_id = models.CharField(max_length=20, blank=True)
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="merged")
    edited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        editable=False,
        db_index=False,
        help_text="The editor who edited it last; a machine fills nothing in after that, and gives it no names.",
    )
    created_at = models.DateTimeField(auto_now_add=True)

    objects = SpeakerQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(merged_into=F("id")), name="speaker_not_merged_into_itself"),
            models.CheckConstraint(condition=~Q(represents=F("id")), name="speaker_not_its_own_principal"),
            models.CheckConstraint(condition=~Q(name=""), name="speaker_has_name"),
        ]
        triggers = marks.marks(marks.SPEAKER, "r.id", when=["update"], columns=["name"])

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("speaker_detail", args=[self.uid])


@pghistory.track(exclude=["key"])
class SpeakerAlias(models.Model):
    """A name that resolves to a speaker; other spellings of it, which have the same `key`, do so too."""

    speaker = models.ForeignKey(Speaker, models.CASCADE, related_name="aliases")
    name = models.CharField(max_length=300)
    key = models.CharField(max_length=300, default="", editable=False, help_text="`naming.key` of the name.")

    class Meta:
        verbose_name_plural = "speaker aliases"
        constraints = [models.UniqueConstraint(Lower("name"), name="speaker_alias_once")]
        indexes = [models.Index(fields=["key"], name="speaker_alias_key")]
        triggers = marks.marks(marks.SPEAKER, "r.speaker_id", columns=["speaker_id", "name"])

    def __str__(self) -> str:
        return self.name

    def save(self, **options: Any) -> None:
        self.key = naming.key(self.name)
        super().save(**options)


class SpeakerMerge(models.Model):
    """One speaker merged into another, with all that moved, so that it can be undone exactly."""

    speaker = models.ForeignKey(Speaker, models.CASCADE, related_name="merges")
    into = models.ForeignKey(Speaker, models.CASCADE, related_name="merges_received")
    statements = ArrayField(models.BigIntegerField(), default=list, help_text="Ids of those that moved.")
    claims = ArrayField(models.BigIntegerField(), default=list)
    aliases = ArrayField(models.BigIntegerField(), default=list)
    represented = ArrayField(models.BigIntegerField(), default=list, help_text="Speakers that spoke for it.")
    redirected = ArrayField(models.BigIntegerField(), default=list, help_text="Speakers merged into it before.")
    filled = models.JSONField(default=dict, help_text="What the other took over: field, [value it had, value it got].")
    merged_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    merged_at = models.DateTimeField(auto_now_add=True)
    undone_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["speaker"], condition=Q(undone_at=None), name="speaker_merged_once"),
            models.CheckConstraint(
                condition=Q(undone_at=None, undone_by=None) | Q(undone_at__isnull=False, undone_by__isnull=False),
                name="speaker_merge_undoing_signed",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.speaker_id} into {self.into_id}"


class Extraction(models.Model):
    """What became of reading one revision with one version of the extractor; no row: not read yet."""

    class State(models.TextChoices):
        STARTED = "started", _("started")
        EXTRACTED = "extracted", _("statements stored")
        MATCHED = "matched", _("statements matched to claims")
        FAILED = "failed", _("failed")

    revision = models.ForeignKey(Revision, models.CASCADE, related_name="extractions")
    version = models.CharField(max_length=100)
    state = models.CharField(max_length=9, choices=State, default=State.STARTED)
    attempts = models.PositiveSmallIntegerField(default=0, help_text="To extract its statements.")
    match_attempts = models.PositiveSmallIntegerField(default=0, help_text="To match them to claims.")
    reason = models.TextField(blank=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["revision", "version"], name="extraction_once"),
            models.CheckConstraint(condition=~Q(state="failed") | ~Q(reason=""), name="extraction_says_why"),
        ]
        indexes = [
            models.Index(fields=["id"], name="extraction_unmatched", condition=Q(state="extracted")),
            models.Index(fields=["-updated_at", "-id"], name="extraction_failed", condition=Q(state="failed")),
        ]
        triggers = reading_marks.of_extractions()

    def __str__(self) -> str:
        return f"{self.revision_id} by {self.version}: {self.state}"


class ReadingDue(models.Model):
    """A current text that is to be read: for the first time, or again by the latest version of the extractor.

    Triggers write these, and take them away once a text is read or given up: what waits is found by one look at a table
    that is nearly always empty, however many articles there are.
    """

    revision = models.OneToOneField(Revision, models.CASCADE, primary_key=True, related_name="+")
    again = models.BooleanField(default=False, db_default=False, help_text="An earlier version has read it.")
    begun = models.BooleanField(default=False, db_default=False, help_text="A worker has begun to read it.")
    marked_at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name_plural = "readings due"
        # News does not wait for a re-reading, and what a worker ended with comes last: else it would be the one at hand
        # whenever another worker is killed.
        indexes = [models.Index(fields=["again", "begun", "revision"], name="reading_due_next")]

    def __str__(self) -> str:
        return f"{self.revision_id}{' again' if self.again else ''}"


class ExtractorVersion(models.Model):
    """A version of the extractor that workers have come with; readings by the latest are those that texts wait for."""

    version = models.CharField(max_length=100, unique=True)
    registered_at = models.DateTimeField(db_default=Now())
    all_marked = models.BooleanField(default=False, help_text="Texts of before wait to be read by it.")

    def __str__(self) -> str:
        return self.version


def _only_told(to: Any, **options: Any) -> models.ForeignKey:
    """Return what an event tells of a row that no events are looked up by: without the index that it would have."""
    return models.ForeignKey(
        to,
        models.DO_NOTHING,
        db_constraint=False,
        db_index=False,
        related_name="+",
        related_query_name="+",
        **options,
    )


@pghistory.track(
    exclude=["terms", "speaker_name"],
    attrs={"revision": _only_told(Revision), "speaker": _only_told(Speaker, null=True, blank=True)},
)
class Statement(models.Model):
    """A span of a revision that reports what a speaker said, thought or did in words.

    `start` and `end` enclose the content; `spans` holds its pieces, the cue and the source.
    """

    class Kind(models.TextChoices):
        DIRECT = "direct", _("direct")
        MIXED = "mixed", _("mixed")
        INDIRECT = "indirect", _("indirect")

    class Act(models.TextChoices):
        SPEECH = "speech", _("speech")
        WRITING = "writing", _("writing")
        ATTITUDE = "attitude", _("attitude")

    uid = models.UUIDField(unique=True, editable=False)
    # The constraint finds it.
    revision = models.ForeignKey(Revision, models.PROTECT, related_name="statements", db_index=False)
    speaker = models.ForeignKey(Speaker, models.PROTECT, null=True, blank=True, related_name="statements")
    speaker_name = models.CharField(
        max_length=300, blank=True, editable=False, help_text="The fullest name that the article gives the speaker."
    )
    kind = models.CharField(max_length=8, choices=Kind)
    act = models.CharField(max_length=8, choices=Act, default=Act.SPEECH)
    negated = models.BooleanField(default=False, help_text="The cue is negated: “did not say”.")
    hedged = models.BooleanField(default=False, help_text="The cue is hedged: “reportedly said”.")
    denies = models.BooleanField(default=False, help_text="The cue denies the content: “rejected”.")
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()
    content_key = models.CharField(max_length=500, editable=False, help_text="Offsets of the content's spans.")
    quote = models.TextField(help_text="The content's text, its pieces joined by “ … ”.")
    source_text = models.CharField(max_length=500, blank=True, help_text="Who it is attributed to, as printed.")
    heading = models.CharField(max_length=300, blank=True, help_text="The section heading above it.")
    terms = ArrayField(
        models.CharField(max_length=100),
        default=list,
        editable=False,
        help_text="The stems of its words, to find its kin by.",
    )
    said_on = models.DateField(null=True, blank=True)
    confidence = models.FloatField()
    method = models.CharField(max_length=100, help_text="Extractor version, or “editor”.")
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_reason = models.CharField(max_length=300, blank=True)
    orphaned_at = models.DateTimeField(
        null=True, blank=True, editable=False, help_text="When a later text of the article no longer had it."
    )
    orphaned_reason = models.CharField(max_length=300, blank=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = StatementQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["revision", "content_key"], name="statement_content_once"),
            models.CheckConstraint(condition=Q(start__lt=F("end")), name="statement_span_ordered"),
            models.CheckConstraint(condition=~Q(quote=""), name="statement_has_quote"),
            models.CheckConstraint(
                condition=Q(confidence__gte=0, confidence__lte=1), name="statement_confidence_range"
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at=None, withdrawn_reason="")
                | Q(withdrawn_at__isnull=False) & ~Q(withdrawn_reason=""),
                name="statement_withdrawn_with_reason",
            ),
            models.CheckConstraint(
                condition=Q(orphaned_at=None, orphaned_reason="")
                | Q(orphaned_at__isnull=False) & ~Q(orphaned_reason=""),
                name="statement_orphaned_with_reason",
            ),
        ]
        indexes = [
            models.Index(fields=["orphaned_at"], name="statement_orphaned", condition=Q(orphaned_at__isnull=False)),
            models.Index(fields=["speaker", "-id"], name="statement_not_said", condition=Q(negated=True)),
        ]
        triggers = [
            inside_text("statement_inside_text", "NEW.revision_id"),
            # A new one matters through its attributions and relays, which are noted themselves.
            *marks.marks(marks.STATEMENT, "r.id", when=["update"], columns=["withdrawn_at", "speaker_id"]),
        ]

    def __str__(self) -> str:
        return self.quote[:80]

    def get_absolute_url(self) -> str:
        return reverse("statement_detail", args=[self.uid])


class StatementSpan(models.Model):
    """One contiguous piece of a statement's content, cue or source."""

    class Role(models.TextChoices):
        CONTENT = "content", _("content")
        CUE = "cue", _("cue")
        SOURCE = "source", _("source")

    # The constraint finds it.
    statement = models.ForeignKey(Statement, models.CASCADE, related_name="spans", db_index=False)
    role = models.CharField(max_length=7, choices=Role)
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["statement", "role", "start"], name="statement_span_once"),
            models.CheckConstraint(condition=Q(start__lt=F("end")), name="statement_piece_ordered"),
        ]
        triggers = [
            inside_text(
                "statement_piece_inside_text",
                "(SELECT revision_id FROM claims_statement WHERE id = NEW.statement_id)",
            )
        ]

    def __str__(self) -> str:
        return f"{self.role} {self.start}-{self.end}"


@pghistory.track()
class StatementRelay(models.Model):
    """An outlet through which a statement reached the article.

    Relays of one hop are alternatives ("TASS and Xinhua"); a higher hop lies further upstream.
    """

    statement = models.ForeignKey(Statement, models.CASCADE, related_name="relays")
    outlet = models.ForeignKey(Outlet, models.PROTECT, related_name="relayed")
    hop = models.PositiveSmallIntegerField(default=1)
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["statement", "outlet", "hop"], name="statement_relay_once"),
            models.CheckConstraint(condition=Q(start__lt=F("end")), name="statement_relay_ordered"),
        ]
        indexes = [models.Index(fields=["outlet", "-id"], name="statement_relay_of_outlet")]
        triggers = [
            inside_text(
                "statement_relay_inside_text",
                "(SELECT revision_id FROM claims_statement WHERE id = NEW.statement_id)",
            ),
            *marks.marks(
                marks.REVISION,
                "(SELECT s.revision_id FROM claims_statement s WHERE s.id = r.statement_id)",
                columns=["statement_id", "outlet_id", "hop"],
            ),
        ]

    def __str__(self) -> str:
        return f"hop {self.hop}: {self.outlet_id}"


class Wording(models.Model):
    """By what a statement's like are found: `claims.services.candidates` makes it, and its postings.

    Statements that say the same words in one name on one day have one code.
    """

    statement = models.OneToOneField(Statement, models.CASCADE, primary_key=True, related_name="wording")
    code = models.BigIntegerField(help_text="In the high bits the day of publication, so that codes are in its order.")

    class Meta:
        indexes = [models.Index(fields=["code", "statement"], name="wording_of_code")]

    def __str__(self) -> str:
        return f"{self.code} of {self.statement_id}"


class Posting(models.Model):
    """A leaf of postings: a word, hashed, and the code of a wording that has it, and those that come next in order.

    It has what lies between its own key and that of the next leaf. As a row for each posting would be mostly the
    row's own header and its entry in the index, `claims.services.candidates` fills and splits leaves.
    """

    pk = models.CompositePrimaryKey("word", "wording")
    word = models.BigIntegerField()
    wording = models.BigIntegerField()
    further_words = ArrayField(
        models.BigIntegerField(), null=True, help_text="Of the postings after the first; nothing: all are of its word."
    )
    further_wordings = ArrayField(models.BigIntegerField(), null=True)

    def __str__(self) -> str:
        return f"{self.word} in {self.wording}"


class Sentence(models.Model):
    """What a statement means to a sentence model, for those that were compared across languages."""

    statement = models.ForeignKey(Statement, models.CASCADE, related_name="sentences")
    model = models.CharField(max_length=30)
    vector = models.BinaryField(help_text="Half-precision floats.")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["statement", "model"], name="sentence_read_once")]

    def __str__(self) -> str:
        return f"{self.statement_id} by {self.model}"


class ComparisonDue(models.Model):
    """A matched revision whose claims are still to be renewed, then compared with what may contradict them."""

    revision = models.OneToOneField(Revision, models.CASCADE, primary_key=True, related_name="+")
    renewed = models.BooleanField(default=False, db_default=False)
    attempts = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name_plural = "comparisons due"

    def __str__(self) -> str:
        return f"{self.revision_id}, tried {self.attempts} times"


@pghistory.track()
class Topic(models.Model):
    """A subject that claims are about; claims that contain one of its keywords are assigned to it."""

    uid = models.UUIDField(unique=True, editable=False)
    slug = models.SlugField(max_length=120, unique=True)
    name = models.CharField(max_length=200)
    keywords = ArrayField(models.CharField(max_length=200), default=list, blank=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("topic_detail", args=[self.slug])


@pghistory.track()
class Claim(models.Model):
    """An attributed proposition: one speaker, one canonical sentence."""

    uid = models.UUIDField(unique=True, editable=False)
    speaker = models.ForeignKey(Speaker, models.PROTECT, null=True, blank=True, related_name="claims")
    text = models.TextField()
    language = models.CharField(max_length=12, default="en")
    said_on = models.DateField(null=True, blank=True)
    text_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        editable=False,
        help_text="The editor who wrote the sentence; a machine does not change it after that.",
    )
    topics_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        editable=False,
        db_index=False,
        help_text="The editor who chose the topics; a machine adds none after that.",
    )
    topics: models.ManyToManyField = models.ManyToManyField(Topic, through="ClaimTopic", related_name="claims")
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="merged")
    method = models.CharField(max_length=100, help_text="Matcher version, or “editor”.")
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = ClaimQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(merged_into=F("id")), name="claim_not_merged_into_itself"),
            models.CheckConstraint(condition=~Q(text=""), name="claim_has_text"),
        ]
        indexes = [
            GinIndex(OpClass(Upper("text"), name="gin_trgm_ops"), name="claim_text_trigrams"),
            models.Index(fields=["-created_at", "-id"], name="claim_newest"),
            models.Index(fields=["speaker", "-id"], name="claim_of_speaker"),
        ]
        triggers = marks.marks(
            marks.CLAIM,
            "r.id",
            when=["insert", "update"],
            columns=["text", "language", "said_on", "speaker_id", "merged_into_id"],
        )

    def __str__(self) -> str:
        return self.text[:80]

    def get_absolute_url(self) -> str:
        return reverse("claim_detail", args=[self.uid])


@pghistory.track()
class ClaimTopic(models.Model):
    """A topic of a claim, and by what it was assigned."""

    claim = models.ForeignKey(Claim, models.CASCADE)
    topic = models.ForeignKey(Topic, models.CASCADE)
    method = models.CharField(max_length=100, help_text="“keyword: …”, or “editor”.")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["claim", "topic"], name="claim_topic_once")]
        indexes = [models.Index(fields=["topic", "-claim"], name="claim_topic_newest")]
        triggers = marks.marks(marks.CLAIM, "r.claim_id", columns=["claim_id", "topic_id"])

    def __str__(self) -> str:
        return f"{self.claim_id} {self.topic_id}"


@pghistory.track(attrs={"decided_by": _only_told(settings.AUTH_USER_MODEL, null=True, blank=True)})
class Attribution(models.Model):
    """This statement carries that claim, or denies it: proposed by a machine, decided by an editor."""

    class Stance(models.TextChoices):
        AFFIRMS = "affirms", _("affirms")
        DENIES = "denies", _("denies")

    Status = DecisionStatus

    uid = models.UUIDField(unique=True, editable=False)
    # The constraint and indexes below find these.
    statement = models.ForeignKey(Statement, models.PROTECT, related_name="attributions", db_index=False)
    claim = models.ForeignKey(Claim, models.PROTECT, related_name="attributions", db_index=False)
    stance = models.CharField(max_length=7, choices=Stance, default=Stance.AFFIRMS)
    status = models.CharField(max_length=9, choices=DecisionStatus, default=DecisionStatus.PROPOSED)
    score = models.FloatField(help_text="The matcher's, 0 to 1; 1 for the statement that the claim was made from.")
    sub_scores = models.JSONField(default=dict, help_text="What the score was made of.")
    method = models.CharField(max_length=100, help_text="Matcher version, or “editor”.")
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = AttributionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["statement", "claim"], name="attribution_once"),
            models.CheckConstraint(condition=Q(score__gte=0, score__lte=1), name="attribution_score_range"),
            models.CheckConstraint(
                condition=Q(status="proposed") | Q(decided_by__isnull=False, decided_at__isnull=False),
                name="attribution_decision_signed",
            ),
        ]
        indexes = [
            # The first reports of a claim of ten thousand are read without the others.
            models.Index(fields=["claim", "id"], name="attribution_of_claim"),
            models.Index(
                fields=["claim"], name="attribution_not_counted", condition=Q(status__in=["rejected", "unsure"])
            ),
            models.Index(fields=["decided_at"], name="attribution_decided", condition=Q(decided_at__isnull=False)),
            # An index of them all would have an entry for each report that nobody decided on.
            models.Index(fields=["decided_by"], name="attribution_decided_by", condition=Q(decided_by__isnull=False)),
        ]
        triggers = marks.marks(marks.CLAIM, "r.claim_id", columns=["claim_id", "statement_id", "stance", "status"])

    def __str__(self) -> str:
        return f"{self.statement_id} {self.stance} {self.claim_id} ({self.status})"

    @property
    def is_counted(self) -> bool:
        return self.status in COUNTED


class Decision(models.Model):
    """What an editor decided about reports, with what each was before, so that it can be undone exactly."""

    class Kind(models.TextChoices):
        CONFIRM = "confirm", _("confirmed a report")
        REJECT = "reject", _("rejected a report")
        UNSURE = "unsure", _("left a report unsure")
        STANCE = "stance", _("set a report’s stance")
        MOVE = "move", _("moved a report to another claim")
        ADD = "add", _("gave a statement this claim too")
        SPLIT = "split", _("split a claim")

    uid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=7, choices=Kind)
    claim = models.ForeignKey(Claim, models.PROTECT, related_name="decisions")
    to = models.ForeignKey(Claim, models.PROTECT, null=True, related_name="decisions_received")
    changes = models.JSONField(
        default=list, help_text="By report: attribution, and its status, stance and signature before and after."
    )
    founded = ArrayField(models.BigIntegerField(), default=list, help_text="Ids of claims that it made.")
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    decided_at = models.DateTimeField()
    undone_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["decided_by", "decided_at"], name="decision_signature_once"),
            models.CheckConstraint(
                condition=Q(undone_at=None, undone_by=None) | Q(undone_at__isnull=False, undone_by__isnull=False),
                name="decision_undoing_signed",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} at {self.claim_id}"


class StatementChange(models.Model):
    """What an editor did to a statement, with what it and its pieces were before, so that it can be undone exactly.

    The events of a statement have its columns; its pieces have none.
    """

    statement = models.ForeignKey(Statement, models.CASCADE, related_name="changes")
    before = models.JSONField(null=True, help_text="Columns, pieces and relays; nothing where it was not there.")
    after = models.JSONField()
    beside = models.JSONField(
        default=dict,
        help_text="Of moved words the row of their old place, and the one that gave way; claims without a speaker.",
    )
    made = models.BigIntegerField(null=True, help_text="The speaker that was made of a name.")
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    undone_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(undone_at=None, undone_by=None) | Q(undone_at__isnull=False, undone_by__isnull=False),
                name="statement_change_undoing_signed",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.statement_id} by {self.made_by_id}"


@pghistory.track()
class ClaimLink(models.Model):
    """Two claims that may be the same, or contradict each other: proposed by a machine, decided by an editor.

    A link is stored once, the claim with the smaller id first. Two that an editor said are not the same keep the link,
    rejected: no machine proposes or joins them again.
    """

    class Kind(models.TextChoices):
        SAME = "same", _("are the same")
        CONTRADICTS = "contradicts", _("contradict each other")

    uid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    claim = models.ForeignKey(Claim, models.CASCADE, related_name="links")
    other = models.ForeignKey(Claim, models.CASCADE, related_name="links_received")
    kind = models.CharField(max_length=11, choices=Kind)
    reason = models.TextField(blank=True, help_text="Why, in words for readers.")
    score = models.FloatField(help_text="The machine's, 0 to 1; 1 where an editor made the link.")
    sub_scores = models.JSONField(default=dict, help_text="What the score was made of.")
    method = models.CharField(max_length=100, help_text="Matcher version, or “editor”.")
    status = models.CharField(max_length=9, choices=DecisionStatus, default=DecisionStatus.PROPOSED)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = ClaimLinkQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["claim", "other", "kind"], name="claim_link_once"),
            models.CheckConstraint(condition=Q(claim__lt=F("other")), name="claim_link_smaller_first"),
            models.CheckConstraint(condition=Q(score__gte=0, score__lte=1), name="claim_link_score_range"),
            models.CheckConstraint(
                condition=Q(status="proposed") | Q(decided_by__isnull=False, decided_at__isnull=False),
                name="claim_link_decision_signed",
            ),
        ]
        indexes = [models.Index(fields=["status", "kind", "-score"], name="claim_link_to_decide")]

    def __str__(self) -> str:
        return f"{self.claim_id} {self.kind} {self.other_id} ({self.status})"


class ClaimMerge(models.Model):
    """One claim merged into another, with all that moved, so that it can be undone exactly."""

    claim = models.ForeignKey(Claim, models.CASCADE, related_name="merges")
    into = models.ForeignKey(Claim, models.CASCADE, related_name="merges_received")
    attributions = ArrayField(models.BigIntegerField(), default=list, help_text="Ids of those that moved.")
    topics = ArrayField(models.BigIntegerField(), default=list, help_text="Ids of topics that the other took over.")
    dropped_topics = models.JSONField(
        default=list,
        db_default=Value([], models.JSONField()),
        help_text="Topics that a machine gave the other, dropped for those that an editor chose: the rows' values.",
    )
    redirected = ArrayField(models.BigIntegerField(), default=list, help_text="Claims merged into it before.")
    links = models.JSONField(default=list, help_text="Links as they were: [before, after], a row's values or null.")
    doubles = models.JSONField(
        default=list, help_text="Reports of both claims by one statement: [given up, kept before, kept after]."
    )
    sentence = models.JSONField(default=dict, help_text="The other's sentence: field, [value it had, value it got].")
    merged_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    merged_at = models.DateTimeField(auto_now_add=True)
    undone_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["claim"], condition=Q(undone_at=None), name="claim_merged_once"),
            models.CheckConstraint(
                condition=Q(undone_at=None, undone_by=None) | Q(undone_at__isnull=False, undone_by__isnull=False),
                name="claim_merge_undoing_signed",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.claim_id} into {self.into_id}"


class ClaimConflict(models.Model):
    """Two reports that one claim holds together though they cannot be one: found by a machine, settled by an editor."""

    class Reason(models.TextChoices):
        SPEAKERS = "speakers", _("two people said them")
        NUMBERS = "numbers", _("they give other numbers")
        EDITOR = "editor", _("an editor parted them")

    uid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    claim = models.ForeignKey(Claim, models.CASCADE, related_name="conflicts")
    statement = models.ForeignKey(Statement, models.CASCADE, related_name="+")
    other = models.ForeignKey(Statement, models.CASCADE, related_name="+")
    reason = models.CharField(max_length=8, choices=Reason)
    detail = models.CharField(max_length=300, help_text="What differs.")
    found_at = models.DateTimeField(auto_now_add=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="Who said that the two are the same after all.",
    )
    settled_at = models.DateTimeField(null=True, blank=True)

    objects = ClaimConflictQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["claim", "reason", "detail"], name="claim_conflict_once"),
            models.CheckConstraint(condition=Q(statement__lt=F("other")), name="claim_conflict_smaller_first"),
            models.CheckConstraint(
                condition=Q(settled_at=None, settled_by=None) | Q(settled_at__isnull=False, settled_by__isnull=False),
                name="claim_conflict_settling_signed",
            ),
        ]
        indexes = [models.Index(fields=["-found_at", "-id"], name="claim_conflict_open", condition=Q(settled_at=None))]

    def __str__(self) -> str:
        return f"{self.claim_id}: {self.statement_id} and {self.other_id}"

    @property
    def statements(self) -> tuple[Statement, Statement]:
        return self.statement, self.other


class Corroboration(models.Model):
    """What follows from a claim's counted reports, stored for lists; `basis` says which reports count."""

    class Basis(models.TextChoices):
        COUNTED = "counted", _("proposed and confirmed reports")
        CONFIRMED = "confirmed", _("confirmed reports only")

    class Level(models.TextChoices):
        UNREPORTED = "unreported", _("unreported")
        SINGLE = "single", _("single")
        REPEATED = "repeated", _("repeated")
        CORROBORATED = "corroborated", _("corroborated")

    claim = models.ForeignKey(Claim, models.CASCADE, related_name="corroborations")
    basis = models.CharField(max_length=9, choices=Basis)
    level = models.CharField(max_length=12, choices=Level)
    disputed = models.BooleanField(default=False)
    report_count = models.PositiveIntegerField()
    outlet_count = models.PositiveIntegerField()
    origin_count = models.PositiveIntegerField()
    outlets: models.ManyToManyField = models.ManyToManyField(Outlet, related_name="+", help_text="Who report it.")
    origins: models.ManyToManyField = models.ManyToManyField(
        Outlet, related_name="+", help_text="The fewest outlets that could explain every report."
    )
    exact = models.BooleanField(default=True, help_text="False: origin_count is an upper bound.")
    origin_lower_bound = models.PositiveIntegerField()
    first_published_at = models.DateTimeField(null=True)
    last_published_at = models.DateTimeField(null=True)
    first_outlet = models.ForeignKey(
        Outlet,
        models.PROTECT,
        null=True,
        db_index=False,
        related_name="+",
        help_text="Whose report was published first.",
    )
    report_days = ArrayField(models.DateField(), default=list, help_text="When it was reported, each day (UTC) once.")
    computed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["claim", "basis"], name="corroboration_once"),
            models.CheckConstraint(
                condition=Q(origin_lower_bound__lte=F("origin_count")), name="corroboration_bounds_ordered"
            ),
        ]
        indexes = [
            models.Index(fields=["basis", "-origin_count", "-outlet_count", "claim"], name="corroboration_most"),
            models.Index(
                "basis",
                F("first_published_at").desc(nulls_last=True),
                F("claim").desc(),
                name="corroboration_newest",
                condition=Q(outlet_count__gt=0) | Q(disputed=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.claim_id} {self.basis}: {self.level}"


class Listing(models.Model):
    """A claim as lists show it: all that it is filtered, searched and ordered by, in one row for each basis.

    `claims.services.listings` writes it with the corroboration; a claim that nobody reports has none. A facet is
    “kind:value”, as in `topic:7`, `level:single` and `year:2020`; `claims.search` lists the kinds.
    """

    claim = models.ForeignKey(Claim, models.CASCADE, db_index=False, related_name="listings")
    basis = models.CharField(max_length=9, choices=Corroboration.Basis)
    origin_count = models.PositiveIntegerField()
    outlet_count = models.PositiveIntegerField()
    published_at = models.DateTimeField(help_text="When it was first reported; the year 1 where no report has a date.")
    said_on = models.DateField(null=True)
    facets = ArrayField(models.TextField())
    search = SearchVectorField(help_text="The words of the sentence, and the names of its speaker.")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["claim", "basis"], name="listing_once")]
        indexes = [
            # In one index, so that what is common is met only where what is rare beside it was.
            GinIndex(fields=["search", "facets"], name="listing_search"),
            # The orders of lists, read backwards: no column is empty, so that a place in one is found by its values.
            models.Index(
                fields=["basis", "origin_count", "outlet_count", "published_at", "claim"], name="listing_most"
            ),
            models.Index(fields=["basis", "published_at", "claim"], name="listing_newest"),
        ]
        triggers = marks.tallies()

    def __str__(self) -> str:
        return f"{self.claim_id} {self.basis}"


class FacetCount(models.Model):
    """How many claims have a facet, but for the changes that `FacetChange` holds."""

    basis = models.CharField(max_length=9)
    facet = models.TextField()
    kind = models.TextField()
    claims = models.BigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["basis", "facet"], name="facet_counted_once")]
        indexes = [models.Index(fields=["basis", "kind", "-claims"], name="facet_most")]

    def __str__(self) -> str:
        return f"{self.facet}: {self.claims}"


class FacetChange(models.Model):
    """By how many the claims that have a facet became more or fewer.

    Triggers add these, and `claims.services.listings.fold_changes` adds them up: who writes a listing never waits for
    another who writes one with the same facet.
    """

    basis = models.CharField(max_length=9)
    facet = models.TextField()
    change = models.BigIntegerField()

    def __str__(self) -> str:
        return f"{self.facet}: {self.change:+}"


class ListedWord(models.Model):
    """A word of a claim's sentence or of its speaker's names, by which misspelt and half-typed ones are understood.

    Now and then one stands here twice: two workers met it at once, and neither waited for the other.
    """

    word = models.CharField(max_length=40)
    stem = models.CharField(max_length=40)

    class Meta:
        indexes = [
            models.Index(OpClass("word", name="varchar_pattern_ops"), name="listed_word"),
            models.Index(fields=["stem"], name="listed_stem"),
            GinIndex(OpClass("word", name="gin_trgm_ops"), name="listed_word_trigrams"),
        ]

    def __str__(self) -> str:
        return self.word


class Coverage(models.Model):
    """What one outlet has of one claim, of the reports that count: from these, pages of outlets and topics are read.

    Stored with the claim's corroboration. The rows of a claim are replaced together: triggers keep count of them.
    """

    class Worded(models.TextChoices):
        UNREAD = "", _("not compared yet")
        FULLEST = "fullest", _("the fullest wording")
        VERBATIM = "verbatim", _("verbatim")
        NEAR = "near-verbatim", _("near-verbatim")
        TRUNCATED = "truncated", _("truncated")
        PARAPHRASE = "paraphrase", _("paraphrase")

    claim = models.ForeignKey(Claim, models.CASCADE, related_name="coverage", db_index=False)
    outlet = models.ForeignKey(Outlet, models.PROTECT, related_name="+", db_index=False)
    attribution = models.ForeignKey(
        Attribution,
        models.DO_NOTHING,
        null=True,
        db_constraint=False,
        db_index=False,
        related_name="+",
        help_text="The report that stands for all; none for an outlet that only explains.",
    )
    affirming = models.PositiveIntegerField()
    denying = models.PositiveIntegerField()
    published_at = models.DateTimeField(null=True)
    has_time = models.BooleanField(default=False)
    origins = ArrayField(
        models.BigIntegerField(), default=list, help_text="Outlets that what it affirms may have come from."
    )
    is_first = models.BooleanField(default=False, help_text="It was the first of several outlets, for certain.")
    explains = models.BooleanField(default=False, help_text="It is in the smallest set that could explain all reports.")
    worded = models.CharField(
        max_length=13, choices=Worded, blank=True, help_text="How its report is worded beside the fullest of the claim."
    )
    differs = models.BooleanField(
        default=False, db_default=False, help_text="A report of it says other things than the fullest of the claim."
    )
    alarms = models.BooleanField(
        default=False, db_default=False, help_text="A report of it leaves out words whose lack changes what it says."
    )

    objects = CoverageQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "coverage"
        constraints = [models.UniqueConstraint(fields=["claim", "outlet"], name="coverage_once")]
        indexes = [
            models.Index(
                "outlet",
                F("published_at").desc(nulls_last=True),
                F("claim").desc(),
                name="coverage_newest",
                condition=Q(affirming__gt=0),
            ),
            models.Index(
                "outlet",
                F("published_at").desc(nulls_last=True),
                F("claim").desc(),
                name="coverage_first",
                condition=Q(is_first=True),
            ),
            models.Index(fields=["claim"], name="coverage_unread", condition=Q(worded="", affirming__gt=0)),
        ]
        triggers = ledgers.of_coverage()

    def __str__(self) -> str:
        return f"{self.outlet_id} of {self.claim_id}"


class OutletTally(models.Model):
    """What an outlet has in all, as a ledger: its sums are exact, however many rows they are still spread over."""

    outlet = models.ForeignKey(Outlet, models.CASCADE, related_name="+")
    articles = models.IntegerField()
    claims = models.IntegerField(help_text="That it affirms.")
    alone = models.IntegerField(help_text="That no other outlet affirms.")
    earliest = models.IntegerField(help_text="That it was the first of several to report, for certain.")
    explained = models.IntegerField(help_text="Claims of several outlets where it is in the smallest explaining set.")
    folded = models.BooleanField(help_text="False: it is to be folded into the outlet's other rows.")

    objects = OutletTallyQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "outlet tallies"
        indexes = [models.Index(fields=["id"], name="outlet_tally_to_fold", condition=Q(folded=False))]

    def __str__(self) -> str:
        return f"{self.outlet_id}: {self.claims}"


class OutletPair(models.Model):
    """Claims that two outlets share, the one with the smaller id first; a ledger, as `OutletTally` is."""

    outlet = models.ForeignKey(Outlet, models.CASCADE, related_name="+", db_index=False)
    other = models.ForeignKey(Outlet, models.CASCADE, related_name="+")
    shared = models.IntegerField()
    independent = models.IntegerField(help_text="Of these, claims of which no one outlet could explain both.")
    folded = models.BooleanField()

    objects = OutletPairQuerySet.as_manager()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(outlet__lt=F("other")), name="outlet_pair_smaller_first")]
        indexes = [
            models.Index(fields=["outlet", "other"], name="outlet_pair"),
            models.Index(fields=["id"], name="outlet_pair_to_fold", condition=Q(folded=False)),
        ]

    def __str__(self) -> str:
        return f"{self.outlet_id} and {self.other_id}: {self.shared}"


class CorroborationDue(models.Model):
    """A row that changed, so that the stored corroboration of claims may no longer follow from what is stored.

    Triggers write these, and a recount takes them away. There is no lock on what they name, and one may name the same
    as another: who changes rows never waits for who counts.
    """

    class Kind(models.TextChoices):
        CLAIM = marks.CLAIM, "claim"
        SPEAKER = marks.SPEAKER, "speaker"
        STATEMENT = marks.STATEMENT, "statement"
        REVISION = marks.REVISION, "revision"
        ARTICLE = marks.ARTICLE, "article"

    kind = models.CharField(max_length=9, choices=Kind)
    row_id = models.BigIntegerField()
    marked_at = models.DateTimeField(db_default=Now())
    settles_after = models.BigIntegerField(
        null=True, help_text="The transactions before this one may have missed the change."
    )

    class Meta:
        verbose_name_plural = "corroboration due"
        indexes = [
            models.Index(fields=["row_id"], name="corroboration_due_claim", condition=Q(kind="claim")),
            models.Index(fields=["id"], name="corroboration_due_wide", condition=~Q(kind="claim")),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.row_id}"


# The editors’ desk


class ReviewItem(models.Model):
    """Something that waits for an editor; `claims.services.queue` keeps these, and the queue goes by `priority`.

    An item that is shown to an editor is theirs until the lease ends, so that no other editor meets on it.
    """

    class Kind(models.TextChoices):
        REPORT = "report", _("Reports")
        SAME = "same", _("Same claims")
        CONTRADICTS = "contradicts", _("Contradictions")
        CONFLICT = "conflict", _("Conflicts")
        ORPHAN = "orphan", _("Lost words")

    kind = models.CharField(max_length=11, choices=Kind)
    row_id = models.BigIntegerField(help_text="Of an attribution, a link or a conflict.")
    claim = models.ForeignKey(Claim, models.CASCADE, related_name="+")
    other = models.ForeignKey(Claim, models.CASCADE, null=True, related_name="+", help_text="A link’s far end.")
    priority = models.IntegerField(help_text="How much a decision would change; the highest is asked first.")
    leased_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    leased_until = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "row_id"], name="review_item_once"),
            models.CheckConstraint(
                condition=Q(leased_until=None) | Q(leased_by__isnull=False), name="review_item_leased_to_somebody"
            ),
        ]
        indexes = [
            models.Index(fields=["-priority", "id"], name="review_item_next"),
            models.Index(fields=["kind", "-priority", "id"], name="review_item_next_of_kind"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.row_id}"


class ReviewPass(models.Model):
    """An item that an editor left to others: it is not shown to them again for a while."""

    item = models.ForeignKey(ReviewItem, models.CASCADE, related_name="passes")
    editor = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    passed_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "review passes"
        constraints = [models.UniqueConstraint(fields=["item", "editor"], name="review_passed_once")]

    def __str__(self) -> str:
        return f"{self.item_id} by {self.editor_id}"


class DeskAction(models.Model):
    """What an editor did at the desk with one key: one decision, or those of a screen. It is undone as one.

    token: of the form that was sent. A form that is sent again does nothing again.
    """

    class Kind(models.TextChoices):
        CONFIRM = "confirm", _("confirmed")
        REJECT = "reject", _("rejected")
        UNSURE = "unsure", _("left unsure")
        DENIES = "denies", _("same claim, but denied")
        MERGE = "merge", _("merged")
        SETTLE = "settle", _("the same after all")
        MOVE = "move", _("moved to another claim")
        ADD = "add", _("gave it another claim too")
        STANCE = "stance", _("stance set")
        ANNOTATE = "annotate", _("statement marked by hand")
        EDIT = "edit", _("statement edited")
        WITHDRAW = "withdraw", _("statement withdrawn")
        RESTORE = "restore", _("statement brought back")

    #: What is done in an article’s text, rather than said of what waits.
    ANNOTATING = (Kind.ANNOTATE, Kind.EDIT, Kind.WITHDRAW, Kind.RESTORE)

    token = models.UUIDField(unique=True)
    editor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=8, choices=Kind)
    decided = models.JSONField(default=list, help_text="Each decision: what kind of row, its id, and when.")
    count = models.PositiveSmallIntegerField(default=1)
    done_at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["editor", "-done_at"], name="desk_action_latest")]

    def __str__(self) -> str:
        return f"{self.kind} by {self.editor_id}"


#: What may be said of a sampled item.
_VERDICTS = [choice for choice in DeskAction.Kind.choices if choice[0] not in DeskAction.ANNOTATING]


def _about_one_thing(name: str) -> models.CheckConstraint:
    """Return a constraint that a row is about one claim, one statement or one report."""
    return models.CheckConstraint(
        condition=Q(claim__isnull=False, statement=None, attribution=None)
        | Q(claim=None, statement__isnull=False, attribution=None)
        | Q(claim=None, statement=None, attribution__isnull=False),
        name=name,
    )


@pghistory.track()
class Note(models.Model):
    """What an editor wrote beside a claim, a statement or a report, for other editors."""

    uid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    claim = models.ForeignKey(Claim, models.CASCADE, null=True, related_name="notes")
    statement = models.ForeignKey(Statement, models.CASCADE, null=True, related_name="notes")
    attribution = models.ForeignKey(Attribution, models.CASCADE, null=True, related_name="notes")
    text = models.TextField(max_length=2000)
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    written_at = models.DateTimeField(auto_now_add=True)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            _about_one_thing("note_about_one_thing"),
            models.CheckConstraint(condition=~Q(text=""), name="note_has_text"),
        ]

    def __str__(self) -> str:
        return self.text[:80]


@pghistory.track()
class Flag(models.Model):
    """An error that a reader points out, at a claim, a statement or a report, and what an editor answered."""

    class Outcome(models.TextChoices):
        CORRECTED = "corrected", _("corrected")
        STANDS = "stands", _("it stands as it is")

    uid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    claim = models.ForeignKey(Claim, models.CASCADE, null=True, related_name="flags")
    statement = models.ForeignKey(Statement, models.CASCADE, null=True, related_name="flags")
    attribution = models.ForeignKey(Attribution, models.CASCADE, null=True, related_name="flags")
    text = models.TextField(max_length=2000)
    raised_at = models.DateTimeField(auto_now_add=True)
    outcome = models.CharField(max_length=9, choices=Outcome, blank=True)
    answer = models.TextField(max_length=2000, blank=True)
    settled_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    settled_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            _about_one_thing("flag_about_one_thing"),
            models.CheckConstraint(condition=~Q(text=""), name="flag_has_text"),
            models.CheckConstraint(
                condition=Q(settled_at=None, settled_by=None, outcome="", answer="")
                | Q(settled_at__isnull=False, settled_by__isnull=False) & ~Q(outcome="") & ~Q(answer=""),
                name="flag_settled_with_answer",
            ),
        ]
        indexes = [models.Index(fields=["id"], name="flag_open", condition=Q(settled_at=None))]

    def __str__(self) -> str:
        return self.text[:80]


class SampledItem(models.Model):
    """A proposal that two editors judge without seeing what the other said, to measure how far they agree.

    What they say is kept apart from what an adjudicator decides where they differ.
    """

    class State(models.TextChoices):
        HALF = "half", _("asked of one editor")
        AGREED = "agreed", _("two editors agree")
        DIFFERS = "differs", _("two editors differ")
        ADJUDICATED = "adjudicated", _("adjudicated")

    kind = models.CharField(max_length=11, choices=ReviewItem.Kind)
    row_id = models.BigIntegerField()
    claim = models.ForeignKey(Claim, models.CASCADE, related_name="+")
    state = models.CharField(max_length=11, choices=State, default=State.HALF)
    verdict = models.CharField(max_length=7, blank=True, choices=_VERDICTS, help_text="The adjudicator’s.")
    adjudicated_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    adjudicated_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "row_id"], name="sampled_once"),
            models.CheckConstraint(
                condition=Q(adjudicated_at=None, adjudicated_by=None, verdict="") & ~Q(state="adjudicated")
                | Q(adjudicated_at__isnull=False, adjudicated_by__isnull=False, state="adjudicated") & ~Q(verdict=""),
                name="sampled_adjudication_signed",
            ),
        ]
        indexes = [models.Index(fields=["state", "id"], name="sampled_of_state")]

    def __str__(self) -> str:
        return f"{self.kind} {self.row_id}"


class Annotation(models.Model):
    """What one editor said of a sampled item; the first is the decision that was made, the second was blind to it."""

    item = models.ForeignKey(SampledItem, models.CASCADE, related_name="annotations")
    editor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    verdict = models.CharField(max_length=7, choices=_VERDICTS)
    annotated_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["item", "editor"], name="annotated_once_by_each")]

    def __str__(self) -> str:
        return f"{self.item_id}: {self.verdict} by {self.editor_id}"


class IdempotentAnswer(models.Model):
    """What a request with an idempotency key was answered, to be answered again; `claims.api.idempotency` keeps these.

    owner: whose key it is, an account or a hashed address. fingerprint: of the request.
    """

    owner = models.CharField(max_length=50)
    key = models.CharField(max_length=255)
    fingerprint = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField()
    headers = models.JSONField(default=dict)
    version = models.CharField(max_length=200, blank=True, help_text="Of the row that it tells of.")
    body = models.TextField(null=True)  # noqa: DJ001 (an answer without a body has none)
    stored_at = models.DateTimeField(db_index=True)

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["owner", "key"], name="idempotent_answer_once")]

    def __str__(self) -> str:
        return f"{self.status} at {self.stored_at:%Y-%m-%d %H:%M}"


# Stand-ins for models of `sources`, which knows no claims, so that their changes are noted too.


class CountedArticle(Article):
    """An article, whose change is noted; a first text is no change, since no claim hangs on it yet."""

    class Meta:
        proxy = True
        default_permissions = ()
        triggers = [
            *marks.marks(
                marks.ARTICLE,
                "r.id",
                when=["update"],
                columns=["current_revision_id", "outlet_id", "published_at"],
                only="r.current_revision_id IS NOT NULL",
            ),
            *ledgers.of_articles(),
        ]


class ReadArticle(Article):
    """An article, whose current text is to be read."""

    class Meta:
        proxy = True
        default_permissions = ()
        triggers = reading_marks.of_articles()


class CountedDerivation(Derivation):
    """A derivation, whose change is noted; a citation explains no report."""

    class Meta:
        proxy = True
        default_permissions = ()
        triggers = marks.marks(
            marks.ARTICLE,
            "r.article_id",
            columns=[
                *("article_id", "kind", "upstream_outlet_id", "upstream_article_id", "partial"),
                *("revision_id", "status"),
            ],
            only="r.kind <> 'citation'",
        )


class Change(models.Model):
    """A row that changed, and the transaction that changed it: what mirrors follow. Only triggers write it."""

    pk = models.CompositePrimaryKey("transaction", "resource", "uid")
    transaction = models.BigIntegerField()
    resource = models.CharField(max_length=12)
    uid = models.UUIDField()

    def __str__(self) -> str:
        return f"{self.resource} {self.uid} by {self.transaction}"


def _followed(model: type[models.Model], triggers: list[pgtrigger.Trigger]) -> None:
    """Make the stand-in of a model whose changes mirrors follow; its table notes them."""
    meta = type("Meta", (), {"proxy": True, "app_label": "claims", "default_permissions": (), "triggers": triggers})
    type(f"Followed{model.__name__}", (model,), {"__module__": __name__, "Meta": meta})


_followed(Outlet, changes.noted("outlets"))
_followed(OutletAlias, changes.noted("outlets", changes.of_row("sources_outlet", "outlet_id")))
_followed(OutletDomain, changes.noted("outlets", changes.of_row("sources_outlet", "outlet_id")))
_followed(Article, changes.noted("articles"))
_followed(Derivation, changes.noted("articles", changes.of_row("sources_article", "article_id")))
_followed(
    DerivationSpan,
    changes.noted(
        "articles",
        "(SELECT a.uid FROM sources_derivation d JOIN sources_article a ON a.id = d.article_id "
        "WHERE d.id = r.derivation_id)",
    ),
)
_followed(Speaker, changes.noted("speakers"))
_followed(SpeakerAlias, changes.noted("speakers", changes.of_row("claims_speaker", "speaker_id")))
_followed(Topic, changes.noted("topics"))
_followed(Statement, changes.noted("statements"))
for _part in (StatementSpan, StatementRelay):
    _followed(_part, changes.noted("statements", changes.of_row("claims_statement", "statement_id")))
_followed(Attribution, changes.noted("attributions"))
_followed(Claim, changes.noted("claims"))
_followed(ClaimTopic, changes.noted("claims", changes.of_row("claims_claim", "claim_id")))
# Which outlets a summary names changes with it, in one transaction.
_followed(
    Corroboration, changes.noted("claims", changes.of_row("claims_claim", "claim_id"), only="r.basis = 'counted'")
)
