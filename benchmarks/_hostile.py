"""What attackers send to a site: bodies, paths, headers, tokens, uploads, floods, slow connections, traps to fetch.

`Attackers` goes round the list while its block lasts and keeps what was answered. Nothing of it may be answered with a
5xx, or end a process of the site; whether readers notice is measured beside it, by `benchmarks/load.py`.
"""

import gzip
import io
import itertools
import json
import socket
import threading
import time
import zipfile
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from typing import BinaryIO
from urllib.parse import quote

from tests.sources.web import Page, Web, drip, redirect

IMPORTS = "/api/v1/imports/"
GOOD = {"outlet": "Hostile", "title": "A title", "text": "The bridge was closed on Monday."}
#: Unknown to the site: an answer of 404 is as good as any below 500.
NOBODY = "00000000-0000-0000-0000-000000000001"
TIMEOUT_S = 30
#: A packed upload unpacks to so much.
BOMB_BYTES = 300_000_000
#: What a server that lacks a method or a version has to answer.
HONEST = {501, 505}
#: Addresses of attackers (RFC 5737). Most requests come from many, so that limits do not stop them before they harm.
NETWORK, FLOODING, GUESSING = "198.51.100", 1, 2
_MANY = itertools.cycle(range(10, 250))


@dataclass(frozen=True)
class Target:
    """The site under attack; `secret` is a token that may import, as of an editor whose program was taken over."""

    port: int
    secret: str
    #: Of the site that is fetched from.
    trap: str
    upload: Callable[[str, bytes], int]


@dataclass
class Seen:
    """What an attack was answered: statuses, 0 for a connection that was closed, -1 for no answer in time."""

    statuses: Counter[int] = field(default_factory=Counter)
    slowest_s: float = 0.0


Attack = Callable[[Target], int]


# Sending


def ask(
    target: Target,
    method: str,
    path: str,
    *,
    body: bytes = b"",
    length: int | None = None,
    token: bool = False,
    address: int | None = None,
    headers: dict[str, str] | None = None,
) -> int:
    """Send a request as it is, well-formed or not, and return the status of the answer."""
    asker = f"{NETWORK}.{next(_MANY) if address is None else address}"
    named = {"Host": f"127.0.0.1:{target.port}", "X-Forwarded-For": asker, "Connection": "close"}
    if body or length is not None:
        named |= {"Content-Type": "application/json", "Content-Length": str(len(body) if length is None else length)}
    if token:
        named["Authorization"] = f"Bearer {target.secret}"
    lines = [f"{method} {path} HTTP/1.1", *(f"{name}: {value}" for name, value in (named | (headers or {})).items())]
    return raw(target, "\r\n".join([*lines, "", ""]).encode("latin-1", "replace") + body)


def raw(target: Target, sent: bytes) -> int:
    with socket.create_connection(("127.0.0.1", target.port), timeout=TIMEOUT_S) as connection:
        # Who refuses a body answers before it has come, and hangs up.
        with suppress(ConnectionError):
            connection.sendall(sent)
        try:
            answer = connection.recv(65_536)
        except ConnectionError:
            return 0
        except TimeoutError:
            return -1
    parts = answer.split(b" ", 2)
    return int(parts[1]) if answer.startswith(b"HTTP/") and len(parts) > 1 and parts[1].isdigit() else 0


def post(path: str, body: object, **options: object) -> Attack:
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    return lambda target: ask(target, "POST", path, body=content, token=True, **options)  # type: ignore[arg-type]


def get(path: str, **headers: str) -> Attack:
    return lambda target: ask(target, "GET", path, headers=headers)


# The list


