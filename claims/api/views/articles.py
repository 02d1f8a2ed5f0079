"""Outlets, articles and their texts."""

from typing import Any

from django.db.models import Prefetch
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.generics import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response

from claims.api import filters
from claims.api.answers import Changes
from claims.api.serializers.articles import (
    ArticleDetailSerializer,
    ArticleRevisionSerializer,
    ArticleSerializer,
    ChangesSerializer,
    DerivationSerializer,
    OutletSerializer,
    RevisionTextSerializer,
    SnapshotSerializer,
)
from claims.api.serializers.questions import ChangesQuestionSerializer
from claims.api.views.base import ERRORS, ReadOnlyViewSet, documented
from claims.models import Statement
from claims.querysets import with_claim_counts
from sources.forms import RevisionPair
from sources.models import Article, Derivation, DerivationSpan, Outlet, Revision, Snapshot
from sources.revising import compare


@documented("outlets", OutletSerializer)
class OutletViewSet(ReadOnlyViewSet):
    """Publishers: agencies, broadcasters, newspapers, …"""

    serializer_class = OutletSerializer
    filterset_class = filters.OutletParameters

    def get_queryset(self) -> Any:
        outlets = Outlet.objects.select_related("owner").prefetch_related("aliases", "domains")
        return with_claim_counts(outlets)


@documented("articles", ArticleSerializer, detailed=ArticleDetailSerializer)
class ArticleViewSet(ReadOnlyViewSet):
    """Articles as imported; the detail has the text that all offsets refer to."""

    filterset_class = filters.ArticleParameters
    questions = {"changes": ChangesQuestionSerializer}
    expansions = {
        "outlets": lambda pks: Article.objects.filter(pk__in=pks).values("outlet"),
        "statements": lambda pks: Statement.objects.standing().filter(revision__current_of__in=pks).values("pk"),
    }

    def get_serializer_class(self) -> type[serializers.BaseSerializer]:
        return ArticleDetailSerializer if self.action == "retrieve" else ArticleSerializer

    def get_queryset(self) -> Any:
        articles = (
            Article.objects.select_related("outlet", "current_revision__snapshot")
            .defer("current_revision__snapshot__body")
            .prefetch_related(Prefetch("derivations", _derivations().standing().order_by("start", "pk")))
        )
        if self.action != "retrieve":
            return articles.defer("current_revision__text")
        revisions = Revision.objects.select_related("snapshot").defer("text", "snapshot__body")
        return articles.prefetch_related(Prefetch("revisions", revisions.order_by("number")))

    @extend_schema(
        summary="Show one of an article's texts",
        parameters=[OpenApiParameter("number", OpenApiTypes.INT, OpenApiParameter.PATH)],
        responses={200: RevisionTextSerializer, **ERRORS},
    )
    @action(
        detail=True,
        url_path=r"revisions/(?P<number>[0-9]{1,9})",
        url_name="revision",
        filterset_class=None,
        pagination_class=None,
    )
    def revision(self, request: Request, uid: str, number: str) -> Response:
        return Response(
            RevisionTextSerializer(self._revision(uid, int(number)), context=self.get_serializer_context()).data
        )

    @extend_schema(
        summary="Show how an article's text changed",
        description="Word by word between any two of its revisions, the last two unless others are asked for.",
        parameters=[ChangesQuestionSerializer],
        responses={200: ChangesSerializer, **ERRORS},
    )
    @action(detail=True, filterset_class=None, pagination_class=None)
    def changes(self, request: Request, uid: str) -> Response:
        asked = RevisionPair(self.question())
        asked.is_valid()  # what the question lets pass, this does
        article = get_object_or_404(Article.objects.only("pk"), uid=uid)
        old, new = (self._revision(uid, number) for number in asked.numbers(article.revisions.count()))
        answer = Changes(old, new, compare(old.text, new.text))
        return Response(ChangesSerializer(answer, context=self.get_serializer_context()).data)

    def _revision(self, uid: str, number: int) -> Revision:
        revisions = Revision.objects.select_related("article", "snapshot").defer("snapshot__body")
        revision: Revision = get_object_or_404(revisions, article__uid=uid, number=number)
        return revision


def _derivations() -> Any:
    spans = DerivationSpan.objects.select_related("upstream_revision").defer("upstream_revision__text")
    return (
        Derivation.objects.select_related("upstream_outlet", "upstream_article", "revision")
        .defer("revision__text")
        .prefetch_related(Prefetch("spans", spans.order_by("start")))
    )


# What an article has many of


def of_article(noun: str, listed: Any) -> Any:
    """Return the decorator that describes a list below an article."""
    return extend_schema_view(
        list=extend_schema(
            summary=f"List the {noun} of an article",
            parameters=[OpenApiParameter("uid", OpenApiTypes.UUID, OpenApiParameter.PATH)],
            responses={200: listed(many=True), **ERRORS},
        )
    )


@of_article("revisions", ArticleRevisionSerializer)
class ArticleRevisionViewSet(ReadOnlyViewSet):
    """Every text that an article has had, the first one first."""

    queryset = Revision.objects.none()
    serializer_class = ArticleRevisionSerializer
    filterset_class = filters.RevisionParameters

    def get_queryset(self) -> Any:
        article = get_object_or_404(Article.objects.only("pk"), uid=self.kwargs["uid"])
        revisions = Revision.objects.filter(article=article).select_related("article", "snapshot")
        return revisions.defer("text", "snapshot__body")


@of_article("snapshots", SnapshotSerializer)
class ArticleSnapshotViewSet(ReadOnlyViewSet):
    """Everything that was fetched of an article, the first one first; the bytes are on the page of a snapshot."""

    queryset = Snapshot.objects.none()
    serializer_class = SnapshotSerializer
    filterset_class = filters.SnapshotParameters

    def get_queryset(self) -> Any:
        article = get_object_or_404(Article.objects.only("pk"), uid=self.kwargs["uid"])
        return Snapshot.objects.filter(article=article).defer("body")


@of_article("derivations", DerivationSerializer)
class ArticleDerivationViewSet(ReadOnlyViewSet):
    """Where an article says, or shows, that it comes from; with what editors rejected, and of its earlier texts."""

    queryset = Derivation.objects.none()
    serializer_class = DerivationSerializer
    filterset_class = filters.DerivationParameters

    def get_queryset(self) -> Any:
        article = get_object_or_404(Article.objects.only("pk"), uid=self.kwargs["uid"])
        return _derivations().filter(article=article)


ReadOnlyViewSet.resources |= {"outlets": OutletViewSet, "articles": ArticleViewSet}
