"""The search page, articles as rows of a list, and dossiers: dated quotes, out of a search or of answers, to print."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from functools import partial
from importlib import resources
from itertools import groupby
from typing import Any

from fastapi import FastAPI, Request
from fastapi.responses import HTMLResponse, Response
from markupsafe import Markup
from starlette.concurrency import run_in_threadpool

from qa.answering.quoting import QuoteBudget
from qa.answering.view import QuoteView, corrected_quotes
from qa.errors import Busy, NotFound, QuestionError
from qa.i18n.forms import credit, language_name, long_date
from qa.i18n.locale import _
from qa.models.archive import Article, ListedArticle, Source
from qa.models.dates import Dates, SearchQuery
from qa.models.replies import Answer, Citation, Question
from qa.retrieval.results import EXCERPT, Piece, newest_first, quotes_found, results, shortened
from qa.retrieval.timeline import when_of
from qa.review.exporting import AnswerFormat, marked_down, quotation, web_address
from qa.review.permanent import SOFTWARE, PermanentAnswer
from qa.text.sentences import sentence_spans
from qa.web.context import Values, WebContext, refusal, render
from qa.web.forms import Form, Pagination, article_link, checked, language_tag, sentence_number
from qa.web.requests import base_of

ROWS = 20  # articles on a page
MOST_NEAREST = 3  # articles shown where none has the words
MOST_PASSAGES = 200  # looked through: of an archive about one case, more are no longer about the words
_OPENING = 2_000  # characters in which the first sentences are looked for: no one waits for the whole of a long body


@dataclass(frozen=True, slots=True)
class ArticleRow:
    """An article in a list. `excerpt` is empty where the archive holds only the headline."""

    source: Source
    href: str
    headline: Sequence[Piece]
    excerpt: Sequence[Piece]


def opening_row(source: Source, context: WebContext) -> ArticleRow:
    """A row with the first sentences of the article."""
    article = context.readable(source.article_id)
    text = opening(article) if article else ""
    return ArticleRow(source, article_link(source.article_id), [Piece(source.title)], [Piece(text)] if text else [])


def opening(article: Article) -> str:
    """The first sentence of an article, and as many more as there is room for; empty where it has only a headline."""
    if article.headline_only:
        return ""
    start = article.body[:_OPENING]
    spans = sentence_spans(start)
    ends = [span.end for span in spans if span.end - spans[0].start <= EXCERPT] or [span.end for span in spans[:1]]
    return shortened(start[: ends[-1]]) if ends else ""


def add_search_page(app: FastAPI, context: WebContext) -> None:
    def page(form: Form, **values: Any) -> HTMLResponse:
        origins = context.service.origins()
        tags = {tag.lower().split("-")[0] for tag in origins.languages if language_tag(tag)}
        tags |= {form.language} if language_tag(form.language) else set()
        languages = sorted(((tag, language_name(tag)) for tag in tags), key=lambda pair: pair[1])
        return context.form_page("search.html", form=form.bounded(), origins=origins, languages=languages, **values)

    @app.get("/search", response_class=HTMLResponse)
    async def search(request: Request) -> Response:
        form, kind = Form.read(request.query_params), request.query_params.get("format", "")
        values: Values = {"listing": {}}
        try:
            wanted = checked(form)
            if wanted != Question(""):
                context.admit(request)
                if form.q and kind in WRITERS:
                    return await context.queued(request, search_file, wanted, context, kind, base_of(request))
                values["listing"] = await context.queued(request, search_page, wanted, context, form.sort, form.page)
        except (Busy, QuestionError) as error:
            values |= refusal(error)
        return await run_in_threadpool(page, form, **values)


def search_file(wanted: Question, context: WebContext, kind: str, base: str) -> Response:
    """What a search finds as a dossier. Raises QuestionError, StoreError."""
    quotes = quotes_found(context.service.search(wanted, limit=MOST_PASSAGES), wanted)
    text = WRITERS[kind](dossier_of(wanted.text, quotes, context.service.article, base=base))
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
        pages = Pagination.of(len(sources), size=ROWS, wanted=page)
        rows = [opening_row(source, context) for source in sources[pages.start : pages.stop]]
        return {"rows": rows, "total": len(sources), "pages": pages, "nearest": False, "cut": False}
    hits = context.service.search(wanted, limit=MOST_PASSAGES)
    near = results(hits, query)
    matches = [result for result in near if result.matches]
    listing = (newest_first(matches) if sort == "date" else matches) or near[:MOST_NEAREST]
    pages, rows = Pagination.of(len(listing), size=ROWS, wanted=page), []
    for result in listing[pages.start : pages.stop]:
        name = result.source.article_id
        article = context.readable(name)
        place = sentence_number(sentence_spans(article.body), result.start) if article else None
        rows.append(ArticleRow(result.source, article_link(name, at=place), result.headline, result.excerpt))
    far, cut = bool(near) and not matches, len(hits) == MOST_PASSAGES
    return {"rows": rows, "total": len(matches), "pages": pages, "nearest": far, "cut": cut}


@dataclass(frozen=True, slots=True)
class Dossier:
    """Quotes with their addresses, under headings in the order of events; and their articles, with an address each."""

    title: str
    note: str
    stops: list[tuple[str, list[tuple[QuoteView, str]]]]
    sources: Mapping[Source, str]


def dossier_of(title: str, quotes: Iterable[Citation], article: Callable[[str], Article], *, base: str) -> Dossier:
    """Those of the quotes that stand in today's articles, each once, within their owners' limits. Raises StoreError."""
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
    stops = [
        (heading, [(QuoteView(quote, corrected=corrected), entry[2]) for quote, entry in listed])
        for heading, listed in groupby(dated, key=lambda pair: pair[1][1])
    ]
    sources = {quote.source: f"{base}{article_link(quote.source.article_id)}" for quote in numbered}
    day = long_date(datetime.now(UTC).date())
    origin = _("Quotes from an archive of articles, word for word, put together by software on {day}.", day=day)
    return Dossier(title, f"{origin} {_(SOFTWARE)}", stops, sources)


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
    return write(dossier_of(answers[0].record.question, quotes, articles.__getitem__, base=base))


# Beside the other formats of answers.
DOSSIERS = {
    "dossier.md": AnswerFormat("text/markdown", partial(_of_answers, markdown)),
    "dossier.html": AnswerFormat("text/html", partial(_of_answers, html)),
}
