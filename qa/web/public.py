"""The pages of articles: each by itself, those that a search finds, the timeline with its picture; and dossiers."""

import math
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from functools import partial
from importlib import resources
from itertools import accumulate, groupby, pairwise
from typing import Annotated

from fastapi import Depends, FastAPI, Query, Request
from fastapi.responses import HTMLResponse, JSONResponse, Response
from markupsafe import Markup
from starlette.concurrency import run_in_threadpool

from qa.answering.corrected import corrected_quotes
from qa.answering.entries import TimelineEntry, entries, last_stages
from qa.answering.quoting import QuoteBudget, article_within_rights
from qa.answering.stage_words import REPORTED, Phase, phase_of, stage_line, stage_words
from qa.answering.view import QuoteView
from qa.errors import Busy, NotFound, QuestionError
from qa.i18n.forms import articles, credit, language_name, long_date, value_text
from qa.i18n.locale import _
from qa.models.annotations import Stage
from qa.models.archive import Article, ListedArticle, Source, Span
from qa.models.dates import Dates, SearchQuery
from qa.models.replies import Answer, Citation, Question
from qa.protocols import ArticleReader
from qa.retrieval.named_events import names_of_events, naming
from qa.retrieval.results import EXCERPT, Piece, newest_first, quotes_found, results, shortened
from qa.retrieval.timeline import TimelineEvent, moment_of, part, timeline, when_of
from qa.review.exporting import AnswerFormat, marked_down, quotation, web_address
from qa.review.permanent import SOFTWARE, PermanentAnswer
from qa.text.differences import differing_paragraphs
from qa.text.sentences import sentence_spans
from qa.web.context import ArchiveService, PageTexts, Values, WebContext, refusal, render
from qa.web.forms import Pagination, SearchForm, article_link, checked, language_tag, quoted_numbers, sentence_number
from qa.web.requests import base_of

ROWS = 20  # articles on a page
MOST_NEAREST = 3  # articles shown where none has the words
MOST_PASSAGES = 200  # looked through: of an archive about one case, more are no longer about the words
_OPENING = 2_000  # characters in which the first sentences are looked for: no one waits for the whole of a long body
EVENT_ROWS = 100  # articles on a page: a case of the demo's size fits on one
MOST_MARKS = 200
MOST_READ = 500  # articles whose stages are looked up, which takes two seconds at first. Marks of more tell none
LABEL = 40.0  # pixels that a year's name takes; of narrower years not all are named
LEAST_YEAR = 8  # pixels from which years without a name are told apart by a stroke
PREFIXES = (7, 4, 3, 2)  # characters of a day in ISO 8601 that give its month, its year, its decade, its century
Size = tuple[int, int]  # pixels: the width of a picture, if the marks fit into it, and the slot that each mark has
LARGE, SMALL = (690, 24), (340, 14)

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


def add_public_pages(app: FastAPI, context: WebContext) -> None:
    """The pages of articles, of the archive itself, and of its events."""

    @app.get("/how", response_class=HTMLResponse)
    def how() -> HTMLResponse:
        return context.page("how.html", coverage=context.coverage())

    @app.get("/health")
    def health() -> JSONResponse:
        coverage = context.coverage()
        if coverage is None:
            return JSONResponse({"status": "unavailable"}, 503)
        if not context.is_loaded():
            return JSONResponse({"status": "loading"}, 503)
        return JSONResponse({"status": "ok", "articles": coverage.articles})

    @app.get("/article/{article_id:path}", response_class=HTMLResponse, dependencies=[Depends(context.admit_view)])
    def article(article_id: str, quoted: str = "") -> HTMLResponse:
        article, coverage = article_within_rights(context.service.article(article_id)), context.coverage()
        picture = None
        if coverage and coverage.articles <= MOST_READ:
            events = timeline(context.service.listed())
            picture = timeline_picture(events, context.service, SearchForm(), here=article.article_id)
        return HTMLResponse(article_html(article, quoted=quoted, texts=context.texts, picture=picture))

    @app.get("/versions/{article_id:path}", response_class=HTMLResponse, dependencies=[Depends(context.admit)])
    def versions(article_id: str) -> HTMLResponse:
        article, versions = context.service.article(article_id), context.service.versions(article_id)
        texts = [*(version.article for version in versions), article]
        steps = [
            (step, differing_paragraphs(old.source.title, new.source.title), differing_paragraphs(old.body, new.body))
            for step, (old, new) in zip(versions, pairwise(texts), strict=True)
        ]
        href, steps = article_link(article_id), steps[::-1]
        return context.page("versions.html", source=article.source, href=href, digest=article.digest, steps=steps)

    @app.get("/timeline", response_class=HTMLResponse)
    def events(request: Request, boxes: Annotated[SearchForm, Query()]) -> HTMLResponse:
        form = boxes.model_copy(update={"q": "", "language": "", "sort": "relevance"})
        values: Values = {"line": {}, "form": form.bounded(), "names": []}
        try:
            context.admit(request)
            names = names_of_events(context.service.named_events().values()).values()
            values["names"] = sorted(names, key=str.casefold)
            values["line"] = timeline_page(form, checked(form), context)
        except (Busy, QuestionError) as error:
            values |= refusal(error)
        return context.form_page("timeline.html", origins=context.service.origins(), **values)


