"""Broken and hostile input of every format: never an unnamed error, never a hang, always a reason."""

import gzip
import io
import json
import time
import zlib

import pytest

from sources.documents import Document, Refusal, read_documents
from sources.errors import DocumentRefused
from sources.expanding import content_type_of, listing_of
from sources.feeds import read_feed
from sources.markup import iso_date
from sources.pages import MAX_SIBLINGS, read_page
from sources.sitemaps import SitemapEntry, SitemapProblem, read_sitemap

SENTENCE = "The harbour council said on Friday that the ferries would sail again after a long winter of repairs. "
LAUGHS = '<!DOCTYPE x [<!ENTITY a "ha">{}]>'.format(
    "".join(f'<!ENTITY a{n} "{f"&a{n - 1 or str()};" * 10}">' for n in range(1, 10))
)
QUADRATIC = f'<!DOCTYPE x [<!ENTITY a "{"a" * 50_000}">]>'
EXTERNAL = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'


def rss(items):
    return f"<rss><channel><title>Gazette</title>{items}</channel></rss>".encode()


def read(path, payload, **kwargs):
    path.write_bytes(payload)
    return list(read_documents(path, outlet="Gazette", **{"max_bytes": 1_000_000} | kwargs))


def reasons(items):
    return [item.reason for item in items if isinstance(item, Refusal)]


# XML


