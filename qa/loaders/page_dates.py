"""Dates as pages write them, in their meta tags and addresses."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime

from qa.loaders.moments import iso

_SLASHED = re.compile(r"(\d{4})[/.](\d{1,2})[/.](\d{1,2})(?:[ T](\d{1,2}):(\d\d)(?::(\d\d))?)?\s*(Z|UTC|GMT)?")
_LONG_ZONE = re.compile(r"(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d(?::\d\d)?)(?:\.\d+)?\s*(Z|UTC|GMT|[+-]\d\d:?\d\d)?\b.*")
_MONTH_FIRST = re.compile(
    r"(?:\w+,? )?([A-Za-z]{3,9})\.? (\d{1,2})(?:st|nd|rd|th)?,? (?:(\d\d:\d\d:\d\d) (?:([A-Z]{3,4}) )?)?(\d{4})\b.*"
)
_DAY_FIRST = re.compile(r"(?:\w+,? )?(\d{1,2})(?:st|nd|rd|th|º)? (?:de )?([A-Za-zçé]{3,10})\.?,? (?:de )?(\d{4})\b.*")
_EPOCH = re.compile(r"1\d{9}(?:\d{3})?")
_IN_ADDRESS = re.compile(r"/((?:19|20)\d\d)[/-]?(0[1-9]|1[0-2])[/-]?(0[1-9]|[12]\d|3[01])(?=[/_.-])")
_NUMBERED = re.compile(r"(?<!\d)(\d{1,2})[/.-](\d{1,2})[/.-]((?:19|20)\d\d)(?!\d)")
_NAMED_DAY = re.compile(
    r"(?:\b([A-Za-z]{3,9})\.? (\d{1,2})(?:st|nd|rd|th)?|"
    r"\b(\d{1,2})\.?(?:st|nd|rd|th|º)?(?: de)? ([A-Za-zçéûä]{3,10})\.?)"
    r",?(?: de)? ((?:19|20)\d\d)\b"
)
_MONTHS = (
    ("jan", "ene"),
    ("feb", "fév", "fev"),
    ("mar", "mär"),
    ("apr", "abr", "avr"),
    ("may", "mai"),
    ("jun", "juin"),
    ("jul", "juil"),
    ("aug", "ago", "aoû"),
    ("sep", "set"),
    ("oct", "okt", "out"),
    ("nov",),
    ("dec", "dic", "dez", "déc"),
)


def page_date(text: str) -> str | None:
    """A date or a moment as ISO writes it; None where it can't be told, such as which of 03/04/2012 is the month."""
    stripped = " ".join(text.split())[:80]
    if read := iso(stripped):
        return read
    if match := _SLASHED.fullmatch(stripped):
        year, month, day, hour, minute, second, zone = match.groups()
        written = f"{year}-{month:0>2}-{day:0>2}"
        return iso(f"{written}T{hour:0>2}:{minute}:{second or '00'}{'Z' if zone else ''}" if hour else written)
    if match := _LONG_ZONE.fullmatch(stripped):
        zone = match[3] or ""
        return iso(f"{match[1]}T{match[2]}{zone if zone[:1] in ('+', '-') else 'Z' if zone else ''}")
    if match := _MONTH_FIRST.fullmatch(stripped):
        day = _day(match[5], match[1], match[2])
        return f"{day}T{match[3]}{'+00:00' if match[4] in ('UTC', 'GMT') else ''}" if day and match[3] else day
    if match := _DAY_FIRST.fullmatch(stripped):
        return _day(match[3], match[2], match[1])
    if _EPOCH.fullmatch(stripped):
        return datetime.fromtimestamp(int(stripped[:10]), UTC).isoformat()
    return None


def date_in_address(address: str) -> str | None:
    """The day that an address such as `https://example.org/2014/12/29/harbour` names."""
    match = _IN_ADDRESS.search(address)
    return iso("-".join(match.groups())) if match else None


def date_in_line(line: str, *, day_first: bool) -> str | None:
    """The day that a line such as `Ana Ruiz | Palma | 08/01/2014` names."""
    if match := _NUMBERED.search(line):
        first, second, year = match.groups()
        first, second = (first, second) if day_first or int(first) > 12 else (second, first)
        return iso(f"{year}-{second:0>2}-{first:0>2}")
    for match in _NAMED_DAY.finditer(line):
        month, day = (match[1], match[2]) if match[1] else (match[4], match[3])
        if read := _day(match[5], month, day):
            return read
    return None


def _day(year: str, month: str, day: str) -> str | None:
    name = month.lower()
    number = next((n for n, starts in enumerate(_MONTHS, start=1) if name.startswith(starts)), 0)
    try:
        return date(int(year), number, int(day)).isoformat()
    except ValueError:
        return None
