"""The packaged encoder: unit vectors, and what is cut off."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from qa.encoding.e5 import NAME, packaged_languages
from qa.encoding.sentence_encoder import SentenceEncoder, file_digest, unit
from qa.errors import ModelError
from qa.models.archive import Span
from qa.protocols import Window
from tests.fakes import encoder_folder
from tests.training.test_training import tiny_base

TEXTS = [
    "The mayor opened the bridge on Monday.",
    "El juez ordenó la detención de 19 personas en Pontevedra.",
    "Cocoa prices fell 3.5 pct.",
    "🙂 ?!",
    "",
    "word " * 1_000,
]


def fingerprint() -> str:
    digest = file_digest(encoder_folder() / "model.safetensors")
    directions = hashlib.sha256(packaged_languages().tobytes()).hexdigest()[:8]
    return f"multilingual-e5-small:384:{digest}:query: |passage: ,neutral:{directions}"


def test_the_fingerprint_says_name_dimension_weights_and_prefixes(encoder: SentenceEncoder) -> None:
    assert encoder.fingerprint == fingerprint()


def test_the_fingerprint_is_the_same_in_every_precision(
    encoder: SentenceEncoder, exact_encoder: SentenceEncoder
) -> None:
    assert exact_encoder.fingerprint == encoder.fingerprint


def test_the_fingerprint_needs_no_model_in_memory() -> None:
    code = (
        "import sys; from qa.settings import read_settings; from qa.archive.parts import encoder_of;"
        "print(encoder_of(read_settings()).fingerprint, 'torch' in sys.modules)"
    )
    own = {name: text for name, text in os.environ.items() if not name.startswith("QA_")}
    environment = {**own, "PYTHONPATH": str(Path(__file__).parents[2])}
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=environment)
    assert told.stdout.strip() == f"{fingerprint()} False"


def test_vectors_are_of_unit_length(encoder: SentenceEncoder) -> None:
    vectors = encoder.encode(TEXTS)
    assert vectors.shape == (len(TEXTS), encoder.dimension)
    assert vectors.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)


def test_the_order_and_the_company_do_not_matter(exact_encoder: SentenceEncoder) -> None:
    together = exact_encoder.encode(TEXTS)
    alone = np.concatenate([exact_encoder.encode([text]) for text in reversed(TEXTS)])[::-1]
    np.testing.assert_allclose(together, alone, atol=1e-4)


def test_half_precision_says_nearly_the_same(exact_encoder: SentenceEncoder) -> None:
    half = SentenceEncoder(exact_encoder.location, name=NAME, precision="bfloat16", languages=packaged_languages)
    texts = TEXTS[:3]
    cosines = np.sum(half.encode(texts) * exact_encoder.encode(texts), axis=1)
    assert cosines.min() > 0.999


def test_meaning_is_near(encoder: SentenceEncoder) -> None:
    asked, right, wrong = encoder.encode(["Who opened the bridge?", TEXTS[0], TEXTS[2]])
    assert asked @ right > asked @ wrong + 0.1


def test_nothing_to_encode(encoder: SentenceEncoder) -> None:
    assert encoder.encode([]).shape == (0, 384)
    assert encoder.count_tokens([]) == []


def test_what_is_too_long_is_cut_off(encoder: SentenceEncoder) -> None:
    beginning = "word " * 600
    first, whole = encoder.encode([beginning, beginning + "The mayor opened the bridge."])
    assert first @ whole == pytest.approx(1, abs=1e-3)
    assert encoder.count_tokens(["word " * 1_000])[0] > encoder.max_tokens


def test_a_passage_and_its_sentences_are_encoded_together(exact_encoder: SentenceEncoder) -> None:
    text = "Anna Lund opened the pier. It cost 31 million crowns."
    sentences = (Span(0, 26), Span(27, len(text)))
    (vectors,) = exact_encoder.encode_passages([Window("The pier. ", text, sentences)])
    assert float(vectors.passage @ exact_encoder.encode([f"The pier. {text}"])[0]) > 0.9999
    cost, opening = (exact_encoder.encode_question(q) for q in ("What did the pier cost?", "Who opened the pier?"))
    assert (vectors.sentences @ cost).argmax() == 1
    assert (vectors.sentences @ opening).argmax() == 0
    assert exact_encoder.encode_passages([]) == []


def test_a_sentence_beyond_what_the_model_reads_has_the_vector_of_its_passage(exact_encoder: SentenceEncoder) -> None:
    text = "The pier is new. " * 400
    (vectors,) = exact_encoder.encode_passages([Window("", text, (Span(0, 16), Span(6000, 6016)))])
    assert float(vectors.sentences[1] @ vectors.passage) > 0.9999
    assert float(vectors.sentences[0] @ vectors.passage) < 0.999


def test_a_model_with_another_pooling_encodes_sentences_by_themselves(tmp_path: Path) -> None:
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Pooling, Transformer

    transformer = Transformer(str(tiny_base(tmp_path / "tiny")))
    pooling = Pooling(transformer.get_embedding_dimension(), "cls")
    SentenceTransformer(modules=[transformer, pooling], device="cpu").save(str(tmp_path / "saved"))
    encoder = SentenceEncoder(tmp_path / "saved", name="first token", precision="float32")
    text = "The mayor of Lund is Anna Lund. Ferries leave daily."
    (vectors,) = encoder.encode_passages([Window("", text, (Span(0, 31), Span(32, len(text))))])
    assert float(vectors.sentences[1] @ encoder.encode(["Ferries leave daily."])[0]) > 0.9999
    assert encoder.dimension == vectors.passage.shape[0] == 32


def test_rows_of_zeros_stay() -> None:
    scaled = unit(np.array([[0, 0], [3, 4]], dtype=np.float32))
    np.testing.assert_allclose(scaled, np.array([[0, 0], [0.6, 0.8]], dtype=np.float32), atol=1e-6)


@pytest.mark.parametrize("declared", ['{"embedding_dimension": 384}', '{"word_embedding_dimension": 384}', "{}"])
def test_the_length_of_vectors_by_any_name(tmp_path: Path, declared: str) -> None:
    (tmp_path / "1_Pooling").mkdir()
    (tmp_path / "1_Pooling" / "config.json").write_text(declared)
    encoder = SentenceEncoder(tmp_path, name="no model")
    if declared == "{}":
        with pytest.raises(ModelError, match="can't be loaded"):
            encoder.dimension  # noqa: B018
    else:
        assert encoder.dimension == 384
