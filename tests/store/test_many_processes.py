"""Processes that read while another one writes, is killed, or removes: nobody is refused, and nothing is half there."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from typing import Any

import pytest

from qa.models.deliveries import Notice, NoticeKind
from qa.store.document_store import opened, opened_for_notices
from qa.store.transfer import restore_backup
from tests.processes import another
from tests.store import crash_driver, reading_driver
from tests.store.test_kill import STORIES, add, adding, contents, stories

__all__ = ["stories"]
WITHIN = 10
"""Seconds in which a reader has to meet what was written."""


@dataclass(frozen=True)
class Reading:
    """A process that reads, and what it finds."""

    process: ForkServerProcess
    pipe: Connection

    def find(self, words: str = "mayor bridge") -> dict[str, Any]:
        self.pipe.send(words)
        found: dict[str, Any] = self.pipe.recv()
        assert found["wrong"] == []
        return found


@contextmanager
def reading(home: Path) -> Iterator[Reading]:
    with another(reading_driver.look, home) as (process, pipe):
        assert pipe.recv() == "open"
        yield Reading(process, pipe)


@pytest.fixture
def home(tmp_path: Path, stories: Path) -> Path:
    """An archive that has the first fifty of the stories."""
    first = stories.with_name("first.jsonl")
    first.write_text("\n".join(stories.read_text().split("\n")[:50]))
    add(tmp_path / "home", first)
    return tmp_path / "home"


def meets(readings: tuple[Reading, ...], as_expected: Callable[[dict[str, Any]], bool]) -> bool:
    """Whether every reader finds what is expected in time."""
    late = time.monotonic() + WITHIN
    while time.monotonic() < late:
        if all(as_expected(reader.find()) for reader in readings):
            return True
    return False


def test_two_readers_meet_all_that_comes_and_goes(home: Path, stories: Path) -> None:
    with reading(home) as one, reading(home) as other:
        readers = (one, other)
        assert all(len(reader.find()["near"]) == 50 for reader in readers)
        with adding(home, stories) as process:
            seen = []
            while process.is_alive():
                # By their words: of texts so alike each new graph may leave another one unreached.
                seen.append(min(len(reader.find()["matching"]) for reader in readers))
                process.join(0.1)
            assert process.exitcode == 0
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


def test_a_reader_goes_on_when_the_writer_is_killed_and_the_next_one_too(home: Path, stories: Path) -> None:
    with reading(home) as reader:
        before = 50
        for moment in (0.1, 0.7):
            with adding(home, stories) as process:
                time.sleep(moment)
                process.kill()
            found = reader.find()
            assert set(found["near"]) == set(found["matching"])
            assert len(found["near"]) >= before
            before = len(found["near"])
        add(home, stories)
        assert meets((reader,), lambda found: len(found["near"]) == STORIES)


def test_a_reader_that_is_killed_keeps_nothing(home: Path) -> None:
    with reading(home) as reader:
        assert len(reader.find()["near"]) == 50
        reader.process.kill()
        reader.process.join()
        with opened(home, writing=True) as store:
            store.remove("s8")
            assert store.unscrubbed_since() == ""
        assert len(list((home / "vectors").glob("generation-*[0-9]"))) == 1


def test_a_backup_that_is_killed_is_whole_or_none(tmp_path: Path, stories: Path) -> None:
    home = tmp_path / "home"
    add(home, stories)
    whole = []
    for number, moment in enumerate((0.0, 0.1, 0.3, 60.0)):
        target = tmp_path / f"{number}.zip"
        with another(crash_driver.back_up, home, target) as (process, pipe):
            assert pipe.recv() == "begun"
            process.join(moment)
            process.kill()
        if target.exists():
            restore_backup(target, tmp_path / str(number), replace=False)
            whole.append(contents(tmp_path / str(number)) == contents(home))
    assert whole
    assert all(whole)
