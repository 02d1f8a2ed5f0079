"""Words of a statement, reduced to what they name and weighted by how rare they are in news."""

import math
import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from claims.extraction.countries import countries, mentions
from claims.stems import stemmed

_WORD = re.compile(r"\d+(?:[.,]\d+)*|[^\W_]+")
_STOP = frozenset((Path(__file__).parent / "stopwords.txt").read_text(encoding="utf-8").split())
#: Words that name the same number of things, and the combining forms of countries.
_SAME = {
    "dual": "two",
    "twin": "two",
    "double": "two",
    "2": "two",
    "triple": "three",
    "3": "three",
    "sino": "china",
    "russo": "russia",
    "franco": "france",
    "anglo": "unitedkingdom",
    "indo": "india",
}


#: What the name of a country or region weighs at most; a word of one passage in seven weighs as much.
PLACE_RARITY = 2.0


@cache
def _frequencies() -> tuple[int, dict[str, int]]:
    """Return the number of passages counted and in how many of them each stem occurs."""
    lines = (Path(__file__).parent / "rarity.tsv").read_text(encoding="utf-8").splitlines()
    passages = int(lines[0].removeprefix("# passages="))
    return passages, {stem: int(n) for stem, n in (line.split("\t") for line in lines[1:])}


def words(text: str) -> list[str]:
    """Return the words of `text` in order, lower-cased, without marks; hyphenated words come apart."""
    return [match.group().lower() for match in _WORD.finditer(text)]


@cache
def _regions() -> re.Pattern[str]:
    names = (Path(__file__).parent / "regions.txt").read_text(encoding="utf-8").split("\n")
    alternatives = "|".join(re.escape(name) for name in sorted(filter(None, names), key=len, reverse=True))
    return re.compile(rf"(?<!\w)(?:{alternatives})(?!\w)", re.IGNORECASE)


def _one_word(place: str) -> str:
    return "".join(_WORD.findall(place)).lower()


def _with_places(text: str) -> str:
    """Return `text` with each region as one word, and each capital, demonym and seat replaced by its country."""
    text = _regions().sub(lambda match: _one_word(match.group()), text)
    parts, place = [], 0
    for start, end, country in mentions(text):
        parts += [text[place:start], _one_word(country)]
        place = end
    return "".join([*parts, text[place:]])


@cache
def stem(word: str) -> str:
    """Return a word's stem (Porter 2, as in PostgreSQL's english dictionary)."""
    word = _SAME.get(word, word)
    return stemmed(word)


def terms(text: str) -> list[str]:
    """Return the stems of the words of `text` that are not mere grammar, in order.

    Countries count as the same word by name, capital and demonym: "Beijing", "Chinese" and "Sino-" give "china".
    """
    return [stem(word) for word in words(_with_places(text)) if word not in _STOP]


@cache
def _places() -> frozenset[str]:
    names = (Path(__file__).parent / "regions.txt").read_text(encoding="utf-8").split("\n")
    return frozenset(stem(_one_word(name)) for name in (*countries(), *filter(None, names)))


def is_place(term: str) -> bool:
    """Return whether a stem names a country or region."""
    return term in _places()


@cache
def rarity(term: str) -> float:
    """Return the inverse passage frequency of a stem in news: about 3 for "peopl", 10 for one never counted.

    A place tells where, not what: its name counts as common, whichever places the counted news wrote of.
    """
    passages, frequencies = _frequencies()
    weight = math.log((passages + 1) / (frequencies.get(term, 0) + 1))
    return min(weight, PLACE_RARITY) if is_place(term) else weight


def rarest(terms: Iterable[str], *, limit: int = 12) -> list[str]:
    """Return the rarest of some stems, rarest first: what a statement's kin are found by."""
    return sorted(set(terms), key=lambda term: (-rarity(term), term))[:limit]
