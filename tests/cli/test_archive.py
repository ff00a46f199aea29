"""Filling, listing, showing, removing and checking."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from unittest.mock import Mock

import pytest

from qa.cli.output import BEHIND
from qa.models.journal import Channel, Making
from qa.models.replies import Answer, Citation, Question, Statement
from qa.review.permanent import Recorder
from qa.store.document_store import opened
from qa.store.journal.opening import opened_journal
from tests.cli.conftest import Qa, use
from tests.fakes import FakeEncoder

Put = Callable[[str, str | bytes], Path]
ROOT = Path(__file__).parents[2]


def test_the_report_of_an_ingestion(qa: Qa, news: Path, put: Put) -> None:
    told = qa("ingest", news, "--json")
    assert told.code == 0
    report = told.json
    assert (report["added"], report["updated"], report["unchanged"], report["failed"]) == (4, 0, 0, [])
    assert report["passages"] == 4
    assert isinstance(report["seconds"], float)
    counted = [
        "added",
        "updated",
        "unchanged",
        "failed",
        "notices",
        "older",
        "orders",
        "removed",
        "passages",
        "seconds",
    ]
    assert list(report) == counted
    assert qa("ingest", news, "--json").json["unchanged"] == 4
    put("extra/x.md", "no title, no front matter")
    told = qa("ingest", news, put("extra/y.txt", "A title\n\nA body."), put("extra/x.md", ""), "--json")
    assert told.code == 1
    assert told.json["added"] == 1
    assert told.json["failed"][0]["path"].endswith("x.md")


def test_an_ingestion_in_words(qa: Qa, news: Path, put: Put, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "nice", nice := Mock(return_value=0), raising=False)
    told = qa("ingest", news, put("cut.jsonl", '{"id": "1", "title": "A"}\n{"id": "2", "ti'))
    assert told.code == 1
    assert told.out.startswith("5 added, 0 updated, 0 unchanged, 1 failed; 5 passages in ")
    assert "cut.jsonl, line 2: a JSON object was expected" in told.err
    nice.assert_called_with(BEHIND)


@pytest.mark.parametrize(("number", "lines"), [(10, 10), (11, 1)])
def test_many_equal_notices_take_one_line(qa: Qa, put: Put, number: int, lines: int) -> None:
    record = {"title": "", "text": "A table."}
    path = put("a.jsonl", "\n".join(json.dumps({"id": str(n), **record}) for n in range(number)))
    told = qa("ingest", path)
    assert told.code == 0
    assert told.err.count("its first words stand in") == lines
    assert ("11 articles: it has no headline" in told.err) is (number == 11)
    other = put("b.jsonl", "\n".join(json.dumps({"id": f"b{n}", **record}) for n in range(number)))
    assert len(qa("ingest", other, "--json").json["notices"]) == number


def test_options_supply_what_a_file_lacks(qa: Qa, put: Put) -> None:
    path = put("a.txt", "A title\n\nA body.")
    qa("ingest", path, "--published", "2005-03-17", "--outlet", "The Post", "--url", "http://a.org", "--language", "es")
    shown = qa("show", "a", "--json").json
    assert (shown["published"], shown["outlet"]) == ("2005-03-17", "The Post")
    assert (shown["url"], shown["language"]) == ("http://a.org", "es")
    assert qa("ingest", path, "--published", "2005-02-30").code == 2


def test_the_list(looking: Qa, news: Path) -> None:
    listed = looking("list", "--json").json
    assert [one["id"] for one in listed] == [
        one["id"] for one in sorted(listed, key=lambda one: one["published"] or "9999")
    ]
    assert listed[0] == {
        "id": "bridge", "title": "Mayor opens the new bridge", "outlet": "Daily Post", "published": "1987-02-26",
        "language": "en", "kind": "article", "status": "live", "path": str(news / "bridge.md"),
    }  # fmt: skip
    words = looking("list").out
    assert "1987-02-26  bridge  Mayor opens the new bridge" in words
    assert "undated     cocoa" in words
    assert words.endswith("4 articles, 26 February 1987 to 1 January 2001.\n")


def test_showing_an_article(looking: Qa) -> None:
    shown = looking("show", "bridge", "--json").json
    assert shown["id"] == "bridge"
    assert shown["body"].startswith("The mayor, Ana Ruiz, opened")
    assert {"title", "outlet", "url", "published", "language", "kind", "status", "note", "extra"} <= shown.keys()
    words = looking("show", "bridge").out
    assert "Daily Post, 26 February 1987" in words
    assert words.rstrip().endswith("Work on it had begun in 1983.")


@pytest.mark.parametrize("article_id", ["none", "", "\udcff", "🙂", "' OR 1=1 --"])
def test_an_id_that_is_not_there(looking: Qa, article_id: str) -> None:
    for command in ("show", "remove"):
        told = looking(command, article_id)
        assert (told.code, told.out) == (2, "")
        assert "qa list" in told.err
    assert len(looking("list", "--json").json) == 4


def keep_an_answer(home: Path, article_id: str, words: str) -> None:
    """A reply in the journal that quotes an article."""
    with opened(home, writing=False) as store, opened_journal(home) as journal:
        article = store.article(article_id)
        start = article.body.index(words)
        quote = Citation(1, article.source, start, start + len(words), words)
        reply = Answer(Question("Who kept quiet?"), (Statement(words, (quote,)),))
        Recorder(journal.records, store.article, Making("0", "fake")).keep(reply, channel=Channel.PAGE, seconds=0.1)


def test_a_removed_article_leaves_no_trace(qa: Qa, home: Path, news: Path, put: Put) -> None:
    secret = put("secret.txt", "Heliotropes in Pontevedra\n\nThe xylophonist zzyzx kept quiet about heliotropes.")
    qa("ingest", news, secret)
    words = (b"heliotrop", b"xylophonist", b"zzyzx")
    held = b"".join(path.read_bytes().lower() for path in home.rglob("*") if path.is_file())
    assert all(word in held for word in words)
    keep_an_answer(home, "secret", "The xylophonist zzyzx kept quiet about heliotropes.")
    assert qa("remove", "secret").out == "Removed secret.\n"
    for path in home.rglob("*"):
        if path.is_file():
            assert not [word for word in words if word in path.read_bytes().lower()], path
    assert qa("show", "secret").code == 2
    assert qa("search", "xylophonist", "--json").json == [] or "secret" not in qa("search", "xylophonist").out
    assert qa("check").code == 0


def test_the_former_text_of_an_article_is_kept_and_can_be_forgotten(qa: Qa, home: Path, news: Path, put: Put) -> None:
    qa("ingest", news, put("a.txt", "Title\n\nThe xylophonist was named in error."))
    assert qa("ingest", put("a.txt", "Title\n\nSomebody was named in error.")).code == 0
    assert "xylophonist" not in qa("search", "xylophonist", "--json").out
    assert "xylophonist" in qa("show", "a", "--versions").out
    assert qa("forget", "a").out == "Forgot 1 earlier text of a.\n"
    assert "xylophonist" not in qa("show", "a", "--versions").out
    assert not [path for path in home.rglob("*") if path.is_file() and b"xylophonist" in path.read_bytes().lower()]


def damage(home: Path) -> None:
    with closing(sqlite3.connect(home / "catalogue.sqlite3", isolation_level=None)) as connection:
        connection.execute("UPDATE articles SET body = 'Now: ' || body WHERE id = 'bridge'")


def test_checking_and_repairing(qa: Qa, home: Path, news: Path) -> None:
    qa("ingest", news)
    assert qa("check", "--json").json == {"ok": True, "problems": []}
    assert qa("check").out == "The archive is sound.\n"
    damage(home)
    told = qa("check")
    assert told.code == 1
    assert "bridge: " in told.err
    assert "qa check --repair" in told.out
    assert {one["article_id"] for one in qa("check", "--json").json["problems"]} == {"bridge"}
    assert qa("check", "--repair").code == 0
    assert qa("check", "--json").json["ok"]
    shown = qa("show", "bridge", "--json").json
    for hit in qa("search", "mayor bridge", "--json").json:
        if hit["article_id"] == "bridge":
            assert shown["body"][hit["start"] : hit["end"]] == hit["text"]
    damage(home)
    assert qa("reencode").out == "Encoded 3 articles.\n", "what is damaged keeps no other from being encoded"
    assert "bridge" in qa("list", "--damaged").out


def test_what_is_damaged_is_not_copied_as_sound(qa: Qa, home: Path, news: Path, tmp_path: Path) -> None:
    qa("ingest", news)
    assert qa("correct", "river", "--text", "It was the second.").code == 0
    with closing(sqlite3.connect(home / "catalogue.sqlite3")) as catalogue, catalogue:
        catalogue.execute("UPDATE notices SET text = 'It was the third.'")
    told = qa("migrate", "--to", tmp_path / "copy")
    assert told.code != 0
    assert "qa check" in told.err


def test_what_ended_a_correction_is_missed_until_it_is_written_again(qa: Qa, home: Path, news: Path) -> None:
    qa("ingest", news)
    qa("correct", "river", "--text", "It was the second.")
    qa("correct", "river", "--text", "It was the second.", "--take-back")
    with closing(sqlite3.connect(home / "catalogue.sqlite3")) as catalogue, catalogue:
        catalogue.execute("UPDATE notices SET who = 'Nobody' WHERE until IS NOT NULL")
    qa("correct", "river", "--text", "It was the third.")
    qa("correct", "river", "--text", "It was the third.", "--take-back")
    qa("correct", "river", "--text", "It was the third.")
    assert qa("check").code == 1, "or the first correction would stand again, and nobody would know"
    assert qa("correct", "river", "--text", "It was the second.", "--take-back").code == 0
    assert qa("check").code == 0
    assert [one["text"] for one in qa("show", "river", "--json").json["corrections"]] == ["It was the third."]


def test_another_encoder(qa: Qa, news: Path, put: Put, monkeypatch: pytest.MonkeyPatch) -> None:
    qa("ingest", news)
    use(FakeEncoder(name="other"), monkeypatch)
    for command in (("ask", "Who opened the bridge?"), ("search", "bridge"), ("ingest", put("new.txt", "A\n\nB."))):
        told = qa(*command)
        assert (told.code, told.out) == (3, "")
        assert "fake:64:0" in told.err
        assert "qa reencode" in told.err
    assert qa("list").code == qa("show", "bridge").code == 0
    assert "Set QA_ENCODER back" in qa("check").err
    assert qa("reencode").out == "Encoded 4 articles.\n"
    assert qa("search", "bridge", "--json").json[0]["article_id"] == "bridge"
    assert qa("check").code == 0


NEEDING_ONE = (
    *(("list",), ("show", "a"), ("remove", "a"), ("check",), ("check", "--repair"), ("reencode",), ("timeline",)),
    *(("ask", "Who?"), ("search", "bridge"), ("correct", "a", "--text", "x"), ("restore", "a"), ("notices",), ("mcp",)),
    *(("withdraw", "a", "--reason", "x", "--erase"), ("embargo", "a", "--until", "2901-01-01"), ("export",)),
)


def test_where_there_is_no_archive(qa: Qa, home: Path) -> None:
    for command in NEEDING_ONE:
        told = qa(*command)
        assert (told.code, told.out) == (3, ""), command
        assert "qa ingest" in told.err, command
        assert not home.exists(), command


def test_a_setting_that_cannot_be_used(qa: Qa, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QA_PORT", "many")
    told = qa("list")
    assert told.code == 2
    assert "QA_PORT" in told.err


HEAVY = ("torch", "sentence_transformers", "langchain_core", "gradio", "transformers", "chromadb", "httpx")


def test_help_loads_nothing_heavy() -> None:
    code = f"import sys, qa.cli.main; print([name for name in {HEAVY} if name in sys.modules])"
    told = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True, cwd=ROOT)
    assert told.stdout == "[]\n"
