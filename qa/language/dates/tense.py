"""Whether a clause speaks of what was or of what will be."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum

from qa.language.dates.grammar import TenseWords
from qa.language.dates.lexing import Lexed

REACH = 25
"""Words a verb may be away from its date: longer clauses are rare, and lists run on without full stops."""


class Tense(StrEnum):
    """When a clause's event takes place, seen from the day of writing."""

    PAST = "past"
    FUTURE = "future"


def tense_at(lexed: Lexed, first: int, last: int, words: TenseWords) -> Tense | None:
    """The tense around tokens `first` to `last`: the nearest verb before them, else the first one behind them.

    None where there is neither, unless the word before the date makes it an end in view ("by Friday").
    """
    if first >= 2 and lexed.words[first - 2] in words.plain_be and lexed.letters[first - 1] == "I":
        return Tense.FUTURE
    around = (*_before(lexed, first), *_after(lexed, last))
    for place in around:
        found = _tense_of(lexed, place, words)
        if found:
            return found
    return Tense.FUTURE if aims(lexed, first, words) else None


def aims(lexed: Lexed, first: int, words: TenseWords) -> bool:
    """Whether the word before a date makes it an end in view."""
    return first > 0 and lexed.words[first - 1] in words.goals


def foreseen(lexed: Lexed, first: int, last: int, words: TenseWords) -> bool:
    """Whether any word of the sentence looks ahead."""
    around = (*_before(lexed, first), *_after(lexed, last))
    return any(
        lexed.words[place] in words.afterwards or _tense_of(lexed, place, words) is Tense.FUTURE for place in around
    )


def _before(lexed: Lexed, first: int) -> Iterator[int]:
    """Places before the date, back to the beginning of its sentence."""
    for place in range(first - 1, max(-1, first - 1 - REACH), -1):
        if _ends_sentence(lexed, place):
            return
        yield place


def _after(lexed: Lexed, last: int) -> Iterator[int]:
    for place in range(last + 1, min(len(lexed.words), last + 1 + REACH)):
        if _ends_sentence(lexed, place):
            return
        yield place


def _ends_sentence(lexed: Lexed, place: int) -> bool:
    letter = lexed.letters[place]
    # The stop of "Jan." and "J." ends no sentence.
    short = place > 0 and (lexed.letters[place - 1] == "m" or len(lexed.words[place - 1]) == 1)
    return letter in ";¶" or (letter == "." and not short)


def _tense_of(lexed: Lexed, place: int, words: TenseWords) -> Tense | None:
    """What the word there says about time; a participle is a future after "will be" or "to be"."""
    word = lexed.words[place]
    if word in words.future or word.endswith(words.future_endings):
        return Tense.FUTURE
    if word in words.before_to and lexed.words[place + 1 : place + 2] == ["to"]:
        return Tense.FUTURE
    regular = len(word) > 3 and word not in words.neither and word.endswith(words.past_endings)
    if not regular and word not in words.past:
        return None
    before = place - 1
    while before >= 0 and (lexed.words[before] in words.carriers or lexed.words[before].endswith("ly")):
        before -= 1
    if before >= 0 and before < place - 1 and lexed.words[before] in words.modals and lexed.words[before + 1] != "have":
        return Tense.FUTURE
    return Tense.PAST
