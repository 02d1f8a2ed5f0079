"""Answers of the API in fewer bytes, for who takes them so."""

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware


class ApiGZipMiddleware(GZipMiddleware):
    """Compresses what the API answers, lists as files included, where no proxy in front of it does.

    But no stream of events: one would wait in the compressor until others fill it.
    """

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        is_behind_proxy = settings.SECURE_PROXY_SSL_HEADER is not None
        is_stream_of_events = response.headers.get("Content-Type", "").startswith("text/event-stream")
        if is_behind_proxy or is_stream_of_events or not request.path.startswith("/api/"):
            return response
        answer: HttpResponseBase = super().process_response(request, response)
        return answer
