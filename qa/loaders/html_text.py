"""Marked-up text of a field, such as the body of an agency's item, to plain paragraphs.

For text that is an article from end to end; a page with navigation around its article is for `web_page`. Markup is
bounded before libxml2 and trafilatura see it: some take them a time in its square.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree, html

from qa.errors import ReadError
from qa.loaders.cleaning import clean

MAX_ATTRIBUTES = 200  # of one element; ten are many
MAX_ELEMENTS = 20_000  # of one page; the longest articles with all that sites put around them have some 5,000

_LONG = 2_000  # characters of a tag with more attributes than that
_TAG = re.compile(r"""<[A-Za-z](?:[^<>"']++|"[^"]*+"|'[^']*+')*+""")
_ATTRIBUTE = re.compile(r"""[^\s"'=<>/]++(?:\s*+=\s*+(?:"[^"]*+"|'[^']*+'|[^\s"'<>]++))?+""")
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
_BLOCK_MARK, _CELL_MARK, LINE_MARK = "\ufdd0", "\ufdd1", "\ufdd2"  # no characters, which clean text never has
_MARKS = {**dict.fromkeys(_BLOCKS, _BLOCK_MARK), **dict.fromkeys(("td", "th"), _CELL_MARK), "br": LINE_MARK}
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


def with_few_attributes(markup: str) -> str:
    """The markup without the attributes of an element beyond its first MAX_ATTRIBUTES."""
    return _TAG.sub(_shortened, markup)


def refuse_huge(root: etree._Element) -> None:
    """Raises ReadError for a page of more than MAX_ELEMENTS elements."""
    count = sum(1 for _ in root.iter())
    if count > MAX_ELEMENTS:
        reason = f"a page of at most {MAX_ELEMENTS:,} elements was expected, found {count:,}"
        raise ReadError(f"{reason}; save the article's own page, or deliver its text")


def _shortened(tag: re.Match[str]) -> str:
    whole = tag[0]
    if len(whole) < _LONG:
        return whole
    parts = [part[0] for part in _ATTRIBUTE.finditer(whole, 1)]
    return whole if len(parts) <= MAX_ATTRIBUTES else f"<{' '.join(parts[: MAX_ATTRIBUTES + 1])}"


def is_markup(text: str) -> bool:
    """True if a text has tags or entities in it."""
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
    """True if an element holds what stands around an agency's text: a byline, a credit, notes, a picture."""
    name = element.tag
    if name not in ("div", "span", "p", "section", "aside"):
        return False
    classes = str(element.get("class") or "").lower()
    if name != "span" and _FURNITURE & set(classes.split()):
        return True
    names = f"{classes} {element.get('id') or ''}"
    return name == "div" and bool(_PICTURE.search(names)) and any(below.tag == "img" for below in element.iter())


def blocks_of(root: etree._Element) -> Iterator[str]:
    """The text of each block element below that is no child's, in order; lines broken by `br` stay broken.

    The elements that are not read are taken out of the tree.
    """
    if root.tag in _LEFT_OUT:
        return
    etree.strip_elements(root, *_LEFT_OUT, with_tail=False)
    parts: list[str] = []
    for event, element in etree.iterwalk(root, events=("start", "end")):
        mark = _MARKS.get(str(element.tag), "")
        if event == "start":
            parts += (mark, _SPACE.sub(" ", element.text or ""))
        else:
            tail = element.tail if element is not root else ""
            parts += ("" if mark == LINE_MARK else mark, _SPACE.sub(" ", tail or ""))
    for block in "".join(parts).split(_BLOCK_MARK):
        words = " | ".join(filter(str.strip, block.split(_CELL_MARK))).replace(LINE_MARK, "\n").strip(" |\n")
        if words.strip():
            yield words
