"""gunicorn's worker of threads, which are handed requests that have come, not connections on which one may.

A thread that reads from a client waits for it, so that as many clients as there are threads, each sending a byte a
second, would be all that a process serves. Here the loop that takes connections takes in what comes on all of them,
and hands a request to a thread once its head is there, and its body up to BODY_BYTES. What a body has beyond that a
thread reads itself, but only from who sends it at BODY_BYTES_A_SECOND at least, and writes only to who reads.

Of an address that is longer than gunicorn reads, the site is given the beginning of the path, and the whole as RAW_URI:
so the site refuses it in its own words (config/refusals.py), and not gunicorn in its bare ones.

Chosen by config/gunicorn.py. It builds on how gunicorn's own worker is divided into methods, so a new version of
gunicorn is tried by tests/config/test_slow_clients.py.
"""

import errno
import re
import time
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from selectors import EVENT_READ
from socket import SHUT_WR
from typing import Any

from django.conf import settings
from gunicorn import util  # type: ignore[import-untyped]
from gunicorn.workers.gthread import ThreadWorker  # type: ignore[import-untyped]

#: A longer head is refused. So much of a body is waited for before a thread has to do with it.
HEAD_BYTES = BODY_BYTES = 64 * 1024
#: Within so many seconds a request has to be there, and as fast the rest of a body that is longer.
PATIENCE_S, BODY_BYTES_A_SECOND = 15.0, 16 * 1024
#: Who takes nothing of an answer for so long is not waited for.
READER_PATIENCE_S = 60.0
#: When the process is to end, requests that are under way get so long.
LAST_PATIENCE_S = 2.0
#: Who does not hang up after the last answer is left after so long.
LEAVING_S = 2.0
_PIECE_BYTES = 64 * 1024
#: Of an address that is too long, so much of the path tells who refuses it which language, and whether a program asks.
_PATH_BYTES = 200
_BARE_LINE_FEED = re.compile(rb"(?<!\r)\n")
_LENGTH = re.compile(rb"\r\ncontent-length:[ \t]*(\d{1,18})[ \t]*\r\n", re.IGNORECASE)
_CHUNKED = re.compile(rb"\r\ntransfer-encoding:", re.IGNORECASE)
_ASKING = re.compile(rb"\r\nexpect:[ \t]*100-continue[ \t]*\r\n", re.IGNORECASE)


@dataclass
class _Coming:
    """What has come of a request on one connection, and since when it comes."""

    received: bytearray = field(default_factory=bytearray)
    since: float = field(default_factory=time.monotonic)
    #: Whether a thread can read it without waiting for its sender, or refuse it as it is.
    is_ready: bool = False
    #: Whether its sender asked to be told before it sends the body, and was not told yet.
    is_to_be_told: bool = False
    is_watched: bool = False
    # Of the head with the empty line at its end, 0 while that is not there; and of all that is waited for.
    _head_bytes: int = 0
    _ready_bytes: int = 0
    _is_chunked: bool = False

    def take(self, piece: bytes) -> None:
        """Add what came; nothing is looked at twice, however small the pieces are."""
        new_at = len(self.received)
        self.received += piece
        if not self._head_bytes:
            self._read_head(new_at)
            new_at = 0
        if self._head_bytes:
            has_ended = self._is_chunked and self.received.find(b"0\r\n\r\n", max(self._head_bytes, new_at - 4)) >= 0
            self.is_ready = has_ended or len(self.received) >= self._ready_bytes

    def _read_head(self, new_at: int) -> None:
        end = self.received.find(b"\r\n\r\n", max(0, new_at - 3), HEAD_BYTES)
        if end < 0:
            # Lines that end otherwise have no end that gunicorn would find: it refuses them at once.
            self.is_ready = _BARE_LINE_FEED.search(self.received, max(0, new_at - 1)) is not None
            return
        self._head_bytes = end + 4
        head = bytes(self.received[: self._head_bytes])
        length = _LENGTH.search(head)
        self._is_chunked = _CHUNKED.search(head) is not None
        self.is_to_be_told = _ASKING.search(head) is not None
        wanted = BODY_BYTES if self._is_chunked else int(length[1]) if length else 0
        self._ready_bytes = self._head_bytes + min(wanted, BODY_BYTES)

    @property
    def is_too_long(self) -> bool:
        """Whether the head has more bytes than one may have."""
        return not self._head_bytes and len(self.received) >= HEAD_BYTES


class _Body:
    """What a thread reads the rest of a body from: ends, as if the sender had left, where it comes too slowly."""

    def __init__(self, connection: Any) -> None:
        self._connection = connection
        self._until = time.monotonic() + PATIENCE_S
        self._limit_s: float | None = None
        self.was_given_up = False

    def recv(self, size: int) -> bytes:
        waiting_s = self._until - time.monotonic()
        if self._limit_s is not None:
            waiting_s = min(waiting_s, self._limit_s)
        try:
            # 0 would mean not to wait at all, and to fail where nothing has come.
            self._connection.settimeout(max(waiting_s, 0.001))
            piece = bytes(self._connection.recv(size))
        except TimeoutError:
            self.was_given_up = True
            return b""
        finally:
            self._connection.settimeout(READER_PATIENCE_S)
        self._until += len(piece) / BODY_BYTES_A_SECOND
        return piece

    # By these gunicorn limits how long it reads what a view has left of a body.

    def gettimeout(self) -> float | None:
        return self._limit_s

    def settimeout(self, limit_s: float | None) -> None:
        self._limit_s = limit_s


