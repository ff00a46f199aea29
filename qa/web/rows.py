"""An article as one row of a list: its headline linked, who published it, and an excerpt."""

from __future__ import annotations

from dataclasses import dataclass

from qa.models.archive import Article, ListedArticle, Source
from qa.retrieval.results import EXCERPT, Piece, Result, shortened
from qa.text.sentences import sentence_spans
from qa.web.context import WebContext
from qa.web.links import article_link, sentence_number

_OPENING = 2_000
"""Characters of a body in which its first sentences are looked for: no one waits for the whole of a long one."""


@dataclass(frozen=True, slots=True)
class ArticleRow:
    """An article in a list. `excerpt` is empty where the archive holds only the headline."""

    source: Source
    href: str
    headline: tuple[Piece, ...]
    excerpt: tuple[Piece, ...]


def row_of_result(result: Result, context: WebContext) -> ArticleRow:
    """A row that opens the article at the excerpt."""
    name = result.source.article_id
    article = context.readable(name)
    place = sentence_number(sentence_spans(article.body), result.start) if article else None
    return ArticleRow(result.source, article_link(name, at=place), result.headline, result.excerpt)


def row_of_listed(listed: ListedArticle, context: WebContext) -> ArticleRow:
    """A row with the first sentences of the article."""
    source = listed.source
    article = context.readable(source.article_id)
    text = opening(article) if article else ""
    excerpt = (Piece(text),) if text else ()
    return ArticleRow(source, article_link(source.article_id), (Piece(source.title),), excerpt)


def opening(article: Article) -> str:
    """The first sentence of an article, and as many more as there is room for; empty where it has only a headline."""
    if article.headline_only:
        return ""
    start = article.body[:_OPENING]
    spans = sentence_spans(start)
    ends = [span.end for span in spans if span.end - spans[0].start <= EXCERPT] or [span.end for span in spans[:1]]
    return shortened(start[: ends[-1]]) if ends else ""
