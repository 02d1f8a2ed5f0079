"""Shapes of speakers and topics."""

from rest_framework import serializers

from claims.api.serializers.links import SpeakerLinksSerializer, TopicLinksSerializer
from claims.api.serializers.mentions import SpeakerMentionSerializer
from claims.models import (
    Speaker,
    SpeakerAlias,
    Topic,
)


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
