"""What the articles at one place of the timeline report: the main figures of each event, and how far its case is."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from qa.answering.cases import Case, StageReport, cases_told
from qa.answering.conflicts import parties
from qa.answering.events import LEAST_FIGURE, Events, Reported, long_before
from qa.answering.quoting import Annotated, annotations_of, articles_of
from qa.answering.reported_figures import Report, ReportedFigure, apart, same_kind, thing_of, values_equal
from qa.answering.view import caption, party_words
from qa.models.annotations import OF_PERSONS, Annotations, Figure, FigureKind, Stage
from qa.models.archive import Article
from qa.models.replies import Party
from qa.protocols import ArticleReader
from qa.retrieval.timeline import TimelineEvent
from qa.text.figures import is_common

OF_AN_ARTICLE = 3  # things counted that each article brings in: more of them are read better in the article
OF_AN_EVENT = 5  # things counted that are shown of one event, however many articles report on it

_OF_OTHERS_TOO = frozenset({FigureKind.CHARGED, FigureKind.RELEASED, FigureKind.REPORTED, FigureKind.WARRANTED})
"""What becomes of sums, figures and shares as well, where no case is reported."""
_LENGTHS = frozenset({"year", "month", "week", "day"})  # how long something took is nothing counted

Group = list[ReportedFigure]


@dataclass(frozen=True, slots=True)
class CountRow:
    """What one source says, and the figure of its article."""

    party: Party
    figure: Figure


class Count:
    """What sources say of one thing in one place: in order of publication, copies folded, nothing chosen."""

    def __init__(self, group: Group) -> None:
        placed = next((figure for figure in group if figure.scope), group[0])
        self.about, self.scope = placed.name, placed.scope
        figures = {(figure.source.article_id, figure.figure.span): figure.figure for figure in group}
        marked = ((party, party.quote.marked) for party in parties(group))
        self.rows = [CountRow(party, figures[party.source.article_id, span]) for party, span in marked if span]

    @property
    def caption(self) -> str:
        return caption(self.about, self.scope)

    @property
    def sayings(self) -> dict[str, list[CountRow]]:
        """The rows by their figure in the software's words; the length of time it was counted over in the source's."""
        by_words: dict[str, list[CountRow]] = {}
        for row in self.rows:
            words, period = party_words(row.party, self.about), row.figure.period
            by_words.setdefault(f"{words} (“{period}”)" if period else words, []).append(row)
        return by_words


class Strand:
    """What articles report of one event, figures or the stage of a case or both; `articles` do so in `quotes`."""

    def __init__(self, event: Reported, articles: Sequence[Article], annotated: Annotated, case: Case | None) -> None:
        event_articles = [article for article in articles if article in event.articles]
        self.reported = event
        self.counts = _main_counts(event_articles, annotated, event.key)
        reports = tuple(report for report in case.reports if _is_stage_of(report, event, annotated)) if case else ()
        told = Case(event, reports) if reports else None
        quote = told.last.quote(annotated, told.last.mention.sentence) if told else None
        self.status = told.status(quote) if told and quote else None
        rows = [row.party for count in self.counts for row in count.rows]
        self.quotes = [*(party.quote for party in rows), *([quote] if quote else [])]
        names = {source.article_id for party in rows for source in party.copies}
        names |= {quote.source.article_id for quote in self.quotes}
        self.articles = [article for article in event_articles if article.article_id in names]


@dataclass(frozen=True, slots=True)
class TimelineEntry:
    """What happened at one time, with what is reported of it; without strands where the articles tell neither."""

    event: TimelineEvent
    strands: tuple[Strand, ...]


def entries(events: Iterable[TimelineEvent], library: ArticleReader) -> list[TimelineEntry]:
    """An entry for each event, from these articles alone. Of articles that were taken back nothing is told."""
    listed = list(events)
    annotated = annotations_of((article.source.article_id for event in listed for article in event.articles), library)
    return [TimelineEntry(event, _strands(event, annotated, library)) for event in listed]


def last_stages(events: tuple[TimelineEvent, ...], library: ArticleReader) -> tuple[Stage | None, ...]:
    """The stage of each event that stands last on the way of a case; None where its articles report none."""
    # Kept for as long as the articles stay as they are: each page of one shows the picture of all.
    versions = tuple(article.source.version for event in events for article in event.articles)
    return _last_stages(events, library, versions)  # type: ignore[arg-type] # a library is told apart by what it is


@lru_cache(maxsize=8)
def _last_stages(
    events: tuple[TimelineEvent, ...], library: ArticleReader, versions: tuple[object, ...]
) -> tuple[Stage | None, ...]:
    stages = ([strand.status.stage for strand in entry.strands if strand.status] for entry in entries(events, library))
    return tuple(max(of_event, key=lambda stage: stage.order, default=None) for of_event in stages)


def _strands(event: TimelineEvent, annotated: Annotated, library: ArticleReader) -> tuple[Strand, ...]:
    read = {article.source.article_id: annotated[article.source.article_id] for article in event.articles}
    reporting = (name for name, of in read.items() if of.stages or any(_may_count(figure, of) for figure in of.figures))
    articles = articles_of(reporting, library.article)
    events = Events(articles)
    cases = {id(case.reported): case for case in cases_told(articles, annotated, events)}
    subjects = {id(subject): subject for article in articles if (subject := events.by_article[article.article_id])}
    strands = (Strand(subject, articles, annotated, cases.get(key)) for key, subject in subjects.items())
    return tuple(strand for strand in strands if strand.counts or strand.status)


def _is_stage_of(report: StageReport, event: Reported, annotated: Annotated) -> bool:
    """Whether a stage is of the very event: not of one before it, nor of that which its sentence's figures are of."""
    figures = annotated[report.article.article_id].figures
    beside = (figure for figure in figures if figure.sentence == report.mention.sentence)
    elsewhere = any(figure.event not in (None, event.key) for figure in beside)
    return not elsewhere and not long_before(report.mention.value, report.article.event_date)


