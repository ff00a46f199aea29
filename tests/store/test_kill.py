"""`kill -9` at any moment: what was stored stays, the next run completes it, and nothing is half there."""

from __future__ import annotations

import json
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from qa.store.document_store import opened
from tests.store import crash_driver
from tests.store.conftest import held
from tests.tiers import share_of

ROOT = Path(__file__).parents[2]
STORIES = share_of(1_500)
KILLS = share_of(6)


@pytest.fixture
def stories(tmp_path: Path) -> Path:
    path = tmp_path / "stories.jsonl"
    lines = (
        {"id": f"s{n}", "title": f"Story {n}", "text": f"The mayor opened bridge {n}. It cost {n * 7} pounds. " * 30}
        for n in range(STORIES)
    )
    path.write_text("\n".join(map(json.dumps, lines)))
    return path


def start(home: Path, stories: Path) -> subprocess.Popen[bytes]:
    process = subprocess.Popen(
        [sys.executable, crash_driver.__file__, str(home), str(stories)],
        cwd=ROOT,
        env={"PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
    )
    assert process.stdout
    assert process.stdout.readline() == b"open\n"
    return process


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
    with start(tmp_path / "undisturbed", stories) as process:
        process.communicate()
    seconds = time.perf_counter() - begun
    expected = contents(tmp_path / "undisturbed")
    assert len(expected) == STORIES
    home, held, deaths = tmp_path / "killed", 0, 0
    moments = random.Random(7)
    for _ in range(KILLS):
        with start(home, stories) as process:
            time.sleep(moments.uniform(0.02, 0.5) * seconds)
            deaths += process.poll() is None
            process.send_signal(signal.SIGKILL)
        found = recovered(home)
        assert len(found) >= held, "an article that was stored is gone"
        assert found.items() <= expected.items()
        held = len(found)
    assert deaths, "no kill came in time"
    with start(home, stories) as process:
        process.communicate()
    assert process.returncode == 0
    assert recovered(home) == expected
