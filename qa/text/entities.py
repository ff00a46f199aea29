"""Names, dates, durations and plain numbers of a sentence, by their form."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from qa.dates.finding import find_dates
from qa.models.archive import Span
from qa.text.numbers import DIGITS, NUMBER, NUMBER_WORDS
from qa.text.terms import lowered

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
_CAPITAL = r"(?:[A-ZÁÉÍÓÚÑÜ][\w'’-]*|[A-Z]\.)"
NAME = re.compile(rf"{_CAPITAL}(?:\s(?:(?:de|del|la|las|los|of|the|von|van|bin|y)\s){{0,2}}{_CAPITAL})*")


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
