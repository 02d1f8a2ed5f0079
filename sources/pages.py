"""HTML pages as article text with title, byline, date, language and address. No database, no network."""

import logging
import re
import unicodedata
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE, lookup
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import version
from itertools import islice

import py3langid
import trafilatura
from charset_normalizer import from_bytes
from htmldate import find_date
from lxml import etree
from lxml.html import HtmlComment, HtmlElement, HtmlProcessingInstruction
from trafilatura.external import SANITIZED_XPATH
from trafilatura.metadata import extract_author, extract_title
from trafilatura.settings import Document
from trafilatura.utils import HTML_PARSER

from sources.errors import DocumentRefused
from sources.metadata import Metadata, clean_author, iso_date, plain, read_metadata, without_site
from sources.selfcheck import PageBlocks, left_out, read_blocks
from sources.urls import join

logger = logging.getLogger(__name__)

METHOD = f"trafilatura {version('trafilatura')}"

#: Larger pages are refused before they are parsed: no article is, and parsing takes memory by the size.
MAX_BYTES = 10_000_000
#: Pages of more elements are refused after parsing: extraction takes time by their number, partly its square.
MAX_ELEMENTS = 50_000
#: So are pages with more of them side by side, for which it takes the square of that.
MAX_SIBLINGS = 10_000

# Dates are searched for in the markup of smaller pages only; the search takes a second for half a million bytes.
_MOST_SEARCHED_BYTES = 2_000_000

# One class for all elements: else Python is asked for the class of each, each time it is met.
HTML_PARSER.set_element_class_lookup(
    etree.ElementDefaultClassLookup(element=HtmlElement, comment=HtmlComment, pi=HtmlProcessingInstruction)
)

# What tells a language; more takes longer and tells the same.
_CLASSIFIED_CHARACTERS = 3000

# They log what a refusal says here, without naming the page.
for _name in ("trafilatura", "htmldate", "charset_normalizer"):
    logging.getLogger(_name).setLevel(logging.CRITICAL)

# What third-party readers raise on broken markup; anything else is a fault of ours and must be seen.
_BROKEN_MARKUP = (ValueError, TypeError, LookupError, AttributeError, AssertionError, RecursionError, etree.LxmlError)


class PaywallStub(DocumentRefused):
    """A page holds only the beginning of its article, `page`."""

    def __init__(self, page: "Page", words: int) -> None:
        super().__init__(
            f"The page is behind a paywall and holds only the first {words} words. Import a full copy of the article."
        )
        self.page = page


@dataclass(frozen=True)
class Page:
    """A page's article and what the page says of itself; a field it does not give is "".

    text: NFC, one paragraph a line, without image captions. published_at: ISO 8601, a day or a time, with its offset
    where the page gives one. language: ISO 639 code. canonical_url: the page's own claim where it can be believed,
    otherwise the address it came from. credits: what the page names as its authors and sources in its metadata, and the
    lines beside its text that may name some. lost_quotes: quotations of the page that the text lacks; where there are
    any, a person should look.
    """

    text: str
    title: str
    byline: str
    published_at: str
    language: str
    canonical_url: str
    site_name: str
    credits: tuple[str, ...] = ()
    lost_quotes: tuple[str, ...] = ()


def read_page(html: bytes, *, url: str = "", content_type: str = "") -> Page:
    """Return the article of an HTML page: its main text and its metadata.

    url: the address that it came from; content_type: the HTTP header, for its charset.

    Raises DocumentRefused, with its reason, for what is no HTML, for pages without text, error pages and pages that
    ask for proof of being human; PaywallStub for the free beginning of an article.
    """
    if len(html) > MAX_BYTES:
        raise DocumentRefused(f"The page has {len(html):,} bytes; the limit is {MAX_BYTES:,}. Split it.")
    tree = _parse(decode_html(html, content_type=content_type))
    try:
        _drop_captions(tree)
        said = read_metadata(tree, url=url)
        published_at = said.published_at
        if not published_at and len(html) <= _MOST_SEARCHED_BYTES:
            published_at = _found_date(tree, url or said.canonical_url)
        _drop_wordless(tree)
        blocks = read_blocks(tree)
        text = _paragraphs(_extracted(blocks, url=url))
    except _BROKEN_MARKUP as error:
        raise _too_broken(error) from error
    beside = left_out(blocks, text)
    page = Page(
        text=text,
        title=said.title or _title(tree, said.site_name),
        byline=said.byline or _byline(tree),
        published_at=published_at,
        language=said.language or (py3langid.classify(text[:_CLASSIFIED_CHARACTERS])[0] if text else ""),
        canonical_url=said.canonical_url or join("", url),
        site_name=said.site_name,
        credits=tuple(dict.fromkeys((*said.credits, *beside.credit_lines))),
        lost_quotes=beside.quotes,
    )
    _refuse_stubs(page, tree, said)
    return page


