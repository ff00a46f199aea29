"""How readers of one language follow up on a question: patterns, as data."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Tongue:
    """The patterns of one language; each is matched against a follow-up without its opening and its question marks.

    `opening` and `about` are what a follow-up begins with; `asks` its question words when it has nothing else, by what
    they ask, with `asks_in` as they are put after a question in this language; `happened` may stand behind them.
    `number`, `number_of`, `which`, `who`, `said` and `again` are such questions too. `sequel` asks what came next or
    before, `whereabouts` where a place is, `state` is something else that may have been done to those asked about.
    `bind` has this language's prepositions by those of the other. `name` is its tag.
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


def pattern(text: str) -> re.Pattern[str]:
    return re.compile(text, re.IGNORECASE)


def word_set(text: str) -> frozenset[str]:
    return frozenset(text.split())
