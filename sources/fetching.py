"""Fetching what the public web hands out: safely for us, politely for the sites.

`fetch` is the only way by which Second Source asks another server for anything; `sources.posting` is the only one by
which it tells another something.
"""

import logging
import time
from collections.abc import Collection
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from urllib.parse import urldefrag, urljoin, urlsplit

import requests
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from requests.exceptions import RequestException
from ssrfguard import Resolver

from sources import robots as robots_txt
from sources.addresses import NamedHost, Permission, permit
from sources.exchange import Answer, Limits, ask, unsendable
from sources.expanding import content_type_of
from sources.fetch_errors import (
    AddressRefused,
    BrokenResponse,
    ConnectionFailed,
    FetchFailed,
    HostUnknown,
    HttpError,
    RedirectLoop,
    RobotsDisallowed,
    RobotsUnreachable,
    TlsError,
    TooSlow,
    WrongContentType,
    clock,
)
from sources.politeness import HostRows, Politeness, Turn, retry_after_s
from sources.robots import Robots

logger = logging.getLogger(__name__)

#: Media types that are read here; "+xml" and "+json" stand for all such applications.
PAGES = frozenset({"text/html", "application/xhtml+xml", "text/plain"})
FEEDS = frozenset(
    {"application/rss+xml", "application/atom+xml", "application/xml", "text/xml", "application/json", "+xml", "+json"}
)
ARCHIVES = frozenset({"application/warc", "application/gzip", "application/x-gzip", "application/warc+gzip"})
#: What servers call a document that they know nothing of; its content decides.
UNKNOWN = frozenset({"application/octet-stream", "binary/octet-stream"})
ACCEPTED = (
    PAGES | FEEDS | ARCHIVES | {"text/rss+xml", "text/atom+xml", "application/x-ndjson", "application/jsonl"} | UNKNOWN
)

MAX_REDIRECTS = 5
REDIRECTS = frozenset({301, 302, 303, 307, 308})
DOCUMENTS = frozenset({200, 203})
NOT_MODIFIED = 304
# Statuses that say "later": what a site answers when it is busy, down, or wants a pause.
LATER = frozenset({202, 408, 425, 429, 500, 502, 503, 504, 520, 521, 522, 523, 524, 530})
OVERLOADED = frozenset({429, 503})
#: Pauses of its site that a redirect waits for at least, since others may be asking too.
WAIT_FOR_PAUSES = 3
#: Seconds that a turn outlives its request's deadline by, so that it is never taken from a worker that lives.
LEASE_MARGIN_S = 5.0


@dataclass(frozen=True)
class Fetched:
    """What an address handed out: `body` is unpacked and empty where `not_modified`; header names are lower case."""

    url: str
    final_url: str
    status: int
    headers: dict[str, str]
    body: bytes
    fetched_at: datetime
    not_modified: bool = False

    @property
    def media_type(self) -> str:
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()

    @property
    def etag(self) -> str:
        return self.headers.get("etag", "")

    @property
    def last_modified(self) -> str:
        return self.headers.get("last-modified", "")


def fetch(
    url: str,
    *,
    etag: str = "",
    last_modified: str = "",
    accept: Collection[str] = ACCEPTED,
    wait_s: float | None = None,
) -> Fetched:
    """Return the document at `url`, after at most five redirects.

    With the `etag` or `last_modified` of an earlier fetch, an unchanged document comes back as `not_modified`.
    `wait_s` is how long to wait for a turn at the site, FETCH_MAX_WAIT_S where it is None. Only media types in
    `accept` are read.

    Raises FetchFailed, whose `transient` says whether a later try may succeed. Must not be called inside a
    transaction.
    """
    return configured().fetch(url, etag=etag, last_modified=last_modified, accept=accept, wait_s=wait_s)


