"""RSS, Atom, RDF and JSON Feed as entries with their addresses. No network, no database.

Entries are cut from the XML one by one, so a feed of 100,000 entries needs memory for its bytes and its entries, not
for a tree. What this reader cannot find an entry in goes to feedparser, which knows thirty years of odd formats.
"""

import base64
import io
import json
import re
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import lru_cache
from html import escape
from typing import Any

from sources.errors import DocumentRefused
from sources.markup import absolute_url, iso_date, plain_text, utf8_xml, xml_damage

MAX_FEED_BYTES = 100_000_000
# feedparser takes seconds a megabyte, and more for markup made to be slow.
_MAX_FALLBACK_BYTES = 200_000
# What its own code lets slip on broken markup, found by feeding it changed feeds.
_FEEDPARSER_ERRORS = (LookupError, ValueError, TypeError, AttributeError, AssertionError, RecursionError)
_ATOM = "http://www.w3.org/2005/Atom"
_NAMESPACES = {
    "": "",
    _ATOM: "",
    "http://purl.org/atom/ns#": "",
    "http://purl.org/rss/1.0/": "",
    "http://my.netscape.com/rdf/simple/0.9/": "",
    "http://channel.netscape.com/rdf/simple/0.9/": "",
    "http://backend.userland.com/rss2": "",
    "http://blogs.law.harvard.edu/tech/rss": "",
    "http://purl.org/rss/1.0/modules/content/": "content:",
    "http://purl.org/dc/elements/1.1/": "dc:",
    "http://purl.org/dc/terms/": "dcterms:",
    "http://www.itunes.com/dtds/podcast-1.0.dtd": "itunes:",
    "http://rssnamespace.org/feedburner/ext/1.0": "feedburner:",
    "http://www.w3.org/1999/xhtml": "xhtml:",
    "http://www.w3.org/1999/02/22-rdf-syntax-ns#": "rdf:",
}
_ROOTS = {"rss", "feed", "rdf:rdf", "channel"}
_ENTRY_TAGS = {"item", "entry"}
_ABOUT = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}about"
_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_IDENTIFIER = ("guid", "id", "dc:identifier")
_TITLE = ("title", "dc:title")
_PUBLISHED = ("pubdate", "published", "issued", "dcterms:issued", "dc:date", "dcterms:created", "created")
_UPDATED = ("updated", "modified", "dcterms:modified")
_SUMMARY = ("description", "summary", "dc:description", "tagline", "abstract", "itunes:summary")
_CONTENT = ("content:encoded", "content", "xhtml:body", "xhtml:div", "body", "fullitem")
# RSS authors are addresses with the name in brackets: "desk@example.org (A. Writer)".
_RSS_AUTHOR = re.compile(r"[^\s@]+@[^\s@()]+\s?\((.*)\)")
# More are no byline's.
_MOST_AUTHORS = 100
_NAMESPACE = re.compile(r"""\sxmlns(?::[\w.-]+)?="[^"<>]*"(?=[^<>]*>)""")


@dataclass(frozen=True, slots=True)
class FeedEntry:
    """One entry of a feed; what it does not give is "".

    url: absolute. id: as the feed gives it. title, byline: plain text. published_at, updated_at: ISO 8601 in UTC,
    with a time of day only where the feed gives one. content_html: the whole text, where the feed has it.
    """

    url: str
    id: str = ""
    title: str = ""
    byline: str = ""
    published_at: str = ""
    updated_at: str = ""
    summary_html: str = ""
    content_html: str = ""


_NOTHING = FeedEntry(url="")


@dataclass(frozen=True, slots=True)
class FeedDocument:
    """A feed's own title and language, and its entries in their order, each once.

    repeated: entries left out because one before them has the same id (without ids: the same address).
    damage: "" or what is wrong with it, to stand in brackets; the entries are those that could be read.
    """

    title: str
    language: str
    entries: tuple[FeedEntry, ...]
    repeated: int = 0
    damage: str = ""


def read_feed(payload: bytes, *, url: str = "", charset: str = "") -> FeedDocument:
    """Return an RSS, Atom, RDF or JSON feed.

    url: the feed's address, against which its relative links are resolved. charset: of the HTTP header.

    Raises DocumentRefused when it is no feed, declares XML entities or is larger than MAX_FEED_BYTES.
    """
    if len(payload) > MAX_FEED_BYTES:
        raise DocumentRefused(f"The feed has {len(payload):,} bytes; the limit is {MAX_FEED_BYTES:,}. Split it.")
    if payload.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in (b"{", b"["):
        return _read_json(payload, url)
    document = utf8_xml(payload, what="feed", charset=charset)
    feed = _read_xml(document, url)
    if feed is not None and (feed.entries or not feed.damage):
        return feed
    if _is_html(document):
        raise DocumentRefused("This is an HTML page, not a feed. Import it as a page, or use the feed's own address.")
    if len(document) <= _MAX_FALLBACK_BYTES:
        fallback = _read_odd(document, url)
        if fallback is not None:
            return fallback
    if feed is not None:
        return feed
    raise DocumentRefused(f"This is not a feed: it is XML of the kind <{_root_name(document)}>. Check the address.")


