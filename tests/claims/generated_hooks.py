"""What Schemathesis is told of the API beside its description; it loads this by the environment variable it reads."""

import itertools
import json
import os
import re
from typing import Any
from zlib import crc32

import schemathesis
from schemathesis import Case, CheckContext, HookContext, Response
from schemathesis.core.parameters import ParameterLocation

#: Given out by the API, signed: whatever is made up is none. And what leaves members of a row out, which are described.
NOT_MADE_UP = ("cursor", "since", "fields")
#: What a value of the right form may still be refused for, which no description can say.
CANNOT_BE_DESCRIBED = (
    *("There is no ", "needs the parameter", "A clock needs a moment", "lies ahead"),
    *("It is not JSON", "Give an object of", "Give either queries or extend", "Null characters"),
)
#: The uids of rows that there are, by resource.
KNOWN: dict[str, list[str]] = json.loads(os.environ.get("GENERATED_REQUESTS_ROWS", "{}"))
#: Of which resource a member of a body names a row.
NAMED = {
    **dict.fromkeys(("claim", "other", "into", "to"), "claims"),
    **dict.fromkeys(("attribution", "attributions"), "attributions"),
    **dict.fromkeys(("topic", "topics"), "topics"),
    **{name.removesuffix("s"): name for name in ("articles", "outlets", "revisions", "speakers", "statements")},
}
#: Numbers what is sent.
SENT = itertools.count()
UID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)


@schemathesis.hook
def before_load_schema(context: HookContext, raw_schema: dict[str, Any]) -> None:
    """Ask for lists from their beginning, and for whole rows."""
    for operations in raw_schema["paths"].values():
        for operation in operations.values():
            operation["parameters"] = [p for p in operation.get("parameters", []) if p["name"] not in NOT_MADE_UP]


@schemathesis.hook
def before_call(context: HookContext, case: Case, kwargs: dict[str, Any]) -> None:
    """Of what is as described, let half ask for rows that there are and half whatever these are now, some with one key.

    Made-up uids and versions are none: all would end at 404 or 412.
    """
    if case.meta is None or not case.meta.generation.mode.is_positive:
        return
    resource = case.path.removeprefix("/api/v1/").partition("/")[0]
    if "uid" in case.path_parameters:
        case.path_parameters["uid"] = _known(resource, case.path_parameters["uid"])
    # A body that is set is looked at again, and one that may be left out, and is, would be taken for wrong.
    if isinstance(case.body, dict | list):
        case.body = _with_known(case.body, "")
    number = next(SENT)
    if "If-Match" in case.headers and number % 2:
        case.headers["If-Match"] = "*"
    if "Idempotency-Key" in case.headers:
        case.headers["Idempotency-Key"] = f'"request-{number}"' if number % 8 else '"again"'


def _known(resource: str, made_up: Any) -> Any:
    rows, number = KNOWN.get(resource), crc32(str(made_up).encode("utf-8", "replace"))
    return rows[number // 2 % len(rows)] if rows and number % 2 == 0 else made_up


def _with_known(body: Any, name: str) -> Any:
    if isinstance(body, dict):
        return {member: _with_known(value, member) for member, value in body.items()}
    if isinstance(body, list):
        return [_with_known(value, name) for value in body]
    is_uid = name in NAMED and isinstance(body, str) and UID.fullmatch(body)
    return _known(NAMED[name], body) if is_uid else body


@schemathesis.check
def refusals_are_problems(ctx: CheckContext, response: Response, case: Case) -> None:
    """Whatever is refused, and why, is told in the same members, and the form that was asked for changes nothing."""
    if response.status_code < 400 or not response.content:
        return
    assert response.headers["content-type"] == ["application/problem+json"], response.headers["content-type"]
    problem = response.json()
    assert problem["type"] == "about:blank"
    assert problem["status"] == response.status_code
    assert problem["title"], problem
    assert problem["detail"], problem


@schemathesis.check
def refused_for_what_can_be_described(ctx: CheckContext, response: Response, case: Case) -> None:
    """What may be asked is refused only for what the description cannot say, such as that no such row is stored.

    Of what is sent to be written, members that must or must not come together are told in words.
    """
    if response.status_code != 400 or case.method != "GET":
        return
    if case.meta is None or not case.meta.generation.mode.is_positive:
        return
    problem = response.json()
    told = [words for told in (problem.get("parameters") or problem.get("fields") or {}).values() for words in told]
    other = [words for words in told if not any(known in words for known in CANNOT_BE_DESCRIBED)]
    assert told and not other, f"Refused, though described so: {problem}"  # noqa: PT018


@schemathesis.check
def rows_are_refused_by_themselves(ctx: CheckContext, response: Response, case: Case) -> None:
    """Of several rows that are not as described, at least one is refused."""
    if response.status_code == 207 and case.meta is not None and case.meta.is_negative_at(ParameterLocation.BODY):
        results = response.json()["results"]
        assert any(result["problem"] for result in results), f"All were stored, though not described so: {results}"
