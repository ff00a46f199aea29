"""`qa ask` as a command beside a language model: what that writes is checked, and where it breaks off quotes stand."""

from __future__ import annotations

import json
from collections.abc import Callable
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from qa.archive import parts
from qa.cli import output
from qa.generation.writer import FAILED
from qa.models.replies import Answer, Citation, Question, Statement
from tests.attacks.adversary import given_sentences
from tests.cli.conftest import Qa
from tests.fakes import article, packaged_questions, packaged_reader, packaged_support
from tests.llm.scripted import Exchange, scripted

Put = Callable[[str, str | bytes], Path]
WIDE = "Summarise everything about the new bridge over the Lérez"
BREAKING = "Summarise all that is known about the new bridge over the Lérez"
LIE = "The bridge was sold to Oslo for 12 million pounds [1]."


@pytest.fixture
def replies(asking: Qa, put: Put, monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """What one command says to both questions, as JSON: of the second the model's text breaks off."""
    monkeypatch.setattr(parts, "reader_of", lambda settings, encoder: packaged_reader())
    monkeypatch.setattr(parts, "questions_of", lambda settings, encoder: packaged_questions())
    monkeypatch.setattr(parts, "support_of", lambda settings, encoder: packaged_support())
    lines = [json.dumps({"id": name, "question": name}) for name in (WIDE, BREAKING)]
    with scripted(written) as server:
        monkeypatch.setenv("QA_LLM_URL", server.url)
        told = asking("ask", "--file", put("questions.jsonl", "\n".join(lines)), "--json")
    assert told.code == 0, told.err
    return told.lines


def written(exchange: Exchange) -> None:
    if BREAKING not in exchange.user:
        exchange.says(f"{copied(exchange)} {LIE}")
        return
    exchange.begin()
    exchange.piece("The mayor, Ana")
    exchange.cut()


def copied(exchange: Exchange) -> str:
    sentences = given_sentences(exchange.user, lambda question, sentences: sentences[0])
    return " ".join(f"{sentence.rstrip(' .')} [{number}]." for number, sentence in enumerate(sentences[:2], start=1))


def test_a_wide_question_is_answered_in_checked_sentences_that_are_cited(replies: list[Any]) -> None:
    reply = replies[0]
    assert reply["composed_by"] == "model"
    assert "Ana Ruiz" in reply["statements"][0]["text"]
    for statement in reply["statements"]:
        assert statement["citations"]
        assert "Oslo" not in statement["text"]


def test_of_one_that_breaks_off_quotes_stand_and_it_says_so(replies: list[Any]) -> None:
    reply = replies[1]
    assert reply["composed_by"] == "quotes"
    assert reply["fallback"] == FAILED
    quotes = {citation["number"]: citation["quote"] for citation in reply["citations"]}
    assert all(statement["text"] == quotes[statement["citations"][0]] for statement in reply["statements"])


@pytest.mark.parametrize("on_terminal", [True, False])
@pytest.mark.parametrize("words", [True, False])
def test_on_a_terminal_sentences_are_read_as_they_are_checked(
    monkeypatch: pytest.MonkeyPatch, on_terminal: bool, words: bool
) -> None:
    screen = StringIO()
    monkeypatch.setattr(output, "errors", Console(file=screen, force_terminal=on_terminal))
    quote = Citation(1, article("a", "The pier was opened.").source, 0, 20, "The pier was opened.")
    growing = Answer(Question("When?"), (Statement("The old pier was opened.", (quote,)),), unfinished=True)
    with output.writing_bar(words=words) as show:
        show(growing)
    assert ("The old pier was opened." in screen.getvalue()) is (on_terminal and words)
