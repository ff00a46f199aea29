"""NewsML-G2, news items and messages of several in XML by the IPTC, with and without a namespace.

Pictures, films, packages and lists of concepts have no words to quote and are named as such.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from lxml import etree

from qa.errors import ReadError
from qa.loaders.documents import Document
from qa.loaders.fields import id_from
from qa.loaders.headlines import with_headline
from qa.loaders.metadata import Facts, deliver, facts, slug
from qa.loaders.moments import moment
from qa.loaders.newsml1 import read_news_items
from qa.loaders.newsml_g2_content import content_of
from qa.loaders.newsml_g2_meta import descriptions, item_class, item_language, meta_facts
from qa.loaders.publishing import CANCELLED
from qa.loaders.xml_documents import Tree, tree_of
from qa.loaders.xml_trees import Element, attribute, children, descendants, line_in, line_number, local
from qa.models.deliveries import WITHIN, Delivery, Failure, Original, Record, Remark, WireNotice
from qa.models.notices import NoticeKind

ROOTS = frozenset(
    (
        *("newsmessage", "newsitem", "packageitem", "conceptitem", "knowledgeitem", "planningitem", "catalogitem"),
        *("contentset", "inlinexml"),
    )
)
_FRAGMENTS = ("contentSet", "inlineXML")
_WITHOUT_WORDS = {
    "packageItem": "a package that only lists items",
    "conceptItem": "a concept",
    "knowledgeItem": "a list of concepts",
    "planningItem": "a plan of coverage",
    "catalogItem": "a catalog",
}
_TEXTUAL = ("", "text", "composite")
_ARTICLES = {"audio": "a recording", "video": "a film", "picture": "a picture", "graphic": "a graphic"}


def read_newsml_g2(document: Document, *, beneath: Facts) -> Iterator[Record]:
    """The articles of one item or message. Raises ReadError, OSError."""
    tree = tree_of(document)
    name = local(tree.root)
    if name == "NewsItem":
        yield from read_news_items(tree, document, beneath=beneath)
    elif name == "newsMessage":
        yield from _message(tree, document, beneath=beneath)
    else:
        derived = slug(document.stem)
        yield from _item(tree.root, document.place, derived_id=derived, beneath=beneath, notices=tree.notices)


def _message(tree: Tree, document: Document, *, beneath: Facts) -> Iterator[Record]:
    """All items, the versions of each in their order; one that can't be read doesn't keep the others back."""
    items = _in_order([one for itemset in descendants(tree.root, "itemSet") for one in children(itemset)])
    if not items:
        reason = "a message with items was expected, found one without; deliver the items"
        raise ReadError(reason, path=document.place, line=line_number(tree.root))
    several = len(items) > 1
    for number, item in enumerate(items, start=1):
        derived = f"{slug(document.stem)}-{number}" if several else slug(document.stem)
        if several and local(item) == "packageItem":
            yield _listing(item, path=document.place)
            continue
        try:
            found = _item(item, document.place, derived_id=derived, beneath=beneath, notices=tree.notices)
            for record in found:
                whole = isinstance(record, Delivery) and several
                yield _with_original(record, item, document, number) if whole else record
        except ReadError as error:
            yield Failure(error.path or document.place, error.line or line_number(item), error.reason)


def _item(item: Element, path: str, *, derived_id: str, beneath: Facts, notices: tuple[str, ...]) -> Iterator[Record]:
    """The article of one item, or the order that it is. Raises ReadError for what has no words."""
    line = line_number(item)
    _refuse_wordless(item, path=path)
    content = content_of(item, language=item_language(item))
    own = {key: value for key, value in meta_facts(item).items() if value not in (None, "", [], {})}
    inner = {key: value for key, value in content.facts.items() if value not in (None, "", [], {})}
    values = inner | own
    if not values.get("title") and (name := line_in(item, "itemMeta", "title")):
        values["title"] = name
    if creators := values.get("creator"):
        values.setdefault("byline", creators)
    if values.get("status") == "withdrawn" and not values.get("text") and item_class(item) in _TEXTUAL:
        yield _cancellation(item, values, path=path)
        return
    _refuse_other(item, values, other=content.other, path=path)
    if not values.get("text"):
        values |= _summary(item)
    values, noticed = with_headline(values)
    stated = {**beneath, **facts(values, path=path, line=line)}
    yield deliver(stated, derived_id=derived_id, path=path, line=line, notices=(*notices, *noticed))


def _refuse_wordless(item: Element, *, path: str) -> None:
    name = local(item)
    if name in _WITHOUT_WORDS:
        advice = "deliver the items themselves" if name == "packageItem" else "it has no words to quote"
        reason = f"an item of text was expected, found {_WITHOUT_WORDS[name]} ({name}); {advice}"
        raise ReadError(reason, path=path, line=line_number(item))
    if name != "newsItem" and name not in _FRAGMENTS:
        reason = f"an item of NewsML-G2 was expected, found <{name[:60]}>; deliver the news items"
        raise ReadError(reason, path=path, line=line_number(item))


def _refuse_other(item: Element, values: dict[str, object], *, other: str, path: str) -> None:
    """Raises ReadError for what has no words of an article: a picture has a headline and a caption too."""
    if values.get("text"):
        return
    kind = item_class(item)
    if kind not in _TEXTUAL:
        found = _ARTICLES.get(kind, f"one of the kind {kind[:40]}")
        reason = f"an item of text was expected, found {found}; only words can be quoted"
        raise ReadError(reason, path=path, line=line_number(item))
    if other and not any(descriptions(item)):
        reason = f"the text of an item was expected, found {other}; deliver it with its text"
        raise ReadError(reason, path=path, line=line_number(item))
    if not values.get("title") and not any(descriptions(item)):
        reason = "a headline or a text was expected, found neither; deliver the whole item"
        raise ReadError(reason, path=path, line=line_number(item))


def _summary(item: Element) -> dict[str, object]:
    """What stands for the text of an item that has none; none where the headline is all there is."""
    found = list(dict.fromkeys(descriptions(item)))
    return {"text": "\n\n".join(found), "kind": "teaser"} if found else {}


def _cancellation(item: Element, values: dict[str, object], *, path: str) -> WireNotice:
    guid = attribute(item, "guid")
    if not guid:
        reason = "the guid of the cancelled item was expected, found none; deliver the notice again"
        raise ReadError(reason, path=path, line=line_number(item))
    return WireNotice(id_from(guid), NoticeKind.WITHDRAWAL, CANCELLED, path, line_number(item), _day(values))


def _day(values: dict[str, object]) -> date | None:
    when = moment(values.get("revised") or values.get("published"))
    return when.date() if when else None


def _listing(package: Element, *, path: str) -> Remark:
    listed = sum(1 for _ in descendants(package, "itemRef"))
    return Remark(path, line_number(package), f"a package that lists {listed} items; it has no words of its own")


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
    said = attribute(item, "version")
    return int(said) if said.isdecimal() and len(said) < 10 else 0


def _with_original(record: Record, item: Element, document: Document, number: int) -> Record:
    assert isinstance(record, Delivery)
    digest = hashlib.sha256(etree.tostring(item, with_tail=False)).hexdigest()
    inside = f"{document.inside}{WITHIN}{number}" if document.inside else str(number)
    return replace(record, original=Original(digest, inside))
