"""The search page: articles by their words, without a question, an answer or a script; articles as rows of a list."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response
from starlette.concurrency import run_in_threadpool

from qa.errors import Busy, QuestionError
from qa.i18n.forms import language_name
from qa.models.archive import Article, ListedArticle, Origins, Source
from qa.models.dates import Dates, SearchQuery
from qa.models.replies import Question
from qa.retrieval.results import EXCERPT, Piece, Result, newest_first, quotes_found, results, shortened
from qa.text.sentences import sentence_spans
from qa.web.context import PageRefusal, WebContext
from qa.web.dossier import DOSSIERS, WRITERS, dossier_of
from qa.web.forms import Form, Pagination, checked, is_empty
from qa.web.guard import base_of
from qa.web.links import article_link, language_tag, sentence_number

_OPENING = 2_000
"""Characters of a body in which its first sentences are looked for: no one waits for the whole of a long one."""


@dataclass(frozen=True, slots=True)
class ArticleRow:
    """An article in a list. `excerpt` is empty where the archive holds only the headline."""

    source: Source
    href: str
    headline: tuple[Piece, ...]
    excerpt: tuple[Piece, ...]


def row_of_result(result: Result, context: WebContext) -> ArticleRow:
    """A row that opens the article at the excerpt."""
    name = result.source.article_id
    article = context.readable(name)
    place = sentence_number(sentence_spans(article.body), result.start) if article else None
    return ArticleRow(result.source, article_link(name, at=place), result.headline, result.excerpt)


def row_of_listed(listed: ListedArticle, context: WebContext) -> ArticleRow:
    """A row with the first sentences of the article."""
    source = listed.source
    article = context.readable(source.article_id)
    excerpt = tuple(Piece(text) for text in ([opening(article)] if article else []) if text)
    return ArticleRow(source, article_link(source.article_id), (Piece(source.title),), excerpt)


def opening(article: Article) -> str:
    """The first sentence of an article, and as many more as there is room for; empty where it has only a headline."""
    if article.headline_only:
        return ""
    start = article.body[:_OPENING]
    spans = sentence_spans(start)
    ends = [span.end for span in spans if span.end - spans[0].start <= EXCERPT] or [span.end for span in spans[:1]]
    return shortened(start[: ends[-1]]) if ends else ""


MOST_PASSAGES = 200
"""Passages that are looked through: of an archive about one case, more are no longer about the words."""

MOST_NEAREST = 3
"""Articles shown where none has the words."""

ROWS = 20
"""Articles on a page."""


@dataclass(frozen=True, slots=True)
class SearchPage:
    """What the page lists. `nearest`: no article has the words, these come near them in meaning.

    `cut`: more passages may have the words than were looked through.
    """

    rows: tuple[ArticleRow, ...]
    total: int
    pages: Pagination
    nearest: bool = False
    cut: bool = False


def search_routes(context: WebContext) -> APIRouter:
    router = APIRouter()
    longest = context.limits.question_length

    def page(form: Form, listing: SearchPage | None, refusal: PageRefusal | None) -> HTMLResponse:
        origins = context.service.origins()
        return context.form_page(
            "search.html",
            form=form.bounded(longest=longest),
            refusal=refusal,
            listing=listing,
            origins=origins,
            languages=_languages(origins, form.language),
            longest=longest,
        )

    @router.get("/search", response_class=HTMLResponse)
    async def search(request: Request) -> Response:
        form = Form.read(request.query_params)
        listing: SearchPage | None = None
        refusal: PageRefusal | None = None
        try:
            wanted = checked(form, longest=longest)
            if not is_empty(form, wanted):
                context.admit(request)
                kind = request.query_params.get("format", "")
                if form.q and kind in WRITERS:
                    return await context.queued(request, search_file, form, wanted, context, kind, base_of(request))
                listing = await context.queued(request, search_page, form, wanted, context)
        except (Busy, QuestionError) as error:
            refusal = context.refusal(error)
        return await run_in_threadpool(page, form, listing, refusal)

    return router


def search_file(form: Form, wanted: Dates, context: WebContext, kind: str, base: str) -> Response:
    """What a search finds as a dossier. Raises QuestionError, StoreError."""
    question = _question(form, wanted)
    quotes = quotes_found(context.service.search(question, limit=MOST_PASSAGES), question)
    text = WRITERS[kind](dossier_of(form.q, quotes, context.service.article, base=base))
    headers = {"Content-Disposition": f'attachment; filename="dossier.{kind}"', "X-Robots-Tag": "noindex"}
    media_type = f"{DOSSIERS[f'dossier.{kind}'].media_type}; charset=utf-8"
    return Response(text.encode("utf-8", "replace"), media_type=media_type, headers=headers)


def _question(form: Form, wanted: Dates) -> Question:
    return Question(form.q, wanted.first, wanted.last, wanted.outlet, wanted.language)


def search_page(form: Form, wanted: Dates, context: WebContext) -> SearchPage:
    """The articles that have the words, or with no words all that pass. Raises QuestionError, StoreError."""
    question = _question(form, wanted)
    query = SearchQuery.of(question)
    if not query.text:
        listed = context.service.listed(Dates.of(query))
        listed = sorted(listed, key=lambda row: row.source.published or date.min, reverse=True)
        pages = Pagination.of(len(listed), size=ROWS, wanted=form.page)
        rows = tuple(row_of_listed(row, context) for row in listed[pages.start : pages.stop])
        return SearchPage(rows, len(listed), pages)
    hits = context.service.search(question, limit=MOST_PASSAGES)
    near = results(hits, query)
    matches = [result for result in near if result.matches]
    listing = (newest_first(matches) if form.sort == "date" else matches) or near[:MOST_NEAREST]
    pages = Pagination.of(len(listing), size=ROWS, wanted=form.page)
    rows = tuple(row_of_result(result, context) for result in listing[pages.start : pages.stop])
    nearest, cut = bool(near) and not matches, len(hits) == MOST_PASSAGES
    return SearchPage(rows, len(matches), pages, nearest=nearest, cut=cut)


def _languages(origins: Origins, chosen: str) -> list[tuple[str, str]]:
    """Tag and name of each language to choose from, by name; the chosen one is among them."""
    tags = {tag.lower().split("-")[0] for tag in origins.languages if language_tag(tag)}
    if language_tag(chosen):
        tags.add(chosen)
    return sorted(((tag, language_name(tag)) for tag in tags), key=lambda pair: pair[1])
