"""The weights are the published ones, or nothing is encoded."""

from __future__ import annotations

import hashlib
from importlib import util
from pathlib import Path
from types import SimpleNamespace

import pytest

from qa.encoding import packaged
from qa.encoding.packaged import file_digest, packaged_model, verify
from qa.encoding.sentence_encoder import SentenceEncoder
from qa.errors import ModelError


def test_the_packaged_weights_are_the_published_ones() -> None:
    assert (packaged_model() / "model.safetensors").is_file()


@pytest.mark.parametrize("change", [lambda b: b[:-1], lambda b: b + b"x", lambda b: b"x" + b[1:], lambda b: b""])
def test_changed_bytes_are_refused(tmp_path: Path, change: object) -> None:
    weights = tmp_path / "model.safetensors"
    weights.write_bytes(b"published weights")
    expected = hashlib.sha256(b"published weights").hexdigest()
    verify(weights, expected)
    weights.write_bytes(change(b"published weights"))  # type: ignore[operator]
    with pytest.raises(ModelError, match=rf"{expected} was expected, .* was found.*Reinstall"):
        verify(weights, expected)


def test_missing_weights_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="can't be read"):
        file_digest(tmp_path / "none")


def test_a_changed_package_is_not_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = tmp_path / packaged.PACKAGE
    (package / "model").mkdir(parents=True)
    (package / "__init__.py").touch()
    (package / "model" / "model.safetensors").write_bytes(b"other weights")
    found = util.spec_from_file_location(packaged.PACKAGE, package / "__init__.py")
    monkeypatch.setattr(packaged, "util", SimpleNamespace(find_spec=lambda name: found))
    with pytest.raises(ModelError, match="not the published model"):
        SentenceEncoder(packaged_model, name="x").encode(["text"])


def test_without_the_package(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packaged, "util", SimpleNamespace(find_spec=lambda name: None))
    with pytest.raises(ModelError, match=r"not installed.*QA_ENCODER"):
        packaged_model()


def test_a_folder_without_a_model(tmp_path: Path) -> None:
    encoder = SentenceEncoder(tmp_path, name="mine")
    with pytest.raises(ModelError, match=r"mine can't be loaded.*QA_ENCODER"):
        encoder.encode(["text"])
