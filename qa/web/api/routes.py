"""The calls of the API: to ask, search, read an article or a kept answer; and those of the staff, each with a token."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Depends, HTTPException, Path, Query, Request
from fastapi.responses import JSONResponse

from qa.answering.quoting import article_within_rights
from qa.errors import NotFound
from qa.models.archive import moment_text
from qa.models.journal import Channel, Role, State
from qa.models.replies import Inference, Question
from qa.review.exporting import answer_json, making_json
from qa.review.permanent import PermanentAnswers
from qa.review.service import OpenedReview, StaffContext
from qa.web.api import models
from qa.web.context import WebContext
from qa.web.forms import question_from
from qa.web.guard import base_of, content_kind
from qa.web.staff.auth import Member, StaffAuth
from qa.web.staff.queue import PAGE_SIZE, Order, QueueListing, Show

Responses = Mapping[int | str, dict[str, Any]]

_REPLY = {"$ref": "#/components/schemas/Reply"}
_SECONDS = {"description": "Seconds until the next call is let in.", "schema": {"type": "integer", "minimum": 1}}


def _described(description: str, schema: Mapping[str, Any]) -> Responses:
    return {200: {"description": description, "content": {"application/json": {"schema": schema}}}}


def _errors(more: Mapping[int, str]) -> Responses:
    """The errors that every call may end in, and `more`: their descriptions."""
    texts = {
        422: "A field is missing, unknown or of the wrong kind.",
        429: "Too many calls in a short time.",
        500: "A fault of this software.",
        503: "The archive can't be read just now, or too many call at once.",
        **more,
    }
    described: dict[int | str, dict[str, Any]] = {
        status: {"model": models.Error, "description": text} for status, text in sorted(texts.items())
    }
    described[429]["headers"] = {"Retry-After": _SECONDS}
    return described


_BAD = {400: "The question or a date can't be used."}
_SENT = {413: "The body is too large.", 415: "The body isn't sent as JSON."}
_REPLIES = _described("An answer, or a refusal.", _REPLY)
_ARTICLE = _errors({404: "The archive holds no article of that id.", 410: "It was withdrawn; the words say why."})
_ANSWER = {
    **_described("The answer.", models.schema_of("answer")),
    **_errors({404: "No answer of that id is kept.", 410: "The staff of the archive have withheld it."}),
}
_STAFF = {401: "A token is missing, or isn't one of this archive.", 403: "The token's role doesn't cover this."}
_REVIEW = {404: "There is no such question.", **_STAFF}
_DECISION = {
    400: "The decision can't be made; the words say why.",
    409: "Somebody decided it meanwhile; nothing was saved.",
    **_SENT,
    **_REVIEW,
}
_REVIEWED: Responses = {200: {"description": "As of a kept answer, with `stopped`, `usage` and `reports`."}}
_NUMBER = Path(description="As the queue names the question.", ge=1, le=2**53)


def _json_only(request: Request) -> None:
    """A dependency that rejects a body that isn't sent as JSON. Raises HTTPException."""
    if (kind := content_kind(request)) != "application/json":
        excerpt = f"“{kind[:60]}”" if kind else "none"
        raise HTTPException(415, f"Send JSON with the header Content-Type: application/json; found {excerpt}.")


ONLY_JSON = [Depends(_json_only)]


