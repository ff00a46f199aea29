"""Marked-up text of a field, such as the body of an agency's item, to plain paragraphs.

For text that is an article from end to end; a page with navigation around its article is for `web_page`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree, html

from qa.loaders.cleaning import clean
from qa.loaders.page_bounds import with_few_attributes

_BLOCKS = frozenset(
    (
        *("address", "article", "aside", "blockquote", "body", "center", "dd", "div", "dl", "dt", "fieldset", "figure"),
        *("footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "html", "li", "main", "nav", "ol", "p"),
        *("pre", "section", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul", "caption"),
    )
)
_LEFT_OUT = frozenset(
    (
        *("audio", "button", "canvas", "embed", "figcaption", "figure", "form", "head", "iframe", "input", "math"),
        *("noscript", "object", "script", "select", "style", "svg", "template", "textarea", "title", "video"),
    )
)
_ROW = frozenset(("td", "th"))
_SPACE = re.compile(r"[ \t\r\n\f]+")
# Names of elements, so that "<ACME>", as agencies write the names of shares, is no markup.
_INLINE = "a|abbr|b|big|cite|code|del|em|font|i|img|ins|kbd|mark|q|s|small|span|strike|strong|sub|sup|time|tt|u|wbr"
_MARKUP = re.compile(
    rf"</?(?:{'|'.join(sorted(_BLOCKS | _LEFT_OUT | {'br'}))}|{_INLINE})(?:\s[^<>]*)?/?>"
    r"|&(?:#\d+|#x[0-9a-fA-F]+|[A-Za-z]+[0-9]?);",
    re.IGNORECASE,
)
# Parts of pages that agencies carry along in their XHTML.
_FURNITURE = frozenset(
    ("dat", "vignette", "source", "byline", "caption", "credit", "notepad", "nonpublic", "nonpublicnotepad")
)
_PICTURE = re.compile(r"img|image|photo|picture|caption", re.IGNORECASE)


def is_markup(text: str) -> bool:
    """Whether a text has tags or entities in it."""
    return bool(_MARKUP.search(text))


def paragraphs_of(markup: str) -> str:
    """The paragraphs with a blank line between them, without pictures, their captions and scripts.

    Text that is no markup is kept as it is.
    """
    if not markup.strip():
        return ""
    if not is_markup(markup):
        return clean(markup)
    try:
        # Bytes, so that a declared encoding, which speaks of the file it came from, is no matter.
        root = html.document_fromstring(
            with_few_attributes(markup).encode("utf-8", "xmlcharrefreplace" if markup.isascii() else "ignore"),
            parser=html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True),
        )
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        return ""
    if "class=" in markup and root.find(".//p") is not None:
        for element in list(root.iter()):
            if is_furniture(element):
                element.tag = "template"  # not read, and nothing in it
    return clean("\n\n".join(blocks_of(root)))


def is_furniture(element: etree._Element) -> bool:
    """Whether an element holds what stands around an agency's text: a byline, a credit, notes, a picture."""
    name = element.tag
    if name not in ("div", "span", "p", "section", "aside"):
        return False
    said = str(element.get("class") or "").lower()
    if name != "span" and _FURNITURE & set(said.split()):
        return True
    named = f"{said} {element.get('id') or ''}"
    return name == "div" and bool(_PICTURE.search(named)) and any(below.tag == "img" for below in element.iter())


def blocks_of(root: etree._Element) -> Iterator[str]:
    """The text of each block element below that is no child's, in order; lines broken by `br` stay broken."""
    block: list[str] = []
    in_cell = False  # whether words stand before, with no line between cells behind them
    for kind, text in _walked(root):
        if kind == "text":
            block.append(_SPACE.sub(" ", text))
            in_cell = in_cell or bool(text.strip())
        elif kind == "cell" and in_cell:
            block.append(" | ")
            in_cell = False
        elif kind == "line":
            block.append("\n")
        elif kind == "block":
            if (words := "".join(block).strip(" |\n")).strip():
                yield words
            block, in_cell = [], False
    if (words := "".join(block).strip(" |\n")).strip():
        yield words


def _walked(root: etree._Element) -> Iterator[tuple[str, str]]:
    """Text and what breaks it, in order, without recursion: markup may be nested as deep as its author likes."""
    skipping = 0
    for event, element in etree.iterwalk(root, events=("start", "end")):
        name = element.tag if isinstance(element.tag, str) else ""
        left_out = name in _LEFT_OUT
        if event == "start":
            skipping += left_out
            if not skipping:
                yield from _broken(name)
                if name and element.text:
                    yield "text", element.text
            continue
        if not skipping:
            yield from _broken("" if name == "br" else name)
        skipping -= left_out
        if not skipping and element.tail and element is not root:
            yield "text", element.tail


def _broken(name: str) -> Iterator[tuple[str, str]]:
    if name in _ROW:
        yield "cell", ""
    elif name == "br":
        yield "line", ""
    elif name in _BLOCKS:
        yield "block", ""
