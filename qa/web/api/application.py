"""The API for other programs: an application of its own, at /api, that describes itself by OpenAPI."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from typing import Any

from fastapi import APIRouter, FastAPI, Request
from fastapi.responses import HTMLResponse

from qa.web.api.docs_page import docs_html
from qa.web.api.errors import install
from qa.web.api.models import reply_schema
from qa.web.api.routes import api_routes
from qa.web.context import WebContext

VERSION = "1"
"""Of the API: it grows by addresses and fields, and changes none."""

_ABOUT = (
    "Questions, passages and articles of a news archive. Every reply carries its references: verbatim quotes, their "
    'place in the article, and who published it and when. Errors are one shape, {"error": "plain words"}.'
)
_DEFINITION = re.compile(r"#/\$defs/(\w+)")
_REQUIRED = frozenset({"question"})

OpenApi = dict[str, Any]


class Api(FastAPI):
    """An application whose description holds the schema of replies."""

    def openapi(self) -> OpenApi:
        if self.openapi_schema is None:
            self.openapi_schema = completed(super().openapi())
        return self.openapi_schema


def create_api(context: WebContext, more: Sequence[APIRouter] = ()) -> FastAPI:
    """The application mounted at /api; `more` are further calls."""
    app = Api(
        title=context.texts.title,
        version=VERSION,
        description=_ABOUT,
        servers=[{"url": "/api"}],
        root_path_in_servers=False,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
    )
    install(app)
    for router in (api_routes(context), *more):
        app.include_router(router)

    @app.get("/docs", include_in_schema=False)
    def docs(request: Request) -> HTMLResponse:
        return HTMLResponse(docs_html(app.openapi(), host=str(request.base_url), texts=context.texts))

    app.openapi()  # now, so that no two first callers make it at once
    return app


def reply_components() -> dict[str, OpenApi]:
    """The schema of replies as named schemas of OpenAPI: Reply, and ReplyCitation and the like for its parts."""
    schema = reply_schema()
    parts = schema.pop("$defs")
    del schema["$schema"]
    named = {"Reply": schema} | {_component(name): part for name, part in parts.items()}
    components: dict[str, OpenApi] = json.loads(
        _DEFINITION.sub(lambda match: f"#/components/schemas/{_component(match[1])}", json.dumps(named))
    )
    return components


def completed(described: OpenApi) -> OpenApi:
    """The framework's description with the schema of replies and without what it says of errors."""
    schemas: OpenApi = described.setdefault("components", {}).setdefault("schemas", {})
    for name in ("HTTPValidationError", "ValidationError"):
        schemas.pop(name, None)
    schemas |= reply_components()
    parameters = (
        parameter
        for calls in described["paths"].values()
        for call in calls.values()
        for parameter in call.get("parameters", ())
    )
    for parameter in parameters:
        if parameter["name"] in _REQUIRED:
            # Its absence is refused in other words than the framework's, so it isn't declared as required there.
            parameter["required"] = True
            parameter["schema"].pop("default", None)
            parameter["schema"]["minLength"] = 1
    return described


def _component(name: str) -> str:
    return f"Reply{name[:1].upper()}{name[1:]}"
