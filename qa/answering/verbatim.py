"""The last look before a reply leaves: quotes are in their articles, numbers are right, nothing was taken back."""

from __future__ import annotations

from qa.answering.annotated import FindArticle
from qa.errors import NotFound
from qa.models.journal import quotes_of, sources_of
from qa.models.replies import Reply


def verified(reply: Reply, find: FindArticle) -> bool:
    """Whether every quote stands, character by character, in its stored article, and citations are numbered 1, 2, 3 …

    Readers may still see every source that is named. A quote can fail where its article was replaced, corrected or
    taken back while the question was being answered.
    """
    if [quote.number for quote in reply.citations] != list(range(1, len(reply.citations) + 1)):
        return False
    try:
        articles = {source.article_id: find(source.article_id) for source in sources_of(reply)}
    except NotFound:
        return False
    for quote in quotes_of(reply):
        article = articles[quote.source.article_id]
        inside = quote.marked is None or quote.start <= quote.marked.start < quote.marked.end <= quote.end
        stands = quote.text and article.body[quote.start : quote.end] == quote.text and article.source == quote.source
        if not (inside and stands):
            return False
    return True
