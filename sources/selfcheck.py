"""What stands on a page but not in the text taken from it: quotations and credit lines. No database, no network.

A lost quotation is a lost statement that nobody would miss, so a page that lost one is marked for a person to look at.
Credit lines ("Source: AFP" in a box beside the headline) stand outside of the text on many pages; they are no loss, but
say where it comes from.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import islice

from lxml import etree
from lxml.html import HtmlElement

# A shorter quotation is a name, a title or a word held at arm's length, which teasers and buttons are full of.
_FEWEST_WORDS, _FEWEST_WIDE = 4, 8
_LONGEST_QUOTE = 500
_BLOCKS = frozenset(
    """p li blockquote q h1 h2 h3 h4 h5 h6 td th dd dt div section article main body pre caption center address
    header figure summary details footer""".split()
)
_PASSED_OVER = frozenset(
    """script style noscript template svg nav aside button select textarea figcaption iframe head
    video audio object""".split()
) | {etree.Comment, etree.ProcessingInstruction, etree.Entity}
_OTHER_PART = re.compile(
    r"(?:^|[\s_-])(?:related|recommend\w*|trending|most-?(?:read|popular)|sidebar|teasers?|comments?(?:-\w+)?|promos?|footer"
    r"|newsletter|captions?|share|social|author-?bio|breadcrumbs?|gallery|carousel|slideshow|outbrain|taboola|disqus\w*"
    r"|read-?(?:more|next)|more-(?:stories|news|on|from)|also-?(?:read|like)|popup|modal|cookie\w*)(?:$|[\s_-])",
    re.IGNORECASE,
)
_QUOTATIONS = re.compile(
    r"“([^”“]*)(?:”|$)|«([^»]*)(?:»|$)|„([^“”]*)(?:[“”]|$)|[「『]([^」』]*)(?:[」』]|$)"
    r"|(?<!\w)\"(?=\S)([^\"]+)(?:\"|$)|(?<!\w)‘(.+?)(?:’(?!\w)|$)"
)
_OPENING = re.compile('[“«„「『"‘]')


# A longer line is a paragraph, and more of them are a list.
_LONGEST_LINE, _MOST_LINES, _MOST_MARKED = 200, 20, 200
_PART = re.compile(r"[|•·\n]")
# A line without a word of credit may be one where it is a name and nothing more.
_BARE_NAME = re.compile(r"[^\W\d][^\d\n:;!?@#]{1,40}")
_MOST_NAME_WORDS = 4
_BARE_NAME_BLOCKS = frozenset("p div section header footer address".split())
# An element that comes more often, with another text each time, is one of a list of other articles.
_MOST_ALIKE = 3
# A page may print a byline for large screens and for small ones; more are those of a list.
_MOST_REPEATED = 2
_CREDIT_WORDS = re.compile(
    r"^\W*(?:by|via|source|from|von|par|por|quelle|fuente|fonte|источник|来源|來源|稿源|المصدر)\b"
    r"|©|\(c\)|copyright|contributed|\bwith\s+(?:\w+\s+)?(?:inputs?|reporting|reports|files|material|information)\b"
    r"|\bavec\b|\bmit\s+(?:Material|Informationen)\b|\bcon\s+informa|\bcom\s+informa|по\s+материалам|综合|綜合",
    re.IGNORECASE,
)
# What classes and itemprops say that a credit is in the element.
_CREDIT_MARK = re.compile(
    r"byline|source|agency|credit|attribution|author|provider|copyright|sourceOrganization", re.IGNORECASE
)
# A picture has a source of its own.
_OF_PICTURE = re.compile(
    r"\b(?:photos?|photograph\w*|images?|pictures?|file|illustration|graphics?|video|getty|foto\w*|bild\w*|imagen)\b"
    r"|[图圖]|фото",
    re.IGNORECASE,
)
_OF_PICTURE_PART = re.compile(r"photo|image|picture|gallery|media|figure|video|caption", re.IGNORECASE)


@dataclass(frozen=True)
class LeftOut:
    """What a page's text lacks: quotations of the article's part, and lines that may be credits, in their order."""

    quotes: tuple[str, ...]
    credit_lines: tuple[str, ...]


@dataclass(slots=True)
class Block:
    """One paragraph, heading or item: its own text, without that of blocks inside it.

    linked: characters of it that are in links. quoted: it is in a quotation. marked: the elements around it that are
    named like parts about something else. footer: it is in one.
    """

    element: HtmlElement
    quoted: bool
    marked: tuple[HtmlElement, ...] = ()
    footer: bool = False
    parts: list[str] = field(default_factory=list)
    linked: int = 0
    text: str = ""

    @property
    def prose(self) -> int:
        return max(0, len(self.text) - self.linked)


@dataclass(frozen=True)
class PageBlocks:
    """The blocks of a page that have text, in the order in which they begin; named_credits: elements called so."""

    tree: HtmlElement
    blocks: tuple[Block, ...]
    named_credits: tuple[HtmlElement, ...]

    @property
    def prose(self) -> int:
        """Characters outside of links."""
        return sum(block.prose for block in self.blocks)

    @property
    def own_prose(self) -> int:
        """Those of them that are in no footer and in no part named like one about something else."""
        return sum(block.prose for block in self.blocks if not block.footer and not block.marked)


def left_out(page: PageBlocks, text: str) -> LeftOut:
    """Return what a page has and its extracted text lacks.

    Compared are letters and digits only, whatever marks and spaces stand between them. The main part is the smallest
    one that holds nine tenths of the extracted text, or the article element around it. Quotations count in it, credit
    lines also beside it, up to the part with the headline, and wherever the page's markup calls them so.
    """
    have, tree, blocks = quote_key(text), page.tree, page.blocks
    weights = _weights(
        [
            (block, key)
            for block in blocks
            if not block.footer and len(key := quote_key(block.text)) >= 20 and key in have
        ]
    )
    total = weights.get(tree, 0)
    if not total:
        return LeftOut((), ())
    main = _main_part(tree, weights)
    # "content-with-sidebar" around the whole article is no sidebar.
    own = [block for block in blocks if not any(weights.get(element, 0) * 2 < total for element in block.marked)]
    inside = set(main.iter())
    quotes = _lost_quotes([block for block in own if not block.footer and block.element in inside], have)
    around = _with_headline(main)
    beside = inside if around is main else set(around.iter())
    lines = Counter(
        block.text
        for block in own
        if block.element in beside and _is_credit_shaped(block) and not _is_of_picture(block.element)
    )
    once = [line for line, times in lines.items() if times <= _MOST_REPEATED]
    marked = [element for element in page.named_credits[:_MOST_MARKED] if not weights.get(element)]
    printed = set(text.splitlines())
    return LeftOut(tuple(quotes), tuple(_credit_lines([*_named_so(marked), *once], printed)))


def _lost_quotes(blocks: list[Block], have: str) -> list[str]:
    lost: dict[str, str] = {}
    for block in blocks:
        if block.linked * 2 > len(block.text):
            continue
        # In a quotation, a line after a dash names who said it.
        whole = block.quoted and not block.text.startswith(("—", "–", "―", "--"))
        for quote in [block.text] if whole else _quotations(block.text):
            key = quote_key(quote)
            if _is_long(quote, key) and key not in have:
                lost.setdefault(key, quote[:_LONGEST_QUOTE])
    return list(lost.values())


def _credit_lines(lines: Iterable[str], printed: Collection[str]) -> Iterator[str]:
    """Yield the parts of some lines that may be credits, each once; what is a line of the text is read there."""
    parts = (
        part.strip() for line in lines if line not in printed for part in _PART.split(line) if len(part.strip()) > 1
    )
    return islice((part for part in dict.fromkeys(parts) if not _OF_PICTURE.search(part)), _MOST_LINES)


def _named_so(elements: list[HtmlElement]) -> Iterator[str]:
    """Yield the texts of elements that are called credits, but for those of pictures and of other articles."""
    alike: dict[str, dict[str, None]] = {}
    for element in elements:
        text = " ".join("".join(islice(element.itertext(), 20)).split())
        if 2 <= len(text) <= _LONGEST_LINE and not _is_of_picture(element) and not _is_elsewhere(element):
            alike.setdefault(f"{element.get('class')} {element.get('itemprop')}", {})[text] = None
    for texts in alike.values():
        if len(texts) <= _MOST_ALIKE:
            yield from texts


def _is_credit_shaped(block: Block) -> bool:
    """Return whether a block is one line with a word of credit, or a bare name that is no link."""
    text = block.text
    if len(text) > _LONGEST_LINE:
        return False
    if _CREDIT_WORDS.search(text):
        return True
    return bool(
        block.element.tag in _BARE_NAME_BLOCKS
        and block.linked * 2 <= len(text)
        and len(text.split()) <= _MOST_NAME_WORDS
        and _BARE_NAME.fullmatch(text)
    )


def _is_of_picture(element: HtmlElement) -> bool:
    for part in (element, *element.iterancestors()):
        if part.tag in ("figure", "picture"):
            return True
        if part.tag in ("article", "main", "body"):
            return False
        if _OF_PICTURE_PART.search(part.get("class") or ""):
            return True
    return False


def _is_elsewhere(element: HtmlElement) -> bool:
    """Return whether an element stands in a menu, in the page's own footer or in a part about something else."""
    for part in (element, *element.iterancestors()):
        if part.tag in ("article", "main", "body"):
            return False
        if part.tag in ("nav", "aside", "footer") or _OTHER_PART.search(f"{part.get('class')} {part.get('id')}"):
            return True
    return False


