"""The archive's own exports read back: facts that a foreign format has no field for travel as one JSON object."""

from __future__ import annotations

import json
from collections.abc import Mapping
from urllib.parse import unquote

from qa.loaders.fields import id_from
from qa.loaders.metadata import CODED, KNOWN

FACTS_FIELD = "x-archive-facts"
"""The name of the field that holds the facts."""

ARCHIVE_URN = "urn:x-archive:"
"""The prefix of an id of the archive's own where a format wants a URI."""

MAX_CHARACTERS = 5_000_000

_FIELDS_OF_FORMATS = frozenset(("id", "title", "text", "status", "withdrawn", "embargo", "correction", "corrections"))
_STRUCTURED_COLUMNS = frozenset((*CODED, "corrections", "withdrawn", "keywords", FACTS_FIELD))


def exported_facts(value: object) -> dict[str, object]:
    """The facts by their names, and what the article's first file said beside; empty where it is no such object."""
    if isinstance(value, str):
        value = _parsed(value) if len(value) <= MAX_CHARACTERS else None
    if not isinstance(value, dict) or "kind" not in value:
        return {}
    extra = value.get("extra")
    extra = {str(name): item for name, item in extra.items()} if isinstance(extra, dict) else {}
    return {**extra, **{str(key): fact for key, fact in value.items() if key in KNOWN}}


def id_of_uri(uri: str) -> str:
    """The id that a URI stands for: the archive's own, or one that fits into an address."""
    return unquote(uri.removeprefix(ARCHIVE_URN)) if uri.startswith(ARCHIVE_URN) else id_from(uri)


def with_exported(values: Mapping[str, object], exported: Mapping[str, object]) -> dict[str, object]:
    """The facts of a format's own fields, and over them the exported ones, which are all but the words.

    The fields' status counts still: whoever withdraws an item after it was exported says so there.
    """
    if not exported:
        return dict(values)
    fields = {key: value for key, value in values.items() if key in _FIELDS_OF_FORMATS}
    if "corrections" in exported:
        fields.pop("correction", None)
    return {**fields, **exported}


def exported_row(cells: Mapping[str, object]) -> dict[str, object]:
    """The values of such a row by their keys, each read as what it was when it was written."""
    values = {key: _cell_value(key, cell) for key, cell in cells.items() if isinstance(cell, str)}
    extra = values.pop(FACTS_FIELD, None)
    facts = {key: value for key, value in values.items() if value != "" or key in ("title", "text")}
    return {**(extra if isinstance(extra, dict) else {}), **facts}


def _cell_value(key: str, cell: str) -> object:
    """Without the apostrophe that keeps a spreadsheet from taking the cell for a formula."""
    text = cell.removeprefix("'")
    if key not in _STRUCTURED_COLUMNS or not text.startswith(("[", "{", "true")):
        return text
    value = _parsed(text)
    return text if value is None else value


def _parsed(text: str) -> object:
    """The value of JSON; None where it is none."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None
