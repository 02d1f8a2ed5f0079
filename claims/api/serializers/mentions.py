"""One row as another one names it."""

from rest_framework import serializers

from claims.models import (
    Claim,
    Speaker,
    Topic,
)
from sources.models import (
    Article,
    Outlet,
)


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
