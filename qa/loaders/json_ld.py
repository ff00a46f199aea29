"""Articles of schema.org in JSON-LD: NewsArticle, OpinionNewsArticle, BlogPosting and their kin."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping

from qa.errors import ReadError
from qa.loaders.carried import carried_facts, overlaid
from qa.loaders.cleaning import clean_line
from qa.loaders.fields import id_from
from qa.loaders.linked_data import (
    NO_NODES,
    Item,
    Nodes,
    all_words_of,
    listed,
    nodes_of,
    objects_in,
    paragraphs_in,
    plain,
    resolved,
    types_of,
    words_of,
)
from qa.loaders.metadata import Facts, deliver, facts
from qa.loaders.moments import first_of
from qa.loaders.publishing import standing
from qa.loaders.stand_in import first_words
from qa.loaders.standing import MAX_NOTICE
from qa.models.deliveries import Record

CARRYING = "archiveFacts"
"""What the archive's own exports call what schema.org has no word for."""

MAX_EXTRA = 20_000  # characters of JSON of one value that no field holds

_OTHER_TYPES = ("Report", "BlogPosting", "LiveBlogPosting")
_NO_ARTICLES = ("APIReferenceArticle",)
_PLACES = ("Place", "City", "Country", "State", "AdministrativeArea", "Continent", "Landmark")
_ORGANISATIONS = ("Organization", "Corporation", "Company", "Agency", "Airline", "Party", "Team", "Institution")
_WITHDRAWN = ("withdrawn", "retracted", "removed", "killed", "kill", "cancelled", "canceled", "deleted", "unpublished")
_WITHHELD = ("draft", "incomplete", "pending", "embargoed", "withheld")
_READ = frozenset(
    (
        *("@context", "@type", "@id", "@graph", "headline", "name", "articleBody", "text", "liveBlogUpdate"),
        *("datePublished", "dateCreated", "dateModified", "correction", "author", "creator", "publisher", "url"),
        *("mainEntityOfPage", "inLanguage", "keywords", "articleSection", "copyrightHolder", "copyrightNotice"),
        *("usageInfo", "license", "identifier", "contentLocation", "spatialCoverage", "about", "mentions", "version"),
        *("creativeWorkStatus", "provider", "sourceOrganization", "potentialAction", "image", "comment", "hasPart"),
        *("thumbnailUrl", "speakable", "video", "interactionStatistic", "primaryImageOfPage"),
    )
)


def is_article(item: object) -> bool:
    """Whether an object is an article by its type."""
    if not isinstance(item, Mapping):
        return False
    kinds = types_of(plain(item))
    return any((kind.endswith("Article") or kind in _OTHER_TYPES) and kind not in _NO_ARTICLES for kind in kinds)


def is_linked_data(value: object) -> bool:
    """Whether an object of JSON is one of schema.org's, whatever it speaks of."""
    if not isinstance(value, Mapping):
        return False
    item = plain(value)
    return bool(types_of(item)) or "@graph" in item


def articles_in(value: object) -> list[Item]:
    """The articles that an object or a list holds; of those with one id the one that says most."""
    found: dict[str, Item] = {}
    for number, item in enumerate(objects_in(value)):
        if is_article(item) and not set(item) <= {"@id", "@type", "@context", "url"}:
            key = str(item.get("@id") or number)
            found[key] = max(found.get(key, item), item, key=len)
    return list(found.values())


