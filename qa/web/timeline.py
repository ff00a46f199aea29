"""The timeline page: the archive's events in order, a picture of them, what is reported of each, and the articles."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import accumulate, groupby
from typing import NamedTuple

from fastapi import FastAPI, Request
from fastapi.responses import HTMLResponse

from qa.answering.entries import TimelineEntry, entries, last_stages
from qa.answering.stage_words import REPORTED, Phase, phase_of, stage_line, stage_words
from qa.errors import Busy, QuestionError
from qa.i18n.forms import articles, long_date
from qa.i18n.locale import _, pgettext
from qa.models.annotations import Stage
from qa.models.dates import Dates
from qa.models.replies import Question
from qa.protocols import ArticleReader
from qa.retrieval.timeline import TimelineEvent, part, timeline
from qa.text.sentences import sentence_spans
from qa.web.context import Values, WebContext
from qa.web.forms import Form, Pagination, article_link, checked, sentence_number
from qa.web.search import opening_row

ROWS = 100  # articles on a page: a case of the demo's size fits on one
MOST_MARKS = 200
MOST_READ = 500  # articles whose stages are looked up, which takes two seconds at first. Marks of more tell none
LABEL = 40.0  # pixels that a year's name takes; of narrower years not all are named
LEAST_YEAR = 8  # pixels from which years without a name are told apart by a stroke
PREFIXES = (7, 4, 3, 2)  # characters of a day in ISO 8601 that give its month, its year, its decade, its century


def add_timeline_page(app: FastAPI, context: WebContext) -> None:
    @app.get("/timeline", response_class=HTMLResponse)
    def whole(request: Request) -> HTMLResponse:
        form = replace(Form.read(request.query_params), q="", language="", sort="relevance")
        values: Values = {"line": {}, "form": form.bounded()}
        try:
            wanted = checked(form)
            context.admit(request)
            values["line"] = timeline_page(form, wanted, context)
        except (Busy, QuestionError) as error:
            values["refusal"] = context.refusal(error)
        return context.form_page("timeline.html", origins=context.service.origins(), **values)


def timeline_page(form: Form, wanted: Question, context: WebContext) -> Values:
    """What one page of the timeline shows. The picture is of all pages, and `total` counts the articles on them.

    The dates bound the event, not its publication; events without a date stand last. Raises StoreError.
    """
    listed = context.service.listed(Dates(outlet=wanted.outlet))
    events = timeline(listed, first=wanted.published_from, last=wanted.published_until)
    total = sum(len(event.articles) for event in events)
    pages = Pagination.of(total, size=ROWS, wanted=form.page)
    numbers = {event.when: number for number, event in enumerate(events)}
    shown = entries(part(events, pages.start, pages.stop), context.service)
    stops = [_stop(numbers[entry.event.when], entry, context) for entry in shown]
    picture = timeline_picture(events, context.service, link=partial(_link, form, pages.number))
    return {"picture": picture, "stops": stops, "total": total, "pages": pages}


def place_in_time(article_id: str, context: WebContext) -> TimelinePicture | None:
    """The timeline in small with the place of an article; None where it has none. Raises StoreError."""
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


def _stop(number: int, entry: TimelineEntry, context: WebContext) -> Values:
    """A time on the timeline, counted from 0: what several articles report, then each with its own report."""
    reports, single = [], {}
    for strand in entry.strands:
        quotes = [row.party.quote for count in strand.counts for row in count.rows]
        quotes += [strand.status.quote] if strand.status else []
        spans = {article.article_id: sentence_spans(article.body) for article in strand.articles}
        places = {(quote.source.article_id, quote.start) for quote in quotes}
        report: Values = {
            "strand": strand,
            "stage": stage_line(strand.status, lead=REPORTED) if strand.status else "",
            "links": {(name, at): article_link(name, at=sentence_number(spans[name], at)) for name, at in places},
            "corrected": list(dict.fromkeys(quote.source for quote in quotes if quote.source.corrections)),
        }
        if len(strand.articles) == 1:
            single[strand.articles[0].article_id] = report
        else:
            reports.append(report)
    sources = [listed.source for listed in entry.event.articles]
    rows = [(opening_row(source, context), single.get(source.article_id)) for source in sources]
    return {"number": number, "when": entry.event.when, "reports": reports, "rows": rows}


class Size(NamedTuple):
    """Pixels: `width` of the whole, if the marks fit into it, and `slot` that each mark has to itself."""

    width: float
    slot: float


LARGE, SMALL = Size(690, 24), Size(340, 14)


@dataclass(frozen=True, slots=True)
class Mark:
    """The articles of a date, or of several where there are many; `here` where one was asked for."""

    x: float
    radius: float
    phase: Phase
    title: str
    href: str
    here: bool


@dataclass(frozen=True, slots=True)
class TimelinePicture:
    """Marks in order, and where years begin with their names, empty where there is no room; by pixels from the left."""

    width: float
    slot: float
    marks: list[Mark]
    years: list[tuple[float, str]]

    @property
    def phases(self) -> list[Phase]:
        """Those that the legend explains; none where no stage is told."""
        present = {mark.phase for mark in self.marks}
        return [phase for phase in Phase if phase in present] if present != {Phase.OTHER} else []

    @property
    def here(self) -> Mark | None:
        return next((mark for mark in self.marks if mark.here), None)


def timeline_picture(
    events: Sequence[TimelineEvent],
    library: ArticleReader,
    *,
    link: Callable[[int, int], str],
    size: Size = LARGE,
    here: str = "",
) -> TimelinePicture | None:
    """The picture of the dated events; None of fewer than two. `here` is the id of an article to be marked.

    `link` is given an event's number, from 0, and how many articles stand before it in the list.
    """
    dated = tuple(event for event in events if not event.when.undated)
    if len(dated) < 2:
        return None
    before = list(accumulate((len(event.articles) for event in dated), initial=0))
    stages = last_stages(dated, library) if before[-1] <= MOST_READ else (None,) * len(dated)
    groups = _grouped(dated)
    places, years, width = _placed([dated[group[0]] for group in groups], size)
    sums = [before[group[-1] + 1] - before[group[0]] for group in groups]
    marks = []
    for group, x, count in zip(groups, places, sums, strict=True):
        stage = max(filter(None, (stages[number] for number in group)), key=lambda stage: stage.order, default=None)
        # The area grows with the number; the smallest is two fifths as wide as there is room for.
        radius = (size.slot / 2 - 1) * max(0.4, math.sqrt(count / max(sums)))
        members = [dated[number] for number in group]
        held = any(article.source.article_id == here for event in members for article in event.articles)
        title = _title(members, count, stage)
        marks.append(Mark(x, radius, phase_of(stage), title, link(group[0], before[group[0]]), held))
    return TimelinePicture(width, size.slot, marks, years)


def _grouped(dated: Sequence[TimelineEvent]) -> list[list[int]]:
    """Numbers of the events that share a mark: each has its own, or those of a month, a year or longer share one."""
    groups = [[number] for number in range(len(dated))]
    days = [str(event.when.first) for event in dated]
    for length in PREFIXES:
        if len(groups) <= MOST_MARKS:
            break
        alike = groupby(range(len(dated)), key=lambda number, length=length: days[number][:length])  # type: ignore[misc]
        groups = [list(group) for _, group in alike]
    return groups


def _placed(first: Sequence[TimelineEvent], size: Size) -> tuple[list[float], list[tuple[float, str]], float]:
    """Where marks stand, where years begin, and the width of all: years with more marks are wider."""
    days = [event.when.first for event in first if event.when.first]
    marks = Counter(day.year for day in days)
    span = range(days[0].year, days[-1].year + 1)
    spare = max(2.0, (size.width - size.slot * len(days)) / len(span))
    *begins, end = accumulate((spare + size.slot * marks[year] for year in span), initial=0.0)
    places, earlier = list[float](), Counter[int]()
    for day in days:
        part = (day.timetuple().tm_yday - 1) / 366
        places.append(begins[day.year - span[0]] + size.slot * (earlier[day.year] + 0.5) + spare * part)
        earlier[day.year] += 1
    years, labelled = list[tuple[float, str]](), -LABEL
    for year, x in zip(span, begins, strict=True):
        label = str(year) if x - labelled >= LABEL else ""
        labelled = x if label else labelled
        if label or spare >= LEAST_YEAR:
            years.append((x, label))
    return places, years, max(end, labelled + LABEL)


def _title(members: Sequence[TimelineEvent], count: int, stage: Stage | None) -> str:
    """What a mark stands for: "16 March 2005: 8 articles. Stage reported: detained."."""
    when = members[0].when.heading
    if len(members) > 1:
        days = [long_date(members[place].when.first) for place in (0, -1)]
        when = pgettext("day", "{first} to {last}", first=days[0], last=days[1])
    title = _("{when}: {articles}.", when=when, articles=articles(count))
    last = _("{lead}: {stage}.", lead=_(REPORTED), stage=stage_words(stage)) if stage else ""
    return f"{title} {last}".rstrip()
