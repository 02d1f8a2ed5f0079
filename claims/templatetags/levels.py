"""The level of a claim, as a word and a drawing."""

from functools import lru_cache

from django import template
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

register = template.Library()


@register.simple_tag
def level_mark(level: str, disputed: bool = False) -> SafeString:
    """Return a level as a word and a drawing, made once for each: a page may show hundreds."""
    return _level_mark(level, disputed, get_language())


@lru_cache(maxsize=64)
def _level_mark(level: str, disputed: bool, language: str) -> SafeString:
    # `language` is what the words follow, so that each language has its own.
    return mark_safe(render_to_string("claims/_level.html", {"level": level, "disputed": disputed}).strip())  # noqa: S308
