"""The names and the words of formats, as data in `names.toml`: a table for each format."""

import re
import tomllib
from collections.abc import Iterable, Mapping
from importlib.resources import files
from typing import Any

NAMES: Mapping[str, Mapping[str, Any]] = tomllib.loads(
    files("qa.loaders").joinpath("names.toml").read_text(encoding="utf-8")
)


def any_of(expressions: Iterable[str], *, end: str = "") -> re.Pattern[str]:
    """Any of some expressions, in any case, with `end` behind it."""
    return re.compile(f"(?:{'|'.join(expressions)}){end}", re.IGNORECASE)
