"""Shapes of the feed of changes."""

from drf_spectacular.utils import extend_schema_field, extend_schema_serializer
from rest_framework import serializers

from claims.changes import RESOURCES

_RESOURCE = f"({'|'.join(sorted(RESOURCES))})"


@extend_schema_field({"type": "string", "pattern": f"^{_RESOURCE}(,{_RESOURCE})*$"})
class _ResourcesField(serializers.CharField):
    pass


class ChangeSerializer(serializers.Serializer):
    """A row that changed, as it is now; other rows are named in it by their uids alone."""

    resource = serializers.ChoiceField(choices=sorted(RESOURCES), help_text="What kind of row it is.")
    uid = serializers.UUIDField()
    change = serializers.ChoiceField(
        choices=["stored", "merged", "deleted"],
        help_text=(
            "stored: keep `row` in place of what you have; merged: it became part of `merged_into`, drop it; deleted: "
            "drop it."
        ),
    )
    merged_into = serializers.UUIDField(allow_null=True)
    row = serializers.DictField(allow_null=True, help_text="Null where there is none any more.")


# It is one answer, though the action is a list.
@extend_schema_serializer(many=False)
class ChangesPageSerializer(serializers.Serializer):
    results = ChangeSerializer(many=True)
    since = serializers.CharField(help_text="The place that was reached: give it as `since` next time.")
    next = serializers.URLField(help_text="The address to ask next; also where nothing is new yet.")
    more = serializers.BooleanField(help_text="False: that was all for now.")


class ChangesSinceSerializer(serializers.Serializer):
    """Parameters of the feed of changes."""

    since = serializers.CharField(
        default="",
        max_length=100,
        help_text=(
            "The place to go on from, as the last answer gave it. Without it, from the start: every row there is. "
            "“now”: nothing but the present place."
        ),
    )
    limit = serializers.IntegerField(default=200, min_value=1, max_value=1000, help_text="Changes of a page.")
    resource = _ResourcesField(default="", help_text=f"Only of these, with commas: {', '.join(sorted(RESOURCES))}.")

    def validate_resource(self, value: str) -> list[str]:
        asked = [name.strip() for name in value.split(",") if name.strip()]
        for name in asked:
            if name not in RESOURCES:
                raise serializers.ValidationError(f"“{name}” is not one of: {', '.join(sorted(RESOURCES))}.")
        return asked
