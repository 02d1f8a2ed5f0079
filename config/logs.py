"""Log lines: which request or task each belongs to, as text or JSON, with no secret in them."""

import json
import logging
import re
from collections.abc import Sequence
from contextlib import suppress
from contextvars import ContextVar
from datetime import UTC, datetime
from functools import cache
from typing import Any
from urllib.parse import unquote, urlsplit

from celery._state import get_current_task
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

#: The id of the request that this thread answers, or that queued the task that this process does.
request_id: ContextVar[str] = ContextVar("request_id", default="")
# Shorter ones would be found in words that have nothing to do with them.
_SECRET_MIN_LENGTH = 8
_HIDDEN = "[hidden]"
_KEYS = "password passwd passphrase secret token api_key api-key apikey sessionid csrftoken".split()
# What must stand in a line, in small letters, for the expression beside it to be worth trying: most lines have none.
_SECRETS: list[tuple[Sequence[str], re.Pattern[str], str]] = [
    # The password in an address.
    (("://",), re.compile(r"([a-z][a-z0-9+.-]{0,30}://[^\s/:@]*:)[^\s/@]+(?=@)", re.IGNORECASE), rf"\1{_HIDDEN}"),
    (
        ("authorization",),
        re.compile(r"(authorization[\"']?\s*[:=]\s*[\"']?)(?:(\w+)\s+)?[^\s\"',]+", re.IGNORECASE),
        rf"\1{_HIDDEN}",
    ),
    (("sst_", "whsec_"), re.compile(r"\b(sst_|whsec_)[\w+/=-]{16,}"), rf"\1{_HIDDEN}"),
    (("bearer",), re.compile(r"\b(bearer\s+)[\w.~+/=-]{8,}", re.IGNORECASE), rf"\1{_HIDDEN}"),
    (
        _KEYS,
        re.compile(
            rf"((?:{'|'.join(_KEYS)})(?:_key)?[\"']?\s*[:=]\s*[\"']?)[^\s\"'&,;)}}\]]+",
            re.IGNORECASE,
        ),
        rf"\1{_HIDDEN}",
    ),
    # Whoever has such an address can make an account, or take one over.
    (
        ("/accounts/",),
        re.compile(r"(/accounts/(?:invitations|password/reset/key|confirm-email)/)[^/\s\"']+"),
        rf"\1{_HIDDEN}",
    ),
]


@cache
def _known_secrets() -> list[str]:
    """Return the secrets of this installation, the longest first."""
    secrets = {settings.SECRET_KEY, settings.METRICS_TOKEN, settings.EMAIL_HOST_PASSWORD}
    for address in (settings.DATABASE_URL, settings.DATABASE_REPLICA_URL, settings.CELERY_BROKER_URL):
        written = urlsplit(address).password or ""
        secrets |= {written, unquote(written)}
    return sorted((secret for secret in secrets if len(secret) >= _SECRET_MIN_LENGTH), key=len, reverse=True)


def without_secrets(text: str) -> str:
    """Return `text` with our own secrets, and whatever looks like one, replaced by a word."""
    # A line may be logged while the settings are still being read.
    with suppress(ImproperlyConfigured, AttributeError):
        for secret in _known_secrets():
            text = text.replace(secret, _HIDDEN)
    small = text.lower()
    for needles, pattern, replacement in _SECRETS:
        if any(needle in small for needle in needles):
            text = pattern.sub(replacement, text)
    return text


def current_ids() -> dict[str, str]:
    """Return what a line belongs to: the ids of its request and its task, where it has any."""
    task = get_current_task()
    ids = {"request_id": request_id.get(), "task_id": ""}
    if task is not None and task.request.id:
        ids["task_id"] = task.request.id
        ids["request_id"] = getattr(task.request, "request_id", None) or ids["request_id"]
    return {name: value for name, value in ids.items() if value}


class LineFormatter(logging.Formatter):
    """A line for people, with the ids at its end."""

    def format(self, record: logging.LogRecord) -> str:
        ids = "".join(f" {name}={value}" for name, value in current_ids().items())
        first, *rest = super().format(record).split("\n")
        return without_secrets("\n".join([first + ids, *rest]))


class JsonFormatter(logging.Formatter):
    """An object on one line, for programs."""

    def format(self, record: logging.LogRecord) -> str:
        content: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": without_secrets(record.getMessage()),
            **current_ids(),
        }
        if record.exc_info:
            content["traceback"] = without_secrets(self.formatException(record.exc_info))
        return json.dumps(content, ensure_ascii=False)
