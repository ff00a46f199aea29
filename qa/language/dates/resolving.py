"""What a date expression means, read as a newspaper's reader would on the day of publication."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from qa.domain.mentions import Precision
from qa.language.dates import periods
from qa.language.dates.grammar import Shape
from qa.language.dates.periods import Period, Unit
from qa.language.dates.tense import Tense

_FAR = timedelta(days=300)
"""Newspapers add a year, or "next" and "last", to what is further off."""


@dataclass(frozen=True, slots=True)
class Setting:
    """From where an expression is seen: the day of publication, the dates named before it, its clause's tense."""

    published: date | None
    named: tuple[Period, ...]
    """Dates named shortly before, latest first."""
    tense: Tense | None

    def named_to(self, unit: Unit) -> date | None:
        """The date that "two weeks earlier" counts from: the last one named exactly enough, else publication."""
        for period in self.named:
            if periods.FINENESS[period.precision] <= unit:
                return period.first
        return self.published


Values = dict[str, int]


def resolved(shape: Shape, values: Values, setting: Setting) -> Period | None:
    """The days meant; None where nothing says what the words are relative to.

    Raises ValueError or OverflowError for what is in no calendar: 31 February.
    """
    return _READERS[shape](values, setting)


def precision_of(shape: Shape, values: Values) -> Precision:
    """How exact an expression is that can't be resolved."""
    if shape in (Shape.UNIT, Shape.COUNTED, Shape.STEP):
        return periods.containing(date(2000, 1, 1), Unit(values["unit"])).precision
    if shape is Shape.PART:
        return Precision.HALF if values["part"] == Unit.HALF else Precision.QUARTER
    return _PRECISIONS.get(shape, Precision.SPAN)


_PRECISIONS = {
    Shape.NUMERIC: Precision.DAY,
    Shape.DAY: Precision.DAY,
    Shape.WEEKDAY: Precision.DAY,
    Shape.OFFSET: Precision.DAY,
    Shape.MONTH: Precision.MONTH,
    Shape.YEAR: Precision.YEAR,
}


def _numeric(values: Values, setting: Setting) -> Period | None:
    return periods.of_day(date.fromordinal(values["numeric"]))


def _day(values: Values, setting: Setting) -> Period | None:
    day = values["day"]
    if "month" not in values:
        return _day_alone(day, values.get("month_way"), setting)
    return _in_year(values, setting, lambda year: periods.of_day(date(year, values["month"], day)))


def _day_alone(day: int, month_way: int | None, setting: Setting) -> Period | None:
    """ "The 16th": of this month, or of the one before where that is still to come."""
    if setting.published is None:
        return None
    if month_way is None:
        month_way = 0 if day <= setting.published.day else -1
        if setting.tense is Tense.FUTURE:
            month_way = 0 if day >= setting.published.day else 1
    month = periods.moved(setting.published.replace(day=1), Unit.MONTH, month_way)
    return periods.of_day(month.replace(day=day))


def _days(values: Values, setting: Setting) -> Period | None:
    month, first, last = values["month"], values["day"], values["until"]
    if first >= last:
        raise ValueError("the days of a span go up")
    return _in_year(values, setting, lambda year: periods.span(date(year, month, first), date(year, month, last)))


def _month(values: Values, setting: Setting) -> Period | None:
    return _in_year(values, setting, lambda year: periods.of_month(year, values["month"]))


def _season(values: Values, setting: Setting) -> Period | None:
    return _in_year(values, setting, lambda year: periods.of_season(year, values["season"]))


def _in_year(values: Values, setting: Setting, of: Callable[[int], Period]) -> Period | None:
    """That day, month or season in the year that the words give, or that a reader would take."""
    year = _year(values, setting)
    if year is not None:
        return of(year)
    if "step" in values:
        return _nearest(of, setting.named_to(Unit.MONTH), values["step"], current=False)
    published = setting.published
    if "year_way" in values or "year_step" in values or published is None:
        return None
    if way := values.get("way"):
        return _nearest(of, published, way, current=False)
    if "way" in values and setting.tense is not Tense.FUTURE:
        return of(published.year)
    return _by_tense(of, published, setting.tense)


def _by_tense(of: Callable[[int], Period], published: date, tense: Tense | None) -> Period | None:
    """The nearest past or future one, as the clause says; the past where it says nothing.

    A day without a year may stand without a verb ("payable May 1"): then the closer of the two is meant.
    """
    past, future = _nearest(of, published, -1, current=True), _nearest(of, published, 1, current=True)
    if past is None or future is None:
        return past or future
    behind, ahead = published - past.first, future.first - published
    if tense is Tense.FUTURE:
        return past if ahead > _FAR else future
    if past.precision is Precision.DAY and (ahead < behind if tense is None else behind > _FAR):
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
        named = setting.named_to(Unit.YEAR)
        return named.year + values["year_step"] if named else None
    return None