def article_html(article: Article, *, quoted: str, texts: PageTexts, picture: TimelinePicture | None = None) -> str:
    """The page of an article; `quoted` are sentence numbers as in its address, `picture` has its place in time."""
    spans = sentence_spans(article.body)
    values: Values = {"paragraphs": paragraphs(article.body, spans), "picture": picture}
    values |= {"quoted": quoted_numbers(quoted, sentences=len(spans)), "happened": moment_of(article.event_date or "")}
    return render("article.html", article=article, source=article.source, texts=texts, **values)


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


def opening_row(source: Source, context: WebContext) -> Values:
    """An article in a list, with its first sentences; no excerpt where the archive holds only the headline."""
    try:
        text = opening(article_within_rights(context.service.article(source.article_id)))
    except NotFound:
        text = ""
    row = {"source": source, "href": article_link(source.article_id), "headline": [Piece(source.title)]}
    return row | {"excerpt": [Piece(text)] if text else []}


def opening(article: Article) -> str:
    """The first sentence of an article, and as many more as there is room for; empty where it has only a headline."""
    if article.headline_only:
        return ""
    start = article.body[:_OPENING]
    spans = sentence_spans(start)
    ends = [span.end for span in spans if span.end - spans[0].start <= EXCERPT] or [span.end for span in spans[:1]]
    return shortened(start[: ends[-1]]) if ends else ""


def add_search_page(app: FastAPI, context: WebContext) -> None:
    """What the boxes of a search find, as a page or as a dossier."""

    def page(form: SearchForm, values: Values) -> HTMLResponse:
        origins = context.service.origins()
        tags = {tag.lower().split("-")[0] for tag in origins.languages if language_tag(tag)}
        tags |= {form.language} if language_tag(form.language) else set()
        languages = sorted(((tag, language_name(tag)) for tag in tags), key=lambda pair: pair[1])
        return context.form_page("search.html", form=form.bounded(), origins=origins, languages=languages, **values)

    @app.get("/search", response_class=HTMLResponse)
    async def search(request: Request, boxes: Annotated[SearchForm, Query()]) -> Response:
        form = boxes.model_copy(update={"event": ""})
        kind, values = request.query_params.get("format", ""), Values(listing={})
        try:
            wanted = checked(form)
            if wanted != Question(""):
                context.admit(request)
                if form.q and kind in WRITERS:
                    return await context.queued(request, search_file, wanted, context, kind, base_of(request))
                values["listing"] = await context.queued(request, search_page, wanted, context, form.sort, form.page)
        except (Busy, QuestionError) as error:
            values |= refusal(error)
        return await run_in_threadpool(page, form, values)


def search_file(wanted: Question, context: WebContext, kind: str, base: str) -> Response:
    """What a search finds as a dossier. Raises QuestionError, StoreError."""
    quotes = quotes_found(context.service.search(wanted, limit=MOST_PASSAGES), wanted)
    text = WRITERS[kind](Dossier(wanted.text, quotes, context.service.article, base=base))
    headers = {"Content-Disposition": f'attachment; filename="dossier.{kind}"', "X-Robots-Tag": "noindex"}
    media_type = f"{DOSSIERS[f'dossier.{kind}'].media_type}; charset=utf-8"
    return Response(text.encode("utf-8", "replace"), media_type=media_type, headers=headers)


