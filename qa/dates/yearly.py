"""Which year's is meant of dates that come once a year: days, months, seasons, holidays, quarters."""

from collections.abc import Callable, Set
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import Enum, auto
from typing import NamedTuple

from qa.dates.periods import Period, Precision, Unit

Values = dict[str, int]  # what an expression's words are worth, by the names of a grammar's rules


class Tense(Enum):
    """When a clause's event takes place, seen from the day of writing."""

    PAST = auto()
    FUTURE = auto()


class Clause(NamedTuple):
    """What is said of a date. `aimed`: the word before makes an end in view of it, "until June"; `narrated`: a verb
    right before tells it as past, "began in June"."""

    tense: Tense | None
    aimed: bool
    narrated: bool


NOTHING_SAID = Clause(None, aimed=False, narrated=False)


class Unplaced(Exception):
    """Nothing says what the words of a date are relative to."""


@dataclass(frozen=True, slots=True)
class Setting:
    """From where a date is seen: the day of publication, and what its clause says of it.

    `named` are the dates named shortly before, latest first, `stated` all those of the text with their year.
    """

    published: date | None
    clause: Clause = NOTHING_SAID
    named: tuple[Period, ...] = ()
    stated: Set[Period] = field(default_factory=frozenset)

    @property
    def tense(self) -> Tense | None:
        return self.clause.tense

    @property
    def day(self) -> date:
        """The day of publication; raises Unplaced."""
        if self.published is None:
            raise Unplaced
        return self.published

    def named_to(self, unit: Unit, step: int) -> date:
        """The day to count from: the last date named exactly enough, else publication; Unplaced for "the next day"."""
        for period in self.named:
            if period.fineness <= unit:
                # Months that are no unit of the calendar are known by their end: the half ended in January 1987.
                whole = period.precision is Precision.SPAN and period.ends is not Precision.YEAR
                return period.last if whole and unit > Unit.WEEK else period.first
        if step >= 0:
            raise Unplaced
        return self.day


class _Reach(NamedTuple):
    """Days that dates without a year are at most away from the day of publication.

    What is foretold begins no later than `ahead`: something of the kind lies nearer in the past. What is told as past
    began no earlier than `behind`, `narrated` where the verb that tells it stands right before. Newspapers add a year,
    or "next" and "last", to what is further off: figures "for the first quarter", due in April, are those of the
    quarter that has just ended, and "its December accord" has been made.
    """

    ahead: int
    behind: int
    narrated: int


_DAYS = _Reach(270, 200, 300)
_MONTHS = _Reach(240, 270, 345)
_QUARTERS = _Reach(200, 330, 345)
_DOUBTFUL = timedelta(days=150)  # what is further off may be told better by a year that the text has named
_CLOSING = 300  # days within which a period that is "ending" on a day runs up to the next such day

_OUTDATED = timedelta(days=230)
"""When a quarter that began so long ago is reported on, the one after it has ended and been reported on too."""
_HARDLY_BEGUN = {Unit.QUARTER: timedelta(days=45), Unit.HALF: timedelta(days=90)}
"""With so much of it to come a quarter or half has no figures: they are those of a company's own year."""


def in_year(values: Values, setting: Setting, of: Callable[[int], Period]) -> Period:
    """That day, month or season in the year that the words give, or that a reader would take; raises Unplaced."""
    if "year" in values:
        return of(values["year"])
    if "lent" in values:
        return of(values["lent"] - (values.get("month", 0) > values["later"]))  # from November to February 2005
    if "year_way" in values:
        return of(setting.day.year + values["year_way"])
    if "year_step" in values:
        return of(setting.named_to(Unit.YEAR, -1).year + values["year_step"])
    if "step" in values:
        return _nearest(of, setting.named_to(Unit.MONTH, values["step"]), values["step"], current=False)
    if way := values.get("way"):
        return _nearest(of, setting.day, way, current=False)
    if "back" in values:
        return of(_nearest(of, setting.day, -1).first.year - 1)
    if "way" in values and "day" not in values and setting.tense is not Tense.FUTURE:
        return of(setting.day.year)
    period = _by_tense(of, setting, _reach(values))
    if "part" in values and _is_doubtful(period, setting, Unit(values["part"])):
        raise Unplaced
    return period


def closing_day(values: Values, setting: Setting, of: Callable[[int], Period], *, short: bool) -> date:
    """The last one, where a period "ended"; where it is "ending", the one that it is nearest to or runs up to."""
    past, future = (_nearest(of, setting.day, way).first for way in (-1, 1))
    behind, ahead = (setting.day - past).days, (future - setting.day).days
    return future if values["closing"] > 0 and ahead <= (behind if short else _CLOSING) else past


def _by_tense(of: Callable[[int], Period], setting: Setting, reach: _Reach) -> Period:
    """The nearest past or future one, as the clause and the reach of such dates say."""
    published = setting.day
    past, future = _nearest(of, published, -1), _nearest(of, published, 1)
    looks_ahead = _looks_ahead((published - past.first).days, (future.first - published).days, setting, reach)
    chosen, unlikely = (future, past) if looks_ahead else (past, future)
    far = abs(chosen.first - published) > _DOUBTFUL
    return unlikely if far and unlikely in setting.stated and chosen not in setting.stated else chosen


def _looks_ahead(behind: int, ahead: int, setting: Setting, reach: _Reach) -> bool:
    """Whether the next one is meant, `ahead` days off; of days without a verb ("payable May 1") the closer."""
    tense, aimed, narrated = setting.clause
    if tense is Tense.FUTURE:
        return ahead <= reach.ahead
    if ahead < behind and (aimed or (reach is _DAYS and tense is None and not narrated)):
        return True
    return behind > (reach.narrated if narrated else reach.behind)


def _is_doubtful(period: Period, setting: Setting, unit: Unit) -> bool:
    """Whether a quarter or half told as past may well be one of a company's own year."""
    published = setting.day
    if setting.tense is not Tense.PAST or period.first > published:
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
        return _QUARTERS
    return _MONTHS if values.keys().isdisjoint(("day", "nth", "sevenths", "fortnight", "holiday", "ordinal")) else _DAYS


def _nearest(of: Callable[[int], Period], day: date, way: int, *, current: bool = True) -> Period:
    """The last such period before the day, or the first one after it; where `current`, one the day is in will do.

    A year that lacks the day, as 2005 does 29 February, is passed over; raises ValueError where nine in a row do.
    """
    for year in range(day.year - way, day.year + 9 * way, way):
        try:
            period = of(year)
        except ValueError:
            continue
        before, after = (period.first, period.last) if current else (period.last, period.first)
        if (way < 0 and before < day) or (way > 0 and after > day) or (current and day in (before, after)):
            return period
    raise ValueError("no such day")
