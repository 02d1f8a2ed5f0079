"""Statements as W3C Web Annotations: one by one, and those of an article as a collection in pages."""

from typing import Any

from django.db.models import Prefetch
from django.urls import reverse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.exceptions import NotFound
from rest_framework.generics import get_object_or_404
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from claims import annotations
from claims.api import formats
from claims.api.errors import refuse_other_parameters
from claims.api.serializers.annotations import (
    AnnotationPageQuestionSerializer,
    AnnotationsSerializer,
    WebAnnotationSerializer,
)
from claims.api.views.base import ERRORS, ConditionalMixin
from claims.models import Attribution, Statement, StatementSpan
from sources.models import Article, Revision

ANNOTATIONS_PER_PAGE = 100


class AnnotationViewSet(ConditionalMixin, GenericViewSet):
    """What both addresses share."""

    queryset = Statement.objects.none()
    filter_backends = ()
    pagination_class = None
    content_negotiation_class = formats.Negotiation
    serializer_class = WebAnnotationSerializer

    def get_renderers(self) -> list[BaseRenderer]:
        return [formats.AnnotationRenderer(), formats.LinkedDataRenderer()]

    def answer(self, document: dict[str, Any]) -> Response:
        # With its profile, also for who asked for any JSON-LD.
        return Response(document, content_type=formats.AnnotationRenderer.media_type)

    def plain(self, statement: Statement) -> annotations.PlainStatement:
        """Return a statement read with `_statements` as `claims.annotations` takes it."""
        revision, article = statement.revision, statement.revision.article
        absolute = self.request.build_absolute_uri
        text_url = absolute(reverse("api:article-revision", kwargs={"uid": article.uid, "number": revision.number}))
        contents = sorted(
            (span for span in statement.spans.all() if span.role == StatementSpan.Role.CONTENT),
            key=lambda span: span.start,
        )
        return annotations.PlainStatement(
            url=absolute(reverse("api:statement-annotation", kwargs={"uid": statement.uid})),
            article=article.url or absolute(article.get_absolute_url()),
            language=article.language,
            quote=statement.quote,
            speaker=statement.speaker.name if statement.speaker else "",
            pieces=[annotations.Quoted.of(revision.text, span.start, span.end) for span in contents]
            or [annotations.Quoted.of(revision.text, statement.start, statement.end)],
            created_at=statement.created_at,
            captured_at=revision.snapshot.captured_at,
            text_url=text_url,
            method=statement.method,
            claims=[absolute(attribution.claim.get_absolute_url()) for attribution in statement.attributions.all()],
        )


def _statements() -> Any:
    # Texts are read once each, not with every statement.
    revisions = Revision.objects.select_related("article", "snapshot").defer("snapshot__body")
    counted = Attribution.objects.counted().affirming().select_related("claim").defer("claim__search")
    return Statement.objects.select_related("speaker").prefetch_related(
        "spans", Prefetch("revision", revisions), Prefetch("attributions", counted.order_by("pk"))
    )


class StatementAnnotationViewSet(AnnotationViewSet):
    @extend_schema(
        summary="Show a statement as a Web Annotation",
        description=(
            "In the W3C Web Annotation data model: what was said, and where its words stand in the article, by "
            "position in code points and by quotation."
        ),
        parameters=[OpenApiParameter("uid", OpenApiTypes.UUID, OpenApiParameter.PATH)],
        responses={(200, "application/ld+json"): WebAnnotationSerializer, **ERRORS},
    )
    def retrieve(self, request: Request, uid: str) -> Response:
        refuse_other_parameters(request.query_params, {formats.PARAMETER})
        statement = get_object_or_404(_statements(), uid=uid)
        return self.answer(annotations.annotation(self.plain(statement)))


class ArticleAnnotationViewSet(AnnotationViewSet):
    @extend_schema(
        summary="List the statements of an article as Web Annotations",
        description=(
            f"Without `page`, the AnnotationCollection; with it, an AnnotationPage of {ANNOTATIONS_PER_PAGE}, in the "
            "order of the article's present text."
        ),
        parameters=[
            OpenApiParameter("uid", OpenApiTypes.UUID, OpenApiParameter.PATH),
            AnnotationPageQuestionSerializer,
        ],
        responses={(200, "application/ld+json"): AnnotationsSerializer, **ERRORS},
    )
    def retrieve(self, request: Request, uid: str) -> Response:
        refuse_other_parameters(request.query_params, {"page", formats.PARAMETER})
        question = AnnotationPageQuestionSerializer(data=request.query_params)
        question.is_valid(raise_exception=True)
        number = question.validated_data.get("page")
        article = get_object_or_404(Article.objects.only("pk", "title"), uid=uid)
        statements = Statement.objects.standing().filter(revision__current_of=article)
        total = statements.count()
        last = max(0, (total - 1) // ANNOTATIONS_PER_PAGE)
        address = request.build_absolute_uri(request.path)
        if number is None:
            return self.answer(
                annotations.collection(
                    address, label=article.title, total=total, first=f"{address}?page=0", last=f"{address}?page={last}"
                )
            )
        if number > last:
            raise NotFound(f"There is no such page; the last one is {last}.")
        start = number * ANNOTATIONS_PER_PAGE
        shown = _statements().filter(pk__in=statements.values("pk")).order_by("start", "pk")
        return self.answer(
            annotations.page(
                f"{address}?page={number}",
                [self.plain(statement) for statement in shown[start : start + ANNOTATIONS_PER_PAGE]],
                part_of=address,
                total=total,
                start_index=start,
                next_url=f"{address}?page={number + 1}" if number < last else "",
                prev_url=f"{address}?page={number - 1}" if number else "",
            )
        )
