"""The manners of what writes: what was seen is named, what is refused is told, what was written is answered as read."""

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any, cast

from django.apps import apps
from django.contrib.auth.models import User
from django.db import models, transaction
from django.urls import reverse
from drf_spectacular.utils import OpenApiExample, OpenApiResponse, PolymorphicProxySerializer, extend_schema
from rest_framework import serializers, status
from rest_framework.exceptions import NotFound, ParseError
from rest_framework.request import Request
from rest_framework.response import Response

from claims.api import batches
from claims.api.bodies import BoundedJSONParser, read_body
from claims.api.errors import VersionNeeded, refuse_other_parameters
from claims.api.serializers.questions import (
    BodyProblemSerializer,
    ConflictProblemSerializer,
    ProblemSerializer,
    RowProblemSerializer,
    RowsProblemSerializer,
    VersionProblemSerializer,
    WordsProblemSerializer,
)
from claims.api.views.base import NOT_ACCEPTABLE, ReadOnlyViewSet, Row
from claims.services.locks import hold_matching
from claims.versions import FieldConflict, VersionConflict, check_version

#: What whoever writes may be told, by status.
WRITING = {
    400: OpenApiResponse(BodyProblemSerializer, "A field is unknown or wrong; nothing was stored."),
    401: OpenApiResponse(ProblemSerializer, "Neither a token nor a session came with it."),
    403: OpenApiResponse(
        ProblemSerializer,
        "The token’s scope or the account’s role does not allow it, or a session’s request lacks its CSRF token.",
    ),
    406: NOT_ACCEPTABLE,
    413: OpenApiResponse(ProblemSerializer, "The body is too large."),
    415: OpenApiResponse(ProblemSerializer, "The body is not JSON."),
}
NO_ROW = {404: OpenApiResponse(ProblemSerializer, "There is no such row.")}
CONFLICT = {
    409: OpenApiResponse(
        ConflictProblemSerializer,
        "What is stored does not allow it (any more), or a request with the same Idempotency-Key is in work.",
    )
}
#: Of what changes a row that exists.
SEEN = {
    **NO_ROW,
    412: OpenApiResponse(VersionProblemSerializer, "The row changed since; by field, what you saw and what it is now."),
    428: OpenApiResponse(ProblemSerializer, "There is no `If-Match`."),
}
#: Of what changes a row in ways that other rows may not allow.
VERSIONED = {**SEEN, **CONFLICT}
#: Of what takes an idempotency key, or a batch.
ONCE = {
    422: OpenApiResponse(
        RowsProblemSerializer,
        "The Idempotency-Key came with another request before; or with `atomic=1` rows were refused, and none stored.",
    )
}
#: Of what takes words of a text too.
WORDS = {
    422: OpenApiResponse(
        WordsProblemSerializer,
        "The words do not stand there, or nowhere, or in several places; or the Idempotency-Key came with another "
        "request before; or with `atomic=1` rows were refused, and none stored.",
    )
}


def asked_version(request: Request) -> str:
    """Return the version that a request says it saw; "" for whichever there is.

    Raises VersionNeeded where it says nothing.
    """
    given = request.headers.get("If-Match", "").strip()
    if not given:
        raise VersionNeeded
    if given == "*":
        return ""
    # What compresses an answer on its way calls its ETag weak; the version in it is the same.
    given = given.removeprefix("W/")
    if not 3 <= len(given) <= 200 or given.count('"') != 2 or not (given.startswith('"') and given.endswith('"')):
        raise ParseError("Give as `If-Match` one ETag as it came, in its quotation marks, or * for whatever there is.")
    return version_in(given)


def version_in(etag: str) -> str:
    """Return the version that an ETag begins with; "none", which no row has, where there is none in it."""
    return etag.strip('"').partition("-")[0] or "none"


def _was_ever(row: models.Model, version: str) -> bool:
    """Whether a row had a version once; nobody saw any other."""
    mark = version.partition(".")[0]
    events = apps.get_model(row._meta.app_label, f"{type(row).__name__}Event")._default_manager
    return mark.isdecimal() and len(mark) < 19 and events.filter(pgh_obj_id=row.pk, pgh_id=int(mark)).exists()


