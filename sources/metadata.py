"""What a page says of itself in JSON-LD, OpenGraph, meta and time elements. No database, no network."""

import html
import json
import re
import unicodedata
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from email.utils import parsedate_to_datetime
from itertools import islice
from typing import Any

from dateutil import parser as dateutil_parser
from lxml.html import HtmlElement

from sources.documents import parse_published
from sources.errors import DocumentRefused
from sources.urls import canonicalize, join, same_site

#: schema.org's Article and all its subtypes that carry news.
ARTICLE_TYPES = frozenset(
    """Article NewsArticle AnalysisNewsArticle AskPublicNewsArticle BackgroundNewsArticle OpinionNewsArticle
    ReportageNewsArticle ReviewNewsArticle AdvertiserContentArticle SatiricalArticle ScholarlyArticle
    MedicalScholarlyArticle TechArticle Report SocialMediaPosting BlogPosting LiveBlogPosting""".split()
)
_PAGE_TYPES = frozenset({"WebPage", "ItemPage", "AboutPage"})
# Below these keys stand other pages' articles: teasers, comments, sources.
_OTHERS = frozenset(
    """comment review isPartOf relatedLink citation mentions itemListElement itemList hasPart subjectOf isBasedOn
    video image liveBlogUpdate breadcrumb potentialAction""".split()
)
# More of one kind is no article's markup, and would take long.
_MOST_NODES, _MOST_ELEMENTS, _MOST_CREDITS = 5000, 100, 30
_DEEPEST = 30

_DATE_META = """article:published_time article:published og:published_time og:article:published_time datepublished
    date_published publish-date publish_date published_time published-date pubdate publicationdate publication_date
    publication-date parsely-pub-date sailthru.date article.published article_date_original originalpublicationdate
    cxenseparse:recs:publishtime cxenseparse:publishtime bt:pubdate rnews:datepublished dcterms.created dcterms.issued
    dcterms.date dc.date.issued dc.date.created dc.date date shareaholic:article_published_time""".split()
_AUTHOR_META = """author article:author_name parsely-author sailthru.author article.author byl dc.creator
    dcterms.creator cxenseparse:author citation_author byline dc.contributor article:author""".split()
_TITLE_META = ["og:title", "twitter:title", "parsely-title", "sailthru.title", "dc.title", "dcterms.title", "title"]
_SOURCE_META = """original-source syndication-source source dc.source dcterms.source news_source article:source
    dc.rights dcterms.rights copyright""".split()
_SITE_META = ["og:site_name", "cre", "dc.publisher", "application-name", "twitter:app:name:iphone"]

# The zone names of English pages, which dateutil does not know.
_HOURS = {"UTC": 0, "GMT": 0, "Z": 0, "BST": 1, "CET": 1, "CEST": 2, "EET": 2, "EEST": 3, "MSK": 3}
_HOURS |= {"EDT": -4, "EST": -5, "CDT": -5, "CST": -6, "MDT": -6, "MST": -7, "PDT": -7, "PST": -8}
_UNKNOWN_ZONE = timezone(timedelta(0), "unknown")


def _zone(name: str | None, offset_s: int | None) -> tzinfo:
    if offset_s is None and name not in _HOURS:
        return _UNKNOWN_ZONE
    return timezone(timedelta(hours=_HOURS[name or ""]) if offset_s is None else timedelta(seconds=offset_s))


@dataclass(frozen=True)
class Metadata:
    """What a page says of itself; a field that it does not give is "".

    published_at: ISO 8601, a day, or a time with the offset that the page gives.
    language: ISO 639 code without region, "" where the page says nothing or contradicts itself.
    canonical_url: the page's claim, in canonical form, believed as `canonical_claim` says.
    site_name: the name under which the page is published.
    credits: all that the page names as its author, source, provider or holder of rights, the byline's names too.
    free: False where the page says that it is not free to read, None where it says nothing.
    paid_parts: simple CSS selectors of the parts that are not free.
    word_count: of the whole article, as the page says; 0 where it does not.
    """

    title: str
    byline: str
    published_at: str
    language: str
    canonical_url: str
    site_name: str
    credits: tuple[str, ...]
    free: bool | None
    paid_parts: tuple[str, ...]
    word_count: int


