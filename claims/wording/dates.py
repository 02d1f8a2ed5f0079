"""Dates in a text: days, months, years, weekdays, and those told from the day of speaking."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from claims.wording.tokens import Word

_MONTHS = {
    word: number
    for number, row in enumerate(
        (
            "january jan janvier januar enero января январь январе",
            "february feb février februar febrero февраля февраль феврале",
            "march mar mars märz marzo марта март марте",
            "april apr avril abril апреля апрель апреле",
            "may mai mayo мая май мае",
            "june jun juin juni junio июня июнь июне",
            "july jul juillet juli julio июля июль июле",
            "august aug août agosto августа август августе",
            "september sept sep septembre septiembre сентября сентябрь сентябре",
            "october oct octobre oktober octubre октября октябрь октябре",
            "november nov novembre noviembre ноября ноябрь ноябре",
            "december dec décembre dezember diciembre декабря декабрь декабре",
        ),
        start=1,
    )
    for word in row.split()
}
#: Months whose English name is a word of its own too; so are the abbreviations of some.
_DOUBTFUL = frozenset("may march mar jan mai mars juni".split())
_WEEKDAYS = {
    word: number
    for number, row in enumerate(
        (
            "monday lundi montag lunes понедельник",
            "tuesday mardi dienstag martes вторник",
            "wednesday mercredi mittwoch miércoles среду среда",
            "thursday jeudi donnerstag jueves четверг",
            "friday vendredi freitag viernes пятницу пятница",
            "saturday samedi samstag sábado субботу суббота",
            "sunday dimanche sonntag domingo воскресенье",
        )
    )
    for word in row.split()
}
_HAN_WEEKDAYS = {"一": 0, "二": 1, "三": 2, "四": 3, "五": 4, "六": 5, "日": 6, "天": 6}
_DAYS_AWAY = {
    "yesterday": -1,
    "today": 0,
    "tonight": 0,
    "tomorrow": 1,
    "вчера": -1,
    "сегодня": 0,
    "завтра": 1,
    "hier": -1,
    "gestern": -1,
    "heute": 0,
    "demain": 1,
    "hoy": 0,
}
_HAN_DAYS_AWAY = {"昨": -1, "今": 0, "明": 1}
_SHIFTS = {"last": -1, "previous": -1, "past": -1, "this": 0, "current": 0, "next": 1, "coming": 1}
_PERIODS = frozenset("week month year quarter decade century".split())
_BEFORE_MONTH = frozenset(
    "in by of since until till before after from to during last next this early mid late through for between".split()
)
FIRST_YEAR, LAST_YEAR = 1600, 2200


@dataclass(frozen=True)
class DateTold:
    """A date as told, and the words that it takes: `start` to `end` in the words of its text.

    Parts that are not told are None. away: days from the day of speaking; period: ("month", 1) for "next month".
    """

    start: int
    end: int
    year: int | None = None
    month: int | None = None
    day: int | None = None
    weekday: int | None = None
    away: int | None = None
    period: tuple[str, int] | None = None

    @property
    def key(self) -> str:
        """What two dates share that are told alike."""
        parts = (self.year, self.month, self.day, self.weekday, self.away, self.period)
        return "date:" + " ".join("-" if part is None else str(part) for part in parts)

    def agrees(self, other: "DateTold", *, on: date | None = None, other_on: date | None = None) -> bool:
        """Whether both may be one date; what only one of them tells is no difference.

        on, other_on: the days on which the two were published, which "tomorrow" and "Friday" are counted from. Where
        one day is counted so and the other is not, a day between the two is no difference: it may have been said on
        the eve of publication.
        """
        told = [(getattr(self, part), getattr(other, part)) for part in ("year", "month", "day", "weekday", "period")]
        if any(a is not None and b is not None and a != b for a, b in told):
            return False
        if self.away is not None and other.away is not None:
            if on is None or other_on is None:
                return self.away == other.away
            return abs((on + timedelta(self.away) - other_on - timedelta(other.away)).days) <= int(on != other_on)
        day, other_day = self._day(on), other._day(other_on)
        if day is not None and other_day is not None:
            return abs((day - other_day).days) <= 1
        for known, told_only in ((day, other), (other_day, self)):
            if known is not None and told_only.weekday is not None:
                apart = (known.weekday() - told_only.weekday) % 7
                return apart in (0, 1, 6)
        return True

    def _day(self, on: date | None) -> date | None:
        """Return the day that is told, counted from `on` where it has to be."""
        if self.away is not None:
            return on + timedelta(self.away) if on is not None else None
        year = self.year or (on.year if on is not None else None)
        if year is None or self.month is None or self.day is None:
            return None
        try:
            return date(year, self.month, self.day)
        except ValueError:
            return None  # 31 June: a misprint is no day


def dates(row: Sequence[Word]) -> list[DateTold]:
    """Return the dates among words, in order."""
    found, at = [], 0
    while at < len(row):
        told = _han(row, at) or _written(row, at) or _counted(row, at)
        if told is not None:
            found.append(told)
            at = told.end
        else:
            at += 1
    return found


def _written(row: Sequence[Word], at: int) -> DateTold | None:
    """Read "3 July 2017", "July 3, 2017", "July 2017", "July", "2017-07-03", "2017", "Monday"."""
    word = row[at]
    if word.key in _WEEKDAYS and (word.is_capital or not word.text.isascii()):
        return DateTold(at, at + 1, weekday=_WEEKDAYS[word.key])
    if (year := _year(row, at)) is not None:
        month, day = _small(row, at + 1, 12), _small(row, at + 2, 31)
        if month and day and row[at + 1].gap == row[at + 2].gap == "-":
            return DateTold(at, at + 3, year, month, day)
        return DateTold(at, at + 1, year=year)
    end, day = at, None
    if (day := _small(row, at, 31)) is not None:
        end += 1
        if end < len(row) and row[end].key in ("of", "de"):
            end += 1
        if end >= len(row) or not _is_month(row, end):
            return None
    elif not _is_month(row, at):
        return None
    month = _MONTHS[row[end].key]
    end += 1
    if day is None and (day := _small(row, end, 31)) is not None and not row[end].after_break:
        end += 1
    year = _year(row, end) if end < len(row) and not row[end].after_break else None
    return DateTold(at, end + (year is not None), year, month, day)


def _is_month(row: Sequence[Word], at: int) -> bool:
    word = row[at]
    if word.key not in _MONTHS or not (word.is_capital or not word.text.isascii()):
        return False
    if word.key not in _DOUBTFUL:
        return True
    # "May 3", "in May", "the 3rd of May", but not "May I" or "Theresa May".
    beside = [row[i] for i in (at - 1, at + 1) if 0 <= i < len(row)]
    return any(other.is_number for other in beside) or (at > 0 and row[at - 1].key in _BEFORE_MONTH)


def _counted(row: Sequence[Word], at: int) -> DateTold | None:
    """Read "tomorrow", "next week"."""
    if row[at].key in _DAYS_AWAY:
        return DateTold(at, at + 1, away=_DAYS_AWAY[row[at].key])
    if row[at].key in _SHIFTS and at + 1 < len(row) and row[at + 1].key in _PERIODS:
        return DateTold(at, at + 2, period=(row[at + 1].key, _SHIFTS[row[at].key]))
    return None


def _han(row: Sequence[Word], at: int) -> DateTold | None:
    """Read 2017年7月3日, 7月3日, 星期一, 明天."""
    keys = tuple(word.key for word in row[at : at + 6])
    if keys[0] in _HAN_DAYS_AWAY and keys[1:2] in (("天",), ("日",)):
        return DateTold(at, at + 2, away=_HAN_DAYS_AWAY[keys[0]])
    weekday = {"星期": 2, "周": 1, "礼拜": 2}
    for name, length in weekday.items():
        if "".join(keys[:length]) == name and keys[length : length + 1] and keys[length] in _HAN_WEEKDAYS:
            return DateTold(at, at + length + 1, weekday=_HAN_WEEKDAYS[keys[length]])
    parts: dict[str, int] = {}
    end = at
    for mark, name in (("年", "year"), ("月", "month"), ("日", "day")):
        if end + 1 < len(row) and row[end].text.isdecimal() and row[end + 1].key == mark:
            parts[name] = int(row[end].text)
            end += 2
    if not parts or parts.keys() == {"day"}:
        return None
    return DateTold(at, end, parts.get("year"), parts.get("month"), parts.get("day"))


def _small(row: Sequence[Word], at: int, most: int) -> int | None:
    """Return the day or month that a word of one or two digits tells."""
    if at >= len(row) or not row[at].is_number:
        return None
    digits = row[at].key.rstrip("stndrh")
    return int(digits) if len(digits) <= 2 and digits.isdecimal() and 1 <= int(digits) <= most else None


def _year(row: Sequence[Word], at: int) -> int | None:
    text = row[at].text if at < len(row) else ""
    if len(text) != 4 or not text.isdecimal() or not FIRST_YEAR <= int(text) <= LAST_YEAR:
        return None
    # "2000 soldiers", "$1999" and "1,950" are no years; "2017" with a comma is none of these.
    if row[at].gap[-1:] in tuple("$€£¥") or (at + 1 < len(row) and row[at + 1].gap.startswith("%")):
        return None
    follows = row[at + 1] if at + 1 < len(row) else None
    before = row[at - 1].key if at else ""
    led = (
        before in _BEFORE_MONTH or before in _MONTHS or before in ("year", "the") or _small(row, at - 1, 31) is not None
    )
    ends = follows is None or bool(follows.gap.strip()) or follows.key in ("and", "to", "or", "the", "at", "in", "was")
    return int(text) if led or ends or (follows is not None and follows.is_han) else None
