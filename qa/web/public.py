"""The pages for readers without script: articles, the timeline with its picture, corrections, the question box."""

import math
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import accumulate, groupby, pairwise

from fastapi import FastAPI, Request
from fastapi.responses import HTMLResponse, JSONResponse
from markupsafe import Markup

from qa.answering.entries import TimelineEntry, entries, last_stages
from qa.answering.quoting import article_within_rights
from qa.answering.stage_words import REPORTED, Phase, phase_of, stage_line, stage_words
from qa.errors import Busy, NotFound, QuestionError, Withdrawn
from qa.i18n.forms import articles, long_date
from qa.i18n.locale import N_, _, pgettext
from qa.models.annotations import Stage
from qa.models.archive import Article, Span
from qa.models.dates import Dates
from qa.models.journal import Channel
from qa.models.replies import Question
from qa.protocols import ArticleReader
from qa.retrieval.timeline import TimelineEvent, part, timeline
from qa.review.decisions import corrections
from qa.review.service import StaffContext
from qa.text.differences import differing_paragraphs
from qa.text.sentences import sentence_spans
from qa.web import forms
from qa.web.answers import turn_of
from qa.web.context import PageTexts, Values, WebContext, extent, refusal, render
from qa.web.forms import LONGEST_QUESTION, Form, Pagination, article_link, checked, question_from, quoted_numbers, typed
from qa.web.requests import EMBED
from qa.web.search import opening_row

CORRECTIONS = 50  # on a page
EVENT_ROWS = 100  # articles on a page: a case of the demo's size fits on one
MOST_MARKS = 200
MOST_READ = 500  # articles whose stages are looked up, which takes two seconds at first. Marks of more tell none
LABEL = 40.0  # pixels that a year's name takes; of narrower years not all are named
LEAST_YEAR = 8  # pixels from which years without a name are told apart by a stroke
PREFIXES = (7, 4, 3, 2)  # characters of a day in ISO 8601 that give its month, its year, its decade, its century
Size = tuple[int, int]  # pixels: the width of a picture, if the marks fit into it, and the slot that each mark has
LARGE, SMALL = (690, 24), (340, 14)

_LINK = re.compile(r"<a (?=[^>]*\bhref=)")
_BLANK_LINE = re.compile(r"\n\s*\n")


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


def add_public_pages(app: FastAPI, context: WebContext) -> None:
    """The pages of articles, of the archive itself, and of its events."""

    @app.get("/how", response_class=HTMLResponse)
    def how() -> HTMLResponse:
        return context.page("how.html", extent=extent(context.coverage()))

    @app.get("/health")
    def health() -> JSONResponse:
        coverage = context.coverage()
        if coverage is None:
            return JSONResponse({"status": "unavailable"}, 503)
        if not context.is_loaded():
            return JSONResponse({"status": "loading"}, 503)
        return JSONResponse({"status": "ok", "articles": coverage.articles})

    @app.get("/article/{article_id:path}", response_class=HTMLResponse)
    def article(article_id: str, quoted: str = "") -> HTMLResponse:
        try:
            article = article_within_rights(context.service.article(article_id))
        except NotFound as error:
            return _absent(error, context)
        picture = place_in_time(article.article_id, context)
        return HTMLResponse(article_html(article, quoted=quoted, texts=context.texts, picture=picture))

    @app.get("/versions/{article_id:path}", response_class=HTMLResponse)
    def versions(request: Request, article_id: str) -> HTMLResponse:
        try:
            context.admit(request)
            article, versions = context.service.article(article_id), context.service.versions(article_id)
        except NotFound as error:
            return _absent(error, context)
        texts = [*(version.article for version in versions), article]
        steps = [
            (step, differing_paragraphs(old.source.title, new.source.title), differing_paragraphs(old.body, new.body))
            for step, (old, new) in zip(versions, pairwise(texts), strict=True)
        ]
        href, steps = article_link(article_id), steps[::-1]
        return context.page("versions.html", source=article.source, href=href, digest=article.digest, steps=steps)

    @app.get("/timeline", response_class=HTMLResponse)
    def events(request: Request) -> HTMLResponse:
        form = replace(Form.read(request.query_params), q="", language="", sort="relevance")
        values: Values = {"line": {}, "form": form.bounded()}
        try:
            wanted = checked(form)
            context.admit(request)
            values["line"] = timeline_page(form, wanted, context)
        except (Busy, QuestionError) as error:
            values |= refusal(error)
        return context.form_page("timeline.html", origins=context.service.origins(), **values)


