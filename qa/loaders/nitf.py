"""NITF 3, news items in XML by the IPTC, with and without a namespace.

An item that says it cancels another one is an order about that, not an article.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date

from qa.errors import ReadError
from qa.loaders.carried import NAME, carried_facts, overlaid
from qa.loaders.documents import Document
from qa.loaders.fields import MAX_TITLE, id_from
from qa.loaders.headlines import with_headline
from qa.loaders.metadata import Facts, deliver, facts, slug
from qa.loaders.moments import iso, moment
from qa.loaders.nitf_body import nitf_body
from qa.loaders.nitf_docdata import MAX_NOTICE, corrected, docdata_facts, item_id, killed, registered_by
from qa.loaders.publishing import CANCELLED
from qa.loaders.xml_documents import tree_of, tree_of_bytes
from qa.loaders.xml_text import line_of
from qa.loaders.xml_trees import Element, attribute, child, children, descendants, line_number, local
from qa.models.deliveries import Record, WireNotice
from qa.models.notices import NoticeKind

_DECLARED = re.compile(r"^\s*<\?xml\b[^>]*\?>")
_NOTICE_TO_KILL = re.compile(
    r"(?:\W*(?:mandatory|bulletin|advisory|editors?)\b\W*)*kill\b|.*[,:(–—-]\s*kill\W*$", re.IGNORECASE
)
_DOCTYPE = re.compile(r"<!DOCTYPE[^>\[]*>", re.IGNORECASE)


def read_nitf(document: Document, *, beneath: Facts) -> Iterator[Record]:
    """The article of one item, and what it says of others. Raises ReadError, OSError."""
    tree = tree_of(document)
    nitf, path, line = tree.root, document.place, line_number(tree.root)
    carried = _carried(nitf)
    values = facts_of_nitf(nitf)
    orders = () if carried else tuple(_orders(nitf, values, path=path))
    if any(order.kind is NoticeKind.WITHDRAWAL for order in orders) and not _has_own_words(values):
        yield from orders
        return
    if not values.get("title") and not values.get("text"):
        reason = "a headline or a body was expected, found neither; deliver the whole item"
        raise ReadError(reason, path=path, line=line)
    values, noticed = with_headline(overlaid(values | _of_its_own(nitf), carried))
    stated = {**beneath, **facts({**values, **carried}, path=path, line=line)}
    delivery = deliver(stated, derived_id=slug(document.stem), path=path, notices=(*tree.notices, *noticed))
    yield replace(delivery, orders=orders)


def facts_of_nitf(nitf: Element) -> dict[str, object]:
    """The facts of an `nitf` element, on its own or inside NewsML, without its id; what it leaves out is left out."""
    body = nitf_body(nitf)
    data = docdata_facts(nitf)
    notes = [note for note in (data.get("editor_note"), body.editor_note) if isinstance(note, str) and note]
    values = {
        **data,
        **body.extra,
        "title": body.headline,
        "text": body.text,
        "byline": body.byline,
        "located": body.located,
        "correction": body.correction[:MAX_NOTICE],
        "editor_note": "\n\n".join(notes),
        "copyright_notice": body.rights,
        "published": data.get("published") or iso(body.dated),
        "outlet": data.get("outlet") or body.distributor,
    }
    return {key: value for key, value in values.items() if value not in (None, "", [], {})}


def body_text_of(markup: str) -> str:
    """The words of the body of an NITF item given as text, or of a part of one. Raises ReadError."""
    bare = _DOCTYPE.sub("", _DECLARED.sub("", markup, count=1), count=1).strip()
    try:
        root = _parsed(bare)
    except ReadError:
        root = _parsed(f"<body.content>{bare}</body.content>")
    found = root if local(root) == "nitf" else next(descendants(root, "nitf"), root)
    return nitf_body(found).text


def _parsed(markup: str) -> Element:
    return tree_of_bytes(markup.encode("utf-8", "ignore"), path="").root


def _of_its_own(nitf: Element) -> dict[str, object]:
    """Facts that only an item that stands alone has: inside NewsML those around it count."""
    identifier, correction = item_id(nitf), corrected(nitf)
    values: dict[str, object] = {"id": id_from(identifier)} if identifier else {}
    if not attribute(child(nitf, "head", "pubdata"), "name") and (registrar := registered_by(nitf)):
        values["outlet"] = line_of(next(descendants(nitf, "distributor"), None)) or registrar
    if correction and correction[1] and correction[0] in ("", identifier):
        values["correction"] = correction[1]
    return values


def _carried(nitf: Element) -> dict[str, object]:
    """What an export of the archive's own says beside; nothing in items of others."""
    named = (one for one in children(child(nitf, "head"), "meta") if attribute(one, "name") == NAME)
    return next((carried_facts(one.get("content")) for one in named), {})


def _orders(nitf: Element, values: Mapping[str, object], *, path: str) -> Iterator[WireNotice]:
    """What the item says of others, and of itself where it is cancelled and has no words left."""
    identifier, correction, other = item_id(nitf), corrected(nitf), killed(nitf)
    day = _day(values)
    if correction and correction[1] and correction[0] not in ("", identifier):
        yield WireNotice(id_from(correction[0]), NoticeKind.CORRECTION, correction[1], path, line_number(nitf), day)
    if other:
        yield WireNotice(id_from(other), NoticeKind.WITHDRAWAL, CANCELLED, path, line_number(nitf), day)
    if values.get("status") == "withdrawn" and identifier and not values.get("text"):
        yield WireNotice(id_from(identifier), NoticeKind.WITHDRAWAL, CANCELLED, path, line_number(nitf), day)


def _has_own_words(values: Mapping[str, object]) -> bool:
    """Whether there is an article beside what is said of another: a notice that says no more is none."""
    return bool(values.get("text")) and not _NOTICE_TO_KILL.match(str(values.get("title", ""))[:MAX_TITLE])


def _day(values: Mapping[str, object]) -> date | None:
    when = moment(values.get("revised") or values.get("published"))
    return when.date() if when else None
