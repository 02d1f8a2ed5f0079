"""Quotations that stand on a page but not in the text taken from it. No database, no network.

A lost quotation is a lost statement that nobody would miss, so a page that lost one is marked for a person to look at.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree
from lxml.html import HtmlElement

# A shorter quotation is a name, a title or a word held at arm's length, which teasers and buttons are full of.
_FEWEST_WORDS, _FEWEST_WIDE = 4, 8
_LONGEST_QUOTE = 500
_BLOCKS = frozenset(
    """p li blockquote q h1 h2 h3 h4 h5 h6 td th dd dt div section article main body pre caption center address
    header figure summary details""".split()
)
_PASSED_OVER = frozenset(
    """script style noscript template svg nav aside footer button select textarea figcaption iframe head
    video audio object""".split()
)
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


@dataclass
class _Block:
    """One paragraph, heading or item: its own text, without that of blocks inside it.

    marked: the elements around it that are named like parts about something else.
    """

    element: HtmlElement
    quoted: bool
    marked: tuple[HtmlElement, ...] = ()
    parts: list[str] = field(default_factory=list)
    linked: int = 0

    @property
    def text(self) -> str:
        return " ".join("".join(self.parts).split())


def lost_quotes(tree: HtmlElement, text: str) -> list[str]:
    """Return the quotations of a page's main part that its extracted text lacks, in their order, each once.

    Compared are letters and digits only, whatever marks and spaces stand between them. The main part is the smallest
    one that holds nine tenths of the extracted text, or the article element around it.
    """
    have = quote_key(text)
    blocks = [block for block in _read_blocks(tree) if block.text]
    weights = _weights([(block, key) for block in blocks if len(key := quote_key(block.text)) >= 20 and key in have])
    total = weights.get(tree, 0)
    if not total:
        return []
    inside = set(_main_part(tree, weights).iter())
    lost: dict[str, str] = {}
    for block in blocks:
        # "content-with-sidebar" around the whole article is no sidebar.
        other = any(weights.get(element, 0) * 2 < total for element in block.marked)
        if other or block.element not in inside or block.linked * 2 > len(block.text):
            continue
        # In a quotation, a line after a dash names who said it.
        whole = block.quoted and not block.text.startswith(("—", "–", "―", "--"))
        for quote in [block.text] if whole else _quotations(block.text):
            key = quote_key(quote)
            if _is_long(quote, key) and key not in have:
                lost.setdefault(key, quote[:_LONGEST_QUOTE])
    return list(lost.values())


def quote_key(text: str) -> str:
    """Return the letters and digits of a text, in one form."""
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", text).casefold())


def _quotations(text: str) -> Iterator[str]:
    for match in _QUOTATIONS.finditer(text):
        yield next(group for group in match.groups() if group is not None).strip()


def _is_long(quote: str, key: str) -> bool:
    if len(quote.split()) >= _FEWEST_WORDS:
        return len(key) >= 12
    # Scripts without spaces between words.
    return sum(character > "\u2e80" for character in key) >= _FEWEST_WIDE


def _read_blocks(tree: HtmlElement) -> list[_Block]:
    """Return the blocks of a page in the order in which they begin."""
    blocks = [_Block(tree, quoted=False)]
    stack = [blocks[0]]
    links = 0
    walk = etree.iterwalk(tree, events=("start", "end"))
    for event, element in walk:
        tag = element.tag
        passed = not isinstance(tag, str) or tag in _PASSED_OVER
        if event == "start":
            if passed:
                walk.skip_subtree()
                continue
            block = stack[-1]
            if tag in _BLOCKS and element is not tree:
                # A page whose body carries a class such as "has-sidebar" is not one sidebar.
                marks = "" if tag == "body" else f"{element.get('class') or ''} {element.get('id') or ''}"
                marked = (*block.marked, element) if _OTHER_PART.search(marks) else block.marked
                block = _Block(element, block.quoted or tag in ("blockquote", "q"), marked)
                stack.append(block)
                blocks.append(block)
            elif tag == "br":
                block.parts.append(" ")
            links += tag == "a"
            _add(block, element.text, links)
        else:
            if not passed:
                links -= tag == "a"
                if tag in _BLOCKS and element is not tree:
                    stack.pop()
            _add(stack[-1], element.tail, links)
    return blocks


def _add(block: _Block, text: str | None, links: int) -> None:
    if text:
        block.parts.append(text)
        block.linked += len(text.strip()) if links else 0


def _weights(matched: list[tuple[_Block, str]]) -> dict[HtmlElement, int]:
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
