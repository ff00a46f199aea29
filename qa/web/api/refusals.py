"""Every failure as one JSON shape, {"error": "plain words"}; nothing of the inside is told."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from http import HTTPStatus

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException
from starlette.routing import Match

from qa.errors import ArchiveError, Busy
from qa.web.api.words import UNREADABLE, archive_words, problem_words

_METHODS = ("GET", "POST")

_log = logging.getLogger(__name__)


def install(app: FastAPI) -> None:
    """Makes an application tell its failures in this shape."""
    app.add_exception_handler(HTTPException, _of_http)
    app.add_exception_handler(RequestValidationError, _of_validation)
    app.add_exception_handler(ArchiveError, _of_archive)
    app.add_exception_handler(Exception, _of_fault)


def _of_http(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)
    if error.status_code == 400 and error.__cause__ is not None:
        return _said(422, UNREADABLE)  # the framework's own, raised from what it met in the body
    if error.status_code == 404 and error.detail == HTTPStatus.NOT_FOUND.phrase:
        return _said(404, "There is nothing at this address.")
    if error.status_code == 405:
        allowed = _allowed(request)
        return _said(405, f"This address takes {' and '.join(allowed)} only.", {"Allow": ", ".join(allowed)})
    return _said(error.status_code, str(error.detail), error.headers)


def _of_validation(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)
    problem = error.errors()[0]
    if problem["type"] == "json_invalid":
        return _said(422, UNREADABLE)
    # A place begins with the part of the request: body or query.
    return _said(422, problem_words(problem["type"], problem["loc"][1:], problem.get("input")))


def _of_archive(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, ArchiveError)
    status, words = archive_words(error)
    if status == 503 and not isinstance(error, Busy):
        _log.error("a program could not be answered", exc_info=error)
    return _said(status, words, {"Retry-After": str(error.seconds)} if isinstance(error, Busy) else None)


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


def _said(status: int, words: str, headers: Mapping[str, str] | None = None) -> JSONResponse:
    return JSONResponse({"error": words}, status, headers=dict(headers or {}))
