"""A site that only its accounts read, as PUBLIC_READS=0 makes it: its pages and files; the API asks by itself."""

from collections.abc import Callable
from http import HTTPStatus
from pathlib import PurePosixPath

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponseBase, JsonResponse

from accounts.authentication import bearer
from accounts.scopes import Scope
from accounts.tokens import find_token
from claims.api.errors import MEDIA_TYPE, problem
from config.languages import in_language

#: Where one comes to have an account or a session, and what programs ask of the site itself.
_OPEN = ("/accounts/", "/admin/", "/api/")
_OPEN_VIEWS = frozenset({"healthz", "readyz", "metrics", "robots"})
_SAFE = frozenset({"GET", "HEAD"})


class ClosedMiddleware:
    """Sends strangers to sign in, where the setting says so; programs fetch files by a token with the scope `read`."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if not settings.PUBLIC_READS:
            # What one may see no cache between is to give to others.
            response.headers.setdefault("Cache-Control", "private")
        return response

    def process_view(self, request: HttpRequest, view: object, args: object, kwargs: object) -> HttpResponseBase | None:
        if settings.PUBLIC_READS or _is_open(request) or request.user.is_authenticated:
            return None
        secret = bearer(request.headers.get("Authorization", ""))
        if secret is None and not PurePosixPath(request.path).suffix:
            return redirect_to_login(request.get_full_path())
        token = find_token(secret) if secret and request.method in _SAFE else None
        return None if token and Scope.READ in token.scopes else _needs_token()


def _is_open(request: HttpRequest) -> bool:
    match = request.resolver_match
    path = in_language(request.path_info, settings.LANGUAGE_CODE)
    return path.startswith(_OPEN) or (match is not None and match.view_name in _OPEN_VIEWS)


def _needs_token() -> JsonResponse:
    status = HTTPStatus.UNAUTHORIZED
    detail = "This site is read with an account: sign in, or send a token with the scope “read” as `Authorization`."
    response = JsonResponse(problem(status, detail), status=status, content_type=MEDIA_TYPE)
    response.headers["WWW-Authenticate"] = f'Bearer realm="Second Source", scope="{Scope.READ.value}"'
    return response
