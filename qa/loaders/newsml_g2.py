"""NewsML-G2, news items and messages of several in XML by the IPTC, with and without a namespace."""

import base64
import binascii
from collections.abc import Iterator, Mapping, Sequence

from qa.errors import ReadError
from qa.loaders.documents import Document
from qa.loaders.encoding import decode
from qa.loaders.fields import first_language, id_from, is_address, iso
from qa.loaders.html_text import paragraphs_of_data
from qa.loaders.metadata import Facts, RecordContext, present
from qa.loaders.names import NAMES
from qa.loaders.news_items import Concept, article_or_order, by_kind, read_items
from qa.loaders.newsml1 import read_news_items
from qa.loaders.nitf import facts_within
from qa.loaders.publication_status import agency_status
from qa.loaders.xml_tree import Element, elements, first, line, line_number, line_of, lines, tree_of, values_at
from qa.models.deliveries import Record, Remark
from qa.text.cleaning import clean

_WITHOUT_WORDS, _MEDIA = NAMES["newsml-g2-kinds"]["without_words"], NAMES["newsml-g2-kinds"]["media"]
ROOTS = frozenset(("newsmessage", "newsitem", "contentset", "inlinexml", *map(str.lower, _WITHOUT_WORDS)))

_TEXT_CLASSES = ("", "text", "composite")
_REPLACED = ("previousversion", "supersedes", "replaces", "evolvedfrom", "corrects", "iscorrectionof")
_CODES = ("@qcode", "@uri", "@literal")
_PARTS = "self::inlineXML|self::contentSet/*|contentSet/*"


def read_newsml_g2(document: Document, *, defaults: Facts) -> Iterator[Record]:
    """NewsML-G2, news items and messages of several in XML by the IPTC, with and without a namespace."""
    root, notices = tree_of(document.read())
    context = RecordContext(document, defaults, notices=notices)
    if root.tag == "NewsItem":
        yield from read_news_items(root, context)
        return
    items = elements(root, ".//itemSet/*") if root.tag == "newsMessage" else [root]
    if not items:
        reason = "a message with items was expected, found one without; deliver the items"
        raise ReadError(reason, line=line_number(root))
    yield from read_items(items, context, _read_item)


def _read_item(item: Element, context: RecordContext) -> Iterator[Record]:
    """The article of one item, or the order that it is. Raises ReadError for what has no words."""
    name, message = str(item.tag), item.getparent()
    if name == "packageItem" and message is not None and len(message) > 1:
        remark = f"a package that lists {len(elements(item, './/itemRef'))} items; it has no words of its own"
        yield Remark(context.document.place, context.line, remark)
        return
    if name in _WITHOUT_WORDS:
        advice = "deliver the items themselves" if name == "packageItem" else "it has no words to quote"
        raise ReadError(f"an item of text was expected, found {_WITHOUT_WORDS[name]} ({name}); {advice}")
    if name not in ("newsItem", "contentSet", "inlineXML"):
        raise ReadError(f"an item of NewsML-G2 was expected, found <{name[:60]}>; deliver the news items")
    language = first_language(*lines(item, "contentMeta/language/@tag", "@lang"))
    content, substitute = _content(item, language)
    values = {"title": line(item, "itemMeta/title"), **content, **_item_facts(item, language)}
    values.setdefault("byline", values.get("creator"))
    kind = _last(line(item, *(f"itemMeta/itemClass/{code}" for code in _CODES))).lower()
    if not values.get("text") and kind not in _TEXT_CLASSES:
        actual = _MEDIA.get(kind, f"one of the kind {kind[:40]}")
        raise ReadError(f"an item of text was expected, found {actual}; only words can be quoted")
    if not values.get("text") and values.get("status") != "withdrawn":
        # The item's summaries stand in; captions describe pictures and are none.
        summaries = elements(item, "contentMeta/description")
        summaries = [element for element in summaries if _last(line(element, "@role")).lower() != "caption"]
        texts = (clean("".join(map(str, element.itertext()))) for element in summaries)
        summary = "\n\n".join(dict.fromkeys(filter(None, texts)))
        if substitute and not summary:
            raise ReadError(f"the text of an item was expected, found {substitute}; deliver it with its text")
        values |= {"text": summary, "kind": "teaser"} if summary else {}
    yield article_or_order(values, line(item, "@guid"), context)


