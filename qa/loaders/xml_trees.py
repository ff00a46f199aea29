"""XML as a tree, namespaces left aside, and what a hostile file could do with it refused.

Agencies deliver the same format with and without a namespace, so elements are found by their local names.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.entities import name2codepoint
from typing import TypeAlias

from lxml import etree

from qa.errors import ReadError
from qa.loaders.cleaning import clean, clean_line

Element: TypeAlias = etree._Element
MAX_ATTRIBUTES = 200  # of one element; news formats have a dozen
MAX_DEPTH = 200  # elements inside each other; news formats need about 20

_ADVICE = "correct it there, or deliver it again"
_NAMED = re.compile(rb"&([A-Za-z]{2,8}[0-9]?);")  # the longest name of HTML's is thetasym
_OF_XML = frozenset(("amp", "lt", "gt", "quot", "apos"))


def parse(data: bytes, *, path: str) -> Element:
    """The root element. Raises ReadError with the line of what is wrong.

    No entity is expanded, no DTD loaded and nothing fetched; a file that declares entities of its own is refused.
    """
    data = _NAMED.sub(_numbered, data.lstrip(b"\xef\xbb\xbf \t\r\n"))
    try:
        root = _root(data)
    except (etree.XMLSyntaxError, ValueError, LookupError) as error:
        line = getattr(error, "lineno", None) or None
        what = " ".join(str(getattr(error, "msg", None) or error).split())
        raise ReadError(f"XML was expected, found an error: {what}; {_ADVICE}", path=path, line=line) from None
    _refuse_hostile(root, path=path)
    return root


def _root(data: bytes) -> Element:
    """Raises XMLSyntaxError, but not for a prefix that stands for no namespace: it means nothing here."""
    strict = _parser()
    try:
        return etree.fromstring(data, strict)
    except etree.XMLSyntaxError:
        # The parser's own log: that of the error goes on from file to file.
        lenient = _parser(recover=True)
        root = etree.fromstring(data, lenient) if _of_namespaces(strict.error_log) else None
        if root is None:
            raise
        if other := next((entry for entry in lenient.error_log if entry.domain_name != "NAMESPACE"), None):
            raise etree.XMLSyntaxError(other.message, other.type, other.line, other.column) from None  # type: ignore[call-arg]
        return root


def _parser(*, recover: bool = False) -> etree.XMLParser:
    return etree.XMLParser(
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
        recover=recover,
    )


def _of_namespaces(log: object) -> bool:
    """Whether a parser found fault with namespaces alone."""
    return all(entry.domain_name == "NAMESPACE" for entry in log)  # type: ignore[attr-defined]


def _numbered(match: re.Match[bytes]) -> bytes:
    """An entity of HTML's as XML knows it: old files of agencies use them without their DTD."""
    name = match[1].decode()
    return match[0] if name in _OF_XML or name not in name2codepoint else b"&#%d;" % name2codepoint[name]


def local(element: Element) -> str:
    """An element's name without its namespace; empty for what is none, such as an entity."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def children(element: Element | None, *names: str) -> Iterator[Element]:
    """The direct children with one of these names, all where none is given, in order."""
    for child in element if element is not None else ():
        if local(child) and (not names or local(child) in names):
            yield child


def child(element: Element | None, *path: str) -> Element | None:
    """The first element down a path of names: `child(item, "itemMeta", "pubStatus")`."""
    for name in path:
        element = next(children(element, name), None)
    return element


def descendants(element: Element | None, *names: str) -> Iterator[Element]:
    """All elements below with one of these names, in the order of the file."""
    for below in element.iter() if element is not None else ():
        if below is not element and local(below) in names:
            yield below


def attribute(element: Element | None, *names: str) -> str:
    """The first of these attributes that says something, in one line; namespaces left aside."""
    if element is not None:
        for name in names:
            for key, value in element.attrib.items():
                if str(key).rpartition("}")[2] == name and clean_line(str(value)):
                    return clean_line(str(value))
    return ""


def line_in(element: Element | None, *path: str) -> str:
    """The text of the first element down a path, in one line; empty where there is none."""
    found = child(element, *path)
    return clean_line("".join(map(str, found.itertext()))) if found is not None else ""


def text_in(element: Element | None, *path: str) -> str:
    """The same with its lines kept."""
    found = child(element, *path)
    return clean("".join(map(str, found.itertext()))) if found is not None else ""


def line_number(element: Element | None) -> int | None:
    """The line of the file that an element begins in."""
    return getattr(element, "sourceline", None)


def _refuse_hostile(root: Element, *, path: str) -> None:
    declared = root.getroottree().docinfo.internalDTD
    if declared is not None and any(True for _ in declared.iterentities()):  # type: ignore[attr-defined]
        reason = "XML without entities of its own was expected, found a file that declares some; take them out"
        raise ReadError(reason, path=path, line=1)
    depth = 0
    for event, element in etree.iterwalk(root, events=("start", "end")):
        if event == "start" and len(element.attrib) > MAX_ATTRIBUTES:
            reason = f"elements with at most {MAX_ATTRIBUTES} attributes were expected, found one with more"
            raise ReadError(f"{reason}; deliver the item itself", path=path, line=line_number(element))
        depth += 1 if event == "start" else -1
        if depth > MAX_DEPTH:
            reason = f"elements at most {MAX_DEPTH} deep were expected, found deeper ones; deliver the item itself"
            raise ReadError(reason, path=path)
