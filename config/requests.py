"""Each request: its id, its line in the log, and how long its answer took."""

import logging
import re
import time
import uuid
from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase

from config import metrics
from config.logs import request_id

logger = logging.getLogger("second_source.requests")

_GIVEN_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")


class RequestMiddleware:
    """Gives each request an id, measures how long its answer takes, and logs one line about it.

    The id is that of X-Request-ID where a proxy has given one, and it is sent back under that name.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        given = request.headers.get("X-Request-ID", "")
        own = given if _GIVEN_ID.fullmatch(given) else uuid.uuid4().hex
        token, began = request_id.set(own), time.monotonic()
        try:
            response = self.get_response(request)
            duration_s = time.monotonic() - began
            view = request.resolver_match.view_name if request.resolver_match else ""
            metrics.observe_request(view, request.method or "", response.status_code, duration_s)
            if view not in {"healthz", "readyz", "metrics"}:
                # The query may hold what a person searched for.
                logger.info(
                    "method=%s path=%s view=%s status=%d ms=%d",
                    *(request.method, _one_line(request.path), view, response.status_code, round(duration_s * 1000)),
                )
        finally:
            request_id.reset(token)
        response.headers["X-Request-ID"] = own
        return response


def _one_line(path: str) -> str:
    """Return a path that can forge no line of a log."""
    shown = "".join(character if character.isprintable() and character != " " else "\ufffd" for character in path)
    return shown if len(shown) <= 200 else f"{shown[:200]}…"
