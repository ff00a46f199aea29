"""Correcting, withdrawing, embargoing and restoring, from the command line and beside another process that reads."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerProcess
from pathlib import Path

import pytest

from qa.protocols import Encoder
from tests.cli.conftest import Qa, use
from tests.processes import another
from tests.store import reading_driver

Put = Callable[[str, str | bytes], Path]


@contextmanager
def reader(home: Path) -> Iterator[tuple[ForkServerProcess, Connection]]:
    """Another process that has the archive open; it says how many passages it finds, now and when it is asked."""
    with another(reading_driver.count, home) as (process, pipe):
        assert pipe.recv() == 1
        yield process, pipe


def traces(home: Path, *words: bytes) -> list[Path]:
    files = [path for path in home.rglob("*") if path.is_file()]
    assert files
    return [path for path in files if any(word in path.read_bytes().lower() for word in words)]


def test_a_correction_is_told_and_kept(qa: Qa, news: Path) -> None:
    qa("ingest", news)
    told = qa("correct", "river", "--text", "It was two\nmetres. [b]x[/b]", "--date", "1990-01-03", "--by", "Ana Ruiz")
    assert (told.code, told.err) == (0, "")
    shown = qa("show", "river", "--json").json
    correction = {"text": "It was two metres. [b]x[/b]", "date": "1990-01-03", "printed_in": ""}
    assert (shown["status"], shown["corrections"]) == ("corrected", [correction])
    assert "Correction, 3 January 1990: It was two metres. [b]x[/b]" in qa("show", "river").out
    assert "[corrected]" in qa("list").out
    (notice,) = qa("notices", "--json").json
    assert notice.keys() == {"id", "kind", "text", "date", "until", "review_on", "by", "at", "pending"}
    assert (notice["id"], notice["kind"], notice["by"]) == ("river", "correction", "Ana Ruiz")
    assert qa("ingest", news, "--json").json["unchanged"] == 4
    assert qa("show", "river", "--json").json["corrections"] == [correction]


def test_a_correction_can_be_taken_back_and_made_anew_but_not_twice(qa: Qa, news: Path) -> None:
    qa("ingest", news)
    qa("correct", "river", "--text", "It was two metres.")
    assert "already" in qa("correct", "river", "--text", "It was two metres.").err
    assert "no such correction" in qa("correct", "river", "--take-back", "--text", "It was three metres.").err
    assert qa("correct", "river", "--take-back", "--text", "It was two metres.").code == 0
    assert qa("show", "river", "--json").json["corrections"] == []
    assert "correction taken back" in qa("notices").out
    assert qa("correct", "river", "--text", "It was two metres.").code == 0
    assert [one["text"] for one in qa("show", "river", "--json").json["corrections"]] == ["It was two metres."]
    assert "--date" in qa("correct", "river", "--take-back", "--text", "It was two metres.", "--date", "1990-01-03").err
    future = qa("correct", "river", "--text", "It was one metre.", "--date", "2999-01-01")
    assert "still to come" in future.err


def test_what_the_same_text_is_held_as_too_is_named(qa: Qa, put: Put) -> None:
    text = "---\ntitle: The river\n---\nThe river rose by two metres on Monday.\n"
    qa("ingest", put("a.md", text), put("b.md", text), put("c.md", text.replace("two", "three")))
    told = qa("correct", "a", "--text", "It was one metre.")
    assert (told.code, told.err) == (0, "note: this does not reach b, held with the same text.\n")
    assert "does not reach a," in qa("withdraw", "b", "--reason", "A reprint.").err
    removed = qa("remove", "c")
    assert (removed.out, "ingesting that again brings it back" in removed.err) == ("Removed c.\n", True)


def test_what_a_file_no_longer_says_of_its_article_is_told(qa: Qa, put: Put) -> None:
    front = "---\ntitle: The river\nwithdrawn: Named in error.\ncorrection: It was one metre.\n---\n"
    qa("ingest", put("a.md", f"{front}The river rose by two metres.\n"))
    told = qa("ingest", put("a.md", "---\ntitle: The river\n---\nThe river rose by two metres.\n"))
    assert "its file no longer withdraws it" in told.err + told.out
    assert "its file no longer has a correction that it had" in told.err + told.out
    again = qa("ingest", put("a.md", "---\ntitle: The river\n---\nThe river rose by two metres.\n"))
    assert "1 unchanged" in again.out
    assert "no longer" not in again.err + again.out


def test_an_answer_shows_the_correction_before_the_quote(
    qa: Qa, stocked_home: Path, home: Path, encoder: Encoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(stocked_home, home)
    use(encoder, monkeypatch)
    question = "Who opened the new bridge over the Lérez?"
    assert qa("ask", question, "--json").json["citations"][0]["correction"] is None
    qa("correct", "bridge", "--text", "It was the deputy mayor.", "--date", "1987-03-01")
    lines = qa("ask", question).out.splitlines()
    assert lines[:2] == ["Possibly:", "Correction, 1 March 1987: It was the deputy mayor."]
    assert lines[2].startswith("Daily Post, 26 February 1987: “The mayor")
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
    with reader(home) as (process, pipe):
        told = qa("withdraw", "secret", "--reason", "Asked for.", "--erase", "--json")
        assert (told.code, told.json["pending"]) == (4, True)
        assert f"process {process.pid}" in told.err
        assert "qa check --repair" in told.err
        pipe.send("again")
        assert pipe.recv() == 0
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
