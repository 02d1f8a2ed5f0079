"""Imports and feeds in the API: anyone reads them, an account with the permission requests, cancels and retries."""

import json
from collections.abc import Collection, Iterator, Sequence
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.exceptions import ValidationError as FormError
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema, extend_schema_view
from rest_framework import serializers, status
from rest_framework.authentication import BaseAuthentication, SessionAuthentication
from rest_framework.decorators import action
from rest_framework.exceptions import APIException, ParseError
from rest_framework.generics import get_object_or_404
from rest_framework.parsers import JSONParser
from rest_framework.permissions import SAFE_METHODS, BasePermission
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse

from accounts.authentication import PasswordAuthentication
from claims.api import filters
from claims.api.errors import BodyRefused
from claims.api.serializers.imports import (
    CancelledSerializer,
    FeedSerializer,
    ImportItemSerializer,
    ImportRequestSerializer,
    ImportRunSerializer,
    RetriedSerializer,
    RetrySerializer,
)
from claims.api.serializers.questions import BodyProblemSerializer, ProblemSerializer
from claims.api.views.base import ERRORS, ReadOnlyViewSet, Row, documented
from sources import importing
from sources.documents import Document, Refusal, document_from_record
from sources.errors import DocumentRefused
from sources.forms import addresses_from, upload_max_bytes
from sources.models import Feed, ImportItem, ImportRun, Outlet
from sources.views import wake_workers

ADDRESSES_MAX = 10_000
#: Of a document that is refused, what is kept to look at.
REFUSED_KEPT_CHARACTERS = 10_000


class BodyTooLarge(APIException):
    status_code = status.HTTP_413_REQUEST_ENTITY_TOO_LARGE

    def __init__(self, size: int) -> None:
        super().__init__(f"The body has {size:,} bytes; the limit is {upload_max_bytes():,}. Send it in parts.")


class BoundedJSONParser(JSONParser):
    """JSON of limited size; nesting without end is an error like any other."""

    def parse(self, stream: Any, media_type: Any = None, parser_context: Any = None) -> Any:
        # A server gives no more of a body than its declared length.
        size = int((parser_context or {})["request"].META.get("CONTENT_LENGTH") or 0)
        if size > upload_max_bytes():
            raise BodyTooLarge(size)
        try:
            return super().parse(stream, media_type, parser_context)
        except RecursionError as error:
            raise ParseError("The body is nested too deeply to be read.") from error


class MayImport(BasePermission):
    """Reading is public; writing needs the permission to add import runs."""

    message = "This account may not import; an administrator can give it the permission “Can add import run”."

    def has_permission(self, request: Request, view: Any) -> bool:
        return request.method in SAFE_METHODS or (
            request.user is not None and request.user.has_perm("sources.add_importrun")
        )


# Lists


def _feed(text: str) -> Feed | None:
    try:
        return Feed.objects.filter(uid=UUID(text)).first()
    except ValueError:
        return None


class ImportParameters(filters.Parameters):
    orderings = {
        "-created_at": filters.by("-created_at", "-pk"),
        "created_at": filters.by("created_at", "pk"),
    }

    feed = filters.Row("feed", find=_feed, kind="feed", help_text="Uid of a feed.")
    ordering = filters.choice_of(orderings)

    class Meta:
        model = ImportRun
        fields: list[str] = []


class ImportItemParameters(filters.Parameters):
    orderings = {"position": filters.by("position"), "-position": filters.by("-position")}

    state = filters.OneOf("state", values=list(ImportItem.State.values), help_text="What became of it.")
    needs_look = filters.Flag("needs_look", help_text="1: those that lost a quotation.")
    ordering = filters.choice_of(orderings)

    class Meta:
        model = ImportItem
        fields: list[str] = []


