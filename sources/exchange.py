"""One HTTP request and its answer, within limits of time and size; no redirect is followed, nothing is kept.

The request goes through the transport adapter of `requests` alone, without its Session: a Session reads the body of
each redirect to its end, whatever its size, keeps cookies, and takes proxies and passwords from the environment.
"""

import logging
import socket
import ssl
import threading
import time
import zlib
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from functools import lru_cache
from types import TracebackType
from typing import Any

import requests
from certifi import where
from requests.exceptions import InvalidHeader, RequestException, SSLError, Timeout
from ssrfguard import Policy, Resolver, SSRFGuardError
from ssrfguard.requests import SafeAdapter
from urllib3.exceptions import HTTPError as TransportError
from urllib3.exceptions import NameResolutionError, NewConnectionError, ReadTimeoutError
from urllib3.exceptions import SSLError as TransportSslError
from urllib3.exceptions import TimeoutError as TransportTimeout
from urllib3.util.ssl_ import create_urllib3_context

from sources.addresses import Permission, refusal
from sources.fetch_errors import (
    AddressRefused,
    BombRefused,
    BrokenResponse,
    ConnectionFailed,
    FetchFailed,
    HostUnknown,
    TlsError,
    TooLarge,
    TooSlow,
    WrongContentType,
)

logger = logging.getLogger(__name__)

PIECE_BYTES = 65_536
#: Below this size a high ratio is no attack: a page of one repeated line packs a thousand times.
RATIO_COUNTS_FROM_BYTES = 1_000_000
#: Members of one gzip body; half a million empty ones would cost more time than any deadline sees.
MAX_MEMBERS = 100
#: By what OpenSSL calls it (X509_V_ERR_…), what is wrong with a certificate.
_CERTIFICATE_FAULTS = {
    9: "its time has not begun",
    10: "it has expired",
    **dict.fromkeys((2, 18, 19, 20, 21), "nobody who is trusted here vouches for it"),
    **dict.fromkeys((62, 64), "it is for another name"),
}


@dataclass(frozen=True)
class Limits:
    max_bytes: int = 10_000_000
    max_unpacked_bytes: int = 20_000_000
    max_ratio: int = 200
    deadline_s: float = 30.0
    connect_s: float = 10.0
    # Of silence; a server that sends a byte now and then is ended by the deadline.
    read_s: float = 15.0
    # Bytes past `max_bytes` are left away instead of refused.
    cut: bool = False


@dataclass(frozen=True)
class Answer:
    """What came back: header names are lower case, the body is unpacked, and empty unless it was asked for."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def media_type(self) -> str:
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()


class Stopwatch:
    """A limit of time that cuts the connections opened under it when it is over.

    A socket's own timeout starts anew with each byte, so a server that drips headers or a body is never cut by it.
    """

    def __init__(self, seconds: float) -> None:
        self._ends = time.monotonic() + seconds
        self._timer = threading.Timer(max(seconds, 0.0), self._cut)
        self._timer.daemon = True
        self._lock = threading.Lock()
        self._sockets: list[socket.socket] = []
        self.over = False

    def __enter__(self) -> "Stopwatch":
        self._timer.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._timer.cancel()
        with self._lock:
            for held in self._sockets:
                held.close()
            self._sockets.clear()

    @property
    def left_s(self) -> float:
        return max(self._ends - time.monotonic(), 0.001)

    def watch(self, connection: socket.socket) -> None:
        """Cut `connection` when the time is over."""
        # A second descriptor of the same connection: TLS takes the first one over.
        held = connection.dup()
        with self._lock:
            self._sockets.append(held)
            if self.over:
                _shut(held)

    def _cut(self) -> None:
        with self._lock:
            self.over = True
            for held in self._sockets:
                _shut(held)


def _shut(connection: socket.socket) -> None:
    try:
        connection.shutdown(socket.SHUT_RDWR)
    except OSError:
        return  # the other side was faster


class _WatchedAdapter(SafeAdapter):
    """Connects only to addresses it has checked, and hands each connection to a stopwatch."""

    def __init__(self, *, policy: Policy, resolver: Resolver, watch: Stopwatch, ca_bundle: str) -> None:
        self.watch = watch
        self.ca_bundle = ca_bundle
        super().__init__(policy=policy, resolver=resolver, pool_connections=1, pool_maxsize=1)

    def init_poolmanager(self, connections: int, maxsize: int, block: bool = False, **pool_kwargs: object) -> None:
        super().init_poolmanager(connections, maxsize, block, ssl_context=_trust(self.ca_bundle), **pool_kwargs)
        self.poolmanager.pool_classes_by_scheme = {
            scheme: _watched(pool, self.watch) for scheme, pool in self.poolmanager.pool_classes_by_scheme.items()
        }

    def cert_verify(self, conn: Any, url: str, verify: object, cert: object) -> None:
        """Demand a certificate by the pool's own context, instead of reading the bundle for each connection."""
        conn.cert_reqs = "CERT_REQUIRED"


