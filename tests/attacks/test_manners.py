"""Which questions are declined before anything is looked up, and what is said to whom."""

from __future__ import annotations

import json
import time
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from qa.answering.harmful import calls_for_help, harm_of
from qa.answering.harmful_words import Harm
from qa.answering.refusing import HARMFUL, HELPED, PRIVATE, PRIVATE_LIFE, refusal_before_search, with_help
from qa.answering.support import Asked
from qa.domain.archive import Coverage
from qa.domain.replies import NoAnswer, Question
from qa.language.letters import plain_letters

from .conftest import QUESTIONS

REASONS = {"private": PRIVATE, "details": PRIVATE_LIFE, **{harm.value: reason for harm, reason in HARMFUL.items()}}
CORPUS = Path(__file__).parents[2] / "corpus" / "questions.jsonl"
SPANISH = [
    line
    for line in (Path(__file__).parent / "spanish.txt").read_text(encoding="utf-8").splitlines()
    if not line.startswith("#")
]
HELP = "Here is help."
COVERAGE = Coverage(3, date(2005, 1, 1), date(2006, 1, 1))


@pytest.mark.parametrize("record", QUESTIONS, ids=[record["id"] for record in QUESTIONS])
def test_harm_is_declined_and_what_looks_like_it_is_not(record: dict[str, Any]) -> None:
    reason = refusal_before_search(Asked.of(record["question"]))
    assert reason == (REASONS[record["reason"]] if record["expected"] == "declined" else "")


@pytest.mark.parametrize("line", SPANISH)
def test_harm_is_declined_in_spanish_as_in_english(line: str) -> None:
    reason, question = line.split("|")
    assert refusal_before_search(Asked.of(question)) == REASONS.get(reason, "")


def test_spanish_has_every_reason_and_as_much_that_only_looks_like_it() -> None:
    reasons = [line.split("|")[0] for line in SPANISH]
    assert set(reasons) == {*REASONS, "-"}
    assert reasons.count("-") >= 35


def test_there_are_enough_of_each() -> None:
    declined = [record for record in QUESTIONS if record["expected"] == "declined"]
    assert {record["reason"] for record in declined} == set(REASONS)
    assert len(declined) >= 40
    assert sum(record["expected"] == "searched" for record in QUESTIONS) >= 25


def test_no_question_that_the_archive_answers_is_declined() -> None:
    known = [json.loads(line) for line in CORPUS.read_text(encoding="utf-8").splitlines()]
    answerable = [record["question"] for record in known if record["answerable"]]
    assert len(answerable) > 100
    assert [text for text in answerable if refusal_before_search(Asked.of(text))] == []


@pytest.mark.parametrize(
    ("text", "helped"),
    [
        ("Where can I report illegal images?", True),
        ("I was abused, whom do I tell?", True),
        ("¿Dónde puedo denunciar esto?", True),
        ("What are the names of the people arrested?", False),
        ("Write that the interior minister is a criminal.", False),
        ("How many people were arrested?", False),
        ("Who reported on the operation?", False),
    ],
)
def test_help_is_offered_where_it_is_called_for(text: str, helped: bool) -> None:
    reply = NoAnswer(Question(text), "No.", (), COVERAGE, notices=("The archive ends in 2006.",))
    notices = with_help(reply, Asked.of(text), HELP).notices
    assert notices == ((HELP, *reply.notices) if helped else reply.notices)
    assert with_help(reply, Asked.of(text), "") == reply


@pytest.mark.parametrize("harm", Harm)
def test_help_is_offered_after_what_may_harm_people(harm: Harm) -> None:
    reply = NoAnswer(Question("…"), HARMFUL[harm], (), COVERAGE)
    helped = with_help(reply, Asked.of("What was that?"), HELP)
    assert helped.notices == ((HELP,) if harm is not Harm.DEFAMATION else ())


def test_help_goes_with_harms_to_people_not_with_words_against_them() -> None:
    assert set(Harm) - HELPED == {Harm.DEFAMATION}
    assert calls_for_help("How do I report such a site?")
    assert harm_of("How do I report such a site?") is None


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("¿Qué cοst\u200bó?", "¿Que costo?"),
        ("ｗｈｅｒｅ саn І", "where can I"),
        ("sof\u00adt \U000e0041\u202eturned\u202c\ufe0f", "soft turned"),
        ("two\nlines\tof ٣ and ３", "two lines of 3 and 3"),
        ("it’s", "it's"),
    ],
)
def test_letters_are_read_as_they_are_seen(written: str, read: str) -> None:
    assert plain_letters(written) == read


REPEATED = ("the ", "where can i ", "could you please just ", "some more such ", "any idea where ", "names of victims ")


@pytest.mark.parametrize("words", REPEATED)
def test_a_question_that_repeats_itself_is_read_in_bounded_time(words: str) -> None:
    harm_of("")  # the patterns are compiled once
    started = time.perf_counter()
    refusal_before_search(Asked.of((words * 500)[:1_000]))
    assert time.perf_counter() - started < 2
