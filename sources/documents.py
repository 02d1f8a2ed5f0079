"""Files, folders, JSON Lines, feeds, archives and wire formats as documents to import. No database.

A document that cannot be read is given as a Refusal in its place, so that one bad line costs one line.
"""

import gzip
import json
import logging
import os
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, cast

from sources.errors import DocumentRefused
from sources.markup import html_page

logger = logging.getLogger(__name__)

if TYPE_CHECKING:
    from sources.feeds import FeedDocument

TEXT, HTML = "text/plain", "text/html"
SUFFIXES = {".txt": TEXT, ".text": TEXT, ".html": HTML, ".htm": HTML}
JSON_LINES = (".jsonl", ".ndjson", ".jsonl.gz", ".ndjson.gz")
ARCHIVES = (".warc", ".warc.gz", ".arc", ".arc.gz")
FEEDS = (".xml", ".rss", ".atom")
JSON = (".json",)
EARLIEST = date(1600, 1, 1)
RECORD_FIELDS = {"id", "url", "outlet", "title", "byline", "published_at", "language", "text", "html", "file"}
_UNSTORABLE = re.compile("[\0\ud800-\udfff]")
_LONGEST = {"id": 500, "url": 2000, "outlet": 200, "title": 1000, "byline": 500, "language": 12}


@dataclass(frozen=True)
class Document:
    """One document's bytes with the fields that came with it.

    record: JSON-safe; keys of RECORD_FIELDS except text, html and file. embargoed_until: when it may be imported at the
    earliest, None for now.
    """

    label: str
    payload: bytes
    media_type: str
    record: dict[str, Any] = field(default_factory=dict)
    embargoed_until: datetime | None = None


@dataclass(frozen=True)
class Refusal:
    """A document that cannot be imported, and why; `payload` is what there was to read, cut to a limit."""

    label: str
    reason: str
    payload: bytes = b""
    skipped: bool = False


def read_documents(path: Path, *, outlet: str = "", max_bytes: int) -> Iterator[Document | Refusal]:
    """Yield the documents of a file or, in order of names, of a folder and its subfolders.

    outlet: the publisher of files that do not name one.
    """
    # The readers make documents, so they import this module.
    from sources import archives

    name = path.name.lower()
    if path.is_dir():
        yield from _read_folder(path, outlet=outlet, max_bytes=max_bytes)
    elif not path.exists():
        yield Refusal(path.name, f"{path.name} cannot be read: there is no file {path}.")
    elif name.endswith(JSON_LINES):
        for item, _ in _read_lines(path, max_bytes=max_bytes):
            yield item
    elif name.endswith(ARCHIVES):
        yield from archives.read_archive(path, outlet=outlet, max_bytes=max_bytes)
    elif name.endswith(FEEDS):
        yield from _read_feed(path, outlet=outlet, max_bytes=max_bytes)
    elif name.endswith(JSON):
        yield from _read_json(path, outlet=outlet, max_bytes=max_bytes)
    elif path.suffix.lower() in SUFFIXES:
        yield _read_file(path, outlet=outlet, max_bytes=max_bytes)
    else:
        known = ", ".join(sorted({*SUFFIXES, *JSON_LINES, *ARCHIVES, *FEEDS, *JSON}))
        yield Refusal(path.name, f"{path.name} is not in a known format; known are {known}.", skipped=True)


def _read_folder(folder: Path, *, outlet: str, max_bytes: int) -> Iterator[Document | Refusal]:
    files = [Path(parent) / name for parent, _, names in os.walk(folder) for name in names if not name.startswith(".")]
    lines = sorted(file for file in files if file.name.lower().endswith(JSON_LINES))
    named: set[Path] = set()
    for file in lines:
        for item, attached in _read_lines(file, max_bytes=max_bytes):
            named |= {attached} if attached else set()
            yield item
    for file in sorted(set(files) - set(lines)):
        # A text that a JSON line describes is that line's document.
        if file.resolve() not in named:
            yield from read_documents(file, outlet=outlet, max_bytes=max_bytes)


