"""JSON-LD of schema.org: NewsArticle, OpinionNewsArticle, BlogPosting and their kin, in files and in web pages."""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from qa.errors import ReadError
from qa.loaders.fields import MAX_NOTICE, NAMES, agency_status, first_address, first_iso, first_language
from qa.loaders.metadata import RecordContext, exported_facts, present, with_exported
from qa.loaders.news_items import Concept, by_kind
from qa.loaders.paragraphs import is_markup, paragraphs_of
from qa.models.deliveries import Record
from qa.text.cleaning import clean_line, id_from

Item = Mapping[str, Any]

EXPORTED = "archiveFacts"  # the property in which the archive's own exports keep what schema.org has no word for
MAX_EXTRA = 20_000  # characters of JSON of one value that no field holds
MAX_OBJECTS = 5_000  # of one document; pages with long lists of related items have some hundreds
MAX_LISTED = 500
_VOCABULARY = re.compile(r"^(?:schema:|https?://schema\.org/|http://www\.schema\.org/)")
_NESTED = ("@graph", "mainEntity", "mainEntityOfPage", "hasPart", "itemListElement", "item")
_NAMES = ("name", "@value", "value", "text", "headline", "termCode", "url", "@id")
_ARTICLES = ("Article", "Report", "BlogPosting", "LiveBlogPosting")
_DATES = ("datePublished", "dateCreated", "uploadDate", "dateModified")
_PLACES = ("contentLocation", "spatialCoverage")
_ADDRESSES = ("http://", "https://", "#")
_TABLE = NAMES["schema-org"]


def read_json_ld(value: object, context: RecordContext) -> Iterator[Record]:
    """The articles of an object or a graph. Raises ReadError where there is none, or one says nothing."""
    articles, nodes = articles_in(value), nodes_of(value)
    if not articles:
        kinds = sorted({kind for item in _objects_in(value) for kind in _types_of(item)})[:5]
        actual = ", ".join(clean_line(kind)[:60] for kind in kinds) or "none"
        raise ReadError(f"an article of schema.org was expected, found {actual}; deliver the article's own object")
    for number, item in enumerate(articles, start=1):
        values = facts_of(item, nodes)
        if not values.get("text"):
            values |= {"text": _paragraphs_in(item.get("description") or item.get("abstract")), "kind": "teaser"}
        exported = exported_facts(item.get(EXPORTED))  # as they were: a headline may be "&#1;"
        if not (values.get("title") or values["text"] or exported.get("title")):
            raise ReadError("a headline or an articleBody was expected, found neither; deliver the whole article")
        values = with_exported(values, exported, extra=unread(item))
        yield (context if len(articles) == 1 else context.numbered(number)).article(values)


def is_article(item: Item) -> bool:
    """True if an object is an article by its type."""
    return any(kind.endswith(_ARTICLES) and kind != "APIReferenceArticle" for kind in _types_of(item))


def is_linked_data(value: object) -> bool:
    """True if an object of JSON is one of schema.org's, whatever it speaks of."""
    return isinstance(value, Mapping) and ("@graph" in value or bool(_types_of(value)))


def articles_in(value: object) -> list[Item]:
    """The articles that an object or a list holds; of those with one id the one that says most."""
    articles: dict[str, Item] = {}
    for number, item in enumerate(_objects_in(value)):
        if is_article(item) and not set(item) <= {"@id", "@type", "@context", "url"}:
            key = str(item.get("@id") or number)
            articles[key] = max(articles.get(key, item), item, key=len)
    return list(articles.values())


def nodes_of(value: object) -> dict[str, Item]:
    """The objects by their ids, for an article may name its author by reference; of each id the one that says most."""
    nodes: dict[str, Item] = {}
    for item in _objects_in(value):
        for node in (item, *(_plain(inner) for inner in item.values() if isinstance(inner, Mapping))):
            name = node.get("@id")
            if isinstance(name, str) and len(node) > len(nodes.get(name, ())):
                nodes[name] = node
    return nodes


