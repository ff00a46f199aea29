"""What questions want, by the packaged classifier."""

from __future__ import annotations

import numpy as np

from qa.encoding.intents import IntentClassifier, packaged_weights
from qa.models.replies import FACT, Intent
from tests.fakes import FakeEncoder
from tests.recorded import RecordedEncoder
from training.intents import UNSEEN, evaluate, fit

FLOORS = {"fact": 0.9, "overview": 0.5, "chronology": 0.65, "profile": 0.65, "list": 0.5, "comparison": 0.5,
          "small talk": 0.7, "service": 0.7, "of those taken for wide": 0.8}  # fmt: skip
"""Below what was seen on these questions, half of whose facts are made to look like something else."""


def test_questions_by_another_hand_are_told_apart(encoder: RecordedEncoder) -> None:
    measured = evaluate(UNSEEN, encoder)
    assert {name: value for name, value in measured.items() if value < FLOORS[name]} == {}


def test_questions_without_a_topic_are_known(encoder: RecordedEncoder) -> None:
    classify = IntentClassifier(encoder).classify
    assert not classify("Summarise the case").topical
    assert classify("Give me a summary of the bridge collapse in Genoa").topical


def test_another_encoder_has_no_classes(encoder: RecordedEncoder) -> None:
    assert packaged_weights().encoder == encoder.fingerprint
    assert IntentClassifier(FakeEncoder()).classify("thank you") == FACT


def test_classes_are_learned_from_vectors() -> None:
    vectors = np.random.default_rng(2).normal(size=(60, 8)).astype(np.float32)
    vectors[:30, 0] += 4
    weights, bias = fit(vectors, ["left"] * 30 + ["right"] * 30, ["left", "right"])
    assert ((vectors @ weights.T + bias).argmax(1) == [0] * 30 + [1] * 30).mean() > 0.9
    assert Intent.FACT == "fact"
