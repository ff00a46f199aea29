"""Stretches of the calendar, and the way from one to another."""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import IntEnum
from functools import lru_cache

from qa.models.annotations import Precision


class Unit(IntEnum):
    """What time is counted in, finest first."""

    DAY = 0
    WEEKEND = 1
    WEEK = 2
    MONTH = 3
    QUARTER = 4
    HALF = 5
    YEAR = 6
    DECADE = 7
    CENTURY = 8


_MONTHS_IN = {Unit.MONTH: 1, Unit.QUARTER: 3, Unit.HALF: 6, Unit.YEAR: 12, Unit.DECADE: 120, Unit.CENTURY: 1200}


@dataclass(frozen=True, slots=True)
class Period:
    """The days from `first` to `last`, both included, and how exactly they were named.

    `ends` says that of the two ends of a span: day, month or year.
    """

    first: date
    last: date
    precision: Precision
    ends: Precision = Precision.DAY

    @property
    def value(self) -> str:
        """As in TIMEX3: 2005-03-16, 2004-12, 2005-Q1, 2005-H1, 2005; spans 2005-03-10/2005-03-16, 2004-09/2004-11."""
        if self.precision is Precision.SPAN:
            return f"{_as_value(self.first, self.ends)}/{_as_value(self.last, self.ends)}"
        return _as_value(self.first, self.precision)


def _as_value(day: date, precision: Precision) -> str:
    if precision is Precision.QUARTER:
        return f"{day.year:04}-Q{(day.month + 2) // 3}"
    if precision is Precision.HALF:
        return f"{day.year:04}-H{(day.month + 5) // 6}"
    return day.isoformat()[: {Precision.DAY: 10, Precision.MONTH: 7, Precision.YEAR: 4}[precision]]


def fineness(period: Period) -> Unit:
    """The finest unit that can be counted from a date: no days from a month, weeks from a span of days."""
    precision = period.ends if period.precision is Precision.SPAN else period.precision
    if precision is Precision.DAY:
        return Unit.WEEK if period.precision is Precision.SPAN else Unit.DAY
    return _UNITS[precision]


_UNITS = {
    Precision.MONTH: Unit.MONTH,
    Precision.QUARTER: Unit.QUARTER,
    Precision.HALF: Unit.HALF,
    Precision.YEAR: Unit.YEAR,
}


def of_day(day: date) -> Period:
    return Period(day, day, Precision.DAY)


def span(first: date, last: date, ends: Precision = Precision.DAY) -> Period:
    return Period(first, last, Precision.SPAN, ends)


def joined(first: Period, second: Period) -> Period:
    """From the first day of one to the last of the other, as exactly as both are named."""
    exact = first.precision in (Precision.MONTH, Precision.YEAR) and first.precision is second.precision
    return span(first.first, second.last, first.precision if exact else Precision.DAY)


@lru_cache(maxsize=4096)
def of_months(year: int, month: int, count: int, precision: Precision) -> Period:
    """`count` whole months from that one; raises ValueError outside the calendar."""
    first = date(year, month, 1)
    end = moved(first, Unit.MONTH, count - 1)
    return Period(first, end.replace(day=calendar.monthrange(end.year, end.month)[1]), precision, Precision.MONTH)


def of_month(year: int, month: int) -> Period:
    return of_months(year, month, 1, Precision.MONTH)


def of_fortnight(year: int, month: int, half: int) -> Period:
    """The days of a month to the fifteenth, or from there."""
    whole = of_month(year, month)
    if not 1 <= half <= 2:
        raise ValueError("a month has two halves")
    middle = whole.first.replace(day=15)
    return span(whole.first, middle) if half == 1 else span(middle + timedelta(days=1), whole.last)


def of_seventh(year: int, month: int, number: int) -> Period:
    """Seven days of a month: the first begin with its first day; -1 are its last."""
    whole = of_month(year, month)
    first = whole.first + timedelta(weeks=number - 1) if number > 0 else whole.last - timedelta(days=6)
    if first + timedelta(days=6) > whole.last:
        raise ValueError("a month has four whole weeks")
    return span(first, first + timedelta(days=6))


def of_nth(year: int, month: int, weekday: int, number: int) -> Period:
    """The first, second … Monday of a month; -1 is the last."""
    week = of_seventh(year, month, number)
    return of_day(week.first + timedelta(days=(weekday - week.first.weekday()) % 7))


