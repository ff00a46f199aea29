"""The words of XML elements: values at paths such as `docdata/urgency@ed-urg`, and marked-up text as paragraphs."""

from __future__ import annotations

import re
from collections.abc import Mapping
from copy import deepcopy
from html import unescape

from lxml import etree

from qa.loaders.cleaning import clean, clean_line
from qa.loaders.headlines import same_line
from qa.loaders.html_text import LINE_MARK, blocks_of, is_furniture, is_markup, paragraphs_of
from qa.loaders.metadata import present
from qa.loaders.paragraphs import split_paragraphs
from qa.loaders.xml_tree import Element, attribute, child, children, descendants, local

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
