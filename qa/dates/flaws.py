"""Dates that can't be: days of no calendar, and what is told as past before its time."""

from __future__ import annotations

from datetime import timedelta

from qa.dates.expressions import Expression, is_absolute
from qa.dates.grammar import Grammar
from qa.dates.lexing import Lexed
from qa.dates.periods import Period
from qa.dates.setting import Setting
from qa.dates.tense import Tense, aims, foreseen
from qa.models.annotations import Precision

LATER = "Stated as past, but later than the article's own date"
UNFINISHED = "Counted as past, but the period had not ended on the article's own date"
NO_DAY = "No calendar has this day"

_NEARLY = timedelta(days=14)
"""What is left of a quarter or half when it may be counted as a whole."""


def flaw_of(period: Period, expression: Expression, lexed: Lexed, setting: Setting, grammar: Grammar) -> str | None:
    """What is impossible about a date, in words: a thing told as past that was still to come.

    Only of what the words say: a year that was guessed is no fault of the source.
    """
    if setting.published is None or period.last <= setting.published or setting.tense is Tense.FUTURE:
        return None
    if not (is_absolute(expression.values) or "step" in expression.values):
        return None
    first, last = expression.first, expression.last
    if aims(lexed, first, grammar.tense) or foreseen(lexed, first, last, grammar.tense):
        return None
    if period.first > setting.published:
        # Years are what forecasts and debentures are named by, months what is to be delivered: "June 2009 gold".
        named = setting.attributive and period.precision is Precision.MONTH
        exact = period.precision in (Precision.DAY, Precision.MONTH) and not named
        return LATER if setting.tense is Tense.PAST and exact else None
    unfinished = period.precision in (Precision.HALF, Precision.QUARTER) and period.last - setting.published > _NEARLY
    if unfinished and _counts(lexed, expression):
        return UNFINISHED
    return None


def _counts(lexed: Lexed, expression: Expression) -> bool:
    """Whether a number stands shortly before the expression: a count of a whole period is known when it has ended."""
    return any(word[0].isdigit() for word in lexed.words(expression.first - 8, expression.first))
