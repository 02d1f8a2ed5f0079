"""Credit lines: where an article says that it comes from. No database."""

import json
import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Literal

METHOD = "credit-lines-2"

#: How far into a text a dateline may stand, and how far before its end a closing credit.
HEAD_CHARACTERS, TAIL_CHARACTERS = 700, 600

Kind = Literal["credit", "citation"]


@dataclass(frozen=True)
class KnownOutlet:
    """An outlet that the project ships, with the names it goes by.

    sign_off: a pattern of the line that ends its dispatches in its house style, with or without its name.
    """

    name: str
    kind: str
    aliases: tuple[str, ...]
    sign_off: str = ""


@dataclass(frozen=True)
class Credit:
    """A credit line, or the citation of another outlet's report.

    name: the outlet as printed. partial: it adds to the outlet's own reporting rather than replacing it.
    start, end: the line's offsets in the text; None where it stands beside the text, as in a byline.
    """

    name: str
    partial: bool
    start: int | None
    end: int | None
    kind: Kind = "credit"


@cache
def shipped_outlets() -> tuple[KnownOutlet, ...]:
    """Return the world's main agencies, with their names in several languages."""
    rows = json.loads((Path(__file__).parent / "agencies.json").read_text(encoding="utf-8"))
    return tuple(KnownOutlet(row["name"], row["kind"], tuple(row["aliases"]), row.get("sign_off", "")) for row in rows)


@cache
def shipped_names() -> frozenset[str]:
    return frozenset(name for outlet in shipped_outlets() for name in (outlet.name, *outlet.aliases))


# The names in a credit stop at the end of its sentence, line or bracket.
_LIST = r"[^().;:\n\[\]“”\"]{1,120}"
_DASH = r"(?:[-—–−:]|--)"
# Parts of a list of names; a slash also parts an agency from its photographer.
_SEPARATOR = re.compile(
    r"\s*(?:[,;|&，、،]|\b(?:and|und|et|y|e|и)\b(?=\s)|[和及与]|(?<=\s)و\s?)\s*(?:and\s+)?|\s+[-–—]\s+|\s*/\s*"
)
_ARTICLE = re.compile(
    r"^(?:by|von|par|por|the|agencies|agency|agence|agencia|агентства?|news\s+agency|der|die|den|la|el|l['’])\s+(?=\S)",
    re.IGNORECASE,
)
# "Associated Press business writer Ana Silva in Lima", "AP's Jon Berg"
_OF_STAFF = re.compile(
    r"(?:['’]s?\s.*|\s+(?:(?:business|economics|legal|medical|national|political|science|sports|special|staff)\s+)*"
    r"(?:writers?|reporters?|correspondents?|journalists?|staff|bureau|newswires?|wire(?:\s+services?)?"
    r"|news\s+(?:agency|service)|editors?)\b.*)$",
    re.IGNORECASE,
)
# "AP Auto Writer"
_ROLE = re.compile(r"(?:[A-Za-z]+\s+){0,3}(?:writers?|reporters?|correspondents?)$", re.IGNORECASE)
_LOOKS_LIKE_OUTLET = re.compile(
    r"\b(?:News|Times|Post|Press|Agency|Herald|Tribune|Journal|Gazette|Daily|TV|Radio|Broadcasting|Network|Magazine"
    r"|Media|Telegraph|Guardian|Observer|Chronicle|Examiner|Standard|Bulletin|Review|Mail|Globe|Star)\b|^[A-Z]{3,6}$"
)
_NO_OUTLET = re.compile(
    r"^(?:news\s+|other\s+|various\s+|wire\s+)?(?:agenc(?:y|ies)|reports?|sources?)$", re.IGNORECASE
)

