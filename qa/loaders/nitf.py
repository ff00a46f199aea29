"""NITF 3, news items in XML by the IPTC; an item that says it cancels another one is an order, not an article."""

import re
from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import replace
from itertools import pairwise

from qa.errors import ReadError
from qa.loaders.documents import Document
from qa.loaders.fields import MAX_TITLE, id_from, utc, without_headline
from qa.loaders.html_text import paragraphs_in, paragraphs_of_data, paragraphs_of_plain
from qa.loaders.metadata import FACTS_FIELD, Facts, RecordContext, exported_facts, present, with_exported
from qa.loaders.names import NAMES
from qa.loaders.news_items import Concept, article_or_order, order, read_items
from qa.loaders.publication_status import MAX_NOTICE, agency_status
from qa.loaders.xml_tree import Element, elements, first, line, line_of, lines, tree_of, values_at
from qa.models.deliveries import Delivery, NoticeKind, Record
from qa.text.cleaning import clean_line, folded

_PRIVATE_NOTE = ".//note[translate(@noteclass, 'EDITORSN', 'editorsn') = 'editorsnote']"
_CORRECTIONS = ".//block[starts-with(translate(@class, 'CORETIN', 'coretin'), 'correction')]"
_DATA, _HEAD = "head/docdata", ".//body.head"


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
    nitf, notices = tree_of(document.read())
    yield from read_items([nitf], RecordContext(document, defaults, notices=notices), _read_item)


def _read_item(nitf: Element, context: RecordContext) -> Iterator[Record]:
    identifier = line(nitf, f"{_DATA}/doc-id/@id-string", "@uno")
    values = {**facts_of_nitf(nitf), "id": id_from(identifier)}
    corrected, correction = line(nitf, f"{_DATA}/correction/@id-string"), f"{_DATA}/correction"
    words = line(nitf, f"{correction}/@info", correction)[:MAX_NOTICE]
    if words and corrected in ("", identifier):
        values["correction"], words = words, ""
    carried = next(iter(elements(nitf, f"head/meta[@name='{FACTS_FIELD}']/@content")), None)
    if exported := exported_facts(carried):
        yield context.article(with_exported(values, exported))
        return
    orders = [order(corrected, values, context, kind=NoticeKind.CORRECTION, text=words)] if words else []
    target, standing = line(nitf, f"{_DATA}/@management-doc-idref"), line(nitf, f"{_DATA}/@management-idref-status")
    if target and target != identifier and standing.lower() in _STRICTEST[:-1]:
        orders.append(order(target, values, context))
        # A notice that says no more than what it says of another item is no article.
        if not values.get("text") or _NOTICE_TO_KILL.match(str(values.get("title", ""))[:MAX_TITLE]):
            if identifier and values.get("status") == "withdrawn" and not values.get("text"):
                orders.append(order(identifier, values, context))
            yield from orders
            return
    # Cancelled and without a name, it takes back what its file held before.
    is_nameless = bool(values.get("title")) and not identifier
    record = context.article(without_headline(values)) if is_nameless else article_or_order(values, identifier, context)
    if isinstance(record, Delivery):
        yield replace(record, orders=tuple(orders))
    else:
        yield from (*orders, record)


def facts_within(element: Element) -> dict[str, object]:
    """The facts of what an element holds: NITF, XHTML or text, also with its marks written out; empty of other XML."""
    nitf, inner = first(element, "descendant-or-self::nitf"), first(element, "*")
    if nitf is not None:
        return facts_of_nitf(nitf)
    if inner is None:
        return present({"text": "\n\n".join(paragraphs_of_data("".join(map(str, element.itertext()))))})
    if inner.tag not in _XHTML and first(element, ".//html|.//p") is None:
        return {}
    page = next(element.iter("html"), element)
    text = "\n\n".join(paragraphs_in(next(page.iter("body"), page)))
    return present({"title": line(page, ".//h1", ".//title"), "text": text, "language": line(page, "@lang")})


def facts_of_nitf(nitf: Element) -> dict[str, object]:
    """The facts of an `nitf` element, on its own or inside NewsML, without its id; what it leaves out is left out."""
    headline, below = _headlines(nitf)
    head = first(nitf, _HEAD)
    abstract = [paragraph for element in elements(head, "abstract") for paragraph in paragraphs_in(element)]
    body = without_headline({"title": headline, "text": "\n\n".join(_body(nitf))})["text"]
    # The body with the abstract before it, unless it says the same itself.
    is_repeated = folded(" ".join(abstract)) in folded(str(body))
    values = values_at(nitf, NAMES["nitf"])
    issued, released = values.pop("issued"), values.pop("released")
    values["correction"] = str(values["correction"])[:MAX_NOTICE]
    return present(
        {
            **values,
            "title": headline,
            "text": "\n\n".join(filter(None, (*(() if is_repeated else abstract), str(body)))),
            "abstract": " ".join(abstract) if is_repeated else "",
            "subheadline": below,
            "byline": ", ".join(dict.fromkeys(map(_byline, elements(head, "byline") or elements(nitf, ".//byline")))),
            "revised": values["revised"] or issued,
            "keywords": [line(word, "@key") or line_of(word) for word in elements(nitf, f"{_DATA}//keyword")],
            "subjects": [
                {"name": line(subject, *_SUBJECT_NAMES), "code": line(subject, *_SUBJECT_CODES)}
                for subject in elements(nitf, "head/tobject//tobject.subject")
            ],
            "places": _concepts(nitf, "evloc", *_PARTS_OF_EVLOC)
            + _concepts(nitf, "identified-content//location", *_PARTS_OF_PLACES),
            "people": _concepts(nitf, "identified-content//person"),
            "organisations": _concepts(nitf, "identified-content//org"),
            **_status(nitf, issued, released),
        }
    )


def body_text_of(markup: str) -> str:
    """The words of the body of an NITF item given as text, or of a part of one. Raises ReadError."""
    try:
        root, _ = tree_of(markup.encode("utf-8", "ignore"))
    except ReadError:
        root, _ = tree_of(f"<body.content>{markup}</body.content>".encode("utf-8", "ignore"))
    return str(facts_of_nitf(next(root.iter("nitf"), root)).get("text", ""))


def _status(nitf: Element, issued: object, released: object) -> Mapping[str, object]:
    """The strictest status, and when it may be published: where it is embargoed, or that is later than its issue."""
    words = line(nitf, f"{_DATA}/@management-status").lower().split()
    status = next((word for word in _STRICTEST if word in words), words[0] if words else "")
    after, before = utc(released), utc(issued)
    is_held = status == "embargoed" or (after and before and after > before)
    return agency_status(status, embargo=str(released) if released and is_held else None)


def _concepts(nitf: Element, path: str, *parts: str) -> list[Concept]:
    return [
        {
            "name": ", ".join(lines(element, *parts)) or line_of(element),
            "code": line(element, "@iso-cc", "@value", "@location-code", "@code"),
        }
        for element in elements(nitf, f"{_DATA}/{path}")
    ]


def _headlines(nitf: Element) -> tuple[str, str]:
    """The headline and the one below it. `head/title` is written for machines: it stands in only."""
    group = (elements(nitf, f"{_HEAD}/hedline") or elements(nitf, ".//hedline"))[:1]
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


def _byline(element: Element) -> str:
    """Name and title, with a comma between."""
    copy = deepcopy(element)
    for title in copy.iter("byttl"):
        title.text = f", {title.text or ''}"
    return re.sub(r"[ ,]+, ", ", ", clean_line(line_of(copy))).strip(" ,")