def facts_of(item: Item, nodes: Mapping[str, Item] = {}) -> dict[str, object]:
    """The facts of an article of `articles_in` by the archive's names; those that are empty are left out."""

    def words(*keys: str) -> str:
        return next((text for key in keys if (text := words_of(item.get(key), nodes))), "")

    def every(*keys: str) -> list[str]:
        texts = {key: dict.fromkeys(words_of(part, nodes) for part in listed(item.get(key))) for key in keys}
        return [text for key in keys for text in texts[key] if text]

    def names(*keys: str) -> list[str]:  # of people or organisations; a bare address is none
        return [name for name in every(*keys) if not name.startswith(_ADDRESSES)]

    page = _resolved(item.get("mainEntityOfPage"), nodes)
    pages = [page.get("@id"), page.get("url")] if isinstance(page, Mapping) else [page]
    spoken = (part if isinstance(part, Mapping) else {"name": part} for part in listed(item.get("inLanguage")))
    languages = (words_of(part.get(key)) for part in spoken for key in ("alternateName", "@value", "name"))
    body = _paragraphs_in(item.get("articleBody")) or _paragraphs_in(item.get("text"))
    updates = map(_plain, mappings(item.get("liveBlogUpdate")))
    parts = ((words_of(update.get("headline")), _paragraphs_in(update.get("articleBody"))) for update in updates)
    keywords, status = every("keywords"), words("creativeWorkStatus").lower()
    code = next((code for code in ("killed", "withheld") if status in _TABLE[code]), "")
    values = {
        "id": _identifier(item, nodes),
        "title": words("headline", "name"),
        "text": body or "\n\n".join(text for part in parts for text in part if text),
        "published": first_iso(*(words_of(item.get(key)) for key in _DATES)),
        "revised": first_iso(words("dateModified")),
        "url": first_address(map(words_of, (item.get("url"), *pages, item.get("@id")))).partition("#")[0],
        "outlet": next(iter(names("publisher", "provider", "sourceOrganization")), ""),
        "language": first_language(*languages),
        "byline": ", ".join(names("author") or names("creator")),
        "section": ", ".join(every("articleSection")[:10]),
        "keywords": keywords[0] if len(keywords) == 1 else keywords,
        "copyright_holder": words("copyrightHolder"),
        "copyright_notice": words("copyrightNotice"),
        "usage_terms": "\n".join(every("usageInfo", "license")),
        "version": words("version"),
        "corrections": _corrections(item, nodes),
        **by_kind(list(_concepts(item, nodes))),
        **agency_status(code, reason="Retracted by its publisher" if status == "retracted" else ""),
    }
    return present(values)


def unread(item: Item) -> dict[str, object]:
    """The properties that no field holds, as far as they are short, and the type."""
    extra = {key: value for key, value in item.items() if key not in _TABLE["read"] and not key.startswith("@")}
    short = {key: value for key, value in extra.items() if len(json.dumps(value, default=str)) <= MAX_EXTRA}
    return {**short, "type": ", ".join(_types_of(item))}


def listed(value: object) -> list[Any]:
    """A list of what is one value or a list of them."""
    if isinstance(value, Mapping) and isinstance(value.get("@list", value.get("@set")), list):
        value = value.get("@list", value.get("@set"))
    return value[:MAX_LISTED] if isinstance(value, list) else [] if value is None else [value]


def mappings(value: object) -> list[Item]:
    """The objects among them."""
    return [item for item in listed(value) if isinstance(item, Mapping)]


def text_of(value: object) -> str:
    """The text of a string or a number, or of the mapping or the list that holds it; else empty."""
    if isinstance(value, Mapping):
        value = value.get("@value")
    if isinstance(value, list):
        value = next((item for item in value if isinstance(item, str)), None)
    is_text = isinstance(value, str | int | float) and not isinstance(value, bool)
    return str(value).strip() if is_text else ""


