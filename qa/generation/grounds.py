"""Sentences of an article as grounds for written ones."""

from __future__ import annotations

from qa.models.annotations import Annotations
from qa.models.archive import Article, Span
from qa.models.support import Ground


def ground_of(article: Article, annotations: Annotations, span: Span) -> Ground:
    """A stretch of an article with its dates."""
    body = article.body
    dates = tuple(mention for mention in annotations.dates if Span(mention.start, mention.end).within(span))
    return Ground(article.source, span.start, body[span.start : span.end], dates)
