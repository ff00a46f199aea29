"""What models gave in an earlier run is taken for theirs only where they are the same."""

from __future__ import annotations

import lzma
import pickle
from pathlib import Path

import pytest

from tests import recorded
from tests.recorded import Recording, folder_of, pack, packed_as


def lengths(texts: list[str]) -> list[int]:
    return [len(text) for text in texts]


def refused(texts: list[str]) -> list[int]:
    raise AssertionError(f"{texts} were made again")


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recorded, "KEPT", tmp_path / "kept")
    monkeypatch.setattr(recorded, "PACKED", tmp_path / "packed")


def test_what_comes_with_the_project_is_not_made_again() -> None:
    folder = folder_of("reader")
    assert Recording(folder).values("length", ["one", "three"], lengths) == [3, 5]
    pack()
    for kept in folder.iterdir():
        kept.unlink()
    assert Recording(folder).values("length", ["three", "one"], refused) == [5, 3]
    assert Recording(folder).values("length", ["eleven", "one"], lengths) == [6, 3]


def test_another_kind_of_value_is_another(tmp_path: Path) -> None:
    Recording(folder_of("reader")).values("length", ["one"], lengths)
    pack()
    with pytest.raises(AssertionError, match="made again"):
        Recording(folder_of("reader")).values("count", ["one"], refused)


def test_other_weights_have_recordings_of_their_own(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(recorded, "ENCODING", tmp_path / "encoding")
    weights = tmp_path / "encoding" / "reader.safetensors"
    weights.parent.mkdir()
    weights.write_bytes(b"these")
    Recording(folder_of("reader")).values("length", ["one"], lengths)
    pack()
    before = packed_as(folder_of("reader"))
    assert pickle.loads(lzma.decompress(before.read_bytes()))
    weights.write_bytes(b"others")
    assert packed_as(folder_of("reader")) != before
    with pytest.raises(AssertionError, match="made again"):
        Recording(folder_of("reader")).values("length", ["one"], refused)
