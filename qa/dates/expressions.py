"""The words of a text that name dates: which rule fits where."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

from qa.dates.lexing import Grammar, Lexed, Rule

REACH = 25
"""Words a verb may be away from its date: longer clauses are rare, and lists run on without full stops."""

_STRETCH = re.compile("[^x]+")
"""Words with a meaning for dates in a row."""
_REMEMBERED = 100
"""Words of a stretch whose fits are kept for the next such one: longer ones hardly come again, and take room."""

_ABSOLUTE = ("numeric", "year", "lent", "years", "decade", "short_decade", "century")
"""Values that say by themselves when something was."""
_ITS_OWN = ("year", "lent", "way", "step", "year_way", "year_step", "back", "nth", "weekly")
"""Values by which an expression needs no year of another."""


@dataclass(frozen=True, slots=True)
class Expression:
    """Tokens `first` to `last`, both included, and what they say: `values` are those of a rule of that shape."""

    first: int
    last: int
    shape: str
    values: dict[str, int]

    @property
    def is_absolute(self) -> bool:
        return not self.values.keys().isdisjoint(_ABSOLUTE)


def expressions_in(lexed: Lexed) -> list[Expression]:
    """The longest expressions that don't overlap, in order."""
    covered = bytearray(len(lexed.letters))
    expressions = []
    for expression in sorted(_candidates(lexed), key=lambda e: (e.first - e.last, e.first)):
        stretch = slice(expression.first, expression.last + 1)
        if not any(covered[stretch]):
            covered[stretch] = b"\1" * (stretch.stop - stretch.start)
            expressions.append(expression)
    expressions.sort(key=lambda e: e.first)
    # "In May or June next year": the year that ends a row is given to all of it.
    for place in range(len(expressions) - 2, -1, -1):
        lacking, lender = expressions[place : place + 2]
        if lacking.shape == lender.shape and lender.shape in ("month", "day") and in_a_row(lacking, lender, lexed):
            expressions[place] = _with_lent_year(lacking, lender.values)
    return expressions


def in_a_row(first: Expression, second: Expression, lexed: Lexed) -> bool:
    """Whether nothing but a comma, a dash or a word such as "and" stands between two expressions."""
    between = range(first.last + 1, second.first)
    return 1 <= len(between) <= 2 and all(lexed.letters[at] in "&,-/" or lexed.is_of("rows", at) for at in between)


def _with_lent_year(lacking: Expression, lender: dict[str, int]) -> Expression:
    if not lacking.values.keys().isdisjoint(_ITS_OWN):
        return lacking
    month = lender.get("month", 0)
    if "year" in lender or "lent" in lender:
        lent = {"lent": lender.get("year", lender.get("lent", 0)), "later": month}
    elif "year_way" in lender:
        lent = {"year_way": lender["year_way"] - (lacking.values.get("month", 0) > month)}
    else:
        return lacking
    return replace(lacking, values=lacking.values | lent)


def _candidates(lexed: Lexed) -> Iterator[Expression]:
    """Every way in which a rule fits the text."""
    for stretch in _STRETCH.finditer(lexed.letters):
        start, end = stretch.span()
        bounds = "x" if start else "¶", "x" if end < len(lexed.letters) else ""
        fits = _fits if end - start <= _REMEMBERED else _fits.__wrapped__
        offset = start - 1  # the first letter is only what stands before the stretch
        for rule, match in fits(lexed.grammar, stretch.group().join(bounds)):
            places = {name: offset + match.start(group) for group, name in rule.names if match[group] is not None}
            if "unit" in places and "number" not in match.re.groupindex and lexed.is_of("plurals", places["unit"]):
                continue  # "the last years" are no year
            values = rule.fixed | {name: lexed.entries[place].number for name, place in places.items()}
            expression = Expression(offset + match.start(), offset + match.end() - 1, rule.shape, values)
            if rule.shape != "part" or _is_of_a_year(expression, lexed):
                yield expression


@lru_cache(maxsize=1 << 15)
def _fits(grammar: Grammar, letters: str) -> list[tuple[Rule, re.Match[str]]]:
    """Every way in which a rule fits some letters."""
    return [(rule, match) for rule in grammar.rules for match in rule.pattern.finditer(letters)]


def _is_of_a_year(expression: Expression, lexed: Lexed) -> bool:
    """Whether a quarter or half is none of a match."""
    around = expression.first - REACH, expression.last + REACH
    if "business" in expression.values:
        return lexed.has_of("business", *around)
    return not expression.values.keys().isdisjoint(_ITS_OWN) or not lexed.has_of("games", *around)