def facts_of(item: Item, nodes: Nodes = NO_NODES) -> dict[str, object]:
    """What an article says, under the names of the archive; what is empty is left out.

    `nodes` are the other objects of its document, for it may name its author by reference.
    """
    item = plain(item)
    address = _address(item, nodes)
    found: dict[str, object] = {
        "id": _identifier(item, nodes),
        "title": words_of(item.get("headline")) or words_of(item.get("name")),
        "text": _body(item),
        "published": first_of(*_dates(item, "datePublished", "dateCreated", "uploadDate", "dateModified")),
        "revised": first_of(*_dates(item, "dateModified")),
        "url": address,
        "outlet": _outlet(item, nodes),
        "language": _language(item.get("inLanguage")),
        "byline": _byline(item, nodes),
        "section": ", ".join(all_words_of(item.get("articleSection"), nodes)[:10]),
        "keywords": _keywords(item, nodes),
        "copyright_holder": words_of(item.get("copyrightHolder"), nodes),
        "copyright_notice": words_of(item.get("copyrightNotice")),
        "usage_terms": _terms(item, nodes),
        "version": words_of(item.get("version")),
        "corrections": _corrections(item, nodes),
        **_spoken_of(item, nodes),
        **_standing(item, nodes),
    }
    return {key: value for key, value in found.items() if value not in (None, "", [])}


def unread(item: Item) -> dict[str, object]:
    """What no field holds, as far as it is short, and the type."""
    kept = {key: value for key, value in plain(item).items() if key not in _READ and not key.startswith("@")}
    return {
        **{key: value for key, value in kept.items() if len(json.dumps(value, default=str)) <= MAX_EXTRA},
        "type": ", ".join(types_of(item)),
    }


def read_json_ld(
    value: object, *, path: str, line: int | None, derived_id: str, beneath: Facts, notices: tuple[str, ...] = ()
) -> Iterator[Record]:
    """The articles of an object or a graph. Raises ReadError where there is none, or one says nothing."""
    articles, nodes = articles_in(value), nodes_of(value)
    if not articles:
        kinds = sorted({kind for item in objects_in(value) for kind in types_of(item)})[:5]
        found = ", ".join(clean_line(kind)[:60] for kind in kinds) or "none"
        raise ReadError(
            f"an article of schema.org was expected, found {found}; deliver the article's own object",
            path=path,
            line=line,
        )
    for number, item in enumerate(articles, start=1):
        carried = carried_facts(item.get(CARRYING))
        own, noticed = _whole(overlaid(facts_of(item, nodes), carried), item, path=path, line=line)
        said = {**own, **carried} if carried else {**unread(item), **own}
        stated = {**beneath, **facts(said, path=path, line=line)}
        derived = derived_id if len(articles) == 1 else f"{derived_id}-{number}"
        yield deliver(stated, derived_id=derived, path=path, line=line, notices=(*notices, *noticed))


def _whole(
    own: dict[str, object], item: Item, *, path: str, line: int | None
) -> tuple[dict[str, object], tuple[str, ...]]:
    """The facts with a title and a text, and what is to be noticed about that. Raises ReadError where it has none."""
    noticed: tuple[str, ...] = ()
    if not own.get("text"):
        own = {**own, "text": paragraphs_in(item.get("description") or item.get("abstract")), "kind": "teaser"}
    if not own.get("title"):
        if not own["text"]:
            reason = "a headline or an articleBody was expected, found neither; deliver the whole article"
            raise ReadError(reason, path=path, line=line)
        own = {**own, "title": first_words(str(own["text"])), "title_from": "text"}
        noticed = ("the headline is missing; the text's first words stand in",)
    return own, noticed


def _body(item: Item) -> str:
    body = paragraphs_in(item.get("articleBody")) or paragraphs_in(item.get("text"))
    if body or not item.get("liveBlogUpdate"):
        return body
    updates = (plain(one) for one in listed(item["liveBlogUpdate"]) if isinstance(one, Mapping))
    parts = (part for one in updates for part in (words_of(one.get("headline")), paragraphs_in(one.get("articleBody"))))
    return "\n\n".join(part for part in parts if part)


def _dates(item: Item, *names: str) -> list[str]:
    return [words_of(item.get(name)) for name in names]


def _address(item: Item, nodes: Nodes) -> str:
    page = resolved(item.get("mainEntityOfPage"), nodes)
    of_page = [page.get("@id"), page.get("url")] if isinstance(page, Mapping) else [page]
    for one in (item.get("url"), *of_page, item.get("@id")):
        text = words_of(one)
        if text.startswith(("http://", "https://")) and " " not in text:
            return text.partition("#")[0]
    return ""


