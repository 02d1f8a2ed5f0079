"""Pages of a list: each begins after a row, not at a number, so that rows which come or go move no others.

A cursor holds the sort values of the row that it begins after. It is signed, since it becomes part of a query.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core import signing
from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import F, Q, QuerySet
from django.db.models.expressions import OrderBy
from rest_framework.exceptions import ValidationError
from rest_framework.pagination import BasePagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import remove_query_param, replace_query_param

PARAMETERS = frozenset({"cursor", "limit", "count"})
LIMIT, LIMIT_MAX = 50, 200
COUNTS = ("none", "exact", "estimated")
#: What a count turns out to be.
COUNT_KINDS = (*COUNTS, "at_least")
_SALT = "claims.api.cursor"
#: Longer than any that is given out: a sort value is at most a name or an address.
CURSOR_MAX_CHARACTERS = 8000


@dataclass(frozen=True)
class Key:
    """One column that a list is sorted by; nulls, which only a first column may have, come last."""

    name: str
    descending: bool = False
    nullable: bool = False

    @classmethod
    def of(cls, name: str) -> "Key":
        """Return the key of a name with or without a minus."""
        return cls(name.removeprefix("-"), name.startswith("-"))

    def order(self, *, backwards: bool) -> OrderBy:
        column = F(self.name)
        nulls = {} if not self.nullable else {"nulls_first": True} if backwards else {"nulls_last": True}
        return column.desc(**nulls) if self.descending != backwards else column.asc(**nulls)

    def beyond(self, value: Any, *, backwards: bool) -> Q:
        return Q(**{f"{self.name}__{'lt' if self.descending != backwards else 'gt'}": value})

    def not_before(self, value: Any, *, backwards: bool) -> Q:
        return Q(**{f"{self.name}__{'lte' if self.descending != backwards else 'gte'}": value})


class KeysetPages(BasePagination):
    """`limit` rows after (or before) a row; links to the pages beside them; a count where it is asked for.

    The queryset comes with its `keys`, the last of which is unique, and the name of its ordering.
    """

    def paginate_queryset(self, queryset: Any, request: Request, view: Any = None) -> list[Any]:
        self.request = request
        self.keys: Sequence[Key] = view.ordering_keys
        self.ordering: str = view.ordering_name
        limit = asked_limit(request)
        kind = asked_count(request)
        counts = {"exact": lambda: queryset.order_by().count(), "estimated": lambda: _estimated(queryset)}
        self.count, self.count_kind = counts[kind]() if kind in counts else None, kind
        cursor = request.query_params.get("cursor", "")
        backwards, values = self._read(cursor) if cursor else (False, None)
        rows = self._rows(queryset, values, limit + 1, backwards=backwards)
        more = len(rows) > limit
        rows = rows[:limit]
        if backwards:
            rows.reverse()
        self.next = self.previous = None
        if rows:
            if backwards or more:
                self.next = self._address("next", rows[-1])
            if more if backwards else values is not None:
                self.previous = self._address("prev", rows[0])
        return rows

    def get_paginated_response(self, data: Any, **members: Any) -> Response:
        answer = {"count": self.count, "count_kind": self.count_kind}
        answer |= {"next": self.next, "previous": self.previous, "results": data, **members}
        links = [f'<{url}>; rel="{rel}"' for url, rel in ((self.next, "next"), (self.previous, "prev")) if url]
        links.append(f'<{remove_query_param(self.request.build_absolute_uri(), "cursor")}>; rel="first"')
        return Response(answer, headers={"Link": ", ".join(links)})

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        link = {"type": ["string", "null"], "format": "uri"}
        return {
            "type": "object",
            "required": ["count", "count_kind", "next", "previous", "results"],
            "properties": {
                "count": {
                    "type": ["integer", "null"],
                    "description": "Rows of all pages, where `count` asks for it.",
                    "examples": [123],
                },
                "count_kind": {"type": "string", "enum": list(COUNT_KINDS), "description": "What `count` is."},
                "next": {**link, "description": "The page after this one; null for the last."},
                "previous": {**link, "description": "The page before this one; null for the first."},
                "results": schema,
                "included": {
                    "type": "object",
                    "additionalProperties": {"type": "array", "items": {"type": "object"}},
                    "description": "With `include`: rows of other kinds that belong to these, by kind.",
                },
            },
        }

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        return [
            {
                "name": "limit",
                "in": "query",
                "description": f"Rows of a page, 1 to {LIMIT_MAX}.",
                "schema": {"type": "integer", "minimum": 1, "maximum": LIMIT_MAX, "default": LIMIT},
            },
            {
                "name": "cursor",
                "in": "query",
                "description": "Where the page begins: from `next` or `previous` of another page, as it is.",
                "schema": {"type": "string", "maxLength": CURSOR_MAX_CHARACTERS},
            },
            {
                "name": "count",
                "in": "query",
                "description": "exact: all rows are counted; estimated: as the database's planner guesses; none: null.",
                "schema": {"type": "string", "enum": list(COUNTS), "default": "none"},
            },
        ]

    def _rows(self, queryset: QuerySet[Any], values: list[Any] | None, most: int, *, backwards: bool) -> list[Any]:
        """Return at most `most` rows beyond `values`, in the direction asked for.

        Rows without a first value are a query of their own, so that each can follow an index.
        """
        ordered = queryset.order_by(*(key.order(backwards=backwards) for key in self.keys))
        if values is None:
            return list(ordered[:most])
        first = self.keys[0]
        if not first.nullable:
            return list(ordered.filter(self._beyond(values, backwards=backwards))[:most])
        without = Q(**{f"{first.name}__isnull": True})
        if values[0] is None:
            rest = _beyond(self.keys[1:], values[1:], backwards=backwards)
            rows = list(ordered.filter(without & rest)[:most])
            if backwards and len(rows) < most:
                rows += ordered.filter(~without)[: most - len(rows)]
            return rows
        rows = list(ordered.filter(~without & self._beyond(values, backwards=backwards))[:most])
        if not backwards and len(rows) < most:
            rows += ordered.filter(without)[: most - len(rows)]
        return rows

    def _beyond(self, values: list[Any], *, backwards: bool) -> Q:
        # The bound by the first column says nothing new; it is what an index can begin at.
        return self.keys[0].not_before(values[0], backwards=backwards) & _beyond(self.keys, values, backwards=backwards)

    def _address(self, direction: str, row: Any) -> str:
        values = [_plain(getattr(row, key.name)) for key in self.keys]
        return self.at(signing.dumps([self.ordering, direction, values], salt=_SALT, compress=True))

    def at(self, cursor: str) -> str:
        """Return the address of the page that begins at a cursor."""
        return replace_query_param(self.request.build_absolute_uri(), "cursor", cursor)

    def _read(self, cursor: str) -> tuple[bool, list[Any]]:
        try:
            if len(cursor) > CURSOR_MAX_CHARACTERS:
                raise signing.BadSignature("too long")
            ordering, direction, values = signing.loads(cursor, salt=_SALT)
        except signing.BadSignature as error:
            raise cursor_refused("It was not given out here.") from error
        if ordering != self.ordering:
            raise cursor_refused("It belongs to a list in another order.")
        return direction == "prev", [_from_plain(value) for value in values]


def cursor_refused(reason: str) -> ValidationError:
    return ValidationError(
        {"cursor": [f"{reason} Take one, as it is, from `next` or `previous` of a page of this list."]}
    )


def _beyond(keys: Sequence[Key], values: Sequence[Any], *, backwards: bool) -> Q:
    """Return the condition that a row comes after `values`, compared column by column."""
    key, value = keys[0], values[0]
    if len(keys) == 1:
        return key.beyond(value, backwards=backwards)
    rest = _beyond(keys[1:], values[1:], backwards=backwards)
    return key.beyond(value, backwards=backwards) | (Q(**{key.name: value}) & rest)


def _plain(value: Any) -> Any:
    return {"at": value.isoformat()} if isinstance(value, datetime) else value


def _from_plain(value: Any) -> Any:
    return datetime.fromisoformat(value["at"]) if isinstance(value, dict) else value


def asked_limit(request: Request) -> int:
    raw = request.query_params.get("limit", "")
    if not raw:
        return LIMIT
    # Checked by length first: Python refuses to read thousands of digits.
    if not (raw.isascii() and raw.isdigit() and len(raw) <= 9 and 0 < int(raw) <= LIMIT_MAX):
        raise ValidationError({"limit": [f"Give a whole number from 1 to {LIMIT_MAX}."]})
    return int(raw)


def asked_count(request: Request) -> str:
    kind = request.query_params.get("count", "") or "none"
    if kind not in COUNTS:
        raise ValidationError({"count": [f"“{kind}” is not one of: {', '.join(COUNTS)}."]})
    return kind


def _estimated(queryset: QuerySet[Any]) -> int:
    """Return how many rows the database's planner expects: found in no time, and only roughly right."""
    try:
        sql, parameters = queryset.order_by().values("pk").query.sql_with_params()
    except EmptyResultSet:
        return 0
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (FORMAT JSON) {sql}", parameters)
        (plan,) = cursor.fetchone()
    return int(plan[0]["Plan"]["Plan Rows"])