# Part of the text comes from there: "(With inputs from Xinhua)", "avec AFP", "по материалам ТАСС".
# First the words it may begin with are sought, which is quick; the pattern itself is tried there only.
_INPUTS_BEGIN = re.compile(
    "|".join(
        form
        for word in "with additional includ using compiled adapted avec mit con com по с بمشاركة مع".split()
        for form in dict.fromkeys((word, word.capitalize(), word.upper()))
    )
)
_INPUTS = re.compile(
    rf"""(?:
        (?:with|additional|includ(?:es?|ing)|using)\s+(?:additional\s+)?(?:inputs?|reporting|reports?|material
          |information|contributions?|files|content|agency\s+inputs?)\s+(?:from|by)
        |compiled\s+from|adapted\s+from
        |(?<=[(（])(?:with|avec|mit|con|com|с)(?=\s)
        |avec\s+(?:l['’])?(?=(?-i:AFP|AP|Reuters|EFE)\b)
        |mit\s+(?:Material|Informationen|Inhalten)\s+(?:von|der|des)
        |con\s+(?:informaci[oó]n(?:es)?|datos|material)\s+de|con\s+informazioni\s+d[ai]
        |com\s+informa[cç][oõ]es\s+d[aeo]s?
        |по\s+материалам|с\s+использованием\s+материалов
        |بمشاركة|مع\s+معلومات\s+من
    )\s*:?\s*(?P<names>{_LIST})[)）]?""",
    re.IGNORECASE | re.VERBOSE,
)
_INPUTS_UNSPACED = re.compile(
    r"[(（]?(?:综合|綜合|编译自|編譯自)(?P<names>[\u4e00-\u9fff、和及]{2,20}?)(?:等)?(?:的)?(?:报道|報道|消息|电|電)[)）]?"
)
_CONTRIBUTED = re.compile(
    r"\s+(?:also\s+)?contributed\s+(?:(?:reporting\s+|material\s+)?(?:to|for)\s+)?(?:this\s+|the\s+)?"
    r"(?:report|story|article|dispatch)\b"
)
_SENTENCE_END = re.compile(r"[.;:\n()\[\]]")
# Where the story was found: "h/t: The Hill".
_HAT_TIP = re.compile(rf"(?:\bh/t\b|\bhat[ -]tip\b)\s*(?:to\b)?\s*:?\s*(?P<names>{_LIST})", re.IGNORECASE)
# All of it comes from there: "(Source: Xinhua)".
_SOURCE = re.compile(
    r"^\s*[(（\[【]?\s*(?:source|via|来源|來源|稿源|источник|quelle|fuente|fonte|المصدر)\s*[:：]\s*"
    r"(?P<names>[^()（）\[\]【】\n|]{2,80}?)\s*(?:[|)）\]】]|\s{2}|\bEditor\b|\b(?:19|20)\d\d\b|$)",
    re.IGNORECASE | re.MULTILINE,
)
_COPYRIGHT = re.compile(
    r"(?:©|\(c\)|copyright)[\s©]*(?:\(c\)\s*)?(?:\d{4}(?:[-–]\d{4})?,?\s*)?(?:by\s+)?(?P<names>[^\n.©]{2,60})",
    re.IGNORECASE,
)
_DATELINES = (
    # LIMA, Peru (AP) — … ; Berlin (dpa/AP) - …
    re.compile(rf"^[^\n()（）]{{0,70}}[(（](?P<names>[^()（）\n]{{2,40}})[)）]\s*{_DASH}", re.MULTILINE),
    # New Delhi, Jan 5 (PTI) The … ; (Reuters) The …
    re.compile(r"^(?:[^\n()]{2,60}\d\.?\s*)?\((?P<names>[^()\n]{2,40})\)\s+(?=\S)", re.MULTILINE),
    # MOSCOW, January 5. /TASS/.
    re.compile(r"^[^\n/]{0,70}/(?P<names>[^/\n]{2,30})/", re.MULTILINE),
    # МОСКВА, 5 янв - РИА Новости.
    re.compile(r"^[^\n.!?“”\"]{2,40}\d[^\n.!?“”\"]{0,12}\s[-—–]\s(?P<names>[^\n.,]{2,30})[.,]\s", re.MULTILINE),
    # 新华社北京1月5日电
    re.compile(
        r"^[(（【]?(?P<names>[\u4e00-\u9fff]{1,6}?[社网網])[^\s，。\n]{0,12}?\d{1,2}日[^\s，。\n]{0,3}[电電]",
        re.MULTILINE,
    ),
)
# A line of its own below the title: "Associated Press", "By Ana Silva, Associated Press".
_BYLINE = re.compile(
    r"^[ \t]*(?:by\s[^\n,]{2,60},\s*|by\s+)?(?P<names>[^\n.,:()]{2,60}?)[ \t]*$", re.IGNORECASE | re.MULTILINE
)
_CLOSING_CODE = re.compile(r"[(（\[](?P<names>[^()（）\[\]\n]{2,40})[)）\]][\s.]*$")
_CLOSING_LINE = re.compile(r"\n[ \t]*[-—–/]*[ \t]*(?P<names>[^\n.()]{2,40}?)[ \t/]*\s*$")
# Another's report as the source of something in the text: "according to Reuters", "TASS reported".
_CITED_AFTER = re.compile(
    r"(?<!\w)(?:according\s+to|reported\s+by|told|citing|quoted\s+by|selon|d['’]après|laut|según|segundo|secondo"
    r"|сообща[ею]т|сообщил[аои]?|переда[её]т|по\s+данным|ذكرت|نقلت|أفادت)"
    r"(?:\s+(?:the|state|news|agency|die|der|la|Nachrichtenagentur|agence|agencia|агентств[оа]|информагентство|وكالة))*"
    r"\s+(?:l['’])?(?P<words>\w[\w-]*(?:[ ]\w[\w-]*){0,3})",
    re.IGNORECASE,
)
_CITING = re.compile(
    r"(?<=\s)(?:(?:news[ ]agency|state[ ]media|has|had|also|first)[ ]){0,2}"
    r"(?:reported|reports|quoted|cited|berichtet|meldet|informó|rapporte|сообщает|передает)(?!\w)"
)
_LAST_WORDS = re.compile(r"\S+\s")
_CITED_UNSPACED = re.compile(r"[据據](?P<words>[\u4e00-\u9fff]{2,10})[^\s，。]{0,12}?(?:报道|報道|消息)")


