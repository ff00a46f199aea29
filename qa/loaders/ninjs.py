"""ninjs, news items in JSON by the IPTC: version 3 has lists, and names in camel case, where version 1 has neither."""

from collections.abc import Iterator, Mapping
from urllib.parse import unquote

from qa.errors import ReadError
from qa.loaders.fields import NAMES, agency_status, first_address, first_iso
from qa.loaders.json_ld import Item, listed, mappings, text_of
from qa.loaders.metadata import FACTS_FIELD, RecordContext, exported_facts, present, with_exported
from qa.loaders.news_items import facts_of_nitf
from qa.loaders.paragraphs import paragraphs_of
from qa.loaders.xml_tree import tree_of
from qa.models.deliveries import Record
from qa.text.cleaning import clean, clean_line, id_from

_ARCHIVE_URN = "urn:x-archive:"  # before an id of the archive's own, where the format wants a URI
_KEYWORD = "keyword"  # the relation of a subject that is no more
_NAMES = NAMES["ninjs"]
_READ = {
    *_NAMES["read"],
    *(name for kind in ("words", "dates", "concepts") for names in _NAMES[kind].values() for name in names),
}


def is_ninjs(record: Item) -> bool:
    """True if an object has a `uri` and what else only ninjs has; the archive's own records may keep some of that."""
    names = {str(key).lower() for key in record}
    if {"id", "kind", "status"} <= names and not names.intersection(_NAMES["items_only"]):
        return False
    has_sign = names.intersection(_NAMES["signs"]) or any(name.startswith("body_") for name in names)
    return "uri" in names and bool(has_sign)


def read_ninjs(record: Item, context: RecordContext) -> Iterator[Record]:
    """The article of one item. Raises ReadError for a picture, a film or an item without words."""
    item = {str(key).lower(): value for key, value in record.items()}
    kind, title, body = text_of(item.get("type")).lower(), _headline(item), _body(item)
    if kind not in ("", "text", "composite", "component") and not body:
        raise ReadError(f"an item of text was expected, found one of type {kind[:40]}; only words can be quoted")
    if not body and not title:
        raise ReadError("a headline or a body was expected, found neither; deliver the whole item")
    carried = (part.get("value") for part in mappings(item.get("descriptions")) if part.get("role") == FACTS_FIELD)
    # Bodies that were not chosen say the same again.
    extra = {key: value for key, value in record.items() if key.lower() not in _READ and key.lower()[:5] != "body_"}
    uri = text_of(item.get("uri"))
    is_own = uri.startswith(_ARCHIVE_URN)
    extra |= {"uri": uri} if uri and not is_own else {}
    article_id = unquote(uri.removeprefix(_ARCHIVE_URN)) if is_own else id_from(uri)
    values = present({**_values(item), "id": article_id, "title": title, "text": body})
    yield context.article(with_exported(values, exported_facts(next(carried, None)), extra=extra))


def _values(item: Item) -> dict[str, object]:
    pages = [part.get("href") for part in mappings(item.get("renditions")) if "html" in _content_type(part)]
    keywords = [part for part in mappings(item.get("subjects")) if part.get("rel") == _KEYWORD]
    words = {field: [", ".join(_texts(item.get(name))) for name in names] for field, names in _NAMES["words"].items()}
    dates = {field: first_iso(*(item.get(name) for name in names)) for field, names in _NAMES["dates"].items()}
    return {
        **{field: next(filter(None, texts), "") for field, texts in words.items()},
        **{field: _concepts(item, names) for field, names in _NAMES["concepts"].items()},
        "published": dates["published"],
        "revised": dates["revised"],
        "url": first_address(map(text_of, (item.get("url"), *pages, item.get("uri")))),
        "urgency": item.get("urgency"),
        "keywords": _texts([*listed(item.get("keywords")), *keywords]),
        **agency_status(text_of(item.get("pubstatus")), embargo=dates["embargo"]),
    }


def _texts(value: object) -> list[str]:
    """The texts of a value or of a list of them, or what they are called."""
    names = ("value", "name", "text", "byline", "usageterms")
    candidates = (
        [text_of(part.get(name)) for name in names] if isinstance(part, Mapping) else [text_of(part)]
        for part in listed(value)
    )
    return [text for texts in candidates if (text := next(filter(None, texts), ""))]


def _headline(item: Item) -> str:
    """The main headline, or what stands for it; without markup, where it isn't said that there is none."""
    headlines = mappings(item.get("headlines"))
    main = [part for part in headlines if text_of(part.get("role")).lower() in ("", "main", "headline")]
    for part in ({"value": item.get("headline")}, *main, *headlines, {"value": item.get("title")}):
        text = text_of(part.get("value"))
        if line := clean_line(text if "plain" in _content_type(part) else paragraphs_of(text)):
            return line
    return ""


def _body(item: Item) -> str:
    """The words of the fullest body: marked-up before plain text, for only there paragraphs can be told."""
    bodies = [
        (f"{_content_type(body)} {text_of(body.get('role'))}".lower(), text_of(body.get("value")))
        for body in mappings(item.get("bodies"))
    ]
    bodies += [(key.removeprefix("body_"), text_of(value)) for key, value in item.items() if key.startswith("body_")]
    for kind in ("html", "nitf", "plain"):
        for content_type, value in bodies:
            if value and _body_kind(content_type) == kind and (text := _words(value, kind)):
                return text
    return ""


def _body_kind(content_type: str) -> str:
    if "html" in content_type:
        return "html"
    if "nitf" in content_type:
        return "nitf" if "ttnitf" not in content_type else ""
    return "plain" if "plain" in content_type or content_type.split()[-1:] in (["text"], ["main"], ["body"]) else ""


def _words(value: str, kind: str) -> str:
    """Of NITF the words of the body, also where only a part of an item is given."""
    for markup in (value, f"<body.content>{value}</body.content>") if kind == "nitf" else ():
        try:
            root, _ = tree_of(markup.encode("utf-8", "ignore"))
        except ReadError:
            continue
        return str(facts_of_nitf(next(root.iter("nitf"), root)).get("text", ""))
    return clean(value) if kind == "plain" else paragraphs_of(value)


def _concepts(item: Item, names: tuple[str, ...]) -> list[dict[str, str]]:
    values = (value for name in names for value in listed(item.get(name)))
    parts = mappings([{"name": value} if isinstance(value, str) else value for value in values])
    return [
        {
            "name": text_of(part.get("name")),
            "code": text_of(part.get("code") or part.get("literal") or part.get("uri") or part.get("symbol")),
        }
        for part in parts
        if part.get("rel") != _KEYWORD
    ]


def _content_type(part: Item) -> str:
    return text_of(part.get("contentType") or part.get("contenttype")).lower()
