"""The names by which events go: "Operation Landmark", "Hurricane Mitch"."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from functools import cache

from qa.language.claims import english, spanish
from qa.language.terms import fold


@dataclass(frozen=True, slots=True)
class Naming:
    """That an event is named at a place of a text; `name` is folded and without the word for the kind of event."""

    start: int
    name: str
    end: int


@cache
def _pattern() -> re.Pattern[str]:
    name = r"[A-ZÁÉÍÓÚÑ][\w'’-]*(?:\s(?:(?:de|del|la|las|los)\s)?[A-ZÁÉÍÓÚÑ][\w'’-]*)*"
    return re.compile(rf"\b(?:{english.EVENTS}|{spanish.EVENTS}|operation|operación)\s(?P<name>{name})")


def event_names(text: str) -> list[Naming]:
    """Where a text names events, in order."""
    return [Naming(match.start(), _folded(match["name"]), match.end()) for match in _pattern().finditer(text)]


def _folded(name: str) -> str:
    return " ".join(fold(word) for word in name.split())


@dataclass(frozen=True, slots=True)
class Events:
    """The events that an article names."""

    title: tuple[str, ...]
    body: tuple[Naming, ...]

    @classmethod
    def of(cls, title: str, body: str) -> Events:
        return cls(tuple(dict.fromkeys(one.name for one in event_names(title))), tuple(event_names(body)))

    def at(self, place: int, sentence_end: int) -> str | None:
        """The event that a figure at this place belongs to: the last one named before it, else in its sentence.

        Where none is named so far, it is that of the headline, or the one that the article names most.
        """
        before = [one for one in self.body if one.start < place]
        if before:
            return before[-1].name
        within = [one for one in self.body if one.start < sentence_end]
        if within:
            return within[0].name
        if len(self.title) == 1:
            return self.title[0]
        counts = Counter(one.name for one in self.body)
        return counts.most_common(1)[0][0] if counts else None
