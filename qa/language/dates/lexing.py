"""A text's words as class letters, with what each is worth."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache, partial
from typing import NamedTuple

from qa.language.dates.grammar import Grammar
from qa.language.dates.roles import role_of

REMEMBERED = 1 << 14
"""Different words whose class is kept, for most words of a text were in the one before."""

_NAMED = "MmWwK"
"""Classes of words that are written with a capital in some languages."""
_SETTLED = re.compile("[MmWwKRn]")
"""Classes that depend on the words around."""

_TOKEN = re.compile(
    r"[^\W\d]\w*(?:['’]\w+)*"
    r"|(?:\d{4}[-/]\d\d[-/]\d\d|\d{1,2}([/.-])\d{1,2}\1\d{4}|\d+(?:[.,/:]\d+)*)"
    r"(?:st|nd|rd|th|ST|ND|RD|TH|['’]?[sS]|º)?(?![\w/])"
    r"|\w+(?:['’]\w+)*|\n[^\S\n]*\n|[^\w\s]"
)
_NUMERIC = re.compile(r"(\d{4})([-/])(\d\d)\2(\d\d)|(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})")
_SEASON_YEARS = re.compile(r"((?:1[5-9]|20)\d\d)/(\d\d)")
_INTEGER = re.compile(r"\d{1,3}(?:[.,]\d{3})+|\d{1,4}")


class Entry(NamedTuple):
    """A token by itself: in lower case, its class and value, its role in the tense of a clause.

    `over` counts the letters at its end that are no part of a date: the possessive.
    """

    word: str
    letter: str
    number: int
    role: str
    over: int


@dataclass(frozen=True, slots=True)
class Lexed:
    """A text's tokens: `letters[i]` is the class of token i, `numbers[i]` its value, `words[i]` it in lower case.

    `roles[i]` is what it says about tense, as in `roles.role_of`; `spans[i]` its characters.
    """

    letters: str
    numbers: list[int]
    words: list[str]
    roles: str
    spans: list[tuple[int, int]]


def lex(text: str, grammar: Grammar) -> Lexed:
    """Every word, number, sign and blank line of the text, in order."""
    read = _reader(grammar)
    spans = [match.span() for match in _TOKEN.finditer(text)]
    entries = [read(text[start:end]) for start, end in spans]
    for place, count, entry in reversed(list(_phrases(entries, grammar))):
        entries[place : place + count] = [entry]
        spans[place : place + count] = [(spans[place][0], spans[place + count - 1][1])]
    if not entries:
        return Lexed("", [], [], "", [])
    words, letters, numbers, roles, overs = map(list, zip(*entries, strict=True))
    for found in _SETTLED.finditer("".join(letters)):
        place = found.start()
        letters[place] = _settled(place, letters, words[place], text[spans[place][0] : spans[place][1]], grammar)
    for place, over in enumerate(overs):
        if over:
            spans[place] = (spans[place][0], spans[place][1] - over)
    return Lexed("".join(letters), numbers, words, "".join(roles), spans)


@cache
def _reader(grammar: Grammar) -> Callable[[str], Entry]:
    return lru_cache(REMEMBERED)(partial(_entry, grammar=grammar))


def _entry(token: str, *, grammar: Grammar) -> Entry:
    word = token.lower().replace("’", "'")
    letter, number = _classed(word, grammar)
    if letter in _NAMED and grammar.capitals and not (token[0].isupper() or token[0].isdigit()):
        letter = "x"
    over = 2 if word.endswith("'s") and letter not in "xc" else 0
    return Entry(word, letter, number, role_of(word, grammar.tense), over)


def _classed(word: str, grammar: Grammar) -> tuple[str, int]:
    """Class and value of one token."""
    if word[0].isdigit():
        return grammar.words.get(word) or _number(word, grammar)
    if word[0].isalnum():
        return grammar.words.get(word) or grammar.words.get(word.removesuffix("'s")) or ("x", 0)
    if "\n" in word:
        return "¶", 0
    return (".", 0) if word in ".?!" else grammar.words.get(word, (word, 0))


def _number(word: str, grammar: Grammar) -> tuple[str, int]:
    if whole := _NUMERIC.fullmatch(word):
        return _numeric(whole, grammar)
    if years := _SEASON_YEARS.fullmatch(word):
        return ("y", int(years[1])) if (int(years[1]) + 1) % 100 == int(years[2]) else ("x", 0)
    if len(word.replace("'", "")) == 5 and word[:4].isdecimal() and word[3] == "0" and word.endswith("s"):
        return "c", int(word[:4])
    digits = word.removesuffix("'s").rstrip("sthndrº")
    if not _INTEGER.fullmatch(digits):
        return "x", 0
    number = int(digits.replace(",", "").replace(".", ""))
    ordinal = digits != word.removesuffix("'s")
    if len(digits) == 4 and 1000 <= number < 2100 and not ordinal:
        return "Y", number
    if 1 <= number <= 31:
        return ("e" if ordinal else "d"), number
    return ("#", number) if number < 1000 and not ordinal else ("x", 0)


def _numeric(whole: re.Match[str], grammar: Grammar) -> tuple[str, int]:
    """The ordinal of a date in digits; 3/4/2005 is left alone where it may be of March or of April."""
    if whole[1]:
        year, month, day = int(whole[1]), int(whole[3]), int(whole[4])
    else:
        day, month, year = int(whole[5]), int(whole[6]), int(whole[7])
        if not grammar.day_first and day <= 12:
            return "x", 0
    try:
        return "C", date(year, month, day).toordinal()
    except ValueError:
        return "x", 0


@cache
def _beginnings(grammar: Grammar) -> dict[str, dict[str, list[tuple[tuple[str, ...], Entry]]]]:
    """First and second word of each phrase to the phrases that begin so, longest first; "" where there is no second."""
    found: dict[str, dict[str, list[tuple[tuple[str, ...], Entry]]]] = {}
    for phrase in sorted(grammar.phrases, key=len, reverse=True):
        words = tuple(match.group() for match in _TOKEN.finditer(phrase))
        letter, number = grammar.phrases[phrase]
        entry = Entry(phrase, letter, number, " ", 0)
        found.setdefault(words[0], {}).setdefault(words[1] if words[1:] else "", []).append((words, entry))
    return found


def _phrases(entries: list[Entry], grammar: Grammar) -> Iterator[tuple[int, int, Entry]]:
    """Each phrase of the text: where it begins, of how many words, and what it is worth."""
    beginnings = _beginnings(grammar)
    end = 0
    for place in [place for place, entry in enumerate(entries) if entry.word in beginnings]:
        seconds = beginnings[entries[place].word]
        second = entries[place + 1].word if place + 1 < len(entries) else ""
        for words, entry in (*seconds.get(second, ()), *seconds.get("", ())):
            if place >= end and words == tuple(one.word for one in entries[place : place + len(words)]):
                yield place, len(words), entry
                end = place + len(words)


def _settled(place: int, letters: list[str], word: str, written: str, grammar: Grammar) -> str:
    """The class of a word that is what it seems only beside certain others."""
    letter = letters[place]
    before = letters[place - 1] if place else "¶"
    after = letters[place + 1] if place + 1 < len(letters) else "."
    if letter == "R":
        return "D" if word == "mañana" and before in "TS" else "R"
    if letter == "n":
        # "April Three", as wires have it.
        return "d" if grammar.capitals and before == "M" and written[0].isupper() else "n"
    if letter == "M" and word.removesuffix("'s") in grammar.doubtful:
        # A preposition or a number is company enough; "Theresa May" and "May I" have none.
        return "M" if before in "ITFLNSPXEde&-MBZfW" or after in "deYn" else "x"
    if grammar.capitals or not written[0].isupper() or written.isupper():
        return letter
    return letter if before in "TFdeE.¶" else "x"