def _weekday(values: Values, setting: Setting) -> Period | None:
    weekday = values["weekday"]
    if "step" in values:
        return _nearest_weekday(weekday, setting.named_to(Unit.DAY), values["step"], itself=False)
    published = setting.published
    if published is None:
        return None
    if "week" in values:
        monday = published - timedelta(days=published.weekday()) + timedelta(weeks=values["week"])
        return periods.of_day(monday + timedelta(days=weekday))
    if values.get("way"):
        return _nearest_weekday(weekday, published, values["way"], itself=False)
    return _nearest_weekday(weekday, published, 1 if setting.tense is Tense.FUTURE else -1, itself=True)


def _nearest_weekday(weekday: int, day: date | None, way: int, *, itself: bool) -> Period | None:
    if day is None:
        return None
    away = (weekday - day.weekday()) * way % 7
    return periods.of_day(day + timedelta(days=way * (away or (0 if itself else 7))))


def _offset(values: Values, setting: Setting) -> Period | None:
    return periods.of_day(setting.published + timedelta(days=values["offset"])) if setting.published else None


def _unit(values: Values, setting: Setting) -> Period | None:
    if setting.published is None:
        return None
    unit, way = Unit(values["unit"]), values["way"]
    if unit is Unit.WEEKEND and way == 0 and _is_over(setting):
        way = 0 if setting.tense is Tense.FUTURE else -1
    return periods.containing(periods.moved(setting.published, unit, way), unit)


def _is_over(setting: Setting) -> bool:
    """Whether "the weekend" is the last one: it is until Tuesday, and as long as the tense says so."""
    weekday = setting.published.weekday() if setting.published else 0
    return weekday < (5 if setting.tense is Tense.PAST else 2)


def _window(values: Values, setting: Setting) -> Period | None:
    """ "The past seven days": up to and with the day of publication, as counted by a newspaper."""
    if setting.published is None:
        return None
    other = periods.moved(setting.published, Unit(values["unit"]), values["way"] * _count(values))
    return periods.span(min(other, setting.published), max(other, setting.published))


def _counted(values: Values, setting: Setting) -> Period | None:
    return _away(setting.published, Unit(values["unit"]), values["way"] * _count(values))


def _step(values: Values, setting: Setting) -> Period | None:
    unit = Unit(values["unit"])
    if values["step"] == 0 and not setting.named:
        return None
    return _away(setting.named_to(unit), unit, values["step"] * _count(values))


def _away(day: date | None, unit: Unit, count: int) -> Period | None:
    """The unit that lies so many units off: three months ago is a month. A decade ago is a year."""
    if day is None:
        return None
    return periods.containing(periods.moved(day, unit, count), min(unit, Unit.YEAR))


def _count(values: Values) -> int:
    return values.get("number", 1) + values.get("plus", 0)


def _part(values: Values, setting: Setting) -> Period | None:
    half, ordinal = values["part"] == Unit.HALF, values["ordinal"]
    most = 2 if half else 4
    if ordinal > most:
        raise ValueError("a year has four quarters")
    of = periods.of_half if half else periods.of_quarter
    # The last quarter is the fourth.
    return _in_year(values, setting, lambda year: of(year, ordinal if ordinal > 0 else most))


def _months(values: Values, setting: Setting) -> Period | None:
    count = values["number"]
    if not 1 <= count <= 12 or values["ordinal"] > 1:
        raise ValueError("not the first or last months of a year")
    first = 1 if values["ordinal"] == 1 else 13 - count
    return _in_year(values, setting, lambda year: periods.of_months(year, first, count, Precision.SPAN))


def _one_year(values: Values, setting: Setting) -> Period | None:
    return periods.of_year(values["year"])


def _years(values: Values, setting: Setting) -> Period | None:
    first = values.get("years", values.get("year", 0))
    last = values.get("until", first + 1)
    if first >= last:
        raise ValueError("the years of a span go up")
    return periods.span(date(first, 1, 1), date(last, 12, 31))


def _decade(values: Values, setting: Setting) -> Period | None:
    if "decade" in values:
        return periods.of_decade(values["decade"])
    decade = values["short_decade"]
    if decade % 10 or not 10 <= decade <= 90:
        raise ValueError("not a decade")
    return periods.of_decade(1900 + decade)


_READERS: dict[Shape, Callable[[Values, Setting], Period | None]] = {
    Shape.NUMERIC: _numeric,
    Shape.DAY: _day,
    Shape.DAYS: _days,
    Shape.MONTH: _month,
    Shape.SEASON: _season,
    Shape.WEEKDAY: _weekday,
    Shape.OFFSET: _offset,
    Shape.UNIT: _unit,
    Shape.WINDOW: _window,
    Shape.COUNTED: _counted,
    Shape.STEP: _step,
    Shape.PART: _part,
    Shape.MONTHS: _months,
    Shape.YEAR: _one_year,
    Shape.YEARS: _years,
    Shape.DECADE: _decade,
}
