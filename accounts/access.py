"""Who is let in: asked once, by `requires`; who is not is told why, and it is logged."""

import logging
from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from accounts.roles import Role, right_to, roles_with

View = Callable[..., HttpResponse]
#: After so long, what is counted by the minute is surely let through again.
RETRY_AFTER_S = 60
logger = logging.getLogger(__name__)


class RoleTooLow(PermissionDenied):
    """Somebody signed in asked for what only other roles may do; its message names both."""

    def __init__(self, permission: str) -> None:
        right = right_to(permission)
        # What is in no right of the table is a superuser's.
        roles = roles_with(right) if right else [Role.ADMINISTRATOR]
        what = right.words if right else _("do this")
        if Role.EDITOR in roles:
            sentence = _("This page is for editors and administrators: they may %(what)s.")
        else:
            sentence = _("This page is for administrators: they may %(what)s.")
        super().__init__(sentence % {"what": what})
        self.permission = permission


def requires(permission: str) -> Callable[[View], View]:
    """Return a decorator that lets accounts with a permission in, as `sources.add_feed`.

    Strangers are sent to sign in and come back after it; for others RoleTooLow is raised, which answers 403.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not request.user.is_authenticated:
                return redirect_to_login(request.get_full_path())
            if not request.user.has_perm(permission):
                raise RoleTooLow(permission)
            return view(request, *args, **kwargs)

        return guarded

    return decorate


def refused(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer 403 with the reason, and log who asked for what."""
    too_low = exception if isinstance(exception, RoleTooLow) else None
    logger.warning(
        "refused user=%s permission=%s path=%s",
        request.user.pk or "none",
        too_low.permission if too_low else "unnamed",
        request.path,
    )
    # Other exceptions may say more than a visitor should see.
    context = {"reason": str(too_low)} if too_low else {}
    return render(request, "403.html", context, status=403)


def too_many(request: HttpRequest) -> HttpResponse:
    """Answer 429 to who tries something too often, wherever allauth counts it: most of its limits are of a minute."""
    response = render(request, "429.html", status=HTTPStatus.TOO_MANY_REQUESTS)
    response["Retry-After"], response["Cache-Control"] = str(RETRY_AFTER_S), "no-store"
    return response
