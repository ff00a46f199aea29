"""Which articles are given back: chosen from the archive as it stands now, one at a time."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace

from qa.archive.opening import archive_of
from qa.errors import NotFound
from qa.models.archive import Article, Source, Status, Withdrawal
from qa.models.dates import Dates
from qa.models.notices import Standing
from qa.models.replies import Question
from qa.settings import Settings
from qa.store.archive_store import ArchiveStore
from qa.store.queries import folded

PASSAGES_EACH = 5
"""Passages that are looked for to have one article more: the best often come from the same."""


def found_ids(query: str, between: Dates, settings: Settings, *, limit: int) -> list[str]:
    """Ids of the articles that a search finds, best first: of those that readers may see. Raises QuestionError."""
    question = Question(query, between.first, between.last, outlet=between.outlet, language=between.language)
    with archive_of(settings) as archive:
        hits = archive.search(question, limit=limit * PASSAGES_EACH)
    return list(dict.fromkeys(hit.passage.source.article_id for hit in hits))


def articles_of(
    store: ArchiveStore, between: Dates, statuses: Collection[Status], *, ids: Sequence[str] | None = None
) -> Iterator[Article]:
    """The articles as they stand, those of `ids` in their order or else all by id; no `statuses` are all of them."""
    if ids is None:
        ids = [source.article_id for source, _ in store.sources() if _lies_within(source, between)]
    for article_id in ids:
        try:
            article = as_it_stands(*store.with_standing(article_id))
        except NotFound:  # it was taken out meanwhile
            continue
        if (not statuses or article.source.status in statuses) and _lies_within(article.source, between):
            yield article


def as_it_stands(article: Article, standing: Standing) -> Article:
    """The article with the standing that file and staff give it together; an embargo that is over is no more."""
    source = replace(article.source, status=standing.status)
    if standing.status is Status.WITHDRAWN:
        by_file = article.withdrawal or Withdrawal()
        withdrawal = Withdrawal(standing.reason or by_file.reason, standing.day or by_file.day)
        return replace(article, source=source, withdrawal=withdrawal)
    if standing.status.readable:
        return replace(article, source=source, embargo=None, withdrawal=None)
    return replace(article, source=source, embargo=standing.until or article.embargo, withdrawal=None)


def _lies_within(source: Source, between: Dates) -> bool:
    first, last, day = between.first, between.last, source.published
    if (first or last) and (day is None or (first and day < first) or (last and day > last)):
        return False
    if between.language and not f"{source.language.lower()}-".startswith(f"{between.language.lower()}-"):
        return False
    return folded(between.outlet) in folded(f"{source.outlet} | {source.summarises or ''}")
