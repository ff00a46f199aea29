"""ninjs 1.x to 3.x, news items in JSON by the IPTC.

Version 3 writes lists of headlines, bodies and people where version 1 has single values, and `versionCreated` where
that has `versioncreated`: names are compared without regard to case, and both shapes are read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from qa.errors import ReadError
from qa.loaders.carried import NAME, OWN_URN, carried_facts, id_of_uri
from qa.loaders.cleaning import clean, clean_line
from qa.loaders.html_text import paragraphs_of
from qa.loaders.metadata import Facts, deliver, facts
from qa.loaders.moments import first_of, iso
from qa.loaders.publishing import standing
from qa.models.deliveries import Record

Item = Mapping[str, Any]
Convert = Callable[[str], str]

KEYWORD = "keyword"
"""The relation of a subject that is no more than a keyword."""

TEXTUAL = ("", "text", "composite", "component")
_SIGNS = frozenset(
    (
        *(
            "versioncreated",
            "pubstatus",
            "bodies",
            "headlines",
            "body_text",
            "body_xhtml",
            "body_html",
            "representationtype",
        ),
        *("body_nitf", "usageterms", "standard", "associations", "copyrightholder", "contentcreated", "embargoeduntil"),
    )
)
_READ = frozenset(
    (
        *(
            "uri",
            "type",
            "headline",
            "headlines",
            "title",
            "bodies",
            "versioncreated",
            "firstcreated",
            "contentcreated",
        ),
        *("contentmodified", "pubstatus", "embargoed", "language", "slugline", "sluglines", "byline", "by", "bylines"),
        *("urgency", "version", "copyrightholder", "copyrightnotice", "usageterms", "ednote", "subject", "subjects"),
        *("place", "places", "person", "people", "organisation", "organisations", "keywords", "rightsinfo", "provider"),
        *("infosources", "infosource", "descriptions", "description_text", "description_usage", "url", "standard"),
        *("embargoeduntil",),
    )
)
_WRITTEN = frozenset(("renditions", "representationType"))
_OF_ITEMS_ALONE = frozenset(("versioncreated", "firstcreated", "headlines", "bodies", "pubstatus", "standard"))
_BODY_KEYS = {"xhtml": "text/html", "html": "text/html", "html5": "text/html", "nitf": "nitf", "text": "text/plain"}
_ORDER = ("html", "nitf", "plain")


def is_ninjs(record: Item) -> bool:
    """Whether an object is an item of ninjs: it has a `uri` and what else only ninjs has.

    A record of the archive's own may keep such fields of the item that it once was.
    """
    names = {str(key).lower() for key in record}
    if {"id", "kind", "status"} <= names and not names & _OF_ITEMS_ALONE:
        return False
    return "uri" in names and bool(names & _SIGNS or any(name.startswith("body_") for name in names))


def read_ninjs(
    record: Item, *, path: str, line: int | None, derived_id: str, beneath: Facts, notices: tuple[str, ...] = ()
) -> Iterator[Record]:
    """The article of one item. Raises ReadError for a picture, a film or an item without words."""
    item = {str(key).lower(): value for key, value in record.items()}
    kind = _text(item.get("type")).lower()
    title, body = headline_of(item), body_of(item)
    if kind not in TEXTUAL and not body:
        reason = f"an item of text was expected, found one of type {kind[:40]}; only words can be quoted"
        raise ReadError(reason, path=path, line=line)
    if not body and not title:
        raise ReadError(
            "a headline or a body was expected, found neither; deliver the whole item", path=path, line=line
        )
    own = {key: value for key, value in _facts_of(item, title=title, body=body).items() if value not in (None, "", [])}
    carried = _carried(item)
    left = {key: value for key, value in _unread(record).items() if not carried or key not in _WRITTEN}
    stated = {**beneath, **facts(left | own | carried, path=path, line=line)}
    yield deliver(stated, derived_id=derived_id, path=path, line=line, notices=notices)


def headline_of(item: Item) -> str:
    """The main headline, or what stands for it."""
    listed = [one for one in _listed(item.get("headlines")) if isinstance(one, Mapping)]
    main = [one for one in listed if _text(one.get("role")).lower() in ("", "main", "headline")]
    said = [_headline(one) for one in ({"value": item.get("headline")}, *main, *listed, {"value": item.get("title")})]
    return next((headline for headline in said if headline), "")


def _headline(one: Item) -> str:
    """Markup is taken out, where it isn't said that there is none."""
    plain = "plain" in _text(one.get("contentType") or one.get("contenttype")).lower()
    text = _text(_value(one))
    return clean_line(text if plain else paragraphs_of(text))


def body_of(item: Item) -> str:
    """The words of the fullest body: marked-up before plain text, for only there paragraphs can be told."""
    kinds: dict[str, str] = {}
    for kind, value in _bodies(item):
        if value.strip() and kind not in kinds:
            kinds[kind] = value
    for kind in _ORDER:
        if kind in kinds and (words := _words(kinds[kind], kind)):
            return words if _carried(item) else _without_headline(words, headline_of(item))
    return ""


def _carried(item: Item) -> dict[str, object]:
    """What an export of the archive's own says in a description; nothing in items of others."""
    for one in _listed(item.get("descriptions")):
        if isinstance(one, Mapping) and one.get("role") == NAME:
            return carried_facts(one.get("value"))
    return {}


