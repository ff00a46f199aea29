"""What events are called: "Operación Cerbero", "Hurricane Mitch", "the Casa Pia case"."""

from __future__ import annotations

import re
from collections import Counter
from functools import lru_cache
from typing import NamedTuple

from qa.models.archive import Span
from qa.text.terms import fold, words

_KINDS = (
    "Operation|Hurricane|Typhoon|Cyclone|Storm|Tropical Storm|Project|Exercise|operation"
    "|Operación|Huracán|Tifón|Ciclón|Tormenta|Proyecto|operación"
)
"""Words that are followed by the name of an event."""
_OPERATION = re.compile(
    rf"\b(?:{_KINDS})\s(?P<name>[A-ZÁÉÍÓÚÑ][\w'’-]*(?:\s(?:(?:de|del|la|las|los)\s)?[A-ZÁÉÍÓÚÑ][\w'’-]*)*)"
)
_CAPITALS = r"[A-ZÁÉÍÓÚÑÜ][\w'’-]*(?: (?:(?:de|del|la|las|los|of|the|von|van|bin|y) ){0,2}[A-ZÁÉÍÓÚÑÜ][\w'’-]*){0,4}"
"""A name of at most five capital words in one line: more would take long to look for in a list of names."""
_CASE = re.compile(rf"(?<!\w)(?:[Cc]aso (?P<caso>{_CAPITALS})|(?P<name>{_CAPITALS}) (?:case|affair|scandal)(?!\w))")
_NO_NAME = frozenset(
    "court supreme high criminal civil test legal law this that the a an in no police british spanish el la".split()  # noqa: SIM905
) | {"tribunal"}
"""Words that make a case no case of that name: "the Supreme Court case"."""


class EventName(NamedTuple):
    """A name at `span` of a text. `key` is the same in every language and spelling of the kind of event."""

    key: str
    text: str
    span: Span


def operation_names(text: str) -> list[EventName]:
    """The names of operations, storms and the like in a text, in order."""
    matches = _OPERATION.finditer(text)
    return [EventName(fold_text(match["name"]), match.group(), Span(*match.span())) for match in matches]


def event_names(text: str) -> list[EventName]:
    """The names of events in a text, in order: of operations, and of cases that aren't called by an operation."""
    names = operation_names(text)
    spans = [name.span for name in names]
    for match in _CASE.finditer(text):
        key, span = fold_text(match["name"] or match["caso"]), Span(*match.span())
        if not any(map(span.overlaps, spans)) and _NO_NAME.isdisjoint(key.split()):
            names.append(EventName(key, match.group(), span))
    return sorted(names, key=lambda name: name.span)


@lru_cache(maxsize=1_000)
def main_name(title: str, body: str) -> EventName | None:
    """What the event is called that an article is about: the name in its headline, else the one it uses most."""
    if in_title := event_names(title):
        return in_title[0]
    whole = f" {fold_text(f'{title} {body}')} "
    named = event_names(body)
    counts = Counter({name.key: whole.count(f" {name.key} ") for name in named})
    return max(named, key=lambda name: (counts[name.key], -name.span.start), default=None)


def fold_text(text: str) -> str:
    """A text with its words folded and single spaces between them."""
    return " ".join(map(fold, words(text)))