def of_quarter(year: int, quarter: int) -> Period:
    return of_months(year, 3 * quarter - 2, 3, Precision.QUARTER)


def of_half(year: int, half: int) -> Period:
    return of_months(year, 6 * half - 5, 6, Precision.HALF)


def of_year(year: int) -> Period:
    return of_months(year, 1, 12, Precision.YEAR)


def of_decade(year: int) -> Period:
    """The ten years from that one."""
    return of_years(year, year + 9)


def of_century(year: int) -> Period:
    """The hundred years from that one."""
    return of_years(year, year + 99)


def of_years(first: int, last: int) -> Period:
    return span(date(first, 1, 1), date(last, 12, 31), Precision.YEAR)


def of_holiday(year: int, number: int) -> Period:
    """A day by its month and day, 1225, or by its distance from Easter Sunday: 10000 is that, 9998 Good Friday."""
    if number > 9000:
        return of_day(_easter(year) + timedelta(days=number - 10_000))
    return of_day(date(year, number // 100, number % 100))


def _easter(year: int) -> date:
    """Easter Sunday by Gauss's rule for the Gregorian calendar, in the form of Meeus, Jones and Butcher."""
    golden, century, rest = year % 19, year // 100, year % 100
    moon = (19 * golden + century - century // 4 - (8 * century + 13) // 25 + 15) % 30
    sunday = (32 + 2 * (century % 4) + 2 * (rest // 4) - moon - rest % 4) % 7
    late = (golden + 11 * moon + 22 * sunday) // 451
    month, day = divmod(moon + sunday - 7 * late + 114, 31)
    return date(year, month, day + 1)


def of_season(year: int, season: int) -> Period:
    """Three whole months: 0 is spring, from March, 3 is winter, from December; of the northern half of the earth."""
    return of_months(year, 3 * season + 3, 3, Precision.SPAN)


def containing(day: date, unit: Unit) -> Period:
    """The day, week (from Monday), weekend of the week, month … of that day."""
    monday = day - timedelta(days=day.weekday())
    periods: dict[Unit, Callable[[], Period]] = {
        Unit.WEEK: lambda: span(monday, monday + timedelta(days=6)),
        Unit.WEEKEND: lambda: span(monday + timedelta(days=5), monday + timedelta(days=6)),
        Unit.MONTH: lambda: of_month(day.year, day.month),
        Unit.QUARTER: lambda: of_quarter(day.year, (day.month + 2) // 3),
        Unit.HALF: lambda: of_half(day.year, (day.month + 5) // 6),
        Unit.YEAR: lambda: of_year(day.year),
        Unit.DECADE: lambda: of_decade(day.year - day.year % 10),
        Unit.CENTURY: lambda: of_century(day.year - (day.year - 1) % 100),
    }
    return periods[unit]() if unit in periods else of_day(day)


def moved(day: date, unit: Unit, count: int) -> date:
    """The day `count` units later, or earlier where negative; the last of a month that is too short."""
    if unit not in _MONTHS_IN:
        return day + timedelta(days=count * (1 if unit is Unit.DAY else 7))
    months = day.year * 12 + day.month - 1 + count * _MONTHS_IN[unit]
    year, month = divmod(months, 12)
    if not date.min.year <= year <= date.max.year:
        raise OverflowError("outside the calendar")
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


_WRITTEN = re.compile(
    r"(?P<year>[0-9]{4})(?:-(?P<month>[0-9]{2})(?:-(?P<day>[0-9]{2}))?|-Q(?P<quarter>[1-4])|-H(?P<half>[12]))?"
)


def period_of(value: str) -> Period | None:
    """The period that a value names, as `Period.value` and ISO 8601 write it; None where it names none."""
    begin, slash, end = value.partition("/")
    if not slash:
        return _written(value)
    start, finish = _written(begin), _written(end)
    return span(start.first, finish.last) if start and finish and start.first <= finish.last else None


def _written(value: str) -> Period | None:
    match = _WRITTEN.fullmatch(value)
    if not match:
        return None
    year = int(match["year"])
    try:
        if match["day"]:
            return of_day(date.fromisoformat(value))
        if match["month"]:
            return of_month(year, int(match["month"]))
        if match["quarter"]:
            return of_quarter(year, int(match["quarter"]))
        return of_half(year, int(match["half"])) if match["half"] else of_year(year)
    except ValueError:
        return None
