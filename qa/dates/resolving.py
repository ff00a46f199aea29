"""What a date expression means, read as a newspaper's reader would on the day of publication.

A week runs from Monday to Sunday, a season over three whole months of the north; "early May" is the month, and what is
counted is as exact as its unit: "a year earlier" is a year, even beside a month. "The past year" goes back to its day
in the year before, but "the past two years" are those of the calendar, and "the next seven days" begin tomorrow.
"Fiscal 1986" is read by the calendar, and so is "the first quarter". A step ("two weeks later") counts from the last
date named that is exact enough, in a clause about the past from one that was not still to come.
"""

from collections.abc import Callable, Set
from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum, auto

from qa.dates import periods
from qa.dates.periods import Period, Precision, Unit, containing, moved, of_day, of_unit

_DAY, _WEEK = timedelta(days=1), timedelta(weeks=1)
_YEARS = ("year", "year_way", "year_step")  # values that say which year is meant
_DOUBTFUL = timedelta(days=150)  # what is further off may be told better by a year that the text has named
_DAYS, _MONTHS, _QUARTERS = (270, 200, 300), (240, 270, 345), (200, 330, 345)
"""How many days dates without a year lie at most ahead where they are foretold, behind where they are told as past, and
behind where the verb that tells it stands right before: further off newspapers add a year, or "next" and "last"."""
_CLOSING = 300  # days within which a period that is "ending" on a day runs up to the next such day
_OUTDATED = timedelta(days=230)  # when one began so long ago, the one after it was reported on
_HARDLY_BEGUN = {Unit.QUARTER: timedelta(days=45), Unit.HALF: timedelta(days=90)}  # with more to come, a company's own


class Tense(Enum):
    """When a clause's event takes place, seen from the day of writing."""

    PAST = auto()
    FUTURE = auto()


class Unplaced(Exception):
    """Nothing says what the words of a date are relative to."""


def precision_of(shape: str, values: dict[str, int]) -> Precision:
    """How exact an expression is that can't be resolved."""
    if shape in ("unit", "counted", "step", "same", "part"):
        return containing(date(2000, 1, 1), Unit(values["part" if shape == "part" else "unit"])).precision
    if shape in ("numeric", "day", "weekday", "offset", "holiday"):
        return Precision.DAY
    return {"month": Precision.MONTH, "year": Precision.YEAR}.get(shape, Precision.SPAN)