def read_metadata(tree: HtmlElement, *, url: str = "") -> Metadata:
    """Return what a parsed page says of itself.

    url: the address that it was fetched from, where known.
    """
    meta = _meta(tree)
    nodes = list(_nodes(tree))
    by_id = {node["@id"]: node for node in nodes if isinstance(node.get("@id"), str) and len(node) > 1}
    canonical_url = canonical_claim(tree, meta, url=url)
    article = _own_article(nodes, meta, canonical_url or url)
    is_article = bool(_types(article) & ARTICLE_TYPES)
    publisher = _names(article.get("publisher"), by_id)
    site_name = _first(meta, _SITE_META[:1]) or next(iter(publisher), "") or _website(nodes) or _first(meta, _SITE_META)
    return Metadata(
        title=_title(article if is_article else {}, tree, meta, site_name),
        byline=_byline(article, by_id, tree, meta, site_name),
        published_at=_published_at(article, tree, meta),
        language=_language(article, tree, meta),
        canonical_url=canonical_url,
        site_name=site_name.lstrip("@")[:200],
        credits=_credits(article, by_id, meta),
        free=_free(article, meta),
        paid_parts=_paid_parts(article),
        word_count=_count(article.get("wordCount")),
    )


_TAG = re.compile(r"</?[a-zA-Z][^<>]*>")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")


def plain(value: object) -> str:
    """Return a metadata value as one line of NFC text without markup; "" for what is not text."""
    if not isinstance(value, str):
        return ""
    text = value[:20_000]
    if "&" in text:
        # Many pages escape twice.
        text = html.unescape(html.unescape(text))
    if "<" in text:
        text = _TAG.sub("", text)
    text = " ".join(_CONTROL.sub(" ", text).split())
    if text.isascii():
        return text
    return unicodedata.normalize("NFC", text.encode("utf-8", "replace").decode("utf-8"))


# Addresses


def canonical_claim(tree: HtmlElement, meta: dict[str, list[str]], *, url: str = "") -> str:
    """Return the address that a page claims as its own; "" where it claims none that can be believed.

    A claim is believed on the site that the page came from only, and not where it sends an inner page to the front
    page, as careless templates do. Where `url` is not known, the first absolute claim is taken.
    """
    links = [
        link.get("href") or ""
        for link in tree.iter("link")
        if "canonical" in (link.get("rel") or "").lower().split() and link.get("href")
    ]
    base = next((element.get("href") or "" for element in tree.iter("base") if element.get("href")), "")
    base = join(url, base) or url or next((join("", claim) for claim in meta.get("og:url", []) if claim), "")
    for claim in [*links, *meta.get("og:url", [])]:
        address = join(base, claim)
        if not address:
            continue
        if url and not (same_site(address, url) and (_inner(address) or not _inner(url))):
            continue
        return address
    return ""


def _inner(url: str) -> bool:
    path, _, query = canonicalize(url).split("/", 3)[3].partition("?")
    return bool(path.strip("/") or query)


# JSON-LD


def _nodes(tree: HtmlElement) -> Iterator[dict[str, Any]]:
    """Yield the objects of a page's JSON-LD that describe the page itself, outer ones first."""
    left = _MOST_NODES
    for script in tree.iter("script"):
        if "ld+json" not in (script.get("type") or "").lower():
            continue
        waiting: deque[tuple[Any, int]] = deque([(_parse_json("".join(script.itertext())), 0)])
        while waiting and left > 0:
            value, depth = waiting.popleft()
            left -= 1
            if isinstance(value, dict):
                yield value
            if depth < _DEEPEST:
                inner = value if isinstance(value, list) else []
                if isinstance(value, dict):
                    inner = [part for key, part in value.items() if key not in _OTHERS]
                waiting += [(part, depth + 1) for part in inner if isinstance(part, dict | list)]


