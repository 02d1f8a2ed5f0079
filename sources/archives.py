"""Web archives (WARC, ARC; gzipped or not; CC-NEWS) as documents, one for each HTML response. No network, no database.

Records are read one after another, so memory does not grow with the archive. FastWARC reads WARC; ARC, which it does
not know, is read by warcio. A record that cannot be read costs itself: reading goes on at the next one.
"""

import io
import logging
import zlib
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

from fastwarc import ArchiveIterator, WarcRecord, WarcRecordType
from fastwarc.stream_io import BrotliReader, ChunkedReader
from warcio.archiveiterator import ArchiveIterator as ArcIterator  # type: ignore[import-untyped]
from warcio.exceptions import ArchiveLoadFailed  # type: ignore[import-untyped]

from sources.documents import HTML, Document, Refusal, unreadable
from sources.errors import DocumentRefused
from sources.markup import absolute_url, iso_date

logger = logging.getLogger(__name__)

_HTML_TYPES = {"text/html", "application/xhtml+xml"}
_GZIP_MEMBER, _WARC_HEADER = b"\x1f\x8b\x08", b"WARC/1."
_LONGEST_URL = 2000
_SEARCH_BYTES = 1 << 16
# Bounds the time that an archive full of false record starts can take.
_MAX_STARTS_TRIED = 2_000
_RESPONSE, _RESOURCE = WarcRecordType.response, WarcRecordType.resource


@dataclass(frozen=True, slots=True)
class _Page:
    url: str
    body: bytes
    content_type: str
    captured_at: str


def read_archive(path: Path, *, max_bytes: int, outlet: str = "") -> Iterator[Document | Refusal]:
    """Yield a document for each HTML page of an archive that was fetched with success, a refusal for each that failed.

    max_bytes: of a page after unpacking; a larger one is refused. A document's record has `url`, `captured_at`, and
    where the server named one `charset`. What is no page (images, redirects, requests) is counted in one last,
    skipped, refusal.
    """
    left_out: Counter[str] = Counter()
    try:
        with path.open("rb") as file:
            kind = _kind(file)
            if kind == "arc":
                yield from _read_arc(path.name, file, left_out, max_bytes=max_bytes, outlet=outlet)
            elif kind == "warc":
                yield from _read_warc(path.name, file, left_out, max_bytes=max_bytes, outlet=outlet)
            else:
                yield Refusal(path.name, f"{path.name} {kind}")
    except OSError as error:
        yield Refusal(path.name, unreadable(path, error))
    if left_out:
        counts = ", ".join(f"{count:,} {what}" for what, count in left_out.most_common(8))
        more = " and others" if len(left_out) > 8 else ""
        total = sum(left_out.values())
        yield Refusal(
            path.name, f"{total:,} records are no HTML pages and were left out: {counts}{more}.", skipped=True
        )


def _kind(file: BinaryIO) -> str:
    """Return "warc", "arc", or the end of the sentence that says why it is neither; the file is at its start again."""
    head = file.read(65536)
    file.seek(0)
    if not head:
        return "is empty. Download it again."
    if head.startswith(_GZIP_MEMBER):
        with suppress(zlib.error):
            head = zlib.decompressobj(16 + zlib.MAX_WBITS).decompress(head, 4096)
    if head.startswith(b"filedesc://"):
        return "arc"
    # A damaged beginning does not spoil the records after it.
    return "warc" if b"WARC/" in head or head.startswith(_GZIP_MEMBER) else "is not a WARC or ARC archive."


# WARC


def _read_warc(
    name: str, file: BinaryIO, left_out: Counter[str], *, max_bytes: int, outlet: str
) -> Iterator[Document | Refusal]:
    size = file.seek(0, io.SEEK_END)
    file.seek(0)
    packed = file.read(3) == _GZIP_MEMBER
    start: int | None = 0
    while start is not None:
        position, broken = start - 1, ""
        try:
            for record, offset in _records(file, start):
                position = offset
                label = f"{name}@{position}"
                if not packed and record.content_length > size - position:
                    broken = f"It claims {record.content_length:,} bytes, more than the archive has."
                    break
                try:
                    page = _page_of(record, left_out, max_bytes=max_bytes)
                    if page is not None:
                        yield _document(label, page, outlet=outlet)
                except DocumentRefused as refused:
                    yield Refusal(label, str(refused))
        except (OSError, ValueError, UnicodeError, OverflowError) as error:
            logger.info("archive damaged file=%s byte=%d error=%r", name, position, error)
            broken = "What follows cannot be read."
        # The next record start may be the broken one itself, or only look like one. It is looked for without an error
        # too: FastWARC takes what is no gzip member for the end of the archive.
        try:
            start = _next_readable(file, position + 1, packed=packed)
        except DocumentRefused as refused:
            start, broken = None, f"{broken} {refused}".strip()
        if start is None and not broken:
            return
        after = "Nothing after it can be read." if start is None else f"Reading goes on at byte {start:,}."
        where = f"after the record at byte {position:,}" if position >= 0 else "at its beginning"
        reason = f"The archive is damaged {where}: {broken or 'what follows is no record.'} {after}"
        yield Refusal(f"{name}@{position + 1}", reason)


