"""Parameters of what is asked of one row, and what errors look like."""

from typing import Any

from rest_framework import serializers

from claims.corroboration.moments import MomentRefused, read_moment


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


class MovedSerializer(serializers.Serializer):
    detail = serializers.CharField()
    uid = serializers.UUIDField(help_text="Of the one that it became part of.")
