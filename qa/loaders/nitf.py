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
from qa.loaders.fields import MAX_TITLE, first_address, first_language, id_from, without_headline
from qa.loaders.metadata import Facts, RecordContext, present
from qa.loaders.news_items import Concept, cancellation, order
from qa.loaders.own_exports import FACTS_FIELD, exported_facts, with_exported
from qa.loaders.publication_status import MAX_NOTICE, agency_status
from qa.loaders.timestamps import first_iso, utc
from qa.loaders.xml_tree import (
    Element,
    elements,
    first,
    line,
    line_number,
    line_of,
    lines,
    paragraphs_in,
    paragraphs_of_data,
    paragraphs_of_plain,
    tree_of,
    tree_of_bytes,
    without_first,
    words_at,
    xhtml_facts,
)
from qa.models.deliveries import Record, WireNotice
from qa.models.notices import NoticeKind

_PRIVATE_NOTE = ".//note[translate(@noteclass, 'EDITORSN', 'editorsn') = 'editorsnote']"
_CORRECTIONS = ".//block[starts-with(translate(@class, 'CORETIN', 'coretin'), 'correction')]"
_DATA, _HEAD = "head/docdata", ".//body.head"

_WORDS: Mapping[str, tuple[str, ...]] = {
    "outlet": ("head/pubdata/@name", ".//distributor", f"{_DATA}/doc-id/@regsrc"),
    "section": ("head/pubdata/@position.section", "head/tobject/@tobject.type[translate(., 'NEWS', 'news') != 'news']"),
    "version": (f"{_DATA}/du-key/@version",),
    "urgency": (f"{_DATA}/urgency/@ed-urg",),
    "copyright_holder": (f"{_DATA}/doc.copyright/@holder", f"{_DATA}/doc.rights/@owner"),
    "copyright_notice": (f"{_HEAD}/rights",),
    # What no field of an article holds, in the source's own names.
    "dateline": (f"{_HEAD}/dateline", ".//dateline"),
    "located": (f"{_HEAD}/dateline/location", f"{_HEAD}/dateline", ".//dateline/location", ".//dateline"),
    "tagline": (".//tagline",),
    "du-key": (f"{_DATA}/du-key/@key",),
    "series": (f"{_DATA}/series/@series.name",),
    "fixture": (f"{_DATA}/fixture/@fix-id",),
    "edition": ("head/pubdata/@edition.name",),
    "page": ("head/pubdata/@position.sequence",),
}
_LANGUAGES = ("", "body/", "body/body.content/", "head/")
_SUBJECT_NAMES = ("@tobject.subject.detail", "@tobject.subject.matter", "@tobject.subject.type")
_SUBJECT_CODES = ("@tobject.subject.refnum", "@tobject.subject.code")
_PARTS_OF_PLACES = ("sublocation", "city", "state", "region", "country")
_PARTS_OF_EVLOC = ("@city", "@county-dist", "@state-prov", "@region")

_NOTICE_TO_KILL = re.compile(
    r"(?:\W*(?:mandatory|bulletin|advisory|editors?)\b\W*)*kill\b|.*[,:(–—-]\s*kill\W*$", re.IGNORECASE
)
_STRICTEST = ("canceled", "cancelled", "killed", "kill", "withheld", "embargoed")
# What stands at the head of a block and says of it what the head of an item says of that.
_BLOCK_HEAD = ("byline", "dateline", "copyrite", "classifier", "tobject", "key-list", "hedline")
_XHTML = ("p", "div", "section", "article", "body.content", "block", "html")


def read_nitf(document: Document, *, defaults: Facts) -> Iterator[Record]:
    """NITF 3, news items in XML by the IPTC, with and without a namespace."""
    nitf, notices = tree_of(document)
    context = RecordContext(document, defaults, notices=notices)
    exported = exported_facts(next(iter(elements(nitf, f"head/meta[@name='{FACTS_FIELD}']/@content")), None))
    values = facts_of_nitf(nitf)
    identifier = line(nitf, f"{_DATA}/doc-id/@id-string", "@uno")
    orders = () if exported else tuple(_orders(nitf, identifier, values, context))
    # A notice that says no more than what it says of another item is no article.
    is_notice = not values.get("text") or bool(_NOTICE_TO_KILL.match(str(values.get("title", ""))[:MAX_TITLE]))
    if is_notice and any(each.kind is NoticeKind.WITHDRAWAL for each in orders):
        yield from orders
        return
    if not values.get("title") and not values.get("text"):
        reason = "a headline or a body was expected, found neither; deliver the whole item"
        raise ReadError(reason, line=line_number(nitf))
    target, words = _correction(nitf)
    if words and target in ("", identifier):
        values["correction"] = words
    values = without_headline(with_exported(values | {"id": id_from(identifier)}, exported))
    yield replace(context.article({**values, **exported}), orders=orders)


