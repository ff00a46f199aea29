"""What a clause says of a date: whether it speaks of what was or of what will be."""

from __future__ import annotations

from collections.abc import Iterator
from enum import Enum, auto
from itertools import takewhile
from typing import NamedTuple

from qa.dates.expressions import REACH, Expression
from qa.dates.lexing import Lexed
from qa.dates.periods import Unit

_BESIDE = 5
"""Words within which a verb tells of a date: "took effect on 1 January"."""

_YEARLY = ("day", "days", "month")
"""Shapes of what may lie as near ahead as behind."""


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
    """What is said of the date, as far as it matters for dates of its shape."""
    tense, aimed = _tense_at(lexed, expression), _aims(lexed, expression.first)
    narrated = expression.shape in _YEARLY and tense is not Tense.FUTURE and _is_narrated(lexed, expression.first)
    return Clause(tense, aimed, narrated)


def is_foreseen(expression: Expression, lexed: Lexed) -> bool:
    """Whether any word of the sentence looks ahead."""
    return any(
        lexed.is_of("afterwards", place) or _tense_of(lexed, place, expression.first) is Tense.FUTURE
        for place in _around(lexed, expression)
    )


def _tense_at(lexed: Lexed, expression: Expression) -> Tense | None:
    """The tense of the nearest verb before a date, else of the first one behind it.

    None where there is neither, unless the word before the date makes it an end in view ("by Friday").
    """
    first, last = expression.first, expression.last
    of_day = expression.shape in ("day", "days", "weekday") or expression.values.get("unit") == Unit.WEEKEND
    if first >= 2 and _looks_right_on(lexed, first):
        return Tense.FUTURE
    if of_day and lexed.roles[last + 1 : last + 2] == "r":
        return Tense.PAST  # "the company on Monday said"
    for place in _around(lexed, expression):
        if (lexed.roles[place] != "t" or of_day) and (tense := _tense_of(lexed, place, first)):
            return tense
    return Tense.FUTURE if _aims(lexed, first) else None


def _looks_right_on(lexed: Lexed, first: int) -> bool:
    """Whether the two words before a date look forward to it: "is on Friday", "has until Friday"."""
    return (lexed.is_of("plain_be", first - 2) and lexed.letters[first - 1] == "I") or (
        lexed.is_of("holding", first - 2) and lexed.is_of("goals", first - 1)
    )


def _aims(lexed: Lexed, first: int) -> bool:
    """Whether the word before a date makes it an end in view, as that of "the year to March 31" doesn't."""
    return lexed.is_of("goals", first - 1) and lexed.letters[max(0, first - 2) : first] not in ("V&", "U&", "k&")


def _is_narrated(lexed: Lexed, first: int) -> bool:
    """Whether a verb right before a date tells it as past."""
    linked = lexed.letters[first - 1] == "I"
    for place in range(first - 1, max(0, first - _BESIDE), -1):
        if lexed.letters[place] in ",;.¶()":
            return False
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
    """Whether a participle is that of "had done" or "was done", or a form of these verbs stands there itself."""
    while place > 0 and lexed.roles[place - 1] == "c":
        place -= 1
    return lexed.letters[place] != "x" or lexed.roles[place] in "hB" or lexed.roles[place - 1 : place] in ("h", "B")


def _is_denied(lexed: Lexed, place: int) -> bool:
    """Whether a modal tells what did not happen."""
    return lexed.is_of("negations", place + 1) and (
        lexed.is_of("narrated", place) or lexed.is_of("refusals", place + 2)
    )


def _is_progressive(lexed: Lexed, place: int) -> bool:
    endings = tuple(lexed.grammar.sets["progressive"])
    if not endings or not lexed.is_of("plain_be", place):
        return False
    following = place + 1
    while lexed.roles[following : following + 1] == "c":
        following += 1
    return lexed.word(following).endswith(endings)


def _past(lexed: Lexed, place: int) -> Tense:
    """The tense of a past form, which is a participle and a future after "will be" or "to be"."""
    before = place - 1
    while before >= 0 and lexed.roles[before] in "ch":
        before -= 1
    modal = 0 <= before < place - 1 and lexed.roles[before] in "Mm" and lexed.word(before + 1) != "have"
    return Tense.FUTURE if modal and not _is_denied(lexed, before) else Tense.PAST
