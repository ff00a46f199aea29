"""What a cell of a table says, where the archive wants more than text: a date, a yes, a list, a code."""

from __future__ import annotations

import re
from collections.abc import Callable

from qa.loaders.description import CODED
from qa.loaders.fields import id_from, shown
from qa.loaders.moments import iso

_LANGUAGES = {"english": "en", "inglés": "en", "ingles": "en", "spanish": "es", "español": "es", "castellano": "es"}
_NUMERIC = re.compile(r"(\d{1,2})([./-])(\d{1,2})\2(\d{4})", re.ASCII)
_YES = frozenset(("true", "yes", "1", "y", "sí", "si", "x"))
_NO = frozenset(("false", "no", "0", "n"))


def with_values_read(cells: dict[str, object], *, language: object) -> tuple[dict[str, object], tuple[str, ...]]:
    """The row with those cells read, and what was noticed: what can't be read is kept under another name.

    `language` is what is stated of the table's, where the row names none: in English alone 04/09/2019 may be in April.
    """
    row: dict[str, object] = {}
    notices = []
    locale = str(_language(str(cells.get("language") or language or "").strip()) or "en")
    readers = _READERS if locale.startswith("en") else _READERS | {"published": _day_first, "revised": _day_first}
    for key, cell in cells.items():
        said = cell.strip() if isinstance(cell, str) else ""
        reader = readers.get(key)
        if not reader or not said:
            row[key] = cell
        elif (value := reader(said)) is not None:
            row[key] = value
        else:
            row[f"{key} (column)"] = said
            notices.append(f"{key}: {shown(said)} can't be read; it counts for nothing")
    # A table that has no column for headlines says of none of its articles what it is called.
    return {"title": "", **row}, tuple(notices)


def _day_first(said: str) -> str | None:
    """A date such as 17/03/2005 or 17.3.2005 too, the day before the month."""
    match = _NUMERIC.fullmatch(said)
    return (match and iso(f"{match[4]}-{match[3]:0>2}-{match[1]:0>2}")) or _day(said)


def _day(said: str) -> str | None:
    """The same, the month before the day too; None where they could be each other's."""
    if read := iso(said):
        return read
    match = _NUMERIC.fullmatch(said)
    if not match:
        return None
    day, sign, month, year = match.groups()
    if sign == "/" and int(day) <= 12 and int(month) <= 12 and int(day) != int(month):
        return None
    if int(month) > 12 and sign == "/":
        day, month = month, day
    return iso(f"{year}-{month:0>2}-{day:0>2}")


def _language(said: str) -> str | None:
    code = _LANGUAGES.get(said.lower(), said.lower().replace("_", "-"))
    return code if re.fullmatch(r"[a-z]{2,3}(-[a-z0-9]{2,8})*", code) else None


def _address(said: str) -> str | None:
    return said if re.match(r"https?://[^\s/]+\S*$", said) else None


def _withdrawn(said: str) -> bool | str:
    """A yes or a no, or the reason."""
    return True if said.lower() in _YES else False if said.lower() in _NO else said


def _yes_or_no(said: str) -> bool | None:
    return True if said.lower() in _YES else False if said.lower() in _NO else None


def _listed(said: str) -> list[str]:
    return [one.strip() for one in re.split("[;|]", said) if one.strip()]


_READERS: dict[str, Callable[[str], object | None]] = {
    "id": id_from,
    "published": _day,
    "revised": _day,
    "language": _language,
    "url": _address,
    "withdrawn": _withdrawn,
    "redistribution": _yes_or_no,
    **dict.fromkeys(CODED, _listed),
}
