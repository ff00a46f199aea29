"""XML as a tree without namespaces: agencies deliver the same format with and without one.

What a hostile file could do is refused: no entity is expanded, no DTD loaded and nothing fetched.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from copy import deepcopy
from functools import cache
from html import unescape
from html.entities import name2codepoint
from typing import TypeAlias

from lxml import etree

from qa.errors import ReadError
from qa.loaders.cleaning import clean, clean_line
from qa.loaders.documents import Document
from qa.loaders.encoding import decode_page
from qa.loaders.fields import same_line
from qa.loaders.html_text import LINE_MARK, blocks_of, is_furniture, is_markup, paragraphs_of
from qa.loaders.metadata import present
from qa.loaders.paragraphs import split_paragraphs

Element: TypeAlias = etree._Element
Roots: TypeAlias = Element | Sequence[Element] | None
"""Where paths begin: an element, several of which the first counts most, or none."""

MAX_ATTRIBUTES = 200  # of one element; news formats have a dozen

_DECLARATION = re.compile(r"<\?xml\b[^>]{0,300}\?>")
_CONTROLS = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f]|&#(?:[0-8]|1[1245-9]|2[0-9]|3[01]|x0*(?:[0-8bBcCeEfF]|1[0-9a-fA-F]));"
)
_NAMED = re.compile(r"&([A-Za-z][\w.-]{0,40});")
_OF_XML = frozenset(("amp", "lt", "gt", "quot", "apos"))
# A DTD without entities of its own is never loaded, and what it declares is of no use then.
_DOCTYPE = re.compile(r"<!DOCTYPE\s[^\[<>]{1,500}(?:\[[^\]]{0,20000}\]\s*)?>")
_ENTITY = re.compile(r"<!ENTITY\s+(?!%)")

# The elements of NITF by those of HTML that break text alike; `template` stands for what is not read.
_NITF_AS_HTML: Mapping[str, str] = {
    **dict.fromkeys(("hl1", "hl2", "hedline"), "h2"),
    **dict.fromkeys(("block", "nitf-table", "custom-table", "fn", "note", "abstract", "body.content"), "div"),
    **dict.fromkeys(("datasource", "bibliography", "tagline", "series", "credit"), "div"),
    **dict.fromkeys(("media", "nitf-table-metadata", "tobject", "key-list", "body.head", "body.end"), "template"),
    "bq": "blockquote",
    "postaddr": "address",
    "lang": "span",
}
_INDENTED = re.compile(r"\n(?:\t|[ \xa0]{2,})(?=\S)")
_TAG = re.compile(r"<[/!A-Za-z][^<>]*>")
_BLOCK_TAG = re.compile(r"<(?:p|br|div|li|h[1-6]|td|tr|blockquote|body|html|section|article)\b", re.IGNORECASE)


def tree_of(document: Document, limit: int | None = None) -> tuple[Element, tuple[str, ...]]:
    """The root element, and what to tell of how it was read. Raises ReadError with the line, and OSError."""
    return tree_of_bytes(document.read(limit))


def tree_of_bytes(data: bytes) -> tuple[Element, tuple[str, ...]]:
    """The same of its bytes. Raises ReadError; a file that declares entities of its own is refused."""
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
        root = etree.fromstring(data, parser)
        line, fault = 0, "it has no element"
    except etree.XMLSyntaxError as error:
        root, line, fault = None, error.lineno or 0, str(error.msg)
    # The parser's own log: that of an error goes on from file to file.
    for entry in parser.error_log if root is not None else ():
        if entry.domain_name != "NAMESPACE":
            root, line, fault = None, entry.line, entry.message
            break
    if root is None:
        what = " ".join(fault.split())
        reason = f"XML was expected, found an error: {what}; correct it there, or deliver it again"
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
    return (
        plain if plain.replace(".", "").replace("-", "").replace("_", "").isalnum() and plain[0].isalpha() else "span"
    )


@cache
def _compiled(path: str) -> etree.XPath:
    return etree.XPath(path)


def _each(roots: Roots) -> Sequence[Element]:
    return [roots] if isinstance(roots, etree._Element) else roots or ()


def elements(roots: Roots, path: str) -> list[Element]:
    """The elements at an XPath below each of some roots."""
    return [result for root in _each(roots) for result in _compiled(path)(root)]  # type: ignore[union-attr,misc]


def first(roots: Roots, path: str) -> Element | None:
    return next(iter(elements(roots, path)), None)


def lines(roots: Roots, *paths: str) -> list[str]:
    """The words, each in one line, of the elements or attributes at some XPaths, those without words left out."""
    results = (result for root in _each(roots) for path in paths for result in elements(root, path))
    return [text for result in results if (text := clean_line(result) if isinstance(result, str) else line_of(result))]


def line(roots: Roots, *paths: str) -> str:
    """The first of these that says something; empty where none does."""
    return next(iter(lines(roots, *paths)), "")


def words_at(roots: Roots, table: Mapping[str, tuple[str, ...]]) -> dict[str, object]:
    """For each field of a table of paths the first of its words."""
    return {field: line(roots, *paths) for field, paths in table.items()}


def line_number(element: Element) -> int | None:
    """The line of the file that an element begins in."""
    return getattr(element, "sourceline", None)  # whose type the library's stubs leave open


def paragraphs_in(element: Element) -> list[str]:
    """The paragraphs, headings, items and rows of tables below an element, in order."""
    return [words for block in blocks_of(_as_html(element)) if (words := clean(block))]


def line_of(element: Element | None) -> str:
    """The words of an element in one line, a space where it breaks lines."""
    if element is None:
        return ""
    return clean_line(" ".join(paragraphs_in(element)) if len(element) else element.text or "")


def paragraphs_of_plain(text: str) -> list[str]:
    """The paragraphs of a text without marks: a blank line, or an indented line, begins one."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if "\n\n" not in text.strip():
        text = _INDENTED.sub("\n\n", text)
    return split_paragraphs(cleaned) if (cleaned := clean(text)) else []


