"""The time that a question asks about."""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from qa.domain.archive import Coverage, long_date


class About(StrEnum):
    """What a stretch of time bounds."""

    EVENTS = "events"  # what happened in it, whenever it was told
    PUBLISHED = "published"  # what could be read in it
    LATEST = "latest"  # no stretch: the newest there is


@dataclass(frozen=True, slots=True)
class Timeframe:
    """The days from `first` to `last`, both included, None being open; both are None where the newest is asked for.

    `present` says that the question asks what holds now, whatever else it asks about.
    """

    about: About
    first: date | None = None
    last: date | None = None
    present: bool = False

    @property
    def text(self) -> str:
        """As a reader is told it: "events in March 2005"."""
        if self.about is About.LATEST:
            return "the newest articles first"
        what = "events" if self.about is About.EVENTS else "what was published"
        return f"{what} {stretch(self.first, self.last)}"

    def outside(self, coverage: Coverage) -> str:
        """Where it lies beside an archive's articles, in words; empty where it meets them or nothing is dated."""
        if coverage.first and self.last and self.last < coverage.first:
            return f"before the archive's first article ({long_date(coverage.first)})"
        if coverage.last and self.first and self.first > coverage.last:
            return f"after the archive's last article ({long_date(coverage.last)})"
        return ""


def stretch(first: date | None, last: date | None) -> str:
    """Days as a reader says them: in March 2005, on 16 March 2005, since 2006, until the end of 2003."""
    if first and last:
        begin, end = _named(first, last)
        return f"from {begin} to {end}" if begin != end else f"on {begin}" if first == last else f"in {begin}"
    if first:
        return f"since {_of_year(first) if first.day == 1 else long_date(first)}"
    if last:
        return f"until the end of {_of_year(last, month=12)}" if _ends_month(last) else f"until {long_date(last)}"
    return "at any time"


def _named(first: date, last: date) -> tuple[str, str]:
    """Both ends by the year, the month or the day, whichever is the coarsest that says them exactly."""
    if first.day != 1 or not _ends_month(last):
        return long_date(first), long_date(last)
    if first.month == 1 and last.month == 12:
        return str(first.year), str(last.year)
    return f"{first:%B} {first.year}", f"{last:%B} {last.year}"


def _of_year(day: date, *, month: int = 1) -> str:
    """The year where the day is in that month, else its own month."""
    return str(day.year) if day.month == month else f"{day:%B} {day.year}"


def _ends_month(day: date) -> bool:
    return day.day == calendar.monthrange(day.year, day.month)[1]
