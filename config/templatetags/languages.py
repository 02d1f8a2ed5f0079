"""Addresses of a page in the languages of the site."""

from dataclasses import dataclass

from django import template
from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils import translation
from django.utils.translation import get_language_info

from config.languages import ANY_LANGUAGE, in_language, tag

register = template.Library()


@dataclass(frozen=True)
class Version:
    """A page in one language: its tag and name, its path with the query, and whether it is the one that is shown."""

    tag: str
    name: str
    address: str
    shown: bool


@register.simple_tag(takes_context=True)
def versions(context: template.Context) -> list[Version]:
    """Return the versions of the page that is shown, those of the first page where an error has no request.

    What a form was sent to may have no page of its own, so its answer leads to the first page.
    """
    request: HttpRequest | None = context.get("request")
    here = request.get_full_path() if request and request.method in ("GET", "HEAD") else reverse("home")
    return [
        Version(
            tag(code),
            get_language_info(code)["name_local"],
            in_language(here, code),
            code == translation.get_language(),
        )
        for code, _ in settings.LANGUAGES
    ]


@register.simple_tag(takes_context=True)
def alternates(context: template.Context) -> list[tuple[str, str]]:
    """Return tag and whole address of each version of a page, without its query, the one for all others last."""
    request: HttpRequest = context["request"]
    addresses = [
        (tag(code), request.build_absolute_uri(in_language(request.path, code))) for code, _ in settings.LANGUAGES
    ]
    return [*addresses, (ANY_LANGUAGE, request.build_absolute_uri(in_language(request.path, settings.LANGUAGE_CODE)))]


@register.simple_tag(takes_context=True)
def canonical(context: template.Context) -> str:
    """Return the whole address of a page without its query, "" where the request has none that can be trusted."""
    request: HttpRequest | None = context.get("request")
    return request.build_absolute_uri(request.path) if request else ""


@register.simple_tag
def language_tag() -> str:
    """Return the language of the page as `lang` names it."""
    return tag(translation.get_language())