def _read_feed(path: Path, *, outlet: str, max_bytes: int) -> Iterator[Document | Refusal]:
    from sources import feeds, sitemaps

    payload = b""
    try:
        payload = _read_bytes(path, max_bytes=feeds.MAX_FEED_BYTES)
        if sitemaps.is_sitemap(payload):
            raise DocumentRefused("This is a sitemap: a list of addresses, without texts. Import it by its address.")
        feed = feeds.read_feed(payload)
    except DocumentRefused as refused:
        # A folder may hold XML of any kind; that is no failure.
        yield Refusal(path.name, str(refused), payload[:1000], skipped=bool(payload) and not feeds.is_feed(payload))
        return
    yield from feed_documents(path.name, feed, outlet=outlet, max_bytes=max_bytes)


def _read_json(path: Path, *, outlet: str, max_bytes: int) -> Iterator[Document | Refusal]:
    from sources import feeds, ninjs

    try:
        payload = _read_bytes(path, max_bytes=feeds.MAX_FEED_BYTES)
        if feeds.is_json_feed(payload):
            feed = feeds.read_feed(payload)
            yield from feed_documents(path.name, feed, outlet=outlet, max_bytes=max_bytes)
            return
    except DocumentRefused as refused:
        yield Refusal(path.name, str(refused))
        return
    yield from ninjs.read_ninjs(path.name, payload, outlet=outlet, max_bytes=max_bytes)


def feed_documents(
    label: str, feed: "FeedDocument", *, outlet: str = "", max_bytes: int
) -> Iterator[Document | Refusal]:
    """Yield a document for each entry that has its whole text, and a skipped refusal for one that has only its address.

    outlet: the publisher; without one, the feed's title names it.
    """
    if feed.damage:
        reason = f"The feed is damaged ({feed.damage}); what could be read is imported, entries may be missing."
        yield Refusal(label, reason, skipped=True)
    if not feed.entries:
        yield Refusal(label, "The feed has no entries.", skipped=True)
    for number, entry in enumerate(feed.entries, start=1):
        name = entry.url or f"{label}#{number}"
        if not entry.content_html:
            what = f"Import its page {entry.url} to get it." if entry.url else "It has no address either."
            yield Refusal(name, f"The feed has no full text of {entry.title[:200]!r}. {what}", skipped=True)
            continue
        payload = html_page(entry.content_html, title=entry.title, language=feed.language)
        if len(payload) > max_bytes:
            yield Refusal(name, f"The entry has {len(payload):,} bytes; the limit is {max_bytes:,}.")
            continue
        record = {
            "id": entry.id,
            "url": entry.url,
            "outlet": outlet or feed.title,
            "title": entry.title,
            "byline": entry.byline,
            "published_at": entry.published_at or entry.updated_at,
            "language": feed.language,
        }
        # What comes with a feed serves as far as it fits; a long title is no reason to lose the text.
        fields = {key: value[: _LONGEST.get(key, 100)] for key, value in record.items() if value}
        if len(record["url"]) > _LONGEST["url"]:
            del fields["url"]
        yield Document(name, payload, HTML, fields)


def _read_file(path: Path, *, outlet: str, max_bytes: int) -> Document | Refusal:
    try:
        payload = _read_bytes(path, max_bytes=max_bytes)
    except DocumentRefused as refused:
        return Refusal(path.name, str(refused))
    return Document(path.name, payload, SUFFIXES[path.suffix.lower()], {"outlet": outlet} if outlet else {})


def unreadable(path: Path, error: OSError) -> str:
    """Return why a file cannot be read, in words for who handed it in; the system's own are logged."""
    logger.info("file not read file=%s error=%r", path.name, error)
    if isinstance(error, PermissionError):
        return f"{path.name} cannot be read: this program may not open it. Change its permissions."
    return f"{path.name} cannot be read: the disk or the folder that it is in answers with an error. Copy it elsewhere."


def _read_bytes(path: Path, *, max_bytes: int) -> bytes:
    try:
        if not path.is_file():
            raise DocumentRefused(f"{path.name} cannot be read: it is missing, or no ordinary file.")
        with path.open("rb") as file:
            payload = file.read(max_bytes + 1)
            size = path.stat().st_size
    except OSError as error:
        raise DocumentRefused(unreadable(path, error)) from error
    if len(payload) > max_bytes:
        raise DocumentRefused(f"{path.name} has {size:,} bytes; the limit is {max_bytes:,}. Split it.")
    return payload


