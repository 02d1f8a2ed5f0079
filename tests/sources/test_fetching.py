"""Fetching: what is refused and why, what is cut off, and that sites are asked politely.

All of it against real servers on loopback; `127.0.0.1:PORT` is allowed by name, as an operator would.
"""

import gzip
import itertools
import random
import re
import socket
import threading
import time
import zlib
from datetime import UTC, datetime, timedelta

import pytest
import trustme
from django.core.exceptions import ImproperlyConfigured
from django.db import connection, transaction
from django.utils import timezone

from sources import fetch_errors as errors
from sources import politeness as politeness_module
from sources.exchange import Limits
from sources.fetching import UNKNOWN, Fetcher, fetch
from sources.models import Host
from sources.politeness import HostRows, retry_after_s
from tests.sources.web import AGENT, Names, Page, Web, drip, make_fetcher, no_robots, raw, redirect


@pytest.fixture
def web():
    with Web() as site:
        yield site


def head(**headers: str) -> bytes:
    lines = ["HTTP/1.1 200 OK", "Content-Type: text/html", *(f"{k.replace('_', '-')}: {v}" for k, v in headers.items())]
    return "\r\n".join([*lines, "", ""]).encode()


# What comes back


def test_a_page_comes_back_with_its_headers_and_where_it_was_found(web):
    web.pages["/old"] = redirect("/new")
    web.pages["/new"] = Page(b"<p>Hello.</p>", headers={"ETag": '"1"', "Set-Cookie": "id=7"})

    fetched = make_fetcher(web).fetch(web.url("/old#part"))

    assert (fetched.status, fetched.body, fetched.media_type) == (200, b"<p>Hello.</p>", "text/html")
    assert (fetched.url, fetched.final_url) == (web.url("/old#part"), web.url("/new"))
    assert fetched.etag == '"1"'
    assert "set-cookie" not in fetched.headers
    assert not fetched.not_modified


def test_a_request_says_who_asks_and_carries_nothing_else(web, monkeypatch, tmp_path):
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login me password secret")
    monkeypatch.setenv("NETRC", str(netrc))
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:1")
    web.pages["/"] = Page(headers={"Set-Cookie": "id=7"})
    fetcher = make_fetcher(web)

    fetcher.fetch(web.url())
    fetcher.fetch(web.url())

    for hit in web.asked("/"):
        assert hit.headers["user-agent"] == AGENT
        assert hit.headers["accept-encoding"] == "gzip, deflate"
        assert not {"cookie", "authorization", "proxy-authorization", "referer"} & set(hit.headers)


def test_an_unchanged_document_is_not_sent_again(web):
    web.pages["/feed"] = Page(b"<rss/>", media_type="application/rss+xml", headers={"ETag": '"7"'})
    fetcher = make_fetcher(web)

    first = fetcher.fetch(web.url("/feed"))
    again = fetcher.fetch(web.url("/feed"), etag=first.etag, last_modified="Sat, 01 Feb 2020 00:00:00 GMT")

    assert (again.not_modified, again.status, again.body) == (True, 304, b"")
    assert web.log[-1].headers["if-modified-since"] == "Sat, 01 Feb 2020 00:00:00 GMT"


def test_304_to_a_request_without_conditions_is_an_error(web):
    web.pages["/"] = Page(b"", 304)
    with pytest.raises(errors.HttpError, match="304"):
        make_fetcher(web).fetch(web.url())


PACKED = b"<p>packed</p>" * 50
RAW_DEFLATE = zlib.compressobj(wbits=-15)


@pytest.mark.parametrize(
    ("encoding", "body"),
    [
        ("gzip", gzip.compress(PACKED, mtime=0)),
        ("x-gzip", gzip.compress(PACKED[:100], mtime=0) + gzip.compress(PACKED[100:], mtime=0)),
        ("gzip", gzip.compress(PACKED, mtime=0) + b"\0" * 20),
        ("deflate", zlib.compress(PACKED)),
        ("deflate", RAW_DEFLATE.compress(PACKED) + RAW_DEFLATE.flush()),
        ("identity", PACKED),
    ],
)
def test_gzip_and_deflate_are_unpacked(web, encoding, body):
    web.pages["/"] = Page(body, headers={"Content-Encoding": encoding})
    assert make_fetcher(web).fetch(web.url()).body == PACKED


def test_a_stream_that_packs_to_many_full_buffers_is_unpacked_whole(web):
    page = b"".join(b"%d\n" % (number * number) for number in range(150_000))
    web.pages["/"] = Page(gzip.compress(page, mtime=0), headers={"Content-Encoding": "gzip"})
    limits = Limits(deadline_s=1.5)
    assert make_fetcher(web, limits=limits).fetch(web.url()).body == page


