"""Stretches of the calendar as texts name them, and the way from one to another."""

import calendar
import re
from dataclasses import dataclass
from datetime import date, timedelta
from enum import IntEnum, StrEnum
from functools import lru_cache


class Unit(IntEnum):
    """What time is counted in, finest first."""

    DAY, WEEKEND, WEEK, MONTH, QUARTER, HALF, YEAR, DECADE, CENTURY = range(9)


_MONTHS_IN = {Unit.MONTH: 1, Unit.QUARTER: 3, Unit.HALF: 6, Unit.YEAR: 12, Unit.DECADE: 120, Unit.CENTURY: 1200}


class Precision(StrEnum):
    """How exact a date is."""

    DAY = "day"
    MONTH = "month"
    QUARTER = "quarter"
    HALF = "half"
    YEAR = "year"
    SPAN = "span"


class DateKind(StrEnum):
    """Whether a date can be read by itself or only from the day it was written."""

    ABSOLUTE = "absolute"
    RELATIVE = "relative"


@dataclass(frozen=True, slots=True)
class DateMention:
    """A date expression: characters `start` to `end` of the body."""

    start: int
    end: int
    value: str | None  # as in TIMEX3, of a span 2004-09/2004-11; None where nothing says what the words are relative to
    precision: Precision
    kind: DateKind
    flaw: str | None = None  # what is impossible about it, in words


@dataclass(frozen=True, slots=True)
class Period:
    """The days from `first` to `last`, both included; `ends` says how exactly those of a span are named."""

    first: date
    last: date
    precision: Precision
    ends: Precision = Precision.DAY

    @property
    def value(self) -> str:
        """As in `DateMention`."""
        if self.precision is Precision.SPAN:
            return f"{_as_value(self.first, self.ends)}/{_as_value(self.last, self.ends)}"
        return _as_value(self.first, self.precision)

    @property
    def fineness(self) -> Unit:
        """The finest unit that can be counted from it: no days from a month, weeks from a span of days."""
        if self.precision is not Precision.SPAN:
            return Unit[self.precision.name]
        return Unit.WEEK if self.ends is Precision.DAY else Unit[self.ends.name]


def _as_value(day: date, precision: Precision) -> str:
    if precision is Precision.QUARTER:
        return f"{day.year:04}-Q{(day.month + 2) // 3}"
    if precision is Precision.HALF:
        return f"{day.year:04}-H{(day.month + 5) // 6}"
    return day.isoformat()[: {Precision.DAY: 10, Precision.MONTH: 7, Precision.YEAR: 4}[precision]]


def of_day(day: date) -> Period:
    return Period(day, day, Precision.DAY)


def span(first: date, last: date, ends: Precision = Precision.DAY) -> Period:
    return Period(first, last, Precision.SPAN, ends)


@lru_cache(maxsize=4096)
def of_months(year: int, month: int, count: int, precision: Precision = Precision.SPAN) -> Period:
    """`count` whole months from that one; raises ValueError outside the calendar."""
    first = date(year, month, 1)
    end = moved(first, Unit.MONTH, count - 1)
    return Period(first, end.replace(day=calendar.monthrange(end.year, end.month)[1]), precision, Precision.MONTH)


def of_unit(unit: Unit, year: int, number: int = 1) -> Period:
    """A year, or its first, second … half, quarter or month."""
    count = _MONTHS_IN[unit]
    return of_months(year, count * (number - 1) + 1, count, Precision[unit.name])


def of_years(first: int, last: int) -> Period:
    return span(date(first, 1, 1), date(last, 12, 31), Precision.YEAR)


def of_fortnight(year: int, month: int, half: int) -> Period:
    """The days of a month to the fifteenth, or from there."""
    if half not in (1, 2):
        raise ValueError("a month has two halves")
    whole = of_unit(Unit.MONTH, year, month)
    return span(whole.first, date(year, month, 15)) if half == 1 else span(date(year, month, 16), whole.last)


