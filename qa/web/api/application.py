"""The API for other programs: an application of its own, at /api, that describes itself by OpenAPI."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Sequence
from typing import Any
from urllib.parse import quote, urlencode

from fastapi import APIRouter, FastAPI, Request
from fastapi.responses import HTMLResponse

from qa.web.api.errors import install
from qa.web.api.models import reply_schema
from qa.web.api.routes import api_routes
from qa.web.context import WebContext
from qa.web.service import PageTexts
from qa.web.templating import render

VERSION = "1"
"""Of the API: it grows by addresses and fields, and changes none."""

_ABOUT = (
    "Questions, passages and articles of a news archive. Every reply carries its references: verbatim quotes, their "
    "place in the article, and who published it and when. Errors are one shape, "
    '{"error": "plain words", "request_id": "by which the archive finds it in its log"}.'
)
_DEFINITION = re.compile(r"#/\$defs/(\w+)")
_PUBLISHED = {
    **{f"{name}Out": name for name in ("Article", "Correction", "Passage", "Sentence", "Source")},
    "QueueFilter": "Show",
    "QueueOrder": "Order",
}
"""The names of schemas that programs know, by the class."""
_CLASS = re.compile(rf"\b(?:{'|'.join(_PUBLISHED)})\b")

OpenApi = dict[str, Any]

EXAMPLE_ID = "ID"
"""Placeholder for an article's id in an example."""

_HOST = re.compile(r"https?://[\w.-]+(?::\d+)?|https?://\[[0-9a-fA-F:]+\](?::\d+)?")
_REFERENCE = "#/components/schemas/"


class Api(FastAPI):
    """An application whose description holds the schema of replies."""

    def openapi(self) -> OpenApi:
        if self.openapi_schema is None:
            text = json.dumps(super().openapi())
            self.openapi_schema = completed(json.loads(_CLASS.sub(lambda match: _PUBLISHED[match[0]], text)))
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
    calls = (call for methods in described["paths"].values() for call in methods.values())
    for parameter in (parameter for call in calls for parameter in call.get("parameters", ())):
        if parameter["name"] == "question":
            # Its absence is refused in other words than the framework's, so it isn't declared as required there.
            parameter["required"] = True
            parameter["schema"].pop("default", None)
            parameter["schema"]["minLength"] = 1
    return described


def _component(name: str) -> str:
    return f"Reply{name[:1].upper()}{name[1:]}"


def docs_html(described: OpenApi, *, host: str, texts: PageTexts) -> str:
    """The page. `host` is the address of the request, for the examples; one that is no plain address is left out."""
    base = host.rstrip("/").removesuffix("/api")
    base = base if _HOST.fullmatch(base) else "https://HOST"
    address = f"{base}{described['servers'][0]['url']}"
    schemas = described["components"]["schemas"]
    calls = [
        _call(method, path, call, address, schemas)
        for path, methods in described["paths"].items()
        for method, call in methods.items()
    ]
    bodies = {call["body"] for call in calls}
    results = {name: schema for name, schema in schemas.items() if name not in bodies}
    return render(
        "api.html", calls=calls, schemas=schemas, results=results, about=described["info"]["description"], texts=texts
    )


def _call(method: str, path: str, call: OpenApi, address: str, schemas: OpenApi) -> OpenApi:
    """A call as described, with its method, address, schema of the body, and how it is tried with curl."""
    content = call.get("requestBody", {}).get("content", {})
    body = content["application/json"]["schema"]["$ref"].removeprefix(_REFERENCE) if content else ""
    curl = (
        _curl_body(address + path, schemas[body]) if body else _curl_address(address + path, call.get("parameters", ()))
    )
    return call | {"method": method.upper(), "path": f"/api{path}", "body": body, "curl": curl}


def _curl_address(address: str, parameters: Sequence[OpenApi]) -> str:
    for parameter in parameters:
        if parameter["in"] == "path":
            address = address.replace(f"{{{parameter['name']}}}", quote(EXAMPLE_ID))
    fields = {parameter["name"]: parameter["schema"] for parameter in parameters if parameter["in"] == "query"}
    query = urlencode(_examples(fields))
    return f"curl {shlex.quote(f'{address}?{query}' if query else address)}"


def _curl_body(address: str, schema: OpenApi) -> str:
    body = json.dumps(_examples(schema["properties"]), ensure_ascii=False)
    return f"curl -H 'Content-Type: application/json' -d {shlex.quote(body)} {shlex.quote(address)}"


def _examples(fields: OpenApi) -> OpenApi:
    """The first example of each field that has one."""
    return {name: schema["examples"][0] for name, schema in fields.items() if schema.get("examples")}
