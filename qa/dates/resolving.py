"""What a date expression means, read as a newspaper's reader would on the day of publication.

The conventions:

* A week is one from Monday to Sunday, a weekend its Saturday and Sunday, a season three whole months of the northern
  half of the earth. "Early May" and "the end of 2011" are the month and the year.
* What is counted has the precision of its unit: "three months ago" is a month, "two weeks ago" a week, "a year
  earlier" a year, even beside a month.
* "The past seven days" go back seven days and end with the day of publication; "the next seven days" begin with the
  day after it. "The past year" goes back to its day in the year before. Several weeks, months or years are as many
  whole ones of the calendar before the current one, or after it: "the past two years" are 1985 and 1986 on any day of
  1987.
* "The quarter ended March 31" and "between May and July" are one span each, as exact as the dates that bound them.
* A weekday or a month without more is the last one, or the next one where the clause looks ahead.
* "Fiscal 1986" is read by the calendar's year, and so is "the first quarter"; a fiscal quarter is left open.
* A step ("the next day", "that night", "two weeks later") counts from the last date named shortly before that is exact
  enough; in a clause about the past, from one that was not still to come.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

from qa.dates import periods, yearly
from qa.dates.grammar import Shape
from qa.dates.periods import Period, Unit
from qa.dates.setting import Setting, Values
from qa.dates.tense import Tense
from qa.models.annotations import Precision


def resolved(shape: Shape, values: Values, setting: Setting) -> Period | None:
    """The days meant; None where nothing says what the words are relative to.

    Raises ValueError or OverflowError for what is in no calendar: 31 February.
    """
    return _READERS[shape](values, setting)


def precision_of(shape: Shape, values: Values) -> Precision:
    """How exact an expression is that can't be resolved."""
    if shape in (Shape.UNIT, Shape.COUNTED, Shape.STEP, Shape.SAME):
        return periods.containing(date(2000, 1, 1), Unit(values["unit"])).precision
    if shape is Shape.PART:
        return Precision.HALF if values["part"] == Unit.HALF else Precision.QUARTER
    return _PRECISIONS.get(shape, Precision.SPAN)


_PRECISIONS = {
    Shape.NUMERIC: Precision.DAY,
    Shape.DAY: Precision.DAY,
    Shape.WEEKDAY: Precision.DAY,
    Shape.OFFSET: Precision.DAY,
    Shape.HOLIDAY: Precision.DAY,
    Shape.MONTH: Precision.MONTH,
    Shape.YEAR: Precision.YEAR,
}


def _day(values: Values, setting: Setting) -> Period | None:
    if "nth" in values and "month_way" in values:
        return _nth_alone(values, setting.published)
    return yearly.day(values, setting) if "month" in values else _day_alone(values, setting)


def _nth_alone(values: Values, published: date | None) -> Period | None:
    """ "The first Monday of next month"."""
    if published is None:
        return None
    month = periods.moved(published.replace(day=1), Unit.MONTH, values["month_way"])
    return periods.of_nth(month.year, month.month, values["weekday"], values["nth"])


def _day_alone(values: Values, setting: Setting) -> Period | None:
    """ "The 16th": of this month, or of the one before where that is still to come; "el jueves 16": one that fits."""
    if setting.published is None:
        return None
    months = [values["month_way"]] if "month_way" in values else _months_tried(values, setting.published, setting.tense)
    for way in months:
        month = periods.moved(setting.published.replace(day=1), Unit.MONTH, way)
        try:
            period = periods.of_day(month.replace(day=values["day"]))
        except ValueError:
            continue
        if values.get("weekday", period.first.weekday()) == period.first.weekday():
            return period
    if "weekday" in values:
        return _weekday(values, setting)
    raise ValueError("no month near has this day")


