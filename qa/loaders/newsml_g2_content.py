"""The words of a NewsML-G2 item: of its NITF, XHTML or plain text."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator
from dataclasses import dataclass, field

from qa.errors import ReadError
from qa.loaders.cleaning import clean_line
from qa.loaders.encoding import decode
from qa.loaders.metadata import present
from qa.loaders.nitf import facts_of_nitf
from qa.loaders.xml_text import line_of, paragraphs_in, paragraphs_of_data
from qa.loaders.xml_tree import Element, attribute, children, descendants, local

_BLOCKS = ("p", "div", "section", "article", "body.content", "block")


@dataclass(frozen=True, slots=True)
class Rendition:
    """Words and facts of one rendition; `other` names what was found instead of words."""

    facts: dict[str, object] = field(default_factory=dict)
    other: str = ""
    is_nitf: bool = False

    @property
    def language(self) -> str:
        return str(self.facts.get("language") or "").lower().partition("-")[0]


def content_of(item: Element | None, *, language: str = "") -> Rendition:
    """The fullest of the renditions in the item's language: NITF before XHTML before plain text."""
    renditions = list(_renditions(item))
    worded = [rendition for rendition in renditions if rendition.facts.get("text") or rendition.facts.get("title")]
    wanted = ("", language.partition("-")[0])
    if candidates := [rendition for rendition in worded if rendition.language in wanted] or worded:
        return max(candidates, key=lambda rendition: bool(rendition.facts.get("text")))
    return Rendition(other=", ".join(dict.fromkeys(rendition.other for rendition in renditions if rendition.other)))


def xhtml_facts(root: Element) -> dict[str, object]:
    """Headline and text of XHTML, as of any other element that has paragraphs."""
    html = root if local(root) == "html" else next(descendants(root, "html"), root)
    body = next(descendants(html, "body"), html)
    titles = [clean_line("".join(map(str, title.itertext()))) for title in descendants(html, "title")]
    headline = next(filter(None, (*map(line_of, descendants(html, "h1")), *titles)), "")
    return present({"title": headline, "text": "\n\n".join(paragraphs_in(body)), "language": attribute(html, "lang")})


def _renditions(item: Element | None) -> Iterator[Rendition]:
    marked_up = [_of_xml(part) for part in _parts(item, "inlineXML")]
    yield from sorted(marked_up, key=lambda rendition: not rendition.is_nitf)
    yield from map(_of_data, _parts(item, "inlineData"))
    for part in _parts(item, "remoteContent"):
        address = attribute(part, "href", "residref", "uri")
        yield Rendition(other=f"a reference to {address[:80] or 'a file'}")


def _parts(item: Element | None, name: str) -> Iterator[Element]:
    """Those of the item itself, not of items that it may carry."""
    if item is not None and local(item) == name:
        yield item
    sets = [item] if item is not None and local(item) == "contentSet" else children(item, "contentSet")
    for content_set in sets:
        yield from children(content_set, name)


def _of_xml(inline: Element) -> Rendition:
    language: dict[str, object] = {"language": attribute(inline, "lang")}
    nitf, html = (next(descendants(inline, name), None) for name in ("nitf", "html"))
    first = next(children(inline), None)
    if nitf is not None:
        return Rendition(language | facts_of_nitf(nitf), is_nitf=True)
    if html is not None:
        return Rendition(language | xhtml_facts(html))
    if first is not None and local(first) in _BLOCKS:
        return Rendition(language | xhtml_facts(inline))
    if first is None and (inline.text or "").strip():
        return Rendition(language | _facts_of_text(inline.text or ""))
    return Rendition(other=f"<{local(first)}>" if first is not None else "nothing")


def _of_data(inline: Element) -> Rendition:
    kind = attribute(inline, "contenttype").lower()
    if kind and not kind.startswith("text/") and "html" not in kind:
        return Rendition(other=f"data of the kind {kind[:60]}")
    text = "".join(map(str, inline.itertext()))
    if attribute(inline, "encoding").lower().endswith("base64"):
        try:
            text = decode(base64.b64decode(text, validate=False)).text
        except (binascii.Error, ValueError, ReadError):
            return Rendition(other="data that is no text")
    return Rendition({"language": attribute(inline, "lang"), **_facts_of_text(text)})


def _facts_of_text(text: str) -> dict[str, object]:
    """Marked-up text stands in data too, with its marks written out."""
    return {"text": "\n\n".join(paragraphs_of_data(text))}
