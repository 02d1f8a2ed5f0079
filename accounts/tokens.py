"""Tokens with scopes, by which programs act for an account: made, shown once, recognised, ended."""

import hashlib
import logging
import secrets
from collections.abc import Collection
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.errors import AccountError
from accounts.models import Token
from accounts.scopes import Scope

#: What a token begins with, so that it is known for one wherever it turns up.
MARK = "sst_"
_SHOWN_CHARACTERS = len(MARK) + 8
#: How exactly `last_used_at` is kept.
_LAST_USE = timedelta(minutes=1)
logger = logging.getLogger(__name__)


class ScopeNotYours(AccountError):
    """A token was asked for that could do more than its owner."""

    def __init__(self, scopes: Collection[Scope]) -> None:
        named = ", ".join(str(scope.label) for scope in scopes)
        super().__init__(_("Your account may not do this, so no token of yours may: %(scopes)s.") % {"scopes": named})


# What is done to tokens


def scopes_of(user: User) -> list[Scope]:
    """Return the scopes that tokens of an account may have."""
    return [scope for scope in Scope if scope.permission is None or user.has_perm(scope.permission)]


def make_token(user: User, *, name: str, scopes: Collection[Scope], days: int) -> tuple[Token, str]:
    """Return a new token and the secret that is shown now and never again.

    Raises ScopeNotYours where the account may not do what the token is for, ValueError for more days than the setting
    TOKEN_MAX_DAYS.
    """
    if not 1 <= days <= settings.TOKEN_MAX_DAYS:
        raise ValueError(f"A token is good for 1 to {settings.TOKEN_MAX_DAYS} days, not {days}.")
    if beyond := [scope for scope in Scope if scope in scopes and scope not in scopes_of(user)]:
        raise ScopeNotYours(beyond)
    secret = MARK + secrets.token_hex(20)
    now = timezone.now()
    token = Token.objects.create(
        user=user,
        name=name,
        scopes=[scope for scope in Scope if scope in scopes],
        prefix=secret[:_SHOWN_CHARACTERS],
        digest=_digest(secret),
        made_at=now,
        expires_at=now + timedelta(days=days),
    )
    logger.info("token made id=%s user=%d scopes=%s days=%d", token.uid, user.pk, ",".join(token.scopes), days)
    return token, secret


def revoke_token(token: Token, *, by: User) -> None:
    """End a token; one that was revoked before is left as it is."""
    if Token.objects.filter(pk=token.pk, revoked_at=None).update(revoked_at=timezone.now(), revoked_by=by):
        logger.info("token revoked id=%s user=%d by=%d", token.uid, token.user_id, by.pk)


def end_tokens(user: User, *, why: str) -> int:
    """End all tokens of an account, and return how many there were."""
    ended = Token.objects.usable().filter(user=user).update(revoked_at=timezone.now())
    if ended:
        logger.info("tokens ended user=%d count=%d why=%s", user.pk, ended, why)
    return ended


class EndsTokens:
    """Ends an account's tokens whenever its password is changed, by whatever page or command.

    One of AUTH_PASSWORD_VALIDATORS: those are told of every change. It asks nothing of the password.
    """

    def validate(self, password: str, user: Any = None) -> None:
        return None

    def get_help_text(self) -> str:
        return ""

    def password_changed(self, password: str, user: Any = None) -> None:
        if user is not None and user.pk is not None:
            end_tokens(user, why="password")


def find_token(secret: str) -> Token | None:
    """Return the token of a secret with its owner; None unless it opens something now."""
    token = Token.objects.usable().select_related("user").filter(digest=_digest(secret)).first()
    if token is None or not token.user.is_active:
        return None
    _note_use(token)
    return token


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def _note_use(token: Token) -> None:
    now = timezone.now()
    if token.last_used_at is None or now - token.last_used_at >= _LAST_USE:
        # Of requests at the same time one writes.
        stale = Q(last_used_at=None) | Q(last_used_at__lte=now - _LAST_USE)
        Token.objects.filter(stale, pk=token.pk).update(last_used_at=now)
