"""The blocks of a page that trafilatura takes for its article."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator, Sequence
from copy import deepcopy

import trafilatura
from lxml import etree, html
from trafilatura.settings import Document as Extracted

from qa.loaders.cleaning import clean, clean_line
from qa.loaders.page_bounds import with_few_attributes

Element = etree._Element

ENOUGH = 250  # characters; where less is found, tables are searched too
MIN_PROSE = 60  # characters of a paragraph that looks like one
MOST_MISSED = 0.6  # of what an open hand finds; where a strict one finds less, it has missed the article's end
MIN_PROSE_SHARE = 0.85

_BLOCKS = ("p", "head", "quote", "item", "row", "cell", "code", "ab", "list", "table", "div")
_PROSE = re.compile(r"[.!?…:。！？][\"'”’»)\]]*$")
_BANNER = re.compile(r"\bcookies?\b|\bjavascript\b", re.IGNORECASE)

logging.getLogger("trafilatura").setLevel(logging.CRITICAL)  # it speaks of pages by addresses that it was not given


def tree_of(text: str) -> Element | None:
    """The page's elements; None where there are none."""
    parser = html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
    try:
        return html.document_fromstring(with_few_attributes(text).encode("utf-8", "replace"), parser=parser)
    except (etree.LxmlError, ValueError, AssertionError):
        return None


def paragraphs_in(root: Element) -> list[str]:
    """The paragraphs of the article, in order.

    What is found with an eye on leaving out is completed by what a more open one finds between, if that is prose.
    """
    strict = _found(root, precise=True)
    if length(strict) < ENOUGH and root.find(".//table") is not None:
        unlaid = _found(_without_layout(root), precise=True)
        if length(unlaid) >= ENOUGH:
            return unlaid
    found = _completed(strict, _found(root))
    if length(found) >= ENOUGH:
        return found
    wide = _found(root, tables=True)
    return wide if length(wide) > 2 * length(found) else found


def _without_layout(root: Element) -> Element:
    """The page with its tables taken for what they were on old pages: columns and boxes."""
    copied = deepcopy(root)
    for element in copied.iter("table", "tbody", "tr", "td"):
        element.tag = "div"
    return copied


def length(paragraphs: Sequence[str]) -> int:
    return sum(map(len, paragraphs))


def _found(root: Element, *, precise: bool = False, tables: bool = False) -> list[str]:
    try:
        found = trafilatura.bare_extraction(
            deepcopy(root),
            favor_precision=precise,
            favor_recall=tables,
            include_tables=tables,
            include_comments=False,
        )
    except (ValueError, RecursionError, AssertionError, AttributeError, TypeError, etree.LxmlError):
        return []
    return list(_paragraphs(found.body)) if isinstance(found, Extracted) and found.body is not None else []


def _completed(strict: list[str], wide: list[str]) -> list[str]:
    """The strict paragraphs with the prose that stood between them, and behind them where much is missing."""
    known = set(strict)
    shared = [number for number, paragraph in enumerate(wide) if paragraph in known]
    if not shared:
        return wide if length(wide) > 2 * length(strict) else strict
    if len(shared) < len(known) / 2:
        return strict
    first, last = shared[0], shared[-1]
    before = [one for one in wide[:first] if _is_prose(one) and not _BANNER.search(one)]
    within = [one for one in wide[first : last + 1] if one in known or _is_prose(one)]
    behind = wide[last + 1 :]
    missed = length(strict) < MOST_MISSED * length(wide)
    prose = length([one for one in behind if _is_prose(one)])
    return before + within + (behind if missed and prose >= MIN_PROSE_SHARE * length(behind) else [])


def _is_prose(paragraph: str) -> bool:
    return len(paragraph) >= MIN_PROSE and bool(_PROSE.search(paragraph))


def _paragraphs(body: Element) -> Iterator[str]:
    """The text of the blocks that the extraction found, in order, lines that `lb` breaks apart."""
    block: list[str] = []
    for event, element in etree.iterwalk(body, events=("start", "end")):
        name = element.tag if isinstance(element.tag, str) else ""
        edge = name in _BLOCKS
        if edge and (words := clean("".join(block))):
            yield from filter(None, map(clean_line, words.split("\n")))
        if edge:
            block = []
        if event == "start":
            block.append("\n" if name == "lb" else "")
            block.append(" ".join((element.text or "").splitlines()))
        else:
            block.append(" ".join((element.tail or "").splitlines()) if element is not body else "")
    if words := clean("".join(block)):
        yield from filter(None, map(clean_line, words.split("\n")))