def is_feed(payload: bytes) -> bool:
    """Tell by its first element whether an XML document looks like a feed."""
    return _canonical(_root_name(payload[:4000])).rpartition(":")[2] in {"rss", "feed", "rdf", "channel"}


def is_json_feed(payload: bytes) -> bool:
    """Tell by its first bytes whether a JSON file says that it is a JSON Feed."""
    return b"jsonfeed.org/version" in payload[:2000]


# XML


def _read_xml(document: bytes, url: str) -> FeedDocument | None:
    """Return an XML feed; None when the document is none."""
    # Imported where it is used, as feedparser is: what serves the site takes in feeds, and leaves reading to workers.
    from lxml import etree

    # No DTD is loaded and no entity expanded; huge_tree stays off, so libxml2's own limits hold.
    events = etree.iterparse(
        io.BytesIO(document),
        tag=("{*}item", "{*}entry", "{*}ITEM"),
        recover=True,
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        remove_comments=True,
        remove_pis=True,
        encoding="utf-8",
    )
    collected = _Collected()
    element: Any
    root: Any
    about: dict[str, str] = {}
    damage = ""
    try:
        for _, element in events:
            parent = element.getparent()
            if parent is None or any(_canonical(above.tag) in _ENTRY_TAGS for above in element.iterancestors()):
                continue
            if not collected.entries:
                about = _feed_fields(parent, url)
            collected.add(_entry(element, (url or about.get("link", ""),)))
            _forget(element)
    except etree.XMLSyntaxError as error:
        damage = xml_damage(error.lineno, error.msg)
    root = events.root
    if root is None or (_canonical(root.tag) not in _ROOTS and not collected.entries):
        return None
    # Some feeds describe themselves after their entries, RDF beside them.
    for holder in (root, *root.iterchildren("{*}channel")):
        about = _feed_fields(holder, url) | about
    if not damage and events.error_log:
        damage = xml_damage(events.error_log[0].line, events.error_log[0].message)
    return FeedDocument(
        about.get("title", ""), about.get("language", ""), tuple(collected.entries), collected.repeated, damage
    )


def _feed_fields(holder: Any, url: str) -> dict[str, str]:
    """Return what a channel or feed says of itself: its title, language and link, each where it is given."""
    found: dict[str, str] = {}
    if _canonical(holder.tag) not in _ROOTS:
        return found
    languages = [holder.get(_LANG) or holder.get("lang") or ""]
    for child in holder:
        name = _canonical(child.tag)
        if name in _TITLE:
            found.setdefault("title", _title(child))
        elif name in ("language", "dc:language"):
            languages.insert(0, _text(child).strip())
        elif name == "link" and child.get("rel", "alternate") == "alternate":
            found.setdefault("link", absolute_url(child.get("href") or _text(child), child.base or "", url))
    found["language"] = next(filter(None, languages), "")
    return {key: value for key, value in found.items() if value}


def _entry(element: Any, bases: tuple[str, ...]) -> FeedEntry:
    fields: dict[str, list[Any]] = {}
    for child in element:
        fields.setdefault(_canonical(child.tag), []).append(child)

    def first(names: tuple[str, ...], read: Callable[[Any], str]) -> str:
        for name in names:
            for child in fields.get(name, ()):
                if value := read(child):
                    return value
        return ""

    identifier = first(_IDENTIFIER, _text).strip() or (element.get(_ABOUT) or "").strip()
    return FeedEntry(
        url=_address(element, fields, identifier, bases),
        id=identifier,
        title=first(_TITLE, _title),
        byline=_names(fields),
        published_at=first(_PUBLISHED, _date),
        updated_at=first(_UPDATED, _date),
        summary_html=first(_SUMMARY, _html),
        content_html=first(_CONTENT, _html),
    )


