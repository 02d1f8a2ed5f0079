"""Read-only views of the API. Every row is found by the `uid` that it keeps across imports."""

from collections.abc import Collection
from typing import Any

from django.db.models import Prefetch
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema, extend_schema_view
from rest_framework import serializers, viewsets
from rest_framework.decorators import action
from rest_framework.exceptions import NotFound
from rest_framework.generics import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from claims.api import filters, pagination
from claims.api.answers import Changes, ClaimRow, corroboration_of
from claims.api.errors import refuse_other_parameters
from claims.api.serializers import (
    ArticleDetailSerializer,
    ArticleSerializer,
    AttributionSerializer,
    ChangesQuestionSerializer,
    ChangesSerializer,
    ClaimConflictsSerializer,
    ClaimQuestionSerializer,
    ClaimSerializer,
    CorroborationQuestionSerializer,
    CorroborationSerializer,
    ErrorSerializer,
    MovedSerializer,
    OutletSerializer,
    ParameterErrorSerializer,
    RevisionTextSerializer,
    SpeakerSerializer,
    StatementSerializer,
    TopicSerializer,
)
from claims.corroboration.past import stood_apart
from claims.models import Attribution, Claim, ClaimConflict, Speaker, Statement, Topic
from claims.querysets import with_claim_counts, with_topic_claim_count
from claims.services.conflicts import chained_claims
from sources.forms import RevisionPair
from sources.models import Article, Derivation, DerivationSpan, Outlet, Revision
from sources.revising import compare

_WRONG = OpenApiResponse(ParameterErrorSerializer, "A parameter is unknown or has a value that cannot be meant.")
_MISSING = OpenApiResponse(ErrorSerializer, "There is no such row, or no such page.")
_MERGED = OpenApiResponse(
    MovedSerializer, "It was merged; `Location`, and `uid` in the answer, name the one that it became part of."
)


def documented(noun: str, listed: Any, *, detailed: Any = None) -> Any:
    """Return the decorator that describes a viewset's list and detail."""
    errors = {400: _WRONG, 404: _MISSING}
    return extend_schema_view(
        list=extend_schema(summary=f"List {noun}", responses={200: listed(many=True), **errors}),
        retrieve=extend_schema(summary=f"Show one of the {noun}", responses={200: detailed or listed, **errors}),
    )