def _identifier(item: Item, nodes: Nodes) -> str:
    """What its publisher calls it; else its `@id`, unless that only has a meaning inside its document."""
    for one in listed(item.get("identifier")):
        one = resolved(one, nodes)
        text = words_of(one.get("value") or one.get("@value")) if isinstance(one, Mapping) else words_of(one)
        if text:
            return id_from(text)
    name = words_of(item.get("@id"))
    return id_from(name) if name and not name.startswith(("#", "_:", "/")) else ""


def _language(value: object) -> str:
    for one in listed(value):
        if isinstance(one, Mapping):
            one = words_of(one.get("alternateName")) or words_of(one.get("@value")) or words_of(one.get("name"))
        text = words_of(one).replace("_", "-").lower()
        parts = text.split("-")
        if parts[0].isascii() and parts[0].isalpha() and len(parts[0]) in (2, 3) and text.replace("-", "").isalnum():
            return text
    return ""


def _byline(item: Item, nodes: Nodes) -> str:
    names = all_words_of(item.get("author"), nodes) or all_words_of(item.get("creator"), nodes)
    return ", ".join(name for name in names if not name.startswith(("http://", "https://", "#")))


def _outlet(item: Item, nodes: Nodes) -> str:
    names = (words_of(item.get(key), nodes) for key in ("publisher", "provider", "sourceOrganization"))
    return next((name for name in names if name and not name.startswith(("http", "#"))), "")


def _keywords(item: Item, nodes: Nodes) -> list[str]:
    words = all_words_of(item.get("keywords"), nodes)
    if len(words) == 1:
        words = words[0].replace(";", ",").split(",")
    return list(dict.fromkeys(word for one in words if (word := one.strip())))


def _terms(item: Item, nodes: Nodes) -> str:
    return "\n".join(all_words_of([*listed(item.get("usageInfo")), *listed(item.get("license"))], nodes))


def _corrections(item: Item, nodes: Nodes) -> list[dict[str, str]]:
    """The public words of each correction with its day; an address alone says nothing and is left out."""
    found = []
    for one in listed(item.get("correction")):
        one = resolved(one, nodes)
        day = None
        if isinstance(one, Mapping):
            day = first_of(words_of(one.get("datePublished")), words_of(one.get("dateCreated")))
            one = paragraphs_in(one.get("text") or one.get("description") or one.get("name"))
        text = words_of(one)
        if text and not text.startswith(("http://", "https://")):
            cut = text if len(text) <= MAX_NOTICE else f"{text[: MAX_NOTICE - 1]}…"
            found.append({"text": cut, "date": day[:10]} if day else {"text": cut})
    return found


def _spoken_of(item: Item, nodes: Nodes) -> dict[str, list[dict[str, str]]]:
    found: dict[str, list[dict[str, str]]] = {"places": [], "people": [], "organisations": [], "subjects": []}
    for key in ("contentLocation", "spatialCoverage", "about", "mentions"):
        for value in listed(item.get(key)):
            one = resolved(value, nodes)
            kinds = types_of(one) if isinstance(one, Mapping) else ()
            code = words_of(one.get("sameAs")) or words_of(one.get("@id")) if isinstance(one, Mapping) else ""
            name = words_of(one)
            if name:
                named = {"name": name, "code": "" if code.startswith("#") or code == name else code}
                found[_field(key, kinds)].append(named)
    return found


def _field(key: str, kinds: tuple[str, ...]) -> str:
    if key in ("contentLocation", "spatialCoverage") or any(kind.endswith(_PLACES) for kind in kinds):
        return "places"
    if "Person" in kinds:
        return "people"
    return "organisations" if any(kind.endswith(_ORGANISATIONS) for kind in kinds) else "subjects"


def _standing(item: Item, nodes: Nodes) -> Mapping[str, object]:
    word = words_of(item.get("creativeWorkStatus"), nodes).lower()
    if word in _WITHDRAWN:
        return standing("killed", reason="Retracted by its publisher" if word == "retracted" else "")
    return standing("withheld") if word in _WITHHELD else {}
