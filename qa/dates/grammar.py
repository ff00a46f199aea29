"""What a language's grammar of dates is made of. The grammars themselves are data: `english.toml` and `spanish.toml`.

Every word of a text becomes one letter, its class; a rule is a pattern over these letters, and a named group of it is
the word that gives the value of that name. The letters and their values stand at the top of `english.toml`.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class Rule:
    """A way to say a date: a pattern over class letters, and how its named values are to be read.

    `shape` names what resolves it, a method of `resolving.Resolver`. `fixed` gives values that no word says. `way`
    counts from the day of publication, `step` from the date that the text named last.
    """

    shape: str
    pattern: re.Pattern[str]
    fixed: dict[str, int]
    names: tuple[tuple[str, str], ...]
    """Each group of the pattern, and the name of its value: a digit at the end tells groups of one name apart."""


@dataclass(frozen=True, eq=False)
class Grammar:
    """One language's words and rules. `words` and `phrases` give a class letter and a value.

    `capitals`: months and weekdays have a capital; where they have none, one makes a name of them. `day_first`:
    3/4/2005 can only be the third of April. `sets` are closed classes of words by their names; what each is for stands
    beside it in `english.toml`.
    """

    words: dict[str, tuple[str, int]]
    phrases: dict[str, tuple[str, int]]
    capitals: bool
    day_first: bool
    rules: tuple[Rule, ...]
    sets: Mapping[str, frozenset[str]]


@cache
def grammar_of(language: str) -> Grammar:
    """The grammar of `english` or `spanish`."""
    data = tomllib.loads(files(__package__).joinpath(f"{language}.toml").read_text(encoding="utf-8"))
    sets = data["tense"] | {name: line for name, line in data.items() if isinstance(line, str)}
    return Grammar(
        words=_lexicon(data["words"]),
        phrases=_lexicon(data["phrases"]),
        capitals=data["capitals"],
        day_first=data["day_first"],
        rules=tuple(_rules(data["rules"]["text"], data["fragments"])),
        sets={name: frozenset(word.replace("_", " ") for word in line.split()) for name, line in sets.items()},
    )


def _lexicon(entries: Mapping[str, str]) -> dict[str, tuple[str, int]]:
    """Word to class letter and value, from letter → "word word=value …"; _ is a space, a value not given is 0."""
    triples = [(letter, *entry.partition("=")[::2]) for letter, line in entries.items() for entry in line.split()]
    return {word.replace("_", " "): (letter, int(number or 0)) for letter, word, number in triples}


def _rules(text: str, fragments: Mapping[str, str]) -> Iterator[Rule]:
    for line in text.splitlines():
        if not line or line.startswith("#"):
            continue
        shape, letters, *fixed = line.split()
        while "{" in letters:
            letters = re.sub(r"\{(\w+)\}", lambda match: fragments[match[1]], letters)
        pattern = re.compile(letters)
        values = {name: int(number) for name, number in (entry.split("=") for entry in fixed)}
        yield Rule(shape, pattern, values, tuple((group, group.rstrip("0123456789")) for group in pattern.groupindex))
