"""What the desk's pages need that templates cannot say."""

from collections.abc import Mapping
from typing import Any

from django import template

register = template.Library()


@register.filter
def named(names: Mapping[str, Any], key: str) -> Any:
    """Return the name of a key; the key itself where it has none."""
    return names.get(key, key)
