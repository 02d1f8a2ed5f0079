"""A site on loopback for tests: real HTTP, pages by path, and a log of what was asked when."""

import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, BinaryIO

from sources.addresses import NamedHost
from sources.exchange import Limits
from sources.fetching import Fetcher
from sources.politeness import Turn
from sources.robots import Robots

#: Writes whatever it likes to the connection after the request was read; given up when it returns.
Raw = Callable[[BinaryIO], None]


@dataclass(frozen=True)
class Page:
    body: bytes = b"<p>Text.</p>"
    status: int = 200
    media_type: str = "text/html; charset=utf-8"
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass
class Hit:
    """One request that arrived; times are of the monotonic clock, and `ended_at` is 0 while it is answered.

    A page counts as answered when it is about to be sent: who has it may ask again before the thread that sent it goes
    on. `status` is 0 for an answer in raw bytes.
    """

    path: str
    headers: dict[str, str]
    began_at: float
    ended_at: float = 0.0
    status: int = 0


def redirect(location: str, *, status: int = 302, body: bytes = b"") -> Page:
    return Page(body, status, headers={"Location": location})


def drip(beginning: bytes, drop: bytes = b"x", *, every_s: float = 0.05, drops: int = 400) -> Raw:
    """Return an answer that sends `beginning` at once and then a drop now and then."""

    def write(file: BinaryIO) -> None:
        file.write(beginning)
        for _ in range(drops):
            file.flush()
            time.sleep(every_s)
            file.write(drop)

    return write


def raw(answer: bytes) -> Raw:
    return lambda file: file.write(answer) and None


class Web:
    """A site that serves `pages`: each a Page, raw bytes to write, or a function of the request's headers.

    What is not among them is answered with 404. An answer takes `answer_s` seconds, so that two at once would be seen.
    """

    def __init__(
        self,
        pages: Mapping[str, Page | Raw] | None = None,
        *,
        certificate: Any = None,
        robots: str | None = None,
        address: str = "127.0.0.1",
        answer_s: float = 0.0,
    ) -> None:
        self.address = address
        self.pages: dict[str, Page | Raw] = dict(pages or {})
        if robots is not None:
            self.pages["/robots.txt"] = Page(robots.encode(), media_type="text/plain")
        self.log: list[Hit] = []
        self._lock = threading.Lock()
        web = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                headers = {name.lower(): value for name, value in self.headers.items()}
                hit = Hit(self.path, headers, time.monotonic())
                # Logged before it is answered: who has the answer finds it in the log.
                with web._lock:
                    web.log.append(hit)
                try:
                    time.sleep(answer_s)
                    self._answer(web.pages.get(self.path, Page(b"Not found.", 404)), hit)
                finally:
                    hit.ended_at = hit.ended_at or time.monotonic()

            def _answer(self, page: Page | Raw, hit: Hit) -> None:
                self.close_connection = True
                if not isinstance(page, Page):
                    page(self.wfile)
                    return
                etag = page.headers.get("ETag")
                unchanged = etag is not None and self.headers.get("If-None-Match") == etag
                hit.status = 304 if unchanged else page.status
                self.send_response(hit.status)
                for name, value in page.headers.items():
                    self.send_header(name, value)
                if unchanged:
                    self._end_head(hit)
                    return
                if page.media_type:
                    self.send_header("Content-Type", page.media_type)
                self.send_header("Content-Length", str(len(page.body)))
                self._end_head(hit)
                self.wfile.write(page.body)

            def _end_head(self, hit: Hit) -> None:
                hit.ended_at = time.monotonic()
                self.end_headers()

            def log_message(self, format: str, *args: object) -> None:
                """Say nothing: the log is in `Web.log`."""

        class Server(ThreadingHTTPServer):
            daemon_threads = True
            block_on_close = False
            request_queue_size = 64

            def handle_error(self, request: Any, client_address: Any) -> None:
                """Say nothing of clients that hang up: that is what they are tested for."""

        self._server = Server((address, 0), Handler)
        if certificate is not None:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            certificate.configure_cert(context)
            # The handshake is left to the thread that answers, so that a client who refuses it stops nobody.
            self._server.socket = context.wrap_socket(
                self._server.socket, server_side=True, do_handshake_on_connect=False
            )
        self.scheme = "http" if certificate is None else "https"
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)

    def __enter__(self) -> "Web":
        self._thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    @property
    def port(self) -> int:
        return self._server.server_address[1]

    @property
    def site(self) -> str:
        """The entry that allows it in FETCH_ALLOWED_PRIVATE_HOSTS, and its name among the hosts."""
        return f"{self.address}:{self.port}"

    def url(self, path: str = "/", *, host: str = "") -> str:
        return f"{self.scheme}://{host or self.address}:{self.port}{path}"

    def asked(self, path: str) -> list[Hit]:
        return [hit for hit in list(self.log) if hit.path == path]

    @property
    def paths(self) -> list[str]:
        """The paths asked for, in order, without robots.txt."""
        return [hit.path for hit in list(self.log) if hit.path != "/robots.txt"]


class Unhurried:
    """Politeness without pauses and without a database: what it was told is kept in `turns` and `kept`."""

    def __init__(self) -> None:
        self.turns: list[tuple[str, Turn]] = []
        self.kept: dict[str, Robots] = {}
        self.delays: dict[str, float | None] = {}

    @contextmanager
    def turn(self, site: str, *, wait_s: float, lease_s: float) -> Iterator[Turn]:
        turn = Turn()
        self.turns.append((site, turn))
        yield turn

    def pause_s(self, site: str) -> float:
        return 0.0

    def robots(self, site: str) -> Robots | None:
        return self.kept.get(site)

    def keep_robots(self, site: str, robots: Robots, *, crawl_delay_s: float | None) -> None:
        self.kept[site] = robots
        self.delays[site] = crawl_delay_s


class Names:
    """A resolver that answers for the names it is given, each time with the next list of addresses, the last for good.

    Names it does not know are looked up as always, which for encoded addresses needs no network.
    """

    def __init__(self, names: Mapping[str, list[list[str]]]) -> None:
        self.names = names
        self.lookups: list[str] = []

    def __call__(self, host: str, port: int, *options: int) -> list[tuple[int, int, int, str, tuple[Any, ...]]]:
        self.lookups.append(host)
        if host not in self.names:
            return socket.getaddrinfo(host, port, *options)  # type: ignore[return-value]
        answers = self.names[host]
        addresses = answers[min(self.lookups.count(host), len(answers)) - 1]
        return [
            (socket.AF_INET6, socket.SOCK_STREAM, 6, "", (address, port, 0, 0))
            if ":" in address
            else (socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port))
            for address in addresses
        ]


def no_robots() -> Robots:
    """Return what is kept of a site that has no robots.txt."""
    return Robots(404, "", datetime.now(UTC))


AGENT = "SecondSource/0.1 (+mailto:desk@example.org)"
LIMITS = Limits(max_bytes=50_000, max_unpacked_bytes=3_000_000, deadline_s=5.0, connect_s=4.0, read_s=4.0)


def make_fetcher(*sites: Web, named: tuple[str, ...] = (), **options: Any) -> Fetcher:
    """Return a fetcher that may ask `sites`, without pauses and with small limits unless told otherwise."""
    hosts = tuple(NamedHost.parse(entry) for entry in (*(site.site for site in sites), *named))
    return Fetcher(**{"politeness": Unhurried(), "user_agent": AGENT, "named": hosts, "limits": LIMITS, **options})
