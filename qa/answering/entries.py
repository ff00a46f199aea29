"""What the articles at one place of the timeline report: the main figures of each event, and how far its case is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from qa.answering.annotated import Annotated, annotations_of
from qa.answering.case_replies import case_status
from qa.answering.cases import Case, StageReport, cases_told
from qa.answering.conflicts.sameness import APART
from qa.answering.counts import Count, has_counts, main_counts, names_another
from qa.answering.events import Reported, reported_events
from qa.answering.grouping import articles_of
from qa.models.annotations import Annotations, Stage
from qa.models.archive import Article
from qa.models.replies import CaseStatus
from qa.protocols import ArticleReader
from qa.retrieval.timeline import TimelineEvent, moment_of


@dataclass(frozen=True, slots=True)
class Strand:
    """What articles report of one event: figures, or the stage of a case, or both; `articles` are those that do."""

    reported: Reported
    articles: tuple[Article, ...]
    counts: tuple[Count, ...]
    status: CaseStatus | None


@dataclass(frozen=True, slots=True)
class TimelineEntry:
    """What happened at one time, with what is reported of it; without strands where the articles tell neither."""

    event: TimelineEvent
    strands: tuple[Strand, ...]


def entries(events: Iterable[TimelineEvent], library: ArticleReader) -> list[TimelineEntry]:
    """An entry for each event, from these articles alone. Of articles that were taken back nothing is told."""
    reported_events = list(events)
    annotated = annotations_of(
        (article.source.article_id for event in reported_events for article in event.articles), library
    )
    return [TimelineEntry(event, _strands(event, annotated, library)) for event in reported_events]


def last_stages(events: tuple[TimelineEvent, ...], library: ArticleReader) -> tuple[Stage | None, ...]:
    """The stage of each event that stands last on the way of a case; None where its articles report none.

    Kept for as long as the articles stay as they are: each page of one shows the picture of all.
    """
    versions = tuple(article.source.version for event in events for article in event.articles)
    return _last_stages(events, library, versions)  # type: ignore[arg-type] # a library is told apart by what it is


@lru_cache(maxsize=8)
def _last_stages(
    events: tuple[TimelineEvent, ...], library: ArticleReader, versions: tuple[object, ...]
) -> tuple[Stage | None, ...]:
    statuses = ([strand.status for strand in entry.strands] for entry in entries(events, library))
    return tuple(
        max((status.stage for status in of_event if status), key=lambda stage: stage.order, default=None)
        for of_event in statuses
    )


def _strands(event: TimelineEvent, annotated: Annotated, library: ArticleReader) -> tuple[Strand, ...]:
    article_ids = (
        article.source.article_id
        for article in event.articles
        if (read := annotated[article.source.article_id]).stages or has_counts(article.source, read)
    )
    articles = articles_of(article_ids, library.article)
    reported = reported_events(articles)
    cases = {id(case.reported): case for case in cases_told(articles, annotated, reported)}
    strands = (_strand(subject, articles, annotated, cases) for subject in _once(articles, reported))
    return tuple(strand for strand in strands if strand.counts or strand.status)


def _once(articles: Sequence[Article], reported: Mapping[str, Reported]) -> list[Reported]:
    """The events in the order of their first articles."""
    return list({id(event): event for event in (reported[article.article_id] for article in articles)}.values())


def _strand(reported: Reported, articles: Sequence[Article], annotated: Annotated, cases: Mapping[int, Case]) -> Strand:
    event_articles = tuple(article for article in articles if article in reported.articles)
    counts = main_counts(event_articles, annotated, event=reported.key)
    case = cases.get(id(reported))
    reports = (
        tuple(report for report in case.reports if _is_of(report, reported, annotated[report.article.article_id]))
        if case
        else ()
    )
    status = case_status(Case(reported, reports), annotated) if reports else None
    names = {
        source.article_id for count in counts for row in count.rows for source in (row.party.source, *row.party.copies)
    }
    names |= {status.quote.source.article_id} if status else set()
    return Strand(reported, tuple(article for article in event_articles if article.article_id in names), counts, status)


def _is_of(report: StageReport, reported: Reported, annotations: Annotations) -> bool:
    """Whether a stage is of the very event: not of one before it, nor of that which its sentence's figures are of."""
    beside = (figure for figure in annotations.figures if figure.sentence == report.mention.sentence)
    elsewhere = any(names_another(figure, reported.key) for figure in beside)
    return not elsewhere and not _went_before(report.mention.value, report.article)


def _went_before(value: str | None, article: Article) -> bool:
    """Whether a date lies so long before the event that an article reports on that it is of another one."""
    when = moment_of(value) if value else None
    event = moment_of(article.event_date) if article.event_date else None
    return bool(when and when.last and event and event.first and event.first - when.last > APART)
