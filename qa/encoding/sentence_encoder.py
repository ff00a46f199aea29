"""An `Encoder` by any sentence-transformers model; and how all models run: in what arithmetic, on what together."""

import hashlib
import json
import re
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypeVar

import numpy as np

from qa.errors import ModelError
from qa.protocols import PassageVectors, Vectors, Window

if TYPE_CHECKING:
    import torch
    from sentence_transformers import SentenceTransformer

T = TypeVar("T")
Precision = Literal["auto", "float32", "bfloat16"]

BATCH = 32  # texts in one forward pass; 16 to 64 were equally fast on two cores
REMEMBERED = 64  # single texts whose vectors are kept: a question is encoded once, not once for each way of finding
PADDED_TO = 16  # lengths in tokens are rounded up to a multiple: oneDNN keeps for good what it compiled for each
PREFIXES = {
    r"(?:^|[-_/])e5[-_](?!.*instruct)": ("query: ", "passage: "),
    r"nomic-embed": ("search_query: ", "search_document: "),
    r"snowflake-arctic-embed": ("query: ", ""),
}  # before a question and before a passage, by the name of the model, as its card says
_loading = threading.RLock()  # transformers sets the number type of the whole process while it loads


class SentenceEncoder:
    """A sentence-transformers model, by folder or by name, with the prefixes of its family or those that are given."""

    def __init__(
        self,
        model: Path | str | Callable[[], Path],
        *,
        name: str,
        question_prefix: str | None = None,
        passage_prefix: str | None = None,
        precision: Precision = "auto",
        device: str = "cpu",
        languages: Callable[[], Vectors] | None = None,
    ) -> None:
        self._model, self._name = model, name
        self._languages = languages  # directions that tell languages, taken out so that any finds any
        question, passage = next((those for form, those in PREFIXES.items() if re.search(form, name.lower())), ("", ""))
        self._question = question if question_prefix is None else question_prefix
        self._passage = passage if passage_prefix is None else passage_prefix
        self._precision, self.device = precision, device
        # One forward pass at a time: two share the same cores and both take longer than one after the other. A
        # tokenizer keeps how it cuts and pads, so that no two may use it at once, either.
        self.lock = threading.RLock()
        self._single = lru_cache(maxsize=REMEMBERED)(lambda text: self._encoded([text]))

    @cached_property
    def number_type(self) -> "torch.dtype":
        """What numbers are kept and computed in; for `auto` bfloat16 where the processor has it, else float32."""
        import torch

        capabilities = torch.cpu.get_capabilities() if self._precision == "auto" else {}
        has_bfloat16 = capabilities.get("avx512_bf16") or capabilities.get("amx_bf16")
        return torch.bfloat16 if has_bfloat16 or self._precision == "bfloat16" else torch.float32

    @cached_property
    def location(self) -> str:
        """The model's folder or name."""
        return str(self._model() if callable(self._model) else self._model)

    @cached_property
    def _loaded(self) -> "SentenceTransformer":
        from sentence_transformers import SentenceTransformer  # it takes seconds, and listing articles should not
        from threadpoolctl import threadpool_limits

        # numpy's threads keep spinning for a while after each product and hold up torch's on the same cores: with one
        # of them a question took 97 ms instead of 152. Its products here are small.
        threadpool_limits(1, user_api="blas")
        with self.lock, loading_quietly():
            try:
                how = {"dtype": self.number_type}
                model = SentenceTransformer(self.location, device=self.device, model_kwargs=how)
            except (OSError, ValueError) as error:
                raise ModelError(
                    f"The encoder {self._name} can't be loaded: {error}. Name a folder that holds a "
                    "sentence-transformers model, or unset QA_ENCODER to use the packaged one."
                ) from error
            return model.to(self.number_type)

    @cached_property
    def fingerprint(self) -> str:
        """Name, dimension and digest of the weights, and what else makes its vectors what they are."""
        weights = Path(self.location) / "model.safetensors"
        if weights.is_file():
            digest = file_digest(weights)
        else:
            parameters = hashlib.sha256()
            for key, tensor in sorted(self._loaded.state_dict().items()):
                parameters.update(key.encode())
                parameters.update(tensor.float().numpy().tobytes())
            digest = parameters.hexdigest()
        prefixes = f":{self._question}|{self._passage}" if self._question or self._passage else ""
        neutral = f",neutral:{hashlib.sha256(self._languages().tobytes()).hexdigest()[:8]}" if self._languages else ""
        return f"{self._name}:{self.dimension}:{digest}{prefixes}{neutral}"

    @cached_property
    def dimension(self) -> int:
        pooling = Path(self.location) / "1_Pooling" / "config.json"
        if pooling.is_file() and not (Path(self.location) / "2_Dense").exists():  # no model is loaded for that
            declared = json.loads(pooling.read_text(encoding="utf-8"))
            known = declared.get("embedding_dimension", declared.get("word_embedding_dimension"))  # so until 5.4
            if isinstance(known, int):
                return known
        if (known := self._loaded.get_embedding_dimension()) is None:
            raise ModelError(f"The encoder {self._name} does not say how long its vectors are.")
        return int(known)

    @cached_property
    def max_tokens(self) -> int:
        return int(self._loaded.max_seq_length or 512)

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        if not texts:
            return []
        with self.lock:
            encodings = self.tokenizer(list(texts), add_special_tokens=False, verbose=False)
        return [len(ids) for ids in encodings["input_ids"]]

    @property
    def tokenizer(self) -> Any:
        return self._loaded.tokenizer

    @property
    def transformer(self) -> Any:
        """The transformers model that is loaded, which gives every token a vector."""
        module: Any = self._loaded[0]
        return module.auto_model

    def encode(self, texts: Sequence[str]) -> Vectors:
        if not texts:
            return np.zeros((0, self.dimension), dtype=np.float32)
        prefixed = [self._passage + text for text in texts]
        return self._single(prefixed[0]).copy() if len(texts) == 1 else self._encoded(prefixed)

    def encode_question(self, text: str) -> Vectors:
        vector: Vectors = self._single(self._question + text)[0].copy()
        return vector

    def encode_for_answer(self, text: str) -> Vectors:
        return self.encode_question(text)

    def encode_passages(self, passages: Sequence[Window]) -> list[PassageVectors]:
        """One forward pass a passage where a vector is the mean of its tokens'; else every sentence by itself."""
        if not passages:  # no model is loaded for nothing
            return []
        if self._means_tokens:
            return in_batches(passages, BATCH, self._encoded_passages)
        whole = self.encode([passage.heading + passage.text for passage in passages])
        return [
            PassageVectors(vector, self.encode([passage.text[span.start : span.end] for span in passage.sentences]))
            for vector, passage in zip(whole, passages, strict=True)
        ]

    @cached_property
    def _means_tokens(self) -> bool:
        """True for a transformer with mean pooling and nothing behind it but scaling to length 1."""
        from sentence_transformers.sentence_transformer.modules import Normalize, Pooling, Transformer

        transformer, pooling, *rest = [*self._loaded, None, None]
        return (
            isinstance(transformer, Transformer)
            and isinstance(pooling, Pooling)
            and pooling.pooling_mode in ("mean", ("mean",))
            and all(module is None or isinstance(module, Normalize) for module in rest)
            and self.tokenizer.is_fast
            and self.tokenizer.padding_side == "right"
        )

    def _encoded_passages(self, passages: Sequence[Window]) -> list[PassageVectors]:
        headings = [self._passage + passage.heading for passage in passages]
        texts = [heading + passage.text for heading, passage in zip(headings, passages, strict=True)]
        with self.lock:
            rows = self._forward(texts, output_value=None)
            offsets = self.tokenizer(
                texts, truncation=True, max_length=self.max_tokens, return_offsets_mapping=True, verbose=False
            )["offset_mapping"]
        whole = self._neutral(np.stack([row["sentence_embedding"].float().cpu().numpy() for row in rows]))
        vectors = []
        for vector, row, ends, heading, passage in zip(whole, rows, offsets, headings, passages, strict=True):
            tokens, bounds = row["token_embeddings"].float().cpu().numpy(), np.array(ends) - len(heading)
            # A sentence beyond what the model reads has the vector of its passage.
            means = np.tile(vector, (len(passage.sentences), 1))
            for number, sentence in enumerate(passage.sentences):
                inside = (bounds[:, 1] > np.maximum(bounds[:, 0], sentence.start)) & (bounds[:, 0] < sentence.end)
                if inside.any():
                    means[number] = tokens[: len(bounds)][inside].mean(axis=0)
            vectors.append(PassageVectors(vector, self._neutral(means)))
        return vectors

    def _encoded(self, texts: list[str]) -> Vectors:
        return self._neutral(self._forward(texts, convert_to_tensor=True).float().cpu().numpy())

    def _forward(self, texts: list[str], **output: Any) -> Any:
        padding = {"text": {"pad_to_multiple_of": PADDED_TO}}
        with self.lock:
            return self._loaded.encode(
                texts, batch_size=BATCH, show_progress_bar=False, processing_kwargs=padding, **output
            )

    def _neutral(self, vectors: Vectors) -> Vectors:
        if self._languages is None:
            return unit(vectors)
        directions = self._languages()
        return unit((vectors - (vectors @ directions.T) @ directions).astype(np.float32))


