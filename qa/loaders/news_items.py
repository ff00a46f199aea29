"""News items in XML: NITF 3, what its reader and those of NewsML have in common, and items wrapped in other XML."""

import re
from collections.abc import Callable, Iterator, Sequence
from copy import deepcopy
from dataclasses import replace
from itertools import pairwise

from lxml import etree

from qa.errors import ReadError
from qa.loaders.documents import Document
from qa.loaders.fields import CANCELLED, MAX_NOTICE, MAX_TITLE, NAMES, agency_status, utc, without_headline
from qa.loaders.metadata import FACTS_FIELD, RecordContext, Values, exported_facts, present, with_exported
from qa.loaders.paragraphs import paragraphs_in, paragraphs_of_data, paragraphs_of_plain
from qa.loaders.xml_tree import Element, elements, first, line, line_number, line_of, lines, tree_of, values_at
from qa.models.deliveries import Delivery, NoticeKind, Record, WireNotice
from qa.text.cleaning import clean_line, folded, id_from

Concept = dict[str, str]  # a subject, person, organisation or place: its `name` and its `code`
ItemReader = Callable[[Element, RecordContext], Iterator[Record]]

ITEMS = frozenset(("nitf", "newsMessage", "newsItem", "packageItem", "NewsML", "NewsItem"))
_FIELDS_BY_KIND = {kind: field for field, kinds in NAMES["concepts"].items() for kind in kinds}

_DATA, _HEAD = "head/docdata", ".//body.head"
_NO_TEXT = (
    ".//note[translate(@noteclass, 'EDITORSN', 'editorsn') = 'editorsnote']",
    ".//block[starts-with(translate(@class, 'CORETIN', 'coretin'), 'correction')]",
)
_SUBJECT_CODES = ("@tobject.subject.refnum", "@tobject.subject.code")
_SUBJECT_NAMES = ("@tobject.subject.detail", "@tobject.subject.matter", "@tobject.subject.type")
_PARTS_OF_PLACES = ("sublocation", "city", "state", "region", "country")
_NOTICE_TO_KILL = re.compile(
    r"(?:\W*(?:mandatory|bulletin|advisory|editors?)\b\W*)*kill\b|.*[,:(–—-]\s*kill\W*$", re.IGNORECASE
)
_CANCELLED = ("canceled", "cancelled", "killed", "kill")
# What stands at the head of a block and says of it what the head of an item says of that.
_BLOCK_HEAD = ("byline", "dateline", "copyrite", "classifier", "tobject", "key-list", "hedline")
_XHTML = ("p", "div", "section", "article", "body.content", "block", "html")


def read_items(items: Sequence[Element], context: RecordContext, read_item: ItemReader) -> Iterator[Record]:
    """The records of some items; one that can't be read doesn't keep the others back."""
    for number, item in enumerate(items, start=1):
        item_context = replace(context, line=line_number(item))
        if len(items) > 1:
            original = context.document.original(etree.tostring(item, with_tail=False), number)
            item_context = item_context.numbered(number, original=original)
        try:
            yield from read_item(item, item_context)
        except ReadError as error:
            yield item_context.failure(error)


def article_or_order(values: Values, identifier: str, context: RecordContext) -> Record:
    """The article of an item, or the order that one without words is; raises ReadError where it is neither."""
    is_withdrawn = values.get("status") == "withdrawn"
    if values.get("text") or (values.get("title") and not is_withdrawn):
        return context.article(without_headline(values))
    if not is_withdrawn:
        raise ReadError("a headline or a text was expected, found neither; deliver the whole item")
    if not identifier:
        raise ReadError("the identifier of the cancelled item was expected, found none; deliver the notice again")
    return _order(identifier, values, context)


def _order(identifier: str, values: Values, context: RecordContext, correction: str = "") -> WireNotice:
    """What an item of these facts says of another one, a withdrawal or a correction; its day is the item's own."""
    moment = utc(values.get("revised") or values.get("published"))
    day, kind = moment.date() if moment else None, NoticeKind.CORRECTION if correction else NoticeKind.WITHDRAWAL
    return WireNotice(id_from(identifier), kind, correction or CANCELLED, context.document.place, context.line, day)


def by_kind(concepts: Sequence[tuple[str, Concept]]) -> dict[str, object]:
    """Concepts with what kind each is of, as people, organisations, places and, of any other kind, subjects."""
    return {
        field: [concept for kind, concept in concepts if _FIELDS_BY_KIND.get(kind.lower(), "subjects") == field]
        for field in ("subjects", *NAMES["concepts"])
    }


def unpack_other_xml(context: RecordContext) -> Iterator[Document]:
    """XML of any other kind: NITF and NewsML items wrapped in it are read, and what has none is refused in a line."""
    document = context.document
    root, _ = tree_of(document.read())
    if root.tag in ITEMS:
        reason = f"an item of an agency was expected to be recognised, found <{root.tag}> that was not"
        raise ReadError(f"{reason}; name its format", line=line_number(root))
    items = [item for item in root.iter(*ITEMS) if not any(above.tag in ITEMS for above in item.iterancestors())]
    for count, item in enumerate(items[:100_000], start=1):
        data = etree.tostring(item, encoding="utf-8", with_tail=False)
        yield document.member(str(count), data, name=f"{document.stem}-{count}.xml")
    if not items:
        reason = f"XML of a news format was expected, found <{str(root.tag)[:60]}>"
        raise ReadError(f"{reason}; deliver it as NITF, NewsML, RSS or Atom", line=line_number(root))