def _months_tried(values: Values, published: date, tense: Tense | None) -> tuple[int, ...]:
    """The months in which a day without a month may be, likeliest first, counted from the current one."""
    day, way = values["day"], values.get("way", 0)
    if way > 0 or (way == 0 and tense is Tense.FUTURE):
        nearest = (0, 1) if day >= published.day else (1, 0)
    else:
        nearest = (0, -1) if day <= published.day else (-1, 0)
    return (*nearest, -nearest[0] - nearest[1]) if "weekday" in values else nearest[:1]


def _weekday(values: Values, setting: Setting) -> Period | None:
    weekday = values["weekday"]
    if "step" in values:
        day = setting.named_to(Unit.DAY, values["step"])
        return _nearest_weekday(weekday, day, values["step"], itself=False)
    published = setting.published
    if published is None:
        return None
    if "week" in values:
        monday = published - timedelta(days=published.weekday()) + timedelta(weeks=values["week"])
        return periods.of_day(monday + timedelta(days=weekday))
    if "before" in values:
        last = _nearest_weekday(weekday, published, -1, itself=False)
        return periods.of_day(last.first - timedelta(weeks=1)) if last else None
    if "further" in values:
        return _nearest_weekday(weekday, published + timedelta(weeks=1), 1, itself=True)
    if values.get("way"):
        return _nearest_weekday(weekday, published, values["way"], itself=False)
    if "way" in values and (weekday - published.weekday()) % 7 <= 3:
        return _nearest_weekday(weekday, published, 1, itself=True)  # "this Sunday" is the coming one on a Friday
    return _nearest_weekday(weekday, published, 1 if setting.tense is Tense.FUTURE else -1, itself=True)


def _nearest_weekday(weekday: int, day: date | None, way: int, *, itself: bool) -> Period | None:
    if day is None:
        return None
    away = (weekday - day.weekday()) * way % 7
    return periods.of_day(day + timedelta(days=way * (away or (0 if itself else 7))))


def _unit(values: Values, setting: Setting) -> Period | None:
    if setting.published is None:
        return None
    unit, way = Unit(values["unit"]), values["way"]
    if unit is Unit.WEEKEND and way == 0 and _is_over(setting):
        way = 0 if setting.tense is Tense.FUTURE else -1
    if "over" in values and setting.tense is Tense.PAST:
        way = -1  # "at year-end" the books were closed
    if "near" in values and setting.published.weekday() < 5:
        way = 0  # the weekend that comes next
    return periods.containing(periods.moved(setting.published, unit, way), unit)


def _is_over(setting: Setting) -> bool:
    """Whether "the weekend" is the last one: it is until Tuesday, and as long as the tense says so."""
    weekday = setting.published.weekday() if setting.published else 0
    return weekday < (5 if setting.tense is Tense.PAST else 2)


def _window(values: Values, setting: Setting) -> Period | None:
    if setting.published is None:
        return None
    unit, count = Unit(values["unit"]), _count(values)
    if unit is Unit.DECADE:
        unit, count = Unit.YEAR, 10 * count
    if count > 1 and unit > Unit.WEEKEND:
        return _whole_units(setting.published, unit, values["way"] * count)
    moved = periods.moved(setting.published, unit, values["way"] * count)
    if values["way"] > 0:
        return periods.span(setting.published + timedelta(days=1), moved)
    return periods.span(moved, setting.published)


def _whole_units(day: date, unit: Unit, count: int) -> Period:
    """That many whole weeks, months or years of the calendar before the current one, or after it where positive."""
    current = periods.containing(day, unit)
    start = periods.moved(current.first, unit, count if count < 0 else 1)
    last = periods.moved(start, unit, abs(count)) - timedelta(days=1)
    ends = {Unit.WEEK: Precision.DAY, Unit.YEAR: Precision.YEAR}
    return periods.span(start, last, ends.get(unit, Precision.MONTH))


def _counted(values: Values, setting: Setting) -> Period | None:
    unit, way, day = Unit(values["unit"]), values["way"], setting.published
    if day and "half" in values:
        day = periods.moved(day, Unit.HALF, way) if unit is Unit.YEAR else day + timedelta(days=15 * way)
    return _away(day, unit, way * _count(values))


