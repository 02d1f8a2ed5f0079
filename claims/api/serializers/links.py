"""Where rows are found: in this API, and on the pages of this site."""

from typing import Any

from django.urls import reverse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers


@extend_schema_field(OpenApiTypes.URI)
class PageField(serializers.ReadOnlyField):
    """The address of the page that shows this row to people."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"source": "*", "help_text": "Its page on this site.", **kwargs})

    def to_representation(self, value: Any) -> str:
        address: str = self.context["request"].build_absolute_uri(value.get_absolute_url())
        return address


@extend_schema_field(OpenApiTypes.URI)
class LinkField(serializers.ReadOnlyField):
    """The address of this row, or of what is asked of it, in this API."""

    def __init__(self, view_name: str, **kwargs: Any) -> None:
        super().__init__(**{"source": "*", **kwargs})
        self.view_name = view_name

    def to_representation(self, value: Any) -> str:
        # Not the framework's own `reverse`: it would hand on `format`.
        path = reverse(f"api:{self.view_name}", kwargs={"uid": value.uid})
        address: str = self.context["request"].build_absolute_uri(path)
        return address


class OutletLinksSerializer(serializers.Serializer):
    self = LinkField("outlet-detail")


class ArticleLinksSerializer(serializers.Serializer):
    self = LinkField("article-detail")
    page = PageField()


class StatementLinksSerializer(serializers.Serializer):
    self = LinkField("statement-detail")


class ClaimLinksSerializer(serializers.Serializer):
    """Addresses of one claim, and of what is asked of it; `claims.api.rows` makes them."""

    self = serializers.URLField()
    corroboration = serializers.URLField(help_text="Why it has its level, report by report.")
    reports = serializers.URLField(help_text="Its reports alone.")
    timeline = serializers.URLField(help_text="Who reported it when.")
    history = serializers.URLField(help_text="What was proposed and decided.")
    contradictions = serializers.URLField(help_text="Claims that cannot hold beside it.")
    conflicts = serializers.URLField(help_text="What it holds together though it cannot be one.")


class SpeakerLinksSerializer(serializers.Serializer):
    self = LinkField("speaker-detail")


class TopicLinksSerializer(serializers.Serializer):
    self = LinkField("topic-detail")


class AttributionLinksSerializer(serializers.Serializer):
    self = LinkField("attribution-detail")


class ImportPageField(PageField):
    def to_representation(self, value: Any) -> str:
        address: str = self.context["request"].build_absolute_uri(reverse("import_detail", args=[value.uid]))
        return address


class ImportLinksSerializer(serializers.Serializer):
    self = LinkField("import-detail")
    items = LinkField("import-items", help_text="What became of each document.")
    page = ImportPageField()


class FeedLinksSerializer(serializers.Serializer):
    self = LinkField("feed-detail")
