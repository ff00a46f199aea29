"""An article as one row of a list: its headline linked, who published it, and an excerpt."""

from __future__ import annotations

from dataclasses import dataclass

from qa.answering.rights import article_within_rights
from qa.errors import NotFound
from qa.models.archive import Article, ListedArticle, Source
from qa.retrieval.results import EXCERPT, Piece, Result, shortened
from qa.web.anchors import article_link, sentence_number
from qa.web.enquiry import SentenceSpans
from qa.web.room import ReadingRoom
from qa.web.tellings import Telling

_OPENING = 2_000
"""Characters of a body in which its first sentences are looked for: no one waits for the whole of a long one."""


@dataclass(frozen=True, slots=True)
class Row:
    """What is shown of one article. `excerpt` is empty where the archive holds only the headline.

    `telling` is what the timeline tells of it alone; what it shares with others stands above them.
    """

    source: Source
    href: str
    headline: tuple[Piece, ...]
    excerpt: tuple[Piece, ...]
    telling: Telling | None = None


def row_of_result(result: Result, room: ReadingRoom, sentence_spans: SentenceSpans) -> Row:
    """A row that opens the article at the excerpt."""
    name = result.source.article_id
    article = _readable(room, name)
    place = sentence_number(sentence_spans(article.body), result.start) if article else None
    return Row(result.source, article_link(name, at=place), result.headline, result.excerpt)


def row_of_listed(
    listed: ListedArticle, room: ReadingRoom, sentence_spans: SentenceSpans, *, telling: Telling | None = None
) -> Row:
    """A row with the first sentences of the article."""
    source = listed.source
    article = _readable(room, source.article_id)
    text = opening(article, sentence_spans) if article else ""
    pieces = (Piece(text),) if text else ()
    return Row(source, article_link(source.article_id), (Piece(source.title),), pieces, telling)


def opening(article: Article, sentence_spans: SentenceSpans) -> str:
    """The first sentence of an article, and as many more as there is room for; empty where it has only a headline."""
    if article.headline_only:
        return ""
    start = article.body[:_OPENING]
    spans = sentence_spans(start)
    ends = [span.end for span in spans if span.end - spans[0].start <= EXCERPT] or [span.end for span in spans[:1]]
    return shortened(start[: ends[-1]]) if ends else ""


def _readable(room: ReadingRoom, article_id: str) -> Article | None:
    """The article, if it is still there and readers may see it: another process may take it away at any time."""
    try:
        article = room.article(article_id)
    except NotFound:
        return None
    return article_within_rights(article) if article.source.status.readable else None
