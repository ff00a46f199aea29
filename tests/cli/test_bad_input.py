"""Whatever is delivered, every article ends as stored or as failed with its place and reason, and nothing breaks."""

from __future__ import annotations

import errno
import json
import os
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from qa.store.locking import WRITING, folder_lock
from tests.cli.conftest import Qa
from tests.store.test_opening import HOLD

Put = Callable[[str, str | bytes], Path]
ROOT = Path(__file__).parents[2]
GOOD = '{"id": "good", "title": "Bridge", "text": "The mayor opened it."}'

FILES: tuple[tuple[str, str | bytes, int | None, str], ...] = (
    ("empty.txt", "", None, "empty file"),
    ("empty.jsonl", "", None, "empty file"),
    ("binary.txt", bytes(range(256)) * 20, None, "binary data"),
    ("picture.md", b"\x89PNG\r\n\x1a\n" + bytes(500), None, "binary data"),
    ("latin.jsonl", b'{"id": "x", "title": "a\xc3\xb1o Espa\xf1a"}', 1, "UTF-8"),
    ("neither.jsonl", '{"id": "x"}', 1, "found neither"),
    ("date.md", "---\ntitle: T\npublished: 2005-02-30\n---\nA body.", 3, "2005-02-30"),
    ("date.jsonl", '{"title": "T", "date": "2005-13-01"}', 1, "2005-13-01"),
    ("yaml.md", "---\ntitle: [T\noutlet: x\n---\nA body.", None, "YAML"),
    ("cut.jsonl", GOOD[:30], 1, "breaks off after 30 characters"),
)


def test_bad_files_fail_alone(qa: Qa, put: Put) -> None:
    bad = {str(put(f"bad/{name}", content)): (line, reason) for name, content, line, reason in FILES}
    told = qa("ingest", *bad, put("good.jsonl", GOOD), "--json")
    assert (told.code, told.json["added"]) == (1, 1)
    assert [failure["path"] for failure in told.json["failed"]] == list(bad)
    for failure in told.json["failed"]:
        line, reason = bad[failure["path"]]
        assert reason in failure["reason"]
        assert line in (None, failure["line"])
    assert qa("check").code == 0


def test_a_line_of_11_mb(qa: Qa, put: Put) -> None:
    long = b'{"id": "long", "title": "T", "text": "' + b"word " * 2_200_000 + b'"}'
    told = qa("ingest", put("a.jsonl", GOOD.encode() + b"\n" + long + b"\n"), "--json")
    assert told.json["added"] == 1
    assert [one["line"] for one in told.json["failed"]] == [2]
    assert "10 MB" in told.json["failed"][0]["reason"]


