"""Shapes of what happened, as it is told over streams, pages and webhooks."""

import re

from drf_spectacular.utils import extend_schema_field, extend_schema_serializer
from rest_framework import serializers

from claims.api.serializers.mentions import OutletMentionSerializer, SpeakerMentionSerializer, TopicMentionSerializer
from claims.models import Corroboration
from notices.triggers import MESSAGES, TYPES

#: Any type of event, as a regular expression.
_TYPE = "|".join(map(re.escape, TYPES))


class FiguresSerializer(serializers.Serializer):
    level = serializers.ChoiceField(choices=Corroboration.Level.choices)
    disputed = serializers.BooleanField()
    report_count = serializers.IntegerField()
    outlet_count = serializers.IntegerField()
    origin_count = serializers.IntegerField()
    origin_lower_bound = serializers.IntegerField()
    exact = serializers.BooleanField(help_text="False: origin_count is an upper bound.")


class CountedFiguresSerializer(FiguresSerializer):
    outlets = OutletMentionSerializer(many=True)
    origins = OutletMentionSerializer(many=True)


class ToldClaimSerializer(serializers.Serializer):
    uid = serializers.UUIDField()
    text = serializers.CharField()
    language = serializers.CharField()
    said_on = serializers.DateField(allow_null=True)
    speaker = SpeakerMentionSerializer(allow_null=True)
    topics = TopicMentionSerializer(many=True)
    merged_into = serializers.UUIDField(allow_null=True)


class BeforeSerializer(serializers.Serializer):
    level = serializers.ChoiceField(choices=Corroboration.Level.choices, required=False)
    disputed = serializers.BooleanField(required=False)


class ClaimEventSerializer(serializers.Serializer):
    """A claim as of the event, with what it was before, by both bases."""

    claim = ToldClaimSerializer()
    before = BeforeSerializer(help_text="What the event changed, as it was: counted reports.")
    counted = CountedFiguresSerializer(allow_null=True, help_text="Proposed and confirmed reports count.")
    confirmed = FiguresSerializer(allow_null=True, help_text="Only reports that an editor confirmed count.")


class ToldRevisionSerializer(serializers.Serializer):
    uid = serializers.UUIDField()
    number = serializers.IntegerField()
    sha256 = serializers.CharField()


class ToldArticleSerializer(serializers.Serializer):
    uid = serializers.UUIDField()
    title = serializers.CharField()
    url = serializers.CharField(allow_blank=True)
    language = serializers.CharField()
    published_at = serializers.DateTimeField(allow_null=True)
    outlet = OutletMentionSerializer()


class ArticleEventSerializer(serializers.Serializer):
    """An article that has another text; what its words changed is at `articles/{uid}/changes/`."""

    article = ToldArticleSerializer()
    revision = ToldRevisionSerializer()
    before = ToldRevisionSerializer()


class ToldFeedSerializer(serializers.Serializer):
    uid = serializers.UUIDField()
    url = serializers.CharField()
    title = serializers.CharField(allow_blank=True)


class ToldImportSerializer(serializers.Serializer):
    uid = serializers.UUIDField()
    label = serializers.CharField()  # type: ignore[assignment]
    created_at = serializers.DateTimeField()
    cancelled_at = serializers.DateTimeField(allow_null=True)
    reading_error = serializers.CharField(allow_blank=True)
    feed = ToldFeedSerializer(allow_null=True)


class ImportEventSerializer(serializers.Serializer):
    """An import of which no document waits any more; statements may still be read in what it brought."""

    run = ToldImportSerializer()
    document_count = serializers.IntegerField()
    counts = serializers.DictField(child=serializers.IntegerField(), help_text="Documents by state.")


class WebhookMentionSerializer(serializers.Serializer):
    uid = serializers.UUIDField()
    events = serializers.ListField(child=serializers.CharField())


class PingEventSerializer(serializers.Serializer):
    webhook = WebhookMentionSerializer()


class MessageSerializer(serializers.Serializer):
    """What a webhook is sent: the shape of the Standard Webhooks specification."""

    type = serializers.ChoiceField(choices=MESSAGES)
    timestamp = serializers.DateTimeField(help_text="When it happened; `webhook-timestamp` is when it was sent.")
    data = serializers.DictField()  # type: ignore[assignment]


class EventSerializer(MessageSerializer):
    """Something that happened, with the state as of then."""

    id = serializers.CharField(help_text="The same as a webhook’s `webhook-id`.")
    type = serializers.ChoiceField(choices=TYPES)
    data = serializers.DictField(help_text="As the webhook of this type has it.")


# It is one answer, though the action is a list.
@extend_schema_serializer(many=False)
class EventsPageSerializer(serializers.Serializer):
    results = EventSerializer(many=True)
    since = serializers.CharField(help_text="The place that was reached: give it as `since` next time.")
    next = serializers.URLField(help_text="The address to ask next; also where nothing is new yet.")
    more = serializers.BooleanField(help_text="False: that was all for now.")


@extend_schema_field({"type": "string", "pattern": f"^({_TYPE})(,({_TYPE}))*$"})
class _TypesField(serializers.CharField):
    pass


class EventsQuestionSerializer(serializers.Serializer):
    """Parameters of what happened."""

    since = serializers.CharField(
        default="",
        max_length=100,
        help_text=(
            "The place to go on from, as the last answer gave it. Without it, from the oldest that is kept; a stream "
            "begins now. “now”: nothing but the present place."
        ),
    )
    types = _TypesField(default="", help_text=f"Only these, with commas: {', '.join(TYPES)}.")
    limit = serializers.IntegerField(
        default=200, min_value=1, max_value=1000, help_text="Events of a page; not of a stream."
    )

    def validate_types(self, value: str) -> list[str]:
        asked = [name.strip() for name in value.split(",") if name.strip()]
        for name in asked:
            if name not in TYPES:
                raise serializers.ValidationError(f"“{name}” is not one of: {', '.join(TYPES)}.")
        return asked or list(TYPES)
