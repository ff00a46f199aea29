"""Processes that read while another one writes, is killed, or removes: nobody is refused, and nothing is half there."""

from __future__ import annotations

import contextlib
import json
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from qa.models.deliveries import Notice, NoticeKind
from qa.store.document_store import opened, opened_for_notices
from qa.store.transfer import restore_backup
from tests.store import reading_driver
from tests.store.test_kill import ROOT, STORIES, contents, start, stories

__all__ = ["stories"]
WITHIN = 10
"""Seconds in which a reader has to meet what was written."""


BACKUP = """
import sys
from datetime import datetime, UTC
from pathlib import Path
from qa.store.transfer import write_backup
print("begun", flush=True)
write_backup(Path(sys.argv[1]), Path(sys.argv[2]), program="archive-qa", at=datetime.now(UTC))
"""


@dataclass(frozen=True)
class Reading:
    """A process that reads, and what it finds."""

    process: subprocess.Popen[str]

    def find(self, words: str = "mayor bridge") -> dict[str, Any]:
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.write(f"{words}\n")
        self.process.stdin.flush()
        found: dict[str, Any] = json.loads(self.process.stdout.readline())
        assert found["wrong"] == []
        return found


@contextmanager
def reading(home: Path) -> Iterator[Reading]:
    with subprocess.Popen(
        [sys.executable, reading_driver.__file__, str(home)],
        cwd=ROOT,
        env={"PYTHONPATH": str(ROOT)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            assert process.stdout
            assert process.stdout.readline() == "open\n"
            yield Reading(process)
        finally:
            process.communicate()


def meets(readings: tuple[Reading, ...], as_expected: Callable[[dict[str, Any]], bool]) -> bool:
    """Whether every reader finds what is expected in time."""
    late = time.monotonic() + WITHIN
    while time.monotonic() < late:
        if all(as_expected(reader.find()) for reader in readings):
            return True
    return False


def test_two_readers_meet_all_that_comes_and_goes(tmp_path: Path, stories: Path) -> None:
    home = tmp_path / "home"
    first = stories.with_name("first.jsonl")
    first.write_text("\n".join(stories.read_text().split("\n")[:50]))
    with start(home, first) as process:
        process.communicate()
    with reading(home) as one, reading(home) as other:
        readers = (one, other)
        assert all(len(reader.find()["near"]) == 50 for reader in readers)
        with start(home, stories) as process:
            seen = []
            while process.poll() is None:
                # By their words: of texts so alike each new graph may leave another one unreached.
                seen.append(min(len(reader.find()["matching"]) for reader in readers))
            assert process.returncode == 0
        assert seen == sorted(seen)
        if STORIES > 300:
            assert len(set(seen)) > 2, "it was met only at the end"
        assert meets(readers, lambda found: len(found["near"]) == len(found["matching"]) == STORIES)
        with opened_for_notices(home) as book:
            book.add(Notice("s7", NoticeKind.WITHDRAWAL, "why", "ana", datetime.now(UTC)))
        for reader in readers:
            found = reader.find()
            assert "s7" not in {*found["near"], *found["matching"]}
        with opened(home, writing=True) as store:
            generation = store.published().generation
            store.remove("s8")
            for reader in readers:
                found = reader.find()
                assert "s8" not in {*found["near"], *found["matching"]}
            assert store.published().generation == generation + 1
            assert store.check() == []
        assert not store_waits(home)
    assert [path.name for path in (home / "vectors").glob("generation-*[0-9]")] == [f"generation-{generation + 1:06d}"]


def store_waits(home: Path) -> str:
    with opened(home, writing=True) as store:
        return store.unscrubbed_since()


def test_a_reader_goes_on_when_the_writer_is_killed_and_the_next_one_too(tmp_path: Path, stories: Path) -> None:
    home = tmp_path / "home"
    first = stories.with_name("first.jsonl")
    first.write_text("\n".join(stories.read_text().split("\n")[:50]))
    with start(home, first) as process:
        process.communicate()
    with reading(home) as reader:
        before = 50
        for moment in (0.1, 0.7):
            with start(home, stories) as process:
                time.sleep(moment)
                process.send_signal(signal.SIGKILL)
            found = reader.find()
            assert set(found["near"]) == set(found["matching"])
            assert len(found["near"]) >= before
            before = len(found["near"])
        with start(home, stories) as process:
            process.communicate()
        assert meets((reader,), lambda found: len(found["near"]) == STORIES)


def test_a_reader_that_is_killed_keeps_nothing(tmp_path: Path, stories: Path) -> None:
    home = tmp_path / "home"
    stories.write_text("\n".join(stories.read_text().split("\n")[:50]))
    with start(home, stories) as process:
        process.communicate()
    with reading(home) as reader:
        assert len(reader.find()["near"]) == 50
        reader.process.kill()
        reader.process.wait()
        with opened(home, writing=True) as store:
            store.remove("s8")
            assert store.unscrubbed_since() == ""
        assert len(list((home / "vectors").glob("generation-*[0-9]"))) == 1


def test_a_backup_that_is_killed_is_whole_or_none(tmp_path: Path, stories: Path) -> None:
    home = tmp_path / "home"
    with start(home, stories) as process:
        process.communicate()
    whole = []
    for number, moment in enumerate((0.0, 0.1, 0.3, 60.0)):
        target = tmp_path / f"{number}.zip"
        command = [sys.executable, "-c", BACKUP, str(home), str(target)]
        with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE) as process:
            assert process.stdout
            process.stdout.readline()
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(moment)
            process.kill()
        if target.exists():
            restore_backup(target, tmp_path / str(number), replace=False)
            whole.append(contents(tmp_path / str(number)) == contents(home))
    assert whole
    assert all(whole)
