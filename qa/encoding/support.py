"""A `SupportModel`: what evidence says to a claim, by the packaged model or any of natural language inference.

The packaged one gives a label to every token, as it was trained to see which words are not borne out; that of position
0 is the claim's as a whole.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from qa.encoding.precision import Precision
from qa.encoding.trained_model import PackagedWeights, TrainedModel
from qa.errors import ModelError
from qa.protocols import SupportReading, Window

if TYPE_CHECKING:
    from qa.encoding.sentence_encoder import SentenceEncoder

PACKAGED_WEIGHTS = PackagedWeights("support", "9da6c96d25233464fe8364fc026b6cc8e12bb2da45664d41aff797dc92f03c06")
LABELS = ("supported", "undecided", "contradicted")
OTHER_NAMES = {"entailment": "supported", "neutral": "undecided", "contradiction": "contradicted"}
"""What models of natural language inference call the same."""


class SupportClassifier:
    """Says how likely evidence bears a claim out, leaves it open, or says otherwise; loaded once, on first use."""

    def __init__(
        self,
        *,
        encoder: SentenceEncoder | None = None,
        model: Path | str | None = None,
        precision: Precision = "auto",
        device: str = "cpu",
    ) -> None:
        self._model = TrainedModel(
            "AutoModelForTokenClassification" if model is None else "AutoModelForSequenceClassification",
            PACKAGED_WEIGHTS,
            encoder=encoder,
            model=model,
            setting="QA_SUPPORT",
            precision=precision,
            device=device,
            labels=LABELS,
        )

    @property
    def fingerprint(self) -> str:
        """Name and digest of the weights."""
        return self._model.fingerprint

    def weigh(self, claim: str, windows: Sequence[Window]) -> list[SupportReading]:
        """A reading of the claim for each window by itself, in the order given. Raises ModelError."""
        readings: dict[int, SupportReading] = {}
        for batch in self._model.batches(claim, windows):
            logits = batch.output.logits.float()
            rows = (logits[:, 0] if logits.dim() > 2 else logits).softmax(-1).cpu().tolist()
            readings.update(zip(batch.indices, map(self._reading, rows), strict=True))
        return [readings[index] for index in range(len(windows))]

    def _reading(self, probabilities: Sequence[float]) -> SupportReading:
        names = [OTHER_NAMES.get(label.lower(), label.lower()) for label in self._model.labels]
        named = dict(zip(names, probabilities, strict=True))
        if named.keys() != set(LABELS):
            raise ModelError(
                f"QA_SUPPORT names a model with the classes {', '.join(self._model.labels)}; {', '.join(LABELS)} or "
                f"{', '.join(OTHER_NAMES)} were expected. Name another model, or unset it to use the packaged one."
            )
        return SupportReading(**named)
