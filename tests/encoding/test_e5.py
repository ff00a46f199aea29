"""The encoder out of its package: unpacked once, as a folder that anybody's program can load."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from qa.encoding import e5
from qa.encoding.sentence_encoder import SentenceEncoder
from qa.errors import ModelError
from tests.fakes import encoder_folder


def test_it_is_unpacked_once() -> None:
    folder = encoder_folder()
    before = (folder / "model.safetensors").stat().st_mtime_ns
    assert encoder_folder() == folder
    assert (folder / "model.safetensors").stat().st_mtime_ns == before
    assert not list(folder.parent.glob(".unpacking-*"))


def test_weights_that_are_not_the_published_ones_are_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(e5, "WEIGHTS_DIGEST", "0" * 64)
    with pytest.raises(ModelError, match="is not the published model"):
        e5.packaged_encoder(tmp_path)


def test_a_cache_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(ModelError, match="QA_MODELS"):
        e5.packaged_encoder(tmp_path / "file" / "cache")


def test_questions_find_passages_in_either_language(encoder: SentenceEncoder) -> None:
    passages = encoder.encode(["Police detained the mayor on Monday.", "Cocoa prices fell 3.5 pct."])
    for question in ("Who was arrested?", "¿A quién detuvo la policía?"):
        cosines = passages @ encoder.encode_question(question)
        assert cosines[0] > cosines[1] + 0.05
    assert np.linalg.norm(passages, axis=1) == pytest.approx([1, 1], abs=1e-4)