def test_chunks_and_bodies_without_a_length_are_read(web):
    web.pages["/chunks"] = raw(head(Transfer_Encoding="chunked") + b"3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n")
    web.pages["/open"] = raw(head() + b"abcde")
    fetcher = make_fetcher(web)
    assert fetcher.fetch(web.url("/chunks")).body == fetcher.fetch(web.url("/open")).body == b"abcde"


# Hostile addresses

HOSTILE = [
    # Loopback, in every spelling.
    ("http://127.0.0.1/", "Loopback"),
    ("http://127.255.255.254/", "Loopback"),
    ("http://localhost/", "Loopback"),
    ("http://2130706433/", "host is not one that can be looked up"),
    ("http://0177.0.0.1/", "host is not one that can be looked up"),
    ("http://017700000001/", "host is not one that can be looked up"),
    ("http://0x7f000001/", "Loopback"),
    ("http://0x7f.0.0.1/", "Loopback"),
    ("http://0x7F.1/", "Loopback"),
    ("http://127.1/", "host is not one that can be looked up"),
    ("http://127.0.1/", "host is not one that can be looked up"),
    ("http://127.0.0.1./", "host is not one that can be looked up"),
    ("http://0/", "host is not one that can be looked up"),
    ("http://①②⑦.⓪.⓪.①/", "Loopback"),
    ("http://１２７.０.０.１/", "Loopback"),
    ("http://127。0。0。1/", "Loopback"),
    ("http://[::1]/", "Loopback"),
    ("http://[0:0:0:0:0:0:0:1]/", "Loopback"),
    # IPv4 within IPv6.
    ("http://[::ffff:127.0.0.1]/", "stands for 127.0.0.1, which .*Loopback"),
    ("http://[::ffff:7f00:1]/", "stands for 127.0.0.1, which .*Loopback"),
    ("http://[::ffff:a9fe:a9fe]/", "stands for 169.254.169.254, which .*metadata"),
    ("http://[::127.0.0.1]/", "IPv4-Compatible"),
    ("http://[64:ff9b::7f00:1]/", "stands for 127.0.0.1, which .*Loopback"),
    ("http://[64:ff9b::a9fe:a9fe]/", "stands for 169.254.169.254, which .*metadata"),
    ("http://[64:ff9b:1::7f00:1]/", "Translation"),
    ("http://[2002:7f00:1::]/", "6to4"),
    ("http://[2001:0:7f00:1::1]/", "TEREDO"),
    ("http://[2001:0:808:808::80ff:fffe]/", "TEREDO"),
    # Obsolete tunnels, whatever public address they carry.
    ("http://[::8.8.8.8]/", "IPv4-Compatible"),
    ("http://[2002:808:808::]/", "6to4"),
    ("http://[2001:0:808:808::f7f7:f7f7]/", "TEREDO"),
    # Private and special networks.
    ("http://10.0.0.1/", "Private-Use"),
    ("http://172.16.0.1/", "Private-Use"),
    ("http://172.31.255.255/", "Private-Use"),
    ("http://192.168.1.1/", "Private-Use"),
    ("http://100.64.0.1/", "Shared"),
    ("http://0.0.0.0/", "This host"),
    ("http://192.0.0.9/", "IETF Protocol"),
    ("http://192.0.2.1/", "Documentation"),
    ("http://198.18.0.1/", "Benchmarking"),
    ("http://224.0.0.1/", "Multicast"),
    ("http://240.0.0.1/", "Reserved"),
    ("http://255.255.255.255/", "Broadcast"),
    ("http://[::]/", "Unspecified"),
    ("http://[fc00::1]/", "Unique-Local"),
    ("http://[fd12:3456::1]/", "Unique-Local"),
    ("http://[fe80::1]/", "Link-Local"),
    ("http://[fe80::1%25eth0]/", "not permitted|not fetched"),
    ("http://[fec0::1]/", "Site-Local"),
    ("http://[ff02::1]/", "Multicast"),
    ("http://[2001:db8::1]/", "Documentation"),
    ("http://[5f00::1]/", "Segment Routing"),
    # Metadata of clouds.
    ("http://169.254.169.254/latest/meta-data/", "metadata"),
    ("http://169.254.170.2/v2/credentials", "metadata"),
    ("http://168.63.129.16/machine", "Azure"),
    ("http://[::ffff:168.63.129.16]/machine", "Azure"),
    ("http://100.100.100.200/latest/", "metadata"),
    ("http://192.0.0.192/opc/", "metadata"),
    ("http://[fd00:ec2::254]/latest/", "metadata"),
    ("http://[fd20:ce::254]/computeMetadata/v1/", "metadata"),
    # Names that lie.
    ("http://inside.test/", "Private-Use"),
    ("http://metadata.test/", "metadata"),
    ("http://mixed.test/", "several addresses, of which not all are public"),
    ("http://mixed6.test/", "several addresses, of which not all are public"),
    ("http://nat64.test/", "stands for 127.0.0.1, which .*Loopback"),
    # Names that are not whom they seem.
    ("http://example.org@127.0.0.1/", "name of a user, or a password"),
    ("http://user:password@example.org/", "name of a user, or a password"),
    ("http://example.org:80@127.0.0.1/", "name of a user, or a password"),
    ("http://127.0.0.1#@example.org/", "Loopback"),
    ("http://127.0.0.1?@example.org/", "Loopback"),
    ("http://127.0.0.1\\@example.org/", "not fetched"),
    ("http://example.org\\.inside.test/", "host is not one that can be looked up"),
    ("http://exa\nmple.org/", "control"),
    ("http://127.0.0.1\t/", "control"),
    ("http://exam ple.org/", "not fetched"),
    ("http:///path", "host"),
    ("http://", "host"),
    ("http://[::1/", "not fetched|no address"),
    ("http://" + "a." * 500 + "test/", "host is not one that can be looked up"),
    ("http://example.org/" + "a" * 3000, "not fetched"),
    # Other doors.
    ("http://example.org:22/", "port 22"),
    ("http://example.org:6379/", "port 6379"),
    ("http://example.org:0/", "port"),
    ("http://example.org:99999/", "port"),
    ("https://127.0.0.1:8443/", "8443|Loopback"),
    ("file:///etc/passwd", "does not begin with http:// or https://"),
    ("ftp://example.org/", "does not begin with http:// or https://"),
    ("gopher://127.0.0.1:70/", "does not begin with http:// or https://"),
    ("dict://127.0.0.1:2628/", "does not begin with http:// or https://"),
    ("data:text/html,hello", "does not begin with http:// or https://"),
    ("javascript:alert(1)", "does not begin with http:// or https://"),
    ("ws://example.org/", "does not begin with http:// or https://"),
]
LYING = {
    "inside.test": [["10.1.2.3"]],
    "metadata.test": [["169.254.169.254"]],
    "mixed.test": [["93.184.216.34", "127.0.0.1"]],
    "mixed6.test": [["93.184.216.34", "fd00::1"]],
    "nat64.test": [["64:ff9b::7f00:1"]],
}


