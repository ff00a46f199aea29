"""Dates that come once a year: days, months, seasons, holidays, quarters; and which year's is meant of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from qa.dates import periods
from qa.dates.periods import Period, Unit
from qa.dates.setting import Setting, Values
from qa.dates.tense import Tense
from qa.models.annotations import Precision

_JUST = timedelta(days=14)
"""What "ended" so soon after publication was reported on before its end."""


@dataclass(frozen=True, slots=True)
class _Reach:
    """How far dates without a year are from the day of publication.

    Newspapers add a year, or "next" and "last", to what is further off: figures "for the first quarter", due in April,
    are those of the quarter that has just ended, and "its December accord" has been made.
    """

    ahead: timedelta
    """What is foretold begins no later than this; something of the kind lies nearer in the past."""
    behind: timedelta
    """What is told as past began no earlier; something of the kind lies nearer in the future."""
    narrated: timedelta
    """The same where the verb that tells it stands right before."""


_DAYS = _Reach(timedelta(270), timedelta(200), timedelta(300))
_MONTHS = _Reach(timedelta(240), timedelta(270), timedelta(345))
_QUARTERS = _Reach(timedelta(200), timedelta(330), timedelta(345))
_HALVES = _Reach(timedelta(150), timedelta(350), timedelta(350))
OTHERS = _Reach(timedelta(300), timedelta(600), timedelta(600))
"""Seasons and holidays."""

_DOUBTFUL = timedelta(days=150)
"""What is further off may be told better by a year that the text has named."""

_OUTDATED = timedelta(days=230)
"""When a quarter that began so long ago is reported on, the one after it has ended and been reported on too."""

_HARDLY_BEGUN = {Unit.QUARTER: timedelta(days=45), Unit.HALF: timedelta(days=90)}
"""With so much of it to come a quarter or half has no figures: they are those of a company's own year."""


def in_year(values: Values, setting: Setting, of: Callable[[int], Period]) -> Period | None:
    """That day, month or season in the year that the words give, or that a reader would take."""
    year = _year(values, setting)
    if year is not None:
        return of(year)
    if "step" in values:
        return nearest(of, setting.named_to(Unit.MONTH, values["step"]), values["step"], current=False)
    published = setting.published
    if "year_way" in values or "year_step" in values or published is None:
        return None
    if way := values.get("way"):
        return nearest(of, published, way, current=False)
    if "back" in values:
        latest = nearest(of, published, -1, current=True)
        return of(latest.first.year - 1) if latest else None
    if "way" in values and "day" not in values and setting.tense is not Tense.FUTURE:
        return of(published.year)
    period = _by_tense(of, published, setting, _reach(values))
    doubtful = period and "part" in values and _is_doubtful(period, published, setting, Unit(values["part"]))
    return None if doubtful else period


def _by_tense(of: Callable[[int], Period], published: date, setting: Setting, reach: _Reach) -> Period | None:
    """The nearest past or future one, as the clause and the reach of such dates say."""
    past, future = nearest(of, published, -1, current=True), nearest(of, published, 1, current=True)
    if past is None or future is None:
        return past or future
    looks_ahead = _looks_ahead(published - past.first, future.first - published, setting, reach)
    chosen, unlikely = (future, past) if looks_ahead else (past, future)
    far = abs(chosen.first - published) > _DOUBTFUL
    return unlikely if far and unlikely in setting.stated and chosen not in setting.stated else chosen


def _looks_ahead(behind: timedelta, ahead: timedelta, setting: Setting, reach: _Reach) -> bool:
    """Whether the next one is meant, which is as far `ahead` as the last one is `behind`; the last where nothing says.

    A day without a year may stand without a verb ("payable May 1"): then the closer of the two is meant.
    """
    if setting.tense is Tense.FUTURE:
        return ahead <= reach.ahead
    closer = ahead < behind and not setting.clause.narrated
    if closer and reach in (_DAYS, _MONTHS) and (setting.clause.aimed or (reach is _DAYS and setting.tense is None)):
        return True
    if reach is _QUARTERS and setting.tense is Tense.PAST and not setting.clause.aimed:
        return False
    return behind > (reach.narrated if setting.clause.narrated else reach.behind)


def _is_doubtful(period: Period, published: date, setting: Setting, unit: Unit) -> bool:
    """Whether a quarter or half told as past may well be one of a company's own year."""
    if period in setting.stated or setting.tense is not Tense.PAST or period.first > published:
        return False
    if period.last - published > _HARDLY_BEGUN[unit]:
        return not setting.clause.aimed
    if unit is Unit.HALF or published - period.first <= _OUTDATED:
        return False
    return not any(
        period.first < stated.first <= published for stated in setting.stated if stated.precision is period.precision
    )


def _reach(values: Values) -> _Reach:
    """How far dates with such values go."""
    if "part" in values or "quarterly" in values:
        return _HALVES if values.get("part") == Unit.HALF else _QUARTERS
    if not values.keys().isdisjoint(("day", "nth", "sevenths", "fortnight", "holiday")) or "ordinal" in values:
        return OTHERS if "number" in values else _DAYS
    return _MONTHS if "month" in values else OTHERS


def nearest(of: Callable[[int], Period], day: date | None, way: int, *, current: bool) -> Period | None:
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


def day(values: Values, setting: Setting) -> Period | None:
    """A day, or the week it is in where `weekly`."""
    if "nth" in values:
        place = (values["month"], values["weekday"], values["nth"])
        return in_year(values, setting, lambda year: periods.of_nth(year, *place))
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
    return in_year(values, setting, lambda year: periods.of_month(year, values["month"]))


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
    """A quarter or half; None for one of a company's own year."""
    ordinal = values["ordinal"]
    of, most = (periods.of_half, 2) if values["part"] == Unit.HALF else (periods.of_quarter, 4)
    if ordinal > most:
        raise ValueError("a year has four quarters")
    if values.get("fiscal") and not _says_year(values):
        return None
    # The last quarter is the fourth.
    return in_year(values, setting, lambda year: of(year, ordinal if ordinal > 0 else most))


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
