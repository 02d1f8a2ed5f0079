"""Strangers' reading from a replica of the database, where DATABASE_REPLICA_URL names one.

A replica is a moment behind. Whoever has an account, or has just sent something, must see what they did, so all of
theirs goes to the primary database; so does every write of rows, and what is no content: sessions, accounts, the cache.
"""

import logging
import time
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.signals import request_finished
from django.db import DEFAULT_DB_ALIAS, DatabaseError, connections
from django.db.models import Model
from django.http import HttpRequest, HttpResponseBase

logger = logging.getLogger(__name__)

#: `PRIMARY` is there only while the thread's default connection is that of the replica.
REPLICA, PRIMARY = "replica", "primary"
#: Whose tables a replica is asked for; all else is kept for the site's own working.
CONTENT = frozenset({"sources", "claims"})
#: Tells that this browser has just sent something; its value means nothing.
COOKIE = "just_sent"
#: How long a replica that did not answer is left alone.
REST_S = 10.0
_SAFE = frozenset({"GET", "HEAD"})
#: Where people work, and what watches the primary database.
_OWN = ("/accounts/", "/admin/", "/healthz", "/readyz", "/metrics")

_rests_until = 0.0


class ReplicaMiddleware:
    """Lets a request that only reads have its content from the replica, until its answer is sent.

    The thread's default connection is exchanged, not only what a router is asked for: lists and searches are SQL of
    our own, and a page must not be put together from two moments.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if _only_reads(request) and _answers():
            read_from_replica()
        response = self.get_response(request)
        if request.method not in _SAFE and response.status_code < 400:
            response.set_cookie(
                COOKIE,
                "1",
                max_age=settings.REPLICA_AFTER_SENDING_S,
                secure=settings.HTTPS,
                httponly=True,
                samesite="Lax",
            )
        return response


class ReplicaRouter:
    """Sends writes, and what is no content, to the primary database while the thread reads from the replica."""

    def db_for_read(self, model: type[Model], **hints: Any) -> str | None:
        return PRIMARY if is_reading_from_replica() and model._meta.app_label not in CONTENT else None

    def db_for_write(self, model: type[Model], **hints: Any) -> str | None:
        return PRIMARY if is_reading_from_replica() else None

    def allow_relation(self, one: Model, other: Model, **hints: Any) -> bool:
        return True

    def allow_migrate(self, db: str, app_label: str, **hints: Any) -> bool | None:
        return False if db == REPLICA else None


def is_reading_from_replica() -> bool:
    """Return whether this thread's default connection is that of the replica."""
    return connections[DEFAULT_DB_ALIAS].alias == REPLICA


def read_from_replica() -> None:
    """Make the replica this thread's default connection until the answer to its request is sent."""
    if not is_reading_from_replica():
        connections[PRIMARY] = connections[DEFAULT_DB_ALIAS]
        connections[DEFAULT_DB_ALIAS] = connections[REPLICA]


def read_from_primary(**signal: Any) -> None:
    """Make the primary database this thread's default connection again."""
    if is_reading_from_replica():
        primary = connections[DEFAULT_DB_ALIAS] = connections[PRIMARY]
        del connections[PRIMARY]
        # Django has just looked after the connections that it knows of, this one not among them.
        primary.close_if_unusable_or_obsolete()


# Not when the view returns: exports are read while they are sent.
request_finished.connect(read_from_primary, dispatch_uid="config.replicas")


def _only_reads(request: HttpRequest) -> bool:
    """Return whether a stranger asks for content, who has sent nothing a moment ago."""
    known = {settings.SESSION_COOKIE_NAME, COOKIE} & request.COOKIES.keys() or "Authorization" in request.headers
    path = request.path_info
    for language, _ in settings.LANGUAGES:
        path = path.removeprefix(f"/{language}") if path.startswith(f"/{language}/") else path
    return request.method in _SAFE and not known and not path.startswith(_OWN)


def _answers() -> bool:
    """Return whether the replica can be asked; one that cannot is left alone for a while, and the primary does it."""
    global _rests_until
    if time.monotonic() < _rests_until:
        return False
    replica = connections[REPLICA]
    try:
        replica.close_if_health_check_failed()
        replica.ensure_connection()
    except DatabaseError as error:
        _rests_until = time.monotonic() + REST_S
        logger.warning("replica does not answer reason=%s", str(error).splitlines()[0])
        return False
    return True
