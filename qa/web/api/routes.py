"""The calls: ask, search and article."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Query, Request
from fastapi.responses import JSONResponse
from starlette.concurrency import run_in_threadpool

from qa.answering.rights import article_within_rights
from qa.models.journal import Channel
from qa.web.api.door import Door, json_only
from qa.web.api.models import FROM, QUESTION, UNTIL, Article, Ask, Error, Search, SearchBody, SearchReply
from qa.web.api.values import article_reply, search_question, search_reply
from qa.web.asking import question_from, question_id
from qa.web.enquiry import SentenceSpans
from qa.web.room import Limits, ReadingRoom
from qa.web.telling import told
from qa.web.throttle import host_of
from qa.web.waiting import WaitingRoom

REPLY = {"$ref": "#/components/schemas/Reply"}

_ASKED: Mapping[int | str, dict[str, Any]] = {
    200: {"description": "An answer, or a refusal.", "content": {"application/json": {"schema": REPLY}}}
}


def errors(**more: str) -> Mapping[int | str, dict[str, Any]]:
    """The errors that every call may end in, and `more`, by status: their descriptions."""
    common = {
        "422": "A field is missing, unknown or of the wrong kind.",
        "429": "Too many calls in a short time.",
        "500": "A fault of this software.",
        "503": "The archive can't be read just now, or too many call at once.",
    }
    described = common | {status.lstrip("_"): text for status, text in more.items()}
    replies: dict[int | str, dict[str, Any]] = {
        int(status): {"model": Error, "description": text} for status, text in sorted(described.items())
    }
    seconds = {"description": "Seconds until the next call is let in.", "schema": {"type": "integer", "minimum": 1}}
    replies[429]["headers"] = {"Retry-After": seconds}
    return replies


_BAD = "The question or a date can't be used."
_GET = errors(_400=_BAD)
_POST = errors(_400=_BAD, _413="The body is too large.", _415="The body isn't sent as JSON.")
_ARTICLE = errors(_404="The archive holds no article of that id.", _410="It was withdrawn; the words say why.")


def api_routes(
    room: ReadingRoom, *, door: Door, waiting: WaitingRoom, sentence_spans: SentenceSpans, limits: Limits
) -> APIRouter:
    """What programs can call; `door` lets each call in, those that take work wait in the room for it."""
    router = APIRouter(dependencies=[Depends(door)])
    longest = limits.question_length

    def answered(question: str, first: str, until: str) -> JSONResponse:
        asked = question_from(question, first, until, longest=longest)
        given = told(room, asked, channel=Channel.API)
        values = room.reply_json(given.reply, id=question_id(asked), seconds=given.seconds, answer_id=given.answer_id)
        return JSONResponse(values)

    def searched(search: Search) -> SearchReply:
        question = search_question(search, longest=longest)
        hits = room.search(question, limit=search.limit)
        return search_reply(question.text, hits, room=room, sentence_spans=sentence_spans)

    @router.get("/ask", responses={**_ASKED, **_GET}, summary="Ask a question")
    async def ask(
        request: Request,
        question: Annotated[str, Query(description=QUESTION, examples=["How many people were arrested?"])] = "",
        first: Annotated[str, Query(alias="from", description=FROM)] = "",
        last: Annotated[str, Query(alias="until", description=UNTIL)] = "",
    ) -> JSONResponse:
        """An answer made of statements, each with the verbatim quotes it rests on and their sources; or a refusal
        that says why and names the nearest articles."""
        async with waiting.place(host_of(request)):
            return await run_in_threadpool(answered, question, first, last)

    @router.post(
        "/ask", responses={**_ASKED, **_POST}, summary="Ask a question, as JSON", dependencies=[Depends(json_only)]
    )
    async def ask_by_body(request: Request, asked: Ask) -> JSONResponse:
        """The same for a question that is not to stand in an address."""
        async with waiting.place(host_of(request)):
            return await run_in_threadpool(answered, asked.question, asked.first, asked.until)

    @router.get("/search", response_model=SearchReply, responses={**_GET}, summary="Search for passages")
    async def search(request: Request, search: Annotated[Search, Query()]) -> SearchReply:
        """The passages whose words and meaning come nearest, best first."""
        async with waiting.place(host_of(request)):
            return await run_in_threadpool(searched, search)

    @router.post(
        "/search",
        response_model=SearchReply,
        responses={**_POST},
        summary="Search for passages, as JSON",
        dependencies=[Depends(json_only)],
    )
    async def search_by_body(request: Request, search: SearchBody) -> SearchReply:
        """The same for words that are not to stand in an address."""
        async with waiting.place(host_of(request)):
            return await run_in_threadpool(searched, search)

    @router.get(
        "/articles/{article_id:path}", response_model=Article, responses={**_ARTICLE}, summary="Read an article"
    )
    def article(article_id: Annotated[str, Path(description="As replies and passages name it.")]) -> Article:
        """One article with its body, its sentences numbered as on its page, and its corrections."""
        found = article_within_rights(room.article(article_id))
        return article_reply(found, sentence_spans(found.body))

    return router
