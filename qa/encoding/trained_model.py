"""A transformers model that reads a text against windows: packaged weights over the packaged encoder, or any other."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from importlib.resources import as_file, files
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar

from qa.encoding.inference import PADDED_TO, Precision, file_digest, in_batches, quiet_transformers, reduced
from qa.errors import ModelError
from qa.protocols import Window

if TYPE_CHECKING:
    from torch import nn

    from qa.encoding.sentence_encoder import SentenceEncoder

T = TypeVar("T")

LONGEST_INPUT = 288  # tokens of text and window together; training cut there
BATCH = 16


@dataclass(frozen=True, slots=True)
class PackagedWeights:
    """What training changed of the packaged encoder, in a file beside this one. docs/model-card.md says how."""

    name: str
    digest: str

    def tensors(self) -> dict[str, Any]:
        """The weights in float32 by the names of the model's parameters. Raises ModelError."""
        from safetensors.torch import load_file

        with as_file(files("qa.encoding").joinpath(f"{self.name}.safetensors")) as path:
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


class TrainedModel:
    """A model of an `architecture` of transformers, loaded once, on first use.

    The `weights` belong to the packaged `encoder`, whose tokenizer and word vectors they share; `model` names any other
    model, by folder or by name, of the `other_architecture`, and `setting` is the variable that does.
    """

    architecture: ClassVar[str]
    other_architecture: ClassVar[str]
    weights: ClassVar[PackagedWeights]
    setting: ClassVar[str]
    classes: ClassVar[tuple[str, ...]] = ()

    def __init__(
        self,
        *,
        encoder: SentenceEncoder | None = None,
        model: Path | str | None = None,
        precision: Precision = "auto",
        device: str = "cpu",
    ) -> None:
        self._encoder, self._model = encoder if model is None else None, model
        self._precision, self._device = precision, device
        # One forward pass at a time, and one use of the tokenizer: as in the encoder, which it may belong to.
        self._lock = self._encoder.lock if self._encoder else threading.RLock()

    @cached_property
    def fingerprint(self) -> str:
        """Name and digest of the weights."""
        if self._model is None:
            return f"{self.weights.name}:{self.weights.digest[:12]}"
        weights = Path(self._model) / "model.safetensors"
        digest = file_digest(weights) if weights.is_file() else hashlib.sha256(str(self._model).encode()).hexdigest()
        return f"{Path(self._model).name}:{digest[:12]}"

    @cached_property
    def _loaded(self) -> tuple[Any, Any]:
        # Imported here: it takes seconds, and listing articles should not.
        import torch
        import transformers

        encoder = self._encoder
        name = self.architecture if encoder else self.other_architecture
        with self._lock, quiet_transformers():
            location = encoder.location if encoder else str(self._model)
            named = {"id2label": dict(enumerate(self.classes))} if encoder and self.classes else {}
            try:
                tokenizer = encoder.tokenizer if encoder else transformers.AutoTokenizer.from_pretrained(location)
                architecture: Any = getattr(transformers, name)
                model: nn.Module = architecture.from_pretrained(location, dtype=torch.float32, **named)
            except (OSError, ValueError) as error:
                raise ModelError(
                    f"The model {location} can't be loaded: {error}. Name a folder that transformers' {name} loads, or "
                    f"unset {self.setting} to use the packaged one."
                ) from error
            if encoder:
                model.load_state_dict(self.weights.tensors(), strict=False)
            loaded: Any = reduced(model.eval(), self._precision).to(self._device)
            if encoder and encoder.word_vectors.weight.dtype == loaded.get_input_embeddings().weight.dtype:
                loaded.set_input_embeddings(encoder.word_vectors)  # half of the memory of each
            return loaded, tokenizer

    def _read(
        self, text: str, windows: Sequence[Window], reading: Callable[[Any, Any, list[Window]], Iterable[T]]
    ) -> list[T]:
        """A reading of the text with each window, in their order, made of the tokenizer's and the model's output."""
        import torch

        def read(batch: list[Window]) -> Iterable[T]:
            model, tokenizer = self._loaded
            with self._lock, torch.inference_mode():
                encoded = tokenizer(
                    [text] * len(batch),
                    [window.heading + window.text for window in batch],
                    truncation="longest_first",
                    max_length=LONGEST_INPUT,
                    padding=True,
                    pad_to_multiple_of=PADDED_TO,
                    return_offsets_mapping=True,
                    return_token_type_ids=False,
                    return_tensors="pt",
                )
                inputs = {name: encoded[name].to(self._device) for name in ("input_ids", "attention_mask")}
                output = model(**inputs)
            return reading(encoded, output, batch)

        return in_batches(windows, BATCH, read)