_MARKS = re.compile(r"[\W_]+")
_ASCII_MARKS = bytes(code for code in range(128) if not chr(code).isalnum())


def quote_key(text: str) -> str:
    """Return the letters and digits of a text, in one form."""
    if text.isascii():
        return text.lower().encode().translate(None, _ASCII_MARKS).decode()
    return _MARKS.sub("", unicodedata.normalize("NFKC", text).casefold())


def _quotations(text: str) -> Iterator[str]:
    if not _OPENING.search(text):
        return
    for match in _QUOTATIONS.finditer(text):
        yield next(group for group in match.groups() if group is not None).strip()


def _is_long(quote: str, key: str) -> bool:
    if len(quote.split()) >= _FEWEST_WORDS:
        return len(key) >= 12
    # Scripts without spaces between words.
    return sum(character > "\u2e80" for character in key) >= _FEWEST_WIDE


@lru_cache(maxsize=4096)
def _is_credit_mark(marks: str) -> bool:
    return bool(_CREDIT_MARK.search(marks))


@lru_cache(maxsize=4096)
def _is_other_part(marks: str) -> bool:
    return bool(_OTHER_PART.search(marks))


def read_blocks(tree: HtmlElement) -> PageBlocks:
    """Return the paragraphs, headings and items of a page, menus and the like left out."""
    called: list[HtmlElement] = []
    blocks = [Block(tree, quoted=False)]
    stack = [blocks[0]]
    links = 0
    walk = etree.iterwalk(tree, events=("start", "end"))
    for event, element in walk:
        tag = element.tag
        if event == "start":
            if tag in _PASSED_OVER:
                walk.skip_subtree()
                continue
            block = stack[-1]
            marks, meant = element.get("class"), element.get("itemprop")
            if (marks and _is_credit_mark(marks)) or (meant and _is_credit_mark(meant)):
                called.append(element)
            if tag in _BLOCKS and element is not tree:
                # A page whose body carries a class such as "has-sidebar" is not one sidebar.
                named = tag != "body" and _is_other_part(f"{marks or ''} {element.get('id') or ''}")
                block = Block(
                    element,
                    block.quoted or tag in ("blockquote", "q"),
                    (*block.marked, element) if named else block.marked,
                    block.footer or tag == "footer",
                )
                stack.append(block)
                blocks.append(block)
            elif tag == "br":
                block.parts.append(" ")
            elif tag == "a":
                links += 1
            text = element.text
        else:
            if tag == "a":
                links -= 1
            elif tag in _BLOCKS and element is not tree:
                stack.pop()
            block, text = stack[-1], element.tail
        if text:
            block.parts.append(text)
            if links:
                block.linked += len(text.strip())
    for block in blocks:
        block.text = " ".join("".join(block.parts).split())
    return PageBlocks(tree, tuple(block for block in blocks if block.text), tuple(called))


def _weights(matched: list[tuple[Block, str]]) -> dict[HtmlElement, int]:
    """Return how many letters of the extracted text stand in each element."""
    weights: dict[HtmlElement, int] = {}
    for block, key in matched:
        for element in (block.element, *block.element.iterancestors()):
            weights[element] = weights.get(element, 0) + len(key)
    return weights


def _main_part(tree: HtmlElement, weights: dict[HtmlElement, int]) -> HtmlElement:
    """Return the part of the page that the text was taken from."""
    part = tree
    while (
        child := next((child for child in part if weights.get(child, 0) * 10 >= weights[tree] * 9), None)
    ) is not None:
        part = child
    around = [part, *part.iterancestors()]
    for element in around:
        if element.tag in ("article", "main") or "articleBody" in (element.get("itemprop") or ""):
            return element
    # Where nothing says what the article is: the neighbours of what was taken, too.
    return part if part.tag == "body" or len(around) == 1 else around[1]


def _with_headline(main: HtmlElement) -> HtmlElement:
    """Return the smallest part around the text that has the page's headline, too; the text's own where none has."""
    for part in (main, *main.iterancestors()):
        if part.tag in ("body", "html"):
            break
        if part.find(".//h1") is not None:
            return part
    return main
