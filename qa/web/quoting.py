"""A quote cut into pieces: its words, what answers in them, and the archive's notes on its dates."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from qa.answering.glossing import interleaved
from qa.models.archive import Span
from qa.models.replies import Citation


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a quote, or a gloss: the archive's own words, never shown as the source's."""

    text: str
    marked: bool = False
    gloss: bool = False


def split(text: str, start: int, marked: Span | None) -> tuple[str, str, str]:
    """A quote that starts at `start` of its article, cut around what is marked in it, if anything is."""
    if marked is None or not marked.within(Span(start, start + len(text))) or marked.start == marked.end:
        return text, "", ""
    begin, end = marked.start - start, marked.end - start
    return text[:begin], text[begin:end], text[end:]


def pieces(quote: Citation) -> Iterator[Piece]:
    """A quote cut where a mark begins or ends and where a gloss belongs; without the glosses, its words."""
    at = quote.start
    for text, is_gloss in interleaved(quote):
        if is_gloss:
            yield Piece(text, gloss=True)
            continue
        before, marked, after = split(text, at, _inside(quote.marked, Span(at, at + len(text))))
        parts = Piece(before), Piece(marked, marked=True), Piece(after)
        yield from (part for part in parts if part.text)
        at += len(text)


def _inside(marked: Span | None, words: Span) -> Span | None:
    """The part of a mark that falls on some words; a gloss may stand in the middle of it."""
    if marked is None:
        return None
    start, end = max(marked.start, words.start), min(marked.end, words.end)
    return Span(start, end) if start < end else None
