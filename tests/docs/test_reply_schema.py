"""Real replies keep to qa/web/api/reply.schema.json, and broken ones don't."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from qa.answering.rendering import reply_json
from qa.archive.archive import Archive
from qa.archive.ingesting import records
from qa.archive.parts import store_of
from qa.encoding.sentence_encoder import SentenceEncoder
from qa.ingestion.ingest import Ingestion
from qa.models.replies import Answer, Question
from qa.models.support import Translation
from qa.settings import Settings
from tests.fakes import packaged_questions, packaged_reader

ROOT = Path(__file__).parents[2]
ARTICLES = ("2005-03-17-irish-times-five-hundred-held.md", "undated-who-is-who-institutions.md")
Reply = dict[str, Any]


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory, encoder: SentenceEncoder) -> Iterator[Archive]:
    settings = Settings(home=tmp_path_factory.mktemp("archive"))
    with store_of(settings, writing=True, making=True) as store:
        run = Ingestion(store, encoder)
        report = run.run(records(run, [str(ROOT / "corpus" / name) for name in ARTICLES]))
        assert report.added == len(ARTICLES)
    with store_of(settings) as store:
        yield Archive(store, encoder, packaged_reader(), questions=packaged_questions())


@pytest.fixture(scope="module")
def ask(archive: Archive) -> Callable[[Question], Reply]:
    def asked(question: Question) -> Reply:
        reply = reply_json(archive.reply(question), id=None, seconds=0.01)
        return json.loads(json.dumps(reply))  # type: ignore[no-any-return]

    return asked


@pytest.fixture(scope="module")
def validator() -> jsonschema.Draft202012Validator:
    schema = json.loads((ROOT / "qa" / "web" / "api" / "reply.schema.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema, format_checker=jsonschema.Draft202012Validator.FORMAT_CHECKER)


@pytest.fixture(scope="module")
def answered(ask: Callable[[Question], Reply]) -> Reply:
    return ask(Question("How many arrests took place in Spain?"))


@pytest.fixture(scope="module")
def refused(ask: Callable[[Question], Reply]) -> Reply:
    return ask(Question("Which zebra won the chess tournament on Jupiter?", date(2005, 1, 1), date(2006, 1, 1)))


def test_an_answer_keeps_to_the_schema(
    archive: Archive, answered: Reply, validator: jsonschema.Draft202012Validator
) -> None:
    assert answered["answered"] is True
    validator.validate(answered)
    for citation in answered["citations"]:
        body = archive.article(citation["article_id"]).body
        assert body[citation["start"] : citation["end"]] == citation["quote"]
        if inside := citation["answer"]:
            assert citation["start"] <= inside["start"] < inside["end"] <= citation["end"]
    numbers = [citation["number"] for citation in answered["citations"]]
    assert numbers == list(range(1, len(numbers) + 1))
    assert sorted({n for statement in answered["statements"] for n in statement["citations"]}) == numbers


def test_translations_keep_to_the_schema(archive: Archive, validator: jsonschema.Draft202012Validator) -> None:
    plain = archive.reply(Question("How many arrests took place in Spain?"))
    assert isinstance(plain, Answer)
    told = replace(plain, translations=(Translation(1, "Diecinueve.", "es", "lab:model"),))
    first, *others = reply_json(told, id=None, seconds=0.01)["citations"]  # type: ignore[misc]
    reply = json.loads(json.dumps(reply_json(told, id=None, seconds=0.01)))
    validator.validate(reply)
    assert first["translation"] == {"text": "Diecinueve.", "language": "es", "model": "lab:model"}
    assert all("translation" not in one for one in others)
    reply["citations"][0]["translation"] = {"text": "Diecinueve."}
    assert not validator.is_valid(reply), "it says whose it is"


def test_a_refusal_keeps_to_the_schema(refused: Reply, validator: jsonschema.Draft202012Validator) -> None:
    assert refused["answered"] is False
    validator.validate(refused)


def test_a_question_of_time_keeps_to_the_schema(
    ask: Callable[[Question], Reply], validator: jsonschema.Draft202012Validator
) -> None:
    for text, about in {
        "How many arrests took place in Spain in March 2005?": "events",
        "What was known about the arrests in Spain on 18 March 2005?": "published",
        "What is the latest count of arrests in Spain?": "latest",
        "How many arrests took place in Spain in 1998?": "events",
    }.items():
        reply = ask(Question(text))
        validator.validate(reply)
        assert reply["period"]["about"] == about
        assert bool(reply["notices"]) == (about == "latest")
        assert not validator.is_valid({**reply, "period": {**reply["period"], "about": "rumours"}})
        assert not validator.is_valid({**reply, "notices": [""]})


@pytest.mark.parametrize("question", ["Were the 19 convicted?", "Was anyone in Spain found guilty?"])
def test_how_far_a_case_has_got_keeps_to_the_schema(
    ask: Callable[[Question], Reply], validator: jsonschema.Draft202012Validator, question: str
) -> None:
    reply = ask(Question(question))
    validator.validate(reply)
    assert (reply["answered"], reply["status"]["stage"], reply["status"]["verdict_held"]) == (False, "arrested", False)


def test_every_key_is_described(answered: Reply, refused: Reply, validator: jsonschema.Draft202012Validator) -> None:
    assert set(validator.schema["properties"]) == set(answered) == set(refused)


@pytest.mark.parametrize("key", ["statements", "citations", "text", "coverage", "seconds"])
def test_a_missing_key_is_noticed(answered: Reply, validator: jsonschema.Draft202012Validator, key: str) -> None:
    broken = deepcopy(answered)
    del broken[key]
    assert not validator.is_valid(broken)


def test_an_answer_without_quotes_is_noticed(answered: Reply, validator: jsonschema.Draft202012Validator) -> None:
    assert not validator.is_valid({**answered, "citations": []})
    assert not validator.is_valid({**answered, "statements": [{**answered["statements"][0], "citations": []}]})


def test_a_refusal_with_statements_is_noticed(
    answered: Reply, refused: Reply, validator: jsonschema.Draft202012Validator
) -> None:
    assert not validator.is_valid({**refused, "statements": answered["statements"]})
    assert not validator.is_valid({**refused, "reason": None})
