"""A served archive, and the page's application over a fake room."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import gradio as gr
import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from qa.web import server
from qa.web.room import Limits
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
    build = server.build_page

    def built(*arguments: object, **options: object) -> gr.Blocks:
        pages.append(build(*arguments, **options))  # type: ignore[arg-type]
        return pages[-1]

    patch.setattr(server, "build_page", built)
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