def of_seventh(year: int, month: int, number: int) -> Period:
    """Seven days of a month: the first begin with its first day; -1 are its last."""
    whole = of_unit(Unit.MONTH, year, month)
    first = whole.first + timedelta(weeks=number - 1) if number > 0 else whole.last - timedelta(days=6)
    if first + timedelta(days=6) > whole.last:
        raise ValueError("a month has four whole weeks")
    return span(first, first + timedelta(days=6))


def of_nth(year: int, month: int, weekday: int, number: int) -> Period:
    """The first, second … Monday of a month; -1 is the last."""
    week = of_seventh(year, month, number)
    return of_day(week.first + timedelta(days=(weekday - week.first.weekday()) % 7))


def of_holiday(year: int, number: int) -> Period:
    """A day by its month and day, 1225, or by its distance from Easter Sunday: 10000 is that, 9998 Good Friday."""
    if number <= 9000:
        return of_day(date(year, number // 100, number % 100))
    # Gauss's rule for the Gregorian calendar, in the form of Meeus, Jones and Butcher.
    golden, century, rest = year % 19, year // 100, year % 100
    moon = (19 * golden + century - century // 4 - (8 * century + 13) // 25 + 15) % 30
    sunday = (32 + 2 * (century % 4) + 2 * (rest // 4) - moon - rest % 4) % 7
    late = (golden + 11 * moon + 22 * sunday) // 451
    month, day = divmod(moon + sunday - 7 * late + 114, 31)
    return of_day(date(year, month, day + 1) + timedelta(days=number - 10_000))


def of_season(year: int, season: int) -> Period:
    """Three whole months: 0 is spring, from March, 3 is winter, from December; of the northern half of the earth."""
    return of_months(year, 3 * season + 3, 3)


def containing(day: date, unit: Unit) -> Period:
    """The day, week (from Monday), weekend of the week, month … of that day."""
    if unit is Unit.DAY:
        return of_day(day)
    if unit < Unit.MONTH:
        monday = day - timedelta(days=day.weekday())
        return span(monday + timedelta(days=5 if unit is Unit.WEEKEND else 0), monday + timedelta(days=6))
    if unit > Unit.YEAR:
        first = day.year - (day.year % 10 if unit is Unit.DECADE else (day.year - 1) % 100)
        return of_years(first, first + _MONTHS_IN[unit] // 12 - 1)
    return of_unit(unit, day.year, (day.month - 1) // _MONTHS_IN[unit] + 1)


def moved(day: date, unit: Unit, count: int) -> date:
    """The day `count` units later, or earlier where negative; the last of a month that is too short."""
    if unit not in _MONTHS_IN:
        return day + timedelta(days=count * (1 if unit is Unit.DAY else 7))
    year, month = divmod(day.year * 12 + day.month - 1 + count * _MONTHS_IN[unit], 12)
    if not date.min.year <= year <= date.max.year:
        raise OverflowError("outside the calendar")
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


_WRITTEN = re.compile("([0-9]{4})(?:-([QH][0-9]|[0-9]{2})(-[0-9]{2})?)?")


def period_of(value: str) -> Period | None:
    """The period that a value names, as `Period.value` and ISO 8601 write it; None where it names none."""
    try:
        periods = [_written(part) for part in value.split("/", 1)]
    except ValueError:
        return None
    first, last = periods[0], periods[-1]
    if first is last:
        return first
    return span(first.first, last.last) if first.first <= last.last else None


def _written(value: str) -> Period:
    match = _WRITTEN.fullmatch(value)
    if match is None or match[3]:
        return of_day(date.fromisoformat(value if match else ""))
    if match[2] is None:
        return of_unit(Unit.YEAR, int(match[1]))
    unit = {"Q": Unit.QUARTER, "H": Unit.HALF}.get(match[2][0], Unit.MONTH)
    return of_unit(unit, int(match[1]), int(match[2].lstrip("QH")))
