"""NewsML-G2, news items and messages of several in XML by the IPTC, with and without a namespace."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator
from dataclasses import dataclass, field

from qa.errors import ReadError
from qa.loaders.documents import Document
from qa.loaders.encoding import decode
from qa.loaders.fields import first_language, id_from, is_address, with_headline
from qa.loaders.metadata import Facts, RecordContext, present
from qa.loaders.news_items import ConceptLists, cancellation, concept, empty_concepts, read_items
from qa.loaders.newsml1 import read_news_items
from qa.loaders.nitf import facts_of_nitf
from qa.loaders.publication_status import agency_status
from qa.loaders.timestamps import first_iso, iso
from qa.loaders.xml_tree import (
    Element,
    attribute,
    child,
    children,
    descendants,
    elements,
    line,
    line_number,
    line_of,
    lines,
    local,
    paragraphs_of_data,
    text_in,
    tree_of,
    xhtml_facts,
)
from qa.models.deliveries import Record, Remark

ROOTS = frozenset(
    (
        *("newsmessage", "newsitem", "packageitem", "conceptitem", "knowledgeitem", "planningitem", "catalogitem"),
        *("contentset", "inlinexml"),
    )
)
MAX_LISTED = 100  # of links and the like that `extra` keeps

_FRAGMENTS = ("contentSet", "inlineXML")
_WITHOUT_WORDS = {
    "packageItem": "a package that only lists items",
    "conceptItem": "a concept",
    "knowledgeItem": "a list of concepts",
    "planningItem": "a plan of coverage",
    "catalogItem": "a catalog",
}
_TEXT_CLASSES = ("", "text", "composite")
_ARTICLES = {"audio": "a recording", "video": "a film", "picture": "a picture", "graphic": "a graphic"}
_KINDS = {
    "person": "people",
    "organisation": "organisations",
    "organization": "organisations",
    "geoarea": "places",
    "poi": "places",
}
_REPLACED = ("previousversion", "supersedes", "replaces", "evolvedfrom", "corrects", "iscorrectionof")
_CODE = "@qcode|uri|literal"

_BLOCKS = ("p", "div", "section", "article", "body.content", "block")


def read_newsml_g2(document: Document, *, defaults: Facts) -> Iterator[Record]:
    """NewsML-G2, news items and messages of several in XML by the IPTC, with and without a namespace."""
    tree = tree_of(document)
    root = tree.root
    context = RecordContext(document, defaults, notices=tree.notices)
    if local(root) == "NewsItem":
        yield from read_news_items(tree, context)
    elif local(root) == "newsMessage":
        items = _in_order([item for itemset in descendants(root, "itemSet") for item in children(itemset)])
        if not items:
            reason = "a message with items was expected, found one without; deliver the items"
            raise ReadError(reason, line=line_number(root))
        yield from read_items(items, context, _read_item if len(items) == 1 else _read_item_of_message)
    else:
        yield from read_items([root], context, _read_item)


def _read_item_of_message(item: Element, context: RecordContext) -> Iterator[Record]:
    """The same, but for packages, which only list the other items of a message."""
    if local(item) != "packageItem":
        yield from _read_item(item, context)
        return
    count = sum(1 for _ in descendants(item, "itemRef"))
    remark = f"a package that lists {count} items; it has no words of its own"
    yield Remark(context.document.place, context.line, remark)


def _read_item(item: Element, context: RecordContext) -> Iterator[Record]:
    """The article of one item, or the order that it is. Raises ReadError for what has no words."""
    _refuse_wordless(item)
    content = content_of(item, language=_language(item))
    values = present(content.facts) | present(_item_facts(item))
    if not values.get("title"):
        values["title"] = line(item, "itemMeta/title")
    values.setdefault("byline", values.get("creator"))
    if values.get("status") == "withdrawn" and not values.get("text") and _item_class(item) in _TEXT_CLASSES:
        yield cancellation(attribute(item, "guid"), values, context)
        return
    if not values.get("text"):
        # The item's summaries stand in; captions describe pictures and are none.
        described = elements(item, "contentMeta/description")
        texts = [text_in(element) for element in described if _last(line(element, "@role")).lower() != "caption"]
        summary = "\n\n".join(dict.fromkeys(filter(None, texts)))
        _refuse_media(item, values, summary, substitute=content.substitute)
        values |= {"text": summary, "kind": "teaser"} if summary else {}
    values, notices = with_headline(values)
    yield context.article(values, *notices)


def _refuse_wordless(item: Element) -> None:
    name = local(item)
    if name in _WITHOUT_WORDS:
        advice = "deliver the items themselves" if name == "packageItem" else "it has no words to quote"
        raise ReadError(f"an item of text was expected, found {_WITHOUT_WORDS[name]} ({name}); {advice}")
    if name != "newsItem" and name not in _FRAGMENTS:
        raise ReadError(f"an item of NewsML-G2 was expected, found <{name[:60]}>; deliver the news items")


def _refuse_media(item: Element, values: dict[str, object], summary: str, *, substitute: str) -> None:
    """Raises ReadError for what has no words of an article: a picture has a headline and a caption too."""
    kind = _item_class(item)
    if kind not in _TEXT_CLASSES:
        actual = _ARTICLES.get(kind, f"one of the kind {kind[:40]}")
        raise ReadError(f"an item of text was expected, found {actual}; only words can be quoted")
    if substitute and not summary:
        raise ReadError(f"the text of an item was expected, found {substitute}; deliver it with its text")
    if not values.get("title") and not summary:
        raise ReadError("a headline or a text was expected, found neither; deliver the whole item")


def _item_facts(item: Element) -> dict[str, object]:
    """Facts from `itemMeta`, `contentMeta` and `rightsInfo`; those that it leaves out are empty."""
    meta, content = child(item, "itemMeta"), child(item, "contentMeta")
    guid = attribute(item, "guid")
    language = _language(item)
    links = [
        (_last(line(link, "@rel|reluri")).lower(), reference)
        for link in elements(item, "itemMeta/link") + elements(item, "link")
        if (reference := line(link, "@residref|href|qcode|uri"))
    ][:MAX_LISTED]
    located, genres = (
        [_name(element, language) or _last(line(element, _CODE)) for element in children(content, name)]
        for name in ("located", "genre")
    )
    creators = [
        _name(creator, language) or line(creator, "@literal")
        for creator in children(content, "creator")
        if _last(line(creator, "@role")).lower() not in ("photographer", "cameraman")
    ]
    holders = [
        _name(holder, language) or line(holder, "@literal") or line_of(holder)
        for holder in elements(item, "rightsInfo/copyrightHolder")
    ]
    descriptions = lines(content, "description")
    return {
        "id": id_from(guid),
        "url": guid if is_address(guid) else "",
        "title": _headline(content, language),
        "published": first_iso(*lines(content, "contentCreated"), *lines(meta, "firstCreated", "versionCreated")),
        "revised": first_iso(*lines(meta, "versionCreated"), *lines(content, "contentModified")),
        "version": attribute(item, "version"),
        "language": language,
        "outlet": _outlet(item, language),
        "slugline": line(content, "slugline"),
        "byline": line(content, "by"),
        "urgency": line(content, "urgency"),
        "keywords": lines(content, "keyword"),
        "editor_note": "\n\n".join(lines(meta, "edNote")),
        "supersedes": next(
            (id_from(reference) for rel, reference in links if rel in _REPLACED and reference != guid), ""
        ),
        "copyright_holder": next(filter(None, holders), ""),
        "copyright_notice": line(item, "rightsInfo/copyrightNotice"),
        "usage_terms": "\n\n".join(lines(item, "rightsInfo/usageTerms")),
        **_concepts(item, language),
        **_status(meta),
        # What no field of an article holds, in the source's own names.
        "guid": guid,
        "signal": lines(meta, "signal@qcode|uri")[:MAX_LISTED],
        "genre": list(filter(None, genres))[:MAX_LISTED],
        "located": ", ".join(filter(None, located)),
        "creator": ", ".join(filter(None, creators)),
        "dateline": line(content, "dateline"),
        "creditline": line(content, "creditline"),
        "description": descriptions[0] if len(descriptions) == 1 else descriptions[:MAX_LISTED],
        "links": [{"rel": relation, "ref": reference} for relation, reference in links],
    }


def _item_class(item: Element) -> str:
    """`text`, `picture`, `video` …; empty where the item doesn't say."""
    return _last(line(item, f"itemMeta/itemClass{_CODE}")).lower()


