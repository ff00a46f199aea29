"""What tells a report's story from others: its names, countries and figures, alike in every language."""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import pairwise

from qa.models.annotations import Figure
from qa.text.entities import NAME, is_date
from qa.text.figures import figures
from qa.text.places import places_in
from qa.text.terms import STOP_WORDS, fold, words

Marks = frozenset[str]
"""Folded names as they are, countries as "@ES", figures as "#500"."""

LEAST_FIGURE = 10
"""Smaller numbers stand in any report."""

_SENTENCE_END = re.compile(r"[.!?:”\"]\s*")


@lru_cache(maxsize=1_000)
def marks_of(text: str) -> Marks:
    """The marks of a text. Neither years nor days are figures."""
    # Read without looking for dates, which would take longer than all the rest.
    values = {figure.low or figure.high or 0 for figure in figures(text, dates=()) if not _is_day(figure)}
    marks = {f"#{value:g}" for value in values if value >= LEAST_FIGURE and not 1000 <= value < 2100}
    marks |= {f"@{code}" for _, code in places_in(text)}
    ends = [0, *(match.end() for match in _SENTENCE_END.finditer(text)), len(text)]
    for begin, end in pairwise(ends):
        for match in NAME.finditer(text, begin, end):
            names = words(match.group())
            # The first word of a sentence has a capital anyway.
            marks |= {fold(name) for name in (names[1:] if match.start() == begin else names) if name[0].isupper()}
    return frozenset(marks - STOP_WORDS)


def _is_day(figure: Figure) -> bool:
    """Whether a number is the day of a month that follows it."""
    return bool(figure.counted) and is_date(figure.counted[0].title())
