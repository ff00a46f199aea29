"""What the XML formats of news agencies (NITF, NewsML 1, NewsML-G2) have in common: items, cancellations, concepts."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date

from lxml import etree

from qa.errors import ReadError
from qa.loaders.fields import id_from
from qa.loaders.metadata import RecordContext
from qa.loaders.publication_status import CANCELLED
from qa.loaders.timestamps import utc
from qa.loaders.xml_tree import Element, line_number
from qa.models.deliveries import Order, Record
from qa.models.notices import NoticeKind

ConceptLists = dict[str, list[dict[str, str]]]
"""The subjects, people, organisations and places of an item, each with its name and code."""


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


def cancellation(identifier: str, values: Mapping[str, object], context: RecordContext) -> Order:
    """The order that an item is which its publisher has cancelled and that has no words. Raises ReadError."""
    if not identifier:
        raise ReadError(
            "the identifier of the cancelled item was expected, found none; deliver the notice again", line=context.line
        )
    place, day = context.document.place, order_day(values)
    return Order(id_from(identifier), NoticeKind.WITHDRAWAL, CANCELLED, place, context.line, day)


def order_day(values: Mapping[str, object]) -> date | None:
    """The day of what an item says of another one."""
    moment = utc(values.get("revised") or values.get("published"))
    return moment.date() if moment else None


def empty_concepts() -> ConceptLists:
    return {"subjects": [], "people": [], "organisations": [], "places": []}


def concept(name: str, code: str = "") -> dict[str, str]:
    """A subject, person, organisation or place, as the facts of an article have it."""
    return {"name": name, "code": code}
