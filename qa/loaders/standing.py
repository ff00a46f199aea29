"""What a file says of its article's standing: corrections, an embargo, a withdrawal, a status.

The strictest of what is stated counts: withdrawn, then withheld, then an embargo, then corrections.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime

from qa.loaders.cleaning import clean_line
from qa.loaders.fields import Stated, line_of, shown_key
from qa.models.archive import Correction, Status, Withdrawal

KEYS = frozenset(("status", "correction", "corrections", "embargo", "withdrawn"))
MAX_NOTICE = 2_000  # characters of a correction or a reason; a longer one is an article

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_TIME = r"[0-9]{2}:[0-9]{2}(?::[0-9]{2})?"
_ZONE = r"Z|[+-][0-9]{2}:?[0-9]{2}"
_MOMENT = re.compile(rf"{_DAY.pattern}(?:[T ]{_TIME} ?(?:{_ZONE})?)?")


@dataclass(frozen=True, slots=True)
class FileStanding:
    """The standing that a file gives its article; `embargo` is in UTC."""

    status: Status = Status.LIVE
    corrections: tuple[Correction, ...] = ()
    embargo: datetime | None = None
    withdrawal: Withdrawal | None = None


def standing_of(stated: Mapping[str, Stated]) -> FileStanding:
    """The standing that the facts make. Raises ReadError that names the line of what is wrong."""
    corrections = tuple(
        one for key in ("correction", "corrections") if key in stated for one in _corrections(stated[key], key=key)
    )
    embargo = _embargo(stated["embargo"]) if "embargo" in stated else None
    withdrawal = _withdrawal(stated["withdrawn"]) if "withdrawn" in stated else None
    said = _status(stated["status"], corrections, embargo) if "status" in stated else Status.LIVE
    if said is Status.WITHDRAWN or withdrawal:
        return FileStanding(Status.WITHDRAWN, corrections, embargo, withdrawal or Withdrawal())
    if said is Status.WITHHELD:
        return FileStanding(said, corrections, embargo)
    if embargo:
        return FileStanding(Status.EMBARGOED, corrections, embargo)
    return FileStanding(Status.CORRECTED if corrections else Status.LIVE, corrections)


def moment_of(text: str) -> datetime:
    """A moment in UTC, from a date (its first instant) or a date and time; without an offset, UTC is meant.

    Raises ValueError.
    """
    if not _MOMENT.fullmatch(text):
        raise ValueError("no moment")
    moment = datetime.fromisoformat(text.replace(" +", "+").replace(" -", "-").replace(" Z", "Z"))
    try:
        return moment.replace(tzinfo=moment.tzinfo or UTC).astimezone(UTC)
    except OverflowError as error:
        raise ValueError("beyond the calendar") from error


def _status(stated: Stated, corrections: tuple[Correction, ...], embargo: datetime | None) -> Status:
    text = line_of(stated, key="status").lower()
    if text not in tuple(Status):
        stated.refuse(f"status: {' or '.join(Status)}", advice="correct it; without one it is live")
    if text == Status.CORRECTED and not corrections:
        stated.refuse("status: corrected beside its correction", advice="add the correction, or take the status out")
    if text == Status.EMBARGOED and not embargo:
        stated.refuse("status: embargoed beside its embargo", advice="add when it ends (embargo: 2026-12-01)")
    return Status(text)


def _corrections(stated: Stated, *, key: str) -> tuple[Correction, ...]:
    values = stated.value if isinstance(stated.value, list) else [stated.value]
    return tuple(Correction(*_notice(Stated(value, stated.path, stated.line), key=key, of="text")) for value in values)


def _withdrawal(stated: Stated) -> Withdrawal | None:
    if isinstance(stated.value, bool):
        return Withdrawal() if stated.value else None
    return Withdrawal(*_notice(stated, key="withdrawn", of="reason"))


def _embargo(stated: Stated) -> datetime:
    value = stated.value
    text = value.isoformat() if isinstance(value, date) else value.strip() if isinstance(value, str) else ""
    try:
        return moment_of(text)
    except ValueError:
        expected = "embargo: a date such as 2026-12-01 or a time such as 2026-12-01T06:00+01:00"
        stated.refuse(expected, advice="correct it, or take it out")


def _notice(stated: Stated, *, key: str, of: str) -> tuple[str, date | None]:
    """The words and the date of a notice: text, or a mapping of `of` and `date`."""
    parts = stated.value if isinstance(stated.value, dict) else {of: stated.value}
    if unknown := set(map(str, parts)) - {of, "date"}:
        stated.refuse(f"{key}: {of} and date", advice=f"take out {shown_key(min(unknown))}")
    value, said = parts.get(of), parts.get("date")
    if not isinstance(value, str) or not clean_line(value):
        stated.refuse(f"{key}: text, or {of} and date", advice=f"write the {of} as text, in quotes")
    if len(value) > MAX_NOTICE:
        stated.refuse(f"{key}: at most {MAX_NOTICE:,} characters", advice="shorten it")
    return clean_line(value), _day(Stated(said, stated.path, stated.line), key=key)


def _day(stated: Stated, *, key: str) -> date | None:
    value = stated.value
    if value is None:
        return None
    text = value.isoformat()[:10] if isinstance(value, date) else value.strip() if isinstance(value, str) else ""
    try:
        if not _DAY.fullmatch(text):
            raise ValueError
        return date.fromisoformat(text)
    except ValueError:
        stated.refuse(f"{key}: a date of the calendar such as 2005-03-21", advice="correct it, or leave it out")
