"""The articles that an answer rests on, what was read out of them, and the last look at its quotes in them."""

from collections.abc import Callable, Iterable, Mapping

from qa.errors import NotFound
from qa.models.annotations import Annotations
from qa.models.archive import Article
from qa.models.journal import quotes_of, sources_of
from qa.models.replies import Reply
from qa.protocols import ArticleReader
from qa.text.annotating import VERSION, annotate

FindArticle = Callable[[str], Article]
"""The article of an id as readers may see it now; raises NotFound."""

Annotated = Mapping[str, Annotations]
"""Annotations by the article's id."""


def articles_of(article_ids: Iterable[str], find: FindArticle) -> list[Article]:
    """The articles that readers may still see, each once."""
    articles = []
    for article_id in dict.fromkeys(article_ids):
        try:
            articles.append(find(article_id))
        except NotFound:  # taken back a moment ago; the last check of the reply will see it
            continue
    return articles


def annotations_of(article_ids: Iterable[str], library: ArticleReader) -> dict[str, Annotations]:
    """The annotations of each article, read anew where those stored are of another version.

    An article that was taken back a moment ago has none.
    """
    wanted = list(dict.fromkeys(article_ids))
    stored = {name: read for name, read in library.annotations(wanted).items() if read.version == VERSION}
    anew = articles_of((name for name in wanted if name not in stored), library.article)
    read = stored | {article.article_id: annotate(article) for article in anew}
    return {name: read.get(name) or Annotations(VERSION) for name in wanted}


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
