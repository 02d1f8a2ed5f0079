"""Shapes of outlets, articles and their texts."""

from typing import Any

from django.urls import reverse as page_address
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from claims.api.serializers.links import ArticleLinksSerializer, OutletLinksSerializer, PageField
from claims.api.serializers.mentions import ArticleMentionSerializer, OutletMentionSerializer
from sources.models import (
    Article,
    Derivation,
    DerivationSpan,
    Outlet,
    OutletAlias,
    OutletDomain,
    Revision,
    Snapshot,
)

REVISED = ["same", "added", "removed"]


class OutletSerializer(serializers.ModelSerializer):
    owner = OutletMentionSerializer(allow_null=True)
    aliases: "serializers.SlugRelatedField[OutletAlias]" = serializers.SlugRelatedField(
        many=True, read_only=True, slug_field="name"
    )
    domains: "serializers.SlugRelatedField[OutletDomain]" = serializers.SlugRelatedField(
        many=True, read_only=True, slug_field="domain"
    )
    article_count = serializers.IntegerField(help_text="Articles imported.")
    claim_count = serializers.IntegerField(help_text="Claims that it reports.")
    alone_count = serializers.IntegerField(help_text="Of these, claims that no other outlet reports.")
    origin_count = serializers.IntegerField(
        help_text="Claims with this outlet in the fewest outlets that could explain every report."
    )
    url = PageField()
    links = OutletLinksSerializer(source="*")

    class Meta:
        model = Outlet
        fields = [
            "uid",
            "slug",
            "name",
            "kind",
            "aliases",
            "domains",
            "owner",
            "owner_name",
            "reviewed",
            "article_count",
            "claim_count",
            "alone_count",
            "origin_count",
            "url",
            "links",
        ]


@extend_schema_field(OpenApiTypes.URI)
class RevisionLinkField(serializers.ReadOnlyField):
    """An address that takes a revision's article and number; those of pages name a view outside of the API."""

    def __init__(self, view_name: str, *, query: str = "", **kwargs: Any) -> None:
        super().__init__(**{"source": "*", **kwargs})
        self.view_name, self.query = view_name, query

    def to_representation(self, value: Revision) -> str:
        kwargs: dict[str, Any] = {"uid": value.article.uid}
        if not self.query:
            kwargs["number"] = value.number
        query = self.query.format(before=max(1, value.number - 1), number=value.number)
        address: str = self.context["request"].build_absolute_uri(page_address(self.view_name, kwargs=kwargs) + query)
        return address


class RevisionLinksSerializer(serializers.Serializer):
    self = RevisionLinkField("api:article-revision", help_text="With its text.")
    changes = RevisionLinkField(
        "api:article-changes", query="?old={before}&new={number}", help_text="How it differs from the one before it."
    )
    page = RevisionLinkField("article_detail", query="?revision={number}", help_text="Its page on this site.")


class RevisionSerializer(serializers.ModelSerializer):
    class Meta:
        model = Revision
        fields = ["uid", "number", "length", "sha256", "method", "created_at"]
        extra_kwargs = {"length": {"help_text": "Code points of the text."}}


class SnapshotSerializer(serializers.ModelSerializer):
    class Meta:
        model = Snapshot
        fields = ["uid", "media_type", "sha256", "captured_at"]
        extra_kwargs = {"sha256": {"help_text": "Of the bytes as they came."}}


class ArticleRevisionSerializer(serializers.ModelSerializer):
    """One of the texts that an article has had."""

    snapshot = SnapshotSerializer(help_text="The bytes that it was taken from.")
    links = RevisionLinksSerializer(source="*")

    class Meta:
        model = Revision
        fields = ["uid", "number", "length", "sha256", "method", "created_at", "snapshot", "links"]
        extra_kwargs = {
            "length": {"help_text": "Code points of the text."},
            "sha256": {"help_text": "Of the text in UTF-8."},
            "method": {"help_text": "How the text was taken from the snapshot."},
        }


class RevisionTextSerializer(ArticleRevisionSerializer):
    class Meta(ArticleRevisionSerializer.Meta):
        fields = [*ArticleRevisionSerializer.Meta.fields, "text"]
        extra_kwargs = {
            **ArticleRevisionSerializer.Meta.extra_kwargs,
            "text": {"help_text": "What offsets in this revision refer to."},
        }


class RevisedPieceSerializer(serializers.Serializer):
    change = serializers.ChoiceField(choices=REVISED)
    text = serializers.CharField(help_text="“¶” where a paragraph’s end was added or removed, not its words.")


class RevisedParagraphSerializer(serializers.Serializer):
    change = serializers.ChoiceField(choices=[*REVISED, "changed"])
    pieces = RevisedPieceSerializer(many=True)


class ChangesSerializer(serializers.Serializer):
    """How the text of one revision became that of another."""

    old = ArticleRevisionSerializer()
    new = ArticleRevisionSerializer()
    added = serializers.IntegerField(source="comparison.added", help_text="Words that only the new text has.")
    removed = serializers.IntegerField(source="comparison.removed", help_text="Words that only the old text had.")
    paragraphs = RevisedParagraphSerializer(
        source="comparison.paragraphs", many=True, help_text="Of both texts; those removed are where they stood."
    )


class DerivationSpanSerializer(serializers.ModelSerializer):
    """A passage that a copy has word for word from its upstream article."""

    upstream_revision = serializers.UUIDField(
        source="upstream_revision.uid", help_text="Uid of the revision that the upstream offsets count in."
    )

    class Meta:
        model = DerivationSpan
        fields = ["start", "end", "upstream_revision", "upstream_start", "upstream_end", "words"]


class DerivationSerializer(serializers.ModelSerializer):
    revision = serializers.UUIDField(
        source="revision.uid", help_text="Uid of the article’s revision that the offsets count in."
    )
    spans = DerivationSpanSerializer(many=True, help_text="For copies: every passage that both articles have.")
    upstream_outlet = OutletMentionSerializer()
    upstream_article = ArticleMentionSerializer(allow_null=True)

    class Meta:
        model = Derivation
        fields = [
            "uid",
            "kind",
            "upstream_outlet",
            "upstream_article",
            "partial",
            "revision",
            "start",
            "end",
            "spans",
            "score",
            "method",
            "status",
        ]


class ArticleSerializer(serializers.ModelSerializer):
    outlet = OutletMentionSerializer()
    revision = RevisionSerializer(source="current_revision", allow_null=True, help_text="The text that it has now.")
    snapshot = SnapshotSerializer(
        source="current_revision.snapshot",
        allow_null=True,
        default=None,
        help_text="The bytes that the text was taken from.",
    )
    derivations = DerivationSerializer(
        many=True, help_text="Where it says, or shows, that it comes from; rejected ones are left out."
    )
    links = ArticleLinksSerializer(source="*")

    class Meta:
        model = Article
        fields = [
            "uid",
            "title",
            "outlet",
            "url",
            "external_id",
            "byline",
            "language",
            "published_at",
            "published_has_time",
            "revision",
            "snapshot",
            "derivations",
            "links",
        ]
        extra_kwargs = {"url": {"help_text": "Where the outlet published it."}}


class ArticleDetailSerializer(ArticleSerializer):
    text = serializers.CharField(
        source="current_revision.text", allow_null=True, default=None, help_text="What all offsets refer to."
    )

    revisions = ArticleRevisionSerializer(many=True, help_text="Every text that it has had, the first one first.")

    class Meta(ArticleSerializer.Meta):
        fields = [*ArticleSerializer.Meta.fields, "revisions", "text"]
