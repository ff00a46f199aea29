"""What a check of the shelf finds."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from qa.domain.deliveries import Problem
from qa.errors import ShelfError, ShelfFull
from qa.storage.catalogue import Catalogue


def file_problems(catalogue: Catalogue) -> Iterator[Problem]:
    yield from (Problem(None, f"the catalogue's file: {what}") for what in catalogue.damage())


def slice_problems(catalogue: Catalogue) -> Iterator[Problem]:
    """Articles that are not as they were stored, without passages, or with one that is no slice of the body."""
    for article, digest, passages in catalogue.each_article():
        if article.digest != digest:
            yield Problem(article.article_id, "the article is not as it was stored")
        if article.body and not passages:
            yield Problem(article.article_id, "the article has no passages")
        for passage in passages:
            text = article.body[passage.start : passage.end]
            outside = [s for s in passage.sentences if not s.within(passage.span)]
            if not text or text != passage.text or outside:
                place = f"{passage.start}-{passage.end}"
                yield Problem(article.article_id, f"passage {place} is not a slice of its article")


def index_problems(catalogue: Catalogue, indexed: Callable[[], set[int]]) -> Iterator[Problem]:
    """`indexed` gives the numbers that the vector index holds. Raises ShelfFull."""
    try:
        missing = len(set(catalogue.numbers()) - indexed())
    except ShelfFull:
        raise
    except ShelfError as error:
        yield Problem(None, str(error))
        return
    if missing:
        yield Problem(None, f"{missing} passages are not in the vector index")


def unfinished(catalogue: Catalogue) -> Iterator[Problem]:
    """What was begun and waits to be done."""
    if catalogue.has_pending():
        yield Problem(None, "an import was cut off and waits to be finished")
    for waiting in catalogue.awaiting_erasure():
        yield Problem(waiting, "its erasure waits to be done")
    if catalogue.unscrubbed():
        yield Problem(None, "words of an article that was taken out may still be in the files")
