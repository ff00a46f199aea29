"""`kill -9` at any moment: what was stored stays, the next run completes it, and nothing is half there."""

from __future__ import annotations

import json
import random
import time
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.context import ForkServerProcess
from pathlib import Path

import pytest

from qa.store.document_store import opened
from tests.processes import another
from tests.store import crash_driver
from tests.store.conftest import held
from tests.tiers import share_of

STORIES = share_of(1_500)
KILLS = share_of(6)


@pytest.fixture
def stories(tmp_path: Path) -> Path:
    """Each of two passages, with few figures: of those that write, most of the time is to be spent in writing."""
    path = tmp_path / "stories.jsonl"
    path.write_text(
        "\n".join(json.dumps({"id": f"s{n}", "title": f"Story {n}", "text": text(n)}) for n in range(STORIES))
    )
    return path


def text(number: int) -> str:
    sentences = f"The mayor opened bridge b{number}. It is at gate g{number}. "
    return f"It cost {number * 7} pounds. {sentences * 30}"


@contextmanager
def adding(home: Path, stories: Path) -> Iterator[ForkServerProcess]:
    """A process that ingests stories and has begun to."""
    with another(crash_driver.add, home, stories) as (process, pipe):
        assert pipe.recv() == "open"
        yield process


def add(home: Path, stories: Path) -> None:
    with adding(home, stories) as process:
        pass
    assert process.exitcode == 0


def contents(home: Path) -> dict[str, tuple[str, list[str]]]:
    with opened(home, writing=False) as store:
        return held(store)


def recovered(home: Path) -> dict[str, tuple[str, list[str]]]:
    """What there is after a death and a restart, proven sound."""
    with opened(home, writing=True) as store:
        assert store.check() == []
    return contents(home)


def test_kills_at_random_moments(tmp_path: Path, stories: Path) -> None:
    begun = time.perf_counter()
    add(tmp_path / "undisturbed", stories)
    seconds = time.perf_counter() - begun
    expected = contents(tmp_path / "undisturbed")
    assert len(expected) == STORIES
    home, held, deaths = tmp_path / "killed", 0, 0
    moments = random.Random(7)
    for _ in range(KILLS):
        with adding(home, stories) as process:
            time.sleep(moments.uniform(0.02, 0.5) * seconds)
            deaths += process.is_alive()
            process.kill()
        found = recovered(home)
        assert len(found) >= held, "an article that was stored is gone"
        assert found.items() <= expected.items()
        held = len(found)
    assert deaths, "no kill came in time"
    add(home, stories)
    assert recovered(home) == expected
