"""A `Reader` by any transformers question-answering model (SQuAD 2 form: token 0 stands for "no answer")."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Sequence
from functools import cached_property
from importlib.resources import as_file, files
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from qa.encoding.e5 import file_digest
from qa.encoding.precision import Precision, quiet_transformers, reduced
from qa.errors import ModelError
from qa.models.archive import Span
from qa.protocols import SentenceReading, Window

if TYPE_CHECKING:
    from torch import nn

    from qa.encoding.sentence_encoder import SentenceEncoder

PACKAGED_WEIGHTS = "reader.safetensors"
"""Beside this file: what training changed of the packaged encoder. docs/model-card.md says how it was made."""

PACKAGED_DIGEST = "0934b319a5fc6b367935ad2af402f2084bcaff1c7e15e2cf863e0ba7dfabc0a7"
"""SHA-256 of the packaged weights."""

LONGEST_INPUT = 288
"""Tokens of question and window together; training cut there."""

LONGEST_ANSWER = 48
"""Tokens of an answer's span."""

BATCH = 16
PADDED_TO = 16
"""Lengths in tokens are rounded up to a multiple of this: oneDNN keeps what it compiled for every shape."""

Logits = NDArray[np.float32]


class SpanReader:
    """A question-answering model, loaded once, on first use.

    The packaged weights belong to the packaged `encoder`, whose tokenizer and word vectors they share; `model` names
    any other model, by folder or by name.
    """

    def __init__(
        self,
        *,
        encoder: SentenceEncoder | None = None,
        model: Path | str | None = None,
        precision: Precision = "auto",
        device: str = "cpu",
    ) -> None:
        self._encoder = encoder
        self._model = model
        self._precision = precision
        self._device = device
        # One forward pass at a time, and one use of the tokenizer: as in the encoder, which it may belong to.
        self._lock = encoder.lock if encoder and model is None else threading.RLock()

    @cached_property
    def fingerprint(self) -> str:
        """Name and digest of the weights."""
        if self._model is None:
            return f"reader:{PACKAGED_DIGEST[:12]}"
        weights = Path(self._model) / "model.safetensors"
        digest = file_digest(weights) if weights.is_file() else hashlib.sha256(str(self._model).encode()).hexdigest()
        return f"{Path(self._model).name}:{digest[:12]}"

    @cached_property
    def _loaded(self) -> tuple[nn.Module, Any]:
        # Imported here: it takes seconds, and listing articles should not.
        import torch
        from transformers import AutoModelForQuestionAnswering, AutoTokenizer

        encoder = self._encoder if self._model is None else None
        with self._lock, quiet_transformers():
            location = encoder.location if encoder else str(self._model)
            try:
                tokenizer = encoder.tokenizer if encoder else AutoTokenizer.from_pretrained(location)
                model = AutoModelForQuestionAnswering.from_pretrained(location, dtype=torch.float32)
            except (OSError, ValueError) as error:
                raise ModelError(
                    f"The reader {location} can't be loaded: {error}. Name a folder that holds a transformers "
                    "question-answering model, or unset QA_READER to use the packaged one."
                ) from error
            if encoder:
                model.load_state_dict(packaged_weights(), strict=False)
            reader: Any = reduced(model.eval(), self._precision, otherwise="int8").to(self._device)
            if encoder and encoder.word_vectors.weight.dtype == reader.get_input_embeddings().weight.dtype:
                reader.set_input_embeddings(encoder.word_vectors)  # half of the memory of each
            return reader, tokenizer

    def read(self, question: str, windows: Sequence[Window]) -> list[tuple[SentenceReading, ...]]:
        """A reading of every sentence of each window, in the order given."""
        order = sorted(range(len(windows)), key=lambda index: -len(windows[index].heading + windows[index].text))
        readings: dict[int, tuple[SentenceReading, ...]] = {}
        for start in range(0, len(order), BATCH):
            indices = order[start : start + BATCH]
            batch = self._read_batch(question, [windows[index] for index in indices])
            readings.update(zip(indices, batch, strict=True))
        return [readings[index] for index in range(len(windows))]

    def _read_batch(self, question: str, windows: Sequence[Window]) -> list[tuple[SentenceReading, ...]]:
        import torch

        model, tokenizer = self._loaded
        with self._lock, torch.inference_mode():
            encoded = tokenizer(
                [question] * len(windows),
                [window.heading + window.text for window in windows],
                truncation="longest_first",
                max_length=LONGEST_INPUT,
                padding=True,
                pad_to_multiple_of=PADDED_TO,
                return_offsets_mapping=True,
                return_token_type_ids=False,
                return_tensors="pt",
            )
            offsets = encoded.pop("offset_mapping").numpy()
            output = model(**{name: tensor.to(self._device) for name, tensor in encoded.items()})
        starts, ends = output.start_logits.float().cpu().numpy(), output.end_logits.float().cpu().numpy()
        readings = []
        for row, window in enumerate(windows):
            passage = np.array([part == 1 for part in encoded.sequence_ids(row)])
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


def packaged_weights() -> dict[str, Any]:
    """What training changed, in float32 by the names of the model's parameters. Raises ModelError."""
    from safetensors.torch import load_file

    with as_file(files("qa.encoding").joinpath(PACKAGED_WEIGHTS)) as path:
        if (digest := file_digest(path)) != PACKAGED_DIGEST:
            raise ModelError(
                f"{path} is not the reader that belongs to this version: SHA-256 {PACKAGED_DIGEST} was expected, "
                f"{digest} was found. Reinstall archive-qa."
            )
        tensors = load_file(path)
    scales = {name.removesuffix(".scale"): tensors.pop(name) for name in list(tensors) if name.endswith(".scale")}
    # Matrices are kept in 8 bits, each row with a scale of its own.
    return {
        name: tensor.float() * scales[name].float()[:, None] if name in scales else tensor.float()
        for name, tensor in tensors.items()
    }
