"""A `Reader` by any transformers question-answering model (SQuAD 2 form: token 0 stands for "no answer")."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from qa.encoding.precision import Precision
from qa.encoding.trained_model import ModelBatch, PackagedWeights, TrainedModel
from qa.models.archive import Span
from qa.protocols import SentenceReading, Window

if TYPE_CHECKING:
    from qa.encoding.sentence_encoder import SentenceEncoder

PACKAGED_WEIGHTS = PackagedWeights("reader", "0934b319a5fc6b367935ad2af402f2084bcaff1c7e15e2cf863e0ba7dfabc0a7")

LONGEST_ANSWER = 48
"""Tokens of an answer's span."""

Logits = NDArray[np.float32]


class SpanReader:
    """A question-answering model, loaded once, on first use."""

    def __init__(
        self,
        *,
        encoder: SentenceEncoder | None = None,
        model: Path | str | None = None,
        precision: Precision = "auto",
        device: str = "cpu",
    ) -> None:
        self._model = TrainedModel(
            "AutoModelForQuestionAnswering",
            PACKAGED_WEIGHTS,
            encoder=encoder,
            model=model,
            setting="QA_READER",
            precision=precision,
            device=device,
        )

    @property
    def fingerprint(self) -> str:
        """Name and digest of the weights."""
        return self._model.fingerprint

    def read(self, question: str, windows: Sequence[Window]) -> list[tuple[SentenceReading, ...]]:
        """A reading of every sentence of each window, in the order given."""
        readings: dict[int, tuple[SentenceReading, ...]] = {}
        for batch in self._model.batches(question, windows):
            readings.update(zip(batch.indices, _readings(batch, windows), strict=True))
        return [readings[index] for index in range(len(windows))]


def _readings(batch: ModelBatch, windows: Sequence[Window]) -> list[tuple[SentenceReading, ...]]:
    """A reading of every sentence of a batch's windows."""
    output, offsets = batch.output, batch.encoded["offset_mapping"].numpy()
    starts, ends = output.start_logits.float().cpu().numpy(), output.end_logits.float().cpu().numpy()
    readings = []
    for row, window in enumerate(windows[index] for index in batch.indices):
        passage = np.array([part == 1 for part in batch.encoded.sequence_ids(row)])
        bounds = offsets[row] - len(window.heading)
        readings.append(
            tuple(
                _reading(sentence, window.text, bounds, passage, starts[row], ends[row])
                for sentence in window.sentences
            )
        )
    return readings


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
