"""Shapes of the answers. Offsets are half-open and count code points of the revision's text."""

from typing import Any

from django.urls import reverse as page_address
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.reverse import reverse

from claims.corroboration.moments import Clock, MomentRefused, read_moment
from claims.models import (
    Attribution,
    Claim,
    ClaimConflict,
    ClaimLink,
    Corroboration,
    Speaker,
    SpeakerAlias,
    Statement,
    StatementRelay,
    StatementSpan,
    Topic,
)
from claims.wording import Wording
from sources.models import (
    Article,
    Derivation,
    DerivationSpan,
    Feed,
    ImportItem,
    ImportRun,
    Outlet,
    OutletAlias,
    OutletDomain,
    Revision,
    Snapshot,
)

WORDING_KINDS = ["verbatim", "near-verbatim", "truncated", "paraphrase"]
EVIDENCE_KINDS = ["publisher", "relay", "speaker relay", "credit", "copy", "citation", "upstream"]
CHANGES = ["same", "variant", "added", "missing"]
REVISED = ["same", "added", "removed"]
DIFFERENCES = ["numbers", "dates", "names", "negation", "modality", "content"]
ALARMS = ["negation", "condition", "modality", "attribution"]
PLACES = ["start", "inside", "end"]


# Links


@extend_schema_field(OpenApiTypes.URI)
class PageField(serializers.ReadOnlyField):
    """The address of the page that shows this row to people."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"source": "*", "help_text": "Its page on this site.", **kwargs})

    def to_representation(self, value: Any) -> str:
        address: str = self.context["request"].build_absolute_uri(value.get_absolute_url())
        return address


@extend_schema_field(OpenApiTypes.URI)
class LinkField(serializers.ReadOnlyField):
    """The address of this row, or of what is asked of it, in this API."""

    def __init__(self, view_name: str, **kwargs: Any) -> None:
        super().__init__(**{"source": "*", **kwargs})
        self.view_name = view_name

    def to_representation(self, value: Any) -> str:
        address: str = reverse(f"api:{self.view_name}", kwargs={"uid": value.uid}, request=self.context["request"])
        return address


class OutletLinksSerializer(serializers.Serializer):
    self = LinkField("outlet-detail")


class ArticleLinksSerializer(serializers.Serializer):
    self = LinkField("article-detail")
    page = PageField()


class StatementLinksSerializer(serializers.Serializer):
    self = LinkField("statement-detail")


class ClaimLinksSerializer(serializers.Serializer):
    self = LinkField("claim-detail")
    corroboration = LinkField("claim-corroboration", help_text="Why it has its level, report by report.")
    conflicts = LinkField("claim-conflicts", help_text="What it holds together though it cannot be one.")


class SpeakerLinksSerializer(serializers.Serializer):
    self = LinkField("speaker-detail")


class TopicLinksSerializer(serializers.Serializer):
    self = LinkField("topic-detail")


class AttributionLinksSerializer(serializers.Serializer):
    self = LinkField("attribution-detail")


class ImportPageField(PageField):
    def to_representation(self, value: Any) -> str:
        address: str = self.context["request"].build_absolute_uri(page_address("import_detail", args=[value.uid]))
        return address


class ImportLinksSerializer(serializers.Serializer):
    self = LinkField("import-detail")
    items = LinkField("import-items", help_text="What became of each document.")
    page = ImportPageField()


class FeedLinksSerializer(serializers.Serializer):
    self = LinkField("feed-detail")


# Mentions of one row in another


class OutletMentionSerializer(serializers.ModelSerializer):
    class Meta:
        model = Outlet
        fields = ["uid", "slug", "name"]


class SpeakerMentionSerializer(serializers.ModelSerializer):
    class Meta:
        model = Speaker
        fields = ["uid", "name"]


class TopicMentionSerializer(serializers.ModelSerializer):
    class Meta:
        model = Topic
        fields = ["uid", "slug", "name"]


class ClaimMentionSerializer(serializers.ModelSerializer):
    speaker = SpeakerMentionSerializer(allow_null=True)

    class Meta:
        model = Claim
        fields = ["uid", "text", "speaker"]


class ArticleMentionSerializer(serializers.ModelSerializer):
    imported_as = serializers.CharField(help_text="The id or address under which it was handed in.")

    class Meta:
        model = Article
        fields = ["uid", "title", "url", "imported_as", "published_at"]


class ArticleOfOutletSerializer(serializers.ModelSerializer):
    """An article with its outlet, for lists of articles inside another answer."""

    outlet = OutletMentionSerializer()

    class Meta:
        model = Article
        fields = ["uid", "title", "url", "published_at", "outlet"]


class SpanSerializer(serializers.Serializer):
    start = serializers.IntegerField()
    end = serializers.IntegerField()


# Outlets and articles


class OutletSerializer(serializers.ModelSerializer):
    owner = OutletMentionSerializer(allow_null=True)
    aliases: "serializers.SlugRelatedField[OutletAlias]" = serializers.SlugRelatedField(
        many=True, read_only=True, slug_field="name"
    )
    domains: "serializers.SlugRelatedField[OutletDomain]" = serializers.SlugRelatedField(
        many=True, read_only=True, slug_field="domain"
    )
    article_count = serializers.IntegerField(help_text="Articles imported.")
    claim_count = serializers.IntegerField(help_text="Claims that it reports.")
    alone_count = serializers.IntegerField(help_text="Of these, claims that no other outlet reports.")
    origin_count = serializers.IntegerField(
        help_text="Claims with this outlet in the fewest outlets that could explain every report."
    )
    url = PageField()
    links = OutletLinksSerializer(source="*")

    class Meta:
        model = Outlet
        fields = [
            "uid",
            "slug",
            "name",
            "kind",
            "aliases",
            "domains",
            "owner",
            "owner_name",
            "reviewed",
            "article_count",
            "claim_count",
            "alone_count",
            "origin_count",
            "url",
            "links",
        ]


@extend_schema_field(OpenApiTypes.URI)
class RevisionLinkField(serializers.ReadOnlyField):
    """An address that takes a revision's article and number; those of pages name a view outside of the API."""

    def __init__(self, view_name: str, *, query: str = "", **kwargs: Any) -> None:
        super().__init__(**{"source": "*", **kwargs})
        self.view_name, self.query = view_name, query

    def to_representation(self, value: Revision) -> str:
        kwargs: dict[str, Any] = {"uid": value.article.uid}
        if not self.query:
            kwargs["number"] = value.number
        query = self.query.format(before=max(1, value.number - 1), number=value.number)
        address: str = self.context["request"].build_absolute_uri(page_address(self.view_name, kwargs=kwargs) + query)
        return address


