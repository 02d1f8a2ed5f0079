"""Which language a page is in: its address alone says so, so that one address is one page for caches and for links."""

import re
from functools import cache

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.middleware.locale import LocaleMiddleware
from django.urls import get_script_prefix
from django.utils import translation

#: What language negotiation calls the version for readers of none of our languages.
ANY_LANGUAGE = "x-default"


class LanguageMiddleware(LocaleMiddleware):
    """Shows a page in the language that its address begins with, English where it begins with none.

    Neither Accept-Language nor a cookie is asked, so answers do not vary by them: Django's own middleware says that
    they do.
    """

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        # Files and API answers hold what outlets wrote, in whichever languages.
        if response.headers.get("Content-Type", "").startswith("text/html"):
            response.headers.setdefault("Content-Language", tag(translation.get_language()))
        return response


def tag(code: str) -> str:
    """Return a language as `lang` and `hreflang` name it (BCP 47): zh-Hans for zh-hans."""
    language, _, rest = code.partition("-")
    return f"{language}-{rest.title() if len(rest) == len('Hans') else rest.upper()}" if rest else language


def in_language(path: str, code: str) -> str:
    """Return the address of the same page in another language; the query stays as it is."""
    root = get_script_prefix()
    page = _prefix().sub("", path.removeprefix(root), count=1)
    return f"{root}{page}" if code == settings.LANGUAGE_CODE else f"{root}{code}/{page}"


@cache
def _prefix() -> re.Pattern[str]:
    codes = "|".join(re.escape(code) for code, _ in settings.LANGUAGES)
    return re.compile(rf"^(?:{codes})/")
