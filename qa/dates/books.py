"""A company's own quarters and halves, which need not be those of the calendar."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from qa.dates import periods
from qa.dates.periods import Period, Unit
from qa.models.annotations import Precision

LENGTHS = {Unit.QUARTER: 3, Unit.HALF: 6}
"""Months of what a year is parted into."""

_ROUNDED = timedelta(days=7)
"""By so much the books of fifty-two weeks may be off from whole months."""


@dataclass(frozen=True, slots=True)
class Books:
    """How a year is parted."""

    month: int | None
    """In which the first quarter begins; None where a text says that its quarters are a company's own, no more."""
    years: frozenset[int] = frozenset()
    """Those that the text names as somebody's own: fiscal 1986."""

    @classmethod
    def closed(cls, unit: Unit, ordinal: int, period: Period, years: frozenset[int]) -> Books:
        """As told by one part of the year: "the first quarter ended January 31"."""
        begun = (period.first + _ROUNDED).month
        return cls((begun - 1 - (ordinal - 1) * LENGTHS[unit]) % 12 + 1, years)

    def part(self, unit: Unit, ordinal: int) -> Callable[[int], Period] | None:
        """The part that begins in a given year; None where that is not known.

        Parts of the calendar's year are quarters and halves, others spans of months.
        """
        if self.month is None:
            return None
        length = LENGTHS[unit]
        if self.month == 1:
            of = periods.of_half if unit is Unit.HALF else periods.of_quarter
            return lambda year: of(year, ordinal)
        begun = (self.month - 1 + (ordinal - 1) * length) % 12 + 1
        return lambda year: periods.of_months(year, begun, length, Precision.SPAN)


CALENDAR = Books(1)
