"""The packaged encoder: unit vectors, token vectors, and what is cut off."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from qa.encoding.packaged import PUBLISHED_DIGEST, packaged_model
from qa.encoding.sentence_encoder import SentenceEncoder, _declared_dimension, unit

TEXTS = [
    "The mayor opened the bridge on Monday.",
    "El juez ordenó la detención de 19 personas en Pontevedra.",
    "Cocoa prices fell 3.5 pct.",
    "🙂 ?!",
    "",
    "word " * 1_000,
]


def test_the_fingerprint_says_name_dimension_and_weights(encoder: SentenceEncoder) -> None:
    assert encoder.fingerprint == f"all-MiniLM-L6-v2:384:{PUBLISHED_DIGEST}"


def test_the_fingerprint_is_the_same_in_every_precision(
    encoder: SentenceEncoder, exact_encoder: SentenceEncoder
) -> None:
    assert exact_encoder.fingerprint == encoder.fingerprint


def test_the_fingerprint_needs_no_model_in_memory() -> None:
    code = (
        "import sys; from qa.settings import read_settings; from qa.archive.parts import encoder_of;"
        "print(encoder_of(read_settings()).fingerprint, 'torch' in sys.modules)"
    )
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=environment)
    assert told.stdout.split() == [f"all-MiniLM-L6-v2:384:{PUBLISHED_DIGEST}", "False"]


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
    half = SentenceEncoder(exact_encoder._location, name="half", precision="bfloat16")
    texts = TEXTS[:3]
    cosines = np.sum(half.encode(texts) * exact_encoder.encode(texts), axis=1)
    assert cosines.min() > 0.99


def test_meaning_is_near(encoder: SentenceEncoder) -> None:
    asked, right, wrong = encoder.encode(["Who opened the bridge?", TEXTS[0], TEXTS[2]])
    assert asked @ right > asked @ wrong + 0.3


def test_nothing_to_encode(encoder: SentenceEncoder) -> None:
    assert encoder.encode([]).shape == (0, 384)
    assert encoder.encode_tokens([]) == []
    assert encoder.count_tokens([]) == []


def test_token_spans_slice_the_text(encoder: SentenceEncoder) -> None:
    for text, tokens in zip(TEXTS, encoder.encode_tokens(TEXTS), strict=True):
        assert tokens.vectors.shape == (len(tokens.spans), encoder.dimension)
        end = 0
        for a, b in tokens.spans:
            assert end <= a < b <= len(text)
            assert text[a:b] == text[a:b].strip()
            end = b
        np.testing.assert_allclose(np.linalg.norm(tokens.vectors, axis=1), 1, atol=1e-5)
    words = [TEXTS[0][a:b] for a, b in encoder.encode_tokens(TEXTS[:1])[0].spans]
    assert words == ["The", "mayor", "opened", "the", "bridge", "on", "Monday", "."]


def test_token_counts_leave_special_tokens_out(encoder: SentenceEncoder) -> None:
    tokens = encoder.encode_tokens(TEXTS[:5])
    assert encoder.count_tokens(TEXTS[:5]) == [len(one.spans) for one in tokens]
    assert encoder.count_tokens([TEXTS[5]]) == [1_000]


def test_what_is_too_long_is_cut_off(encoder: SentenceEncoder) -> None:
    assert encoder.max_tokens == 256
    (tokens,) = encoder.encode_tokens(["word " * 1_000])
    assert len(tokens.spans) == 254
    beginning = "word " * 254
    first, whole = encoder.encode([beginning, beginning + "The mayor opened the bridge."])
    assert first @ whole == pytest.approx(1, abs=1e-3)
    inside = encoder.encode(["word " * 100 + "The mayor opened the bridge."])[0]
    assert first @ inside < 0.95


def test_a_long_text_among_short_ones_changes_no_token(exact_encoder: SentenceEncoder) -> None:
    alone = exact_encoder.encode_tokens([TEXTS[0]])[0]
    among = exact_encoder.encode_tokens([TEXTS[5], TEXTS[0], TEXTS[3]])[1]
    assert alone.spans == among.spans
    np.testing.assert_allclose(alone.vectors, among.vectors, atol=1e-4)


def test_rows_of_zeros_stay() -> None:
    scaled = unit(np.array([[0, 0], [3, 4]], dtype=np.float32))
    np.testing.assert_allclose(scaled, np.array([[0, 0], [0.6, 0.8]], dtype=np.float32), atol=1e-6)


def test_a_folder_that_the_installed_library_saved(tmp_path: Path) -> None:
    """Whatever it calls the length of the vectors: it is found without the model, and is the model's."""
    from sentence_transformers import SentenceTransformer

    SentenceTransformer(str(packaged_model()), device="cpu").save(str(tmp_path / "any-e5-small"))
    encoder = SentenceEncoder(str(tmp_path / "any-e5-small"), name="any-e5-small")
    assert encoder.dimension == encoder.encode(["The mayor opened the bridge."]).shape[1] == 384


@pytest.mark.parametrize("declared", ['{"embedding_dimension": 384}', '{"word_embedding_dimension": 384}', "{}"])
def test_the_length_of_vectors_by_any_name(tmp_path: Path, declared: str) -> None:
    copied = shutil.copytree(packaged_model(), tmp_path / "model")
    (copied / "1_Pooling" / "config.json").write_text(declared)
    told = _declared_dimension(copied)
    assert told == (None if declared == "{}" else 384)
