"""From chosen sentences to statements with numbered quotes."""

from __future__ import annotations

from collections.abc import Sequence

from qa.answering.annotated import Annotated
from qa.answering.glossing import glosses_within
from qa.answering.selecting import quoted_span
from qa.models.replies import Candidate, Citation, Statement


def compose(chosen: Sequence[Candidate], annotated: Annotated) -> tuple[Statement, ...]:
    """One statement for each sentence, its quote numbered from 1 in order."""
    return tuple(_statement(number, item, chosen, annotated) for number, item in enumerate(chosen, start=1))


def _statement(number: int, item: Candidate, chosen: Sequence[Candidate], annotated: Annotated) -> Statement:
    span = quoted_span(item, beside=chosen)
    text = item.hit.passage.slice(span)
    glosses = glosses_within(annotated[item.source.article_id], span)
    quote = Citation(number, item.source, span.start, span.end, text, item.answer, glosses)
    return Statement(text, (quote,), likelihood=item.support)