# Bytes to characters

# What pages name and what they mean by it, by the names of Python's codecs (WHATWG Encoding Standard). Others, such as
# UTF-7 and Python's own escapes, are no charsets of pages.
_MEANT = {
    **dict.fromkeys(("ascii", "iso8859-1"), "cp1252"),
    "iso8859-9": "cp1254",
    "iso8859-11": "cp874",
    "tis-620": "cp874",
    **dict.fromkeys(("gb2312", "gbk"), "gb18030"),
    "euc_kr": "cp949",
    "shift_jis": "cp932",
    "big5": "big5hkscs",
    "euc_jis_2004": "euc_jp",
    "euc_jisx0213": "euc_jp",
    "shift_jis_2004": "cp932",
    "shift_jisx0213": "cp932",
    # A page whose declaration can be read as ASCII is not in UTF-16.
    **dict.fromkeys(("utf-16", "utf-16-le", "utf-16-be"), "utf-8"),
}
_KNOWN = frozenset(
    """utf-8 cp1250 cp1251 cp1252 cp1253 cp1254 cp1255 cp1256 cp1257 cp1258 cp866 cp874 cp932 cp949 gb18030 big5hkscs hz
    iso8859-2 iso8859-3 iso8859-4 iso8859-5 iso8859-6 iso8859-7 iso8859-8 iso8859-10 iso8859-13 iso8859-14 iso8859-15
    iso8859-16 iso2022_jp iso2022_kr euc_jp koi8-r koi8-u mac-roman mac-cyrillic""".split()
)
_CHARSET = re.compile(r"charset\s*=\s*[\"']?\s*([\w.:-]{2,40})", re.IGNORECASE)
_META_CHARSET = re.compile(
    rb"<(?:meta|\?xml)\b[^>]{0,500}?(?:charset|encoding)\s*=\s*[\"']?\s*([\w.:-]{2,40})", re.IGNORECASE
)
_MARKUP = re.compile(rb"<[^<>]*>")
# One wrong character among so many others is a slip of the page, not a wrong charset.
_TOLERATED = 0.02


def decode_html(html: bytes, *, content_type: str = "") -> str:
    """Return a page's characters.

    In this order: byte order mark; UTF-8, if the bytes are valid UTF-8, whatever is declared; the charset of the HTTP
    header, then of the page, if the bytes agree with it; detection.
    """
    for mark, charset in ((BOM_UTF8, "utf-8"), (BOM_UTF16_LE, "utf-16-le"), (BOM_UTF16_BE, "utf-16-be")):
        if html.startswith(mark):
            return html[len(mark) :].decode(charset, "replace")
    if b"\0" in html[:60] and (charset := _unmarked_utf16(html)):
        return html.decode(charset, "replace")
    declared = [name for name in _declared(html, content_type) if name]
    # Shifted encodings are valid ASCII, and so valid UTF-8.
    if not any(name.startswith(("iso2022", "hz")) for name in declared):
        try:
            return html.decode("utf-8")
        except UnicodeDecodeError:
            pass
    for charset in [*declared, "utf-8"]:
        text = html.decode(charset, "replace")
        if text.count("\ufffd") <= _TOLERATED * sum(byte > 127 for byte in html[:200_000]):
            return text
    return html.decode(_detected(html) or next(iter(declared), "utf-8"), "replace")


def _declared(html: bytes, content_type: str) -> Iterator[str]:
    header, meta = _CHARSET.search(content_type), _META_CHARSET.search(html[:8192])
    if header:
        yield _codec(header[1])
    if meta:
        yield _codec(meta[1].decode("ascii", "replace"))


