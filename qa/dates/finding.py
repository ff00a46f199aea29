"""Finds the dates of an article."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from qa.dates import periods
from qa.dates.expressions import Expression, expressions_in, in_a_row, is_absolute
from qa.dates.grammar import Grammar, Shape, english, spanish
from qa.dates.lexing import Lexed, lex
from qa.dates.periods import Period, Unit
from qa.dates.resolving import precision_of, resolved
from qa.dates.setting import NO_DAY, Setting, clause_of, flaw_of, is_a_while, recurs
from qa.dates.tense import Clause, Tense
from qa.models.annotations import DateKind, DateMention

_MEMORY = 40
"""Tokens for which a named date is what "the next day" counts from: about two sentences."""

_RECALLED = 20
"""Dates looked back upon at most, so that a table of dates takes no longer per date than prose does."""

_STATED = 300
"""Periods that stand for the rest of a text at most: a table of dates has more, and no other way to be read."""

_LOOKING_BACK = frozenset({"step", "year_step"})
"""Values of what is read with a look at the dates named before it, as is "the same month"."""


@dataclass(frozen=True, slots=True)
class _Read:
    """An expression, what it means, and the days of that; None where it has no meaning."""

    expression: Expression
    mention: DateMention
    period: Period | None


def find_dates(body: str, *, published: date | None, language: str = "en") -> list[DateMention]:
    """Every date expression of a text, in order, none overlapping another, as it was meant on the day of publication.

    `language` is a tag such as es or es-ES; all but Spanish are read as English.
    """
    grammar = spanish() if language.lower().startswith("es") else english()
    lexed = lex(body, grammar)
    expressions = expressions_in(lexed, grammar)
    readings: list[_Read] = []
    stated: set[Period] = set()
    setting = Setting(published, stated=stated)
    before: Expression | None = None
    for expression in expressions:
        # "In April and May": what is said of one of them is said of the other.
        follows = before is not None and in_a_row(before, expression, lexed, grammar)
        setting = _setting(expression, lexed, readings, grammar, setting, follows=follows)
        before = expression
        if not _leans_on_nothing(expression, setting) and not is_a_while(expression, lexed, grammar, setting.tense):
            reading = _read(expression, lexed, setting, grammar)
            if reading.mention.flaw is not NO_DAY or expression.shape in (Shape.DAY, Shape.NUMERIC):
                readings.append(reading)  # "1990-1985" is no time at all
            if reading.period and len(stated) < _STATED and _is_stated(reading, published):
                stated.add(reading.period)
    return list(_joined(readings, lexed, grammar))


def _setting(
    expression: Expression, lexed: Lexed, readings: list[_Read], grammar: Grammar, before: Setting, *, follows: bool
) -> Setting:
    """From where an expression is seen; `before` is the setting of the one before, in a row with it if it `follows`."""
    clause = before.clause if follows else clause_of(expression, lexed, grammar)
    named = _recent(readings, expression, lexed, before.published, clause)
    return Setting(before.published, named, clause, before.stated)


def _recent(
    readings: list[_Read], expression: Expression, lexed: Lexed, published: date | None, clause: Clause
) -> tuple[Period, ...]:
    """What was named shortly before, latest first; for a clause about the past, without what was still to come.

    Comparisons compare with the same: "up from a year earlier" is said of no year that was compared with before.
    """
    if expression.shape is not Shape.SAME and _LOOKING_BACK.isdisjoint(expression.values):
        return ()
    unit = expression.values.get("unit", 0)
    looks_back = expression.values.get("step", 0) < 0
    anchored = looks_back and "anchored" in expression.values
    near = [
        reading
        for reading in reversed(readings[-_RECALLED:])
        if reading.period
        and (
            expression.first - reading.expression.last <= _MEMORY
            or (anchored and periods.fineness(reading.period) == unit)
        )
        and not (looks_back and _counts_back(reading.expression, unit))
        and (
            clause.tense is not Tense.PAST
            or reading.mention.flaw
            or published is None
            or reading.period.first <= published
        )
    ]
    named = [reading.period for reading in near if reading.period]
    if looks_back and unit == Unit.YEAR:
        # "In January, up from December and from a year earlier": from the January before.
        earliest = near[-1].expression.first if near else expression.first
        begun = max(lexed.letters.rfind(stop, earliest, expression.first) for stop in ";¶.")
        alike = sum(reading.expression.first > begun for reading in near)
        named[:alike] = sorted(named[:alike], key=lambda period: period.last, reverse=True)
    return tuple(named)


def _counts_back(expression: Expression, unit: int) -> bool:
    """Whether it counts back by that unit."""
    values = expression.values
    back = values.get("step", 0) < 0 or (expression.shape is Shape.COUNTED and values["way"] < 0)
    return back and values.get("unit") == unit


def _leans_on_nothing(expression: Expression, setting: Setting) -> bool:
    """Whether it is "that day", with no day before it."""
    if expression.values.get("step") != 0:
        return False
    unit = Unit(expression.values["unit"])
    return all(periods.fineness(period) > unit for period in setting.named)


def _is_stated(reading: _Read, published: date | None) -> bool:
    """Whether what an expression means stands for the rest of the text: a year was given, or a quarter told as past."""
    past_part = (
        reading.expression.shape is Shape.PART and published and reading.period and reading.period.first <= published
    )
    return bool(reading.mention.kind is DateKind.ABSOLUTE or past_part)


def _read(expression: Expression, lexed: Lexed, setting: Setting, grammar: Grammar) -> _Read:
    start, end = lexed.starts[expression.first], lexed.end(expression.last)
    values = expression.values
    kind = DateKind.ABSOLUTE if is_absolute(values) else DateKind.RELATIVE
    try:
        period = None if recurs(expression, lexed, grammar) else resolved(expression.shape, values, setting)
    except (ValueError, OverflowError):
        mention = DateMention(start, end, None, precision_of(expression.shape, values), kind, NO_DAY)
        return _Read(expression, mention, None)
    if period is None:
        mention = DateMention(start, end, None, precision_of(expression.shape, values), kind)
        return _Read(expression, mention, None)
    flaw = flaw_of(period, expression, lexed, setting, grammar)
    return _Read(expression, DateMention(start, end, period.value, period.precision, kind, flaw), period)


def _joined(readings: list[_Read], lexed: Lexed, grammar: Grammar) -> Iterator[DateMention]:
    """The mentions, two of them one span where the text says so: "between May and July", "January-March"."""
    place = 0
    while place < len(readings):
        reading = readings[place]
        whole = _whole(reading, readings[place + 1], lexed, grammar) if place + 1 < len(readings) else None
        yield whole or reading.mention
        place += 2 if whole else 1


def _whole(opening: _Read, closing: _Read, lexed: Lexed, grammar: Grammar) -> DateMention | None:
    first, last = opening.expression, closing.expression
    if first.shape is not last.shape or not _makes_one(first, last, lexed, grammar):
        return None
    if opening.period is None or closing.period is None or opening.period.first >= closing.period.first:
        return None
    period = periods.joined(opening.period, closing.period)
    kinds = (opening.mention.kind, closing.mention.kind)
    kind = DateKind.RELATIVE if DateKind.RELATIVE in kinds else DateKind.ABSOLUTE
    flaw = opening.mention.flaw or closing.mention.flaw
    return DateMention(opening.mention.start, closing.mention.end, period.value, period.precision, kind, flaw)


def _makes_one(first: Expression, last: Expression, lexed: Lexed, grammar: Grammar) -> bool:
    """Whether the words before and between two expressions make a span of them."""
    link, before = lexed.letters[first.last + 1 : last.first], lexed.word(first.first - 1)
    if link != "&":
        return link == "-"
    closes = lexed.word(first.last + 1) in grammar.sets["closing"]
    return before in grammar.sets["between"] or (
        first.shape is Shape.DAY and closes and before in grammar.sets["opening"]
    )