def _read_lines(path: Path, *, max_bytes: int) -> Iterator[tuple[Document | Refusal, Path | None]]:
    """Yield each line's document, with the file that it names."""
    number, found = 0, False
    try:
        with _open_lines(path) as file:
            while line := file.readline(max_bytes + 1):
                number += 1
                label = f"{path.name}:{number}"
                if len(line) > max_bytes and not line.endswith(b"\n"):
                    size = len(line) + _skip_line(file)
                    reason = f"The line has {size:,} bytes; the limit is {max_bytes:,}. Split the document."
                    yield Refusal(label, reason, line[:1000]), None
                    found = True
                elif line.strip():
                    yield _read_record(label, line, path.parent, max_bytes=max_bytes)
                    found = True
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        logger.info("gzip damaged file=%s line=%d error=%r", path.name, number, error)
        reason = f"The gzip is damaged after line {number:,}. Compress or download the file again."
        yield Refusal(f"{path.name}:{number + 1}", reason), None
        return
    except OSError as error:
        yield Refusal(path.name, unreadable(path, error)), None
        return
    if not found:
        yield Refusal(path.name, f"{path.name} has no lines, so there is nothing to import.", skipped=True), None


def _open_lines(path: Path) -> BinaryIO:
    return cast(BinaryIO, gzip.open(path)) if path.suffix.lower() == ".gz" else path.open("rb")


def _skip_line(file: BinaryIO) -> int:
    skipped = 0
    while part := file.readline(1_000_000):
        skipped += len(part)
        if part.endswith(b"\n"):
            break
    return skipped


def _read_record(label: str, line: bytes, folder: Path, *, max_bytes: int) -> tuple[Document | Refusal, Path | None]:
    attached = None
    try:
        record = _parse_object(line)
        attached = _attached(record, folder)
        return document_from_record(label, record, folder=folder, max_bytes=max_bytes), attached
    except DocumentRefused as refused:
        return Refusal(label, str(refused), line), attached


def _attached(record: dict[str, Any], folder: Path) -> Path | None:
    """Return the file that a record names, in the folder of its JSON Lines file; None where it names none."""
    name = record.get("file")
    try:
        return (folder / name).resolve() if isinstance(name, str) and name else None
    except (OSError, ValueError):
        return None  # no name that a file can have; the record is refused for it


def _parse_object(line: bytes) -> dict[str, Any]:
    try:
        record = json.loads(line.decode("utf-8-sig").strip())
    except UnicodeDecodeError as error:
        raise DocumentRefused(
            f"The line is not UTF-8 (byte 0x{line[error.start]:02x} at {error.start}). Convert the file to UTF-8."
        ) from error
    except json.JSONDecodeError as error:
        raise DocumentRefused(f"The line is not valid JSON: {error.msg} at column {error.colno}.") from error
    except RecursionError as error:
        raise DocumentRefused("The line is nested too deeply to be read.") from error
    except ValueError as error:
        raise DocumentRefused("The line has a number with more digits than can be read.") from error
    if not isinstance(record, dict):
        raise DocumentRefused("The line is not a JSON object with fields such as outlet, title and text.")
    return record


def document_from_record(label: str, record: dict[str, Any], *, folder: Path | None, max_bytes: int) -> Document:
    """Return the document that a JSON object describes.

    record: {"id"?, "url"?, "outlet", "title", "byline"?, "published_at"?, "language"?, "text" | "html" | "file"}.
    folder: where "file" is looked up; no file outside of it is read.

    Raises DocumentRefused when a field is missing, unknown or not what it should be.
    """
    if unknown := sorted(record.keys() - RECORD_FIELDS):
        named = ", ".join(map(repr, unknown[:5]))
        raise DocumentRefused(f"Unknown field {named}; known are {', '.join(sorted(RECORD_FIELDS))}.")
    present = {key: value for key, value in record.items() if value not in (None, "")}
    for key, value in present.items():
        if key == "id" and isinstance(value, int) and not isinstance(value, bool):
            present[key] = value = str(value)
        if not isinstance(value, str):
            raise DocumentRefused(f"The field {key} must be text, not {type(value).__name__}.")
        _check_text(value, f"field {key}")
        if key in _LONGEST and len(value) > _LONGEST[key]:
            raise DocumentRefused(f"The field {key} has {len(value):,} characters; the limit is {_LONGEST[key]:,}.")
    for key in ("outlet", "title"):
        if not present.get(key, "").strip():
            raise DocumentRefused(f"The document has no {key}; every article needs one.")
    bodies = sorted(present.keys() & {"text", "html", "file"})
    if len(bodies) != 1:
        found = " and ".join(bodies) if bodies else "none"
        raise DocumentRefused(f"A document has exactly one of text, html and file; this one has {found}.")
    if "published_at" in present:
        parse_published(present["published_at"])
    if "url" in present and not present["url"].startswith(("http://", "https://")):
        raise DocumentRefused(f"The url must begin with http:// or https://, not {present['url'][:40]!r}.")
    payload, media_type = _body(present, folder, max_bytes=max_bytes)
    fields = {key: value.strip() for key, value in present.items() if key not in ("text", "html", "file")}
    return Document(label, payload, media_type, fields)


