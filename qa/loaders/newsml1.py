"""NewsML 1.0 to 1.2: the revisions of an item share one id, its text in another language is an article of its own."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from qa.errors import ReadError
from qa.loaders.documents import Document
from qa.loaders.fields import first_language, id_from, iso
from qa.loaders.metadata import Facts, RecordContext, present
from qa.loaders.names import NAMES
from qa.loaders.news_items import Concept, article_or_order, by_kind, read_items
from qa.loaders.nitf import facts_within
from qa.loaders.publication_status import agency_status
from qa.loaders.xml_tree import Element, elements, first, line, line_number, line_of, lines, tree_of, values_at
from qa.models.deliveries import Record, Remark
from qa.text.cleaning import folded

MAX_TEXTS = 300  # of one item that are looked at; real ones have a dozen

_IDENTITY, _MANAGEMENT = "Identification/NewsIdentifier", "NewsManagement"
_CHANGE = f"{_MANAGEMENT}/StatusWillChange"
_LANGUAGES = ("DescriptiveMetadata/Language/@FormalName", "@lang")
_SUBJECTS = "DescriptiveMetadata/SubjectCode/*[starts-with(name(), 'Subject')]/@FormalName"

_REVISION = re.compile(r":\d+[NUA]?$", re.IGNORECASE)
_DELETING = ("delete", "kill", "cancel", "canceled", "cancelled")
_TABLES = NAMES["newsml1"]
_ROLES = _TABLES["roles"]
_NO_TEXT = ("image/", "video/", "audio/", "application/pdf", "application/x-shockwave", "text/css", "text/javascript")


@dataclass(frozen=True, slots=True, eq=False)
class ItemText:
    """One text of an item; `around` are the components that it stands in, the innermost first, `roles` theirs."""

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
        return next(filter(None, self.roles), "")


def read_newsml1(document: Document, *, defaults: Facts) -> Iterator[Record]:
    """NewsML 1.0 to 1.2, news items in XML by the IPTC, with their texts as NITF, XHTML or plain text."""
    root, notices = tree_of(document.read())
    yield from read_news_items(root, RecordContext(document, defaults, notices=notices))


def read_news_items(root: Element, context: RecordContext) -> Iterator[Record]:
    """The articles of all news items of a tree. Raises ReadError where there is none."""
    items = elements(root, "self::NewsItem|NewsItem")
    if not items:
        raise ReadError("a news item was expected, found none; deliver the items", line=line_number(root))
    # What the envelope says of all items stands in where they leave it out.
    yield from read_items(
        items, replace(context, defaults=context.facts(values_at(root, _TABLES["envelope"]))), _read_item
    )


def _read_item(item: Element, context: RecordContext) -> Iterator[Record]:
    """The article of one item, in each of its languages, or the order that it is. Raises ReadError."""
    texts = list(islice((text for top in elements(item, "NewsComponent") for text in _texts(top, ())), MAX_TEXTS))
    articles = [text for text in texts if text.text and not set(_ROLES["no_article"]).intersection(text.roles)]
    main = next((text for text in articles if text.role in _ROLES["main"]), next(iter(articles), None))
    name, values = _identifier(item), _values(item, texts, main)
    if not values.get("text") and values.get("status") != "withdrawn":
        if media := list(dict.fromkeys(_media(item))):
            raise ReadError(f"an item of text was expected, found {', '.join(media[:3])}; only words can be quoted")
        if elements(item, "Update|TopicSet|Catalog"):
            reason = "an item of text was expected, found one that only updates others; deliver the whole item"
            raise ReadError(reason)
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
    values = {
        "title": by_role.get("headline") or by_role.get("title"),
        "subheadline": by_role.get("subheadline"),
        **(text.facts if text else {}),
        **present(
            {
                "outlet": line(item, f"{_MANAGEMENT}/NewsProvider/@FormalName"),
                "usage_terms": "; ".join(lines(around, "RightsMetadata/UsageRights/*")),
                "id": id_from(_identifier(item)),
                **by_kind(_concepts(item, around)),
            }
        ),
        **present(values_at(item, _TABLES["item"])),
        **present(values_at(around, _TABLES["component"])),
        **_status(item),
    }
    if not values.get("text") and (summary := by_role.get("abstract") or by_role.get("summary")):
        values |= {"text": summary, "kind": "teaser"}
    return present(values)


def _identifier(item: Element) -> str:
    """The item's identifier without its revision, so that it is the same for all; empty where it has none."""
    parts = ("ProviderId", "DateId", "NewsItemId", "PublicIdentifier")
    provider, day, name, public = (line(item, f"{_IDENTITY}/{part}") for part in parts)
    if provider and day and name:
        return f"urn:newsml:{provider}:{day}:{name}"
    if public:
        return _REVISION.sub("", public) if public.lower().startswith("urn:newsml:") else public
    return ":".join(filter(None, (provider, day, name))) if name else ""


def _status(item: Element) -> Mapping[str, object]:
    status = line(item, f"{_MANAGEMENT}/Status/@FormalName", f"{_MANAGEMENT}/Status")
    embargo = iso(line(item, f"{_CHANGE}/DateAndTime")) if status.strip().lower().startswith("embargo") else None
    # An instruction with the revision that it is about is of an earlier one.
    orders = lines(item, f"{_MANAGEMENT}/Instruction[not(RevisionStatus/@Revision)]/@FormalName")
    is_deleted = any(text.lower() in _DELETING for text in orders)
    return agency_status("canceled" if is_deleted else status, embargo=embargo)


def _concepts(item: Element, around: Sequence[Element]) -> list[tuple[str, Concept]]:
    """What the item is about, with the kind of each: codes of the IPTC, and topics that the file itself describes."""
    concepts: list[tuple[str, Concept]] = [
        ("", {"code" if any(map(str.isdigit, code)) else "name": code}) for code in lines(around, _SUBJECTS)
    ]
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
            facts = {key: fact for key, fact in facts_within(content).items() if key != "id"}
            roles = [folded(line(outer, "Role/@FormalName", "Role")) for outer in around]
            language = first_language(*lines(around, *_LANGUAGES), facts.get("language"))
            headline = line(component, "NewsLines/HeadLine") or str(facts.get("title") or "")
            yield ItemText(facts, around, roles, language, headline)


def _media(item: Element) -> Iterator[str]:
    if count := len(elements(item, ".//NewsItemRef")):
        yield f"a package that lists {count} items"
    for part in elements(item, ".//ContentItem"):
        kind = line(part, "MediaType/@FormalName", "MimeType/@FormalName")
        if reference := line(part, "@Href") if first(part, "DataContent") is None else "":
            yield f"a reference to {kind or 'a file'} ({reference[:80]})"
        elif kind and not kind.lower().startswith("text"):
            yield kind[:60]
