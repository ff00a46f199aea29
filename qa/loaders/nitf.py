"""NITF 3, news items in XML by the IPTC, with and without a namespace.

An item that says it cancels another one is an order about that, not an article.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import replace
from itertools import pairwise

from qa.errors import ReadError
from qa.loaders.cleaning import clean_line, folded
from qa.loaders.documents import Document
from qa.loaders.fields import MAX_TITLE, first_address, first_language, id_from, with_headline
from qa.loaders.metadata import Facts, RecordContext, present
from qa.loaders.news_items import cancellation, concept, order_day
from qa.loaders.own_exports import FACTS_FIELD, exported_facts, with_exported
from qa.loaders.publication_status import MAX_NOTICE, agency_status
from qa.loaders.timestamps import first_iso, iso, utc
from qa.loaders.xml_tree import (
    Element,
    attribute,
    child,
    children,
    descendants,
    line,
    line_number,
    line_of,
    lines,
    local,
    paragraphs_in,
    paragraphs_of_plain,
    tree_of,
    tree_of_bytes,
    without_first,
)
from qa.models.deliveries import Record, WireNotice
from qa.models.notices import NoticeKind

_DECLARED = re.compile(r"^\s*<\?xml\b[^>]*\?>")
_DOCTYPE = re.compile(r"<!DOCTYPE[^>\[]*>", re.IGNORECASE)
_NOTICE_TO_KILL = re.compile(
    r"(?:\W*(?:mandatory|bulletin|advisory|editors?)\b\W*)*kill\b|.*[,:(–—-]\s*kill\W*$", re.IGNORECASE
)
_STRICTEST = ("canceled", "cancelled", "killed", "kill", "withheld", "embargoed")
_PARTS_OF_PLACES = ("sublocation", "city", "state", "region", "country")
_PARTS_OF_EVLOC = ("@city", "@county-dist", "@state-prov", "@region")

# What stands at the head of a block and says of it what the head of an item says of that.
_BLOCK_HEAD = ("byline", "dateline", "copyrite", "classifier", "tobject", "key-list", "hedline")


def read_nitf(document: Document, *, defaults: Facts) -> Iterator[Record]:
    """NITF 3, news items in XML by the IPTC, with and without a namespace."""
    tree = tree_of(document)
    nitf = tree.root
    context = RecordContext(document, defaults, notices=tree.notices)
    metas = [meta for meta in children(child(nitf, "head"), "meta") if attribute(meta, "name") == FACTS_FIELD]
    exported = next((exported_facts(meta.get("content")) for meta in metas), {})
    values = facts_of_nitf(nitf)
    orders = () if exported else tuple(_orders(nitf, values, context))
    # A notice that says no more than what it says of another item is no article.
    is_notice = not values.get("text") or bool(_NOTICE_TO_KILL.match(str(values.get("title", ""))[:MAX_TITLE]))
    if is_notice and any(order.kind is NoticeKind.WITHDRAWAL for order in orders):
        yield from orders
        return
    if not values.get("title") and not values.get("text"):
        reason = "a headline or a body was expected, found neither; deliver the whole item"
        raise ReadError(reason, line=line_number(nitf))
    values, notices = with_headline(with_exported(values | _own_facts(nitf), exported))
    yield replace(context.article({**values, **exported}, *notices), orders=orders)


def facts_of_nitf(nitf: Element) -> dict[str, object]:
    """The facts of an `nitf` element, on its own or inside NewsML, without its id; what it leaves out is left out."""
    head, body = _head_facts(nitf), _body_facts(nitf)
    notes = (str(part["editor_note"]) for part in (head, body))
    return present(
        {
            **head,
            **body,
            "editor_note": "\n\n".join(filter(None, notes)),
            "published": head["published"] or body["published"],
            "outlet": head["outlet"] or body["outlet"],
        }
    )


def body_text_of(markup: str) -> str:
    """The words of the body of an NITF item given as text, or of a part of one. Raises ReadError."""
    bare = _DOCTYPE.sub("", _DECLARED.sub("", markup, count=1), count=1).strip()
    try:
        root = tree_of_bytes(bare.encode("utf-8", "ignore")).root
    except ReadError:
        root = tree_of_bytes(f"<body.content>{bare}</body.content>".encode("utf-8", "ignore")).root
    return str(_body_facts(root if local(root) == "nitf" else next(descendants(root, "nitf"), root))["text"])


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


def _orders(nitf: Element, values: Mapping[str, object], context: RecordContext) -> Iterator[WireNotice]:
    """The orders about other items, and about itself where it is cancelled and has no words left."""
    context = replace(context, line=line_number(nitf))
    identifier, correction = _item_id(nitf), _correction(nitf)
    data = child(nitf, "head", "docdata")
    if correction[1] and correction[0] not in ("", identifier):
        place, day = context.document.place, order_day(values)
        yield WireNotice(id_from(correction[0]), NoticeKind.CORRECTION, correction[1], place, context.line, day)
    target = line(data, "@management-doc-idref")
    if target and target != identifier and line(data, "@management-idref-status").lower() in _STRICTEST[:-1]:
        yield cancellation(target, values, context)
    if values.get("status") == "withdrawn" and identifier and not values.get("text"):
        yield cancellation(identifier, values, context)


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


def _body_facts(nitf: Element) -> dict[str, object]:
    """Facts from the words of an `nitf` element, or of its `body`, `body.content` or a `block` alone."""
    head = next(descendants(nitf, "body.head"), None)
    headline, below = _headlines(nitf, head)
    abstract = [paragraph for element in children(head, "abstract") for paragraph in paragraphs_in(element)]
    text, repeated = _with_abstract(without_first(_body(nitf), headline), abstract)
    dateline = child(head, "dateline")
    dateline = next(descendants(nitf, "dateline"), None) if dateline is None else dateline
    notes, private = _notes(head, nitf)
    bylines = list(children(head, "byline")) or list(descendants(nitf, "byline"))
    return {
        "title": headline,
        "text": "\n\n".join(text),
        "byline": ", ".join(dict.fromkeys(filter(None, map(_byline, bylines)))),
        "published": iso(attribute(next(descendants(dateline, "story.date"), None), "norm")),
        "editor_note": private,
        "copyright_notice": line_of(child(head, "rights")),
        "correction": " ".join(filter(None, map(line_of, _corrections(nitf))))[:MAX_NOTICE],
        "outlet": line_of(child(head, "distributor")),
        # What no field of an article holds, in the source's own names.
        "subheadline": below,
        "dateline": line_of(dateline),
        "abstract": repeated,
        "notes": notes,
        "tagline": line_of(next(descendants(nitf, "tagline"), None)),
        "located": line_of(child(dateline, "location")) or line_of(dateline),
    }


def _headlines(nitf: Element, head: Element | None) -> tuple[str, str]:
    """The headline and the one below it. `head/title` is written for machines: it stands in only."""
    group = child(head, "hedline")
    group = next(descendants(nitf, "hedline"), None) if group is None else group
    main, below = lines(group, "hl1"), lines(group, "hl2")
    loose = clean_line(group.text or "") if group is not None else ""
    title = next(filter(None, (*main, loose, *lines(nitf, "head/title"), *below)), "")
    return title, " / ".join(headline for headline in (*main, *below) if headline != title)


def _body(nitf: Element) -> list[str]:
    """The paragraphs of all `body.content`; of the whole where only a part of an item is given."""
    # Notes have a `body.content` of their own.
    bodies = descendants(nitf, "body.content")
    contents = [body for body in bodies if next(body.iterancestors("{*}note"), None) is None]
    if local(nitf) == "body.content" or (not contents and local(nitf) not in ("nitf", "body")):
        contents = [nitf]
    paragraphs: list[str] = []
    for content in map(_without_heads, contents):
        if any(True for _ in children(content)):
            paragraphs.extend(paragraphs_in(content))
        else:
            paragraphs.extend(paragraphs_of_plain(content.text or ""))
    return paragraphs


def _without_heads(content: Element) -> Element:
    """A copy without what only says whose it is, and without what is for editors alone."""
    copy = deepcopy(content)
    heads = [part for block in (copy, *descendants(copy, "block")) for part in children(block, *_BLOCK_HEAD)]
    for part in (*heads, *_corrections(copy), *_repeated(copy), *filter(_is_private, descendants(copy, "note"))):
        part.tag = "template"
    return copy


def _repeated(content: Element) -> Iterator[Element]:
    """Blocks that the next one begins with: some archives give the lead alone and then the whole text."""
    for block, following in pairwise(children(content, "block")):
        words = folded(line_of(block))
        if words and folded(line_of(following)).startswith(words):
            yield block


def _corrections(nitf: Element) -> Iterator[Element]:
    """Blocks that say what was wrong in the text."""
    for block in descendants(nitf, "block"):
        if attribute(block, "class").lower() in ("correction", "corrections", "correction_text"):
            yield block


def _with_abstract(paragraphs: list[str], abstract: list[str]) -> tuple[list[str], str]:
    """The body with the abstract before it, unless it says the same itself; then the abstract apart."""
    if not abstract:
        return paragraphs, ""
    whole = folded(" ".join(paragraphs))
    is_repeated = folded(" ".join(abstract)) in whole
    return (paragraphs, " ".join(abstract)) if is_repeated else ([*abstract, *paragraphs], "")


def _byline(element: Element) -> str:
    """Name and title, with a comma between."""
    copy = deepcopy(element)
    title = child(copy, "byttl")
    if title is None:
        return line_of(copy)
    after = clean_line(title.tail or "")
    copy.remove(title)
    name = ", ".join(filter(None, (line_of(copy).strip(" ,"), line_of(title))))
    return f"{name} {after}".strip()


def _notes(head: Element | None, nitf: Element) -> tuple[list[str], str]:
    """Public notes beside the text, and what is for editors alone."""
    public: list[str] = []
    private: list[str] = []
    for note in children(head, "note"):
        (private if _is_private(note) else public).append(line_of(note))
    inside = [note for content in descendants(nitf, "body.content") for note in descendants(content, "note")]
    private.extend(line_of(note) for note in inside if _is_private(note))
    return [note for note in public if note], "\n\n".join(note for note in private if note)


def _is_private(note: Element) -> bool:
    return attribute(note, "noteclass").lower() == "editorsnote"
