"""Asking and searching."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import replace
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from qa.archive import parts
from qa.cli import output
from qa.models.replies import Answer, Question, WritingProgress
from qa.models.support import Usage
from tests.cli.conftest import Qa
from tests.fakes import packaged_questions

Put = Callable[[str, str | bytes], Path]
REPLY = {
    "id", "question", "answered", "text", "statements", "citations", "as_of", "reason", "nearest", "seconds",
}  # fmt: skip
ASKED = "Who opened the new bridge over the Lérez?"
UNKNOWN = "What is the capital of Mongolia?"


def verbatim(reply: dict[str, Any], qa: Qa) -> None:
    """Every quote stands in the article that `qa show` prints."""
    for citation in reply["citations"]:
        body = qa("show", citation["article_id"], "--json").json["body"]
        assert body[citation["start"] : citation["end"]] == citation["quote"]


def test_an_answer(asking: Qa) -> None:
    told = asking("ask", ASKED, "--json")
    assert told.code == 0
    reply = told.json
    assert reply.keys() >= REPLY
    assert (reply["id"], reply["question"], reply["answered"], reply["reason"]) == (None, ASKED, True, None)
    first = reply["citations"][0]
    assert first["quote"] == "The mayor, Ana Ruiz, opened the new bridge over the Lérez on Monday."
    assert (first["number"], first["article_id"], first["published"]) == (1, "bridge", "1987-02-26")
    assert (first["title"], first["outlet"], first["language"]) == ("Mayor opens the new bridge", "Daily Post", "en")
    assert first["url"] == "http://post.example/bridge"
    assert reply["statements"][0]["citations"] == [1]
    assert reply["as_of"] == "1987-02-26"
    assert 0 < reply["seconds"] < 30
    verbatim(reply, asking)


def test_an_answer_in_words(asking: Qa) -> None:
    told = asking("ask", ASKED)
    assert told.code == 0
    assert "Daily Post, 26 February 1987: “The mayor, Ana Ruiz, opened the new bridge" in told.out
    assert "[1]" in told.out
    assert told.err == ""


def test_a_dossier(asking: Qa, put: Put) -> None:
    quote = "> “The mayor, Ana Ruiz, opened the new bridge over the Lérez on Monday"
    told = asking("ask", ASKED, "--dossier", "md", "--address", "https://archive.example/")
    assert (told.code, told.out.startswith(f"# {ASKED}\n")) == (0, True)
    assert quote in told.out
    assert "<https://archive.example/article/bridge#s1>" in told.out
    assert quote in asking("search", "new bridge", "--dossier", "md").out
    assert "<blockquote" in asking("search", "new bridge", "--dossier", "html").out
    assert re.search("doesn’t answer|no sure answer", asking("ask", UNKNOWN, "--dossier", "md").out)
    path = put("q.jsonl", '{"id": "1", "question": "Who?"}')
    assert (
        asking("ask", "--file", path, "--dossier", "md").code
        == asking("search", "x", "--dossier", "md", "--json").code
        == 2
    )


def test_a_question_goes_on_from_those_before_it(asking: Qa, put: Put, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parts, "questions_of", lambda settings, encoder: packaged_questions())
    line = json.dumps({"id": "1", "question": "And when?", "history": [ASKED]})
    reply = asking("ask", "--file", put("q.jsonl", line), "--json").json
    assert reply["understood_as"] == f"{ASKED} And when?"
    assert asking("ask", "--file", put("h.jsonl", '{"question": "When?", "history": "Who?"}')).code == 2


def test_a_refusal(asking: Qa) -> None:
    told = asking("ask", UNKNOWN, "--json")
    assert told.code == 0, "a refusal is an answer, not an error"
    reply = told.json
    assert reply.keys() >= REPLY
    assert (reply["answered"], reply["statements"], reply["citations"]) == (False, [], [])
    assert reply["reason"]
    assert all(near.keys() == {"article_id", "title", "published", "closest"} for near in reply["nearest"])
    assert "4 articles, 26 February 1987 to 1 January 2001" in asking("ask", UNKNOWN).out


def test_dates_bound_the_answer(asking: Qa) -> None:
    assert asking("ask", ASKED, "--json", "--until", "1987-02-26").json["citations"][0]["article_id"] == "bridge"
    later = asking("ask", ASKED, "--json", "--from", "1987-02-27").json
    assert "bridge" not in json.dumps(later["citations"] + later["nearest"])
    hits = asking("search", "mayor river cocoa", "--json", "--from", "1988-01-01", "--until", "1995-01-01").json
    assert {hit["article_id"] for hit in hits} == {"river"}


def test_what_is_read_into_a_question_is_left_out_where_that_is_wanted(asking: Qa) -> None:
    question = ASKED.replace("?", " in 1987?")
    assert asking("ask", question, "--json").json["understood_as"] is None
    assert asking("ask", question, "--without", "period", "--json").json["understood_as"] == ASKED
    assert asking("ask", question, "--without", "nothing").code == 2


def test_a_search(asking: Qa) -> None:
    hits = asking("search", "new bridge", "--json").json
    assert hits[0].keys() == {"article_id", "start", "end", "text", "score"}
    assert hits[0]["article_id"] == "bridge"
    assert [hit["score"] for hit in hits] == sorted((hit["score"] for hit in hits), reverse=True)
    for hit in hits:
        body = asking("show", hit["article_id"], "--json").json["body"]
        assert body[hit["start"] : hit["end"]] == hit["text"]
    assert len(asking("search", "new bridge", "--json", "--limit", "2").json) == 2
    told = asking("search", "new bridge").out.splitlines()
    assert told[0] == "Mayor opens the new bridge (Daily Post, 26 February 1987)"
    assert told[1].startswith("bridge:0-")
    assert asking("search", "new bridge", "--limit", "0").code == 2


def test_a_search_for_phrases_and_without_words(asking: Qa) -> None:
    def found(query: str) -> set[str]:
        return {hit["article_id"] for hit in asking("search", "--json", "--", query).json}

    assert "bridge" in found("the bridge") - found('mayor "bridge the"')
    assert found("“the new bridge”") == found("«New Bridge» -cocoa") == {"bridge"}
    assert found("-mayor bridge") == found("bridge") - found('"mayor"')
    told = asking("search", "--", "-mayor")
    assert (told.code, "must not occur" in told.err) == (2, True)


def test_many_questions(asking: Qa, put: Put) -> None:
    lines = [
        {"id": "b", "question": ASKED, "extra": 1},
        {"id": 7, "question": UNKNOWN},
        {"id": "b", "question": "mayor?"},
    ]
    path = put("q.jsonl", "\ufeff" + "\n\n".join(json.dumps(line) for line in lines) + "\n")
    told = asking("ask", "--file", path, "--json")
    assert told.code == 0
    assert [reply["id"] for reply in told.lines] == ["b", "7", "b"]
    assert [reply["answered"] for reply in told.lines][:2] == [True, False]
    single = asking("ask", ASKED, "--json").json
    own = {"seconds": 0, "answer_id": None}
    assert {**told.lines[0], **own, "id": None} == {**single, **own}
    found = asking("search", "--file", path, "--limit", "2")
    assert [line.keys() for line in found.lines] == [{"id", "results"}] * 3
    assert all(len(line["results"]) == 2 for line in found.lines)


def test_a_question_that_cannot_be_asked_does_not_stop_the_others(asking: Qa, put: Put) -> None:
    lines = [{"id": "1", "question": " "}, {"id": "2", "question": ASKED}, {"id": "3", "question": "x" * 100_000}]
    path = put("q.jsonl", "\n".join(map(json.dumps, lines)))
    told = asking("ask", "--file", path, "--json")
    assert told.code == 1
    assert [reply["id"] for reply in told.lines] == ["1", "2", "3"]
    assert "empty" in told.lines[0]["error"]
    assert told.lines[1]["answered"]
    assert len(told.lines[2]["question"]) == 200
    found = asking("search", "--file", path)
    assert found.code == 1
    assert [bool(line["results"]) for line in found.lines] == [False, True, False]


@pytest.mark.parametrize(
    ("content", "place"),
    [
        ("\n \n", "holds no questions"),
        ('{"id": "1", "question": "Who?"}\nnot json', "line 2"),
        ('{"id": "1", "question": null}', "line 1"),
        ('{"question": "Who?"}', "line 1"),
        ("[" * 100_000, "line 1"),
        (b'{"id": "1", "question": "Espa\xf1a?"}', "UTF-8"),
    ],
)
def test_a_file_that_holds_no_questions(asking: Qa, put: Put, content: str | bytes, place: str) -> None:
    path = put("q.jsonl", content)
    told = asking("ask", "--file", path, "--json")
    assert (told.code, told.out) == (2, "")
    assert place in told.err
    assert str(path) in told.err


def test_a_line_separator_inside_a_question_is_no_line(asking: Qa, put: Put) -> None:
    path = put("q.jsonl", json.dumps({"id": "1", "question": f"Who opened\u2028{ASKED[10:]}"}, ensure_ascii=False))
    assert len(asking("ask", "--file", path, "--json").lines) == 1


def test_no_question_and_two(asking: Qa, put: Put) -> None:
    path = put("q.jsonl", '{"id": "1", "question": "Who?"}')
    for arguments in ((), ("Who?", "--file", path)):
        assert asking("ask", *arguments).code == asking("search", *arguments).code == 2
    for missing in ("none.jsonl", path.parent):
        assert asking("ask", "--file", missing).code == 2


@pytest.mark.parametrize(
    ("question", "said"),
    [("  \n ", "is empty"), ("word " * 20_000, "99,999 characters"), ("🙂🎉 ?!", "no words"), ("\udcff", "no words")],
    ids=["blank", "100,000 characters", "no words", "broken bytes"],
)
def test_questions_that_cannot_be_asked(asking: Qa, question: str, said: str) -> None:
    for command in ("ask", "search"):
        told = asking(command, question, "--json")
        assert (told.code, told.out) == (2, "")
        assert said in told.err
        assert "\udcff" not in told.err


@pytest.mark.parametrize(
    "question",
    [
        "<script>alert('x')</script> [bold]Who[/bold] opened the bridge 🙂?",
        'Who \x00 opened "the" caf\udcff\' OR 1=1 --?',
    ],
)
def test_odd_questions_are_only_text(asking: Qa, question: str) -> None:
    told = asking("ask", question, "--json")
    assert told.code == 0
    verbatim(told.json, asking)
    assert asking("search", question).code == 0


def test_markup_in_an_article_is_quoted_as_it_is(asking: Qa) -> None:
    reply = asking("ask", "Who found the script tag?", "--json").json
    assert reply["answered"]
    assert "<script>alert(2)</script>" in reply["citations"][0]["quote"]
    verbatim(reply, asking)
    assert "<script>alert(2)</script>" in asking("ask", "Who found the script tag?").out


def test_a_bar_tells_how_far_a_model_has_got_with_several_texts(monkeypatch: pytest.MonkeyPatch) -> None:
    screen = StringIO()
    monkeypatch.setattr(output, "errors", Console(file=screen, force_terminal=True, width=100))
    progress = WritingProgress(2, 5, 12.4, 150.0, 2_000)
    growing = Answer(Question("Why?"), (), usage=Usage(2_000, 0, 310, 2), progress=progress)
    with output.writing_bar() as show:
        for reply in (Answer(Question("Why?"), ()), replace(growing, usage=None), growing):
            show(reply)
    assert "2/5" in screen.getvalue()
    assert "310 of 2,000 tokens, 12 of 150 s" in screen.getvalue()