def _main_counts(articles: Sequence[Article], annotated: Annotated, event: str) -> list[Count]:
    """What is counted of an event, by its folded name, if any, in articles that all report on it."""
    reports = [Report(article, annotated[article.article_id]) for article in articles]
    counted = [figure for report in reports for figure in report.figures if _is_of(figure, event)]
    counted = [figure for figure in counted if _may_count(figure.figure, figure.report.annotations)]
    # What an article says again is left out; of several figures in one breath the first stays: "387 votes to 204".
    first = [
        figure for at, figure in enumerate(counted) if not any(_says_again(figure, before) for before in counted[:at])
    ]
    groups = [group for group in _groups(first) if _width(group) > 1 or any(figure.figure.kind for figure in group)]
    brought = [group for report in reports for group in _brought_by(report, groups)]
    chosen = sorted((group for group in groups if group in brought), key=lambda group: (_rank(group), -_width(group)))
    return list(map(Count, chosen[:OF_AN_EVENT]))


def _may_count(figure: Figure, annotations: Annotations) -> bool:
    """A figure of persons of whom it is said what became of them, or of things usually counted; no part of a total."""
    value, thing = figure.low or figure.high or 0, thing_of(figure)
    if figure.additional or not value or (figure.kind not in OF_PERSONS and value < LEAST_FIGURE):
        return False
    if thing == "people":  # what they are said to have become is sure to be said of persons, not of tonnes or dollars
        of_persons = figure.kind not in _OF_OTHERS_TOO or annotations.stages
        return bool(figure.kind in OF_PERSONS and of_persons and any(map(is_common, figure.counted[:3])))
    return is_common(thing) and thing not in _LENGTHS and figure.counted[0] == thing


def _is_of(reported: ReportedFigure, event: str) -> bool:
    """A figure of the event that its article is about, by name and by date."""
    days = reported.report.event_days or reported.report.published_days
    in_time = not apart(reported.dated, days) if days else reported.dated is None
    return in_time and reported.figure.event in (None, event)


def _says_again(reported: ReportedFigure, before: ReportedFigure) -> bool:
    value, earlier_value = reported.figure, before.figure
    if reported.report is not before.report or reported.thing != before.thing or reported.scope != before.scope:
        return False
    if value.kind is None or not same_kind(value.kind, earlier_value.kind):
        return value.kind is None  # nothing tells that the first figure and a later one count the same
    same_value = (value.low, value.high) == (earlier_value.low, earlier_value.high)
    return (same_value or value.sentence == earlier_value.sentence) and value.speaker == earlier_value.speaker


def _groups(figures: Sequence[ReportedFigure]) -> list[Group]:
    """Figures of the same thing in the same place, in order; one that says no place stands with its number."""
    groups: dict[tuple[str, str | None], Group] = {}
    for figure in sorted(figures, key=lambda figure: figure.scope is None):
        key = figure.thing, figure.scope
        if figure.scope is None:
            of_thing = ((other, group) for other, group in groups.items() if other[0] == figure.thing)
            alike = (k for k, group in of_thing if any(values_equal(figure.figure, m.figure) for m in group))
            key = next(alike, key)
        groups.setdefault(key, []).append(figure)
    ordered = [sorted(group, key=figures.index) for group in groups.values()]
    return sorted(ordered, key=lambda group: figures.index(group[0]))


def _rank(group: Group) -> int:
    """Persons first, then what several articles count."""
    return 0 if group[0].thing == "people" else 1 if _width(group) > 1 else 2


def _width(group: Group) -> int:
    return len({figure.source.article_id for figure in group})


def _brought_by(report: Report, groups: Sequence[Group]) -> list[Group]:
    """The groups that a report's first and weightiest figures stand in."""
    rows = [(at, figure) for at, group in enumerate(groups) for figure in group if figure.report is report]
    rows.sort(key=lambda row: (_rank(groups[row[0]]), row[1].figure.span, row[0]))
    return [groups[at] for at in list(dict.fromkeys(at for at, _ in rows))[:OF_AN_ARTICLE]]
