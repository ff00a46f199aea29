"""Every failure of the API as one JSON shape, plain words and the request's id; no internals are revealed."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping, Sequence
from http import HTTPStatus

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException
from starlette.routing import Match

from qa.errors import ArchiveError, Busy, InputError, NotFound, Overtaken, Refused, Withdrawn
from qa.models.archive import long_date
from qa.models.replies import Inference
from qa.web.api.models import MOST_PASSAGES
from qa.web.forms import typed
from qa.web.limits import TooManyRequests
from qa.web.requests import current_request_id

LONGEST_EXCERPT = 60
"""Characters of what was sent that are shown again."""

NO_JSON = 'The body can’t be read as JSON. Send one object, such as {"question": "Who?"}, in UTF-8.'

_METHODS = ("GET", "POST")
_EXPECTED = {"limit": f"a whole number from 1 to {MOST_PASSAGES}", "without": f"one or more of {', '.join(Inference)}"}
_PROBLEMS = {
    "extra_forbidden": "There is no field “{}” here. Leave it out, or mend its name.",
    "missing": "“{}” is missing. It is needed.",
    "string_unicode": "“{}” holds half of a character, which nothing can read. Send whole ones.",
    "string_too_short": "“{}” is empty: give some words.",
}
"""Texts by pydantic's type of error."""

_STATUS = {Overtaken: 409, Refused: 403, InputError: 400}

_log = logging.getLogger(__name__)


def install(app: FastAPI) -> None:
    """Makes an application send its failures in this shape."""
    app.add_exception_handler(HTTPException, _of_http)
    app.add_exception_handler(RequestValidationError, _of_validation)
    app.add_exception_handler(ArchiveError, _of_archive)
    app.add_exception_handler(Exception, _of_fault)


def problem_text(kind: str, place: Sequence[int | str], sent: object) -> str:
    """pydantic's finding at a place of an object, in plain words; an empty place is the object itself."""
    names = [part for part in place if isinstance(part, str)]
    if not names:
        return 'Send one JSON object, such as {"question": "Who?"}.'
    name = typed(names[0])[:LONGEST_EXCERPT]
    if kind in _PROBLEMS:
        return _PROBLEMS[kind].format(name)
    return f"“{name}” must be {_EXPECTED.get(name, 'text')}; found {_excerpt(sent)}."


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


def _of_http(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)
    if error.status_code == 400 and error.__cause__ is not None:
        return _response(422, NO_JSON)  # the framework's own, raised from what it met in the body
    if error.status_code == 404 and error.detail == HTTPStatus.NOT_FOUND.phrase:
        return _response(404, "There is nothing at this address.")
    if error.status_code == 405:
        allowed = _allowed(request)
        return _response(405, f"This address takes {' and '.join(allowed)} only.", {"Allow": ", ".join(allowed)})
    return _response(error.status_code, str(error.detail), error.headers)


def _of_validation(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)
    problem = error.errors()[0]
    if problem["type"] == "json_invalid":
        return _response(422, NO_JSON)
    # A place begins with the part of the request: body or query.
    return _response(422, problem_text(problem["type"], problem["loc"][1:], problem.get("input")))


def _of_archive(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, ArchiveError)
    status, text = status_and_text(error)
    if status == 503 and not isinstance(error, Busy):
        _log.error("a program could not be answered", exc_info=error)
    return _response(status, text, {"Retry-After": str(error.seconds)} if isinstance(error, Busy) else None)


def _of_fault(request: Request, error: Exception) -> JSONResponse:
    # Whoever serves the application logs it.
    return _response(500, "Something went wrong here, and was noted. Ask in other words, or later.")


def _allowed(request: Request) -> list[str]:
    """The methods that some route takes at this address: of several routes the framework names but the first's."""
    app: FastAPI = request.scope["app"]
    return [
        method
        for method in _METHODS
        if any(route.matches({**request.scope, "method": method})[0] is Match.FULL for route in app.routes)
    ]


def _response(status: int, text: str, headers: Mapping[str, str] | None = None) -> JSONResponse:
    return JSONResponse({"error": text, "request_id": current_request_id()}, status, headers=headers)


def _excerpt(sent: object) -> str:
    if isinstance(sent, str):
        text = typed(sent)
        return f"“{text[:LONGEST_EXCERPT]}…”" if len(text) > LONGEST_EXCERPT else f"“{text}”"
    if isinstance(sent, list | dict):
        return "a list" if isinstance(sent, list) else "an object"
    return json.dumps(sent)[:LONGEST_EXCERPT]
