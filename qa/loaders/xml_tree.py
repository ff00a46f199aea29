"""XML as a tree without namespaces, read so that no entity is expanded, no DTD loaded and nothing fetched."""

import re
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from html.entities import name2codepoint
from itertools import chain
from typing import TypeAlias

from lxml import etree

from qa.errors import ReadError
from qa.loaders.encoding import decode_page
from qa.loaders.fields import first_address, first_iso, first_language, utc
from qa.loaders.paragraphs import MAX_ATTRIBUTES, paragraphs_in
from qa.text.cleaning import clean_line

Element: TypeAlias = etree._Element
Roots: TypeAlias = Element | Sequence[Element] | None  # where paths begin; of several the first counts most
_DECLARATION = re.compile(r"<\?xml\b[^>]{0,300}\?>")
_CONTROLS = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f]|&#(?:[0-8]|1[1245-9]|2[0-9]|3[01]|x0*(?:[0-8bBcCeEfF]|1[0-9a-fA-F]));"
)
_NAMED = re.compile(r"&([A-Za-z][\w.-]{0,40});")
# A DTD without entities of its own is never loaded, and what it declares is of no use then.
_DOCTYPE = re.compile(r"<!DOCTYPE\s[^\[<>]{1,500}(?:\[[^\]]{0,20000}\]\s*)?>")
_ENTITY = re.compile(r"<!ENTITY\s+(?!%)")
_NAME = re.compile(r"[^\W\d_][\w.-]*")
_compiled = cache(etree.XPath)
# How the words at the paths of a field are put together; any other word stands between all of them.
_COMBINATIONS: Mapping[str, Callable[[list[str]], object]] = {
    "first": lambda words: words[0] if words else "",
    "all": lambda words: words[:500],
    "date": lambda words: first_iso(*words),
    "latest": lambda words: max((moment.isoformat() for moment in map(utc, words) if moment), default=""),
    "language": lambda words: first_language(*words),
    "address": first_address,
}


def tree_of(data: bytes) -> tuple[Element, tuple[str, ...]]:
    """The root element, and what to tell of how it was read. Raises ReadError with the line."""
    text, notices = decode_page(data)
    text, controls = _CONTROLS.subn("", _DECLARATION.sub("", text.lstrip("\ufeff \t\r\n"), count=1))
    doctype = _DOCTYPE.search(text, 0, 65_536)
    if doctype and not _ENTITY.search(doctype[0]):
        text = text[: doctype.start()] + "\n" * doctype[0].count("\n") + text[doctype.end() :]
    parser = etree.XMLParser(
        resolve_entities=False, load_dtd=False, no_network=True, remove_comments=True, remove_pis=True, recover=True
    )
    try:
        root: Element | None = etree.fromstring(_NAMED.sub(_written_out, text).encode("utf-8", "replace"), parser)
        # The parser's own log: that of an error goes on from file to file. Prefixes without a namespace mean nothing.
        faults = [(entry.line, entry.message) for entry in parser.error_log if entry.domain_name != "NAMESPACE"]
    except etree.XMLSyntaxError as error:
        root, faults = None, [(error.lineno or 0, str(error.msg))]
    if root is None or faults:
        line, fault = faults[0] if faults else (0, "it has no element")
        reason = f"XML was expected, found an error: {' '.join(fault.split())}; correct it there, or deliver it again"
        raise ReadError(reason, line=line or None)
    declared = root.getroottree().docinfo.internalDTD
    if declared is not None and any(True for _ in declared.iterentities()):  # type: ignore[attr-defined]
        reason = "XML without entities of its own was expected, found a file that declares some; take them out"
        raise ReadError(reason, line=1)
    for element in root.iter(etree.Element):
        element.tag = _local(str(element.tag))
        if len(element.attrib) > MAX_ATTRIBUTES:
            reason = f"elements with at most {MAX_ATTRIBUTES} attributes were expected, found one with more"
            raise ReadError(f"{reason}; deliver the item itself", line=line_number(element))
        for name in [name for name in element.attrib if ":" in name or "}" in name]:
            if (plain := _local(str(name))) not in element.attrib:
                element.set(plain, element.attrib[name])
    etree.cleanup_namespaces(root)
    return root, (*notices, "control characters, which XML forbids, are taken out") if controls else notices


def _written_out(match: re.Match[str]) -> str:
    """An entity of HTML's as its letter, for old files use them without their DTD; an unknown one as it is written."""
    name = match[1]
    if name in ("amp", "lt", "gt", "quot", "apos"):
        return match[0]
    return chr(name2codepoint[name]) if name in name2codepoint else f"&amp;{name};"


def _local(name: str) -> str:
    """A name without its prefix; where namespaces are at fault, what is left may be none: "pro::perty"."""
    plain = name.rpartition("}")[2].rpartition(":")[2]
    return plain if _NAME.fullmatch(plain) else "span"


def elements(roots: Roots, *paths: str) -> list[Element]:
    """The elements at some XPaths below each of some roots."""
    each = [roots] if isinstance(roots, etree._Element) else roots or ()
    results = (_compiled(path)(root) for root in each for path in paths)
    return list(chain.from_iterable(results))  # type: ignore[arg-type]


def first(roots: Roots, path: str) -> Element | None:
    return next(iter(elements(roots, path)), None)


def lines(roots: Roots, *paths: str) -> list[str]:
    """The words, each in one line, of the elements or attributes at some XPaths, those without words left out."""
    texts = (clean_line(part) if isinstance(part, str) else line_of(part) for part in elements(roots, *paths))
    return list(filter(None, texts))


def line(roots: Roots, *paths: str) -> str:
    """The first of these that says something; empty where none does."""
    return next(iter(lines(roots, *paths)), "")


def values_at(roots: Roots, table: Mapping[str, Sequence[str]]) -> dict[str, object]:
    """The fields of a table of `names.toml`."""
    words_of = {field: (how, lines(roots, *paths)) for field, (how, *paths) in table.items()}
    return {
        field: _COMBINATIONS[how](words) if how in _COMBINATIONS else how.join(dict.fromkeys(words))
        for field, (how, words) in words_of.items()
    }


def line_number(element: Element) -> int | None:
    """The line of the file that an element begins in."""
    return getattr(element, "sourceline", None)  # whose type the library's stubs leave open


def line_of(element: Element | None) -> str:
    """The words of an element in one line, a space where it breaks lines."""
    if element is None:
        return ""
    return clean_line(" ".join(paragraphs_in(element)) if len(element) else element.text or "")
