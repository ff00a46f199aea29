"""The figures of a sentence with what each counts, wherever its noun stands."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache

from qa.domain.archive import Span
from qa.domain.mentions import Figure
from qa.language.casing import lowered
from qa.language.claims import english, spanish
from qa.language.figures import figures, is_common, kin
from qa.language.numbers import number_value
from qa.language.places import Place
from qa.language.terms import STOP_WORDS, fold, words

_ONE = frozenset({"one", "un", "una", "uno"})
_COUNTED_SINGLY = frozenset({"people", "arrest", "search"})
_OF_WHICH = re.compile(
    r"\b(?:of (?:which|whom|them|those|these)|de (?:los que|las que|los cuales|las cuales|ellos|ellas))\W*(?:\w+\s)?$",
)
_MODIFIED = re.compile(r"(?:[\s-](?:[A-ZÁÉÍÓÚÑ][\w-]+|and|y|or|o))+\s(?P<noun>[a-záéíóúñ]+)")
"""Capital adjectives before the noun: "twelve European and Latin American countries"."""
_RANGE = re.compile(r"\s(?:and|y|a|to)\s")
_BETWEEN = re.compile(r"\b(?:between|entre|from|de)\s$")
_NUMBERS = re.compile(r"\s(?:[\w-]+\s)?(?:numbers|figures|totals|counts|números|cifras)\b")
_BESIDE_DATE = re.compile(r"\s?(?:and|y|or|o|to|a|al|-|–|,)\s?")

_BEFORE = 30
"""Characters right before a figure that are read: more of them would take time and tell no more."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence as printed and in lower case, character for character, with its dates and the places it names."""

    text: str
    lower: str
    dates: Sequence[Span]
    places: Sequence[Place]

    @classmethod
    def of(cls, text: str, dates: Sequence[Span], places: Sequence[Place]) -> Sentence:
        return cls(text, lowered(text), dates, places)

    def before(self, place: int) -> str:
        """The words right before a place, in lower case."""
        return self.lower[max(0, place - _BEFORE) : place]


def counts(sentence: Sentence) -> list[Figure]:
    """The figures of a sentence that count something, in order; two that are the ends of a range are one."""
    found = figures(sentence.text, dates=sentence.dates, named=sentence.places)
    joined = _ranges(sentence, [one for one in found if not _is_label(sentence, one)])
    named: list[Figure] = []
    for place, figure in enumerate(joined):
        counted = figure.counted
        if not any(is_common(word) for word in counted):
            others = [one.span for one in (*joined[max(0, place - 1) : place], *joined[place + 1 : place + 2])]
            counted = _number_of(sentence, figure.span, others) or _modified(sentence, figure.span) or counted
        if named and _is_part(sentence, figure, counted):
            counted = named[-1].counted
        named.append(figure if counted == figure.counted else replace(figure, counted=counted))
    return [one for one in named if not _is_article(sentence, one)]


def _is_part(sentence: Sentence, figure: Figure, counted: tuple[str, ...]) -> bool:
    """Whether a figure counts some of what the one before counts: "24 of those"."""
    if counted and is_common(counted[0]):
        return False
    return not counted or bool(_OF_WHICH.search(sentence.before(figure.span.start)))


def _ranges(sentence: Sentence, found: list[Figure]) -> list[Figure]:
    """Figures, two that are the ends of a range made one: "between six and 24 months"."""
    joined: list[Figure] = []
    for figure in found:
        before = joined[-1] if joined else None
        if (
            before
            and _RANGE.fullmatch(sentence.lower, before.span.end, figure.span.start)
            and _BETWEEN.search(sentence.before(before.span.start))
        ):
            joined[-1] = replace(figure, span=Span(before.span.start, figure.span.end), low=before.low)
        else:
            joined.append(_split(sentence, figure))
    return joined


def _split(sentence: Sentence, figure: Figure) -> Figure:
    """A figure in words that is a range: "between six and nine" reads like one number."""
    ends = _RANGE.split(sentence.lower[figure.span.start : figure.span.end])
    if len(ends) != 2 or not _BETWEEN.search(sentence.before(figure.span.start)):
        return figure
    low, high = map(number_value, ends)
    return figure if low is None or high is None else replace(figure, low=low, high=high)


def _modified(sentence: Sentence, figure: Span) -> tuple[str, ...]:
    match = _MODIFIED.match(sentence.text, figure.end)
    return (kin(match["noun"]),) if match and is_common(match["noun"]) else ()


def _number_of(sentence: Sentence, figure: Span, others: Sequence[Span]) -> tuple[str, ...]:
    """The noun of "the number of arrests", before or behind a figure, with none of those beside it between."""
    for match in _counts_of(sentence.lower):
        first, last = (match.end(), figure.start) if match.end() <= figure.start else (figure.end, match.start())
        if first <= last and not any(first <= one.start and one.end <= last for one in others):
            following = [fold(word) for word in words(sentence.lower[match.end() : match.end() + 40])[:3]]
            return tuple(kin(word) for word in following if word not in STOP_WORDS)[:2]
    return ()


def _is_article(sentence: Sentence, figure: Figure) -> bool:
    """Whether "one" or "un" is no count: it is one only of things that are counted."""
    word = fold(sentence.lower[figure.span.start : figure.span.end])
    return word in _ONE and not _COUNTED_SINGLY & set(figure.counted[:2])


def _is_label(sentence: Sentence, figure: Figure) -> bool:
    """Whether a number names its thing, or is half of a date: "article 12", "17 and 18 October"."""
    start, end = figure.span.start, figure.span.end
    halves = any(
        end <= date.start and _BESIDE_DATE.fullmatch(sentence.lower, end, date.start) for date in sentence.dates
    )
    numbers = _NUMBERS.match(sentence.lower, end)  # "four different numbers of arrests"
    return halves or bool(numbers) or bool(_label().search(sentence.before(start)))


@lru_cache(maxsize=4)
def _counts_of(lower: str) -> tuple[re.Match[str], ...]:
    return tuple(_count_of().finditer(lower))


@cache
def _count_of() -> re.Pattern[str]:
    return re.compile(rf"\b(?:{english.COUNT_OF}|{spanish.COUNT_OF})\s")


@cache
def _label() -> re.Pattern[str]:
    return re.compile(rf"\b(?:{english.LABELS}|{spanish.LABELS})\.?\s$")
