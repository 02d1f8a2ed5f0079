"""What is answered to who asks for too much: at once, in too long an address, or in too large a form."""

import time
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from http import HTTPStatus
from typing import Any

import psycopg
from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.db import DEFAULT_DB_ALIAS, OperationalError, connections
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import render
from django.template import loader
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.defaults import bad_request

from claims.api.errors import MEDIA_TYPE, problem
from config import limits
from config.languages import tag

#: Files that take the database long; in the API, lists as files are counted with them.
_EXPORTS = frozenset({"claims_csv", "topic_matrix", "claim_evidence", "snapshot_download", "import_failures"})


class LimitsMiddleware:
    """Refuses addresses that are too long (414), limits what pages search and export (429), and says how one stands.

    What is read from the API is given up (503) when all its queries together take too long; a single one is ended by
    PostgreSQL, after DATABASE_STATEMENT_TIMEOUT_S. Lists as files are read while they are sent, and not limited.

    How many errors readers may flag and how often one may try to sign in is limited where that is done; the API limits
    itself in claims.api.throttling, where it is known whose token it is.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        length = len(request.META.get("RAW_URI") or request.get_full_path())
        if length > settings.URL_MAX_CHARACTERS:
            return _too_long(request, length)
        with _time_limit(request):
            response = self.get_response(request)
        for name, value in limits.headers(request).items():
            response.headers[name] = value
        return response

    def process_view(self, request: HttpRequest, view: object, args: object, kwargs: object) -> HttpResponse | None:
        match = request.resolver_match
        if match is None or "api" in match.namespaces or request.method not in ("GET", "HEAD"):
            return None
        counted = [limits.exports()] if match.view_name in _EXPORTS else []
        if request.GET.get("q", "").strip():
            counted.append(limits.searches())
        if not counted:
            return None
        try:
            limits.limit_request(request, _asker(request), counted)
        except limits.Limited as refusal:
            return _too_many(request, refusal.standing)
        return None


def _time_limit(request: HttpRequest) -> AbstractContextManager[None]:
    """Return what ends a request to read from the API before the first query after its time."""
    limit_s = settings.API_READ_TIME_S
    if not limit_s or request.method not in ("GET", "HEAD") or not request.path.startswith("/api/"):
        return nullcontext()
    end = time.monotonic() + limit_s

    def within_time(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
        if time.monotonic() > end:
            cause = psycopg.errors.QueryCanceled(f"the queries of one request took more than {limit_s} s")
            raise OperationalError(str(cause)) from cause
        return execute(sql, params, many, context)

    return connections[DEFAULT_DB_ALIAS].execute_wrapper(within_time)


def _asker(request: HttpRequest) -> str | None:
    address = limits.address_asker(request)
    # Nobody without its cookie has a session, which is then not looked for.
    if address and settings.SESSION_COOKIE_NAME in request.COOKIES and request.user.is_authenticated:
        return f"account {request.user.pk}"
    return address


def _too_many(request: HttpRequest, standing: limits.Standing) -> HttpResponse:
    wait = ngettext("Try again in %(count)d second.", "Try again in %(count)d seconds.", standing.reset_s) % {
        "count": standing.reset_s
    }
    response = render(request, "429.html", {"wait": wait}, status=HTTPStatus.TOO_MANY_REQUESTS)
    response.headers["Cache-Control"] = "no-store"
    return response


def _too_long(request: HttpRequest, length: int) -> HttpResponse:
    most = settings.URL_MAX_CHARACTERS
    status = HTTPStatus.REQUEST_URI_TOO_LONG
    if request.path.startswith("/api/"):
        detail = f"The address has {length:,} characters; the limit is {most:,}. Ask for less at a time."
        return JsonResponse(problem(status, detail), status=status, content_type=MEDIA_TYPE)
    # Told before LanguageMiddleware; and without the request, whose address the page's links would repeat.
    language = translation.get_language_from_path(request.path_info) or settings.LANGUAGE_CODE
    with translation.override(language):
        page = loader.render_to_string("414.html", {"note": _("This address is too long.")})
    return HttpResponse(page, status=status, headers={"Content-Language": tag(language)})


def bad(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer 400 to what cannot be meant, and 413 where a form holds more than the site takes."""
    is_too_big = isinstance(exception, RequestDataTooBig)
    if request.path.startswith("/api/"):
        status = HTTPStatus.REQUEST_ENTITY_TOO_LARGE if is_too_big else HTTPStatus.BAD_REQUEST
        detail = "The request cannot be read: its host, a header or its form is not what it may be."
        if is_too_big:
            detail = f"The body is larger than {settings.DATA_UPLOAD_MAX_MEMORY_SIZE:,} bytes. Send it in parts."
        return JsonResponse(problem(status, detail), status=status, content_type=MEDIA_TYPE)
    if is_too_big:
        return render(request, "413.html", status=HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
    return bad_request(request, exception)
