"""Speakers, topics, statements and attributions."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.db import transaction
from django.db.models import Prefetch
from drf_spectacular.utils import OpenApiResponse, extend_schema, extend_schema_view
from rest_framework.decorators import action
from rest_framework.generics import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.scopes import Scope
from claims.api import filters
from claims.api.annotating import store_words
from claims.api.batches import ROWS_MAX, Stored, store_rows
from claims.api.idempotency import once
from claims.api.serializers.speakers import SpeakerSerializer, TopicSerializer
from claims.api.serializers.statements import AttributionSerializer, StatementSerializer
from claims.api.serializers.writing import (
    AttributionChangeSerializer,
    AttributionRequestSerializer,
    DecisionRequestSerializer,
    RowDecisionRequestSerializer,
    StatementChangeSerializer,
    StatementRequestSerializer,
    WithdrawalQuestionSerializer,
)
from claims.api.views.base import ERRORS, MERGED, ReadOnlyViewSet, documented
from claims.api.views.writing import (
    CONFLICT,
    ONCE,
    VERSIONED,
    WORDS,
    WritingViewSet,
    asked_version,
    one_or_many,
    result_of,
    version_in,
    writes,
)
from claims.models import Attribution, Speaker, Statement, Topic
from claims.querysets import with_topic_claim_count
from claims.services import annotating, decisions
from claims.services.locks import hold_matching

# In examples
_A_UID, _ANOTHER_UID = "3f2f3c0e-8f57-4f0e-9d5c-2f6a8b1f0c11", "9b2d4f7e-54a1-4c0e-8a57-1f0c113f2f3c"


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
class StatementViewSet(WritingViewSet):
    """What articles report that speakers said, wrote or thought.

    The list has those that stand in the articles' present texts, or with `orphaned` those that these no longer have; a
    withdrawn one is still found by its uid.
    """

    serializer_class = StatementSerializer
    filterset_class = filters.StatementParameters
    is_versioned = True
    batched = frozenset({"create"})
    required_scopes = dict.fromkeys(("create", "partial_update", "destroy", "restore"), Scope.ANNOTATE)
    questions = {"destroy": WithdrawalQuestionSerializer}
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

    # Writing

    @writes(
        "Annotate words of an article as a statement",
        example={"article": _A_UID, "exact": "The river will be dredged.", "speaker_name": "Ana Ruiz"},
        description=(
            "The words are checked against the text. What is not told of them (kind, cue, source, speaker) is guessed "
            "from what stands around them. Link it to a claim with `attributions/`. A list annotates several."
        ),
        request=one_or_many(StatementRequestSerializer),
        responses={201: StatementSerializer, 207: result_of(StatementSerializer, "Statement"), **CONFLICT, **WORDS},
    )
    @once
    def create(self, request: Request) -> Response:
        return self.one_or_many(lambda body: store_words(self.read(StatementRequestSerializer, body), by=self.editor))

    @writes(
        "Correct a statement",
        example={"kind": "indirect", "cue": "said"},
        description="It is the editor’s from then on: no machine changes it. Its claims stay linked.",
        request=StatementChangeSerializer,
        responses={200: StatementSerializer, **VERSIONED, **WORDS},
    )
    @once
    def partial_update(self, request: Request, uid: str) -> Response:
        statement = self._statement(uid)
        seen, asked = asked_version(request), self.read(StatementChangeSerializer)
        return self.answered(annotating.edit_statement(statement, by=self.editor, seen=seen, **asked))

    @writes(
        "Withdraw a statement",
        description="It counts nowhere, and no machine finds it again; it is still found by its uid, with the reason.",
        request=None,
        parameters=[WithdrawalQuestionSerializer],
        responses={200: StatementSerializer, **VERSIONED, **ONCE},
    )
    @once
    def destroy(self, request: Request, uid: str) -> Response:
        statement = self._statement(uid)
        seen, reason = asked_version(request), self.question()["reason"]
        withdrawn = annotating.withdraw_statement(statement, reason=reason, by=self.editor, seen=seen)
        return self.answered(withdrawn)

    @writes(
        "Bring back a withdrawn statement",
        description="What was decided about it holds again.",
        request=None,
        responses={200: StatementSerializer, **VERSIONED, **ONCE},
    )
    @action(detail=True, methods=["post"], filterset_class=None, pagination_class=None)
    @once
    def restore(self, request: Request, uid: str) -> Response:
        statement = self._statement(uid)
        self.read_nothing()
        seen = asked_version(request)
        return self.answered(annotating.restore_statement(statement, by=self.editor, seen=seen))

    def _statement(self, uid: str) -> Statement:
        found: Statement = get_object_or_404(Statement.objects.select_related("revision__article"), uid=uid)
        return found


_DECIDED = result_of(AttributionSerializer, "Attribution")


@documented("attributions", AttributionSerializer)
class AttributionViewSet(WritingViewSet):
    """Which statement carries, or denies, which claim: proposed by a machine, decided by an editor.

    The list has those of statements that stand, rejected ones included.
    """

    serializer_class = AttributionSerializer
    filterset_class = filters.AttributionParameters
    is_versioned = True
    batched = frozenset({"create", "decide_several"})
    required_scopes = dict.fromkeys(("create", "partial_update", "decide", "decide_several"), Scope.ANNOTATE)
    expansions = {
        "claims": lambda pks: Attribution.objects.filter(pk__in=pks).values("claim"),
        "statements": lambda pks: Attribution.objects.filter(pk__in=pks).values("statement"),
        "articles": lambda pks: Attribution.objects.filter(pk__in=pks).values("statement__revision__article"),
        "outlets": lambda pks: Attribution.objects.filter(pk__in=pks).values("statement__revision__article__outlet"),
    }

    def get_queryset(self) -> Any:
        attributions = Attribution.objects.standing() if self.action == "list" else Attribution.objects.all()
        return attributions.select_related("claim__speaker", "statement__revision__article__outlet").defer(
            "statement__revision__text"
        )

    # Writing

    @writes(
        "Link a statement to a claim",
        example={"statement": _A_UID, "claim": _ANOTHER_UID, "stance": "affirms"},
        description="Confirmed at once, beside the claims that the statement carries already. A list links several.",
        request=one_or_many(AttributionRequestSerializer),
        responses={201: AttributionSerializer, 207: _DECIDED, **CONFLICT, **ONCE},
    )
    @once
    def create(self, request: Request) -> Response:
        return self.one_or_many(self._link)

    def _link(self, body: Any) -> Attribution:
        asked = self.read(AttributionRequestSerializer, body)
        statement, claim, stance = asked["statement"], asked["claim"], asked["stance"]
        with transaction.atomic():
            hold_matching()
            known = Attribution.objects.filter(statement=statement, claim=claim).first()
            if known is not None and known.status != Attribution.Status.PROPOSED:
                if (known.status, known.stance) == (Attribution.Status.CONFIRMED, stance):
                    return known
                raise decisions.DecisionConflict(
                    f"It was decided before: {known.status}. Decide anew at attributions/{known.uid}/decisions/.",
                    about=[known],
                )
            return decisions.add_attribution(statement, to=claim, stance=stance, by=self.editor)

    @writes(
        "Change an attribution’s stance or claim",
        example={"stance": "denies"},
        description=(
            "This confirms it. With another claim the report is moved: it is rejected here, and the answer is the "
            "attribution that it has there, with another uid."
        ),
        request=AttributionChangeSerializer,
        responses={200: AttributionSerializer, **VERSIONED, **ONCE},
    )
    @once
    def partial_update(self, request: Request, uid: str) -> Response:
        attribution = self._attribution(uid)
        seen, asked = asked_version(request), self.read(AttributionChangeSerializer)
        with self.unchanged(attribution, seen, asked):
            if "claim" in asked and asked["claim"].pk != attribution.claim_id:
                attribution = decisions.move_attribution(attribution, to=asked["claim"], by=self.editor)
            if asked.get("stance", attribution.stance) != attribution.stance or "claim" not in asked:
                attribution = decisions.set_stance(attribution, stance=asked["stance"], by=self.editor)
        return self.answered(attribution)

    @writes(
        "Decide on an attribution",
        example={"decision": "move", "to": _A_UID},
        description="The answer is the attribution as it is then; of one that is moved, the one at the other claim.",
        request=DecisionRequestSerializer,
        responses={
            200: AttributionSerializer,
            204: OpenApiResponse(None, "Undone: the attribution, which that decision had made, is gone."),
            **VERSIONED,
            **ONCE,
        },
    )
    @action(detail=True, methods=["post"], url_path="decisions", filterset_class=None, pagination_class=None)
    @once
    def decide(self, request: Request, uid: str) -> Response:
        attribution = self._attribution(uid)
        seen, asked = asked_version(request), self.read(DecisionRequestSerializer)
        decided = self._decide(attribution, asked, seen)
        return Response(status=204) if decided is None else self.answered(decided)

    @writes(
        "Decide on several attributions",
        # One row of the list.
        example={"attribution": _A_UID, "decision": "confirm", "version": "1042"},
        description=f"At most {ROWS_MAX} of them, each with the version that was seen.",
        operation_id="attributions_decide_several",
        request=RowDecisionRequestSerializer(many=True),
        responses={207: _DECIDED, **CONFLICT, **ONCE},
    )
    @action(detail=False, methods=["post"], url_path="decisions", filterset_class=None, pagination_class=None)
    @once
    def decide_several(self, request: Request) -> Response:
        def store(body: Any) -> Stored:
            asked = self.read(RowDecisionRequestSerializer, body)
            return self.stored(self._decide(asked["attribution"], asked, version_in(asked["version"])), 200)

        return store_rows(request, store)

    def _decide(self, attribution: Attribution, asked: dict[str, Any], seen: str) -> Attribution | None:
        """Return the attribution that a decision leaves; None where it took it away."""
        decision, by = asked["decision"], self.editor
        wanted = _WANTED.get(decision, {})
        with self.unchanged(attribution, seen, wanted) as since:
            if since and wanted and all(getattr(attribution, name) == value for name, value in wanted.items()):
                # Sent again, or decided alike by another meanwhile: the first decision stands.
                return attribution
            if decision == "move":
                return decisions.move_attribution(attribution, to=asked.get("to"), by=by)
            if decision == "undo":
                decisions.undo_decision(attribution, by=by)
                return Attribution.objects.filter(pk=attribution.pk).first()
            return _DECISIONS[decision](attribution, by=by)

    def _attribution(self, uid: str) -> Attribution:
        found: Attribution = get_object_or_404(Attribution.objects.select_related("claim", "statement"), uid=uid)
        return found


_DECISIONS: dict[str, Callable[..., Attribution]] = {
    "confirm": decisions.confirm_attribution,
    "reject": decisions.reject_attribution,
    "unsure": decisions.leave_unsure,
    "affirms": partial(decisions.set_stance, stance=Attribution.Stance.AFFIRMS),
    "denies": partial(decisions.set_stance, stance=Attribution.Stance.DENIES),
}
#: What an attribution is after a decision: one that is sent again, and was carried out, is no conflict.
_WANTED: dict[str, dict[str, str]] = {
    "confirm": {"status": Attribution.Status.CONFIRMED},
    "reject": {"status": Attribution.Status.REJECTED},
    "unsure": {"status": Attribution.Status.UNSURE},
    "affirms": {"status": Attribution.Status.CONFIRMED, "stance": Attribution.Stance.AFFIRMS},
    "denies": {"status": Attribution.Status.CONFIRMED, "stance": Attribution.Stance.DENIES},
}


ReadOnlyViewSet.resources |= {
    "speakers": SpeakerViewSet,
    "topics": TopicViewSet,
    "statements": StatementViewSet,
    "attributions": AttributionViewSet,
}
