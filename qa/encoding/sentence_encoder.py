"""An `Encoder` by any sentence-transformers model, loaded once, on first use."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable, Sequence
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from qa.encoding.packaged import file_digest
from qa.encoding.prefixes import Prefixes, prefixes_of
from qa.errors import ModelError
from qa.protocols import TokenVectors, Vectors

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

Precision = Literal["auto", "float32", "bfloat16"]

BATCH = 32
"""Texts in one forward pass; 16 to 64 were equally fast on two cores."""

PADDED_TO = 16
"""Lengths in tokens are rounded up to a multiple of this. oneDNN keeps what it compiled for every shape that it meets:
160 batches of any length took 400 MB of memory for good; rounded up they took 100 MB, and no more after that."""

REMEMBERED = 64
"""Single texts whose vectors are kept: a question is encoded once, not once for each way of finding."""

Passed = tuple[Vectors, TokenVectors]
"""What one pass over a text gives: its own unit vector, (1, dimension), and those of its tokens."""


class SentenceEncoder:
    """A sentence-transformers model, by folder or by name.

    Precision "auto" takes bfloat16 where the processor computes in it: three times the speed of float32
    on an AVX512-BF16 machine, with a mean cosine of .998 or more between the two.
    """

    def __init__(
        self,
        model: Path | str | Callable[[], Path],
        *,
        name: str,
        prefixes: Prefixes | None = None,
        precision: Precision = "auto",
        device: str = "cpu",
    ) -> None:
        self._model = model
        self._name = name
        self._prefixes = prefixes if prefixes is not None else prefixes_of(name)
        self._precision = precision
        self._device = device
        # One forward pass at a time: two share the same cores and both take longer than one after the other.
        self._lock = threading.RLock()
        self._single = lru_cache(maxsize=REMEMBERED)(self._passed)

    @cached_property
    def _location(self) -> str:
        return str(self._model() if callable(self._model) else self._model)

    @cached_property
    def _loaded(self) -> SentenceTransformer:
        # Imported here: it takes seconds, and listing articles should not.
        import torch
        from sentence_transformers import SentenceTransformer
        from threadpoolctl import threadpool_limits
        from transformers.utils.logging import disable_progress_bar

        # numpy's threads keep spinning for a while after each product and hold up torch's on the same cores: with one
        # of them a question took 97 ms instead of 152. Its products here are small.
        threadpool_limits(1, user_api="blas")
        disable_progress_bar()  # type: ignore[no-untyped-call]  # it would draw itself into the answers of the command line
        bfloat16 = self._precision == "bfloat16" or (self._precision == "auto" and _computes_in_bfloat16())
        with self._lock:
            try:
                return SentenceTransformer(
                    self._location,
                    device=self._device,
                    model_kwargs={"dtype": torch.bfloat16 if bfloat16 else torch.float32},
                )
            except (OSError, ValueError) as error:
                raise ModelError(
                    f"The encoder {self._name} can't be loaded: {error}. Name a folder that holds a "
                    "sentence-transformers model, or unset QA_ENCODER to use the packaged one."
                ) from error

    @cached_property
    def fingerprint(self) -> str:
        return f"{self._name}:{self.dimension}:{self._digest}{self._prefixes.mark}"

    @cached_property
    def _digest(self) -> str:
        weights = Path(self._location) / "model.safetensors"
        if weights.is_file():
            return file_digest(weights)
        digest = hashlib.sha256()
        for key, tensor in sorted(self._loaded.state_dict().items()):
            digest.update(key.encode())
            digest.update(tensor.float().numpy().tobytes())
        return digest.hexdigest()

    @cached_property
    def dimension(self) -> int:
        known = _declared_dimension(Path(self._location))
        if known is None:
            known = self._loaded.get_embedding_dimension()
        if known is None:
            raise ModelError(f"The encoder {self._name} does not say how long its vectors are.")
        return known

    @cached_property
    def max_tokens(self) -> int:
        return int(self._loaded.max_seq_length or 512)

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        if not texts:
            return []
        encodings = self._tokenizer(list(texts), add_special_tokens=False, verbose=False)
        return [len(ids) for ids in encodings["input_ids"]]

    @property
    def _tokenizer(self) -> Any:
        return self._loaded.tokenizer

    def encode(self, texts: Sequence[str]) -> Vectors:
        if not texts:
            return np.zeros((0, self.dimension), dtype=np.float32)
        if len(texts) == 1:
            return self._single(self._prefixes.passage + texts[0])[0].copy()
        return self._encoded([self._prefixes.passage + text for text in texts])

    def encode_question(self, text: str) -> Vectors:
        vector: Vectors = self._single(self._prefixes.question + text)[0][0].copy()
        return vector

    def _passed(self, text: str) -> Passed:
        """One pass for both, but where the model puts words of its own before a text that is encoded whole."""
        if self._loaded.default_prompt_name:
            return self._encoded([text]), self._token_batch([text])[1][0]
        whole, (tokens,) = self._token_batch([text])
        return whole, tokens

    def _encoded(self, texts: list[str]) -> Vectors:
        with self._lock:
            raw = self._loaded.encode(
                texts,
                batch_size=BATCH,
                convert_to_tensor=True,
                show_progress_bar=False,
                processing_kwargs={"text": {"pad_to_multiple_of": PADDED_TO}},
            )
        return unit(raw.float().cpu().numpy())

    def encode_tokens(self, texts: Sequence[str]) -> list[TokenVectors]:
        if len(texts) == 1:
            return [self._single(texts[0])[1]]
        # Longest first, so that texts of one batch need little padding.
        order = sorted(range(len(texts)), key=lambda i: -len(texts[i]))
        encoded: dict[int, TokenVectors] = {}
        for start in range(0, len(order), BATCH // 4):
            chunk = order[start : start + BATCH // 4]
            encoded.update(zip(chunk, self._token_batch([texts[i] for i in chunk])[1], strict=True))
        return [encoded[i] for i in range(len(texts))]

    def _token_batch(self, texts: list[str]) -> tuple[Vectors, list[TokenVectors]]:
        """The unit vectors of the texts, and of the tokens of each."""
        import torch

        features = self._tokenizer(
            texts,
            padding=True,
            pad_to_multiple_of=PADDED_TO,
            truncation=True,
            max_length=self.max_tokens,
            return_tensors="pt",
            return_offsets_mapping=True,
            return_special_tokens_mask=True,
        )
        offsets = features.pop("offset_mapping").tolist()
        special = features.pop("special_tokens_mask").numpy().astype(bool)
        with self._lock, torch.inference_mode():
            output = self._loaded.forward({key: value.to(self._device) for key, value in features.items()})
        vectors = output["token_embeddings"].float().cpu().numpy()
        tokens = [
            TokenVectors(
                unit(vectors[row][~special[row]]),
                tuple((int(a), int(b)) for (a, b), out in zip(offsets[row], special[row], strict=True) if not out),
            )
            for row in range(len(texts))
        ]
        return unit(output["sentence_embedding"].float().cpu().numpy()), tokens


def unit(vectors: Vectors) -> Vectors:
    """Rows scaled to length 1; a row of zeros stays as it is."""
    norms = np.linalg.norm(vectors, axis=1, keepdims=True)
    scaled: Vectors = (vectors / np.where(norms > 0, norms, 1)).astype(np.float32)
    return scaled


def _declared_dimension(folder: Path) -> int | None:
    """The dimension by the model's own pooling file, without loading the model."""
    import json

    pooling = folder / "1_Pooling" / "config.json"
    if not pooling.is_file() or (folder / "2_Dense").exists():
        return None
    declared = json.loads(pooling.read_text(encoding="utf-8"))
    found = declared.get("embedding_dimension", declared.get("word_embedding_dimension"))  # the latter until 5.4
    return found if isinstance(found, int) else None


def _computes_in_bfloat16() -> bool:
    import torch

    capabilities = torch.cpu.get_capabilities() if hasattr(torch.cpu, "get_capabilities") else {}
    return bool(capabilities.get("avx512_bf16") or capabilities.get("amx_bf16"))
