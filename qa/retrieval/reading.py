"""Reads the sentences that are worth it of the first passages found, and ranks them by how surely each answers."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence

from qa.models.archive import Passage, Span
from qa.models.replies import Hit, Question, SentenceHit
from qa.protocols import Encoder, Reader, SentenceReading, Vectors, Window

SEARCHED = 8
"""Passages whose sentences are compared with the question. It takes no time, and the right passage is among the first
five for 99% of the questions of xquad."""

READ = 8
"""Sentences nearest to the question that are read, with their neighbours. docs/decisions/0026-what-is-read.md."""

MOST_SENTENCES = 5
"""Sentences read together; the reader was trained on one to five."""

_ENDS = re.compile(r"[.!?…:;][\"'”’»)\]]*\s*$")
LONGEST_LABEL = 12
"""Words up to which a line that ends without a full stop is a heading, a dateline or a caption."""


SentenceVectors = Callable[[Sequence[Passage]], list[Vectors]]
"""Of each passage the vectors of its sentences, as `DocumentStore.sentence_vectors` has them."""


class PassageReader:
    """Ranks the sentences of passages: a vector says which are worth reading, a `Reader` which of them answers."""

    def __init__(
        self, reader: Reader, encoder: Encoder, sentence_vectors: SentenceVectors, *, count: int = READ
    ) -> None:
        self._reader = reader
        self._encoder = encoder
        self._sentence_vectors = sentence_vectors
        self._count = count

    def rank(self, question: Question, hits: Sequence[Hit]) -> list[SentenceHit]:
        """The sentences of the first passages that are worth reading, likeliest answer first."""
        searched = hits[:SEARCHED]
        windows = [
            (searched[place], *window_of(searched[place].passage, sentences))
            for place, sentences in self._worth_reading(question, searched)
        ]
        readings = self._reader.read(question.text, [window for _, _, window in windows])
        sentences = [
            _sentence_hit(hit, start, span, reading)
            for (hit, start, window), answers in zip(windows, readings, strict=True)
            for span, reading in zip(window.sentences, answers, strict=True)
            if not _is_label(window.text[span.start : span.end], hit.passage)
        ]
        return sorted(sentences, key=lambda hit: (-hit.margin, hit.source.article_id, hit.span))

    def _worth_reading(self, question: Question, hits: Sequence[Hit]) -> Iterator[tuple[int, range]]:
        """Runs of neighbouring sentences around those nearest to the question, by the passage's place in `hits`."""
        vector = self._encoder.encode_question(question.text)
        vectors = self._sentence_vectors([hit.passage for hit in hits])
        nearest = sorted(
            (-similarity, place, number)
            for place, (hit, sentences) in enumerate(zip(hits, vectors, strict=True))
            for number, similarity in enumerate(_similarities(hit, sentences, vector))
            if not _is_label(hit.passage.slice(hit.passage.sentences[number]), hit.passage)
        )
        chosen: dict[int, list[int]] = {}
        for _, place, number in nearest[: self._count]:
            chosen.setdefault(place, []).append(number)
        for place, numbers in chosen.items():
            for run in runs(numbers, len(hits[place].passage.sentences)):
                yield place, run


def _similarities(hit: Hit, sentences: Vectors, question: Vectors) -> list[float]:
    """Cosines of a passage's sentences with the question; the passage's own where those vectors are damaged."""
    if not len(sentences):
        return [hit.cosine or 0.0] * len(hit.passage.sentences)
    return [float(cosine) for cosine in sentences @ question]


def runs(numbers: Iterable[int], length: int) -> Iterator[range]:
    """Each number with its neighbours, 0 to `length` - 1; what touches is one run, of few sentences at most."""
    wanted = sorted({near for number in numbers for near in range(number - 1, number + 2) if 0 <= near < length})
    start = 0
    for end in range(1, len(wanted) + 1):
        if end == len(wanted) or wanted[end] != wanted[end - 1] + 1:
            count = -(-(end - start) // MOST_SENTENCES)
            for part in range(count):
                # Of like length: a last one of a single sentence would be read without what is around it.
                first, last = start + part * (end - start) // count, start + (part + 1) * (end - start) // count
                yield range(wanted[first], wanted[last - 1] + 1)
            start = end


def window_of(passage: Passage, numbers: range) -> tuple[int, Window]:
    """Neighbouring sentences of a passage, and where they start in the article's body."""
    sentences = passage.sentences[numbers.start : numbers.stop]
    start = sentences[0].start
    text = passage.slice(Span(start, sentences[-1].end))
    return start, Window(passage.heading, text, tuple(span.shifted(-start) for span in sentences))


def _sentence_hit(hit: Hit, start: int, span: Span, reading: SentenceReading) -> SentenceHit:
    answer = reading.span.shifted(start) if reading.span else None
    return SentenceHit(hit, span.shifted(start), reading.margin, answer)


def _is_label(sentence: str, passage: Passage) -> bool:
    """A heading, dateline or caption, which states nothing; where an article is no more than that, it is its words."""
    return not _ENDS.search(sentence) and len(sentence.split()) <= LONGEST_LABEL and sentence != passage.text
