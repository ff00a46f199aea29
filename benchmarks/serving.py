"""A page served in this process, for measuring."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn

from qa.review.office import Office
from qa.settings import Settings
from qa.web.room import Limits
from qa.web.server import create_app
from qa.wiring.archive import Archive


@contextmanager
def served(settings: Settings, archive: Archive, office: Office) -> Iterator[str]:
    """The address of the page on a free port, until the block ends."""
    limits = Limits(concurrency=settings.concurrency, requests_per_minute=settings.requests_per_minute)
    page = create_app(archive, office=office, limits=limits)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = uvicorn.Server(uvicorn.Config(page, port=port, log_level="warning", access_log=False))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.05)
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join(timeout=10)