def readable(received: bytes, *, line_bytes: int) -> tuple[bytes, str]:
    """Return a request with the path alone of an address that makes its line too long, and that address; else as it is.

    Only where the site is sure to refuse it by its length: what is asked for would not be what was left of it.
    """
    line, end, rest = received.partition(b"\r\n")
    parts = line.split(b" ", 2)
    if len(line) <= line_bytes or len(parts) < 3 or len(parts[1]) <= settings.URL_MAX_CHARACTERS:
        return received, ""
    method, address, version = parts
    path = address.partition(b"?")[0][:_PATH_BYTES]
    return b" ".join([method, path, version]) + end + rest, address.decode("latin-1")


class PatientWorker(ThreadWorker):
    """Answers by threads, and waits for those who send slowly without one."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        # In the order in which they began.
        self._coming: dict[Any, _Coming] = {}
        self._leaving: dict[Any, float] = {}

    def enqueue_req(self, conn: Any) -> None:
        """Hand a connection to a thread as soon as a request has come on it."""
        coming = self._coming[conn] = _Coming()
        if conn.parser:
            coming.take(conn.parser.unreader.take_buffered())
        conn.sock.setblocking(False)
        self._receive(conn)

    def _receive(self, conn: Any, _watched: object = None) -> None:
        coming = self._coming[conn]
        if not coming.is_ready:
            try:
                piece = conn.sock.recv(_PIECE_BYTES)
            except BlockingIOError:
                piece = None
            except OSError:
                piece = b""
            if piece == b"":
                self._drop(conn)
                return
            coming.take(piece or b"")
        if coming.is_ready:
            self._hand_over(conn)
        elif coming.is_too_long:
            self._drop(conn, 431, "Request Header Fields Too Large")
        else:
            if coming.is_to_be_told:
                coming.is_to_be_told = False
                with suppress(OSError):
                    conn.sock.send(b"HTTP/1.1 100 Continue\r\n\r\n")
            if not coming.is_watched:
                coming.is_watched = True
                self.poller.register(conn.sock, EVENT_READ, partial(self._receive, conn))

    def _hand_over(self, conn: Any) -> None:
        coming = self._forget(conn)
        conn.data_ready = True
        conn.init()
        received, conn.long_address = readable(bytes(coming.received), line_bytes=self.cfg.limit_request_line)
        conn.parser.unreader.unread(received)
        super().enqueue_req(conn)

    def _drop(self, conn: Any, status: int = 0, reason: str = "") -> None:
        self._forget(conn)
        if status:
            with suppress(OSError):
                util.write_error(conn.sock, status, reason, "")
        self._leave(conn)

    def _forget(self, conn: Any) -> _Coming:
        coming = self._coming.pop(conn)
        if coming.is_watched:
            self.poller.unregister(conn.sock)
        return coming

    def finish_request(self, conn: Any, fs: Any) -> None:
        """Go on with a connection that may be used again; hang up on any other."""
        if not fs.cancelled() and not fs.exception() and fs.result():
            super().finish_request(conn, fs)
        else:
            self._leave(conn)

    def _leave(self, conn: Any) -> None:
        """Hang up once the other side does, which gunicorn's own worker waits for with all others waiting, too.

        Closed at once, with something unread, a connection may lose what was written last (RFC 9112, section 9.6).
        """
        try:
            conn.sock.setblocking(False)
            conn.sock.shutdown(SHUT_WR)
        except OSError:
            self._close(conn)
        else:
            self._leaving[conn] = time.monotonic()
            self.poller.register(conn.sock, EVENT_READ, partial(self._see_off, conn))

    def _see_off(self, conn: Any, _watched: object = None) -> None:
        with suppress(OSError):
            if conn.sock.recv(_PIECE_BYTES):
                return
        self._close(conn)

    def _close(self, conn: Any) -> None:
        if self._leaving.pop(conn, None) is not None:
            self.poller.unregister(conn.sock)
        self.nr_conns -= 1
        conn.close()

    def murder_pending(self) -> None:
        """End connections on which no request came in time; gunicorn calls it every second."""
        super().murder_pending()
        for conn, since in list(self._leaving.items()):
            if since > time.monotonic() - LEAVING_S:
                break
            self._close(conn)
        oldest = time.monotonic() - (PATIENCE_S if self.alive else LAST_PATIENCE_S)
        for conn, coming in list(self._coming.items()):
            if coming.since > oldest:
                break
            if coming.received:
                self._drop(conn, 408, "Request Timeout")
            else:
                self._drop(conn)

    # In a thread

    def handle(self, conn: Any) -> Any:
        """Answer what was asked; return whether the connection may be used again."""
        kept = super().handle(conn)
        # What is still to come of a body that was given up is not the next request.
        return kept and not conn.parser.unreader.sock.was_given_up

    def handle_request(self, req: Any, conn: Any) -> bool:
        """Answer, with limits on how long a thread waits for the other side."""
        conn.sock.settimeout(READER_PATIENCE_S)
        conn.parser.unreader.sock = _Body(conn.sock)
        if conn.long_address:
            req.uri = conn.long_address
        try:
            return bool(super().handle_request(req, conn))
        except TimeoutError as error:
            # gunicorn takes it for a fault of its own, unlike a connection that the other side has ended.
            raise ConnectionResetError(errno.ECONNRESET, "The reader took nothing any more.") from error