class RevisionLinksSerializer(serializers.Serializer):
    self = RevisionLinkField("api:article-revision", help_text="With its text.")
    changes = RevisionLinkField(
        "api:article-changes", query="?old={before}&new={number}", help_text="How it differs from the one before it."
    )
    page = RevisionLinkField("article_detail", query="?revision={number}", help_text="Its page on this site.")


class RevisionSerializer(serializers.ModelSerializer):
    class Meta:
        model = Revision
        fields = ["uid", "number", "length", "sha256", "method", "created_at"]
        extra_kwargs = {"length": {"help_text": "Code points of the text."}}


class SnapshotSerializer(serializers.ModelSerializer):
    class Meta:
        model = Snapshot
        fields = ["uid", "media_type", "sha256", "captured_at"]
        extra_kwargs = {"sha256": {"help_text": "Of the bytes as they came."}}


class ArticleRevisionSerializer(serializers.ModelSerializer):
    """One of the texts that an article has had."""

    snapshot = SnapshotSerializer(help_text="The bytes that it was taken from.")
    links = RevisionLinksSerializer(source="*")

    class Meta:
        model = Revision
        fields = ["uid", "number", "length", "sha256", "method", "created_at", "snapshot", "links"]
        extra_kwargs = {
            "length": {"help_text": "Code points of the text."},
            "sha256": {"help_text": "Of the text in UTF-8."},
            "method": {"help_text": "How the text was taken from the snapshot."},
        }


