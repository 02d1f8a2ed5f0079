"""Words of a text with their places, in any script."""

import re
from dataclasses import dataclass

from claims.wording.tables import group

_HAN = "\u2e80-\u2fdf\u3005-\u3007\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
# Vowel signs and accents that are letters of their word in Indic, Arabic and Hebrew script, or were not composed.
_SIGNS = "\u0300-\u036f\u0591-\u05c7\u064b-\u0670\u0900-\u0903\u093a-\u094f\u0981-\u0983\u09bc-\u09cd\u0e31-\u0e4e"
_LETTER = rf"(?:(?![{_HAN}])[^\W_]|[{_SIGNS}])"
_WORD = re.compile(
    r"(?:[^\W\d_]\.){2,}"
    r"|\d+(?:[.,:]\d+)*(?:(?i:st|nd|rd|th|s|k|mn?|bn|tn)(?![^\W_]))?"
    rf"|[{_HAN}]"
    rf"|{_LETTER}+(?:['’]{_LETTER}+)*"
)
_OPENING = re.compile(r"[.!?…:。！？\n]|[\"“‘«„]$")
_SENTENCE_END = re.compile(r"[.!?…。！？\n]")
_BREAK = re.compile(r"[.!?;:…。！？；：—–\n]|\s-\s")


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a text: its place, and its letters without case.

    gap: what stands between it and the word before.
    Chinese and Japanese are written without spaces: each of their characters is a word.
    """

    text: str
    start: int
    end: int
    key: str
    gap: str

    @property
    def is_han(self) -> bool:
        return bool(re.match(rf"[{_HAN}]", self.text))

    @property
    def is_number(self) -> bool:
        return self.text[0].isdecimal()

    @property
    def is_capital(self) -> bool:
        return self.text[0].isupper()

    @property
    def opens_sentence(self) -> bool:
        """Whether a sentence, or a quotation that may be one, begins with it."""
        return not self.start or bool(_OPENING.search(self.gap))

    @property
    def after_sentence(self) -> bool:
        """Whether a sentence ends before it; a quotation that opens inside one ends none."""
        return bool(_SENTENCE_END.search(self.gap))

    @property
    def after_break(self) -> bool:
        """Whether a clause ends before it by its punctuation, commas apart."""
        return bool(_BREAK.search(self.gap))


def words(text: str) -> list[Word]:
    """Return the words of a text in order; marks and spaces are their gaps."""
    found: list[Word] = []
    end = 0
    for match in _WORD.finditer(text):
        key = match.group().casefold().replace("’", "'").replace("ё", "е")
        if key.count(".") > 2:
            key = key.replace(".", "")  # "C.I.A.", but "U.S." is not "us"
        gap = text[end : match.start()]
        if found and found[-1].key in group("abbreviations"):
            gap = gap.removeprefix(".")
        found.append(Word(match.group(), match.start(), match.end(), key, gap))
        end = match.end()
    return found