class _Names:
    """The names that are outlets'.

    Abbreviations are words, too ("Ani", "Spa"): they count as printed, and in codes such as "Berlin (dpa/ap) -" in
    lower case as well.
    """

    def __init__(self, names: Collection[str]) -> None:
        self._short = {name for name in names if name.isascii() and name.isalpha() and len(name) <= 5}
        self._codes = {name.lower() for name in self._short}
        self._long = {name.casefold() for name in names} - self._codes

    def known(self, part: str, *, code: bool = False) -> str:
        """Return the outlet's name that a part of a credit is, without "the" and its staff; "" where it is none."""
        for name in (_clean(part), _clean(_OF_STAFF.sub("", part.strip()))):
            if name in self._short or name.casefold() in self._long or (code and name in self._codes):
                return name
            # Datelines and bylines shout.
            if name.isupper() and name.casefold() in self._codes:
                return name
        first, _, role = part.strip().partition(" ")
        return first if first in self._short and _ROLE.fullmatch(role) else ""


@lru_cache(maxsize=256)
def _names(known: frozenset[str]) -> _Names:
    return _Names(known | shipped_names())


def find_credits(
    text: str, *, byline: str = "", stated: Iterable[str] = (), known: Collection[str] = ()
) -> list[Credit]:
    """Return an article's credit lines, one for each outlet named, and then the outlets whose reports it cites.

    stated: what the page or record names as authors, sources or providers. known: names of outlets, beside the shipped
    ones. An unknown name is taken only after "with inputs from" and the like, and where it is an outlet's by its look.
    """
    names = _names(frozenset(known))
    tail = max(0, len(text) - TAIL_CHARACTERS)
    head = min(len(text), HEAD_CHARACTERS)
    found: list[Credit] = []
    for dateline in _DATELINES:
        found += _credits(dateline.finditer(text, 0, head), names, partial=False, code=True, any_part=True)
    # The cut head may end within a line, which is then none.
    found += _credits(_BYLINE.finditer(text, 0, text.rfind("\n", 0, head) + 1), names, partial=False)
    found += [
        Credit(outlet.name, partial=False, start=tail + match.start(), end=tail + match.end())
        for outlet in shipped_outlets()
        if outlet.sign_off
        for match in re.finditer(outlet.sign_off, text[tail:])
    ]
    for whole in (_SOURCE, _COPYRIGHT, _CLOSING_LINE):
        found += _credits(whole.finditer(text, tail), names, partial=False)
    found += _credits(_CLOSING_CODE.finditer(text, tail), names, partial=False, code=True)
    for line in (byline, *stated):
        found += _beside(line, names)
    inputs = (*_inputs(text), *_INPUTS_UNSPACED.finditer(text))
    found += _credits(inputs, names, partial=True, any_part=True, unknown=True)
    found += _contributed(text, tail, names)
    found += _credits(_HAT_TIP.finditer(text), names, partial=True, any_part=True)
    found += _citations(text, names)
    first: dict[str, Credit] = {}
    for credit in found:
        first.setdefault(credit.name.casefold(), credit)
    return list(first.values())