def _parse_json(text: str) -> Any:
    """Return the value of a JSON text as pages write it; None where nothing can be made of it."""
    # What stands before and after, such as comment marks, is passed over.
    text = text.replace("<![CDATA[", "")
    start = re.search(r"[{[]", text)
    if start is None:
        return None
    text = text[start.start() :]
    for attempt in (text, re.sub(r",(\s*[}\]])", r"\1", text), html.unescape(text)):
        try:
            # Not strict: line ends inside strings are common.
            return json.JSONDecoder(strict=False).raw_decode(attempt)[0]
        except (ValueError, RecursionError):
            continue
    return None


def _types(node: dict[str, Any]) -> set[str]:
    types = node.get("@type")
    listed = types if isinstance(types, list) else [types]
    return {name.rpartition("/")[2].rpartition(":")[2] for name in listed if isinstance(name, str)}


def _own_article(nodes: list[dict[str, Any]], meta: dict[str, list[str]], url: str) -> dict[str, Any]:
    """Return the object that describes the page's own article; {} where there is none."""
    titles = {_key(title) for name in ("og:title", "twitter:title") for title in meta.get(name, [])}

    def rank(node: dict[str, Any]) -> int:
        score = 8 if _types(node) & ARTICLE_TYPES else 0
        addresses = [node.get("url"), node.get("@id"), node.get("mainEntityOfPage")]
        addresses += [part.get("@id") for part in addresses if isinstance(part, dict)]
        if url and any(isinstance(part, str) and join(url, part) == url for part in addresses):
            score += 4
        if _key(plain(node.get("headline")) or plain(node.get("name"))) in titles:
            score += 2
        return score + bool(node.get("datePublished"))

    known = [node for node in nodes if _types(node) & (ARTICLE_TYPES | _PAGE_TYPES)]
    return max(known, key=rank, default={})


def _key(text: str) -> str:
    return re.sub(r"\W+", "", text).casefold()


def _names(value: Any, by_id: dict[str, Any], depth: int = 0) -> list[str]:
    """Return the names of persons or organisations, however they are written, each once."""
    if depth > 5:
        return []
    if isinstance(value, list):
        return list(dict.fromkeys(name for part in value for name in _names(part, by_id, depth + 1)))
    if isinstance(value, dict):
        if "name" not in value and isinstance(value.get("@id"), str):
            return _names(by_id.get(value["@id"], {}), by_id, depth + 1)
        name = value.get("name")
        if not name:
            name = " ".join(filter(None, (plain(value.get("givenName")), plain(value.get("familyName")))))
        return _names(name, by_id, depth + 1)
    name = plain(value)
    return [name] if name and not re.match(r"(?:https?:)?//|www\.|@", name) else []


def _website(nodes: list[dict[str, Any]]) -> str:
    names = (plain(node.get("name")) for node in nodes if "WebSite" in _types(node))
    return next(filter(None, names), "")


def _credits(article: dict[str, Any], by_id: dict[str, Any], meta: dict[str, list[str]]) -> tuple[str, ...]:
    named = [
        name
        for key in ("sourceOrganization", "provider", "copyrightHolder", "creditText", "copyrightNotice")
        for name in _names(article.get(key), by_id)
    ]
    # The byline is of the first place that names somebody; an agency may stand in another.
    named += [name for key in ("author", "creator", "contributor") for name in _names(article.get(key), by_id)]
    named += [value for key in (*_SOURCE_META, *_AUTHOR_META) for value in meta.get(key, [])]
    return tuple(dict.fromkeys(name[:200] for name in named if name))[:_MOST_CREDITS]


def _free(article: dict[str, Any], meta: dict[str, list[str]]) -> bool | None:
    said = article.get("isAccessibleForFree")
    if said is None:
        tier = _first(meta, ["article:content_tier"]).lower()
        return {"free": True, "metered": None, "locked": False}.get(tier)
    return not (said is False or str(said).rpartition("/")[2].strip().lower() in ("false", "no", "0"))


