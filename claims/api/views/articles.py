"""Outlets, articles and their texts."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.db.models import Prefetch
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema, extend_schema_view
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.generics import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.scopes import Scope
from claims.api import filters
from claims.api.answers import Changes
from claims.api.batches import Stored, asked_atomic, check_all, given_rows, result
from claims.api.errors import BodyRefused
from claims.api.idempotency import once
from claims.api.imports import accepted
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
from claims.api.serializers.imports import ImportRunSerializer
from claims.api.serializers.questions import ChangesQuestionSerializer
from claims.api.serializers.writing import ArticleRequestSerializer, ArticlesAcceptedSerializer
from claims.api.views.base import ERRORS, MERGED, ReadOnlyViewSet, documented
from claims.api.views.writing import CONFLICT, ONCE, WritingViewSet, one_or_many, writes
from claims.models import Statement
from claims.querysets import with_claim_counts
from sources import importing
from sources.documents import Document, document_from_record
from sources.errors import DocumentRefused
from sources.forms import RevisionPair, upload_max_bytes
from sources.models import Article, Derivation, DerivationSpan, ImportRun, Outlet, Revision, Snapshot
from sources.revising import compare
from sources.views import wake_workers

#: Handed in with one request.
ARTICLES_MAX = 10_000


@extend_schema_view(list=extend_schema(summary="List outlets", responses={200: OutletSerializer(many=True), **ERRORS}))
class OutletViewSet(ReadOnlyViewSet):
    """Publishers: agencies, broadcasters, newspapers, …"""

    serializer_class = OutletSerializer
    filterset_class = filters.OutletParameters

    def get_queryset(self) -> Any:
        return self.readable().standing() if self.action == "list" else self.readable()

    def readable(self) -> Any:
        outlets = Outlet.objects.select_related("owner", "merged_into").prefetch_related("aliases", "domains")
        return with_claim_counts(outlets)

    @extend_schema(summary="Show one of the outlets", responses={200: OutletSerializer, 301: MERGED, **ERRORS})
    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        outlet = self.get_object()
        return self.shown(outlet) if outlet.merged_into is None else self.moved(outlet.merged_into)


@documented("articles", ArticleSerializer, detailed=ArticleDetailSerializer)
class ArticleViewSet(WritingViewSet):
    """Articles as imported; the detail has the text that all offsets refer to."""

    required_scopes = {"create": Scope.IMPORT}
    batched = frozenset({"create"})
    body_max_bytes = staticmethod(upload_max_bytes)
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

    @writes(
        "Hand in an article, or several",
        example={
            "outlet": "Gazette",
            "title": "Dredging ahead",
            "published_at": "2020-01-31",
            "text": "Ms Ruiz said: “The river will be dredged.”",
        },
        description=(
            "They wait for import, and `Location` says how far that is. An article is known again by its outlet and "
            "its `url` or `id`, without them by its text: one that is handed in again with the same text adds nothing, "
            "with another text a revision. Of a list, each that is refused says why; the others wait for import."
        ),
        request=one_or_many(ArticleRequestSerializer),
        responses={
            202: OpenApiResponse(ImportRunSerializer, "One article waits for import."),
            207: OpenApiResponse(ArticlesAcceptedSerializer, "Of a list, those that were not refused wait for import."),
            **CONFLICT,
            **ONCE,
        },
    )
    @once
    def create(self, request: Request) -> Response:
        if not isinstance(request.data, list):
            document = _document(request.data)
            return Response(*accepted(self._import([document]), self))
        results: list[dict[str, Any]] = []
        documents: list[Document] = []
        for index, record in enumerate(given_rows(request.data, most=ARTICLES_MAX)):
            try:
                documents.append(_document(record))
            except BodyRefused as refusal:
                results.append({**result(index, refusal), "position": None})
            else:
                results.append({**result(index, Stored(202)), "position": len(documents)})
        if asked_atomic(request) or not documents:
            check_all(results)
        run, _, _, headers = accepted(self._import(documents), self)
        kept = ("index", "status", "position", "problem")
        results = [{name: outcome[name] for name in kept} for outcome in results]
        return Response({"import": run, "results": results}, status=207, headers=headers)

    def _import(self, documents: Sequence[Document]) -> ImportRun:
        first = documents[0].record["title"][:300]
        label = first if len(documents) == 1 else f"{first} and {len(documents) - 1:,} more"
        run = importing.request_import(label, documents=documents, requested_by=self.editor)
        wake_workers()
        return run

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


def _document(record: Any) -> Document:
    """Return the document that a body, or a row of one, describes; raises BodyRefused with what is wrong."""
    if not isinstance(record, dict):
        raise BodyRefused({"body": ["An article is a JSON object."]})
    try:
        return document_from_record("article", record, folder=None, max_bytes=settings.IMPORT_MAX_DOCUMENT_BYTES)
    except DocumentRefused as refused:
        raise BodyRefused({"article": [str(refused)]}) from refused


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
