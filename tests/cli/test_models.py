from __future__ import annotations

import pytest

from qa.cli.output import Exit
from qa.generation.writer import FAILED
from tests.cli.conftest import Qa
from tests.llm.scripted import Exchange, scripted

GOOD = "The mayor, Ana Ruiz, opened the new bridge over the Lérez [1]."
SPANISH = "¿Ana Ruiz, mayor, bridge, Lérez?"
IN_SPANISH = "La alcaldesa, Ana Ruiz, inauguró el lunes el nuevo puente sobre el Lérez."


def test_without_a_language_model_it_says_so(qa: Qa) -> None:
    told = qa("models")
    assert told.code == 0
    assert "answers are quotes" in told.out
    assert qa("models", "--json").json == {"model": None, "answers": False}


def test_it_says_whether_the_model_that_is_set_answers(qa: Qa, monkeypatch: pytest.MonkeyPatch) -> None:
    with scripted(lambda exchange: exchange.says("ready")) as server:
        monkeypatch.setenv("QA_LLM_URL", server.url)
        monkeypatch.setenv("QA_LLM", "tiny")
        told = qa("models", "--json")
    assert told.code == 0
    assert (told.json["model"], told.json["answers"], told.json["failure"]) == ("openai:tiny", True, None)
    assert (told.json["settings"]["llm_tokens"], told.json["prices"]) == (400, None)


def test_it_says_what_is_set_prices_included(qa: Qa, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QA_LLM_PRICE_READ", "0.15")
    with scripted(lambda exchange: exchange.says("ready")) as server:
        monkeypatch.setenv("QA_LLM_URL", server.url)
        half = qa("models")
        monkeypatch.setenv("QA_LLM_PRICE_WRITTEN", "0.6")
        told = qa("models")
    assert half.code == Exit.USAGE
    assert "QA_LLM_PRICE_WRITTEN go together" in half.err
    assert "30 s and 400 tokens" in told.out
    assert "A million tokens cost 0.15 read, the same from the cache, 0.6 written." in told.out
    assert "openai:default answers: 1 text, " in told.out


def test_a_model_that_does_not_answer_is_a_failure_with_its_reason(qa: Qa, monkeypatch: pytest.MonkeyPatch) -> None:
    with scripted(lambda exchange: exchange.status(401)) as server:
        monkeypatch.setenv("QA_LLM_URL", server.url)
        told = qa("models")
        assert told.code == Exit.FAILED
        assert "key was not accepted (HTTP 401)" in told.err
        assert "secret" not in told.err


@pytest.mark.parametrize("name", ["llama3", "cohere:command"])
def test_a_model_that_can_not_be_set_up_stops_at_the_start(
    asking: Qa, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setenv("QA_LLM", name)
    for command in (("models",), ("ask", "Who opened the bridge?")):
        told = asking(*command)
        assert told.code == Exit.USAGE
        assert "QA_LLM" in told.err


def test_a_question_is_answered_by_the_model_and_by_quotes_where_it_fails(
    asking: Qa, monkeypatch: pytest.MonkeyPatch
) -> None:
    with scripted(lambda exchange: exchange.says(GOOD)) as server:
        monkeypatch.setenv("QA_LLM_URL", server.url)
        written = asking("ask", "Who opened the new bridge?", "--json").json
    assert written["composed_by"] == "model"
    assert written["statements"][0]["text"] == "The mayor, Ana Ruiz, opened the new bridge over the Lérez."
    assert "usage" not in written
    monkeypatch.setenv("QA_LLM_PRICE_READ", "1000000")
    monkeypatch.setenv("QA_LLM_PRICE_WRITTEN", "0")
    used = asking("journal", "show", written["answer_id"], "--json").json["usage"]
    assert (used["calls"], used["estimated"]) == (len(server.requests), True)
    assert used["cost"] == used["tokens_read"] > used["tokens_written"] > 0
    assert "tokens read" in asking("journal", "show", written["answer_id"]).out
    monkeypatch.setenv("QA_LLM_RETRIES", "0")
    quoted = asking("ask", "Who opened the new bridge?", "--json").json  # nobody listens there any more
    assert quoted["composed_by"] == "quotes"
    assert quoted["fallback"] == FAILED
    assert written["citations"][0]["quote"] in [citation["quote"] for citation in quoted["citations"]]


def test_without_a_model_nothing_is_translated(asking: Qa, monkeypatch: pytest.MonkeyPatch) -> None:
    plain = asking("ask", SPANISH).out
    monkeypatch.setenv("QA_TRANSLATE", "true")
    assert asking("ask", SPANISH).out == plain
    assert "Ana Ruiz" in plain


def test_translations_are_made_only_where_they_are_switched_on(asking: Qa, monkeypatch: pytest.MonkeyPatch) -> None:
    def script(exchange: Exchange) -> None:
        exchange.says(IN_SPANISH if "<quote>" in exchange.user else "NOT ANSWERED")

    with scripted(script) as server:
        monkeypatch.setenv("QA_LLM_URL", server.url)
        monkeypatch.setenv("QA_LLM", "tiny")
        plain = asking("ask", SPANISH, "--json").json
        assert not any("<quote>" in str(one) for one in server.requests)
        monkeypatch.setenv("QA_TRANSLATE", "true")
        told = asking("ask", SPANISH, "--json").json
        shown = asking("ask", SPANISH).out
        exported = asking("journal", "show", told["answer_id"]).out
    first = told["citations"][0].pop("translation")
    assert first == {"text": IN_SPANISH, "language": "es", "model": "openai:tiny"}
    label = f"\n  Traducción automática de openai:tiny, sin revisar: {IN_SPANISH}"
    assert label in shown
    assert told.pop("text").replace(label, "", 1) == plain.pop("text")
    for reply in (told, plain):
        del reply["answer_id"], reply["seconds"]
    assert told == plain, "nothing else changes"
    assert "automática" not in exported
    assert "Ana Ruiz" in exported, "what is kept is what the archive says"
