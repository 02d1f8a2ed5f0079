"""The headers with which every answer tells a browser what it may do with it."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase

# All scripts and styles are files of the site: what somebody smuggles into a page is neither run nor sent anywhere.
CONTENT_SECURITY_POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    # `data:` for the symbols of the API browser and the picture of a second step's secret.
    "img-src": "'self' data:",
    "font-src": "'self'",
    "connect-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
}
_NOT_NEEDED = ("camera", "display-capture", "fullscreen", "geolocation", "microphone", "payment", "usb")

HEADERS = {
    "Content-Security-Policy": "; ".join(f"{name} {value}" for name, value in CONTENT_SECURITY_POLICY.items()),
    "Permissions-Policy": ", ".join(f"{name}=()" for name in _NOT_NEEDED),
    "Cross-Origin-Resource-Policy": "same-origin",
}


class HeadersMiddleware:
    """Gives each answer the headers that it does not have yet; Django's own middleware gives it the others.

    Fixed headers need no library: no page has a script or style of its own, so there is no nonce to hand out.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        # A developer's error page has its styles and scripts in itself.
        if not (settings.DEBUG and response.status_code in {404, 500}):
            for name, value in HEADERS.items():
                response.headers.setdefault(name, value)
        return response
