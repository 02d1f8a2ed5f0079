"""Claims and what corroborates them."""

import itertools
from collections.abc import Callable, Collection, Iterator, Sequence
from typing import Any

from django.apps import apps
from django.db.models import prefetch_related_objects
from django.urls import reverse as page_address
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.generics import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.scopes import Scope
from claims import search
from claims.api import filters, formats
from claims.api.answers import CorroborationAnswer, corroboration_of, timeline_of
from claims.api.atom import claims_feed
from claims.api.idempotency import once
from claims.api.matches import add_matches
from claims.api.pagination import KeysetPages, asked_count, asked_limit, cursor_refused
from claims.api.rows import ClaimRows
from claims.api.serializers.claims import (
    ClaimConflictsSerializer,
    ClaimContradictionsSerializer,
    ClaimHistorySerializer,
    ClaimReportsSerializer,
    ClaimSerializer,
    ClaimTimelineSerializer,
    CorroborationSerializer,
)
from claims.api.serializers.questions import ClaimQuestionSerializer, CorroborationQuestionSerializer
from claims.api.serializers.writing import (
    ClaimChangeSerializer,
    ClaimRequestSerializer,
    MergeRequestSerializer,
    SplitRequestSerializer,
)
from claims.api.views.base import ERRORS, MERGED, Names, Pks, ReadOnlyViewSet, Row, Rows
from claims.api.views.writing import (
    CONFLICT,
    NO_ROW,
    ONCE,
    VERSIONED,
    WritingViewSet,
    asked_version,
    one_or_many,
    result_of,
    writes,
)
from claims.corroboration.past import stood_apart
from claims.corroboration.reports import load_reports
from claims.linked_data import CONTEXT, claim_linked_data
from claims.links import contradictions
from claims.models import Attribution, Claim, ClaimConflict, ClaimTopic, Corroboration
from claims.presentation.citing import plain_claim
from claims.services import adding, editing, merging
from claims.services.conflicts import chained_claims
from claims.versions import version_of

#: Claims of which a stream reads the ids at a time.
STREAMED_PAGE = 5_000
#: Members that only rows of a search have.
SEARCHED = ("relevance", "highlights")
#: The latest decisions on a claim that its history has.
HISTORY_MAX = 1000


class ClaimPages(KeysetPages):
    """Pages of what `claims.search` finds, which knows its own places."""

    def find(self, query: search.ClaimQuery, request: Request) -> search.Found:
        self.request = request
        kind = asked_count(request)
        cursor = request.query_params.get("cursor", "")
        try:
            place = search.Place.read(cursor) if cursor else None
            found = search.find_claims(query, size=asked_limit(request), place=place, bare=kind == "none")
        except search.PlaceUnusable as error:
            raise cursor_refused("It was not given out for this list.") from error
        self.count, self.count_kind = self._counted(query, found.count, kind)
        self.next = self.at(found.next.written()) if found.next else None
        self.previous = self.at(found.previous.written()) if found.previous else None
        return found

    @staticmethod
    def _counted(query: search.ClaimQuery, known: search.Count, kind: str) -> tuple[int | None, str]:
        if kind == "none":
            return None, kind
        if known.is_exact:
            return known.number, "exact"
        return (search.count_claims(query), kind) if kind == "exact" else (known.number, "at_least")

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        answer = super().get_paginated_response_schema(schema)
        answer["required"] += ["ordering", "cut"]
        answer["properties"] |= {
            "ordering": {
                "type": "string",
                "enum": list(_ORDER_NAMES.values()),
                "description": "The order that they are in: of too many to be ranked, not the one asked for.",
            },
            "cut": {
                "type": "boolean",
                "description": "True: matches lie so thin that the page has fewer than `limit`; `next` goes on.",
            },
        }
        return answer


_ORDER_NAMES = {order: name for name, order in filters.ClaimParameters.orders.items()}


def _all_ids(query: search.ClaimQuery) -> Iterator[int]:
    return itertools.chain.from_iterable(search.all_claims(query, size=STREAMED_PAGE))


def _without_context(claim: Row) -> Row:
    return {name: value for name, value in claim.items() if name != "@context"}


def _reports(pks: list[int]) -> Any:
    return Attribution.objects.standing().filter(claim__in=pks)


