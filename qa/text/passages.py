"""Cutting an article into passages: runs of whole sentences that an encoder can take in."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from qa.models.archive import Article, Passage, Span
from qa.text.sentences import halves, sentence_spans

TARGET_TOKENS = 220
"""Length of a passage, in tokens of the encoder."""

CONTEXT_TOKENS = 254
"""Tokens for headline, date and passage together. Of 700 agency stories none came near; a paragraph for a headline,
of up to 500 characters, makes the passages below it shorter."""

LEAST_TOKENS = 24
"""Tokens of a passage below however long a headline: with fewer, 500 characters of Chinese for a headline would make a
passage of each word of its article, and encoding them take hours."""

CountTokens = Callable[[Sequence[str]], list[int]]
"""Tokens of each text, special tokens left out."""


def cut_passages(article: Article, count_tokens: CountTokens, *, budget: int = TARGET_TOKENS) -> list[Passage]:
    """Passages that together cover every sentence of the body once, in order, each within the budget of tokens.

    A sentence over the budget is cut at the clause end nearest its middle until its pieces fit.
    """
    body = article.body
    budget = min(budget, max(LEAST_TOKENS, CONTEXT_TOKENS - sum(count_tokens([article.source.heading]))))
    runs, room = list[list[Span]](), 0
    for span, tokens in _sized(body, sentence_spans(body), count_tokens, budget):
        if not runs or tokens > room:
            runs.append([])
            room = budget
        runs[-1].append(span)
        room -= tokens
    ends = [(run[0].start, run[-1].end, tuple(run)) for run in runs]
    return [Passage(article.source, start, end, body[start:end], run) for start, end, run in ends]


def _sized(body: str, spans: Sequence[Span], count_tokens: CountTokens, budget: int) -> list[tuple[Span, int]]:
    counts = count_tokens([body[s.start : s.end] for s in spans])
    sized: list[tuple[Span, int]] = []
    for span, tokens in zip(spans, counts, strict=True):
        parts = halves(body, span) if tokens > budget else None
        sized.extend(_sized(body, parts, count_tokens, budget) if parts else [(span, tokens)])
    return sized