def article_html(article: Article, *, quoted: str, texts: PageTexts, picture: TimelinePicture | None = None) -> str:
    """The page of an article. `quoted` are sentence numbers as they are in the address."""
    spans = sentence_spans(article.body)
    values = {"paragraphs": paragraphs(article.body, spans), "quoted": quoted_numbers(quoted, sentences=len(spans))}
    return render("article.html", article=article, source=article.source, texts=texts, picture=picture, **values)


def paragraphs(body: str, spans: Sequence[Span]) -> list[list[tuple[int | None, str]]]:
    """The whole body in order, cut at blank lines between sentences; of each its number, None of words between them."""
    blocks: list[list[tuple[int | None, str]]] = [[]]
    end = 0
    for number, span in enumerate((*spans, Span(len(body), len(body))), 1):
        for place, text in enumerate(_BLANK_LINE.split(body[end : span.start])):
            if place:
                blocks.append([])
            if text.strip():
                blocks[-1].append((None, text.strip()))
        if number <= len(spans):
            blocks[-1].append((number, body[span.start : span.end]))
        end = span.end
    return [block for block in blocks if block]


def _absent(error: NotFound, context: WebContext) -> HTMLResponse:
    if isinstance(error, Withdrawn):
        return context.page("tombstone.html", status=410, reason=error.reason, day=error.day)
    return context.message_page(404, N_("No such article"), N_("The archive holds no article at this address."))


def add_corrections_page(app: FastAPI, context: WebContext, staff: StaffContext) -> None:
    """The page of corrections, newest first."""

    @app.get("/corrections", response_class=HTMLResponse)
    def listed(request: Request) -> HTMLResponse:
        context.admit(request)
        noticed, decided = [notice.article_id for notice in staff.history()], staff.journal.reviews.decided()
        rows = corrections(decided, staff.sources(), noticed, context.service.article, link=article_link)
        page = Pagination.of(len(rows), size=CORRECTIONS, wanted=Form.read(request.query_params).page)
        return context.page("corrections.html", form=Form(), page=page, rows=rows[page.start : page.stop])


def add_question_pages(app: FastAPI, context: WebContext) -> None:
    """The question box for readers without script, and that for other sites' frames: the guard says which may."""

    async def replied(request: Request, template: str, question: str | None, channel: Channel) -> HTMLResponse:
        turn, form = Markup(), Form.read(request.query_params)
        without, framed = request.query_params.getlist("without"), channel is Channel.EMBED
        values: Values = {}

        def answered(question: Question) -> Markup:
            return Markup(turn_of(context, 1, context.reply(question, channel=channel)))  # escaped by its template

        try:
            if question is not None:
                parsed = question_from(question, form.first, form.last, without=without)
                context.admit(request)
                turn = await context.queued(request, answered, parsed)
        except Exception as error:
            values = refusal(error)
        box, turn = typed(question or "")[:LONGEST_QUESTION], in_new_tabs(turn) if framed else turn
        page = context.page if framed else context.form_page  # the guard says what a frame may load
        return page(template, form=form.bounded(), box=box, turn=turn, **values)

    @app.get("/ask", response_class=HTMLResponse)
    async def ask(request: Request, question: str | None = None) -> HTMLResponse:
        return await replied(request, "ask.html", question, Channel.PAGE)

    @app.get(EMBED, response_class=HTMLResponse)
    async def embed(request: Request, question: str | None = None) -> HTMLResponse:
        return await replied(request, "embed.html", question, Channel.EMBED)


def in_new_tabs(html: str) -> Markup:
    """A turn's HTML, its links opening outside the frame. What articles say is escaped in it, so it never is a link."""
    return Markup(_LINK.sub('<a target="_blank" rel="noopener" ', html))


def timeline_page(form: Form, wanted: Question, context: WebContext) -> Values:
    """What one page of the timeline shows; its picture and `total` are of all pages. The dates bound the event."""
    listed = context.service.listed(Dates(outlet=wanted.outlet))
    events = timeline(listed, first=wanted.published_from, last=wanted.published_until)
    total = sum(len(event.articles) for event in events)
    pages = Pagination.of(total, size=EVENT_ROWS, wanted=form.page)
    numbers = {event.when: number for number, event in enumerate(events)}
    shown = entries(part(events, pages.start, pages.stop), context.service)
    stops = [_stop(numbers[entry.event.when], entry, context) for entry in shown]
    picture = timeline_picture(events, context.service, form, page=pages.number)
    return {"picture": picture, "stops": stops, "total": total, "pages": pages}


