"""A text as what is aligned: words, and the numbers, dates, places and contractions that take several."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from claims.extraction import lexicon
from claims.extraction.countries import mentions
from claims.wording.amounts import Amount, amounts
from claims.wording.dates import DateTold, dates
from claims.wording.tables import group
from claims.wording.tokens import Word, words
from claims.wording.variants import compared_by, weight

#: Parts of a word that are written apart, with a hyphen, or together.
_PREFIXES = frozenset("co re pre anti counter non de inter multi over under post semi".split())
_AUXILIARIES = frozenset(
    "do does did is are was were has have had can could will would should shall might must need".split()
)
_IRREGULAR = {"won't": ("will", "not"), "can't": ("can", "not"), "cannot": ("can", "not"), "shan't": ("shall", "not")}
_ENDINGS = {"ll": "will", "re": "are", "ve": "have", "m": "am"}
_SUBJECTS = frozenset("i we you he she it they that there who".split())
PLACE_WEIGHT = 2.0


@dataclass(frozen=True, slots=True)
class Unit:
    """What is aligned as one: words `start` to `end`; none for the second part of a contraction.

    key: units with the same key tell the same. says: its words without case. told: the number or date. name: whether it
    names somebody or something. weight: how much it tells, 0.0 for mere grammar. clause, sentence: their numbers.
    """

    start: int
    end: int
    key: str
    says: tuple[str, ...]
    told: Amount | DateTold | None
    name: bool
    weight: float
    clause: int
    sentence: int

    @property
    def is_place(self) -> bool:
        return self.key.startswith("place:")


class Text:
    """A text with its words and units."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.words = words(text)
        self.units = list(_units(text, self.words))

    @cached_property
    def keys(self) -> list[str]:
        return [unit.key for unit in self.units]

    @cached_property
    def content_weight(self) -> float:
        return sum(unit.weight for unit in self.units)

    def printed(self, at: int) -> list[str]:
        """Return the words of a unit as they are printed, without case."""
        return [word.key for word in self.words[self.units[at].start : self.units[at].end]]

    def said(self, at: int) -> str:
        """Return the first word of a unit without case, "" where there is no such unit."""
        return self.units[at].says[0] if 0 <= at < len(self.units) else ""

    def other_half(self, at: int) -> int:
        """Return how far away the other half of a contraction is, 1 or -1; 0 for a unit that is none."""
        if self.units[at].start == self.units[at].end:
            return -1
        return int(at + 1 < len(self.units) and self.units[at + 1].start == self.units[at + 1].end)

    def cut(self, start: int, end: int) -> str:
        """Return units `start` to `end` as printed, with the marks that follow them up to the next word."""
        if start == end or (first := self.units[start].start) == (last := self.units[end - 1].end):
            return ""
        stop = self.words[last].start if last < len(self.words) else len(self.text)
        return self.text[self.words[first].start : stop].strip()

    def within(self, start: int, end: int) -> str:
        """Return units `start` to `end` as printed, without the marks that follow them."""
        first, last = self.words[self.units[start].start], self.words[max(self.units[end - 1].end - 1, 0)]
        return self.text[first.start : last.end]

    def phrase(self, unit: Unit) -> str:
        """Return a unit as printed, with the sign of its currency or percentage; of a contraction, the whole."""
        first, last = self.words[min(unit.start, unit.end - 1)], self.words[unit.end - 1]
        start, end = first.start, last.end
        if isinstance(unit.told, Amount):
            start -= start > 0 and self.text[start - 1] in "$€£¥₽₹"
            end += self.text[end : end + 1] == "%"
        return self.text[start:end]


def _units(text: str, row: Sequence[Word]) -> Iterator[Unit]:
    told: dict[int, Amount | DateTold] = {}
    taken: set[int] = set()
    for date_told in dates(row):
        told[date_told.start] = date_told
        taken.update(range(date_told.start, date_told.end))
    for amount in amounts(row):
        if taken.isdisjoint(range(amount.start, amount.end)):
            told[amount.start] = amount
            taken.update(range(amount.start, amount.end))
    places = _places(text, row)
    titles = _in_capitals(row)
    clause = sentence = at = 0
    while at < len(row):
        word = row[at]
        if at and word.after_sentence:
            sentence, clause = sentence + 1, clause + 1
        elif at and (word.after_break or _opens_clause(word)):
            clause += 1
        if at in told:
            found = told[at]
            key = found.key if isinstance(found, DateTold) else _number_key(found)
            end, name, told_weight = found.end, False, 0.0
        elif at in places and taken.isdisjoint(range(at, places[at][0])):
            end, key = places[at][0], f"place:{places[at][1]}"
            name, told_weight = True, PLACE_WEIGHT
        elif (parts := _contraction(word.key)) is not None:
            yield Unit(at, at + 1, parts[0], parts[:1], None, False, 0.0, clause, sentence)
            yield Unit(at + 1, at + 1, parts[1], parts[1:], None, False, 0.0, clause, sentence)
            at += 1
            continue
        else:
            end = at + 1
            spelled = word.key
            if end < len(row) and row[end].gap == "-" and word.key in _PREFIXES:
                spelled, end = word.key + row[end].key, end + 1
            key, told_weight = compared_by(spelled), weight(spelled)
            name = not titles and _is_name(word)
        says = tuple(w.key for w in row[at:end])
        yield Unit(at, end, key, says, told.get(at), name, told_weight, clause, sentence)
        at = end


def _is_name(word: Word) -> bool:
    if not word.is_capital or word.key in lexicon.group("nobody"):
        return False
    # An acronym is a name also where a sentence begins.
    return not word.opens_sentence or (word.text.isupper() and len(word.text) > 1)


def _number_key(amount: Amount) -> str:
    return f"number:{amount.key}{amount.unit}"


def _opens_clause(word: Word) -> bool:
    if word.key in group("clause_openers"):
        return True
    return ("," in word.gap and word.key in group("clause_openers_after_comma")) or "，" in word.gap or "、" in word.gap


def _in_capitals(row: Sequence[Word]) -> bool:
    """Whether most words begin with a capital, as in a headline: then capitals tell no names."""
    cased = [word for word in row if word.text[0].isalpha() and not word.is_han]
    return len(cased) > 3 and sum(word.is_capital for word in cased) * 3 > len(cased) * 2


def _places(text: str, row: Sequence[Word]) -> Mapping[int, tuple[int, str]]:
    """Return, by first word, the end and the country of each name, capital, demonym or seat of a country."""
    starts = {word.start: number for number, word in enumerate(row)}
    ends = {word.end: number + 1 for number, word in enumerate(row)}
    found = {}
    for start, end, country in mentions(text):
        # "China's" is one word.
        last = ends.get(end) or ends.get(end + 2)
        if start in starts and last is not None:
            found[starts[start]] = (last, country)
    return found


def _contraction(key: str) -> tuple[str, str] | None:
    """Return the two words that a contraction is made of: "won't" gives "will" and "not"."""
    if key in _IRREGULAR:
        return _IRREGULAR[key]
    if key.endswith("n't") and key[:-3] in _AUXILIARIES:
        return key[:-3], "not"
    subject, mark, ending = key.rpartition("'")
    if mark and ending in _ENDINGS and subject in _SUBJECTS:
        return subject, _ENDINGS[ending]
    return None
