"""What a search shows of what it found: one result an article, with the words that were looked for."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from qa.models.archive import Passage, Source, Span
from qa.models.replies import Hit
from qa.text.terms import content_words, stem, stems, word_matches

EXCERPT = 280
"""Characters from which an excerpt takes no further sentence: four lines of the page."""

LONGEST_EXCERPT = 420
"""Characters at which an excerpt is cut, at a word: a sentence may have 600."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of an excerpt, `marked` where it is a word that was looked for."""

    text: str
    marked: bool = False


@dataclass(frozen=True, slots=True)
class Result:
    """An article that was found. `start` is where the excerpt begins in its body.

    `words` counts those looked for that stand in its best passage or its headline; 0: it is near in meaning only.
    """

    source: Source
    headline: tuple[Piece, ...]
    start: int
    excerpt: tuple[Piece, ...]
    words: int


def results(hits: Iterable[Hit], query: str) -> list[Result]:
    """One result for each article, by its first passage that has most of the words; articles in the hits' order."""
    wanted = frozenset(stem(word) for word in content_words(query))
    best: dict[str, tuple[int, Passage]] = {}
    for hit in hits:
        passage = hit.passage
        count = len(wanted & stems(f"{passage.source.title} {passage.text}"))
        earlier = best.get(passage.source.article_id)
        if earlier is None or count > earlier[0]:
            best[passage.source.article_id] = (count, passage)
    return [_result(passage, wanted, count) for count, passage in best.values()]


def newest_first(hits: Sequence[Result]) -> list[Result]:
    """By date of publication; the undated at the end, those of one day as they stood."""
    return sorted(hits, key=lambda result: result.source.published or date.min, reverse=True)


def marked(text: str, wanted: frozenset[str]) -> tuple[Piece, ...]:
    """The text in pieces, cut around the words whose stems are wanted. Together they are the text."""
    pieces: list[Piece] = []
    end = 0
    for match in word_matches(text):
        if stem(match.group()) in wanted:
            pieces += [Piece(text[end : match.start()]), Piece(match.group(), marked=True)]
            end = match.end()
    pieces.append(Piece(text[end:]))
    return tuple(piece for piece in pieces if piece.text)


def shortened(text: str, longest: int = LONGEST_EXCERPT) -> str:
    """The text, or its beginning up to the end of a word and an ellipsis: `longest` characters at most."""
    text = " ".join(text.split())
    if len(text) <= longest:
        return text
    beginning = text[: longest - 1]
    return (beginning.rpartition(" ")[0] or beginning) + "…"


def _result(passage: Passage, wanted: frozenset[str], words: int) -> Result:
    span, title = _excerpt(passage, wanted), passage.source.title
    # Of an article that is no more than its headline, the headline is not shown twice.
    excerpt = "" if passage.text == title else shortened(passage.slice(span))
    return Result(passage.source, marked(title, wanted), span.start, marked(excerpt, wanted), words)


def _excerpt(passage: Passage, wanted: frozenset[str]) -> Span:
    """From the first sentence that has most of the words, as many sentences as there is room for."""
    sentences = passage.sentences or (passage.span,)
    counts = [len(wanted & stems(passage.slice(span))) for span in sentences]
    at = counts.index(max(counts))
    span = sentences[at]
    for following in sentences[at + 1 :]:
        if following.end - span.start > EXCERPT:
            break
        span = Span(span.start, following.end)
    return span
