"""Parameters of what is asked of one row, and what errors look like."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from claims.corroboration.moments import Clock, MomentRefused, read_moment


@extend_schema_field({"type": "string", "format": "date-time"})
class _MomentField(serializers.CharField):
    pass


@extend_schema_field({"type": "string", "enum": list(Clock)})
class _ClockField(serializers.CharField):
    pass


class ClaimQuestionSerializer(serializers.Serializer):
    confirmed = serializers.BooleanField(default=False, help_text="1: only reports that an editor confirmed count.")


class CorroborationQuestionSerializer(ClaimQuestionSerializer):
    by = serializers.ChoiceField(
        choices=["outlet", "owner"],
        default="outlet",
        help_text="owner: outlets with the same owner count as one.",
    )

    as_of = _MomentField(
        required=False,
        help_text=(
            "A past moment, as in 2017-07-03T12:00Z; UTC unless it has an offset. A day means its end. The reports are "
            "then counted as of that moment."
        ),
    )
    clock = _ClockField(
        required=False,
        help_text=(
            "captured (the default): what this site had captured by then, as it was read and decided by then. "
            "published: what had been published by then, as it is read and decided today."
        ),
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        try:
            moment = read_moment(attrs.pop("as_of", ""), attrs.pop("clock", ""))
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


class ProblemSerializer(serializers.Serializer):
    """A problem as in RFC 9457."""

    type = serializers.CharField(help_text="Always “about:blank”: what it is, the status says.")
    title = serializers.CharField(help_text="The status in words.")
    status = serializers.IntegerField()
    detail = serializers.CharField(help_text="What is wrong, and what to do.")


class ParameterProblemSerializer(ProblemSerializer):
    parameters = serializers.DictField(
        child=serializers.ListField(child=serializers.CharField()),
        help_text="By parameter, what is wrong with it and what is allowed.",
    )


class BodyProblemSerializer(ProblemSerializer):
    fields = serializers.DictField(  # type: ignore[assignment]
        required=False,
        child=serializers.JSONField(),
        help_text="By field of the body, what is wrong with it and what is allowed.",
    )


class ConflictProblemSerializer(ProblemSerializer):
    attributions = serializers.ListField(
        required=False, child=serializers.UUIDField(), help_text="Reports that it is about, decided otherwise."
    )
    statement = serializers.UUIDField(required=False, help_text="Of the statement that these words are already.")
    revision = serializers.UUIDField(required=False, help_text="Of the text that the article has now.")
    found = serializers.DictField(
        required=False, allow_null=True, help_text="Where the present text has the words; null where it has not."
    )


class FieldConflictSerializer(serializers.Serializer):
    """A field of a row that changed since it was seen; values in words."""

    seen = serializers.JSONField(allow_null=True, help_text="What you saw; null where that is not known any more.")
    current = serializers.JSONField(help_text="What it is now.")
    wanted = serializers.JSONField(help_text="What you want it to be.")
    by = serializers.CharField(allow_blank=True, help_text="Who, or what, changed it.")
    at = serializers.DateTimeField(allow_null=True, help_text="When.")
    clashes = serializers.BooleanField(help_text="Both of you changed it, to something else.")


class VersionProblemSerializer(ProblemSerializer):
    version = serializers.CharField(required=False, help_text="Of the row as it is now.")
    fields = serializers.DictField(  # type: ignore[assignment]
        required=False, child=FieldConflictSerializer(), help_text="By field, what differs."
    )


class RowsProblemSerializer(ProblemSerializer):
    results = serializers.ListField(
        required=False, child=serializers.DictField(), help_text="Of a batch: the outcome of each row."
    )


class RowProblemSerializer(ConflictProblemSerializer):
    """Why one row was refused, with all that is told of it."""

    fields = serializers.DictField(  # type: ignore[assignment]
        required=False, child=serializers.JSONField(), help_text="By field, what is wrong with it, or what differs."
    )
    version = serializers.CharField(required=False, help_text="Of the row as it is now.")
    sent = serializers.DictField(required=False, help_text="The words as they were sent.")


class WordsProblemSerializer(RowsProblemSerializer):
    fields = serializers.DictField(  # type: ignore[assignment]
        required=False, child=serializers.JSONField(), help_text="By field, what is wrong with it."
    )
    sent = serializers.DictField(required=False, help_text="The words as they were sent, with what stands around them.")
    found = serializers.DictField(required=False, help_text="What stands there.")


class MovedSerializer(serializers.Serializer):
    detail = serializers.CharField()
    uid = serializers.UUIDField(help_text="Of the one that it became part of.")