def paragraphs_of_data(text: str) -> list[str]:
    """The paragraphs of a text that may have its marks written out: `&lt;p&gt;` once, or a few entities alone."""
    if not is_markup(text):
        return paragraphs_of_plain(text)
    if not _TAG.search(text):
        return paragraphs_of_plain(unescape(text))
    if _BLOCK_TAG.search(text):
        return list(filter(None, paragraphs_of(text).split("\n\n")))
    return list(filter(None, map(paragraphs_of, paragraphs_of_plain(text))))


def xhtml_facts(root: Element) -> dict[str, object]:
    """Headline and text of XHTML, as of any other element that has paragraphs."""
    page = first(root, "descendant-or-self::html")
    page = root if page is None else page
    body = first(page, ".//body")
    return present(
        {
            "title": line(page, ".//h1", ".//title"),
            "text": "\n\n".join(paragraphs_in(page if body is None else body)),
            "language": line(page, "@lang"),
        }
    )


def without_first(paragraphs: list[str], headline: str) -> list[str]:
    """Without the first paragraph where it repeats the headline and others follow."""
    return paragraphs[1:] if len(paragraphs) > 1 and same_line(paragraphs[0], headline) else paragraphs


def _as_html(element: Element) -> Element:
    """A copy with the names that HTML has."""
    copy = deepcopy(element)
    has_paragraphs = first(copy, "descendant-or-self::p") is not None
    for below in list(copy.iter(etree.Element)):
        name = str(below.tag).lower()
        below.tag = _NITF_AS_HTML.get(name, name)
        if below is not copy and has_paragraphs and is_furniture(below):
            below.tag = "template"
        if name == "frac-sep" and not below.text:
            below.text = "/"
        if name == "pre":
            # The lines of preformatted text are marked, for white space is nothing elsewhere.
            for part in below.iter(etree.Element):
                part.text = (part.text or "").replace("\n", LINE_MARK)
                if part is not below:
                    part.tail = (part.tail or "").replace("\n", LINE_MARK)
    return copy
