"""A document as an XML tree, also where its bytes are not in the encoding that it declares."""

from __future__ import annotations

import re
from dataclasses import dataclass

from lxml import etree

from qa.errors import ReadError
from qa.reading.documents import Document
from qa.reading.encoding import UTF16_MARKS, decode
from qa.reading.xml_trees import Element, parse

_DECLARATION = re.compile(rb"^\s*<\?xml\b[^>]{0,300}\?>")
_ENCODING = re.compile(rb"encoding\s*=\s*[\"']([A-Za-z0-9_.:-]{1,40})[\"']")
_LATIN_1 = frozenset((b"iso-8859-1", b"latin1", b"latin-1", b"iso8859-1", b"us-ascii", b"ascii"))
# Control characters in ISO 8859-1, which no text has; quotation marks and dashes of Windows.
_OF_WINDOWS = re.compile(rb"[\x80-\x9f]")
_TWICE_ENCODED = re.compile("â€[\x80-\xbf™œ˜¦“”\u009d]|Ã[\xa0-\xbf]")


@dataclass(frozen=True, slots=True)
class Tree:
    """The root element, and what a reader of the import report should know of how it was read."""

    root: Element
    notices: tuple[str, ...] = ()


def tree_of(document: Document) -> Tree:
    """The tree of a whole document. Raises ReadError with the line of what is wrong, and OSError."""
    return tree_of_bytes(document.read(), path=document.place)


def tree_of_bytes(data: bytes, *, path: str) -> Tree:
    """The same of its bytes. Raises ReadError."""
    declared = _declared(data)
    if declared in _LATIN_1 and _OF_WINDOWS.search(data):
        return _tree_of_text(data, path=path)
    try:
        return _tree(parse(data, path=path), ())
    except ReadError:
        if not _is_doubtful(data, declared):
            raise
    return _tree_of_text(data, path=path)


def _tree_of_text(data: bytes, *, path: str) -> Tree:
    """What the bytes say in the encoding that they are in, whatever they declare. Raises ReadError."""
    declared = _declared(data).decode("ascii") or "utf-8"
    decoded = decode(data, path=path)
    without = _DECLARATION.sub(b"", decoded.text.encode("utf-8", "surrogatepass"), count=1)
    found = "".join(decoded.notices) or f"read as UTF-8, not {declared} as it declares"
    return _tree(parse(without, path=path), (found,))


def _tree(root: Element, notices: tuple[str, ...]) -> Tree:
    _write_out_entities(root)
    text = "".join(map(str, root.itertext()))
    if _TWICE_ENCODED.search(text):
        notices = (*notices, "letters such as â€™ stand where others were meant; they are kept as delivered")
    return Tree(root, notices)


def _declared(data: bytes) -> bytes:
    """The encoding of the XML declaration, in lower case; empty where none is named."""
    found = _DECLARATION.match(data.removeprefix(b"\xef\xbb\xbf"))
    named = _ENCODING.search(found[0]) if found else None
    return named[1].lower() if named else b""


def _is_doubtful(data: bytes, declared: bytes) -> bool:
    """Whether the parser may have failed because the bytes are in another encoding than declared."""
    if data.startswith(UTF16_MARKS):
        return False
    if declared in (b"", b"utf-8", b"utf8"):
        try:
            data.decode("utf-8")
        except UnicodeDecodeError:
            return True
        return False
    # What can be read as single bytes but declares another width, or an encoding that nobody knows.
    return True


def _write_out_entities(root: Element) -> None:
    """Entities that no DTD was read for become the text they are written as: none may swallow what follows it."""
    for entity in list(root.iter(etree.Entity)):
        parent, before = entity.getparent(), entity.getprevious()
        text = f"{entity.text or ''}{entity.tail or ''}"
        if parent is None:
            continue
        if before is None:
            parent.text = (parent.text or "") + text
        else:
            before.tail = (before.tail or "") + text
        entity.tail = None
        parent.remove(entity)
