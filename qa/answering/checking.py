"""The last look before a reply leaves: every quote is in its article, every number is right."""

from __future__ import annotations

from collections.abc import Callable

from qa.domain.archive import Article
from qa.domain.replies import Answer, Quote
from qa.errors import NotFound

FindArticle = Callable[[str], Article]
"""The article of an id as it is stored now; raises NotFound."""


def verified(answer: Answer, article: FindArticle) -> bool:
    """Whether every quote stands, character by character, in its stored article, and quotes are numbered 1, 2, 3 …

    A quote can fail where its article was replaced or removed while the question was being answered.
    """
    numbered = [quote.number for quote in answer.quotes] == list(range(1, len(answer.quotes) + 1))
    return numbered and all(_stands(quote, article) for quote in answer.quotes)


def _stands(quote: Quote, article: FindArticle) -> bool:
    try:
        body = article(quote.source.article_id).body
    except NotFound:
        return False
    inside = quote.marked is None or quote.start <= quote.marked.start < quote.marked.end <= quote.end
    return inside and bool(quote.text) and body[quote.start : quote.end] == quote.text
