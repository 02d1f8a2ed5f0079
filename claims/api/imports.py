"""Imports and feeds in the API: anyone reads them, who has the scope `import` requests, cancels, retries and polls.

To delete a feed takes the scope `admin`.
"""

import json
from collections.abc import Collection, Iterator, Sequence
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.exceptions import ValidationError as FormError
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema, extend_schema_view
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.generics import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse

from accounts.scopes import Scope
from claims.api import filters
from claims.api.errors import BodyRefused
from claims.api.idempotency import once
from claims.api.serializers.imports import (
    CancelledSerializer,
    FeedSerializer,
    ImportItemSerializer,
    ImportRequestSerializer,
    ImportRunSerializer,
    RetriedSerializer,
    RetrySerializer,
)
from claims.api.serializers.writing import FeedRequestSerializer
from claims.api.views.base import ERRORS, ReadOnlyViewSet, Row, documented
from claims.api.views.writing import (
    CONFLICT,
    NO_ROW,
    ONCE,
    SEEN,
    StatedViewSet,
    WritingViewSet,
    asked_version,
    writes,
)
from sources import importing
from sources.addresses import MAX_URL_CHARACTERS
from sources.documents import Document, Refusal, document_from_record
from sources.errors import DocumentRefused
from sources.forms import addresses_from, upload_max_bytes
from sources.models import Feed, ImportItem, ImportRun, Outlet
from sources.urls import canonicalize
from sources.views import wake_workers

ADDRESSES_MAX = 10_000
#: Of a document that is refused, what is kept to look at.
REFUSED_KEPT_CHARACTERS = 10_000


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