def read_nitf(context: RecordContext) -> Iterator[Record]:
    """NITF 3, news items in XML by the IPTC, with and without a namespace."""
    nitf, notices = tree_of(context.document.read())
    yield from read_items([nitf], replace(context, notices=notices), _read_nitf_item)


def _read_nitf_item(nitf: Element, context: RecordContext) -> Iterator[Record]:
    identifier = line(nitf, f"{_DATA}/doc-id/@id-string", "@uno")
    values = {**facts_of_nitf(nitf), "id": id_from(identifier)}
    corrected, correction = line(nitf, f"{_DATA}/correction/@id-string"), f"{_DATA}/correction"
    words = line(nitf, f"{correction}/@info", correction)[:MAX_NOTICE]
    if words and corrected in ("", identifier):
        values["correction"], words = words, ""
    if exported := exported_facts(first(nitf, f"head/meta[@name='{FACTS_FIELD}']/@content")):
        yield context.article(with_exported(values, exported))
        return
    orders = [_order(corrected, values, context, correction=words)] if words else []
    target, standing = line(nitf, f"{_DATA}/@management-doc-idref"), line(nitf, f"{_DATA}/@management-idref-status")
    if target and target != identifier and standing.lower() in (*_CANCELLED, "withheld"):
        orders.append(_order(target, values, context))
        # A notice that says no more than what it says of another item is no article.
        if not values.get("text") or _NOTICE_TO_KILL.match(str(values.get("title", ""))[:MAX_TITLE]):
            if identifier and values.get("status") == "withdrawn" and not values.get("text"):
                orders.append(_order(identifier, values, context))
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
    headlines = (elements(nitf, f"{_HEAD}/hedline") or elements(nitf, ".//hedline"))[:1]
    main, below = lines(headlines, "hl1"), lines(headlines, "hl2")
    # The title of the head is written for machines.
    title = next(iter((*main, *lines(headlines, "text()"), *lines(nitf, "head/title"), *below)), "")
    head = first(nitf, _HEAD)
    abstract = [paragraph for element in elements(head, "abstract") for paragraph in paragraphs_in(element)]
    body = str(without_headline({"title": title, "text": "\n\n".join(_body(nitf))})["text"])
    # The body with the abstract before it, unless it says the same itself.
    is_repeated = folded(" ".join(abstract)) in folded(body)
    subjects = elements(nitf, "head/tobject//tobject.subject")
    places = _concepts(nitf, "evloc", "@city", "@county-dist", "@state-prov", "@region")
    values = values_at(nitf, NAMES["nitf"])
    issued, released = values.pop("issued"), values.pop("released")
    # The strictest status, and when it may be published: where it is embargoed, or that is later than its issue.
    words = line(nitf, f"{_DATA}/@management-status").lower().split()
    status = next((word for word in (*_CANCELLED, "withheld", "embargoed") if word in words), "".join(words[:1]))
    after, before = utc(released), utc(issued)
    is_held = status == "embargoed" or (after and before and after > before)
    return present(
        {
            **values,
            "correction": str(values["correction"])[:MAX_NOTICE],
            "title": title,
            "text": "\n\n".join(filter(None, (*(() if is_repeated else abstract), body))),
            "abstract": " ".join(abstract) if is_repeated else "",
            "subheadline": " / ".join(headline for headline in (*main, *below) if headline != title),
            "byline": ", ".join(dict.fromkeys(map(_byline, elements(head, "byline") or elements(nitf, ".//byline")))),
            "revised": values["revised"] or issued,
            "keywords": [line(word, "@key") or line_of(word) for word in elements(nitf, f"{_DATA}//keyword")],
            "subjects": [
                {"name": line(each, *_SUBJECT_NAMES), "code": line(each, *_SUBJECT_CODES)} for each in subjects
            ],
            "places": places + _concepts(nitf, "identified-content//location", *_PARTS_OF_PLACES),
            "people": _concepts(nitf, "identified-content//person"),
            "organisations": _concepts(nitf, "identified-content//org"),
            **agency_status(status, embargo=str(released) if released and is_held else None),
        }
    )


def _concepts(nitf: Element, path: str, *parts: str) -> list[Concept]:
    codes = ("@iso-cc", "@value", "@location-code", "@code")
    concepts = elements(nitf, f"{_DATA}/{path}")
    return [{"name": ", ".join(lines(each, *parts)) or line_of(each), "code": line(each, *codes)} for each in concepts]


def _body(nitf: Element) -> list[str]:
    """The paragraphs of all `body.content`; of the whole where only a part of an item is given."""
    # Notes have a `body.content` of their own.
    contents = elements(nitf, ".//body.content[not(ancestor::note)]")
    if nitf.tag == "body.content" or (not contents and nitf.tag not in ("nitf", "body")):
        contents = [nitf]
    paragraphs: list[str] = []
    for content in map(deepcopy, contents):
        heads = [part for part in elements(content, "*|.//block/*") if part.tag in _BLOCK_HEAD]
        # Some archives give the lead alone in a block and then the whole text in the next one.
        blocks = [(block, folded(line_of(block))) for block in elements(content, "block")]
        leads = [block for (block, words), (_, following) in pairwise(blocks) if words and following.startswith(words)]
        for part in (*heads, *leads, *elements(content, *_NO_TEXT)):
            part.tag = "template"
        paragraphs += paragraphs_in(content) if len(content) else paragraphs_of_plain(content.text or "")
    return paragraphs


def _byline(element: Element) -> str:
    """Name and title, with a comma between."""
    copy = deepcopy(element)
    for title in copy.iter("byttl"):
        title.text = f", {title.text or ''}"
    return re.sub(r"[ ,]+, ", ", ", clean_line(line_of(copy))).strip(" ,")
