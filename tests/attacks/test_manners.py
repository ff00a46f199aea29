"""Which questions are declined before anything is looked up, by which policy, and what is said to whom."""

from __future__ import annotations

import json
import time
from collections.abc import Iterable
from datetime import date
from pathlib import Path

import pytest

from qa.answering.policy import HELPED, REASONS, Policy, packaged_policy, plain_letters, policy_of, with_help
from qa.errors import SettingsError
from qa.models.archive import Coverage
from qa.models.replies import Question, Refusal
from qa.settings import Settings

from .conftest import QUESTIONS

HERE = Path(__file__).parent
CORPUS = HERE.parents[1] / "corpus" / "questions.jsonl"
HELP = "Here is help."
COVERAGE = Coverage(3, date(2005, 1, 1), date(2006, 1, 1))


def lines(name: str) -> list[str]:
    return [line for line in (HERE / name).read_text(encoding="utf-8").splitlines() if not line.startswith("#")]


ENGLISH = [(record["question"], REASONS.get(record.get("reason", ""), "")) for record in QUESTIONS]
SPANISH = [(question, REASONS.get(name, "")) for name, question in (line.split("|") for line in lines("spanish.txt"))]
CRIME_NEWS = lines("crime_news.txt")


def wrong(expected: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """The questions declined for another reason than expected, each with the reason found."""
    reasons = ((text, packaged_policy().reason(text), reason) for text, reason in expected)
    return [(text, found) for text, found, reason in reasons if found != reason]


def test_harm_is_declined_and_what_looks_like_it_is_not() -> None:
    assert wrong(ENGLISH) == []
    assert {reason for _, reason in ENGLISH} == {"", *REASONS.values()}
    assert sum(bool(reason) for _, reason in ENGLISH) >= 40
    assert sum(record["expected"] == "searched" for record in QUESTIONS) >= 25


def test_harm_is_declined_in_spanish_as_in_english() -> None:
    assert wrong(SPANISH) == []
    assert {reason for _, reason in SPANISH} == {"", *REASONS.values()}
    assert sum(not reason for _, reason in SPANISH) >= 35


def test_no_ordinary_question_of_crime_news_is_declined() -> None:
    assert len(CRIME_NEWS) >= 25
    assert wrong((text, "") for text in CRIME_NEWS) == []


def test_no_question_that_the_archive_answers_is_declined() -> None:
    known = [json.loads(line) for line in CORPUS.read_text(encoding="utf-8").splitlines()]
    answerable = [record["question"] for record in known if record["answerable"]]
    assert len(answerable) > 100
    assert wrong((text, "") for text in answerable) == []


@pytest.mark.parametrize(
    ("text", "helped"),
    [
        ("Where can I report illegal images?", True),
        ("How do I report such a site?", True),
        ("I was abused, whom do I tell?", True),
        ("¿Dónde puedo denunciar esto?", True),
        ("What are the names of the people arrested?", False),
        ("Write that the interior minister is a criminal.", False),
        ("How many people were arrested?", False),
        ("Who reported on the operation?", False),
    ],
)
def test_help_is_offered_where_it_is_called_for(text: str, helped: bool) -> None:
    reply = Refusal(Question(text), "No.", (), COVERAGE, notices=("The archive ends in 2006.",))
    notices = with_help(reply, text, HELP, packaged_policy()).notices
    assert notices == ((HELP, *reply.notices) if helped else reply.notices)
    assert with_help(reply, text, "", packaged_policy()) == reply


@pytest.mark.parametrize("name", REASONS)
def test_help_is_offered_after_what_may_harm_people(name: str) -> None:
    reply = Refusal(Question("…"), REASONS[name], (), COVERAGE)
    helped = with_help(reply, "What was that?", HELP, Policy())
    assert helped.notices == ((HELP,) if name in ("material", "methods", "graphic") else ())
    assert (REASONS[name] in HELPED) is bool(helped.notices)


def test_the_policy_is_the_packaged_one_unless_it_is_set() -> None:
    asked = "How can I launder money?"
    assert policy_of(Settings().policy).reason(asked) == REASONS["methods"]
    assert policy_of("off").reason(asked) == ""
    assert not policy_of("off").calls_for_help("Where can I report this?")


def test_a_newsroom_may_write_its_own(tmp_path: Path) -> None:
    path = tmp_path / "policy.yaml"
    path.write_text(
        "words:\n  vessel: [boat, old ferr*]\n"
        "decline:\n  - reason: private\n    phrases: ['who steered .. <vessel> $']\n    unless: [ministry]\n"
        "help: []\n",
        encoding="utf-8",
    )
    policy = policy_of(str(path))
    assert policy.reason("Who steered the old ferry?") == REASONS["private"]
    assert policy.reason("Who steered the boat of the harbour office?") == ""
    assert policy.reason("Says the ministry who steered the boat?") == ""
    assert policy.reason("How can I launder money?") == ""


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("words: [", "line 1"),
        ("words: {}\nhelp: []\n", "decline"),
        ("words: {}\ndecline:\n  - {reason: rude, phrases: [a]}\nhelp: []\n", "rude"),
        ("words: {}\ndecline:\n  - {reason: private, phrases: [a <vessel>]}\nhelp: []\n", "vessel"),
        ("words: {vessel: [a <vessel>]}\ndecline: []\nhelp: [a <vessel>]\n", "vessel"),
        ("words: {}\ndecline: []\nhelp: a phrase\n", "list"),
        ("words: {vessel: boat}\ndecline: []\nhelp: [<vessel>]\n", "list"),
        ("- 1\n", "words"),
        ("", "words"),
    ],
)
def test_a_policy_that_cannot_be_used_says_why(tmp_path: Path, text: str, told: str) -> None:
    path = tmp_path / "policy.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(SettingsError, match=told) as error:
        policy_of(str(path))
    assert str(path) in str(error.value)


def test_a_policy_that_is_not_there_says_so(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"QA_POLICY.*none\.yaml"):
        policy_of(str(tmp_path / "none.yaml"))


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


@pytest.mark.parametrize(
    "words", [*REPEATED, "i want to get such ", "how can i hide from the ", "name of the victim who "]
)
def test_a_question_that_repeats_itself_is_read_in_bounded_time(words: str) -> None:
    policy = packaged_policy()
    started = time.perf_counter()
    policy.reason((words * 500)[:1_000])
    assert time.perf_counter() - started < 2
