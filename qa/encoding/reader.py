"""A `Reader` by any transformers question-answering model (SQuAD 2 form: token 0 stands for "no answer")."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qa.encoding.trained_model import PackagedWeights, TrainedModel
from qa.models.archive import Span
from qa.protocols import SentenceReading, Window

PACKAGED_WEIGHTS = PackagedWeights("reader", "0934b319a5fc6b367935ad2af402f2084bcaff1c7e15e2cf863e0ba7dfabc0a7")

LONGEST_ANSWER = 48  # tokens of an answer's span

Logits = NDArray[np.float32]


class SpanReader(TrainedModel):
    """A question-answering model."""

    architecture = other_architecture = "AutoModelForQuestionAnswering"
    weights = PACKAGED_WEIGHTS
    setting = "QA_READER"

    def read(self, question: str, windows: Sequence[Window]) -> list[tuple[SentenceReading, ...]]:
        """A reading of every sentence of each window, in the order given."""
        return self._read(question, windows, _readings)


def _readings(encoded: Any, output: Any, windows: Sequence[Window]) -> Iterator[tuple[SentenceReading, ...]]:
    offsets = encoded["offset_mapping"].numpy()
    starts, ends = output.start_logits.float().cpu().numpy(), output.end_logits.float().cpu().numpy()
    for row, window in enumerate(windows):
        passage = np.array([part == 1 for part in encoded.sequence_ids(row)])
        bounds = offsets[row] - len(window.heading)
        yield tuple(
            _reading(sentence, window.text, bounds, passage, starts[row], ends[row]) for sentence in window.sentences
        )


def _reading(
    sentence: Span, text: str, bounds: NDArray[np.int64], passage: NDArray[np.bool_], starts: Logits, ends: Logits
) -> SentenceReading:
    """The best span of one sentence, and by how much it is likelier than no answer."""
    inside = passage & (bounds[:, 0] >= sentence.start - 1) & (bounds[:, 1] <= sentence.end)
    inside &= bounds[:, 1] > np.maximum(bounds[:, 0], sentence.start)
    tokens = np.flatnonzero(inside)
    if not len(tokens):  # beyond what the model reads
        return SentenceReading(-np.inf, None)
    pairs = starts[tokens][:, None] + ends[tokens][None, :]
    distance = tokens[None, :] - tokens[:, None]
    pairs = np.where((distance >= 0) & (distance < LONGEST_ANSWER), pairs, -np.inf)
    first, last = np.unravel_index(int(pairs.argmax()), pairs.shape)
    margin = float(pairs[first, last] - starts[0] - ends[0])
    start, end = max(int(bounds[tokens[first], 0]), sentence.start), int(bounds[tokens[last], 1])
    start += len(text[start:end]) - len(text[start:end].lstrip())  # a token begins with the space before its word
    # Words that overlap with the span name the same thing, more or less of it.
    elsewhere = max(pairs[:, :first].max(initial=-np.inf), pairs[last + 1 :].max(initial=-np.inf))
    return SentenceReading(margin, Span(start, end) if start < end else None, float(pairs[first, last] - elsewhere))