def _codec(name: str) -> str:
    """Return the Python codec that a charset label means; "" for none."""
    try:
        codec = lookup(name)
    except LookupError:
        return ""
    meant = _MEANT.get(codec.name, codec.name)
    return meant if meant in _KNOWN else ""


def _unmarked_utf16(html: bytes) -> str:
    # Every page begins with markup.
    head = html[:60]
    even, odd = head[::2].count(0), head[1::2].count(0)
    half = len(head) // 4
    return "utf-16-le" if odd > half and even < half else "utf-16-be" if even > half and odd < half else ""


_DETECTED_BYTES = 3000
_CENTRAL_EUROPEAN = frozenset("bs cs hr hu pl ro sk sl sq sr".split())


def _detected(html: bytes) -> str:
    """Return the charset that the page's words look like; "" where none does."""
    # Markup and plain letters say nothing; a text is kept whole, so that no character is cut.
    texts = (part.strip() for part in _MARKUP.split(html[:200_000]))
    telling = [part for part in texts if any(byte > 127 for byte in part)]
    sample = b""
    while telling and len(sample) < _DETECTED_BYTES:
        sample += telling.pop(0)[: 20 * _DETECTED_BYTES] + b"\n"
    best = from_bytes(sample).best() if sample else None
    charset = _codec(best.encoding) if best else ""
    # Western and Central European letters share most bytes; the words tell.
    if charset == "cp1250" and py3langid.classify(sample.decode("cp1250", "replace"))[0] not in _CENTRAL_EUROPEAN:
        return "cp1252"
    return charset


# Characters to a tree


def _too_broken(error: Exception) -> DocumentRefused:
    logger.info("page not read error=%r", error)
    return DocumentRefused("The page's markup is too broken to be read. Save the page in a browser and upload it.")


def _parse(html: str) -> HtmlElement:
    try:
        tree = trafilatura.load_html(html) if "<" in html else None
    except _BROKEN_MARKUP as error:
        raise _too_broken(error) from error
    if tree is None:
        raise DocumentRefused("The document is not an HTML page.")
    elements = int(tree.xpath("count(//*)"))
    if elements > MAX_ELEMENTS:
        raise DocumentRefused(f"The page has {elements:,} elements; the limit is {MAX_ELEMENTS:,}. Split it.")
    siblings = max(map(len, tree.iter())) if elements > MAX_SIBLINGS else 0
    if siblings > MAX_SIBLINGS:
        raise DocumentRefused(
            f"The page has {siblings:,} elements side by side; the limit is {MAX_SIBLINGS:,}. Split it."
        )
    return tree


_CAPTION = re.compile(
    r"(?:^|\s)(?:[\w-]*[_-])?(?:wp-caption-text|(?:image|photo|picture|media|figure)_{0,2}-?caption(?:[_-]+text)?)(?=\s|$)"
    r"|(?:^|\s)caption(?:-text)?(?=\s|$)",
    re.IGNORECASE,
)
_LONGEST_CAPTION = 800


def _drop_captions(tree: HtmlElement) -> None:
    """Remove the captions of images from a page, and make a figure around a quotation a plain division.

    The extractor drops figures with all that is in them.
    """
    kept: set[HtmlElement] = set()
    for figure in list(tree.iter("figure")):
        if figure.find(".//blockquote") is not None and figure.find(".//img") is None:
            figure.tag = "div"
            # Who said it.
            kept.update(figure.iter("figcaption"))
    for element in tree.xpath("//figcaption | //*[contains(@class, 'aption')]"):
        caption = element.tag == "figcaption" or (
            element.tag in ("p", "div", "span", "small", "em") and _CAPTION.search(element.get("class"))
        )
        if not caption or element in kept or element.getparent() is None:
            continue
        if len("".join(islice(element.itertext(), _LONGEST_CAPTION))) <= _LONGEST_CAPTION:
            element.drop_tree()


# What has no words of an article, and would be copied and walked again and again.
_WORDLESS = ("style", "svg", "link", "iframe", "template", "canvas", "map", "object", "embed", "select", "input")


