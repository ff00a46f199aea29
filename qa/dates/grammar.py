"""What a language's grammar of dates is made of. The grammars themselves are data: `english.toml` and `spanish.toml`.

Every word of a text becomes one letter, its class; a rule is a pattern over these letters, and a named group of it is
the word that gives the value of that name. The letters and their values stand at the top of `english.toml`.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files

_FRAGMENTS = {
    "unit": "(?P<unit>[JkUVqoQ])",
    "month": r"(?P<month>M|m\.?)",
    "end": r"(?=[.,;:)¶”\"&»]|$)",
}
"""Parts of rules in every language; a grammar adds its own."""


_PART = re.compile(
    r"\\.|\[[^\]]*\]|(?P<letter>\(\?P<\w+>\w\)|\w)(?P<optional>[?*])?|(?P<opens>\(\?(?:P<\w+>|<?[=!:])|\()|(?P<closes>\))|."
)
"""A piece of a pattern: a letter, alone or as the whole of a group; where a group opens and closes; anything else."""


class Shape(StrEnum):
    """The ways in which an expression names a date; what resolves each stands in `resolving`."""

    NUMERIC = "numeric"
    DAY = "day"
    DAYS = "days"
    MONTH = "month"
    WEEKDAY = "weekday"
    OFFSET = "offset"
    UNIT = "unit"
    WINDOW = "window"
    COUNTED = "counted"
    STEP = "step"
    SAME = "same"
    PART = "part"
    MONTHS = "months"
    ENDED = "ended"
    YEAR = "year"
    YEARS = "years"
    DECADE = "decade"
    CENTURY = "century"
    SEASON = "season"
    HOLIDAY = "holiday"


@dataclass(frozen=True, slots=True)
class Rule:
    """A way to say a date: a pattern over class letters, and how its named values are to be read.

    The groups of one name are told apart by a digit at the end. `fixed` gives values that no word says. `way` counts
    from the day of publication, `step` from the date that the text named last.
    """

    shape: Shape
    pattern: re.Pattern[str]
    fixed: dict[str, int]
    names: tuple[tuple[str, str], ...]
    """Each group of the pattern, and the name of its value."""
    needed: frozenset[str]
    """Letters without which the pattern fits nothing."""


WordSets = Mapping[str, frozenset[str]]
"""Closed classes of words by their names; what each is for stands beside it in `english.toml`."""


@dataclass(frozen=True, eq=False)
class Grammar:
    """One language's words and rules. `words` and `phrases` give a class letter and a value.

    `capitals`: months and weekdays have a capital; where they have none, one makes a name of them. `day_first`:
    3/4/2005 can only be the third of April.
    """

    words: dict[str, tuple[str, int]]
    phrases: dict[str, tuple[str, int]]
    capitals: bool
    day_first: bool
    rules: tuple[Rule, ...]
    sets: WordSets


@cache
def english() -> Grammar:
    return _loaded("english")


@cache
def spanish() -> Grammar:
    return _loaded("spanish")


def _loaded(language: str) -> Grammar:
    data = tomllib.loads(files(__package__).joinpath(f"{language}.toml").read_text(encoding="utf-8"))
    sets = data["tense"] | {name: line for name, line in data.items() if isinstance(line, str)}
    return Grammar(
        words=_lexicon(data["words"]),
        phrases=_lexicon(data["phrases"]),
        capitals=data["capitals"],
        day_first=data["day_first"],
        rules=tuple(_rules(data["rules"]["text"], _FRAGMENTS | data["fragments"])),
        sets={name: frozenset(word.replace("_", " ") for word in line.split()) for name, line in sets.items()},
    )


def _lexicon(entries: Mapping[str, str]) -> dict[str, tuple[str, int]]:
    """Word to class letter and value, from letter → "word word=value …"; _ is a space, a value not given is 0."""
    found: dict[str, tuple[str, int]] = {}
    for letter, line in entries.items():
        for entry in line.split():
            word, _, number = entry.partition("=")
            found[word.replace("_", " ")] = (letter, int(number or 0))
    return found


def _rules(text: str, fragments: Mapping[str, str]) -> Iterator[Rule]:
    for line in text.splitlines():
        if line and not line.startswith("#"):
            shape, letters, *fixed = line.split()
            yield _rule(Shape(shape), _filled(letters, fragments), fixed)


def _filled(letters: str, fragments: Mapping[str, str]) -> str:
    """The pattern with its fragments, and theirs, written out."""
    while "{" in letters:
        letters = re.sub(r"\{(\w+)\}", lambda match: fragments[match[1]], letters)
    return letters


def _rule(shape: Shape, letters: str, fixed: list[str]) -> Rule:
    pattern = re.compile(letters)
    pairs = (entry.partition("=") for entry in fixed)
    return Rule(
        shape,
        pattern,
        {name: int(number) for name, _, number in pairs},
        tuple((group, group.rstrip("0123456789")) for group in pattern.groupindex),
        _needed(letters),
    )


def _needed(letters: str) -> frozenset[str]:
    """The letters that a pattern has outside of its choices, options and looks around."""
    alternatives, depth = set(), 0
    for part in _PART.finditer(letters):
        if part["opens"]:
            depth += 1
        elif part["closes"]:
            depth -= 1
        elif depth == 0 and part["letter"] and not part["optional"]:
            alternatives.add(part["letter"].rstrip(")")[-1])
    return frozenset(alternatives)
