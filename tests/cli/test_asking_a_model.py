"""`qa ask` as a command beside a language model: what that writes is checked, and where it breaks off quotes stand."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from qa.generation.writer import FAILED
from tests.attacks.adversary import given_sentences
from tests.llm.scripted import Exchange, scripted

ROOT = Path(__file__).parents[2]
WIDE = "Summarise everything about the new bridge over the Lérez"
BREAKING = "Summarise all that is known about the new bridge over the Lérez"
LIE = "The bridge was sold to Oslo for 12 million pounds [1]."


@pytest.fixture(scope="module")
def replies(stocked_home: Path, tmp_path_factory: pytest.TempPathFactory) -> list[Any]:
    """What one command says to both questions, as JSON: of the second the model's text breaks off."""
    questions = tmp_path_factory.mktemp("asked") / "questions.jsonl"
    lines = [json.dumps({"id": name, "question": name}) for name in (WIDE, BREAKING)]
    questions.write_text("\n".join(lines), encoding="utf-8")
    with scripted(written) as server:
        environment = {name: value for name, value in os.environ.items() if not name.startswith("QA_")}
        environment |= {"QA_HOME": str(stocked_home), "QA_LLM_URL": server.url, "OMP_NUM_THREADS": "1"}
        command = [sys.executable, "-m", "qa.cli.main", "ask", "--file", str(questions), "--json"]
        ended = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=300)
    assert ended.returncode == 0, ended.stderr
    return [json.loads(line) for line in ended.stdout.splitlines()]


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
