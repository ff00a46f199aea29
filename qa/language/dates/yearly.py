"""Dates that come once a year: which year's is meant, where the words say and where they don't."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

from qa.domain.mentions import Precision
from qa.language.dates import periods
from qa.language.dates.periods import Period, Unit
from qa.language.dates.setting import Setting, Values
from qa.language.dates.tense import Tense

_FAR = {Precision.QUARTER: timedelta(days=200), Precision.HALF: timedelta(days=150)}
_LONG_AGO = timedelta(days=200)
_ATTRIBUTED = timedelta(days=120)
_FURTHEST = timedelta(days=300)
"""Newspapers add a year, or "next" and "last", to what is further off: figures "for the first quarter", due in April,
are those of the quarter that has just ended, and "its December accord" has been made."""


def day(values: Values, setting: Setting) -> Period | None:
    """A day, or the week it is in where `weekly`."""
    if "nth" in values:
        place = (values["month"], values["weekday"], values["nth"])
        return in_year(values, setting, lambda year: periods.of_nth(year, *place), weekday=False)
    of_month, of_day = values.get("month", 0), values.get("day", values.get("ordinal", 0))
    found = in_year(values, setting, lambda year: periods.of_day(date(year, of_month, of_day)))
    return periods.containing(found.first, Unit.WEEK) if found and "weekly" in values else found


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
    return in_year(values, setting, lambda year: periods.of_month(year, values["month"]))


def season(values: Values, setting: Setting) -> Period | None:
    """Three months; "this winter" is the one nearest to the day of publication."""
    published = setting.published
    if values.get("way") == 0 and published:
        near = (periods.of_season(published.year + away, values["season"]) for away in (-1, 0, 1))
        return min(near, key=lambda period: abs(period.first + timedelta(days=45) - published))
    return in_year(values, setting, lambda year: periods.of_season(year, values["season"]))


def holiday(values: Values, setting: Setting) -> Period | None:
    """A day, or the week before or after its own."""
    found = in_year(values, setting, lambda year: periods.of_holiday(year, values["holiday"]))
    if found and "beside" in values:
        return periods.containing(periods.moved(found.first, Unit.WEEK, values["beside"]), Unit.WEEK)
    return found


def part(values: Values, setting: Setting) -> Period | None:
    half, ordinal = values["part"] == Unit.HALF, values["ordinal"]
    most = 2 if half else 4
    if ordinal > most:
        raise ValueError("a year has four quarters")
    of = periods.of_half if half else periods.of_quarter
    # The last quarter is the fourth.
    return in_year(values, setting, lambda year: of(year, ordinal if ordinal > 0 else most))


def ended(values: Values, setting: Setting) -> Period | None:
    """So many weeks or months up to a day: "the third quarter ended December 31"."""
    last = day(values, setting)
    if last is None:
        return None
    unit, count = Unit(values["unit"]), values.get("number", 1) + values.get("plus", 0)
    first = periods.moved(last.first + timedelta(days=1), unit, -count)
    whole = unit is not Unit.WEEK and first.day == 1
    return periods.span(first, last.first, Precision.MONTH if whole else Precision.DAY)


def months(values: Values, setting: Setting) -> Period | None:
    count = values["number"]
    if not 1 <= count <= 12 or values["ordinal"] > 1:
        raise ValueError("not the first or last months of a year")
    first = 1 if values["ordinal"] == 1 else 13 - count
    return in_year(values, setting, lambda year: periods.of_months(year, first, count, Precision.SPAN))


def in_year(values: Values, setting: Setting, of: Callable[[int], Period], *, weekday: bool = True) -> Period | None:
    """That day, month or season in the year that the words give, or that a reader would take."""
    year = _year(values, setting)
    if year is not None:
        return of(year)
    if "step" in values:
        return _nearest(of, setting.named_to(Unit.MONTH, values["step"]), values["step"], current=False)
    published = setting.published
    if "year_way" in values or "year_step" in values or published is None:
        return None
    if way := values.get("way"):
        return _nearest(of, published, way, current=False)
    if "back" in values:
        latest = _nearest(of, published, -1, current=True)
        return of(latest.first.year - 1) if latest else None
    if "way" in values and "day" not in values and setting.tense is not Tense.FUTURE:
        return of(published.year)
    return (weekday and _by_weekday(of, published, values)) or _by_tense(of, published, setting)


def _by_weekday(of: Callable[[int], Period], published: date, values: Values) -> Period | None:
    """The nearest past or future day, where only one of them falls on the weekday that the words give."""
    if "weekday" not in values:
        return None
    both = {_nearest(of, published, way, current=True) for way in (-1, 1)} - {None}
    fitting = [period for period in both if period and period.first.weekday() == values["weekday"]]
    return fitting[0] if len(fitting) == 1 else None


def _by_tense(of: Callable[[int], Period], published: date, setting: Setting) -> Period | None:
    """The nearest past or future one, as the clause says; the past where it says nothing.

    A day without a year may stand without a verb ("payable May 1"): then the closer of the two is meant.
    """
    past, future = _nearest(of, published, -1, current=True), _nearest(of, published, 1, current=True)
    if past is None or future is None:
        return past or future
    behind, ahead = published - past.first, future.first - published
    if setting.tense is Tense.FUTURE:
        far = _FAR.get(future.precision, _FURTHEST)
        if setting.attributive and future.precision is Precision.MONTH:
            far = _ATTRIBUTED
        return past if ahead > far else future
    if setting.aimed and past.precision in (Precision.DAY, Precision.MONTH) and ahead < behind:
        return future
    if past.precision is Precision.DAY and (ahead < behind if setting.tense is None else behind > _LONG_AGO):
        return future
    return past


def _nearest(of: Callable[[int], Period], day: date | None, way: int, *, current: bool) -> Period | None:
    """The last such period before the day, or the first one after it; where `current`, one the day is in will do.

    A year that lacks the day, as 2005 does 29 February, is passed over; raises ValueError where nine in a row do.
    """
    if day is None:
        return None
    for year in range(day.year - way, day.year + 9 * way, way):
        try:
            period = of(year)
        except ValueError:
            continue
        before, after = (period.first, period.last) if current else (period.last, period.first)
        if (way < 0 and before < day) or (way > 0 and after > day) or (current and day in (before, after)):
            return period
    raise ValueError("no such day")


def _year(values: Values, setting: Setting) -> int | None:
    """The year that the words give; None where they give none or nothing says which."""
    if "year" in values:
        return values["year"]
    if "lent" in values:
        # From November to February 2005: the year before.
        return values["lent"] - (values.get("month", 0) > values["later"])
    if "year_way" in values:
        return setting.published.year + values["year_way"] if setting.published else None
    if "year_step" in values:
        named = setting.named_to(Unit.YEAR, -1)
        return named.year + values["year_step"] if named else None
    return None