@pytest.mark.parametrize("head", [LAUGHS, QUADRATIC, EXTERNAL], ids=["laughs", "quadratic", "external"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_entities_are_refused_in_every_encoding(head, encoding):
    feed = f"{head}<rss><channel><title>{'&a9;' * 1000}</title></channel></rss>".encode(encoding)
    with pytest.raises(DocumentRefused, match="declares XML entities"):
        read_feed(feed)
    with pytest.raises(DocumentRefused, match="declares XML entities"):
        list(read_sitemap(f"{head}<urlset><url><loc>&a9;</loc></url></urlset>".encode(encoding)))


@pytest.mark.parametrize(
    "items",
    [
        "<item><author>" + "a@" * 100_000 + "</author></item>",
        "<item>" + "".join(f"<author>a{number}</author>" for number in range(50_000)) + "</item>",
        "<item><title>" + "&amp" * 500_000 + "</title></item>",
        "<item><title>" + "&lt;a " * 200_000 + "</title></item>",
        "<item><title><![CDATA[" + "<![CDATA[" * 200_000,
        "<item>" * 50_000,
        "<a>" * 500_000,
    ],
    ids=["address", "authors", "ampersands", "tags", "sections", "nested", "deep"],
)
def test_a_feed_made_to_be_slow_is_read_in_seconds(items):
    started = time.process_time()
    assert len(read_feed(rss(items)).entries) <= 1
    assert time.process_time() - started < 5


def test_a_byline_names_so_many_authors_and_no_more():
    [entry] = read_feed(rss("<item>" + "".join(f"<author>a{n}</author>" for n in range(500)) + "</item>")).entries
    assert entry.byline.startswith("a0, a1, ")
    assert entry.byline.endswith(", a99")


def test_namespaces_moved_to_https_are_known_and_those_of_modules_keep_out_of_the_way():
    [entry] = read_feed(
        rss(
            '<item xmlns:dc="https://purl.org/dc/elements/1.1/" xmlns:m="http://example.org/rss/myModule/">'
            "<m:description>no</m:description><dc:creator>A. Writer</dc:creator><description>yes</description></item>"
        )
    ).entries
    assert (entry.byline, entry.summary_html) == ("A. Writer", "yes")


def test_channels_in_capitals_and_titles_of_dublin_core_are_read():
    feed = read_feed(b'<CHANNEL><ITEM HREF="https://example.org/a"><TITLE>Harbour</TITLE></ITEM></CHANNEL>')
    assert [(entry.title, entry.url) for entry in feed.entries] == [("Harbour", "https://example.org/a")]
    named = '<dc:title xmlns:dc="http://purl.org/dc/elements/1.1/">Gazette</dc:title><item><title>a</title></item>'
    assert read_feed(f"<rss><channel>{named}</channel></rss>".encode()).title == "Gazette"


def test_references_are_mended_outside_of_sections_only():
    [entry] = read_feed(
        rss(
            "<item><title>A &nbsp;&amp; B&C</title>"
            "<description><![CDATA[x &amp; y &nbsp;]]> &eacute;</description></item>"
        )
    ).entries
    assert entry.title == "A & B&C"
    assert entry.summary_html == "x &amp; y &nbsp; é"


@pytest.mark.parametrize("raw", ["Mon, 01 Jan 0001 00:00:00 +0000", "0001-01-01T00:00:00Z", "01-Jan-0001 00:00:00 GMT"])
def test_the_year_that_programs_write_for_none_is_no_date(raw):
    assert iso_date(raw) == ""


def test_a_sitemap_cut_off_in_its_gzip_gives_what_came_before():
    packed = gzip.compress(b"".join(b"https://example.org/%d\n" % number for number in range(50_000)))
    *entries, problem = read_sitemap(packed[: len(packed) // 2], url="https://example.org/s.xml.gz")
    assert entries[0] == SitemapEntry("https://example.org/0")
    assert isinstance(problem, SitemapProblem)
    assert "ends early" in problem.reason


# JSON


@pytest.mark.parametrize("payload", [b"[" * 1_000_000, b'{"items":' * 200_000, b'{"uri":' + b"9" * 10_000 + b"}"])
def test_json_made_to_break_its_reader_is_refused(tmp_path, payload):
    [reason] = reasons(read(tmp_path / "wire.json", payload, max_bytes=10_000_000))
    assert "nested too deeply" in reason or "more digits" in reason


def test_each_broken_line_costs_itself(tmp_path):
    good = json.dumps({"outlet": "Gazette", "title": "Harbour", "text": SENTENCE}).encode()
    files = [b"a" * 5_000 + b".txt", rb"\ud800.txt", rb"a\u0000.txt", b"../secret.txt"]
    broken = [b'{"outlet":"Gazette","title":"T","file":"' + name + b'"}' for name in files]
    broken += [b"{", b"[]", b"\xff\xfe", b"\0", b"[" * 100_000, rb'{"outlet":"\ud800","title":"T","text":"x"}']
    items = read(tmp_path / "a.jsonl", b"\n".join([*broken, good]))
    assert [type(item) for item in items] == [Refusal] * len(broken) + [Document]
    assert all(reasons(items))


@pytest.mark.parametrize("name", ["a.jsonl", "a.jsonl.gz"])
def test_a_file_without_lines_says_so(tmp_path, name):
    payload = b"\n \n" if name.endswith("l") else gzip.compress(b"")
    [item] = read(tmp_path / name, payload)
    assert item.skipped
    assert item.reason == f"{name} has no lines, so there is nothing to import."


# Archives


def record(body, encoding):
    http = f"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Encoding: {encoding}\r\n\r\n".encode() + body
    return (
        (
            "WARC/1.0\r\nWARC-Type: response\r\nWARC-Record-ID: <urn:uuid:1>\r\nWARC-Date: 2020-01-31T12:00:00Z\r\n"
            "WARC-Target-URI: https://gazette.example/a\r\nContent-Type: application/http; msgtype=response\r\n"
            f"Content-Length: {len(http)}\r\n\r\n"
        ).encode()
        + http
        + b"\r\n\r\n"
    )


@pytest.mark.parametrize("encoding", ["gzip", "deflate", "gzip, gzip"])
def test_a_bomb_in_an_archive_costs_its_own_record(tmp_path, encoding):
    plain = b"<html>" + b"a" * 50_000_000
    bomb = zlib.compress(plain) if encoding == "deflate" else gzip.compress(plain)
    bomb = gzip.compress(bomb) if "," in encoding else bomb
    refusal, document = read(tmp_path / "a.warc", record(bomb, encoding) + record(b"<html>ok", "identity"))
    assert refusal.reason == "The page https://gazette.example/a has more than 1,000,000 bytes, which is the limit."
    assert document.payload == b"<html>ok"


# Pages


def test_elements_side_by_side_are_counted_before_they_take_the_square_of_their_number():
    started = time.process_time()
    with pytest.raises(DocumentRefused, match="side by side"):
        read_page(b"<html><body><article><p>" + b"<span>Some words</span> " * (MAX_SIBLINGS + 1))
    assert time.process_time() - started < 5


def test_a_page_of_one_long_line_is_read_in_seconds():
    started = time.process_time()
    assert read_page(f"<html><body><p>{SENTENCE * 10_000}</p></body></html>".encode()).text
    assert time.process_time() - started < 20


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (
            "<title>Gazette</title></head><body><h1>Oops!</h1><p>We can't seem to find the page you're looking for. "
            "Please try the search, or go to the front page of the site.</p>",
            "soft 404",
        ),
        (
            "<title>Gazette</title></head><body><h1>Sorry</h1><p>This article has been removed or is no longer "
            "available. Please try our search, or go to the front page.</p>",
            "soft 404",
        ),
        (
            "<title>App</title></head><body><noscript>You need to enable JavaScript to run this app.</noscript>",
            "scripts",
        ),
        (
            '<meta http-equiv="Refresh" content="0; url=https://gazette.example/b"></head><body>Redirecting...',
            "sends its readers on to https://gazette.example/b",
        ),
        ("<title>Photo</title></head><body><img src=a.jpg>", "No article text"),
        (f"</head><body><article><h1>Budget</h1><p>{SENTENCE}</p><p>Subscribe to continue reading.</p>", "paywall"),
    ],
)
def test_a_page_instead_of_an_article_says_which(content, reason):
    with pytest.raises(DocumentRefused, match=reason):
        read_page(f"<html><head>{content}</body></html>".encode())


def test_an_article_about_javascript_or_removed_pages_is_an_article():
    text = "The store said that sites which need JavaScript enabled are slow. This article was removed by a court. "
    assert read_page(f"<html><body><article><p>{text * 6}</p></article></body></html>".encode()).text


# What servers do not name


@pytest.mark.parametrize(
    ("body", "media_type"),
    [
        (b"\xef\xbb\xbf <!-- a --> <!DOCTYPE html><p>", "text/html"),
        (b'<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml">', "text/html"),
        (rss(""), "application/xml"),
        (b'<?xml version="1.0"?><urlset/>', "application/xml"),
        (b'{"version": "https://jsonfeed.org/version/1.1", "items": []}', "application/feed+json"),
        (b"WARC/1.0\r\n", "application/warc"),
        (gzip.compress(b"x", mtime=0), "application/gzip"),
        (b"\x89PNG\r\n\x1a\n<html>", ""),
        (b"MZ\x90", ""),
        (b"", ""),
    ],
)
def test_content_tells_its_kind(body, media_type):
    assert content_type_of(body) == media_type


def test_an_archive_by_its_address_says_what_to_do():
    packed = io.BytesIO()
    with gzip.GzipFile(fileobj=packed, mode="wb") as file:
        file.write(record(b"<html>" + SENTENCE.encode() * 2_000, "identity"))
    for body in (record(b"<html>", "identity"), packed.getvalue()):
        with pytest.raises(DocumentRefused, match="web archive"):
            listing_of(body, "application/warc", "https://example.org/a.warc.gz")


def test_a_json_feed_sent_as_plain_json_is_one():
    feed = b'{"version": "https://jsonfeed.org/version/1.1", "items": [{"id": "1", "url": "https://example.org/1"}]}'
    found = listing_of(feed, "application/json", "https://example.org/feed.json")
    assert found is not None
    assert [lead.url for lead in found.leads] == ["https://example.org/1"]
