"""IPTC ninjs 1.0 to 3.0 (the JSON of news agencies) as documents. No database, no network.

The versions differ in names and in case (byline, by; body_text, bodies; versioncreated, versionCreated), so names are
compared in lower case and both shapes are read.
"""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from sources.documents import HTML, TEXT, Document, Refusal
from sources.errors import DocumentRefused
from sources.markup import absolute_url, html_page, iso_date, plain_text

_MARKERS = {"uri", "headline", "headlines", "versioncreated", "standard", "$standard", "pubstatus", "bodies"}
# Wrappers that agencies' interfaces put around their items.
_LISTS = ("items", "data", "results", "hits")
# Their body is a caption or a notice. A video's or a sound's may be its transcript.
_NO_ARTICLE = {"picture", "graphic", "event", "planning", "component"}
_NO_TEXT_EXPECTED = _NO_ARTICLE | {"video", "audio"}
_LONGEST_PART = 500
_EMBARGO = ("embargoed", "embargoeduntil")


def read_ninjs(name: str, payload: bytes, *, outlet: str = "", max_bytes: int) -> Iterator[Document | Refusal]:
    """Yield the documents of a ninjs file: one object, a list of them, or a list inside an object.

    A document's record also has `credits`, the names of its copyright holder, providers and sources, and `copyright`,
    its notice.
    """
    try:
        content = parse_json(payload)
    except DocumentRefused as refused:
        yield Refusal(name, str(refused), payload[:1000])
        return
    items = _items(content)
    if not any(_is_ninjs(item) for item in items):
        yield Refusal(name, f"{name} is JSON, but holds neither a ninjs object nor a JSON Feed.", skipped=True)
        return
    for number, item in enumerate(items, start=1):
        label = name if len(items) == 1 else f"{name}#{number}"
        try:
            yield document_from_ninjs(label, item, outlet=outlet, max_bytes=max_bytes)
        except DocumentRefused as refused:
            skipped = isinstance(item, dict) and _string(_lowered(item).get("type")) in _NO_TEXT_EXPECTED
            yield Refusal(label, str(refused), json.dumps(item)[:1000].encode(), skipped=skipped)


def parse_json(payload: bytes) -> Any:
    """Return a JSON file's value.

    Raises DocumentRefused when it is not JSON in UTF-8 (or UTF-16 or UTF-32).
    """
    try:
        return json.loads(payload)
    except UnicodeDecodeError as error:
        raise DocumentRefused(f"The file is not UTF-8 (byte {error.start}). Convert it to UTF-8.") from error
    except json.JSONDecodeError as error:
        raise DocumentRefused(
            f"The file is not valid JSON: {error.msg} in line {error.lineno}, column {error.colno}."
        ) from error
    except RecursionError as error:
        raise DocumentRefused("The file is nested too deeply to be read.") from error
    except ValueError as error:
        raise DocumentRefused("The file has a number with more digits than can be read.") from error


def document_from_ninjs(label: str, item: Any, *, outlet: str = "", max_bytes: int) -> Document:
    """Return the document of one ninjs object.

    The outlet is `outlet`, or else the copyright holder, the provider or the first source that the object names.

    Raises DocumentRefused when it is not ninjs, has no text (pictures, events), is withdrawn, or is embargoed until
    nobody can tell when.
    """
    if not _is_ninjs(item):
        raise DocumentRefused("This is not a ninjs object: it has no uri, headline or body.")
    news = _lowered(item)
    _check_usable(news)
    payload, media_type = _body(news)
    if len(payload) > max_bytes:
        raise DocumentRefused(f"The text has {len(payload):,} bytes; the limit is {max_bytes:,}. Split it.")
    names = _credits(news)
    uri = _string(news.get("uri"))
    record: dict[str, Any] = {
        "id": uri if not absolute_url(uri) else "",
        "url": absolute_url(uri),
        "outlet": outlet or (names[0] if names else ""),
        "title": _headline(news),
        "byline": plain_text(_string(news.get("by")) or _string(news.get("byline")))[:500],
        "published_at": _published(news),
        "language": _string(news.get("language"))[:12],
        "credits": names,
        "copyright": plain_text(_string(news.get("copyrightnotice")))[:_LONGEST_PART],
    }
    fields = {key: value for key, value in record.items() if value}
    return Document(label, payload, media_type, fields, embargoed_until=_embargoed_until(news))


