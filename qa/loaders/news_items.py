"""News items in XML (NITF, NewsML 1, NewsML-G2): their cancellations and concepts, and items wrapped in other XML."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date

from lxml import etree

from qa.errors import ReadError
from qa.loaders.documents import Document
from qa.loaders.fields import id_from
from qa.loaders.metadata import RecordContext
from qa.loaders.publication_status import CANCELLED
from qa.loaders.timestamps import utc
from qa.loaders.xml_tree import Element, children, line_number, local, tree_of
from qa.models.deliveries import Failure, Record, WireNotice
from qa.models.notices import NoticeKind

ConceptLists = dict[str, list[dict[str, str]]]
"""The subjects, people, organisations and places of an item, each with its name and code."""

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


def cancellation(identifier: str, values: Mapping[str, object], context: RecordContext) -> WireNotice:
    """The order that an item is which its publisher has cancelled and that has no words. Raises ReadError."""
    if not identifier:
        raise ReadError(
            "the identifier of the cancelled item was expected, found none; deliver the notice again", line=context.line
        )
    place, day = context.document.place, order_day(values)
    return WireNotice(id_from(identifier), NoticeKind.WITHDRAWAL, CANCELLED, place, context.line, day)


def order_day(values: Mapping[str, object]) -> date | None:
    """The day of what an item says of another one."""
    moment = utc(values.get("revised") or values.get("published"))
    return moment.date() if moment else None


def empty_concepts() -> ConceptLists:
    return {"subjects": [], "people": [], "organisations": [], "places": []}


def concept(name: str, code: str = "") -> dict[str, str]:
    """A subject, person, organisation or place, as the facts of an article have it."""
    return {"name": name, "code": code}


def unpack_other_xml(document: Document) -> Iterator[Document | Failure]:
    """XML of any other kind: NITF and NewsML items wrapped in it are read, and what has none is refused in a line.

    The items become documents of their own.
    """
    root = tree_of(document).root
    if local(root) in ITEMS:
        reason = f"an item of an agency was expected to be recognised, found <{local(root)}> that was not"
        raise ReadError(f"{reason}; name its format", line=line_number(root))
    count = 0
    for count, item in enumerate(_outermost(root), start=1):
        data = etree.tostring(item, encoding="utf-8", with_tail=False)
        yield document.member(str(count), data, name=f"{document.stem}-{count}.xml")
        if count == MAX_ITEMS:
            return
    if not count:
        reason = f"XML of a news format was expected, found <{local(root)[:60]}>"
        raise ReadError(f"{reason}; deliver it as NITF, NewsML, RSS or Atom", line=line_number(root))


def _outermost(element: Element) -> Iterator[Element]:
    """The items below, but not those inside other items; trees are at most 200 deep."""
    for child in children(element):
        if local(child) in ITEMS:
            yield child
        else:
            yield from _outermost(child)