def _step(values: Values, setting: Setting) -> Period | None:
    unit, count = Unit(values["unit"]), values["step"] * _count(values)
    named = setting.named[0] if setting.named else None
    if unit is Unit.WEEK and named and (named.last - named.first).days == 6:
        # A week that didn't begin on a Monday: "in the week ended April 2 … the week before".
        return periods.span(named.first + timedelta(weeks=count), named.last + timedelta(weeks=count))
    return _away(setting.named_to(unit, values["step"]), unit, count)


def _same(values: Values, setting: Setting) -> Period | None:
    """ "The same month last year": that of the date named last, in another year."""
    unit = Unit(values["unit"])
    named = setting.named_to(unit, 0)
    if named is None:
        return None
    nearest = next((period for period in setting.named if periods.fineness(period) <= unit), None)
    if unit is Unit.QUARTER and nearest and nearest.ends is Precision.MONTH and nearest.precision is Precision.SPAN:
        # A quarter of a company's own year.
        year = values.get("year", nearest.first.year - 1)
        return periods.of_months(year, nearest.first.month, 3, Precision.SPAN)
    year = values.get("year", named.year - 1)
    return periods.containing(named.replace(year=year, day=1), unit)


def _away(day: date | None, unit: Unit, count: int) -> Period | None:
    """The unit that lies so many units off: three months ago is a month. A decade ago is a year."""
    if day is None:
        return None
    return periods.containing(periods.moved(day, unit, count), min(unit, Unit.YEAR))


def _count(values: Values) -> int:
    return values.get("number", 1) + values.get("plus", 0)


def _one_year(values: Values, setting: Setting) -> Period | None:
    if values["year"] < values.get("least", 0) or ("uneven" in values and values["year"] % 10 == 0):
        raise ValueError("more likely a number than a year")
    return periods.of_year(values["year"])


def _years(values: Values, setting: Setting) -> Period | None:
    first = values.get("years", values.get("year", 0))
    last = values.get("until", first + 1)
    if "until_short" in values:
        last = first - first % 100 + values["until_short"]
    if first >= last or ("until_short" in values and not 0 < values["until_short"] < 100):
        raise ValueError("the years of a span go up")
    return periods.of_years(first, last)


def _decade(values: Values, setting: Setting) -> Period | None:
    if "decade" in values:
        return periods.of_decade(values["decade"])
    decade = values["short_decade"]
    if decade % 10 or not 10 <= decade <= 90:
        raise ValueError("not a decade")
    return periods.of_decade(1900 + decade)


def _century(values: Values, setting: Setting) -> Period | None:
    tens, ordinal = values.get("tens", 0), values["century"]
    if tens % 10 or not 1 <= tens + ordinal <= 21:
        raise ValueError("no century of ours")
    return periods.of_century(100 * (tens + ordinal) - 99)


_READERS: dict[Shape, Callable[[Values, Setting], Period | None]] = {
    Shape.NUMERIC: lambda values, setting: periods.of_day(date.fromordinal(values["numeric"])),
    Shape.DAY: _day,
    Shape.DAYS: yearly.days,
    Shape.MONTH: yearly.month,
    Shape.SEASON: yearly.season,
    Shape.HOLIDAY: yearly.holiday,
    Shape.WEEKDAY: _weekday,
    Shape.OFFSET: lambda values, setting: _away(setting.published, Unit.DAY, values["offset"]),
    Shape.UNIT: _unit,
    Shape.WINDOW: _window,
    Shape.COUNTED: _counted,
    Shape.STEP: _step,
    Shape.SAME: _same,
    Shape.PART: yearly.part,
    Shape.MONTHS: yearly.months,
    Shape.ENDED: yearly.ended,
    Shape.YEAR: _one_year,
    Shape.YEARS: _years,
    Shape.DECADE: _decade,
    Shape.CENTURY: _century,
}
