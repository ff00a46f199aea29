"""The objects of JSON-LD as schema.org writes them: found, their references resolved, their values read."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any

from qa.loaders.cleaning import clean_line
from qa.loaders.html_text import is_markup, paragraphs_of

Item = Mapping[str, Any]
Nodes = Mapping[str, Item]
"""The objects of one document by their `@id`."""

NO_NODES: Nodes = MappingProxyType({})

MAX_OBJECTS = 5_000  # of one document; pages with long lists of related items have some hundreds
MAX_LISTED = 500
MAX_TEXT = 20_000_000

_PREFIXES = ("schema:", "http://schema.org/", "https://schema.org/", "http://www.schema.org/")
_WITHIN = ("@graph", "mainEntity", "mainEntityOfPage", "hasPart", "itemListElement", "item")
_NAMES = ("name", "@value", "value", "text", "headline", "termCode", "url", "@id")


def parsed_loosely(text: str) -> object:
    """The value of a script of a page, None where it is broken: pages wrap it in comments and break lines in it."""
    stripped = text.strip().removeprefix("<!--").removesuffix("-->").strip()
    stripped = stripped.removeprefix("//<![CDATA[").removeprefix("<![CDATA[").removesuffix("]]>").rstrip("/; \n\r\t")
    stripped = stripped.removesuffix("]]>").strip()
    try:
        return json.loads(stripped, strict=False, parse_constant=lambda name: None)
    except (ValueError, RecursionError):
        return None


def objects_in(value: object) -> Iterator[Item]:
    """All objects at the top, in lists, in `@graph` and in what a page says it is about, in their order."""
    waiting: list[object] = [value]
    found = 0
    while waiting and found < MAX_OBJECTS:
        one = waiting.pop()
        if isinstance(one, list):
            waiting.extend(reversed(one))
        elif isinstance(one, Mapping):
            found += 1
            item = plain(one)
            yield item
            inner = [item[key] for key in _WITHIN if isinstance(item.get(key), list | Mapping)]
            waiting.extend(reversed(inner))


def nodes_of(value: object) -> Nodes:
    """The objects by their ids; of several with one id the one that says most."""
    nodes: dict[str, Item] = {}
    for item in objects_in(value):
        for one in (item, *(plain(inner) for inner in item.values() if isinstance(inner, Mapping))):
            name = one.get("@id")
            if isinstance(name, str) and len(one) > len(nodes.get(name, ())):
                nodes[name] = one
    return nodes


def plain(item: Mapping[Any, Any]) -> Item:
    """The object with the names of its properties without their vocabulary."""
    return {_short(str(key)): value for key, value in item.items()}


def types_of(item: Item) -> tuple[str, ...]:
    return tuple(_short(one) for one in listed(item.get("@type")) if isinstance(one, str))


def listed(value: object) -> list[Any]:
    """A list of what is one value or a list of them."""
    if isinstance(value, Mapping) and isinstance(value.get("@list", value.get("@set")), list):
        value = value.get("@list", value.get("@set"))
    return value[:MAX_LISTED] if isinstance(value, list) else [] if value is None else [value]


def resolved(value: object, nodes: Nodes) -> object:
    """The object that a bare reference such as `{"@id": "#author"}` means."""
    if isinstance(value, Mapping):
        item = plain(value)
        reference = item.get("@id")
        if isinstance(reference, str) and not set(item) - {"@id", "@type"} and reference in nodes:
            return nodes[reference]
        return item
    return value


def words_of(value: object, nodes: Nodes = NO_NODES) -> str:
    """A value's text, or its name, in one line without markup; the first that says something of a list."""
    for one in listed(value):
        one = resolved(one, nodes)
        if isinstance(one, Mapping):
            one = next((text for key in _NAMES if (text := _text(one.get(key)))), "")
        if text := _text(one):
            return clean_line(paragraphs_of(text)) if is_markup(text) else clean_line(text)
    return ""


def all_words_of(value: object, nodes: Nodes = NO_NODES) -> list[str]:
    """The same of each of a list."""
    return list(dict.fromkeys(text for one in listed(value) if (text := words_of(one, nodes))))


def paragraphs_in(value: object) -> str:
    """A text with its paragraphs."""
    return paragraphs_of("\n\n".join(text for one in listed(value) if (text := _text(_value(one)))))


def _value(one: object) -> object:
    return one.get("@value", one.get("text")) if isinstance(one, Mapping) else one


def _text(value: object) -> str:
    if isinstance(value, Mapping):
        value = value.get("@value")
    if isinstance(value, list):
        value = next((one for one in value if isinstance(one, str)), None)
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    return str(value).strip()[:MAX_TEXT]


def _short(name: str) -> str:
    return next((name[len(prefix) :] for prefix in _PREFIXES if name.startswith(prefix)), name)
