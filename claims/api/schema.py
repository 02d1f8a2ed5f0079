"""What the description of the API says of every address: shared parameters, forms of answers, and problems."""

from typing import Any

from drf_spectacular.openapi import AutoSchema
from rest_framework.renderers import BaseRenderer

from claims.api.errors import MEDIA_TYPE, problem

#: Forms that are no JSON, or JSON of another shape than the one that is described.
_OTHER_FORMS: dict[str, dict[str, Any]] = {
    "text/csv": {"type": "string", "description": "A table: a head, then a line for each row, without limit."},
    "application/jsonl": {"type": "string", "description": "A row as JSON on each line, without limit."},
    "application/x-ndjson": {"type": "string", "description": "The same as application/jsonl."},
    "application/atom+xml": {"type": "string", "description": "An Atom feed."},
}
_LINKED_DATA = {
    "type": "object",
    "additionalProperties": True,
    "description": "A schema.org Claim, or a @graph of them.",
}
_EXAMPLES = {
    "400": problem(
        400,
        "These parameters are wrong; nothing was read.",
        parameters={"level": ["“unsure” is not one of: single, repeated, corroborated."]},
    ),
    "404": problem(404, "There is no such row."),
}


class Schema(AutoSchema):
    """Adds the parameters that every list and detail has."""

    def _get_parameters(self) -> list[dict[str, Any]]:
        # Without the one for `format` that the framework adds, which says nothing of it.
        parameters = [parameter for parameter in super()._get_parameters() if parameter["name"] != "format"]
        action = getattr(self.view, "action", None)
        expansions = getattr(self.view, "expansions", {})
        if self.method == "GET" and action in ("list", "retrieve") and hasattr(self.view, "row_fields"):
            fields = self.view.row_fields()
            parameters.append(_parameter("fields", f"Only these members of rows, with commas: {', '.join(fields)}."))
            if expansions:
                named = ", ".join(expansions)
                note = "Whole rows of other kinds that belong to the answer, under `included`; with commas"
                parameters.append(_parameter("include", f"{note}: {named}."))
        formats = self._formats()
        if len(formats) > 1:
            parameters.append(
                _parameter("format", "The form of the answer; wins over `Accept`.", enum=formats, default=formats[0])
            )
        return parameters

    def _formats(self) -> list[str]:
        if self.method != "GET" or not hasattr(self.view, "expansions"):
            return []
        renderers: list[BaseRenderer] = self.view.get_renderers()
        return [str(renderer.format) for renderer in renderers]


def _parameter(name: str, description: str, **schema: Any) -> dict[str, Any]:
    return {"in": "query", "name": name, "description": description, "schema": {"type": "string", **schema}}


def finish(result: dict[str, Any], **_: Any) -> dict[str, Any]:
    """Return the description with problems as such, other forms as such, and what a conditional request gets."""
    for path, operations in result["paths"].items():
        for method, operation in operations.items():
            responses = operation["responses"]
            for status, response in responses.items():
                content = response.get("content", {})
                if status.startswith(("4", "5")) and content:
                    shape = next(iter(content.values()))
                    if status in _EXAMPLES:
                        shape = {**shape, "example": _EXAMPLES[status]}
                    response["content"] = {MEDIA_TYPE: shape}
                elif status == "200":
                    response["content"] = {form: _of_form(form, shape) for form, shape in content.items()}
                elif status == "301":
                    response["content"] = {"application/json": content["application/json"]}
            if method == "get" and "200" in responses and "/docs/" not in path:
                responses["200"].setdefault("headers", {})["ETag"] = {
                    "description": "Of this answer; give it as `If-None-Match` to be told that it still stands.",
                    "schema": {"type": "string"},
                }
                responses["304"] = {"description": "What was asked for is as `If-None-Match` says."}
                operation["responses"] = dict(sorted(responses.items()))
    return result


def _of_form(form: str, shape: dict[str, Any]) -> dict[str, Any]:
    if form in _OTHER_FORMS:
        return {"schema": _OTHER_FORMS[form]}
    if form == "application/ld+json" and "nnotation" not in str(shape):
        return {"schema": _LINKED_DATA}
    return shape
