"""Shapes of the reconciliation service; https://www.w3.org/community/reports/reconciliation/ has all of them."""

from rest_framework import serializers


class ManifestSerializer(serializers.Serializer):
    """The manifest; with `queries`, by query its `result` instead: candidates with id, name, score and match."""

    versions = serializers.ListField(child=serializers.CharField(), required=False)
    name = serializers.CharField(required=False)
    identifierSpace = serializers.URLField(required=False)
    schemaSpace = serializers.URLField(required=False)
    defaultTypes = serializers.ListField(child=serializers.DictField(), required=False)
    view = serializers.DictField(required=False)
    preview = serializers.DictField(required=False)
    suggest = serializers.DictField(required=False)
    batchSize = serializers.IntegerField(required=False)


class QueriesSerializer(serializers.Serializer):
    queries = serializers.CharField(help_text='A batch: JSON as in {"q0": {"query": "a name", "limit": 3}}.')


class SuggestionSerializer(serializers.Serializer):
    id = serializers.UUIDField()
    name = serializers.CharField()
    description = serializers.CharField(allow_blank=True)
    notable = serializers.ListField(child=serializers.DictField())


class SuggestionsSerializer(serializers.Serializer):
    result = SuggestionSerializer(many=True)
