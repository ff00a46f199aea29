"""A sentence to be altered, and what it rests on."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from qa.dates.finding import find_dates
from qa.dates.periods import DateMention
from tests.checking.capitals import raised


@dataclass(frozen=True)
class Said:
    """A faithful sentence; `sources` are the sentences it rests on, `before` is what the reader knows of them.

    `beside` is a sentence of the same article that it doesn't rest on; `names` are others that may stand in a name's
    place.
    """

    text: str
    language: str
    sources: tuple[str, ...]
    before: str = ""
    published: date | None = None
    source_dates: frozenset[str] = frozenset()
    beside: str = ""
    beside_language: str = ""
    names: tuple[str, ...] = ()

    @cached_property
    def known(self) -> str:
        """All that the altered words must not be found in."""
        return " ".join([*self.sources, self.text])

    @cached_property
    def known_words(self) -> frozenset[str]:
        return frozenset(words_of(self.known))

    @cached_property
    def dates(self) -> list[DateMention]:
        return find_dates(self.text, published=self.published, language=self.language)

    def in_date(self, start: int, end: int) -> bool:
        return any(one.start < end and start < one.end for one in self.dates)

    def with_words(self, start: int, end: int, words: str) -> str:
        """The text with the characters from start to end replaced, and a capital where it begins."""
        return raised(self.text[:start] + words + self.text[end:])


Alterations = Iterator[tuple[str, str]]
"""What was done, and the altered sentence."""
Alter = Callable[[Said], Alterations]


def words_of(text: str) -> list[str]:
    return re.findall(r"\w+", text.casefold())


def tidy(text: str) -> str:
    """Without the double blanks and stray commas that words leave where they were taken out."""
    text = re.sub(r"\s+", " ", text).strip()
    text = re.sub(r" ([,.;:])", r"\1", text)
    return raised(re.sub(r"^[,;]\s*|,(?=[.,])", "", text))


def one_of(words: Iterable[str]) -> str:
    """A pattern for any of the words, the longest first."""
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))
