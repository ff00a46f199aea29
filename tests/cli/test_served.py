"""Pages that `qa serve` serves from processes of their own, while commands are run on their archive beside them."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from qa.protocols import Encoder
from tests.cli import recorded_serving
from tests.cli.conftest import run, use
from tests.fakes import FakeEncoder

Put = Callable[[str, str | bytes], Path]
ROOT = Path(__file__).parents[2]


@contextmanager
def served(home: Path, *, program: str = "qa.cli.main") -> Iterator[httpx.Client]:
    """`qa serve` in a process of its own over an archive."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        port = listening.getsockname()[1]
    environment = {**os.environ, "QA_HOME": str(home), "QA_REQUESTS_PER_MINUTE": "1000"}
    command = [sys.executable, "-m", program, "serve", "--port", str(port)]
    with subprocess.Popen(command, cwd=ROOT, env=environment, stderr=subprocess.DEVNULL) as process:
        try:
            with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=60) as client:
                _wait_for(client, process)
                yield client
        finally:
            process.terminate()


def _wait_for(client: httpx.Client, process: subprocess.Popen[bytes]) -> None:
    while True:
        assert process.poll() is None, "the server did not start"
        try:
            client.get("/health")
            return
        except httpx.TransportError:
            time.sleep(0.2)


def follows_notices(client: httpx.Client) -> None:
    """What is said of an article counts on a page at once."""
    question = {"question": "Who opened the new bridge over the Lérez?"}

    def cited() -> list[str]:
        reply = client.get("/api/ask", params=question).json()
        return [one["article_id"] for one in [*reply["citations"], *reply["nearest"]]]

    assert "bridge" in cited()
    assert client.get("/article/bridge").status_code == 200
    assert client.get("/health").json()["articles"] == 4
    assert run("correct", "bridge", "--text", "It was the deputy.").code == 0
    assert "It was the deputy." in client.get("/article/bridge").text
    assert "It was the deputy." in client.get("/api/ask", params=question).json()["text"]

    assert run("withdraw", "bridge", "--reason", "Named <in> error.").code == 0
    assert "bridge" not in cited()
    page = client.get("/article/bridge")
    assert page.status_code == 410
    assert "Named &lt;in&gt; error." in page.text
    assert "Ana Ruiz" not in page.text
    assert "Mayor opens" not in page.text
    assert client.get("/health").json()["articles"] == 3

    assert run("restore", "bridge").code == 0
    assert "bridge" in cited()
    assert run("embargo", "bridge", "--until", "2901-01-01").code == 0
    assert "bridge" not in cited()
    hidden, unknown = client.get("/article/bridge"), client.get("/article/none")
    assert (hidden.status_code, hidden.text) == (unknown.status_code, unknown.text) == (404, unknown.text)
    assert run("restore", "bridge").code == 0


def test_pages_that_are_served_follow_at_once(
    put: Put, home: Path, stocked_home: Path, encoder: Encoder, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    shutil.copytree(stocked_home, home)
    question = {"question": "Where did the heron of Torvik nest?"}
    new = put("new/heron.txt", "Heron nests in Torvik\n\nThe heron of Torvik nested on the church tower.")
    with served(home) as first, served(home, program=recorded_serving.__name__) as second:
        follows_notices(first)
        use(encoder, monkeypatch)  # here alone: what is served has the real one

        def cited(client: httpx.Client) -> list[str]:
            reply = client.get("/api/ask", params=question).raise_for_status().json()
            return [one["article_id"] for one in reply["citations"]]

        assert [cited(client) for client in (first, second)] == [[], []]
        assert run("ingest", new).code == 0
        assert [cited(client) for client in (first, second)] == [["heron"], ["heron"]]
        assert run("check", "--repair").code == 0  # a new generation
        assert [cited(client) for client in (first, second)] == [["heron"], ["heron"]]
        assert run("backup", tmp_path / "backup.zip").code == 0
        assert run("restore-backup", tmp_path / "backup.zip", "--replace").code == 3
        erased = run("withdraw", "heron", "--reason", "why", "--erase")
        assert (erased.code, cited(first), cited(second)) == (0, [], [])
        assert len(list((home / "vectors").glob("generation-*[0-9]"))) == 1
        use(FakeEncoder(), monkeypatch)
        assert run("reencode").code == 0
        for client in (first, second):
            assert client.get("/api/ask", params=question).status_code == 503
            assert client.get("/health").status_code == 503
