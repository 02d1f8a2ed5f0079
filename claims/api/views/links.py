"""Two claims that may be the same, or contradict each other."""

from typing import Any
from uuid import UUID

from django.db import transaction
from drf_spectacular.utils import OpenApiResponse
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.generics import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.scopes import Scope
from claims.api import filters
from claims.api.idempotency import once
from claims.api.serializers.writing import ClaimLinkSerializer, LinkDecisionRequestSerializer, LinkRequestSerializer
from claims.api.views.base import documented
from claims.api.views.writing import CONFLICT, ONCE, VERSIONED, WritingViewSet, asked_version, writes
from claims.models import Claim, ClaimLink
from claims.services import merging
from claims.services.decisions import DecisionConflict
from claims.services.locks import hold_matching
from sources.models import DecisionStatus

_STATUS = {
    "confirm": DecisionStatus.CONFIRMED,
    "reject": DecisionStatus.REJECTED,
    "unsure": DecisionStatus.UNSURE,
}


def _claim(text: str) -> Claim | None:
    try:
        return Claim.objects.filter(uid=UUID(text)).first()
    except ValueError:
        return None


class LinkParameters(filters.Parameters):
    orderings = filters.BY_AGE

    claim = filters.Row(method="of_claim", find=_claim, kind="claim", help_text="Uid of one of the two.")
    kind = filters.OneOf("kind", values=list(ClaimLink.Kind.values), help_text="What the two may be.")
    status = filters.OneOf("status", values=list(DecisionStatus.values), help_text="What was decided.")
    ordering = filters.choice_of(orderings)

    class Meta:
        model = ClaimLink
        fields: list[str] = []

    def of_claim(self, queryset: Any, name: str, value: Claim) -> Any:
        return queryset.of(value)


@documented("links between claims", ClaimLinkSerializer)
class LinkViewSet(WritingViewSet):
    """Two claims that may be the same, or contradict each other: proposed by a machine, decided by editors."""

    serializer_class = ClaimLinkSerializer
    filterset_class = LinkParameters
    is_versioned = True
    required_scopes = dict.fromkeys(("create", "decide"), Scope.ANNOTATE)

    def get_queryset(self) -> Any:
        links = ClaimLink.objects.standing() if self.action == "list" else ClaimLink.objects.all()
        return links.select_related("claim__speaker", "other__speaker")

    @writes(
        "Say what two claims are to each other",
        example={
            "claim": "3f2f3c0e-8f57-4f0e-9d5c-2f6a8b1f0c11",
            "other": "9b2d4f7e-54a1-4c0e-8a57-1f0c113f2f3c",
            "kind": "contradicts",
            "decision": "confirm",
        },
        description="It is remembered, and no machine proposes otherwise.",
        request=LinkRequestSerializer,
        responses={201: ClaimLinkSerializer, **CONFLICT, **ONCE},
    )
    @once
    def create(self, request: Request) -> Response:
        asked = self.read(LinkRequestSerializer)
        one, other, kind = asked["claim"], asked["other"], asked["kind"]
        with transaction.atomic():
            hold_matching()
            known = ClaimLink.objects.between(one, other).filter(kind=kind).exclude(status=DecisionStatus.PROPOSED)
            if decided := known.first():
                raise DecisionConflict(f"It was decided before; decide anew at links/{decided.uid}/decisions/.")
            link = merging.decide_link(one, other, kind=kind, status=_STATUS[asked["decision"]], by=self.editor)
        return self.answered(link, status.HTTP_201_CREATED)

    @writes(
        "Decide on a link between two claims",
        example={"decision": "reject"},
        request=LinkDecisionRequestSerializer,
        responses={
            200: ClaimLinkSerializer,
            204: OpenApiResponse(None, "Undone: the link, which an editor had made, is gone."),
            **VERSIONED,
            **ONCE,
        },
    )
    @action(detail=True, methods=["post"], url_path="decisions", filterset_class=None, pagination_class=None)
    @once
    def decide(self, request: Request, uid: str) -> Response:
        link = get_object_or_404(ClaimLink.objects.select_related("claim", "other"), uid=uid)
        seen, asked = asked_version(request), self.read(LinkDecisionRequestSerializer)
        decided = _STATUS.get(asked["decision"])
        with self.unchanged(link, seen, {"status": decided} if decided else {}):
            if decided is None:
                merging.undo_link(link, by=self.editor)
            else:
                merging.decide_link(link.claim, link.other, kind=link.kind, status=decided, by=self.editor)
        if not ClaimLink.objects.filter(pk=link.pk).exists():
            return Response(status=status.HTTP_204_NO_CONTENT)
        return self.answered(link)
