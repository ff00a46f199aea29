"""The words of a text that name dates, which rule fits where, and what their clauses say of them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import Enum, auto
from functools import lru_cache
from itertools import takewhile
from typing import NamedTuple

from qa.dates.lexing import Grammar, Lexed, Rule

REACH = 25  # words a verb may be away from its date: longer clauses are rare, and lists run on without full stops

_BESIDE = 5  # words within which a verb tells of a date: "took effect on 1 January"
_STRETCH = re.compile("[^x]+")  # words with a meaning for dates in a row
_REMEMBERED = 100
"""Words of a stretch whose fits are kept for the next such one: longer ones hardly come again, and take room."""

_ABSOLUTE = ("numeric", "year", "lent", "years", "decade", "short_decade", "century")
"""Values that say by themselves when something was."""
_LENDING = ("day", "month", "season")  # shapes of which one that ends a row gives its year to the others
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
    for place in range(len(expressions) - 2, -1, -1):
        lacking, lender = expressions[place : place + 2]
        if lacking.shape == lender.shape and lender.shape in _LENDING and in_a_row(lacking, lender, lexed):
            expressions[place] = _with_lent_year(lacking, lender.values)
    return expressions


def in_a_row(first: Expression, second: Expression, lexed: Lexed) -> bool:
    """Whether nothing but a comma, a dash or a word such as "and" stands between two expressions."""
    between = range(first.last + 1, second.first)
    return 1 <= len(between) <= 2 and all(lexed.letters[at] in "&,-/" or lexed.is_of("rows", at) for at in between)


def _with_lent_year(lacking: Expression, lender: dict[str, int]) -> Expression:
    """One with the year of the next of its row: "in March, April and May 2004", "in May or June next year"."""
    if not lacking.values.keys().isdisjoint(_ITS_OWN):
        return lacking
    later = lender.get("month", 0)
    if "year_way" in lender:
        lent = {"year_way": lender["year_way"] - (lacking.values.get("month", 0) > later)}
    elif "year" in lender or "lent" in lender:
        lent = {"lent": lender.get("year", lender.get("lent", 0)), "later": later}
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
    return not lexed.has_of("games", *around)


class Tense(Enum):
    """When a clause's event takes place, seen from the day of writing."""

    PAST = auto()
    FUTURE = auto()


class Clause(NamedTuple):
    """What is said of a date. `aimed`: the word before makes an end in view of it, "until June"; `narrated`: a verb
    right before tells it as past, "began in June"."""

    tense: Tense | None
    aimed: bool
    narrated: bool


NOTHING_SAID = Clause(None, aimed=False, narrated=False)


def clause_of(expression: Expression, lexed: Lexed) -> Clause:
    """What is said of the date."""
    first = expression.first
    return Clause(_tense_at(lexed, expression), _aims(lexed, first), _is_narrated(lexed, first))


def is_foreseen(expression: Expression, lexed: Lexed) -> bool:
    """Whether any word of the sentence looks ahead."""
    return any(
        lexed.is_of("afterwards", place) or _tense_of(lexed, place, expression.first) is Tense.FUTURE
        for place in _around(lexed, expression)
    )


def _tense_at(lexed: Lexed, expression: Expression) -> Tense | None:
    """The tense of the nearest verb before a date, else behind it, else that of an end in view ("by Friday")."""
    first, last = expression.first, expression.last
    if lexed.is_of("holding", first - 2) and lexed.is_of("goals", first - 1):
        return Tense.FUTURE  # "has until Friday"
    if lexed.is_of("plain_be", first - 2) and lexed.letters[first - 1] == "I":
        return Tense.FUTURE  # "is on Friday"
    if lexed.roles[last + 1 : last + 2] == "r":
        return Tense.PAST  # "the company on Monday said"
    of_day = expression.shape in ("day", "days", "weekday")
    for place in _around(lexed, expression):
        if (lexed.roles[place] != "t" or of_day) and (tense := _tense_of(lexed, place, first)):
            return tense
    return Tense.FUTURE if _aims(lexed, first) else None


def _aims(lexed: Lexed, first: int) -> bool:
    """Whether the word before a date makes it an end in view, as that of "the year to March 31" doesn't."""
    return lexed.is_of("goals", first - 1) and lexed.letters[max(0, first - 2) : first] not in ("V&", "U&", "k&")


def _is_narrated(lexed: Lexed, first: int) -> bool:
    """Whether a verb right before a date tells it as past."""
    linked = lexed.letters[first - 1] == "I"
    for place in range(first - 1, max(0, first - _BESIDE), -1):
        if lexed.roles[place] == "p" and _past(lexed, place) is Tense.PAST:
            if place >= first - 1 - linked or not linked:
                return place >= first - 1 - linked
            finite = lexed.roles[place - 1] not in "mM" and not lexed.is_of("plain_be", place - 1)
            return finite and lexed.is_of("past", place)
    return False


def _around(lexed: Lexed, expression: Expression) -> Iterator[int]:
    """Places of the words of a date's sentence before it, the nearest first, and then of those behind it."""
    first, last = expression.first, expression.last
    for places in (range(first - 1, max(-1, first - 1 - REACH), -1), range(last + 1, last + 1 + REACH)):
        yield from takewhile(lambda place: lexed.letters[place : place + 1] not in ("", ";", "¶", "."), places)


def _tense_of(lexed: Lexed, place: int, first: int) -> Tense | None:
    """What the word there says about time, for a date at token `first`."""
    role, following = lexed.roles[place], lexed.word(place + 1)
    if role in " cm":
        return None
    if role in "fet":
        return Tense.FUTURE
    if role == "M":
        return Tense.PAST if _is_denied(lexed, place) else Tense.FUTURE
    if role in "bB":
        if following == "to" or _is_progressive(lexed, place):
            return Tense.FUTURE
        return _past(lexed, place) if role == "B" else None
    if role == "w":
        looks_on = following in ("to", "for") or (place < first and _aims(lexed, first))
        return Tense.FUTURE if looks_on else _past(lexed, place)
    if place < first and lexed.is_of("demanding", first - 1) and not _is_perfect(lexed, place):
        return Tense.FUTURE
    return _past(lexed, place)


def _is_perfect(lexed: Lexed, place: int) -> bool:
    """Whether a participle is that of "had done" or "was done"."""
    while place > 0 and lexed.roles[place - 1] == "c":
        place -= 1
    return lexed.roles[place - 1 : place] in ("h", "B")


def _is_denied(lexed: Lexed, place: int) -> bool:
    """Whether a modal tells what did not happen."""
    return lexed.is_of("negations", place + 1) and (
        lexed.is_of("narrated", place) or lexed.is_of("refusals", place + 2)
    )


def _is_progressive(lexed: Lexed, place: int) -> bool:
    if not lexed.is_of("plain_be", place):
        return False
    following = place + 1
    while lexed.roles[following : following + 1] == "c":
        following += 1
    return lexed.word(following).endswith(tuple(lexed.grammar.sets["progressive"]))


def _past(lexed: Lexed, place: int) -> Tense:
    """The tense of a past form, which is a participle and a future after "will be" or "to be"."""
    before = place - 1
    while before >= 0 and lexed.roles[before] in "ch":
        before -= 1
    modal = 0 <= before < place - 1 and lexed.roles[before] in "Mm" and lexed.word(before + 1) != "have"
    return Tense.FUTURE if modal and not _is_denied(lexed, before) else Tense.PAST
