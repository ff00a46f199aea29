"""A small archive with `qa`, a served one, and the page's application over a fake room."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import gradio as gr
import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from qa.web import page, server
from qa.web.limits import Limits
from tests.cli.conftest import Qa, run, use
from tests.fakes import FakeEncoder
from tests.security.damage import fill, text_files
from tests.web.conftest import ROOMY
from tests.web.fake_room import FakeRoom

from .serving import Served, served_archive

HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """gradio 6.31 counts its queue with calls that pandas 3 will drop: not this house's to mend."""
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.filterwarnings("ignore::DeprecationWarning:gradio"))


@pytest.fixture(scope="session")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A real archive, really served, with room for many requests."""
    with served_archive(tmp_path_factory.mktemp("served"), requests_per_minute=100_000) as served:
        yield served


@dataclass
class Site:
    """The application over a fake room, and the page that it was made of."""

    app: FastAPI
    page: gr.Blocks
    room: FakeRoom = field(default_factory=FakeRoom)

    def client(self) -> TestClient:
        return TestClient(self.app, raise_server_exceptions=True)

    def event(self, name: str, event: str) -> int:
        """gradio's number of what happens at an event."""
        return next(
            number
            for number, function in self.page.fns.items()
            if function.name == name and event in {what for _, what in function.targets}
        )


def site_with(limits: Limits, patch: pytest.MonkeyPatch) -> Site:
    pages: list[gr.Blocks] = []
    build = page.build_page

    def built(*arguments: object, **options: object) -> gr.Blocks:
        pages.append(build(*arguments, **options))  # type: ignore[arg-type]
        return pages[-1]

    patch.setattr(page, "build_page", built)
    room = FakeRoom()
    app = server.create_app(room, limits=limits, embed_sites=["https://news.example"])
    return Site(app, pages[0], room)


@pytest.fixture
def site(monkeypatch: pytest.MonkeyPatch) -> Site:
    """For one test, which may serve it: gradio's queue doesn't start again once it was stopped."""
    return site_with(ROOMY, monkeypatch)


@pytest.fixture(scope="module")
def shared_site() -> Iterator[Site]:
    """For all tests of a file; it is never served."""
    with pytest.MonkeyPatch.context() as patch:
        yield site_with(ROOMY, patch)


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
    return run


@pytest.fixture
def on_read_only_media(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Lets `os.access` say from then on what it says of read-only media, whoever asks."""

    def refuse() -> None:
        real = os.access
        monkeypatch.setattr(os, "access", lambda path, mode, **more: mode != os.W_OK and real(path, mode, **more))

    return refuse
