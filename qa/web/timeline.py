"""The timeline page: the archive's events in order, what is reported of each, and the articles."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from qa.answering.entries import Strand, TimelineEntry, entries
from qa.answering.stage_words import REPORTED, stage_line
from qa.errors import Busy, QuestionError
from qa.models.archive import Source
from qa.models.dates import Dates
from qa.models.replies import Citation
from qa.retrieval.timeline import When, part, timeline
from qa.text.sentences import sentence_spans
from qa.web.context import PageRefusal, WebContext
from qa.web.forms import Form, Pagination, checked
from qa.web.links import article_link, sentence_number
from qa.web.search import ArticleRow, row_of_listed
from qa.web.timeline_picture import MOST_READ, SMALL, TimelinePicture, timeline_picture

ROWS = 100
"""Articles on a page: a case of the demo's size fits on one."""


@dataclass(frozen=True, slots=True)
class EventReport:
    """What one article or several report of an event: figures, and the stage of a case, empty where they report none.

    `links` opens the sentence of each quote in its article, by the article's id and the quote's start.
    """

    strand: Strand
    links: Mapping[tuple[str, int], str]

    @property
    def name(self) -> str:
        """The name of the event; empty where it has none but the headline of a report."""
        event = self.strand.reported.event
        return "" if event.by_headline else event.name

    @property
    def stage(self) -> str:
        return stage_line(self.strand.status, lead=REPORTED) if self.strand.status else ""

    @property
    def corrected(self) -> tuple[Source, ...]:
        """The cited sources that have a correction, each once."""
        return tuple(dict.fromkeys(quote.source for quote in quotes_of(self.strand) if quote.source.corrections))


@dataclass(frozen=True, slots=True)
class TimelineStop:
    """A time on the timeline: events that several articles report on, then the articles, each with its own report.

    `number` counts from 0 over all pages.
    """

    number: int
    when: When
    reports: tuple[EventReport, ...]
    rows: tuple[tuple[ArticleRow, EventReport | None], ...]


@dataclass(frozen=True, slots=True)
class TimelinePage:
    """The events, then those without a date. The picture is of all pages, and `total` counts the articles on them."""

    picture: TimelinePicture | None
    dated: tuple[TimelineStop, ...]
    undated: tuple[TimelineStop, ...]
    total: int
    pages: Pagination


def timeline_routes(context: WebContext) -> APIRouter:
    router = APIRouter()
    longest = context.limits.question_length

    @router.get("/timeline", response_class=HTMLResponse)
    def whole(request: Request) -> HTMLResponse:
        form = replace(Form.read(request.query_params), q="", language="", sort="relevance")
        line: TimelinePage | None = None
        refusal: PageRefusal | None = None
        try:
            wanted = checked(form, longest=longest)
            context.admit(request)
            line = timeline_page(form, wanted, context)
        except (Busy, QuestionError) as error:
            refusal = context.refusal(error)
        origins = context.service.origins()
        form = form.bounded(longest=longest)
        return context.form_page("timeline.html", form=form, line=line, refusal=refusal, origins=origins)

    return router


def timeline_page(form: Form, wanted: Dates, context: WebContext) -> TimelinePage:
    """One page of the timeline. The dates bound the event, not its publication. Raises StoreError."""
    listed = context.service.listed(Dates(outlet=wanted.outlet))
    events = timeline(listed, first=wanted.first, last=wanted.last)
    total = sum(len(event.articles) for event in events)
    pages = Pagination.of(total, size=ROWS, wanted=form.page)
    numbers = {event.when: number for number, event in enumerate(events)}
    shown = entries(part(events, pages.start, pages.stop), context.service)
    stops = [_stop(numbers[entry.event.when], entry, context) for entry in shown]
    picture = timeline_picture(events, context.service, link=partial(_link, form, pages.number))
    dated = tuple(stop for stop in stops if not stop.when.undated)
    return TimelinePage(picture, dated, tuple(stop for stop in stops if stop.when.undated), total, pages)


def place_in_time(article_id: str, context: WebContext) -> TimelinePicture | None:
    """The timeline in small with the place of an article; None where it has none, or there are many. Raises StoreError.

    In an archive of many cases it would tell a reader of one article nothing.
    """
    coverage = context.coverage()
    if coverage is None or coverage.articles > MOST_READ:
        return None
    events = timeline(context.service.listed())
    picture = timeline_picture(events, context.service, link=partial(_link, Form(), 0), size=SMALL, here=article_id)
    return picture if picture and picture.here else None


def _link(form: Form, page: int, number: int, before: int) -> str:
    """The address of an event by its number; seen from a page of the list, and by how many articles stand before it."""
    there = before // ROWS + 1
    return f"{form.address('/timeline', page=there) if there != page else ''}#stop-{number}"


def _stop(number: int, entry: TimelineEntry, context: WebContext) -> TimelineStop:
    """The report of a single article goes into its row."""
    shared, single = list[EventReport](), dict[str, EventReport]()
    for strand in entry.strands:
        report = event_report(strand)
        if len(strand.articles) > 1:
            shared.append(report)
        else:
            single[strand.articles[0].article_id] = report
    rows = ((row_of_listed(listed, context), single.get(listed.source.article_id)) for listed in entry.event.articles)
    return TimelineStop(number, entry.event.when, tuple(shared), tuple(rows))


def quotes_of(strand: Strand) -> list[Citation]:
    """The quotes behind the figures of a strand, then that of its stage."""
    quotes = [row.party.quote for count in strand.counts for row in count.rows]
    return [*quotes, strand.status.quote] if strand.status else quotes


def event_report(strand: Strand) -> EventReport:
    spans = {article.article_id: sentence_spans(article.body) for article in strand.articles}
    places = {(quote.source.article_id, quote.start) for quote in quotes_of(strand)}
    links = {(name, start): article_link(name, at=sentence_number(spans[name], start)) for name, start in places}
    return EventReport(strand, links)
