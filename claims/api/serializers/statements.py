"""Shapes of statements and attributions. Offsets are half-open and count code points of the revision's text."""

from typing import Any

from rest_framework import serializers

from claims.api.serializers.links import AttributionLinksSerializer, PageField, StatementLinksSerializer
from claims.api.serializers.mentions import (
    ArticleMentionSerializer,
    ClaimMentionSerializer,
    OutletMentionSerializer,
    SpeakerMentionSerializer,
)
from claims.models import (
    Attribution,
    Statement,
    StatementRelay,
    StatementSpan,
)


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
