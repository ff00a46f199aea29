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
from qa.store.document_store import CatalogueStore
from qa.store.queries import folded

FOUND = 20
"""Articles that a search gives where nobody says how many."""

PASSAGES_EACH = 5
"""Passages that are looked for to have one article more: the best often come from the same."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be given back. Without `query` it is every article; `statuses` empty are all. `limit` None is all."""

    query: str = ""
    between: Dates = ALWAYS
    statuses: tuple[Status, ...] = ()
    staff: bool = False
    limit: int | None = None


@dataclass(slots=True)
class Tally:
    """How many were given back, and how many were not for readers."""

    given: int = 0
    kept_back: int = 0


def found(wanted: Wanted, settings: Settings) -> list[str]:
    """Ids of the articles that a search finds, best first: of those that readers may see. Raises QuestionError."""
    dates = wanted.between
    limit = wanted.limit or FOUND
    question = Question(wanted.query, dates.first, dates.last, outlet=dates.outlet, language=dates.language)
    with archive_of(settings) as archive:
        hits = archive.search(question, limit=limit * PASSAGES_EACH)
    return list(dict.fromkeys(hit.passage.source.article_id for hit in hits))


def chosen(
    store: CatalogueStore, wanted: Wanted, tally: Tally, *, ids: Sequence[str] | None = None
) -> Iterator[Article]:
    """The articles as they may leave, those of `ids` in their order or else all by id. Counts them as it goes."""
    names = ids if ids is not None else [one.article_id for one, _ in store.sources() if _is_meant(one, wanted)]
    for article_id in names:
        if wanted.limit is not None and tally.given >= wanted.limit:
            return
        try:
            article = as_it_stands(*store.with_standing(article_id))
        except NotFound:  # it was taken out meanwhile
            continue
        if not _is_meant(article.source, wanted):
            continue
        if leaving := permitted(article, staff=wanted.staff):
            tally.given += 1
            yield leaving
        else:
            tally.kept_back += 1


def as_it_stands(article: Article, standing: Standing) -> Article:
    """The article with the standing that file and staff give it together; an embargo that is over is no more."""
    source = replace(article.source, status=standing.status)
    if standing.status is Status.WITHDRAWN:
        said = article.withdrawal or Withdrawal()
        withdrawal = Withdrawal(standing.reason or said.reason, standing.day or said.day)
        return replace(article, source=source, withdrawal=withdrawal)
    if standing.status.readable:
        return replace(article, source=source, embargo=None, withdrawal=None)
    return replace(article, source=source, embargo=standing.until or article.embargo, withdrawal=None)


def _is_meant(source: Source, wanted: Wanted) -> bool:
    between, day = wanted.between, source.published
    if wanted.statuses and source.status not in wanted.statuses:
        return False
    if (between.first or between.last) and day is None:
        return False
    if (between.first and day and day < between.first) or (between.last and day and day > between.last):
        return False
    if between.language and not f"{source.language.lower()}-".startswith(f"{between.language.lower()}-"):
        return False
    return folded(between.outlet) in folded(f"{source.outlet} | {source.summarises or ''}")
