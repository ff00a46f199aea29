"""A `SupportModel`: what evidence says to a claim, by the packaged model or any of natural language inference.

The packaged one gives a label to every token, as it was trained to see which words are not borne out; that of position
0 is the claim's as a whole.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from qa.encoding.trained_model import PackagedWeights, TrainedModel
from qa.errors import ModelError
from qa.protocols import SupportReading, Window

CLASSES = ("supported", "undecided", "contradicted")
OTHER_NAMES = {"entailment": "supported", "neutral": "undecided", "contradiction": "contradicted"}
"""What models of natural language inference call the same."""


class SupportClassifier(TrainedModel):
    """Says how likely evidence bears a claim out, leaves it open, or says otherwise."""

    architecture, other_architecture = "AutoModelForTokenClassification", "AutoModelForSequenceClassification"
    weights = PackagedWeights("support", "9da6c96d25233464fe8364fc026b6cc8e12bb2da45664d41aff797dc92f03c06")
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
        logits = output.logits.float()
        for row in (logits[:, 0] if logits.dim() > 2 else logits).softmax(-1).cpu().tolist():
            yield SupportReading(**dict(zip(names, row, strict=True)))
