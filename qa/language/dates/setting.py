"""From where an expression is seen."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from qa.language.dates import periods
from qa.language.dates.periods import Period, Unit
from qa.language.dates.tense import Tense

Values = dict[str, int]
"""What an expression's words are worth, by the names of `grammar`'s rules."""


@dataclass(frozen=True, slots=True)
class Setting:
    """The day of publication, the dates named before an expression, its clause's tense."""

    published: date | None
    named: tuple[Period, ...]
    """Dates named shortly before, latest first."""
    tense: Tense | None
    attributive: bool = False
    """Whether the date says which thing is meant: "the May figures"."""
    aimed: bool = False
    """Whether the word before makes an end in view of it: "until June"."""

    def named_to(self, unit: Unit, step: int) -> date | None:
        """The day that so many units are counted from: the last date named exactly enough, else publication.

        None for what follows ("the next day") where no such date was named: it doesn't follow publication.
        """
        for period in self.named:
            if periods.fineness(period) <= unit:
                return period.first
        return self.published if step < 0 else None
