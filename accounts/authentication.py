"""Who asks the API: an account known by a token, or by the session of its browser."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib.auth.models import User
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import (
    BaseAuthentication,
    SessionAuthentication,
    get_authorization_header,
)
from rest_framework.exceptions import AuthenticationFailed, Throttled
from rest_framework.request import Request

from accounts.models import Token
from accounts.permissions import declared_scope, needed_scope
from accounts.scopes import Scope
from accounts.tokens import MARK, find_token
from config import limits

if TYPE_CHECKING:
    from drf_spectacular.openapi import AutoSchema

_KEYWORD = "Bearer"
_REALM = f'{_KEYWORD} realm="Second Source"'


def bearer(header: str) -> str | None:
    """Return the token of an Authorization header; None where it holds none."""
    keyword, _space, secret = header.strip().partition(" ")
    return secret.strip() if keyword.lower() == _KEYWORD.lower() else None


class TokenAuthentication(BaseAuthentication):
    """Knows an account by a token; one that opens nothing is refused, also where reading needs none."""

    def authenticate(self, request: Request) -> tuple[User, Token] | None:
        secret = bearer(get_authorization_header(request).decode("latin-1"))
        if secret is None:
            return None
        token = find_token(secret)
        if token is None:
            self._count_wrong(request)
            raise AuthenticationFailed(
                "This token is wrong, expired or revoked. Make another on the page of your account, /accounts/tokens/."
            )
        return token.user, token

    def _count_wrong(self, request: Request) -> None:
        try:
            limits.limit_request(request._request, limits.address_asker(request._request), [limits.wrong_tokens()])
        except limits.Limited as refusal:
            raise Throttled(wait=refusal.standing.reset_s) from refusal

    def authenticate_header(self, request: Request) -> str:
        sent = bearer(get_authorization_header(request).decode("latin-1"))
        return _REALM if sent is None else f'{_REALM}, error="invalid_token"'


class BrowserSession(SessionAuthentication):
    """Knows an account by the session of its browser, and asks for the CSRF token with all that writes.

    What anybody may read is answered without a look at the session.
    """

    def authenticate(self, request: Request) -> Any:
        if needed_scope(request) is None:
            return None
        return super().authenticate(request)


# The same in the description of the API, which finds it by its being here


class _ScopedScheme(OpenApiAuthenticationExtension):
    """What an operation asks for: a token with its scope, or a session; nothing where everybody may read."""

    name: str
    has_scopes: bool

    def get_security_requirement(self, auto_schema: AutoSchema) -> list[dict[str, list[str]]]:
        scope = declared_scope(auto_schema.view, auto_schema.method.upper())
        # The roles of a scheme are what OpenAPI 3.1 has for scopes that are not OAuth's.
        asked: list[dict[str, list[str]]] = [{self.name: [scope.value] if scope and self.has_scopes else []}]
        # Said once, beside the last of the schemes.
        everybody = not self.has_scopes and settings.PUBLIC_READS and scope in (None, Scope.READ)
        return [*asked, {}] if everybody else asked


class TokenScheme(_ScopedScheme):
    target_class = "accounts.authentication.TokenAuthentication"
    name = "token"
    has_scopes = True

    def get_security_definition(self, auto_schema: AutoSchema) -> dict[str, str]:
        named = ", ".join(f"`{scope.value}`" for scope in Scope)
        return {
            "type": "http",
            "scheme": "bearer",
            "bearerFormat": f"{MARK}…",
            "description": (
                f"A token from the page of your account, /accounts/tokens/, with the scopes it is for: {named}. "
                "It may do no more than your role."
            ),
        }


class SessionScheme(_ScopedScheme):
    target_class = "accounts.authentication.BrowserSession"
    name = "session"
    has_scopes = False

    def get_security_definition(self, auto_schema: AutoSchema) -> dict[str, str]:
        return {
            "type": "apiKey",
            "in": "cookie",
            "name": settings.SESSION_COOKIE_NAME,
            "description": "Who signed in with a browser. What writes needs the CSRF token as `X-CSRFToken` too.",
        }
