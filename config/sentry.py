"""Errors reported to Sentry: where our code failed, and under which ids; nothing of whom or of what it was about.

What is sent is written anew from the few things that may be, so that nothing else is, whatever the package collects.
The log has the rest, under the same ids.
"""

import logging
import re
from typing import TYPE_CHECKING, Any

import sentry_sdk
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from sentry_sdk.integrations.atexit import AtexitIntegration
from sentry_sdk.integrations.celery import CeleryIntegration
from sentry_sdk.integrations.dedupe import DedupeIntegration
from sentry_sdk.integrations.django import DjangoIntegration
from sentry_sdk.integrations.excepthook import ExcepthookIntegration
from sentry_sdk.integrations.logging import LoggingIntegration
from sentry_sdk.utils import BadDsn

from config.logs import current_ids, without_secrets

if TYPE_CHECKING:
    from sentry_sdk.types import Event, Hint

_KEPT = ("event_id", "timestamp", "platform", "level", "logger", "release", "environment", "server_name", "sdk")
_KEPT_OF_FRAMES = (
    *("filename", "module", "function", "lineno", "in_app"),
    # Lines of the program, not what it worked on.
    *("pre_context", "context_line", "post_context"),
)
#: Loggers of which it is known that values are put into their messages later.
_KNOWN_LOGGERS = {"accounts", "celery", "claims", "config", "django", "gunicorn", "notices", "second_source", "sources"}
#: Errors whose message tells of programs and machines. That of any other may quote an article, or what somebody sent.
_TELLING = {
    "builtins": {
        *("AttributeError", "ImportError", "ModuleNotFoundError", "NameError", "TypeError", "UnboundLocalError"),
        *("MemoryError", "RecursionError", "BrokenPipeError", "ConnectionRefusedError", "ConnectionResetError"),
    },
    "django.core.exceptions": {"ImproperlyConfigured"},
    "django.db.utils": {"InterfaceError", "OperationalError"},
    "kombu.exceptions": {"OperationalError"},
    "redis.exceptions": {"ConnectionError"},
}
_ADDRESS = re.compile(r"\b\d{1,3}(?:\.\d{1,3}){3}\b|[^\s@'\"<>]+@[^\s@'\"<>]+")
_QUOTED = re.compile(r"(['\"])(.*?)\1")
_MESSAGE_CHARACTERS = 200


def start() -> None:
    """Report errors of requests, tasks and commands from now on, also in processes that are forked from this one.

    Raises ImproperlyConfigured where SENTRY_DSN is none.
    """
    try:
        sentry_sdk.init(
            dsn=settings.SENTRY_DSN,
            release=settings.SENTRY_RELEASE,
            environment=settings.SENTRY_ENVIRONMENT,
            before_send=only_what_may_be_sent,
            default_integrations=False,
            auto_enabling_integrations=False,
            integrations=[
                DjangoIntegration(transaction_style="function_name", middleware_spans=False, signals_spans=False),
                CeleryIntegration(propagate_traces=False),
                # What is logged as an error although the program went on.
                LoggingIntegration(level=None, event_level=logging.ERROR),
                ExcepthookIntegration(),
                DedupeIntegration(),
                AtexitIntegration(callback=lambda pending, timeout: None),
            ],
            # Not even collected.
            send_default_pii=False,
            include_local_variables=False,
            max_request_body_size="never",
            max_breadcrumbs=0,
            auto_session_tracking=False,
            send_client_reports=False,
            trace_propagation_targets=[],
        )
    except BadDsn as error:
        raise ImproperlyConfigured(f"SENTRY_DSN must be like https://key@host/project: {error}") from error


def only_what_may_be_sent(event: "Event", hint: "Hint") -> "Event":
    """Return a new event with what of one may leave the site."""
    collected: dict[str, Any] = {**event}
    sent: dict[str, Any] = {name: collected[name] for name in _KEPT if name in collected}
    sent["tags"] = current_ids()
    # Of a request to no view the name is its path.
    if (collected.get("transaction_info") or {}).get("source") != "url" and collected.get("transaction"):
        sent["transaction"] = without_secrets(collected["transaction"])
    if method := (collected.get("request") or {}).get("method"):
        sent["request"] = {"method": method}
    if exceptions := (collected.get("exception") or {}).get("values"):
        sent["exception"] = {"values": [_exception(each) for each in exceptions]}
    if message := (collected.get("logentry") or {}).get("message"):
        known = str(collected.get("logger")).partition(".")[0] in _KNOWN_LOGGERS
        sent["logentry"] = {"message": _shortened(message) if known else "[hidden]"}
    return sent  # type: ignore[return-value]


def _exception(collected: dict[str, Any]) -> dict[str, Any]:
    sent = {name: collected[name] for name in ("type", "module") if collected.get(name)}
    if collected.get("type") in _TELLING.get(collected.get("module") or "builtins", ()):
        sent["value"] = _shortened(str(collected.get("value") or ""))
    mechanism = collected.get("mechanism") or {}
    sent["mechanism"] = {name: mechanism[name] for name in ("type", "handled") if name in mechanism}
    if frames := (collected.get("stacktrace") or {}).get("frames"):
        sent["stacktrace"] = {
            "frames": [{name: frame[name] for name in _KEPT_OF_FRAMES if name in frame} for frame in frames]
        }
    return sent


def _shortened(message: str) -> str:
    """Return the first line of a message without addresses, secrets and what it quotes but for single names."""
    # What follows is the row at which PostgreSQL stopped.
    first = (message.splitlines() or [""])[0]
    without_quotations = _QUOTED.sub(lambda found: found[0] if found[2].isidentifier() else "[hidden]", first)
    return without_secrets(_ADDRESS.sub("[hidden]", without_quotations))[:_MESSAGE_CHARACTERS]
