"""Checks of what operators set for fetching: `manage.py check` names each wrong value before a worker meets it."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Info, register

from sources.addresses import NamedHost

_AT_LEAST = {
    "FETCH_MAX_BYTES": 1,
    "FETCH_MAX_UNPACKED_BYTES": 1,
    "FETCH_DEADLINE_S": 1,
    "FETCH_MIN_INTERVAL_MS": 0,
    "FETCH_MAX_CRAWL_DELAY_S": 0,
    "FETCH_MAX_WAIT_S": 0,
    "FETCH_MAX_BACKOFF_S": 1,
    "FETCH_LEASE_S": 1,
}


@register()
def check_private_hosts(**options: Any) -> list[CheckMessage]:
    """Return an error for each entry of FETCH_ALLOWED_PRIVATE_HOSTS that names no host."""
    found: list[CheckMessage] = []
    for entry in settings.FETCH_ALLOWED_PRIVATE_HOSTS:
        try:
            NamedHost.parse(entry)
        except ValueError as error:
            found.append(
                Error(
                    f"FETCH_ALLOWED_PRIVATE_HOSTS cannot be read: {error}.",
                    hint="Write a host, a host with its port, or an IPv6 address in brackets, separated by commas: "
                    "news.internal, 10.0.0.7:8123, [fd00::7]:8123. Networks and patterns are not allowed.",
                    id="sources.E001",
                )
            )
    return found


@register()
def check_fetch_limits(**options: Any) -> list[CheckMessage]:
    """Return an error for each limit of fetching that is no number, too small, or at odds with another."""
    found: list[CheckMessage] = []
    for name, least in _AT_LEAST.items():
        value = getattr(settings, name)
        if isinstance(value, bool) or not isinstance(value, int | float) or not value >= least:
            found.append(
                Error(
                    f"{name} is {value!r}, not a number of at least {least}.",
                    hint=f"Set {name} to a number of at least {least}, or remove it for the default.",
                    id="sources.E002",
                )
            )
    if found:
        return found
    if settings.FETCH_MAX_UNPACKED_BYTES < settings.FETCH_MAX_BYTES:
        found.append(
            Error(
                "FETCH_MAX_UNPACKED_BYTES is less than FETCH_MAX_BYTES.",
                hint="A document is larger unpacked than packed; raise FETCH_MAX_UNPACKED_BYTES to at least that.",
                id="sources.E003",
            )
        )
    if settings.FETCH_LEASE_S <= settings.FETCH_DEADLINE_S:
        found.append(
            Error(
                "FETCH_LEASE_S is not longer than FETCH_DEADLINE_S, so two workers would fetch the same address.",
                hint="Raise FETCH_LEASE_S to a few times FETCH_DEADLINE_S.",
                id="sources.E004",
            )
        )
    return found


@register()
def check_user_agent(**options: Any) -> list[CheckMessage]:
    """Return an error where FETCH_USER_AGENT cannot be sent, or gives robots.txt files no name to know us by."""
    agent = settings.FETCH_USER_AGENT
    if agent and agent.isascii() and agent.isprintable() and agent[0].isalpha():
        return []
    return [
        Error(
            f"FETCH_USER_AGENT is {agent!r}, which is no User-Agent.",
            hint="Write printable ASCII that begins with a name: ExampleNews/1.0 (+https://news.example/bot).",
            id="sources.E005",
        )
    ]


@register(deploy=True)
def check_contact(**options: Any) -> list[CheckMessage]:
    """Return a note where sites are not told whom to write to."""
    if settings.FETCH_CONTACT or "+" in settings.FETCH_USER_AGENT:
        return []
    return [
        Info(
            "FETCH_CONTACT is not set, so the sites that are fetched cannot write to anybody.",
            hint="Set FETCH_CONTACT to an address or a page: mailto:desk@example.org.",
            id="sources.I001",
        )
    ]
