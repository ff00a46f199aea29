"""Correcting, withdrawing, embargoing and restoring, from the command line and beside a page that is served."""

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
from tests.cli.conftest import Qa, run, use
from tests.fakes import FakeEncoder

Put = Callable[[str, str | bytes], Path]
ROOT = Path(__file__).parents[2]
HOLD = """
import sys
from pathlib import Path
from qa.store.document_store import opened
from tests.fakes import FakeEncoder
with opened(Path(sys.argv[1]), writing=False) as store:
    store.near(FakeEncoder().encode(["mayor"])[0], limit=9)
    print(len(store.matching(["mayor"], limit=9)), flush=True)
    sys.stdin.readline()
    print(len(store.matching(["mayor"], limit=9)), flush=True)
    sys.stdin.readline()
"""


@contextmanager
def reader(home: Path) -> Iterator[subprocess.Popen[str]]:
    """Another process that has the archive open; it says how many passages it finds, now and when it is asked."""
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(home)], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout
        assert process.stdout.readline() == "1\n"
        yield process
        process.communicate()


def asks(process: subprocess.Popen[str]) -> int:
    assert process.stdin
    assert process.stdout
    process.stdin.write("\n")
    process.stdin.flush()
    return int(process.stdout.readline())


def traces(home: Path, *words: bytes) -> list[Path]:
    files = [path for path in home.rglob("*") if path.is_file()]
    assert files
    return [path for path in files if any(word in path.read_bytes().lower() for word in words)]


def test_a_correction_is_told_and_kept(qa: Qa, news: Path) -> None:
    qa("ingest", news)
    told = qa("correct", "river", "--text", "It was two\nmetres. [b]x[/b]", "--date", "1990-01-03", "--by", "Ana Ruiz")
    assert (told.code, told.err) == (0, "")
    shown = qa("show", "river", "--json").json
    correction = {"text": "It was two metres. [b]x[/b]", "date": "1990-01-03"}
    assert (shown["status"], shown["corrections"]) == ("corrected", [correction])
    assert "Correction, 3 January 1990: It was two metres. [b]x[/b]" in qa("show", "river").out
    assert "[corrected]" in qa("list").out
    (notice,) = qa("notices", "--json").json
    assert notice.keys() == {"id", "kind", "text", "date", "until", "review_on", "by", "at", "pending"}
    assert (notice["id"], notice["kind"], notice["by"]) == ("river", "correction", "Ana Ruiz")
    assert qa("ingest", news, "--json").json["unchanged"] == 4
    assert qa("show", "river", "--json").json["corrections"] == [correction]