def unit(vectors: Vectors) -> Vectors:
    """Rows scaled to length 1; a row of zeros stays as it is."""
    norms = np.linalg.norm(vectors, axis=1, keepdims=True)
    scaled: Vectors = (vectors / np.where(norms > 0, norms, 1)).astype(np.float32)
    return scaled


@contextmanager
def loading_quietly() -> Iterator[None]:
    """One model at a time, without progress bars and reports of what a folder lacks."""
    from transformers.utils import logging

    with _loading:
        before = logging.get_verbosity()
        logging.set_verbosity_error()  # type: ignore[no-untyped-call]
        logging.disable_progress_bar()  # type: ignore[no-untyped-call]
        try:
            yield
        finally:
            logging.set_verbosity(before)


def in_batches(windows: Sequence[Window], size: int, read: Callable[[list[Window]], Iterable[T]]) -> list[T]:
    """What `read` makes of each window, in the order given; the longest are read first, so that little is padded."""
    order = sorted(range(len(windows)), key=lambda index: -len(windows[index].heading + windows[index].text))
    results: dict[int, T] = {}
    for start in range(0, len(order), size):
        indices = order[start : start + size]
        results.update(zip(indices, read([windows[index] for index in indices]), strict=True))
    return [results[index] for index in range(len(windows))]


def file_digest(path: Path) -> str:
    """SHA-256 of a file, in hex. Raises ModelError where it can't be read."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise ModelError(f"The model's weights can't be read: {error}. Reinstall the model.") from error
