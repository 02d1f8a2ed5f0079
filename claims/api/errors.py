"""How the API says no: every error has `detail`; a wrong parameter is named under `parameters`."""

from collections.abc import Collection
from typing import Any

from django.http import QueryDict
from rest_framework.exceptions import ValidationError
from rest_framework.response import Response
from rest_framework.views import exception_handler


def answer(exc: Exception, context: dict[str, Any]) -> Response | None:
    """Return the response to an exception, or None where it is a fault of ours."""
    response = exception_handler(exc, context)
    if response is not None and isinstance(exc, ValidationError):
        response.data = {"detail": "These parameters are wrong; nothing was read.", "parameters": response.data}
    return response


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
        raise ValidationError(errors)
