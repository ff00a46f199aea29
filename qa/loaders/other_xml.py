"""XML of any other kind: NITF and NewsML items wrapped in it are read, and what has none is refused in a line."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from qa.errors import ReadError
from qa.loaders.documents import Document
from qa.loaders.xml_tree import Element, children, line_number, local, tree_of
from qa.models.deliveries import Failure

ITEMS = frozenset(("nitf", "newsMessage", "newsItem", "packageItem", "NewsML", "NewsItem"))
MAX_ITEMS = 100_000


def unpack_other_xml(document: Document) -> Iterator[Document | Failure]:
    """XML of any other kind: NITF and NewsML items wrapped in it are read, and what has none is refused in a line.

    The items become documents of their own. Raises ReadError where there are none.
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
