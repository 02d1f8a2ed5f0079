"""Shapes of webhooks and of what they are sent."""

from typing import Any

from rest_framework import serializers

from claims.api.bodies import UidField
from claims.api.serializers.links import LinkField
from claims.api.serializers.mentions import ClaimMentionSerializer, SpeakerMentionSerializer, TopicMentionSerializer
from claims.models import Claim, Speaker, Topic
from notices.models import Delivery, Webhook
from notices.triggers import MESSAGES, TYPES


class WebhookLinksSerializer(serializers.Serializer):
    self = LinkField("webhook-detail")
    deliveries = LinkField("webhook-deliveries")


class WebhookSerializer(serializers.ModelSerializer):
    events = serializers.ListField(child=serializers.ChoiceField(choices=TYPES), help_text="What it is told of.")
    claim = ClaimMentionSerializer(allow_null=True, help_text="It is told of this claim alone.")
    speaker = SpeakerMentionSerializer(allow_null=True, help_text="It is told of this speaker's claims alone.")
    topic = TopicMentionSerializer(allow_null=True, help_text="It is told of this topic's claims alone.")
    owner = serializers.CharField(source="owner.username")
    links = WebhookLinksSerializer(source="*")

    class Meta:
        model = Webhook
        fields = [
            "uid",
            "url",
            "description",
            "events",
            "claim",
            "speaker",
            "topic",
            "active",
            "owner",
            "created_at",
            "last_success_at",
            "failures",
            "failing_since",
            "paused_at",
            "paused_reason",
            "previous_until",
            "links",
        ]


class SecretSerializer(serializers.Serializer):
    secret = serializers.CharField(
        help_text="What signatures are checked with; shown now and never again. Rotate it where it is lost."
    )


class NewWebhookSerializer(WebhookSerializer):
    secret = serializers.CharField(help_text="What signatures are checked with; shown now and never again.")

    class Meta(WebhookSerializer.Meta):
        fields = [*WebhookSerializer.Meta.fields, "secret"]


class WebhookChangeSerializer(serializers.Serializer):
    """What to change of a webhook."""

    url = serializers.CharField(required=False, max_length=2000, help_text="http or https, of a public address.")
    events = serializers.ListField(
        child=serializers.ChoiceField(choices=TYPES), required=False, allow_empty=False, max_length=len(TYPES)
    )
    description = serializers.CharField(required=False, max_length=200, allow_blank=True)
    claim = UidField(Claim.objects.filter(merged_into=None), kind="claim", required=False, allow_null=True)
    speaker = UidField(Speaker.objects.filter(merged_into=None), kind="speaker", required=False, allow_null=True)
    topic = UidField(Topic.objects.all(), kind="topic", required=False, allow_null=True)
    active = serializers.BooleanField(required=False, help_text="false: it is told of nothing.")


class WebhookRequestSerializer(WebhookChangeSerializer):
    """A webhook that is to be."""

    def get_fields(self) -> dict[str, Any]:
        fields = super().get_fields()
        fields["url"].required = fields["events"].required = True
        return fields


class ReplaySerializer(serializers.Serializer):
    since = serializers.DateTimeField(
        help_text="All that is kept and happened from here on is sent (again), also what happened during a pause."
    )


class ReplayedSerializer(serializers.Serializer):
    waiting = serializers.IntegerField(help_text="How many events since then wait to be sent now.")


class DeliverySerializer(serializers.ModelSerializer):
    event = serializers.CharField(source="event.message_id", help_text="What comes as `webhook-id`.")
    type = serializers.ChoiceField(source="event.type", choices=MESSAGES)
    happened_at = serializers.DateTimeField(source="event.at")

    class Meta:
        model = Delivery
        fields = [
            "uid",
            "event",
            "type",
            "happened_at",
            "state",
            "attempts",
            "last_attempt_at",
            "next_attempt_at",
            "status",
            "error",
            "excerpt",
        ]