def _drop_wordless(tree: HtmlElement) -> None:
    """Remove from a page what has no words and its menus; JSON-LD stays, in which some pages have their only text."""
    for script in list(tree.iter("script")):
        if script.get("type") != "application/ld+json" and script.getparent() is not None:
            script.drop_tree()
    etree.strip_elements(tree, *_WORDLESS, with_tail=False)
    for menu in list(tree.iter("nav")):
        # One that is not closed holds the article, too.
        if menu.find(".//p") is None and menu.find(".//h1") is None and menu.getparent() is not None:
            menu.drop_tree()


# The text

# A shorter text is compared with what the second algorithm finds.
_SHORT_CHARACTERS = 250
# Beyond this part of the page's prose, a text is all that the page says, menus included, for want of an article.
_ALL_OF_PAGE = 1.2


def _extracted(page: PageBlocks, *, url: str) -> str:
    """Return the main text of a page; "" where there is none. The page's tree is left as it is.

    The extractor compares what it finds with what a second algorithm finds, and takes the second where that has more
    than twice as much text or the first is not made of paragraphs. So where the first has half of the page's own prose
    in paragraphs, the second, which takes a third of the time, is not asked.
    """
    first = trafilatura.bare_extraction(page.tree, url=url or None, include_comments=False, fast=True)
    if isinstance(first, Document) and _is_sure(first, page):
        return first.text or ""
    whole = trafilatura.bare_extraction(page.tree, url=url or None, include_comments=False)
    return (whole.text if isinstance(whole, Document) else "") or ""


def _is_sure(found: Document, page: PageBlocks) -> bool:
    """Return whether no other algorithm's text would be taken instead of one."""
    characters = len(found.text or "")
    if characters < _SHORT_CHARACTERS or not page.own_prose / 2 <= characters <= page.prose * _ALL_OF_PAGE:
        return False
    paragraphs = sum(1 for part in found.body.iter("p") if part.text or len(part))
    tables = sum(1 for _ in found.body.iter("table"))
    return paragraphs > tables and not found.body.xpath(SANITIZED_XPATH)


# Soft hyphens and marks without width stand inside words and hide them from every search.
_INVISIBLE = re.compile("[\u00ad\u200b\u2060\ufeff]")


def _paragraphs(text: str) -> str:
    """Return a text in NFC, one paragraph a line, without characters that no text holds."""
    text = unicodedata.normalize("NFC", _INVISIBLE.sub("", text.replace("\0", "")))
    return "\n".join(joined for line in text.splitlines() if (joined := " ".join(line.split())))


def _title(tree: HtmlElement, site_name: str) -> str:
    try:
        return without_site(plain(extract_title(tree))[:1000], site_name)
    except _BROKEN_MARKUP:
        return ""


def _byline(tree: HtmlElement) -> str:
    try:
        found = plain(extract_author(tree)).split(";")
        return "; ".join(name for author in found if (name := clean_author(author.strip())))[:500]
    except _BROKEN_MARKUP:
        return ""


def _found_date(tree: HtmlElement, url: str) -> str:
    """Return the day that htmldate finds in a page, its text or its address; "" for none."""
    try:
        return iso_date(find_date(tree, original_date=True, url=url or None) or "")
    except (*_BROKEN_MARKUP, OverflowError):
        return ""


# What is no article

# Menus and buttons are short and have no sentence.
_SHORT_WORDS, _STUB_WORDS, _FEWEST_WORDS = 120, 60, 25
# Characters in which most texts have so many words.
_BEGINNING = 2000
_SENTENCES = re.compile(r"(?<=[.!?。！？])\s+|\n")
_SENTENCE = re.compile(r"[.!?…。！？؟।][\"'”’»)\]]*(?:\s|$)")


def _any_of(*phrases: str) -> re.Pattern[str]:
    """Return a pattern of phrases, in which a space stands for any space."""
    return re.compile("|".join(phrase.replace(" ", r"\s+") for phrase in phrases), re.IGNORECASE)


