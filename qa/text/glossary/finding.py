"""Where the words of the glossary stand in a text."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from functools import lru_cache
from itertools import accumulate

from qa.models.annotations import TermMention
from qa.models.archive import Span
from qa.text.glossary.reading import GlossaryEntry, glossary


@lru_cache(maxsize=1 << 10)
def find_terms(text: str, language: str) -> tuple[TermMention, ...]:
    """The legal words of a text in order, none overlapping another; of two at one place the longer stands.

    `language` is a tag such as es or es-MX. Terms of other languages are found only where they are names.
    """
    spoken = language.lower().split("-")[0]
    mentions = [mention for entry in glossary() if _is_read(entry, spoken) for mention in _mentions(entry, text)]
    mentions.sort(key=lambda mention: (mention.span.start, -mention.span.end))
    longest: list[TermMention] = []
    for mention in mentions:
        if not longest or mention.span.start >= longest[-1].span.end:
            longest.append(mention)
    return tuple(longest)


def with_other_names(text: str) -> str:
    """A question with the words of other languages for the bodies it names: "Defensor del Pueblo", "ombudsman".

    A reader that was trained on two languages need not know how a body of one country is called in the other.
    """
    for mention in reversed([mention for mention in find_terms(text, "") if mention.term.is_name]):
        other = mention.term.corresponds.partition(",")[0]
        text = text[: mention.span.start] + other + text[mention.span.end :]
    return text


def _is_read(entry: GlossaryEntry, language: str) -> bool:
    return entry.term.is_name or entry.term.language == language


def _mentions(entry: GlossaryEntry, text: str) -> Iterator[TermMention]:
    excepted = sorted(match.span() for pattern in entry.others for match in pattern.finditer(text))
    starts, reach = [start for start, _ in excepted], list(accumulate((end for _, end in excepted), max))
    for pattern in entry.forms:
        for match in pattern.finditer(text):
            span = _word(match)
            before = bisect_right(starts, span.start)
            if not before or reach[before - 1] < span.end:
                yield TermMention(span, entry.term)


def _word(match: re.Match[str]) -> Span:
    """The group that holds the word, or all that was matched; without white space that only leads on."""
    group = next((number for number in range(1, match.re.groups + 1) if match[number]), 0)
    start, end = match.span(group)
    return Span(start, start + len(match[group].rstrip())) if end > start else Span(start, end)
