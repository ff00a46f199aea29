"""The words of a text as they are compared with those of another."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import lru_cache

from qa.answering.checking.kinship import kin_of
from qa.answering.checking.peoples import people_of
from qa.answering.checking.stemming import LIGHT, stem_in
from qa.language.places import places_in
from qa.language.terms import fold, word_matches


@dataclass(frozen=True, slots=True)
class Word:
    """A word at `start` to `end` of a text. `keys` are the forms it is compared by: one in common is enough.

    They are the word without its ending, its kin in either language, and the country that it is of.
    """

    text: str
    start: int
    end: int
    folded: str
    keys: frozenset[str]

    @property
    def is_light(self) -> bool:
        """Whether it carries grammar, or nearly nothing by itself."""
        return self.folded in LIGHT or not self.folded[0].isalpha()

    @property
    def is_capital(self) -> bool:
        return self.text[0].isupper()

    def meets(self, other: Word) -> bool:
        return not self.keys.isdisjoint(other.keys)


def words_of(text: str, language: str) -> tuple[Word, ...]:
    """All words of a text, in order; those with a hyphen are taken apart."""
    countries = {span.start: (span.end, code) for span, code in places_in(text)}
    found: list[Word] = []
    country, until = "", -1
    for match in word_matches(text):
        if match.start() in countries:
            until, country = countries[match.start()]
        keys = keys_of(match.group(), language)
        if match.start() < until:
            keys |= {f"@{country}"}
        found.append(Word(match.group(), match.start(), match.end(), fold(match.group()), keys))
    for match in _PREFIXED.finditer(text):
        whole = keys_of(match.group().replace("-", ""), language)
        found = [
            replace(one, keys=one.keys | whole) if match.start() <= one.start < match.end() else one for one in found
        ]
    return tuple(found)


_PREFIXED = re.compile(r"(?<![\w-])(?:co|re|pre|non|anti|multi|inter|sub)-[a-z]{4,}", re.IGNORECASE)
"""What may as well be written as one word: co-operation."""


@lru_cache(maxsize=50_000)
def keys_of(word: str, language: str) -> frozenset[str]:
    """The forms that a word is compared by."""
    folded = fold(word)
    stemmed = stem_in(word, language)
    keys = {folded, stemmed, *kin_of(stemmed, language)}
    if code := people_of(folded, language):
        keys.add(f"@{code}")
    if language == "es":
        keys.update(_cognates(folded))
    return frozenset(keys)


_ENDINGS = (("ciones", "tion"), ("cion", "tion"), ("siones", "sion"), ("dades", "ty"), ("dad", "ty"))


def _cognates(folded: str) -> list[str]:
    """What a Spanish word is in English, by its ending: operación, operation."""
    return [stem_in(folded[: -len(own)] + other, "en") for own, other in _ENDINGS if folded.endswith(own)]
