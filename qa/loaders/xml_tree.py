"""XML as a tree, namespaces left aside, also where its bytes are not in the encoding that it declares.

What a hostile file could do is refused: no entity is expanded, no DTD loaded and nothing fetched. Agencies deliver the
same format with and without a namespace, so elements are found by their local names.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass
from html import unescape
from html.entities import name2codepoint
from typing import TypeAlias

from lxml import etree

from qa.errors import ReadError
from qa.loaders.cleaning import clean, clean_line
from qa.loaders.documents import Document
from qa.loaders.encoding import UTF16_MARKS, decode, is_utf8
from qa.loaders.fields import same_line
from qa.loaders.html_text import LINE_MARK, blocks_of, is_furniture, is_markup, paragraphs_of
from qa.loaders.metadata import present
from qa.loaders.paragraphs import split_paragraphs

Element: TypeAlias = etree._Element
MAX_ATTRIBUTES = 200  # of one element; news formats have a dozen
MAX_DEPTH = 200  # elements inside each other; news formats need about 20
MAX_ENTITIES = 5_000

_ADVICE = "correct it there, or deliver it again"
_NAMED = re.compile(rb"&([A-Za-z]{2,8}[0-9]?);")  # the longest name of HTML's is thetasym
_OF_XML = frozenset(("amp", "lt", "gt", "quot", "apos"))
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


# The elements of NITF by those of HTML that break text alike; `template` stands for what is not read.
NITF_AS_HTML: Mapping[str, str] = {
    **dict.fromkeys(("hl1", "hl2", "hedline"), "h2"),
    **dict.fromkeys(("block", "nitf-table", "custom-table", "fn", "note", "abstract", "body.content"), "div"),
    **dict.fromkeys(("datasource", "bibliography", "tagline", "series"), "div"),
    **dict.fromkeys(("media", "nitf-table-metadata", "tobject", "key-list", "body.head", "body.end"), "template"),
    "bq": "blockquote",
    "credit": "div",
    "postaddr": "address",
    "lang": "span",
}
_INDENTED = re.compile(r"\n(?:\t|[ \xa0]{2,})(?=\S)")
_TAG = re.compile(r"<[/!A-Za-z][^<>]*>")
_BLOCK_TAG = re.compile(r"<(?:p|br|div|li|h[1-6]|td|tr|blockquote|body|html|section|article)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class XmlTree:
    """The root element, and what a reader of the import report should know of how it was parsed."""

    root: Element
    notices: tuple[str, ...] = ()


def tree_of(document: Document) -> XmlTree:
    """The tree of a whole document. Raises ReadError with the line of what is wrong, and OSError."""
    return tree_of_bytes(document.read())


def tree_of_bytes(data: bytes) -> XmlTree:
    """The same of its bytes. Raises ReadError."""
    data = _without_outside(data)
    declared = _declared(data)
    if declared in _SINGLE_BYTES and (
        (not data.isascii() and is_utf8(data)) or (declared in _LATIN_1 and _OF_WINDOWS.search(data))
    ):
        return _tree_of_text(data)
    try:
        return _tree(parse(data), ())
    except ReadError:
        if _is_doubtful(data, declared):
            return _tree_of_text(data)
        if (without := _CONTROLS.sub(b"", data)) == data or data.startswith(UTF16_MARKS):
            raise
    return _tree(parse(without), ("control characters, which XML forbids, are taken out",))


def _tree_of_text(data: bytes) -> XmlTree:
    """The tree of bytes in the encoding that they are in, whatever they declare. Raises ReadError."""
    declared = _declared(data).decode("ascii") or "utf-8"
    decoded = decode(data)
    without = _DECLARATION.sub(b"", decoded.text.encode("utf-8", "surrogatepass"), count=1)
    notice = "".join(decoded.notices) or f"read as UTF-8, not {declared} as it declares"
    return _tree(parse(without), (notice,))


def _tree(root: Element, notices: tuple[str, ...]) -> XmlTree:
    _write_out_entities(root)
    text = "".join(map(str, root.itertext()))
    if _TWICE_ENCODED.search(text):
        notices = (*notices, "letters such as â€™ stand where others were meant; they are kept as delivered")
    return XmlTree(root, notices)


def _without_outside(data: bytes) -> bytes:
    """Without the declarations of parts of a DTD that lie in other files; lines keep their numbers."""
    subset = _SUBSET.search(data[:65_536])
    if not subset:
        return data
    start, end = subset.span("declared")
    declared = _OUTSIDE.sub(lambda match: b"\n" * match[0].count(b"\n"), data[start:end])
    return data[:start] + declared + data[end:]


def _declared(data: bytes) -> bytes:
    """The encoding of the XML declaration, in lower case; empty where none is named."""
    declaration = _DECLARATION.match(data.removeprefix(b"\xef\xbb\xbf"))
    encoding = _ENCODING.search(declaration[0]) if declaration else None
    return encoding[1].lower() if encoding else b""


def _is_doubtful(data: bytes, declared: bytes) -> bool:
    """True if the parser may have failed because the bytes are in another encoding than declared."""
    if data.startswith(UTF16_MARKS):
        return False
    if declared in (b"", b"utf-8", b"utf8"):
        return not is_utf8(data)
    # What can be read as single bytes but declares another width, or an encoding that nobody knows.
    return declared not in _SINGLE_BYTES


def _write_out_entities(root: Element) -> None:
    """Entities that no DTD was read for become the text they are written as: none may swallow what follows it."""
    entities = list(root.iter(etree.Entity))
    if len(entities) > MAX_ENTITIES:
        reason = f"at most {MAX_ENTITIES:,} entities without a meaning were expected, found more; write them as letters"
        raise ReadError(reason)
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


def parse(data: bytes) -> Element:
    """The root element. Raises ReadError with the line of what is wrong.

    No entity is expanded, no DTD loaded and nothing fetched; a file that declares entities of its own is refused.
    """
    data = _NAMED.sub(_numbered, data.lstrip(b"\xef\xbb\xbf \t\r\n"))
    try:
        root = _root(data)
    except (etree.XMLSyntaxError, ValueError, LookupError) as error:
        line = getattr(error, "lineno", None) or None
        what = " ".join(str(getattr(error, "msg", None) or error).split())
        raise ReadError(f"XML was expected, found an error: {what}; {_ADVICE}", line=line) from None
    _refuse_hostile(root)
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
        if fault := next((entry for entry in lenient.error_log if entry.domain_name != "NAMESPACE"), None):
            raise etree.XMLSyntaxError(fault.message, fault.type, fault.line, fault.column) from None  # type: ignore[call-arg]
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
    """True if a parser found fault with namespaces alone."""
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


def line_number(element: Element | None) -> int | None:
    """The line of the file that an element begins in."""
    return getattr(element, "sourceline", None)


def _refuse_hostile(root: Element) -> None:
    declared = root.getroottree().docinfo.internalDTD
    if declared is not None and any(True for _ in declared.iterentities()):  # type: ignore[attr-defined]
        reason = "XML without entities of its own was expected, found a file that declares some; take them out"
        raise ReadError(reason, line=1)
    depth = 0
    for event, element in etree.iterwalk(root, events=("start", "end")):
        if event == "start" and len(element.attrib) > MAX_ATTRIBUTES:
            reason = f"elements with at most {MAX_ATTRIBUTES} attributes were expected, found one with more"
            raise ReadError(f"{reason}; deliver the item itself", line=line_number(element))
        depth += 1 if event == "start" else -1
        if depth > MAX_DEPTH:
            reason = f"elements at most {MAX_DEPTH} deep were expected, found deeper ones; deliver the item itself"
            raise ReadError(reason)


def paragraphs_in(element: Element) -> list[str]:
    """The paragraphs, headings, items and rows of tables below an element, in order."""
    return [words for block in blocks_of(_as_html(element)) if (words := clean(block))]


def line_of(element: Element | None) -> str:
    """The words of an element in one line, a space where it breaks lines."""
    if element is None:
        return ""
    return clean_line(" ".join(paragraphs_in(element)) if len(element) else element.text or "")


def elements(root: Element | None, path: str) -> list[Element]:
    """The elements down a path of names, `itemMeta/link`, several alternatives at a step, `head|body/title`."""
    matches = [] if root is None else [root]
    for step in filter(None, path.split("/")):
        matches = [inner for outer in matches for inner in children(outer, *step.split("|"))]
    return matches


def lines(root: Element | None, *paths: str) -> list[str]:
    """The words, each in one line, of the elements at some paths, or of their attributes: `docdata/urgency@ed-urg`.

    Of several attributes, `@qcode|uri`, the first that says something; elements without words are left out.
    """
    texts: list[str] = []
    for path in paths:
        steps, _, names = path.partition("@")
        matches = elements(root, steps)
        texts += [attribute(element, *names.split("|")) if names else line_of(element) for element in matches]
    return list(filter(None, texts))


def line(root: Element | None, *paths: str) -> str:
    """The first of these that says something; empty where none does."""
    return next((text for path in paths for text in lines(root, path)), "")


def text_in(element: Element | None, *path: str) -> str:
    """The text of the first element down a path, its lines kept."""
    matches = child(element, *path)
    return clean("".join(map(str, matches.itertext()))) if matches is not None else ""


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
    html = root if local(root) == "html" else next(descendants(root, "html"), root)
    body = next(descendants(html, "body"), html)
    titles = [clean_line("".join(map(str, title.itertext()))) for title in descendants(html, "title")]
    headline = next(filter(None, (*map(line_of, descendants(html, "h1")), *titles)), "")
    return present({"title": headline, "text": "\n\n".join(paragraphs_in(body)), "language": attribute(html, "lang")})


def without_first(paragraphs: list[str], headline: str) -> list[str]:
    """Without the first paragraph where it repeats the headline and others follow."""
    return paragraphs[1:] if len(paragraphs) > 1 and same_line(paragraphs[0], headline) else paragraphs


def _as_html(element: Element) -> Element:
    """A copy with the names that HTML has, without namespaces."""
    copy = deepcopy(element)
    has_paragraphs = any(local(below) == "p" for below in copy.iter())
    for below in list(copy.iter()):
        name = local(below).lower()
        # Where namespaces are at fault, what is left of a name may be none: "pro::perty".
        below.tag = NITF_AS_HTML.get(name, name if name.replace(".", "").isalnum() else "span")
        if below is not copy and has_paragraphs and is_furniture(below):
            below.tag = "template"
        if name == "frac-sep" and not below.text:
            below.text = "/"
        if name == "pre":
            _keep_lines(below)
    return copy


def _keep_lines(element: Element) -> None:
    """The lines of preformatted text marked, for white space is nothing elsewhere."""
    for part in element.iter(etree.Element):
        part.text = (part.text or "").replace("\n", LINE_MARK)
        if part is not element:
            part.tail = (part.tail or "").replace("\n", LINE_MARK)
