"""The API for other programs: an application at /api that describes itself by OpenAPI; its failures have one shape."""

import json
import logging
import re
from collections.abc import Mapping, Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Depends, FastAPI, Path, Query, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from pydantic_core import ErrorDetails
from starlette.exceptions import HTTPException
from starlette.routing import Match

from qa.answering.quoting import article_within_rights
from qa.errors import ArchiveError, Busy, InputError, NotFound, Overtaken, Refused, Withdrawn
from qa.models.archive import long_date, moment_text
from qa.models.journal import Account, Channel, Role, State
from qa.models.replies import Inference, Question
from qa.review.exporting import answer_json, making_json
from qa.review.permanent import PermanentAnswers
from qa.review.service import StaffContext
from qa.web.api import models
from qa.web.context import WebContext
from qa.web.forms import typed
from qa.web.limits import TooManyRequests
from qa.web.requests import base_of, content_kind, current_request_id
from qa.web.staff.auth import StaffAuth
from qa.web.staff.review import PAGE_SIZE, Order, QueueListing, Show

Described = dict[str, Any]
Responses = dict[int | str, Described]

VERSION = "1"  # of the API: it grows by addresses and fields, and changes none
_ABOUT = (
    "Questions, passages and articles of a news archive. Every reply carries its references: verbatim quotes, their "
    "place in the article, and who published it and when. Errors are one shape, "
    '{"error": "plain words", "request_id": "by which the archive finds it in its log"}.'
)
LONGEST_EXCERPT = 60  # characters of what was sent that are shown again
NO_JSON = 'The body can’t be read as JSON. Send one object, such as {"question": "Who?"}, in UTF-8.'
_EXPECTED = {"limit": f"a whole number from 1 to {models.MOST_PASSAGES}"}
_EXPECTED["without"] = f"one or more of {', '.join(Inference)}"
# Texts by pydantic's type of error.
_PROBLEMS = {
    "extra_forbidden": "There is no field “{}” here. Leave it out, or mend its name.",
    "missing": "“{}” is missing. It is needed.",
    "string_unicode": "“{}” holds half of a character, which nothing can read. Send whole ones.",
    "string_too_short": "“{}” is empty: give some words.",
}
_STATUS = {Overtaken: 409, Refused: 403, InputError: 400}
_DEFINITION = re.compile(r"#/\$defs/(\w)")
_PUBLISHED = re.compile(r"\b([A-Z]\w+)Out\b")  # programs know ArticleOut by the name of Article
_HOST = re.compile(r"https?://[\w.-]+(?::\d+)?|https?://\[[0-9a-fA-F:]+\](?::\d+)?")
_REFERENCE = "#/components/schemas/"
_SECONDS = {"description": "Seconds until the next call is let in.", "schema": {"type": "integer", "minimum": 1}}
_ANSWER_ID = Path(description="As `answer_id` in the reply to the question.")
_NUMBER = Path(description="As the queue names the question.", ge=1, le=2**53)
_log = logging.getLogger(__name__)


def create_api(context: WebContext, answers: PermanentAnswers | None = None, *more: APIRouter) -> FastAPI:
    """The application mounted at /api; `answers` are those that are kept, if any are, `more` further calls."""
    about: Described = {"title": context.texts.title, "version": VERSION, "description": _ABOUT}
    servers: Described = {"servers": [{"url": "/api"}], "root_path_in_servers": False}
    app = FastAPI(docs_url=None, redoc_url=None, redirect_slashes=False, **about, **servers)
    _handle_failures(app)
    for router in (public_calls(context, answers), *more):
        app.include_router(router, responses=_IN_ANY_CALL)

    @app.get("/docs", include_in_schema=False)
    def docs(request: Request) -> Response:
        base = base_of(request)
        address = f"{base if _HOST.fullmatch(base) else 'https://HOST'}/api"  # as the examples name it
        return context.page("api.html", described=app.openapi(), address=address)

    app.openapi_schema = _completed(app.openapi())  # now, so that no two first callers make it at once
    return app


