"""Dates that come once a year, by what they are: days, months, seasons, holidays, quarters."""

from __future__ import annotations

from datetime import date, timedelta

from qa.dates import periods
from qa.dates.books import CALENDAR, LENGTHS
from qa.dates.periods import Period, Unit
from qa.dates.setting import Setting, Values
from qa.dates.tense import Tense
from qa.dates.years import OTHERS, ROW, in_year, nearest
from qa.models.annotations import Precision

_JUST = timedelta(days=14)
"""What "ended" so soon after publication was reported on before its end."""


def day(values: Values, setting: Setting) -> Period | None:
    """A day, or the week it is in where `weekly`."""
    if "nth" in values:
        place = (values["month"], values["weekday"], values["nth"])
        return in_year(values, setting, lambda year: periods.of_nth(year, *place), weekday=False)
    of_month, of_day = values.get("month", 0), values.get("day", values.get("ordinal", 0))
    period = in_year(values, setting, lambda year: periods.of_day(date(year, of_month, of_day)))
    return periods.containing(period.first, Unit.WEEK) if period and "weekly" in values else period


def days(values: Values, setting: Setting) -> Period | None:
    if "sevenths" in values:
        return in_year(values, setting, lambda year: periods.of_seventh(year, values["month"], values["sevenths"]))
    if "fortnight" in values:
        return in_year(values, setting, lambda year: periods.of_fortnight(year, values["month"], values["fortnight"]))
    month, first, last = values["month"], values["day"], values["until"]
    if first >= last:
        raise ValueError("the days of a span go up")
    return in_year(values, setting, lambda year: periods.span(date(year, month, first), date(year, month, last)))


def month(values: Values, setting: Setting) -> Period | None:
    """A month, or the quarter it is in where `quarterly`: the June quarter."""
    if "until" in values:
        count = (values["until"] - values["month"]) % 12 + 1
        return in_year(values, setting, lambda year: periods.of_months(year, values["month"], count, Precision.SPAN))
    if "quarterly" in values:
        return in_year(values, setting, lambda year: periods.of_quarter(year, (values["month"] + 2) // 3))
    if "leads" in values and (last := _led_to(values["leads"], setting)):
        return periods.of_month(last.first.year - (values["month"] > values["leads"]), values["month"])
    return in_year(values, setting, lambda year: periods.of_month(year, values["month"]))


def _led_to(month: int, setting: Setting) -> Period | None:
    """The last month of a row, where the row is told as past."""
    if setting.published is None or setting.tense is Tense.FUTURE:
        return None
    last = nearest(lambda year: periods.of_month(year, month), setting.published, -1, current=True)
    return last if last and setting.published - last.first < ROW else None


def season(values: Values, setting: Setting) -> Period | None:
    """Three months; "this winter" is the one nearest to the day of publication."""
    published = setting.published
    if values.get("way") == 0 and published:
        near = (periods.of_season(published.year + away, values["season"]) for away in (-1, 0, 1))
        return min(near, key=lambda period: abs(period.first + timedelta(days=45) - published))
    found = in_year(values, setting, lambda year: periods.of_season(year, values["season"]))
    if found and "before" in values:
        return periods.of_season(found.first.year - 1, values["season"])  # the summer before last
    return found


def holiday(values: Values, setting: Setting) -> Period | None:
    """A day, or the week before or after its own."""
    period = in_year(values, setting, lambda year: periods.of_holiday(year, values["holiday"]))
    if period and "beside" in values:
        return periods.containing(periods.moved(period.first, Unit.WEEK, values["beside"]), Unit.WEEK)
    return period


def part(values: Values, setting: Setting) -> Period | None:
    """A quarter or half; None for one of a company's own year, where nothing tells when that begins."""
    unit, ordinal = Unit(values["part"]), values["ordinal"]
    most = 12 // LENGTHS[unit]
    if ordinal > most:
        raise ValueError("a year has four quarters")
    # The last quarter is the fourth.
    ordinal = ordinal if ordinal > 0 else most
    books = CALENDAR if _says_year(values) else setting.books
    of = books.part(unit, ordinal)
    return in_year(values, setting, of) if of else None


def _says_year(values: Values) -> bool:
    return any(name in values for name in ("year", "year_way", "year_step"))


def ended(values: Values, setting: Setting) -> Period | None:
    """So many weeks or months up to a day: "the third quarter ended December 31"."""
    unit, count = Unit(values["unit"]), values.get("number", 1) + values.get("plus", 0)
    last = day(values, setting) if _says_year(values) else _closing_day(values, setting, unit, count)
    if last is None:
        return None
    first = periods.moved(last.first + timedelta(days=1), unit, -count)
    whole = unit is not Unit.WEEK and first.day == 1
    return periods.span(first, last.first, Precision.MONTH if whole else Precision.DAY)


def _closing_day(values: Values, setting: Setting, unit: Unit, count: int) -> Period | None:
    """The last one, where a period "ended"; where it is "ending", the one that it is nearest to or runs up to."""
    if setting.published is None:
        return None

    def of(year: int) -> Period:
        return periods.of_day(date(year, values["month"], values["day"]))

    past, future = (nearest(of, setting.published, way, current=True) for way in (-1, 1))
    if past is None or future is None:
        return past or future
    behind, ahead = setting.published - past.first, future.first - setting.published
    if values["closing"] < 0:
        return future if ahead <= _JUST else past
    short = unit is Unit.WEEK or (count == 1 and unit is not Unit.YEAR and setting.tense is not Tense.FUTURE)
    return future if ahead <= (behind if short else OTHERS.ahead) else past


def months(values: Values, setting: Setting) -> Period | None:
    if values.get("fiscal"):
        return None
    count = values["number"]
    if not 1 <= count <= 12 or values["ordinal"] > 1:
        raise ValueError("not the first or last months of a year")
    first = 1 if values["ordinal"] == 1 else 13 - count
    return in_year(values, setting, lambda year: periods.of_months(year, first, count, Precision.SPAN))