def search_page(wanted: Question, context: WebContext, sort: str, page: int) -> Values:
    """The articles that have the words, or with no words all that pass, as rows. Raises QuestionError, StoreError.

    `nearest`: no article has the words, these come near in meaning. `cut`: more than were looked through may have them.
    """
    query = SearchQuery.of(wanted)
    if not query.text:
        sources = [listed.source for listed in context.service.listed(Dates.of(query))]
        sources.sort(key=lambda source: source.published or date.min, reverse=True)
        pages = Pagination(len(sources), size=ROWS, wanted=page)
        rows = [opening_row(source, context) for source in sources[pages.start : pages.stop]]
        return {"rows": rows, "total": len(sources), "pages": pages, "nearest": False, "cut": False}
    hits = context.service.search(wanted, limit=MOST_PASSAGES)
    near = results(hits, query)
    matches = [result for result in near if result.matches]
    listing = (newest_first(matches) if sort == "date" else matches) or near[:MOST_NEAREST]
    pages, rows = Pagination(len(listing), size=ROWS, wanted=page), []
    for result in listing[pages.start : pages.stop]:
        name = result.source.article_id
        place = sentence_number(context.spans(name, within_rights=True), result.start)
        row = {"source": result.source, "href": article_link(name, at=place)}
        rows.append(row | {"headline": result.headline, "excerpt": result.excerpt})
    far, cut = bool(near) and not matches, len(hits) == MOST_PASSAGES
    return {"rows": rows, "total": len(matches), "pages": pages, "nearest": far, "cut": cut}


def timeline_page(form: SearchForm, wanted: Question, context: WebContext) -> Values:
    """What one page of the timeline shows; its picture and `total` are of all pages. The dates bound the event."""
    listed = on_timeline(context.service, outlet=wanted.outlet, event=form.event)
    events = timeline(listed, first=wanted.published_from, last=wanted.published_until)
    total = sum(len(event.articles) for event in events)
    pages = Pagination(total, size=EVENT_ROWS, wanted=form.page)
    numbers = {event.when: number for number, event in enumerate(events)}
    shown = entries(part(events, pages.start, pages.stop), context.service)
    stops = [_stop(numbers[entry.event.when], entry, context) for entry in shown]
    picture = timeline_picture(events, context.service, form, page=pages.number)
    return {"picture": picture, "stops": stops, "total": total, "pages": pages}


def on_timeline(service: ArchiveService, *, outlet: str, event: str) -> list[ListedArticle]:
    """The articles of an outlet that name an event; empty text leaves all."""
    listed = service.listed(Dates(outlet=outlet))
    return naming(listed, service.named_events(), event) if event else listed


def _stop(number: int, entry: TimelineEntry, context: WebContext) -> Values:
    """A time on the timeline, counted from 0: what several articles report, then each with its own report."""
    reports, single = [], {}
    for strand in entry.strands:
        spans = {article.article_id: sentence_spans(article.body) for article in strand.articles}
        places = {(quote.source.article_id, quote.start) for quote in strand.quotes}
        report: Values = {
            "strand": strand,
            "stage": stage_line(strand.status, lead=REPORTED) if strand.status else "",
            "links": {(name, at): article_link(name, at=sentence_number(spans[name], at)) for name, at in places},
        }
        if len(strand.articles) == 1:
            single[strand.articles[0].article_id] = report
        else:
            reports.append(report)
    sources = [listed.source for listed in entry.event.articles]
    rows = [(opening_row(source, context), single.get(source.article_id)) for source in sources]
    return {"number": number, "when": entry.event.when, "reports": reports, "rows": rows}