def facts_within(element: Element) -> dict[str, object] | None:
    """The facts of what an element holds: NITF, XHTML or text, also with its marks written out; None of other XML."""
    nitf, inner = first(element, "descendant-or-self::nitf"), first(element, "*")
    if nitf is not None:
        return facts_of_nitf(nitf)
    if inner is not None:
        return xhtml_facts(element) if inner.tag in _XHTML or first(element, ".//html|.//p") is not None else None
    return {"text": "\n\n".join(paragraphs_of_data("".join(map(str, element.itertext()))))}


def facts_of_nitf(nitf: Element) -> dict[str, object]:
    """The facts of an `nitf` element, on its own or inside NewsML, without its id; what it leaves out is left out."""
    headline, below = _headlines(nitf)
    head = first(nitf, _HEAD)
    abstract = [paragraph for element in elements(head, "abstract") for paragraph in paragraphs_in(element)]
    text, repeated = _with_abstract(without_first(_body(nitf), headline), abstract)
    issued = first_iso(*_dates(nitf, "date.issue"))
    revisions = [moment for text in lines(nitf, "head/revision-history/@norm") if (moment := utc(text))]
    return present(
        {
            **words_at(nitf, _WORDS),
            "title": headline,
            "text": "\n\n".join(text),
            "byline": ", ".join(dict.fromkeys(map(_byline, elements(head, "byline") or elements(nitf, ".//byline")))),
            "published": issued
            or first_iso(*lines(nitf, "head/pubdata/@date.publication", ".//dateline//story.date/@norm")),
            "revised": max(revisions).isoformat() if revisions else issued,
            "url": first_address(lines(nitf, "head/pubdata/@ex-ref")),
            "language": first_language(
                *(text for at in _LANGUAGES for text in lines(nitf, f"{at}@lang|{at}@baselang"))
            ),
            "editor_note": "\n\n".join(lines(nitf, f"{_DATA}/ed-msg/@info", _PRIVATE_NOTE)),
            "usage_terms": "; ".join(
                dict.fromkeys(lines(nitf, f"{_DATA}/doc.rights/@*[starts-with(name(), 'limit')]"))
            ),
            "correction": " ".join(lines(nitf, _CORRECTIONS))[:MAX_NOTICE],
            "keywords": [line(word, "@key") or line_of(word) for word in elements(nitf, f"{_DATA}//keyword")],
            "subjects": [
                {"name": line(subject, *_SUBJECT_NAMES), "code": line(subject, *_SUBJECT_CODES)}
                for subject in elements(nitf, "head/tobject//tobject.subject")
            ],
            "places": [
                {"name": ", ".join(lines(place, *_PARTS_OF_EVLOC)) or line_of(place), "code": line(place, "@iso-cc")}
                for place in elements(nitf, f"{_DATA}/evloc")
            ]
            + _identified(nitf, "location"),
            "people": _identified(nitf, "person"),
            "organisations": _identified(nitf, "org"),
            **_status(nitf),
            # What no field of an article holds, in the source's own names.
            "date.expire": first_iso(*_dates(nitf, "date.expire")),
            "subheadline": below,
            "abstract": repeated,
            "notes": lines(nitf, f"{_HEAD}/note[not({_PRIVATE_NOTE.replace('.//note', 'self::note')})]"),
        }
    )


def body_text_of(markup: str) -> str:
    """The words of the body of an NITF item given as text, or of a part of one. Raises ReadError."""
    try:
        root, _ = tree_of_bytes(markup.encode("utf-8", "ignore"))
    except ReadError:
        root, _ = tree_of_bytes(f"<body.content>{markup}</body.content>".encode("utf-8", "ignore"))
    nitf = first(root, "descendant-or-self::nitf")
    return str(facts_of_nitf(root if nitf is None else nitf).get("text", ""))


