"""Dates and numbers as readers of a language write them."""

from __future__ import annotations

from datetime import date, datetime

from qa.i18n.catalogues import ENGLISH
from qa.i18n.locale import N_, _, current_locale, pgettext

_LONG = N_("d MMMM y")
_SHORT = N_("d MMM y")
_MONTH = N_("MMMM y")
"""Patterns of the Unicode CLDR; a catalogue says what they are in its language."""

_PARTS = {
    "Q1": N_("first quarter of {year}"), "Q2": N_("second quarter of {year}"),
    "Q3": N_("third quarter of {year}"), "Q4": N_("fourth quarter of {year}"),
    "H1": N_("first half of {year}"), "H2": N_("second half of {year}"),
}  # fmt: skip


def long_date(day: date | None) -> str:
    """17 March 2005, or "undated"."""
    return _formed(day, _LONG) if day else _("undated")


def short_date(day: date) -> str:
    """28 Nov 2001."""
    return _formed(day, _SHORT)


def month_of(day: date) -> str:
    """March 2005."""
    return _formed(day, _MONTH)


def moment_words(at: datetime) -> str:
    """20 November 2026, 09:30 UTC."""
    return f"{long_date(at.date())}, {at:%H:%M} UTC"


def number(value: float) -> str:
    """1,234 in English, 1.234 in Spanish."""
    if current_locale() == ENGLISH:
        return f"{value:,.0f}" if value == int(value) else f"{value:,}"
    from babel.numbers import format_decimal

    return format_decimal(value, locale=current_locale())


def value_text(value: str) -> str:
    """A value as in TIMEX3 the way a reader writes it: 16 March 2005, December 2004, first half of 2005."""
    if "/" in value:
        first, last = value.split("/", 1)
        begin, end = value_text(first), value_text(last)
        if first.count("-") == 2:
            return pgettext("day", "{first} to {last}", first=begin, last=end)
        return pgettext("period", "{first} to {last}", first=begin, last=end)
    parts = value.split("-")
    if len(parts) == 3:
        return long_date(date.fromisoformat(value))
    if len(parts) == 2 and not parts[1].isdigit():
        return _(_PARTS[parts[1]], year=parts[0])
    # No year of fewer than four digits, nor one before 1, is written in this form.
    return month_of(date(int(parts[0]), int(parts[1]), 1)) if len(parts) == 2 else value


def place_name(code: str) -> str:
    """The name of a territory by its code of ISO 3166; the code itself where it has none."""
    from babel import Locale

    return str(Locale(current_locale()).territories.get(code, code))


def language_name(tag: str) -> str:
    """A language by its tag; the tag itself where it has no name."""
    from babel import Locale

    code = tag.lower().split("-")[0]
    return str(Locale(current_locale()).languages.get(code, tag))


def _formed(day: date, pattern: str) -> str:
    if current_locale() == ENGLISH:
        month = f"{day:%b}" if pattern == _SHORT else f"{day:%B}"
        return f"{month} {day.year}" if pattern == _MONTH else f"{day.day} {month} {day.year}"
    from babel.dates import format_date

    return format_date(day, _(pattern), locale=current_locale())
