"""Whether a clause speaks of what was or of what will be."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from typing import NamedTuple

from qa.dates.grammar import WordSets
from qa.dates.lexing import Lexed

REACH = 25
"""Words a verb may be away from its date: longer clauses are rare, and lists run on without full stops."""


_CLAUSE = 9
"""Words of a short clause."""

_BESIDE = 5
"""Words within which a verb tells of a date: "took effect on 1 January"."""


class Tense(StrEnum):
    """When a clause's event takes place, seen from the day of writing."""

    PAST = "past"
    FUTURE = "future"


class Clause(NamedTuple):
    """What is said of a date."""

    tense: Tense | None
    aimed: bool
    """Whether the word before makes an end in view of it: "until June"."""
    narrated: bool
    """Whether a verb right before tells it as past: "began in June"."""


NOTHING_SAID = Clause(None, aimed=False, narrated=False)


def tense_at(lexed: Lexed, first: int, last: int, words: WordSets, *, of_day: bool) -> Tense | None:
    """The tense around tokens `first` to `last`: the nearest verb before them, else the first one behind them.

    None where there is neither, unless the word before the date makes it an end in view ("by Friday"). `of_day` says
    whether the date is a day.
    """
    if first >= 2 and _looks_right_on(lexed, first, words):
        return Tense.FUTURE
    if first and lexed.word(first - 1) in words["origins"]:
        around = (*_before(lexed, first), *_after(lexed, last))
        return Tense.FUTURE if any(lexed.roles[place] == "e" for place in around) else Tense.PAST
    behind = lexed.roles[last + 1 : last + 2]
    governed = "p" in lexed.roles[max(0, first - 2) : first]
    if behind == "M" and not governed and not _is_denied(lexed, last + 1, words):
        return Tense.FUTURE
    if behind == "r" and of_day:
        return Tense.PAST  # "the company on Monday said"
    tense, place = _nearest_verb(lexed, _before(lexed, first), first, words, of_day=of_day)
    directly = place == first - 1 or (place == first - 2 and lexed.letters[first - 1] == "I")
    reported = lexed.roles[place] == "r" and not directly and not of_day
    if tense is None or reported:
        later, place = _nearest_verb(lexed, _after(lexed, last), first, words, of_day=of_day)
        if later and lexed.roles[place] == "r" and aims(lexed, first, words):
            later = None  # "before September, he said" is no past of September
        tense = later or tense
    opens = lexed.roles[max(0, first - 2) : first - 1] == "t" and lexed.letters[first - 1] == "I"
    return tense or (Tense.FUTURE if opens or aims(lexed, first, words) else None)


def _looks_right_on(lexed: Lexed, first: int, words: WordSets) -> bool:
    """Whether the two words before a date look forward to it: "is on Friday", "has until Friday"."""
    verb, link = lexed.word(first - 2), lexed.word(first - 1)
    return (verb in words["plain_be"] and lexed.letters[first - 1] == "I") or (
        verb in words["holding"] and link in words["goals"]
    )


def _nearest_verb(
    lexed: Lexed, places: Iterator[int], first: int, words: WordSets, *, of_day: bool
) -> tuple[Tense | None, int]:
    """What the first of the words says that says anything, and its place."""
    for place in places:
        role = lexed.roles[place]
        if role == "t" and not of_day:
            continue
        tense = _tense_of(lexed, place, first, words)
        if tense:
            return tense, place
    return None, first


def aims(lexed: Lexed, first: int, words: WordSets) -> bool:
    """Whether the word before a date makes it an end in view."""
    closes = lexed.letters[max(0, first - 2) : first] in ("V&", "U&", "k&")  # "the year to March 31"
    return first > 0 and lexed.word(first - 1) in words["goals"] and not closes


def narrated(lexed: Lexed, first: int, words: WordSets) -> bool:
    """Whether a verb right before a date tells it as past, or a clause with a beginning: "since it won in May"."""
    if not words["origins"].isdisjoint(lexed.words(first - _CLAUSE, first)):
        return True
    for place in range(first - 1, max(0, first - _BESIDE), -1):
        if lexed.letters[place] in ",;.¶()":
            return False
        if lexed.roles[place] == "p" and _past(lexed, place, words) is Tense.PAST:
            near = place >= first - 1 - (lexed.letters[first - 1] == "I")
            if near or lexed.letters[first - 1] != "I":
                return near
            finite = lexed.roles[place - 1] not in "mM" and lexed.word(place - 1) not in words["plain_be"]
            return finite and lexed.word(place) in words["past"]
    return False


