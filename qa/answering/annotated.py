"""What was read out of the articles that an answer rests on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from qa.errors import NotFound
from qa.models.annotations import Annotations
from qa.protocols import ArticleReader
from qa.text.annotating import VERSION, annotate

Annotated = Mapping[str, Annotations]
"""Annotations by the article's id."""


def annotations_of(article_ids: Iterable[str], library: ArticleReader) -> dict[str, Annotations]:
    """The annotations of each article, read anew where those stored are of another version.

    An article that was taken back a moment ago has none; the last check of the reply will see that it is gone.
    """
    wanted = list(dict.fromkeys(article_ids))
    stored = library.annotations(wanted)
    return {article_id: _current(article_id, stored.get(article_id), library) for article_id in wanted}


def _current(article_id: str, stored: Annotations | None, library: ArticleReader) -> Annotations:
    if stored and stored.version == VERSION:
        return stored
    try:
        return annotate(library.article(article_id))
    except NotFound:
        return Annotations(VERSION)
