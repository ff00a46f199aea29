"""ninjs 1.x to 3.x, news items in JSON by the IPTC.

Version 3 writes lists of headlines, bodies and people where version 1 has single values, and `versionCreated` where
that has `versioncreated`: names are compared without regard to case, and both shapes are read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from qa.domain.deliveries import Record
from qa.errors import ReadError
from qa.reading.cleaning import clean, clean_line
from qa.reading.fields import id_from
from qa.reading.html_text import paragraphs_of
from qa.reading.metadata import Facts, deliver, facts
from qa.reading.moments import first_of, iso
from qa.reading.publishing import standing

Item = Mapping[str, Any]
Convert = Callable[[str], str]

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
        *("body_nitf", "usageterms", "standard", "associations", "copyrightholder", "contentcreated"),
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
    )
)
_BODY_KEYS = {"xhtml": "text/html", "html": "text/html", "html5": "text/html", "nitf": "nitf", "text": "text/plain"}
_ORDER = ("html", "nitf", "plain")


def is_ninjs(record: Item) -> bool:
    """Whether an object is an item of ninjs: it has a `uri` and what else only ninjs has."""
    names = {str(key).lower() for key in record}
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
    stated = {**beneath, **facts(own | _unread(record), path=path, line=line)}
    yield deliver(stated, derived_id=derived_id, path=path, line=line, notices=notices)


def headline_of(item: Item) -> str:
    """The main headline, or what stands for it."""
    listed = [one for one in _listed(item.get("headlines")) if isinstance(one, Mapping)]
    main = [one for one in listed if _text(one.get("role")).lower() in ("", "main", "headline")]
    values = [_text(_value(one)) for one in (*main, *listed)]
    found = next((value for value in (_text(item.get("headline")), *values, _text(item.get("title"))) if value), "")
    return clean_line(paragraphs_of(found))


def body_of(item: Item) -> str:
    """The words of the fullest body: marked-up before plain text, for only there paragraphs can be told."""
    kinds: dict[str, str] = {}
    for kind, value in _bodies(item):
        if value.strip() and kind not in kinds:
            kinds[kind] = value
    for kind in _ORDER:
        if kind in kinds and (words := _words(kinds[kind], kind)):
            return _without_headline(words, headline_of(item))
    return ""


def _words(value: str, kind: str) -> str:
    if kind == "plain":
        return clean(value)
    if kind == "nitf":
        return _nitf(value)
    return paragraphs_of(value)


def _nitf(value: str) -> str:
    # Only items that have it need the reader of the other format.
    from qa.reading.nitf import body_text_of

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
    said = standing(_text(item.get("pubstatus")), embargo=iso(_text(item.get("embargoed"))))
    return {
        "id": id_from(uri) if uri else "",
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
        "keywords": [text for one in _listed(item.get("keywords")) if (text := _text(one) or _text(_value(one)))],
        "subjects": _coded(item, "subject", "subjects"),
        "places": _coded(item, "place", "places"),
        "people": _coded(item, "person", "people"),
        "organisations": _coded(item, "organisation", "organisations"),
        **said,
    }


def _unread(record: Item) -> dict[str, object]:
    """What no field holds; the bodies that were not chosen say the same again."""
    return {
        key: value
        for key, value in ((str(name), value) for name, value in record.items())
        if key.lower() not in _READ and not key.lower().startswith("body_")
    } | ({"uri": record["uri"]} if isinstance(record.get("uri"), str) else {})


def _address(item: Item) -> str:
    """Where a reader finds it, if the item says so by an address of the web."""
    return next(
        (
            text
            for text in (_text(item.get("url")), _text(item.get("uri")))
            if text.startswith(("http://", "https://")) and not any(char.isspace() for char in text)
        ),
        "",
    )


def _coded(item: Item, *names: str) -> list[dict[str, str]]:
    found = []
    for name in names:
        for one in _listed(item.get(name)):
            if isinstance(one, str):
                found.append({"name": one, "code": ""})
            elif isinstance(one, Mapping):
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
