"""Reasons that people read: sentences of ours, while what libraries and the system call it stands in the log."""

import errno
import gzip
import logging
import re
import socket
import zlib
from pathlib import Path

import pytest
import trustme

from sources import fetch_errors, fetching
from sources.documents import Document, Refusal, read_documents, unreadable
from sources.errors import DocumentRefused
from sources.feeds import read_feed
from sources.pages import read_page
from sources.services.runs import open_run, read_into
from sources.sitemaps import read_sitemap
from tests.sources.web import Names, Web, make_fetcher, no_robots, raw

# Numbers and names of errors, names of classes, settings and modules, and what OpenSSL, zlib and libxml2 say.
RAW_WORDS = re.compile(
    r"\[(?:Errno|SSL)|Errno|errno|Error|Exception|_ssl|\.c:|allowed_|urlsplit|nameprep|codec|None|decompress|recursion|mismatch"
    r"|Premature|Extra content|certificate (?:verify|has)|self[- ]signed|urllib|Connection(?:Pool)?\("
)


def assert_told(reason, caplog, *, logged):
    """Assert that a reason is in sentences of ours, and that the log has what the library said."""
    assert not RAW_WORDS.search(reason), reason
    assert re.fullmatch(r"\S.*[A-Za-z)”0-9]\.", reason, re.DOTALL), reason
    assert re.search(logged, caplog.text, re.IGNORECASE), caplog.text


@pytest.fixture
def log(caplog):
    caplog.set_level(logging.INFO, "sources")
    return caplog


def answer(*lines):
    return raw("\r\n".join(["HTTP/1.1 200 OK", "Content-Type: text/html", *lines, "", ""]).encode() + b"no gzip")


@pytest.mark.parametrize(
    ("page", "logged"),
    [
        (answer("Content-Encoding: gzip"), "incorrect header check"),
        (answer("Content-Length: 100"), "IncompleteRead|7 bytes read"),
        (answer("Transfer-Encoding: chunked"), "IncompleteRead"),
        (raw(b"SSH-2.0-OpenSSH_9.6\r\n"), "SSH"),
        (raw(b""), "RemoteDisconnected|closed"),
    ],
)
def test_a_site_that_sends_nonsense_is_told_of_in_sentences(log, page, logged):
    with Web({"/": page}) as web, pytest.raises(fetch_errors.BrokenResponse) as broken:
        make_fetcher(web).fetch(web.url())
    assert_told(str(broken.value), log, logged=logged)


@pytest.mark.parametrize("number", [socket.EAI_NONAME, socket.EAI_AGAIN])
def test_a_name_that_is_not_found_is_told_of_in_sentences(log, number):
    def unknown(*query):
        raise socket.gaierror(number, "Name or service not known")

    fetcher = make_fetcher(resolver=unknown)
    fetcher.politeness.kept["nowhere.test"] = no_robots()
    with pytest.raises(fetch_errors.HostUnknown) as failed:
        fetcher.fetch("http://nowhere.test/")
    assert_told(str(failed.value), log, logged="Name or service not known")
    assert failed.value.transient == (number == socket.EAI_AGAIN)


def test_a_site_that_refuses_connections_is_told_of_in_sentences(log):
    fetcher = make_fetcher(named=("127.0.0.1:1",))
    fetcher.politeness.kept["127.0.0.1:1"] = no_robots()
    with pytest.raises(fetch_errors.ConnectionFailed) as failed:
        fetcher.fetch("http://127.0.0.1:1/")
    assert_told(str(failed.value), log, logged="refused|127\\.0\\.0\\.1")
    assert str(failed.value) == "127.0.0.1 could not be reached because it refuses connections. Try again later."


def test_a_certificate_or_its_want_is_told_of_in_sentences(log):
    certificate = trustme.CA().issue_cert("127.0.0.1")
    with Web({}, certificate=certificate) as web, pytest.raises(fetch_errors.TlsError) as unknown:
        make_fetcher(web).fetch(web.url())
    assert_told(str(unknown.value), log, logged="unable to get local issuer certificate")
    assert "nobody who is trusted here vouches for it" in str(unknown.value)

    log.clear()
    with Web({}) as web, pytest.raises(fetch_errors.TlsError) as plain:
        make_fetcher(web).fetch(web.url().replace("http:", "https:"))
    assert_told(str(plain.value), log, logged="ssl")


