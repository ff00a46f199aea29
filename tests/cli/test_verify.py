"""Verify a text against the archive."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.conftest import Qa
from tests.llm.scripted import scripted

Put = Callable[[str, str | bytes], Path]
TRUE = "Ana Ruiz, the mayor, opened the new bridge over the Lérez."
FALSE = "Ana Ruiz, the mayor, closed the new bridge over the Lérez."


def test_a_text_sentence_by_sentence(asking: Qa, put: Put) -> None:
    told = asking("verify", "--file", put("a.txt", f"{TRUE} [1] Thirteen families were taken to a school."), "--json")
    assert told.code == 1, "one of them isn't supported"
    first, second = told.lines
    assert first.keys() == {"id", "sentence", "verdict", "reasons", "quotes"}
    assert (first["id"], first["sentence"], first["verdict"], first["reasons"]) == ("1", TRUE, "supported", [])
    (quote,) = first["quotes"]
    assert (quote["article_id"], quote["title"], quote["published"]) == (
        "bridge", "Mayor opens the new bridge", "1987-02-26",
    )  # fmt: skip
    assert quote["credit"] == "Daily Post, 26 February 1987"
    body = asking("show", "bridge", "--json").json["body"]
    assert body[quote["start"] : quote["end"]] == quote["quote"]
    assert second["verdict"] == "contradicted"
    assert second["reasons"]


def test_a_text_in_words(asking: Qa, put: Put) -> None:
    told = asking("verify", "--file", put("a.txt", TRUE))
    assert told.code == 0
    assert told.out.startswith(f"supported: {TRUE}\n  Daily Post, 26 February 1987: “The mayor, Ana Ruiz")
    assert told.err == ""


@pytest.mark.parametrize(("judged", "verdict"), [("Yes.", "supported"), ("No.", "unsupported")])
def test_the_judge_that_is_set_is_asked(
    asking: Qa, put: Put, monkeypatch: pytest.MonkeyPatch, judged: str, verdict: str
) -> None:
    with scripted(lambda exchange: exchange.says(judged)) as server:
        monkeypatch.setenv("QA_LLM_URL", server.url)
        told = asking("verify", "--file", put("a.txt", TRUE), "--json")
        assert (told.json["verdict"], server.requests) == ("supported", []), "it has to be set"
        monkeypatch.setenv("QA_LLM_JUDGE", "true")
        told = asking("verify", "--file", put("a.txt", TRUE), "--json")
        assert told.json["verdict"] == verdict
        assert "Daily Post, 26 February 1987" in server.requests[0]["messages"][-1]["content"]


def test_sentences_with_ids(asking: Qa, put: Put) -> None:
    lines = [
        {"id": "a", "sentence": TRUE, "article_id": "bridge"},
        {"id": 2, "sentence": FALSE},
        {"id": "c", "sentence": TRUE, "article_id": "cocoa"},
        {"id": "d", "sentence": TRUE, "article_id": "nowhere"},
        {"id": "e", "sentence": "!"},
    ]
    told = asking("verify", "--json", "--file", put("a.jsonl", "\n".join(map(json.dumps, lines))))
    assert told.code == 1
    assert [one["id"] for one in told.lines] == ["a", "2", "c", "d", "e"]
    assert [one.get("verdict") for one in told.lines] == [
        "supported", "contradicted", "unsupported", None, "unsupported",
    ]  # fmt: skip
    assert "nowhere" in told.lines[3]["error"]
    assert "nowhere" in told.err


def test_what_cant_be_read(asking: Qa, put: Put, tmp_path: Path) -> None:
    for content in (b" \n", b"\xff\xfe\x00", b'{"id": "a"}', b'{"id": "a", "sentence": 1}', b'{"id": "a", "sentence":'):
        told = asking("verify", "--file", put("a.jsonl", content))
        assert (told.code, told.out) == (2, ""), content
        assert told.err.startswith("error:")
    assert asking("verify", "--file", tmp_path / "none.txt").code == 2
