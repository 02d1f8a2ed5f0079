"""What the description of the API says of every address: shared parameters, forms of answers, and problems."""

from collections.abc import Iterable
from typing import Any

from drf_spectacular.openapi import AutoSchema
from rest_framework.renderers import BaseRenderer

from claims.api.batches import PARAMETER
from claims.api.errors import MEDIA_TYPE, KeyReused, VersionNeeded, problem
from claims.api.idempotency import HEADER, KEY_MAX_CHARACTERS

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
    "401": problem(401, "This needs an account: send a token with the scope “annotate” as “Authorization: Bearer …”."),
    "404": problem(404, "There is no such row."),
    "409": problem(409, "The statement was withdrawn: Nobody said it.", attributions=[]),
    "412": problem(
        412,
        "ed changed this meanwhile, on 31 January 2020, 12:00. Nothing was written.",
        version="1042.7x2",
        fields={
            "text": {
                "seen": "Taxes will rise.",
                "current": "Taxes rise.",
                "wanted": "Taxes will go up.",
                "by": "ed",
                "at": "2020-01-31T12:00:00Z",
                "clashes": True,
            }
        },
    ),
    "403": problem(403, "The account ed has no role that allows this. An administrator can give it one."),
    "406": problem(406, "Could not satisfy the request Accept header."),
    "413": problem(413, "The body has 100,000,000 bytes; the limit is 5,000,000. Send it in parts."),
    "414": problem(414, "The address has 10,018 characters; the limit is 8,000. Ask for less at a time."),
    "415": problem(415, 'Unsupported media type "text/plain" in request.'),
    "422": problem(422, str(KeyReused.default_detail)),
    "428": problem(428, str(VersionNeeded.default_detail)),
    "429": problem(429, "More than 300 reads in one minute. Ask again in 31 s, as `Retry-After` says."),
    "503": problem(
        503,
        "This takes too long. The database was stopped before it had found everything. Ask for less, or try again in a "
        "minute.",
    ),
}
_WRONG_BODY = problem(
    400,
    "These fields are wrong; nothing was stored.",
    fields={"colour": ["There is no such field here. Allowed: text, said_on, topics."]},
)
_KEY = {
    "in": "header",
    "name": HEADER,
    "description": (
        "Of your choice, best a random UUID: the same request that comes again with it within a day is carried out "
        "once, and answered as before."
    ),
    "schema": {
        "type": "string",
        # As `claims.api.idempotency` reads it.
        "pattern": rf'^("[ !#-\[\]-~]{{1,{KEY_MAX_CHARACTERS}}}"|[!#-+\--:<-\[\]-~]{{1,{KEY_MAX_CHARACTERS}}})$',
    },
    "example": '"8e03978e-40d5-43e8-bc93-6894a57f9324"',
}
_VERSION = {
    "in": "header",
    "name": "If-Match",
    "required": True,
    "description": (
        "The ETag of the row as you saw it, of which the part before the dash counts: what people and machines "
        "decided, not the figures that follow. With * the row is changed whatever it is."
    ),
    "schema": {"type": "string", "maxLength": 200, "pattern": r'^(\*|(W/)?"[^"]+")$'},
    "example": '"1042.7x2-5d41402abc4b2a76b9719d911017c592"',
}
_LOCATION = {
    "description": "Where to see what was stored, or how far it is; of several rows, each says its own.",
    "schema": {"type": "string", "format": "uri"},
}


_PROBLEM = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
#: What somebody types, suggestion by suggestion, begins with nothing.
_MAY_BE_EMPTY = ("prefix", "type")
#: What may come of any request.
_ANYWHERE = {
    "401": {
        "description": "The token is wrong, expired or revoked; or none came, and one is needed.",
        "content": _PROBLEM,
    },
    "403": {"description": "The account, or the scopes of the token, do not allow this.", "content": _PROBLEM},
    "414": {"description": "The address is too long.", "content": _PROBLEM},
    "429": {"description": "Too many requests; `Retry-After` says when to ask again.", "content": _PROBLEM},
    "503": {
        "description": "The database did not answer in time; `Retry-After` says when to ask again.",
        "content": _PROBLEM,
    },
}
#: What may come of any request with a body.
_OF_BODIES = {"413": {"description": "The body is too large.", "content": _PROBLEM}}
_RETRY = {"Retry-After": {"description": "In how many seconds to ask again.", "schema": {"type": "integer"}}}
#: How who asks stands with the limits; who has none is told nothing.
_STANDING = {
    "RateLimit-Policy": {
        "description": "Each limit that the request fell under: how many (`q`) in how many seconds (`w`).",
        "schema": {"type": "string"},
        "example": '"reads";q=300;w=60, "searches";q=60;w=60',
    },
    "RateLimit": {
        "description": "What is left of each (`r`), and in how many seconds all of it comes back (`t`).",
        "schema": {"type": "string"},
        "example": '"reads";r=240;t=31, "searches";r=52;t=31',
    },
}