def api_routes(context: WebContext) -> APIRouter:
    """Asking, searching and reading; expensive calls wait in the queue."""
    router = APIRouter(dependencies=[Depends(context.admit)])
    service = context.service

    def answered(question: Question) -> JSONResponse:
        return JSONResponse(context.reply_json(question, channel=Channel.API))

    def searched(search: models.Search) -> models.SearchReply:
        question = search.question()
        return models.SearchReply.of(question.text, service.search(question, limit=search.limit), service)

    @router.get("/ask", responses={**_REPLIES, **_errors(_BAD)}, summary="Ask a question")
    async def ask(
        request: Request,
        question: Annotated[str, Query(description=models.QUESTION, examples=["How many people were arrested?"])] = "",
        first: Annotated[str, Query(alias="from", description=models.FROM)] = "",
        last: Annotated[str, Query(alias="until", description=models.UNTIL)] = "",
        without: Annotated[Sequence[Inference], Query(description=models.WITHOUT)] = (),
    ) -> JSONResponse:
        """An answer made of statements, each with the verbatim quotes it rests on and their sources; or a refusal
        that says why and names the nearest articles."""
        parsed = question_from(question, first, last, without=without)
        return await context.queued(request, answered, parsed)

    sent = _errors(_BAD | _SENT)

    @router.post("/ask", responses={**_REPLIES, **sent}, summary="Ask a question, as JSON", dependencies=ONLY_JSON)
    async def ask_by_body(request: Request, body: models.Ask) -> JSONResponse:
        """The same for a question that is not to stand in an address."""
        return await context.queued(request, answered, body.parsed())

    @router.get("/search", responses={**_errors(_BAD)}, summary="Search for passages")
    async def search(request: Request, search: Annotated[models.Search, Query()]) -> models.SearchReply:
        """The passages whose words and meaning come nearest, best first."""
        return await context.queued(request, searched, search)

    @router.post("/search", responses={**sent}, summary="Search for passages, as JSON", dependencies=ONLY_JSON)
    async def search_by_body(request: Request, search: models.SearchBody) -> models.SearchReply:
        """The same for words that are not to stand in an address."""
        return await context.queued(request, searched, search)

    @router.get("/articles/{article_id:path}", responses={**_ARTICLE}, summary="Read an article")
    def article(article_id: Annotated[str, Path(description="As replies and passages name it.")]) -> models.ArticleOut:
        """One article with its body, its sentences numbered as on its page, and its corrections."""
        return models.ArticleOut.of_article(article_within_rights(service.article(article_id)))

    return router


def answer_calls(context: WebContext, answers: PermanentAnswers) -> APIRouter:
    """Reading answers that are kept."""
    router = APIRouter(dependencies=[Depends(context.admit)])

    @router.get("/answers/{answer_id}", responses=_ANSWER, summary="Read a kept answer")
    def answer(
        request: Request, answer_id: Annotated[str, Path(description="As `answer_id` in the reply to the question.")]
    ) -> JSONResponse:
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

    def opened(number: int) -> OpenedReview:
        try:
            return review_service.opened(number)
        except NotFound as error:
            raise HTTPException(404, str(error)) from None

    @router.get("/queue", responses={**_errors(_STAFF)}, summary="List the queue")
    def queue(
        member: Member = reader,
        show: Annotated[Show, Query(description="Which questions.")] = Show.TO_CHECK,
        order: Annotated[Order, Query(description="In which order.")] = Order.NEED,
        page: Annotated[int, Query(ge=1, le=10**6, description=f"Of {PAGE_SIZE} questions each.")] = 1,
    ) -> models.Queue:
        """The questions that were asked, by default those to check, most in need first."""
        wanted = QueueListing(show, "", order, page).wanted
        listed = reviews.listed(wanted, limit=PAGE_SIZE, skipping=(page - 1) * PAGE_SIZE)
        return models.Queue(total=reviews.matching(wanted), reviews=[*map(models.QueuedReview.model_validate, listed)])

    @router.get("/reviews/{number}", responses={**_errors(_REVIEW)}, summary="Read one question")
    def review(number: Annotated[int, _NUMBER], member: Member = reader) -> models.QueuedReview:
        """Its state and counts; the answer itself is read at /answers/{answer_id}."""
        return models.QueuedReview.model_validate(opened(number).review)

    @router.get("/reviews/{number}/answer", responses={**_REVIEWED, **_errors(_REVIEW)}, summary="Read its answer")
    def answer(request: Request, number: Annotated[int, _NUMBER], member: Member = reader) -> JSONResponse:
        """The answer last given to it, withheld ones too, with the sentences of a language model that the check
        stopped, the tokens that it used, and the readers' reports."""
        review = opened(number)
        reports = [
            {"kind": report.kind.value, "text": report.text, "at": moment_text(report.at)} for report in review.reports
        ]
        values = answer_json(answers.show(review.record), base_of(request))
        return JSONResponse({**values, **making_json(review.record, staff.prices), "reports": reports})

    @router.post(
        "/reviews/{number}/decision", responses={**_errors(_DECISION)}, summary="Decide", dependencies=ONLY_JSON
    )
    def decide(
        number: Annotated[int, _NUMBER], sent: models.DecisionBody, member: Member = checker
    ) -> models.QueuedReview:
        """Writes verdicts and a decision down; it counts at once."""
        drafts = [statement.draft() for statement in sent.statements] if sent.state is State.EDITED else None
        try:
            review = review_service.decide(sent.decision(number, member.name), drafts, role=member.role)
            return models.QueuedReview.model_validate(review)
        except NotFound as error:
            raise HTTPException(404, str(error)) from None

    return router