def _completed(framework: Described) -> Described:
    """The framework's description, with the schema of replies by the names Reply, ReplyCitation and the like."""
    described: Described = json.loads(_PUBLISHED.sub(r"\1", json.dumps(framework)))
    schema = models.schema_of("reply")
    parts = schema.pop("$defs")
    del schema["$schema"]
    named = {"Reply": schema} | {f"Reply{name[0].upper()}{name[1:]}": part for name, part in parts.items()}
    text = _DEFINITION.sub(lambda match: f"{_REFERENCE}Reply{match[1].upper()}", json.dumps(named))
    described["components"]["schemas"] |= json.loads(text)
    return described


def problem_text(problem: ErrorDetails, place: Sequence[int | str]) -> str:
    """pydantic's finding at a place of an object, in plain words; an empty place is the object itself."""
    names, kind, sent = [part for part in place if isinstance(part, str)], problem["type"], problem["input"]
    if not names:
        return 'Send one JSON object, such as {"question": "Who?"}.'
    name = typed(names[0])[:LONGEST_EXCERPT]
    if kind in _PROBLEMS:
        return _PROBLEMS[kind].format(name)
    text = typed(sent) if isinstance(sent, str) else json.dumps(sent)
    text = f"{text[:LONGEST_EXCERPT]}…" if len(text) > LONGEST_EXCERPT else text
    kinds: dict[type, str] = {str: f"“{text}”", list: "a list", dict: "an object"}
    excerpt = kinds.get(type(sent), text)
    if kind == "string_type" or name in _EXPECTED:
        return f"“{name}” must be {_EXPECTED.get(name, 'text')}; found {excerpt}."
    return f"“{name}”: {problem['msg'][:1].lower()}{problem['msg'][1:]}; found {excerpt}."


def status_and_text(error: ArchiveError) -> tuple[int, str]:
    """Status and words of a failure that this project raises on purpose."""
    if isinstance(error, Withdrawn):
        when = f" on {long_date(error.day)}" if error.day else ""
        why = f" Reason: {error.reason}" if error.reason else ""
        return 410, f"This article was withdrawn from the archive{when}. It is neither shown nor quoted.{why}"
    if isinstance(error, NotFound):
        return 404, "The archive holds no article of that id."
    if isinstance(error, Busy):
        return 429 if isinstance(error, TooManyRequests) else 503, str(error)
    status = next((status for kind, status in _STATUS.items() if isinstance(error, kind)), None)
    return (status, str(error)) if status else (503, "The archive can’t be searched just now. Try again in a minute.")


def _handle_failures(app: FastAPI) -> None:
    @app.exception_handler(HTTPException)
    def http(request: Request, error: HTTPException) -> JSONResponse:
        if error.status_code == 400 and error.__cause__ is not None:
            return _failure(422, NO_JSON)  # the framework's own, raised from what it met in the body
        if error.status_code == 404 and error.detail == "Not Found":  # as the framework says it
            return _failure(404, "There is nothing at this address.")
        if error.status_code == 405:
            # The methods that some route takes here: of several routes the framework names but the first's.
            scopes = {method: {**request.scope, "method": method} for method in ("GET", "POST")}
            routes = request.scope["app"].routes
            allowed = [name for name in scopes if any(route.matches(scopes[name])[0] is Match.FULL for route in routes)]
            return _failure(405, f"This address takes {' and '.join(allowed)} only.", {"Allow": ", ".join(allowed)})
        return _failure(error.status_code, str(error.detail), error.headers)

    @app.exception_handler(RequestValidationError)
    def validation(request: Request, error: RequestValidationError) -> JSONResponse:
        problem = error.errors()[0]
        if problem["type"] == "json_invalid":
            return _failure(422, NO_JSON)
        # A place begins with the part of the request: body or query.
        return _failure(422, problem_text(problem, problem["loc"][1:]))

    @app.exception_handler(ArchiveError)
    def archive(request: Request, error: ArchiveError) -> JSONResponse:
        status, text = status_and_text(error)
        if status == 404 and request.url.path.startswith("/api/staff/"):  # no article, but a question
            text = str(error)
        if status == 503 and not isinstance(error, Busy):
            _log.error("a program could not be answered", exc_info=error)
        return _failure(status, text, {"Retry-After": str(error.seconds)} if isinstance(error, Busy) else None)

    @app.exception_handler(Exception)  # whoever serves the application logs it
    def fault(request: Request, error: Exception) -> JSONResponse:
        return _failure(500, "Something went wrong here, and was noted. Ask in other words, or later.")


