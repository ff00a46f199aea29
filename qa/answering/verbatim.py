"""The last look before a reply leaves: quotes are in their articles, numbers are right, nothing was taken back."""

from __future__ import annotations

from collections.abc import Callable

from qa.errors import NotFound
from qa.models.archive import Article, Source
from qa.models.replies import Answer, Citation, Refusal

FindArticle = Callable[[str], Article]
"""The article of an id as readers may see it now; raises NotFound."""


def verified(answer: Answer, article: FindArticle) -> bool:
    """Whether every quote stands, character by character, in its stored article, and quotes are numbered 1, 2, 3 …

    So do those of its conflicts; of copies and sources that agree, readers may still see each.
    A quote can fail where its article was replaced, corrected or taken back while the question was being answered.
    """
    numbered = [quote.number for quote in answer.citations] == list(range(1, len(answer.citations) + 1))
    copies = [*(source for party in answer.parties for source in party.copies)]
    if answer.agreement:
        copies += answer.agreement.sources
    return (
        numbered
        and all(_stands(quote, article) for quote in answer.citations)
        and all(_stands(party.quote, article) for party in answer.parties)
        and all(_readable(source, article) for source in copies)
    )


def presentable(refusal: Refusal, article: FindArticle) -> bool:
    """Whether readers may still see every article that a refusal names, and its sentences stand in them."""
    readable = all(_readable(source, article) for source in refusal.nearest)
    quotes = (*refusal.closest, *(case.quote for case in refusal.cases))
    return readable and all(_stands(quote, article) for quote in quotes)


def _readable(source: Source, article: FindArticle) -> bool:
    try:
        article(source.article_id)
    except NotFound:
        return False
    return True


def _stands(quote: Citation, article: FindArticle) -> bool:
    try:
        current = article(quote.source.article_id)
    except NotFound:
        return False
    body = current.body
    inside = quote.marked is None or quote.start <= quote.marked.start < quote.marked.end <= quote.end
    return (
        inside and bool(quote.text) and body[quote.start : quote.end] == quote.text and current.source == quote.source
    )
