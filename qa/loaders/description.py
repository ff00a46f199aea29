"""What a file says of its article beside its words: byline, keywords, rights, version.

Known keys are those of `KEYS`. What does not fit its field is kept in the article's `extra`, with a notice: an article
is never refused for it.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from qa.loaders.cleaning import clean, clean_line
from qa.loaders.fields import Stated, id_from
from qa.loaders.moments import moment
from qa.models.archive import Coded, Metadata, Rights

LINES = ("slugline", "byline", "section", "version")
CODED = ("subjects", "places", "people", "organisations")
RIGHTS = {"copyright_holder": "holder", "copyright_notice": "notice", "usage_terms": "terms"}
KEYS = frozenset(
    (
        *(*LINES, *CODED, *RIGHTS, "keywords", "urgency", "revised", "supersedes", "editor_note"),
        *("quote_limit", "redistribution"),
    )
)
MAX_LINE = 1_000  # characters of one of the lines
MAX_LISTED = 500  # of the keywords, places, people that are kept

Facts = Mapping[str, Stated]


def metadata_of(stated: Facts) -> tuple[Metadata, dict[str, object]]:
    """The metadata that the facts make, and the values that fit no field."""
    values: dict[str, object] = {}
    rights: dict[str, object] = {}
    misfits: dict[str, object] = {}
    for key in sorted(KEYS & stated.keys()):
        value = stated[key].value
        read = _read(key, value)
        if read is None:
            misfits[key] = value
        elif key in RIGHTS:
            rights[RIGHTS[key]] = read
        elif key in ("quote_limit", "redistribution"):
            rights["quote_limit"] = _stricter(rights.get("quote_limit"), read)
        else:
            values[key] = read
    if rights:
        values["rights"] = Rights(**rights)  # type: ignore[arg-type]
    return Metadata(**values), misfits  # type: ignore[arg-type]


def _read(key: str, value: object) -> object | None:
    """The value as its field holds it; None where it doesn't fit."""
    if key in LINES:
        return _line(str(value) if isinstance(value, int) and not isinstance(value, bool) else value)
    if key in CODED:
        return _coded(value)
    if key in RIGHTS or key == "editor_note":
        return clean(value) if isinstance(value, str) else None
    match key:
        case "keywords":
            return _words(value)
        case "urgency":
            return _number(value, most=9)
        case "quote_limit":
            return _number(value, most=1_000_000)
        case "redistribution":
            return (0 if value is False else -1) if isinstance(value, bool) else None
        case "revised":
            return moment(value.isoformat() if isinstance(value, date | datetime) else value)
        case _:
            return id_from(value) if isinstance(value, str) and value.strip() else None


def _stricter(known: object, found: object) -> int | None:
    """Of two limits the lower; -1 is none."""
    limits = [limit for limit in (known, found) if isinstance(limit, int) and limit >= 0]
    return min(limits, default=None)


def _line(value: object) -> str | None:
    return clean_line(value)[:MAX_LINE] if isinstance(value, str) else None


def _number(value: object, *, most: int) -> int | None:
    if isinstance(value, str) and value.strip().isdecimal() and len(value) < 10:
        value = int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= most else None


def _words(value: object) -> tuple[str, ...] | None:
    """A list of texts, or one text with commas or semicolons between them."""
    if isinstance(value, str):
        value = value.replace(";", ",").split(",")
    if not isinstance(value, list | tuple) or not all(isinstance(one, str) for one in value):
        return None
    return tuple(dict.fromkeys(line for one in value if (line := clean_line(one)[:MAX_LINE])))[:MAX_LISTED]


def _coded(value: object) -> tuple[Coded, ...] | None:
    """A list of names, or of mappings with `name` and `code`; one of them stands for a list of it."""
    listed = value if isinstance(value, list | tuple) else [value]
    found = [_one_coded(one) for one in listed]
    if None in found:
        return None
    return tuple(dict.fromkeys(one for one in found if one and (one.name or one.code)))[:MAX_LISTED]


def _one_coded(value: object) -> Coded | None:
    if isinstance(value, str):
        return Coded(clean_line(value)[:MAX_LINE])
    if isinstance(value, Mapping) and value.keys() <= {"name", "code"}:
        name, code = value.get("name") or "", value.get("code") or ""
        if isinstance(name, str) and isinstance(code, str):
            return Coded(clean_line(name)[:MAX_LINE], clean_line(code)[:MAX_LINE])
    return None