def _failure(status: int, text: str, headers: Mapping[str, str] | None = None) -> JSONResponse:
    return JSONResponse({"error": text, "request_id": current_request_id()}, status, headers=headers)


def _described(description: str, schema: Mapping[str, Any]) -> Responses:
    return {200: {"description": description, "content": {"application/json": {"schema": schema}}}}


def _errors(texts: Mapping[int, str]) -> Responses:
    return {status: {"model": models.Error, "description": text} for status, text in texts.items()}


_IN_ANY_CALL = _errors({
    422: "A field is missing, unknown or of the wrong kind.",
    429: "Too many calls in a short time.",
    500: "A fault of this software.",
    503: "The archive can't be read just now, or too many call at once.",
})  # fmt: skip
_IN_ANY_CALL[429]["headers"] = {"Retry-After": _SECONDS}
_BAD = {400: "The question or a date can't be used."}
_SENT = {413: "The body is too large.", 415: "The body isn't sent as JSON."}
_REPLIES = _described("An answer, or a refusal.", {"$ref": f"{_REFERENCE}Reply"})
_ARTICLE = _errors({404: "The archive holds no article of that id.", 410: "It was withdrawn; the words say why."})
_ANSWER = _described("The answer.", models.schema_of("answer"))
_ANSWER |= _errors({404: "No answer of that id is kept.", 410: "The staff of the archive have withheld it."})
_STAFF = {401: "A token is missing, or isn't one of this archive.", 403: "The token's role doesn't cover this."}
_REVIEW = {404: "There is no such question.", **_STAFF}
_DECISION = {400: "The decision can't be made; the words say why.", **_SENT, **_REVIEW}
_DECISION[409] = "Somebody decided it meanwhile; nothing was saved."
_REVIEWED: Responses = {200: {"description": "As of a kept answer, with `stopped`, `usage` and `reports`."}}


def _json_only(request: Request) -> None:
    """A dependency that rejects a body that isn't sent as JSON. Raises HTTPException."""
    if (kind := content_kind(request)) != "application/json":
        excerpt = f"“{kind[:60]}”" if kind else "none"
        raise HTTPException(415, f"Send JSON with the header Content-Type: application/json; found {excerpt}.")


ONLY_JSON = [Depends(_json_only)]


def public_calls(context: WebContext, answers: PermanentAnswers | None) -> APIRouter:
    """Asking, searching and reading; expensive calls wait in the queue."""
    router = APIRouter(dependencies=[Depends(context.admit)])
    service = context.service

    def answered(question: Question) -> JSONResponse:
        return JSONResponse(context.reply_json(question, channel=Channel.API))

    def searched(search: models.Search) -> models.SearchReply:
        question = search.question()
        return models.SearchReply.of(question.text, service.search(question, limit=search.limit), context)

    @router.get("/ask", responses=_REPLIES | _errors(_BAD), summary="Ask a question")
    async def ask(request: Request, asked: Annotated[models.Ask, Query()]) -> JSONResponse:
        """An answer made of statements, each with the verbatim quotes it rests on and their sources; or a refusal
        that says why and names the nearest articles."""
        return await context.queued(request, answered, asked.parsed())

    sent = _errors(_BAD | _SENT)

    @router.post("/ask", responses=_REPLIES | sent, summary="Ask a question, as JSON", dependencies=ONLY_JSON)
    async def ask_by_body(request: Request, body: models.Ask) -> JSONResponse:
        """The same for a question that is not to stand in an address."""
        return await context.queued(request, answered, body.parsed())

    @router.get("/search", responses=_errors(_BAD), summary="Search for passages")
    async def search(request: Request, search: Annotated[models.Search, Query()]) -> models.SearchReply:
        """The passages whose words and meaning come nearest, best first."""
        return await context.queued(request, searched, search)

    @router.post("/search", responses=sent, summary="Search for passages, as JSON", dependencies=ONLY_JSON)
    async def search_by_body(request: Request, search: models.SearchBody) -> models.SearchReply:
        """The same for words that are not to stand in an address."""
        return await context.queued(request, searched, search)

    @router.get("/articles/{article_id:path}", responses=_ARTICLE, summary="Read an article")
    def article(article_id: Annotated[str, Path(description="As replies and passages name it.")]) -> models.ArticleOut:
        """One article with its body, its sentences numbered as on its page, and its corrections."""
        return models.ArticleOut.of_article(article_within_rights(service.article(article_id)))

    if answers is None:
        return router

    @router.get("/answers/{answer_id}", responses=_ANSWER, summary="Read a kept answer")
    def answer(request: Request, answer_id: Annotated[str, _ANSWER_ID]) -> JSONResponse:
        """The reply as it was given, what became of each of its sources since, and whether the staff checked it."""
        answer = answers.get(answer_id)
        if answer is None:
            raise HTTPException(404, "No answer of that id is kept.")
        if answer.withheld:
            raise HTTPException(410, "The staff of the archive have withheld this answer.")
        return JSONResponse(answer_json(answer, base_of(request)))

    return router