def bodies() -> Iterator[tuple[str, Attack]]:
    """JSON that is too large, too deep, no JSON, or not what was asked for; with a token that may import."""
    yield "body said to have 100 MB", post(IMPORTS, b"{}", length=100_000_000)
    yield "body of 60 MB", post(IMPORTS, b'{"documents": ["' + b"x" * 60_000_000 + b'"]}')
    yield "body with a negative length", post(IMPORTS, b"{}", length=-1)
    for name, text in (
        ("200,000 brackets", b"[" * 200_000),
        ("900 objects in each other", b'{"a":' * 900 + b"1" + b"}" * 900),
        ("no UTF-8", b"\xff\xfe{"),
        ("not a number", b'{"documents": [NaN, 1e999]}'),
        ("an integer of 5,000 digits", b'{"documents": [' + b"9" * 5000 + b"]}"),
        ("nothing", b""),
        ("half of an object", b'{"documents": ['),
        ("the same key 10,000 times", b"{" + b'"label": "x",' * 10_000 + b'"label": "y"}'),
    ):
        for path in (IMPORTS, "/api/v1/claims/", "/api/v1/articles/"):
            yield f"JSON: {name}, {path}", post(path, text)
    for name, document in (
        ("NUL", GOOD | {"title": "a\0b", "text": "c\0d"}),
        ("lone surrogates", GOOD | {"title": "\ud800", "text": "\udfff said so."}),
        ("wrong types", {"outlet": 7, "title": [], "text": {"a": None}}),
        ("year 0", GOOD | {"published_at": "0000-00-00T00:00Z"}),
        ("year 9999", GOOD | {"published_at": "9999-12-31T23:59:59+14:00"}),
        ("a huge integer", GOOD | {"published_at": 2**70}),
        ("a path", GOOD | {"file": "../../../../etc/passwd"}),
        ("200,000 elements in each other", {"outlet": "Hostile", "html": "<div>" * 200_000}),
        ("entities", {"outlet": "Hostile", "html": _entities()}),
        ("quotation marks alone", GOOD | {"text": "“”" * 50_000}),
        ("directions turned around", GOOD | {"text": "\u202e\u2066said\u2069 “" + "\u0301" * 5_000 + "”"}),
    ):
        yield f"document: {name}", post(IMPORTS, {"label": name, "documents": [document]})
    yield "2,000 documents of nothing", post(IMPORTS, {"documents": [{}] * 2_000})
    yield "fields that there are not", post(IMPORTS, {"documents": [GOOD], "__class__": "x", "priority": 2**65})
    yield "idempotency key of 5,000", post(IMPORTS, {"documents": [GOOD]}, headers={"Idempotency-Key": "k" * 5_000})
    yield "a key for another body", post(IMPORTS, {"documents": [GOOD] * 2}, headers={"Idempotency-Key": '"same"'})
    yield "the key again", post(IMPORTS, {"documents": [GOOD]}, headers={"Idempotency-Key": '"same"'})
    packed = gzip.compress(b"0" * 10_000_000)
    yield "body packed", post(IMPORTS, packed, headers={"Content-Encoding": "gzip"})
    for media_type in ("multipart/form-data", "text/xml", f"multipart/form-data; boundary={'b' * 5000}", "x/\0"):
        yield f"body of type {media_type[:30]!r}", post(IMPORTS, b"--x\r\n\r\n", headers={"Content-Type": media_type})


def _entities() -> str:
    nested = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
    return f'<!DOCTYPE html [<!ENTITY a0 "x">{nested}]><html><body><p>&a9;</p></body></html>'


def addresses() -> Iterator[tuple[str, Attack]]:
    """Paths, parameters, cursors and ids that nobody means."""
    values = {
        "NUL": "a\0b",
        "7,000 characters": "x" * 7_000,
        "formats": "%s%n%00%",
        "SQL": "' OR 1=1; DROP TABLE claims_claim; --",
        "HTML": "\"'><script>x9</script>",
        "a huge integer": "9" * 40,
        "a lone surrogate": "\ud800",
        "templates": "{{7*7}}${7*7}",
        "no date": "2020-02-31",
        "controls": "\u202e\n\r\t\x1b",
        "quotation marks": '"' * 500,
        "operators": "a or " * 300 + "b",
        "minuses": "-a " * 400,
    }
    for name, value in values.items():
        written = quote(value.encode("utf-8", "surrogatepass"))
        for parameter in ("q", "speaker", "place"):
            yield f"page asked by {parameter}: {name}", get(f"/claims/?{parameter}={written}")
        for parameter in ("q", "cursor", "outlet", "said_after", "limit", "as_of", "fields"):
            yield f"API asked by {parameter}: {name}", get(f"/api/v1/claims/?{parameter}={written}")
    for path in (
        "/" + "a/" * 2_000,
        "/claims/" + "%2e%2e/" * 20 + "etc/passwd",
        "//evil.example/claims/",
        "/\\evil.example/",
        "/static/%2e%2e/%2e%2e/config/settings.py",
        "/static/../../config/settings.py",
        "/.env",
        "/.git/config",
        "/ru/" * 50,
        "/claims/%00/",
        f"/claims/{NOBODY}/",
        f"/snapshots/{NOBODY}/",
        "/claims/?" + "x" * 20_000,
        "/api/v1/claims/?format=../../etc",
        "/api/v1/claims/?cursor=eyJ2IjpbMV19:tampered:with",
        "/api/v1/changes/?since=" + "9" * 30,
        "/api/v1/claims/?" + "&".join(f"outlet=x{n}" for n in range(300)),
    ):
        yield f"path {path[:50]!r}", get(path)


