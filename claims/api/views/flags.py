"""Errors that readers point out, and what editors answer."""

from datetime import datetime
from typing import Any

from allauth.core.ratelimit import consume
from django.db.models import Case, F, QuerySet, Value, When
from django.db.models.functions import Coalesce
from drf_spectacular.utils import OpenApiResponse
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.exceptions import Throttled
from rest_framework.generics import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.scopes import Scope
from claims.api import filters
from claims.api.idempotency import once
from claims.api.serializers.questions import ProblemSerializer
from claims.api.serializers.writing import FlagRequestSerializer, FlagSerializer, SettlementSerializer
from claims.api.views.base import documented
from claims.api.views.writing import CONFLICT, ONCE, VERSIONED, StatedViewSet, asked_version, writes
from claims.models import Flag
from claims.services.flags import raise_flag, settle_flag

#: After this an address may point out another error, unless it pointed out so many in a day.
FLAG_WAIT_S = 60


class FlagParameters(filters.Parameters):
    orderings = filters.BY_AGE

    settled = filters.Flag(method="of_state", help_text="1: those that an editor answered; 0: those that wait.")
    ordering = filters.choice_of(orderings)

    class Meta:
        model = Flag
        fields: list[str] = []

    def of_state(self, queryset: Any, name: str, value: bool) -> Any:
        return queryset.filter(settled_at__isnull=not value)


@documented("flags", FlagSerializer)
class FlagViewSet(StatedViewSet):
    """Errors that readers point out, and the answers. Editors list them; whoever has the address of one reads it."""

    serializer_class = FlagSerializer
    filterset_class = FlagParameters
    # Whoever may read may point out an error.
    required_scopes = {"list": Scope.ANNOTATE, "create": Scope.READ, "settle": Scope.ANNOTATE}
    model = Flag
    decided = ("outcome", "answer", "settled_at")

    def get_queryset(self) -> QuerySet[Flag]:
        return Flag.objects.annotate(
            about_kind=Case(
                When(claim__isnull=False, then=Value("claim")),
                When(statement__isnull=False, then=Value("statement")),
                default=Value("attribution"),
            ),
            about_uid=Coalesce(F("claim__uid"), F("statement__uid"), F("attribution__uid")),
        )

    @writes(
        "Point out an error",
        example={"claim": "3f2f3c0e-8f57-4f0e-9d5c-2f6a8b1f0c11", "text": "The article says Tuesday, not Monday."},
        description="Without an account; a few a minute from one address. Keep the address, to read the answer there.",
        request=FlagRequestSerializer,
        responses={
            201: FlagSerializer,
            429: OpenApiResponse(ProblemSerializer, "Too many errors were pointed out from this address."),
            **CONFLICT,
            **ONCE,
        },
    )
    @once
    def create(self, request: Request) -> Response:
        asked = self.read(FlagRequestSerializer)
        text = asked.pop("text")
        [subject] = asked.values()
        if not consume(request._request, action="flag"):
            raise Throttled(
                wait=FLAG_WAIT_S, detail="Too many errors were pointed out from this address; try again later."
            )
        return self.answered(raise_flag(subject, text=text), status.HTTP_201_CREATED)

    @writes(
        "Answer a flag",
        example={"outcome": "corrected", "answer": "It does; mended."},
        description="Once: another answer is a conflict that tells the first one.",
        request=SettlementSerializer,
        responses={200: FlagSerializer, **VERSIONED, **ONCE},
    )
    @action(detail=True, methods=["post"], filterset_class=None, pagination_class=None)
    @once
    def settle(self, request: Request, uid: str) -> Response:
        flag = get_object_or_404(Flag, uid=uid)
        seen, asked = asked_version(request), self.read(SettlementSerializer)
        with self.unchanged(flag, seen, asked) as since:
            # Sent again, or answered alike by another meanwhile: the first answer stands.
            if not since:
                flag = settle_flag(flag, by=self.editor, **asked)
        return self.answered(flag)

    def changed(self, row: Flag) -> tuple[str, datetime | None]:
        return row.settled_by.get_username() if row.settled_by else "", row.settled_at
