"""What feeds, sitemaps and wire formats need from XML and HTML: safe bytes, plain titles, dates, addresses, pages.

No network: nothing here opens an address or a file, and no XML entity is ever expanded.
"""

import codecs
import html
import logging
import re
from contextlib import suppress
from datetime import UTC, datetime, timedelta, timezone
from email.utils import parsedate_tz
from functools import lru_cache
from html.entities import html5
from urllib.parse import urljoin, urlsplit

from charset_normalizer import from_bytes

from sources.errors import DocumentRefused

logger = logging.getLogger(__name__)

_DECLARED_ENCODING = re.compile(rb"""<\?xml[^>]*?encoding\s*=\s*["']([A-Za-z0-9._:-]{1,40})["']""", re.DOTALL)
# Longest marks first: UTF-32-LE begins with the mark of UTF-16-LE.
_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# What publishers mean by these names (WHATWG Encoding Standard).
_MEANT = {"iso8859-1": "cp1252", "ascii": "cp1252", "latin-1": "cp1252", "gb2312": "gb18030", "gbk": "gb18030"}
_NO_CHARSETS = {"unicode-escape", "raw-unicode-escape", "idna", "punycode", "undefined"}
_FORBIDDEN = dict.fromkeys([*range(9), 11, 12, *range(14, 32), 0xFFFE, 0xFFFF, *range(0xD800, 0xE000)])
_REFERENCE = re.compile(r"&(?:#[0-9]{1,7};|#[xX][0-9a-fA-F]{1,6};|[A-Za-z][A-Za-z0-9]{1,31};)?")
_CDATA, _CDATA_END = "<![CDATA[", "]]>"
# What needs no mending and no base.
_PLAIN_ADDRESS = re.compile(r"https?://[A-Za-z0-9.-]+(?:/[!-~]*)?")
# As browsers read addresses: line ends and tabs count for nothing, spaces are written out.
_URL_SPACES = str.maketrans({"\n": None, "\r": None, "\t": None, " ": "%20"})
_HIDDEN = re.compile(
    r"<!--.*?(?:-->|\Z)|<script\b.*?(?:</script\s*>|\Z)|<style\b.*?(?:</style\s*>|\Z)", re.DOTALL | re.IGNORECASE
)
_TAG = re.compile(r"<[/!]?[A-Za-z][^<>]*>")
_BLOCK = re.compile(r"</?(?:br|p|div|li|h[1-6]|tr)\b[^<>]*>", re.IGNORECASE)

_ISO = re.compile(
    r"(\d{4}-\d{2}-\d{2})(?:[Tt ]\s*(\d{2}:\d{2}(?::\d{2})?)(?:[.,]\d+)?\s*(Z|z|UTC|GMT|[+-]\d{2}(?::?\d{2})?)?)?"
)
_RFC822_ZONES = {"UT", "UTC", "GMT", "Z", "EST", "EDT", "CST", "CDT", "MST", "MDT", "PST", "PDT", "AST", "ADT"}
# Zones that RFC 822 does not name but feeds do; others leave the day known and the time of day not.
_ZONE_HOURS = {
    "WET": 0, "WEST": 1, "CET": 1, "CEST": 2, "MEZ": 1, "MESZ": 2, "EET": 2, "EEST": 3, "MSK": 3,
    "JST": 9, "KST": 9, "HKT": 8, "SGT": 8, "AWST": 8, "AEST": 10, "AEDT": 11, "NZST": 12, "NZDT": 13,
}  # fmt: skip
_EARLIEST_YEAR = 1600
_NO_YEAR = re.compile(r"[A-Za-z][\s-]0\d{3}\b")


