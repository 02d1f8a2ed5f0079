"""What happened, as pages to ask for again and again, and as a stream of server-sent events."""

from typing import Any

from django.conf import settings
from django.http import HttpResponse, StreamingHttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework.exceptions import ValidationError
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import replace_query_param
from rest_framework.viewsets import GenericViewSet

from claims.api import formats
from claims.api.errors import Gone, refuse_other_parameters
from claims.api.serializers.events import EventsPageSerializer, EventsQuestionSerializer
from claims.api.serializers.questions import ProblemSerializer
from claims.api.views.base import ERRORS, ConditionalMixin
from notices import events
from notices.events import START, Page, Position
from notices.streams import streams


class EventStreamRenderer(formats.MadeByView):
    media_type = "text/event-stream"
    format = "sse"


class EventsViewSet(ConditionalMixin, GenericViewSet):
    """What happened in the last seven days, in an order in which nothing is missed and nothing comes twice."""

    filter_backends = ()
    pagination_class = None
    content_negotiation_class = formats.Negotiation
    serializer_class = EventsPageSerializer

    def get_renderers(self) -> list[BaseRenderer]:
        return [formats.JsonRenderer(), EventStreamRenderer()]

    @extend_schema(
        summary="Be told what happens",
        description=(
            "As JSON: a page of events after a place; follow `next`. With `Accept: text/event-stream`, as a browser’s "
            "EventSource asks: events as they happen, for a minute or less, then the browser comes back by itself with "
            "`Last-Event-ID`. Where all streams are taken, what there is and an end. Events are kept for seven days, "
            "and noted once somebody has asked here within seven days, or a webhook is for them."
        ),
        parameters=[
            EventsQuestionSerializer,
            OpenApiParameter(
                "Last-Event-ID",
                OpenApiTypes.STR,
                OpenApiParameter.HEADER,
                description="The place to go on from, as a stream gave it; wins over `since`.",
            ),
        ],
        responses={
            (200, "application/json"): EventsPageSerializer,
            (200, "text/event-stream"): OpenApiResponse(OpenApiTypes.STR, "A stream of server-sent events."),
            400: ERRORS[400],
            406: ERRORS[406],
            410: OpenApiResponse(ProblemSerializer, "Events after this place are not kept any more: begin without it."),
        },
    )
    def list(self, request: Request) -> Any:
        refuse_other_parameters(request.query_params, {*EventsQuestionSerializer().fields, formats.PARAMETER})
        question = EventsQuestionSerializer(data=request.query_params)
        question.is_valid(raise_exception=True)
        asked = question.validated_data
        events.listen()
        if isinstance(request.accepted_renderer, EventStreamRenderer):
            return self._stream(asked)
        page = _page(asked)
        answer = {
            "results": [event.message for event in page.events],
            "since": str(page.position),
            "next": replace_query_param(request.build_absolute_uri(), "since", str(page.position)),
            "more": page.more,
        }
        return Response(answer, headers={"Link": f'<{answer["next"]}>; rel="next"'})

    def _stream(self, asked: dict[str, Any]) -> HttpResponse | StreamingHttpResponse:
        place = self.request.headers.get("Last-Event-ID", "") or asked["since"]
        position = _position("Last-Event-ID", place) if place not in ("", "now") else events.watermark()
        form = "text/event-stream; charset=utf-8"
        if self.request.method == "HEAD":
            return HttpResponse(content_type=form)
        told = streams().open(position, types=asked["types"], life_s=settings.EVENT_STREAM_LIFE_S)
        response = StreamingHttpResponse(told, content_type=form)
        response["Cache-Control"] = "no-store"
        # A proxy that gathers the answer before it passes it on would hold it all.
        response["X-Accel-Buffering"] = "no"
        return response


def _page(asked: dict[str, Any]) -> Page:
    if asked["since"] == "now":
        return Page([], events.watermark(), more=False)
    position = _position("since", asked["since"]) if asked["since"] else START
    return events.events_after(position, limit=asked["limit"], types=asked["types"])


def _position(name: str, text: str) -> Position:
    """Return the place that was written like this.

    Raises ValidationError for what was not given out here, Gone where it is too old.
    """
    try:
        position = Position.read(text)
        events.check_position(position)
    except events.PositionRefused as error:
        message = "It was not given out here. Take it, as it is, from the last answer."
        raise ValidationError({name: [message]}) from error
    except events.PositionGone as error:
        raise Gone(
            "Events after this place are not kept any more, or the database was replaced. Begin again without it."
        ) from error
    return position
