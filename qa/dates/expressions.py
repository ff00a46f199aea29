"""The words of a text that name dates: which rule fits where."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

from qa.dates.grammar import Grammar, Rule, Shape
from qa.dates.lexing import Lexed
from qa.dates.tense import REACH

_STRETCH = re.compile("[^x]+")
"""Words with a meaning for dates in a row."""

_NAMING = re.compile("[MmWwsσCYycKψRJkbUVqHoQDñäaφe]|Td")
"""What a stretch has that can name a date; rules look at no other stretch."""

_REMEMBERED = 100
"""Words of a stretch whose fits are kept for the next such one: longer ones hardly come again, and take room."""

_ABSOLUTE = ("numeric", "year", "lent", "years", "decade", "short_decade", "century")
"""Values that say by themselves when something was."""

_LENDING = (Shape.MONTH, Shape.DAY)
_ITS_OWN = ("year", "lent", "way", "step", "year_way", "year_step", "back", "nth", "weekly")
"""Values by which an expression needs no year of another."""


@dataclass(frozen=True, slots=True)
class Expression:
    """Tokens `first` to `last`, both included, and what they say."""

    first: int
    last: int
    shape: Shape
    values: dict[str, int]


@dataclass(frozen=True, slots=True)
class _Fit:
    """A rule fits letters `first` to `last`; `values` are the names of its values and the places of their words.

    `uncounted` is the place of a unit that no number counts.
    """

    rule: Rule
    first: int
    last: int
    values: tuple[tuple[str, int], ...]
    uncounted: int | None


def is_absolute(values: dict[str, int]) -> bool:
    """Whether values say by themselves when something was."""
    return not values.keys().isdisjoint(_ABSOLUTE)


def expressions_in(lexed: Lexed, grammar: Grammar) -> list[Expression]:
    """The longest expressions that don't overlap, in order."""
    candidates = sorted(_candidates(lexed, grammar), key=lambda e: (e.first - e.last, e.first))
    covered = bytearray(len(lexed.letters))
    expressions = []
    for expression in candidates:
        if not any(covered[expression.first : expression.last + 1]):
            covered[expression.first : expression.last + 1] = b"\1" * (expression.last + 1 - expression.first)
            expressions.append(expression)
    return _with_lent_years(sorted(expressions, key=lambda e: e.first), lexed, grammar)


def in_a_row(first: Expression, second: Expression, lexed: Lexed, grammar: Grammar) -> bool:
    """Whether nothing but a comma, a dash or a word such as "and" stands between two expressions."""
    start, end = first.last + 1, second.first
    if not 1 <= end - start <= 2:
        return False
    return all(
        lexed.letters[place] in "&,-/" or lexed.word(place) in grammar.sets["rows"] for place in range(start, end)
    )


def _with_lent_years(expressions: list[Expression], lexed: Lexed, grammar: Grammar) -> list[Expression]:
    """The same, where the year that ends a row given to all of it: "in May or June next year"."""
    completed: list[Expression] = []
    for expression in reversed(expressions):
        if (
            completed
            and expression.shape is completed[-1].shape
            and expression.shape in _LENDING
            and in_a_row(expression, completed[-1], lexed, grammar)
        ):
            expression = _with_lent_year(expression, completed[-1])
        completed.append(expression)
    return completed[::-1]


def _with_lent_year(lacking: Expression, lender: Expression) -> Expression:
    """As one is with the year of the other."""
    if not lacking.values.keys().isdisjoint(_ITS_OWN):
        return lacking
    month = lender.values.get("month", 0)
    later = lacking.values.get("month", 0) > month
    if "year" in lender.values or "lent" in lender.values:
        lent = {"lent": lender.values.get("year", lender.values.get("lent", 0)), "later": month}
    elif "year_way" in lender.values:
        lent = {"year_way": lender.values["year_way"] - later}
    else:
        return lacking
    return replace(lacking, values=lacking.values | lent)


def _candidates(lexed: Lexed, grammar: Grammar) -> Iterator[Expression]:
    """Every way in which a rule fits the text."""
    for stretch in _STRETCH.finditer(lexed.letters):
        start, end = stretch.span()
        if not _NAMING.search(lexed.letters, start, end):
            continue
        bounds = "x" if start else "¶", "x" if end < len(lexed.letters) else ""
        fits = _fits if end - start <= _REMEMBERED else _fits.__wrapped__
        for fit in fits(grammar, stretch.group().join(bounds)):
            values = dict(fit.rule.fixed)
            values.update((name, lexed.entries[start + place].number) for name, place in fit.values)
            expression = Expression(start + fit.first, start + fit.last, fit.rule.shape, values)
            if fit.uncounted is not None and lexed.word(start + fit.uncounted) in grammar.sets["plurals"]:
                continue  # "the last years" are no year
            if fit.rule.shape is not Shape.PART or _is_of_a_year(expression, lexed, grammar):
                yield expression


@lru_cache(maxsize=1 << 15)
def _fits(grammar: Grammar, letters: str) -> tuple[_Fit, ...]:
    """Every way in which a rule fits some letters, the first of which is only what stands before them."""
    return tuple(
        _fit(rule, match)
        for rule in grammar.rules
        if rule.needed.issubset(letters)
        for match in rule.pattern.finditer(letters)
    )


def _fit(rule: Rule, match: re.Match[str]) -> _Fit:
    values = tuple((name, match.start(group) - 1) for group, name in rule.names if match.start(group) >= 0)
    places = dict(values)
    uncounted = places["unit"] if "unit" in places and "number" not in match.re.groupindex else None
    return _Fit(rule, match.start() - 1, match.end() - 2, values, uncounted)


def _is_of_a_year(expression: Expression, lexed: Lexed, grammar: Grammar) -> bool:
    """Whether a quarter or half is none of a match."""
    around = lexed.words(expression.first - REACH, expression.last + REACH)
    if "business" in expression.values:
        return not grammar.sets["business"].isdisjoint(around)
    return not expression.values.keys().isdisjoint(_ITS_OWN) or grammar.sets["games"].isdisjoint(around)
