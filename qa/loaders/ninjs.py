"""ninjs 1.x to 3.x, news items in JSON by the IPTC.

Version 3 writes lists of headlines, bodies and people where version 1 has single values, and `versionCreated` where
that has `versioncreated`: names are compared without regard to case, and both shapes are read.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from qa.errors import ReadError
from qa.loaders.cleaning import clean, clean_line
from qa.loaders.fields import first_address, same_line
from qa.loaders.html_text import paragraphs_of
from qa.loaders.json_ld import Item, listed, text_of
from qa.loaders.metadata import RecordContext, present
from qa.loaders.own_exports import ARCHIVE_URN, FACTS_FIELD, exported_facts, id_of_uri
from qa.loaders.publication_status import agency_status
from qa.loaders.timestamps import first_iso
from qa.models.deliveries import Record

KEYWORD = "keyword"
"""The relation of a subject that is no more than a keyword."""

TEXT_TYPES = ("", "text", "composite", "component")
_SIGNS = frozenset(
    (
        *("versioncreated", "pubstatus", "bodies", "headlines", "representationtype", "usageterms", "standard"),
        *("associations", "copyrightholder", "contentcreated", "embargoeduntil"),
    )
)
_READ = frozenset(
    (
        *("uri", "type", "headline", "headlines", "title", "bodies", "versioncreated", "firstcreated"),
        *("contentcreated", "contentmodified", "pubstatus", "embargoed", "embargoeduntil", "language", "slugline"),
        *("sluglines", "byline", "by", "bylines", "urgency", "version", "copyrightholder", "copyrightnotice"),
        *("usageterms", "ednote", "subject", "subjects", "place", "places", "person", "people", "organisation"),
        *("organisations", "keywords", "rightsinfo", "provider", "infosources", "infosource", "descriptions"),
        *("description_text", "description_usage", "url", "standard"),
    )
)
_EXPORTED_ALSO = frozenset(("renditions", "representationType"))
_ITEMS_ONLY = frozenset(("versioncreated", "firstcreated", "headlines", "bodies", "pubstatus", "standard"))
_BODY_TYPES = {"xhtml": "text/html", "html": "text/html", "html5": "text/html", "nitf": "nitf", "text": "text/plain"}
_BODY_ORDER = ("html", "nitf", "plain")


def is_ninjs(record: Item) -> bool:
    """True if an object is an item of ninjs: it has a `uri` and what else only ninjs has.

    A record of the archive's own may keep such fields of the item that it once was.
    """
    names = {str(key).lower() for key in record}
    if {"id", "kind", "status"} <= names and not names & _ITEMS_ONLY:
        return False
    return "uri" in names and bool(names & _SIGNS or any(name.startswith("body_") for name in names))


def read_ninjs(record: Item, context: RecordContext) -> Iterator[Record]:
    """The article of one item. Raises ReadError for a picture, a film or an item without words."""
    item = {str(key).lower(): value for key, value in record.items()}
    kind = text_of(item.get("type")).lower()
    exported = _exported(item)
    title = _headline(item)
    body = _body(item)
    if kind not in TEXT_TYPES and not body:
        raise ReadError(f"an item of text was expected, found one of type {kind[:40]}; only words can be quoted")
    if not body and not title:
        raise ReadError("a headline or a body was expected, found neither; deliver the whole item")
    first, _, below = body.partition("\n")
    if not exported and below.strip() and same_line(first, title):
        body = below.strip("\n")
    extra = {key: value for key, value in _unread(record).items() if not exported or key not in _EXPORTED_ALSO}
    yield context.article(extra | present({**_values(item), "title": title, "text": body}) | exported)


def _values(item: Item) -> dict[str, object]:
    rights = item.get("rightsinfo") if isinstance(item.get("rightsinfo"), Mapping) else {}
    embargo = first_iso(item.get("embargoeduntil"), item.get("embargoed"))
    text = {key: text_of(value) for key, value in item.items() if not isinstance(value, Mapping | list)}
    return {
        "id": id_of_uri(text.get("uri", "")),
        "published": first_iso(item.get("contentcreated"), item.get("firstcreated"), item.get("versioncreated")),
        "revised": first_iso(item.get("versioncreated")),
        "url": first_address((text.get("url", ""), _page_of(item), text.get("uri", ""))),
        "outlet": _names(item.get("provider")) or _names(item.get("infosources")) or text.get("copyrightholder"),
        "language": text.get("language"),
        "slugline": text.get("slugline") or _names(item.get("sluglines")),
        "byline": text.get("byline") or text.get("by") or _names(item.get("bylines")),
        "urgency": item.get("urgency"),
        "version": text.get("version"),
        "copyright_holder": text.get("copyrightholder"),
        "copyright_notice": text.get("copyrightnotice"),
        "usage_terms": text.get("usageterms") or text_of(rights.get("usageterms") if rights else ""),
        "editor_note": text.get("ednote"),
        "keywords": list(filter(None, map(_name, _keywords(item)))),
        "subjects": _concepts(item, "subject", "subjects"),
        "places": _concepts(item, "place", "places"),
        "people": _concepts(item, "person", "people"),
        "organisations": _concepts(item, "organisation", "organisations"),
        **agency_status(text.get("pubstatus", ""), embargo=embargo),
    }


def _headline(item: Item) -> str:
    """The main headline, or what stands for it; without markup, where it isn't said that there is none."""
    headlines = _mappings(item.get("headlines"))
    main = [headline for headline in headlines if text_of(headline.get("role")).lower() in ("", "main", "headline")]
    for headline in ({"value": item.get("headline")}, *main, *headlines, {"value": item.get("title")}):
        text = text_of(_value(headline))
        if line := clean_line(text if "plain" in _content_type(headline) else paragraphs_of(text)):
            return line
    return ""


