"""NewsML 1.0 to 1.2: the revisions of an item share one id, its text in another language is an article of its own."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import islice

from qa.errors import ReadError
from qa.loaders.cleaning import folded
from qa.loaders.documents import Document
from qa.loaders.fields import first_language, id_from, with_headline
from qa.loaders.metadata import Facts, RecordContext, present
from qa.loaders.news_items import ConceptLists, cancellation, concept, empty_concepts, read_items
from qa.loaders.nitf import facts_of_nitf
from qa.loaders.publication_status import agency_status
from qa.loaders.timestamps import first_iso, iso
from qa.loaders.xml_tree import (
    Element,
    XmlTree,
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
    tree_of,
    xhtml_facts,
)
from qa.models.deliveries import Record, Remark

MAX_LISTED = 100  # of links and the like that `extra` keeps

_REVISION = re.compile(r":\d+[NUA]?$", re.IGNORECASE)
_EMBARGOED = ("embargoed", "embargo")
_DELETING = ("delete", "kill", "cancel", "canceled", "cancelled")
_KINDS = {
    **dict.fromkeys(("person", "personality", "people"), "people"),
    **dict.fromkeys(("organisation", "organization", "company", "party", "institution"), "organisations"),
    **dict.fromkeys(("country", "city", "location", "place", "geoarea", "region"), "places"),
}


MAX_TEXTS = 300  # of one item that are looked at; real ones have a dozen
# Roles of components that hold no article, without spaces and in lower case.
_NO_ARTICLE = frozenset(
    (
        *("stylesheet", "contact", "logo", "photo", "picture", "image", "graphic", "caption", "thumbnail", "preview"),
        *("quicklook", "icon", "video", "audio", "headline", "subheadline", "byline", "dateline", "copyright"),
        *("credit", "keywords", "slug", "abstract", "summary", "supporting", "table", "disclaimer", "multimedia"),
        *("link", "title", "photocaption", "animation", "thumb", "footer", "header", "metadata"),
        *("translationlinks", "web"),
    )
)
_MAIN = frozenset(("main", "body", "maintext", "text", "story", "article", "bodytext", "maincontent", "newstext"))
_NO_TEXT = ("image/", "video/", "audio/", "application/pdf", "application/x-shockwave", "text/css", "text/javascript")


def read_newsml1(document: Document, *, defaults: Facts) -> Iterator[Record]:
    """NewsML 1.0 to 1.2, news items in XML by the IPTC, with their texts as NITF, XHTML or plain text."""
    tree = tree_of(document)
    yield from read_news_items(tree, RecordContext(document, defaults, notices=tree.notices))


def read_news_items(tree: XmlTree, context: RecordContext) -> Iterator[Record]:
    """The articles of all news items of a tree. Raises ReadError where there is none."""
    root = tree.root
    items = [root] if local(root) == "NewsItem" else list(children(root, "NewsItem"))
    if not items:
        raise ReadError("a news item was expected, found none; deliver the items", line=line_number(root))
    # What the envelope says of all items stands in where they leave it out.
    envelope = {
        "outlet": line(root, "NewsEnvelope/SentFrom/Party@FormalName", "NewsEnvelope/NewsService@FormalName"),
        "published": iso(line(root, "NewsEnvelope/DateAndTime")),
    }
    yield from read_items(items, replace(context, defaults=context.facts(envelope)), _read_item)


def _read_item(item: Element, context: RecordContext) -> Iterator[Record]:
    """The article of one item, in each of its languages, or the order that it is. Raises ReadError."""
    texts = texts_of(item)
    values = _values(item, texts, texts.main)
    name = _identifier(item)
    if values.get("status") == "withdrawn" and not values.get("text"):
        yield cancellation(name, values, context)
        return
    _refuse_wordless(item, texts, values)
    yield _article(values, context)
    for ending, text in texts.others():
        article_context = context.numbered(ending)
        article = {**_values(item, texts, text), "beside": id_from(name) or context.stem}
        article |= {"id": f"{id_from(name)}-{ending}"} if name else {}
        yield _article(article, article_context)
    if texts.beside:
        roles = ", ".join(dict.fromkeys(text.role or "no role" for text in texts.beside))[:200]
        remark = f"the item holds {len(texts.beside)} more texts beside its article ({roles}); they are left out"
        yield Remark(context.document.place, context.line, remark)


def _article(values: dict[str, object], context: RecordContext) -> Record:
    titled, notices = with_headline(values)
    return context.article(titled, *notices)


def _values(item: Element, texts: ItemTexts, text: ItemText | None) -> dict[str, object]:
    """The facts of the item about one of its texts."""
    top = elements(item, "NewsComponent")[:1]
    # Without text, the lines of an item are held by the outermost component, or its first ones.
    nested = [inner for component in top for inner in descendants(component, "NewsComponent")]
    around = text.around if text else (*top, *nested[:3])
    values = (text.facts if text else {}) | present(_item_facts(item, around))
    if not values.get("title") and texts.headline:
        values["title"] = texts.headline
    if not values.get("text") and texts.summary:
        values |= {"text": texts.summary, "kind": "teaser"}
    if texts.subheadline:
        values.setdefault("subheadline", texts.subheadline)
    return values


def _refuse_wordless(item: Element, texts: ItemTexts, values: dict[str, object]) -> None:
    if values.get("text"):
        return
    if texts.media:
        actual = ", ".join(texts.media[:3])
        reason = f"an item of text was expected, found {actual}; only words can be quoted"
    elif any(True for _ in children(item, "Update", "TopicSet", "Catalog")):
        reason = "an item of text was expected, found one that only updates others; deliver the whole item"
    elif values.get("title"):
        return
    else:
        reason = "a headline or a text was expected, found neither; deliver the whole item"
    raise ReadError(reason, line=line_number(item))


def _identifier(item: Element) -> str:
    """The item's identifier without its revision, so that it is the same for all; empty where it has none."""
    identity = child(item, "Identification", "NewsIdentifier")
    provider, day, name, public = (
        line(identity, part) for part in ("ProviderId", "DateId", "NewsItemId", "PublicIdentifier")
    )
    if provider and day and name:
        return f"urn:newsml:{provider}:{day}:{name}"
    if public:
        return _REVISION.sub("", public) if public.lower().startswith("urn:newsml:") else public
    return ":".join(filter(None, (provider, day, name))) if name else ""