class WritingViewSet(ReadOnlyViewSet):
    """A resource whose rows are also made or changed."""

    parser_classes = [BoundedJSONParser]
    #: Actions that take several rows at once.
    batched: frozenset[str] = frozenset()

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        # What no action takes is refused as such.
        if self.action is not None and request.method in ("POST", "PUT", "PATCH", "DELETE"):
            allowed = {batches.PARAMETER} if self.action in self.batched else set()
            if self.action in self.questions:
                allowed |= self.questions[self.action]().fields.keys()
            refuse_other_parameters(request.query_params, allowed)

    @property
    def editor(self) -> User:
        """Who writes; only somebody with an account comes as far as this."""
        return cast(User, self.request.user)

    def read(self, shape: type[serializers.Serializer], body: Any = None) -> dict[str, Any]:
        """Return the fields of the request's body, or of one row of it."""
        return read_body(shape, self.request.data if body is None else body)

    def read_nothing(self) -> None:
        """Refuse a body where there is nothing to say; {} and none at all are the same."""
        self.read(serializers.Serializer, self.request.data or {})

    @contextmanager
    def unchanged(self, row: models.Model, seen: str, wanted: Mapping[str, Any] | None = None) -> Iterator[bool]:
        """Hold all that editors and machines decide on, and check that a row is as it was seen.

        Raises VersionConflict where it is not, unless it is as it is wanted already; then True is handed over.
        """
        with transaction.atomic():
            self.hold(row)
            if not type(row)._default_manager.filter(pk=row.pk).exists():
                raise NotFound("The row is gone: what made it was undone meanwhile.")
            row.refresh_from_db()
            now = self.version(row)
            if seen and seen != now:
                self.check_seen(row, seen, wanted or {})
            yield bool(seen) and seen != now

    def hold(self, row: models.Model) -> None:
        """Keep others from changing a row until the transaction ends."""
        hold_matching()

    def check_seen(self, row: models.Model, seen: str, wanted: Mapping[str, Any]) -> None:
        """Raise VersionConflict for a row that is not as it was seen, unless it is as it is wanted already."""
        check_version(row, seen, wanted)
        if not wanted and not _was_ever(row, seen):
            raise VersionConflict([], version=self.version(row))

    def as_read(self, row: models.Model) -> Row:
        """Return a row as a reading of it answers."""
        (shown,) = self.shape([self.readable().get(pk=row.pk)])
        return shown

    def answered(self, row: models.Model, code: int = status.HTTP_200_OK) -> Response:
        """Return the answer that tells of a row that was made (201) or changed."""
        response = Response(self.as_read(row), status=code)
        if self.is_versioned:
            response.version = self.version(row)  # type: ignore[attr-defined]
        address = self.address_of(row)
        response["Content-Location"] = address
        if code == status.HTTP_201_CREATED:
            response["Location"] = address
        return response

    def address_of(self, row: Any) -> str:
        path = reverse(f"api:{self.basename}-detail", kwargs={"uid": row.uid})
        return self.request.build_absolute_uri(path)

    def one_or_many(self, store: Callable[[Any], models.Model], *, code: int = status.HTTP_201_CREATED) -> Response:
        """Return the answer for a row that the body has, or for each of a list of them."""
        if not isinstance(self.request.data, list):
            return self.answered(store(self.request.data), code)
        return batches.store_rows(self.request, lambda body: self.stored(store(body), code))

    def stored(self, row: models.Model | None, code: int) -> batches.Stored:
        """Return the outcome of one row of a batch; None: what was undone took the row away."""
        if row is None:
            return batches.Stored(status.HTTP_204_NO_CONTENT)
        return batches.Stored(code, self.as_read(row), self.version(row) if self.is_versioned else "")


class StatedViewSet(WritingViewSet):
    """A resource whose rows leave no events: the version of one is a hash of what people decided about it."""

    is_versioned = True
    model: type[models.Model]
    #: The columns that people decide on.
    decided: tuple[str, ...]

    def versions(self, rows: Sequence[Any]) -> dict[int, str]:
        stated = self.model._default_manager.filter(pk__in=[row.pk for row in rows]).values_list("pk", *self.decided)
        return {pk: hashlib.blake2b(repr(said).encode(), digest_size=8).hexdigest() for pk, *said in stated}

    def hold(self, row: models.Model) -> None:
        self.model._default_manager.select_for_update().filter(pk=row.pk).first()

    def check_seen(self, row: models.Model, seen: str, wanted: Mapping[str, Any]) -> None:
        if wanted and all(getattr(row, name) == value for name, value in wanted.items()):
            return
        by, at = self.changed(row)
        fields = [
            FieldConflict(name, name, None, str(getattr(row, name)), str(wanted[name]), by, at) for name in wanted
        ]
        raise VersionConflict(fields, version=self.version(row))

    def changed(self, row: Any) -> tuple[str, datetime | None]:
        """Return who changed a row last, and when; "" and None where that is not noted."""
        return "", None


def result_of(listed: type[serializers.BaseSerializer], name: str) -> type[serializers.Serializer]:
    """Return the shape of the outcomes of a batch whose rows are `listed`."""
    members: dict[str, Any] = {
        "index": serializers.IntegerField(help_text="Place of the row in the request, from 0."),
        "status": serializers.IntegerField(help_text="As it would have been, had the row come alone."),
        "version": serializers.CharField(allow_blank=True, help_text="To give with the next change of the row."),
        "row": listed(allow_null=True, help_text="The row as it is now; null where it was refused, or is gone."),
        "problem": RowProblemSerializer(allow_null=True, help_text="Why it was refused; null where it was not."),
    }
    outcome = type(f"{name}OutcomeSerializer", (serializers.Serializer,), members)
    return type(f"{name}OutcomesSerializer", (serializers.Serializer,), {"results": outcome(many=True)})


def one_or_many(shape: type[serializers.Serializer]) -> Any:
    """Return the description of a body that is a row, or a list of them."""
    name = shape.__name__.removesuffix("Serializer")
    return PolymorphicProxySerializer(
        component_name=f"{name}OrSeveral",
        serializers=[shape, shape(many=True)],
        resource_type_field_name=None,
        many=False,
    )


def writes(
    summary: str,
    *,
    request: Any,
    responses: Mapping[Any, Any],
    description: str = "",
    example: Any = None,
    body_may_lack: bool = False,
    **options: Any,
) -> Callable[[Any], Any]:
    """Return the decorator that describes an action that writes.

    example: of what is sent. body_may_lack: nothing may be sent, too.
    """
    forms = [] if example is None else list(request) if isinstance(request, dict) else ["application/json"]
    examples = [OpenApiExample("What is sent", value=example, request_only=True, media_type=form) for form in forms]
    described = extend_schema(
        summary=summary,
        description=description,
        request=request,
        responses={**WRITING, **responses},
        examples=examples,
        **options,
    )

    def decorate(action: Any) -> Any:
        action.is_versioned = status.HTTP_428_PRECONDITION_REQUIRED in responses
        action.body_may_lack = body_may_lack
        return described(action)

    return decorate
