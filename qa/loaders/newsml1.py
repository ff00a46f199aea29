"""NewsML 1.0 to 1.2: the revisions of an item share one id, its text in another language is an article of its own."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from qa.errors import ReadError
from qa.loaders.cleaning import folded
from qa.loaders.documents import Document
from qa.loaders.fields import first_language, id_from, without_headline
from qa.loaders.metadata import Facts, RecordContext, present
from qa.loaders.news_items import Concept, by_kind, cancellation, read_items
from qa.loaders.nitf import facts_within
from qa.loaders.publication_status import agency_status
from qa.loaders.timestamps import first_iso, iso
from qa.loaders.xml_tree import Element, elements, first, line, line_number, line_of, lines, tree_of, words_at
from qa.models.deliveries import Record, Remark

MAX_LISTED = 100  # of links and the like that `extra` keeps
MAX_TEXTS = 300  # of one item that are looked at; real ones have a dozen

_IDENTITY, _MANAGEMENT = "Identification/NewsIdentifier", "NewsManagement"
_CHANGE = f"{_MANAGEMENT}/StatusWillChange/DateAndTime"
_OF_ITEM: Mapping[str, tuple[str, ...]] = {
    "version": (f"{_IDENTITY}/RevisionId",),
    "urgency": (f"{_MANAGEMENT}/Urgency/@FormalName", f"{_MANAGEMENT}/Urgency"),
    "derived_from_item": (f"{_MANAGEMENT}/DerivedFrom/@NewsItem",),
    "revision_history": (f"{_MANAGEMENT}/RevisionHistory/@Href",),
}
# Of the components around a text the innermost that says it.
_OF_COMPONENT: Mapping[str, tuple[str, ...]] = {
    "title": ("NewsLines/HeadLine",),
    "byline": ("NewsLines/ByLine",),
    "slugline": ("NewsLines/SlugLine",),
    "copyright_notice": ("NewsLines/CopyrightLine",),
    "copyright_holder": (
        "RightsMetadata/Copyright/CopyrightHolder//Party/@FormalName",
        "RightsMetadata/Copyright/CopyrightHolder",
    ),
    "dateline": ("NewsLines/DateLine",),
    "located": ("NewsLines/DateLine",),
    "subheadline": ("NewsLines/SubHeadLine",),
    "creditline": ("NewsLines/CreditLine",),
    "seriesline": ("NewsLines/SeriesLine",),
    "source_party": ("AdministrativeMetadata/Source//Party/@FormalName", "AdministrativeMetadata/Source"),
}
_PROVIDERS = [
    f"AdministrativeMetadata/{name}{path}" for name in ("Provider", "Creator") for path in ("//Party/@FormalName", "")
]
_LANGUAGES = ("DescriptiveMetadata/Language/@FormalName", "@lang")
_SUBJECTS = "DescriptiveMetadata/SubjectCode/*[starts-with(name(), 'Subject')]/@FormalName"

_REVISION = re.compile(r":\d+[NUA]?$", re.IGNORECASE)
_DELETING = ("delete", "kill", "cancel", "canceled", "cancelled")
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


@dataclass(frozen=True, slots=True, eq=False)
class ItemText:
    """One text of an item; `around` are the components that it stands in, the innermost first."""

    facts: Mapping[str, object]
    around: Sequence[Element]
    roles: Sequence[str]
    language: str
    headline: str

    @property
    def text(self) -> str:
        return str(self.facts.get("text") or "")

    @property
    def role(self) -> str:
        """The innermost component's that has one, without spaces and in lower case."""
        return next(filter(None, self.roles), "")


def read_newsml1(document: Document, *, defaults: Facts) -> Iterator[Record]:
    """NewsML 1.0 to 1.2, news items in XML by the IPTC, with their texts as NITF, XHTML or plain text."""
    root, notices = tree_of(document)
    yield from read_news_items(root, RecordContext(document, defaults, notices=notices))