def _item_facts(item: Element, around: tuple[Element, ...]) -> dict[str, object]:
    """Facts of an item whose article stands in these components, the innermost first; empty where it says nothing."""

    def nearest(*paths: str) -> str:
        return next((text for component in around if (text := line(component, *paths))), "")

    def every(*paths: str) -> list[str]:
        return [text for component in around for text in lines(component, *paths)][:MAX_LISTED]

    management = child(item, "NewsManagement")
    created, revised = line(management, "FirstCreated"), line(management, "ThisRevisionCreated")
    identity = child(item, "Identification", "NewsIdentifier")
    languages = (lines(component, "DescriptiveMetadata/Language@FormalName", "@lang") for component in around)
    dateline = nearest("NewsLines/DateLine")
    return {
        "id": id_from(_identifier(item)),
        "version": line(identity, "RevisionId"),
        "published": first_iso(created, revised, line(identity, "DateId")),
        "revised": iso(revised),
        "urgency": line(management, "Urgency@FormalName", "Urgency"),
        "title": nearest("NewsLines/HeadLine"),
        "byline": nearest("NewsLines/ByLine"),
        "slugline": nearest("NewsLines/SlugLine"),
        "copyright_notice": nearest("NewsLines/CopyrightLine") or _copyright(around),
        "copyright_holder": _party(around, "RightsMetadata", "Copyright", "CopyrightHolder"),
        "usage_terms": nearest("NewsLines/RightsLine") or _usage(around),
        "outlet": _party(around, "AdministrativeMetadata", "Provider")
        or _party(around, "AdministrativeMetadata", "Creator")
        or line(management, "NewsProvider@FormalName"),
        "keywords": every("NewsLines/KeywordLine"),
        "language": first_language(*(text for texts in languages for text in texts)),
        **_concepts(item, around),
        **_status(management),
        # What no field of an article holds, in the source's own names.
        "dateline": dateline,
        "located": dateline,
        "subheadline": nearest("NewsLines/SubHeadLine"),
        "creditline": nearest("NewsLines/CreditLine"),
        "seriesline": nearest("NewsLines/SeriesLine"),
        "source_party": _party(around, "AdministrativeMetadata", "Source"),
        "genre": every("DescriptiveMetadata/Genre@FormalName"),
        "instruction": lines(management, "Instruction@FormalName")[:MAX_LISTED],
        "status_will_change": " ".join(
            lines(management, "StatusWillChange/FutureStatus@FormalName", "StatusWillChange/DateAndTime")
        ),
        "associated_with": lines(management, "AssociatedWith@NewsItem")[:MAX_LISTED],
        "derived_from_item": line(management, "DerivedFrom@NewsItem"),
        "revision_history": line(management, "RevisionHistory@Href"),
    }


