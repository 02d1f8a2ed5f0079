"""Several rows in one request: each with its own outcome, stored one by one, or all or none."""

import json
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from rest_framework import status
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from claims.api.errors import REFUSALS, BodyRefused, ProblemRenderer, RowsRefused, problem, tell

PARAMETER = "atomic"
#: Each row is a transaction, or a part of one that keeps everybody else from deciding meanwhile.
ROWS_MAX = 100


@dataclass(frozen=True)
class Stored:
    """A row that was stored: its status, and the row as a reading of it answers, with its version."""

    status: int
    row: dict[str, Any] | None = None
    version: str = ""


Store = Callable[[Any], Stored]


def store_rows(request: Request, store: Store, *, rows: Any = None) -> Response:
    """Return the outcome of each row of a body that is a list, or of the rows that were found in it.

    A row that is refused stops none of the others, unless `atomic=1` asks for all or none: then RowsRefused is raised,
    and nothing is stored.
    """
    rows, atomic = given_rows(request.data if rows is None else rows, most=ROWS_MAX), asked_atomic(request)
    with transaction.atomic() if atomic else nullcontext():
        results = [_result(index, row, store) for index, row in enumerate(rows)]
        if atomic:
            check_all(results)
    return Response({"results": results}, status=status.HTTP_207_MULTI_STATUS)


def given_rows(body: Any, *, most: int) -> Sequence[Any]:
    """Return the rows of a body that is a list; raises BodyRefused where they are none or too many."""
    if not isinstance(body, list) or not 0 < len(body) <= most:
        raise BodyRefused({"body": [f"Give a list of 1 to {most:,} rows."]})
    return body


def asked_atomic(request: Request) -> bool:
    """Return whether all rows are to be stored or none."""
    value = request.query_params.get(PARAMETER) or "0"
    if value not in ("0", "1"):
        raise ValidationError({PARAMETER: ["Give 1 (all rows or none) or 0 (each by itself)."]})
    return value == "1"


def check_all(results: Sequence[dict[str, Any]]) -> None:
    """Raise RowsRefused where a row was refused; those that were not, failed with it."""
    if all(result["problem"] is None for result in results):
        return
    others = problem(status.HTTP_424_FAILED_DEPENDENCY, "Another row was refused, so this was not stored either.")
    raise RowsRefused(
        [
            result if result["problem"] is not None else _refused(result["index"], others["status"], others)
            for result in results
        ]
    )


def result(index: int, outcome: Stored | Exception) -> dict[str, Any]:
    """Return the outcome of a row as it is answered: what was stored, or why it was refused."""
    if isinstance(outcome, Stored):
        stored = {"status": outcome.status, "version": outcome.version, "row": outcome.row}
        return {"index": index, **stored, "problem": None}
    told = tell(outcome)
    if told is None:
        raise outcome
    return _refused(index, told.status, told.members)


def _refused(index: int, code: int, told: dict[str, Any]) -> dict[str, Any]:
    # As a problem of its own would be written: what was sent may be no text that can be.
    plain = json.loads(ProblemRenderer().render(told))
    return {"index": index, "status": code, "version": "", "row": None, "problem": plain}


def _result(index: int, row: Any, store: Store) -> dict[str, Any]:
    try:
        with transaction.atomic():
            return result(index, store(row))
    except REFUSALS as refusal:
        return result(index, refusal)