def foreseen(lexed: Lexed, first: int, last: int, words: WordSets) -> bool:
    """Whether any word of the sentence looks ahead."""
    around = (*_before(lexed, first), *_after(lexed, last))
    return any(
        lexed.word(place) in words["afterwards"] or _tense_of(lexed, place, first, words) is Tense.FUTURE
        for place in around
    )


def _before(lexed: Lexed, first: int) -> Iterator[int]:
    """Places of the words with a role before the date, back to the beginning of its sentence."""
    for place in range(first - 1, max(-1, first - 1 - REACH), -1):
        if lexed.letters[place] in ";¶." and _ends_sentence(lexed, place):
            return
        yield place


def _after(lexed: Lexed, last: int) -> Iterator[int]:
    for place in range(last + 1, min(len(lexed.entries), last + 1 + REACH)):
        if lexed.letters[place] in ";¶." and _ends_sentence(lexed, place):
            return
        yield place


def _ends_sentence(lexed: Lexed, place: int) -> bool:
    """Whether a stop ends its sentence; that of "Jan." and "J." doesn't."""
    if lexed.letters[place] != "." or not place:
        return True
    before = lexed.word(place - 1)
    return not (lexed.letters[place - 1] == "m" or (len(before) == 1 and before.isalpha()))


def _tense_of(lexed: Lexed, place: int, first: int, words: WordSets) -> Tense | None:
    """What the word there says about time, for a date at token `first`."""
    role = lexed.roles[place]
    if role in " cm":
        return None
    if role in "fet":
        return Tense.FUTURE
    following = lexed.word(place + 1) if place + 1 < len(lexed.entries) else ""
    if role == "M":
        return Tense.PAST if _is_denied(lexed, place, words) else Tense.FUTURE
    if role in "bB":
        if following == "to" or _is_progressive(lexed, place, words):
            return Tense.FUTURE
        return _past(lexed, place, words) if role == "B" else None
    if role == "h" and lexed.roles[place - 1 : place] == "M" and not _is_denied(lexed, place - 1, words):
        return Tense.FUTURE  # "would have an audience": what was done after "have" stands nearer
    if role == "w":
        looks_on = following in ("to", "for") or (place < first and aims(lexed, first, words))
        return Tense.FUTURE if looks_on else _past(lexed, place, words)
    if place < first and lexed.word(first - 1) in words["demanding"] and not _is_perfect(lexed, place):
        return Tense.FUTURE
    return _past(lexed, place, words)


def _is_perfect(lexed: Lexed, place: int) -> bool:
    """Whether a participle is that of "had done" or "was done", or a form of these verbs stands there itself."""
    while place > 0 and lexed.roles[place - 1] == "c":
        place -= 1
    return lexed.letters[place] != "x" or lexed.roles[place] in "hB" or lexed.roles[place - 1 : place] in ("h", "B")


def _is_denied(lexed: Lexed, place: int, words: WordSets) -> bool:
    """Whether a modal tells what did not happen."""
    following, verb = (*lexed.words(place + 1, place + 3), "", "")[:2]
    return following in words["negations"] and (lexed.word(place) in words["narrated"] or verb in words["refusals"])


def _is_progressive(lexed: Lexed, place: int, words: WordSets) -> bool:
    if not words["progressive"] or lexed.word(place) not in words["plain_be"]:
        return False
    following = place + 1
    while following < len(lexed.entries) and lexed.roles[following] == "c":
        following += 1
    return following < len(lexed.entries) and lexed.word(following).endswith(tuple(words["progressive"]))


def _past(lexed: Lexed, place: int, words: WordSets) -> Tense:
    """The tense of a past form, which is a participle and a future after "will be" or "to be"."""
    before = place - 1
    while before >= 0 and lexed.roles[before] in "ch":
        before -= 1
    modal = 0 <= before < place - 1 and lexed.roles[before] in "Mm" and lexed.word(before + 1) != "have"
    return Tense.FUTURE if modal and not _is_denied(lexed, before, words) else Tense.PAST
