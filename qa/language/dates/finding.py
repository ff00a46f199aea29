"""Finds the dates of an article."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from qa.domain.mentions import DateKind, DateMention, Precision
from qa.language.dates import periods
from qa.language.dates.grammar import Grammar, Rule, Shape, english, spanish
from qa.language.dates.lexing import Lexed, lex
from qa.language.dates.periods import Period, Unit
from qa.language.dates.resolving import precision_of, resolved
from qa.language.dates.setting import Setting
from qa.language.dates.tense import REACH, Tense, aims, foreseen, tense_at

LATER = "Stated as past, but later than the article's own date"
UNFINISHED = "Counted as past, but the period had not ended on the article's own date"
NO_DAY = "No calendar has this day"

_MEMORY = 40
"""Tokens for which a named date is what "the next day" counts from: about two sentences."""

_RECALLED = 20
"""Dates looked back upon at most, so that a table of dates takes no longer per date than prose does."""

_YEARLY_ATTACKS = {(9, 11): 2001, (3, 11): 2004}
"""Month and day of attacks that are named by their day alone, long after."""

_NEARLY = timedelta(days=14)
"""What is left of a quarter or half when it may be counted as a whole."""

_ABSOLUTE = ("numeric", "year", "lent", "years", "decade", "short_decade", "century")
"""Values that say by themselves when something was."""

_DAYS = (Shape.DAY, Shape.DAYS, Shape.WEEKDAY, Shape.OFFSET)

_STRETCH = re.compile("[^x]*(?:[MmWwsσCYycKψRJkbUVqHoQDñäaφe]|Td)[^x]*")
"""Words with a meaning for dates in a row, and at least one that can name one; rules look at nothing else."""


@dataclass(frozen=True, slots=True)
class _Expression:
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


@dataclass(frozen=True, slots=True)
class _Read:
    """An expression, what it means, and the days of that; None where it has no meaning."""

    expression: _Expression
    mention: DateMention
    period: Period | None


def find_dates(body: str, *, published: date | None, language: str = "en") -> list[DateMention]:
    """Every date expression of a text, in order, none overlapping another, as it was meant on the day of publication.

    `language` is a tag such as es or es-ES; all but Spanish are read as English.
    """
    grammar = spanish() if language.lower().startswith("es") else english()
    lexed = lex(body, grammar)
    found: list[_Read] = []
    setting = Setting(published, (), None)
    last = -2
    for expression in _expressions(lexed, grammar):
        # "In April and May": what is said of one of them is said of the other.
        follows = last == expression.first - 2 and lexed.letters[last + 1] in "&,"
        setting = _setting(expression, lexed, found, grammar, setting, follows=follows)
        last = expression.last
        if not _leans_on_nothing(expression, setting):
            one = _read(expression, lexed, setting, grammar)
            if one.mention.flaw is not NO_DAY or expression.shape in (Shape.DAY, Shape.NUMERIC):
                found.append(one)  # "1990-1985" is no time at all
    return list(_joined(found, lexed, grammar))


def _setting(
    expression: _Expression, lexed: Lexed, found: list[_Read], grammar: Grammar, before: Setting, *, follows: bool
) -> Setting:
    """From where an expression is seen; `before` is the setting of the one before, in a row with it if it `follows`."""
    first, last, published = expression.first, expression.last, before.published
    aimed, tense = before.aimed, before.tense
    if not follows:
        aimed = aims(lexed, first, grammar.tense)
        tense = tense_at(lexed, first, last, grammar.tense, of_day=expression.shape in _DAYS)
    recent = _recent(found, expression, published, tense)
    return Setting(published, recent, tense, _is_attributive(expression, lexed), aimed)


def _recent(
    found: list[_Read], expression: _Expression, published: date | None, tense: Tense | None
) -> tuple[Period, ...]:
    """What was named shortly before, latest first; for a clause about the past, without what was still to come."""
    return tuple(
        one.period
        for one in reversed(found[-_RECALLED:])
        if one.period
        and expression.first - one.expression.last <= _MEMORY
        and (tense is not Tense.PAST or one.mention.flaw or published is None or one.period.first <= published)
    )


def _is_attributive(expression: _Expression, lexed: Lexed) -> bool:
    """Whether it stands between an article and a noun."""
    before = lexed.letters[max(0, expression.first - 1)]
    return before in "Tπx" and lexed.letters[expression.last + 1 : expression.last + 2] == "x"


def _leans_on_nothing(expression: _Expression, setting: Setting) -> bool:
    """Whether it is "that day", with no day before it."""
    if expression.values.get("step") != 0:
        return False
    unit = Unit(expression.values["unit"])
    return all(periods.fineness(period) > unit for period in setting.named)


def _expressions(lexed: Lexed, grammar: Grammar) -> list[_Expression]:
    """The longest expressions that don't overlap, in order."""
    found = sorted(_candidates(lexed, grammar), key=lambda e: (e.first - e.last, e.first))
    taken = bytearray(len(lexed.letters))
    kept = []
    for expression in found:
        if not any(taken[expression.first : expression.last + 1]):
            taken[expression.first : expression.last + 1] = b"\1" * (expression.last + 1 - expression.first)
            kept.append(expression)
    return sorted(kept, key=lambda e: e.first)


