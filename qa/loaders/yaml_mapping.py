"""A small YAML mapping, from front matter or a sidecar, with the line of each key.

Read by the plain rules of YAML 1.2: `no` is a word and not false, `012` and `12:30` are text, dates
stay text and are checked where they are used. No aliases and no tags: neither is needed here, and both
let a small file grow without end or name code to run.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

import yaml

from qa.errors import ReadError

try:
    from yaml import CSafeLoader as SafeLoader  # ten times as fast
except ImportError:  # PyYAML was built without libyaml
    from yaml import SafeLoader  # type: ignore[assignment]

MAX_CHARACTERS = 64_000  # the longest front matter of the archive has 900

_FIX = "correct that line; text with a colon, quotes or brackets belongs in quotes"
_TAG = "tag:yaml.org,2002:"
_NULL = [(f"{_TAG}null", re.compile(r"(~|null|Null|NULL|)\Z"))]
_BOOL = [(f"{_TAG}bool", re.compile(r"(true|True|TRUE|false|False|FALSE)\Z"))]
_NUMBER = [
    (f"{_TAG}int", re.compile(r"-?(0|[1-9][0-9]{0,17})\Z")),
    (f"{_TAG}float", re.compile(r"-?(0|[1-9][0-9]{0,14})\.([0-9]{0,14}[1-9]|0)\Z")),
]
_BY_FIRST_CHARACTER = {
    **dict.fromkeys(("", *"~nN"), _NULL),
    **dict.fromkeys("tTfF", _BOOL),
    **dict.fromkeys("-0123456789", _NUMBER),
}


class _PlainLoader(SafeLoader):
    """Text, unless it can only be null, true, false or a number that is written back the same."""

    yaml_implicit_resolvers = _BY_FIRST_CHARACTER


@dataclass(frozen=True, slots=True)
class YamlMapping:
    """Values by key, and the line of each key in its file, from 1."""

    values: Mapping[str, object]
    lines: Mapping[str, int]


def read_mapping(text: str, *, path: str, first_line: int = 1) -> YamlMapping:
    """The mapping that a YAML text is. `first_line` is the line of the file at which the text begins.

    Raises ReadError with the line in the file.
    """
    if len(text) > MAX_CHARACTERS:
        reason = f"metadata of at most {MAX_CHARACTERS:,} characters were expected, found more; shorten them"
        raise ReadError(reason, path=path, line=first_line)
    try:
        return _mapping(text, path=path, first_line=first_line)
    except yaml.YAMLError as error:
        line, found = _place_of(error, text)
    except RecursionError:
        line, found = 0, "too deep a nesting"
    except ValueError as error:
        line, found = 0, str(error)
    reason = f"metadata as lines of `key: value` were expected, found what is no YAML ({found}); {_FIX}"
    raise ReadError(reason, path=path, line=first_line + line)


def _mapping(text: str, *, path: str, first_line: int) -> YamlMapping:
    loader = _PlainLoader(text)
    try:
        node = loader.get_single_node()
        if node is None:
            return YamlMapping({}, {})
        if not isinstance(node, yaml.MappingNode):
            reason = "metadata as lines of `key: value` were expected, found something else; correct that line"
            raise ReadError(reason, path=path, line=first_line + node.start_mark.line)
        _refuse_aliases(node, path=path, first_line=first_line)
        for key, _ in node.value:
            if not isinstance(key, yaml.ScalarNode):
                reason = "a word was expected as a key, found a list or a mapping; write `key: value`"
                raise ReadError(reason, path=path, line=first_line + key.start_mark.line)
        pairs = [(str(key.value), key.start_mark.line, value) for key, value in node.value]
        values = {key: loader.construct_object(value, deep=True) for key, _, value in pairs}
        return YamlMapping(values, {key: first_line + line for key, line, _ in pairs})
    finally:
        loader.dispose()


def _refuse_aliases(root: yaml.Node, *, path: str, first_line: int) -> None:
    """An alias is the one way for a node to be met twice. Raises ReadError."""
    seen: set[int] = set()
    waiting = [root]
    while waiting:
        node = waiting.pop()
        if id(node) in seen:
            reason = "plain values were expected, found an alias (*name); write the value out at each place"
            raise ReadError(reason, path=path, line=first_line + node.start_mark.line)
        seen.add(id(node))
        if isinstance(node, yaml.MappingNode):
            waiting.extend(part for pair in node.value for part in pair)
        elif isinstance(node, yaml.SequenceNode):
            waiting.extend(node.value)


def _place_of(error: yaml.YAMLError, text: str) -> tuple[int, str]:
    """The line of the text, from 0, and what is wrong there."""
    if isinstance(error, yaml.MarkedYAMLError):
        # A quote that is never closed is only missed at the end: where it opened is what helps.
        at_end = error.problem_mark and error.problem_mark.line >= text.rstrip().count("\n") + 1
        mark = error.context_mark if at_end and error.context_mark else error.problem_mark
        return (mark.line if mark else 0, error.problem or "it cannot be parsed")
    position = getattr(error, "position", 0)  # a character that YAML does not allow
    return text.count("\n", 0, position), str(getattr(error, "reason", "it cannot be parsed"))
