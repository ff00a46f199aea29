"""A transformers model that reads a text against windows: packaged weights over the packaged encoder, or any other."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from importlib.resources import as_file, files
from pathlib import Path
from typing import TYPE_CHECKING, Any

from qa.encoding.e5 import file_digest
from qa.encoding.precision import Precision, quiet_transformers, reduced
from qa.errors import ModelError
from qa.protocols import Window

if TYPE_CHECKING:
    from torch import nn

    from qa.encoding.sentence_encoder import SentenceEncoder

LONGEST_INPUT = 288
"""Tokens of text and window together; training cut there."""

BATCH = 16
PADDED_TO = 16
"""Lengths in tokens are rounded up to a multiple of this: oneDNN keeps what it compiled for every shape."""


@dataclass(frozen=True, slots=True)
class PackagedWeights:
    """What training changed of the packaged encoder, in a file beside this one. docs/model-card.md says how."""

    name: str
    digest: str

    @property
    def file(self) -> str:
        return f"{self.name}.safetensors"

    def tensors(self) -> dict[str, Any]:
        """The weights in float32 by the names of the model's parameters. Raises ModelError."""
        from safetensors.torch import load_file

        with as_file(files("qa.encoding").joinpath(self.file)) as path:
            if (digest := file_digest(path)) != self.digest:
                raise ModelError(
                    f"{path} is not the file that belongs to this version: SHA-256 {self.digest} was expected, "
                    f"{digest} was found. Reinstall archive-qa."
                )
            tensors = load_file(path)
        scales = {name.removesuffix(".scale"): tensors.pop(name) for name in list(tensors) if name.endswith(".scale")}
        # Matrices are kept in 8 bits, each row with a scale of its own.
        return {
            name: tensor.float() * scales[name].float()[:, None] if name in scales else tensor.float()
            for name, tensor in tensors.items()
        }


@dataclass(frozen=True, slots=True)
class ModelBatch:
    """What the model made of some of the windows, `indices` being theirs; `encoded` is the tokenizer's of each row."""

    indices: list[int]
    encoded: Any
    output: Any


class TrainedModel:
    """A model of an `architecture` of transformers, loaded once, on first use.

    The packaged weights belong to the packaged `encoder`, whose tokenizer and word vectors they share; `model` names
    any other model, by folder or by name, and `setting` the variable that named it.
    """

    def __init__(
        self,
        architecture: str,
        weights: PackagedWeights,
        *,
        encoder: SentenceEncoder | None,
        model: Path | str | None,
        setting: str,
        precision: Precision,
        device: str,
        labels: Sequence[str] = (),
    ) -> None:
        self._architecture, self._weights, self._setting = architecture, weights, setting
        self._encoder, self._model = encoder, model
        self._precision, self._device = precision, device
        self._labels = labels
        # One forward pass at a time, and one use of the tokenizer: as in the encoder, which it may belong to.
        self._lock = encoder.lock if encoder and model is None else threading.RLock()

    @cached_property
    def fingerprint(self) -> str:
        """Name and digest of the weights."""
        if self._model is None:
            return f"{self._weights.name}:{self._weights.digest[:12]}"
        weights = Path(self._model) / "model.safetensors"
        digest = file_digest(weights) if weights.is_file() else hashlib.sha256(str(self._model).encode()).hexdigest()
        return f"{Path(self._model).name}:{digest[:12]}"

    @cached_property
    def labels(self) -> list[str]:
        """The names of the classes, in the order of the logits."""
        return [str(self._loaded[0].config.id2label[index]) for index in range(len(self._loaded[0].config.id2label))]

    @cached_property
    def _loaded(self) -> tuple[Any, Any]:
        # Imported here: it takes seconds, and listing articles should not.
        import torch
        import transformers

        encoder = self._encoder if self._model is None else None
        with self._lock, quiet_transformers():
            location = encoder.location if encoder else str(self._model)
            named = {"id2label": dict(enumerate(self._labels))} if encoder and self._labels else {}
            try:
                tokenizer = encoder.tokenizer if encoder else transformers.AutoTokenizer.from_pretrained(location)
                architecture: Any = getattr(transformers, self._architecture)
                model: nn.Module = architecture.from_pretrained(location, dtype=torch.float32, **named)
            except (OSError, ValueError) as error:
                raise ModelError(
                    f"The model {location} can't be loaded: {error}. Name a folder that transformers' "
                    f"{self._architecture} loads, or unset {self._setting} to use the packaged one."
                ) from error
            if encoder:
                model.load_state_dict(self._weights.tensors(), strict=False)
            loaded: Any = reduced(model.eval(), self._precision, otherwise="int8").to(self._device)
            if encoder and encoder.word_vectors.weight.dtype == loaded.get_input_embeddings().weight.dtype:
                loaded.set_input_embeddings(encoder.word_vectors)  # half of the memory of each
            return loaded, tokenizer

    def batches(self, text: str, windows: Sequence[Window]) -> Iterator[ModelBatch]:
        """What the model makes of the text with each window, longest first, so that little is padded."""
        order = sorted(range(len(windows)), key=lambda index: -len(windows[index].heading + windows[index].text))
        for start in range(0, len(order), BATCH):
            yield self._batch(text, windows, order[start : start + BATCH])

    def _batch(self, text: str, windows: Sequence[Window], indices: list[int]) -> ModelBatch:
        import torch

        model, tokenizer = self._loaded
        with self._lock, torch.inference_mode():
            encoded = tokenizer(
                [text] * len(indices),
                [windows[index].heading + windows[index].text for index in indices],
                truncation="longest_first",
                max_length=LONGEST_INPUT,
                padding=True,
                pad_to_multiple_of=PADDED_TO,
                return_offsets_mapping=True,
                return_token_type_ids=False,
                return_tensors="pt",
            )
            inputs = {name: encoded[name].to(self._device) for name in ("input_ids", "attention_mask")}
            return ModelBatch(indices, encoded, model(**inputs))
