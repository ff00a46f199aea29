"""A question finds passages in any language alike: what tells languages apart is taken out of the vectors."""

from __future__ import annotations

import numpy as np

from qa.encoding.e5 import packaged_languages
from tests.recorded import RecordedEncoder
from training.languages import directions

ENGLISH = "The port authority closed the north dock on Monday after a crane fell into the water."
SPANISH = [
    "El ayuntamiento aprobó el lunes el presupuesto de las bibliotecas para el año próximo.",
    "La selección femenina ganó ayer el partido de vuelta en Sevilla.",
    "Los agricultores piden ayudas por la helada de abril.",
]


def test_the_directions_are_at_right_angles_and_of_length_one() -> None:
    assert np.allclose(packaged_languages() @ packaged_languages().T, np.eye(2), atol=1e-5)


def test_vectors_have_no_part_along_them(encoder: RecordedEncoder) -> None:
    vectors = np.concatenate([encoder.encode([ENGLISH, *SPANISH]), encoder.encode_question("¿Quién ganó?")[None]])
    assert np.abs(vectors @ packaged_languages().T).max() < 1e-3
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-3)


def test_a_question_finds_its_passage_among_those_in_its_own_language(encoder: RecordedEncoder) -> None:
    vectors = encoder.encode([ENGLISH, *SPANISH])
    asked = encoder.encode_question("¿Por qué cerró el puerto el muelle norte?")
    assert int((vectors @ asked).argmax()) == 0


def test_directions_span_the_differences_they_are_made_of() -> None:
    differences = np.array([[2.0, 0, 0, 0], [1.0, 1, 0, 0]], dtype=np.float32)
    found = directions(differences)
    assert np.allclose(differences - (differences @ found.T) @ found, 0, atol=1e-6)
