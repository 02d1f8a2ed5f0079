"""Shapes of Web Annotations, as far as this site writes them; https://www.w3.org/TR/annotation-model/ has all of it."""

from rest_framework import serializers


class WebAnnotationSerializer(serializers.Serializer):
    """An Annotation; `claims.annotations` writes it."""

    id = serializers.URLField()
    type = serializers.CharField()
    motivation = serializers.CharField()
    created = serializers.DateTimeField()
    generator = serializers.DictField()
    body = serializers.ListField(child=serializers.DictField(), help_text="What was said, and by whom.")
    target = serializers.ListField(child=serializers.DictField(), help_text="Where its words stand.")


class SentAnnotationSerializer(serializers.Serializer):
    """An Annotation, or what holds some: an AnnotationPage, or an AnnotationCollection with its first page in it."""

    type = serializers.CharField(help_text="Annotation, AnnotationPage or AnnotationCollection.")
    target = serializers.JSONField(required=False, help_text="The document, with selectors of its words.")
    body = serializers.JSONField(required=False, help_text="What is said of them.")
    items = serializers.ListField(child=serializers.DictField(), required=False, help_text="Of a page.")
    first = serializers.DictField(required=False, help_text="Of a collection: its first page.")


class AnnotationsSerializer(serializers.Serializer):
    """An AnnotationCollection, or with `page` an AnnotationPage."""

    id = serializers.URLField()
    type = serializers.ChoiceField(choices=["AnnotationCollection", "AnnotationPage"])
    total = serializers.IntegerField(required=False)
    first = serializers.URLField(required=False)
    last = serializers.URLField(required=False)
    next = serializers.URLField(required=False)
    prev = serializers.URLField(required=False)
    items = WebAnnotationSerializer(many=True, required=False)


class AnnotationPageQuestionSerializer(serializers.Serializer):
    page = serializers.IntegerField(required=False, min_value=0, max_value=10**6, help_text="Number of a page, from 0.")