def _credits(
    matches: Iterable[re.Match[str]],
    names: _Names,
    *,
    partial: bool,
    any_part: bool = False,
    code: bool = False,
    unknown: bool = False,
) -> Iterator[Credit]:
    """Yield the credits in some lines; any_part: a line may name others, too, who are no outlets."""
    for match in matches:
        parts = [part for part in _SEPARATOR.split(match.group("names")) if part and part.strip()]
        outlets = [names.known(part, code=code) or (_unknown(part) if unknown else "") for part in parts]
        if not any_part and not all(outlets):
            continue
        start = match.start() + len(match.group()) - len(match.group().lstrip())
        end = match.end() - len(match.group()) + len(match.group().rstrip())
        if start and match.string[start - 1] in "(（" and match.string[end - 1] in ")）":
            start -= 1
        for name in filter(None, outlets):
            yield Credit(name, partial, start, end)


def _inputs(text: str) -> list[re.Match[str]]:
    found = (_INPUTS.match(text, begin.start()) for begin in _INPUTS_BEGIN.finditer(text))
    return [match for match in found if match]


def _contributed(text: str, start: int, names: _Names, *, beside: bool = False) -> Iterator[Credit]:
    """Yield who contributed to the report; the names stand before the verb, back to the sentence's beginning."""
    for verb in _CONTRIBUTED.finditer(text, start):
        first = max(start, verb.start() - 200)
        first = max((end.end() for end in _SENTENCE_END.finditer(text, first, verb.start())), default=first)
        first += len(text[first : verb.start()]) - len(text[first : verb.start()].lstrip())
        for part in _SEPARATOR.split(text[first : verb.start()]):
            if part and (name := names.known(part)):
                span = (None, None) if beside else (first, verb.end())
                yield Credit(name, True, *span)


def _beside(line: str, names: _Names) -> Iterator[Credit]:
    """Yield the credits of a byline or a field: "By Ana Silva, Associated Press", "Gazette with AFP"."""
    yield from _contributed(line, 0, names, beside=True)
    for match in _inputs(line):
        for part in _SEPARATOR.split(match.group("names")):
            if name := names.known(part):
                yield Credit(name, partial=True, start=None, end=None)
    line = _INPUTS.sub("", line)
    line = re.sub(r"^\s*(?:source|via|©|copyright|\d{4}|[:\s])+", "", line, flags=re.IGNORECASE)
    for part in re.split(r"\s+via\s+", line):
        parts = [part for part in _SEPARATOR.split(part) if part and part.strip()]
        # "Agency/Name" is a photograph's.
        if "/" in part and not all(names.known(name) for name in parts):
            continue
        for name in filter(None, (names.known(part) or _after_person(part, names) for part in parts)):
            yield Credit(name, partial=False, start=None, end=None)


def _after_person(part: str, names: _Names) -> str:
    """Return the outlet that stands right after a person's name: "Ana Silva Associated Press"; "" for none."""
    words = part.split()
    for count in range(min(3, len(words) - 2), 0, -1):
        person, name = words[:-count], " ".join(words[-count:])
        a_person = len(person) <= 4 and all(word[:1].isupper() for word in person)
        if a_person and (count > 1 or name.isupper()) and (known := names.known(name)):
            return known
    return ""


def _citations(text: str, names: _Names) -> Iterator[Credit]:
    for match in _CITED_AFTER.finditer(text):
        words = match.group("words").split(" ")
        for count in range(len(words), 0, -1):
            if name := names.known(" ".join(words[:count])):
                end = match.start("words") + len(" ".join(words[:count]))
                yield Credit(name, partial=True, start=match.start(), end=end, kind="citation")
                break
    for verb in _CITING.finditer(text):
        words = _LAST_WORDS.findall(text, max(0, verb.start() - 60), verb.start())[-4:]
        for count in range(len(words), 0, -1):
            if name := names.known("".join(words[-count:])):
                start = verb.start() - len("".join(words[-count:]))
                yield Credit(name, partial=True, start=start, end=verb.end(), kind="citation")
                break
    for match in _CITED_UNSPACED.finditer(text):
        words = match.group("words")
        for count in range(len(words), 1, -1):
            if name := names.known(words[:count]):
                yield Credit(name, partial=True, start=match.start(), end=match.end(), kind="citation")
                break


def _unknown(part: str) -> str:
    """Return a name that is an outlet's by its look; "" for people, places and "agencies"."""
    name = _clean(part)
    outlet = _LOOKS_LIKE_OUTLET.search(name) and name[:1].isupper() and len(name.split()) <= 5
    return name if outlet and not _NO_OUTLET.match(name) else ""


def _clean(name: str) -> str:
    name = name.strip(" \t.,;:()[]\"“”'’‘/*_-—–")
    return _ARTICLE.sub("", name).strip() or name
