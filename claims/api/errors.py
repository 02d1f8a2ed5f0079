"""How the API says no: problem details (RFC 9457), whatever form the answer itself was asked for in."""

from collections.abc import Collection
from http import HTTPStatus
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, QueryDict
from rest_framework import exceptions
from rest_framework.renderers import JSONRenderer
from rest_framework.response import Response
from rest_framework.views import exception_handler

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


class ProblemRenderer(JSONRenderer):
    media_type = MEDIA_TYPE


def answer(exc: Exception, context: dict[str, Any]) -> Response | None:
    """Return the problem that an exception tells of, or None where it is a fault of ours."""
    response = exception_handler(exc, context)
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
    response.data = problem(response.status_code, detail, **members)
    # The renderer that was negotiated writes tables or feeds; a problem is JSON in each of them.
    context["request"].accepted_renderer = ProblemRenderer()
    context["request"].accepted_media_type = MEDIA_TYPE
    return response


def problem(status: int, detail: str, **members: Any) -> dict[str, Any]:
    """Return the members of a problem; its type is that of its status code."""
    return {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status, "detail": detail, **members}


def _detail(exc: Exception) -> str:
    if isinstance(exc, Http404):
        return "There is no such row."
    if isinstance(exc, PermissionDenied):
        return str(exc) or "This is not allowed."
    return str(getattr(exc, "detail", exc))


def refuse_other_parameters(given: QueryDict, allowed: Collection[str], *, repeatable: Collection[str] = ()) -> None:
    """Raise ValidationError for a parameter that is unknown, or given twice where one value is meant."""
    errors = {}
    for name, values in given.lists():
        if name not in allowed:
            known = ", ".join(sorted(allowed)) or "none"
            errors[name] = [f"There is no such parameter here. Allowed: {known}."]
        elif len(values) > 1 and name not in repeatable:
            errors[name] = ["Give this parameter once."]
    if errors:
        raise exceptions.ValidationError(errors)