def configured() -> "Fetcher":
    """Return the fetcher that the settings describe."""
    try:
        named = tuple(map(NamedHost.parse, settings.FETCH_ALLOWED_PRIVATE_HOSTS))
    except ValueError as error:
        raise ImproperlyConfigured(f"FETCH_ALLOWED_PRIVATE_HOSTS: {error}") from error
    return Fetcher(
        politeness=HostRows(
            min_interval_s=settings.FETCH_MIN_INTERVAL_MS / 1000,
            max_crawl_delay_s=settings.FETCH_MAX_CRAWL_DELAY_S,
            max_backoff_s=settings.FETCH_MAX_BACKOFF_S,
        ),
        user_agent=settings.FETCH_USER_AGENT,
        named=named,
        limits=Limits(
            max_bytes=settings.FETCH_MAX_BYTES,
            max_unpacked_bytes=settings.FETCH_MAX_UNPACKED_BYTES,
            deadline_s=settings.FETCH_DEADLINE_S,
        ),
        max_wait_s=settings.FETCH_MAX_WAIT_S,
    )


@dataclass(frozen=True)
class Fetcher:
    """Fetches under given limits; touches the database only through `politeness`."""

    politeness: Politeness
    user_agent: str
    named: tuple[NamedHost, ...] = ()
    limits: Limits = field(default_factory=Limits)
    max_wait_s: float = 10.0
    resolver: Resolver | None = None
    # Of the authorities that are trusted; those of certifi where it is empty.
    ca_bundle: str = ""

    def fetch(
        self,
        url: str,
        *,
        etag: str = "",
        last_modified: str = "",
        accept: Collection[str] = ACCEPTED,
        wait_s: float | None = None,
    ) -> Fetched:
        """Return the document at `url`; see the function of the same name."""
        wait_s = self.max_wait_s if wait_s is None else wait_s
        conditions = {
            name: value
            for name, value in (("If-None-Match", etag), ("If-Modified-Since", last_modified))
            if value and value.isascii() and value.isprintable()
        }
        headers = self._headers(accept) | conditions
        left_s = self.limits.deadline_s
        here, permission = self._permitted(url)
        visited = {here}
        while True:
            self._check_robots(here, permission, wait_s=wait_s)
            limits = replace(self.limits, deadline_s=left_s)
            started = time.monotonic()
            with self.politeness.turn(permission.site, wait_s=wait_s, lease_s=left_s + LEASE_MARGIN_S) as turn:
                started = time.monotonic()
                answer = self._ask(here, permission, turn, headers=headers, limits=limits, accept=accept)
            left_s -= time.monotonic() - started
            if answer.status not in REDIRECTS:
                break
            here, permission = self._redirected(here, answer)
            if here in visited:
                raise RedirectLoop(f"{url} redirects in a circle, back to {here}.")
            if len(visited) > MAX_REDIRECTS:
                raise RedirectLoop(f"{url} redirects more than {MAX_REDIRECTS} times; the last went to {here}.")
            visited.add(here)
            # Who gave up between two redirects would begin again with the first, and never come to the last.
            wait_s = max(wait_s, WAIT_FOR_PAUSES * self.politeness.pause_s(permission.site))
            if left_s <= 0:
                raise TooSlow(f"The redirects of {url} took longer than {self.limits.deadline_s:.3g} seconds.")
        if answer.status in DOCUMENTS or (answer.status == NOT_MODIFIED and conditions):
            logger.info("fetched host=%s status=%d bytes=%d", permission.site, answer.status, len(answer.body))
            if answer.media_type in UNKNOWN and answer.status != NOT_MODIFIED:
                answer = replace(answer, headers=answer.headers | {"content-type": _recognised(here, answer, accept)})
            return Fetched(
                url=url,
                final_url=here,
                status=answer.status,
                headers=answer.headers,
                body=answer.body,
                fetched_at=datetime.now(UTC),
                not_modified=answer.status == NOT_MODIFIED,
            )
        raise _http_error(here, answer)

    def _headers(self, accept: Collection[str]) -> dict[str, str]:
        types = sorted(name for name in accept if not name.startswith("+"))
        return {
            "User-Agent": self.user_agent,
            "Accept": ", ".join([*types, "*/*;q=0.1"]),
            "Accept-Encoding": "gzip, deflate",
            "Connection": "close",
        }

    def _permitted(self, url: str) -> tuple[str, Permission]:
        """Return `url` as it is sent, without its fragment, and the permission for it."""
        permit(url, named=self.named)
        try:
            sent = requests.Request("GET", urldefrag(url).url).prepare().url or ""
        except (RequestException, ValueError) as error:
            raise unsendable(url, error) from error
        # What is sent is checked too: a second reader may read an odd address in another way.
        return sent, permit(sent, named=self.named)

    def _redirected(self, here: str, answer: Answer) -> tuple[str, Permission]:
        location = answer.headers.get("location", "").strip()
        if not location:
            raise HttpError(f"{here} redirects to nowhere (status {answer.status}).", status=answer.status)
        # Header bytes arrive as Latin-1; addresses that are not ASCII are sent as UTF-8.
        location = location.encode("latin-1", errors="replace").decode("utf-8", errors="replace")
        try:
            target = urljoin(here, location)
        except ValueError as error:
            raise AddressRefused(
                f"{here} redirects to {location[:200]!r}, which is no address. Look in a browser where the page is now."
            ) from error
        try:
            return self._permitted(target)
        except AddressRefused as refused:
            raise AddressRefused(f"{here} redirects elsewhere. {refused}") from refused

    def _ask(
        self,
        url: str,
        permission: Permission,
        turn: Turn,
        *,
        headers: dict[str, str],
        limits: Limits,
        accept: Collection[str] | None,
        wanted: Collection[int] = DOCUMENTS,
    ) -> Answer:
        """Return the answer to one request, and tell the turn how the site bore it."""
        # Noted first: a worker that is interrupted has asked all the same.
        turn.succeeded()
        try:
            answer = ask(
                url,
                permission,
                headers=headers,
                limits=limits,
                accepts=None if accept is None else lambda media_type: accepts(media_type, accept),
                wanted=wanted,
                resolver=self.resolver,
                ca_bundle=self.ca_bundle,
            )
        except AddressRefused:
            turn.asked = False
            raise
        except (ConnectionFailed, HostUnknown, TooSlow, BrokenResponse) as failed:
            turn.fails(str(failed))
            raise
        if answer.status in OVERLOADED or answer.status >= 500:
            turn.fails(
                f"it answered {answer.status}",
                overloaded=answer.status in OVERLOADED,
                retry_after_s=retry_after_s(answer.headers.get("retry-after", "")),
            )
        return answer

    # robots.txt

    def _check_robots(self, url: str, permission: Permission, *, wait_s: float) -> None:
        """Raise RobotsDisallowed where the site's robots.txt asks us not to fetch `url`."""
        robots = self._robots(url, permission, wait_s=wait_s)
        if robots.allows(url, user_agent=self.user_agent):
            return
        if robots.reachable:
            raise RobotsDisallowed(
                f"{permission.site} asks {robots_txt.product(self.user_agent)} in its robots.txt not to fetch {url}. "
                "Ask its owner, or hand the page in as a file."
            )
        retry_at = robots.fetched_at + robots_txt.UNREACHABLE_FOR
        raise RobotsUnreachable(
            f"The robots.txt of {permission.site} could not be read, so nothing is fetched from there for now. It is "
            f"tried again after {clock(retry_at)}. "
            + (robots.error or f"It was answered with status {robots.status}."),
            retry_after_s=max((retry_at - datetime.now(UTC)).total_seconds(), 0.0),
        )

    def _robots(self, url: str, permission: Permission, *, wait_s: float) -> Robots:
        """Return the site's robots.txt, from its row while that is fresh."""
        site, address = permission.site, urljoin(url, "/robots.txt")
        kept = self.politeness.robots(site)
        if kept is not None and kept.fresh(datetime.now(UTC)):
            return kept
        here, there = address, permission
        for _hop in range(1 + robots_txt.MAX_REDIRECTS):
            lease_s = self.limits.deadline_s + LEASE_MARGIN_S
            with self.politeness.turn(there.site, wait_s=wait_s, lease_s=lease_s) as turn:
                # Another worker may have read it while we waited.
                kept = self.politeness.robots(site)
                if kept is not None and kept.fresh(datetime.now(UTC)):
                    return kept
                answer = self._ask_robots(here, there, turn)
                if isinstance(answer, Robots):
                    # Within the turn, so that the pause after it is already the one that the site asks for.
                    return self._keep_robots(site, answer, before=kept)
            here, there = answer
        # RFC 9309, 2.3.1.2: as if there were none.
        return self._keep_robots(site, Robots(404, "", datetime.now(UTC)), before=None)

    def _keep_robots(self, site: str, robots: Robots, *, before: Robots | None) -> Robots:
        """Keep and return what holds for `site` from now on: `robots`, or what it said before it was unreachable."""
        if not robots.reachable and before is not None and before.reachable:
            # RFC 9309, 2.4. It is asked for again as soon as if nothing had been read.
            age = robots_txt.FRESH_FOR - robots_txt.UNREACHABLE_FOR
            robots = replace(before, fetched_at=robots.fetched_at - age, error=robots.error)
        self.politeness.keep_robots(site, robots, crawl_delay_s=robots.crawl_delay_s(user_agent=self.user_agent))
        return robots

    def _ask_robots(self, url: str, permission: Permission, turn: Turn) -> Robots | tuple[str, Permission]:
        """Return the robots.txt at `url`, or where it redirects to.

        Raises AddressRefused and TlsError: the page itself would fail for the same reason, which says more.
        """
        try:
            answer = self._ask(
                url,
                permission,
                turn,
                headers=self._headers(["text/plain"]),
                limits=replace(self.limits, max_bytes=robots_txt.MAX_BYTES, cut=True),
                accept=None,
                wanted=range(200, 300),
            )
        except (AddressRefused, TlsError):
            raise
        except FetchFailed as failed:
            return Robots(robots_txt.UNREACHABLE, "", datetime.now(UTC), str(failed))
        if answer.status in REDIRECTS and answer.headers.get("location"):
            return self._redirected(url, answer)
        status = 404 if 300 <= answer.status < 400 else answer.status
        return Robots(status, robots_txt.decode(answer.body), datetime.now(UTC))