def _body(item: Item) -> str:
    """The words of the fullest body: marked-up before plain text, for only there paragraphs can be told."""
    bodies: dict[str, str] = {}
    for kind, value in _bodies(item):
        if value.strip():
            bodies.setdefault(kind, value)
    return next((text for kind in _BODY_ORDER if kind in bodies and (text := _plain(bodies[kind], kind))), "")


def _bodies(item: Item) -> Iterator[tuple[str, str]]:
    """Kind and value of each body: `html`, `nitf` or `plain`; kinds that nobody knows are `other`."""
    for body in _mappings(item.get("bodies")):
        yield _body_kind(f"{_content_type(body)} {text_of(body.get('role'))}".lower()), text_of(_value(body))
    for key, value in item.items():
        if key.startswith("body_"):
            yield _body_kind(_BODY_TYPES.get(key.removeprefix("body_"), key)), text_of(value)


def _body_kind(content_type: str) -> str:
    if "html" in content_type:
        return "html"
    if "nitf" in content_type:
        return "nitf" if "ttnitf" not in content_type else "other"
    is_plain = "plain" in content_type or content_type.split()[-1:] in (["text"], ["main"], ["body"])
    return "plain" if is_plain else "other"


def _plain(value: str, kind: str) -> str:
    if kind == "plain":
        return clean(value)
    if kind == "nitf":
        # Only items that have it need the reader of the other format.
        from qa.loaders.nitf import body_text_of

        try:
            return body_text_of(value)
        except ReadError:
            pass
    return paragraphs_of(value)


def _exported(item: Item) -> dict[str, object]:
    """The facts that an export of the archive's own keeps in a description."""
    for description in _mappings(item.get("descriptions")):
        if description.get("role") == FACTS_FIELD:
            return exported_facts(description.get("value"))
    return {}


def _unread(record: Item) -> dict[str, object]:
    """The values that no field holds; bodies that were not chosen say the same again."""
    unread = {str(key): value for key, value in record.items() if str(key).lower() not in _READ}
    uri = record.get("uri")
    extra = {key: value for key, value in unread.items() if not key.lower().startswith("body_")}
    return extra | ({"uri": uri} if isinstance(uri, str) and not uri.startswith(ARCHIVE_URN) else {})


def _page_of(item: Item) -> str:
    """The address of the rendition that is the article's page."""
    pages = [rendition for rendition in _mappings(item.get("renditions")) if rendition.get("name") == "web"]
    return next((text_of(page.get("href")) for page in pages if "html" in text_of(page.get("contentType"))), "")


def _keywords(item: Item) -> list[Any]:
    """Those of the field, and subjects that are said to be keywords."""
    subjects = _mappings(item.get("subjects"))
    return [*listed(item.get("keywords")), *(subject for subject in subjects if subject.get("rel") == KEYWORD)]


def _concepts(item: Item, *names: str) -> list[dict[str, str]]:
    concepts = []
    for value in (value for name in names for value in listed(item.get(name))):
        if isinstance(value, str):
            concepts.append({"name": value, "code": ""})
        elif isinstance(value, Mapping) and value.get("rel") != KEYWORD:
            code = text_of(value.get("code") or value.get("literal") or value.get("uri") or value.get("symbol"))
            concepts.append({"name": text_of(value.get("name")), "code": code})
    return concepts


def _names(value: object) -> str:
    """One name, or several with commas between."""
    return ", ".join(filter(None, map(_name, listed(value))))


def _name(value: object) -> str:
    return text_of(value) or text_of(_value(value)) if not isinstance(value, Mapping) else text_of(_value(value))


def _value(value: object) -> object:
    if not isinstance(value, Mapping):
        return None
    return value.get("value") or value.get("name") or value.get("text") or value.get("byline")


def _content_type(part: Item) -> str:
    return text_of(part.get("contentType") or part.get("contenttype")).lower()


def _mappings(value: object) -> list[Item]:
    return [item for item in listed(value) if isinstance(item, Mapping)]
