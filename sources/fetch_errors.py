"""Why an address was not fetched; each message tells a person what to do, each class whether to try again."""

from datetime import datetime


class FetchFailed(Exception):
    """An address was not fetched; nothing was stored.

    `transient` says whether the same request may succeed later, `retry_after_s` how long to wait before that,
    in seconds, where it is known.
    """

    transient = False

    def __init__(self, message: str, *, transient: bool | None = None, retry_after_s: float | None = None) -> None:
        # Addresses and servers put into messages what PostgreSQL does not store, or what forges lines of a log.
        super().__init__("".join(character if character.isprintable() else "\ufffd" for character in message))
        if transient is not None:
            self.transient = transient
        self.retry_after_s = retry_after_s


# Refused by us, before anything was asked or because of what came.


class AddressRefused(FetchFailed):
    """An address that is not fetched: not http(s), another port, or not of the public internet."""


class RobotsDisallowed(FetchFailed):
    """The site's robots.txt asks us not to fetch this address."""


class RobotsUnreachable(RobotsDisallowed):
    """The site's robots.txt could not be read, which counts as "not now" (RFC 9309, 2.3.1.4)."""

    transient = True


class HostBusy(FetchFailed):
    """The site may not be asked yet: another worker is asking it, or it wants a pause."""

    transient = True


class WrongContentType(FetchFailed):
    """What came is not of a kind that is read here."""


class TooLarge(FetchFailed):
    """More bytes than the limit."""


class BombRefused(FetchFailed):
    """Packed bytes that unpack to more than the limit."""


class RedirectLoop(FetchFailed):
    """Redirects that come back to an address already visited, or do not end."""


# Failed on the way, or answered with an error.


class HttpError(FetchFailed):
    """The site answered with a status that carries no document."""

    def __init__(
        self, message: str, *, status: int = 0, transient: bool | None = None, retry_after_s: float | None = None
    ) -> None:
        super().__init__(message, transient=transient, retry_after_s=retry_after_s)
        self.status = status


class TlsError(FetchFailed):
    """The site's certificate is not valid for it, or no secure connection came about."""


class HostUnknown(FetchFailed):
    """The name of the site has no address."""


class ConnectionFailed(FetchFailed):
    """The site could not be reached, or broke off."""

    transient = True


class BrokenResponse(FetchFailed):
    """What came is not a whole HTTP response: cut short, or packed wrongly."""

    transient = True


class TooSlow(FetchFailed):
    """The site took longer than the limit."""

    transient = True


def clock(moment: datetime) -> str:
    """Return a moment as messages show it: to the second, in UTC."""
    return f"{moment:%Y-%m-%d %H:%M:%S} UTC"