class RevisionTextSerializer(ArticleRevisionSerializer):
    class Meta(ArticleRevisionSerializer.Meta):
        fields = [*ArticleRevisionSerializer.Meta.fields, "text"]
        extra_kwargs = {
            **ArticleRevisionSerializer.Meta.extra_kwargs,
            "text": {"help_text": "What offsets in this revision refer to."},
        }


class RevisedPieceSerializer(serializers.Serializer):
    change = serializers.ChoiceField(choices=REVISED)
    text = serializers.CharField(help_text="“¶” where a paragraph’s end was added or removed, not its words.")


class RevisedParagraphSerializer(serializers.Serializer):
    change = serializers.ChoiceField(choices=[*REVISED, "changed"])
    pieces = RevisedPieceSerializer(many=True)


class ChangesSerializer(serializers.Serializer):
    """How the text of one revision became that of another."""

    old = ArticleRevisionSerializer()
    new = ArticleRevisionSerializer()
    added = serializers.IntegerField(source="comparison.added", help_text="Words that only the new text has.")
    removed = serializers.IntegerField(source="comparison.removed", help_text="Words that only the old text had.")
    paragraphs = RevisedParagraphSerializer(
        source="comparison.paragraphs", many=True, help_text="Of both texts; those removed are where they stood."
    )


class DerivationSpanSerializer(serializers.ModelSerializer):
    """A passage that a copy has word for word from its upstream article."""

    upstream_revision = serializers.UUIDField(
        source="upstream_revision.uid", help_text="Uid of the revision that the upstream offsets count in."
    )

    class Meta:
        model = DerivationSpan
        fields = ["start", "end", "upstream_revision", "upstream_start", "upstream_end", "words"]


class DerivationSerializer(serializers.ModelSerializer):
    revision = serializers.UUIDField(
        source="revision.uid", help_text="Uid of the article’s revision that the offsets count in."
    )
    spans = DerivationSpanSerializer(many=True, help_text="For copies: every passage that both articles have.")
    upstream_outlet = OutletMentionSerializer()
    upstream_article = ArticleMentionSerializer(allow_null=True)

    class Meta:
        model = Derivation
        fields = [
            "uid",
            "kind",
            "upstream_outlet",
            "upstream_article",
            "partial",
            "revision",
            "start",
            "end",
            "spans",
            "score",
            "method",
            "status",
        ]


class ArticleSerializer(serializers.ModelSerializer):
    outlet = OutletMentionSerializer()
    revision = RevisionSerializer(source="current_revision", allow_null=True, help_text="The text that it has now.")
    snapshot = SnapshotSerializer(
        source="current_revision.snapshot",
        allow_null=True,
        default=None,
        help_text="The bytes that the text was taken from.",
    )
    derivations = DerivationSerializer(
        many=True, help_text="Where it says, or shows, that it comes from; rejected ones are left out."
    )
    links = ArticleLinksSerializer(source="*")

    class Meta:
        model = Article
        fields = [
            "uid",
            "title",
            "outlet",
            "url",
            "external_id",
            "byline",
            "language",
            "published_at",
            "published_has_time",
            "revision",
            "snapshot",
            "derivations",
            "links",
        ]
        extra_kwargs = {"url": {"help_text": "Where the outlet published it."}}


class ArticleDetailSerializer(ArticleSerializer):
    text = serializers.CharField(
        source="current_revision.text", allow_null=True, default=None, help_text="What all offsets refer to."
    )

    revisions = ArticleRevisionSerializer(many=True, help_text="Every text that it has had, the first one first.")

    class Meta(ArticleSerializer.Meta):
        fields = [*ArticleSerializer.Meta.fields, "revisions", "text"]


