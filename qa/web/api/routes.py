"""The public calls of the API: ask, search, read an article, read a kept answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Depends, HTTPException, Path, Query, Request
from fastapi.responses import JSONResponse

from qa.answering.rights import article_within_rights
from qa.models.journal import Channel
from qa.models.replies import Inference
from qa.review.exporting import answer_json
from qa.review.permanent import PermanentAnswers
from qa.web.api.models import (
    FROM,
    QUESTION,
    UNTIL,
    WITHOUT,
    ArticleOut,
    Ask,
    Error,
    Search,
    SearchBody,
    SearchReply,
)
from qa.web.context import WebContext
from qa.web.forms import question_from
from qa.web.guard import base_of

Responses = Mapping[int | str, dict[str, Any]]

_REPLY = {"$ref": "#/components/schemas/Reply"}
_TEXT, _OBJECT = {"type": "string"}, {"type": "object"}
_KEPT_ANSWER = {
    "type": "object",
    "title": "KeptAnswer",
    "required": ["answer_id", "address", "asked_at", "note", "composed", "check", "notices", "sources", "reply"],
    "properties": {
        "answer_id": _TEXT,
        "address": _TEXT | {"format": "uri", "description": "Where readers open it."},
        "asked_at": _TEXT | {"format": "date-time"},
        "note": _TEXT | {"description": "That software answered."},
        "composed": _TEXT,
        "check": _OBJECT | {"description": "What the staff made of it: state, date, reason, standing, words."},
        "notices": {"type": "array", "items": _TEXT},
        "sources": {"type": "array", "items": _OBJECT, "description": "Each beside the archive of today: `standing`."},
        "reply": {"anyOf": [_REPLY, {"type": "null"}], "description": "Without words that may not be shown any more."},
    },
}


def _described(description: str, schema: Mapping[str, Any]) -> Responses:
    return {200: {"description": description, "content": {"application/json": {"schema": schema}}}}


def errors(**more: str) -> Responses:
    """The errors that every call may end in, and `more`, by status: their descriptions."""
    common = {
        "422": "A field is missing, unknown or of the wrong kind.",
        "429": "Too many calls in a short time.",
        "500": "A fault of this software.",
        "503": "The archive can't be read just now, or too many call at once.",
    }
    texts = common | {status.lstrip("_"): text for status, text in more.items()}
    responses: dict[int | str, dict[str, Any]] = {
        int(status): {"model": Error, "description": text} for status, text in sorted(texts.items())
    }
    seconds = {"description": "Seconds until the next call is let in.", "schema": {"type": "integer", "minimum": 1}}
    responses[429]["headers"] = {"Retry-After": seconds}
    return responses


_BAD = "The question or a date can't be used."
_REPLIES = _described("An answer, or a refusal.", _REPLY)
_GET = errors(_400=_BAD)
_POST = errors(_400=_BAD, _413="The body is too large.", _415="The body isn't sent as JSON.")
_ARTICLE = errors(_404="The archive holds no article of that id.", _410="It was withdrawn; the words say why.")
_ANSWER = {
    **_described("The answer.", _KEPT_ANSWER),
    **errors(_404="No answer of that id is kept.", _410="The staff of the archive have withheld it."),
}


def json_only(request: Request) -> None:
    """A dependency that rejects a body that isn't sent as JSON. Raises HTTPException."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/json":
        excerpt = f"“{kind[:60]}”" if kind else "none"
        raise HTTPException(415, f"Send JSON with the header Content-Type: application/json; found {excerpt}.")


def api_routes(context: WebContext) -> APIRouter:
    """Asking, searching and reading; expensive calls wait in the queue."""
    router = APIRouter(dependencies=[Depends(context.admit)])
    service, longest = context.service, context.limits.question_length
    only_json = [Depends(json_only)]

    def answered(text: str, first: str, until: str, without: Sequence[Inference]) -> JSONResponse:
        question = question_from(text, first, until, longest=longest, without=without)
        return JSONResponse(context.reply_json(question, channel=Channel.API))

    def searched(search: Search) -> SearchReply:
        question = search.question(longest=longest)
        return SearchReply.of(question.text, service.search(question, limit=search.limit), service)

    @router.get("/ask", responses={**_REPLIES, **_GET}, summary="Ask a question")
    async def ask(
        request: Request,
        question: Annotated[str, Query(description=QUESTION, examples=["How many people were arrested?"])] = "",
        first: Annotated[str, Query(alias="from", description=FROM)] = "",
        last: Annotated[str, Query(alias="until", description=UNTIL)] = "",
        without: Annotated[Sequence[Inference], Query(description=WITHOUT)] = (),
    ) -> JSONResponse:
        """An answer made of statements, each with the verbatim quotes it rests on and their sources; or a refusal
        that says why and names the nearest articles."""
        return await context.queued(request, answered, question, first, last, without)

    @router.post("/ask", responses={**_REPLIES, **_POST}, summary="Ask a question, as JSON", dependencies=only_json)
    async def ask_by_body(request: Request, body: Ask) -> JSONResponse:
        """The same for a question that is not to stand in an address."""
        return await context.queued(request, answered, body.question, body.first, body.until, body.without)

    @router.get("/search", responses={**_GET}, summary="Search for passages")
    async def search(request: Request, search: Annotated[Search, Query()]) -> SearchReply:
        """The passages whose words and meaning come nearest, best first."""
        return await context.queued(request, searched, search)

    @router.post("/search", responses={**_POST}, summary="Search for passages, as JSON", dependencies=only_json)
    async def search_by_body(request: Request, search: SearchBody) -> SearchReply:
        """The same for words that are not to stand in an address."""
        return await context.queued(request, searched, search)

    @router.get("/articles/{article_id:path}", responses={**_ARTICLE}, summary="Read an article")
    def article(article_id: Annotated[str, Path(description="As replies and passages name it.")]) -> ArticleOut:
        """One article with its body, its sentences numbered as on its page, and its corrections."""
        return ArticleOut.of_article(article_within_rights(service.article(article_id)))

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