def _body(present: dict[str, str], folder: Path | None, *, max_bytes: int) -> tuple[bytes, str]:
    if "file" not in present:
        key = "text" if "text" in present else "html"
        payload = present[key].encode()
        if len(payload) > max_bytes:
            raise DocumentRefused(f"The {key} has {len(payload):,} bytes; the limit is {max_bytes:,}. Split it.")
        return payload, TEXT if key == "text" else HTML
    name = present["file"]
    if folder is None:
        raise DocumentRefused("The field file works only in a JSON Lines file; send text or html.")
    path = (folder / name).resolve()
    if not path.is_relative_to(folder.resolve()):
        raise DocumentRefused(f"The file {name} lies outside the folder of the JSON Lines file.")
    if path.suffix.lower() not in SUFFIXES:
        raise DocumentRefused(f"The file {name} must end in one of {', '.join(sorted(SUFFIXES))}.")
    return _read_bytes(path, max_bytes=max_bytes), SUFFIXES[path.suffix.lower()]


def _check_text(value: str, what: str) -> None:
    found = None if value.isascii() and "\0" not in value else _UNSTORABLE.search(value)
    if found is None:
        return
    position, character = found.start(), found.group()
    if character == "\0":
        raise DocumentRefused(
            f"The {what} has a NUL character (U+0000) at {position}, which no text may hold. Remove it."
        )
    raise DocumentRefused(
        f"The {what} has half a character (lone surrogate U+{ord(character):04X}) at {position}. "
        "Write the character whole."
    )


def parse_published(raw: str) -> tuple[datetime, bool]:
    """Return (time in UTC, whether a time of day was given) of an ISO 8601 date or date and time.

    A time without an offset is taken as UTC. Raises DocumentRefused for anything else, for dates before 1600 and for
    dates later than tomorrow.
    """
    raw = raw.strip()
    try:
        has_time = len(raw) > len("2020-01-31")
        parsed = datetime.fromisoformat(raw) if has_time else datetime.combine(date.fromisoformat(raw), time())
        parsed = parsed.replace(tzinfo=UTC) if parsed.tzinfo is None else parsed.astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise DocumentRefused(
            f"published_at {raw[:60]!r} is not a date such as 2020-01-31 or 2020-01-31T12:00Z."
        ) from error
    if parsed.date() < EARLIEST:
        raise DocumentRefused(f"published_at {raw} lies before {EARLIEST.year}.")
    if parsed > datetime.now(UTC) + timedelta(days=2):
        raise DocumentRefused(f"published_at {raw} lies in the future.")
    return parsed, has_time


def decode_text(payload: bytes) -> str:
    """Return a plain text's characters, code point for code point; a byte order mark is not part of the text.

    Raises DocumentRefused for bytes that are not UTF-8 (or UTF-16 with a mark), for NUL and for an empty text.
    """
    try:
        if payload.startswith((b"\xff\xfe", b"\xfe\xff")):
            text = payload.decode("utf-16")
        else:
            text = payload.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise DocumentRefused(
            f"The text is not UTF-8 (byte 0x{payload[error.start]:02x} at {error.start}). "
            "Convert it, for example with iconv -f WINDOWS-1252 -t UTF-8."
        ) from error
    _check_text(text, "text")
    if not text.strip():
        raise DocumentRefused("The document has no text.")
    return text
