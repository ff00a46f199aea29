"""Two archives to ask: that of the demonstration, and one of made-up cases that came before courts."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from qa.archive.archive import Archive
from tests.archives import Archives

HERE = Path(__file__).parent
Record = dict[str, Any]


def lines(name: str) -> list[Record]:
    return [json.loads(line) for line in (HERE / name).read_text(encoding="utf-8").splitlines()]


@pytest.fixture(scope="session")
def probed(archives: Archives) -> dict[str, Archive]:
    """By name."""
    courts = archives.open("courts", [str(HERE / "courts.jsonl")])
    assert not courts.report.failed
    return {"demo": archives.demo().archive, "courts": courts.archive}
