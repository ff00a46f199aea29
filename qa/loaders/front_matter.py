"""Metadata in YAML: front matter at the top of a Markdown file, and sidecars (`NAME.meta.yaml`) beside a file.

Read by the plain rules of YAML 1.2: `no` is a word and not false, `012` and `12:30` are text, dates
stay text and are checked where they are used. No aliases and no tags: neither is needed here, and both
let a small file grow without end or name code to run.
"""

import re
from collections.abc import Mapping
from pathlib import Path

import yaml

from qa.errors import ReadError
from qa.loaders.documents import Document
from qa.loaders.encoding import UTF16_MARKS, path_text
from qa.loaders.fields import FieldValue
from qa.loaders.metadata import Facts, facts

try:
    from yaml import CSafeLoader as SafeLoader  # ten times as fast
except ImportError:  # PyYAML was built without libyaml
    from yaml import SafeLoader  # type: ignore[assignment]

SUFFIX = ".meta.yaml"
PER_ARTICLE = ("id", "title", "text")  # what a sidecar of many articles cannot state
MAX_CHARACTERS = 64_000  # the longest front matter of the archive has 900

YamlMapping = tuple[Mapping[str, object], Mapping[str, int]]
"""Values by key, and the line of each key in its file, from 1."""

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


def split_front_matter(text: str) -> tuple[YamlMapping, str]:
    """The metadata, empty where there is none, and the text below. Raises ReadError with the line in the file."""
    lines = text.split("\n")
    if lines[0].rstrip() != "---":
        return ({}, {}), text
    for number, line in enumerate(lines[1:], start=1):
        if line.rstrip() in ("---", "..."):
            front = _read_mapping("\n".join(lines[1:number]) + "\n", first_line=2)
            return front, "\n".join(lines[number + 1 :])
    reason = "a line of --- that closes the front matter was expected, found none; add it below the last key"
    raise ReadError(reason, line=1)


def has_front_matter(start: bytes) -> bool:
    """True if a file that starts so begins with a line of `---`."""
    text = start[:16].decode("utf-16" if start.startswith(UTF16_MARKS) else "utf-8-sig", "replace")
    return text.startswith("---") and not text[3:].split("\n")[0].strip()


def is_sidecar(name: str) -> bool:
    return name.lower().endswith(SUFFIX)


def read_sidecars(path: Path, *, stem: str, many: bool) -> Facts:
    """The facts of a file's sidecars; that of its whole name counts before that of its `stem`, without its format.

    `many`: it holds more than one article. Raises ReadError that names the sidecar and its line, and OSError.
    """
    sidecar_facts: dict[str, FieldValue] = {}
    for sidecar in (path.with_name(name + SUFFIX) for name in dict.fromkeys((stem, path.name))):
        if sidecar.is_file():
            place = path_text(sidecar)
            try:
                values, lines = _read_mapping(Document.of_file(sidecar).text().text)
            except ReadError as error:
                raise ReadError(error.reason, path=place, line=error.line) from None
            sidecar_facts |= facts(values, lines=lines, path=place)
    for field in (sidecar_facts[key] for key in PER_ARTICLE if many and key in sidecar_facts):
        reason = f"metadata that fit many articles were expected, found {field.key}; put it into each"
        raise ReadError(reason, path=field.path, line=field.line)
    return sidecar_facts


def partner_exists(sidecar: Path) -> bool:
    """True if a file stands beside it that it describes."""
    name = sidecar.name[: -len(SUFFIX)]
    siblings = (path.name for path in sidecar.parent.iterdir() if path != sidecar)
    return any(sibling == name or sibling.startswith(f"{name}.") for sibling in siblings)


def _read_mapping(text: str, *, first_line: int = 1) -> YamlMapping:
    """The mapping that a YAML text is, which begins at that line of its file. Raises ReadError with the line."""
    if len(text) > MAX_CHARACTERS:
        reason = f"metadata of at most {MAX_CHARACTERS:,} characters were expected, found more; shorten them"
        raise ReadError(reason, line=first_line)
    try:
        return _mapping(text, first_line=first_line)
    except yaml.YAMLError as error:
        line, problem = _place_of(error, text)
    except (RecursionError, ValueError) as error:
        line, problem = 0, str(error) if isinstance(error, ValueError) else "too deep a nesting"
    raise _refusal(f"what is no YAML ({problem})", first_line + line)


def _mapping(text: str, *, first_line: int) -> YamlMapping:
    for event in yaml.parse(text, Loader=_PlainLoader):
        if getattr(event, "anchor", None):
            line = event.start_mark.line  # type: ignore[union-attr]
            raise _refusal("an alias (*name), whose value belongs at each place", first_line + line)
    loader = _PlainLoader(text)
    try:
        node = loader.get_single_node() or yaml.MappingNode("", [])
        if not isinstance(node, yaml.MappingNode):
            raise _refusal("something else", first_line + node.start_mark.line)
        values, lines = {}, {}
        for key, value in node.value:
            line = first_line + key.start_mark.line
            if not isinstance(key, yaml.ScalarNode):
                raise _refusal("a list or a mapping as a key", line)
            lines[key.value] = line
            values[key.value] = loader.construct_object(value, deep=True)
        return values, lines
    finally:
        loader.dispose()


def _refusal(actual: str, line: int) -> ReadError:
    return ReadError(f"metadata as lines of `key: value` were expected, found {actual}; {_FIX}", line=line)


def _place_of(error: yaml.YAMLError, text: str) -> tuple[int, str]:
    """The line of the text, from 0, and what is wrong there."""
    if isinstance(error, yaml.MarkedYAMLError):
        # A quote that is never closed is only missed at the end: where it opened is what helps.
        at_end = error.problem_mark and error.problem_mark.line >= text.rstrip().count("\n") + 1
        mark = error.context_mark if at_end and error.context_mark else error.problem_mark
        return (mark.line if mark else 0, error.problem or "it cannot be parsed")
    position = getattr(error, "position", 0)  # a character that YAML does not allow
    return text.count("\n", 0, position), str(getattr(error, "reason", "it cannot be parsed"))