def _address(element: Any, fields: dict[str, list[Any]], identifier: str, bases: tuple[str, ...]) -> str:
    links = fields.get("link", [])
    # An Atom link without rel is the page itself; one in HTML comes before the same page in another format.
    pages = [link for link in links if link.get("href") and link.get("rel", "alternate").lower() == "alternate"]
    pages.sort(key=lambda link: link.get("type", "text/html") != "text/html")
    candidates = [(_text(link), link) for link in fields.get("feedburner:origlink", [])]
    candidates += [(link.get("href"), link) for link in pages]
    candidates += [(_text(link), link) for link in links if not link.get("href")]
    candidates += [(element.get("HREF") or "", element)]
    if all(guid.get("isPermaLink", "true").lower() != "false" for guid in fields.get("guid", [])):
        candidates += [(identifier, element)] if re.match(r"https?://", identifier, re.IGNORECASE) else []
    for address, source in candidates:
        if address.strip() and (found := absolute_url(address, source.base or "", *bases)):
            return found
    return ""


class _Collected:
    """Entries in their order, each id (or address, where there is no id) once."""

    def __init__(self) -> None:
        self.entries: list[FeedEntry] = []
        self.repeated = 0
        self._seen: set[str] = set()

    def add(self, entry: FeedEntry) -> None:
        if entry == _NOTHING:
            return
        key = entry.id or entry.url
        if key and key in self._seen:
            self.repeated += 1
            return
        self._seen.add(key)
        self.entries.append(entry)


@lru_cache(maxsize=1024)
def _canonical(tag: object) -> str:
    """Return a tag in lower case with a fixed prefix for its namespace; an undeclared prefix stands as written."""
    if not isinstance(tag, str):
        return ""
    if not tag.startswith("{"):
        return tag.lower()
    namespace, _, local = tag[1:].partition("}")
    # A name, not an address, but some sites moved it to https with all their addresses.
    prefix = _NAMESPACES.get(namespace.replace("https://", "http://", 1))
    if prefix is None:
        # Whatever else calls itself RSS or Atom is read as such; modules and other namespaces keep out of the way.
        named = re.search(r"\brss\b|atom", namespace, re.IGNORECASE)
        prefix = "" if named and "module" not in namespace.lower() else "other:"
    return prefix + local.lower()


def _forget(element: Any) -> None:
    """Free an entry and the one before it; the entry itself stays, empty, as its successor's neighbour."""
    element.clear()
    previous = element.getprevious()
    if previous is not None and _canonical(previous.tag) in _ENTRY_TAGS:
        element.getparent().remove(previous)


def _text(element: Any) -> str:
    return "".join(element.itertext()) if len(element) else element.text or ""


def _date(element: Any) -> str:
    return iso_date(_text(element))


def _names(fields: dict[str, list[Any]]) -> str:
    names: dict[str, None] = {}
    authors = (*fields.get("author", []), *fields.get("dc:creator", []), *fields.get("dc:author", []))
    for author in authors[:_MOST_AUTHORS]:
        children = [child for child in author if _canonical(child.tag) == "name"]
        name = plain_text(_text(children[0] if children else author)) if children or not len(author) else ""
        match = _RSS_AUTHOR.fullmatch(name)
        name = match[1].strip() if match else name
        if name:
            names[name] = None
    return ", ".join(names)


def _title(element: Any) -> str:
    text = _unpacked(element)
    # Where the markup is elements, a "<" left in the text is meant as one.
    return " ".join(text.split()) if len(element) or element.get("type") == "text" else plain_text(text)


def _unpacked(element: Any) -> str:
    """Return an element's text, out of the base64 that old Atom allows."""
    text = _text(element)
    if element.get("mode") != "base64" and element.get("type") != "application/octet-stream":
        return text
    try:
        return base64.b64decode(text).decode()
    except ValueError:
        return ""


def _html(element: Any) -> str:
    """Return an element's content as HTML."""
    kind = (element.get("type") or "").lower()
    if len(element):
        return _inner_xhtml(element)
    if element.get("src") or (_is_media(kind) and kind != "application/octet-stream"):
        return ""
    text = _unpacked(element).strip()
    return _paragraphs(text) if kind in ("text", "text/plain") else text


def _is_media(kind: str) -> bool:
    return "/" in kind and kind not in ("text/html", "text/plain", "application/xhtml+xml")


def _paragraphs(text: str) -> str:
    return "".join(f"<p>{escape(line.strip(), quote=False)}</p>" for line in text.splitlines() if line.strip())


def _inner_xhtml(element: Any) -> str:
    from lxml import etree

    for node in element.iter():
        if isinstance(node.tag, str):
            # In broken XML a name may be none outside of its namespace.
            with suppress(ValueError):
                node.tag = node.tag.rpartition("}")[2]
    parts = [escape(element.text or "", quote=False)]
    for child in element:
        parts.append(etree.tostring(child, encoding="unicode", method="html", with_tail=True))
    return _NAMESPACE.sub("", "".join(parts)).strip()


