"""The search page: articles by their words, without a question, an answer or a script; articles as rows of a list."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from fastapi import FastAPI, Request
from fastapi.responses import HTMLResponse, Response
from starlette.concurrency import run_in_threadpool

from qa.errors import Busy, QuestionError
from qa.i18n.forms import language_name
from qa.models.archive import Article, Origins, Source
from qa.models.dates import Dates, SearchQuery
from qa.models.replies import Question
from qa.retrieval.results import EXCERPT, Piece, newest_first, quotes_found, results, shortened
from qa.text.sentences import sentence_spans
from qa.web.context import PageRefusal, Values, WebContext
from qa.web.dossier import DOSSIERS, WRITERS, dossier_of
from qa.web.forms import Form, Pagination, checked
from qa.web.guard import base_of
from qa.web.links import article_link, language_tag, sentence_number

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
    def page(form: Form, listing: Mapping[str, object], refusal: PageRefusal | None) -> HTMLResponse:
        origins = context.service.origins()
        more: Values = {"origins": origins, "languages": _languages(origins, form.language), "listing": listing}
        return context.form_page("search.html", form=form.bounded(), refusal=refusal, **more)

    @app.get("/search", response_class=HTMLResponse)
    async def search(request: Request) -> Response:
        form, kind = Form.read(request.query_params), request.query_params.get("format", "")
        listing: Values = {}
        refusal: PageRefusal | None = None
        try:
            wanted = checked(form)
            if wanted != Question(""):
                context.admit(request)
                if form.q and kind in WRITERS:
                    return await context.queued(request, search_file, wanted, context, kind, base_of(request))
                listing = await context.queued(request, search_page, wanted, context, form.sort, form.page)
        except (Busy, QuestionError) as error:
            refusal = context.refusal(error)
        return await run_in_threadpool(page, form, listing, refusal)


def search_file(wanted: Question, context: WebContext, kind: str, base: str) -> Response:
    """What a search finds as a dossier. Raises QuestionError, StoreError."""
    quotes = quotes_found(context.service.search(wanted, limit=MOST_PASSAGES), wanted)
    text = WRITERS[kind](dossier_of(wanted.text, quotes, context.service.article, base=base))
    headers = {"Content-Disposition": f'attachment; filename="dossier.{kind}"', "X-Robots-Tag": "noindex"}
    media_type = f"{DOSSIERS[f'dossier.{kind}'].media_type}; charset=utf-8"
    return Response(text.encode("utf-8", "replace"), media_type=media_type, headers=headers)


def search_page(wanted: Question, context: WebContext, sort: str, page: int) -> Values:
    """The articles that have the words, or with no words all that pass, as rows. Raises QuestionError, StoreError.

    `nearest`: no article has the words, these come near them in meaning. `cut`: more passages may have the words than
    were looked through.
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


def _languages(origins: Origins, chosen: str) -> list[tuple[str, str]]:
    """Tag and name of each language to choose from, by name; the chosen one is among them."""
    tags = {tag.lower().split("-")[0] for tag in origins.languages if language_tag(tag)}
    tags |= {chosen} if language_tag(chosen) else set()
    return sorted(((tag, language_name(tag)) for tag in tags), key=lambda pair: pair[1])
