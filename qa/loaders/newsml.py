"""NewsML-G2, and NewsML 1, where an item's revisions share one id and its text in another language has an own one."""

import base64
import binascii
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import islice
from typing import NamedTuple

from qa.errors import ReadError
from qa.loaders.encoding import decode
from qa.loaders.fields import NAMES, agency_status, first_language, is_address, iso
from qa.loaders.metadata import RecordContext, facts, present
from qa.loaders.news_items import Concept, article_or_order, by_kind, facts_within, read_items
from qa.loaders.paragraphs import paragraphs_of_data
from qa.loaders.xml_tree import Element, elements, first, line, line_number, line_of, lines, tree_of, values_at
from qa.models.deliveries import Record, Remark
from qa.text.cleaning import clean, folded, id_from

MAX_TEXTS = 300  # of one item of NewsML 1 that are looked at; real ones have a dozen
_WITHOUT_WORDS, _MEDIA = NAMES["newsml-g2-kinds"]["without_words"], NAMES["newsml-g2-kinds"]["media"]
G2_ROOTS = frozenset(("newsmessage", "newsitem", "contentset", "inlinexml", *map(str.lower, _WITHOUT_WORDS)))
_REPLACED = ("previousversion", "supersedes", "replaces", "evolvedfrom", "corrects", "iscorrectionof")
_CODES = ("@qcode", "@uri", "@literal")

_MANAGEMENT = "NewsManagement"
_LANGUAGES = ("DescriptiveMetadata/Language/@FormalName", "@lang")
_SUBJECTS = "DescriptiveMetadata/SubjectCode/*[starts-with(name(), 'Subject')]/@FormalName"
_TABLES = NAMES["newsml1"]
_NO_TEXT = ("image/", "video/", "audio/", "application/pdf", "application/x-shockwave", "text/css", "text/javascript")


def read_newsml_g2(context: RecordContext) -> Iterator[Record]:
    """NewsML-G2, news items and messages of several in XML by the IPTC, with and without a namespace."""
    root, notices = tree_of(context.document.read())
    if root.tag == "NewsItem":
        yield from read_newsml1(context)
        return
    items = elements(root, ".//itemSet/*") if root.tag == "newsMessage" else [root]
    if not items:
        actual = "found one without; deliver the items"
        raise ReadError(f"a message with items was expected, {actual}", line=line_number(root))
    yield from read_items(items, replace(context, notices=notices), _read_g2_item)


def read_newsml1(context: RecordContext) -> Iterator[Record]:
    """NewsML 1.0 to 1.2, news items in XML by the IPTC, with their texts as NITF, XHTML or plain text."""
    root, notices = tree_of(context.document.read())
    items = elements(root, "self::NewsItem|NewsItem")
    if not items:
        raise ReadError("a news item was expected, found none; deliver the items", line=line_number(root))
    # What the envelope says of all items stands in where they leave it out.
    defaults = {**context.defaults, **facts(values_at(root, _TABLES["envelope"]), path=context.document.place)}
    yield from read_items(items, replace(context, defaults=defaults, notices=notices), _read_newsml1_item)


def _read_g2_item(item: Element, context: RecordContext) -> Iterator[Record]:
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
    if not values.get("text") and kind not in ("", "text", "composite"):
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
    guid = line(item, "@guid")
    links = [
        {"rel": _last(line(link, "@rel", "@reluri")).lower(), "ref": reference}
        for link in elements(item, "itemMeta/link|link")[:100]
        if (reference := line(link, "@residref", "@href", "@qcode", "@uri"))
    ]
    replaced = (link["ref"] for link in links if link["rel"] in _REPLACED and link["ref"] != guid)
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
    embargo = first(item, "itemMeta/embargoed")
    end = iso(line_of(embargo))
    paths = (*(f"itemMeta/pubStatus/{code}" for code in _CODES), "itemMeta/pubStatus")
    status = agency_status(line(item, *paths), embargo=end)
    if embargo is not None and not end and not status.get("status"):
        status = {"status": "withheld"}  # its end is missing, or is one that no calendar has
    return present(
        {
            **values_at(item, NAMES["newsml-g2"]),
            "id": id_from(guid),
            "url": guid if is_address(guid) else "",
            "title": _in_language(main, language) or _in_language(headlines, language),
            "language": language,
            "outlet": _outlet(item, language),
            "supersedes": next(map(id_from, replaced), ""),
            "copyright_holder": next(filter(None, holders), ""),
            **by_kind(list(_g2_concepts(item, language))),
            **status,
            "genre": genres,
            "located": ", ".join(located),
            "creator": ", ".join(filter(None, creators)),
            "links": links,
        }
    )


