"""Numbers in a sentence with what they count and of which places they are said.

The reading is shallow. What stands right after a number is what it counts; where nothing does ("19 of them", "the total
reached 500"), it may be anything that the sentence named before. A place belongs to the number it stands nearest to:
"the United Kingdom (40)", "24 for Spain", "19 of them in Spain".
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache, lru_cache

from qa.models.annotations import Figure
from qa.models.archive import Span
from qa.text.casing import lowered
from qa.text.entities import plain_numbers
from qa.text.numbers import number_value
from qa.text.patterns import word_file
from qa.text.places import places_in
from qa.text.terms import STOP_WORDS, fold, stem, word_matches

WINDOW = 4
"""Words after a number among which the counted noun is looked for: "500 mostly quiet local people"."""


@cache
def _named(table: str) -> dict[str, str]:
    """The first of the words that count the same thing, by the stem of each."""
    return {stem(word): group.split()[0] for group in word_file("figures")[table] for word in group.split()}


@cache
def _bounds() -> dict[str, re.Pattern[str]]:
    return {name: re.compile(form) for name, form in word_file("figures")["bounds"].items()}


_APART = {"office": "office", "offices": "office"}
"""Words that only the stem makes one with a word of the tables above."""


@lru_cache(maxsize=50_000)
def kin(word: str) -> str:
    """One name for all words that count the same thing, in both languages; the stem of any other word."""
    plain = fold(word)
    if plain in _APART:
        return _APART[plain]
    singular = (plain, plain.removesuffix("s"), plain.removesuffix("es"))
    masculine = tuple(f"{form[:-1]}o" for form in singular if form.endswith("a"))  # detenidas, detenidos: one thing
    for form in (*singular, *masculine):
        if name := _named("same").get(stem(form)) or _named("also_same").get(stem(form)):
            return name
    return stem(word)


@lru_cache(maxsize=10_000)
def is_common(word: str) -> bool:
    """Whether the usual words for a thing are all known here: a sentence with none of them has no such thing."""
    return kin(word) in _named("same").values()


def figures(
    sentence: str, *, dates: Sequence[Span] | None = None, named: Sequence[tuple[Span, str]] | None = None
) -> list[Figure]:
    """The numbers of a sentence that are not part of a date, in order.

    `dates` and `named`, its dates and the places that it names, are given where they are known already.
    """
    spans = plain_numbers(sentence, dates=dates)
    of_places = _attached(sentence, spans, places_in(sentence) if named is None else named)
    return [_figure(sentence, span, places) for span, places in zip(spans, of_places, strict=True)]


def _figure(sentence: str, span: Span, places: tuple[str, ...]) -> Figure:
    value = number_value(sentence[span.start : span.end])
    before = lowered(sentence[max(0, span.start - 20) : span.start])
    bound = next((name for name, form in _bounds().items() if form.search(before)), "")
    return Figure(
        span,
        low=None if bound == "less" else value,
        high=None if bound == "more" else value,
        approximate=bool(bound),
        counted=_counted(sentence, span),
        places=places,
    )


def _counted(sentence: str, span: Span) -> tuple[str, ...]:
    """Kin of the words right after a number, up to where its noun phrase ends."""
    parts: list[str] = []
    end, ends = span.end, word_file("figures")["ends_phrase"].split()
    for match in word_matches(sentence[span.end : span.end + 60]):
        gap = sentence[end : span.end + match.start()]
        word = fold(match.group())
        if len(parts) == WINDOW or re.search(r"[^\s'’\-\"“”%€$]", gap) or word in ends or word[0].isdigit():
            break
        end = span.end + match.end()
        if word not in STOP_WORDS:
            parts.append(kin(word))
    return tuple(parts)


def _attached(sentence: str, spans: Sequence[Span], named: Sequence[tuple[Span, str]]) -> list[tuple[str, ...]]:
    """For each number the codes of the places it is said of; empty where the sentence names none."""
    groups: list[tuple[str, ...]] = [()] * len(spans)
    if not spans or not named:
        return groups
    for place, code in named:
        nearest = min(range(len(spans)), key=lambda i: _distance(sentence, spans[i], place))
        groups[nearest] = (*groups[nearest], code)
    everywhere = tuple(code for _, code in named)
    return [group or (everywhere if len(spans) == 1 else ()) for group in groups]


def _distance(sentence: str, number: Span, place: Span) -> float:
    """Characters between a number and a place. A place in front counts only as in "Sweden (8)" or "Sweden: 8"."""
    if place.start >= number.end:
        return len(sentence[number.end : place.start])
    between = sentence[place.end : number.start]
    return len(between) if re.fullmatch(r"\s?[(:]\s?", between) else 40 + len(between)