def requests() -> Iterator[tuple[str, Attack]]:
    """Requests that are none, and headers, methods and tokens that are not meant."""
    for name, sent in {
        "no HTTP": b"\x00\x01\x02\x03\r\n\r\n",
        "a greeting of TLS": bytes.fromhex("16030100a5010000a10303") + b"\0" * 160 + b"\r\n\r\n",
        "HTTP/0.9": b"GET /claims/\r\n\r\n",
        "HTTP/9.9": b"GET /claims/ HTTP/9.9\r\n\r\n",
        "two lengths": b"POST /claims/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n"
        b"abcdef",
        "a length and chunks": b"POST /claims/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: 4\r\n"
        b"Transfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /admin/ HTTP/1.1\r\n\r\n",
        "a chunk without an end": b"POST /claims/ HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n"
        b"FFFFFFFFFFFFFFFF\r\n\r\n",
        "an unknown coding": b"POST /claims/ HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: xyz\r\n\r\nabc",
        "a header of 100 KB": b"GET /claims/ HTTP/1.1\r\nHost: localhost\r\nX-A: " + b"a" * 100_000 + b"\r\n\r\n",
        "300 headers": b"GET /claims/ HTTP/1.1\r\nHost: localhost\r\n" + b"X-A: a\r\n" * 300 + b"\r\n",
        "folded headers": b"GET /claims/ HTTP/1.1\r\nHost: localhost\r\nX-A: a\r\n b\r\n\r\n",
        "NUL in a header": b"GET /claims/ HTTP/1.1\r\nHost: localhost\r\nX-A: a\0b\r\n\r\n",
    }.items():
        yield f"request: {name}", partial(_raw, sent=sent)
    for method in ("TRACE", "PROPFIND", "DELETE", "OPTIONS", "X" * 300):
        yield f"method {method[:10]}", partial(_method, method=method)
    for name, headers in {
        "another host": {"Host": "evil.example"},
        "a host of 5,000": {"Host": "x" * 5_000},
        "where from, at length": {"X-Forwarded-For": "x" * 5_000},
        "dates": {"If-Modified-Since": "Fri, 99 Foo 99999 99:99:99 GMT", "If-None-Match": '"' * 500},
        "1,000 cookies": {"Cookie": "; ".join(f"c{n}=1" for n in range(1_000))},
        "a session": {"Cookie": f"sessionid={'a' * 32}; csrftoken=\x7f"},
        "languages": {"Accept-Language": ",".join(f"x{n};q=0.{n}" for n in range(900))},
        "ranges": {"Range": "bytes=" + ",".join(f"{n}-" for n in range(900))},
    }.items():
        yield f"headers: {name}", partial(_headers, headers=headers)
    for name, token in {
        "wrong": f"sst_{'0' * 40}",
        "empty": "",
        "5,000 characters": "x" * 5_000,
        "not ASCII": "sst_\xff\xfe",
        "SQL": "' OR 1=1 --",
    }.items():
        yield f"token: {name}", partial(_token, token=token)


def _raw(target: Target, *, sent: bytes) -> int:
    return raw(target, sent)


def _method(target: Target, *, method: str) -> int:
    return ask(target, method, "/claims/")


def _headers(target: Target, *, headers: dict[str, str]) -> int:
    return ask(target, "GET", "/claims/", headers=headers)


def _token(target: Target, *, token: str) -> int:
    body, headers = b'{"addresses": ["https://a.example/"]}', {"Authorization": f"Bearer {token}"}
    return ask(target, "POST", IMPORTS, body=body, headers=headers, address=GUESSING)


