"""What the desk's pages need that templates cannot say."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import template

register = template.Library()


@register.filter
def named(names: Mapping[str, Any], key: str) -> Any:
    """Return the name of a key; the key itself where it has none."""
    return names.get(key, key)


@register.filter
def pairs(one: Iterable[Any], other: Iterable[Any]) -> list[tuple[Any, Any]]:
    """Return what stands at the same place of two lists, by twos."""
    return list(zip(one, other, strict=True))