# Speakers and topics


class SpeakerSerializer(serializers.ModelSerializer):
    represents = SpeakerMentionSerializer(allow_null=True)
    aliases: "serializers.SlugRelatedField[SpeakerAlias]" = serializers.SlugRelatedField(
        many=True, read_only=True, slug_field="name"
    )
    claim_count = serializers.IntegerField()
    links = SpeakerLinksSerializer(source="*")

    class Meta:
        model = Speaker
        fields = ["uid", "name", "kind", "aliases", "represents", "wikidata_id", "claim_count", "links"]


class TopicSerializer(serializers.ModelSerializer):
    claim_count = serializers.IntegerField()
    links = TopicLinksSerializer(source="*")

    class Meta:
        model = Topic
        fields = ["uid", "slug", "name", "keywords", "claim_count", "links"]


# Statements and attributions


class RelaySerializer(serializers.ModelSerializer):
    outlet = OutletMentionSerializer()

    class Meta:
        model = StatementRelay
        fields = ["hop", "outlet", "start", "end"]
        extra_kwargs = {
            "hop": {"help_text": "1 is nearest to the article; outlets of one hop are alternatives, as in “A and B”."}
        }


class StatementSpanSerializer(serializers.ModelSerializer):
    class Meta:
        model = StatementSpan
        fields = ["start", "end"]


class SpansByRoleSerializer(serializers.Serializer):
    """A statement's pieces, by what they are."""

    content = StatementSpanSerializer(many=True, help_text="What is said.")
    cue = StatementSpanSerializer(many=True, help_text="The word that attributes it, such as “said”.")
    source = StatementSpanSerializer(  # type: ignore[assignment]
        many=True, help_text="Who it is attributed to."
    )

    def to_representation(self, instance: Any) -> dict[str, Any]:
        pieces: dict[str, list[dict[str, int]]] = {role: [] for role in StatementSpan.Role.values}
        for span in sorted(instance.spans.all(), key=lambda span: span.start):
            pieces[span.role].append({"start": span.start, "end": span.end})
        return pieces


class StatementClaimSerializer(serializers.ModelSerializer):
    """A claim that a statement carries."""

    uid = serializers.UUIDField(source="claim.uid")
    text = serializers.CharField(source="claim.text")
    attribution = serializers.UUIDField(source="uid")

    class Meta:
        model = Attribution
        fields = ["uid", "text", "attribution", "stance", "status", "score"]


class StatementSerializer(serializers.ModelSerializer):
    speaker = SpeakerMentionSerializer(allow_null=True)
    article = ArticleMentionSerializer(source="revision.article")
    outlet = OutletMentionSerializer(source="revision.article.outlet")
    revision = serializers.UUIDField(source="revision.uid", help_text="Uid of the revision that the offsets count in.")
    spans = SpansByRoleSerializer(source="*")
    relays = RelaySerializer(many=True, help_text="Outlets through which it reached the article.")
    claims = StatementClaimSerializer(many=True, source="attributions")
    url = PageField()
    links = StatementLinksSerializer(source="*")

    class Meta:
        model = Statement
        fields = [
            "uid",
            "quote",
            "kind",
            "act",
            "negated",
            "hedged",
            "denies",
            "start",
            "end",
            "spans",
            "source_text",
            "speaker",
            "relays",
            "article",
            "outlet",
            "revision",
            "heading",
            "said_on",
            "confidence",
            "method",
            "withdrawn_at",
            "withdrawn_reason",
            "orphaned_at",
            "orphaned_reason",
            "claims",
            "url",
            "links",
        ]


class StatementMentionSerializer(serializers.ModelSerializer):
    class Meta:
        model = Statement
        fields = ["uid", "quote", "kind", "start", "end"]


