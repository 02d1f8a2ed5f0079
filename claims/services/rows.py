"""Rows as JSON, so that what a merge gives up or changes can be put back as it was."""

from typing import Any
from uuid import UUID

from django.db import models


def as_json(value: Any) -> Any:
    if isinstance(value, UUID):
        return str(value)
    return value.isoformat() if hasattr(value, "isoformat") else value


def from_json(model: type[models.Model], attname: str, value: Any) -> Any:
    field = next(field for field in model._meta.concrete_fields if field.attname == attname)
    return value if isinstance(field, models.JSONField) else field.to_python(value)


def row_values(row: models.Model) -> dict[str, Any]:
    """Return the columns of a row."""
    return {field.attname: as_json(getattr(row, field.attname)) for field in row._meta.concrete_fields}


def update_row(row: models.Model, changed: dict[str, Any]) -> None:
    """Give a row columns that `row_values` returned once."""
    for name, value in changed.items():
        setattr(row, name, from_json(type(row), name, value))
    row.save()


def insert_row(model: type[models.Model], kept: dict[str, Any]) -> None:
    """Store a row again that was deleted, with its id and its time of creation."""
    row = model(**{name: from_json(model, name, value) for name, value in kept.items()})
    row.save(force_insert=True)
    if "created_at" in kept:
        model._default_manager.filter(pk=row.pk).update(created_at=kept["created_at"])
