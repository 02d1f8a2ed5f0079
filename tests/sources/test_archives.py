"""Reading web archives: one document a page, and a broken record costs one row."""

import gzip
import io
import zlib

import pytest
from fastwarc.stream_io import BrotliWriter

from sources.archives import read_archive
from sources.documents import Document, read_documents

MAX = 20_000
PAGE = b"<html><body><p>The harbour reopened.</p></body></html>"


def record(
    number=0, body=PAGE, *, kind="response", status="200 OK", media_type="text/html; charset=UTF-8", headers="", url=""
):
    http = f"HTTP/1.1 {status}\r\nContent-Type: {media_type}\r\n{headers}\r\n".encode() + body
    head = (
        f"WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Record-ID: <urn:uuid:{number:032}>\r\n"
        f"WARC-Date: 2020-01-31T12:00:00Z\r\nWARC-Target-URI: {url or f'https://gazette.example/{number}'}\r\n"
        f"Content-Type: application/http; msgtype={kind}\r\nContent-Length: {len(http)}\r\n\r\n"
    )
    return head.encode() + http + b"\r\n\r\n"


def read(tmp_path, *records, name="news.warc", pack=bytes):
    path = tmp_path / name
    path.write_bytes(b"".join(pack(one) for one in records))
    return list(read_archive(path, max_bytes=MAX))


def urls(items):
    return [item.record["url"] for item in items if isinstance(item, Document)]


def reasons(items):
    return [item.reason for item in items if not isinstance(item, Document)]


def brotli(body):
    packed = io.BytesIO()
    writer = BrotliWriter(packed)
    writer.write(body)
    writer.close()
    return packed.getvalue()


@pytest.mark.parametrize(("name", "pack"), [("a.warc", bytes), ("a.warc.gz", gzip.compress)])
def test_each_html_response_is_a_document(tmp_path, name, pack):
    items = read(tmp_path, record(1), record(2, media_type="application/xhtml+xml"), name=name, pack=pack)
    assert urls(items) == ["https://gazette.example/1", "https://gazette.example/2"]
    assert (items[0].payload, items[0].media_type) == (PAGE, "text/html")
    assert items[0].record["captured_at"] == "2020-01-31T12:00:00+00:00"
    assert items[0].record["charset"] == "utf-8"


def test_what_is_no_page_is_counted_in_one_skipped_row(tmp_path):
    [skipped] = read(
        tmp_path,
        record(1, media_type="image/png"),
        record(2, media_type="image/png"),
        record(3, status="404 Not Found"),
        record(4, kind="request"),
    )
    assert skipped.skipped
    assert skipped.reason.startswith("4 records are no HTML pages and were left out: 2 image/png, 1 responses with")


@pytest.mark.parametrize(
    ("headers", "body"),
    [
        ("Content-Encoding: gzip\r\n", gzip.compress(PAGE, mtime=0)),
        ("Content-Encoding: deflate\r\n", zlib.compress(PAGE)),
        ("Content-Encoding: deflate\r\n", zlib.compress(PAGE)[2:-4]),
        ("Content-Encoding: br\r\n", brotli(PAGE)),
        ("Transfer-Encoding: chunked\r\n", b"%x\r\n%s\r\n0\r\n\r\n" % (len(PAGE), PAGE)),
        # Crawlers that unpack a body and keep its headers.
        ("Content-Encoding: gzip\r\n", PAGE),
        ("Content-Encoding: br\r\nTransfer-Encoding: chunked\r\n", PAGE),
        # A checksum cut off behind a whole page.
        ("Content-Encoding: gzip\r\n", gzip.compress(PAGE, mtime=0)[:-4]),
    ],
)
def test_bodies_are_unpacked_whatever_was_done_to_them(tmp_path, headers, body):
    [page] = read(tmp_path, record(body=body, headers=headers))
    assert page.payload == PAGE


@pytest.mark.parametrize(
    ("broken", "reason"),
    [
        (record(2, b"x" * (MAX + 1)), "more than 20,000 bytes, which is the limit"),
        (
            record(2, gzip.compress(b"0" * 50_000_000, mtime=0), headers="Content-Encoding: gzip\r\n"),
            "more than 20,000 bytes",
        ),
        (
            record(2, gzip.compress(PAGE, mtime=0)[:-12], headers="Content-Encoding: gzip\r\n"),
            "cannot be unpacked (gzip)",
        ),
        (record(2, b" \n"), "is empty"),
        (record(2, url="https://"), "address is no usable one"),
        (record(2).replace(b"WARC/1.0", b"WRAC/9.9"), "The archive is damaged after the record at byte 0"),
        (record(2).replace(b"Content-Length: ", b"Content-Length: 99999"), "more than the archive has"),
    ],
)
def test_a_broken_record_costs_itself(tmp_path, broken, reason):
    items = read(tmp_path, record(1), broken, record(3))
    assert urls(items) == ["https://gazette.example/1", "https://gazette.example/3"]
    assert len(reasons(items)) == 1
    assert reason in reasons(items)[0]


def test_a_damaged_gzip_member_costs_itself(tmp_path):
    members = [gzip.compress(record(number), mtime=0) for number in range(4)]
    for damaged in (0, 1, 2):
        broken = list(members)
        broken[damaged] = broken[damaged][:60] + bytes(20) + broken[damaged][80:]
        items = read(tmp_path, *broken, name="a.warc.gz")
        assert len(urls(items)) == 3
        assert "Reading goes on at byte" in reasons(items)[0]


@pytest.mark.parametrize("cut", [30, 120, 200])
def test_a_truncated_archive_gives_its_whole_records(tmp_path, cut):
    for pack in (bytes, gzip.compress):
        whole = b"".join(pack(record(number)) for number in range(3))
        items = read(tmp_path, whole[:-cut])
        assert urls(items) == ["https://gazette.example/0", "https://gazette.example/1"]
        assert len(reasons(items)) == 1


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "is empty"),
        (b"no archive", "is not a WARC or ARC archive"),
        (gzip.compress(b"no archive", mtime=0), "is not a WARC or ARC archive"),
        (record(1) + b"WARC/1.0\r\n\r" * 20_000, "broken records"),
        (gzip.compress(record(1), mtime=0) + b"\x1f\x8b\x08" * 20_000, "broken records"),
    ],
)
def test_what_is_no_archive_ends_with_a_reason(tmp_path, content, reason):
    assert any(reason in found for found in reasons(read(tmp_path, content)))


def test_arc_is_read_too(tmp_path):
    head = b"1 0 Example\nURL IP-address Archive-date Content-type Archive-length\n"
    http = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n" + PAGE
    members = [
        b"filedesc://a.arc 0.0.0.0 20200131120000 text/plain %d\n%s\n" % (len(head), head),
        b"https://gazette.example/1 192.0.2.1 20200131120000 text/html %d\n%s\n" % (len(http), http),
    ]
    for name, pack in (("a.arc", bytes), ("a.arc.gz", gzip.compress)):
        page = next(item for item in read(tmp_path, *members, name=name, pack=pack) if isinstance(item, Document))
        assert page.payload.strip() == PAGE
        assert page.record == {"url": "https://gazette.example/1", "captured_at": "2020-01-31T12:00:00+00:00"}


def test_an_archive_in_a_folder_is_read_with_the_outlet_given(tmp_path):
    (tmp_path / "a.warc.gz").write_bytes(gzip.compress(record(1), mtime=0))
    [page] = read_documents(tmp_path, outlet="Gazette", max_bytes=MAX)
    assert page.record["outlet"] == "Gazette"
