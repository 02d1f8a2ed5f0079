"""Past moments that corroboration can be asked for."""

from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.timezone import is_aware
from django.utils.translation import gettext as _


class MomentRefused(Exception):
    """A moment or a clock cannot be meant; `parameter` names which, the message says what can."""

    def __init__(self, parameter: str, message: str) -> None:
        super().__init__(message)
        self.parameter = parameter


class Clock(StrEnum):
    """By which time a moment is meant."""

    CAPTURED = "captured"
    PUBLISHED = "published"


@dataclass(frozen=True)
class Moment:
    """A past moment, inclusive.

    captured: what this site had captured by then, as it was read and decided by then.
    published: what had been published by then, as it is read and decided today.
    """

    at: datetime
    clock: Clock = Clock.CAPTURED


def read_moment(as_of: str, clock: str) -> Moment | None:
    """Return the moment that two parameters name; None where there is no `as_of`.

    A time without an offset is UTC, a day means its end. Raises MomentRefused.
    """
    if clock not in ("", *Clock):
        raise MomentRefused(
            "clock", _("The clock is “captured” or “published”, not “%(given)s”.") % {"given": clock[:40]}
        )
    if not as_of:
        if clock:
            raise MomentRefused("clock", _("A clock needs a moment: give as_of too."))
        return None
    at = _read_time(as_of.strip())
    if at > timezone.now():
        raise MomentRefused(
            "as_of", _("%(time)s UTC lies ahead; give a moment that has passed.") % {"time": f"{at:%Y-%m-%d %H:%M}"}
        )
    return Moment(at, Clock(clock or Clock.CAPTURED))


def _read_time(text: str) -> datetime:
    try:
        day = parse_date(text)
        # An unescaped + of an offset arrives as a space.
        at = parse_datetime(text.replace(" ", "+") if "T" in text else text)
        if day is not None:
            at = datetime(day.year, day.month, day.day, 23, 59, 59, 999_999, UTC)
        if at is not None:
            return at.astimezone(UTC) if is_aware(at) else at.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        pass
    raise MomentRefused(
        "as_of",
        _("“%(given)s” is no time; write it as 2017-07-03T12:00Z, or a day as 2017-07-03, which means its end.")
        % {"given": text[:40]},
    )
