"""Places altered: another country, city, region or nationality, and two countries of a sentence exchanged."""

from __future__ import annotations

import re
from itertools import pairwise

from qa.text.places import places_in
from tests.checking.mutations.names import tells_apart
from tests.checking.mutations.place_tables import (
    CITIES,
    COUNTRIES,
    DEMONYMS,
    OTHER_CITIES,
    OTHER_DEMONYMS,
    REGIONS,
    WITH_ARTICLE,
)
from tests.checking.mutations.said import Alterations, Said, one_of
from tests.checking.pairs import drawn

_OTHERS = 2


def altered_places(said: Said) -> Alterations:
    yield from _countries(said)
    for how, names, others in (
        ("city", CITIES, OTHER_CITIES),
        ("region", REGIONS[said.language], REGIONS[said.language]),
    ):
        for match in re.finditer(rf"(?<!\w)(?:{one_of(names)})(?!\w|'\w\w)", said.text):
            for other in _free(others, said)[:1]:
                yield how, said.with_words(match.start(), match.end(), other)
    yield from _demonyms(said)


def _countries(said: Said) -> Alterations:
    codes = {code for _, code in places_in(said.known)}
    for span, _code in places_in(said.text):
        the = re.search(r"\b[Tt]he $", said.text[: span.start]) is not None
        others = WITH_ARTICLE if the else COUNTRIES[said.language]
        free = [one for one in _free(others, said) if not codes.intersection(code for _, code in places_in(one))]
        for other in free[:_OTHERS]:
            yield "country", said.with_words(span.start, span.end, other)


def _demonyms(said: Said) -> Alterations:
    language = said.language
    for match in re.finditer(rf"(?<!\w)(?:{one_of(DEMONYMS[language])})(?!\w)", said.text):
        others = OTHER_DEMONYMS[language]
        if language == "es":
            ending = _ending(match.group())
            others = [one for one in others if _ending(one) == ending]
        for other in _free(others, said)[:1]:
            yield "nationality", said.with_words(match.start(), match.end(), other)


def _ending(word: str) -> str:
    found = re.search(r"[ao]s?$", word)
    return found.group() if found else ("os" if word.endswith("es") else "o")


def _free(names: list[str], said: Said) -> list[str]:
    """Those of which nothing in the sources speaks, nor in what stands before them, in an order drawn by the text."""
    around = f"{said.known} {said.before}".casefold()
    free = [name for name in names if name.removeprefix("the ").casefold()[:4] not in around]
    return sorted(free, key=lambda name: drawn(name + said.text, of=1 << 32))


def exchanged_places(said: Said) -> Alterations:
    """Two countries in each other's place, unless they stand in one list."""
    found = places_in(said.text)
    for (first, one), (second, other) in pairwise(found):
        between = said.text[first.end : second.start]
        if one == other or not tells_apart(between) or re.search(r"\bthe $", between):
            continue
        if re.search(r"\b[Tt]he $", said.text[: first.start]):
            continue
        names = said.text[second.start : second.end], said.text[first.start : first.end]
        yield "two exchanged", said.with_words(first.start, second.end, f"{names[0]}{between}{names[1]}")