def _status(management: Element | None) -> dict[str, object]:
    """The status, the end of an embargo, and whether the publisher has it deleted."""
    status = line(management, "Status@FormalName", "Status")
    embargo = iso(line(management, "StatusWillChange/DateAndTime")) if status.strip().lower() in _EMBARGOED else None
    for instruction in children(management, "Instruction"):
        is_of_earlier = bool(lines(instruction, "RevisionStatus@Revision"))
        if attribute(instruction, "FormalName").lower() in _DELETING and not is_of_earlier:
            status = "canceled"
    return dict(agency_status(status, embargo=embargo))


def _party(around: tuple[Element, ...], *path: str) -> str:
    """The name of the parties, or else the words, that the nearest component has down a path."""
    for component in around:
        element = child(component, *path)
        parties = [line(party, "@FormalName") or line_of(party) for party in descendants(element, "Party")]
        if text := ", ".join(dict.fromkeys(filter(None, parties))) or line_of(element):
            return text
    return ""


def _copyright(around: tuple[Element, ...]) -> str:
    for component in around:
        notice = child(component, "RightsMetadata", "Copyright")
        if holder := line(notice, "CopyrightHolder"):
            return " ".join(("©", *lines(notice, "CopyrightDate")[:1], holder))
    return ""


def _usage(around: tuple[Element, ...]) -> str:
    """The usage rights, in the words of the nearest component that has some."""
    for component in around:
        rights = elements(component, "RightsMetadata/UsageRights")
        terms = ["; ".join(filter(None, map(line_of, children(right)))) for right in rights]
        if text := "\n\n".join(filter(None, terms)):
            return text
    return ""


def _concepts(item: Element, around: tuple[Element, ...]) -> ConceptLists:
    """Subjects, places, people and organisations: codes of the IPTC, and topics that the file itself describes."""
    concepts = empty_concepts()
    for component in around:
        described = "DescriptiveMetadata/"
        for code in lines(component, f"{described}SubjectCode/SubjectDetail|SubjectMatter|Subject@FormalName"):
            is_code = any(map(str.isdigit, code))
            concepts["subjects"].append(concept("", code) if is_code else concept(code))
        for location in elements(component, f"{described}Location"):
            name = ", ".join(lines(location, "Property@Value|FormalName")) or line(location, "@FormalName")
            concepts["places"].append(concept(name or line_of(location)))
        references = lines(component, f"{described}TopicOccurrence@Topic")
        topics = _topics(item) if references else {}
        for reference in references:
            topic = topics.get(reference.lstrip("#"))
            kind = line(topic, "TopicType@FormalName").lower()
            code = line(topic, "FormalName@FormalName", "FormalName")
            if name := line(topic, "Description") or code:
                concepts[_KINDS.get(kind, "subjects")].append(concept(name, code))
    return concepts


def _topics(item: Element) -> dict[str, Element]:
    """The topics that the item describes, and those that the file describes for all of its items."""
    shared = children(item.getparent(), "TopicSet")
    return {attribute(topic, "Duid"): topic for part in (*shared, item) for topic in descendants(part, "Topic")}