def words_of(value: object, nodes: Mapping[str, Item] = {}) -> str:
    """A value's text, or its name, in one line without markup; the first that says something of a list."""
    for item in listed(value):
        item = _resolved(item, nodes)
        if isinstance(item, Mapping):
            item = next((text for key in _NAMES if (text := text_of(item.get(key)))), "")
        if text := text_of(item):
            return clean_line(paragraphs_of(text) if is_markup(text) else text)
    return ""


def _objects_in(value: object) -> Iterator[Item]:
    """All objects at the top, in lists, in `@graph` and in what a page says it is about, in their order."""
    waiting, count = [value], 0
    while waiting and count < MAX_OBJECTS:
        item = waiting.pop()
        if isinstance(item, list):
            waiting.extend(reversed(item))
        elif isinstance(item, Mapping):
            count += 1
            item = _plain(item)
            yield item
            waiting.extend(item[key] for key in reversed(_NESTED) if isinstance(item.get(key), list | Mapping))


def _plain(item: Mapping[Any, Any]) -> Item:
    """The object with the names of its properties without their vocabulary."""
    return {_VOCABULARY.sub("", str(key)): value for key, value in item.items()}


def _types_of(item: Item) -> tuple[str, ...]:
    return tuple(_VOCABULARY.sub("", kind) for kind in listed(item.get("@type")) if isinstance(kind, str))


def _resolved(value: object, nodes: Mapping[str, Item]) -> object:
    """The object that a bare reference such as `{"@id": "#author"}` means."""
    if not isinstance(value, Mapping):
        return value
    item = _plain(value)
    is_bare = isinstance(item.get("@id"), str) and item.keys() <= {"@id", "@type"}
    return nodes.get(item["@id"], item) if is_bare else item


def _paragraphs_in(value: object) -> str:
    values = (item.get("@value", item.get("text")) if isinstance(item, Mapping) else item for item in listed(value))
    return paragraphs_of("\n\n".join(filter(None, map(text_of, values))))


def _identifier(item: Item, nodes: Mapping[str, Item]) -> str:
    """The publisher's identifier; else the `@id`, unless that only has a meaning inside its document."""
    for value in listed(item.get("identifier")):
        value = _resolved(value, nodes)
        value = value.get("value") or value.get("@value") if isinstance(value, Mapping) else value
        if text := words_of(value):
            return id_from(text)
    name = words_of(item.get("@id"))
    return "" if name.startswith(("#", "_:", "/")) else id_from(name)


def _corrections(item: Item, nodes: Mapping[str, Item]) -> list[dict[str, str]]:
    """The public words of each correction with its day; an address alone says nothing and is left out."""
    corrections = []
    for value in listed(item.get("correction")):
        value, day = _resolved(value, nodes), None
        if isinstance(value, Mapping):
            day = first_iso(words_of(value.get("datePublished")), words_of(value.get("dateCreated")))
            value = _paragraphs_in(value.get("text") or value.get("description") or value.get("name"))
        text = words_of(value)
        if text and not text.startswith(_ADDRESSES[:2]):
            cut = text if len(text) <= MAX_NOTICE else f"{text[: MAX_NOTICE - 1]}…"
            corrections.append({"text": cut, "date": day[:10]} if day else {"text": cut})
    return corrections


def _concepts(item: Item, nodes: Mapping[str, Item]) -> Iterator[tuple[str, Concept]]:
    for key in (*_PLACES, "about", "mentions"):
        for value in listed(item.get(key)):
            concept = _resolved(value, nodes)
            node: Item = concept if isinstance(concept, Mapping) else {}
            code = words_of(node.get("sameAs")) or words_of(node.get("@id"))
            if name := words_of(concept):
                types, kinds = _types_of(node), ("place", "person", "organisation")
                matching = (kind for kind in kinds if any(name.endswith(tuple(_TABLE[kind])) for name in types))
                kind = "place" if key in _PLACES else next(matching, "")
                yield kind, {"name": name, "code": "" if code.startswith("#") or code == name else code}
