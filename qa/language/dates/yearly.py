"""Dates that come once a year: which year's is meant, where the words say and where they don't."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from qa.domain.mentions import Precision
from qa.language.dates import periods
from qa.language.dates.books import CALENDAR, LENGTHS
from qa.language.dates.periods import Period, Unit
from qa.language.dates.setting import Setting, Values
from qa.language.dates.tense import Tense


@dataclass(frozen=True, slots=True)
class _Reach:
    """How far dates without a year are from the day of publication.

    Newspapers add a year, or "next" and "last", to what is further off: figures "for the first quarter", due in April,
    are those of the quarter that has just ended, and "its December accord" has been made.
    """

    ahead: timedelta
    """What is foretold begins no later than this; something of the kind lies nearer in the past."""
    attributive: timedelta
    """The same of dates that only say which thing is meant."""
    behind: timedelta
    """What is told as past began no earlier; something of the kind lies nearer in the future."""
    told: timedelta
    """The same where the verb that tells it stands right before."""


_DAYS = _Reach(timedelta(270), timedelta(270), timedelta(200), timedelta(300))
_MONTHS = _Reach(timedelta(240), timedelta(160), timedelta(270), timedelta(345))
_QUARTERS = _Reach(timedelta(200), timedelta(120), timedelta(330), timedelta(345))
_HALVES = _Reach(timedelta(150), timedelta(150), timedelta(350), timedelta(350))
_OTHERS = _Reach(timedelta(300), timedelta(300), timedelta(600), timedelta(600))
"""Seasons and holidays."""

_DOUBTFUL = timedelta(days=150)
"""What is further off may be told better by a year that the text has named."""

_ROW = timedelta(days=190)
"""By so much the dates of a row may be apart."""

_OUTDATED = timedelta(days=230)
"""When a quarter that began so long ago is reported on, the one after it has ended and been reported on too."""

_HARDLY_BEGUN = {Unit.QUARTER: timedelta(days=45), Unit.HALF: timedelta(days=90)}
"""With so much of it to come a quarter or half has no figures: they are those of a company's own year."""

_JUST = timedelta(days=14)
"""What "ended" so soon after publication was reported on before its end."""


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
    if "leads" in values and (last := _led_to(values["leads"], setting)):
        return periods.of_month(last.first.year - (values["month"] > values["leads"]), values["month"])
    return in_year(values, setting, lambda year: periods.of_month(year, values["month"]))


def _led_to(month: int, setting: Setting) -> Period | None:
    """The last month of a row, where the row is told as past."""
    if setting.published is None or setting.tense is Tense.FUTURE:
        return None
    last = _nearest(lambda year: periods.of_month(year, month), setting.published, -1, current=True)
    return last if last and setting.published - last.first < _ROW else None


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

    past, future = (_nearest(of, setting.published, way, current=True) for way in (-1, 1))
    if past is None or future is None:
        return past or future
    behind, ahead = setting.published - past.first, future.first - setting.published
    if values["closing"] < 0:
        return future if ahead <= _JUST else past
    short = unit is Unit.WEEK or (count == 1 and unit is not Unit.YEAR and setting.tense is not Tense.FUTURE)
    return future if ahead <= (behind if short else _OTHERS.ahead) else past


def months(values: Values, setting: Setting) -> Period | None:
    if values.get("fiscal"):
        return None
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
    if setting.after and "way" not in values:
        following = _nearest(of, setting.after, 1, current=False)
        if following and following.first - setting.after <= _ROW:
            return following
    if way := values.get("way"):
        return _nearest(of, published, way, current=False)
    if "back" in values:
        latest = _nearest(of, published, -1, current=True)
        return of(latest.first.year - 1) if latest else None
    if "way" in values and "day" not in values and setting.tense is not Tense.FUTURE:
        return of(published.year)
    found = (weekday and _by_weekday(of, published, values)) or _by_tense(of, published, setting, _reach(values))
    return (
        None if found and "part" in values and _is_doubtful(found, published, setting, Unit(values["part"])) else found
    )


def _by_weekday(of: Callable[[int], Period], published: date, values: Values) -> Period | None:
    """The nearest past or future day, where only one of them falls on the weekday that the words give."""
    if "weekday" not in values:
        return None
    both = {_nearest(of, published, way, current=True) for way in (-1, 1)} - {None}
    fitting = [period for period in both if period and period.first.weekday() == values["weekday"]]
    return fitting[0] if len(fitting) == 1 else None


def _by_tense(of: Callable[[int], Period], published: date, setting: Setting, reach: _Reach) -> Period | None:
    """The nearest past or future one, as the clause and the reach of such dates say."""
    past, future = _nearest(of, published, -1, current=True), _nearest(of, published, 1, current=True)
    if past is None or future is None:
        return past or future
    looks_ahead = _looks_ahead(published - past.first, future.first - published, setting, reach)
    chosen, other = (future, past) if looks_ahead else (past, future)
    far = abs(chosen.first - published) > _DOUBTFUL
    return other if far and other in setting.stated and chosen not in setting.stated else chosen


def _looks_ahead(behind: timedelta, ahead: timedelta, setting: Setting, reach: _Reach) -> bool:
    """Whether the next one is meant, which is as far `ahead` as the last one is `behind`; the last where nothing says.

    A day without a year may stand without a verb ("payable May 1"): then the closer of the two is meant.
    """
    if setting.tense is Tense.FUTURE:
        return ahead <= (reach.attributive if setting.attributive else reach.ahead)
    closer = ahead < behind
    if closer and reach in (_DAYS, _MONTHS) and (setting.aimed or (reach is _DAYS and setting.tense is None)):
        return True
    if reach is _QUARTERS and setting.tense is Tense.PAST and not setting.aimed:
        return False
    return behind > (reach.told if setting.told else reach.behind)


def _is_doubtful(found: Period, published: date, setting: Setting, unit: Unit) -> bool:
    """Whether a quarter or half told as past may well be one of a company's own year."""
    known = found in setting.stated or found.first.year in setting.books.years
    if known or setting.tense is not Tense.PAST or found.first > published:
        return False
    if found.last - published > _HARDLY_BEGUN[unit]:
        return not setting.aimed
    if unit is Unit.HALF or published - found.first <= _OUTDATED:
        return False
    return not any(found.first < one.first <= published for one in setting.stated if one.precision is found.precision)


def _reach(values: Values) -> _Reach:
    """How far dates with such values go."""
    if "part" in values or "quarterly" in values:
        return _HALVES if values.get("part") == Unit.HALF else _QUARTERS
    if not values.keys().isdisjoint(("day", "nth", "sevenths", "fortnight", "holiday")) or "ordinal" in values:
        return _OTHERS if "number" in values else _DAYS
    return _MONTHS if "month" in values else _OTHERS


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