def place_in_time(article_id: str, context: WebContext) -> TimelinePicture | None:
    """The timeline in small with the place of an article; None where it has none. Raises StoreError."""
    coverage = context.coverage()
    if coverage is None or coverage.articles > MOST_READ:
        return None
    events = timeline(context.service.listed())
    picture = timeline_picture(events, context.service, Form(), here=article_id)
    return picture if picture and picture.here else None


def _stop(number: int, entry: TimelineEntry, context: WebContext) -> Values:
    """A time on the timeline, counted from 0: what several articles report, then each with its own report."""
    reports, single = [], {}
    for strand in entry.strands:
        spans = {article.article_id: sentence_spans(article.body) for article in strand.articles}
        places = {(quote.source.article_id, quote.start) for quote in strand.quotes}
        report: Values = {
            "strand": strand,
            "stage": stage_line(strand.status, lead=REPORTED) if strand.status else "",
            "links": {(name, at): article_link(name, at=forms.sentence_number(spans[name], at)) for name, at in places},
            "corrected": list(dict.fromkeys(quote.source for quote in strand.quotes if quote.source.corrections)),
        }
        if len(strand.articles) == 1:
            single[strand.articles[0].article_id] = report
        else:
            reports.append(report)
    sources = [listed.source for listed in entry.event.articles]
    rows = [(opening_row(source, context), single.get(source.article_id)) for source in sources]
    return {"number": number, "when": entry.event.when, "reports": reports, "rows": rows}


def timeline_picture(
    events: Sequence[TimelineEvent], library: ArticleReader, form: Form, *, page: int = 0, here: str = ""
) -> TimelinePicture | None:
    """The dated events as a picture, above a page of the list or in small around an article; None of fewer than two."""
    dated = tuple(event for event in events if not event.when.undated)
    if len(dated) < 2:
        return None
    before = list(accumulate((len(event.articles) for event in dated), initial=0))
    stages = last_stages(dated, library) if before[-1] <= MOST_READ else (None,) * len(dated)
    groups, size = _grouped(dated), SMALL if here else LARGE
    slot = size[1]
    places, years, width = _placed([dated[group[0]] for group in groups], size)
    sums = [before[group[-1] + 1] - before[group[0]] for group in groups]
    marks = []
    for group, x, count in zip(groups, places, sums, strict=True):
        stage = max(filter(None, (stages[number] for number in group)), key=lambda stage: stage.order, default=None)
        # The area grows with the number; the smallest is two fifths as wide as there is room for.
        radius = (slot / 2 - 1) * max(0.4, math.sqrt(count / max(sums)))
        members = [dated[number] for number in group]
        held = any(article.source.article_id == here for event in members for article in event.articles)
        there = before[group[0]] // EVENT_ROWS + 1
        href = f"{form.address('/timeline', page=there) if there != page else ''}#stop-{group[0]}"
        marks.append(Mark(x, radius, phase_of(stage), _title(members, count, stage), href, held))
    return TimelinePicture(width, slot, marks, years)


def _grouped(dated: Sequence[TimelineEvent]) -> list[list[int]]:
    """Numbers of the events that share a mark: each has its own, or those of a month, a year or longer share one."""
    if len(dated) <= MOST_MARKS:
        return [[number] for number in range(len(dated))]
    days = [str(event.when.first) for event in dated]
    fitting = (length for length in PREFIXES if len({day[:length] for day in days}) <= MOST_MARKS)
    length = next(fitting, PREFIXES[-1])
    return [list(group) for _, group in groupby(range(len(dated)), key=lambda number: days[number][:length])]


def _placed(first: Sequence[TimelineEvent], size: Size) -> tuple[list[float], list[tuple[float, str]], float]:
    """Where marks stand, where years begin, and the width of all: years with more marks are wider."""
    (width, slot), days = size, [event.when.first for event in first if event.when.first]
    marks = Counter(day.year for day in days)
    span = range(days[0].year, days[-1].year + 1)
    spare = max(2.0, (width - slot * len(days)) / len(span))
    *begins, end = accumulate((spare + slot * marks[year] for year in span), initial=0.0)
    places, earlier = list[float](), Counter[int]()
    for day in days:
        part = (day.timetuple().tm_yday - 1) / 366
        places.append(begins[day.year - span[0]] + slot * (earlier[day.year] + 0.5) + spare * part)
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