def _language(item: Element) -> str:
    """The language of the words; that of the metadata stands in."""
    return first_language(*lines(item, "contentMeta/language@tag", "@lang"))


def _headline(content: Element | None, language: str) -> str:
    """The main headline, in the item's language where there are several."""
    headlines = list(children(content, "headline"))
    roles = ("", "main", "headline", "title")
    main = [headline for headline in headlines if line_of(headline) and _last(line(headline, "@role")) in roles]
    return _in_language(main or headlines, language)


def _status(meta: Element | None) -> dict[str, object]:
    """An embargo without an end, or with one that no calendar has, withholds the item."""
    embargo = child(meta, "embargoed")
    end = iso(line_of(embargo))
    status = dict(agency_status(line(meta, f"pubStatus{_CODE}", "pubStatus"), embargo=end))
    return {"status": "withheld"} if embargo is not None and not end and not status.get("status") else status


def _outlet(item: Element, language: str) -> str:
    """Who provides the item, by name where it has one; a code counts where it speaks for itself: `nprov:AFP`."""
    provider = child(item, "itemMeta", "provider")
    scheme, _, code = line(provider, "@qcode").rpartition(":")
    code = code if scheme and any(map(str.isalpha, code)) else ""
    sources = elements(item, "contentMeta/infoSource") + elements(item, "rightsInfo/copyrightHolder")[:1]
    names = [_name(outlet, language) or line(outlet, "@literal") for outlet in sources]
    host = line(provider, "@uri").partition("://")[2].partition("/")[0].removeprefix("www.")
    return next(filter(None, (_name(provider, language), line(provider, "@literal"), code, *names, host)), "")