def test_an_answer_shows_the_correction_before_the_quote(
    qa: Qa, stocked_home: Path, home: Path, encoder: Encoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(stocked_home, home)
    use(encoder, monkeypatch)
    question = "Who opened the new bridge over the Lérez?"
    assert qa("ask", question, "--json").json["citations"][0]["correction"] is None
    qa("correct", "bridge", "--text", "It was the deputy mayor.", "--date", "1987-03-01")
    lines = qa("ask", question).out.splitlines()
    assert lines[0] == "Correction, 1 March 1987: It was the deputy mayor."
    assert lines[1].startswith("Daily Post, 26 February 1987: “The mayor")
    (first, *_) = qa("ask", question, "--json").json["citations"]
    assert first["correction"] == {"text": "It was the deputy mayor.", "date": "1987-03-01"}
    qa("withdraw", "bridge", "--reason", "Named in error.")
    assert "bridge" not in [c["article_id"] for c in qa("ask", question, "--json").json["citations"]]


def test_withdrawing_embargoing_and_restoring(qa: Qa, news: Path) -> None:
    qa("ingest", news)
    told = qa("withdraw", "river", "--reason", "Named in error.", "--json")
    assert (told.code, told.json["kind"], told.json["pending"]) == (0, "withdrawal", False)
    assert "river" not in qa("search", "river").out
    assert qa("list").out.endswith("3 articles, 26 February 1987 to 1 January 2001.\n")
    assert {one["id"]: one["status"] for one in qa("list", "--json").json}["river"] == "withdrawn"
    assert qa("show", "river", "--json").json["withdrawn"]["reason"] == "Named in error."
    assert "Not shown to readers: withdrawn: Named in error." in qa("show", "river").out
    assert qa("ingest", news).code == 0
    assert "river" not in qa("search", "river").out
    assert qa("restore", "river", "--reason", "It was right.").code == 0
    assert "river" in qa("search", "river").out
    assert qa("embargo", "river", "--until", "2901-01-01T01:00+01:00").code == 0
    assert "river" not in qa("search", "river").out
    assert qa("show", "river", "--json").json["embargo"] == "2901-01-01T00:00:00Z"
    assert [one["kind"] for one in qa("notices", "river", "--json").json] == ["withdrawal", "restoration", "embargo"]
    words = qa("notices").out
    assert "river  withdrawal, dated " in words
    assert "river  embargo until 2901-01-01T00:00:00Z, by " in words
    assert qa("notices", "bridge").out == "No notices.\n"


UNUSABLE = (
    *(("correct", "none", "--text", "x"), ("correct", "river", "--text", " \n"), ("correct", "river")),
    ("correct", "river", "--text", "x" * 3_000),
    ("correct", "river", "--text", "x", "--date", "2005-02-30"),
    *(("withdraw", "none", "--reason", "x"), ("withdraw", "river"), ("withdraw", "river", "--erase")),
    *(("restore", "none"), ("restore", "river"), ("embargo", "river"), ("embargo", "none", "--until", "2901-01-01")),
    *(("embargo", "river", "--until", "soon"), ("embargo", "river", "--until", "2001-01-01")),
)


def test_what_cannot_be_said(looking: Qa) -> None:
    for command in UNUSABLE:
        told = looking(*command)
        assert (told.code, told.out, bool(told.err)) == (2, "", True), command
    assert looking("notices", "--json").json == []


def test_an_erased_article_leaves_its_notice_and_no_word(qa: Qa, home: Path, news: Path, put: Put) -> None:
    secret = put("secret.txt", "Heliotropes in Pontevedra\n\nThe xylophonist zzyzx kept quiet. Ñandúes too.")
    qa("ingest", news, secret)
    qa("correct", "secret", "--text", "The zzyzx was none.")
    assert "zzyzx" in qa("ask", "Who kept quiet?", "--json").json["citations"][0]["quote"]
    words = (b"heliotrop", b"xylophonist", b"zzyzx", "ñandú".encode())
    assert traces(home, *words)
    told = qa("withdraw", "secret", "--reason", "Asked for.", "--erase", "--by", "Ana")
    assert (told.code, told.out) == (0, "Withdrew secret and erased it from the disk.\n")
    assert not traces(home, *words)
    assert [(one["kind"], one["text"], one["by"]) for one in qa("notices", "--json").json][1:] == [
        ("erasure", "Asked for.", "Ana")
    ]
    assert qa("notices", "--json").json[0]["text"] == ""
    assert qa("show", "secret").code == 2
    assert qa("check").code == 0
    again = qa("ingest", secret)
    assert "withdrawn and erased" in again.err
    assert again.out.startswith("0 added, 0 updated, 1 unchanged")
    assert not traces(home, *words)
    assert qa("restore", "secret").code == 0
    assert qa("ingest", secret).out.startswith("1 added")
    assert "secret" in qa("search", "xylophonist").out


@pytest.fixture
def _little_patience(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("qa.store.document_store.PATIENCE", 0.5)


@pytest.mark.usefixtures("_little_patience")
def test_beside_a_reader_who_asks_nothing_an_erasure_is_pending(qa: Qa, home: Path, news: Path, put: Put) -> None:
    qa("ingest", put("secret.txt", "Heliotropes\n\nThe mayor met the xylophonist."), put("b.txt", "River\n\nIt rose."))
    with reader(home) as process:
        told = qa("withdraw", "secret", "--reason", "Asked for.", "--erase", "--json")
        assert (told.code, told.json["pending"]) == (4, True)
        assert f"process {process.pid}" in told.err
        assert "qa check --repair" in told.err
        assert asks(process) == 0
        assert not traces(home, b"xylophonist")  # its words are gone; its vectors are in the former index
        assert qa("notices", "--json").json[0]["pending"]
        assert qa("check").code == 1
    assert qa("withdraw", "secret", "--erase").code == 0
    assert len(list((home / "vectors").glob("generation-*[0-9]"))) == 1
    assert not any(one["pending"] for one in qa("notices", "--json").json)
    assert qa("check").code == 0


@pytest.mark.usefixtures("_little_patience")
def test_repairing_carries_out_an_erasure_that_waits(qa: Qa, home: Path, put: Put) -> None:
    qa("ingest", put("secret.txt", "Heliotropes\n\nThe mayor met the xylophonist."))
    with reader(home):
        assert qa("withdraw", "secret", "--reason", "Asked for.", "--erase").code == 4
    assert qa("check", "--repair").code == 0
    assert not traces(home, b"xylophonist", b"heliotrop")


@contextmanager
def served(home: Path) -> Iterator[httpx.Client]:
    """`qa serve` in a process of its own over an archive."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        port = listening.getsockname()[1]
    environment = {**os.environ, "QA_HOME": str(home), "QA_REQUESTS_PER_MINUTE": "1000"}
    command = [sys.executable, "-m", "qa.cli.main", "serve", "--port", str(port)]
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
    with served(home) as first, served(home) as second:
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
