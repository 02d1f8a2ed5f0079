"""Know countries by name, capital, demonym and the houses that speak for them."""

import re
from functools import cache, lru_cache

from claims.extraction.lexicon import rows


@cache
def _names() -> dict[str, str]:
    """Return every name and capital of a country, in lower case, with the country."""
    names: dict[str, str] = {}
    for country, capital, _, others in rows("countries.tsv"):
        for name in (country, capital, *filter(None, others.split("|"))):
            names.setdefault(name.lower(), country)
    return names


@cache
def _demonyms() -> dict[str, str]:
    return {
        demonym.lower(): country
        for country, _, demonyms, _ in rows("countries.tsv")
        for demonym in filter(None, demonyms.split("|"))
    }


@cache
def _seats() -> dict[str, str]:
    return {seat.lower(): country for seat, country in rows("seats.tsv")}


@cache
def _mention() -> re.Pattern[str]:
    words = sorted({*_names(), *_demonyms(), *_seats()}, key=len, reverse=True)
    return re.compile(r"(?<!\w)(?:" + "|".join(map(re.escape, words)) + r")(?!\w)", re.IGNORECASE)


def countries() -> list[str]:
    """Return the names of all countries."""
    return [row[0] for row in rows("countries.tsv")]


def country(name: str) -> str:
    """Return the country that a name or capital stands for, or ""."""
    return _names().get(name.lower(), "") or _names().get(name.lower().removeprefix("the "), "")


def is_demonym(word: str) -> bool:
    """Return whether a word names the people of a country, one of them or what is theirs ("Ghanaian", "Ghanaians")."""
    lowered = word.lower()
    return lowered in _demonyms() or lowered.removesuffix("s") in _demonyms()


def seat(name: str) -> str:
    """Return the country for which a house or office speaks ("White House"), or ""."""
    return _seats().get(name.lower().removeprefix("the "), "")


def mentions(text: str) -> list[tuple[int, int, str]]:
    """Return (start, end, country) of each name, capital, demonym or seat of a country in `text`."""
    found = []
    for match in _mention().finditer(text):
        word = match.group()
        # "us", "turkey" and "polish" in lower case are no countries.
        if word[0].isupper():
            lowered = word.lower()
            country = _demonyms().get(lowered) or _names().get(lowered) or _seats()[lowered]
            found.append((match.start(), match.end(), country))
    return found


@lru_cache(maxsize=4096)
def country_in(phrase: str) -> str:
    """Return the first country that a phrase names by name, capital, demonym or seat, or ""."""
    return next((country for _, _, country in mentions(phrase)), "")
