"""Marked-up text that is an article from end to end, such as the body of an agency's item, to plain paragraphs.

Markup is bounded before libxml2 and trafilatura see it: some take them a time in its square.
"""

import re
from collections.abc import Iterator
from copy import deepcopy
from html import unescape

from lxml import etree, html

from qa.loaders.names import NAMES
from qa.loaders.paragraphs import split_paragraphs
from qa.text.cleaning import clean

MAX_ATTRIBUTES = 200  # of one element; ten are many
_LONG = 2_000  # characters of a tag with more attributes than that
_TAG = re.compile(r"""<[A-Za-z](?:[^<>"']++|"[^"]*+"|'[^']*+')*+""")
_ATTRIBUTE = re.compile(r"""[^\s"'=<>/]++(?:\s*+=\s*+(?:"[^"]*+"|'[^']*+'|[^\s"'<>]++))?+""")
_ELEMENTS = NAMES["html"]
_LEFT_OUT, _FURNITURE = frozenset(_ELEMENTS["left_out"]), frozenset(_ELEMENTS["furniture"])
_NITF_AS_HTML = {name: like for like, names in _ELEMENTS["nitf"].items() for name in names}
_BLOCK_MARK, _CELL_MARK, _LINE_MARK = "\ufdd0", "\ufdd1", "\ufdd2"  # no characters, which clean text never has
_MARKS = dict.fromkeys(_ELEMENTS["blocks"], _BLOCK_MARK) | {"td": _CELL_MARK, "th": _CELL_MARK, "br": _LINE_MARK}
_SPACE = re.compile(r"[ \t\r\n\f]+")
_MARKUP = re.compile(
    rf"</?(?:{'|'.join((*_ELEMENTS['blocks'], *_ELEMENTS['left_out'], *_ELEMENTS['inline'], 'br'))})(?:\s[^<>]*)?/?>"
    r"|&(?:#\d+|#x[0-9a-fA-F]+|[A-Za-z]+[0-9]?);",
    re.IGNORECASE,
)
_BLOCK_TAG = re.compile(r"<(?:p|br|div|li|h[1-6]|td|tr|blockquote|body|html|section|article)\b", re.IGNORECASE)
_INDENTED = re.compile(r"\n(?:\t|[ \xa0]{2,})(?=\S)")
_PICTURE = re.compile(r"img|image|photo|picture|caption", re.IGNORECASE)


def is_markup(text: str) -> bool:
    """True if a text has tags or entities in it."""
    return bool(_MARKUP.search(text))


def html_tree(markup: str) -> etree._Element | None:
    """The elements of a page or a piece of one, of each its first MAX_ATTRIBUTES; None where there are none."""
    data = _TAG.sub(_with_few_attributes, markup).encode("utf-8", "xmlcharrefreplace" if markup.isascii() else "ignore")
    # Bytes, so that a declared encoding, which speaks of the file it came from, is no matter.
    parser = html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
    try:
        return html.document_fromstring(data, parser=parser)
    except (etree.LxmlError, ValueError, AssertionError):
        return None


def _with_few_attributes(tag: re.Match[str]) -> str:
    whole = tag[0]
    parts = [part[0] for part in _ATTRIBUTE.finditer(whole, 1)] if len(whole) >= _LONG else []
    return whole if len(parts) <= MAX_ATTRIBUTES else f"<{' '.join(parts[: MAX_ATTRIBUTES + 1])}"


def paragraphs_of(markup: str) -> str:
    """The paragraphs, a blank line between them, without pictures, captions and scripts; plain text as it is."""
    if not is_markup(markup):
        return clean(markup)
    root = html_tree(markup)
    if root is None:
        return ""
    if "class=" in markup:
        _take_out_furniture(root)
    return clean("\n\n".join(_blocks_of(root)))


def paragraphs_in(element: etree._Element) -> list[str]:
    """The paragraphs, headings, items and rows of tables below an element of NITF or XHTML, in order."""
    copy = deepcopy(element)
    for below in list(copy.iter(etree.Element)):
        name = str(below.tag).lower()
        below.tag = _NITF_AS_HTML.get(name, name)
        if name == "frac-sep" and not below.text:
            below.text = "/"
        if name == "pre":
            # The lines of preformatted text are marked, for white space is nothing elsewhere.
            for part in below.iter(etree.Element):
                part.text = (part.text or "").replace("\n", _LINE_MARK)
                if part is not below:
                    part.tail = (part.tail or "").replace("\n", _LINE_MARK)
    _take_out_furniture(copy)
    return [words for block in _blocks_of(copy) if (words := clean(block))]


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
    if not re.search(r"<[/!A-Za-z][^<>]*>", text):
        return paragraphs_of_plain(unescape(text))
    parts = [text] if _BLOCK_TAG.search(text) else paragraphs_of_plain(text)
    return [paragraph for part in parts for paragraph in paragraphs_of(part).split("\n\n") if paragraph]


def _take_out_furniture(root: etree._Element) -> None:
    """What stands around an agency's text, where that has paragraphs: a byline, a credit, notes, a picture."""
    if next(root.iter("p"), None) is None:
        return
    for element in list(root.iter("div", "span", "p", "section", "aside")):
        classes = str(element.get("class") or "").lower()
        is_named = element.tag != "span" and bool(_FURNITURE & set(classes.split()))
        is_picture = element.tag == "div" and _PICTURE.search(f"{classes} {element.get('id') or ''}")
        if element is not root and (is_named or (is_picture and next(element.iter("img"), None) is not None)):
            element.tag = "template"  # not read, and nothing in it


def _blocks_of(root: etree._Element) -> Iterator[str]:
    """The text of each block element that is no child's; what is not read is taken out of the tree."""
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
            parts += ("" if mark == _LINE_MARK else mark, _SPACE.sub(" ", tail or ""))
    for block in "".join(parts).split(_BLOCK_MARK):
        words = " | ".join(filter(str.strip, block.split(_CELL_MARK))).replace(_LINE_MARK, "\n").strip(" |\n")
        if words.strip():
            yield words
