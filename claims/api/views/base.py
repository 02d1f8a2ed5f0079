"""The manners that all resources share: parameters, pages, expansions, forms, and answers that are not sent twice."""

import hashlib
import json
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from typing import Any, TypeAlias

from django.db.models import QuerySet
from django.http import HttpResponse, StreamingHttpResponse
from django.urls import reverse
from django.utils.cache import get_conditional_response
from drf_spectacular.utils import OpenApiResponse, extend_schema, extend_schema_view
from rest_framework import serializers, viewsets
from rest_framework.exceptions import ValidationError
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from claims.api import filters, formats, pagination
from claims.api.errors import refuse_other_parameters
from claims.api.serializers.questions import MovedSerializer, ParameterProblemSerializer, ProblemSerializer
from claims.api.streaming import streamed
from claims.changes import watermark
from claims.versions import versions_of

WRONG = OpenApiResponse(ParameterProblemSerializer, "A parameter is unknown or has a value that cannot be meant.")
MISSING = OpenApiResponse(ProblemSerializer, "There is no such row.")
NOT_ACCEPTABLE = OpenApiResponse(ProblemSerializer, "There is no form that `Accept` asks for.")
MERGED = OpenApiResponse(
    MovedSerializer, "It was merged; `Location`, and `uid` in the answer, name the one that it became part of."
)
ERRORS = {400: WRONG, 404: MISSING, 406: NOT_ACCEPTABLE}
#: Rows of one kind that an answer includes; more are asked for by themselves.
INCLUDED_MAX = 2000
#: What `include` calls the versions of the rows themselves, for who is to change them.
VERSIONS = "versions"

Row = dict[str, Any]
# Named, since `list` means the action inside of a viewset.
Rows: TypeAlias = list[Row]
Names: TypeAlias = list[str]
Pks: TypeAlias = list[int]
#: From the ids of an answer's rows, the ids of the rows of another kind that belong to them.
Expansion = Callable[[list[int]], QuerySet]


def documented(noun: str, listed: Any, *, detailed: Any = None) -> Any:
    """Return the decorator that describes a viewset's list and detail."""
    return extend_schema_view(
        list=extend_schema(summary=f"List {noun}", responses={200: listed(many=True), **ERRORS}),
        retrieve=extend_schema(summary=f"Show one of the {noun}", responses={200: detailed or listed, **ERRORS}),
    )


def words(raw: str) -> list[str]:
    """Return the parts of a list that is written with commas."""
    return [word for word in (part.strip() for part in raw.split(",")) if word]


class ConditionalMixin:
    """Gives each answer an ETag of what it says, and 304 to who has it already."""

    #: Members that differ each time though nothing changed.
    volatile: Collection[str] = ()

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        response = super().finalize_response(request, response, *args, **kwargs)  # type: ignore[misc]
        if request.method not in ("GET", "HEAD"):
            if getattr(response, "version", ""):
                response.add_post_render_callback(self._name)
        elif isinstance(response, Response) and response.status_code == 200:
            # Who keeps an answer asks whether it still stands.
            response.setdefault("Cache-Control", "no-cache")
            response.add_post_render_callback(self._unless_unchanged)
        return response

    def _unless_unchanged(self, response: Response) -> HttpResponse | None:
        self._name(response)
        request = self.request._request  # type: ignore[attr-defined]
        answer: HttpResponse | None = get_conditional_response(request, etag=response["ETag"], response=response)
        return answer

    def _name(self, response: Response) -> None:
        """Give an answer its ETag: a hash of what it says; before it the version of the row that it tells of.

        Whoever changes the row says by that version what they saw; see `claims.api.views.writing`.
        """
        said: bytes = response.content
        if self.volatile and isinstance(response.data, dict):
            kept = {name: value for name, value in response.data.items() if name not in self.volatile}
            said = json.dumps(kept, default=str).encode()
        form = response.headers.get("Content-Type", "").encode()
        digest = hashlib.blake2b(form + said, digest_size=16).hexdigest()
        version = getattr(response, "version", "")
        etag = f'"{version}-{digest}"' if version else f'"{digest}"'
        # Weak where two answers that differ in a moment count as the same.
        response["ETag"] = f"W/{etag}" if self.volatile else etag


