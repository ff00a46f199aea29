"""The expressions by which texts are read, as they stand in TOML files; each file is read when it is first needed."""

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from qa.text.entities import DIGITS, DURATION, NAME, NUMBER_WORDS

_FRAGMENT = re.compile(r"\{([a-z_]+)\}")
_ANYWHERE = {"number": rf"(?:{DIGITS}|{NUMBER_WORDS})", "duration": DURATION.pattern, "name": NAME.pattern}


@cache
def word_file(name: str) -> Mapping[str, Any]:
    """The TOML file of that name in this package, such as `stages/english`."""
    data = tomllib.loads(files("qa.text").joinpath(f"{name}.toml").read_text(encoding="utf-8"))
    entries = data.get("fragments", {}).items()
    fragments = {key: value if isinstance(value, str) else f"(?:{'|'.join(value)})" for key, value in entries}
    return data | {"fragments": _ANYWHERE | fragments}


def expression(file: Mapping[str, Any], value: str | list[str]) -> str:
    """An expression of a file with its fragments, and theirs, written out; a list is any of its, as whole words."""
    text = value if isinstance(value, str) else rf"(?<!\w)(?:{'|'.join(value)})(?!\w)"
    while (filled := _FRAGMENT.sub(lambda match: file["fragments"][match[1]], text)) != text:
        text = filled
    return text


@cache
def pattern(name: str, key: str) -> re.Pattern[str]:
    """An entry of a file, compiled; where the file says `any_case`, capitals make no difference."""
    file = word_file(name)
    return re.compile(expression(file, file[key]), re.IGNORECASE if file.get("any_case") else 0)
