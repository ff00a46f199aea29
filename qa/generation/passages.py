"""Which sentences of the archive a language model is given to write from."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from qa.answering.annotated import annotations_of
from qa.answering.confidence import ANSWERS
from qa.answering.glossing import glosses_within
from qa.answering.grouping import Events, articles_of
from qa.answering.view import covers_several
from qa.generation.grounds import ground_of
from qa.models.annotations import Annotations
from qa.models.archive import Source, Span
from qa.models.replies import Answer, Candidate, Citation, Event
from qa.models.support import Ground
from qa.protocols import ArticleReader

MOST = 10
"""Sentences given. The quoted answer's own come first, then what differs from them, then what came next."""

SHARE_OF_BEST = 0.1
"""A further sentence needs this share of the best one's support: half of what it takes to be quoted without a model."""


@dataclass(frozen=True, slots=True)
class Material:
    """What may be written from: numbered from 1, in order. `answering` are the numbers that answer by themselves.

    `quotes` are the grounds as quotes, with their glosses; `events` what each tells of, where that matters.
    """

    grounds: tuple[Ground, ...]
    quotes: tuple[Citation, ...]
    answering: frozenset[int]
    events: tuple[Event | None, ...]


def material_for(answer: Answer, evidence: Sequence[Candidate], library: ArticleReader) -> Material:
    """The sentences for a quoted answer, of `evidence` strongest first.

    Raises NotFound where an article was taken back.
    """
    chosen = {_place(quote): quote for quote in answer.citations}
    for quote in _further(answer, evidence):
        if len(chosen) == MOST:
            break
        if not any(
            quote.source == chosen_quote.source and _overlap(quote, chosen_quote) for chosen_quote in chosen.values()
        ):
            chosen[_place(quote)] = quote
    annotated = annotations_of((quote.source.article_id for quote in chosen.values()), library)
    quotes = tuple(
        replace(quote, glosses=glosses_within(annotated[quote.source.article_id], Span(quote.start, quote.end)))
        for quote in chosen.values()
    )
    return Material(
        tuple(_ground(quote, annotated[quote.source.article_id], library) for quote in quotes),
        quotes,
        frozenset(_answering(answer)),
        _events(answer, quotes, library),
    )


def _answering(answer: Answer) -> Iterator[int]:
    """The numbers of quotes that answer by themselves; a further sentence of an answer may only complete it."""
    for statement in answer.statements:
        if statement.likelihood is None or statement.likelihood >= ANSWERS:
            yield from (quote.number for quote in statement.quotes)


def _events(answer: Answer, quotes: Sequence[Citation], library: ArticleReader) -> tuple[Event | None, ...]:
    """What each quote tells of, where the answer keeps several events apart; else nothing."""
    if not covers_several(answer):
        return (None,) * len(quotes)
    known = {_place(statement.quotes[0]): statement.event for statement in answer.statements}
    events = Events(articles_of((quote.source.article_id for quote in quotes), library.article))
    return tuple(
        known[_place(quote)] if _place(quote) in known else (reported.event if (reported := events.of(quote)) else None)
        for quote in quotes
    )


def _ground(quote: Citation, annotations: Annotations, library: ArticleReader) -> Ground:
    return ground_of(library.article(quote.source.article_id), annotations, Span(quote.start, quote.end))


def _place(quote: Citation) -> tuple[Source, int, int]:
    return quote.source, quote.start, quote.end


def _overlap(first: Citation, second: Citation) -> bool:
    return first.start < second.end and second.start < first.end


def _further(answer: Answer, evidence: Sequence[Candidate]) -> Iterator[Citation]:
    """What sources say differently, and the sentences that nearly became quotes."""
    yield from (party.quote for party in answer.parties)
    enough = SHARE_OF_BEST * max((item.support for item in evidence), default=0.0)
    for item in evidence:
        if item.support >= enough:
            yield Citation(0, item.source, item.span.start, item.span.end, item.text, item.answer)
