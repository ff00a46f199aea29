"""What is looked for among sentences: the question's side of the packaged encoder."""

from __future__ import annotations

import numpy as np
import pytest

from qa.encoding.sentence_encoder import SentenceEncoder
from qa.protocols import Window
from qa.text.sentences import sentence_spans
from tests.fakes import packaged

TEXT = (
    "The tax office searched the shipping firm's head office on Monday. Inspectors carried off forty boxes of invoices "
    "and three computers. The firm said that it would cooperate with the tax office."
)


@pytest.mark.parametrize(
    "question", ["What did the tax office find?", "what was taken away", "¿Qué se llevaron los inspectores?"]
)
def test_what_answers_is_nearer_than_what_is_on_the_same_matter(encoder: SentenceEncoder, question: str) -> None:
    (vectors,) = encoder.encode_passages([Window("", TEXT, sentence_spans(TEXT))])
    _, answering, _ = range(len(vectors.sentences))
    assert int((vectors.sentences @ encoder.encode_for_answer(question)).argmax()) == answering


def test_it_is_a_unit_vector_that_is_each_callers_own() -> None:
    vector = packaged().encode_for_answer("Who opened the bridge?")
    assert np.linalg.norm(vector) == pytest.approx(1.0, abs=1e-5)
    vector[:] = 0.0
    assert packaged().encode_for_answer("Who opened the bridge?").any()


def test_it_is_near_what_the_encoder_makes_of_the_question_and_not_the_same(encoder: SentenceEncoder) -> None:
    cosine = float(encoder.encode_for_answer("Who paid?") @ encoder.encode_question("Who paid?"))
    assert 0.3 < cosine < 0.99