def floods() -> Iterator[tuple[str, Attack]]:
    """More than one may ask for, from one address; and files that are asked for and not read."""

    def flood(target: Target, path: str) -> int:
        return max(ask(target, "GET", path, address=FLOODING) for _ in range(30))

    yield "30 searches at once, pages", partial(flood, path="/claims/?q=bridge")
    yield "30 searches at once, API", partial(flood, path="/api/v1/claims/?q=bridge")
    yield "30 wrong tokens", lambda target: max(_token(target, token=f"sst_{n:040}") for n in range(30))
    for path in ("/claims.csv", "/api/v1/claims/?format=jsonl", "/claims.atom"):
        yield f"hung up on {path}", get(path)


def uploads() -> Iterator[tuple[str, Attack]]:
    """Files of an editor's browser that was taken over."""
    packed = _packed(BOMB_BYTES)
    zipped = io.BytesIO()
    with zipfile.ZipFile(zipped, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.jsonl", b"0" * (BOMB_BYTES // 10))
    for name, content in {
        "bomb.jsonl.gz": packed,
        "bomb.warc.gz": packed,
        "bomb.zip": zipped.getvalue(),
        "bomb.jsonl": zipped.getvalue(),
        "cut.jsonl.gz": packed[:1_000],
        "../../../../etc/passwd.txt": b"root",
        "x" * 500 + ".html": b"<p>" * 100_000,
        "none.warc": b"WARC/1.0\r\nContent-Length: 99999999999999\r\n\r\n",
        "deep.json": b"[" * 100_000,
        "entities.xml": _entities().encode(),
    }.items():
        yield f"upload {name[-30:]}", partial(_upload, name=name, content=content)


def _packed(unpacked: int) -> bytes:
    packed = io.BytesIO()
    with gzip.GzipFile(fileobj=packed, mode="wb", compresslevel=6) as file:
        for _ in range(unpacked // 1_000_000):
            file.write(b"0" * 1_000_000)
    return packed.getvalue()


def _upload(target: Target, *, name: str, content: bytes) -> int:
    return target.upload(name, content)


TRAPS = ("/loop", "/there", "/longer", "/endless", "/bomb", "/drip", "/inside", "/short", "/image", "/hang")
#: Where a site of ours must not be led.
INSIDE = (
    "http://169.254.169.254/latest/meta-data/",
    "http://0x7f000001/",
    "http://[::ffff:127.0.0.1]/",
    "http://localhost:22/",
    "http://127.1/",
)


def fetches() -> Iterator[tuple[str, Attack]]:
    """Addresses whose site never ends, goes in circles, or leads into our own network."""
    for trap in TRAPS:
        yield f"fetch {trap}", partial(_fetch, address=trap)
    for address in INSIDE:
        yield f"fetch {address}", partial(_fetch, address=address)


def _fetch(target: Target, *, address: str) -> int:
    full = f"{target.trap}{address}" if address.startswith("/") else address
    # Another address each time, or it would be known already.
    full += f"{'&' if '?' in full else '?'}n={time.monotonic_ns()}" if address in INSIDE else ""
    return post(IMPORTS, {"label": "hostile addresses", "addresses": [full]})(target)


def trap() -> Web:
    """Return the site that addresses of `fetches` are at; to be entered."""

    def endless(file: BinaryIO) -> None:
        file.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<html><body>")
        while True:
            file.write(b"<p>more</p>" * 10_000)

    def short(file: BinaryIO) -> None:
        file.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 1000000\r\n\r\n<p>Less.</p>")

    head = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n"
    bomb = {"Content-Encoding": "gzip"}
    return Web(
        {
            "/loop": redirect("/loop"),
            "/there": redirect("/back"),
            "/back": redirect("/there"),
            "/longer": redirect("/longer/" + "x" * 7_000),
            "/endless": endless,
            "/bomb": Page(_packed(BOMB_BYTES), headers=bomb),
            "/drip": drip(head, b"<p>x</p>", every_s=0.5, drops=200),
            "/hang": drip(b"", b"", every_s=1.0, drops=60),
            "/inside": redirect("http://169.254.169.254/latest/meta-data/"),
            "/short": short,
            "/image": Page(b"\x89PNG" * 1_000, media_type="image/png"),
        },
        robots="User-agent: *\nDisallow:\n",
    )


def attacks() -> list[tuple[str, Attack]]:
    """Return all, those that cost much among those that cost little."""
    cheap = [*addresses(), *requests()]
    dear = [*bodies(), *uploads(), *floods(), *fetches()]
    every = max(1, len(cheap) // len(dear))
    mixed: list[tuple[str, Attack]] = []
    rest = iter(cheap)
    for each in dear:
        mixed += [each, *itertools.islice(rest, every)]
    return [*mixed, *rest]


class Attackers:
    """Goes round the list, so many attacks a second, while the block lasts; and at least once to its end."""

    def __init__(self, target: Target, *, rate: float) -> None:
        self.target, self.rate = target, rate
        self.seen: dict[str, Seen] = defaultdict(Seen)
        self.attacks = attacks()
        self.rounds = 0.0
        self._ended = threading.Event()

    def __enter__(self) -> "Attackers":
        self._thread = threading.Thread(target=self._attack_on)
        self._thread.start()
        return self

    def __exit__(self, *raised: object) -> None:
        self._ended.set()
        self._thread.join()

    def _attack_on(self) -> None:
        began = time.monotonic()
        for number, (name, attack) in enumerate(itertools.cycle(self.attacks)):
            if self._ended.is_set() and number >= len(self.attacks):
                break
            time.sleep(max(0.0, began + number / self.rate - time.monotonic()))
            started = time.monotonic()
            try:
                status = attack(self.target)
            except OSError:
                status = 0
            seen = self.seen[name]
            seen.statuses[status] += 1
            seen.slowest_s = max(seen.slowest_s, time.monotonic() - started)
            self.rounds = (number + 1) / len(self.attacks)

    @property
    def sent(self) -> int:
        return sum(sum(seen.statuses.values()) for seen in self.seen.values())

    @property
    def broken(self) -> dict[str, Counter[int]]:
        """What was answered with a 5xx, or not at all in time."""
        return {
            name: seen.statuses
            for name, seen in self.seen.items()
            if any(status == -1 or (status >= 500 and status not in HONEST) for status in seen.statuses)
        }

    def report(self) -> None:
        """Print how often each status came, what was broken, and what took longest."""
        together: Counter[int] = Counter()
        for seen in self.seen.values():
            together += seen.statuses
        statuses = ", ".join(f"{number} × {_meaning(status)}" for status, number in sorted(together.items()))
        print(f"hostile requests: {self.sent} of {len(self.attacks)} kinds, {self.rounds:.1f} times round: {statuses}")
        for name, statuses_of in self.broken.items():
            print(f"  BROKEN {name}: {dict(statuses_of)}")
        slowest = sorted(self.seen.items(), key=lambda item: -item[1].slowest_s)[:5]
        print(f"  slowest: {'; '.join(f'{name} {seen.slowest_s:.1f} s' for name, seen in slowest)}", flush=True)


def _meaning(status: int) -> str:
    return {0: "closed", -1: "no answer"}.get(status, str(status))


class SlowConnections:
    """Holds connections that send a byte a second, of a header or of a body, while the block lasts."""

    def __init__(self, port: int, number: int) -> None:
        self.port, self.number = port, number
        self.closed = 0
        self._ended = threading.Event()

    def __enter__(self) -> "SlowConnections":
        self._threads = [threading.Thread(target=self._hold, args=(place % 2,)) for place in range(self.number)]
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *raised: object) -> None:
        self._ended.set()
        for thread in self._threads:
            thread.join()

    def _hold(self, of_body: int) -> None:
        # Where strangers may ask by a form, whose body is read to its end.
        head = (
            f"POST /api/v1/reconcile/claims/ HTTP/1.1\r\nHost: localhost:{self.port}\r\nContent-Length: 900000\r\n"
            "Content-Type: application/x-www-form-urlencoded\r\n"
        ).encode()
        while not self._ended.is_set():
            try:
                with socket.create_connection(("127.0.0.1", self.port), timeout=5) as connection:
                    connection.sendall(head + (b"\r\n" if of_body else b"X-Slow: "))
                    while not self._ended.wait(1.0):
                        connection.sendall(b"a")
            except OSError:
                # The site hung up, as it should: the next one.
                self.closed += 1
                self._ended.wait(0.2)