class ReadOnlyViewSet(viewsets.ReadOnlyModelViewSet):
    """A list with filters and pages, and a detail found by uid; parameters it does not know are refused."""

    lookup_field = "uid"
    filterset_class: type[filters.Parameters]
    #: By detail action, the serializer that reads its parameters.
    questions: dict[str, type[serializers.Serializer]] = {}

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        allowed: Collection[str] = ()
        repeatable: Collection[str] = ()
        if self.action == "list":
            allowed = self.filterset_class.base_filters.keys() | pagination.PARAMETERS
            repeatable = self.filterset_class.repeatable
        elif self.action in self.questions:
            allowed = self.questions[self.action]().fields
        refuse_other_parameters(request.query_params, allowed, repeatable=repeatable)

    def filter_queryset(self, queryset: Any) -> Any:
        # The parameters of a detail are no filters: a row that exists is found.
        return super().filter_queryset(queryset) if self.action == "list" else queryset

    def moved(self, target: Claim | Speaker) -> Response:
        """Return the answer for a row that became part of `target`: the same question, asked there."""
        view = "detail" if self.action == "retrieve" else self.action
        address = self.reverse_action(view, kwargs={"uid": target.uid})
        query = self.request.META.get("QUERY_STRING", "")
        return Response(
            {"detail": "It was merged into another.", "uid": str(target.uid)},
            status=301,
            # A merge may be undone: then the address is its own again.
            headers={"Location": f"{address}?{query}" if query else address, "Cache-Control": "no-cache"},
        )

    def question(self) -> dict[str, Any]:
        """Return the parameters of a detail action."""
        question = self.questions[self.action](data=self.request.query_params)
        question.is_valid(raise_exception=True)
        asked: dict[str, Any] = question.validated_data
        return asked


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

    def get_serializer_class(self) -> type[serializers.BaseSerializer]:
        return ArticleSerializer if self.action == "list" else ArticleDetailSerializer

    def get_queryset(self) -> Any:
        spans = DerivationSpan.objects.select_related("upstream_revision").defer("upstream_revision__text")
        derivations = (
            Derivation.objects.standing()
            .select_related("upstream_outlet", "upstream_article", "revision")
            .defer("revision__text")
            .prefetch_related(Prefetch("spans", spans.order_by("start")))
        )
        articles = (
            Article.objects.select_related("outlet", "current_revision__snapshot")
            .defer("current_revision__snapshot__body")
            .prefetch_related(Prefetch("derivations", derivations.order_by("start", "pk")))
        )
        if self.action == "list":
            return articles.defer("current_revision__text")
        revisions = Revision.objects.select_related("snapshot").defer("text", "snapshot__body")
        return articles.prefetch_related(Prefetch("revisions", revisions.order_by("number")))

    @extend_schema(
        summary="Show one of an article's texts",
        parameters=[OpenApiParameter("number", OpenApiTypes.INT, OpenApiParameter.PATH)],
        responses={200: RevisionTextSerializer, 400: _WRONG, 404: _MISSING},
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
        responses={200: ChangesSerializer, 400: _WRONG, 404: _MISSING},
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


@extend_schema_view(
    list=extend_schema(
        summary="List speakers", responses={200: SpeakerSerializer(many=True), 400: _WRONG, 404: _MISSING}
    )
)
class SpeakerViewSet(ReadOnlyViewSet):
    """The persons and bodies to whom statements are attributed."""

    serializer_class = SpeakerSerializer
    filterset_class = filters.SpeakerParameters

    def get_queryset(self) -> Any:
        speakers = Speaker.objects.standing() if self.action == "list" else Speaker.objects.all()
        return speakers.with_claim_count().select_related("represents", "merged_into").prefetch_related("aliases")

    @extend_schema(
        summary="Show one of the speakers",
        responses={200: SpeakerSerializer, 301: _MERGED, 400: _WRONG, 404: _MISSING},
    )
    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        speaker = self.get_object()
        if speaker.merged_into is not None:
            return self.moved(speaker.merged_into)
        return Response(self.get_serializer(speaker).data)


@documented("topics", TopicSerializer)
class TopicViewSet(ReadOnlyViewSet):
    """What claims are about."""

    serializer_class = TopicSerializer
    filterset_class = filters.TopicParameters

    def get_queryset(self) -> Any:
        return with_topic_claim_count(Topic.objects.all())


@documented("statements", StatementSerializer)
class StatementViewSet(ReadOnlyViewSet):
    """What articles report that speakers said, wrote or thought.

    The list has those that stand in the articles' present texts, or with `orphaned` those that these no longer have; a
    withdrawn one is still found by its uid.
    """

    serializer_class = StatementSerializer
    filterset_class = filters.StatementParameters

    def get_queryset(self) -> Any:
        return (
            Statement.objects.with_context()
            .defer("revision__text")
            .prefetch_related(Prefetch("attributions", Attribution.objects.select_related("claim").order_by("pk")))
        )


@documented("attributions", AttributionSerializer)
class AttributionViewSet(ReadOnlyViewSet):
    """Which statement carries, or denies, which claim: proposed by a machine, decided by an editor.

    The list has those of statements that stand, rejected ones included.
    """

    serializer_class = AttributionSerializer
    filterset_class = filters.AttributionParameters

    def get_queryset(self) -> Any:
        attributions = Attribution.objects.standing() if self.action == "list" else Attribution.objects.all()
        return attributions.select_related("claim__speaker", "statement__revision__article__outlet").defer(
            "statement__revision__text"
        )


@extend_schema_view(
    list=extend_schema(
        summary="List claims",
        description=(
            "Claims that at least one counted report affirms, the newest first report first. With `q`, the best match "
            "first."
        ),
        responses={200: ClaimSerializer(many=True), 400: _WRONG, 404: _MISSING},
    ),
    retrieve=extend_schema(
        summary="Show one claim",
        parameters=[ClaimQuestionSerializer],
        responses={200: ClaimSerializer, 301: _MERGED, 400: _WRONG, 404: _MISSING},
    ),
)
class ClaimViewSet(ReadOnlyViewSet):
    """Attributed propositions: one speaker, one sentence, and who report it."""

    queryset = Claim.objects.all()
    serializer_class = ClaimSerializer
    filterset_class = filters.ClaimParameters
    questions = {"retrieve": ClaimQuestionSerializer, "corroboration": CorroborationQuestionSerializer}

    def get_queryset(self) -> Any:
        return Claim.objects.standing() if self.action == "list" else Claim.objects.all()

    def paginate_queryset(self, queryset: Any) -> Any:
        return [ClaimRow.of(claim) for claim in super().paginate_queryset(queryset) or ()]

    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        claims = Claim.objects.with_summary(confirmed_only=self.question()["confirmed"])
        claim = get_object_or_404(claims.select_related("merged_into"), uid=kwargs["uid"])
        if claim.merged_into is not None:
            return self.moved(claim.merged_into)
        return Response(self.get_serializer(ClaimRow.of(claim)).data)

    @extend_schema(
        summary="Show who corroborates a claim",
        description=(
            "Worked out from the reports at the moment of asking, or as of a past one: who report the claim, "
            "in what words, where each report may come from, the fewest origins that could explain them all, who deny "
            "it, and which articles on the same story do not have it."
        ),
        parameters=[CorroborationQuestionSerializer],
        responses={200: CorroborationSerializer, 301: _MERGED, 400: _WRONG, 404: _MISSING},
    )
    @action(detail=True, filterset_class=None, pagination_class=None)
    def corroboration(self, request: Request, uid: str) -> Response:
        asked = self.question()
        claim = get_object_or_404(Claim.objects.select_related("speaker", "merged_into"), uid=uid)
        if claim.merged_into is not None and not stood_apart(claim, asked["moment"]):
            return self.moved(claim.merged_into)
        answer = corroboration_of(
            claim, confirmed_only=asked["confirmed"], by_owner=asked["by"] == "owner", moment=asked["moment"]
        )
        return Response(CorroborationSerializer(answer, context=self.get_serializer_context()).data)

    @extend_schema(
        summary="Show what a claim holds together though it cannot be one",
        description=(
            "Open conflicts, for editors to settle: reports by two people or with other numbers, and claims that it is "
            "proposed as the same as, though these are not the same."
        ),
        responses={200: ClaimConflictsSerializer, 301: _MERGED, 400: _WRONG, 404: _MISSING},
    )
    @action(detail=True, filterset_class=None, pagination_class=None)
    def conflicts(self, request: Request, uid: str) -> Response:
        claim = get_object_or_404(Claim.objects.select_related("speaker", "merged_into"), uid=uid)
        if claim.merged_into is not None:
            return self.moved(claim.merged_into)
        found = ClaimConflict.objects.open().filter(claim=claim).with_context().order_by("pk")
        answer = {"claim": claim, "reports": found, "chains": chained_claims(claim)}
        return Response(ClaimConflictsSerializer(answer, context=self.get_serializer_context()).data)


@extend_schema(exclude=True)
class NotFoundView(APIView):
    """Answers as the API does where an address is none of its own."""

    def get(self, request: Request, path: str) -> Response:
        raise NotFound("There is nothing at this address; the documentation is at /api/v1/docs/.")