class AttributionSerializer(serializers.ModelSerializer):
    claim = ClaimMentionSerializer()
    statement = StatementMentionSerializer()
    article = ArticleMentionSerializer(source="statement.revision.article")
    outlet = OutletMentionSerializer(source="statement.revision.article.outlet")
    sub_scores = serializers.DictField(
        child=serializers.FloatField(), help_text="What the score was made of, 0 to 1 each."
    )
    links = AttributionLinksSerializer(source="*")

    class Meta:
        model = Attribution
        fields = [
            "uid",
            "claim",
            "statement",
            "article",
            "outlet",
            "stance",
            "status",
            "score",
            "sub_scores",
            "method",
            "decided_at",
            "links",
        ]
        extra_kwargs = {"decided_at": {"help_text": "When an editor confirmed or rejected it, or left it unsure."}}


# Claims


class ClaimSerializer(serializers.Serializer):
    """A claim with its stored corroboration; the figures follow `confirmed`."""

    uid = serializers.UUIDField(source="claim.uid")
    text = serializers.CharField(source="claim.text")
    speaker = SpeakerMentionSerializer(source="claim.speaker", allow_null=True)
    topics = TopicMentionSerializer(source="claim.topics", many=True)
    language = serializers.CharField(source="claim.language")
    said_on = serializers.DateField(source="claim.said_on", allow_null=True)
    level = serializers.ChoiceField(source="summary.level", choices=Corroboration.Level.choices)
    disputed = serializers.BooleanField(source="summary.disputed", help_text="An outlet's report denies it.")
    report_count = serializers.IntegerField(source="summary.report_count")
    outlet_count = serializers.IntegerField(source="summary.outlet_count")
    origin_count = serializers.IntegerField(
        source="summary.origin_count",
        help_text="Independent origins: the fewest outlets that could explain every report.",
    )
    origin_lower_bound = serializers.IntegerField(
        source="summary.origin_lower_bound", help_text="Below `origin_count` only where `exact` is false."
    )
    exact = serializers.BooleanField(source="summary.exact", help_text="False: `origin_count` is an upper bound.")
    outlets = OutletMentionSerializer(many=True, help_text="Who report it.")
    origins = OutletMentionSerializer(many=True, help_text="Such a fewest set.")
    first_published_at = serializers.DateTimeField(source="summary.first_published_at", allow_null=True)
    last_published_at = serializers.DateTimeField(source="summary.last_published_at", allow_null=True)
    computed_at = serializers.DateTimeField(
        source="summary.computed_at", allow_null=True, help_text="When these figures were worked out."
    )
    url = PageField(source="claim")
    links = ClaimLinksSerializer(source="claim")


class ConflictSerializer(serializers.ModelSerializer):
    """Two reports of one claim that cannot be one."""

    statements = StatementMentionSerializer(many=True)
    detail = serializers.CharField(help_text="What differs.")

    class Meta:
        model = ClaimConflict
        fields = ["uid", "reason", "detail", "statements", "found_at"]


class ChainSerializer(serializers.Serializer):
    """A claim that is proposed as the same as two that are not."""

    middle = ClaimMentionSerializer()
    ends = ClaimMentionSerializer(many=True)
    apart = serializers.ChoiceField(
        source="apart.kind",
        choices=ClaimLink.Kind.choices,
        help_text="same: an editor said that the two ends are not; contradicts: they contradict each other.",
    )
    reason = serializers.CharField(source="apart.reason")


class ClaimConflictsSerializer(serializers.Serializer):
    """What an editor has still to settle about a claim."""

    claim = ClaimMentionSerializer()
    reports = ConflictSerializer(many=True)
    chains = ChainSerializer(many=True)


class EvidenceSerializer(serializers.Serializer):
    """An outlet that a report's content may have come from, and the words in the article that say so."""

    outlet = OutletMentionSerializer()
    kind = serializers.ChoiceField(
        choices=EVIDENCE_KINDS,
        help_text=(
            "publisher: it prints the report; relay: named with this statement; speaker relay: named with another "
            "statement of the speaker in the article; credit, copy, citation: of the article; upstream: of an article "
            "further up."
        ),
    )
    start = serializers.IntegerField(allow_null=True)
    end = serializers.IntegerField(allow_null=True)