def timeline_picture(
    events: Sequence[TimelineEvent], library: ArticleReader, form: SearchForm, *, page: int = 0, here: str = ""
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
    named = dict[int, float]()
    starts = dict(zip(span, begins, strict=True))
    for year in sorted(span, key=lambda year: not marks[year]):  # those with marks have their names first
        if all(abs(starts[year] - x) >= LABEL for x in named.values()):
            named[year] = starts[year]
    years = [(x, str(year) if year in named else "") for year, x in starts.items()]
    shown = [(x, label) for x, label in years if label or spare >= LEAST_YEAR]
    return places, shown, max(end, max(named.values()) + LABEL)


def _title(members: Sequence[TimelineEvent], count: int, stage: Stage | None) -> str:
    """What a mark stands for: "16 March 2005: 8 articles. Stage reported: detained."."""
    first, last = members[0].when, members[-1].when
    when = first.heading if first is last else value_text(f"{first.first}/{last.first}")
    title = _("{when}: {articles}.", when=when, articles=articles(count))
    reported = _("{lead}: {stage}.", lead=_(REPORTED), stage=stage_words(stage)) if stage else ""
    return f"{title} {reported}".rstrip()


class Dossier:
    """Those of the quotes that stand in today's articles, each once, within their owners' limits, by date of the event.

    Each stands with its address under a heading; below them stand their articles, with an address each.
    """

    def __init__(self, title: str, quotes: Iterable[Citation], article: Callable[[str], Article], *, base: str) -> None:
        """Raises StoreError."""
        budget = QuoteBudget()
        placed: dict[tuple[str, int], tuple[date, str, str, Citation]] = {}
        for quote in quotes:
            name = quote.source.article_id
            try:
                today = article(name)
            except NotFound:
                continue
            if (name, quote.start) in placed or today.body[quote.start : quote.end] != quote.text:
                continue
            if allowed := budget.quoted(replace(quote, source=today.source)):
                when = when_of(ListedArticle(today.source, today.event_date))
                link = f"{base}{article_link(name, at=sentence_number(sentence_spans(today.body), quote.start))}"
                placed[name, quote.start] = (when.first or date.max, when.heading, link, allowed)
        ordered = sorted(placed.values(), key=lambda entry: entry[:2])
        numbered = [replace(entry[-1], number=number) for number, entry in enumerate(ordered, start=1)]
        corrected = corrected_quotes(numbered)
        dated = zip(numbered, ordered, strict=True)
        self.title, day = title, long_date(datetime.now(UTC).date())
        origin = _("Quotes from an archive of articles, word for word, put together by software on {day}.", day=day)
        self.note = f"{origin} {_(SOFTWARE)}"
        self.stops = [
            (heading, [(QuoteView(quote, corrected=corrected), entry[2]) for quote, entry in listed])
            for heading, listed in groupby(dated, key=lambda pair: pair[1][1])
        ]
        self.sources = {quote.source: f"{base}{article_link(quote.source.article_id)}" for quote in numbered}


def html(dossier: Dossier) -> str:
    """A page that needs no other file."""
    static = resources.files("qa.web") / "static"
    sheets = ((static / name).read_text("utf-8") for name in ("paper.css", "dossier.css"))
    return render("dossier.html", dossier=dossier, sheets=Markup("\n").join(map(Markup, sheets)))


def markdown(dossier: Dossier) -> str:
    blocks = [f"# {marked_down(dossier.title)}", f"*{marked_down(dossier.note)}*"]
    for heading, quotes in dossier.stops:
        blocks.append(f"## {marked_down(heading)}")
        for quote, link in quotes:
            blocks += [*quotation(quote), f"<{link}>"]
    sources = []
    for source, link in dossier.sources.items():
        addresses = " ".join(f"<{address}>" for address in (link, web_address(source.url)) if address)
        sources.append(f"- “{marked_down(source.title)}”, {marked_down(credit(source))}. {addresses}")
    return "\n\n".join([*blocks, f"## {_('Sources')}", "\n".join(sources)]) + "\n"


WRITERS: Mapping[str, Callable[[Dossier], str]] = {"md": markdown, "html": html}


def _of_answers(write: Callable[[Dossier], str], answers: Sequence[PermanentAnswer], base: str) -> str:
    """A dossier of answers, of which the first gives the title."""
    articles = {today.article_id: today.article for answer in answers for today in answer.sources if today.article}
    cited = (quote for answer in answers if isinstance(answer.reply, Answer) for quote in answer.reply.citations)
    quotes = [quote for quote in cited if quote.source.article_id in articles]
    return write(Dossier(answers[0].record.question, quotes, articles.__getitem__, base=base))


# Beside the other formats of answers.
DOSSIERS = {
    "dossier.md": AnswerFormat("text/markdown", partial(_of_answers, markdown)),
    "dossier.html": AnswerFormat("text/html", partial(_of_answers, html)),
}
