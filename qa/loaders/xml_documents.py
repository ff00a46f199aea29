"""A document as an XML tree, also where its bytes are not in the encoding that it declares."""

from __future__ import annotations

import re
from dataclasses import dataclass

from lxml import etree

from qa.errors import ReadError
from qa.loaders.documents import Document
from qa.loaders.encoding import UTF16_MARKS, decode
from qa.loaders.xml_trees import Element, parse

MAX_ENTITIES = 5_000

_DECLARATION = re.compile(rb"^\s*<\?xml\b[^>]{0,300}\?>")
_ENCODING = re.compile(rb"encoding\s*=\s*[\"']([A-Za-z0-9_.:-]{1,40})[\"']")
_LATIN_1 = frozenset((b"iso-8859-1", b"latin1", b"latin-1", b"iso8859-1", b"us-ascii", b"ascii"))
_SINGLE_BYTES = _LATIN_1 | {b"windows-1252", b"cp1252", b"iso-8859-15"}
_CONTROLS = re.compile(
    rb"[\x00-\x08\x0b\x0c\x0e-\x1f]|&#(?:[0-8]|1[1245-9]|2[0-9]|3[01]|x0*(?:[0-8bBcCeEfF]|1[0-9a-fA-F]));"
)
# Control characters in ISO 8859-1, which no text has; quotation marks and dashes of Windows.
_OF_WINDOWS = re.compile(rb"[\x80-\x9f]")
# Items of the agencies name the DTD of NITF in this way; it is never loaded, and needs no declaration then.
_SUBSET = re.compile(rb"<!DOCTYPE\s[^\[<>]{1,500}\[(?P<declared>[^\]]{0,20000})\]\s*>")
_OUTSIDE = re.compile(rb"<!ENTITY\s+%\s+[\w.:-]+\s+(?:SYSTEM|PUBLIC)\s[^>]*>|%[\w.:-]+;")
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
    data = _without_outside(data)
    declared = _declared(data)
    if declared in _SINGLE_BYTES and (_is_utf8(data) or (declared in _LATIN_1 and _OF_WINDOWS.search(data))):
        return _tree_of_text(data, path=path)
    try:
        return _tree(parse(data, path=path), (), path=path)
    except ReadError:
        if _is_doubtful(data, declared):
            return _tree_of_text(data, path=path)
        if (without := _CONTROLS.sub(b"", data)) == data or data.startswith(UTF16_MARKS):
            raise
    return _tree(parse(without, path=path), ("control characters, which XML forbids, are taken out",), path=path)


def _tree_of_text(data: bytes, *, path: str) -> Tree:
    """What the bytes say in the encoding that they are in, whatever they declare. Raises ReadError."""
    declared = _declared(data).decode("ascii") or "utf-8"
    decoded = decode(data, path=path)
    without = _DECLARATION.sub(b"", decoded.text.encode("utf-8", "surrogatepass"), count=1)
    found = "".join(decoded.notices) or f"read as UTF-8, not {declared} as it declares"
    return _tree(parse(without, path=path), (found,), path=path)


def _tree(root: Element, notices: tuple[str, ...], *, path: str) -> Tree:
    _write_out_entities(root, path=path)
    text = "".join(map(str, root.itertext()))
    if _TWICE_ENCODED.search(text):
        notices = (*notices, "letters such as â€™ stand where others were meant; they are kept as delivered")
    return Tree(root, notices)


def _without_outside(data: bytes) -> bytes:
    """Without the declarations of parts of a DTD that lie in other files; lines keep their numbers."""
    found = _SUBSET.search(data[:65_536])
    if not found:
        return data
    start, end = found.span("declared")
    left = _OUTSIDE.sub(lambda match: b"\n" * match[0].count(b"\n"), data[start:end])
    return data[:start] + left + data[end:]


def _declared(data: bytes) -> bytes:
    """The encoding of the XML declaration, in lower case; empty where none is named."""
    found = _DECLARATION.match(data.removeprefix(b"\xef\xbb\xbf"))
    named = _ENCODING.search(found[0]) if found else None
    return named[1].lower() if named else b""


def _is_utf8(data: bytes) -> bool:
    """Whether there are letters beyond ASCII, all in UTF-8: single bytes are so by no chance."""
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return not data.isascii()


def _is_doubtful(data: bytes, declared: bytes) -> bool:
    """Whether the parser may have failed because the bytes are in another encoding than declared."""
    if data.startswith(UTF16_MARKS):
        return False
    if declared in (b"", b"utf-8", b"utf8"):
        return not data.isascii() and not _is_utf8(data)
    # What can be read as single bytes but declares another width, or an encoding that nobody knows.
    return declared not in _SINGLE_BYTES


def _write_out_entities(root: Element, *, path: str) -> None:
    """Entities that no DTD was read for become the text they are written as: none may swallow what follows it."""
    entities = list(root.iter(etree.Entity))
    if len(entities) > MAX_ENTITIES:
        reason = f"at most {MAX_ENTITIES:,} entities without a meaning were expected, found more; write them as letters"
        raise ReadError(reason, path=path)
    for entity in entities:
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