class PieceSerializer(serializers.Serializer):
    change = serializers.ChoiceField(choices=CHANGES)
    text = serializers.CharField(help_text="As this report has it; what is missing, as the fullest one has it.")
    instead_of = serializers.CharField(help_text="For a variant: the fullest report’s words for the same, else empty.")


class DifferenceSerializer(serializers.Serializer):
    """What differs beyond words."""

    kind = serializers.ChoiceField(choices=DIFFERENCES, help_text="content: other words that are worth a look.")
    missing = serializers.ListField(child=serializers.CharField(), help_text="Words of the fullest report alone.")
    added = serializers.ListField(child=serializers.CharField(), help_text="Words of this report alone.")


class AlarmSerializer(serializers.Serializer):
    """Words that the report leaves out, whose lack changes what it says."""

    kind = serializers.ChoiceField(choices=ALARMS)
    missing = serializers.CharField()
    reason = serializers.CharField(help_text="A sentence.")


class WordingSerializer(serializers.Serializer[Wording]):
    """How a report's words differ from the fullest report's."""

    kind = serializers.ChoiceField(choices=WORDING_KINDS)
    truncated = serializers.ListField(
        child=serializers.ChoiceField(choices=PLACES), help_text="Where words are missing; empty for the other kinds."
    )
    similarity = serializers.FloatField(help_text="0 to 1: words in common and in order, variants included.")
    differences = DifferenceSerializer(many=True)
    alarms = AlarmSerializer(many=True)
    pieces = PieceSerializer(many=True)


class ReportSerializer(serializers.Serializer):
    attribution = serializers.UUIDField(source="report.attribution.uid")
    article = ArticleMentionSerializer(source="report.article")
    outlet = OutletMentionSerializer(source="report.outlet")
    statement = serializers.UUIDField(source="report.statement.uid")
    revision = serializers.UUIDField(source="report.statement.revision.uid")
    start = serializers.IntegerField(source="report.statement.start")
    end = serializers.IntegerField(source="report.statement.end")
    exact = serializers.CharField(help_text="The revision's text from `start` to `end`.")
    quote = serializers.CharField(
        source="report.statement.quote", help_text="The content alone, its pieces joined by “ … ”."
    )
    kind = serializers.ChoiceField(source="report.statement.kind", choices=Statement.Kind.choices)
    stance = serializers.ChoiceField(source="report.attribution.stance", choices=Attribution.Stance.choices)
    status = serializers.ChoiceField(source="report.attribution.status", choices=Attribution.Status.choices)
    score = serializers.FloatField(source="report.attribution.score")
    relays = RelaySerializer(source="report.statement.relays", many=True)
    origins = EvidenceSerializer(
        source="report.evidence", many=True, help_text="Every outlet that the content may have come from."
    )
    fullest = serializers.BooleanField(help_text="The others are compared with this report.")
    wording = WordingSerializer(allow_null=True)


class GapSerializer(serializers.Serializer):
    """An outlet with articles on the story that do not have the claim."""

    outlet = OutletMentionSerializer()
    count = serializers.IntegerField(source="article_count")
    reports_elsewhere = serializers.BooleanField(
        help_text="Another of its articles has the claim; with by=owner, one of an outlet of the same owner."
    )


class NotFoundInSerializer(serializers.Serializer):
    """Articles on the same story (they share another claim with a report's article) without this claim."""

    count = serializers.IntegerField()
    of = serializers.IntegerField(help_text="All articles on the story.")
    complete = serializers.BooleanField(
        help_text="False: the story has more articles than are looked at; both figures are the least."
    )
    unconfirmed = serializers.IntegerField(
        help_text="With `confirmed`: articles proposed to have it, which count as neither found nor not found."
    )
    outlets = GapSerializer(many=True, help_text="Whose articles these are, outlets that have it nowhere first.")
    articles = ArticleOfOutletSerializer(many=True, help_text="The first 200 of them.")


