"""Training windows of the second reading: the sentences nearest to a question, of one report or several, side by side.

They are found as the program finds them, in archives of some reports each. In half of the windows the sentence that
answers is among them; in the others it was taken away, or nobody has it. Kinds: `answer`, `gone`, `look`.
"""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from qa.models.archive import Span
from qa.protocols import Encoder
from qa.protocols import Window as Text
from qa.retrieval.ranking import OVERLAP, beside_one_another
from qa.text.terms import content_words, stem, stems
from training.windows import Row, Window, normalized, sentence_bounds

COMPARED = "compared"
ARCHIVE = 150  # reports that are searched together
PASSAGE = 6  # sentences that are encoded together
NEAREST = 10  # sentences of which those that are read together are drawn, the nearest likelier
COUNTS = (2, 3, 4, 4, 4)
GONE = 0.7  # share of the answered questions that come again without the sentence that answers


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of the report of that number."""

    report: int
    span: Span
    text: str


def compared_windows(rows: Sequence[Row], encoder: Encoder, rng: random.Random) -> Iterator[Window]:
    """Windows for every row; `context` is the report's text, `heading` what stands before it when it is read.

    A row may have a `parallel` question (see `Window`), and in `also` the texts of other reports that answer it.
    """
    headings = {row["context"]: row.get("heading", "") for row in rows}
    reports = list(headings)
    rng.shuffle(reports)
    for start in range(0, len(reports), ARCHIVE):
        texts = reports[start : start + ARCHIVE]
        archive = ComparedArchive(texts, [headings[text] for text in texts], encoder, rng)
        for row in rows:
            if row["context"] in archive.texts:
                yield from (replace(window, parallel=row.get("parallel", "")) for window in archive.windows(row))


class ComparedArchive:
    """Some reports, their sentences and the sentences' vectors."""

    def __init__(self, texts: Sequence[str], headings: Sequence[str], encoder: Encoder, rng: random.Random) -> None:
        self.texts = {text: number for number, text in enumerate(texts)}
        self._headings, self._encoder, self._rng = headings, encoder, rng
        self._sentences: list[Sentence] = []
        passages = [passage for text, number in self.texts.items() for passage in self._passages(number, text)]
        self._vectors = np.concatenate([vectors.sentences for vectors in encoder.encode_passages(passages)])
        self._stems = [stems(sentence.text) for sentence in self._sentences]

    def _passages(self, report: int, text: str) -> Iterator[Text]:
        """A report as it is encoded, some sentences at a time."""
        bounds = sentence_bounds(text)
        for part in (bounds[first : first + PASSAGE] for first in range(0, len(bounds), PASSAGE)):
            spans = [Span(start, start + len(text[start:end].rstrip())) for start, end in part]
            self._sentences += [Sentence(report, span, text[span.start : span.end]) for span in spans]
            shifted = tuple(span.shifted(-spans[0].start) for span in spans)
            yield Text(self._headings[report], text[spans[0].start : spans[-1].end], shifted)

    def windows(self, row: Row) -> Iterator[Window]:
        """One in which a sentence answers, sometimes the same without it; for what nobody answers, one."""
        question, nearest = row["question"], self._nearest(row["question"])
        if not row["answers"]:
            yield self._window("look", question, self._drawn(nearest))
            return
        words, at = row["answers"][0]["text"], row["answers"][0]["start"]
        report, also = self.texts[row["context"]], {self.texts.get(text) for text in row.get("also", ())}
        whole, wanted = Span(at, at + len(words)), normalized(words)
        # What holds the same words may answer, too; of an answer that goes over two sentences both are left out.
        touched = [s for s in self._sentences if s.report == report and s.span.overlaps(whole)]
        others = [s for s in nearest if wanted not in normalized(s.text) and s not in touched and s.report not in also]
        for gold in touched if len(touched) == 1 else ():
            yield self._window("answer", question, [gold, *self._drawn(others)[1:]], (gold, at, words))
            if self._rng.random() < GONE:
                yield self._window("gone", question, self._drawn(others))

    def _nearest(self, question: str) -> list[Sentence]:
        terms = frozenset(stem(word) for word in content_words(question))
        scores = self._vectors @ self._encoder.encode_question(question)
        if terms:
            scores = scores + OVERLAP * np.array([len(terms & present) / len(terms) for present in self._stems])
        return [self._sentences[number] for number in np.argsort(-scores)[:NEAREST]]

    def _drawn(self, sentences: Sequence[Sentence]) -> list[Sentence]:
        """Some of them, the nearest likelier."""
        keys = [self._rng.random() * (1 + number / 3) for number in range(len(sentences))]
        drawn = sorted(range(len(sentences)), key=keys.__getitem__)[: self._rng.choice(COUNTS)]
        return [sentences[number] for number in drawn]

    def _window(
        self, kind: str, question: str, sentences: Sequence[Sentence], answer: tuple[Sentence, int, str] | None = None
    ) -> Window:
        order = sorted(sentences, key=lambda sentence: (sentence.report, sentence.span.start))
        headed = [(str(sentence.report), self._headings[sentence.report], sentence.text) for sentence in order]
        window, start, end = beside_one_another(headed), -1, -1
        if answer:
            gold, at, words = answer
            start = window.sentences[order.index(gold)].start + at - gold.span.start
            end = start + len(words)
        return Window(COMPARED, kind, question, window.heading, window.text, start, end)
