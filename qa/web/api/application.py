"""The API for other programs: an application of its own, at /api, that describes itself by OpenAPI."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
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
    'place in the article, and who published it and when. Errors are one shape, {"error": "plain words"}.'
)
_DEFINITION = re.compile(r"#/\$defs/(\w+)")
_REQUIRED = frozenset({"question"})
_PUBLISHED = {
    **{f"{name}Out": name for name in ("Article", "Correction", "Passage", "Sentence", "Source")},
    "QueueFilter": "Show",
    "QueueOrder": "Order",
}
"""The names of schemas that programs know, by the class."""
_CLASS = re.compile(rf"\b(?:{'|'.join(_PUBLISHED)})\b")

OpenApi = dict[str, Any]
Schema = Mapping[str, Any]

EXAMPLE_ID = "ID"
"""Placeholder for an article's id in an example."""

_HOST = re.compile(r"https?://[\w.-]+(?::\d+)?|https?://\[[0-9a-fA-F:]+\](?::\d+)?")
_REFERENCE = "#/components/schemas/"
_TYPES = {"string": "text", "integer": "whole number", "object": "object", "boolean": "true or false"}


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


@dataclass(frozen=True, slots=True)
class SchemaField:
    """A field that is sent or returned: `kind` is its type in words, `named` the schema that it links to, if any."""

    name: str
    kind: str
    named: str
    text: str
    required: bool = False


def docs_html(described: Schema, *, host: str, texts: PageTexts) -> str:
    """The page. `host` is the address of the request, for the examples; one that is no plain address is left out."""
    base = host.rstrip("/").removesuffix("/api")
    base = base if _HOST.fullmatch(base) else "https://HOST"
    schemas = described["components"]["schemas"]
    prefix = described["servers"][0]["url"]
    calls = [
        _call(method, f"{prefix}{path}", call, base, schemas)
        for path, methods in described["paths"].items()
        for method, call in methods.items()
    ]
    sent = {call["body"] for call in calls}
    returned = {
        name: (schema, "" if "properties" in schema else _kind(schema), list(_fields(schema)))
        for name, schema in schemas.items()
        if name not in sent
    }
    about = described["info"]["description"]
    return render("api.html", calls=calls, returned=returned, about=about, texts=texts)


def _call(method: str, address: str, call: Schema, base: str, schemas: Mapping[str, Schema]) -> dict[str, Any]:
    """A call: its fields, by address or by body, its responses by status, and how it is tried with curl."""
    parameters = call.get("parameters", ())
    body = _named(_json_schema(call["requestBody"])) if "requestBody" in call else ""
    return {
        "id": call["operationId"],
        "method": method.upper(),
        "path": address,
        "summary": call["summary"],
        "text": call.get("description", ""),
        "body": body,
        "fields": list(_fields(schemas[body]) if body else map(_parameter, parameters)),
        "responses": {status: _response(response) for status, response in call["responses"].items()},
        "curl": _curl_body(base + address, schemas[body]) if body else _curl_address(base + address, parameters),
    }


def _fields(schema: Schema, within: str = "") -> Iterator[SchemaField]:
    """The fields of an object, and after one that holds an object without a name, the fields of that."""
    required = set(schema.get("required", ()))
    for name, content in schema.get("properties", {}).items():
        text = content.get("description", "")
        yield SchemaField(within + name, _kind(content), _named(content), text, name in required)
        for part, mark in _parts(content):
            yield from _fields(part, f"{within}{name}{mark}.")


def _parts(schema: Schema) -> Iterator[tuple[Schema, str]]:
    """The schema itself, its alternatives, and the items of its list, which are marked."""
    yield schema, ""
    for alternative in (*schema.get("anyOf", ()), *schema.get("oneOf", ())):
        yield from _parts(alternative)
    if "items" in schema:
        yield from ((part, f"[]{mark}") for part, mark in _parts(schema["items"]))


def _parameter(parameter: Schema) -> SchemaField:
    schema = parameter["schema"]
    text = parameter.get("description", schema.get("description", ""))
    return SchemaField(parameter["name"], _kind(schema), "", text, parameter.get("required", False))


def _response(response: Schema) -> SchemaField:
    schema = _json_schema(response) if "content" in response else {}
    return SchemaField("", "", _named(schema), response["description"])


def _kind(schema: Schema) -> str:
    """The type in words: "text", "list of text or null"."""
    if "enum" in schema:
        return "one of " + ", ".join("null" if value is None else str(value) for value in schema["enum"])
    if alternatives := schema.get("anyOf") or schema.get("oneOf"):
        return " or ".join(dict.fromkeys(map(_kind, alternatives)))
    if "$ref" in schema:
        return str(schema["$ref"]).removeprefix(_REFERENCE)
    kinds: str | list[str] = schema.get("type", "any")
    if isinstance(kinds, list):
        return " or ".join(_TYPES.get(kind, kind) for kind in kinds)
    if kinds == "array":
        return f"list of {_kind(schema.get('items', {}))}"
    bounds = f", {schema['minimum']} to {schema['maximum']}" if {"minimum", "maximum"} <= set(schema) else ""
    return _TYPES.get(kinds, kinds) + bounds


def _named(schema: Schema) -> str:
    """The first named schema that this one is or may be, or that its items are; empty where there is none."""
    return next((str(part["$ref"]).removeprefix(_REFERENCE) for part, _ in _parts(schema) if "$ref" in part), "")


def _json_schema(content: Schema) -> Schema:
    schema: Schema = content["content"]["application/json"]["schema"]
    return schema


def _curl_address(address: str, parameters: Sequence[Schema]) -> str:
    for parameter in parameters:
        if parameter["in"] == "path":
            address = address.replace(f"{{{parameter['name']}}}", quote(EXAMPLE_ID))
    query = urlencode(_examples({one["name"]: one["schema"] for one in parameters if one["in"] == "query"}))
    return f"curl {shlex.quote(f'{address}?{query}' if query else address)}"


def _curl_body(address: str, schema: Schema) -> str:
    body = json.dumps(_examples(schema["properties"]), ensure_ascii=False)
    return f"curl -H 'Content-Type: application/json' -d {shlex.quote(body)} {shlex.quote(address)}"


def _examples(fields: Mapping[str, Schema]) -> dict[str, Any]:
    """The first example of each field that has one."""
    return {name: schema["examples"][0] for name, schema in fields.items() if schema.get("examples")}