class ReadOnlyViewSet(ConditionalMixin, viewsets.ReadOnlyModelViewSet):
    """A list with filters and pages, and a detail found by uid; parameters it does not know are refused."""

    lookup_field = "uid"
    paginator: pagination.KeysetPages
    filterset_class: type[filters.Parameters]
    content_negotiation_class = formats.Negotiation
    #: By detail action, the serializer that reads its parameters.
    questions: dict[str, type[serializers.Serializer]] = {}
    #: What `include` may name, and which rows it adds; kinds are in `resources`.
    expansions: dict[str, Expansion] = {}
    #: Forms of the list beside JSON and the streams, and of the detail beside JSON.
    list_forms: Sequence[type[BaseRenderer]] = ()
    detail_forms: Sequence[type[BaseRenderer]] = ()
    #: Whether people may change rows here: then the ETag of a row begins with its version.
    is_versioned = False
    #: By kind of row, the viewset that reads it; each adds itself.
    resources: dict[str, type["ReadOnlyViewSet"]] = {}

    def get_renderers(self) -> list[BaseRenderer]:
        others: dict[str | None, Sequence[type[BaseRenderer]]] = {
            "list": (*formats.STREAMED, *self.list_forms),
            "retrieve": self.detail_forms,
        }
        return [formats.JsonRenderer(), *(form() for form in others.get(self.action, ()))]

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        # What has no action is refused for its method, whatever its parameters are.
        if request.method not in ("GET", "HEAD") or self.action is None:
            return
        allowed: set[str] = {formats.PARAMETER}
        repeatable: Collection[str] = ()
        if self.action == "list":
            allowed |= self.filterset_class.base_filters.keys() | {"fields"}
            if not self.is_streamed:
                allowed |= pagination.PARAMETERS
            repeatable = self.filterset_class.repeatable
        elif self.action == "retrieve":
            allowed |= {"fields"}
        if self.action in ("list", "retrieve") and self.includable() and not self.is_streamed:
            allowed |= {"include"}
        if self.action in self.questions:
            allowed |= self.questions[self.action]().fields.keys()
        refuse_other_parameters(request.query_params, allowed, repeatable=repeatable)

    @property
    def is_streamed(self) -> bool:
        return isinstance(getattr(self.request, "accepted_renderer", None), formats.STREAMED)

    # Reading rows

    def filter_queryset(self, queryset: Any) -> Any:
        # The parameters of a detail are no filters: a row that exists is found.
        if self.action != "list":
            return queryset
        asked = self.filterset_class(self.request.query_params, queryset, request=self.request)
        if not asked.is_valid():
            raise ValidationError(asked.errors)
        found = asked.qs
        self.ordering_name, self.ordering_keys = asked.order()
        return found

    def shape(self, rows: Sequence[Any], *, fields: Collection[str] | None = None) -> list[Row]:
        """Return rows as they are answered; of `fields` only, where they are given."""
        many: Any = self.get_serializer_class()(rows, many=True, context=self.get_serializer_context())
        if fields is not None:
            for name in set(many.child.fields) - set(fields):
                many.child.fields.pop(name)
        return list(many.data)

    def row_fields(self) -> list[str]:
        """Return the members of a row, in their order."""
        shape: Any = self.get_serializer_class()()
        return list(shape.fields)

    def known_fields(self) -> list[str]:
        """Return the members that rows of this answer have."""
        return self.row_fields()

    def asked_fields(self) -> list[str] | None:
        """Return the fields that are asked for, in the order of a row; None for all.

        Raises ValidationError for one that rows do not have.
        """
        asked = words(self.request.query_params.get("fields", ""))
        if not asked:
            return None
        known = self.known_fields()
        if unknown := [name for name in asked if name not in known]:
            raise ValidationError({"fields": [f"“{unknown[0]}” is not one of: {', '.join(known)}."]})
        return [name for name in known if name in asked]

    def includable(self) -> list[str]:
        """Return what `include` may name."""
        return [*self.expansions, *((VERSIONS,) if self.is_versioned else ())]

    def asked_expansions(self) -> list[str]:
        asked = words(self.request.query_params.get("include", ""))
        if unknown := [name for name in asked if name not in self.includable()]:
            known = ", ".join(self.includable())
            raise ValidationError({"include": [f"“{unknown[0]}” is not one of: {known}."]})
        return asked

    def included(self, pks: list[int], kinds: Iterable[str]) -> dict[str, list[Row]]:
        """Return the rows of other kinds that belong to an answer's rows: so many queries for one as for all."""
        return {kind: self._versions(pks) if kind == VERSIONS else self._included(kind, pks) for kind in kinds}

    def _versions(self, pks: list[int]) -> list[Row]:
        rows = list(self.readable().model._default_manager.filter(pk__in=pks).only("pk", "uid").order_by("pk"))
        versions = self.versions(rows)
        return [{"uid": str(row.uid), "version": versions[row.pk]} for row in rows]

    def versions(self, rows: Sequence[Any]) -> dict[int, str]:
        """Return what was decided last on each row, by its id, as ETags and `If-Match` have it."""
        return versions_of(rows)

    def version(self, row: Any) -> str:
        return self.versions([row])[row.pk]

    def _included(self, kind: str, pks: list[int]) -> list[Row]:
        viewset = self.resources[kind](
            request=self.request, format_kwarg=None, action="list", args=(), kwargs={}, action_map={}
        )
        rows = viewset.readable().filter(pk__in=self.expansions[kind](pks)).order_by("pk")
        found = list(rows[: INCLUDED_MAX + 1])
        if len(found) > INCLUDED_MAX:
            message = f"More than {INCLUDED_MAX:,} {kind} belong to these rows. Ask for fewer rows, or for {kind}/."
            raise ValidationError({"include": [message]})
        return viewset.shape(found)

    def readable(self) -> Any:
        """Return the rows that may be read by their ids, with what `shape` needs of them."""
        return self.get_queryset()

    # Answers

    def list(self, request: Request, *args: Any, **kwargs: Any) -> Any:
        fields, kinds = self.asked_fields(), self.asked_expansions()
        queryset = self.filter_queryset(self.get_queryset())
        if self.is_streamed:
            return self._stream(queryset, fields)
        pages = self.paginator
        page = pages.paginate_queryset(queryset, request, view=self)
        members = {"included": self.included([row.pk for row in page], kinds)} if kinds else {}
        return pages.get_paginated_response(self.shape(page, fields=fields), **members)

    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Any:
        return self.shown(self.get_object())

    def shown(self, row: Any) -> Response:
        """Return the answer for one row, with what is included."""
        kinds = self.asked_expansions()
        (answer,) = self.shape([row], fields=self.asked_fields())
        if kinds:
            answer = {**answer, "included": self.included([row.pk], kinds)}
        response = Response(answer)
        if self.is_versioned:
            response.version = self.version(row)  # type: ignore[attr-defined]
        return response

    def _stream(self, queryset: Any, fields: Names | None) -> StreamingHttpResponse:
        ordered = queryset.order_by(*(key.order(backwards=False) for key in self.ordering_keys))

        def read(pks: Pks) -> Rows:
            found = self.readable().in_bulk(pks)
            return self.shape([found[pk] for pk in pks if pk in found], fields=fields)

        return self.streamed(_ids(ordered), read, fields)

    def streamed(self, pks: Iterable[int], read: Callable[[Pks], Rows], fields: Names | None) -> StreamingHttpResponse:
        """Return all rows of these ids as a file."""
        response = streamed(
            pks,
            read,
            renderer=self.request.accepted_renderer,
            name=str(self.basename),
            columns=fields or self.known_fields(),
        )
        # Read before the rows are: what changed up to this place is in them.
        feed = self.request.build_absolute_uri(reverse("api:change-list"))
        response["Link"] = f'<{feed}?since={watermark()}>; rel="monitor"'
        return response

    def moved(self, target: Any) -> Response:
        """Return the answer for a row that became part of `target`: the same question, asked there."""
        view = "detail" if self.action == "retrieve" else self.action
        path = reverse(f"api:{self.basename}-{view}", kwargs={"uid": target.uid})
        address = self.request.build_absolute_uri(path)
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


def _ids(queryset: Any) -> Iterator[int]:
    """Yield the ids of a queryset through a cursor of the server, opened when the first is asked for."""
    yield from queryset.values_list("pk", flat=True).iterator(chunk_size=10_000)
