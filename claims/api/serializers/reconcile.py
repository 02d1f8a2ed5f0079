"""Shapes of the reconciliation service; https://www.w3.org/community/reports/reconciliation/ has all of them."""

from rest_framework import serializers


class ManifestSerializer(serializers.Serializer):
    """The manifest. With `queries`, by query its `result` instead: candidates with id, name, score and match. With
    `extend`, `meta` and `rows`: by id and property the values.
    """

    versions = serializers.ListField(child=serializers.CharField(), required=False)
    name = serializers.CharField(required=False)
    identifierSpace = serializers.URLField(required=False)
    schemaSpace = serializers.URLField(required=False)
    documentation = serializers.URLField(required=False)
    defaultTypes = serializers.ListField(child=serializers.DictField(), required=False)
    view = serializers.DictField(required=False)
    preview = serializers.DictField(required=False)
    suggest = serializers.DictField(required=False)
    extend = serializers.DictField(required=False)
    batchSize = serializers.IntegerField(required=False)


class QueriesSerializer(serializers.Serializer):
    queries = serializers.CharField(
        required=False, help_text='A batch: JSON as in {"q0": {"query": "a name", "limit": 3}}.'
    )
    extend = serializers.CharField(
        required=False,
        help_text='Instead: of which rows what is asked, as in {"ids": ["…"], "properties": [{"id": "level"}]}.',
    )


class SuggestionSerializer(serializers.Serializer):
    id = serializers.UUIDField()
    name = serializers.CharField()
    description = serializers.CharField(allow_blank=True)
    notable = serializers.ListField(child=serializers.DictField())


class SuggestionsSerializer(serializers.Serializer):
    result = SuggestionSerializer(many=True)


class PropertySerializer(serializers.Serializer):
    id = serializers.CharField()
    name = serializers.CharField()


class PropertiesSerializer(serializers.Serializer):
    result = PropertySerializer(many=True)


class ProposedSerializer(serializers.Serializer):
    """What can be told of rows of a type."""

    type = serializers.CharField()
    properties = PropertySerializer(many=True)
