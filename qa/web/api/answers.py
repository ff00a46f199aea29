"""The call for an answer that was given before, as it may be shown today."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Depends, HTTPException, Path, Request
from fastapi.responses import JSONResponse

from qa.review.exporting import answer_json
from qa.review.permanent import ANSWER_ID, PermanentAnswers
from qa.web.api.door import Door
from qa.web.api.routes import REPLY, errors
from qa.web.same_origin import base_of

_TEXT, _OBJECT = {"type": "string"}, {"type": "object"}
_KEPT = {
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
        "reply": {"anyOf": [REPLY, {"type": "null"}], "description": "Without words that may not be shown any more."},
    },
}
_SHOWN: Mapping[int | str, dict[str, Any]] = {
    200: {"description": "The answer.", "content": {"application/json": {"schema": _KEPT}}}
}
_ERRORS = errors(_404="No answer of that id is kept.", _410="The staff of the archive have withheld it.")


def answer_calls(answers: PermanentAnswers, *, door: Door) -> APIRouter:
    """What programs can ask about answers that are kept; `door` lets each call in."""
    router = APIRouter(dependencies=[Depends(door)])

    @router.get("/answers/{answer_id}", responses={**_SHOWN, **_ERRORS}, summary="Read a kept answer")
    def answer(
        request: Request, answer_id: Annotated[str, Path(description="As `answer_id` in the reply to the question.")]
    ) -> JSONResponse:
        """The reply as it was given, what became of each of its sources since, and whether the staff checked it."""
        shown = answers.get(answer_id) if ANSWER_ID.fullmatch(answer_id) else None
        if shown is None:
            raise HTTPException(404, "No answer of that id is kept.")
        if shown.withheld:
            raise HTTPException(410, "The staff of the archive have withheld this answer.")
        return JSONResponse(answer_json(shown, base_of(request)))

    return router
