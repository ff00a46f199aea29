"""What institutions, cities and countries that a text names are called in the other language."""

from __future__ import annotations

import re
from functools import cache, lru_cache

from qa.language.foreign_names import FOREIGN
from qa.language.places import names_of, places_in
from qa.language.terms import fold, stems, words

REMEMBERED = 256
"""Passages whose names are kept: several sentences of each are weighed for one question."""


@lru_cache(maxsize=REMEMBERED)
def counterparts(text: str) -> frozenset[str]:
    """Stems of those names: of the ombudsman those of "Defensor del Pueblo", of Spain that of "España"."""
    here = frozenset(fold(word) for word in words(text))
    found = [name for name, other in _pairs() if other <= here]
    countries = {name for _, code in places_in(text) for name in names_of(code)}
    return frozenset[str]().union(*(_stems(names) for names in found), *map(stems, countries))


@cache
def _pairs() -> tuple[tuple[str, frozenset[str]], ...]:
    """Each name and the words of its counterpart, in both directions."""
    pairs = [pair for spanish, english in FOREIGN for pair in ((spanish, english), (english, spanish))]
    return tuple((name, frozenset(re.findall(r"\w+", other))) for name, other in pairs)


@cache
def _stems(names: str) -> frozenset[str]:
    return stems(names)