def read_news_items(root: Element, context: RecordContext) -> Iterator[Record]:
    """The articles of all news items of a tree. Raises ReadError where there is none."""
    items = elements(root, "self::NewsItem|NewsItem")
    if not items:
        raise ReadError("a news item was expected, found none; deliver the items", line=line_number(root))
    # What the envelope says of all items stands in where they leave it out.
    envelope = {
        "outlet": line(root, "NewsEnvelope/SentFrom/Party/@FormalName", "NewsEnvelope/NewsService/@FormalName"),
        "published": iso(line(root, "NewsEnvelope/DateAndTime")),
    }
    yield from read_items(items, replace(context, defaults=context.facts(envelope)), _read_item)


def _read_item(item: Element, context: RecordContext) -> Iterator[Record]:
    """The article of one item, in each of its languages, or the order that it is. Raises ReadError."""
    texts = list(islice((text for top in elements(item, "NewsComponent") for text in _texts(top, ())), MAX_TEXTS))
    articles = [text for text in texts if text.text and not _NO_ARTICLE.intersection(text.roles)]
    main = next((text for text in articles if text.role in _MAIN), next(iter(articles), None))
    name, values = _identifier(item), _values(item, texts, main)
    if values.get("status") == "withdrawn" and not values.get("text"):
        yield cancellation(name, values, context)
        return
    _refuse_wordless(item, values)
    yield context.article(without_headline(values))
    beside: list[str] = []
    endings: list[str] = []
    words = folded(main.text) if main else ""
    for text in (text for text in articles if text is not main and folded(text.text) not in words):
        is_translation = main is not None and text.language not in ("", main.language, *endings)
        if not is_translation and (not text.headline or (main and text.headline == main.headline)):
            beside.append(text.role or "no role")
            continue
        siblings = sum(map(str.isdecimal, endings))
        endings.append(text.language if is_translation else str(siblings + 2))
        article = {**_values(item, texts, text), "beside": id_from(name) or context.stem}
        article |= {"id": f"{id_from(name)}-{endings[-1]}"} if name else {}
        yield context.numbered(endings[-1]).article(without_headline(article))
    if beside:
        roles = ", ".join(dict.fromkeys(beside))[:200]
        remark = f"the item holds {len(beside)} more texts beside its article ({roles}); they are left out"
        yield Remark(context.document.place, context.line, remark)


def _values(item: Element, texts: Sequence[ItemText], text: ItemText | None) -> dict[str, object]:
    """The facts of the item about one of its texts; texts of other roles stand in for what it has not."""
    # Without text, the lines of an item are held by the outermost component, or its first ones.
    around = text.around if text else elements(item, "NewsComponent[1]|NewsComponent[1]//NewsComponent")[:4]
    values = (dict(text.facts) if text else {}) | present(_item_facts(item, around))
    by_role: dict[str, str] = {}
    for other in texts:
        by_role.setdefault(other.role, other.text)
    values["title"] = values.get("title") or by_role.get("headline") or by_role.get("title")
    if not values.get("text") and (summary := by_role.get("abstract") or by_role.get("summary")):
        values |= {"text": summary, "kind": "teaser"}
    return {"subheadline": by_role.get("subheadline", "")} | values


def _refuse_wordless(item: Element, values: Mapping[str, object]) -> None:
    if values.get("text"):
        return
    if media := list(dict.fromkeys(_media(item))):
        reason = f"an item of text was expected, found {', '.join(media[:3])}; only words can be quoted"
    elif elements(item, "Update|TopicSet|Catalog"):
        reason = "an item of text was expected, found one that only updates others; deliver the whole item"
    elif values.get("title"):
        return
    else:
        reason = "a headline or a text was expected, found neither; deliver the whole item"
    raise ReadError(reason, line=line_number(item))


def _identifier(item: Element) -> str:
    """The item's identifier without its revision, so that it is the same for all; empty where it has none."""
    parts = ("ProviderId", "DateId", "NewsItemId", "PublicIdentifier")
    provider, day, name, public = (line(item, f"{_IDENTITY}/{part}") for part in parts)
    if provider and day and name:
        return f"urn:newsml:{provider}:{day}:{name}"
    if public:
        return _REVISION.sub("", public) if public.lower().startswith("urn:newsml:") else public
    return ":".join(filter(None, (provider, day, name))) if name else ""


