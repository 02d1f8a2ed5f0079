"""Statements as W3C Web Annotations: one by one, and those of an article as a collection in pages."""

import re
from typing import Any, cast
from uuid import UUID

from django.contrib.auth.models import User
from django.db.models import Prefetch
from django.urls import reverse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework.exceptions import NotFound
from rest_framework.generics import get_object_or_404
from rest_framework.renderers import BaseRenderer, JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from accounts.scopes import Scope
from claims import annotations
from claims.api import batches, formats
from claims.api.annotating import store_annotation
from claims.api.bodies import BoundedJSONParser, BoundedLinkedDataParser
from claims.api.errors import BodyRefused, refuse_other_parameters
from claims.api.idempotency import once
from claims.api.serializers.annotations import (
    AnnotationPageQuestionSerializer,
    AnnotationsSerializer,
    SentAnnotationSerializer,
    WebAnnotationSerializer,
)
from claims.api.views.base import ERRORS, ConditionalMixin
from claims.api.views.writing import CONFLICT, NO_ROW, WORDS, one_or_many, result_of, writes
from claims.models import Attribution, Statement, StatementSpan
from sources.errors import DocumentRefused
from sources.models import Article, Revision
from sources.urls import canonicalize

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


#: The end of an address of an article here: its page, the page of one of its texts, or in the API.
_OWN_ARTICLE = re.compile(r"/articles/(?P<uid>[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})/")


def _article_of(source: str) -> Article | None:
    """Return the article of an address: as the outlet published it, or of one of its addresses here."""
    if match := _OWN_ARTICLE.search(source):
        return Article.objects.filter(uid=UUID(match["uid"])).first()
    try:
        url = canonicalize(source)
    except DocumentRefused:
        return None
    return Article.objects.filter(url=url).order_by("pk").first()


def _statements() -> Any:
    # Texts are read once each, not with every statement.
    revisions = Revision.objects.select_related("article", "snapshot").defer("snapshot__body")
    counted = Attribution.objects.counted().affirming().select_related("claim")
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


_IMPORT = (
    "One annotation, a list of them, an AnnotationPage, or an AnnotationCollection with its first page in it. The "
    "words of the target become a statement, unless they are one: by position, or by the quotation where the text has "
    "it once. A tag that names a speaker says who said it; a body that identifies a claim by its address links it; "
    "other text becomes a note for editors. {of}"
)
_IMPORTED = {
    201: OpenApiResponse(WebAnnotationSerializer, "One annotation was stored; this is the statement’s."),
    200: OpenApiResponse(WebAnnotationSerializer, "Its words were a statement already; what was missing was added."),
    207: result_of(WebAnnotationSerializer, "Annotation"),
    **CONFLICT,
    **WORDS,
}
_AN_ANNOTATION = {
    "@context": annotations.CONTEXT,
    "type": "Annotation",
    "body": [{"type": "TextualBody", "value": "Ana Ruiz", "purpose": "tagging"}],
    "target": {
        "source": "https://example.org/news/1",
        "selector": {"type": "TextQuoteSelector", "exact": "The river will be dredged.", "prefix": "said: “"},
    },
}


class AnnotationImportViewSet(AnnotationViewSet):
    """Takes annotations that were made elsewhere."""

    parser_classes = [BoundedJSONParser, BoundedLinkedDataParser]
    required_scopes = {"create": Scope.ANNOTATE}
    batched = frozenset({"create"})

    def get_renderers(self) -> list[BaseRenderer]:
        others = super().get_renderers()
        return [JSONRenderer(), *others] if self.action == "create" else others

    @writes(
        "Import Web Annotations",
        example=_AN_ANNOTATION,
        description=_IMPORT.format(of="The target’s `source` names the article: by its address, or by its page here."),
        request=dict.fromkeys(("application/ld+json", "application/json"), one_or_many(SentAnnotationSerializer)),
        responses=_IMPORTED,
    )
    @once
    def create(self, request: Request) -> Response:
        return self.imported(request, None)

    def imported(self, request: Request, article: Article | None) -> Response:
        refuse_other_parameters(request.query_params, {batches.PARAMETER})
        found = annotations.annotations_in(request.data)
        several = isinstance(request.data, list) or not (len(found) == 1 and found[0][0] == "")

        def store(item: tuple[str, Any]) -> batches.Stored:
            statement, code = self._store(annotations.read_annotation(item[1], place=item[0]), article)
            return batches.Stored(code, annotations.annotation(self.plain(_statements().get(pk=statement.pk))))

        if several:
            return batches.store_rows(request, store, rows=found)
        stored = store(found[0])
        address = str((stored.row or {})["id"])
        return Response(stored.row, status=stored.status, headers={"Location": address, "Content-Location": address})

    def _store(self, read: annotations.ReadAnnotation, article: Article | None) -> tuple[Statement, int]:
        """Return the statement that an annotation stands for, and 201 where it is new."""
        named = _article_of(read.source)
        if named is None or (article is not None and named.pk != article.pk):
            about = "an article here" if article is None else "this article"
            raise BodyRefused({"target": [f"“{read.source[:200]}” is not the address of {about}."]})
        return store_annotation(read, named, by=cast(User, self.request.user))


class ArticleAnnotationViewSet(AnnotationImportViewSet):
    @writes(
        "Import Web Annotations of an article",
        example=_AN_ANNOTATION,
        description=_IMPORT.format(of="All of them are of this article."),
        request=dict.fromkeys(("application/ld+json", "application/json"), one_or_many(SentAnnotationSerializer)),
        parameters=[OpenApiParameter("uid", OpenApiTypes.UUID, OpenApiParameter.PATH)],
        responses={**_IMPORTED, **NO_ROW},
    )
    @once
    def create(self, request: Request, uid: str = "") -> Response:
        return self.imported(request, get_object_or_404(Article, uid=uid))

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
