"""Names, of events too ("Operación Cerbero", "the Casa Pia case"), dates, durations and plain numbers, by their form."""

import re
from collections import Counter
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from qa.dates.finding import find_dates
from qa.models.archive import Span
from qa.text.numbers import DIGITS, NUMBER, NUMBER_WORDS
from qa.text.terms import fold, lowered, words

_LONG_AGO = re.compile(
    r"(?:[\d.,]+ (?:million |thousand )?years ago|[\d.,]+ (?:BC|BCE|BP|AD|CE)|[Hh]ace (?:\w+ ){0,2}?(?:[\d., ]*\d )?"
    r"(?:mil |millones |mil millones )?(?:de )?años|[\d.,]+ [ad]\. ?C\.?)(?!\w)"
)
"""Times of which no calendar is kept."""
_DURATION_UNIT = r"(?:second|minute|hour|day|week|month|year|decade|centur)(?:s|y|ies)?|segundos?|minutos?|horas?|días?|semanas?|mes(?:es)?|años?"
DURATION = re.compile(
    rf"(?:{NUMBER.pattern}|\ba|\ban|\bun|\bhalf a)(?:[\s-](?:and a half|full|calendar|or|to|y|a)?\s?(?:{DIGITS}|{NUMBER_WORDS})?)?[\s-]?"
    rf"(?:{_DURATION_UNIT})\b"
)
"""Of text in lower case."""
_WORD = r"[A-ZÁÉÍÓÚÑÜ][\w'’-]*"
_LINKS = "(?:de|del|la|las|los|of|the|von|van|bin|y)"
_CAPITAL = rf"(?:{_WORD}|[A-Z]\.)"
NAME = re.compile(rf"{_CAPITAL}(?:\s(?:{_LINKS}\s){{0,2}}{_CAPITAL})*")

_KINDS = (
    "Operation|Hurricane|Typhoon|Cyclone|Storm|Tropical Storm|Project|Exercise|operation"
    "|Operación|Huracán|Tifón|Ciclón|Tormenta|Proyecto|operación"
)
"""Words that are followed by the name of an event."""
_OPERATION = re.compile(rf"\b(?:{_KINDS})\s(?P<name>{_WORD}(?:\s(?:(?:de|del|la|las|los)\s)?{_WORD})*)")
_CAPITALS = rf"{_WORD}(?: (?:{_LINKS} ){{0,2}}{_WORD}){{0,4}}"
"""A name of at most five capital words in one line: more would take long to look for in a list of names."""
_CASE = re.compile(rf"(?<!\w)(?:[Cc]aso (?P<caso>{_CAPITALS})|(?P<name>{_CAPITALS}) (?:case|affair|scandal)(?!\w))")
_NO_NAME = frozenset(
    "court supreme high criminal civil test legal law this that the a an in no police british spanish el la".split()  # noqa: SIM905
) | {"tribunal"}
"""Words that make a case no case of that name: "the Supreme Court case"."""


@lru_cache(maxsize=1 << 10)
def dated_spans(sentence: str) -> tuple[Span, ...]:
    """The dates of a sentence in either language, in order, none overlapping another."""
    mentions = (
        mention for language in ("en", "es") for mention in find_dates(sentence, published=None, language=language)
    )
    spans = [Span(mention.start, mention.end) for mention in mentions]
    spans += [Span(*match.span()) for match in _LONG_AGO.finditer(sentence)]
    merged: list[Span] = []
    for span in sorted(spans, key=lambda span: (span.start, -span.end)):
        if not merged or span.start >= merged[-1].end:
            merged.append(span)
    return tuple(merged)


def is_date(words: str) -> bool:
    """Whether words are a date and nothing else."""
    return dated_spans(words) == (Span(0, len(words)),)


def without_dates(text: str) -> str:
    """The text with a space in the place of each date."""
    for span in reversed(dated_spans(text)):
        text = f"{text[: span.start]} {text[span.end :]}"
    return text


def plain_numbers(sentence: str, *, dates: Sequence[Span] | None = None) -> list[Span]:
    """The numbers of a sentence that are no part of a date; those that count days or years are. `dates`, if known."""
    dates = dated_spans(sentence) if dates is None else dates
    lower = lowered(sentence)
    return [
        span
        for span in (Span(*match.span()) for match in NUMBER.finditer(lower))
        if not any(span.within(date) for date in dates) or DURATION.match(lower, span.start)
    ]


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
