"""Dates and times as news formats write them, brought to the one form that the other readers know (ISO 8601)."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from email.utils import parsedate_to_datetime

# 2013-05-16T04:01:00Z, 20130516T040100+0000, 2013-05-16 04:01, 20130516, 2013-05-16T04:01:00.123+02:00
_ISO = re.compile(
    r"(?P<year>\d{4})-?(?P<month>\d\d)-?(?P<day>\d\d)"
    r"(?:[T ](?P<hour>\d\d):?(?P<minute>\d\d)(?::?(?P<second>\d\d)(?:[.,]\d+)?)?)?"
    r"\s?(?P<zone>Z|[+-]\d\d(?::?\d\d)?)?",
    re.IGNORECASE,
)


def iso(text: object) -> str | None:
    """A date or a moment as `2013-05-16` or `2013-05-16T04:01:00+00:00`, in the zone that it was written in.

    None where the text is none of the calendar. Dates of mail (RFC 5322) are understood too.
    """
    if not isinstance(text, str) or not (stripped := text.strip()):
        return None
    if match := _ISO.fullmatch(stripped):
        return _from_parts(match)
    try:
        return parsedate_to_datetime(stripped).isoformat(timespec="seconds")
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def moment(text: object) -> datetime | None:
    """The same as a moment in UTC; a date is its first instant, and without a zone UTC is meant."""
    written = iso(text)
    if written is None:
        return None
    try:
        read = datetime.fromisoformat(written)
        return read.replace(tzinfo=read.tzinfo or UTC).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def first_of(*texts: object) -> str | None:
    """The first that is a date or a moment."""
    return next((read for text in texts if (read := iso(text))), None)


def _from_parts(match: re.Match[str]) -> str | None:
    year, month, day, hour, minute, second, zone = match.groups()
    written = f"{year}-{month}-{day}"
    try:
        date.fromisoformat(written)
        if hour is None:
            return written
        zone = "+00:00" if zone in ("Z", "z") else zone or ""
        if zone and ":" not in zone:
            zone = f"{zone[:3]}:{zone[3:] or '00'}"
        written = f"{written}T{hour}:{minute}:{second or '00'}{zone}"
        datetime.fromisoformat(written)
    except ValueError:
        return None
    return written
