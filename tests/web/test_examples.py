"""The questions that the page offers, in its language."""

from __future__ import annotations

from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from qa.archive.archive import examples_of
from qa.errors import SettingsError, StoreError
from qa.settings import Settings

from .fake_room import FakeRoom


def write(path: Path, *lines: str) -> Path:
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def test_without_a_file_there_are_none() -> None:
    assert examples_of(Settings(examples=None)) is None


def test_one_file_is_for_every_language(tmp_path: Path) -> None:
    file = write(tmp_path / "asked.list", "Who?", "", "  When?")
    assert examples_of(Settings(examples=file)) == {"": ("Who?", "When?")}


def test_a_file_beside_it_is_for_its_language(tmp_path: Path) -> None:
    file = write(tmp_path / "asked.list", "Who?")
    write(tmp_path / "asked.es.list", "¿Quién?", "¿1?", "¿2?", "¿3?", "¿4?")
    assert examples_of(Settings(examples=file)) == {"": ("Who?",), "es": ("¿Quién?", "¿1?", "¿2?", "¿3?")}


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"no\.list"):
        examples_of(Settings(examples=tmp_path / "no.list"))


def test_the_page_stands_without_them_while_they_cannot_be_read(
    client: TestClient, room: FakeRoom, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unreadable(locale: str) -> tuple[str, ...]:
        raise StoreError("the journal can't be read")

    monkeypatch.setattr(room, "examples", unreadable)
    reply = client.get("/")
    assert reply.status_code == 200
    assert "Ask the archive" in reply.text
