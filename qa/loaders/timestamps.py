"""Dates and times in the forms that news formats, mail and web pages write them, as text of ISO 8601."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from email.utils import parsedate_to_datetime

# 2013-05-16, 20130516+0000
_DAY = re.compile(r"(\d{4}-?\d\d-?\d\d)\s?(?:Z|[+-]\d\d(?::?\d\d)?)?", re.IGNORECASE)
# 2013-05-16T04:01:00Z, 20130516T040100+0000, 2013-05-16 04:01, 2013-05-16T04:01:00.123 +02:00
_MOMENT = re.compile(r"(\d{4}-?\d\d-?\d\d)[T ](\d\d:?\d\d\S*)(?:\s(Z|[+-]\d\d(?::?\d\d)?))?", re.IGNORECASE)
_DASHED = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}(?:[T ].*)?")
_NUMERIC = re.compile(r"(\d{1,2})([./-])(\d{1,2})[./-]((?:1[4-9]|20)\d\d)", re.ASCII)


def iso(text: object) -> str | None:
    """A date or a moment as `2013-05-16` or `2013-05-16T04:01:00+00:00`, in the zone that it was written in.

    None where the text is none of the calendar. Dates of mail (RFC 5322) are understood too.
    """
    stripped = text.strip() if isinstance(text, str) else ""
    try:
        if match := _DAY.fullmatch(stripped):
            return date.fromisoformat(match[1]).isoformat()
        if match := _MOMENT.fullmatch(stripped):
            moment = datetime.fromisoformat(f"{match[1]}T{match[2]}{match[3] or ''}".upper())
        else:
            moment = parsedate_to_datetime(stripped)
        return moment.isoformat(timespec="seconds")
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def first_iso(*texts: object) -> str | None:
    """The first text that is a date or a moment."""
    return next(filter(None, map(iso, texts)), None)


def utc(text: object) -> datetime | None:
    """A moment in UTC; a date is its first instant, and without a zone UTC is meant."""
    try:
        moment = datetime.fromisoformat(iso(text) or "")
        return moment.replace(tzinfo=moment.tzinfo or UTC).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def parse_moment(text: str) -> datetime:
    """A moment in UTC of what a person wrote, `2026-12-01` or `2026-12-01T06:00+01:00`. Raises ValueError."""
    moment = utc(text) if _DASHED.fullmatch(text) else None
    if moment is None:
        raise ValueError("no moment")
    return moment


def numeric_day(text: str, *, day_first: bool = False) -> str | None:
    """The day of `17/03/2005` or `17.3.2005`; None where day and month could be each other's, unless `day_first`."""
    match = _NUMERIC.fullmatch(text)
    if not match:
        return None
    day, sign, month, year = match.groups()
    if sign == "/" and not day_first and int(day) != int(month) and int(day) <= 12 and int(month) <= 12:
        return None
    if sign == "/" and int(month) > 12:
        day, month = month, day
    return iso(f"{year}-{month:0>2}-{day:0>2}")
