"""What the clause around an expression says of it."""

from __future__ import annotations

from qa.dates.expressions import Expression, is_absolute
from qa.dates.grammar import Grammar, Shape
from qa.dates.lexing import Lexed
from qa.dates.periods import Unit
from qa.dates.tense import Clause, Tense, aims, bounds, foretold, narrated, tense_at

_DAYS = frozenset({Shape.DAY, Shape.DAYS, Shape.WEEKDAY})

_YEARLY = frozenset({Shape.DAY, Shape.DAYS, Shape.MONTH})
"""What may lie as near ahead as behind."""

_ORDER = 8
"""Words before "in two weeks" among which an ordinal makes it a while: "the first rise of prices in two weeks"."""

_REPEATED = 6
"""Words before a date among which one makes it a date of every year."""

_RECURRING = (Shape.DAY, Shape.DAYS, Shape.MONTH, Shape.SEASON, Shape.WEEKDAY)


def clause_of(expression: Expression, lexed: Lexed, grammar: Grammar) -> Clause:
    """What is said of the date, as far as it matters for dates of its shape."""
    first, words = expression.first, grammar.tense
    of_day = expression.shape in _DAYS or expression.values.get("unit") == Unit.WEEKEND
    tense = tense_at(lexed, first, expression.last, words, of_day=of_day)
    aimed = aims(lexed, first, words) or bounds(lexed, first, words)
    if expression.shape not in _YEARLY:
        return Clause(tense, aimed, narrated=False, foretold=False)
    if tense is Tense.FUTURE:
        return Clause(tense, aimed, narrated=False, foretold=foretold(lexed, first))
    return Clause(tense, aimed, narrated=narrated(lexed, first, words), foretold=False)


def is_attributive(expression: Expression, lexed: Lexed) -> bool:
    """Whether it stands between an article and a noun."""
    before = lexed.letters[max(0, expression.first - 1)]
    return before in "Tπx" and lexed.letters[expression.last + 1 : expression.last + 2] == "x"


def is_a_while(expression: Expression, lexed: Lexed, grammar: Grammar, tense: Tense | None) -> bool:
    """Whether "in two weeks" says how long, not when: "the first rise in two weeks"."""
    if "ahead" not in expression.values:
        return False
    first, start = expression.first, max(0, expression.first - _ORDER)
    looks_ahead = lexed.word(first - 1) in grammar.ahead and tense is Tense.FUTURE
    if not looks_ahead or lexed.word(expression.last) not in grammar.plurals:
        return True
    return "O" in lexed.letters[start:first] or not grammar.records.isdisjoint(lexed.words(start, first))


def recurs(expression: Expression, lexed: Lexed, grammar: Grammar) -> bool:
    """Whether a date is one of every year: "every year in August"."""
    if expression.shape not in _RECURRING or is_absolute(expression.values):
        return False
    around = lexed.words(expression.first - _REPEATED, expression.first)
    return not grammar.recurring.isdisjoint(around)