class ContradictionSerializer(serializers.Serializer):
    """A claim of the same speaker that cannot hold beside this one; the link is there at both claims."""

    uid = serializers.UUIDField(source="link.uid")
    claim = ClaimMentionSerializer(source="other", help_text="The other claim.")
    reason = serializers.CharField(source="link.reason", help_text="A sentence.")
    score = serializers.FloatField(source="link.score")
    sub_scores = serializers.DictField(
        source="link.sub_scores", child=serializers.FloatField(), help_text="What the score was made of."
    )
    status = serializers.ChoiceField(source="link.status", choices=Attribution.Status.choices)
    method = serializers.CharField(source="link.method")
    decided_at = serializers.DateTimeField(source="link.decided_at", allow_null=True)


class CorroborationSerializer(serializers.Serializer):
    claim = ClaimMentionSerializer()
    basis = serializers.ChoiceField(choices=Corroboration.Basis.choices, help_text="Which reports count.")
    by = serializers.ChoiceField(choices=["outlet", "owner"], help_text="What counts as one.")
    as_of = serializers.DateTimeField(help_text="The moment that was asked for, else now.")
    clock = serializers.ChoiceField(
        choices=[str(clock) for clock in Clock],
        allow_null=True,
        help_text="By what that moment is meant; null where the answer is as of now.",
    )
    level = serializers.ChoiceField(choices=Corroboration.Level.choices)
    disputed = serializers.BooleanField()
    explanation = serializers.CharField(help_text="Why it has this level, in a sentence.")
    outlets = OutletMentionSerializer(many=True)
    origins = OutletMentionSerializer(many=True)
    origin_count = serializers.IntegerField()
    exact = serializers.BooleanField(help_text="False: `origin_count` is an upper bound.")
    origin_lower_bound = serializers.IntegerField()
    reports = ReportSerializer(many=True, help_text="Who report it, as they were published.")
    denials = ReportSerializer(many=True, help_text="Reports that deny it.")
    contradictions = ContradictionSerializer(
        many=True, help_text="Claims of the same speaker that cannot hold beside it; none for a past moment."
    )
    not_found_in = NotFoundInSerializer()


# Imports


class FeedSerializer(serializers.ModelSerializer):
    outlet = OutletMentionSerializer(allow_null=True, help_text="Whose articles it lists, where all are one outlet's.")
    links = FeedLinksSerializer(source="*")

    class Meta:
        model = Feed
        fields = [
            "uid",
            "url",
            "title",
            "outlet",
            "active",
            "interval_s",
            "last_polled_at",
            "next_poll_at",
            "failures",
            "failing_since",
            "last_error",
            "last_note",
            "links",
        ]


class FeedMentionSerializer(serializers.ModelSerializer):
    class Meta:
        model = Feed
        fields = ["uid", "url", "title"]


class ImportCountsSerializer(serializers.Serializer):
    """Documents by state."""

    pending = serializers.IntegerField(source="pending_count")
    imported = serializers.IntegerField(source="imported_count")
    expanded = serializers.IntegerField(source="expanded_count", help_text="Feeds and sitemaps that listed others.")
    skipped = serializers.IntegerField(source="skipped_count")
    failed = serializers.IntegerField(source="failed_count")
    cancelled = serializers.IntegerField(source="cancelled_count")


class ImportRunSerializer(serializers.ModelSerializer):
    feed = FeedMentionSerializer(allow_null=True, help_text="Whose poll it is.")
    document_count = serializers.IntegerField(source="item_count")
    counts = ImportCountsSerializer(source="*")
    links = ImportLinksSerializer(source="*")

    class Meta:
        model = ImportRun
        fields = [
            "uid",
            "label",
            "feed",
            "created_at",
            "read_at",
            "reading_error",
            "cancelled_at",
            "document_count",
            "counts",
            "links",
        ]


