"""NITF 3, news items in XML by the IPTC, with and without a namespace.

An item that says it cancels another one is an order about that, not an article.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace

from qa.errors import ReadError
from qa.loaders.cleaning import clean_line
from qa.loaders.documents import Document
from qa.loaders.fields import MAX_TITLE, first_address, id_from
from qa.loaders.headlines import with_headline
from qa.loaders.languages import first_language
from qa.loaders.metadata import Facts, RecordContext, present
from qa.loaders.news_items import cancellation, concept, order_day
from qa.loaders.nitf_body import nitf_body
from qa.loaders.own_exports import FACTS_FIELD, exported_facts, with_exported
from qa.loaders.publication_status import MAX_NOTICE, agency_status
from qa.loaders.timestamps import first_iso, iso, utc
from qa.loaders.xml_text import line, line_of, lines
from qa.loaders.xml_tree import (
    Element,
    attribute,
    child,
    children,
    descendants,
    line_number,
    local,
    tree_of,
    tree_of_bytes,
)
from qa.models.deliveries import Order, Record
from qa.models.notices import NoticeKind

_DECLARED = re.compile(r"^\s*<\?xml\b[^>]*\?>")
_DOCTYPE = re.compile(r"<!DOCTYPE[^>\[]*>", re.IGNORECASE)
_NOTICE_TO_KILL = re.compile(
    r"(?:\W*(?:mandatory|bulletin|advisory|editors?)\b\W*)*kill\b|.*[,:(–—-]\s*kill\W*$", re.IGNORECASE
)
_STRICTEST = ("canceled", "cancelled", "killed", "kill", "withheld", "embargoed")
_PARTS_OF_PLACES = ("sublocation", "city", "state", "region", "country")
_LANGUAGES = ("@lang|baselang", "body@lang|baselang", "body/body.content@lang|baselang", "head@lang|baselang")
_PARTS_OF_EVLOC = ("@city", "@county-dist", "@state-prov", "@region")


def read_nitf(document: Document, *, defaults: Facts) -> Iterator[Record]:
    """NITF 3, news items in XML by the IPTC, with and without a namespace.

    The article of one item, and what it says of others. Raises ReadError, OSError.
    """
    tree = tree_of(document)
    nitf = tree.root
    context = RecordContext(document, defaults, notices=tree.notices)
    metas = [meta for meta in children(child(nitf, "head"), "meta") if attribute(meta, "name") == FACTS_FIELD]
    exported = next((exported_facts(meta.get("content")) for meta in metas), {})
    values = facts_of_nitf(nitf)
    orders = () if exported else tuple(_orders(nitf, values, context))
    if any(order.kind is NoticeKind.WITHDRAWAL for order in orders) and not _has_own_words(values):
        yield from orders
        return
    if not values.get("title") and not values.get("text"):
        reason = "a headline or a body was expected, found neither; deliver the whole item"
        raise ReadError(reason, line=line_number(nitf))
    values, notices = with_headline(with_exported(values | _own_facts(nitf), exported))
    yield replace(context.article({**values, **exported}, *notices), orders=orders)


def facts_of_nitf(nitf: Element) -> dict[str, object]:
    """The facts of an `nitf` element, on its own or inside NewsML, without its id; what it leaves out is left out."""
    body = nitf_body(nitf)
    data = _head_facts(nitf)
    values = {
        **data,
        **body.extra,
        "title": body.headline,
        "text": body.text,
        "byline": body.byline,
        "located": body.located,
        "correction": body.correction[:MAX_NOTICE],
        "editor_note": "\n\n".join(filter(None, (str(data["editor_note"]), body.editor_note))),
        "copyright_notice": body.rights,
        "published": data["published"] or iso(body.dated),
        "outlet": data["outlet"] or body.distributor,
    }
    return present(values)


def body_text_of(markup: str) -> str:
    """The words of the body of an NITF item given as text, or of a part of one. Raises ReadError."""
    bare = _DOCTYPE.sub("", _DECLARED.sub("", markup, count=1), count=1).strip()
    try:
        root = tree_of_bytes(bare.encode("utf-8", "ignore")).root
    except ReadError:
        root = tree_of_bytes(f"<body.content>{bare}</body.content>".encode("utf-8", "ignore")).root
    return nitf_body(root if local(root) == "nitf" else next(descendants(root, "nitf"), root)).text


def _head_facts(nitf: Element) -> dict[str, object]:
    """Facts from the `head` of an `nitf` element; those that it leaves out are empty."""
    head = child(nitf, "head")
    data = child(head, "docdata")
    issued = first_iso(*_dates(data, "date.issue"))
    kind = line(head, "tobject@tobject.type")
    subjects = descendants(child(head, "tobject"), "tobject.subject")
    places = [
        concept(", ".join(lines(place, *_PARTS_OF_EVLOC)) or line_of(place), line(place, "@iso-cc"))
        for place in children(data, "evloc")
    ]
    return {
        "published": issued or first_iso(line(head, "pubdata@date.publication")),
        "revised": _last(lines(head, "revision-history@norm")) or issued,
        "outlet": line(head, "pubdata@name"),
        "url": first_address(lines(head, "pubdata@ex-ref")),
        "section": line(head, "pubdata@position.section") or ("" if kind.lower() == "news" else kind),
        "language": first_language(
            *lines(
                nitf, "@lang|baselang", "body@lang|baselang", "body/body.content@lang|baselang", "head@lang|baselang"
            )
        ),
        "version": line(data, "du-key@version"),
        "urgency": line(data, "urgency@ed-urg"),
        "editor_note": "\n\n".join(lines(data, "ed-msg@info")),
        "copyright_holder": line(data, "doc.copyright@holder") or _rights(data, "owner"),
        "usage_terms": _rights(data, "limitations|limitation"),
        "keywords": [attribute(word, "key") or line_of(word) for word in descendants(data, "keyword")],
        "subjects": [
            concept(
                attribute(subject, "tobject.subject.detail", "tobject.subject.matter", "tobject.subject.type"),
                attribute(subject, "tobject.subject.refnum", "tobject.subject.code"),
            )
            for subject in subjects
        ],
        "places": places + _identified(data, "location"),
        "people": _identified(data, "person"),
        "organisations": _identified(data, "org"),
        **_status(data),
        # What no field of an article holds, in the source's own names.
        "date.expire": first_iso(*_dates(data, "date.expire")),
        "du-key": line(data, "du-key@key"),
        "series": _attributes(child(data, "series")),
        "fixture": line(data, "fixture@fix-id"),
        "edition": line(head, "pubdata@edition.name"),
        "page": line(head, "pubdata@position.sequence"),
    }


def _own_facts(nitf: Element) -> dict[str, object]:
    """Facts that only an item that stands alone has: inside NewsML those around it count."""
    identifier, correction = _item_id(nitf), _correction(nitf)
    values: dict[str, object] = {"id": id_from(identifier)}
    registrar = line(nitf, "head/docdata/doc-id@regsrc")
    if registrar and not line(nitf, "head/pubdata@name"):
        values["outlet"] = line_of(next(descendants(nitf, "distributor"), None)) or registrar
    if correction[1] and correction[0] in ("", identifier):
        values["correction"] = correction[1]
    return present(values)


def _orders(nitf: Element, values: Mapping[str, object], context: RecordContext) -> Iterator[Order]:
    """What the item says of others, and of itself where it is cancelled and has no words left."""
    context = replace(context, line=line_number(nitf))
    identifier, correction = _item_id(nitf), _correction(nitf)
    data = child(nitf, "head", "docdata")
    if correction[1] and correction[0] not in ("", identifier):
        place, day = context.document.place, order_day(values)
        yield Order(id_from(correction[0]), NoticeKind.CORRECTION, correction[1], place, context.line, day)
    other = line(data, "@management-doc-idref")
    if other and other != identifier and line(data, "@management-idref-status").lower() in _STRICTEST[:-1]:
        yield cancellation(other, values, context)
    if values.get("status") == "withdrawn" and identifier and not values.get("text"):
        yield cancellation(identifier, values, context)


def _has_own_words(values: Mapping[str, object]) -> bool:
    """Whether there is an article beside what is said of another: a notice that says no more is none."""
    return bool(values.get("text")) and not _NOTICE_TO_KILL.match(str(values.get("title", ""))[:MAX_TITLE])


def _item_id(nitf: Element) -> str:
    """The identifier of the item as its source writes it; empty where it has none."""
    return line(nitf, "head/docdata/doc-id@id-string", "@uno")


def _correction(nitf: Element) -> tuple[str, str]:
    """The identifier of the item that this one says it corrects, and the words for it; either may be empty."""
    data = child(nitf, "head", "docdata")
    return line(data, "correction@id-string"), line(data, "correction@info", "correction")[:MAX_NOTICE]


def _status(data: Element | None) -> Mapping[str, object]:
    """The strictest status, and when it may be published: where it is embargoed, or that is later than its issue."""
    words = line(data, "@management-status").lower().split()
    status = next((word for word in _STRICTEST if word in words), words[0] if words else "")
    release, issued = first_iso(*_dates(data, "date.release")), first_iso(*_dates(data, "date.issue"))
    after, before = utc(release), utc(issued)
    is_held = status == "embargoed" or (after and before and after > before)
    return agency_status(status, embargo=release if is_held else None)


def _dates(data: Element | None, name: str) -> list[str]:
    return lines(data, f"{name}@norm", name)


def _last(texts: list[str]) -> str | None:
    """The latest of some moments."""
    moments = [(moment, text) for text in texts if (moment := utc(text))]
    return iso(max(moments)[1]) if moments else None


def _rights(data: Element | None, names: str) -> str:
    return "; ".join(dict.fromkeys(lines(data, f"doc.rights@{names}")))


def _identified(data: Element | None, kind: str) -> list[dict[str, str]]:
    concepts = []
    for element in descendants(child(data, "identified-content"), kind):
        parts = lines(element, *_PARTS_OF_PLACES) if kind == "location" else []
        code = attribute(element, "value", "location-code", "code")
        concepts.append(concept(", ".join(parts) or line_of(element), code))
    return concepts


def _attributes(element: Element | None) -> dict[str, str]:
    if element is None:
        return {}
    pairs = ((clean_line(str(key)), clean_line(str(value))) for key, value in list(element.attrib.items())[:20])
    return {key: value for key, value in pairs if value}