@pytest.mark.parametrize(("url", "reason"), HOSTILE)
def test_a_hostile_address_is_refused_with_its_reason(url, reason):
    with pytest.raises(errors.AddressRefused, match=f"(?is){reason}") as refused:
        make_fetcher(resolver=Names(LYING)).fetch(url)
    assert not refused.value.transient


@pytest.mark.parametrize("url", ["//example.org/", "example.org", "", "http:example.org", "/etc/passwd"])
def test_what_is_no_address_is_refused(url):
    with pytest.raises(errors.AddressRefused):
        make_fetcher().fetch(url)


REDIRECTED = [
    (url, reason)
    for url, reason in HOSTILE
    # As a Location these are paths on the same site, or are no header.
    if url not in ("http:///path", "http://", "http://exa\nmple.org/", "http://127.0.0.1\t/") and url.isascii()
]


def test_a_redirect_to_each_hostile_address_is_refused_with_its_reason(web):
    fetcher = make_fetcher(web, resolver=Names(LYING))
    for number, (url, reason) in enumerate(REDIRECTED):
        web.pages[f"/{number}"] = redirect(url)
        with pytest.raises(errors.AddressRefused, match=f"(?is){reason}"):
            fetcher.fetch(web.url(f"/{number}"))
    assert len(web.paths) == len(REDIRECTED) > 80


def test_the_address_that_was_checked_is_the_address_that_is_asked(web):
    # The second answer would be refused; it is never asked for within one connection.
    names = Names({"press.test": [["127.0.0.1"], ["127.0.0.1"], ["169.254.169.254"]]})
    fetcher = make_fetcher(named=(f"press.test:{web.port}",), resolver=names)
    web.pages["/"] = Page()

    assert fetcher.fetch(web.url(host="press.test")).status == 200
    assert names.lookups == ["press.test"] * len(web.log) == ["press.test"] * 2
    with pytest.raises(errors.AddressRefused, match="metadata"):
        fetcher.fetch(web.url(host="press.test"))
    assert len(web.log) == 2


def test_a_refused_address_is_never_connected_to(web):
    with pytest.raises(errors.AddressRefused):
        make_fetcher(resolver=Names({"press.test": [["127.0.0.1"]]})).fetch("http://press.test/")
    with pytest.raises(errors.AddressRefused, match="port"):
        make_fetcher().fetch(web.url())
    assert web.log == []


# Hosts that an operator names


def test_a_named_host_opens_its_own_port_only(web):
    web.pages["/"] = Page()
    with Web({"/": Page()}) as other:
        fetcher = make_fetcher(web)
        assert fetcher.fetch(web.url()).status == 200
        with pytest.raises(errors.AddressRefused):
            fetcher.fetch(other.url())
        with pytest.raises(errors.AddressRefused):
            fetcher.fetch(web.url(host="localhost"))
        assert other.log == []