def _item_facts(item: Element, language: str) -> dict[str, object]:
    """Facts from `itemMeta`, `contentMeta` and `rightsInfo`, without those that it leaves out."""
    guid = line(item, "@guid")
    links = [
        (_last(line(link, "@rel", "@reluri")).lower(), reference)
        for link in elements(item, "itemMeta/link|link")[:100]
        if (reference := line(link, "@residref", "@href", "@qcode", "@uri"))
    ]
    creators = [
        _name(creator, language)
        for creator in elements(item, "contentMeta/creator")
        if _last(line(creator, "@role")).lower() not in ("photographer", "cameraman")
    ]
    holders = [_name(holder, language) or line_of(holder) for holder in elements(item, "rightsInfo/copyrightHolder")]
    located, genres = (
        [name for each in elements(item, path)[:100] if (name := _name(each, language) or _last(line(each, *_CODES)))]
        for path in ("contentMeta/located", "contentMeta/genre")
    )
    headlines = elements(item, "contentMeta/headline")
    main = [each for each in headlines if _last(line(each, "@role")) in ("", "main", "headline", "title")]
    return present(
        {
            **values_at(item, NAMES["newsml-g2"]),
            "id": id_from(guid),
            "url": guid if is_address(guid) else "",
            "title": _in_language(main, language) or _in_language(headlines, language),
            "language": language,
            "outlet": _outlet(item, language),
            "supersedes": next((id_from(ref) for rel, ref in links if rel in _REPLACED and ref != guid), ""),
            "copyright_holder": next(filter(None, holders), ""),
            **by_kind(list(_concepts(item, language))),
            **_status(item),
            "genre": genres,
            "located": ", ".join(located),
            "creator": ", ".join(filter(None, creators)),
            "links": [{"rel": relation, "ref": reference} for relation, reference in links],
        }
    )


def _status(item: Element) -> Mapping[str, object]:
    """An embargo without an end, or with one that no calendar has, withholds the item."""
    paths = (*(f"itemMeta/pubStatus/{code}" for code in _CODES), "itemMeta/pubStatus")
    embargo = first(item, "itemMeta/embargoed")
    end = iso(line_of(embargo))
    status = agency_status(line(item, *paths), embargo=end)
    return {"status": "withheld"} if embargo is not None and not end and not status.get("status") else status


def _outlet(item: Element, language: str) -> str:
    """Who provides the item, by name where it has one; a code counts where it speaks for itself: `nprov:AFP`."""
    provider = first(item, "itemMeta/provider")
    scheme, _, code = line(provider, "@qcode").rpartition(":")
    code = code if scheme and any(map(str.isalpha, code)) else ""
    sources = elements(item, "contentMeta/infoSource") + elements(item, "rightsInfo/copyrightHolder[1]")
    host = line(provider, "@uri").partition("://")[2].partition("/")[0].removeprefix("www.")
    names = (_name(provider, language), code, *(_name(source, language) for source in sources), host)
    return next(filter(None, names), "")


def _concepts(item: Element, language: str) -> Iterator[tuple[str, Concept]]:
    asserted = {line(element, *_CODES): element for element in elements(item, "assert")}
    for subject in elements(item, "contentMeta/subject"):
        code = line(subject, *_CODES)
        also = asserted.get(code)
        kind = line(subject, "@type") or line(also, "type/@qcode", "type/@uri") or line(subject, "@typeuri")
        yield _last(kind), {"name": _name(subject, language) or _name(also, language), "code": code}


def _name(element: Element | None, language: str) -> str:
    """The name of a concept, in the item's language where there are several."""
    return _in_language(elements(element, "name"), language) or line(element, "@literal")


def _in_language(candidates: Sequence[Element], language: str) -> str:
    """The words of the first element in a language, of the first that names none, or of the first."""
    wanted = language.partition("-")[0]
    texts = [(line(element, "@lang").lower().partition("-")[0], line_of(element)) for element in candidates]
    texts.sort(key=lambda pair: (pair[0] != wanted, bool(pair[0])))
    return next((text for _, text in texts if text), "")


def _last(code: str) -> str:
    """A code without its scheme."""
    return code.rstrip("/").rpartition("/")[2].rpartition(":")[2]


def _content(item: Element, language: str) -> tuple[dict[str, object], str]:
    """The fullest rendition in the item's language, NITF before XHTML before plain text; or what stands for words."""
    renditions: list[tuple[tuple[bool, ...], dict[str, object]]] = []
    substitutes: list[str] = []
    for part in elements(item, _PARTS):
        is_marked = part.tag == "inlineXML"
        facts = facts_within(part) if is_marked else _facts_of_data(part) if part.tag == "inlineData" else {}
        if facts.keys() & {"text", "title"}:
            facts = {"language": line(part, "@lang")} | facts
            is_wanted = first_language(facts["language"]).partition("-")[0] in ("", language.partition("-")[0])
            is_nitf = next(part.iter("nitf"), None) is not None
            renditions.append(((is_wanted, "text" in facts, is_nitf, is_marked), present(facts)))
        else:
            what = line(part, "@href", "@residref", "@uri", "@contenttype")[:80] or "without words"
            substitutes.append(f"<{part[0].tag}>" if len(part) else f"{part.tag} ({what})")
    if renditions:
        return max(renditions, key=lambda rendition: rendition[0])[1], ""
    return {}, ", ".join(dict.fromkeys(substitutes))


def _facts_of_data(inline: Element) -> dict[str, object]:
    """Marked-up text stands in data too, with its marks written out; empty for what is no text."""
    kind = line(inline, "@contenttype").lower()
    if kind and not kind.startswith("text/") and "html" not in kind:
        return {}
    text = "".join(map(str, inline.itertext()))
    if line(inline, "@encoding").lower().endswith("base64"):
        try:
            text = decode(base64.b64decode(text, validate=False)).text
        except (binascii.Error, ValueError, ReadError):
            return {}
    return present({"text": "\n\n".join(paragraphs_of_data(text))})
