"""What Schemathesis is told of the API beside its description; it loads this by the environment variable it reads."""

from typing import Any

import schemathesis
from schemathesis import Case, CheckContext, HookContext, Response
from schemathesis.core.parameters import ParameterLocation

#: Given out by the API, signed: whatever is made up is none. And what leaves members of a row out, which are described.
NOT_MADE_UP = ("cursor", "since", "fields")
#: What a value of the right form may still be refused for, which no description can say.
CANNOT_BE_DESCRIBED = (
    *("There is no ", "needs the parameter", "A clock needs a moment", "lies ahead"),
    *("It is not JSON", "Give an object of queries", "Null characters"),
)


@schemathesis.hook
def before_load_schema(context: HookContext, raw_schema: dict[str, Any]) -> None:
    """Ask for lists from their beginning, for whole rows, and to try again without saying what."""
    for operations in raw_schema["paths"].values():
        for operation in operations.values():
            operation["parameters"] = [p for p in operation.get("parameters", []) if p["name"] not in NOT_MADE_UP]
    # More is taken than is described: no body at all, which means all that failed.
    raw_schema["paths"]["/api/v1/imports/{uid}/retry/"]["post"]["requestBody"]["required"] = False


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
