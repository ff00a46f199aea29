"""From where an expression is seen, what its clause says of it, and when that can't be."""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass, field
from datetime import date, timedelta

from qa.dates import periods
from qa.dates.expressions import Expression, is_absolute
from qa.dates.grammar import Grammar, Shape
from qa.dates.lexing import Lexed
from qa.dates.periods import Period, Unit
from qa.dates.tense import NOTHING_SAID, Clause, Tense, aims, foreseen, narrated, tense_at
from qa.models.annotations import Precision

Values = dict[str, int]
"""What an expression's words are worth, by the names of `grammar`'s rules."""

_DAYS = frozenset({Shape.DAY, Shape.DAYS, Shape.WEEKDAY})

_YEARLY = frozenset({Shape.DAY, Shape.DAYS, Shape.MONTH})
"""What may lie as near ahead as behind."""

_ORDER = 8
"""Words before "in two weeks" among which an ordinal makes it a while: "the first rise of prices in two weeks"."""

_REPEATED = 6
"""Words before a date among which one makes it a date of every year."""

_RECURRING = (Shape.DAY, Shape.DAYS, Shape.MONTH, Shape.SEASON, Shape.WEEKDAY)

LATER = "Stated as past, but later than the article's own date"
UNFINISHED = "Counted as past, but the period had not ended on the article's own date"
NO_DAY = "No calendar has this day"

_NEARLY = timedelta(days=14)
"""What is left of a quarter or half when it may be counted as a whole."""


@dataclass(frozen=True, slots=True)
class Setting:
    """The day of publication, the dates named before an expression, its clause's tense."""

    published: date | None
    named: tuple[Period, ...] = ()
    """Dates named shortly before, latest first."""
    clause: Clause = NOTHING_SAID
    """What is said of it."""
    stated: Set[Period] = field(default_factory=frozenset)
    """Dates that the text has named with their year."""

    @property
    def tense(self) -> Tense | None:
        return self.clause.tense

    def named_to(self, unit: Unit, step: int) -> date | None:
        """The day that so many units are counted from: the last date named exactly enough, else publication.

        None for what follows ("the next day") where no such date was named: it doesn't follow publication.
        """
        for period in self.named:
            if periods.fineness(period) <= unit:
                # Months that are no unit of the calendar are known by their end: the half ended in January 1987.
                whole = period.precision is Precision.SPAN and period.ends is not Precision.YEAR
                return period.last if whole and unit > Unit.WEEK else period.first
        return self.published if step < 0 else None


def clause_of(expression: Expression, lexed: Lexed, grammar: Grammar) -> Clause:
    """What is said of the date, as far as it matters for dates of its shape."""
    first, words = expression.first, grammar.sets
    of_day = expression.shape in _DAYS or expression.values.get("unit") == Unit.WEEKEND
    tense = tense_at(lexed, first, expression.last, words, of_day=of_day)
    told = expression.shape in _YEARLY and tense is not Tense.FUTURE and narrated(lexed, first, words)
    return Clause(tense, aims(lexed, first, words), told)


def is_a_while(expression: Expression, lexed: Lexed, grammar: Grammar, tense: Tense | None) -> bool:
    """Whether "in two weeks" says how long, not when: "the first rise in two weeks"."""
    if "ahead" not in expression.values:
        return False
    first, start = expression.first, max(0, expression.first - _ORDER)
    looks_ahead = lexed.word(first - 1) in grammar.sets["ahead"] and tense is Tense.FUTURE
    if not looks_ahead or lexed.word(expression.last) not in grammar.sets["plurals"]:
        return True
    return "O" in lexed.letters[start:first] or not grammar.sets["records"].isdisjoint(lexed.words(start, first))


def recurs(expression: Expression, lexed: Lexed, grammar: Grammar) -> bool:
    """Whether a date is one of every year: "every year in August"."""
    if expression.shape not in _RECURRING or is_absolute(expression.values):
        return False
    around = lexed.words(expression.first - _REPEATED, expression.first)
    return not grammar.sets["recurring"].isdisjoint(around)


def flaw_of(period: Period, expression: Expression, lexed: Lexed, setting: Setting, grammar: Grammar) -> str | None:
    """What is impossible about a date, in words: a thing told as past that was still to come.

    Only of what the words say: a year that was guessed is no fault of the source.
    """
    if setting.published is None or period.last <= setting.published or setting.tense is Tense.FUTURE:
        return None
    if not (is_absolute(expression.values) or "step" in expression.values):
        return None
    first, last = expression.first, expression.last
    if aims(lexed, first, grammar.sets) or foreseen(lexed, first, last, grammar.sets):
        return None
    if period.first > setting.published:
        # Years are what forecasts and debentures are named by.
        exact = period.precision in (Precision.DAY, Precision.MONTH)
        return LATER if setting.tense is Tense.PAST and exact else None
    unfinished = period.precision in (Precision.HALF, Precision.QUARTER) and period.last - setting.published > _NEARLY
    if unfinished and _counts(lexed, expression):
        return UNFINISHED
    return None


def _counts(lexed: Lexed, expression: Expression) -> bool:
    """Whether a number stands shortly before the expression: a count of a whole period is known when it has ended."""
    return any(word[0].isdigit() for word in lexed.words(expression.first - 8, expression.first))
