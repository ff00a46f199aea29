"""By what a question says which event it means: a name, a time, a number, a place."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TypeVar

from qa.answering.events import Reported
from qa.dates.finding import find_dates
from qa.models.archive import Article, Span
from qa.retrieval.timeline import When, moment_of
from qa.text.entities import NAME, event_names, fold_text, is_date, places_in
from qa.text.figures import figures, is_common, kin
from qa.text.terms import fold, word_matches, words
from qa.text.timeframes import time_phrases, without_phrases

Item = TypeVar("Item")

_AT = re.compile(rf"(?<!\w)(?:in|at|from|near|en|desde|cerca de)\s(?:the\s|el\s|la\s|los\s)?({NAME.pattern})")

_EXCLUDED = re.compile(
    r"(?:,\s)?(?<!\w)(?i:besides|apart from|aside from|other than|except(?: for)?|además de|aparte de|salvo|excepto)\s"
    rf"(?:(?:the|el|la|los|las)\s)?(?P<left_out>{NAME.pattern}(?:(?:,| and| y) {NAME.pattern})*),?"
)
"""What a question leaves out: "besides Cerbero and Azahar"."""

_WITHIN = re.compile(r"(?<!\w)(?:in|during|from|of|en|durante|de|del)\s(?:the\s|el\s|la\s|los\s)?$", re.IGNORECASE)
_DEFINITE = re.compile(r"\b(?:the|those|these|los|las|esos|esas)\s(?:other\s|otr[oa]s\s)?$", re.IGNORECASE)
_ORDINAL = re.compile(r"(?<!\w)(?:second|third|fourth|fifth|segund[oa]|tercer[oa]?|cuart[oa]|quint[oa])(?!\w)")
_PERSONS = frozenset({"people", "arrest"})
"""What numbers of cases count where they don't say: "the 19"."""


@dataclass(frozen=True, slots=True)
class EventReference:
    """What a question gives away of the event it means.

    `names` are keys of events; `times` what it dates; `numbers` of something that it takes as known ("the 19"), each
    with what it counts; `terms` what must stand in its reports: names after in, at or from that aren't countries, and
    ordinals ("the second fire"). `excluded` are the names that it doesn't mean: "besides Cerbero".
    """

    text: str
    names: frozenset[str]
    times: tuple[When, ...]
    numbers: tuple[tuple[float, frozenset[str]], ...]
    terms: tuple[str, ...]
    excluded: str = ""

    @classmethod
    def of(cls, question: str) -> EventReference:
        excluded = " ".join(match["left_out"] for match in _EXCLUDED.finditer(question))
        question = without_exclusion(question)
        dated = [m.value for tag in ("en", "es") for m in find_dates(question, published=None, language=tag)]
        times = tuple(when for value in dict.fromkeys(dated) if value and (when := moment_of(value)))
        return cls(
            f" {fold_text(question)} ",
            frozenset(name.key for name in event_names(question)),
            times,
            tuple(_numbers(question)),
            (*(match[1] for match in _place_matches(question)), *_ORDINAL.findall(fold_text(question))),
            f" {fold_text(excluded)} ",
        )

    @property
    def given(self) -> bool:
        """Whether the question says anything of which event it means."""
        return bool(self.names or self.times or self.numbers or self.terms or self.excluded.strip())

    @property
    def of_time_alone(self) -> EventReference:
        """Its time, and nothing else that would tell the event from others."""
        return replace(self, text="", names=frozenset(), numbers=(), terms=())

    def names_event(self, event: Reported) -> bool:
        """Whether the question calls the event by its name, in full or in short: "the Cerbero case"."""
        return bool(event.key) and (event.key in self.names or f" {event.key} " in self.text)

    def excludes(self, event: Reported) -> bool:
        return bool(event.key) and f" {event.key} " in self.excluded

    def in_time(self, event: Reported) -> bool:
        return any(when.meets(time.first, time.last) for when in event.whens for time in self.times)

    def in_number(self, event: Reported) -> bool:
        """Whether some report counts as many of the same kind; without a kind, people or arrests are meant."""
        return any(
            value in (low, high) and nouns & counted
            for article in event.articles
            for low, high, counted in _counted(f"{article.source.title}. {article.body}")
            for value, nouns in self.numbers
        )

    def in_words(self, event: Reported) -> bool:
        """True where its reports have every name and ordinal."""
        keys = [f" {fold_text(term)} " for term in self.terms]
        return all(any(key in folded(article) for article in event.articles) for key in keys)


