"""The API for other programs: an application at /api that describes itself by OpenAPI; its failures have one shape."""

import json
import logging
import re
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

from fastapi import APIRouter, FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from starlette.exceptions import HTTPException
from starlette.routing import Match

from qa.errors import ArchiveError, Busy, InputError, NotFound, Overtaken, Refused, Withdrawn
from qa.models.archive import long_date
from qa.models.replies import Inference
from qa.web.api.models import MOST_PASSAGES, schema_of
from qa.web.api.routes import api_routes
from qa.web.context import WebContext
from qa.web.forms import typed
from qa.web.limits import TooManyRequests
from qa.web.requests import current_request_id

VERSION = "1"
"""Of the API: it grows by addresses and fields, and changes none."""

_ABOUT = (
    "Questions, passages and articles of a news archive. Every reply carries its references: verbatim quotes, their "
    "place in the article, and who published it and when. Errors are one shape, "
    '{"error": "plain words", "request_id": "by which the archive finds it in its log"}.'
)
OpenApi = dict[str, Any]

LONGEST_EXCERPT = 60  # characters of what was sent that are shown again
NO_JSON = 'The body can’t be read as JSON. Send one object, such as {"question": "Who?"}, in UTF-8.'

_EXPECTED = {"limit": f"a whole number from 1 to {MOST_PASSAGES}", "without": f"one or more of {', '.join(Inference)}"}
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

_log = logging.getLogger(__name__)


def create_api(context: WebContext, more: Sequence[APIRouter] = ()) -> FastAPI:
    """The application mounted at /api; `more` are further calls."""
    app = FastAPI(
        title=context.texts.title,
        version=VERSION,
        description=_ABOUT,
        servers=[{"url": "/api"}],
        root_path_in_servers=False,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
    )
    app.add_exception_handler(HTTPException, _of_http)
    app.add_exception_handler(RequestValidationError, _of_validation)
    app.add_exception_handler(ArchiveError, _of_archive)
    app.add_exception_handler(Exception, _of_fault)
    for router in (api_routes(context), *more):
        app.include_router(router)

    @app.get("/docs", include_in_schema=False)
    def docs(request: Request) -> Response:
        base = str(request.base_url).rstrip("/").removesuffix("/api")
        address = f"{base if _HOST.fullmatch(base) else 'https://HOST'}/api"  # as the examples name it
        return context.page("api.html", described=app.openapi(), address=address)

    app.openapi_schema = _completed(app.openapi())  # now, so that no two first callers make it at once
    return app


def _completed(framework: OpenApi) -> OpenApi:
    """The framework's description, with the schema of replies by the names Reply, ReplyCitation and the like."""
    described: OpenApi = json.loads(_PUBLISHED.sub(r"\1", json.dumps(framework)))
    schema = schema_of("reply")
    parts = schema.pop("$defs")
    del schema["$schema"]
    named = {"Reply": schema} | {f"Reply{name[0].upper()}{name[1:]}": part for name, part in parts.items()}
    text = _DEFINITION.sub(lambda match: f"{_REFERENCE}Reply{match[1].upper()}", json.dumps(named))
    described["components"]["schemas"] |= json.loads(text)
    (question,) = (of for of in described["paths"]["/ask"]["get"]["parameters"] if of["name"] == "question")
    # Its absence is refused in other words than the framework's, so it isn't declared as required there.
    question["required"] = True
    question["schema"] |= {"minLength": 1}
    question["schema"].pop("default", None)
    return described


def problem_text(kind: str, place: Sequence[int | str], sent: object) -> str:
    """pydantic's finding at a place of an object, in plain words; an empty place is the object itself."""
    names = [part for part in place if isinstance(part, str)]
    if not names:
        return 'Send one JSON object, such as {"question": "Who?"}.'
    name = typed(names[0])[:LONGEST_EXCERPT]
    if kind in _PROBLEMS:
        return _PROBLEMS[kind].format(name)
    if isinstance(sent, str):
        text = typed(sent)
        excerpt = f"“{text[:LONGEST_EXCERPT]}…”" if len(text) > LONGEST_EXCERPT else f"“{text}”"
    elif isinstance(sent, list | dict):
        excerpt = "a list" if isinstance(sent, list) else "an object"
    else:
        excerpt = json.dumps(sent)[:LONGEST_EXCERPT]
    return f"“{name}” must be {_EXPECTED.get(name, 'text')}; found {excerpt}."


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
        # The methods that some route takes here: of several routes the framework names but the first's.
        scopes = {method: {**request.scope, "method": method} for method in ("GET", "POST")}
        routes = request.scope["app"].routes
        allowed = [name for name in scopes if any(route.matches(scopes[name])[0] is Match.FULL for route in routes)]
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


def _response(status: int, text: str, headers: Mapping[str, str] | None = None) -> JSONResponse:
    return JSONResponse({"error": text, "request_id": current_request_id()}, status, headers=headers)
