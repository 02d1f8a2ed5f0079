"""One log line for each sign-in, sign-out and change of what guards an account."""

import logging
from typing import Any

from allauth.account import signals as account
from allauth.mfa import signals as two_step
from django.contrib.auth.models import User
from django.contrib.auth.signals import user_logged_in, user_logged_out

logger = logging.getLogger("accounts")


def _note(event: str) -> Any:
    def receive(sender: Any, user: User | None = None, **kwargs: Any) -> None:
        if user is not None:
            logger.info("%s user=%d", event, user.pk)

    return receive


_RECEIVERS = [
    (user_logged_in, _note("signed in")),
    (user_logged_out, _note("signed out")),
    (account.password_changed, _note("password changed")),
    (account.password_set, _note("password set")),
    (account.password_reset, _note("password reset")),
    (account.email_changed, _note("e-mail changed")),
    (two_step.authenticator_added, _note("two-step sign-in added")),
    (two_step.authenticator_removed, _note("two-step sign-in removed")),
    (two_step.authentication_failed, _note("two-step code wrong")),
]


def connect() -> None:
    """Listen; what listens is kept alive by this module."""
    for signal, receiver in _RECEIVERS:
        signal.connect(receiver)
