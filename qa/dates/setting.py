"""From where an expression is seen."""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass, field
from datetime import date

from qa.dates import periods
from qa.dates.books import CALENDAR, Books
from qa.dates.periods import Period, Unit
from qa.dates.tense import NOTHING_SAID, Clause, Tense
from qa.models.annotations import Precision

Values = dict[str, int]
"""What an expression's words are worth, by the names of `grammar`'s rules."""


@dataclass(frozen=True, slots=True)
class Setting:
    """The day of publication, the dates named before an expression, its clause's tense."""

    published: date | None
    named: tuple[Period, ...] = ()
    """Dates named shortly before, latest first."""
    clause: Clause = NOTHING_SAID
    """What is said of it."""
    attributive: bool = False
    """Whether the date says which thing is meant: "the May figures"."""
    after: date | None = None
    """In a row of dates, the one before where it lies ahead: "tomorrow and Friday"."""
    stated: Set[Period] = field(default_factory=frozenset)
    """Dates that the text has named with their year."""
    books: Books = CALENDAR
    """What quarters and halves without a year are parts of."""

    @property
    def tense(self) -> Tense | None:
        return self.clause.tense

    def named_to(self, unit: Unit, step: int) -> date | None:
        """The day that so many units are counted from: the last date named exactly enough, else publication.

        None for what follows ("the next day") where no such date was named: it doesn't follow publication.
        """
        for period in self.named:
            if periods.fineness(period) <= unit:
                # Months that are no unit of the calendar are known by their end: the half ended in January 1987.
                whole = period.precision is Precision.SPAN and period.ends is not Precision.YEAR
                return period.last if whole and unit > Unit.WEEK else period.first
        return self.published if step < 0 else None