def _paid_parts(article: dict[str, Any]) -> tuple[str, ...]:
    parts = article.get("hasPart")
    selectors = [
        selector
        for part in (parts if isinstance(parts, list) else [parts])
        if isinstance(part, dict) and str(part.get("isAccessibleForFree")).lower().endswith("false")
        for selector in _texts(part.get("cssSelector"))
    ]
    return tuple(selector.strip() for listed in selectors for selector in listed.split(",") if selector.strip())


def _texts(value: Any) -> list[str]:
    return [part for part in (value if isinstance(value, list) else [value]) if isinstance(part, str)]


def _count(value: Any) -> int:
    digits = re.fullmatch(r"\s*(\d{1,7})(?:\.0)?\s*", str(value))
    return int(digits[1]) if digits else 0


# Meta elements


def _meta(tree: HtmlElement) -> dict[str, list[str]]:
    """Return the contents of meta elements by property, name or itemprop, in lower case."""
    found: dict[str, list[str]] = {}
    for element in islice(tree.iter("meta"), _MOST_NODES // 5):
        content = plain(element.get("content"))
        if content:
            for attribute in ("property", "name", "itemprop", "http-equiv"):
                for name in (element.get(attribute) or "").lower().split():
                    found.setdefault(name, []).append(content)
    return found


def _first(meta: dict[str, list[str]], names: Iterable[str]) -> str:
    return next((value for name in names for value in meta.get(name, [])), "")


def _itemprop(tree: HtmlElement, name: str) -> Iterator[HtmlElement]:
    for element in islice(tree.xpath("//*[contains(@itemprop, $name)]", name=name), _MOST_ELEMENTS):
        if name in (element.get("itemprop") or "").split() and not _inside_others(element):
            yield element


def _text(element: HtmlElement) -> str:
    return plain("".join(element.itertext())[:2000])


_OTHER_PART = re.compile(
    r"related|recommend|trending|most-?(?:read|popular)|sidebar|teaser|comment|promo|footer", re.IGNORECASE
)


def _inside_others(element: HtmlElement) -> bool:
    """Return whether an element stands in a part of the page that is about other articles."""
    return any(
        part.tag in ("aside", "nav", "footer")
        or (part.tag not in ("html", "body") and _OTHER_PART.search(f"{part.get('class')} {part.get('id')}"))
        for part in (element, *element.iterancestors())
    )


# Title


def _title(article: dict[str, Any], tree: HtmlElement, meta: dict[str, list[str]], site_name: str) -> str:
    headline = plain(article.get("headline"))[:1000]
    social = without_site(_first(meta, _TITLE_META)[:1000], site_name)
    # JSON-LD headlines are cut at 110 characters on many sites; the whole one stands beside it.
    cut = headline.rstrip(".… ")
    headings = [_text(element) for element in islice(tree.iter("h1"), _MOST_ELEMENTS)]
    for whole in (social, *headings):
        if headline and len(whole) > len(cut) >= 20 and whole.startswith(cut):
            return whole
    if headline and _key(headline) != _key(site_name):
        return without_site(headline, site_name)
    # "Dam breaks - Local news", with "Dam breaks" as the heading.
    for heading in headings:
        if (
            len(heading) >= 20
            and re.match(r"\s+[|–—•·»:-]+\s", social.removeprefix(heading))
            and social.startswith(heading)
        ):
            return heading
    if social and _key(social) != _key(site_name):
        return social
    marked = [_text(element) for element in _itemprop(tree, "headline")]
    # Several are the headlines of a list.
    return marked[0] if len(marked) == 1 else ""


def without_site(title: str, site_name: str) -> str:
    """Return a title without the name of its site at its end: "Dam breaks | Gazette" is "Dam breaks"."""
    # Greedy: at the last separator.
    found = re.fullmatch(r"(.*\S)\s+[|–—•·»:-]+\s+(.+)", title)
    if found and site_name and _site_key(found[2]) == _site_key(site_name):
        return found[1]
    return title


def _site_key(name: str) -> str:
    return _key(name).removeprefix("the").removesuffix("com")


# Byline


def _byline(
    article: dict[str, Any], by_id: dict[str, Any], tree: HtmlElement, meta: dict[str, list[str]], site_name: str
) -> str:
    """Return the authors, separated by "; "; the site itself only where the page names nobody else."""
    fallback: list[str] = []
    described = _names(article.get("author"), by_id) or _names(article.get("creator"), by_id)
    for names in (
        described,
        *([value for value in meta.get(name, []) if not _names_nobody(value)] for name in _AUTHOR_META),
        [_text(element) for element in tree.xpath('//a[@rel="author"]') if not _inside_others(element)],
        [_text(element) for element in _itemprop(tree, "author")],
    ):
        authors = list(dict.fromkeys(author for name in names if (author := clean_author(name))))
        people = [author for author in authors if _key(author) != _key(site_name)]
        if people:
            return "; ".join(people)[:500]
        fallback = fallback or authors
    return "; ".join(fallback)[:500]


# A date, a link or a role run into the name by the page's markup.
_AFTER_NAME = re.compile(
    r"""[\s,|•·–—-]*(?:\b(?:(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day[,;\s]+)?(?:
        \b(?:January|February|March|April|May|June|July|August|September|October|November|December)\b[\s.,]+\d
        # Those that are no names of people.
        |\b(?:January|February|July|September|October|November|December)$)
    |\b(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day$
    |\b\d{1,2}[./]\d{1,2}[./]\d{2,4}|\b\d{4}-\d\d-\d\d|\b(?:Published|Updated|Posted|Print\s+this)\b).*""",
    re.IGNORECASE | re.VERBOSE | re.DOTALL,
)
_BEFORE_NAME = re.compile(
    r"(?:(?:written|posted|story|text)\s+)?by[:\s]\s*|(?:text|текст|автор|autor|author|par|von)\s*:\s*", re.IGNORECASE
)


def clean_author(name: str) -> str:
    """Return an author's name without what pages print around it; "" where nobody is named."""
    name = _AFTER_NAME.sub("", _BEFORE_NAME.sub("", name, count=1) if _BEFORE_NAME.match(name) else name)
    name = name.strip(" ,;|")
    return "" if _names_nobody(name) or len(name) > 150 else name


_NOBODY = re.compile(
    r"(?:https?:)?//\S*|www\.\S+|@\w+|[^\s@]+@[^\s@]+|[\W\d_]*|admin\w*|null|none|undefined|author", re.IGNORECASE
)


def _names_nobody(name: str) -> bool:
    return bool(_NOBODY.fullmatch(name))


# Date

_CHANGED = re.compile(r"updat|modif", re.IGNORECASE)
_PUBLISHED = re.compile(r"publi|posted|entry-date", re.IGNORECASE)


def _published_at(article: dict[str, Any], tree: HtmlElement, meta: dict[str, list[str]]) -> str:
    """Return the first valid date; a time of the same day from a later place completes it."""
    day = ""
    for raw in _dates(article, tree, meta):
        found = iso_date(raw)
        if len(found) > len("2020-01-31") and (not day or found.startswith(day)):
            return found
        day = day or found
    return day


def _dates(article: dict[str, Any], tree: HtmlElement, meta: dict[str, list[str]]) -> Iterator[str]:
    yield from _texts(article.get("datePublished"))
    for name in _DATE_META:
        yield from meta.get(name, [])
    for element in _itemprop(tree, "datePublished"):
        yield element.get("datetime") or element.get("content") or _text(element)
    yield from _texts(article.get("dateCreated"))
    times = [element for element in islice(tree.iter("time"), _MOST_ELEMENTS) if element.get("datetime")]
    times = [element for element in times if not _CHANGED.search(_markup(element)) and not _inside_others(element)]
    for element in times:
        parent = element.getparent()
        around = _markup(element) + ("" if parent is None else _markup(parent))
        if element.get("pubdate") is not None or _PUBLISHED.search(around):
            yield element.get("datetime") or ""
    # The first time in the part with the headline; others on the page may belong to other articles.
    for part in islice(tree.iter("article", "main"), _MOST_ELEMENTS):
        if part.find(".//h1") is not None:
            yield from [element.get("datetime") or "" for element in times if part in element.iterancestors()][:1]
            break


def _markup(element: HtmlElement) -> str:
    return f"{element.get('class')} {element.get('itemprop')} "


def iso_date(raw: str) -> str:
    """Return a date as pages write it in ISO 8601, "" where it is none that an article can have.

    A time of day and its offset are kept. Midnight to the second is what programs write where only the day is known,
    so it gives the day. All-numeric dates whose order of day and month is open give nothing.
    """
    parsed = _parse_date(raw.strip()[:80])
    if parsed is None:
        return ""
    found = parsed.date().isoformat()
    if isinstance(parsed, datetime) and parsed.time().replace(microsecond=0) != time():
        found = parsed.isoformat(timespec="seconds")
    try:
        parse_published(found)
    except DocumentRefused:
        return ""
    return found


def _parse_date(raw: str) -> datetime | None:
    if re.fullmatch(r"1\d{9}(?:\d{3})?", raw):
        return datetime.fromtimestamp(int(raw[:10]), UTC)
    # "2020-01-31T12:00:00 +0100", "2020-01-31 12:00:00 UTC", "2020/01/31 12:00"
    iso = re.sub(r"^(\d{4})[/.](\d\d)[/.](\d\d)", r"\1-\2-\3", raw)
    iso = re.sub(r"\s*(?:UTC|GMT|Z)$", "+00:00", iso, flags=re.IGNORECASE)
    iso = re.sub(r"(?<=\d)\s+([+-]\d\d:?\d\d)$", r"\1", iso)
    try:
        return datetime.fromisoformat(iso)
    except ValueError:
        pass
    if not re.search(r"[A-Za-z]{3}", raw) or not re.search(r"\b\d{4}\b", raw):
        return None
    try:
        if re.match(r"(?:[A-Z][a-z]{2}, )?\d{1,2} [A-Z][a-z]{2} \d{4} \d\d:", raw):
            return parsedate_to_datetime(raw)
        # "GMT+0100" is what JavaScript prints; read literally its sign would be turned.
        words = re.sub(r"\s*\([^)]*\)$", "", raw.replace("GMT+", "+").replace("GMT-", "-"))
        day = datetime.combine(date(2000, 1, 1), time())
        found = dateutil_parser.parse(words, default=day, tzinfos=_zone)
        # A month without a day would take the default's day.
        other = dateutil_parser.parse(words, default=day.replace(day=2, month=2), tzinfos=_zone)
    except (ValueError, OverflowError, TypeError):
        return None
    if found.date() != other.date():
        return None
    # A time in a zone that may be several ("IST") is hours off; the day is what can be said.
    return datetime.combine(found.date(), time()) if found.tzinfo is _UNKNOWN_ZONE else found


# Language


def _language(article: dict[str, Any], tree: HtmlElement, meta: dict[str, list[str]]) -> str:
    root = tree.getroottree().getroot()
    said = article.get("inLanguage")
    described = said.get("alternateName") or said.get("name") if isinstance(said, dict) else said
    claims = [
        root.get("lang") or root.get("{http://www.w3.org/XML/1998/namespace}lang") or root.get("xml:lang"),
        _first(meta, ["og:locale"]),
        next(iter(_texts(described)), ""),
        _first(meta, ["content-language", "language", "dc.language", "dcterms.language", "inlanguage"]),
    ]
    codes = [code for claim in claims if (code := language_code(claim or ""))]
    # A template's default against what an editor set: the text has to decide.
    return codes[0] if len(set(codes[:2])) == 1 else ""


def language_code(tag: str) -> str:
    """Return the primary code of a language tag in lower case: "pt" of "pt_BR"; "" for none and for "und"."""
    found = re.fullmatch(r"\s*([A-Za-z]{2,3})(?:[-_][A-Za-z0-9-_]*)?\s*", tag)
    code = found[1].lower() if found else ""
    return {"eng": "en", "iw": "he", "in": "id", "und": "", "zxx": "", "mul": ""}.get(code, code)