def accepts(media_type: str, accept: Collection[str]) -> bool:
    """Return whether a media type is among those of `accept`."""
    if media_type in accept:
        return True
    main, _, sub = media_type.partition("/")
    return main == "application" and any(name.startswith("+") and sub.endswith(name) for name in accept)


def _recognised(url: str, answer: Answer, accept: Collection[str]) -> str:
    """Return the media type of a document whose server knows none.

    Raises WrongContentType for what is not among `accept` by its content either.
    """
    media_type = content_type_of(answer.body)
    if not media_type or not accepts(media_type, accept):
        raise WrongContentType(
            f"What came from {url[:200]} is sent as {answer.media_type}, and its content is no page, feed, sitemap or "
            "archive that is read here. Give the address of one."
        )
    return media_type


def _http_error(url: str, answer: Answer) -> HttpError:
    later = answer.status in LATER
    wanted_s = retry_after_s(answer.headers.get("retry-after", "")) if later else None
    advice = {
        401: "It wants a password.",
        402: "It wants to be paid.",
        403: "It refuses us.",
        404: "There is no such page.",
        410: "The page was taken down.",
        429: "It wants fewer requests.",
        451: "It may not show this page for legal reasons.",
    }.get(answer.status, "Try again later." if later else "Look at it in a browser.")
    return HttpError(
        f"{urlsplit(url).hostname} answered {answer.status} for {url[:200]}. {advice}",
        status=answer.status,
        transient=later,
        retry_after_s=wanted_s,
    )
