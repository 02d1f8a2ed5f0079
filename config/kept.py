"""Pages for strangers are kept for a moment, so that one that thousands ask for at once is made once."""

from collections.abc import Callable
from hashlib import sha256
from http import HTTPStatus

from django.conf import settings
from django.core.cache import caches
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.cache import patch_vary_headers

CACHE = "pages"
#: The largest page that is kept, in bytes.
LARGEST = 256 * 1024
_SAFE = frozenset({"GET", "HEAD"})
#: What tells the site who asks, or that the answer is to be a part of a page.
_ASKERS = ("Cookie", "Authorization", "HX-Request")
#: Whoever sends none of those headers gets what others got who sent none.
_MAY_VARY_BY = frozenset(name.lower() for name in _ASKERS)


class KeptPagesMiddleware:
    """Answers whoever sends no cookie with the page that another got within the last PAGES_KEPT_S seconds.

    The last middleware, and after the address was resolved: what the others refuse or count is refused and counted of
    kept pages too. Browsers are not told to keep anything: theirs would be another moment on top.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        key = getattr(request, "kept_as", None)
        if key is not None and isinstance(response, HttpResponse) and _is_for_all(request, response):
            patch_vary_headers(response, ["Cookie"])
            caches[CACHE].set(key, response, settings.PAGES_KEPT_S)
        return response

    def process_view(self, request: HttpRequest, view: object, args: object, kwargs: object) -> HttpResponse | None:
        if not settings.PAGES_KEPT_S or request.method not in _SAFE or any(map(request.headers.get, _ASKERS)):
            return None
        key = sha256(f"{request.method} {request.build_absolute_uri()}".encode()).hexdigest()
        kept: HttpResponse | None = caches[CACHE].get(key)
        if kept is None:
            request.kept_as = key  # type: ignore[attr-defined]
        return kept


def _is_for_all(request: HttpRequest, response: HttpResponse) -> bool:
    """Return whether an answer is a page which everybody would get who sends no more than this asker."""
    headers = response.headers
    varies_by = {name.strip().lower() for name in headers.get("Vary", "").split(",")} - {""}
    # Both are sent as cookies, but by middleware that comes after this one.
    is_told_apart = request.session.modified or "CSRF_COOKIE_NEEDS_UPDATE" in request.META
    return (
        response.status_code == HTTPStatus.OK
        and headers.get("Content-Type", "").startswith("text/html")
        and len(response.content) <= LARGEST
        and not (response.cookies or is_told_apart)
        and "Cache-Control" not in headers
        and varies_by <= _MAY_VARY_BY
    )
