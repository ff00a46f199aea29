"""The pages for readers without script: articles, how the archive works, its health, corrections, the question box."""

import logging
import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from fastapi import FastAPI, Request
from fastapi.responses import HTMLResponse, JSONResponse
from markupsafe import Markup

from qa.answering.quoting import article_within_rights
from qa.errors import Busy, NotFound, QuestionError, Withdrawn
from qa.i18n.locale import N_
from qa.models.archive import Article, Span
from qa.models.journal import Channel
from qa.models.replies import Question
from qa.review.notices import corrections
from qa.review.service import StaffContext
from qa.text.differences import differing_paragraphs
from qa.text.sentences import sentence_spans
from qa.web.context import TROUBLE, PageRefusal, PageTexts, WebContext, extent, render
from qa.web.controller import QuestionController
from qa.web.forms import LONGEST_QUESTION, Form, Pagination, article_link, question_from, quoted_numbers, typed
from qa.web.requests import EMBED, FORM_POLICY, fault_text
from qa.web.timeline import TimelinePicture, place_in_time

ROWS = 50  # corrections on a page

_LINK = re.compile(r"<a (?=[^>]*\bhref=)")
_BLANK_LINE = re.compile(r"\n\s*\n")

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class NumberedSentence:
    """A sentence as shown, without a number where it is none; of a quoted one the quoted ones before and after."""

    number: int | None
    text: str
    quoted: bool = False
    previous: int | None = None
    next: int | None = None


def add_public_pages(app: FastAPI, context: WebContext) -> None:
    """The pages of articles and of the archive itself."""

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
    def versions(article_id: str) -> HTMLResponse:
        try:
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


def article_html(article: Article, *, quoted: str, texts: PageTexts, picture: TimelinePicture | None = None) -> str:
    """The page of an article. `quoted` are sentence numbers as they are in the address."""
    spans = sentence_spans(article.body)
    numbers = quoted_numbers(quoted, sentences=len(spans))
    values = {"paragraphs": paragraphs(article.body, spans, numbers), "quoted": numbers, "picture": picture}
    return render("article.html", article=article, source=article.source, texts=texts, **values)


def paragraphs(body: str, spans: Sequence[Span], quoted: Sequence[int] = ()) -> list[list[NumberedSentence]]:
    """The whole body in order, cut at blank lines between sentences; every word of it is there."""
    blocks: list[list[NumberedSentence]] = [[]]
    after = dict(pairwise(quoted))
    before = {second: first for first, second in after.items()}
    end = 0
    for number, span in enumerate((*spans, Span(len(body), len(body))), 1):
        # Between two sentences stand words that no span covers, and new paragraphs.
        for place, text in enumerate(_BLANK_LINE.split(body[end : span.start])):
            if place:
                blocks.append([])
            if text.strip():
                blocks[-1].append(NumberedSentence(None, text.strip()))
        if number <= len(spans):
            neighbours = (before.get(number), after.get(number))
            blocks[-1].append(NumberedSentence(number, body[span.start : span.end], number in quoted, *neighbours))
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
        noticed, decided = [notice.article_id for notice in staff.history()], staff.journal.reviews.decided()
        rows = corrections(decided, staff.sources(), noticed, context.service.article, link=article_link)
        page = Pagination.of(len(rows), size=ROWS, wanted=Form.read(request.query_params).page)
        return context.page("corrections.html", form=Form(), page=page, rows=rows[page.start : page.stop])


def add_question_pages(app: FastAPI, context: WebContext) -> None:
    """The question box for readers without script, and that for other sites' frames: the guard says which may."""
    controller = QuestionController(context)

    async def page(request: Request, template: str, question: str | None, channel: Channel) -> HTMLResponse:
        turn, form = Markup(), Form.read(request.query_params)
        without, framed = request.query_params.getlist("without"), channel is Channel.EMBED
        refusal: PageRefusal | None = None

        def answered(question: Question) -> Markup:
            return Markup(controller.turn(1, context.reply(question, channel=channel)))  # escaped by its template

        try:
            if question is not None:
                parsed = question_from(question, form.first, form.last, without=without)
                context.admit(request)
                turn = await context.queued(request, answered, parsed)
        except (Busy, QuestionError) as error:
            refusal = context.refusal(error)
        except Exception:
            _log.exception("a question could not be answered")
            refusal = PageRefusal(503, fault_text(TROUBLE))
        box, turn = typed(question or "")[:LONGEST_QUESTION], in_new_tabs(turn) if framed else turn
        policy = "" if framed else FORM_POLICY
        return context.page(template, policy=policy, refusal=refusal, form=form.bounded(), box=box, turn=turn)

    @app.get("/ask", response_class=HTMLResponse)
    async def ask(request: Request, question: str | None = None) -> HTMLResponse:
        return await page(request, "ask.html", question, Channel.PAGE)

    @app.get(EMBED, response_class=HTMLResponse)
    async def embed(request: Request, question: str | None = None) -> HTMLResponse:
        return await page(request, "embed.html", question, Channel.EMBED)


def in_new_tabs(html: str) -> Markup:
    """A turn's HTML, its links opening outside the frame. What articles say is escaped in it, so it never is a link."""
    return Markup(_LINK.sub('<a target="_blank" rel="noopener" ', html))