class Schema(AutoSchema):
    """Adds the parameters that every list and detail has."""

    def _get_parameters(self) -> list[dict[str, Any]]:
        # Without the one for `format` that the framework adds, which says nothing of it.
        parameters = [parameter for parameter in super()._get_parameters() if parameter["name"] != "format"]
        action = getattr(self.view, "action", None)
        if self.method == "GET" and action in ("list", "retrieve") and hasattr(self.view, "row_fields"):
            fields = self.view.row_fields()
            note = f"Only these members of rows, with commas: {', '.join(fields)}."
            parameters.append(_parameter("fields", note, pattern=_listed(fields)))
            included: list[str] = getattr(self.view, "includable", list)()
            if included:
                named = ", ".join(included)
                note = "Whole rows of other kinds that belong to the answer, under `included`; with commas"
                parameters.append(_parameter("include", f"{note}: {named}.", pattern=_listed(included)))
        asked = getattr(self.view, str(action), None)
        if getattr(asked, "is_versioned", False):
            parameters.append(_VERSION)
        if getattr(asked, "is_once", False):
            parameters.append(_KEY)
        if self.method != "GET" and action in getattr(self.view, "batched", ()):
            note = "Of several rows. 1: all are stored, or none (422). 0: each by itself."
            parameters.append(_parameter(PARAMETER, note, enum=["0", "1"], default="0"))
        formats = self._formats()
        if len(formats) > 1:
            parameters.append(
                _parameter("format", "The form of the answer; wins over `Accept`.", enum=formats, default=formats[0])
            )
        return parameters

    def _get_request_body(self, direction: Any = "request") -> dict[str, Any] | None:
        body: dict[str, Any] | None = super()._get_request_body(direction)
        if body is not None:
            # Not as the framework guesses, from whether each member by itself may be left out.
            action = getattr(self.view, str(getattr(self.view, "action", None)), None)
            body["required"] = not getattr(action, "body_may_lack", False)
        return body

    def _formats(self) -> list[str]:
        if self.method != "GET" or not hasattr(self.view, "expansions"):
            return []
        renderers: list[BaseRenderer] = self.view.get_renderers()
        return [str(renderer.format) for renderer in renderers]


def _parameter(name: str, description: str, **schema: Any) -> dict[str, Any]:
    return {"in": "query", "name": name, "description": description, "schema": {"type": "string", **schema}}


def _listed(names: Iterable[str]) -> str:
    """Return what a list of names that is written with commas looks like, as a regular expression."""
    name = f"({'|'.join(names)})"
    return f"^{name}(,{name})*$"


def finish(result: dict[str, Any], **_: Any) -> dict[str, Any]:
    """Return the description with problems as such, other forms as such, and what a conditional request gets."""
    for operations in result["paths"].values():
        for method, operation in operations.items():
            for parameter in operation.get("parameters", []):
                _refuse_nothing(parameter)
            common = _ANYWHERE
            if "requestBody" in operation:
                common = _ANYWHERE | _OF_BODIES
            responses = {status: {**response} for status, response in (common | operation["responses"]).items()}
            for status, response in responses.items():
                content = response.get("content", {})
                headers = {**response.get("headers", {}), **_headers(status)}
                if headers:
                    response["headers"] = headers
                if status.startswith(("4", "5")) and content:
                    shape = next(iter(content.values()))
                    example = _WRONG_BODY if status == "400" and method != "get" else _EXAMPLES.get(status)
                    if example is not None:
                        shape = {**shape, "example": example}
                    response["content"] = {MEDIA_TYPE: shape}
                elif status == "200":
                    response["content"] = {form: _of_form(form, shape) for form, shape in content.items()}
                elif status in ("201", "202", "207") and method != "get":
                    response.setdefault("headers", {})["Location"] = _LOCATION
                elif status == "301":
                    response["content"] = {"application/json": content["application/json"]}
            forms = responses.get("200", {}).get("content", {})
            if method == "get" and forms and "text/html" not in forms:
                responses["200"].setdefault("headers", {})["ETag"] = {
                    "description": "Of this answer; give it as `If-None-Match` to be told that it still stands.",
                    "schema": {"type": "string"},
                }
                responses["304"] = {"description": "What was asked for is as `If-None-Match` says."}
            operation["responses"] = dict(sorted(responses.items()))
    _say_null_once(result["components"])
    return result


def _say_null_once(shape: Any) -> None:
    """Leave out that what may be anything may be null: of the two exactly one would have to hold, and null is both."""
    if isinstance(shape, dict) and {} in (shape.get("oneOf") or ()):
        del shape["oneOf"]
    for part in shape.values() if isinstance(shape, dict) else shape if isinstance(shape, list) else ():
        _say_null_once(part)


def _headers(status: str) -> dict[str, Any]:
    """Return the headers that every answer of a status has."""
    standing = _STANDING if status.startswith("2") or status == "429" else {}
    return standing | (_RETRY if status in ("429", "503") else {})


def _refuse_nothing(parameter: dict[str, Any]) -> None:
    """Say of a parameter of words that one is needed: who means none leaves it out."""
    schema = parameter["schema"]
    if parameter["in"] != "query" or "enum" in schema or parameter["name"] in _MAY_BE_EMPTY:
        return
    words = schema.get("items", schema)
    if words.get("type") == "string" and "format" not in words:
        words["minLength"] = 1
        if schema.get("default") == "":
            del schema["default"]


def _of_form(form: str, shape: dict[str, Any]) -> dict[str, Any]:
    if form in _OTHER_FORMS:
        return {"schema": _OTHER_FORMS[form]}
    if form == "application/ld+json" and "nnotation" not in str(shape):
        return {"schema": _LINKED_DATA}
    return shape