@pytest.mark.parametrize(
    ("url", "logged"),
    [
        ("http://example.org:22/", "allowed_ports"),
        ("http://example.org:99999/", "out of range"),
        ("ftp://example.org/", "allowed_schemes"),
        ("http://me:secret@example.org/", "allow_userinfo"),
        ("http://example.org/" + "a" * 3000, "max_url_length"),
        ("http://exa\nmple.org/", "control character"),
        ("http://[::1/", "Invalid IPv6 URL"),
        ("http://a..b/", "well-formed hostname"),
        ("http://me:secret@a℀b/", "invalid characters"),
        ("http:///a", "no host"),
        ("http://10.0.0.1/", "RFC1918"),
        ("http://mixed.test/", "on_partial_block"),
    ],
)
def test_an_address_that_is_refused_is_told_of_in_sentences(log, url, logged):
    fetcher = make_fetcher(resolver=Names({"mixed.test": [["93.184.216.34", "127.0.0.1"]]}))
    fetcher.politeness.kept["mixed.test"] = no_robots()
    with pytest.raises(fetch_errors.AddressRefused) as refused:
        fetcher.fetch(url)
    assert_told(str(refused.value), log, logged=logged)
    assert "secret" not in str(refused.value) + log.text


def test_an_address_that_cannot_be_sent_is_told_of_in_sentences(log):
    refused = fetching.unsendable("http://a.example/", ValueError("label too long"))
    assert_told(str(refused), log, logged="label too long")


@pytest.mark.parametrize(
    ("payload", "logged"),
    [
        (b"<rss><channel><item><title>A</title></item></chanel></rss>", "tag mismatch"),
        (b"<rss><channel><item><title>A</title></item>", "Premature end"),
    ],
)
def test_a_damaged_feed_is_told_of_in_sentences(log, payload, logged):
    damage = read_feed(payload).damage
    assert damage == "its XML is broken at about line 1"
    assert_told(f"The feed is damaged ({damage}).", log, logged=logged)


def test_a_damaged_sitemap_is_told_of_in_sentences(log):
    *_, broken = read_sitemap(b"<urlset><url>", url="https://a.example")
    assert_told(broken.reason, log, logged="Premature end")
    with pytest.raises(DocumentRefused) as packed:
        list(read_sitemap(b"\x1f\x8bnonsense", url="https://a.example"))
    assert_told(str(packed.value), log, logged="incorrect header|unknown compression")


def refusals(path, payload):
    path.write_bytes(payload)
    return [item.reason for item in read_documents(path, max_bytes=1_000_000) if isinstance(item, Refusal)]


def test_damaged_files_are_told_of_in_sentences(log, tmp_path):
    lines = gzip.compress(b'{"outlet": "G", "title": "A", "text": "B."}\n' * 2_000, mtime=0)
    for reason in refusals(tmp_path / "a.jsonl.gz", lines[:-20]):
        assert_told(reason, log, logged="end-of-stream|EOFError")

    body = zlib.compress(b"<p>Text.</p>")[:-6] + b"12345"
    http = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Encoding: deflate\r\n\r\n" + body
    head = (
        "WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: https://a.example/1\r\n"
        f"Content-Type: application/http; msgtype=response\r\nContent-Length: {len(http)}\r\n\r\n"
    )
    [reason] = refusals(tmp_path / "a.warc", head.encode() + http + b"\r\n\r\n")
    assert_told(reason, log, logged="page not unpacked encoding=deflate")


@pytest.mark.parametrize(
    ("error", "says"),
    [
        (PermissionError(errno.EACCES, "Permission denied"), "this program may not open it"),
        (OSError(errno.EIO, "Input/output error"), "answers with an error"),
    ],
)
def test_a_file_that_the_system_does_not_give_is_told_of_in_sentences(log, error, says):
    reason = unreadable(Path("a.html"), error)
    assert says in reason
    assert_told(reason, log, logged=error.strerror)


def test_markup_that_parsers_give_up_is_told_of_in_sentences(log, monkeypatch):
    def give_up(html):
        raise ValueError("Unicode strings with encoding declaration are not supported")

    monkeypatch.setattr("sources.pages.trafilatura.load_html", give_up)
    with pytest.raises(DocumentRefused) as refused:
        read_page(b"<p>Text.</p>")
    assert_told(str(refused.value), log, logged="encoding declaration")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("error", "says"),
    [
        (RuntimeError("tripped"), "a fault of this site ended it"),
        (OSError(errno.EIO, "Input/output error"), "what was handed in could not be read on"),
        (KeyboardInterrupt(), "the program that read them was ended"),
    ],
)
def test_a_reading_that_breaks_off_is_told_of_in_sentences(error, says):
    def documents():
        yield Document("a", b"A text.", "text/plain", {"outlet": "Gazette", "title": "A"})
        raise error

    run = open_run("a")
    with pytest.raises(type(error)):
        read_into(run, documents())
    assert run.reading_error.startswith(f"Reading stopped after 0 documents: {says}")
    assert not RAW_WORDS.search(run.reading_error)