@pytest.mark.parametrize("address", ["169.254.169.254", "168.63.129.16", "fd00:ec2::254", "fd20:ce::254", "0.0.0.0"])  # noqa: S104
def test_a_named_host_does_not_open_the_metadata_of_clouds(address):
    fetcher = make_fetcher(named=("press.test",), resolver=Names({"press.test": [[address]]}))
    with pytest.raises(errors.AddressRefused):
        fetcher.fetch("http://press.test/")


@pytest.mark.parametrize(
    "entry", ["http://a.test", "a.test/x", "me@a.test", "*.test", "a.test:x", ":80", "a.test:0x50"]
)
def test_a_wrong_entry_of_allowed_hosts_is_named(settings, entry):
    settings.FETCH_ALLOWED_PRIVATE_HOSTS = [entry]
    with pytest.raises(ImproperlyConfigured, match="FETCH_ALLOWED_PRIVATE_HOSTS"):
        fetch("http://example.org/")


# Redirects


def test_a_circle_of_redirects_ends(web):
    web.pages |= {"/a": redirect("/b"), "/b": redirect("/a")}
    with pytest.raises(errors.RedirectLoop, match="circle"):
        make_fetcher(web).fetch(web.url("/a"))
    assert web.paths == ["/a", "/b"]


def test_five_redirects_are_followed_and_no_more(web):
    web.pages |= {f"/{number}": redirect(f"/{number + 1}", status=307) for number in range(9)}
    web.pages["/9"] = Page()
    fetcher = make_fetcher(web)
    assert fetcher.fetch(web.url("/4")).final_url == web.url("/9")
    with pytest.raises(errors.RedirectLoop, match="more than 5"):
        fetcher.fetch(web.url("/3"))
    assert web.paths[-1] == "/8"


def test_the_body_of_a_redirect_is_not_read(web):
    bomb = gzip.compress(b"\0" * 5_000_000, mtime=0)
    web.pages["/bomb"] = redirect("/", body=bomb)
    web.pages["/drip"] = drip(b"HTTP/1.1 302 Found\r\nLocation: /\r\nContent-Length: 999999\r\n\r\n")
    web.pages["/"] = Page()
    assert make_fetcher(web).fetch(web.url("/bomb")).status == 200
    # It takes longer to come than anybody waits for a page.
    assert make_fetcher(web).fetch(web.url("/drip")).status == 200


def test_a_redirect_to_nowhere_is_an_error(web):
    web.pages["/"] = Page(b"", 302)
    with pytest.raises(errors.HttpError, match="nowhere"):
        make_fetcher(web).fetch(web.url())


def test_a_redirect_in_utf8_is_followed(web):
    web.pages["/old"] = raw("HTTP/1.1 301 Moved\r\nLocation: /présent\r\nContent-Length: 0\r\n\r\n".encode())
    web.pages["/pr%C3%A9sent"] = Page(b"here")
    assert make_fetcher(web).fetch(web.url("/old")).body == b"here"


# Too much, too slow, not whole


def test_an_announced_excess_is_refused_unread(web):
    web.pages["/"] = drip(head(Content_Length="50001"))
    with pytest.raises(errors.TooLarge, match="announced 50,001 bytes; the limit is 50,000"):
        make_fetcher(web).fetch(web.url())


def test_an_unannounced_excess_is_cut(web):
    web.pages["/"] = drip(head(), b"x" * 10_000, every_s=0)
    with pytest.raises(errors.TooLarge, match="more than the limit of 50,000"):
        make_fetcher(web).fetch(web.url())


def gzip_of_zeros(size: int) -> bytes:
    return gzip.compress(b"\0" * size, mtime=0)


