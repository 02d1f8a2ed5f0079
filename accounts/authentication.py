"""Name and password with each request to the API, under the limits of the sign-in page."""

import logging
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.core import ratelimit
from allauth.mfa.utils import is_mfa_enabled
from django.contrib.auth import authenticate
from django.utils.translation import gettext as _
from drf_spectacular.authentication import BasicScheme
from rest_framework.authentication import BasicAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from accounts.adapter import LOCKED, MISMATCH

logger = logging.getLogger(__name__)


class PasswordAuthentication(BasicAuthentication):
    """Refuses who failed too often, and whoever signs in by two steps: a password is but one."""

    def authenticate_credentials(self, userid: str, password: str, request: Request | None = None) -> Any:
        # A program sends many requests at once, so only failures are counted, and after the fact; the page counts
        # each attempt beforehand and takes it back.
        attempt = {"action": "login_failed", "key": f"api:{userid.lower()}"}
        if not ratelimit.consume(request, **attempt, dry_run=True):
            raise AuthenticationFailed(LOCKED)
        user = authenticate(request, username=userid, password=password)
        if user is None:
            ratelimit.consume(request, **attempt)
            logger.info("sign-in failed ip=%s", get_adapter().get_client_ip(request))
            raise AuthenticationFailed(MISMATCH)
        if is_mfa_enabled(user):
            raise AuthenticationFailed(_("This account signs in by two steps; take one that is made for programs."))
        return user, None


class PasswordScheme(BasicScheme):
    """The same in the description of the API, which finds it by its being here."""

    target_class = "accounts.authentication.PasswordAuthentication"
