"""Runs commands in this process, each test in an archive of its own."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from qa.archive import ingesting, parts
from qa.cli import ingesting as commands
from qa.cli.main import app
from qa.protocols import Encoder
from tests.fakes import FakeEncoder, FakeReader

STORIES = {
    "bridge.md": "---\nid: bridge\ntitle: Mayor opens the new bridge\npublished: 1987-02-26\noutlet: Daily Post\n"
    "url: http://post.example/bridge\n---\nThe mayor, Ana Ruiz, opened the new bridge over the Lérez on Monday. "
    "It cost 9 million pounds.\n\nWork on it had begun in 1983.\n",
    "river.md": "---\nid: river\ntitle: River rises by three metres\npublished: 1990-01-01\noutlet: Daily Post\n---\n"
    "The river rose by three metres on Sunday night. Fourteen families were taken to a school.\n",
    "cocoa.md": "---\nid: cocoa\ntitle: Cocoa prices fall\noutlet: Market News\n---\n"
    "Cocoa prices fell by 3.5 pct in London. Traders named the dry weather in Bahia as the reason.\n",
    "hostile.md": "---\nid: hostile\ntitle: <script>alert(1)</script> [bold]Title[/bold]\npublished: 2001-01-01\n"
    "outlet: <b>Outlet</b>\n---\n"
    "The <script>alert(2)</script> tag was found by the webmaster Karl Otto & his dog. [red]It stayed.[/red]\n",
}


@dataclass(frozen=True)
class Told:
    """What a command printed, and its exit status."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)

    @property
    def lines(self) -> list[Any]:
        return [json.loads(line) for line in self.out.splitlines()]


Qa = Callable[..., Told]


def run(*arguments: str | Path) -> Told:
    result = CliRunner().invoke(app, [str(argument) for argument in arguments])
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    assert "Traceback" not in result.stderr
    return Told(result.exit_code, result.stdout, result.stderr)


def use(encoder: Encoder, patch: pytest.MonkeyPatch) -> None:
    """Has commands encode by this encoder; the support model keeps the packaged one."""
    for module in (parts, ingesting, commands):
        patch.setattr(module, "encoder_of", lambda settings: encoder)
    patch.setattr(parts, "reader_of", lambda settings, encoder: FakeReader())
    patch.setattr(parts, "questions_of", lambda settings, encoder: None)
    patch.setenv("QA_ENCODER", "fake")


def filled(folder: Path, *files: Path) -> Path:
    """The folder of an archive of these files, by a quick encoder."""
    with pytest.MonkeyPatch.context() as patch:
        asked_over(folder / "data", patch)("ingest", *files)
    return folder / "data"


def asked_over(home: Path, patch: pytest.MonkeyPatch) -> Qa:
    """`qa` with a quick encoder over an archive."""
    patch.setenv("QA_HOME", str(home))
    use(FakeEncoder(), patch)
    return run


@pytest.fixture(autouse=True)
def _no_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("QA_")]:
        monkeypatch.delenv(name)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("QA_HOME", str(tmp_path / "data"))
    return tmp_path / "data"


@pytest.fixture
def qa(home: Path, monkeypatch: pytest.MonkeyPatch) -> Qa:
    """`qa` with a quick encoder and an archive of the test's own."""
    return asked_over(home, monkeypatch)


@pytest.fixture
def put(tmp_path: Path) -> Callable[[str, str | bytes], Path]:
    def write(name: str, content: str | bytes) -> Path:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return write


@pytest.fixture(scope="session")
def news(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of articles."""
    folder = tmp_path_factory.mktemp("news")
    for name, content in STORIES.items():
        (folder / name).write_text(content, encoding="utf-8")
    return folder


@pytest.fixture(scope="session")
def news_home(tmp_path_factory: pytest.TempPathFactory, news: Path) -> Path:
    """An archive of those articles by a quick encoder, for reading only."""
    return filled(tmp_path_factory.mktemp("filled"), news)


@pytest.fixture
def looking(news_home: Path, monkeypatch: pytest.MonkeyPatch) -> Qa:
    """`qa` over that archive, for what changes nothing in it."""
    return asked_over(news_home, monkeypatch)


@pytest.fixture(scope="session")
def stocked_home(tmp_path_factory: pytest.TempPathFactory, news: Path, encoder: Encoder) -> Path:
    """An archive of those articles by the real encoder, for reading only."""
    home = tmp_path_factory.mktemp("stocked") / "data"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("QA_HOME", str(home))
        use(encoder, patch)
        assert run("ingest", news).code == 0
    return home


@pytest.fixture
def asking(stocked_home: Path, encoder: Encoder, monkeypatch: pytest.MonkeyPatch) -> Qa:
    """`qa` with the real encoder over the stocked archive."""
    monkeypatch.setenv("QA_HOME", str(stocked_home))
    use(encoder, monkeypatch)
    return run