@dataclass(frozen=True, eq=False)
class ItemText:
    """One text of an item, and the components around it, the innermost first."""

    content: Element
    around: tuple[Element, ...]

    @cached_property
    def facts(self) -> dict[str, object]:
        """Headline, text and what an NITF item inside says besides."""
        nitf = next(descendants(self.content, "nitf"), None)
        if nitf is not None:
            return facts_of_nitf(nitf)
        if any(True for _ in children(self.content)):
            return xhtml_facts(self.content)
        return {"text": "\n\n".join(paragraphs_of_data("".join(map(str, self.content.itertext()))))}

    @property
    def text(self) -> str:
        return str(self.facts.get("text") or "")

    @property
    def headline(self) -> str:
        """Of the text itself, or of the component that holds it alone."""
        return line(self.around[0], "NewsLines/HeadLine") or str(self.facts.get("title") or "")

    @property
    def role(self) -> str:
        """Of the nearest component that has one, without spaces and in lower case."""
        return next(filter(None, map(_role, self.around)), "")

    @property
    def language(self) -> str:
        """Of the nearest component that names one."""
        paths = ("DescriptiveMetadata/Language@FormalName", "@lang")
        languages = (text for component in self.around for text in lines(component, *paths))
        return first_language(*languages, self.facts.get("language"))

    @property
    def is_article(self) -> bool:
        """True if it has words, and neither it nor what is around it belongs to a picture or the like."""
        return not any(_role(component) in _NO_ARTICLE for component in self.around) and bool(self.text)


@dataclass(frozen=True, slots=True)
class ItemTexts:
    """The article of an item, the same in other languages, and texts beside it.

    `siblings` have headlines of their own. `summary` stands in where there is no text; `media` is what it has instead.
    """

    main: ItemText | None
    translations: tuple[ItemText, ...] = ()
    siblings: tuple[ItemText, ...] = ()
    beside: tuple[ItemText, ...] = ()
    summary: str = ""
    headline: str = ""
    subheadline: str = ""
    media: tuple[str, ...] = ()

    def others(self) -> Iterator[tuple[str, ItemText]]:
        """The item's other articles, with what their ids end in: a language, or a number."""
        for text in self.translations:
            yield text.language or "other", text
        for number, text in enumerate(self.siblings, start=2):
            yield str(number), text


def texts_of(item: Element) -> ItemTexts:
    """The texts of an item in the order of their weight."""
    texts = list(islice((text for top in children(item, "NewsComponent") for text in _texts(top, ())), MAX_TEXTS))
    articles = [text for text in texts if text.is_article]
    candidates = [text for text in articles if text.role in _MAIN] or articles
    main = next(iter(candidates), None)
    by_language: dict[str, ItemText] = {}
    for text in candidates:
        by_language.setdefault(text.language or (main.language if main else ""), text)
    translations = tuple(text for text in by_language.values() if text is not main)
    words = folded(main.text) if main else ""
    rest = [text for text in articles if text not in (main, *translations) and folded(text.text) not in words]
    siblings = tuple(text for text in rest if text.headline and main and text.headline != main.headline)
    return ItemTexts(
        main=main,
        translations=translations,
        siblings=siblings,
        beside=tuple(text for text in rest if text not in siblings),
        summary=_by_role(texts, "abstract", "summary"),
        headline=_by_role(texts, "headline", "title"),
        subheadline=_by_role(texts, "subheadline"),
        media=tuple(dict.fromkeys(_media(item))),
    )


def _texts(component: Element, above: tuple[Element, ...]) -> Iterator[ItemText]:
    around = (component, *above)
    for part in children(component, "ContentItem", "NewsComponent"):
        if local(part) == "NewsComponent":
            yield from _texts(part, around)
            continue
        content = child(part, "DataContent")
        content = child(part, "Encoding", "DataContent") if content is None else content
        if content is not None and not line(part, "MimeType@FormalName").lower().startswith(_NO_TEXT):
            yield ItemText(content, around)


def _by_role(texts: list[ItemText], *roles: str) -> str:
    return next((text.text for role in roles for text in texts if text.role == role and text.text), "")


def _media(item: Element) -> Iterator[str]:
    """The media that the item has instead of words."""
    if count := sum(1 for _ in descendants(item, "NewsItemRef")):
        yield f"a package that lists {count} items"
    for part in descendants(item, "ContentItem"):
        kind = line(part, "MediaType@FormalName", "MimeType@FormalName")
        if reference := line(part, "@Href") if child(part, "DataContent") is None else "":
            yield f"a reference to {kind or 'a file'} ({reference[:80]})"
        elif kind and not kind.lower().startswith("text"):
            yield kind[:60]


def _role(component: Element) -> str:
    role = line(component, "Role@FormalName", "Role")
    return "".join(role.lower().split()).replace("-", "").replace("_", "")
