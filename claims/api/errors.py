"""How the API says no: problem details (RFC 9457), whatever form the answer itself was asked for in."""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from http import HTTPStatus
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, QueryDict
from rest_framework import exceptions
from rest_framework.renderers import JSONRenderer
from rest_framework.response import Response
from rest_framework.views import exception_handler

from claims.annotations import AnnotationRefused, WordsNotFound
from claims.services import annotating
from claims.services.decisions import DecisionConflict, DecisionRefused
from claims.versions import VersionConflict

MEDIA_TYPE = "application/problem+json"


class BodyRefused(exceptions.APIException):
    """A request's body is not what is asked for; by field, what is wrong with it."""

    status_code = HTTPStatus.BAD_REQUEST

    def __init__(self, fields: Any) -> None:
        super().__init__("These fields are wrong; nothing was stored.")
        self.fields = fields


class Gone(exceptions.APIException):
    """What was asked for existed, and does not any more."""

    status_code = HTTPStatus.GONE


class VersionNeeded(exceptions.APIException):
    """A row is to be changed by somebody who does not say what they saw of it."""

    status_code = HTTPStatus.PRECONDITION_REQUIRED
    default_detail = (
        "Say which version you change: give the ETag of this row, as you read it last, as `If-Match`. "
        "Nothing was written."
    )


class KeyInWork(exceptions.APIException):
    """A request with the same idempotency key is being carried out."""

    status_code = HTTPStatus.CONFLICT
    default_detail = "A request with this Idempotency-Key is still being carried out; ask again in a moment."


class KeyReused(exceptions.APIException):
    """An idempotency key came with another request before."""

    status_code = HTTPStatus.UNPROCESSABLE_ENTITY
    default_detail = "This Idempotency-Key came with another request before; give each request its own."


class RowsRefused(exceptions.APIException):
    """Rows of a batch that is carried out as one were refused; `results` has each row's outcome."""

    status_code = HTTPStatus.UNPROCESSABLE_ENTITY
    default_detail = "Rows were refused, and all were to be stored or none: nothing was stored."

    def __init__(self, results: Sequence[Mapping[str, Any]]) -> None:
        super().__init__()
        self.results = list(results)


class ProblemRenderer(JSONRenderer):
    media_type = MEDIA_TYPE

    def render(self, data: Any, accepted_media_type: str | None = None, renderer_context: Any = None) -> bytes:
        # What was sent is told back, also where it is no text that could be written.
        return json.dumps(data, cls=self.encoder_class, ensure_ascii=False).encode("utf-8", "replace")


#: What is told to whoever asked: all else is a fault of ours.
REFUSALS = (exceptions.APIException, Http404, PermissionDenied, DecisionRefused, VersionConflict, AnnotationRefused)


@dataclass(frozen=True)
class Told:
    """An exception as it is told: members of a problem, and headers."""

    members: dict[str, Any]
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def status(self) -> int:
        return int(self.members["status"])


def answer(exc: Exception, context: dict[str, Any]) -> Response | None:
    """Return the problem that an exception tells of, or None where it is a fault of ours."""
    told = tell(exc)
    if told is None:
        return None
    # The renderer that was negotiated writes tables or feeds; a problem is JSON in each of them.
    context["request"].accepted_renderer = ProblemRenderer()
    context["request"].accepted_media_type = MEDIA_TYPE
    return Response(told.members, status=told.status, headers=told.headers)


def tell(exc: Exception) -> Told | None:
    """Return what is told of an exception, of a request or of one row of it; None where it is a fault of ours."""
    if isinstance(exc, AnnotationRefused):
        status = HTTPStatus.UNPROCESSABLE_ENTITY if isinstance(exc, WordsNotFound) else HTTPStatus.BAD_REQUEST
        return Told(problem(status, str(exc), fields={exc.place or "annotation": [exc.message]}))
    if isinstance(exc, DecisionRefused):
        return Told(_of_decision(exc))
    if isinstance(exc, VersionConflict):
        return Told(
            problem(HTTPStatus.PRECONDITION_FAILED, str(exc), version=exc.version, fields=_differences(exc)),
            {"ETag": f'"{exc.version}"'},
        )
    response = exception_handler(exc, {})
    if response is None:
        return None
    members: dict[str, Any] = {}
    if isinstance(exc, exceptions.ValidationError):
        detail = "These parameters are wrong; nothing was read."
        members["parameters"] = response.data
    else:
        detail = _detail(exc)
    if isinstance(exc, BodyRefused):
        members["fields"] = exc.fields
    if isinstance(exc, RowsRefused):
        members["results"] = exc.results
    headers = {name: value for name, value in response.items() if name.lower() != "content-type"}
    return Told(problem(response.status_code, detail, **members), headers)


def _of_decision(refused: DecisionRefused) -> dict[str, Any]:
    if isinstance(refused, annotating.AnchorMismatch):
        words = {"sent": asdict(refused.sent), "found": asdict(refused.found)}
        return problem(HTTPStatus.UNPROCESSABLE_ENTITY, str(refused), **words)
    if isinstance(refused, annotating.WordsNotFound):
        return problem(HTTPStatus.UNPROCESSABLE_ENTITY, str(refused))
    about = refused.about if isinstance(refused, DecisionConflict) else ()
    members: dict[str, Any] = {"attributions": [str(row.uid) for row in about]}
    if isinstance(refused, annotating.TextReplaced):
        members["revision"] = str(refused.revision.uid)
        members["found"] = asdict(refused.found) if refused.found else None
    elif isinstance(refused, annotating.StatementExists):
        members["statement"] = str(refused.statement.uid)
    return problem(HTTPStatus.CONFLICT, str(refused), **members)


def _differences(conflict: VersionConflict) -> dict[str, dict[str, Any]]:
    """Return by field what was seen, what stands now since when, and what was wanted."""
    return {
        found.name: {
            "seen": found.seen,
            "current": found.current,
            "wanted": found.wanted,
            "by": found.by,
            "at": found.at,
            "clashes": found.clashes,
        }
        for found in conflict.fields
    }


def problem(status: int, detail: str, **members: Any) -> dict[str, Any]:
    """Return the members of a problem; its type is that of its status code."""
    return {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": int(status),
        "detail": detail,
        **members,
    }


def _detail(exc: Exception) -> str:
    if isinstance(exc, Http404):
        return "There is no such row."
    if isinstance(exc, PermissionDenied):
        return str(exc) or "This is not allowed."
    return str(getattr(exc, "detail", exc))


def refuse_other_parameters(
    given: QueryDict, allowed: Collection[str], *, repeatable: Collection[str] = (), blank: Collection[str] = ()
) -> None:
    """Raise ValidationError for a parameter that is unknown, has no value, or has two where one is meant.

    repeatable, blank: those that may have several values, or an empty one.
    """
    errors = {}
    for name, values in given.lists():
        if name not in allowed:
            known = ", ".join(sorted(allowed)) or "none"
            errors[name] = [f"There is no such parameter here. Allowed: {known}."]
        elif len(values) > 1 and name not in repeatable:
            errors[name] = ["Give this parameter once."]
        elif "" in values and name not in blank:
            errors[name] = ["Give a value, or leave the parameter out."]
    if errors:
        raise exceptions.ValidationError(errors)
