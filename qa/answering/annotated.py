"""The articles that an answer rests on, and what was read out of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from qa.errors import NotFound
from qa.models.annotations import Annotations
from qa.models.archive import Article
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