def _records(file: BinaryIO, start: int) -> Iterator[tuple[WarcRecord, int]]:
    """Yield records from a byte of the file on, each with the byte where it begins."""
    file.seek(start)
    for record in ArchiveIterator(file, parse_http=False, strict_mode=False):
        yield record, max(start, record.stream_pos)


def _next_readable(file: BinaryIO, position: int, *, packed: bool) -> int | None:
    """Return the byte at or after a position where records can be read again; None where there are no more.

    Raises DocumentRefused when there are more, but none that can be read.
    """
    broken = None
    for _ in range(_MAX_STARTS_TRIED):
        start = _next_record(file, position, packed=packed)
        if start is None and broken is None:
            return None
        if start is None:
            raise DocumentRefused(f"The record at byte {broken:,} cannot be read.")
        position = start + 1
        # Pages may be gzipped themselves, so a member counts only where a record is in it.
        if packed and not _holds_record(file, start):
            continue
        with suppress(OSError, ValueError):
            if next(_records(file, start), None) is not None:
                return start
        broken = start
    raise DocumentRefused(f"It goes on with more than {_MAX_STARTS_TRIED:,} broken records, so the rest is not read.")


def _holds_record(file: BinaryIO, start: int) -> bool:
    file.seek(start)
    try:
        head = zlib.decompressobj(16 + zlib.MAX_WBITS).decompress(file.read(2048), 64)
    except zlib.error:
        return False
    return b"WARC/1.".startswith(head.lstrip()[:7])


def _next_record(file: BinaryIO, position: int, *, packed: bool) -> int | None:
    """Return the byte where a record may begin, at or after a position."""
    mark = _GZIP_MEMBER if packed else _WARC_HEADER
    file.seek(position)
    base, tail = position, b""
    while block := file.read(_SEARCH_BYTES):
        block = tail + block
        if (found := block.find(mark)) >= 0:
            return base + found
        tail = block[1 - len(mark) :]
        base += len(block) - len(tail)
    return None


def _page_of(record: WarcRecord, left_out: Counter[str], *, max_bytes: int) -> _Page | None:
    """Return a response's or resource's page; None, counted, for other records.

    Raises DocumentRefused when it is cut off, too large or cannot be unpacked.
    """
    if record.record_type not in (_RESPONSE, _RESOURCE):
        left_out[f"{record.record_type} records"] += 1
        return None
    url = (record.headers.get("WARC-Target-URI") or "").strip("<> ")
    captured_at = iso_date(record.headers.get("WARC-Date") or "")
    status, content_type = None, record.headers.get("Content-Type") or ""
    content_encoding = transfer_encoding = ""
    if record.record_type == _RESPONSE:
        if not url.startswith(("http:", "https:")):
            left_out["records that are not HTTP"] += 1
            return None
        record.parse_http(strict_mode=False)
        headers = record.http_headers
        # FastWARC has none, whatever its types say, where the record is cut off before them.
        if headers is None or headers.status_code is None:
            raise DocumentRefused(f"The response of {url[:200]} has no HTTP status; it is cut off or damaged.")
        status, content_type = headers.status_code, headers.get("Content-Type") or ""
        content_encoding = headers.get("Content-Encoding") or ""
        transfer_encoding = headers.get("Transfer-Encoding") or ""
    if what := _not_a_page(status, content_type):
        left_out[what] += 1
        return None
    raw = record.reader.read(max_bytes + 1)
    if len(raw) > max_bytes:
        raise _too_large(url, max_bytes)
    if len(raw) < record.content_length:
        raise DocumentRefused(
            f"The page {url[:200]} is cut off: {len(raw):,} of {record.content_length:,} bytes are there. "
            "Download the archive again."
        )
    body = _decoded(raw, content_encoding, transfer_encoding, url, max_bytes=max_bytes)
    return _Page(url, body, content_type, captured_at)


def _not_a_page(status: int | None, content_type: str) -> str:
    if status is not None and not 200 <= status < 300:
        return f"responses with status {status}"
    media_type = content_type.partition(";")[0].strip().lower()
    return "" if media_type in _HTML_TYPES else media_type or "without content type"