def _outlet(item: Element, language: str) -> str:
    """Who provides the item, by name where it has one; a code counts where it speaks for itself: `nprov:AFP`."""
    provider = first(item, "itemMeta/provider")
    scheme, _, code = line(provider, "@qcode").rpartition(":")
    code = code if scheme and any(map(str.isalpha, code)) else ""
    sources = elements(item, "contentMeta/infoSource", "rightsInfo/copyrightHolder[1]")
    host = line(provider, "@uri").partition("://")[2].partition("/")[0].removeprefix("www.")
    names = (_name(provider, language), code, *(_name(source, language) for source in sources), host)
    return next(filter(None, names), "")


def _g2_concepts(item: Element, language: str) -> Iterator[tuple[str, Concept]]:
    asserted = {line(element, *_CODES): element for element in elements(item, "assert")}
    for subject in elements(item, "contentMeta/subject"):
        code = line(subject, *_CODES)
        also = asserted.get(code)
        kind = line(subject, "@type") or line(also, "type/@qcode", "type/@uri") or line(subject, "@typeuri")
        yield _last(kind), {"name": _name(subject, language) or _name(also, language), "code": code}


def _name(element: Element | None, language: str) -> str:
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
    for part in elements(item, "self::inlineXML|self::contentSet/*|contentSet/*"):
        is_marked = part.tag == "inlineXML"
        values = facts_within(part) if is_marked else _facts_of_data(part) if part.tag == "inlineData" else {}
        if values.keys() & {"text", "title"}:
            values = {"language": line(part, "@lang")} | values
            is_wanted = first_language(values["language"]).partition("-")[0] in ("", language.partition("-")[0])
            is_nitf = next(part.iter("nitf"), None) is not None
            renditions.append(((is_wanted, "text" in values, is_nitf, is_marked), present(values)))
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
            text = decode(base64.b64decode(text, validate=False))[0]
        except (binascii.Error, ValueError, ReadError):
            return {}
    return present({"text": "\n\n".join(paragraphs_of_data(text))})


class ItemText(NamedTuple):
    """One text of an item of NewsML 1, in components `around` it, the innermost first; so are `roles`, theirs."""

    text: str
    facts: Mapping[str, object]
    around: Sequence[Element]
    roles: Sequence[str]
    language: str
    headline: str

    @property
    def role(self) -> str:
        return next(filter(None, self.roles), "")


def _read_newsml1_item(item: Element, context: RecordContext) -> Iterator[Record]:
    texts = list(islice((text for top in elements(item, "NewsComponent") for text in _texts(top, ())), MAX_TEXTS))
    no_article = set(_TABLES["roles"]["no_article"])
    articles = [text for text in texts if text.text and no_article.isdisjoint(text.roles)]
    main = next((text for text in articles if text.role in _TABLES["roles"]["main"]), next(iter(articles), None))
    name, values = _identifier(item), _values(item, texts, main)
    if not values.get("text") and values.get("status") != "withdrawn":
        if media := list(dict.fromkeys(_media(item))):
            raise ReadError(f"an item of text was expected, found {', '.join(media[:3])}; only words can be quoted")
        if elements(item, "Update|TopicSet|Catalog"):
            raise ReadError("an item of text was expected, found one that only updates others; deliver the whole item")
    yield article_or_order(values, name, context)
    beside: list[str] = []
    endings: list[str] = []
    words = folded(main.text) if main else ""
    for text in (text for text in articles if text is not main and folded(text.text) not in words):
        is_translation = main is not None and text.language not in ("", main.language, *endings)
        if not is_translation and (not text.headline or (main and text.headline == main.headline)):
            beside.append(text.role or "no role")
            continue
        endings.append(text.language if is_translation else str(sum(map(str.isdecimal, endings)) + 2))
        article = {**_values(item, texts, text), "beside": id_from(name) or context.stem}
        article |= {"id": f"{id_from(name)}-{endings[-1]}"} if name else {}
        yield article_or_order(article, name, context.numbered(endings[-1]))
    if beside:
        roles = ", ".join(dict.fromkeys(beside))[:200]
        remark = f"the item holds {len(beside)} more texts beside its article ({roles}); they are left out"
        yield Remark(context.document.place, context.line, remark)