@lru_cache(maxsize=4)
def _trust(ca_bundle: str) -> ssl.SSLContext:
    """Return a context that demands a valid certificate for the name that was asked."""
    context = create_urllib3_context()
    context.load_verify_locations(ca_bundle)
    return context


def _watched(pool: Any, watch: Stopwatch) -> Any:
    """Return the pool class with connections that `watch` may cut."""

    def _new_conn(self: Any) -> socket.socket:
        connection: socket.socket = pool.ConnectionCls._new_conn(self)
        watch.watch(connection)
        return connection

    connection = type(f"Watched{pool.ConnectionCls.__name__}", (pool.ConnectionCls,), {"_new_conn": _new_conn})
    return type(f"Watched{pool.__name__}", (pool,), {"ConnectionCls": connection})


def ask(
    url: str,
    permission: Permission,
    *,
    headers: Mapping[str, str],
    limits: Limits,
    method: str = "GET",
    body: bytes | None = None,
    accepts: Callable[[str], bool] | None = None,
    wanted: Collection[int] = (200, 203),
    resolver: Resolver | None = None,
    ca_bundle: str = "",
) -> Answer:
    """Return the answer to one request of `url`; its body is read only where its status is one of `wanted`.

    Raises AddressRefused, HostUnknown, ConnectionFailed, TlsError, TooSlow, TooLarge, BombRefused, WrongContentType
    and BrokenResponse.
    """
    host = permission.target.host
    watch = Stopwatch(limits.deadline_s)
    try:
        prepared = requests.Request(method, url, headers=dict(headers), data=body).prepare()
    except (RequestException, ValueError) as error:
        raise unsendable(url, error) from error
    adapter = _WatchedAdapter(
        policy=permission.policy,
        resolver=_bounded(resolver or socket.getaddrinfo, watch),
        watch=watch,
        ca_bundle=ca_bundle or where(),
    )
    try:
        with watch, closing(adapter):
            response = adapter.send(
                prepared,
                stream=True,
                timeout=(min(limits.connect_s, limits.deadline_s), min(limits.read_s, limits.deadline_s)),
            )
            with closing(response):
                answer = Answer(response.status_code, _headers(response), b"")
                if answer.status in wanted:
                    if accepts is not None and not accepts(answer.media_type):
                        raise WrongContentType(_wrong_type(url, answer.media_type))
                    answer = Answer(answer.status, answer.headers, _body(response, answer.headers, limits, host))
    except SSRFGuardError as refused:
        raise refusal(url, refused) from refused
    except FetchFailed as failed:
        # An answer that we cut looks like one without its end.
        if watch.over:
            raise _too_slow(host, limits) from failed
        raise
    except (RequestException, TransportError, OSError, ValueError) as error:
        if watch.over:
            raise _too_slow(host, limits) from error
        raise _explained(error, host) from error
    if watch.over:
        raise _too_slow(host, limits)
    return answer


def unsendable(url: str, error: Exception) -> AddressRefused:
    """Return the refusal of an address that may be asked, but cannot be written into a request."""
    logger.info("address not sendable error=%r", error)
    return AddressRefused(f"{url[:200]} is not an address that can be asked. Copy it from a browser's address line.")