def utf8_xml(payload: bytes, *, what: str, charset: str = "") -> bytes:
    """Return an XML document in UTF-8 without declaration, safe to hand to a parser.

    what: the noun for messages. charset: of the HTTP header; weaker than a byte order mark, stronger than the
    document's own declaration (RFC 7303). HTML's named characters, bare ampersands and forbidden control characters,
    which would end a parser's reading, are mended.

    Raises DocumentRefused for an empty document and for one that declares entities: they serve to read files and to
    fill the memory ("billion laughs").
    """
    text = _decode(payload, charset).translate(_FORBIDDEN).lstrip()
    if text.startswith("<?xml"):
        # Its encoding is no longer true.
        text = text[text.find("?>") + 2 :] if "?>" in text[:1000] else text[5:]
    start = text.find("<")
    if start < 0:
        found = "is empty" if not text.strip() else "is not XML"
        raise DocumentRefused(f"The {what} {found}. Check the address.")
    if "<!DOCTYPE" in text and "<!ENTITY" in text:
        raise DocumentRefused(
            f"The {what} declares XML entities (<!ENTITY …>), which can read files and fill the memory, so it is not "
            "read. Ask its publisher for one without them."
        )
    if "&" in text:
        text = _mend_references(text)
    return text[start:].encode("utf-8", "ignore")


def xml_damage(line: int | None, message: str | None) -> str:
    """Return where XML is damaged, to stand in a sentence; what its parser calls it is logged."""
    logger.info("xml damaged line=%s error=%r", line, message)
    # Lines before the root are not in what was parsed.
    return f"its XML is broken at about line {line:,}" if line else "its XML ends early"


def _decode(payload: bytes, charset: str) -> str:
    for mark, encoding in _MARKS:
        if payload.startswith(mark):
            return payload.decode(encoding, "replace")
    if payload[:64].count(b"\0") > 16:
        # No mark, but every other byte is NUL: UTF-16, as "<" in its first pair shows.
        return payload.decode("utf-16-le" if payload[:1] == b"<" else "utf-16-be", "replace")
    declared = _DECLARED_ENCODING.search(payload[:1000])
    claimed = [charset, declared[1].decode("ascii") if declared else ""]
    # Bytes beyond ASCII that are valid UTF-8 are UTF-8, whatever they claim to be.
    for name in [*claimed, "utf-8"] if payload.isascii() else ["utf-8", *claimed]:
        with suppress(LookupError, UnicodeError):
            return payload.decode(_python_encoding(name))
    for name in claimed:
        with suppress(LookupError, UnicodeError):
            text = payload.decode(_python_encoding(name), "replace")
            # A stray byte does not make another encoding; more broken characters than whole ones do.
            if text.count("\ufffd") * 2 <= len(text) - len(text.encode("ascii", "ignore")):
                return text
    guess = from_bytes(payload[:50_000]).best()
    # Short Latin texts look alike in a dozen encodings; the web's is Windows-1252.
    is_latin = guess is None or all(character < "\u0250" for character in str(guess))
    return payload.decode("cp1252" if guess is None or is_latin else guess.encoding, "replace")


def _python_encoding(name: str) -> str:
    info = codecs.lookup(name.strip().strip("\"'"))
    # Python's codecs include transforms such as "hex" and "zlib".
    if not getattr(info, "_is_text_encoding", True) or info.name in _NO_CHARSETS:
        raise LookupError(name)
    return _MEANT.get(info.name, info.name)


def _mend_references(text: str) -> str:
    """Return XML whose references outside of CDATA sections are ones that every parser knows."""
    markup, *sections = text.split(_CDATA)
    mended = [_REFERENCE.sub(_mend_reference, markup)]
    for section in sections:
        # A section may hold the mark of another one.
        inside, end, after = section.partition(_CDATA_END)
        mended += [_CDATA, inside, end, _REFERENCE.sub(_mend_reference, after)]
    return "".join(mended)


