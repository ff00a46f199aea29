"""Texts about the time that a question asks about."""

from __future__ import annotations

import calendar
from datetime import date

from qa.i18n.forms import long_date, month_of
from qa.i18n.locale import _, pgettext
from qa.models.annotations import About, Timeframe
from qa.models.archive import Coverage


def period_text(period: Timeframe) -> str:
    """A stretch of time and what it bounds: "events in March 2005"."""
    if period.about is About.LATEST:
        return _("the newest articles first")
    when = stretch(period.first, period.last)
    if period.about is About.EVENTS:
        return _("events {when}", when=when)
    return _("what was published {when}", when=when)


def published_text(first: date | None, last: date | None) -> str:
    """The dates of publication that a reader asks for, in words; empty where none are."""
    if first and last:
        return _("published {first} to {last}", first=long_date(first), last=long_date(last))
    if first:
        return _("published from {day}", day=long_date(first))
    return _("published until {day}", day=long_date(last)) if last else ""


def outside(period: Timeframe, coverage: Coverage) -> str:
    """Where it lies beside an archive's articles, in words; empty where it meets them or nothing is dated."""
    if coverage.first and period.last and period.last < coverage.first:
        return _("before the archive's first article ({day})", day=long_date(coverage.first))
    if coverage.last and period.first and period.first > coverage.last:
        return _("after the archive's last article ({day})", day=long_date(coverage.last))
    return ""


def stretch(first: date | None, last: date | None) -> str:
    """Days as a reader says them: in March 2005, on 16 March 2005, since 2006, until the end of 2003."""
    if first and last:
        return _between(first, last)
    if first and first.day == 1:
        return _("since {period}", period=_of_year(first))
    if first:
        return pgettext("day", "since {period}", period=long_date(first))
    if last and _ends_month(last):
        return _("until the end of {period}", period=_of_year(last, month=12))
    return _("until {day}", day=long_date(last)) if last else _("at any time")


def _between(first: date, last: date) -> str:
    """By the year, the month or the day, whichever is the coarsest that says both ends exactly."""
    if first == last:
        return _("on {day}", day=long_date(first))
    if first.day != 1 or not _ends_month(last):
        return pgettext("day", "from {first} to {last}", first=long_date(first), last=long_date(last))
    whole_years = first.month == 1 and last.month == 12
    begin, end = (str(day.year) if whole_years else month_of(day) for day in (first, last))
    return _("from {first} to {last}", first=begin, last=end) if begin != end else _("in {period}", period=begin)


def _of_year(day: date, *, month: int = 1) -> str:
    """The year where the day is in that month, else its own month."""
    return str(day.year) if day.month == month else month_of(day)


def _ends_month(day: date) -> bool:
    return day.day == calendar.monthrange(day.year, day.month)[1]