def dull(size: int) -> bytes:
    """Return bytes that pack about a hundred times."""
    chance = random.Random(7)
    return b"".join(chance.randbytes(1) + b"\0" * 199 for _ in range(size // 200))


@pytest.mark.parametrize(
    ("body", "encoding", "reason"),
    [
        (gzip_of_zeros(2_900_000), "gzip", "200 times"),
        (zlib.compress(b"\0" * 2_900_000), "deflate", "200 times"),
        (gzip.compress(dull(3_100_000), mtime=0), "gzip", "limit of 3,000,000"),
        (gzip.compress(b"", mtime=0) * 2000, "gzip", "members"),
    ],
)
def test_a_bomb_is_refused_before_it_goes_off(web, body, encoding, reason):
    web.pages["/"] = Page(body, headers={"Content-Encoding": encoding})
    with pytest.raises(errors.BombRefused, match=reason):
        make_fetcher(web).fetch(web.url())


def test_a_small_page_may_repeat_itself(web):
    web.pages["/"] = Page(gzip_of_zeros(900_000), headers={"Content-Encoding": "gzip"})
    assert len(make_fetcher(web).fetch(web.url()).body) == 900_000


@pytest.mark.parametrize("encoding", ["br", "zstd", "gzip, gzip", "compress", "nonsense"])
def test_an_encoding_that_was_not_offered_is_refused(web, encoding):
    web.pages["/"] = Page(b"x", headers={"Content-Encoding": encoding})
    with pytest.raises(errors.WrongContentType, match="only gzip and deflate"):
        make_fetcher(web).fetch(web.url())


SLOW = {
    "headers": drip(b"HTTP/1.1 200 OK\r\nX-Slow: "),
    "header lines": drip(b"HTTP/1.1 200 OK\r\n", b"X: y\r\n", every_s=0.02),
    "status": drip(b"HTT", b"P"),
    "continues": drip(b"", b"HTTP/1.1 100 Continue\r\n\r\n", every_s=0.01),
    "body with a length": drip(head(Content_Length="5000")),
    "body without a length": drip(head()),
    "chunks": drip(head(Transfer_Encoding="chunked"), b"1\r\nx\r\n"),
    "chunk size": drip(head(Transfer_Encoding="chunked"), b"0"),
    "trailers": drip(head(Transfer_Encoding="chunked") + b"0\r\n", b"X: y\r\n"),
    "packed body": drip(head(Content_Encoding="gzip") + gzip.compress(b"abc", mtime=0)[:12], b"\0"),
    "silence": drip(b"", b"", every_s=1.0, drops=2),
}


@pytest.mark.parametrize("how", SLOW)
def test_a_slow_server_is_cut_off(web, how):
    web.pages["/"] = SLOW[how]
    limits = Limits(deadline_s=0.4, connect_s=0.3, read_s=0.3)
    fetcher = make_fetcher(web, limits=limits)
    fetcher.politeness.kept[web.site] = no_robots()
    began_at = time.monotonic()
    with pytest.raises((errors.TooSlow, errors.BrokenResponse)) as cut:
        fetcher.fetch(web.url())
    # What is read to its end takes 4 seconds and more, or is silent until the site hangs up.
    assert time.monotonic() - began_at < 3
    assert cut.value.transient
    if how not in ("packed body", "status", "chunk size"):
        assert isinstance(cut.value, errors.TooSlow)


def test_a_lookup_that_hangs_is_given_up():
    over = threading.Event()

    def hang(*query):
        over.wait(60)
        return []

    limits = Limits(deadline_s=0.3)
    fetcher = make_fetcher(limits=limits, resolver=hang)
    fetcher.politeness.kept["example.org"] = no_robots()
    began_at = time.monotonic()
    with pytest.raises(errors.TooSlow):
        fetcher.fetch("http://example.org/")
    assert time.monotonic() - began_at < 30
    over.set()


def test_a_handshake_that_does_not_come_is_given_up():
    with socket.create_server(("127.0.0.1", 0)) as silent:
        site = f"127.0.0.1:{silent.getsockname()[1]}"
        fetcher = make_fetcher(named=(site,), limits=Limits(deadline_s=0.4))
        fetcher.politeness.kept[site] = no_robots()
        with pytest.raises(errors.TooSlow):
            fetcher.fetch(f"https://{site}/")


def test_the_deadline_holds_over_all_redirects(web):
    def slow_redirect(to):
        def write(file):
            time.sleep(0.2)
            file.write(f"HTTP/1.1 302 Found\r\nLocation: {to}\r\nContent-Length: 0\r\n\r\n".encode())

        return write

    web.pages |= {f"/{number}": slow_redirect(f"/{number + 1}") for number in range(5)}
    fetcher = make_fetcher(web, limits=Limits(deadline_s=0.5))
    # After all of them, a second later, it would be told that there is no such page.
    with pytest.raises(errors.TooSlow):
        fetcher.fetch(web.url("/0"))


@pytest.mark.parametrize(
    "answer",
    [
        head(Content_Length="10") + b"short",
        head(Transfer_Encoding="chunked") + b"5\r\nab",
        head(Transfer_Encoding="chunked") + b"zz\r\nab\r\n",
        head(Content_Encoding="gzip", Content_Length="5") + b"hello",
        head(Content_Encoding="gzip") + gzip.compress(PACKED, mtime=0)[:-9],
        head(Content_Encoding="deflate") + zlib.compress(PACKED)[:-5],
        b"SSH-2.0-OpenSSH_9.6\r\n",
        b"\0\0\0\1\0",
        b"",
        b"HTTP/1.1 two hundred\r\n\r\n",
    ],
)
def test_an_answer_that_is_not_whole_is_an_error(web, answer):
    web.pages["/"] = raw(answer)
    with pytest.raises(errors.BrokenResponse) as broken:
        make_fetcher(web).fetch(web.url())
    assert broken.value.transient


def test_a_name_without_an_address_is_told_from_a_site_that_is_down(web):
    def unknown(*query):
        raise socket.gaierror(-2, "Name or service not known")

    fetcher = make_fetcher(resolver=unknown)
    fetcher.politeness.kept["nowhere.test"] = no_robots()
    with pytest.raises(errors.HostUnknown, match=r"nowhere\.test has no address") as failed:
        fetcher.fetch("http://nowhere.test/")
    assert not failed.value.transient

    fetcher = make_fetcher(named=("127.0.0.1:1",))
    fetcher.politeness.kept["127.0.0.1:1"] = no_robots()
    with pytest.raises(errors.ConnectionFailed, match="could not be reached") as failed:
        fetcher.fetch("http://127.0.0.1:1/")
    assert failed.value.transient


# Wrong kinds and statuses


@pytest.mark.parametrize(
    "media_type", ["image/png", "image/svg+xml", "application/pdf", "application/octet-stream", ""]
)
def test_a_kind_that_is_not_read_is_refused_unread(web, media_type):
    web.pages["/"] = Page(b"x", media_type=media_type)
    with pytest.raises(errors.WrongContentType, match=re.escape(media_type) or "names no media type"):
        make_fetcher(web).fetch(web.url())


@pytest.mark.parametrize(
    "media_type",
    [
        "text/html",
        "TEXT/HTML; charset=x",
        "application/xhtml+xml",
        "text/xml",
        "application/rss+xml",
        "application/atom+xml",
        "application/feed+json",
        "application/json",
        "text/plain",
        "application/warc",
        "application/gzip",
    ],
)
def test_documents_feeds_and_archives_are_read(web, media_type):
    web.pages["/"] = Page(b"x", media_type=media_type)
    assert make_fetcher(web).fetch(web.url()).body == b"x"


@pytest.mark.parametrize("media_type", ["application/octet-stream", "binary/octet-stream; charset=x"])
def test_what_a_server_does_not_know_is_told_by_its_content(web, media_type):
    web.pages["/"] = Page(b"<!DOCTYPE html><title>Harbour</title>", media_type=media_type)
    assert make_fetcher(web).fetch(web.url()).media_type == "text/html"
    web.pages["/"] = Page(b"MZ, a program", media_type=media_type)
    with pytest.raises(errors.WrongContentType, match="content is no page, feed"):
        make_fetcher(web).fetch(web.url())
    web.pages["/"] = Page(b"<!DOCTYPE html>", media_type=media_type)
    with pytest.raises(errors.WrongContentType):
        make_fetcher(web).fetch(web.url(), accept=["application/rss+xml", *UNKNOWN])


def test_the_caller_may_read_fewer_kinds(web):
    web.pages["/"] = Page(b"x", media_type="text/html")
    with pytest.raises(errors.WrongContentType):
        make_fetcher(web).fetch(web.url(), accept=["application/rss+xml"])


@pytest.mark.parametrize(
    ("status", "transient"),
    [(401, False), (403, False), (404, False), (410, False), (429, True), (500, True), (503, True)],
)
def test_an_error_status_says_whether_to_come_back(web, status, transient):
    web.pages["/"] = Page(b"sorry", status, headers={"Retry-After": "7"})
    with pytest.raises(errors.HttpError, match=str(status)) as failed:
        make_fetcher(web).fetch(web.url())
    assert (failed.value.status, failed.value.transient) == (status, transient)
    assert failed.value.retry_after_s == (7.0 if transient else None)


def test_messages_can_be_stored():
    assert str(errors.FetchFailed("a\0b\ud800\nc")) == "a\ufffdb\ufffd\ufffdc"


def test_a_password_is_not_repeated():
    with pytest.raises(errors.AddressRefused, match="http://…@example") as refused:
        make_fetcher().fetch("http://me:secret@example.org/")
    assert "secret" not in str(refused.value)


# TLS


@pytest.fixture(scope="module")
def authority():
    return trustme.CA()


def test_a_certificate_that_nobody_vouches_for_is_an_error(authority):
    with Web({"/": Page()}, certificate=authority.issue_cert("127.0.0.1")) as web:
        with pytest.raises(errors.TlsError, match=r"certificate of 127\.0\.0\.1 is not valid: "):
            make_fetcher(web).fetch(web.url())
        assert web.log == []


def test_a_certificate_must_be_for_the_name_that_was_asked(authority, tmp_path):
    bundle = tmp_path / "ca.pem"
    authority.cert_pem.write_to_path(bundle)
    names = Names({"press.test": [["127.0.0.1"]], "other.test": [["127.0.0.1"]]})
    with Web({"/": Page()}, certificate=authority.issue_cert("press.test")) as web:
        entries = (f"press.test:{web.port}", f"other.test:{web.port}")
        fetcher = make_fetcher(named=entries, resolver=names, ca_bundle=str(bundle))
        assert fetcher.fetch(web.url(host="press.test")).status == 200
        with pytest.raises(errors.TlsError, match="it is for another name"):
            fetcher.fetch(web.url(host="other.test"))


def test_plain_http_on_a_tls_port_is_no_secure_connection(web):
    with pytest.raises(errors.TlsError):
        make_fetcher(web).fetch(web.url().replace("http:", "https:"))


# Politeness


def polite(web: Web, *, min_interval_s: float = 0.15, wait_s: float = 30.0, **options) -> Fetcher:
    rows = HostRows(min_interval_s=min_interval_s, max_crawl_delay_s=0.3)
    return make_fetcher(web, politeness=rows, max_wait_s=wait_s, **options)


def in_threads(*jobs):
    """Run each job in a thread with its own database connection; raise what one of them raised."""
    raised = []

    def run(job):
        try:
            job()
        except (AssertionError, errors.FetchFailed) as error:
            raised.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(job,)) for job in jobs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if raised:
        raise raised[0]


@pytest.mark.django_db(transaction=True)
def test_two_workers_ask_one_site_one_at_a_time_with_pauses(web):
    def slow(file):
        time.sleep(0.05)
        file.write(head(Content_Length="1") + b"x")

    web.pages |= {f"/{number}": slow for number in range(4)}
    fetchers = polite(web), polite(web)

    def work(fetcher, paths):
        for path in paths:
            fetcher.fetch(web.url(path))

    in_threads(lambda: work(fetchers[0], ["/0", "/1"]), lambda: work(fetchers[1], ["/2", "/3"]))

    hits = sorted(web.log, key=lambda hit: hit.began_at)
    assert len(hits) == 5
    assert len(web.asked("/robots.txt")) == 1
    for earlier, later in itertools.pairwise(hits):
        # What an answer takes, and the pause after it; its end is noted only when the thread that sent it goes on.
        taken_s = 0 if earlier.path == "/robots.txt" else 0.05
        assert later.began_at - earlier.began_at >= taken_s + 0.145


@pytest.mark.django_db(transaction=True)
def test_two_sites_do_not_wait_for_each_other(web):
    with Web({"/": Page()}) as other:
        web.pages["/"] = drip(head(Content_Length="5"), every_s=0.1)
        fetcher = polite(web, named=(other.site,))
        done = {}

        def read(site):
            fetcher.fetch(site.url())
            done[site] = time.monotonic()

        in_threads(lambda: read(web), lambda: read(other))
        assert done[other] < done[web]


@pytest.mark.django_db
def test_a_crawl_delay_is_kept_up_to_its_limit(web):
    web.pages |= {"/robots.txt": Page(b"User-agent: *\nCrawl-delay: 3600", media_type="text/plain"), "/": Page()}
    polite(web, min_interval_s=0.01).fetch(web.url())
    robots, page = web.log
    assert 0.29 < page.began_at - robots.ended_at < 60
    assert Host.objects.get().crawl_delay_s == 3600


@pytest.mark.django_db
def test_an_operator_may_set_the_interval_of_a_site(web):
    web.pages["/"] = Page()
    Host.objects.create(name=web.site, min_interval_s=0.3)
    polite(web, min_interval_s=0.01).fetch(web.url())
    assert web.log[1].began_at - web.log[0].ended_at >= 0.29


@pytest.mark.django_db
def test_who_cannot_wait_is_told_when_to_come_back(web):
    web.pages["/"] = Page()
    fetcher = polite(web, min_interval_s=30)
    with pytest.raises(errors.HostBusy, match=web.site) as busy:
        fetcher.fetch(web.url(), wait_s=0.1)
    assert busy.value.transient
    assert 28 < busy.value.retry_after_s <= 30
    assert [hit.path for hit in web.log] == ["/robots.txt"]


@pytest.mark.django_db
def test_a_redirect_waits_for_its_turn_even_where_the_caller_would_not(web):
    web.pages |= {"/old": redirect("/new"), "/new": Page(b"here")}
    fetcher = polite(web, min_interval_s=0.2)
    with pytest.raises(errors.HostBusy) as busy:
        fetcher.fetch(web.url("/old"), wait_s=0)
    time.sleep(busy.value.retry_after_s)
    assert fetcher.fetch(web.url("/old"), wait_s=0).body == b"here"
    assert [hit.path for hit in web.log] == ["/robots.txt", "/old", "/new"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("status", "headers", "pause_s"),
    [
        (429, {"Retry-After": "120"}, 120),
        (503, {"Retry-After": "999999999"}, 86_400),
        (429, {}, politeness_module.BACKOFF_ASKED_FOR_S),
        (503, {"Retry-After": "soon"}, politeness_module.BACKOFF_ASKED_FOR_S),
        (500, {}, politeness_module.BACKOFF_S),
    ],
)
def test_a_site_that_asks_for_a_pause_gets_it_from_all_workers(web, status, headers, pause_s):
    web.pages["/"] = Page(b"", status, headers=headers)
    with pytest.raises(errors.HttpError):
        polite(web, min_interval_s=0).fetch(web.url())
    with pytest.raises(errors.HostBusy, match=f"left alone until .* it answered {status}") as busy:
        polite(web, min_interval_s=0, wait_s=0.5).fetch(web.url("/other"))
    assert busy.value.retry_after_s == pytest.approx(pause_s, abs=2)
    assert len(web.paths) == 1


@pytest.mark.django_db
def test_the_pause_doubles_with_each_failure_and_ends_with_a_success(web):
    web.pages["/"] = Page(b"", 500)
    pauses = []
    for _ in range(3):
        with pytest.raises(errors.HttpError):
            polite(web, min_interval_s=0).fetch(web.url())
        row = Host.objects.get()
        pauses.append((row.backoff_until - timezone.now()).total_seconds())
        Host.objects.update(backoff_until=None)
    assert pauses == pytest.approx([5, 10, 20], abs=1)

    web.pages["/"] = Page()
    polite(web, min_interval_s=0).fetch(web.url())
    row = Host.objects.get()
    assert (row.failures, row.backoff_until, row.last_error) == (0, None, "")


@pytest.mark.django_db
def test_a_broken_connection_counts_as_a_failure_and_a_missing_page_does_not(web):
    web.pages["/broken"] = raw(b"")
    with pytest.raises(errors.HttpError, match="404"):
        polite(web, min_interval_s=0).fetch(web.url("/missing"))
    assert Host.objects.get().failures == 0
    with pytest.raises(errors.BrokenResponse):
        polite(web, min_interval_s=0).fetch(web.url("/broken"))
    assert Host.objects.get().failures == 1


@pytest.mark.django_db
def test_the_turn_of_a_worker_that_died_runs_out(web):
    web.pages["/"] = Page()
    soon = timezone.now() + timedelta(seconds=0.3)
    Host.objects.create(name=web.site, lease="7d4f7e7e-0000-4000-8000-000000000000", leased_until=soon)
    with pytest.raises(errors.HostBusy, match="others were first"):
        polite(web).fetch(web.url(), wait_s=0)
    assert polite(web, min_interval_s=0).fetch(web.url()).status == 200
    assert Host.objects.get().lease is None


@pytest.mark.django_db
def test_a_lease_that_ran_out_frees_nobody_elses_turn(web):
    rows = HostRows(min_interval_s=0)
    other = "7d4f7e7e-0000-4000-8000-000000000000"
    with rows.turn("press.test", wait_s=0.5, lease_s=10) as turn:
        Host.objects.update(lease=other)
        turn.succeeded()
    assert str(Host.objects.get().lease) == other


@pytest.mark.django_db
def test_a_turn_in_which_nothing_was_asked_costs_no_pause():
    with pytest.raises(errors.AddressRefused):
        make_fetcher(politeness=HostRows(min_interval_s=30), resolver=Names(LYING)).fetch("http://inside.test/")
    row = Host.objects.get()
    assert (row.lease, row.next_allowed_at, row.failures) == (None, None, 0)


@pytest.mark.django_db(transaction=True)
def test_fetching_within_a_transaction_is_refused(web):
    web.pages["/"] = Page()
    with pytest.raises(RuntimeError, match="durable"), transaction.atomic():
        polite(web).fetch(web.url())
    assert web.log == []


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("120", 120.0),
        ("Sat, 01 Feb 2020 00:02:00 GMT", 120.0),
        ("Sat, 01 Feb 2020 00:02:00 -0000", 120.0),
        ("Fri, 31 Jan 2020 00:00:00 GMT", 0.0),
        ("-5", None),
        ("soon", None),
        ("", None),
        ("9" * 400, 999_999_999_999.0),
        ("Sat, 99 Feb 2020 99:99:99 GMT", None),
    ],
)
def test_retry_after_is_seconds_or_a_date(header, seconds):
    assert retry_after_s(header, now=datetime(2020, 2, 1, tzinfo=UTC)) == seconds


@pytest.mark.django_db
def test_the_settings_make_the_fetcher(web, settings):
    settings.FETCH_ALLOWED_PRIVATE_HOSTS = [web.site]
    settings.FETCH_MIN_INTERVAL_MS = 0
    settings.FETCH_USER_AGENT = "DeskReader/2"
    settings.FETCH_MAX_BYTES = 100
    web.pages |= {"/": Page(), "/long": Page(b"x" * 101)}
    assert fetch(web.url()).body == Page().body
    assert web.log[-1].headers["user-agent"] == "DeskReader/2"
    with pytest.raises(errors.TooLarge):
        fetch(web.url("/long"))