def _concepts(item: Element, language: str) -> ConceptLists:
    """Subjects by what they are: people, organisations and places apart from the others."""
    asserted = {line(element, _CODE): element for element in children(item, "assert")}
    concepts = empty_concepts()
    for subject in elements(item, "contentMeta/subject"):
        code = line(subject, _CODE)
        also = asserted.get(code)
        nature = line(subject, "@typeuri")
        kind = (
            line(subject, "@type") or line(also, "type@qcode|uri") or (nature if "cpnature" in nature.lower() else "")
        )
        name = _name(subject, language) or _name(also, language)
        concepts[_KINDS.get(_last(kind).lower(), "subjects")].append(concept(name, code))
    return concepts


def _name(element: Element | None, language: str) -> str:
    """The name of a concept, in the item's language where there are several."""
    return _in_language(list(children(element, "name")), language)


def _in_language(candidates: list[Element], language: str) -> str:
    """The words of the first element in a language, of the first that names none, or of the first."""
    wanted = language.partition("-")[0]
    texts = [(attribute(element, "lang").lower().partition("-")[0], line_of(element)) for element in candidates]
    texts.sort(key=lambda pair: (pair[0] != wanted, bool(pair[0])))
    return next((text for _, text in texts if text), "")


def _in_order(items: list[Element]) -> list[Element]:
    """The items in the order of the file, but the versions of one among each other by their numbers."""
    places: dict[str, list[int]] = {}
    for place, item in enumerate(items):
        places.setdefault(attribute(item, "guid") or f" {place}", []).append(place)
    ordered = list(items)
    for same in places.values():
        for place, item in zip(same, sorted((items[at] for at in same), key=_version), strict=True):
            ordered[place] = item
    return ordered