class FeedParameters(filters.Parameters):
    orderings = {"url": filters.by("url"), "-url": filters.by("-url")}

    active = filters.Flag("active", help_text="1: those that are polled; 0: paused ones.")
    broken = filters.Flag(method="of_state", help_text="1: those that could not be read last time; 0: the others.")
    outlet = filters.Row(
        "outlet", find=filters.by_slug_or_uid(Outlet.objects.all()), kind="outlet", help_text="Slug or uid."
    )
    ordering = filters.choice_of(orderings)

    class Meta:
        model = Feed
        fields: list[str] = []

    def of_state(self, queryset: Any, name: str, value: bool) -> Any:
        return queryset.filter(failures__gt=0) if value else queryset.filter(failures=0)


# Views


_NOT_SIGNED_IN = OpenApiResponse(ProblemSerializer, "Neither a session nor a name and password came with it.")
_NOT_ALLOWED = OpenApiResponse(
    ProblemSerializer, "The account may not import, or a session’s request lacks its CSRF token."
)
_MISSING = OpenApiResponse(ProblemSerializer, "There is no such import.")
_WRONG_BODY = OpenApiResponse(BodyProblemSerializer, "A field is unknown or wrong; nothing was stored.")
_NO_JSON = OpenApiResponse(ProblemSerializer, "The body is not JSON.")
_WRITING = {400: _WRONG_BODY, 401: _NOT_SIGNED_IN, 403: _NOT_ALLOWED, 415: _NO_JSON}


@documented("imports", ImportRunSerializer)
class ImportViewSet(ReadOnlyViewSet):
    """Requests to import, with what became of their documents."""

    serializer_class = ImportRunSerializer
    filterset_class = ImportParameters
    parser_classes = [BoundedJSONParser]
    permission_classes = [MayImport]

    def get_authenticators(self) -> list[BaseAuthentication]:
        # No session is opened to read. The first one is what a request without an account is asked for.
        if self.request is not None and self.request.method in SAFE_METHODS:
            return []
        return [PasswordAuthentication(), SessionAuthentication()]

    def get_queryset(self) -> Any:
        return ImportRun.objects.select_related("feed") if self.action == "list" else self.readable()

    def readable(self) -> Any:
        return ImportRun.objects.select_related("feed").with_counts()

    def shape(self, rows: Sequence[Any], *, fields: Collection[str] | None = None) -> list[Row]:
        # Only the runs of the page are counted, however many there are.
        counted = self.readable().in_bulk([run.pk for run in rows])
        return super().shape([counted[run.pk] for run in rows], fields=fields)

    @extend_schema(
        summary="Import addresses or documents",
        description=(
            "Give `addresses` (pages, feeds, sitemaps) or `documents`, not both. A document that cannot be read is a "
            "failed item with its reason; the others are imported."
        ),
        request=ImportRequestSerializer,
        responses={
            202: OpenApiResponse(ImportRunSerializer, "The documents wait for import; `Location` says how far it is."),
            413: OpenApiResponse(ProblemSerializer, "The body is too large."),
            **_WRITING,
        },
    )
    def create(self, request: Request) -> Response:
        asked = _read_body(ImportRequestSerializer, request)
        addresses = _addresses(asked.get("addresses", []))
        documents = asked.get("documents", [])
        run = importing.request_import(
            asked.get("label") or _label(addresses, documents),
            addresses=addresses,
            documents=_documents(documents),
            requested_by=request.user,  # type: ignore[arg-type]
        )
        wake_workers()
        return self._accepted(run)

    def _accepted(self, run: ImportRun) -> Response:
        counted = ImportRun.objects.with_counts().select_related("feed").get(pk=run.pk)
        shown = ImportRunSerializer(counted, context=self.get_serializer_context())
        address = reverse("api:import-detail", kwargs={"uid": run.uid}, request=self.request)
        return Response(shown.data, status=status.HTTP_202_ACCEPTED, headers={"Location": address})

    @extend_schema(
        summary="Cancel what waits in an import",
        description="What is imported stays. Cancelling twice cancels nothing more.",
        request=None,
        responses={200: CancelledSerializer, 404: _MISSING, **_WRITING},
    )
    @action(detail=True, methods=["post"], filterset_class=None, pagination_class=None)
    def cancel(self, request: Request, uid: str) -> Response:
        _read_body(serializers.Serializer, request)
        return Response({"cancelled": importing.cancel_run(self._run(uid))})

    @extend_schema(
        summary="Try failed documents again",
        description="All that failed, or those at `positions`. A document that cannot be read at all stays failed.",
        request=RetrySerializer,
        responses={202: RetriedSerializer, 404: _MISSING, **_WRITING},
    )
    @action(detail=True, methods=["post"], filterset_class=None, pagination_class=None)
    def retry(self, request: Request, uid: str) -> Response:
        asked = _read_body(RetrySerializer, request)
        run = self._run(uid)
        item_ids = None
        if "positions" in asked:
            item_ids = list(run.items.filter(position__in=asked["positions"]).values_list("pk", flat=True))
        count = importing.retry_items(run, item_ids=item_ids)
        wake_workers()
        return Response({"retried": count}, status=status.HTTP_202_ACCEPTED)

    def _run(self, uid: str) -> ImportRun:
        run: ImportRun = get_object_or_404(ImportRun, uid=uid)
        return run