def _item_facts(item: Element, around: Sequence[Element]) -> dict[str, object]:
    """Facts of an item whose article stands in these components, the innermost first; empty where it says nothing."""
    created = lines(item, f"{_MANAGEMENT}/FirstCreated")
    revised = line(item, f"{_MANAGEMENT}/ThisRevisionCreated")
    return {
        **words_at(item, _OF_ITEM),
        **words_at(around, _OF_COMPONENT),
        "id": id_from(_identifier(item)),
        "published": first_iso(*created, revised, line(item, f"{_IDENTITY}/DateId")),
        "revised": iso(revised),
        "usage_terms": line(around, "NewsLines/RightsLine") or "; ".join(lines(around, "RightsMetadata/UsageRights/*")),
        "outlet": line(around, *_PROVIDERS) or line(item, f"{_MANAGEMENT}/NewsProvider/@FormalName"),
        "keywords": lines(around, "NewsLines/KeywordLine"),
        "language": first_language(*lines(around, *_LANGUAGES)),
        **by_kind(_concepts(item, around)),
        **_status(item),
        # What no field of an article holds, in the source's own names.
        "genre": lines(around, "DescriptiveMetadata/Genre/@FormalName")[:MAX_LISTED],
        "instruction": lines(item, f"{_MANAGEMENT}/Instruction/@FormalName")[:MAX_LISTED],
        "status_will_change": " ".join(lines(item, f"{_MANAGEMENT}/StatusWillChange/*/@FormalName", _CHANGE)),
        "associated_with": lines(item, f"{_MANAGEMENT}/AssociatedWith/@NewsItem")[:MAX_LISTED],
    }


def _status(item: Element) -> Mapping[str, object]:
    """The status, the end of an embargo, and whether the publisher has it deleted."""
    status = line(item, f"{_MANAGEMENT}/Status/@FormalName", f"{_MANAGEMENT}/Status")
    embargo = iso(line(item, _CHANGE)) if status.strip().lower().startswith("embargo") else None
    # An instruction with the revision that it is about is of an earlier one.
    orders = lines(item, f"{_MANAGEMENT}/Instruction[not(RevisionStatus/@Revision)]/@FormalName")
    is_deleted = any(text.lower() in _DELETING for text in orders)
    return agency_status("canceled" if is_deleted else status, embargo=embargo)


def _concepts(item: Element, around: Sequence[Element]) -> list[tuple[str, Concept]]:
    """What the item is about, with the kind of each: codes of the IPTC, and topics that the file itself describes."""
    concepts: list[tuple[str, Concept]] = []
    for code in lines(around, _SUBJECTS):
        is_code = any(map(str.isdigit, code))
        concepts.append(("", {"name": "" if is_code else code, "code": code if is_code else ""}))
    for location in elements(around, "DescriptiveMetadata/Location"):
        name = ", ".join(lines(location, "Property/@Value")) or line(location, "@FormalName") or line_of(location)
        concepts.append(("place", {"name": name, "code": ""}))
    if references := lines(around, "DescriptiveMetadata/TopicOccurrence/@Topic"):
        topics = {line(topic, "@Duid"): topic for topic in elements(item, "../TopicSet//Topic|.//Topic")}
        for reference in references:
            topic = topics.get(reference.lstrip("#"))
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
            facts = facts_within(content) or {}
            facts.pop("id", None)
            roles = [folded(line(outer, "Role/@FormalName", "Role")) for outer in around]
            language = first_language(*lines(around, *_LANGUAGES), facts.get("language"))
            headline = line(component, "NewsLines/HeadLine") or str(facts.get("title") or "")
            yield ItemText(facts, around, roles, language, headline)


def _media(item: Element) -> Iterator[str]:
    """The media that the item has instead of words."""
    if count := len(elements(item, ".//NewsItemRef")):
        yield f"a package that lists {count} items"
    for part in elements(item, ".//ContentItem"):
        kind = line(part, "MediaType/@FormalName", "MimeType/@FormalName")
        if reference := line(part, "@Href") if first(part, "DataContent") is None else "":
            yield f"a reference to {kind or 'a file'} ({reference[:80]})"
        elif kind and not kind.lower().startswith("text"):
            yield kind[:60]
