"""Which year's is meant of dates that come once a year, where the words say and where they don't."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from qa.dates.periods import Period, Unit
from qa.dates.setting import Setting, Values
from qa.dates.tense import Tense
from qa.models.annotations import Precision


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
    narrated: timedelta
    """The same where the verb that tells it stands right before."""


_DAYS = _Reach(timedelta(270), timedelta(270), timedelta(200), timedelta(300))
_MONTHS = _Reach(timedelta(240), timedelta(160), timedelta(270), timedelta(345))
_QUARTERS = _Reach(timedelta(200), timedelta(120), timedelta(330), timedelta(345))
_HALVES = _Reach(timedelta(150), timedelta(150), timedelta(350), timedelta(350))
OTHERS = _Reach(timedelta(300), timedelta(300), timedelta(600), timedelta(600))
"""Seasons and holidays."""

_DOUBTFUL = timedelta(days=150)
"""What is further off may be told better by a year that the text has named."""

ROW = timedelta(days=190)
"""By so much the dates of a row may be apart."""

_DISTANT = timedelta(days=310)
"""Less far off than this, and further than what is foretold, a date after "will" is left open."""

_TALE = timedelta(days=1100)
"""What is further back is no beginning of a tale that goes on in the next sentence."""

_OUTDATED = timedelta(days=230)
"""When a quarter that began so long ago is reported on, the one after it has ended and been reported on too."""

_HARDLY_BEGUN = {Unit.QUARTER: timedelta(days=45), Unit.HALF: timedelta(days=90)}
"""With so much of it to come a quarter or half has no figures: they are those of a company's own year."""


def in_year(values: Values, setting: Setting, of: Callable[[int], Period], *, weekday: bool = True) -> Period | None:
    """That day, month or season in the year that the words give, or that a reader would take."""
    year = _year(values, setting)
    if year is not None:
        return of(year)
    if "step" in values:
        return nearest(of, setting.named_to(Unit.MONTH, values["step"]), values["step"], current=False)
    published = setting.published
    if "year_way" in values or "year_step" in values or published is None:
        return None
    if setting.after and "way" not in values:
        following = nearest(of, setting.after, 1, current=False)
        if following and following.first - setting.after <= ROW:
            return following
    if way := values.get("way"):
        return nearest(of, published, way, current=False)
    if "back" in values:
        latest = nearest(of, published, -1, current=True)
        return of(latest.first.year - 1) if latest else None
    if "way" in values and "day" not in values and setting.tense is not Tense.FUTURE:
        return of(published.year)
    period = (weekday and _by_weekday(of, published, values)) or _by_tense(of, published, setting, _reach(values))
    return (
        None
        if period and "part" in values and _is_doubtful(period, published, setting, Unit(values["part"]))
        else period
    )


def _by_weekday(of: Callable[[int], Period], published: date, values: Values) -> Period | None:
    """The nearest past or future day, where only one of them falls on the weekday that the words give."""
    if "weekday" not in values:
        return None
    both = {nearest(of, published, way, current=True) for way in (-1, 1)} - {None}
    fitting = [period for period in both if period and period.first.weekday() == values["weekday"]]
    return fitting[0] if len(fitting) == 1 else None


def _by_tense(of: Callable[[int], Period], published: date, setting: Setting, reach: _Reach) -> Period | None:
    """The nearest past or future one, as the clause and the reach of such dates say."""
    past, future = nearest(of, published, -1, current=True), nearest(of, published, 1, current=True)
    if past is None or future is None:
        return past or future
    looks_ahead = _looks_ahead(published - past.first, future.first - published, setting, reach)
    chosen, unlikely = (future, past) if looks_ahead else (past, future)
    far = abs(chosen.first - published) > _DOUBTFUL
    if far and unlikely in setting.stated and chosen not in setting.stated:
        return unlikely
    doubtful = setting.clause.foretold and reach in (_DAYS, _MONTHS) and not setting.attributive
    if doubtful and setting.tense is Tense.FUTURE and not looks_ahead:
        return None if future.first - published < _DISTANT else chosen
    before = setting.named[0] if setting.named else None
    alike = before in setting.stated and before.precision is chosen.precision if before else False
    if before and alike and setting.tense is Tense.PAST and not setting.clause.aimed:
        return _narrated(of, before.first, published, chosen)
    return chosen


def _narrated(of: Callable[[int], Period], before: date, published: date, chosen: Period) -> Period | None:
    """In a tale of years past, the day that follows the one named before: "on 3 May 2003 … on 5 June".

    Months are compared with those of another year, too: of one that seems to lie ahead then, nothing is certain.
    """
    if chosen.precision is Precision.MONTH:
        return chosen if chosen.first <= published else None
    if chosen.precision is not Precision.DAY or published - before > _TALE:
        return chosen
    following = nearest(of, before, 1, current=True)
    return following if following and following.last <= published else chosen


def _looks_ahead(behind: timedelta, ahead: timedelta, setting: Setting, reach: _Reach) -> bool:
    """Whether the next one is meant, which is as far `ahead` as the last one is `behind`; the last where nothing says.

    A day without a year may stand without a verb ("payable May 1"): then the closer of the two is meant.
    """
    if setting.tense is Tense.FUTURE:
        return ahead <= (reach.attributive if setting.attributive else reach.ahead)
    closer = ahead < behind and not setting.clause.narrated
    if closer and reach in (_DAYS, _MONTHS) and (setting.clause.aimed or (reach is _DAYS and setting.tense is None)):
        return True
    if reach is _QUARTERS and setting.tense is Tense.PAST and not setting.clause.aimed:
        return False
    return behind > (reach.narrated if setting.clause.narrated else reach.behind)


def _is_doubtful(period: Period, published: date, setting: Setting, unit: Unit) -> bool:
    """Whether a quarter or half told as past may well be one of a company's own year."""
    known = period in setting.stated or period.first.year in setting.books.years
    if known or setting.tense is not Tense.PAST or period.first > published:
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