@extend_schema_view(
    list=extend_schema(
        summary="List the documents of an import",
        parameters=[OpenApiParameter("uid", OpenApiTypes.UUID, OpenApiParameter.PATH)],
        responses={200: ImportItemSerializer(many=True), **ERRORS},
    )
)
class ImportItemViewSet(ReadOnlyViewSet):
    """What became of each document of an import, in the order in which they came."""

    queryset = ImportItem.objects.all()
    serializer_class = ImportItemSerializer
    filterset_class = ImportItemParameters

    def get_queryset(self) -> Any:
        run = get_object_or_404(ImportRun, uid=self.kwargs["uid"])
        return run.items.select_related("article").defer("payload", "record")


@documented("feeds", FeedSerializer)
class FeedViewSet(ReadOnlyViewSet):
    """Addresses that are polled for new articles, and how that goes."""

    serializer_class = FeedSerializer
    filterset_class = FeedParameters

    def get_queryset(self) -> Any:
        return Feed.objects.select_related("outlet")


# Bodies


def _read_body(shape: type[serializers.Serializer], request: Request) -> dict[str, Any]:
    """Return the fields of a body; unknown ones are refused.

    Raises BodyRefused that says what is wrong, by field.
    """
    if not isinstance(request.data, dict):
        raise BodyRefused({"body": ["The body must be a JSON object."]})
    reader = shape(data=request.data)
    if unknown := sorted(map(str, request.data.keys() - reader.fields.keys())):
        known = ", ".join(reader.fields) or "none"
        raise BodyRefused({name: [f"There is no such field here. Allowed: {known}."] for name in unknown})
    if not reader.is_valid():
        raise BodyRefused(reader.errors)
    read: dict[str, Any] = reader.validated_data
    return read


def _addresses(given: list[str]) -> list[str]:
    try:
        return addresses_from(enumerate(given, 1), place="Address", most=ADDRESSES_MAX)
    except FormError as error:
        raise BodyRefused({"addresses": error.messages}) from error


def _label(addresses: list[str], documents: list[Any]) -> str:
    first, count = (addresses[0], len(addresses)) if addresses else ("API: document 1", len(documents))
    return first[:300] if count == 1 else f"{first[:300]} and {count - 1:,} more"


def _documents(records: list[Any]) -> Iterator[Document | Refusal]:
    for number, record in enumerate(records, 1):
        label = f"document {number}"
        try:
            if not isinstance(record, dict):
                raise DocumentRefused("It is not a JSON object with fields such as outlet, title and text.")
            yield document_from_record(label, record, folder=None, max_bytes=settings.IMPORT_MAX_DOCUMENT_BYTES)
        except DocumentRefused as refused:
            yield Refusal(label, str(refused), json.dumps(record)[:REFUSED_KEPT_CHARACTERS].encode())