def _root_name(document: bytes) -> str:
    match = re.search(rb"<([A-Za-z_][\w.:-]*)", document)
    return match[1].decode("ascii", "replace") if match else "nothing"


def _is_html(document: bytes) -> bool:
    return _root_name(document[:4000]).lower() in {"html", "head", "body", "meta", "div", "p", "script"}


# Formats that only feedparser knows


def _read_odd(document: bytes, url: str) -> FeedDocument | None:
    import feedparser  # type: ignore[import-untyped]

    try:
        # A stream, never the bytes: feedparser would take those for the name of a file or an address.
        parsed = feedparser.parse(io.BytesIO(document), sanitize_html=False, resolve_relative_uris=False)
    except _FEEDPARSER_ERRORS:
        return None
    if not parsed.get("version") and not parsed.entries:
        return None
    collected = _Collected()
    for found in parsed.entries:
        contents = [part.get("value", "") for part in found.get("content", [])]
        collected.add(
            FeedEntry(
                url=absolute_url(found.get("link", ""), url),
                id=found.get("id", ""),
                title=plain_text(found.get("title", "")),
                byline=plain_text(found.get("author", "")),
                # feedparser guesses at dates; the text of the date goes through our own, stricter reading.
                published_at=iso_date(found.get("published", "")),
                updated_at=iso_date(found.get("updated", "") if "updated" in found else ""),
                summary_html=found.get("summary", ""),
                content_html=next((content for content in contents if content), ""),
            )
        )
    about = parsed.feed
    damage = "it is not well-formed XML" if parsed.bozo else ""
    return FeedDocument(
        plain_text(about.get("title", "")),
        about.get("language", ""),
        tuple(collected.entries),
        collected.repeated,
        damage,
    )


# JSON


def _read_json(payload: bytes, url: str) -> FeedDocument:
    """Return a JSON Feed 1.0 or 1.1 (jsonfeed.org); an item that is not one is left out."""
    try:
        feed = json.loads(payload.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise DocumentRefused(f"The JSON feed is not UTF-8 (byte {error.start}). Convert it to UTF-8.") from error
    except json.JSONDecodeError as error:
        raise DocumentRefused(f"The feed is not valid JSON: {error.msg} in line {error.lineno}.") from error
    except RecursionError as error:
        raise DocumentRefused("The JSON feed is nested too deeply to be read.") from error
    except ValueError as error:
        raise DocumentRefused("The JSON feed has a number with more digits than can be read.") from error
    if not isinstance(feed, dict) or not isinstance(feed.get("items"), list):
        raise DocumentRefused('This is not a JSON Feed: it is no object with a list of "items".')
    base = url or _string(feed, "feed_url") or _string(feed, "home_page_url")
    collected = _Collected()
    for item in feed["items"]:
        if isinstance(item, dict):
            collected.add(_json_entry(item, base))
    left_out = sum(not isinstance(item, dict) for item in feed["items"])
    damage = f"items that are not objects: {left_out:,}" if left_out else ""
    title = plain_text(_string(feed, "title"))
    return FeedDocument(title, _string(feed, "language"), tuple(collected.entries), collected.repeated, damage)


def _json_entry(item: dict[str, Any], base: str) -> FeedEntry:
    authors = item.get("authors") if isinstance(item.get("authors"), list) else [item.get("author")]
    names = [_string(author, "name") for author in authors or [] if isinstance(author, dict)]
    identifier = str(item["id"]) if isinstance(item.get("id"), str | int | float) else ""
    entry = FeedEntry(
        url=absolute_url(_string(item, "url"), base) if item.get("url") else "",
        id=identifier.strip(),
        title=" ".join(_string(item, "title").split()),
        byline=", ".join(" ".join(name.split()) for name in names if name.strip()),
        published_at=iso_date(_string(item, "date_published")),
        updated_at=iso_date(_string(item, "date_modified")),
        summary_html=_paragraphs(_string(item, "summary")),
        content_html=_string(item, "content_html") or _paragraphs(_string(item, "content_text")),
    )
    # The specification lets the id be the address.
    return entry if entry.url else replace(entry, url=absolute_url(entry.id))


def _string(holder: dict[str, Any], key: str) -> str:
    value = holder.get(key)
    # JSON may hold half characters, which no database takes.
    return value.encode("utf-8", "ignore").decode().replace("\0", "") if isinstance(value, str) else ""
