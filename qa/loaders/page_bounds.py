"""Bounds on the markup of pages, kept before libxml2 and trafilatura see it: some take them a time in its square."""

from __future__ import annotations

import re

from lxml import etree

from qa.errors import ReadError

MAX_ATTRIBUTES = 200  # of one element; ten are many
MAX_ELEMENTS = 20_000  # of one page; the longest articles with all that sites put around them have some 5,000

_LONG = 2_000  # characters of a tag with more attributes than that
_TAG = re.compile(r"""<[A-Za-z](?:[^<>"']++|"[^"]*+"|'[^']*+')*+""")
_ATTRIBUTE = re.compile(r"""[^\s"'=<>/]++(?:\s*+=\s*+(?:"[^"]*+"|'[^']*+'|[^\s"'<>]++))?+""")


def with_few_attributes(markup: str) -> str:
    """The markup without the attributes of an element beyond its first MAX_ATTRIBUTES."""
    return _TAG.sub(_shortened, markup)


def _shortened(tag: re.Match[str]) -> str:
    whole = tag[0]
    if len(whole) < _LONG:
        return whole
    parts = [part[0] for part in _ATTRIBUTE.finditer(whole, 1)]
    return whole if len(parts) <= MAX_ATTRIBUTES else f"<{' '.join(parts[: MAX_ATTRIBUTES + 1])}"


def refuse_huge(root: etree._Element, *, path: str) -> None:
    """Raises ReadError for a page of more than MAX_ELEMENTS elements."""
    count = sum(1 for _ in root.iter())
    if count > MAX_ELEMENTS:
        reason = f"a page of at most {MAX_ELEMENTS:,} elements was expected, found {count:,}"
        raise ReadError(f"{reason}; save the article's own page, or deliver its text", path=path)
