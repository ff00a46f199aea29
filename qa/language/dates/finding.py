"""Finds the dates of an article."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from qa.domain.mentions import DateKind, DateMention, Precision
from qa.language.dates.english import english
from qa.language.dates.grammar import Grammar, Shape
from qa.language.dates.lexing import Lexed, lex
from qa.language.dates.periods import Period
from qa.language.dates.resolving import Setting, precision_of, resolved
from qa.language.dates.spanish import spanish
from qa.language.dates.tense import Tense, aims, foreseen, tense_at

LATER = "Stated as past, but later than the article's own date"
UNFINISHED = "Counted as past, but the period had not ended on the article's own date"
NO_DAY = "No calendar has this day"

_MEMORY = 40
"""Tokens for which a named date is what "the next day" counts from: about two sentences."""

_RECALLED = 20
"""Dates looked back upon at most, so that a table of dates takes no longer per date than prose does."""

_YEARLY_ATTACKS = {(9, 11): 2001, (3, 11): 2004}
"""Month and day of attacks that are named by their day alone, long after."""


@dataclass(frozen=True, slots=True)
class _Expression:
    """Tokens `first` to `last`, both included, and what they say."""

    first: int
    last: int
    shape: Shape
    values: dict[str, int]


def find_dates(body: str, *, published: date | None, language: str = "en") -> list[DateMention]:
    """Every date expression of a text, in order, none overlapping another, as it was meant on the day of publication.

    `language` is a tag such as es or es-ES; all but Spanish are read as English.
    """
    grammar = spanish() if language.lower().startswith("es") else english()
    lexed = lex(body, grammar)
    mentions: list[DateMention] = []
    named: list[tuple[int, Period]] = []
    for expression in _expressions(lexed, grammar):
        tense = tense_at(lexed, expression.first, expression.last, grammar.tense)
        recent = tuple(period for place, period in reversed(named[-_RECALLED:]) if expression.first - place <= _MEMORY)
        setting = Setting(published, recent, tense)
        if expression.values.get("step") == 0 and not recent:
            continue  # "that day", with no day before it
        mention, period = _mention(expression, lexed, setting, grammar)
        if mention.flaw is NO_DAY and expression.shape not in (Shape.DAY, Shape.NUMERIC):
            continue  # "1990-1985" is no time at all
        mentions.append(mention)
        if period:
            named.append((expression.last, period))
    return mentions


def _expressions(lexed: Lexed, grammar: Grammar) -> list[_Expression]:
    """The longest expressions that don't overlap, in order."""
    found = sorted(_candidates(lexed, grammar), key=lambda e: (e.first - e.last, e.first))
    taken = [False] * len(lexed.letters)
    kept = []
    for expression in found:
        if not any(taken[expression.first : expression.last + 1]):
            taken[expression.first : expression.last + 1] = [True] * (expression.last + 1 - expression.first)
            kept.append(expression)
    return sorted(kept, key=lambda e: e.first)


def _candidates(lexed: Lexed, grammar: Grammar) -> Iterator[_Expression]:
    for rule in grammar.rules:
        for match in rule.pattern.finditer(lexed.letters):
            yield _Expression(match.start(), match.end() - 1, rule.shape, rule.values(match, lexed.numbers))


def _mention(
    expression: _Expression, lexed: Lexed, setting: Setting, grammar: Grammar
) -> tuple[DateMention, Period | None]:
    start, end = lexed.starts[expression.first], lexed.ends[expression.last]
    values = _with_known_year(expression, lexed, grammar)
    kind = DateKind.ABSOLUTE if _is_absolute(values) else DateKind.RELATIVE
    try:
        period = resolved(expression.shape, values, setting)
    except (ValueError, OverflowError):
        return DateMention(start, end, None, precision_of(expression.shape, values), kind, NO_DAY), None
    if period is None:
        return DateMention(start, end, None, precision_of(expression.shape, values), kind), None
    flaw = _flaw(period, expression, lexed, setting, grammar)
    return DateMention(start, end, period.value, period.precision, kind, flaw), period


def _is_absolute(values: dict[str, int]) -> bool:
    return not values.keys().isdisjoint(("numeric", "year", "lent", "years", "decade", "short_decade"))


def _with_known_year(expression: _Expression, lexed: Lexed, grammar: Grammar) -> dict[str, int]:
    """The values, with 2001 for the eleventh of September beside "attacks"."""
    values = expression.values
    year = _YEARLY_ATTACKS.get((values.get("month", 0), values.get("day", 0)))
    beside = lexed.words[max(0, expression.first - 4) : expression.first] + lexed.words[expression.last + 1 :][:3]
    if year is None or _is_absolute(values) or grammar.attacks.isdisjoint(beside):
        return values
    return values | {"year": year}


def _flaw(period: Period, expression: _Expression, lexed: Lexed, setting: Setting, grammar: Grammar) -> str | None:
    """What is impossible about a date, in words: a thing told as past that was still to come."""
    place = (expression.first, expression.last)
    if setting.published is None or period.last <= setting.published or setting.tense is Tense.FUTURE:
        return None
    if any(expression.values.get(name, 0) > 0 for name in ("way", "year_way", "step", "offset", "week")):
        return None  # "next Friday" says itself that it is to come
    if aims(lexed, expression.first, grammar.tense) or foreseen(lexed, *place, grammar.tense):
        return None
    if period.first > setting.published:
        # "Debentures of 2009" are called by a year; what was done in 2009 was done then.
        named = period.precision is Precision.YEAR and lexed.letters[max(0, expression.first - 1)] != "I"
        return LATER if setting.tense is Tense.PAST and not named else None
    if period.precision in (Precision.HALF, Precision.QUARTER) and _counts(lexed, expression):
        return UNFINISHED
    return None


def _counts(lexed: Lexed, expression: _Expression) -> bool:
    """Whether a number stands shortly before the expression: a count of a whole period is known when it has ended."""
    return any(word[0].isdigit() for word in lexed.words[max(0, expression.first - 8) : expression.first])
