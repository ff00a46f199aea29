"""News items in XML (NITF, NewsML 1, NewsML-G2): what their readers have in common, and items wrapped in other XML."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace

from lxml import etree

from qa.errors import ReadError
from qa.loaders.documents import Document
from qa.loaders.fields import id_from, utc, without_headline
from qa.loaders.metadata import RecordContext
from qa.loaders.names import NAMES
from qa.loaders.publication_status import CANCELLED
from qa.loaders.xml_tree import Element, line_number, tree_of
from qa.models.deliveries import Failure, NoticeKind, Record, WireNotice

Concept = dict[str, str]
"""A subject, person, organisation or place: its `name` and its `code`."""

ITEMS = frozenset(("nitf", "newsMessage", "newsItem", "packageItem", "NewsML", "NewsItem"))
MAX_ITEMS = 100_000


def read_items(
    items: Sequence[Element], context: RecordContext, read_item: Callable[[Element, RecordContext], Iterator[Record]]
) -> Iterator[Record]:
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


def article_or_order(values: Mapping[str, object], identifier: str, context: RecordContext) -> Record:
    """The article of an item, or the order that one without words is; raises ReadError where it is neither."""
    if values.get("text") or (values.get("title") and values.get("status") != "withdrawn"):
        return context.article(without_headline(values))
    if values.get("status") != "withdrawn":
        raise ReadError("a headline or a text was expected, found neither; deliver the whole item")
    if not identifier:
        raise ReadError("the identifier of the cancelled item was expected, found none; deliver the notice again")
    return order(identifier, values, context)


def order(
    identifier: str,
    values: Mapping[str, object],
    context: RecordContext,
    *,
    kind: NoticeKind = NoticeKind.WITHDRAWAL,
    text: str = CANCELLED,
) -> WireNotice:
    """What an item of these facts says of another one; its day is the item's own."""
    moment = utc(values.get("revised") or values.get("published"))
    place = context.document.place
    return WireNotice(id_from(identifier), kind, text, place, context.line, moment.date() if moment else None)


def by_kind(concepts: Sequence[tuple[str, Concept]]) -> dict[str, object]:
    """Concepts with what kind each is of, as people, organisations, places and, of any other kind, subjects."""
    fields = {kind: field for field, kinds in NAMES["concepts"].items() for kind in kinds}
    return {
        field: [concept for kind, concept in concepts if fields.get(kind.lower(), "subjects") == field]
        for field in ("subjects", *NAMES["concepts"])
    }


def unpack_other_xml(document: Document) -> Iterator[Document | Failure]:
    """XML of any other kind: NITF and NewsML items wrapped in it are read, and what has none is refused in a line."""
    root, _ = tree_of(document.read())
    if root.tag in ITEMS:
        reason = f"an item of an agency was expected to be recognised, found <{root.tag}> that was not"
        raise ReadError(f"{reason}; name its format", line=line_number(root))
    items = [item for item in root.iter(*ITEMS) if not any(above.tag in ITEMS for above in item.iterancestors())]
    for count, item in enumerate(items[:MAX_ITEMS], start=1):
        data = etree.tostring(item, encoding="utf-8", with_tail=False)
        yield document.member(str(count), data, name=f"{document.stem}-{count}.xml")
    if not items:
        reason = f"XML of a news format was expected, found <{str(root.tag)[:60]}>"
        raise ReadError(f"{reason}; deliver it as NITF, NewsML, RSS or Atom", line=line_number(root))