def _words(value: str, kind: str) -> str:
    if kind == "plain":
        return clean(value)
    if kind == "nitf":
        return _nitf(value)
    return paragraphs_of(value)


def _nitf(value: str) -> str:
    # Only items that have it need the reader of the other format.
    from qa.loaders.nitf import body_text_of

    try:
        return body_text_of(value)
    except ReadError:
        return paragraphs_of(value)


def _bodies(item: Item) -> Iterator[tuple[str, str]]:
    """Kind and value of each body: `html`, `nitf` or `plain`; kinds that nobody knows are left out."""
    for one in _listed(item.get("bodies")):
        if isinstance(one, Mapping):
            said = f"{_text(one.get('contentType') or one.get('contenttype'))} {_text(one.get('role'))}".lower()
            yield _kind(said), _text(_value(one))
    for key, value in item.items():
        if key.startswith("body_"):
            yield _kind(_BODY_KEYS.get(key.removeprefix("body_"), key)), _text(value)


def _kind(said: str) -> str:
    if "html" in said:
        return "html"
    if "nitf" in said:
        return "nitf" if "ttnitf" not in said else "other"
    return "plain" if "plain" in said or said.split()[-1:] in (["text"], ["main"], ["body"]) else "other"


def _facts_of(item: Item, *, title: str, body: str) -> dict[str, object]:
    uri = _text(item.get("uri"))
    rights = item.get("rightsinfo") if isinstance(item.get("rightsinfo"), Mapping) else {}
    embargo = first_of(item.get("embargoeduntil"), item.get("embargoed"))
    said = standing(_text(item.get("pubstatus")), embargo=embargo)
    return {
        "id": id_of_uri(uri),
        "title": title,
        "text": body,
        "published": first_of(item.get("contentcreated"), item.get("firstcreated"), item.get("versioncreated")),
        "revised": iso(item.get("versioncreated")),
        "url": _address(item),
        "outlet": _names(item.get("provider")) or _names(item.get("infosources")) or _text(item.get("copyrightholder")),
        "language": _text(item.get("language")),
        "slugline": _text(item.get("slugline")) or _names(item.get("sluglines")),
        "byline": _text(item.get("byline")) or _text(item.get("by")) or _names(item.get("bylines")),
        "urgency": item.get("urgency"),
        "version": _text(item.get("version")),
        "copyright_holder": _text(item.get("copyrightholder")),
        "copyright_notice": _text(item.get("copyrightnotice")),
        "usage_terms": _text(item.get("usageterms")) or _text(rights.get("usageterms") if rights else ""),
        "editor_note": _text(item.get("ednote")),
        "keywords": [text for one in _keywords(item) if (text := _text(one) or _text(_value(one)))],
        "subjects": _coded(item, "subject", "subjects"),
        "places": _coded(item, "place", "places"),
        "people": _coded(item, "person", "people"),
        "organisations": _coded(item, "organisation", "organisations"),
        **said,
    }


def _unread(record: Item) -> dict[str, object]:
    """What no field holds; the bodies that were not chosen say the same again."""
    unread = {
        key: value
        for key, value in ((str(name), value) for name, value in record.items())
        if key.lower() not in _READ and not key.lower().startswith("body_")
    }
    uri = record.get("uri")
    return unread | ({"uri": uri} if isinstance(uri, str) and not uri.startswith(OWN_URN) else {})


def _address(item: Item) -> str:
    """Where a reader finds it, if the item says so by an address of the web."""
    return next(
        (
            text
            for text in (_text(item.get("url")), _page_of(item), _text(item.get("uri")))
            if text.startswith(("http://", "https://")) and not any(char.isspace() for char in text)
        ),
        "",
    )


def _page_of(item: Item) -> str:
    """The address of the rendition that is the article's page."""
    pages = [one for one in _listed(item.get("renditions")) if isinstance(one, Mapping) and one.get("name") == "web"]
    return next((_text(one.get("href")) for one in pages if "html" in _text(one.get("contentType"))), "")


def _keywords(item: Item) -> list[Any]:
    """Those of the field, and subjects that are said to be keywords."""
    subjects = _listed(item.get("subjects"))
    marked = [one for one in subjects if isinstance(one, Mapping) and one.get("rel") == KEYWORD]
    return [*_listed(item.get("keywords")), *marked]


def _coded(item: Item, *names: str) -> list[dict[str, str]]:
    found = []
    for name in names:
        for one in _listed(item.get(name)):
            if isinstance(one, str):
                found.append({"name": one, "code": ""})
            elif isinstance(one, Mapping) and one.get("rel") != KEYWORD:
                code = _text(one.get("code") or one.get("literal") or one.get("uri") or one.get("symbol"))
                found.append({"name": _text(one.get("name")), "code": code})
    return [one for one in found if one["name"] or one["code"]]


def _names(value: object) -> str:
    """One name, or several with commas between."""
    names = [_text(one) or _text(_value(one)) for one in _listed(value)]
    return ", ".join(name for name in names if name)


def _value(one: object) -> object:
    if not isinstance(one, Mapping):
        return None
    return one.get("value") or one.get("name") or one.get("text") or one.get("byline")


def _listed(value: object) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]


def _text(value: object) -> str:
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    return str(value).strip()[:20_000_000]


def _without_headline(body: str, headline: str) -> str:
    """Without the headline where the body begins by repeating it."""
    first, _, below = body.partition("\n")
    return below.strip("\n") if below.strip() and clean_line(first).casefold() == headline.casefold() else body
