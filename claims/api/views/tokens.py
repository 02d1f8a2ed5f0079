"""Everybody's tokens, for administrators: who has which, and an end to one that leaked or is not used."""

from typing import Any

from drf_spectacular.utils import OpenApiResponse, extend_schema, extend_schema_view
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import Token
from accounts.scopes import Scope
from accounts.tokens import revoke_token
from claims.api import filters
from claims.api.serializers.tokens import TokenSerializer
from claims.api.views.base import ERRORS
from claims.api.views.writing import NO_ROW, WRITING, WritingViewSet, writes

_READING = {**ERRORS, 401: WRITING[401], 403: WRITING[403]}


class TokenParameters(filters.Parameters):
    orderings = {
        "-made_at": filters.by("-made_at", "-pk"),
        "made_at": filters.by("made_at", "pk"),
        "expires_at": filters.by("expires_at", "pk"),
        "-expires_at": filters.by("-expires_at", "-pk"),
    }

    usable = filters.Flag(method="of_state", help_text="1: those that open something now; 0: those that ended.")
    scope = filters.OneOf(values=Scope.values, method="of_scope", help_text="Those that may be used for this.")
    ordering = filters.choice_of(orderings)

    class Meta:
        model = Token
        fields: list[str] = []

    def of_state(self, queryset: Any, name: str, value: bool) -> Any:
        usable = Token.objects.usable().filter(user__is_active=True)
        return queryset.filter(pk__in=usable) if value else queryset.exclude(pk__in=usable)

    def of_scope(self, queryset: Any, name: str, value: str) -> Any:
        return queryset.filter(scopes__contains=[value])


@extend_schema_view(
    list=extend_schema(summary="List everybody’s tokens", responses={200: TokenSerializer(many=True), **_READING}),
    retrieve=extend_schema(summary="Show a token", responses={200: TokenSerializer, **_READING}),
)
class TokenViewSet(WritingViewSet):
    """Tokens of all accounts: whose they are, what for, and when they were used last. Their owners make them."""

    serializer_class = TokenSerializer
    filterset_class = TokenParameters
    required_scopes = dict.fromkeys(("list", "retrieve", "destroy"), Scope.ADMIN)

    def get_queryset(self) -> Any:
        return Token.objects.select_related("user")

    @writes(
        "End a token",
        description="It opens nothing from then on, and stays in the list. Ending twice ends nothing more.",
        request=None,
        responses={204: OpenApiResponse(None, "It opens nothing any more."), **NO_ROW},
    )
    def destroy(self, request: Request, uid: str) -> Response:
        revoke_token(self.get_object(), by=self.editor)
        return Response(status=status.HTTP_204_NO_CONTENT)
