"""A fake room, its application, and where there is one a browser to read it with."""

from __future__ import annotations

import contextlib
import os
import re
import socket
import threading
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from fastapi import FastAPI
from starlette.testclient import TestClient

from qa.web.context import PageTexts
from qa.web.limits import Limits
from qa.web.server import create_app

from .fake_room import FakeRoom

CHROMIUM = Path(os.environ.get("QA_CHROMIUM", "/usr/bin/chromium"))
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
ROOMY = Limits(requests_per_minute=10_000)


QUESTION = re.compile("Your question|Su pregunta")
"""The label of the box, in each language."""

HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """gradio 6.31 counts its queue with calls that pandas 3 will drop: not this house's to mend."""
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.filterwarnings("ignore::DeprecationWarning:gradio"))


create_pages = partial(create_app, asking_page=False)
"""The application without the page that gradio takes a second to build."""


@pytest.fixture(scope="module")
def room_of_all() -> FakeRoom:
    return FakeRoom()


@pytest.fixture(scope="module")
def application(room_of_all: FakeRoom) -> FastAPI:
    """The whole application over a fake room, made once for all tests of a file."""
    return create_app(room_of_all, limits=ROOMY)


@pytest.fixture
def room(room_of_all: FakeRoom) -> FakeRoom:
    """The room of the application, as new."""
    room_of_all.__init__()  # type: ignore[misc]
    return room_of_all


@pytest.fixture
def client(application: FastAPI, room: FakeRoom) -> TestClient:
    return TestClient(application, raise_server_exceptions=False)


@contextlib.contextmanager
def served(app: FastAPI) -> Iterator[str]:
    """The application on a free port of this machine, until the block ends; gives its address."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        port = listening.getsockname()[1]
    server = uvicorn.Server(uvicorn.Config(app, port=port, log_level="warning", timeout_graceful_shutdown=1, ws="none"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        assert thread.is_alive(), "the server did not start"
        time.sleep(0.02)
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join(timeout=5)


@pytest.fixture(scope="session")
def site_room() -> FakeRoom:
    return FakeRoom(delay=0.3)


@pytest.fixture(scope="session")
def site(site_room: FakeRoom) -> Iterator[str]:
    """A served page over the fake room."""
    texts = PageTexts(help="Where to report, and where to get help")
    with served(create_app(site_room, texts=texts, limits=ROOMY, embed_sites=["https://news.example"])) as address:
        yield address


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """Chromium, for one file of tests: while its driver runs, no test can run an event loop of its own."""
    required = os.environ.get("QA_REQUIRE_BROWSER") == "1"
    if not CHROMIUM.exists() and not required:
        pytest.skip(f"no chromium at {CHROMIUM}")
    if not required:
        pytest.importorskip("playwright")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        running = driver.chromium.launch(executable_path=str(CHROMIUM), args=ARGUMENTS)
        yield running
        running.close()


@pytest.fixture
def open_page(browser: Any, site: str) -> Iterator[Callable[..., Any]]:
    """Opens the page in a fresh profile, `live` with gradio's controls; keywords go to the browser context."""
    contexts = []

    def opened(path: str = "/", *, width: int = 1280, height: int = 900, live: bool = True, **options: Any) -> Any:
        context = browser.new_context(viewport={"width": width, "height": height}, **options)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(15_000)
        page.goto(site + path)
        if path == "/" and live:
            page.dispatch_event("#plain-question", "focusin")  # leaves the focus where it is
            page.wait_for_selector("#question textarea")
            page.wait_for_selector("p.loading", state="detached")
        return page

    yield opened
    for context in contexts:
        context.close()
