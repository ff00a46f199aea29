"""A text's words as class letters, with what each is worth."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from qa.language.dates.grammar import Grammar

_NAMED = "MmWwK"
"""Classes of words that are written with a capital in some languages."""

_NUMERIC = re.compile(r"(\d{4})-(\d\d)-(\d\d)|(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})")
_SEASON_YEARS = re.compile(r"((?:19|20)\d\d)/(\d\d)")
_INTEGER = re.compile(r"\d{1,3}(?:[.,]\d{3})+|\d{1,4}")


@dataclass(frozen=True, slots=True)
class Lexed:
    """A text's tokens: `letters[i]` is the class of token i, `numbers[i]` its value, `words[i]` it in lower case."""

    letters: str
    numbers: list[int]
    words: list[str]
    starts: list[int]
    ends: list[int]


def lex(text: str, grammar: Grammar) -> Lexed:
    """Every word, number, sign and blank line of the text, in order."""
    letters: list[str] = []
    lexed = Lexed("", [], [], [], [])
    for match in grammar.token.finditer(text):
        word = match.group().lower().replace("’", "'")
        letter, number = _classed(match, word, grammar)
        end = match.end()
        if match.group(4) and word.endswith("'s") and letter != "x":
            end -= 2
        if letter in _NAMED and not _named(match.group(), letters[-1] if letters else "¶", grammar):
            letter = "x"
        letters.append(letter)
        lexed.numbers.append(number)
        lexed.words.append(word)
        lexed.starts.append(match.start())
        lexed.ends.append(end)
    return Lexed("".join(_settled(letters, lexed, grammar)), lexed.numbers, lexed.words, lexed.starts, lexed.ends)


def _classed(match: re.Match[str], word: str, grammar: Grammar) -> tuple[str, int]:
    """Class and value of one token."""
    if match.group(1):
        return grammar.phrases.get(" ".join(word.split()), ("x", 0))
    if match.group(2):
        return _number(word, grammar)
    if match.group(4):
        found = grammar.words.get(word) or grammar.words.get(word.removesuffix("'s"))
        return found or ("x", 0)
    if "\n" in word:
        return "¶", 0
    return (".", 0) if word in ".?!" else grammar.words.get(word, (word, 0))


def _number(word: str, grammar: Grammar) -> tuple[str, int]:
    if whole := _NUMERIC.fullmatch(word):
        return _numeric(whole, grammar)
    if years := _SEASON_YEARS.fullmatch(word):
        return ("y", int(years[1])) if (int(years[1]) + 1) % 100 == int(years[2]) else ("x", 0)
    digits = word.rstrip("sthndrº'")
    if not _INTEGER.fullmatch(digits):
        return "x", 0
    number = int(digits.replace(",", "").replace(".", ""))
    ordinal = digits != word
    if len(digits) == 4 and word.endswith("0s"):
        return "c", number
    if len(digits) == 4 and 1000 <= number < 2100 and not ordinal:
        return "Y", number
    if 1 <= number <= 31:
        return ("e" if ordinal else "d"), number
    return ("#", number) if number < 1000 and not ordinal else ("x", 0)


def _numeric(whole: re.Match[str], grammar: Grammar) -> tuple[str, int]:
    """The ordinal of a date in digits; 3/4/2005 is left alone where it may be of March or of April."""
    if whole[1]:
        year, month, day = int(whole[1]), int(whole[2]), int(whole[3])
    else:
        day, month, year = int(whole[4]), int(whole[5]), int(whole[6])
        if not grammar.day_first and day <= 12:
            return "x", 0
    try:
        return "C", date(year, month, day).toordinal()
    except ValueError:
        return "x", 0


def _named(word: str, before: str, grammar: Grammar) -> bool:
    """Whether a word that may be a month or weekday is written as one."""
    capital = word[0].isupper() or word[0].isdigit()
    if grammar.capitals:
        return capital
    return not capital or before in "TFde.¶" or word.isupper()


def _settled(letters: list[str], lexed: Lexed, grammar: Grammar) -> Iterator[str]:
    """The letters, where doubtful words are months only beside a date's words."""
    for i, letter in enumerate(letters):
        before = letters[i - 1] if i else "¶"
        after = letters[i + 1] if i + 1 < len(letters) else "."
        if letter == "M" and lexed.words[i].removesuffix("'s") in grammar.doubtful:
            # A preposition or a number is company enough; "Theresa May" and "May I" have none.
            yield "M" if before in "ITFLNSPXEde&-MBZ" or after in "deY" else "x"
        elif letter == "R" and before in "TS" and lexed.words[i] == "mañana":
            yield "D"
        else:
            yield letter
