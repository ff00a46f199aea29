"""Reads the first passages found, and ranks their sentences by how surely each answers."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from qa.models.archive import Passage, Span
from qa.models.replies import Hit, Question, SentenceHit
from qa.protocols import Reader, SentenceReading, Window

READ = 5
"""Passages read. The right one is among the first five for 99% of the questions of xquad; each costs some 30 ms."""

WINDOW_SENTENCES = 4
"""Sentences read together; the reader was trained on one to five."""

_ENDS = re.compile(r"[.!?…:;][\"'”’»)\]]*\s*$")
LONGEST_LABEL = 12
"""Words up to which a line that ends without a full stop is a heading, a dateline or a caption."""


class PassageReader:
    """Ranks the sentences of passages by a `Reader`."""

    def __init__(self, reader: Reader, *, depth: int = READ) -> None:
        self._reader = reader
        self._depth = depth

    def rank(self, question: Question, hits: Sequence[Hit]) -> list[SentenceHit]:
        """The sentences of the first passages, likeliest answer first."""
        windows = [(hit, start, window) for hit in hits[: self._depth] for start, window in windows_of(hit.passage)]
        readings = self._reader.read(question.text, [window for _, _, window in windows])
        sentences = [
            _sentence_hit(hit, start, span, reading)
            for (hit, start, window), answers in zip(windows, readings, strict=True)
            for span, reading in zip(window.sentences, answers, strict=True)
            if not _is_label(window.text[span.start : span.end], hit.passage)
        ]
        return sorted(sentences, key=lambda hit: (-hit.margin, hit.source.article_id, hit.span))


def windows_of(passage: Passage) -> Iterator[tuple[int, Window]]:
    """The passage in windows of few sentences, each with where it starts in the article's body."""
    sentences = passage.sentences
    count = -(-len(sentences) // WINDOW_SENTENCES)
    for number in range(count):
        # Windows of like length: a last one of a single sentence would be read without what is around it.
        part = sentences[number * len(sentences) // count : (number + 1) * len(sentences) // count]
        start = part[0].start
        text = passage.slice(Span(start, part[-1].end))
        yield start, Window(passage.heading, text, tuple(span.shifted(-start) for span in part))


def _sentence_hit(hit: Hit, start: int, span: Span, reading: SentenceReading) -> SentenceHit:
    answer = reading.span.shifted(start) if reading.span else None
    return SentenceHit(hit, span.shifted(start), reading.margin, answer)


def _is_label(sentence: str, passage: Passage) -> bool:
    """A heading, dateline or caption, which states nothing; where an article is no more than that, it is its words."""
    return not _ENDS.search(sentence) and len(sentence.split()) <= LONGEST_LABEL and sentence != passage.text
