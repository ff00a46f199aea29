"""Every failure as one JSON shape, {"error": "plain words"}; nothing of the inside is told."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping, Sequence
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException
from starlette.routing import Match

from qa.domain.archive import long_date
from qa.errors import ArchiveError, InputError, NotFound, Withdrawn
from qa.web.api.models import MOST_PASSAGES
from qa.web.asking import typed

SHOWN = 60
"""Characters of what was sent that are shown again."""

UNREADABLE = 'The body can’t be read as JSON. Send one object, such as {"question": "Who?"}, in UTF-8.'

_EXPECTED = {"limit": f"a whole number from 1 to {MOST_PASSAGES}"}
_METHODS = ("GET", "POST")

_log = logging.getLogger(__name__)


def install(app: FastAPI) -> None:
    """Makes an application tell its failures in this shape."""
    app.add_exception_handler(HTTPException, _of_http)
    app.add_exception_handler(RequestValidationError, _of_validation)
    app.add_exception_handler(ArchiveError, _of_archive)
    app.add_exception_handler(Exception, _of_fault)


def validation_words(problems: Sequence[Mapping[str, Any]]) -> str:
    """The first problem of a request, in a sentence: what was expected, and what was found."""
    problem = problems[0]
    kind, names = problem["type"], [part for part in problem["loc"][1:] if isinstance(part, str)]
    if kind == "json_invalid":
        return UNREADABLE
    if not names:
        return 'Send one JSON object, such as {"question": "Who?"}.'
    name = typed(names[0])[:SHOWN]
    if kind == "extra_forbidden":
        return f"There is no field “{name}” here. /api/docs lists those that there are."
    if kind == "missing":
        return f"“{name}” is missing. /api/docs shows an example."
    if kind == "string_unicode":
        return f"“{name}” holds half of a character, which nothing can read. Send whole ones."
    if kind == "string_too_short":
        return f"“{name}” is empty: give some words."
    return f"“{name}” must be {_EXPECTED.get(name, 'text')}; found {_shown(problem.get('input'))}."


def withdrawal_words(withdrawn: Withdrawn) -> str:
    """That an article was withdrawn, when and why."""
    when = f" on {long_date(withdrawn.day)}" if withdrawn.day else ""
    why = f" Reason: {withdrawn.reason}" if withdrawn.reason else ""
    return f"This article was withdrawn from the archive{when}. It is neither shown nor quoted.{why}"


def archive_words(error: ArchiveError) -> tuple[int, str]:
    """Status and words of a failure that this project raises on purpose."""
    if isinstance(error, Withdrawn):
        return 410, withdrawal_words(error)
    if isinstance(error, NotFound):
        return 404, "The archive holds no article of that id."
    if isinstance(error, InputError):
        return 400, str(error)
    return 503, "The archive can’t be searched just now. Try again in a minute."


def _of_http(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)
    if error.status_code == 400:
        return _said(422, UNREADABLE)  # the framework's own: what this house refuses is an InputError
    if error.status_code == 404:
        return _said(404, "There is nothing at this address.")
    if error.status_code == 405:
        allowed = _allowed(request)
        return _said(405, f"This address takes {' and '.join(allowed)} only.", {"Allow": ", ".join(allowed)})
    return _said(error.status_code, str(error.detail), error.headers)


def _of_validation(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)
    return _said(422, validation_words(error.errors()))


def _of_archive(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, ArchiveError)
    status, words = archive_words(error)
    if status == 503:
        _log.error("a program could not be answered", exc_info=error)
    return _said(status, words)


def _of_fault(request: Request, error: Exception) -> JSONResponse:
    # Whoever serves the application logs it.
    return _said(500, "Something went wrong here, and was noted. Ask in other words, or later.")


def _allowed(request: Request) -> list[str]:
    """The methods that some route takes at this address: of several routes the framework names but the first's."""
    app: FastAPI = request.scope["app"]
    return [
        method
        for method in _METHODS
        if any(route.matches({**request.scope, "method": method})[0] is Match.FULL for route in app.routes)
    ]


def _shown(found: object) -> str:
    if isinstance(found, str):
        text = typed(found)
        return f"“{text[:SHOWN]}…”" if len(text) > SHOWN else f"“{text}”"
    if isinstance(found, list | dict):
        return "a list" if isinstance(found, list) else "an object"
    return json.dumps(found)[:SHOWN]


def _said(status: int, words: str, headers: Mapping[str, str] | None = None) -> JSONResponse:
    return JSONResponse({"error": words}, status, headers=dict(headers or {}))
