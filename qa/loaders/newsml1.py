"""NewsML 1.0 to 1.2, news items in XML by the IPTC, with their texts as NITF, XHTML or plain text.

The revisions of an item share one id; its text in another language is an article of its own.
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
from qa.loaders.newsml1_meta import envelope_facts, identifier, item_facts
from qa.loaders.newsml1_parts import Part, Parts, parts_of
from qa.loaders.publishing import CANCELLED
from qa.loaders.xml_documents import Tree, tree_of
from qa.loaders.xml_trees import Element, children, descendants, line_number, local
from qa.models.deliveries import WITHIN, Delivery, Failure, Original, Record, Remark, WireNotice
from qa.models.notices import NoticeKind


def read_newsml1(document: Document, *, beneath: Facts) -> Iterator[Record]:
    """The articles of one file. Raises ReadError, OSError."""
    yield from read_news_items(tree_of(document), document, beneath=beneath)


def read_news_items(tree: Tree, document: Document, *, beneath: Facts) -> Iterator[Record]:
    """The articles of all news items of a tree; one that can't be read doesn't keep the others back."""
    path, root = document.place, tree.root
    items = [root] if local(root) == "NewsItem" else list(children(root, "NewsItem"))
    if not items:
        reason = "a news item was expected, found none; deliver the items"
        raise ReadError(reason, path=path, line=line_number(root))
    around = {**beneath, **facts(envelope_facts(root), path=path)}
    for number, item in enumerate(items, start=1):
        several = len(items) > 1
        derived = f"{slug(document.stem)}-{number}" if several else slug(document.stem)
        try:
            for record in _item(item, path, derived_id=derived, beneath=around, notices=tree.notices):
                own = isinstance(record, Delivery) and several
                yield _with_original(record, item, document, str(number)) if own else record
        except ReadError as error:
            yield Failure(error.path or path, error.line or line_number(item), error.reason)


def _item(item: Element, path: str, *, derived_id: str, beneath: Facts, notices: tuple[str, ...]) -> Iterator[Record]:
    """The article of one item, in each of its languages, or the order that it is. Raises ReadError."""
    parts = parts_of(item)
    values = _values(item, parts)
    if values.get("status") == "withdrawn" and not values.get("text"):
        yield _cancellation(item, values, path=path)
        return
    _refuse_wordless(item, parts, values, path=path)
    name = identifier(item)
    yield _delivery(values, item, path, derived_id=derived_id, beneath=beneath, notices=notices)
    for ending, part in _others(parts):
        other = {**_values(item, parts, part), "beside": id_from(name) if name else derived_id}
        other |= {"id": f"{id_from(name)}-{ending}"} if name else {}
        yield _delivery(other, item, path, derived_id=f"{derived_id}-{ending}", beneath=beneath, notices=notices)
    if parts.beside:
        roles = ", ".join(dict.fromkeys(part.role or "no role" for part in parts.beside))[:200]
        text = f"the item holds {len(parts.beside)} more texts beside its article ({roles}); they are left out"
        yield Remark(path, line_number(item), text)


def _others(parts: Parts) -> Iterator[tuple[str, Part]]:
    """The item's other articles, with what their ids end in: a language, or a number."""
    for part in parts.translations:
        yield part.language or "other", part
    for number, part in enumerate(parts.siblings, start=2):
        yield str(number), part


def _values(item: Element, parts: Parts, part: Part | None = None) -> dict[str, object]:
    """The facts of the item about one of its texts, the main one if none is given."""
    chosen = part or parts.main
    top = tuple(children(item, "NewsComponent"))[:1]
    around = chosen.around if chosen else _nested(top)
    inner = chosen.facts if chosen else {}
    own = {key: value for key, value in item_facts(item, around).items() if value not in (None, "", [], {})}
    values = inner | own
    if not values.get("title") and parts.headline:
        values["title"] = parts.headline
    if not values.get("text") and parts.summary:
        values |= {"text": parts.summary, "kind": "teaser"}
    if parts.subheadline:
        values.setdefault("subheadline", parts.subheadline)
    return values


def _nested(top: tuple[Element, ...]) -> tuple[Element, ...]:
    """The components that hold the lines of an item without text: the outermost, and its first ones."""
    inner = tuple(component for one in top for component in descendants(one, "NewsComponent"))
    return (*top, *inner[:3])


def _refuse_wordless(item: Element, parts: Parts, values: dict[str, object], *, path: str) -> None:
    if values.get("text"):
        return
    if parts.others:
        found = ", ".join(parts.others[:3])
        reason = f"an item of text was expected, found {found}; only words can be quoted"
    elif any(True for _ in children(item, "Update", "TopicSet", "Catalog")):
        reason = "an item of text was expected, found one that only updates others; deliver the whole item"
    elif values.get("title"):
        return
    else:
        reason = "a headline or a text was expected, found neither; deliver the whole item"
    raise ReadError(reason, path=path, line=line_number(item))


def _delivery(
    values: dict[str, object],
    item: Element,
    path: str,
    *,
    derived_id: str,
    beneath: Facts,
    notices: tuple[str, ...],
) -> Delivery:
    line = line_number(item)
    titled, noticed = with_headline(values)
    stated = {**beneath, **facts(titled, path=path, line=line)}
    return deliver(stated, derived_id=derived_id, path=path, line=line, notices=(*notices, *noticed))


def _cancellation(item: Element, values: dict[str, object], *, path: str) -> WireNotice:
    name = identifier(item)
    if not name:
        reason = "the identifier of the cancelled item was expected, found none; deliver the notice again"
        raise ReadError(reason, path=path, line=line_number(item))
    return WireNotice(id_from(name), NoticeKind.WITHDRAWAL, CANCELLED, path, line_number(item), _day(values))


def _day(values: dict[str, object]) -> date | None:
    when = moment(values.get("revised") or values.get("published"))
    return when.date() if when else None


def _with_original(record: Record, item: Element, document: Document, number: str) -> Record:
    assert isinstance(record, Delivery)
    digest = hashlib.sha256(etree.tostring(item, with_tail=False)).hexdigest()
    inside = f"{document.inside}{WITHIN}{number}" if document.inside else number
    return replace(record, original=Original(digest, inside))