def test_paths_that_lead_to_nothing(qa: Qa, tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    paths = {folder: "found no files", folder / "none.txt": "nothing of that name", folder / "*.md": "fits the pattern"}
    told = qa("ingest", *paths, "--json")
    assert told.code == 1
    failed = told.json["failed"]
    assert [(failure["path"], failure["line"]) for failure in failed] == [(str(path), None) for path in paths]
    assert all(reason in failure["reason"] for failure, reason in zip(failed, paths.values(), strict=True))


def test_a_file_that_may_not_be_read(qa: Qa, put: Put, monkeypatch: pytest.MonkeyPatch) -> None:
    """Tests may run as root, whom no permission stops: the refusal is played."""
    shut, good = put("shut.txt", "A\n\nB."), put("good.jsonl", GOOD)
    real = Path.open

    def refuse(self: Path, *args: Any, **more: Any) -> Any:
        if self.name == "shut.txt":
            raise PermissionError(errno.EACCES, "Permission denied", str(self))
        return real(self, *args, **more)

    monkeypatch.setattr(Path, "open", refuse)
    told = qa("ingest", shut, good, "--json")
    assert (told.code, told.json["added"]) == (1, 1)
    assert "no permission" in told.json["failed"][0]["reason"]


def test_a_full_disk(qa: Qa, put: Put, monkeypatch: pytest.MonkeyPatch) -> None:
    """SQLite's limit of pages plays the full disk; a real one is in tests/store."""
    assert qa("ingest", put("good.jsonl", GOOD)).code == 0
    real = sqlite3.connect

    def cramped(*args: Any, **more: Any) -> sqlite3.Connection:
        connection: sqlite3.Connection = real(*args, **more)
        (pages,) = connection.execute("PRAGMA page_count").fetchone()
        connection.execute(f"PRAGMA max_page_count = {pages + 3}")
        return connection

    many = put("many.jsonl", "\n".join(json.dumps({"title": f"T{n}", "text": "Long text. " * 400}) for n in range(60)))
    with monkeypatch.context() as patch:
        patch.setattr(sqlite3, "connect", cramped)
        told = qa("ingest", many)
    assert (told.code, told.out) == (3, "")
    assert "disk is full" in told.err
    assert [one["id"] for one in qa("list", "--json").json] == ["good"]
    assert qa("check").code == 0
    assert qa("ingest", many, "--json").json["added"] == 60


def test_a_home_that_cannot_be_made(qa: Qa, put: Put, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QA_HOME", str(put("file", "x") / "data"))
    told = qa("ingest", put("good.jsonl", GOOD))
    assert told.code == 3
    assert "QA_HOME" in told.err


@pytest.mark.parametrize(
    ("theirs", "ours"),
    [
        ("write", {("list",): 0, ("ask", "Who?"): 0, ("ingest", "good.jsonl"): 3, ("remove", "good"): 3}),
        ("read", {("list",): 0, ("ingest", "good.jsonl"): 0}),
        ("alone", {("list",): 3}),
    ],
)
def test_two_processes_at_once(
    qa: Qa, home: Path, put: Put, monkeypatch: pytest.MonkeyPatch, theirs: str, ours: dict[tuple[str, ...], int]
) -> None:
    monkeypatch.chdir(put("good.jsonl", GOOD).parent)
    qa("ingest", "good.jsonl")
    command = [sys.executable, "-c", HOLD, theirs, str(home)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment
    ) as process:
        assert process.stdout
        assert process.stdout.readline() == "held\n"
        for command_line, code in ours.items():
            told = qa(*command_line)
            assert told.code == code, command_line
            assert (f"in use by process {process.pid} (" in told.err) is (code == 3)
        process.communicate()
    assert all(qa(*command_line).code != 3 for command_line in ours)


@pytest.mark.parametrize(
    "command",
    [
        ("ingest", "good.jsonl"),
        ("sync", "--sources", "archive.toml"),
        ("forget", "good"),
        ("check", "--repair"),
        ("reencode",),
        ("remove", "good"),
    ],
)
def test_a_command_waits_until_another_has_written(
    qa: Qa, home: Path, put: Put, monkeypatch: pytest.MonkeyPatch, command: tuple[str, ...]
) -> None:
    put("archive.toml", '[[source]]\nname = "wire"\npaths = ["good.jsonl"]\n')
    monkeypatch.chdir(put("good.jsonl", GOOD).parent)
    qa("ingest", "good.jsonl")
    with ExitStack() as held:
        held.enter_context(folder_lock(home, alone=True, lock=WRITING))
        assert qa(*command).code == 3
        threading.Timer(0.2, held.close).start()
        assert qa(*command, "--wait").code == 0


def test_markup_stays_text(looking: Qa) -> None:
    shown = looking("show", "hostile", "--json").json
    assert shown["title"] == "<script>alert(1)</script> [bold]Title[/bold]"
    assert shown["body"].startswith("The <script>alert(2)</script> tag was found")
    assert "[bold]Title[/bold]" in looking("show", "hostile").out
    assert "[bold]Title[/bold]" in looking("list").out


def test_a_failure_shows_markup_as_text(qa: Qa, put: Put) -> None:
    told = qa("ingest", put("[red]x[/red].jsonl", '{"title": "T", "date": "[bold]x[/bold]"}'))
    assert "[red]x[/red].jsonl" in told.err
    assert '"[bold]x[/bold]"' in told.err
