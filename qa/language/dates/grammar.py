"""What a language's grammar of dates is made of. The grammars themselves are data: `english` and `spanish`.

Every word of a text becomes one letter, its class; a rule is a pattern over these letters, and a named group of it is
the word that gives the value of that name. So "first half of 2005" is OHFY and a rule reads (?P<ordinal>O)…(?P<year>Y).

    M month     m its short form  W weekday     w its short form  s season      d 1 to 31    e 1st to 31st
    Y year      C numeric date    c decade      n number word     # number      A a, an      O first, second …
    y 1986/87   K Q3              R yesterday … D morning …       E early, late f beginning, end
    J day       k week            b weekend     U month (unit)    q quarter     H half       V year (unit)
    o decade (unit)               T the         t los, las        F of          I in, on …   & to, and
    - dash      L last            p past        N next            S this        h that, the same
    P previous  X following       B earlier     Z later           v before      z after      G ago
    j from now  g hace            i dentro de   r time            % what is counted          x any other word
    . a sentence's end            ¶ a blank line; other signs stand for themselves
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property


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
    PART = "part"
    MONTHS = "months"
    YEAR = "year"
    YEARS = "years"
    DECADE = "decade"
    SEASON = "season"


@dataclass(frozen=True)
class Rule:
    """A way to say a date: a pattern over class letters, and how its named values are to be read.

    The groups of one name are told apart by a digit at the end. `fixed` gives values that no word says. `way` counts
    from the day of publication, `step` from the date that the text named last.
    """

    shape: Shape
    letters: str
    fixed: tuple[tuple[str, int], ...] = ()

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        return re.compile(self.letters)

    def values(self, match: re.Match[str], numbers: list[int]) -> dict[str, int]:
        """Name of a group to the value of its word; only groups that took part."""
        found = dict(self.fixed)
        for name in self.pattern.groupindex:
            if match.start(name) >= 0:
                found[name.rstrip("0123456789")] = numbers[match.start(name)]
        return found


def rule(shape: Shape, letters: str, **fixed: int) -> Rule:
    return Rule(shape, letters, tuple(fixed.items()))


@dataclass(frozen=True)
class TenseWords:
    """Words by which a clause says whether it speaks of what was or of what will be."""

    past: frozenset[str]
    past_endings: tuple[str, ...]
    future: frozenset[str]
    future_endings: tuple[str, ...]
    neither: frozenset[str]
    modals: frozenset[str]
    """Before a participle these make it a future: "will be", "to be"."""
    carriers: frozenset[str]
    """Words that may stand between a modal and its participle."""
    goals: frozenset[str]
    """Words before a date that make it an end in view, as until and for do."""
    plain_be: frozenset[str]
    """Forms of "to be" that look forward right before a date: "the hearing is on Friday"."""
    before_to: frozenset[str]
    """Forms of "to be" that look forward before "to": "ministers were to meet"."""
    afterwards: frozenset[str]
    """Words by which a text, a summary of a later day, tells what came after: no date is impossible beside them."""


@dataclass(frozen=True)
class Grammar:
    """One language's words and rules. `words` and `phrases` give a class letter and a value."""

    words: dict[str, tuple[str, int]]
    phrases: dict[str, tuple[str, int]]
    capitals: bool
    """Whether months and weekdays have a capital; where they have none, one makes a name of them."""
    doubtful: frozenset[str]
    """Months that are also other words: months only beside a date's words."""
    day_first: bool
    """Whether 3/4/2005 can only be the third of April."""
    rules: tuple[Rule, ...]
    tense: TenseWords
    attacks: frozenset[str] = field(default_factory=frozenset)
    """Words beside which the eleventh of September is that of 2001."""

    @cached_property
    def token(self) -> re.Pattern[str]:
        """A phrase, a number, a word, a blank line or a sign; group 1 is a phrase, group 2 a number, group 3 a word."""
        phrases = "|".join(re.escape(phrase) for phrase in sorted(self.phrases, key=len, reverse=True))
        return re.compile(
            rf"((?<!\w)(?:{phrases})(?!\w))"
            r"|((?:\d{4}-\d\d-\d\d|\d{1,2}([/.-])\d{1,2}\3\d{4}|\d+(?:[.,/:]\d+)*)(?:st|nd|rd|th|['’]?s|º)?(?![\w/]))"
            r"|(\w+(?:['’]\w+)*)|\n[^\S\n]*\n|[^\w\s]",
            re.IGNORECASE,
        )


def lexicon(entries: dict[str, str], **numbered: str) -> dict[str, tuple[str, int]]:
    """Word to class letter and value. In `entries` letter → "word word=value …"; a value not given is 0.

    In `numbered` the words of a letter are counted from 1, those joined by | being one.
    """
    found: dict[str, tuple[str, int]] = {}
    for letter, line in entries.items():
        for entry in line.split():
            word, _, number = entry.partition("=")
            found[word.replace("_", " ")] = (letter, int(number or 0))
    for letter, line in numbered.items():
        for place, group in enumerate(line.split(), start=1):
            found.update(dict.fromkeys(group.split("|"), (letter, place)))
    return found


def word_set(line: str) -> frozenset[str]:
    """The words of a line."""
    return frozenset(line.split())
