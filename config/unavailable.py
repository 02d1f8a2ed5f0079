"""What is answered when a request breaks: 503 where the database did not do its part in time, else 500."""

import sys
from http import HTTPStatus

import psycopg
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template import loader
from django.utils.translation import gettext as _
from django.views.defaults import server_error

from claims.api.errors import MEDIA_TYPE, problem

RETRY_AFTER_S = 30
FAULT = "A fault of this site, which its log tells of: the request was not carried out."


def broken(request: HttpRequest) -> HttpResponse:
    """Tell that a request was given up for the database's sake, or that something of ours broke."""
    error = sys.exception()
    of_api = request.path.startswith("/api/")
    if not isinstance(error, OperationalError | InterfaceError):
        return _problem(HTTPStatus.INTERNAL_SERVER_ERROR, FAULT) if of_api else server_error(request)
    if isinstance(error.__cause__, psycopg.errors.QueryCanceled):
        title = _("This takes too long")
        note = _("The database was stopped before it had found everything. Ask for less, or try again in a minute.")
    else:
        title = _("The database does not answer")
        note = _("Nothing you sent was half-done: try again in a minute.")
    status = HTTPStatus.SERVICE_UNAVAILABLE
    if of_api:
        response = _problem(status, f"{title}. {note}")
    else:
        page = loader.get_template("503.html").render({"title": title, "note": note})
        response = HttpResponse(page, status=status)
    response["Retry-After"] = str(RETRY_AFTER_S)
    response["Cache-Control"] = "no-store"
    return response


def _problem(status: HTTPStatus, detail: str) -> HttpResponse:
    return JsonResponse(problem(status, detail), status=status, content_type=MEDIA_TYPE)
