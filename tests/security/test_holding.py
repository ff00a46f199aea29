"""Whoever finds the archive in use is told who uses it now."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from qa.errors import StoreBusy
from qa.store.locking import folder_lock

PROGRAM = """
import sys
from pathlib import Path
from qa.store.locking import folder_lock
sys.argv = ["/usr/bin/qa", sys.argv[2], "words of a question"]
with folder_lock(Path({folder!r}), alone={alone}):
    print("held", flush=True)
    sys.stdin.read()
"""


@contextmanager
def process(folder: Path, command: str, *, alone: bool = False) -> Iterator[subprocess.Popen[str]]:
    """Another process that holds the folder until this is left."""
    program = PROGRAM.format(folder=str(folder), alone=alone)
    with subprocess.Popen(
        [sys.executable, "-c", program, "", command], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as running:
        assert running.stdin
        assert running.stdout
        assert running.stdout.readline() == "held\n"
        yield running
        running.stdin.close()


def refusal(folder: Path) -> str:
    with pytest.raises(StoreBusy) as refused, folder_lock(folder, alone=True):
        pass
    return str(refused.value)


def test_the_process_that_holds_it_now_is_named(tmp_path: Path) -> None:
    with process(tmp_path, "serve") as serving:
        with process(tmp_path, "show") as showing:
            both = refusal(tmp_path)
            assert f"process {serving.pid} (qa serve), since 20" in both
            assert f"process {showing.pid} (qa show), since 20" in both
            assert "words of a question" not in both
        told = refusal(tmp_path)
        assert f"process {serving.pid} (qa serve), since 20" in told
        assert str(showing.pid) not in told


def test_a_process_that_was_killed_is_not_named(tmp_path: Path) -> None:
    with process(tmp_path, "ask") as killed, process(tmp_path, "serve") as serving:
        killed.kill()
        killed.wait()
        told = refusal(tmp_path)
        assert f"process {serving.pid} (qa serve)" in told
        assert f"process {killed.pid} " not in told


def test_the_writer_is_named_to_readers(tmp_path: Path) -> None:
    with (
        process(tmp_path, "ingest", alone=True) as writing,
        pytest.raises(StoreBusy, match=rf"process {writing.pid} \(qa ingest\)"),
        folder_lock(tmp_path, alone=False),
    ):
        pass


def test_nobody_is_named_where_nobody_can_be(tmp_path: Path) -> None:
    with folder_lock(tmp_path, alone=False):
        for path in (tmp_path / "holders").iterdir():
            path.unlink()
        assert "in use by another process." in refusal(tmp_path)


def test_few_of_many_are_named_each_once(tmp_path: Path) -> None:
    with ExitStack() as stack:
        for number in range(3):
            stack.enter_context(process(tmp_path, f"serve{number}"))
        for _ in range(2):
            stack.enter_context(folder_lock(tmp_path, alone=False))
        told = refusal(tmp_path)
        assert told.count("process ") == 3
        assert "and 1 more" in told
    with folder_lock(tmp_path, alone=True):
        assert len(list((tmp_path / "holders").iterdir())) == 1


def test_holders_of_another_lock_are_not_named(tmp_path: Path) -> None:
    with folder_lock(tmp_path, alone=True, lock="writing.lock"), folder_lock(tmp_path, alone=False):
        assert refusal(tmp_path).count("process ") == 1
