"""Finds the dates of an article."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

from qa.domain.mentions import DateKind, DateMention, Precision
from qa.language.dates import periods
from qa.language.dates.books import CALENDAR, Books
from qa.language.dates.expressions import Expression, expressions_in, in_a_row
from qa.language.dates.grammar import Grammar, Shape, english, spanish
from qa.language.dates.lexing import Lexed, lex
from qa.language.dates.periods import Period, Unit
from qa.language.dates.resolving import precision_of, resolved
from qa.language.dates.setting import Setting
from qa.language.dates.tense import Tense, aims, bounds, foreseen, foretold, tense_at, told

LATER = "Stated as past, but later than the article's own date"
UNFINISHED = "Counted as past, but the period had not ended on the article's own date"
NO_DAY = "No calendar has this day"

_MEMORY = 40
"""Tokens for which a named date is what "the next day" counts from: about two sentences."""

_RECALLED = 20
"""Dates looked back upon at most, so that a table of dates takes no longer per date than prose does."""

_YEARLY_ATTACKS = {(9, 11): 2001, (3, 11): 2004}
"""Month and day of attacks that are named by their day alone, long after."""

_ORDER = 8
"""Words before "in two weeks" among which an ordinal makes it a while: "the first rise of prices in two weeks"."""

_REPEATED = 6
"""Words before a date among which one makes it a date of every year."""

_YEARLY = (Shape.DAY, Shape.DAYS, Shape.MONTH, Shape.SEASON, Shape.WEEKDAY)

_NEARLY = timedelta(days=14)
"""What is left of a quarter or half when it may be counted as a whole."""

_ABSOLUTE = ("numeric", "year", "lent", "years", "decade", "short_decade", "century")
"""Values that say by themselves when something was."""

_DAYS = (Shape.DAY, Shape.DAYS, Shape.WEEKDAY, Shape.OFFSET)


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
    found: list[_Read] = []
    stated: set[Period] = set()
    setting = Setting(published, (), None, stated=stated, books=_books(expressions, published))
    before: Expression | None = None
    for expression in expressions:
        # "In April and May": what is said of one of them is said of the other.
        follows = before is not None and in_a_row(before, expression, lexed, grammar)
        setting = _setting(expression, lexed, found, grammar, setting, follows=follows)
        before = expression
        if not _leans_on_nothing(expression, setting) and not _is_a_while(expression, lexed, setting, grammar):
            one = _read(expression, lexed, setting, grammar)
            if one.mention.flaw is not NO_DAY or expression.shape in (Shape.DAY, Shape.NUMERIC):
                found.append(one)  # "1990-1985" is no time at all
            if one.period and _is_stated(one, published):
                stated.add(one.period)
    return list(_joined(found, lexed, grammar))


def _books(expressions: list[Expression], published: date | None) -> Books:
    """How the quarters of a text part the year: "the first quarter ended January 31" tells it."""
    fiscal = [one for one in expressions if one.values.get("fiscal")]
    years = frozenset(one.values["year"] for one in fiscal if "year" in one.values)
    for one in expressions:
        if one.shape is Shape.ENDED and "ordinal" in one.values:
            try:
                period = resolved(one.shape, one.values, Setting(published, (), None))
            except (ValueError, OverflowError):
                continue
            if period:
                return Books.closed(Unit(one.values["unit"]), one.values["ordinal"], period, years)
    own = any(one.shape is not Shape.YEAR for one in fiscal)
    return Books(None if own else CALENDAR.month, years)


def _setting(
    expression: Expression, lexed: Lexed, found: list[_Read], grammar: Grammar, before: Setting, *, follows: bool
) -> Setting:
    """From where an expression is seen; `before` is the setting of the one before, in a row with it if it `follows`."""
    first, last, published = expression.first, expression.last, before.published
    aimed, tense, is_told, is_foretold = before.aimed, before.tense, before.told, before.foretold
    if not follows:
        aimed = aims(lexed, first, grammar.tense) or bounds(lexed, first, grammar.tense)
        of_day = expression.shape in _DAYS or expression.values.get("unit") == Unit.WEEKEND
        tense = tense_at(lexed, first, last, grammar.tense, of_day=of_day)
        is_told, is_foretold = told(lexed, first, grammar.tense), foretold(lexed, first)
    latest = found[-1].period if follows and found else None
    return replace(
        before,
        named=_recent(found, expression, lexed, published, tense),
        tense=tense,
        attributive=_is_attributive(expression, lexed),
        aimed=aimed,
        told=is_told,
        foretold=is_foretold,
        after=latest.first if latest and published and latest.last >= published else None,
    )


def _recent(
    found: list[_Read], expression: Expression, lexed: Lexed, published: date | None, tense: Tense | None
) -> tuple[Period, ...]:
    """What was named shortly before, latest first; for a clause about the past, without what was still to come.

    Comparisons compare with the same: "up from a year earlier" is said of no year that was compared with before.
    """
    unit = expression.values.get("unit", 0)
    anchored = "anchored" in expression.values and _looks_back(expression)
    near = [
        one
        for one in reversed(found[-_RECALLED:])
        if one.period
        and (expression.first - one.expression.last <= _MEMORY or (anchored and periods.fineness(one.period) == unit))
        and not _compares(expression, one.expression)
        and (tense is not Tense.PAST or one.mention.flaw or published is None or one.period.first <= published)
    ]
    named = [one.period for one in near if one.period]
    if _looks_back(expression) and unit == Unit.YEAR:
        # "In January, up from December and from a year earlier": from the January before.
        begun = max(lexed.letters.rfind(stop, 0, expression.first) for stop in ";¶.")
        alike = sum(one.expression.first > begun for one in near)
        named[:alike] = sorted(named[:alike], key=lambda period: period.last, reverse=True)
    return tuple(named)


def _looks_back(expression: Expression) -> bool:
    return expression.values.get("step", 0) < 0


def _compares(expression: Expression, before: Expression) -> bool:
    """Whether both count back by the same unit."""
    values = before.values
    back = values.get("step", 0) < 0 or (before.shape is Shape.COUNTED and values["way"] < 0)
    unit = values.get("unit")
    return back and unit is not None and _looks_back(expression) and expression.values.get("unit") == unit


def _is_attributive(expression: Expression, lexed: Lexed) -> bool:
    """Whether it stands between an article and a noun."""
    before = lexed.letters[max(0, expression.first - 1)]
    return before in "Tπx" and lexed.letters[expression.last + 1 : expression.last + 2] == "x"


def _leans_on_nothing(expression: Expression, setting: Setting) -> bool:
    """Whether it is "that day", with no day before it."""
    if expression.values.get("step") != 0:
        return False
    unit = Unit(expression.values["unit"])
    return all(periods.fineness(period) > unit for period in setting.named)


def _is_stated(one: _Read, published: date | None) -> bool:
    """Whether what an expression means stands for the rest of the text: a year was given, or a quarter told as past."""
    past_part = one.expression.shape is Shape.PART and published and one.period and one.period.first <= published
    return bool(one.mention.kind is DateKind.ABSOLUTE or past_part)


def _is_a_while(expression: Expression, lexed: Lexed, setting: Setting, grammar: Grammar) -> bool:
    """Whether "in two weeks" says how long, not when: "the first rise in two weeks"."""
    if "ahead" not in expression.values:
        return False
    first, start = expression.first, max(0, expression.first - _ORDER)
    looks_ahead = lexed.word(first - 1) in grammar.ahead and setting.tense is Tense.FUTURE
    if not looks_ahead or lexed.word(expression.last) not in grammar.plurals:
        return True
    return "O" in lexed.letters[start:first] or not grammar.records.isdisjoint(lexed.words(start, first))


def _read(expression: Expression, lexed: Lexed, setting: Setting, grammar: Grammar) -> _Read:
    start, end = lexed.starts[expression.first], lexed.end(expression.last)
    values = _with_known_year(expression, lexed, grammar)
    kind = DateKind.ABSOLUTE if _is_absolute(values) else DateKind.RELATIVE
    try:
        period = None if _recurs(expression, lexed, grammar) else resolved(expression.shape, values, setting)
    except (ValueError, OverflowError):
        mention = DateMention(start, end, None, precision_of(expression.shape, values), kind, NO_DAY)
        return _Read(expression, mention, None)
    if period is None:
        mention = DateMention(start, end, None, precision_of(expression.shape, values), kind)
        return _Read(expression, mention, None)
    flaw = _flaw(period, expression, lexed, setting, grammar)
    return _Read(expression, DateMention(start, end, period.value, period.precision, kind, flaw), period)


def _recurs(expression: Expression, lexed: Lexed, grammar: Grammar) -> bool:
    """Whether a date is one of every year: "every year in August"."""
    if expression.shape not in _YEARLY or _is_absolute(expression.values):
        return False
    around = lexed.words(expression.first - _REPEATED, expression.first)
    return not grammar.recurring.isdisjoint(around)


def _is_absolute(values: dict[str, int]) -> bool:
    return not values.keys().isdisjoint(_ABSOLUTE)


def _with_known_year(expression: Expression, lexed: Lexed, grammar: Grammar) -> dict[str, int]:
    """The values, with 2001 for the eleventh of September beside "attacks"."""
    values = expression.values
    year = _YEARLY_ATTACKS.get((values.get("month", 0), values.get("day", 0)))
    if year is None or _is_absolute(values):
        return values
    beside = lexed.words(expression.first - 4, expression.first)
    beside += lexed.words(expression.last + 1, expression.last + 4)
    return values if grammar.attacks.isdisjoint(beside) else values | {"year": year}


def _flaw(period: Period, expression: Expression, lexed: Lexed, setting: Setting, grammar: Grammar) -> str | None:
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


def _counts(lexed: Lexed, expression: Expression) -> bool:
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


def _makes_one(first: Expression, last: Expression, lexed: Lexed, grammar: Grammar) -> bool:
    """Whether the words before and between two expressions make a span of them."""
    link, before = lexed.letters[first.last + 1 : last.first], lexed.word(first.first - 1)
    if link != "&":
        return link == "-"
    closes = lexed.word(first.last + 1) in grammar.closing
    return before in grammar.between or (first.shape is Shape.DAY and closes and before in grammar.opening)
