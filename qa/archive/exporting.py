"""Which articles are given back: chosen from the archive as it stands now, one at a time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from qa.archive.archive import archive_of
from qa.errors import NotFound
from qa.export.permitted import permitted
from qa.models.archive import Article, Source, Status, Withdrawal
from qa.models.dates import ALWAYS, Dates
from qa.models.notices import Standing
from qa.models.replies import Question
from qa.settings import Settings
from qa.store.archive_store import ArchiveStore
from qa.store.queries import folded

FOUND = 20
"""Articles that a search gives where nobody says how many."""

PASSAGES_EACH = 5
"""Passages that are looked for to have one article more: the best often come from the same."""


@dataclass(frozen=True, slots=True)
class ExportFilter:
    """Which articles are exported: without `query` every one; `statuses` empty are all, `limit` None is all."""

    query: str = ""
    between: Dates = ALWAYS
    statuses: tuple[Status, ...] = ()
    staff: bool = False
    limit: int | None = None


@dataclass(slots=True)
class ExportCounts:
    """How many articles were exported, and how many are not for readers."""

    exported: int = 0
    withheld: int = 0


def found_ids(chosen: ExportFilter, settings: Settings) -> list[str]:
    """Ids of the articles that a search finds, best first: of those that readers may see. Raises QuestionError."""
    dates = chosen.between
    limit = chosen.limit or FOUND
    question = Question(chosen.query, dates.first, dates.last, outlet=dates.outlet, language=dates.language)
    with archive_of(settings) as archive:
        hits = archive.search(question, limit=limit * PASSAGES_EACH)
    return list(dict.fromkeys(hit.passage.source.article_id for hit in hits))


def articles_of(
    store: ArchiveStore, chosen: ExportFilter, counts: ExportCounts, *, ids: Sequence[str] | None = None
) -> Iterator[Article]:
    """The articles as they may leave, those of `ids` in their order or else all by id. Counts them as it goes."""
    names = ids if ids is not None else [source.article_id for source, _ in store.sources() if _matches(source, chosen)]
    for article_id in names:
        if chosen.limit is not None and counts.exported >= chosen.limit:
            return
        try:
            article = as_it_stands(*store.with_standing(article_id))
        except NotFound:  # it was taken out meanwhile
            continue
        if not _matches(article.source, chosen):
            continue
        if leaving := permitted(article, staff=chosen.staff):
            counts.exported += 1
            yield leaving
        else:
            counts.withheld += 1


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


def _matches(source: Source, chosen: ExportFilter) -> bool:
    between, day = chosen.between, source.published
    if chosen.statuses and source.status not in chosen.statuses:
        return False
    if (between.first or between.last) and day is None:
        return False
    if (between.first and day and day < between.first) or (between.last and day and day > between.last):
        return False
    if between.language and not f"{source.language.lower()}-".startswith(f"{between.language.lower()}-"):
        return False
    return folded(between.outlet) in folded(f"{source.outlet} | {source.summarises or ''}")