@extend_schema_view(
    list=extend_schema(
        summary="List claims",
        description=(
            "Claims that at least one counted report affirms or denies, the newest first report first. With `q`, the "
            "best match first."
        ),
        responses={200: ClaimSerializer(many=True), **ERRORS},
    ),
    retrieve=extend_schema(
        summary="Show one claim",
        parameters=[ClaimQuestionSerializer],
        responses={200: ClaimSerializer, 301: MERGED, **ERRORS},
    ),
)
class ClaimViewSet(WritingViewSet):
    """Attributed propositions: one speaker, one sentence, and who report it."""

    queryset = Claim.objects.all()
    serializer_class = ClaimSerializer
    pagination_class = ClaimPages
    paginator: ClaimPages
    list_forms = (formats.LinkedDataRenderer, formats.AtomRenderer)
    detail_forms = (formats.LinkedDataRenderer,)
    filterset_class = filters.ClaimParameters
    is_versioned = True
    batched = frozenset({"create"})
    required_scopes = dict.fromkeys(("create", "partial_update", "merge", "unmerge", "split"), Scope.ANNOTATE)
    questions = {
        "retrieve": ClaimQuestionSerializer,
        "corroboration": CorroborationQuestionSerializer,
        "reports": CorroborationQuestionSerializer,
        "timeline": CorroborationQuestionSerializer,
    }
    expansions = {
        "speakers": lambda pks: Claim.objects.filter(pk__in=pks).values("speaker"),
        "topics": lambda pks: ClaimTopic.objects.filter(claim__in=pks).values("topic"),
        "outlets": lambda pks: Corroboration.outlets.through.objects.filter(
            corroboration__claim__in=pks, corroboration__basis=Corroboration.Basis.COUNTED
        ).values("outlet"),
        "attributions": lambda pks: _reports(pks).values("pk"),
        "statements": lambda pks: _reports(pks).values("statement"),
        "articles": lambda pks: _reports(pks).values("statement__revision__article"),
    }

    def get_queryset(self) -> Any:
        # The list is found by `claims.search`; rows are read by their ids, as plain values.
        return self.readable()

    def readable(self) -> Any:
        return Claim.objects.only("pk", "uid")

    def known_fields(self) -> Names:
        searched = self.request.query_params.get("q")
        return [name for name in super().known_fields() if searched or name not in SEARCHED]

    def list(self, request: Request, *args: Any, **kwargs: Any) -> Any:
        fields, kinds = self.asked_fields(), self.asked_expansions()
        query = filters.ClaimParameters.read(request.query_params)
        try:
            if self.is_streamed:
                # Words are looked up before the answer begins: it is too late to refuse them then.
                query.understood  # noqa: B018
                return self.streamed(_all_ids(query), self._reader(query, fields), fields)
            found = self.paginator.find(query, request)
        except search.QueryTooLong as error:
            message = f"Give at most {search.TERMS_MOST} words; these are {error.words}."
            raise ValidationError({"q": [message]}) from error
        renderer = request.accepted_renderer
        if isinstance(renderer, formats.LinkedDataRenderer):
            claims = Claim.objects.in_bulk(found.ids)
            graph = self._linked_data([claims[pk] for pk in found.ids if pk in claims])
            return Response({"@context": CONTEXT, "@graph": [_without_context(claim) for claim in graph]})
        if isinstance(renderer, formats.AtomRenderer):
            address = request.build_absolute_uri()
            rows = self._reader(query, None)(found.ids)
            page = request.build_absolute_uri(page_address("claim_list"))
            return Response(claims_feed(rows, title=_("Second Source: claims"), address=address, page=page))
        members: dict[str, Any] = {"ordering": _ORDER_NAMES[found.order], "cut": found.is_cut}
        if kinds:
            members["included"] = self.included(found.ids, kinds)
        return self.paginator.get_paginated_response(self._reader(query, fields)(found.ids), **members)

    def _reader(self, query: search.ClaimQuery, fields: Names | None) -> Callable[[Pks], Rows]:
        """Return what reads rows of the claims that were found; of a search, with where its words are."""
        claims = ClaimRows(self.request._request, confirmed_only=query.confirmed)

        def read(pks: Pks) -> Rows:
            rows = claims.read(pks)
            if query.q:
                add_matches(query, pks, rows)
            return rows if fields is None else [{name: row[name] for name in fields} for row in rows]

        return read

    def shape(self, rows: Sequence[Any], *, fields: Collection[str] | None = None) -> Rows:
        read = ClaimRows(self.request._request, confirmed_only=self._confirmed_only).read([row.pk for row in rows])
        return read if fields is None else [{name: row[name] for name in fields if name in row} for row in read]

    def _linked_data(self, claims: Sequence[Claim]) -> Rows:
        """Return claims as their pages have them in their heads, with every article."""
        prefetch_related_objects(claims, "speaker", "topics")
        loaded = load_reports(claims, texts=False)
        counted = Corroboration.objects.filter(claim__in=claims, basis=Corroboration.Basis.COUNTED)
        computed = dict(counted.values_list("claim", "computed_at"))
        return [
            claim_linked_data(
                plain_claim(
                    loaded[claim.pk],
                    topics=[topic.name for topic in claim.topics.all()],
                    absolute=self.request.build_absolute_uri,
                    modified_at=computed.get(claim.pk),
                )
            )
            for claim in claims
        ]

    @property
    def _confirmed_only(self) -> bool:
        return self.request.query_params.get("confirmed", "").lower() in ("1", "true")

    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        self.question()
        claim = self._claim(kwargs["uid"])
        if claim.merged_into is not None:
            return self.moved(claim.merged_into)
        if isinstance(request.accepted_renderer, formats.LinkedDataRenderer):
            return Response(self._linked_data([claim])[0])
        return self.shown(claim)

    @extend_schema(
        summary="Show who corroborates a claim",
        description=(
            "Worked out from the reports at the moment of asking, or as of a past one: who report the claim, "
            "in what words, where each report may come from, the fewest origins that could explain them all, who deny "
            "it, and which articles on the same story do not have it."
        ),
        parameters=[CorroborationQuestionSerializer],
        responses={200: CorroborationSerializer, 301: MERGED, **ERRORS},
    )
    @action(detail=True, filterset_class=None, pagination_class=None)
    def corroboration(self, request: Request, uid: str) -> Response:
        return self._corroborated(uid, CorroborationSerializer)

    @extend_schema(
        summary="List the reports of a claim",
        description=(
            "As they were published, those that deny it included: their words, where these stand, where they may come "
            "from, and how they differ from the fullest report."
        ),
        parameters=[CorroborationQuestionSerializer],
        responses={200: ClaimReportsSerializer, 301: MERGED, **ERRORS},
    )
    @action(detail=True, filterset_class=None, pagination_class=None)
    def reports(self, request: Request, uid: str) -> Response:
        return self._corroborated(uid, ClaimReportsSerializer)

    @extend_schema(
        summary="Show who reported a claim when",
        description="When it was said, and when each report was published and captured: three clocks, one list.",
        parameters=[CorroborationQuestionSerializer],
        responses={200: ClaimTimelineSerializer, 301: MERGED, **ERRORS},
    )
    @action(detail=True, filterset_class=None, pagination_class=None)
    def timeline(self, request: Request, uid: str) -> Response:
        return self._corroborated(uid, ClaimTimelineSerializer, make=timeline_of)

    @extend_schema(
        summary="Show what was proposed and decided about a claim's reports",
        description=f"The latest {HISTORY_MAX:,} events, the last one first. Who decided is not said.",
        responses={200: ClaimHistorySerializer, 301: MERGED, **ERRORS},
    )
    @action(detail=True, filterset_class=None, pagination_class=None)
    def history(self, request: Request, uid: str) -> Response:
        claim = self._claim(uid)
        if claim.merged_into is not None:
            return self.moved(claim.merged_into)
        events = (
            apps.get_model("claims", "AttributionEvent")
            .objects.filter(claim=claim)
            .select_related("statement", "pgh_context")
            .order_by("-pgh_id")
        )
        answer = {"claim": claim, "events": events[:HISTORY_MAX]}
        return Response(ClaimHistorySerializer(answer, context=self.get_serializer_context()).data)

    @extend_schema(
        summary="List the claims that cannot hold beside a claim",
        responses={200: ClaimContradictionsSerializer, 301: MERGED, **ERRORS},
    )
    @action(detail=True, filterset_class=None, pagination_class=None)
    def contradictions(self, request: Request, uid: str) -> Response:
        claim = self._claim(uid)
        if claim.merged_into is not None:
            return self.moved(claim.merged_into)
        answer = {"claim": claim, "contradictions": contradictions(claim)}
        return Response(ClaimContradictionsSerializer(answer, context=self.get_serializer_context()).data)

    @extend_schema(
        summary="Show what a claim holds together though it cannot be one",
        description=(
            "Open conflicts, for editors to settle: reports by two people or with other numbers, and claims that it is "
            "proposed as the same as, though these are not the same."
        ),
        responses={200: ClaimConflictsSerializer, 301: MERGED, **ERRORS},
    )
    @action(detail=True, filterset_class=None, pagination_class=None)
    def conflicts(self, request: Request, uid: str) -> Response:
        claim = self._claim(uid)
        if claim.merged_into is not None:
            return self.moved(claim.merged_into)
        found = ClaimConflict.objects.open().filter(claim=claim).with_context().order_by("pk")
        answer = {"claim": claim, "reports": found, "chains": chained_claims(claim)}
        return Response(ClaimConflictsSerializer(answer, context=self.get_serializer_context()).data)

    # Writing

    @writes(
        "Write a claim",
        example={"text": "Taxes will rise.", "said_on": "2020-01-31"},
        description="It has no report yet: link statements to it, and lists have it. A list writes several.",
        request=one_or_many(ClaimRequestSerializer),
        responses={201: ClaimSerializer, 207: result_of(ClaimSerializer, "Claim"), **CONFLICT, **ONCE},
    )
    @once
    def create(self, request: Request) -> Response:
        return self.one_or_many(
            lambda body: adding.add_claim(by=self.editor, **self.read(ClaimRequestSerializer, body))
        )

    @writes(
        "Change a claim’s sentence, day or topics",
        example={"text": "Taxes will rise by 5 percent.", "said_on": None},
        request=ClaimChangeSerializer,
        responses={200: ClaimSerializer, **VERSIONED, **ONCE},
    )
    @once
    def partial_update(self, request: Request, uid: str) -> Response:
        claim = self._claim(uid)
        seen, asked = asked_version(request), self.read(ClaimChangeSerializer)
        edited = editing.edit_claim(claim, version=seen or version_of(claim), by=self.editor, **asked)
        return self.answered(edited)

    @writes(
        "Merge a claim into another",
        example={"into": "3f2f3c0e-8f57-4f0e-9d5c-2f6a8b1f0c11"},
        description="All its reports go there, and it leads there; the answer is the other claim. It can be undone.",
        request=MergeRequestSerializer,
        responses={200: ClaimSerializer, **VERSIONED, **ONCE},
    )
    @action(detail=True, methods=["post"], filterset_class=None, pagination_class=None)
    @once
    def merge(self, request: Request, uid: str) -> Response:
        claim = self._claim(uid)
        seen, asked = asked_version(request), self.read(MergeRequestSerializer)
        with self.unchanged(claim, seen):
            merge = merging.merge_claims(claim, into=asked["into"], by=self.editor, overrule=asked["overrule"])
        return self.answered(merge.into)

    @writes(
        "Undo the merge of a claim",
        description="What moved, and is still there, comes back as it was. The answer is the claim, apart again.",
        request=None,
        responses={200: ClaimSerializer, **NO_ROW, **CONFLICT, **ONCE},
    )
    @action(detail=True, methods=["post"], filterset_class=None, pagination_class=None)
    @once
    def unmerge(self, request: Request, uid: str) -> Response:
        self.read_nothing()
        return self.answered(merging.unmerge_claims(self._claim(uid), by=self.editor).claim)

    @writes(
        "Give some of a claim’s reports a claim of their own",
        example={"attributions": ["3f2f3c0e-8f57-4f0e-9d5c-2f6a8b1f0c11"]},
        description="The answer is the new claim. It is undone as a decision on any of these reports.",
        request=SplitRequestSerializer,
        responses={201: ClaimSerializer, **VERSIONED, **ONCE},
    )
    @action(detail=True, methods=["post"], filterset_class=None, pagination_class=None)
    @once
    def split(self, request: Request, uid: str) -> Response:
        claim = self._claim(uid)
        seen, asked = asked_version(request), self.read(SplitRequestSerializer)
        with self.unchanged(claim, seen):
            part = merging.split_claim(claim, attributions=asked["attributions"], by=self.editor)
        return self.answered(part, status.HTTP_201_CREATED)

    def _claim(self, uid: str) -> Claim:
        claim: Claim = get_object_or_404(Claim.objects.select_related("speaker", "merged_into"), uid=uid)
        return claim

    def _corroborated(
        self, uid: str, shape: Any, *, make: Callable[[CorroborationAnswer], Any] = lambda answer: answer
    ) -> Response:
        """Return what corroborates a claim, in one of its shapes."""
        asked = self.question()
        claim = self._claim(uid)
        if claim.merged_into is not None and not stood_apart(claim, asked["moment"]):
            return self.moved(claim.merged_into)
        # Without a moment the answer is as of now, which alone makes no new answer.
        self.volatile = () if asked["moment"] else ("as_of",)
        answer = corroboration_of(
            claim, confirmed_only=asked["confirmed"], by_owner=asked["by"] == "owner", moment=asked["moment"]
        )
        return Response(shape(make(answer), context=self.get_serializer_context()).data)


ReadOnlyViewSet.resources |= {"claims": ClaimViewSet}
