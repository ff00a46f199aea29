"""Who says so: attributions in a sentence, and whether it is the report itself that is meant."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache

from qa.domain.archive import Source
from qa.language.answer_spans import NAME
from qa.language.casing import capitalised_too
from qa.language.claims import english, spanish
from qa.language.numbers import is_number
from qa.language.terms import STOP_WORDS, fold, words

_ROLE = (
    r"(?:[\w'’-]+ ){0,2}?(?:ministry|minister|police|court|government|spokes(?:man|woman|person)|prosecutors?"
    r"|officials?|authorities|agency|office|commission|statement|company|organi[sz]ation|union|department"
    r"|mayor|president|council|coastguard|hospital|organi[sz]ers?|firefighters|witnesses|organizadores|bomberos"
    r"|alcalde|alcaldesa|presidente|ayuntamiento|ministerio|ministro|policía|tribunal|gobierno|portavoz|fiscalía|autoridades|agencia|comunicado|empresa|sindicato)"
)


_TITLE = re.compile(r"(?:[a-záéíóúñ]+\s){0,5}(?P<name>[A-ZÁÉÍÓÚÑ].*)")
"""A part of what an article sums up that names a publication: "with figures from the BBC"."""


@dataclass(frozen=True, slots=True)
class Attribution:
    """Who is said to say it, as printed, and where in the sentence. `itself`: the report calls itself so."""

    who: str
    start: int
    itself: bool


@cache
def _pattern() -> re.Pattern[str]:
    saying = f"(?:{english.SAYING}|{spanish.SAYING})"
    according = f"(?:{capitalised_too(f'{english.ACCORDING}|{spanish.ACCORDING}')})"
    named = (
        rf"(?:[Tt]he |[Ee]l |[Ll]a |[Ll]os |[Bb]oth )?(?:copy of the )?{NAME.pattern}(?: report\b)?"
        rf"|(?:[Tt]he|[Ee]l|[Ll]a|[Ll]os|[Ll]as) {capitalised_too(_ROLE)}"
    )
    who = f"(?:{capitalised_too(f'{english.ITSELF}|{spanish.ITSELF}')}|{named})"
    return re.compile(
        rf"(?<!\w)(?:{according}\s(?P<a>{who})|(?P<b>{who})(?:,[^,]{{1,60}},)?\s(?:also |both |now )?{saying}\b)"
        rf"|,\s(?:as )?{saying}\s(?P<c>{who})"
    )


@cache
def _itself() -> re.Pattern[str]:
    return re.compile(rf"(?:{english.ITSELF}|{spanish.ITSELF})", re.IGNORECASE)


@cache
def _nobody() -> re.Pattern[str]:
    return re.compile(rf"(?:(?:the|el|la) )?(?:{english.NOT_SPEAKERS}|{spanish.NOT_SPEAKERS})", re.IGNORECASE)


def attributions(sentence: str) -> list[Attribution]:
    """Who is said to say what the sentence says, in order."""
    found = []
    for match in _pattern().finditer(sentence):
        who = match["a"] or match["b"] or match["c"]
        start = match.start("a" if match["a"] else "b" if match["b"] else "c")
        if not _nobody().fullmatch(who) and not is_number(who):
            found.append(Attribution(who, start, bool(_itself().fullmatch(who))))
    return found


@dataclass(frozen=True, slots=True)
class Voices:
    """The publications that speak in an article: its outlet, or those that it sums up."""

    names: tuple[str, ...]
    several: bool

    @classmethod
    def of(cls, source: Source) -> Voices:
        summed = source.summarises or ""
        listed = re.split(r",\s|\s(?:and|y)\s", re.sub(r"\([^)]*\)", "", summed))
        found = [match["name"] for one in listed if (match := _TITLE.match(one.strip()))]
        return cls((*found, source.outlet), len(found) > 1)

    def is_own(self, who: str) -> bool:
        """Whether a name is that of one of the publications."""
        said = _key(who)
        return bool(said) and any(said <= _key(name) or (_key(name) and _key(name) <= said) for name in self.names)


@lru_cache(maxsize=2_000)
def _key(name: str) -> frozenset[str]:
    return frozenset(fold(word) for word in words(name) if fold(word) not in STOP_WORDS | {"copy", "report"})


def speaker_of(found: list[Attribution], voices: Voices, last: str | None) -> str | None:
    """Who says it; None where it is the report itself. `last` is who of several publications spoke before."""
    if not found:
        return None
    said = found[0]
    if said.itself:
        return last if voices.several else None
    if voices.is_own(said.who) and not voices.several:
        return None
    return re.sub(r"^(?i:the|both|el|la|los|las)\s(?=[a-záéíóúñ])", "", said.who)
