"""Webhooks: who has one makes, changes and ends it, sees what became of each delivery, and has it sent again."""

from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, OpenApiWebhook, extend_schema, extend_schema_view
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.generics import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import Token
from accounts.scopes import Scope
from claims.api import filters
from claims.api.errors import BodyRefused
from claims.api.serializers.events import (
    ArticleEventSerializer,
    ClaimEventSerializer,
    ImportEventSerializer,
    MessageSerializer,
    PingEventSerializer,
)
from claims.api.serializers.webhooks import (
    DeliverySerializer,
    NewWebhookSerializer,
    ReplayedSerializer,
    ReplaySerializer,
    SecretSerializer,
    WebhookChangeSerializer,
    WebhookRequestSerializer,
    WebhookSerializer,
)
from claims.api.views.base import ERRORS
from claims.api.views.writing import NO_ROW, WRITING, WritingViewSet, writes
from notices import signing, webhooks
from notices.models import Delivery, Webhook
from notices.tasks import send_webhooks
from notices.triggers import FINISHED, OF_CLAIMS, PING, REVISED

_READING = {**ERRORS, 401: WRITING[401], 403: WRITING[403]}
_ACTIONS = ("list", "retrieve", "create", "partial_update", "destroy", "ping", "resume", "rotate", "replay", "deliver")


class WebhookParameters(filters.Parameters):
    orderings = {
        "-created_at": filters.by("-created_at", "-pk"),
        "created_at": filters.by("created_at", "pk"),
    }

    ordering = filters.choice_of(orderings)

    class Meta:
        model = Webhook
        fields: list[str] = []


class DeliveryParameters(filters.Parameters):
    orderings = {"-created_at": filters.by("-pk"), "created_at": filters.by("pk")}

    state = filters.OneOf("state", values=list(Delivery.State.values), help_text="What became of it.")
    ordering = filters.choice_of(orderings)

    class Meta:
        model = Delivery
        fields: list[str] = []


def visible_to(request: Request) -> Any:
    """Return the webhooks that whoever asks sees: their own; an administrator's session, or token with `admin`, all."""
    user, token = request.user, request.auth
    rows = Webhook.objects.select_related("owner", "claim__speaker", "speaker", "topic")
    if not user or not user.is_authenticated:
        return rows.none()
    administers = user.has_perm(str(Scope.ADMIN.permission))
    sees_all = administers and (not isinstance(token, Token) or Scope.ADMIN in token.scopes)
    return rows if sees_all else rows.filter(owner=user)


@extend_schema_view(
    list=extend_schema(summary="List webhooks", responses={200: WebhookSerializer(many=True), **_READING}),
    retrieve=extend_schema(summary="Show a webhook", responses={200: WebhookSerializer, **_READING}),
)
class WebhookViewSet(WritingViewSet):
    """Addresses that are told what happens: your own; with the scope `admin` too, everybody's."""

    serializer_class = WebhookSerializer
    filterset_class = WebhookParameters
    required_scopes = dict.fromkeys(_ACTIONS, Scope.ANNOTATE)

    def get_queryset(self) -> Any:
        return visible_to(self.request)

    @writes(
        "Make a webhook",
        description=(
            "Its address is sent a ping at once. The answer holds the secret by which signatures are checked, as the "
            "Standard Webhooks specification says; it is not shown again. `claim`, `speaker` or `topic` narrow events "
            "of claims."
        ),
        request=WebhookRequestSerializer,
        responses={201: NewWebhookSerializer},
    )
    def create(self, request: Request) -> Response:
        try:
            webhook = webhooks.create_webhook(self.editor, **self.read(WebhookRequestSerializer))
        except webhooks.WebhookRefused as refused:
            raise BodyRefused({refused.field: [str(refused)]}) from refused
        send_webhooks.delay()
        secret = {"secret": signing.secret_of(webhook.salt)}
        address = self.address_of(webhook)
        return Response(self.as_read(webhook) | secret, status=status.HTTP_201_CREATED, headers={"Location": address})

    @writes(
        "Change a webhook",
        description="One that is made active, or gets another address, is tried afresh, also where it was paused.",
        request=WebhookChangeSerializer,
        responses={200: WebhookSerializer, **NO_ROW},
        body_may_lack=True,
    )
    def partial_update(self, request: Request, uid: str) -> Response:
        webhook = self.get_object()
        try:
            webhooks.change_webhook(webhook, **self.read(WebhookChangeSerializer))
        except webhooks.WebhookRefused as refused:
            raise BodyRefused({refused.field: [str(refused)]}) from refused
        return Response(self.as_read(webhook))

    @writes("End a webhook", request=None, responses={204: None, **NO_ROW})
    def destroy(self, request: Request, uid: str) -> Response:
        webhooks.delete_webhook(self.get_object())
        return Response(status=status.HTTP_204_NO_CONTENT)

    @writes(
        "Send a ping",
        description="A message of the type `webhook.ping`, to try whether it arrives.",
        request=None,
        responses={202: DeliverySerializer, **NO_ROW},
    )
    @action(detail=True, methods=["post"], filterset_class=None, pagination_class=None)
    def ping(self, request: Request, uid: str) -> Response:
        self.read_nothing()
        return _waiting(webhooks.ping(self.get_object()))

    @writes(
        "Go on with a paused webhook",
        description="What waited for it is sent. What happened during the pause is sent by `replay`.",
        request=None,
        responses={200: WebhookSerializer, **NO_ROW},
    )
    @action(detail=True, methods=["post"], filterset_class=None, pagination_class=None)
    def resume(self, request: Request, uid: str) -> Response:
        self.read_nothing()
        webhook = self.get_object()
        webhooks.resume(webhook)
        send_webhooks.delay()
        return Response(self.as_read(webhook))

    @writes(
        "Rotate the secret",
        description="Messages are signed by the old one too, for 24 hours.",
        request=None,
        responses={200: SecretSerializer, **NO_ROW},
    )
    @action(detail=True, methods=["post"], filterset_class=None, pagination_class=None)
    def rotate(self, request: Request, uid: str) -> Response:
        self.read_nothing()
        webhook = self.get_object()
        webhooks.rotate_secret(webhook)
        return Response({"secret": signing.secret_of(webhook.salt)})

    @writes(
        "Send again all since a moment",
        description="Each with the `webhook-id` that it had, so that a receiver knows what it has already.",
        request=ReplaySerializer,
        responses={202: ReplayedSerializer, **NO_ROW},
    )
    @action(detail=True, methods=["post"], filterset_class=None, pagination_class=None)
    def replay(self, request: Request, uid: str) -> Response:
        asked = self.read(ReplaySerializer)
        count = webhooks.replay_since(self.get_object(), asked["since"])
        send_webhooks.delay()
        return Response({"waiting": count}, status=status.HTTP_202_ACCEPTED)