# Whole headings, or parts of titles between " - " and " | ": "Not found guilty" and "Forbidden City" begin news.
_HEADING_PARTS = re.compile(r"\s+[-–—|·•»]+\s+")
_NOT_FOUND = _any_of(
    r"(?:(?:error|http|fehler|erreur|ошибка) ?)?(?:404|410)(?: error)?"
    r"(?:[:,.]? ?\(?(?:page |file )?(?:not found|gone))?\W*\d?",
    r"(?:http )?(?:page |file )?not found\W*",
    r".{0,40}\b(?:page|article|story|content|document|file|url)(?: [\w’']+){0,8}?"
    r" (?:was |is |could |can)?n(?:o|['’])?t (?:be )?(?:found|available)\W*",
    r".{0,40}\b(?:page|article|story|content|url)(?: [\w’']+){0,8}?"
    r" (?:can['’]t be found|cannot be found|does(?: not|n['’]t) exist|no longer exists|(?:is )?no longer available)\W*",
    r".{0,30}\b(?:can['’]?t|cannot|could(?:n['’]t| not)) (?:seem to )?find (?:the|that|this) page.{0,40}",
    r".{0,30}seite (?:wurde |konnte )?(?:leider )?nicht gefunden(?: werden)?\W*",
    r".{0,30}page (?:introuvable|non trouvée)\W*",
    r".{0,30}p[áa]gina (?:n[ãa]o|no) encontrada\W*",
    r".{0,30}pagina (?:non trovata|niet gevonden)\W*",
    r".{0,30}(?:страница не найдена|nie znaleziono strony|الصفحة غير موجودة)\W*",
    r".{0,30}(?:页面不存在|找不到(?:该)?(?:页面|網頁)|ページが見つかりません).{0,10}",
)
_GATE = _any_of(
    r"just a moment\W*",
    r"attention required\W*",
    r"one more step\W*",
    r"are you (?:a )?(?:human|robot)\W*",
    r"access (?:denied|to this page has been denied)\W*",
    r"(?:please )?verify(?:ing)? (?:that )?you are (?:a )?human.{0,60}",
    r"pardon our interruption\W*",
    r"(?:security|bot) (?:check|verification)\W*",
    r"(?:error )?(?:401|403|429|503)(?: error)?"
    r"(?:[:,.]? (?:unauthorized|forbidden|too many requests|service unavailable))?\W*",
    r"(?:forbidden|unauthorized|too many requests|captcha|before you continue)\W*",
)
# What such a page may say in its first sentences, too, where its heading says "Sorry".
_TAKEN_DOWN = _any_of(
    r".{0,40}\b(?:page|article|story|content) (?:[\w’']+ ){0,6}?"
    r"(?:has been|was|might have been|may have been) (?:removed|deleted|moved|taken down)\b.{0,80}"
)
_SCRIPTED = _any_of(
    r"(?:enable|activate|turn on|requires?|needs?) javascript",
    r"javascript (?:is|must be|to be|needs to be) (?:disabled|enabled|required|turned (?:on|off))",
    r"(?:aktivieren|activer|activez|habilit\w+|activa|attiva|включите|ativ\w+) (?:sie )?javascript",
)
_GATE_TEXT = _any_of(
    "enable javascript and cookies to continue", "unusual (?:traffic|activity) from your", "verify you are (?:a )?human"
)
_PAYWALL = _any_of(
    "subscribe (?:now )?to (?:continue|read|keep|unlock|access)",
    "(?:sign|log) in (?:or subscribe )?to (?:continue )?read",
    "to (?:continue|keep) reading",
    "already a (?:subscriber|member)",
    r"(?:only (?:available )?(?:for|to)|exclusive to|reserved for) (?:\w+ )?(?:subscribers|members)",
    r"this (?:article|story|content) is (?:for )?(?:\w+ )?(?:subscribers|members|premium)",
    "unlock (?:this|the full) (?:article|story)",
    "jetzt abonnieren|abonnieren sie|nur für abonnenten",
    "réservé (?:aux|à nos) abonnés|abonnez-vous|déjà abonné",
    "suscr[íi]bete|hazte suscriptor|solo para suscriptores",
    "exclusivo para assinantes|riservato agli abbonati|только для подписчиков",
)


