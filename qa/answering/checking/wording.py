"""A text taken apart once, for all that is asked of it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

from qa.answering.checking.amounts import Amount, amounts_in
from qa.answering.checking.words import Word, words_of
from qa.domain.archive import Span
from qa.language.answer_spans import dated_spans
from qa.language.casing import lowered
from qa.language.tongues import language_of

_BREAK = re.compile(r"[;:—–()]|,|(?<!\w)(?:but|while|whereas|although|though|however|pero|sino|mientras|aunque)(?!\w)")
_STOP = re.compile(r"[;:—–()]|(?<!\w)(?:but|while|whereas|although|though|however|pero|sino|mientras|aunque)(?!\w)")
_COUNTING = re.compile(r"\d{4}(?=\s[a-záéíóúñ]{3,}(?:s|men|people)(?!\w)(?<!has)(?<!was)(?<!is))")
_DATING = re.compile(
    r"(?:^|(?<!\w)(?:in|of|since|by|from|to|until|till|during|the|early|late|mid|before|after|en|de|del|desde|a))\s?$"
)
SCOPE = 5
"""Words with a meaning of their own to which a denial or a hedge before them belongs."""


@dataclass(frozen=True)
class Wording:
    """A sentence, or a run of them, with its words, dates and clauses; offsets are its own."""

    text: str
    language: str

    @classmethod
    def of(cls, text: str, *, otherwise: str = "en") -> Wording:
        return cls(text, language_of(text, otherwise=otherwise))

    @cached_property
    def lower(self) -> str:
        return lowered(self.text)

    @cached_property
    def words(self) -> tuple[Word, ...]:
        return words_of(self.text, self.language)

    @cached_property
    def keys(self) -> frozenset[str]:
        """The keys of all its words."""
        return frozenset(key for word in self.words for key in word.keys)

    @cached_property
    def dates(self) -> tuple[Span, ...]:
        return tuple(span for span in dated_spans(self.text) if not self._counts(span))

    def _counts(self, span: Span) -> bool:
        """Whether what looks like a year is a number of things: "and 1600 connections"."""
        return bool(_COUNTING.match(self.text, span.start)) and not _DATING.search(self.lower[: span.start][-12:])

    @cached_property
    def content(self) -> tuple[Word, ...]:
        """The words that mean something by themselves, without those of dates."""
        return tuple(word for word in self.words if not word.is_light and not self.in_date(word))

    @cached_property
    def amounts(self) -> tuple[Amount, ...]:
        """Its numbers, in order."""
        return tuple(amounts_in(self.text, self.lower, self.dates, self.language))

    def in_date(self, word: Word) -> bool:
        return any(span.start <= word.start and word.end <= span.end for span in self.dates)

    def marks(self, pattern: re.Pattern[str]) -> list[Span]:
        """Where a pattern of lower-case words stands."""
        return [Span(*match.span()) for match in pattern.finditer(self.lower)]

    def behind(self, mark: Span, *, most: int = SCOPE) -> tuple[Word, ...]:
        """The words with a meaning that follow in the same clause, nearest first."""
        end = _STOP.search(self.lower, mark.end)
        limit = end.start() if end else len(self.text)
        return tuple(word for word in self.content if mark.end <= word.start < limit)[:most]

    def before(self, mark: Span, *, most: int = 2) -> tuple[Word, ...]:
        """The words with a meaning that stand before in the same clause, nearest first."""
        begin = max((match.end() for match in _BREAK.finditer(self.lower, 0, mark.start)), default=0)
        return tuple(word for word in reversed(self.content) if begin <= word.start and word.end <= mark.start)[:most]

    def around(self, mark: Span, *, most: int = 4) -> tuple[Word, ...]:
        return (*self.before(mark, most=most), *self.behind(mark, most=most))

    def has(self, word: Word) -> bool:
        """Whether a word of another text has its counterpart here."""
        return not self.keys.isdisjoint(word.keys)

    def counterparts(self, word: Word) -> list[Word]:
        return [own for own in self.words if own.meets(word)]
