"""Paragraphs: of plain texts, of marked-up ones such as the body of an agency's item, of the lines of a page."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from copy import deepcopy
from html import unescape
from itertools import pairwise

from lxml import etree, html

from qa.loaders.fields import NAMES
from qa.text.cleaning import clean

MIN_WIDTH = 40  # characters; narrower blocks are lists, verses and addresses
MAX_WIDTH = 100  # characters; typewriters and mail broke lines at 60 to 80, wider lines are not broken to fit
FULL_SHARE = 0.8  # of the width that a broken line fills, and of the lines that do
SENTENCES_SHARE = 0.8  # of the lines that end a sentence where each line is a paragraph

_SENTENCE_END = re.compile(r"[.!?…:;][\"'”’»)\]]*$")
_PARTED = re.compile(r"([^\W\d_]+(?:-[^\W\d_]+)*)[-\u2010\u2011\xad¬=⸗]$")
_GOES_ON = re.compile(r"([^\W\d_]+(?:-[^\W\d_]+)*)")
_WORD = re.compile(r"[^\W\d_]+(?:[-\u2010][^\W\d_]+)*")
_LONGEST_WORD = 100  # characters
_FIRST_PARTS = frozenset(NAMES["hyphens"]["first_parts"])

MAX_ATTRIBUTES = 200  # of one element; ten are many, and libxml2 takes a time in the square of their number
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


def split_paragraphs(text: str) -> list[str]:
    """Paragraphs of a clean text: blank lines part them, or else lines, unless they look broken to fit a width."""
    blocks = [block.split("\n") for block in re.split(r"\n{2,}", text) if block]
    if len(blocks) == 1:
        lines = blocks[0]
        are_sentences = sum(map(ends_sentence, lines)) >= SENTENCES_SHARE * len(lines)
        if are_sentences or not looks_wrapped(lines):
            return lines
    return [(" " if looks_wrapped(block) else "\n").join(block) for block in blocks]


def looks_wrapped(lines: Sequence[str]) -> bool:
    """True if most lines are so full that the next line's first word would not have fitted."""
    width = max(map(len, lines))
    if len(lines) < 2 or not MIN_WIDTH <= width <= MAX_WIDTH:
        return False
    full = [len(line) + 1 + len(following.split(" ", 1)[0]) > FULL_SHARE * width for line, following in pairwise(lines)]
    return sum(full) >= FULL_SHARE * len(full)


def ends_sentence(line: str) -> bool:
    """True if a sentence ends with this line."""
    return bool(_SENTENCE_END.search(line))


def word_counts(lines: Iterable[str]) -> Counter[str]:
    """How often each word stands in a text, in lower case: what a parted one is told by."""
    return Counter(word.replace("\u2010", "-") for line in lines for word in _WORD.findall(line.lower()))


def join_lines(lines: Sequence[str], *, words: Mapping[str, int] = {}) -> str:
    """The lines as one. A hyphen at an end goes where the same word stands whole elsewhere, or none speaks for it."""
    parts: list[str] = []
    for line in filter(None, lines):
        previous = parts[-1] if parts else ""
        parted, goes_on = _PARTED.search(previous[-_LONGEST_WORD:]), _GOES_ON.match(line[:_LONGEST_WORD])
        if parted and goes_on:
            is_lower = goes_on[1][0].islower()
            if previous[-1] in "\xad¬" or (
                is_lower and not _keeps_hyphen(parted[1].lower(), goes_on[1].lower(), words)
            ):
                parts[-1] = previous[:-1]
        # "1914-" before "18" and a dash of its own: nothing tells what it was.
        elif previous and not (re.search(r"\d-$", previous[-2:]) and re.match(r"\d", line)):
            parts.append(" ")
        parts.append(line)
    return "".join(parts)


def _keeps_hyphen(first: str, second: str, words: Mapping[str, int]) -> bool:
    whole, hyphened = words.get(first + second, 0), words.get(f"{first}-{second}", 0)
    if whole != hyphened:
        return hyphened > whole
    return first in _FIRST_PARTS or "-" in first or "-" in second


def paged_body(paragraphs: Sequence[tuple[int, Sequence[str]]]) -> tuple[str, list[list[int]]]:
    """The clean body of paragraphs' lines with their pages, and of each page its number and where its first begins."""
    words = word_counts(line for _, lines in paragraphs for line in lines)
    body = ""
    pages: list[list[int]] = []
    for page, lines in paragraphs:
        if text := clean(join_lines(lines, words=words)):
            body += "\n\n" if body else ""
            if not pages or pages[-1][0] != page:
                pages.append([page, len(body)])
            body += text
    return body, pages


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
