"""What the dates in a quote mean: "yesterday" says nothing to who reads it years later."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from qa.domain.annotations import Annotations
from qa.domain.archive import Span, long_date
from qa.domain.mentions import DateKind, DateMention
from qa.domain.replies import Quote

UNRESOLVED = "the report has no date"
_PARTS = {
    "Q1": "first quarter of", "Q2": "second quarter of", "Q3": "third quarter of", "Q4": "fourth quarter of",
    "H1": "first half of", "H2": "second half of",
}  # fmt: skip


def glosses_within(annotations: Annotations, span: Span) -> tuple[DateMention, ...]:
    """The relative and the impossible dates of a stretch of a body."""
    return tuple(one for one in annotations.dates if _needs_gloss(one) and Span(one.start, one.end).within(span))


def _needs_gloss(mention: DateMention) -> bool:
    return mention.kind is DateKind.RELATIVE or mention.flaw is not None


def gloss_text(mention: DateMention) -> str:
    """What is printed between ⟨ and ⟩ after the words of a date."""
    if mention.flaw:
        return f"so in the source; {mention.flaw[0].lower()}{mention.flaw[1:]}"
    return value_text(mention.value) if mention.value else UNRESOLVED


def value_text(value: str) -> str:
    """A value as in TIMEX3 the way a reader writes it: 16 March 2005, December 2004, first half of 2005."""
    if "/" in value:
        first, last = value.split("/", 1)
        return f"{value_text(first)} to {value_text(last)}"
    parts = value.split("-")
    if len(parts) == 3:
        return long_date(date.fromisoformat(value))
    if len(parts) == 2:
        named = f"{date(2000, int(parts[1]), 1):%B}" if parts[1].isdigit() else _PARTS[parts[1]]
        return f"{named} {parts[0]}"
    return value


def with_glosses(quote: Quote) -> str:
    """A quote's words with its glosses, each in ⟨ ⟩ right after the words it explains."""
    return "".join(f" ⟨{text}⟩" if is_gloss else text for text, is_gloss in interleaved(quote))


def interleaved(quote: Quote) -> Iterator[tuple[str, bool]]:
    """The words of a quote cut where a gloss belongs, and the glosses; whether a piece is one. Words lose nothing."""
    at = quote.start
    for gloss in quote.glosses:
        yield quote.text[at - quote.start : gloss.end - quote.start], False
        yield gloss_text(gloss), True
        at = gloss.end
    yield quote.text[at - quote.start :], False
