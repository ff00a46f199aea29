"""Transformers models upon the packaged encoder, and those that read a text against windows: answer, support."""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from qa.encoding.sentence_encoder import PADDED_TO, SentenceEncoder, T, file_digest, in_batches, loading_quietly
from qa.errors import ModelError
from qa.models.archive import Span
from qa.protocols import SentenceReading, SupportReading, Vectors, Window

LONGEST_INPUT = 288  # tokens, of text and window together where there are two; training cut there
LONGEST_ANSWER = 48  # tokens of an answer's span
BATCH = 16
CLASSES = ("supported", "undecided", "contradicted")
OTHER_NAMES = {"entailment": "supported", "neutral": "undecided", "contradiction": "contradicted"}  # what others say


class TrainedModel:
    """A model of transformers, loaded on first use: the packaged `encoder` trained further, or another `model`."""

    architecture: ClassVar[str]
    other_architecture: ClassVar[str]  # of another model
    name: ClassVar[str]
    digest: ClassVar[str]  # SHA-256 of the file
    setting: ClassVar[str]  # the variable that names another model
    classes: ClassVar[tuple[str, ...]] = ()

    def __init__(self, encoder: SentenceEncoder, *, model: Path | str | None = None) -> None:
        self._encoder, self._model = encoder, model

    @classmethod
    def packaged(cls) -> dict[str, Any]:
        """The packaged weights in float32 by the names of the model's parameters. Raises ModelError."""
        from safetensors.torch import load_file

        path = Path(__file__).with_name(f"{cls.name}.safetensors")
        if (digest := file_digest(path)) != cls.digest:
            raise ModelError(
                f"{path} is not the file that belongs to this version: SHA-256 {cls.digest} was expected, "
                f"{digest} was found. Reinstall archive-qa."
            )
        tensors = load_file(path)
        # Matrices are kept in 8 bits, each row with a scale of its own.
        scales = {name.removesuffix(".scale"): tensors.pop(name) for name in list(tensors) if name.endswith(".scale")}
        return {
            name: tensor.float() * scales[name].float()[:, None] if name in scales else tensor.float()
            for name, tensor in tensors.items()
        }

    @cached_property
    def fingerprint(self) -> str:
        if self._model is None:
            return f"{self.name}:{self.digest[:12]}"
        weights = Path(self._model) / "model.safetensors"
        digest = file_digest(weights) if weights.is_file() else hashlib.sha256(str(self._model).encode()).hexdigest()
        return f"{Path(self._model).name}:{digest[:12]}"

    @cached_property
    def _loaded(self) -> tuple[Any, Any]:
        with self._encoder.lock, loading_quietly():
            return self._upon_the_encoder() if self._model is None else self._other(str(self._model))

    def _upon_the_encoder(self) -> tuple[Any, Any]:
        """The packaged weights over the encoder's, as precise and on the same device: what rested is in memory once."""
        import transformers

        transformer = self._encoder.transformer
        architecture: Any = getattr(transformers, self.architecture)
        # A model with a head has the encoder's layers under a name.
        prefix = "" if isinstance(transformer, architecture) else f"{transformer.base_model_prefix}."
        tensors = {f"{prefix}{name}": value for name, value in transformer.state_dict().items()}
        named = {"id2label": dict(enumerate(self.classes))} if self.classes else {}
        config = type(transformer.config)(**transformer.config.to_dict() | named)
        trained = self.packaged()
        model = architecture.from_pretrained(
            None, config=config, state_dict=tensors | trained, dtype=transformer.dtype
        ).to(transformer.device)
        for name, parameter in model.named_parameters():
            if name in tensors and name not in trained:  # what was loaded beside a processor is a copy by now
                parameter.data = tensors[name]
        return model.eval(), self._encoder.tokenizer

    def _other(self, location: str) -> tuple[Any, Any]:
        import transformers  # it takes seconds, and listing articles should not

        name = self.other_architecture
        try:
            tokenizer = transformers.AutoTokenizer.from_pretrained(location)
            architecture: Any = getattr(transformers, name)
            model = architecture.from_pretrained(location, dtype=self._encoder.number_type)
        except (OSError, ValueError) as error:
            raise ModelError(
                f"The model {location} can't be loaded: {error}. Name a folder that transformers' {name} loads, or "
                f"unset {self.setting} to use the packaged one."
            ) from error
        return model.eval().to(self._encoder.device), tokenizer

    def _run(self, *texts: list[str], **wanted: bool) -> tuple[Any, Any]:
        """What the tokenizer makes of texts, or of pairs of them, and the model of that."""
        import torch

        with self._encoder.lock, torch.inference_mode():
            model, tokenizer = self._loaded  # once, also where two ask at the start
            encoded = tokenizer(
                *texts,
                truncation="longest_first",
                max_length=LONGEST_INPUT,
                padding=True,
                pad_to_multiple_of=PADDED_TO,
                return_offsets_mapping=True,
                return_token_type_ids=False,
                return_tensors="pt",
            )
            inputs = {name: encoded[name].to(model.device) for name in ("input_ids", "attention_mask")}
            return encoded, model(**inputs, **wanted)

    def _read(
        self, text: str, windows: Sequence[Window], reading: Callable[[Any, Any, list[Window]], Iterable[T]]
    ) -> list[T]:
        """A reading of the text with each window, in their order, made of the tokenizer's and the model's output."""

        def read(batch: list[Window]) -> Iterable[T]:
            encoded, output = self._run([text] * len(batch), [window.heading + window.text for window in batch])
            return reading(encoded, output, batch)

        return in_batches(windows, BATCH, read)


