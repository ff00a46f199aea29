"""`qa` with a quick encoder and an archive of the test's own, and files for it."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from qa.wiring import salvaging
from tests.cli.conftest import Qa, run, use
from tests.fakes import FakeEncoder
from tests.security.damage import fill, text_files


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    return text_files(tmp_path / "news")


@pytest.fixture
def home(tmp_path: Path, files: list[Path]) -> Path:
    """The folder of a small archive."""
    fill(tmp_path / "home", files)
    return tmp_path / "home"


@pytest.fixture
def qa(home: Path, monkeypatch: pytest.MonkeyPatch) -> Qa:
    for name in [name for name in os.environ if name.startswith("QA_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("QA_HOME", str(home))
    use(FakeEncoder(), monkeypatch)
    monkeypatch.setattr(salvaging, "encoder_of", lambda settings: FakeEncoder())
    monkeypatch.setenv("QA_MULTILINGUAL", "never")
    return run


@pytest.fixture
def on_read_only_media(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Lets `os.access` say from then on what it says of read-only media, whoever asks."""

    def refuse() -> None:
        real = os.access
        monkeypatch.setattr(os, "access", lambda path, mode, **more: mode != os.W_OK and real(path, mode, **more))

    return refuse