_WEBHOOK = OpenApiParameter("uid", OpenApiTypes.UUID, OpenApiParameter.PATH)


class DeliveryViewSet(WritingViewSet):
    """What became of each event that a webhook was to be told of, the newest first."""

    # Of which rows, for the description of the API: it asks without a webhook.
    queryset = Delivery.objects.none()
    serializer_class = DeliverySerializer
    filterset_class = DeliveryParameters
    required_scopes = dict.fromkeys(_ACTIONS, Scope.ANNOTATE)

    def get_queryset(self) -> Any:
        webhook = get_object_or_404(visible_to(self.request), uid=self.kwargs["uid"])
        return webhook.deliveries.select_related("event").defer("event__data")

    @extend_schema(
        summary="List the deliveries of a webhook",
        parameters=[_WEBHOOK],
        responses={200: DeliverySerializer(many=True), **_READING},
    )
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Any:
        return super().list(request, *args, **kwargs)

    @writes(
        "Send a delivery again",
        description="Whatever became of it; it has the `webhook-id` that it had.",
        parameters=[_WEBHOOK, OpenApiParameter("delivery", OpenApiTypes.UUID, OpenApiParameter.PATH)],
        request=None,
        responses={202: DeliverySerializer, **NO_ROW},
    )
    def deliver(self, request: Request, uid: str, delivery: str) -> Response:
        self.read_nothing()
        row = get_object_or_404(self.get_queryset(), uid=delivery)
        webhooks.replay(row)
        row.refresh_from_db()
        return _waiting(row)


def _waiting(delivery: Delivery) -> Response:
    send_webhooks.delay()
    return Response(DeliverySerializer(delivery).data, status=status.HTTP_202_ACCEPTED)


# What is sent, for the description of the API


def _described(type_: str, data: Any, summary: str) -> OpenApiWebhook:
    name = "".join(part.capitalize() for part in type_.replace("_", ".").split("."))
    shape = type(f"{name}MessageSerializer", (MessageSerializer,), {"data": data()})
    return OpenApiWebhook(
        name=type_,
        decorator=extend_schema(
            operation_id=f"told_{type_.replace('.', '_')}",
            summary=summary,
            description=(
                "Signed by `webhook-id`, `webhook-timestamp` and `webhook-signature`, as the Standard Webhooks "
                "specification says. The same message may come twice, with the same `webhook-id`; the order is not "
                "kept. Any answer of 200 to 299 within 15 seconds counts as received; 410 pauses the webhook; after "
                "others it is tried again for about a day."
            ),
            tags=["webhooks"],
            request={"application/json": shape},
            responses={204: OpenApiResponse(description="It was received.")},
        ),
    )


_SUMMARIES = dict(
    zip(
        OF_CLAIMS,
        (
            "A claim became corroborated",
            "A claim is not corroborated any more",
            "A claim became disputed",
            "A claim is not disputed any more",
        ),
        strict=True,
    )
)
WEBHOOKS = [
    *(_described(name, ClaimEventSerializer, summary) for name, summary in _SUMMARIES.items()),
    _described(REVISED, ArticleEventSerializer, "An article has another text"),
    _described(FINISHED, ImportEventSerializer, "An import has ended"),
    _described(PING, PingEventSerializer, "A ping, to try whether messages arrive"),
]
