"""The words of a NewsML-G2 item: of its NITF, XHTML or plain text."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator
from dataclasses import dataclass, field

from qa.errors import ReadError
from qa.loaders.cleaning import clean_line
from qa.loaders.encoding import decode
from qa.loaders.nitf import facts_of_nitf
from qa.loaders.xml_text import line_of, paragraphs_in, paragraphs_of_data
from qa.loaders.xml_trees import Element, attribute, children, descendants, local

_BLOCKS = ("p", "div", "section", "article", "body.content", "block")


@dataclass(frozen=True, slots=True)
class Content:
    """Words and facts of one rendition; `other` names what was found instead of words."""

    facts: dict[str, object] = field(default_factory=dict)
    other: str = ""
    is_nitf: bool = False

    @property
    def text(self) -> str:
        value = self.facts.get("text")
        return value if isinstance(value, str) else ""


def content_of(item: Element | None, *, language: str = "") -> Content:
    """The fullest of the renditions in the item's language: NITF before XHTML before plain text."""
    found = [content for content in _renditions(item) if content.text or content.facts.get("title")]
    spoken = [content for content in found if _language(content) in ("", language.partition("-")[0])] or found
    if spoken:
        return max(spoken, key=lambda content: bool(content.text))
    others = [content.other for content in _renditions(item) if content.other]
    return Content(other=", ".join(dict.fromkeys(others)))


def xhtml_facts(root: Element) -> dict[str, object]:
    """Headline and text of XHTML, as of any other element that has paragraphs."""
    html = next((one for one in (root, *descendants(root, "html")) if local(one) == "html"), root)
    body = next(descendants(html, "body"), html)
    headings = [line for one in descendants(html, "h1") if (line := line_of(one))]
    titles = [clean_line("".join(map(str, one.itertext()))) for one in descendants(html, "title")]
    headline = next((line for line in (*headings, *titles) if line), "")
    text = "\n\n".join(paragraphs_in(body))
    said = {"title": headline, "text": text, "language": attribute(html, "lang")}
    return {key: value for key, value in said.items() if value}


def _renditions(item: Element | None) -> Iterator[Content]:
    marked = [_of_xml(one) for one in _parts(item, "inlineXML")]
    yield from sorted(marked, key=lambda content: not content.is_nitf)
    for one in _parts(item, "inlineData"):
        yield _of_data(one)
    for one in _parts(item, "remoteContent"):
        address = attribute(one, "href", "residref", "uri")
        yield Content(other=f"a reference to {address[:80] or 'a file'}")


def _parts(item: Element | None, name: str) -> Iterator[Element]:
    """Those of the item itself, not of items that it may carry."""
    if item is not None and local(item) == name:
        yield item
    sets = [item] if item is not None and local(item) == "contentSet" else children(item, "contentSet")
    for one in sets:
        yield from children(one, name)


def _of_xml(inline: Element) -> Content:
    nitf = next(descendants(inline, "nitf"), None)
    language = attribute(inline, "lang")
    if nitf is not None:
        return Content({"language": language, **facts_of_nitf(nitf)}, is_nitf=True)
    html = next(descendants(inline, "html"), None)
    first = next(children(inline), None)
    if html is not None:
        return Content({"language": language, **xhtml_facts(html)})
    if first is not None and local(first) in _BLOCKS:
        return Content({"language": language, **xhtml_facts(inline)})
    if first is None and (inline.text or "").strip():
        return Content({"language": language, **_facts_of_text(inline.text or "")})
    return Content(other=f"<{local(first)}>" if first is not None else "nothing")


def _of_data(inline: Element) -> Content:
    kind = attribute(inline, "contenttype").lower()
    if kind and not kind.startswith("text/") and "html" not in kind:
        return Content(other=f"data of the kind {kind[:60]}")
    text = "".join(map(str, inline.itertext()))
    if attribute(inline, "encoding").lower().endswith("base64"):
        try:
            text = decode(base64.b64decode(text, validate=False), path="").text
        except (binascii.Error, ValueError, ReadError):
            return Content(other="data that is no text")
    return Content({"language": attribute(inline, "lang"), **_facts_of_text(text)})


def _facts_of_text(text: str) -> dict[str, object]:
    """Marked-up text stands in data too, with its marks written out."""
    return {"text": "\n\n".join(paragraphs_of_data(text))}


def _language(content: Content) -> str:
    said = content.facts.get("language")
    return said.lower().partition("-")[0] if isinstance(said, str) else ""
