"""From chosen sentences to statements with numbered quotes."""

from __future__ import annotations

from collections.abc import Sequence

from qa.answering.selecting import with_context
from qa.domain import Evidence, Quote, Statement


def compose(chosen: Sequence[Evidence]) -> tuple[Statement, ...]:
    """One statement for each sentence, its quote numbered from 1 in order."""
    return tuple(_statement(number, item) for number, item in enumerate(chosen, start=1))


def _statement(number: int, item: Evidence) -> Statement:
    span = with_context(item)
    text = item.hit.passage.slice(span)
    quote = Quote(number, item.source, span.start, span.end, text, item.answer)
    return Statement(text, (quote,))
