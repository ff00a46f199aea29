"""The page that describes the interface, made from its description: no script, and an example of each call."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

from qa.web.printing import sheet
from qa.web.room import PageTexts

Schema = Mapping[str, Any]

_HOST = re.compile(r"https?://[\w.-]+(?::\d+)?|https?://\[[0-9a-fA-F:]+\](?::\d+)?")
_NAMED = "#/components/schemas/"

EXAMPLE_ID = "ID"
"""Stands for an article's id in an example: which there are, the archive's list tells."""


@dataclass(frozen=True, slots=True)
class Field:
    """One thing that is sent or got. `kind` is its type in words, `named` the schema that it links to, if any."""

    name: str
    kind: str
    named: str
    text: str
    must: bool = False


@dataclass(frozen=True, slots=True)
class Call:
    """One call: what it takes, by address or by body, what it gives by status, and how it is tried with curl."""

    id: str
    method: str
    path: str
    summary: str
    text: str
    fields: tuple[Field, ...]
    replies: tuple[tuple[str, Field], ...]
    curl: str


@dataclass(frozen=True, slots=True)
class Shape:
    """A named schema: its fields, or where it has none its type in words."""

    name: str
    text: str
    kind: str
    fields: tuple[Field, ...]


def docs_html(described: Schema, *, host: str, texts: PageTexts) -> str:
    """The page. `host` is the address that was asked, for the examples; one that is no plain address is left out."""
    base = host.rstrip("/").removesuffix("/api")
    shown = base if _HOST.fullmatch(base) else "https://HOST"
    return sheet(
        "api.html", calls=tuple(_calls(described, shown)), shapes=tuple(_shapes(described)),
        about=described["info"]["description"], texts=texts,
    )  # fmt: skip


def _calls(described: Schema, base: str) -> Iterator[Call]:
    schemas = described["components"]["schemas"]
    prefix = described["servers"][0]["url"]
    for path, by_method in described["paths"].items():
        for method, call in by_method.items():
            body = call.get("requestBody")
            taken = _resolved(_json_of(body), schemas) if body else None
            parameters = call.get("parameters", ())
            address = f"{prefix}{path}"
            yield Call(
                call["operationId"],
                method.upper(),
                address,
                call["summary"],
                call.get("description", ""),
                tuple(_fields(taken)) if taken else tuple(map(_parameter, parameters)),
                tuple((status, _reply(reply)) for status, reply in call["responses"].items()),
                _curl_body(base + address, taken) if taken else _curl_address(base + address, parameters, schemas),
            )


def _shapes(described: Schema) -> Iterator[Shape]:
    """The schemas of what is got; what is sent stands with its call."""
    sent = {
        _named(_json_of(call["requestBody"]))
        for calls in described["paths"].values()
        for call in calls.values()
        if "requestBody" in call
    }
    for name, schema in described["components"]["schemas"].items():
        if name not in sent:
            kind = "" if "properties" in schema else _kind(schema)
            yield Shape(name, schema.get("description", ""), kind, tuple(_fields(schema)))


def _fields(schema: Schema, within: str = "") -> Iterator[Field]:
    """The fields of an object, and after one that holds an object without a name, the fields of that."""
    must = set(schema.get("required", ()))
    for name, content in schema.get("properties", {}).items():
        yield Field(within + name, _kind(content), _named(content), content.get("description", ""), name in must)
        for part, mark in _parts(content):
            yield from _fields(part, f"{within}{name}{mark}.")


def _parts(schema: Schema) -> Iterator[tuple[Schema, str]]:
    """What a field may hold: itself, its alternatives, or the items of its list, which are marked."""
    yield schema, ""
    for one in (*schema.get("anyOf", ()), *schema.get("oneOf", ())):
        yield from _parts(one)
    if "items" in schema:
        yield from ((part, f"[]{mark}") for part, mark in _parts(schema["items"]))


def _parameter(parameter: Schema) -> Field:
    schema = parameter["schema"]
    text = parameter.get("description", schema.get("description", ""))
    return Field(parameter["name"], _kind(schema), "", text, parameter.get("required", False))


def _reply(reply: Schema) -> Field:
    schema = _json_of(reply) if "content" in reply else {}
    return Field("", "", _named(schema), reply["description"])


def _kind(schema: Schema) -> str:
    """The type in words: "text", "list of text or null"."""
    if "enum" in schema:
        return "one of " + ", ".join("null" if one is None else str(one) for one in schema["enum"])
    if alternatives := schema.get("anyOf") or schema.get("oneOf"):
        return " or ".join(dict.fromkeys(_kind(one) for one in alternatives))
    if "$ref" in schema:
        return str(schema["$ref"]).removeprefix(_NAMED)
    kinds: str | list[str] = schema.get("type", "any")
    if isinstance(kinds, list):
        return " or ".join(_WORDS.get(kind, kind) for kind in kinds)
    if kinds == "array":
        return f"list of {_kind(schema.get('items', {}))}"
    return _bounded(schema, _WORDS.get(kinds, kinds))


_WORDS = {"string": "text", "integer": "whole number", "object": "object", "boolean": "true or false"}


def _bounded(schema: Schema, kind: str) -> str:
    if "minimum" in schema and "maximum" in schema:
        return f"{kind}, {schema['minimum']} to {schema['maximum']}"
    return kind


def _named(schema: Schema) -> str:
    """The first named schema that this one is or may be, or that its items are; empty where there is none."""
    return next((str(part["$ref"]).removeprefix(_NAMED) for part, _ in _parts(schema) if "$ref" in part), "")


def _json_of(content: Schema) -> Schema:
    schema: Schema = content["content"]["application/json"]["schema"]
    return schema


def _resolved(schema: Schema, schemas: Mapping[str, Schema]) -> Schema:
    return schemas[_named(schema)] if "$ref" in schema else schema


def _curl_address(address: str, parameters: Any, schemas: Mapping[str, Schema]) -> str:
    inside = [one["name"] for one in parameters if one["in"] == "path"]
    for name in inside:
        address = address.replace(f"{{{name}}}", quote(EXAMPLE_ID))
    examples = {one["name"]: _example(one["schema"]) for one in parameters if one["in"] == "query"}
    query = urlencode({name: example for name, example in examples.items() if example is not None})
    return f"curl {shlex.quote(f'{address}?{query}' if query else address)}"


def _curl_body(address: str, schema: Schema) -> str:
    examples = {name: _example(one) for name, one in schema["properties"].items()}
    body = json.dumps({name: one for name, one in examples.items() if one is not None}, ensure_ascii=False)
    return f"curl -H 'Content-Type: application/json' -d {shlex.quote(body)} {shlex.quote(address)}"


def _example(schema: Schema) -> Any:
    return next(iter(schema.get("examples", ())), None)
