"""Of which countries a figure is said."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from qa.domain.archive import Span
from qa.domain.mentions import Figure
from qa.language.casing import capitalised_too, lowered
from qa.language.claims import english, spanish

COUNTRY = "country"
"""The name that `figures` has for countries counted."""

_PARTS = frozenset({"province", "region", "town", "citi", "localidad", "ciudad", "municipio", "comunidad", "communiti"})
"""Parts of a country: "19 people in 13 provinces of Spain" is said of Spain."""

_NEW_VERB = re.compile(
    r"\b(?:and|but|while|y|pero|mientras)\s(?:\w+\s)?"
    r"(?:has|have|had|is|are|was|were|ha|han|es|son|fue|fueron|era|tiene|tienen)\b"
)
"""Behind it something else is told: "500 were held and there are links with Chile"."""

_PLACED = re.compile(
    r"(?:\b(?:in|for|across|throughout|within|inside|from|around|of|en|de|por|para)\s(?:the\s)?|[\s(,](?:and|y|e)\s(?:the\s)?|,\s)$"
)
"""What stands before a place that a figure is said of: not "Spain's ministry", nor "Spain expects"."""

_LISTED = re.compile(r"\s?[(:]\s?\d")
"""What stands behind one in a list: "Sweden (8)"."""

_AND_MORE = re.compile(r"\s(?:and|y)\s(?:in |en )?(?:\w+ )?(?:\w+ )?(?:countries|países)\b")

_ALSO = re.compile(r",?\s?(?:and|as well as|y|e|así como)\s")


@dataclass(frozen=True, slots=True)
class Scope:
    """The codes of the countries that a figure is said of; or all countries concerned; or nothing said."""

    places: tuple[str, ...] = ()
    worldwide: bool = False


@cache
def _worldwide() -> re.Pattern[str]:
    alternatives = capitalised_too(f"{english.WORLDWIDE}|{spanish.WORLDWIDE}")
    return re.compile(rf"\b(?:{alternatives})\b")


def scopes(sentence: str, found: Sequence[Figure], named: Sequence[tuple[Span, str]]) -> list[Scope]:
    """The scope of each figure of a sentence; `named` are the places that the sentence names."""
    wide = any(COUNTRY in figure.counted for figure in found) or bool(_worldwide().search(sentence))
    sentence = lowered(sentence)
    known: list[Scope] = []
    for figure in found:
        before = known[-1] if known else Scope()
        known.append(_scope(sentence, figure, named, wide, before, found))
        if known[-1].places:
            _spread(known, found)
    return known


def _spread(known: list[Scope], found: Sequence[Figure]) -> None:
    """Says the last figure's places of those before it, where it counts parts: "27 in 18 provinces of Spain"."""
    at = len(known) - 1
    while at and _PARTS & set(found[at].counted) and not known[at - 1].places:
        known[at - 1] = known[at]
        at -= 1


def _scope(
    sentence: str,
    figure: Figure,
    named: Sequence[tuple[Span, str]],
    wide: bool,
    before: Scope,
    found: Sequence[Figure],
) -> Scope:
    if COUNTRY in figure.counted:
        return Scope(worldwide=True)
    meant = [(place, code) for place, code in named if code in figure.places and _is_meant(sentence, figure, place)]
    places = tuple(dict.fromkeys(code for _, code in meant))
    if any(_AND_MORE.match(sentence, place.end) for place, _ in meant):
        return Scope(worldwide=True)
    if places and len(places) <= 2:
        return Scope(places)
    if wide or places:
        return Scope(worldwide=True)
    return before if before.places and len(named) == 1 and _goes_on(sentence, figure, found) else Scope()


def _is_meant(sentence: str, figure: Figure, place: Span) -> bool:
    """Whether the figure is said of the place: it stands right behind it, or behind a preposition, in its clause."""
    if place.start > figure.span.end and _NEW_VERB.search(sentence, figure.span.end, place.start):
        return False
    close = 0 <= place.start - figure.span.end <= 2 or bool(_LISTED.match(sentence, place.end))
    return close or bool(_PLACED.search(sentence[max(0, place.start - 16) : place.start]))


def _goes_on(sentence: str, figure: Figure, found: Sequence[Figure]) -> bool:
    """Whether the figure is coordinated with the one before: "24 people in Spain and made 29 searches"."""
    earlier = [one for one in found if one.span.end <= figure.span.start]
    return bool(earlier) and bool(_ALSO.search(sentence, earlier[-1].span.end, figure.span.start))
