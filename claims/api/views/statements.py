"""Speakers, topics, statements and attributions."""

from typing import Any

from django.db.models import Prefetch
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework.request import Request
from rest_framework.response import Response

from claims.api import filters
from claims.api.serializers.speakers import SpeakerSerializer, TopicSerializer
from claims.api.serializers.statements import AttributionSerializer, StatementSerializer
from claims.api.views.base import ERRORS, MERGED, ReadOnlyViewSet, documented
from claims.models import Attribution, Speaker, Statement, Topic
from claims.querysets import with_topic_claim_count


@extend_schema_view(
    list=extend_schema(summary="List speakers", responses={200: SpeakerSerializer(many=True), **ERRORS})
)
class SpeakerViewSet(ReadOnlyViewSet):
    """The persons and bodies to whom statements are attributed."""

    serializer_class = SpeakerSerializer
    filterset_class = filters.SpeakerParameters

    def get_queryset(self) -> Any:
        return self.readable().standing() if self.action == "list" else self.readable()

    def readable(self) -> Any:
        speakers = Speaker.objects.with_claim_count()
        return speakers.select_related("represents", "merged_into").prefetch_related("aliases")

    @extend_schema(
        summary="Show one of the speakers",
        responses={200: SpeakerSerializer, 301: MERGED, **ERRORS},
    )
    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        speaker = self.get_object()
        return self.shown(speaker) if speaker.merged_into is None else self.moved(speaker.merged_into)


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
    expansions = {
        "articles": lambda pks: Statement.objects.filter(pk__in=pks).values("revision__article"),
        "outlets": lambda pks: Statement.objects.filter(pk__in=pks).values("revision__article__outlet"),
        "speakers": lambda pks: Statement.objects.filter(pk__in=pks).values("speaker"),
        "claims": lambda pks: Attribution.objects.filter(statement__in=pks).values("claim"),
        "attributions": lambda pks: Attribution.objects.filter(statement__in=pks).values("pk"),
    }

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
    expansions = {
        "claims": lambda pks: Attribution.objects.filter(pk__in=pks).values("claim"),
        "statements": lambda pks: Attribution.objects.filter(pk__in=pks).values("statement"),
        "articles": lambda pks: Attribution.objects.filter(pk__in=pks).values("statement__revision__article"),
        "outlets": lambda pks: Attribution.objects.filter(pk__in=pks).values("statement__revision__article__outlet"),
    }

    def get_queryset(self) -> Any:
        attributions = Attribution.objects.standing() if self.action == "list" else Attribution.objects.all()
        return attributions.select_related("claim__speaker", "statement__revision__article__outlet").defer(
            "statement__revision__text", "claim__search"
        )


ReadOnlyViewSet.resources |= {
    "speakers": SpeakerViewSet,
    "topics": TopicViewSet,
    "statements": StatementViewSet,
    "attributions": AttributionViewSet,
}