def _candidates(lexed: Lexed, grammar: Grammar) -> Iterator[_Expression]:
    """Every way in which a rule fits the text."""
    for stretch in _STRETCH.finditer(lexed.letters):
        start, end = stretch.span()
        bounds = "x" if start else "¶", "x" if end < len(lexed.letters) else ""
        for fit in _fits(grammar, stretch.group().join(bounds)):
            values = dict(fit.rule.fixed)
            values.update((name, lexed.entries[start + place].number) for name, place in fit.values)
            expression = _Expression(start + fit.first, start + fit.last, fit.rule.shape, values)
            if fit.uncounted is not None and lexed.word(start + fit.uncounted) in grammar.plurals:
                continue  # "the last years" are no year
            if "business" not in values or _is_business(expression, lexed, grammar):
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


def _is_business(expression: _Expression, lexed: Lexed, grammar: Grammar) -> bool:
    around = lexed.words(expression.first - REACH, expression.last + REACH)
    return not grammar.business.isdisjoint(around)


def _read(expression: _Expression, lexed: Lexed, setting: Setting, grammar: Grammar) -> _Read:
    start, end = lexed.starts[expression.first], lexed.end(expression.last)
    values = _with_known_year(expression, lexed, grammar)
    kind = DateKind.ABSOLUTE if _is_absolute(values) else DateKind.RELATIVE
    try:
        period = resolved(expression.shape, values, setting)
    except (ValueError, OverflowError):
        mention = DateMention(start, end, None, precision_of(expression.shape, values), kind, NO_DAY)
        return _Read(expression, mention, None)
    if period is None:
        mention = DateMention(start, end, None, precision_of(expression.shape, values), kind)
        return _Read(expression, mention, None)
    flaw = _flaw(period, expression, lexed, setting, grammar)
    return _Read(expression, DateMention(start, end, period.value, period.precision, kind, flaw), period)


def _is_absolute(values: dict[str, int]) -> bool:
    return not values.keys().isdisjoint(_ABSOLUTE)


def _with_known_year(expression: _Expression, lexed: Lexed, grammar: Grammar) -> dict[str, int]:
    """The values, with 2001 for the eleventh of September beside "attacks"."""
    values = expression.values
    year = _YEARLY_ATTACKS.get((values.get("month", 0), values.get("day", 0)))
    if year is None or _is_absolute(values):
        return values
    beside = lexed.words(expression.first - 4, expression.first)
    beside += lexed.words(expression.last + 1, expression.last + 4)
    return values if grammar.attacks.isdisjoint(beside) else values | {"year": year}


def _flaw(period: Period, expression: _Expression, lexed: Lexed, setting: Setting, grammar: Grammar) -> str | None:
    """What is impossible about a date, in words: a thing told as past that was still to come.

    Only of what the words say: a year that was guessed is no fault of the source.
    """
    if setting.published is None or period.last <= setting.published or setting.tense is Tense.FUTURE:
        return None
    if not (_is_absolute(expression.values) or "step" in expression.values):
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


def _counts(lexed: Lexed, expression: _Expression) -> bool:
    """Whether a number stands shortly before the expression: a count of a whole period is known when it has ended."""
    return any(word[0].isdigit() for word in lexed.words(expression.first - 8, expression.first))


def _joined(found: list[_Read], lexed: Lexed, grammar: Grammar) -> Iterator[DateMention]:
    """The mentions, two of them one span where the text says so: "between May and July", "January-March"."""
    place = 0
    while place < len(found):
        one = found[place]
        whole = _whole(one, found[place + 1], lexed, grammar) if place + 1 < len(found) else None
        yield whole or one.mention
        place += 2 if whole else 1


def _whole(one: _Read, other: _Read, lexed: Lexed, grammar: Grammar) -> DateMention | None:
    first, last = one.expression, other.expression
    if first.shape is not last.shape or not _makes_one(first, last, lexed, grammar):
        return None
    if one.period is None or other.period is None or one.period.first >= other.period.first:
        return None
    period = periods.joined(one.period, other.period)
    kinds = (one.mention.kind, other.mention.kind)
    kind = DateKind.RELATIVE if DateKind.RELATIVE in kinds else DateKind.ABSOLUTE
    flaw = one.mention.flaw or other.mention.flaw
    return DateMention(one.mention.start, other.mention.end, period.value, period.precision, kind, flaw)


def _makes_one(first: _Expression, last: _Expression, lexed: Lexed, grammar: Grammar) -> bool:
    """Whether the words before and between two expressions make a span of them."""
    link, before = lexed.letters[first.last + 1 : last.first], lexed.word(first.first - 1)
    if link != "&":
        return link == "-"
    closes = lexed.word(first.last + 1) in grammar.closing
    return before in grammar.between or (first.shape is Shape.DAY and closes and before in grammar.opening)