def meant(
    items: Sequence[Item], event_of: Callable[[Item], Reported | None], reference: EventReference
) -> tuple[list[Item], list[str]]:
    """The items of the events that a question can mean: test by test those that fit, where some do and some don't.

    Items without an event stay: nothing says that they are about another. With them, in words, the tests that others
    failed. Time is no test: a report of 2007 may tell of 2005, so it is weighed sentence by sentence.
    """
    tests: list[tuple[str, Callable[[Reported], bool]]] = [("", reference.names_event)]
    if reference.numbers:
        tests.append((", ".join(f"{value:.0f}" for value, _ in reference.numbers), reference.in_number))
    if reference.terms:
        tests.append((", ".join(reference.terms), reference.in_words))
    left = [item for item in items if not ((event := event_of(item)) and reference.excludes(event))]
    limits = list[str]()
    for words_of_test, test in tests:
        events = [event_of(item) for item in left]
        fit = [event for event in events if event is not None and test(event)]
        kept = [item for item, event in zip(left, events, strict=True) if event is None or event in fit]
        if fit and len(kept) < len(left):
            left = kept
            limits.append(words_of_test or ", ".join(dict.fromkeys(event.event.name for event in fit)))
    return left, limits


def without_exclusion(question: str) -> str:
    """The question without "besides Operation Gull", which no answer names; what it excludes is kept out otherwise."""
    return without_phrases(question, [Span(*match.span()) for match in _EXCLUDED.finditer(question)])


def without_event(question: str) -> str:
    """The question without "in Operation Gull" and "in Velm"; as it is where nothing is left that carries topic."""
    places = [Span(*match.span()) for match in _place_matches(question)]
    events = [
        Span(within.start(), name.span.end)
        for name in event_names(question)
        if (within := _WITHIN.search(question[: name.span.start]))
    ]
    return without_phrases(question, places + events)


def folded(article: Article) -> str:
    """An article's words, to look for words in: each has a space on both sides."""
    return _folded_text(f"{article.source.title} {article.body}")


@lru_cache(maxsize=1_000)
def _folded_text(text: str) -> str:
    return f" {fold_text(text)} "


@lru_cache(maxsize=1_000)
def _counted(text: str) -> tuple[tuple[float | None, float | None, frozenset[str]], ...]:
    """The figures of a text and what they count; where the words behind one don't say, what its sentence speaks of."""
    numbers = []
    for sentence in re.split(r"(?<=[.!?])\s+", text):
        spoken = frozenset(kin(match.group()) for match in word_matches(sentence))
        for figure in figures(sentence):
            alone = " " not in sentence[figure.span.start : figure.span.end]  # "nine and ten" are two
            counted = figure.counted[:2] if any(map(is_common, figure.counted[:2])) else (spoken if alone else ())
            numbers.append((figure.low, figure.high, _kinds(counted)))
    return tuple(numbers)


def _kinds(counted: Iterable[str]) -> frozenset[str]:
    """What is counted; people who were arrested are counted as arrests, and arrests as people."""
    kinds = frozenset(counted)
    return kinds | _PERSONS if kinds & _PERSONS else kinds


def _numbers(question: str) -> list[tuple[float, frozenset[str]]]:
    """The numbers that a question takes as known, with what they count."""
    numbers = []
    for figure in figures(question):
        value = figure.low if figure.low is not None else figure.high
        definite = _DEFINITE.search(question[: figure.span.start])
        counts = any(map(is_common, figure.counted))
        if value is not None and value >= 2 and (definite or counts):
            numbers.append((value, _kinds(figure.counted) if counts else _PERSONS))
    return numbers


def _place_matches(question: str) -> Iterator[re.Match[str]]:
    """Names after in, at, from … that are no countries, no dates and no events."""
    countries = {fold_text(question[span.start : span.end]) for span, _ in places_in(question)}
    named = {word for name in event_names(question) for word in map(fold, words(name.text))}
    times = time_phrases(question)
    for match in _AT.finditer(question):
        key = fold_text(match[1])
        dated = is_date(match[1]) or any(time.start < match.end() <= time.end for time in times)
        if key not in countries and not dated and not named & set(key.split()):
            yield match