@documented("imports", ImportRunSerializer)
class ImportViewSet(WritingViewSet):
    """Requests to import, with what became of their documents."""

    serializer_class = ImportRunSerializer
    filterset_class = ImportParameters
    required_scopes = dict.fromkeys(("create", "cancel", "retry"), Scope.IMPORT)
    body_max_bytes = staticmethod(upload_max_bytes)

    def get_queryset(self) -> Any:
        return ImportRun.objects.select_related("feed") if self.action == "list" else self.readable()

    def readable(self) -> Any:
        return ImportRun.objects.select_related("feed").with_counts().with_document_count()

    def shape(self, rows: Sequence[Any], *, fields: Collection[str] | None = None) -> list[Row]:
        # Only the runs of the page are counted, however many there are.
        counted = self.readable().in_bulk([run.pk for run in rows])
        return super().shape([counted[run.pk] for run in rows], fields=fields)

    @writes(
        "Import addresses or documents",
        example={"addresses": ["https://example.org/news/1"]},
        description=(
            "Give `addresses` (pages, feeds, sitemaps) or `documents`, not both. A document that cannot be read is a "
            "failed item with its reason; the others are imported."
        ),
        request=ImportRequestSerializer,
        responses={
            202: OpenApiResponse(ImportRunSerializer, "The documents wait for import; `Location` says how far it is."),
            **CONFLICT,
            **ONCE,
        },
    )
    @once
    def create(self, request: Request) -> Response:
        asked = self.read(ImportRequestSerializer)
        addresses = _addresses(asked.get("addresses", []))
        documents = asked.get("documents", [])
        run = importing.request_import(
            asked.get("label") or _label(addresses, documents),
            addresses=addresses,
            documents=_documents(documents),
            requested_by=self.editor,
        )
        wake_workers()
        return Response(*accepted(run, self))

    @writes(
        "Cancel what waits in an import",
        description="What is imported stays. Cancelling twice cancels nothing more.",
        request=None,
        responses={200: CancelledSerializer, **NO_ROW},
    )
    @action(detail=True, methods=["post"], filterset_class=None, pagination_class=None)
    def cancel(self, request: Request, uid: str) -> Response:
        self.read_nothing()
        return Response({"cancelled": importing.cancel_run(self._run(uid))})

    @writes(
        "Try failed documents again",
        example={"positions": [3, 7]},
        description=(
            "All that failed, or those at `positions`; without a body, all. A document that cannot be read at all "
            "stays failed."
        ),
        request=RetrySerializer,
        body_may_lack=True,
        responses={202: RetriedSerializer, **NO_ROW},
    )
    @action(detail=True, methods=["post"], filterset_class=None, pagination_class=None)
    def retry(self, request: Request, uid: str) -> Response:
        run = self._run(uid)
        asked = self.read(RetrySerializer)
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
class FeedViewSet(StatedViewSet):
    """Addresses that are polled for new articles, and how that goes."""

    serializer_class = FeedSerializer
    filterset_class = FeedParameters
    required_scopes = {**dict.fromkeys(("create", "pause", "resume"), Scope.IMPORT), "destroy": Scope.ADMIN}
    required_permissions = {
        "create": "sources.add_feed",
        "pause": "sources.change_feed",
        "resume": "sources.change_feed",
        "destroy": "sources.delete_feed",
    }
    model = Feed
    decided = ("url", "title", "outlet", "active", "interval_s")

    def get_queryset(self) -> Any:
        return Feed.objects.select_related("outlet")

    @writes(
        "Poll a feed",
        example={"url": "https://example.org/feed.xml", "interval_s": 3600},
        description="Within a minute, and then every `interval_s`. One that is polled already stays as it is.",
        request=FeedRequestSerializer,
        responses={
            201: FeedSerializer,
            200: OpenApiResponse(FeedSerializer, "It was polled before; nothing was changed."),
            **CONFLICT,
            **ONCE,
        },
    )
    @once
    def create(self, request: Request) -> Response:
        asked = self.read(FeedRequestSerializer)
        asked["url"] = _feed_address(asked["url"])
        known = Feed.objects.filter(url=asked["url"]).exists()
        feed = importing.add_feed(**asked)
        return self.answered(feed, status.HTTP_200_OK if known else status.HTTP_201_CREATED)

    @writes(
        "Pause a feed",
        description="It is not polled until it is resumed.",
        request=None,
        responses={200: FeedSerializer, **SEEN},
    )
    @action(detail=True, methods=["post"], filterset_class=None, pagination_class=None)
    def pause(self, request: Request, uid: str) -> Response:
        return self._set_active(uid, False)

    @writes(
        "Resume a feed",
        description="It is polled within a minute.",
        request=None,
        responses={200: FeedSerializer, **SEEN},
    )
    @action(detail=True, methods=["post"], filterset_class=None, pagination_class=None)
    def resume(self, request: Request, uid: str) -> Response:
        return self._set_active(uid, True)

    def _set_active(self, uid: str, active: bool) -> Response:
        self.read_nothing()
        feed = get_object_or_404(Feed, uid=uid)
        with self.unchanged(feed, asked_version(self.request), {"active": active}):
            importing.set_feed_active(feed, active)
        return self.answered(feed)

    @writes(
        "Delete a feed",
        description="It is not polled any more, and not listed. Its imports stay, with all that they brought.",
        request=None,
        responses={204: OpenApiResponse(None, "It is gone."), **SEEN},
    )
    def destroy(self, request: Request, uid: str) -> Response:
        feed = get_object_or_404(Feed, uid=uid)
        with self.unchanged(feed, asked_version(request)):
            importing.delete_feed(feed)
        return Response(status=status.HTTP_204_NO_CONTENT)


# Bodies


def accepted(run: ImportRun, view: Any) -> tuple[Any, int, None, dict[str, str]]:
    """Return the answer for an import that was asked for: the import, its status, and where to see how far it is."""
    counted = ImportRun.objects.with_counts().with_document_count().select_related("feed").get(pk=run.pk)
    shown = ImportRunSerializer(counted, context=view.get_serializer_context())
    address = reverse("api:import-detail", kwargs={"uid": run.uid}, request=view.request)
    return shown.data, status.HTTP_202_ACCEPTED, None, {"Location": address}


def _addresses(given: list[str]) -> list[str]:
    try:
        return addresses_from(enumerate(given, 1), place="Address", most=ADDRESSES_MAX)
    except FormError as error:
        raise BodyRefused({"addresses": error.messages}) from error


def _feed_address(given: str) -> str:
    try:
        url = canonicalize(given)
    except DocumentRefused as refused:
        raise BodyRefused({"url": [str(refused)]}) from refused
    if len(url) > MAX_URL_CHARACTERS:
        raise BodyRefused({"url": [f"It has {len(url):,} characters; the limit is {MAX_URL_CHARACTERS:,}."]})
    return url


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
