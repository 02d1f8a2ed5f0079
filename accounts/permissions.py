"""Who may ask the API for what: a view names the scope, the account's role must allow it too.

    class AttributionViewSet(...):
        required_scopes = {"POST": Scope.ANNOTATE, "merge": Scope.ANNOTATE}
        required_permissions = {"merge": "claims.change_claim"}  # where the scope's own permission is not the one

Names are methods, or actions of a viewset, which win. Reading asks for `read`, which everybody has while the setting
PUBLIC_READS holds. A view that writes and names no scope is not served at all.
"""

import logging
from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from rest_framework.exceptions import NotAuthenticated, PermissionDenied
from rest_framework.permissions import SAFE_METHODS, BasePermission
from rest_framework.request import Request

from accounts.models import Token
from accounts.roles import right_to
from accounts.scopes import Scope

logger = logging.getLogger(__name__)


class ScopeUndeclared(ImproperlyConfigured):
    """A view of the API writes, and does not say in `required_scopes` what for."""


class ScopeMissing(PermissionDenied):
    """The token is good, but not for this; the answer names the scope (RFC 6750, 3.1)."""

    def __init__(self, scope: Scope, token: Token) -> None:
        has = ", ".join(token.scopes)
        super().__init__(
            f"This needs a token with the scope “{scope.value}”; “{token.name}” ({token.prefix}…) has: {has}. "
            "Make another on the page of your account, /accounts/tokens/."
        )
        self.scope = scope
        self.auth_header = f'Bearer realm="Second Source", error="insufficient_scope", scope="{scope.value}"'


class RoleMissing(PermissionDenied):
    """The account's role does not allow it, whatever its tokens say."""

    def __init__(self, permission: str, *, name: str) -> None:
        right = right_to(permission)
        what = f": {right.words}" if right else ""
        super().__init__(f"The account {name} has no role that allows this{what}. An administrator can give it one.")
        self.permission = permission


class HasScope(BasePermission):
    """Lets in who has the scope and the role that a view asks for.

    Raises NotAuthenticated, ScopeMissing or RoleMissing, which answer 401 and 403 with what to do.
    """

    def has_permission(self, request: Request, view: Any) -> bool:
        scope = needed_scope(request, view)
        if scope is None:
            return True
        user, token = request.user, request.auth
        if not user or not user.is_authenticated:
            raise NotAuthenticated(
                f"This needs an account: send a token with the scope “{scope.value}” as “Authorization: Bearer …”."
            )
        if isinstance(token, Token) and scope not in token.scopes:
            _log(request, f"scope={scope.value}")
            raise ScopeMissing(scope, token)
        permission = _named(view, "required_permissions", str(request.method)) or scope.permission
        if permission and not user.has_perm(permission):
            _log(request, f"permission={permission}")
            raise RoleMissing(permission, name=user.get_username())
        return True


def needed_scope(request: Request, view: Any = None) -> Scope | None:
    """Return the scope that a request needs; None where everybody may ask.

    Raises ScopeUndeclared for a view that writes without saying what for.
    """
    view = view if view is not None else request.parser_context["view"]
    scope = declared_scope(view, str(request.method))
    return None if scope == Scope.READ and settings.PUBLIC_READS else scope


def declared_scope(view: Any, method: str) -> Scope | None:
    """Return the scope that a view names for a method; None where it does not know the method, which answers 405."""
    if not _handles(view, method):
        return None
    named = _named(view, "required_scopes", method)
    if named is not None:
        return Scope(named)
    if method in SAFE_METHODS:
        return Scope.READ
    raise ScopeUndeclared(f"{type(view).__name__} must name a scope for {method} in `required_scopes`.")


def _handles(view: Any, method: str) -> bool:
    if getattr(view, "action_map", None) is not None:
        return method.lower() in view.action_map or method in SAFE_METHODS
    return hasattr(view, method.lower())


def _named(view: Any, attribute: str, method: str) -> Any:
    names: dict[str, Any] = getattr(view, attribute, {})
    # HEAD is answered by what answers GET.
    method = "GET" if method == "HEAD" else method
    return names.get(getattr(view, "action", None) or "", names.get(method))


def _log(request: Request, lacking: str) -> None:
    logger.warning("refused user=%s %s path=%s", request.user.pk, lacking, request.path)