def _mend_reference(match: re.Match[str]) -> str:
    found = match[0]
    if found in ("&amp;", "&lt;", "&gt;", "&quot;", "&apos;"):
        return found
    if found == "&":
        return "&amp;"
    if not found.startswith("&#") and found[1:] not in html5:
        return "&amp;" + found[1:]
    meant = html.unescape(found).translate(_FORBIDDEN)
    return html.escape(meant)


def plain_text(markup: str) -> str:
    """Return HTML's text on one line: without tags and comments, with its references as characters."""
    if "<" in markup:
        markup = _TAG.sub("", _BLOCK.sub(" ", _HIDDEN.sub("", markup)))
    if "&" in markup:
        markup = html.unescape(markup)
    return " ".join(markup.translate(_FORBIDDEN).split())


def html_page(body: str, *, title: str = "", language: str = "") -> bytes:
    """Return a whole page, in UTF-8 and saying so, around the HTML of an article's body."""
    lang = f' lang="{html.escape(language)}"' if language else ""
    body = body.translate(_FORBIDDEN)
    return (
        f'<!DOCTYPE html><html{lang}><head><meta charset="utf-8"><title>{html.escape(title)}</title></head>'
        f"<body><article>{body}</article></body></html>"
    ).encode()


def absolute_url(address: str, *bases: str) -> str:
    """Return an http(s) address, resolved against the bases (the innermost first); "" where it is none."""
    address = address.strip()
    if _PLAIN_ADDRESS.fullmatch(address):
        return address
    address = address.translate(_URL_SPACES)
    if not address:
        return ""
    for base in bases:
        if address.startswith(("https://", "http://")):
            break
        try:
            address = urljoin(base, address)
        except ValueError:
            return ""
    try:
        parts = urlsplit(address)
    except ValueError:
        return ""
    return address if parts.scheme in ("http", "https") and parts.hostname else ""


@lru_cache(maxsize=4096)
def iso_date(raw: str) -> str:
    """Return a date as "2020-01-31", or with a time of day as "2020-01-31T12:00:00+00:00" in UTC.

    Reads ISO 8601, W3CDTF and RFC 822 with their usual slips. "" for all that is not one certain day between 1600 and
    tomorrow: a guessed date would be worse than none. A time without a zone is taken as UTC; a time in a zone that is
    not known gives the day alone.
    """
    raw = raw.strip()
    if not 8 <= len(raw) <= 64:
        return ""
    try:
        if match := _ISO.fullmatch(raw):
            day, clock, zone = match.groups()
            if clock is None:
                return _in_range(datetime.fromisoformat(day).replace(tzinfo=UTC), has_time=False)
            zone = "+00:00" if zone is None or zone[0] not in "+-" else zone
            return _in_range(datetime.fromisoformat(f"{day}T{clock}{zone}"), has_time=True)
        return _rfc822_date(raw)
    except (ValueError, OverflowError, IndexError, TypeError):
        return ""


def _rfc822_date(raw: str) -> str:
    # Programs write the year 1 where they know none, which would be read as 2001.
    if _NO_YEAR.search(raw):
        return ""
    has_time = ":" in raw
    parts = parsedate_tz(raw if has_time else f"{raw} 00:00 GMT")
    if parts is None:
        return ""
    offset = parts[9] or 0
    zone = raw.split()[-1].upper().strip("().")
    if has_time and zone.isalpha() and zone not in _RFC822_ZONES:
        # An unknown zone, or a 12-hour clock, which parsedate_tz takes for 24 hours: the day stands, the hour does not.
        has_time = zone in _ZONE_HOURS
        offset = _ZONE_HOURS.get(zone, 0) * 3600
    return _in_range(datetime(*parts[:6], tzinfo=timezone(timedelta(seconds=offset))), has_time=has_time)


def _in_range(moment: datetime, *, has_time: bool) -> str:
    moment = moment.astimezone(UTC)
    if moment.year < _EARLIEST_YEAR or moment > datetime.now(UTC) + timedelta(days=2):
        return ""
    return moment.isoformat() if has_time else moment.date().isoformat()
