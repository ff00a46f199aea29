"""How readers of one language follow up on a question: patterns, as data, and which of the languages a text is in."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from qa.language.terms import fold, words


@dataclass(frozen=True, slots=True)
class Tongue:
    """The patterns of one language; each is matched against a follow-up without its opening and its question marks.

    `opening` and `about` are what a follow-up begins with; `asks` its question words when it has nothing else, by what
    they ask, with `asks_in` as they are put after a question in this language; `happened` may stand behind them.
    `number`, `number_of`, `which`, `who`, `said` and `again` are such questions too. `sequel` asks what came next or
    before, `whereabouts` where a place is, `state` is something else that may have been done to those asked about.
    `bind` has this language's prepositions by those of the other, `common` its small words.
    """

    name: str
    opening: re.Pattern[str]
    about: re.Pattern[str]
    asks: Mapping[str, str]
    asks_in: Mapping[str, str]
    happened: str
    state: re.Pattern[str]
    number: re.Pattern[str]
    number_of: re.Pattern[str]
    which: re.Pattern[str]
    who: re.Pattern[str]
    said: re.Pattern[str]
    again: re.Pattern[str]
    sequel: re.Pattern[str]
    whereabouts: re.Pattern[str]
    bind: Mapping[str, str]
    common: frozenset[str]


def pattern(text: str) -> re.Pattern[str]:
    return re.compile(text, re.IGNORECASE)


def word_set(text: str) -> frozenset[str]:
    return frozenset(text.split())


def tongue_of(text: str, *, among: tuple[Tongue, ...], otherwise: Tongue) -> Tongue:
    """The language that most of the text's small words are of."""
    if "¿" in text or "¡" in text:
        return next(one for one in among if one.name == "es")
    said = [fold(word) for word in words(text)]
    counts = {one.name: sum(word in one.common for word in said) for one in among}
    best = max(among, key=lambda one: counts[one.name])
    return best if counts[best.name] > counts[otherwise.name] else otherwise