def _bounded(resolver: Resolver, watch: Stopwatch) -> Resolver:
    """Return `resolver` with the stopwatch's limit, which `getaddrinfo` itself does not have."""

    def resolve(*query: Any) -> Any:
        outcome: list[Any] = []

        def look_up() -> None:
            try:
                outcome.append(resolver(*query))
            except (OSError, UnicodeError) as error:
                outcome.append(error)

        # A daemon: a lookup that hangs ends with the process at the latest.
        thread = threading.Thread(target=look_up, daemon=True)
        thread.start()
        thread.join(watch.left_s / 2)
        if not outcome:
            raise TimeoutError("the lookup of its name did not end")
        if isinstance(outcome[0], UnicodeError):
            raise socket.gaierror(socket.EAI_NONAME, "not a name that can be looked up") from outcome[0]
        if isinstance(outcome[0], OSError):
            raise outcome[0]
        return outcome[0]

    return resolve


def _headers(response: requests.Response) -> dict[str, str]:
    """Return the headers in a form that can be stored, without cookies."""
    return {
        name.lower(): value.replace("\0", "")
        for name, value in response.headers.items()
        if name.lower() not in ("set-cookie", "set-cookie2")
    }


def _body(response: requests.Response, headers: Mapping[str, str], limits: Limits, host: str) -> bytes:
    """Return the unpacked body; no more of it is read than the limits allow."""
    announced = headers.get("content-length", "")
    if not limits.cut and announced.isdecimal() and int(announced) > limits.max_bytes:
        raise TooLarge(f"{host} announced {int(announced):,} bytes; the limit is {limits.max_bytes:,}.")
    body = bytearray()
    for piece in _unpacked(_pieces(response, limits, host), headers.get("content-encoding", ""), limits, host):
        body += piece
        if limits.cut and len(body) >= limits.max_bytes:
            return bytes(body[: limits.max_bytes])
    return bytes(body)


def _pieces(response: requests.Response, limits: Limits, host: str) -> Iterator[bytes]:
    """Yield the bytes as they arrive; a read that waits for a full buffer would wait for a dripping server."""
    count = 0
    while piece := response.raw.read1(PIECE_BYTES, decode_content=False):
        count += len(piece)
        if count > limits.max_bytes and not limits.cut:
            raise TooLarge(f"{host} sent more than the limit of {limits.max_bytes:,} bytes; the rest was not read.")
        yield piece


def _unpacked(pieces: Iterator[bytes], encoding: str, limits: Limits, host: str) -> Iterator[bytes]:
    """Yield the unpacked bytes, and stop before an unpacked byte too many is made."""
    encoding = encoding.strip().lower()
    if encoding in ("", "identity"):
        yield from pieces
        return
    if encoding not in ("gzip", "x-gzip", "deflate"):
        raise WrongContentType(
            f"{host} packed its answer as {encoding[:40]!r} although only gzip and deflate were offered."
        )
    packed = unpacked = members = 0
    inflater: Any = None
    for arrived in pieces:
        packed += len(arrived)
        piece = arrived
        while True:
            if inflater is None:
                members += 1
                inflater = zlib.decompressobj(_window_bits(encoding, piece))
            try:
                out = inflater.decompress(piece, PIECE_BYTES)
            except zlib.error as error:
                logger.info("answer not unpacked host=%s error=%r", host, error)
                raise BrokenResponse(
                    f"{host} sent what is not {encoding}, although it says that it is. Try again later."
                ) from error
            unpacked += len(out)
            _check_bomb(packed, unpacked, members, limits, host)
            if out:
                yield out
            piece = inflater.unconsumed_tail
            if inflater.eof:
                # Another member of a gzip stream may follow; anything else after the end is no part of it.
                piece = inflater.unused_data
                inflater = None
                if encoding == "deflate" or (piece and not piece.startswith(b"\x1f")):
                    return
            # A full buffer may have left more inside than it took from the piece.
            if not piece and (inflater is None or len(out) < PIECE_BYTES):
                break
    if inflater is not None:
        raise BrokenResponse(f"{host} sent a {encoding} stream that is cut short. Try again later.")