class ImportItemSerializer(serializers.ModelSerializer):
    article = ArticleMentionSerializer(allow_null=True)

    class Meta:
        model = ImportItem
        fields = [
            "position",
            "label",
            "url",
            "state",
            "reason",
            "needs_look",
            "looked_at",
            "attempts",
            "not_before",
            "article",
            "created_at",
            "finished_at",
        ]


class ImportRequestSerializer(serializers.Serializer):
    """What to import: addresses or documents."""

    label = serializers.CharField(  # type: ignore[assignment]
        required=False, max_length=500, help_text="What the import is called in lists."
    )
    addresses = serializers.ListField(
        child=serializers.CharField(max_length=2000),
        required=False,
        allow_empty=False,
        help_text="Addresses of pages, feeds or sitemaps; at most 10,000.",
    )
    documents = serializers.ListField(
        child=serializers.JSONField(allow_null=True),
        required=False,
        allow_empty=False,
        help_text=(
            "Objects with the fields id, url, outlet, title, byline, published_at, language and text or html; outlet, "
            "title and one of text and html are needed."
        ),
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if ("addresses" in attrs) == ("documents" in attrs):
            raise serializers.ValidationError("Give either addresses or documents.")
        return attrs


class RetrySerializer(serializers.Serializer):
    positions = serializers.ListField(
        child=serializers.IntegerField(min_value=1, max_value=2_147_483_647),
        required=False,
        allow_empty=False,
        max_length=10_000,
        help_text="Of failed documents; without it, all of them.",
    )


class RetriedSerializer(serializers.Serializer):
    retried = serializers.IntegerField(help_text="How many documents wait again.")


class CancelledSerializer(serializers.Serializer):
    cancelled = serializers.IntegerField(help_text="How many documents were cancelled.")


# Parameters and errors


class ClaimQuestionSerializer(serializers.Serializer):
    confirmed = serializers.BooleanField(default=False, help_text="1: only reports that an editor confirmed count.")


class CorroborationQuestionSerializer(ClaimQuestionSerializer):
    by = serializers.ChoiceField(
        choices=["outlet", "owner"],
        default="outlet",
        help_text="owner: outlets with the same owner count as one.",
    )

    as_of = serializers.CharField(
        default="",
        help_text=(
            "A past moment, as in 2017-07-03T12:00Z; UTC unless it has an offset. A day means its end. The reports are "
            "then counted as of that moment."
        ),
    )
    clock = serializers.CharField(
        default="",
        help_text=(
            "captured (the default): what this site had captured by then, as it was read and decided by then. "
            "published: what had been published by then, as it is read and decided today."
        ),
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        try:
            moment = read_moment(attrs.pop("as_of"), attrs.pop("clock"))
        except MomentRefused as refused:
            raise serializers.ValidationError({refused.parameter: str(refused)}) from refused
        return {**attrs, "moment": moment}


class ChangesQuestionSerializer(serializers.Serializer):
    old = serializers.IntegerField(
        required=False, min_value=1, max_value=2_147_483_647, help_text="Number of the earlier revision."
    )
    new = serializers.IntegerField(
        required=False,
        min_value=1,
        max_value=2_147_483_647,
        help_text="Number of the later one; the last unless given.",
    )


class ErrorSerializer(serializers.Serializer):
    detail = serializers.CharField()


class MovedSerializer(ErrorSerializer):
    uid = serializers.UUIDField(help_text="Of the one that it became part of.")


class ParameterErrorSerializer(ErrorSerializer):
    parameters = serializers.DictField(
        child=serializers.ListField(child=serializers.CharField()),
        help_text="By parameter, what is wrong with it and what is allowed.",
    )


class BodyErrorSerializer(ErrorSerializer):
    fields = serializers.DictField(  # type: ignore[assignment]
        child=serializers.JSONField(), help_text="By field of the body, what is wrong with it and what is allowed."
    )
