"""Writing backups, and putting them back."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import Qa


def test_a_backup_and_back(qa: Qa, home: Path, news: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    qa("ingest", news)
    file = tmp_path / "archive-2026-12-01.zip"
    told = qa("backup", file)
    assert (told.code, told.err) == (0, "")
    assert told.out.startswith(f"4 articles in {file}: 0.")
    listed = qa("list").out
    assert qa("backup", file).code == 2
    qa("remove", "river")
    qa("correct", "bridge", "--text", "It was the deputy.")
    told = qa("restore-backup", file)
    assert (told.code, told.out) == (2, "")
    assert "--replace" in told.err
    assert qa("show", "river").code == 2
    told = qa("restore-backup", file, "--replace")
    assert told.code == 0
    assert told.out.startswith("4 articles, as they were at 20")
    assert "lost: correction of bridge, written since the backup: write it again" in told.err
    assert qa("list").out == listed
    assert "river" in qa("search", "river").out
    assert qa("check").code == 0
    assert len(list((home / "vectors").glob("generation-*[0-9]"))) == 1
    monkeypatch.setenv("QA_HOME", str(tmp_path / "elsewhere"))
    told = qa("restore-backup", file, "--json")
    assert (told.json["articles"], told.json["lost"]) == (4, [])
    assert qa("list").out == listed


def test_where_there_is_nothing_to_copy(qa: Qa, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for command in (("backup", "b.zip"), ("restore-backup", "none.zip"), ("restore-backup", ".")):
        told = qa(*command)
        assert (told.code in (2, 3), told.out, bool(told.err)) == (True, "", True), command
        assert not home.exists()
        assert list(tmp_path.iterdir()) == []