def _values(item: Element, texts: Sequence[ItemText], text: ItemText | None) -> dict[str, object]:
    """The facts of the item about one of its texts; texts of other roles stand in for what it has not."""
    # Without text, the lines of an item are held by the outermost component, or its first ones.
    around = text.around if text else elements(item, "NewsComponent[1]|NewsComponent[1]//NewsComponent")[:4]
    by_role = {other.role: other.text for other in reversed(texts)}
    status = line(item, f"{_MANAGEMENT}/Status/@FormalName", f"{_MANAGEMENT}/Status")
    end = line(item, f"{_MANAGEMENT}/StatusWillChange/DateAndTime")
    embargo = iso(end) if status.lower().startswith("embargo") else None
    # An instruction with the revision that it is about is of an earlier one.
    orders = lines(item, f"{_MANAGEMENT}/Instruction[not(RevisionStatus/@Revision)]/@FormalName")
    is_deleted = any(order.lower() in ("delete", "kill", "cancel", "canceled", "cancelled") for order in orders)
    values = {
        "title": by_role.get("headline") or by_role.get("title"),
        "subheadline": by_role.get("subheadline"),
        **(text.facts if text else {}),
        **present(
            {
                "outlet": line(item, f"{_MANAGEMENT}/NewsProvider/@FormalName"),
                "usage_terms": "; ".join(lines(around, "RightsMetadata/UsageRights/*")),
                "id": id_from(_identifier(item)),
                **by_kind(_newsml1_concepts(item, around)),
                **values_at(item, _TABLES["item"]),
            }
        ),
        **present(values_at(around, _TABLES["component"])),
        **agency_status("canceled" if is_deleted else status, embargo=embargo),
    }
    if not values.get("text") and (summary := by_role.get("abstract") or by_role.get("summary")):
        values |= {"text": summary, "kind": "teaser"}
    return present(values)


def _identifier(item: Element) -> str:
    """The item's identifier without its revision, so that it is the same for all; empty where it has none."""
    parts = ("ProviderId", "DateId", "NewsItemId", "PublicIdentifier")
    provider, day, name, public = (line(item, f"Identification/NewsIdentifier/{part}") for part in parts)
    if provider and day and name:
        return f"urn:newsml:{provider}:{day}:{name}"
    if public:
        return re.sub(r"(?i):\d+[NUA]?$", "", public) if public.lower().startswith("urn:newsml:") else public
    return ":".join(filter(None, (provider, day, name))) if name else ""


def _newsml1_concepts(item: Element, around: Sequence[Element]) -> list[tuple[str, Concept]]:
    concepts = [("", {"code" if any(map(str.isdigit, code)) else "name": code}) for code in lines(around, _SUBJECTS)]
    for location in elements(around, "DescriptiveMetadata/Location"):
        name = ", ".join(lines(location, "Property/@Value")) or line(location, "@FormalName") or line_of(location)
        concepts.append(("place", {"name": name}))
    if references := lines(around, "DescriptiveMetadata/TopicOccurrence/@Topic"):
        topics = {line(topic, "@Duid"): topic for topic in elements(item, "../TopicSet//Topic|.//Topic")}
        for topic in (topics.get(reference.lstrip("#")) for reference in references):
            code = line(topic, "FormalName/@FormalName", "FormalName")
            if name := line(topic, "Description") or code:
                concepts.append((line(topic, "TopicType/@FormalName"), {"name": name, "code": code}))
    return concepts


def _texts(component: Element, above: tuple[Element, ...]) -> Iterator[ItemText]:
    around = (component, *above)
    for part in elements(component, "ContentItem|NewsComponent"):
        if part.tag == "NewsComponent":
            yield from _texts(part, around)
            continue
        content = first(part, "DataContent|Encoding/DataContent")
        if content is not None and not line(part, "MimeType/@FormalName").lower().startswith(_NO_TEXT):
            values = facts_within(content)
            roles = [folded(line(outer, "Role/@FormalName", "Role")) for outer in around]
            language = first_language(*lines(around, *_LANGUAGES), values.get("language"))
            headline = line(component, "NewsLines/HeadLine") or str(values.get("title") or "")
            yield ItemText(str(values.get("text") or ""), values, around, roles, language, headline)


def _media(item: Element) -> Iterator[str]:
    if count := len(elements(item, ".//NewsItemRef")):
        yield f"a package that lists {count} items"
    for part in elements(item, ".//ContentItem"):
        kind = line(part, "MediaType/@FormalName", "MimeType/@FormalName")
        if reference := line(part, "@Href") if first(part, "DataContent") is None else "":
            yield f"a reference to {kind or 'a file'} ({reference[:80]})"
        elif kind and not kind.lower().startswith("text"):
            yield kind[:60]
