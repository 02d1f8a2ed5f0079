"""Credit lines: where an article says that it comes from. No database."""

import json
import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

METHOD = "credit-lines-1"

#: How far into a text a dateline may stand, and how far before its end a closing credit.
HEAD_CHARACTERS, TAIL_CHARACTERS = 700, 600


@dataclass(frozen=True)
class KnownOutlet:
    """An outlet that the project ships, with the names it goes by."""

    name: str
    kind: str
    aliases: tuple[str, ...]


@dataclass(frozen=True)
class Credit:
    """A credit line.

    name: the outlet as printed. partial: it adds to the outlet's own reporting rather than replacing it.
    start, end: the line's offsets in the text; None for a byline.
    """

    name: str
    partial: bool
    start: int | None
    end: int | None


@cache
def shipped_outlets() -> tuple[KnownOutlet, ...]:
    """Return the world's main agencies, with their names in several languages."""
    rows = json.loads((Path(__file__).parent / "agencies.json").read_text(encoding="utf-8"))
    return tuple(KnownOutlet(row["name"], row["kind"], tuple(row["aliases"])) for row in rows)


@cache
def shipped_names() -> frozenset[str]:
    return frozenset(name for outlet in shipped_outlets() for name in (outlet.name, *outlet.aliases))


# "(With inputs from Xinhua)", "With reporting by Reuters and AFP": part of the text comes from there.
_INPUTS = re.compile(
    r"\(?\b(?:with|additional)\s+(?:inputs?|reporting|reports?|material|information|contributions?|files)\s+(?:from|by)"
    r"\s+(?P<names>[^().\n]{2,120})\)?",
    re.IGNORECASE,
)
_CONTRIBUTED = re.compile(r"(?P<names>[^.\n()]{2,120}?)\s+contributed\s+(?:to\s+)?(?:this\s+)?(?:report|story|article)")
# "(Source: Xinhua)", "Source: Reuters": all of it does.
_SOURCE = re.compile(
    r"^\s*\(?\s*(?:source|credit|via|来源|источник|quelle|fuente)\s*[:：]\s*(?P<names>[^()\n]{2,80})\)?\s*$",
    re.IGNORECASE | re.MULTILINE,
)
_COPYRIGHT = re.compile(
    r"(?:©|\(c\)|copyright)[\s©]*(?:\(c\)\s*)?(?:\d{4}\s*)?(?:by\s+)?(?P<names>[^\n.]{2,60})", re.IGNORECASE
)
_DATELINE = re.compile(r"^[^\n()]{0,60}\((?P<names>[^()\n]{2,40})\)\s*(?:[-—–:]|--)", re.MULTILINE)
_CLOSING_CODE = re.compile(r"[(\[](?P<names>[^()\[\]\n]{2,40})[)\]]\s*$")
_SEPARATOR = re.compile(r"\s*(?:,|/|;|\band\b|&|，|、|和)\s*")


def find_credits(text: str, *, byline: str = "", known: Collection[str] = ()) -> list[Credit]:
    """Return an article's credit lines, one for each outlet named.

    known: names of outlets, beside the shipped ones. An unknown name is taken only after "with inputs from" and the
    like, which people are not credited with.
    """
    names = {name.casefold() for name in (*known, *shipped_names())}
    tail_start = max(0, len(text) - TAIL_CHARACTERS)
    found: list[Credit] = []
    found += _credits(_INPUTS.finditer(text), names, partial=True, unknown=True)
    found += _credits(_CONTRIBUTED.finditer(text, tail_start), names, partial=True)
    found += _credits(_SOURCE.finditer(text, tail_start), names, partial=False)
    found += _credits(_COPYRIGHT.finditer(text, tail_start), names, partial=False)
    found += _credits(_DATELINE.finditer(text, 0, min(len(text), HEAD_CHARACTERS)), names, partial=False)
    found += _credits(_CLOSING_CODE.finditer(text, tail_start), names, partial=False)
    found += [
        Credit(name, partial=False, start=None, end=None)
        for name in _SEPARATOR.split(re.sub(r"^\s*by\s+", "", byline, flags=re.IGNORECASE))
        if _clean(name).casefold() in names
    ]
    first: dict[str, Credit] = {}
    for credit in found:
        first.setdefault(credit.name.casefold(), credit)
    return list(first.values())


def _credits(
    matches: Iterable[re.Match[str]], names: set[str], *, partial: bool, unknown: bool = False
) -> Iterable[Credit]:
    for match in matches:
        for part in _SEPARATOR.split(match.group("names")):
            name = _clean(part)
            if name.casefold() in names or (unknown and name[:1].isupper() and len(name.split()) <= 5):
                start = match.start() + len(match.group()) - len(match.group().lstrip())
                yield Credit(name, partial, start, start + len(match.group().strip()))


def _clean(name: str) -> str:
    name = name.strip(" \t.,;:()[]\"“”'’")
    return re.sub(r"^(?:the|agencies|agency)\s+(?=\S)", "", name, flags=re.IGNORECASE) or name