def _orders(
    nitf: Element, identifier: str, values: Mapping[str, object], context: RecordContext
) -> Iterator[WireNotice]:
    """The orders about other items, and about itself where it is cancelled and has no words left."""
    context = replace(context, line=line_number(nitf))
    corrected, words = _correction(nitf)
    if words and corrected not in ("", identifier):
        yield order(corrected, NoticeKind.CORRECTION, words, values, context)
    target, standing = line(nitf, f"{_DATA}/@management-doc-idref"), line(nitf, f"{_DATA}/@management-idref-status")
    if target and target != identifier and standing.lower() in _STRICTEST[:-1]:
        yield cancellation(target, values, context)
    if values.get("status") == "withdrawn" and identifier and not values.get("text"):
        yield cancellation(identifier, values, context)


def _correction(nitf: Element) -> tuple[str, str]:
    """The identifier of the item that this one says it corrects, and the words for it; either may be empty."""
    words = line(nitf, f"{_DATA}/correction/@info", f"{_DATA}/correction")
    return line(nitf, f"{_DATA}/correction/@id-string"), words[:MAX_NOTICE]


def _status(nitf: Element) -> Mapping[str, object]:
    """The strictest status, and when it may be published: where it is embargoed, or that is later than its issue."""
    words = line(nitf, f"{_DATA}/@management-status").lower().split()
    status = next((word for word in _STRICTEST if word in words), words[0] if words else "")
    release = first_iso(*_dates(nitf, "date.release"))
    after, before = utc(release), utc(first_iso(*_dates(nitf, "date.issue")))
    is_held = status == "embargoed" or (after and before and after > before)
    return agency_status(status, embargo=release if is_held else None)


def _dates(nitf: Element, name: str) -> list[str]:
    return lines(nitf, f"{_DATA}/{name}/@norm", f"{_DATA}/{name}")


def _identified(nitf: Element, kind: str) -> list[Concept]:
    concepts = []
    for element in elements(nitf, f"{_DATA}/identified-content//{kind}"):
        parts = lines(element, *_PARTS_OF_PLACES) if kind == "location" else []
        code = line(element, "@value", "@location-code", "@code")
        concepts.append({"name": ", ".join(parts) or line_of(element), "code": code})
    return concepts


def _headlines(nitf: Element) -> tuple[str, str]:
    """The headline and the one below it. `head/title` is written for machines: it stands in only."""
    group = first(nitf, f"{_HEAD}/hedline")
    group = first(nitf, ".//hedline") if group is None else group
    main, below = lines(group, "hl1"), lines(group, "hl2")
    title = next(iter((*main, *lines(group, "text()"), *lines(nitf, "head/title"), *below)), "")
    return title, " / ".join(headline for headline in (*main, *below) if headline != title)


def _body(nitf: Element) -> list[str]:
    """The paragraphs of all `body.content`; of the whole where only a part of an item is given."""
    # Notes have a `body.content` of their own.
    contents = elements(nitf, ".//body.content[not(ancestor::note)]")
    if nitf.tag == "body.content" or (not contents and nitf.tag not in ("nitf", "body")):
        contents = [nitf]
    paragraphs: list[str] = []
    for content in map(_without_heads, contents):
        paragraphs += paragraphs_in(content) if len(content) else paragraphs_of_plain(content.text or "")
    return paragraphs


def _without_heads(content: Element) -> Element:
    """A copy without what only says whose it is, what is for editors alone, and what is said twice."""
    copy = deepcopy(content)
    heads = [part for part in elements(copy, "*|.//block/*") if part.tag in _BLOCK_HEAD]
    # Some archives give the lead alone in a block and then the whole text in the next one.
    leads = [
        block
        for block, following in pairwise(elements(copy, "block"))
        if (words := folded(line_of(block))) and folded(line_of(following)).startswith(words)
    ]
    for part in (*heads, *leads, *elements(copy, _CORRECTIONS), *elements(copy, _PRIVATE_NOTE)):
        part.tag = "template"
    return copy


def _with_abstract(paragraphs: list[str], abstract: list[str]) -> tuple[list[str], str]:
    """The body with the abstract before it, unless it says the same itself; then the abstract apart."""
    is_repeated = folded(" ".join(abstract)) in folded(" ".join(paragraphs))
    return (paragraphs, " ".join(abstract)) if is_repeated else ([*abstract, *paragraphs], "")


def _byline(element: Element) -> str:
    """Name and title, with a comma between."""
    copy = deepcopy(element)
    for title in copy.iter("byttl"):
        title.text = f", {title.text or ''}"
    return re.sub(r"[ ,]+, ", ", ", clean_line(line_of(copy))).strip(" ,")
