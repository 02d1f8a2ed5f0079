"""Speakers, statements, claims, and which statement carries which claim."""

import uuid
from typing import Any

import pghistory
import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower, Now, Upper
from django.urls import reverse

from claims import naming
from claims.corroboration import marks
from claims.querysets import (
    COUNTED,
    AttributionQuerySet,
    ClaimConflictQuerySet,
    ClaimLinkQuerySet,
    ClaimQuerySet,
    SpeakerQuerySet,
    StatementQuerySet,
)
from sources.models import Article, DecisionStatus, Derivation, Outlet, Revision


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
        PERSON = "person", "person"
        BODY = "body", "organisation or country"
        UNKNOWN = "unknown", "unknown"

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
    created_at = models.DateTimeField(auto_now_add=True)

    objects = SpeakerQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(merged_into=F("id")), name="speaker_not_merged_into_itself"),
            models.CheckConstraint(condition=~Q(represents=F("id")), name="speaker_not_its_own_principal"),
            models.CheckConstraint(condition=~Q(name=""), name="speaker_has_name"),
        ]

    def __str__(self) -> str:
        return self.name


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
        STARTED = "started", "started"
        EXTRACTED = "extracted", "statements stored"
        MATCHED = "matched", "statements matched to claims"
        FAILED = "failed", "failed"

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
        ]

    def __str__(self) -> str:
        return f"{self.revision_id} by {self.version}: {self.state}"


@pghistory.track(exclude=["terms", "speaker_name"])
class Statement(models.Model):
    """A span of a revision that reports what a speaker said, thought or did in words.

    `start` and `end` enclose the content; `spans` holds its pieces, the cue and the source.
    """

    class Kind(models.TextChoices):
        DIRECT = "direct", "direct"
        MIXED = "mixed", "mixed"
        INDIRECT = "indirect", "indirect"

    class Act(models.TextChoices):
        SPEECH = "speech", "speech"
        WRITING = "writing", "writing"
        ATTITUDE = "attitude", "attitude"

    uid = models.UUIDField(unique=True, editable=False)
    revision = models.ForeignKey(Revision, models.PROTECT, related_name="statements")
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
        CONTENT = "content", "content"
        CUE = "cue", "cue"
        SOURCE = "source", "source"

    statement = models.ForeignKey(Statement, models.CASCADE, related_name="spans")
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
    """A word, hashed, and the code of a wording that has it."""

    pk = models.CompositePrimaryKey("word", "wording")
    word = models.BigIntegerField()
    wording = models.BigIntegerField()

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
    """A matched revision whose claims are still to be compared with those in other languages."""

    revision = models.OneToOneField(Revision, models.CASCADE, primary_key=True, related_name="+")
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


@pghistory.track(exclude=["search"])
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
    topics: models.ManyToManyField = models.ManyToManyField(Topic, through="ClaimTopic", related_name="claims")
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="merged")
    method = models.CharField(max_length=100, help_text="Matcher version, or “editor”.")
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)
    search = models.GeneratedField(
        expression=SearchVector("text", config="english"), output_field=SearchVectorField(), db_persist=True
    )

    objects = ClaimQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(merged_into=F("id")), name="claim_not_merged_into_itself"),
            models.CheckConstraint(condition=~Q(text=""), name="claim_has_text"),
        ]
        indexes = [
            GinIndex(fields=["search"], name="claim_search"),
            GinIndex(OpClass(Upper("text"), name="gin_trgm_ops"), name="claim_text_trigrams"),
            models.Index(fields=["-created_at", "-id"], name="claim_newest"),
        ]
        triggers = marks.marks(marks.CLAIM, "r.id", when=["insert"])

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

    def __str__(self) -> str:
        return f"{self.claim_id} {self.topic_id}"


@pghistory.track()
class Attribution(models.Model):
    """This statement carries that claim, or denies it: proposed by a machine, decided by an editor."""

    class Stance(models.TextChoices):
        AFFIRMS = "affirms", "affirms"
        DENIES = "denies", "denies"

    Status = DecisionStatus

    uid = models.UUIDField(unique=True, editable=False)
    statement = models.ForeignKey(Statement, models.PROTECT, related_name="attributions")
    claim = models.ForeignKey(Claim, models.PROTECT, related_name="attributions")
    stance = models.CharField(max_length=7, choices=Stance, default=Stance.AFFIRMS)
    status = models.CharField(max_length=9, choices=DecisionStatus, default=DecisionStatus.PROPOSED)
    score = models.FloatField(help_text="The matcher's, 0 to 1; 1 for the statement that the claim was made from.")
    sub_scores = models.JSONField(default=dict, help_text="What the score was made of.")
    method = models.CharField(max_length=100, help_text="Matcher version, or “editor”.")
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
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
        indexes = [models.Index(fields=["claim", "status"], name="attribution_of_claim")]
        triggers = marks.marks(marks.CLAIM, "r.claim_id", columns=["claim_id", "statement_id", "stance", "status"])

    def __str__(self) -> str:
        return f"{self.statement_id} {self.stance} {self.claim_id} ({self.status})"

    @property
    def is_counted(self) -> bool:
        return self.status in COUNTED


class Decision(models.Model):
    """What an editor decided about reports, with what each was before, so that it can be undone exactly."""

    class Kind(models.TextChoices):
        CONFIRM = "confirm", "confirmed a report"
        REJECT = "reject", "rejected a report"
        UNSURE = "unsure", "left a report unsure"
        STANCE = "stance", "set a report’s stance"
        MOVE = "move", "moved a report to another claim"
        ADD = "add", "gave a statement this claim too"
        SPLIT = "split", "split a claim"

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


@pghistory.track()
class ClaimLink(models.Model):
    """Two claims that may be the same, or contradict each other: proposed by a machine, decided by an editor.

    A link is stored once, the claim with the smaller id first. Two that an editor said are not the same keep the link,
    rejected: no machine proposes or joins them again.
    """

    class Kind(models.TextChoices):
        SAME = "same", "are the same"
        CONTRADICTS = "contradicts", "contradict each other"

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
        SPEAKERS = "speakers", "two people said them"
        NUMBERS = "numbers", "they give other numbers"
        EDITOR = "editor", "an editor parted them"

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
        COUNTED = "counted", "proposed and confirmed reports"
        CONFIRMED = "confirmed", "confirmed reports only"

    class Level(models.TextChoices):
        UNREPORTED = "unreported", "unreported"
        SINGLE = "single", "single"
        REPEATED = "repeated", "repeated"
        CORROBORATED = "corroborated", "corroborated"

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


class CorroborationDue(models.Model):
    """A row that changed, so that the stored corroboration of claims may no longer follow from what is stored.

    Triggers write these, and a recount takes them away. There is no lock on what they name, and one may name the same
    as another: who changes rows never waits for who counts.
    """

    class Kind(models.TextChoices):
        CLAIM = marks.CLAIM, "claim"
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


# Stand-ins for models of `sources`, which knows no claims, so that their changes are noted too.


class CountedArticle(Article):
    """An article, whose change is noted; a first text is no change, since no claim hangs on it yet."""

    class Meta:
        proxy = True
        default_permissions = ()
        triggers = marks.marks(
            marks.ARTICLE,
            "r.id",
            when=["update"],
            columns=["current_revision_id", "outlet_id", "published_at"],
            only="r.current_revision_id IS NOT NULL",
        )


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