def _is_ninjs(item: Any) -> bool:
    return isinstance(item, dict) and bool(_MARKERS & _lowered(item).keys())


def _items(content: Any) -> list[Any]:
    if isinstance(content, list):
        return content
    if isinstance(content, dict) and not _is_ninjs(content):
        for key in _LISTS:
            if isinstance(content.get(key), list):
                return content[key]
    return [content]


def _check_usable(news: dict[str, Any]) -> None:
    status = _string(news.get("pubstatus")).rpartition(":")[2].lower()
    if status in ("canceled", "cancelled", "withheld"):
        raise DocumentRefused(f"Its publisher has set it to {status!r} (pubstatus), so it is not imported.")


def _embargoed_until(news: dict[str, Any]) -> datetime | None:
    """Return when an embargo ends, in UTC; None where there is none, or it has ended.

    The latest that can be meant: a time without a zone in the last of all zones, a day when it has ended everywhere.
    """
    raw = next((news[key] for key in _EMBARGO if news.get(key) not in (None, "", False)), None)
    if raw is None:
        return None
    said = _string(raw)
    try:
        ends = datetime.fromisoformat(said)
        ends += timedelta(days=len(said) == len("2020-01-31"))
        ends = ends.astimezone(UTC) if ends.tzinfo else ends.replace(tzinfo=UTC) + timedelta(hours=12)
    except (ValueError, OverflowError) as error:
        raise DocumentRefused(
            f"It is embargoed, but not until a time that can be read ({said[:60]!r}), so it is not imported. Hand it "
            "in without that field when the embargo has ended."
        ) from error
    return ends if ends > datetime.now(UTC) else None


def _body(news: dict[str, Any]) -> tuple[bytes, str]:
    """Return the text, with its paragraphs where the object has them as HTML."""
    kind = _string(news.get("type"))
    if kind in _NO_ARTICLE:
        raise DocumentRefused(f"It is of type {kind!r}, not an article, so it is not imported.")
    plain: list[str] = []
    marked: list[str] = []
    for key, value in news.items():
        if key.startswith("body_") and (text := _string(value)):
            (marked if "html" in key else plain).append(text)
    for body in _objects(news.get("bodies")):
        if text := _string(body.get("value")):
            form = _string(body.get("contenttype")) or _string(body.get("role")) or ("html" if "</" in text else "text")
            (marked if "html" in form or "nitf" in form or "xml" in form else plain).append(text)
    # The same text in two forms: HTML keeps paragraphs that plain text often loses.
    if marked:
        return html_page(marked[0], title=_headline(news), language=_string(news.get("language"))), HTML
    if plain:
        return plain[0].encode(), TEXT
    raise DocumentRefused("It has no body text, so there is nothing to import.")


def _headline(news: dict[str, Any]) -> str:
    headlines = _objects(news.get("headlines"))
    main = [one for one in headlines if _string(one.get("role")).lower() in ("main", "headline")]
    found = [_string(news.get("headline")), *(_string(one.get("value")) for one in main + headlines)]
    found += [_string(value) for key, value in news.items() if key.startswith("headline_")]
    found += [_string(news.get("title")), _string(news.get("slugline"))]
    return next((title for title in map(plain_text, found) if title), "")[:1000]


def _published(news: dict[str, Any]) -> str:
    names = ("firstcreated", "versioncreated", "contentcreated")
    return next((date for name in names if (date := iso_date(_string(news.get(name))))), "")


def _credits(news: dict[str, Any]) -> list[str]:
    """Return who provided it: each name once, the publisher first."""
    names = [_string(news.get("copyrightholder"))]
    for key in ("provider", "source"):
        value = news.get(key)
        names += [_string(value), *(_string(one.get("name")) for one in _objects(value))]
    for one in (*_objects(news.get("infosources")), *_objects(news.get("infosource"))):
        names.append(_string(one.get("name")))
    return list(dict.fromkeys(plain_text(name)[:_LONGEST_PART] for name in names if name.strip()))


def _objects(value: Any) -> list[dict[str, Any]]:
    values = value if isinstance(value, list) else [value]
    return [_lowered(one) for one in values if isinstance(one, dict)]


def _lowered(item: dict[str, Any]) -> dict[str, Any]:
    return {key.lower(): value for key, value in item.items()}


def _string(value: Any) -> str:
    # JSON may hold half characters and NUL, which no text may.
    return value.encode("utf-8", "ignore").decode().replace("\0", "").strip() if isinstance(value, str) else ""