class SpanReader(TrainedModel):
    """A `Reader` by any transformers question-answering model (SQuAD 2 form: token 0 stands for "no answer")."""

    architecture, other_architecture = "BertForQuestionAnswering", "AutoModelForQuestionAnswering"
    name, digest = "reader", "1903f383b783e79877337c76d54a1febb164ce84b0c732252cf5b0868350b6ce"
    setting = "QA_READER"

    def read(self, question: str, windows: Sequence[Window]) -> list[tuple[SentenceReading, ...]]:
        """A reading of every sentence of each window, in the order given."""
        return self._read(question, windows, _readings)


def _readings(encoded: Any, output: Any, windows: Sequence[Window]) -> Iterator[tuple[SentenceReading, ...]]:
    offsets = encoded["offset_mapping"].numpy()
    starts, ends = output.start_logits.float().cpu().numpy(), output.end_logits.float().cpu().numpy()
    for row, window in enumerate(windows):
        is_passage = np.array([part == 1 for part in encoded.sequence_ids(row)])
        bounds = np.where(is_passage[:, None], offsets[row] - len(window.heading), 0)
        yield tuple(_reading(sentence, window.text, bounds, starts[row], ends[row]) for sentence in window.sentences)


def _reading(sentence: Span, text: str, bounds: NDArray[np.int64], starts: Vectors, ends: Vectors) -> SentenceReading:
    """The best span of one sentence, and by how much it is likelier than no answer; tokens outside have no length."""
    inside = (bounds[:, 0] >= sentence.start - 1) & (bounds[:, 1] <= sentence.end)
    tokens = np.flatnonzero(inside & (bounds[:, 1] > np.maximum(bounds[:, 0], sentence.start)))
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


class SupportClassifier(TrainedModel):
    """A `SupportModel`: how likely evidence bears a claim out, leaves it open, or says otherwise."""

    architecture, other_architecture = "BertForTokenClassification", "AutoModelForSequenceClassification"
    name, digest = "support", "30a5333cae6517074c57e4b43d1d661fb893ba04a52ad25037b17e84d96a8484"
    setting = "QA_SUPPORT"
    classes = CLASSES

    def weigh(self, claim: str, windows: Sequence[Window]) -> list[SupportReading]:
        """A reading of the claim for each window by itself, in the order given. Raises ModelError."""
        return self._read(claim, windows, self._readings)

    def _readings(self, encoded: Any, output: Any, windows: Sequence[Window]) -> Iterator[SupportReading]:
        labels = [name for _, name in sorted(self._loaded[0].config.id2label.items())]
        names = [OTHER_NAMES.get(label.lower(), label.lower()) for label in labels]
        if set(names) != set(CLASSES):
            raise ModelError(
                f"QA_SUPPORT names a model with the classes {', '.join(labels)}; {', '.join(CLASSES)} or "
                f"{', '.join(OTHER_NAMES)} were expected. Name another model, or unset it to use the packaged one."
            )
        logits = output.logits.float()  # the packaged one labels every token; at position 0 the claim as a whole
        for row in (logits[:, 0] if logits.dim() > 2 else logits).softmax(-1).cpu().tolist():
            yield SupportReading(**dict(zip(names, row, strict=True)))
