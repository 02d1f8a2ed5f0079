"""Numbers in a text by what they amount to, however they are written."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

from claims.wording.tables import group
from claims.wording.tokens import Word, words

_SMALL = (
    "zero|null ноль 零,one|一,two|dual twin deux zwei dos два две двух 二 两,three|triple trois drei tres три трех 三,"
    "four|quatre vier cuatro четыре четырех 四,five|cinq fünf cinco пять пяти 五,six|sechs seis шесть шести 六,"
    "seven|sieben siete семь семи 七,eight|huit acht ocho восемь восьми 八,nine|neun nueve девять девяти 九,"
    "ten|dix zehn diez десять десяти,eleven,twelve,thirteen,fourteen,fifteen,sixteen,seventeen,eighteen,nineteen"
)
_UNITS = {
    word: Fraction(value) for value, row in enumerate(_SMALL.split(",")) for word in row.replace("|", " ").split()
}
_TENS = {
    word: Fraction(10 * value)
    for value, word in enumerate("twenty thirty forty fifty sixty seventy eighty ninety".split(), start=2)
}
_SCALES = {
    word: Fraction(10) ** power
    for power, row in (
        (2, "hundred"),
        (3, "thousand k mille tausend mil тысяч тысячи тысяча тыс"),
        (6, "million m mn mln millions millionen millón millones миллион миллиона миллионов млн"),
        (9, "billion bn milliard milliards milliarde milliarden миллиард миллиарда миллиардов млрд"),
        (12, "trillion tn триллион триллиона триллионов трлн"),
    )
    for word in row.split()
}
_SCALES["dozen"] = Fraction(12)
_HAN_SCALES = {"十": 10, "百": 100, "千": 1000, "万": 10**4, "萬": 10**4, "亿": 10**8, "億": 10**8}
_FRACTIONS = {"half": 2, "halves": 2, "third": 3, "thirds": 3, "quarter": 4, "quarters": 4, "fifth": 5, "fifths": 5}
_ORDINALS = {
    word: Fraction(value)
    for value, word in enumerate("first second third fourth fifth sixth seventh eighth ninth tenth".split(), start=1)
}
_PERCENT = frozenset("percent pct prozent процент процента процентов процентам".split())
_CURRENCIES = {
    name: sign
    for sign, names in (
        ("$", "$ dollar dollars usd доллар доллара долларов"),
        ("€", "€ euro euros eur евро"),
        ("£", "£ pound pounds sterling gbp"),
        ("¥", "¥ yuan renminbi rmb yen юаней"),
        ("₽", "₽ ruble rubles rouble roubles рублей"),
        ("₹", "₹ rupee rupees"),
    )
    for name in names.split()
}
_DIGITS = re.compile(r"(\d+(?:[.,:]\d+)*)(st|nd|rd|th|s|k|mn?|bn|tn)?")
#: Two amounts of which one is told as rough agree when they are this near.
ROUGHLY = Fraction(1, 20)


@dataclass(frozen=True)
class Amount:
    """A number and the words that it takes: `start` to `end` in the words of its text.

    value: None for what is no quantity, such as a time of day; `key` tells it then.
    unit: "%", "pp" (percentage points), a currency's sign, "th" for an ordinal, or "".
    """

    start: int
    end: int
    key: str
    value: Fraction | None
    unit: str = ""
    rough: bool = False

    def agrees(self, other: "Amount") -> bool:
        """Whether both tell the same, one of them rounded perhaps; a unit that one leaves out is no difference."""
        if self.unit != other.unit and self.unit and other.unit:
            return False
        if self.value is None or other.value is None:
            return self.key == other.key
        gap = abs(self.value - other.value)
        return not gap or ((self.rough or other.rough) and gap <= ROUGHLY * max(self.value, other.value))


def amounts(text_words: Sequence[Word]) -> list[Amount]:
    """Return the numbers among words, in order; "one" by itself counts less often than it stands for a person."""
    found, at = [], 0
    while at < len(text_words):
        amount = _amount(text_words, at)
        if amount is not None:
            found.append(amount)
            at = amount.end
        else:
            at += 1
    return found


@lru_cache(maxsize=4096)
def numbers(text: str) -> frozenset[str]:
    """Return the numbers in a text by value: "1.5 million" and "1,500,000" are one; written ordinals are left out."""
    found = words(text)
    return frozenset(amount.key for amount in amounts(found) if amount.unit != "th" or found[amount.start].is_number)


def _amount(row: Sequence[Word], start: int) -> Amount | None:
    read = _digits(row, start) or _han(row, start) or _fraction(row, start) or _written(row, start)
    if read is None:
        return None
    value, key, end, unit = read
    unit, end = _unit(row, start, end) if not unit else (unit, end)
    before = {word.key for word in row[max(0, start - 2) : start]}
    return Amount(start, end, key, value, unit, rough=bool(before & group("about")))


_Read = tuple[Fraction | None, str, int, str]


def _digits(row: Sequence[Word], start: int) -> _Read | None:
    if not row[start].is_number or (match := _DIGITS.fullmatch(row[start].key)) is None:
        return None
    digits, suffix = match.groups()
    if ":" in digits:
        return None, digits, start + 1, ""
    value = _plain(digits)
    end = start + 1
    if end < len(row) and row[end].gap == "/" and 1 < _denominator(row[end]) <= 10 and value < _denominator(row[end]):
        value /= _denominator(row[end])
        return value, _key(value), end + 1, ""
    if suffix in ("st", "nd", "rd", "th"):
        return value, _key(value), end, "th"
    if suffix == "m" and not row[start].gap.endswith(tuple("$€£¥₽₹")):
        suffix, end = None, end  # "5m" is a length unless money is told of
    if suffix in _SCALES:
        value *= _SCALES[suffix]
    elif end < len(row) and not row[end].after_break:
        scale = row[end].key
        # "5 m" is a length.
        while (scale in _SCALES and scale not in ("m", "mil")) or scale in ("万", "萬", "亿", "億", "千", "百"):
            value *= _SCALES.get(scale) or _HAN_SCALES[scale]
            end += 1
            scale = row[end].key if end < len(row) else ""
    return value, _key(value), end, ""


def _denominator(word: Word) -> int:
    return int(word.key) if len(word.key) <= 2 and word.key.isdecimal() else 0


def _plain(digits: str) -> Fraction:
    """Return the value of digits: "1,500,000", "1.500.000", "1.5" and "1,5"."""
    groups = re.split(r"[.,]", digits)
    marks = set(re.findall(r"[.,]", digits))
    thousands = len(groups) > 2 or marks == {","}
    if thousands and len(marks) == 1 and all(len(digits) == 3 for digits in groups[1:]):
        return Fraction("".join(groups))
    if len(marks) == 2:
        return Fraction("".join(groups[:-1]) + "." + groups[-1])
    if len(groups) == 2:
        return Fraction(f"{groups[0]}.{groups[1]}")
    return Fraction("".join(groups))


def _written(row: Sequence[Word], start: int) -> _Read | None:
    """Read "twenty-one", "two hundred and five thousand", "a million", "half a million", "five and a half"."""
    total, group, end = Fraction(0), Fraction(0), start
    first, counted = row[start].key, False
    half = Fraction(1)
    if first == "half" and _keys(row, start + 1, 1) in (("a",), ("an",)) and _keys(row, start + 2, 1)[:1] != ():
        if _keys(row, start + 2, 1)[0] not in _SCALES:
            return None
        half, end, group = Fraction(1, 2), start + 2, Fraction(1)
    elif first in ("a", "an", "one") and _keys(row, start + 1, 1)[:1] and _keys(row, start + 1, 1)[0] in _SCALES:
        end, group = start + 1, Fraction(1)
    while end < len(row) and (end == start or not row[end].after_break):
        key = row[end].key
        if key in _UNITS and (len(key) > 1 or not row[end].is_han):
            if (counted and group % 10) or ("," in row[end].gap and end > start):
                break
            group += _UNITS[key]
        elif key in _TENS:
            if counted and group % 100:
                break
            group += _TENS[key]
        elif key in _SCALES and len(key) > 2 and (group or total):
            if _SCALES[key] == 100 or key == "dozen":
                group *= _SCALES[key]
            else:
                total, group = total + group * _SCALES[key], Fraction(0)
        elif key == "and" and counted and _continues(row, end + 1, scale=bool(total) or group >= 100):
            if _keys(row, end + 1, 2) in (("a", "half"), ("one", "half")):
                group, end = group + Fraction(1, 2), end + 3
                continue
        else:
            break
        counted = True
        end += 1
    total = (total + group) * half
    if not counted or (end == start + 1 and first == "one"):
        return (_ORDINALS[first], _key(_ORDINALS[first]), start + 1, "th") if first in _ORDINALS else None
    return total, _key(total), end, ""


def _continues(row: Sequence[Word], at: int, *, scale: bool) -> bool:
    following = _keys(row, at, 2)
    if following in (("a", "half"), ("one", "half")):
        return True
    return scale and bool(following) and (following[0] in _UNITS or following[0] in _TENS)


def _fraction(row: Sequence[Word], start: int) -> _Read | None:
    """Read "two thirds", "a quarter of", "one third"."""
    parts = _keys(row, start, 2)
    if len(parts) < 2 or parts[1] not in _FRACTIONS or row[start + 1].after_break:
        return None
    if parts[0] in ("a", "one"):
        # "a third man", "a quarter past"
        if _keys(row, start + 2, 1) != ("of",):
            return None
        value = Fraction(1, _FRACTIONS[parts[1]])
    elif parts[0] in _UNITS and parts[1].endswith("s"):
        value = _UNITS[parts[0]] / _FRACTIONS[parts[1]]
    else:
        return None
    return value, _key(value), start + 2, ""


def _han(row: Sequence[Word], start: int) -> _Read | None:
    """Read Chinese numerals of more than one character, and 百分之五."""
    if not row[start].is_han:
        return None
    if _keys(row, start, 3) == ("百", "分", "之") and start + 3 < len(row):
        read = _digits(row, start + 3) or _han(row, start + 3)
        if read is None and row[start + 3].key in _UNITS:
            read = (_UNITS[row[start + 3].key], _key(_UNITS[row[start + 3].key]), start + 4, "")
        return (*read[:3], "%") if read is not None else None
    total, group, digit, end, scaled = 0, 0, 0, start, False
    while end < len(row) and (end == start or not row[end].gap):
        key = row[end].key
        if key in _HAN_SCALES:
            scale, scaled = _HAN_SCALES[key], True
            if scale >= 10**4:
                total, group, digit = total + (group + digit or 1) * scale, 0, 0
            else:
                group, digit = group + (digit or 1) * scale, 0
        elif row[end].is_han and key in _UNITS:
            digit = int(_UNITS[key])
        else:
            break
        end += 1
    # 千 and 万 alone are "very many"; 一 alone is "a".
    if not scaled or end - start < 2:
        return None
    value = Fraction(total + group + digit)
    return value, _key(value), end, ""


def _unit(row: Sequence[Word], start: int, end: int) -> tuple[str, int]:
    """Return the unit of the number in words `start` to `end`, and where the number ends with it."""
    following = _keys(row, end, 2)
    gap = row[end].gap if end < len(row) else ""
    if gap.startswith("%") or (following[:1] and following[0] in _PERCENT):
        return "%", end + (not gap.startswith("%"))
    if following in (("per", "cent"), ("pour", "cent"), ("por", "ciento")):
        return "%", end + 2
    if following == ("percentage", "points") or following == ("percentage", "point"):
        return "pp", end + 2
    sign = row[start].gap[-1:]
    if sign in _CURRENCIES:
        return _CURRENCIES[sign], end
    if following and not row[end].after_break and following[0] in _CURRENCIES:
        return _CURRENCIES[following[0]], end + 1
    return "", end


def _keys(row: Sequence[Word], start: int, count: int) -> tuple[str, ...]:
    return tuple(word.key for word in row[start : start + count])


def _key(value: Fraction) -> str:
    return str(value) if value.denominator in (3, 6, 7, 9) else format(float(value), ".12g")
