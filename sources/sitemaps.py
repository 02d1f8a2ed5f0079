"""Sitemaps, news sitemaps, sitemap indexes and lists of addresses as entries. No network: the caller fetches.

Formats: sitemaps.org 0.9, Google's news extension, plain text with one address a line; each of them gzipped or not.
"""

import io
import logging
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sources.errors import DocumentRefused
from sources.markup import absolute_url, iso_date, plain_text, utf8_xml, xml_damage

logger = logging.getLogger(__name__)

# The limits of sitemaps.org are 50 MB unpacked and 50,000 addresses a file; real ones go a little over.
MAX_SITEMAP_BYTES = 60_000_000
_GZIP = b"\x1f\x8b"


@dataclass(frozen=True, slots=True)
class SitemapEntry:
    """One page that a sitemap names; what it does not give is "".

    modified_at, published_at: ISO 8601 in UTC, with a time of day only where one is given.
    publication: the outlet's name, from the news extension, as are language and title.
    """

    url: str
    modified_at: str = ""
    title: str = ""
    publication: str = ""
    language: str = ""
    published_at: str = ""


@dataclass(frozen=True, slots=True)
class SitemapLink:
    """A further sitemap that an index names."""

    url: str
    modified_at: str = ""


@dataclass(frozen=True, slots=True)
class SitemapProblem:
    """Something that could not be read, and why; what came before it and after it counts."""

    url: str
    reason: str


def read_sitemap(payload: bytes, *, url: str = "") -> Iterator[SitemapEntry | SitemapLink | SitemapProblem]:
    """Yield what one sitemap names, each address once.

    url: the sitemap's own address, against which relative ones are resolved.

    Raises DocumentRefused when it is no sitemap, declares XML entities or is too large.
    """
    payload, problem = _unpacked(payload)
    if not payload.strip():
        raise DocumentRefused(problem or "The sitemap is empty. Check the address.")
    text = payload.lstrip(b"\xef\xbb\xbf \t\r\n")
    found = _read_lines(text, url) if text[:4].lower() == b"http" else _read_xml(payload, url)
    seen: set[str] = set()
    for item in found:
        if not isinstance(item, SitemapProblem):
            if item.url in seen:
                continue
            seen.add(item.url)
        yield item
    if problem:
        yield SitemapProblem(url, problem)


def is_sitemap(payload: bytes) -> bool:
    """Tell by its first bytes whether an XML document looks like a sitemap or an index of them."""
    head = payload[:4000]
    return b"<urlset" in head or b"<sitemapindex" in head


def _unpacked(payload: bytes) -> tuple[bytes, str]:
    """Return the bytes out of their gzip, and what was wrong with it ("" for nothing).

    Raises DocumentRefused when they are more than MAX_SITEMAP_BYTES.
    """
    parts: list[bytes] = []
    size, problem = 0, ""
    while payload.startswith(_GZIP) and not problem:
        inflate = zlib.decompressobj(16 + zlib.MAX_WBITS)
        try:
            parts.append(inflate.decompress(payload, MAX_SITEMAP_BYTES + 1 - size))
        except zlib.error as error:
            logger.info("sitemap not unpacked error=%r", error)
            problem = "The gzip of the sitemap is damaged. Fetch it again."
            break
        size += len(parts[-1])
        if size > MAX_SITEMAP_BYTES:
            break
        if not inflate.eof:
            problem = "The gzip of the sitemap ends early; what came before is read. Fetch it again."
        payload = inflate.unused_data
    unpacked = b"".join(parts) if parts or problem else payload
    if len(unpacked) > MAX_SITEMAP_BYTES:
        raise DocumentRefused(f"The sitemap has more than {MAX_SITEMAP_BYTES:,} bytes unpacked, which is the limit.")
    return unpacked, problem


def _read_lines(text: bytes, base: str) -> Iterator[SitemapEntry | SitemapProblem]:
    for number, line in enumerate(text.decode("utf-8", "replace").splitlines(), start=1):
        if not line.strip():
            continue
        if address := absolute_url(line.strip()):
            yield SitemapEntry(address)
        else:
            yield SitemapProblem(base, f"Line {number} is no address: {line.strip()[:60]!r}.")


def _read_xml(payload: bytes, base: str) -> Iterator[SitemapEntry | SitemapLink | SitemapProblem]:
    # Imported where it is used: what serves the site takes in sitemaps, and leaves reading to workers.
    from lxml import etree

    document = utf8_xml(payload, what="sitemap")
    if not is_sitemap(document):
        raise DocumentRefused("This is not a sitemap: it has neither <urlset> nor <sitemapindex>. Check the address.")
    events = etree.iterparse(
        io.BytesIO(document),
        tag=("{*}url", "{*}sitemap"),
        recover=True,
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        remove_comments=True,
        remove_pis=True,
        encoding="utf-8",
    )
    damage = ""
    try:
        for _, element in events:
            fields = _fields(element)
            address = absolute_url(fields.get("loc", ""), base)
            modified_at = iso_date(fields.get("lastmod", ""))
            if not address:
                yield SitemapProblem(base, f"An entry has no usable address: {fields.get('loc', '')[:60]!r}.")
            elif _local(element) == "sitemap":
                yield SitemapLink(address, modified_at)
            else:
                yield SitemapEntry(
                    address,
                    modified_at,
                    plain_text(fields.get("news:title", "")),
                    plain_text(fields.get("news:name", "")),
                    fields.get("news:language", ""),
                    iso_date(fields.get("news:publication_date", "")),
                )
            # Freed, with what came before it; the entry itself stays as its successor's neighbour.
            element.clear()
            parent, previous = element.getparent(), element.getprevious()
            if parent is not None and previous is not None:
                parent.remove(previous)
    except etree.XMLSyntaxError as error:
        damage = xml_damage(error.lineno, error.msg)
    if not damage and events.error_log:
        damage = xml_damage(events.error_log[0].line, events.error_log[0].message)
    if damage:
        yield SitemapProblem(base, f"The sitemap is damaged ({damage}); entries may be missing.")


def _fields(entry: Any) -> dict[str, str]:
    """Return the texts of an entry's elements; those of the news extension as "news:name" (images have titles too)."""
    fields: dict[str, str] = {}
    for child in entry:
        name = _local(child)
        if name == "news":
            for part in child.iterdescendants():
                fields.setdefault(f"news:{_local(part)}", (part.text or "").strip())
        elif not len(child):
            fields.setdefault(name, (child.text or "").strip())
    return fields


def _local(element: Any) -> str:
    # An undeclared prefix is part of the tag.
    return element.tag.rpartition("}")[2].rpartition(":")[2] if isinstance(element.tag, str) else ""
