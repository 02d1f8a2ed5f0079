"""Shapes of imports and feeds."""

from typing import Any

from rest_framework import serializers

from claims.api.serializers.links import FeedLinksSerializer, ImportLinksSerializer
from claims.api.serializers.mentions import ArticleMentionSerializer, OutletMentionSerializer
from sources.models import (
    Feed,
    ImportItem,
    ImportRun,
)


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
    document_count = serializers.IntegerField(
        allow_null=True,
        help_text=(
            "How many there were. More than `counts` has in all where some are not kept any more, and then at least so "
            "many; null where none is kept and it is not known how many there were."
        ),
    )
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
