"""Querysets that Django writes as SQL once for each process, and PostgreSQL plans once for each connection.

To put a queryset together and write it takes Django several milliseconds where it names a few tables, more than to have
it answered. What pages ask each time is the same but for values.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import count
from typing import Any, Generic, TypeVar
from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import BigIntegerField, BooleanField, F, Func, Model, QuerySet, Value, prefetch_related_objects
from django.db.models.query import ModelIterable, get_related_populators

from claims.prepared import fetch_all

Row = TypeVar("Row")


class IsAny(Func):
    """Whether a column is one of the ids of a list; unlike `__in`, the same SQL for however many."""

    arg_joiner = " = ANY("
    template = "%(expressions)s::bigint[])"
    output_field = BooleanField()

    def __init__(self, column: str, ids: Sequence[int]) -> None:
        super().__init__(F(column), Value(ids, output_field=ArrayField(BigIntegerField())))


class ValueNotFound(TypeError):
    """A queryset does not hand a value that it is made of to PostgreSQL as it is; the message says which."""


class Compiled(Generic[Row]):
    """A queryset, made of values of these kinds (int, UUID, or list for one of ints), whose SQL is kept.

    make: returns the queryset for such values; what it asks must not depend on them but for the values themselves. It
    gives models or, by `values_list`, tuples. Called with values, gives a list of them.
    """

    def __init__(self, make: Callable[..., QuerySet[Any, Row]], *kinds: type) -> None:
        self._make, self._kinds = make, kinds
        self._query: _Query | None = None

    def __call__(self, *values: Any) -> list[Row]:
        if self._query is None:
            self._query = _compile(self._make, self._kinds)
        return self._query.rows(values)


@dataclass(frozen=True)
class _Query:
    """What Django's compiler came to, without the connection that it was made for."""

    sql: str
    parameters: list[Any]
    #: Which of the values each parameter is, by its place; the others are always the same.
    values: dict[int, int]
    converters: list[tuple[int, list[Callable[..., Any]], Any]]
    models: "_Models | None"
    prefetched: tuple[Any, ...]

    def rows(self, values: Sequence[Any]) -> list[Any]:
        parameters = list(self.parameters)
        for place, number in self.values.items():
            sample = parameters[place]
            # Django marks integers with the type of their column.
            parameters[place] = type(sample)(values[number]) if isinstance(sample, int) else values[number]
        rows = fetch_all(self.sql, parameters)
        if self.converters:
            rows = list(map(self._converted, rows))
        if self.models is None:
            return rows
        found = list(map(self.models.instance, rows))
        if self.prefetched and found:
            prefetch_related_objects(found, *self.prefetched)
        return found

    def _converted(self, fetched: tuple[Any, ...]) -> tuple[Any, ...]:
        row = list(fetched)
        for column, steps, expression in self.converters:
            for step in steps:
                row[column] = step(row[column], expression, connections[DEFAULT_DB_ALIAS])
        return tuple(row)


@dataclass(frozen=True)
class _Models:
    """How rows become instances of a model, their columns from `first` to `end` being its own."""

    model: type[Model]
    first: int
    end: int
    names: list[str]
    related: list[Any]
    annotations: dict[str, int]

    def instance(self, row: tuple[Any, ...]) -> Model:
        instance = self.model.from_db(DEFAULT_DB_ALIAS, self.names, row[self.first : self.end])
        for related in self.related:
            related.populate(row, instance)
        for name, column in self.annotations.items():
            setattr(instance, name, row[column])
        return instance


def _compile(make: Callable[..., QuerySet[Any, Any]], kinds: Sequence[type]) -> _Query:
    """Return the SQL of a queryset as Django's `ModelIterable` has it written, and how that reads what comes of it."""
    # Values that nothing else in a query has.
    numbers = count(2_000_000_011)
    samples: list[Any] = [
        UUID(int=next(numbers)) if kind is UUID else [next(numbers)] if kind is list else next(numbers)
        for kind in kinds
    ]
    queryset: Any = make(*samples)
    compiler = queryset.query.get_compiler(using=DEFAULT_DB_ALIAS)
    sql, parameters = compiler.as_sql()
    values = {
        place: samples.index(parameter)
        for place, parameter in enumerate(parameters)
        if isinstance(parameter, int | UUID | list) and parameter in samples
    }
    if missing := set(range(len(samples))) - set(values.values()):
        raise ValueNotFound(f"values {sorted(missing)} are not among the parameters of: {sql}")
    chosen = [expression for expression, _, _ in compiler.select]
    models = None
    if issubclass(queryset._iterable_class, ModelIterable):
        shape = compiler.klass_info
        first, end = shape["select_fields"][0], shape["select_fields"][-1] + 1
        models = _Models(
            shape["model"],
            first,
            end,
            [expression.target.attname for expression in chosen[first:end]],
            get_related_populators(shape, compiler.select, DEFAULT_DB_ALIAS),  # type: ignore[call-arg]
            dict(compiler.annotation_col_map),
        )
    return _Query(
        sql,
        list(parameters),
        values,
        [(column, steps, expression) for column, (steps, expression) in compiler.get_converters(chosen).items()],
        models,
        queryset._prefetch_related_lookups,
    )
