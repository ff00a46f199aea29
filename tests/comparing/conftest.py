"""The demo archive and one of made-up reports, each opened for questions."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from qa.archive.archive import Archive
from tests.archives import DEMO, Archives

HERE = Path(__file__).parent
Open = Callable[[str], Archive]


@pytest.fixture(scope="session")
def opened(archives: Archives) -> Open:
    """An archive by its name: demo, or own."""
    paths = {"demo": DEMO, "own": (str(HERE / "agreeing.jsonl"),)}
    return lambda name: archives.open(name, paths[name]).archive