def staff_calls(context: WebContext, staff: StaffContext, answers: PermanentAnswers, auth: StaffAuth) -> APIRouter:
    """The queue, one question of it, and the decision, for the staff's programs; `auth` knows whose token it is."""
    reviews, review_service = staff.journal.reviews, staff.review_service
    router = APIRouter(dependencies=[Depends(context.admit)], prefix="/staff", tags=["staff"])
    reader, checker = Depends(auth.token_member(Role.READER)), Depends(auth.token_member(Role.CHECKER))

    @router.get("/queue", responses=_errors(_STAFF), summary="List the queue")
    def queue(
        member: Account = reader,
        show: Annotated[Show, Query(description="Which questions.")] = "to-check",
        order: Annotated[Order, Query(description="In which order.")] = "need",
        page: Annotated[int, Query(ge=1, le=10**6, description=f"Of {PAGE_SIZE} questions each.")] = 1,
    ) -> models.Queue:
        """The questions that were asked, by default those to check, most in need first."""
        wanted = QueueListing(show=show, order=order).wanted
        listed = reviews.listed(wanted, limit=PAGE_SIZE, skipping=(page - 1) * PAGE_SIZE)
        return models.Queue(total=reviews.matching(wanted), reviews=[*map(models.QueuedReview.model_validate, listed)])

    @router.get("/reviews/{number}", responses=_errors(_REVIEW), summary="Read one question")
    def review(number: Annotated[int, _NUMBER], member: Account = reader) -> models.QueuedReview:
        """Its state and counts; the answer itself is read at /answers/{answer_id}."""
        return models.QueuedReview.model_validate(review_service.opened(number).review)

    @router.get("/reviews/{number}/answer", responses=_REVIEWED | _errors(_REVIEW), summary="Read its answer")
    def answer(request: Request, number: Annotated[int, _NUMBER], member: Account = reader) -> JSONResponse:
        """The answer last given to it, withheld ones too, with the sentences of a language model that the check
        stopped, the tokens that it used, and the readers' reports."""
        review = review_service.opened(number)
        values = answer_json(answers.show(review.record), base_of(request)) | making_json(review.record, staff.prices)
        values["reports"] = [
            {"kind": report.kind.value, "text": report.text, "at": moment_text(report.at)} for report in review.reports
        ]
        return JSONResponse(values)

    @router.post("/reviews/{number}/decision", responses=_errors(_DECISION), summary="Decide", dependencies=ONLY_JSON)
    def decide(
        number: Annotated[int, _NUMBER], sent: models.DecisionBody, member: Account = checker
    ) -> models.QueuedReview:
        """Writes verdicts and a decision down; it counts at once."""
        drafts = [statement.draft() for statement in sent.statements] if sent.state is State.EDITED else None
        review = review_service.decide(sent.decision(number, member.name), drafts, role=member.role)
        return models.QueuedReview.model_validate(review)

    return router