def _check_bomb(packed: int, unpacked: int, members: int, limits: Limits, host: str) -> None:
    if members > MAX_MEMBERS:
        raise BombRefused(f"{host} packed its answer as more than {MAX_MEMBERS} gzip members, which no server needs.")
    if unpacked > limits.max_unpacked_bytes and not limits.cut:
        raise BombRefused(
            f"{host} sent {packed:,} bytes that unpack to more than the limit of {limits.max_unpacked_bytes:,}."
        )
    if unpacked > RATIO_COUNTS_FROM_BYTES and unpacked > packed * limits.max_ratio:
        raise BombRefused(
            f"{host} sent {packed:,} bytes that unpack to {unpacked:,} or more; the limit is {limits.max_ratio} "
            "times their size."
        )


def _window_bits(encoding: str, beginning: bytes) -> int:
    """Return what zlib calls a format: gzip, zlib, or raw deflate, which some servers send as `deflate`."""
    if encoding != "deflate":
        return 16 + zlib.MAX_WBITS
    return zlib.MAX_WBITS if beginning[0] & 0x0F == zlib.DEFLATED else -zlib.MAX_WBITS


def _wrong_type(url: str, media_type: str) -> str:
    shown = f"is {media_type[:80]}" if media_type else "names no media type"
    return f"What came from {url[:200]} {shown}, which is not read here; give the address of a page, feed or archive."


def _too_slow(host: str, limits: Limits) -> TooSlow:
    return TooSlow(f"{host} took longer than {limits.deadline_s:.3g} seconds; it was cut off. Try again later.")


def _explained(error: Exception, host: str) -> FetchFailed:
    """Return the failure of a request in words for the person who asked for it; the libraries' own are logged."""
    chain = _causes(error)
    logger.info("request failed host=%s error=%r", host, chain[-1])
    if invalid := next((cause for cause in chain if isinstance(cause, ssl.SSLCertVerificationError)), None):
        what = _CERTIFICATE_FAULTS.get(invalid.verify_code, "it does not keep to the rules for certificates")
        return TlsError(f"The certificate of {host} is not valid: {what}. Its owner must mend that.")
    if any(isinstance(cause, SSLError | TransportSslError | ssl.SSLError) for cause in chain):
        return TlsError(
            f"No secure connection to {host} came about. Try again later, or with http:// where it has no https.",
            transient=True,
        )
    if unresolved := next((cause for cause in chain if isinstance(cause, NameResolutionError)), None):
        if isinstance(unresolved.__cause__, socket.gaierror) and unresolved.__cause__.errno == socket.EAI_AGAIN:
            return HostUnknown(f"The name server did not answer where {host} is. Try again later.", transient=True)
        return HostUnknown(f"{host} has no address. Check its spelling, or try again later.")
    if any(isinstance(cause, NewConnectionError) for cause in chain):
        refuses = any(isinstance(cause, ConnectionRefusedError) for cause in chain)
        how = " because it refuses connections" if refuses else ""
        return ConnectionFailed(f"{host} could not be reached{how}. Try again later.")
    if any(isinstance(cause, Timeout | TransportTimeout | ReadTimeoutError | TimeoutError) for cause in chain):
        return TooSlow(f"{host} did not answer for too long, or its name server did not. Try again later.")
    if isinstance(error, InvalidHeader | ValueError) and not isinstance(error, RequestException):
        return BrokenResponse(f"{host} sent what cannot be read as HTTP. Try again later.")
    return BrokenResponse(f"{host} broke off or did not answer in HTTP. Try again later.")


def _causes(error: BaseException) -> list[BaseException]:
    """Return an error and what it was made from, the innermost last."""
    chain: list[BaseException] = []
    next_error: BaseException | None = error
    while next_error is not None and next_error not in chain:
        chain.append(next_error)
        inner = next((part for part in next_error.args if isinstance(part, BaseException)), None)
        reason = getattr(next_error, "reason", None)
        next_error = reason if isinstance(reason, BaseException) else inner or next_error.__cause__
    return chain