@dataclass(frozen=True, slots=True)
class Resolver:
    """An expression's values, and from where it is seen; the method of a shape raises Unplaced or ValueError."""

    values: dict[str, int]  # what its words are worth, by the names of a grammar's rules
    published: date | None
    tense: Tense | None
    aimed: bool  # the word before makes an end in view of it: "until June"
    narrated: bool  # a verb right before tells it as past: "began in June"
    named: tuple[Period, ...]  # the dates named shortly before, latest first
    stated: Set[Period]  # all of the text before that have their year

    @property
    def _today(self) -> date:
        """The day of publication; raises Unplaced."""
        if self.published is None:
            raise Unplaced
        return self.published

    def _named_to(self, unit: Unit, step: int) -> date:
        """The day to count from: the last date named exactly enough, else publication; Unplaced for "the next day"."""
        for period in self.named:
            if period.fineness <= unit:
                # Months that are no unit of the calendar are known by their end: the half ended in January 1987.
                whole = period.precision is Precision.SPAN and period.ends is not Precision.YEAR
                return period.last if whole and unit > Unit.WEEK else period.first
        if step >= 0:
            raise Unplaced
        return self._today

    @property
    def _count(self) -> int:
        return self.values.get("number", 1) + self.values.get("plus", 0)

    @property
    def _unit(self) -> Unit:
        return Unit(self.values["unit"])

    def _in_year(self, of: Callable[[int], Period]) -> Period:
        """That day, month or season in the year that the words give, or that a reader would take; raises Unplaced."""
        values = self.values
        if "year" in values:
            return of(values["year"])
        if "lent" in values:
            return of(values["lent"] - (values.get("month", 0) > values["later"]))  # from November to February 2005
        if "year_way" in values:
            return of(self._today.year + values["year_way"])
        if "year_step" in values:
            return of(self._named_to(Unit.YEAR, -1).year + values["year_step"])
        if "step" in values:
            return _nearest(of, self._named_to(Unit.MONTH, values["step"]), values["step"], current=False)
        if way := values.get("way"):
            return _nearest(of, self._today, way, current=False)
        if "back" in values:
            return of(_nearest(of, self._today, -1).first.year - 1)
        if "way" in values and "day" not in values and self.tense is not Tense.FUTURE:
            return of(self._today.year)
        period = self._by_tense(of)
        if "part" in values and self._is_doubtful(period):
            raise Unplaced
        return period

    def _by_tense(self, of: Callable[[int], Period]) -> Period:
        """The nearest past or future one, as the clause and the reach of such dates say."""
        published = self._today
        past, future = _nearest(of, published, -1), _nearest(of, published, 1)
        behind, ahead = (published - past.first).days, (future.first - published).days
        words = self.values.keys()
        reach = _MONTHS if words.isdisjoint(("day", "nth", "sevenths", "fortnight", "holiday", "ordinal")) else _DAYS
        if "part" in words or "quarterly" in words:
            reach = _QUARTERS
        most_ahead, most_behind, most_narrated = reach
        looks_ahead = behind > (most_narrated if self.narrated else most_behind)
        if self.tense is Tense.FUTURE:
            looks_ahead = ahead <= most_ahead
        elif ahead < behind and (self.aimed or (reach is _DAYS and self.tense is None and not self.narrated)):
            looks_ahead = True  # of days without a verb ("payable May 1") the closer
        chosen, unlikely = (future, past) if looks_ahead else (past, future)
        far = abs(chosen.first - published) > _DOUBTFUL
        return unlikely if far and unlikely in self.stated and chosen not in self.stated else chosen

    def _is_doubtful(self, period: Period) -> bool:
        """Whether a quarter or half told as past may well be one of a company's own year."""
        published, unit = self._today, Unit(self.values["part"])
        if self.tense is not Tense.PAST or period.first > published:
            return False
        if period.last - published > _HARDLY_BEGUN[unit]:
            return not self.aimed
        if unit is Unit.HALF or published - period.first <= _OUTDATED:
            return False
        alike = (stated for stated in self.stated if stated.precision is period.precision)
        return not any(period.first < stated.first <= published for stated in alike)

    def numeric(self) -> Period:
        return of_day(date.fromordinal(self.values["numeric"]))

    def day(self) -> Period:
        """A day, or the week it is in where `weekly`."""
        values = self.values
        if "nth" in values:
            place = values["weekday"], values["nth"]
            if month := values.get("month"):
                return self._in_year(lambda year: periods.of_nth(year, month, *place))
            # "The first Monday of next month".
            first = moved(self._today.replace(day=1), Unit.MONTH, values["month_way"])
            return periods.of_nth(first.year, first.month, *place)
        if "month" in values:
            period = self._in_year(self._yearly_day)
            return containing(period.first, Unit.WEEK) if "weekly" in values else period
        # "The 16th": of this month, or the one before where that is still to come; "el jueves 16": one that fits.
        published, looks_ahead = self._today, self.tense is Tense.FUTURE
        way = values.get("way") or (1 if looks_ahead else -1)
        away = values.get("month_way", way if (values["day"] - published.day) * way < 0 else 0)
        day = moved(published.replace(day=1), Unit.MONTH, away).replace(day=values["day"])
        return of_day(day) if values.get("weekday", day.weekday()) == day.weekday() else self.weekday()

    def _yearly_day(self, year: int) -> Period:
        return of_day(date(year, self.values["month"], self.values.get("day", self.values.get("ordinal", 0))))

    def days(self) -> Period:
        values, month = self.values, self.values["month"]
        if "sevenths" in values:
            return self._in_year(lambda year: periods.of_seventh(year, month, values["sevenths"]))
        if "fortnight" in values:
            return self._in_year(lambda year: periods.of_fortnight(year, month, values["fortnight"]))
        first, last = values["day"], values["until"]
        if first >= last:
            raise ValueError("the days of a span go up")
        return self._in_year(lambda year: periods.span(date(year, month, first), date(year, month, last)))

    def month(self) -> Period:
        """A month, or the quarter it is in where `quarterly`: the June quarter."""
        month = self.values["month"]
        if "until" in self.values:
            count = (self.values["until"] - month) % 12 + 1
            return self._in_year(lambda year: periods.of_months(year, month, count))
        if "quarterly" in self.values:
            return self._in_year(lambda year: of_unit(Unit.QUARTER, year, (month + 2) // 3))
        return self._in_year(lambda year: of_unit(Unit.MONTH, year, month))

    def season(self) -> Period:
        """Three months; "this winter" is the one nearest to the day of publication."""
        published, season = self.published, self.values["season"]
        if self.values.get("way") == 0 and published:
            near = [periods.of_season(published.year + away, season) for away in (-1, 0, 1)]
            if self.tense is Tense.FUTURE:  # "won't open this autumn", in April
                near = [period for period in near if period.last >= published]
            return min(near, key=lambda period: abs(period.first + 45 * _DAY - published))
        period = self._in_year(lambda year: periods.of_season(year, season))
        # The summer before last.
        return periods.of_season(period.first.year - 1, season) if "before" in self.values else period

    def holiday(self) -> Period:
        """A day, or the week before or after its own."""
        period = self._in_year(lambda year: periods.of_holiday(year, self.values["holiday"]))
        beside = self.values.get("beside")
        return containing(period.first + beside * _WEEK, Unit.WEEK) if beside else period

    def weekday(self) -> Period:
        values, weekday = self.values, self.values["weekday"]
        day = self._named_to(Unit.DAY, values["step"]) if "step" in values else self._today
        if "week" in values:
            return of_day(day + timedelta(days=weekday - day.weekday(), weeks=values["week"]))
        way = values.get("step") or values.get("way", 0)
        same = 7  # days to one of the same weekday, which is another day but where nothing says so
        if "before" in values:
            day, way = day - _WEEK, -1
        elif "further" in values:
            day, way, same = day + _WEEK, 1, 0
        elif not way:
            coming = "way" in values and (weekday - day.weekday()) % 7 <= 3  # "this Sunday" on a Friday
            way, same = 1 if coming or self.tense is Tense.FUTURE else -1, 0
        elif values.get("way") == -1 and (day - _DAY).weekday() == weekday:
            day -= _DAY  # "last Thursday" is no yesterday
        return of_day(day + way * ((weekday - day.weekday()) * way % 7 or same) * _DAY)

    def offset(self) -> Period:
        return of_day(self._today + self.values["offset"] * _DAY)

    def unit(self) -> Period:
        unit, way, tense = self._unit, self.values["way"], self.tense
        weekday = self._today.weekday()
        if unit is Unit.WEEKEND and way == 0 and tense is not Tense.FUTURE and weekday < (5 if tense else 2):
            way = -1  # "the weekend" is the last one until Tuesday, and as long as the tense says so
        if "over" in self.values and tense is Tense.PAST:
            way = -1  # "at year-end" the books were closed
        if "near" in self.values and weekday < 5:
            way = 0  # the weekend that comes next
        return containing(moved(self._today, unit, way), unit)

    def window(self) -> Period:
        published, unit, count = self._today, self._unit, self.values["way"] * self._count
        if unit is Unit.DECADE:
            unit, count = Unit.YEAR, 10 * count
        if abs(count) > 1 and unit > Unit.WEEKEND:
            # So many whole weeks, months or years of the calendar before the current one, or after it.
            start = moved(containing(published, unit).first, unit, count if count < 0 else 1)
            ends = {Unit.WEEK: Precision.DAY, Unit.YEAR: Precision.YEAR}
            return periods.span(start, moved(start, unit, abs(count)) - _DAY, ends.get(unit, Precision.MONTH))
        other = moved(published, unit, count)
        return periods.span(published + _DAY, other) if self.values["way"] > 0 else periods.span(other, published)

    def counted(self) -> Period:
        unit, way, day = self._unit, self.values["way"], self._today
        if "half" in self.values:
            day = moved(day, Unit.HALF, way) if unit is Unit.YEAR else day + 15 * way * _DAY
        return _away(day, unit, way * self._count)

    def step(self) -> Period:
        unit, count = self._unit, self.values["step"] * self._count
        named = self.named[0] if self.named else None
        if unit is Unit.WEEK and named and named.last - named.first == 6 * _DAY:
            # A week that didn't begin on a Monday: "in the week ended April 2 … the week before".
            return periods.span(named.first + count * _WEEK, named.last + count * _WEEK)
        return _away(self._named_to(unit, self.values["step"]), unit, count)

    def same(self) -> Period:
        """ "The same month last year": that of the date named last, in another year."""
        unit, named = self._unit, self._named_to(self._unit, 0)
        nearest = next(period for period in self.named if period.fineness <= unit)
        if unit is Unit.QUARTER and nearest.ends is Precision.MONTH and nearest.precision is Precision.SPAN:
            # A quarter of a company's own year.
            return periods.of_months(self.values.get("year", nearest.first.year - 1), nearest.first.month, 3)
        return containing(named.replace(year=self.values.get("year", named.year - 1), day=1), unit)

    def part(self) -> Period:
        """A quarter or half; one of a company's own year can't be placed."""
        unit, ordinal = Unit(self.values["part"]), self.values["ordinal"]
        most = 2 if unit is Unit.HALF else 4
        if ordinal > most:
            raise ValueError("a year has four quarters")
        if self.values.get("fiscal") and self.values.keys().isdisjoint(_YEARS):
            raise Unplaced
        # The last quarter is the fourth.
        return self._in_year(lambda year: of_unit(unit, year, ordinal if ordinal > 0 else most))

    def ended(self) -> Period:
        """So many weeks or months up to a day: "the third quarter ended December 31"."""
        unit, count = self._unit, self._count
        looks_ahead = self.tense is Tense.FUTURE
        short = unit is Unit.WEEK or (count == 1 and unit is not Unit.YEAR and not looks_ahead)
        if not self.values.keys().isdisjoint(_YEARS):
            last = self._in_year(self._yearly_day).first
        else:
            # Where a period "ended", the last one; where it is "ending", the nearest one or that which it runs up to.
            past, future = (_nearest(self._yearly_day, self._today, way).first for way in (-1, 1))
            behind, ahead = (self._today - past).days, (future - self._today).days
            last = future if self.values["closing"] > 0 and ahead <= (behind if short else _CLOSING) else past
        first = moved(last + _DAY, unit, -count)
        whole = unit is not Unit.WEEK and first.day == 1
        return periods.span(first, last, Precision.MONTH if whole else Precision.DAY)

    def months(self) -> Period:
        count, first = self.values["number"], self.values["ordinal"] == 1
        if self.values.get("fiscal"):
            raise Unplaced
        if not 1 <= count <= 12 or self.values["ordinal"] > 1:
            raise ValueError("not the first or last months of a year")
        return self._in_year(lambda year: periods.of_months(year, 1 if first else 13 - count, count))

    def year(self) -> Period:
        year = self.values["year"]
        if year < self.values.get("least", 0) or ("uneven" in self.values and year % 10 == 0):
            raise ValueError("more likely a number than a year")
        return of_unit(Unit.YEAR, year)

    def years(self) -> Period:
        first = self.values.get("years", self.values.get("year", 0))
        short = self.values.get("until_short", 1)
        last = first - first % 100 + short if "until_short" in self.values else self.values.get("until", first + 1)
        if first >= last or not 0 < short < 100:
            raise ValueError("the years of a span go up")
        return periods.of_years(first, last)

    def decade(self) -> Period:
        if "decade" in self.values:
            return periods.of_years(self.values["decade"], self.values["decade"] + 9)
        decade = self.values["short_decade"]
        if decade % 10 or not 10 <= decade <= 90:
            raise ValueError("not a decade")
        return periods.of_years(1900 + decade, 1909 + decade)

    def century(self) -> Period:
        tens, ordinal = self.values.get("tens", 0), self.values["century"]
        if tens % 10 or not 1 <= tens + ordinal <= 21:
            raise ValueError("no century of ours")
        return periods.of_years(100 * (tens + ordinal) - 99, 100 * (tens + ordinal))


def _away(day: date, unit: Unit, count: int) -> Period:
    """The unit that lies so many units off: three months ago is a month. A decade ago is a year."""
    return containing(moved(day, unit, count), min(unit, Unit.YEAR))


def _nearest(of: Callable[[int], Period], day: date, way: int, *, current: bool = True) -> Period:
    """The last such period before the day, or the first after it, or where `current` that of the day."""
    for year in range(day.year - way, day.year + 9 * way, way):
        try:
            period = of(year)
        except ValueError:  # 2005 has no 29 February
            continue
        before, after = (period.first, period.last) if current else (period.last, period.first)
        if (way < 0 and before < day) or (way > 0 and after > day) or (current and day in (before, after)):
            return period
    raise ValueError("no such day")