def _version(item: Element) -> int:
    version = attribute(item, "version")
    return int(version) if version.isdecimal() and len(version) < 10 else 0


def _last(code: str) -> str:
    """A code without its scheme."""
    return code.rstrip("/").rpartition("/")[2].rpartition(":")[2]


@dataclass(frozen=True, slots=True)
class Rendition:
    """Words and facts of one rendition; `substitute` names what was found instead of words."""

    facts: dict[str, object] = field(default_factory=dict)
    substitute: str = ""
    is_nitf: bool = False

    @property
    def language(self) -> str:
        return str(self.facts.get("language") or "").lower().partition("-")[0]


def content_of(item: Element | None, *, language: str = "") -> Rendition:
    """The fullest of the renditions in the item's language: NITF before XHTML before plain text."""
    renditions = list(_renditions(item))
    worded = [rendition for rendition in renditions if rendition.facts.get("text") or rendition.facts.get("title")]
    wanted = ("", language.partition("-")[0])
    if candidates := [rendition for rendition in worded if rendition.language in wanted] or worded:
        return max(candidates, key=lambda rendition: bool(rendition.facts.get("text")))
    return Rendition(
        substitute=", ".join(dict.fromkeys(rendition.substitute for rendition in renditions if rendition.substitute))
    )


def _renditions(item: Element | None) -> Iterator[Rendition]:
    marked_up = [_of_xml(part) for part in _parts(item, "inlineXML")]
    yield from sorted(marked_up, key=lambda rendition: not rendition.is_nitf)
    yield from map(_of_data, _parts(item, "inlineData"))
    for part in _parts(item, "remoteContent"):
        address = attribute(part, "href", "residref", "uri")
        yield Rendition(substitute=f"a reference to {address[:80] or 'a file'}")


def _parts(item: Element | None, name: str) -> Iterator[Element]:
    """Those of the item itself, not of items that it may carry."""
    if item is not None and local(item) == name:
        yield item
    sets = [item] if item is not None and local(item) == "contentSet" else children(item, "contentSet")
    for content_set in sets:
        yield from children(content_set, name)


def _of_xml(inline: Element) -> Rendition:
    language: dict[str, object] = {"language": attribute(inline, "lang")}
    nitf, html = (next(descendants(inline, name), None) for name in ("nitf", "html"))
    first = next(children(inline), None)
    if nitf is not None:
        return Rendition(language | facts_of_nitf(nitf), is_nitf=True)
    if html is not None:
        return Rendition(language | xhtml_facts(html))
    if first is not None and local(first) in _BLOCKS:
        return Rendition(language | xhtml_facts(inline))
    if first is None and (inline.text or "").strip():
        return Rendition(language | _facts_of_text(inline.text or ""))
    return Rendition(substitute=f"<{local(first)}>" if first is not None else "nothing")


def _of_data(inline: Element) -> Rendition:
    kind = attribute(inline, "contenttype").lower()
    if kind and not kind.startswith("text/") and "html" not in kind:
        return Rendition(substitute=f"data of the kind {kind[:60]}")
    text = "".join(map(str, inline.itertext()))
    if attribute(inline, "encoding").lower().endswith("base64"):
        try:
            text = decode(base64.b64decode(text, validate=False)).text
        except (binascii.Error, ValueError, ReadError):
            return Rendition(substitute="data that is no text")
    return Rendition({"language": attribute(inline, "lang"), **_facts_of_text(text)})


def _facts_of_text(text: str) -> dict[str, object]:
    """Marked-up text stands in data too, with its marks written out."""
    return {"text": "\n\n".join(paragraphs_of_data(text))}
