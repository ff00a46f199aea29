"""Who says so: attributions in a sentence, and which of them is the report itself."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache

from qa.models.archive import Source
from qa.text.entities import NAME
from qa.text.numbers import is_number
from qa.text.patterns import word_file
from qa.text.terms import STOP_WORDS, capitalised_too, fold, words

_PUBLICATION = re.compile(r"(?:[a-záéíóúñ]+\s){0,5}(?P<name>[A-ZÁÉÍÓÚÑ].*)")
"""A part of what an article sums up that names a publication: "with figures from the BBC"."""
_ARTICLE = re.compile(r"^(?i:the|both|el|la|los|las)\s(?=[a-záéíóúñ])")


@cache
def _patterns() -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    """Who says something; what a report calls itself; and what only looks like a speaker."""
    fragments = word_file("figures")["fragments"]
    role, itself, according, saying = (fragments[name] for name in ("role", "itself", "according", "saying"))
    named = (
        rf"(?:[Tt]he |[Ee]l |[Ll]a |[Ll]os |[Bb]oth )?(?:copy of the )?{NAME.pattern}(?: report\b)?"
        rf"|(?:[Tt]he|[Ee]l|[Ll]a|[Ll]os|[Ll]as) {capitalised_too(role)}"
    )
    who = f"(?:{capitalised_too(itself)}|{named})"
    attribution = (
        rf"(?<!\w)(?:{capitalised_too(according)}\s(?P<a>{who})"
        rf"|(?P<b>{who})(?:,[^,]{{1,60}},)?\s(?:also |both |now )?{saying}\b)|,\s(?:as )?{saying}\s(?P<c>{who})"
    )
    nobody = rf"(?:(?:the|el|la) )?{fragments['not_speakers']}"
    return re.compile(attribution), re.compile(itself, re.IGNORECASE), re.compile(nobody, re.IGNORECASE)


def attributions(sentence: str) -> list[str]:
    """Who is said to say what the sentence says, as printed, in order."""
    attribution, _, nobody = _patterns()
    names = (match["a"] or match["b"] or match["c"] for match in attribution.finditer(sentence))
    return [who for who in names if not nobody.fullmatch(who) and not is_number(who)]


@dataclass(frozen=True, slots=True)
class Voices:
    """The publications that speak in an article: its outlet, or those that it sums up."""

    names: tuple[str, ...]
    several: bool

    @classmethod
    def of(cls, source: Source) -> Voices:
        listed = re.split(r",\s|\s(?:and|y)\s", re.sub(r"\([^)]*\)", "", source.summarises or ""))
        names = [match["name"] for part in listed if (match := _PUBLICATION.match(part.strip()))]
        return cls((*names, source.outlet), len(names) > 1)

    def speaker(self, attributed: list[str], last: str | None) -> tuple[str | None, str | None]:
        """Who says a sentence, None for the report itself; and who of several publications spoke last."""
        if not attributed:
            return None, last
        if _patterns()[1].fullmatch(attributed[0]):
            return (last if self.several else None), last
        who = _ARTICLE.sub("", attributed[0])
        key, keys = _key(who), [_key(name) for name in self.names]
        if not key or not any(key <= own or (own and own <= key) for own in keys):
            return who, last
        return (who, who) if self.several else (None, last)


@lru_cache(maxsize=2_000)
def _key(name: str) -> frozenset[str]:
    return frozenset(fold(word) for word in words(name) if fold(word) not in STOP_WORDS | {"copy", "report"})