def _decoded(raw: bytes, content: str, transfer: str, url: str, *, max_bytes: int) -> bytes:
    """Return a body without its content and transfer encodings; as it is, where crawlers removed them already."""
    body = raw
    if "chunked" in transfer.lower():
        with suppress(OSError, ValueError):
            body = ChunkedReader(io.BytesIO(raw)).read(max_bytes + 1) or raw
    for encoding in reversed([part.strip().lower() for part in content.split(",")]):
        try:
            if encoding in ("gzip", "x-gzip") and body.startswith(b"\x1f\x8b"):
                body = _inflate(body, 16 + zlib.MAX_WBITS, max_bytes)
            elif encoding == "deflate" and not _is_markup(body):
                # Some servers send it with zlib's header, as they should, and some without.
                has_header = body[0] & 15 == 8 and int.from_bytes(body[:2]) % 31 == 0
                body = _inflate(body, zlib.MAX_WBITS if has_header else -zlib.MAX_WBITS, max_bytes)
            elif encoding == "br" and not _is_markup(body):
                body = BrotliReader(io.BytesIO(body)).read(max_bytes + 1)
        except (OSError, ValueError, IndexError, zlib.error) as error:
            logger.info("page not unpacked encoding=%s error=%r", encoding, error)
            raise DocumentRefused(
                f"The page {url[:200]} cannot be unpacked ({encoding}): it is damaged, or ends early. Download the "
                "archive again."
            ) from error
    if len(body) > max_bytes:
        raise _too_large(url, max_bytes)
    return body


def _inflate(body: bytes, wbits: int, max_bytes: int) -> bytes:
    inflate = zlib.decompressobj(wbits)
    unpacked = inflate.decompress(body, max_bytes + 1)
    # A checksum may be cut off behind a whole page.
    if not inflate.eof and len(unpacked) <= max_bytes and not unpacked.rstrip().lower().endswith(b"</html>"):
        raise ValueError("it ends early")
    return unpacked


def _is_markup(body: bytes) -> bool:
    return not body or body.lstrip().startswith(b"<")


def _too_large(url: str, max_bytes: int) -> DocumentRefused:
    return DocumentRefused(f"The page {url[:200]} has more than {max_bytes:,} bytes, which is the limit.")


def _document(label: str, page: _Page, *, outlet: str) -> Document:
    url = absolute_url(page.url)
    if not url or len(url) > _LONGEST_URL:
        raise DocumentRefused(f"The record's address is no usable one: {page.url[:100]!r}.")
    if not page.body.strip():
        raise DocumentRefused(f"The page {url[:200]} is empty.")
    charset = _charset(page.content_type)
    record = {"url": url, "captured_at": page.captured_at, "charset": charset, "outlet": outlet}
    return Document(label, page.body, HTML, {key: value for key, value in record.items() if value})


def _charset(content_type: str) -> str:
    for part in content_type.split(";")[1:]:
        key, _, value = part.partition("=")
        if key.strip().lower() == "charset":
            return value.strip(" \"'").lower()[:40]
    return ""


# ARC


def _read_arc(
    name: str, file: BinaryIO, left_out: Counter[str], *, max_bytes: int, outlet: str
) -> Iterator[Document | Refusal]:
    label = name
    try:
        for number, record in enumerate(ArcIterator(file), start=1):
            label = f"{name}#{number}"
            headers = record.http_headers
            status = headers.get_statuscode() if headers else ""
            content_type = (headers.get_header("Content-Type") if headers else "") or ""
            what = "" if record.rec_type == "response" else f"{record.rec_type} records"
            what = what or _not_a_page(int(status) if status.isdigit() else None, content_type)
            if what:
                left_out[what] += 1
                continue
            url = record.rec_headers.get_header("uri") or ""
            body = record.content_stream().read(max_bytes + 1)
            captured_at = _arc_date(record.rec_headers.get_header("archive-date") or "")
            try:
                if len(body) > max_bytes:
                    raise _too_large(url, max_bytes)
                yield _document(label, _Page(url, body, content_type, captured_at), outlet=outlet)
            except DocumentRefused as refused:
                yield Refusal(label, str(refused))
    except (ArchiveLoadFailed, OSError, EOFError, ValueError, zlib.error) as error:
        logger.info("archive damaged record=%s error=%r", label, error)
        reason = "The archive is damaged after this record, and nothing after it can be read. Download it again."
        yield Refusal(label, reason)


def _arc_date(digits: str) -> str:
    """Return an ARC date (14 digits, UTC) as ISO 8601; "" where it is none."""
    try:
        return datetime.strptime(digits, "%Y%m%d%H%M%S").replace(tzinfo=UTC).isoformat()
    except ValueError:
        return ""