def _refuse_stubs(page: Page, tree: HtmlElement, said: Metadata) -> None:
    """Raise DocumentRefused where a page is not an article but a page instead of one."""
    words = _count_words(page.text[:_BEGINNING])
    if words < _SHORT_WORDS or said.free is False:
        words = _count_words(page.text)
    if words < _SHORT_WORDS:
        heading = " ".join("".join(part.itertext()) for part in islice(tree.iter("h1"), 3)).strip()
        printed = " ".join("".join(part.itertext()) for part in islice(tree.iter("title"), 1)).strip()
        marks = " ".join(f"{part.get('class') or ''}" for part in [tree, *list(tree.iter("body"))[:1]]).split()
        names = [
            part.strip()
            for name in (page.title, heading, printed)
            for part in (name[:300], *_HEADING_PARTS.split(name[:300]))
            if part.strip()
        ]
        beginning = [part.strip() for part in _SENTENCES.split(page.text[:400])[:2]] if words < _STUB_WORDS else []
        says = any(map(_NOT_FOUND.fullmatch, [*names, *beginning])) or any(map(_TAKEN_DOWN.fullmatch, beginning))
        if "error404" in marks or says:
            raise DocumentRefused("The page says that it was not found (a soft 404); it holds no article.")
        if any(_GATE.fullmatch(name) for name in names) or _GATE_TEXT.search(page.text):
            raise DocumentRefused(
                "The site asked for proof of being human or denied access instead of showing the article. "
                "Save the page in a browser and upload it."
            )
    if words < _STUB_WORDS and _SCRIPTED.search(page.text):
        raise DocumentRefused(
            "The page shows its text only where scripts run, so there is none in what was fetched. Save the page in a "
            "browser and upload it."
        )
    if words < _FEWEST_WORDS and (target := _sends_to(tree)):
        raise DocumentRefused(f"The page only sends its readers on to {target[:200]}. Import that address.")
    if _is_paywall_stub(words, tree, said):
        raise PaywallStub(page, words)
    if not page.text or (words < _FEWEST_WORDS and not _SENTENCE.search(page.text)):
        raise DocumentRefused("No article text was found in the page.")


def _sends_to(tree: HtmlElement) -> str:
    """Return the address that a page sends its readers to by itself; "" for none."""
    for meta in tree.iter("meta"):
        sent = re.fullmatch(
            r"\s*\d{1,2}\s*[;,]\s*url\s*=\s*['\"]?(\S+?)['\"]?\s*", meta.get("content") or "", re.IGNORECASE
        )
        if sent and (meta.get("http-equiv") or "").lower() == "refresh":
            return sent[1]
    return ""


def _is_paywall_stub(words: int, tree: HtmlElement, said: Metadata) -> bool:
    if said.free is False:
        if said.word_count > _SHORT_WORDS:
            return words * 2 < said.word_count
        if words < _SHORT_WORDS:
            return not _paid_part_is_there(tree, said.paid_parts)
    # Nothing declared: only a page that asks for a subscription right beside a few sentences.
    if words < _SHORT_WORDS and said.free is None:
        return bool(_PAYWALL.search(_visible_text(tree)))
    return False


def _paid_part_is_there(tree: HtmlElement, selectors: tuple[str, ...]) -> bool:
    """Return whether one of the parts that the page calls paid holds paragraphs all the same."""
    for selector in selectors[:10]:
        simple = re.fullmatch(r"\w*([.#])([\w-]+)", selector)
        if simple is None:
            continue
        attribute = "class" if simple[1] == "." else "id"
        found = tree.xpath(
            f"//*[contains(concat(' ', normalize-space(@{attribute}), ' '), concat(' ', $mark, ' '))]", mark=simple[2]
        )
        if any(_count_words("".join(part.itertext())) >= 40 for part in found[:100]):
            return True
    return False


def _visible_text(tree: HtmlElement) -> str:
    # Headers and footers offer subscriptions on every page.
    parts = tree.xpath(
        "//text()[not(ancestor::*[self::script or self::style or self::header or self::nav or self::footer])]"
    )
    return " ".join(" ".join(parts).split())[:20_000]


_WORD, _WIDE = re.compile(r"\w+"), re.compile("[\u2e80-\U0003ffff]")


def _count_words(text: str) -> int:
    """Return the number of words; two characters of a script without spaces count as one."""
    return len(_WORD.findall(text)) + len(_WIDE.findall(text)) // 2


_WORD, _WIDE = re.compile(r"\w+"), re.compile("[\u2e80-\U0003ffff]")
