"""A text of several pages: which page its words stand on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from qa.loaders.cleaning import clean


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph and the number of the page that it begins on."""

    page: int
    text: str


def body_of(paragraphs: Sequence[Paragraph]) -> tuple[str, list[list[int]]]:
    """The clean body, and where in it each page begins: the page's number and the place of its first paragraph.

    The place counts characters of the body as it is stored. A page on which no paragraph begins has no entry.
    """
    parts: list[str] = []
    pages: list[list[int]] = []
    at = 0
    for paragraph in paragraphs:
        text = clean(paragraph.text)
        if not text:
            continue
        if not pages or pages[-1][0] != paragraph.page:
            pages.append([paragraph.page, at])
        parts.append(text)
        at += len(text) + len("\n\n")
    return "\n\n".join(parts), pages
