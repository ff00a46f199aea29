"""XML as a tree without namespaces: agencies deliver the same format with and without one.

What a hostile file could do is refused: no entity is expanded, no DTD loaded and nothing fetched.
"""

import re
from collections.abc import Mapping, Sequence
from functools import cache
from html.entities import name2codepoint
from typing import TypeAlias

from lxml import etree

from qa.errors import ReadError
from qa.loaders.encoding import decode_page
from qa.loaders.fields import first_address, first_iso, first_language, utc
from qa.loaders.html_text import MAX_ATTRIBUTES, paragraphs_in
from qa.text.cleaning import clean_line

Element: TypeAlias = etree._Element
Roots: TypeAlias = Element | Sequence[Element] | None
"""Where paths begin: an element, several of which the first counts most, or none."""

MAX_LISTED = 500  # of the words at a path

_DECLARATION = re.compile(r"<\?xml\b[^>]{0,300}\?>")
_CONTROLS = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f]|&#(?:[0-8]|1[1245-9]|2[0-9]|3[01]|x0*(?:[0-8bBcCeEfF]|1[0-9a-fA-F]));"
)
_NAMED = re.compile(r"&([A-Za-z][\w.-]{0,40});")
_OF_XML = frozenset(("amp", "lt", "gt", "quot", "apos"))
# A DTD without entities of its own is never loaded, and what it declares is of no use then.
_DOCTYPE = re.compile(r"<!DOCTYPE\s[^\[<>]{1,500}(?:\[[^\]]{0,20000}\]\s*)?>")
_ENTITY = re.compile(r"<!ENTITY\s+(?!%)")
_NAME = re.compile(r"[^\W\d_][\w.-]*")


def tree_of(data: bytes) -> tuple[Element, tuple[str, ...]]:
    """The root element, and what to tell of how it was read.

    Raises ReadError with the line; a file that declares entities of its own is refused.
    """
    decoded = decode_page(data)
    text, controls = _CONTROLS.subn("", _DECLARATION.sub("", decoded.text.lstrip("\ufeff \t\r\n"), count=1))
    doctype = _DOCTYPE.search(text, 0, 65_536)
    if doctype and not _ENTITY.search(doctype[0]):
        text = text[: doctype.start()] + "\n" * doctype[0].count("\n") + text[doctype.end() :]
    root = _parsed(_NAMED.sub(_written_out, text).encode("utf-8", "replace"))
    declared = root.getroottree().docinfo.internalDTD
    if declared is not None and any(True for _ in declared.iterentities()):  # type: ignore[attr-defined]
        reason = "XML without entities of its own was expected, found a file that declares some; take them out"
        raise ReadError(reason, line=1)
    _drop_namespaces(root)
    notices = ("control characters, which XML forbids, are taken out",) if controls else ()
    return root, (*decoded.notices, *notices)


def _parsed(data: bytes) -> Element:
    """Raises ReadError, but not for a prefix that stands for no namespace: it means nothing here."""
    parser = etree.XMLParser(
        resolve_entities=False, load_dtd=False, no_network=True, remove_comments=True, remove_pis=True, recover=True
    )
    try:
        root: Element | None = etree.fromstring(data, parser)
        # The parser's own log: that of an error goes on from file to file.
        faults = [(entry.line, entry.message) for entry in parser.error_log if entry.domain_name != "NAMESPACE"]
    except etree.XMLSyntaxError as error:
        root, faults = None, [(error.lineno or 0, str(error.msg))]
    if root is None or faults:
        line, fault = faults[0] if faults else (0, "it has no element")
        reason = f"XML was expected, found an error: {' '.join(fault.split())}; correct it there, or deliver it again"
        raise ReadError(reason, line=line or None)
    return root


def _written_out(match: re.Match[str]) -> str:
    """An entity of HTML's as its letter, for old files use them without their DTD; an unknown one as it is written."""
    name = match[1]
    if name in _OF_XML:
        return match[0]
    return chr(name2codepoint[name]) if name in name2codepoint else f"&amp;{name};"


def _drop_namespaces(root: Element) -> None:
    """Raises ReadError for more attributes than any format has."""
    for element in root.iter(etree.Element):
        element.tag = _local(str(element.tag))
        if len(element.attrib) > MAX_ATTRIBUTES:
            reason = f"elements with at most {MAX_ATTRIBUTES} attributes were expected, found one with more"
            raise ReadError(f"{reason}; deliver the item itself", line=line_number(element))
        for name in [name for name in element.attrib if ":" in name or "}" in name]:
            if (plain := _local(str(name))) not in element.attrib:
                element.set(plain, element.attrib[name])
    etree.cleanup_namespaces(root)


def _local(name: str) -> str:
    """A name without its prefix; where namespaces are at fault, what is left may be none: "pro::perty"."""
    plain = name.rpartition("}")[2].rpartition(":")[2]
    return plain if _NAME.fullmatch(plain) else "span"


@cache
def _compiled(path: str) -> etree.XPath:
    return etree.XPath(path)


def elements(roots: Roots, path: str) -> list[Element]:
    """The elements at an XPath below each of some roots."""
    each = [roots] if isinstance(roots, etree._Element) else roots or ()
    return [result for root in each for result in _compiled(path)(root)]  # type: ignore[union-attr,misc]


def first(roots: Roots, path: str) -> Element | None:
    return next(iter(elements(roots, path)), None)


def lines(roots: Roots, *paths: str) -> list[str]:
    """The words, each in one line, of the elements or attributes at some XPaths, those without words left out."""
    each = [roots] if isinstance(roots, etree._Element) else roots or ()
    results = (result for root in each for path in paths for result in elements(root, path))
    return [text for result in results if (text := clean_line(result) if isinstance(result, str) else line_of(result))]


def line(roots: Roots, *paths: str) -> str:
    """The first of these that says something; empty where none does."""
    return next(iter(lines(roots, *paths)), "")


def values_at(roots: Roots, table: Mapping[str, Sequence[str]]) -> dict[str, object]:
    """The fields of a table of `names.toml`."""
    return {field: _combined(how, lines(roots, *paths)) for field, (how, *paths) in table.items()}


def _combined(how: str, words: list[str]) -> object:
    match how:
        case "first":
            return words[0] if words else ""
        case "all":
            return words[:MAX_LISTED]
        case "date":
            return first_iso(*words)
        case "latest":
            return max((moment.isoformat() for moment in map(utc, words) if moment), default="")
        case "language":
            return first_language(*words)
        case "address":
            return first_address(words)
    return how.join(dict.fromkeys(words))


def line_number(element: Element) -> int | None:
    """The line of the file that an element begins in."""
    return getattr(element, "sourceline", None)  # whose type the library's stubs leave open


def line_of(element: Element | None) -> str:
    """The words of an element in one line, a space where it breaks lines."""
    if element is None:
        return ""
    return clean_line(" ".join(paragraphs_in(element)) if len(element) else element.text or "")
