"""The cells of a table that the archive itself wrote: as its export says, each is read as what it was."""

from __future__ import annotations

import json
from collections.abc import Mapping

from qa.loaders.carried import NAME
from qa.loaders.description import CODED

_STRUCTURED = frozenset((*CODED, "corrections", "withdrawn", "keywords", NAME))


def is_own(columns: Mapping[str, object]) -> bool:
    """Whether a row is of such a table: it has the column that nobody else's has."""
    return NAME in columns


def own_values(cells: Mapping[str, object]) -> dict[str, object]:
    """The row by its keys; what the article's first file said beside is among it."""
    values = {key: _value(key, cell) for key, cell in cells.items() if isinstance(cell, str)}
    beside = values.pop(NAME, None)
    said = {key: value for key, value in values.items() if value != "" or key in ("title", "text")}
    return {**(beside if isinstance(beside, dict) else {}), **said}


def _value(key: str, cell: str) -> object:
    """Without the apostrophe that keeps a spreadsheet from taking the cell for a formula."""
    text = cell[1:] if cell.startswith("'") else cell
    if key not in _STRUCTURED or not text.startswith(("[", "{", "true")):
        return text
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return text
