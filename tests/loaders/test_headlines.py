"""Articles without a headline, or with a paragraph for one; and lists of questions beside articles."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from qa.loaders.fields import MAX_WORDS, first_words
from qa.loaders.reading import find_files
from qa.models.deliveries import Delivery, Failure

Put = Callable[..., Path]
ReadOne = Callable[..., Delivery]
LONG = "The mayor opened the bridge on Friday. " * 20 + "It holds."
TABLE = "FEDERAL RESERVE WEEKLY REPORT 1 - FEB 26\nTwo weeks ended Feb 25 daily avgs-mlns."


@pytest.mark.parametrize("record", [{"title": ""}, {"headline": "  "}, {"title": None}, {}])
def test_the_first_line_stands_in_where_there_is_no_title(read_one: ReadOne, record: dict[str, str]) -> None:
    delivery = read_one("a.jsonl", json.dumps({"id": "1", "body": TABLE, **record}))
    assert delivery.article.source.title == "FEDERAL RESERVE WEEKLY REPORT 1 - FEB 26"
    assert delivery.article.body == TABLE
    assert delivery.article.extra["title_from"] == "text"
    assert delivery.notices == ("it has no headline; its first words stand in",)


def test_a_title_that_is_there_needs_no_stand_in(read_one: ReadOne) -> None:
    delivery = read_one("a.jsonl", json.dumps({"title": "", "headline": "Bridge", "text": TABLE}))
    assert (delivery.article.source.title, delivery.notices) == ("Bridge", ())
    assert "title_from" not in delivery.article.extra


@pytest.mark.parametrize(
    ("text", "body"), [("More.", f"{LONG}\n\nMore."), (f"{LONG} More.", f"{LONG} More."), ("", LONG)]
)
def test_a_title_that_is_a_paragraph_is_one(read_one: ReadOne, text: str, body: str) -> None:
    delivery = read_one("a.jsonl", json.dumps({"title": LONG, "text": text}))
    assert (delivery.article.source.title, delivery.article.body) == (first_words(LONG), body)
    assert delivery.notices == ("the headline is a paragraph; its first words stand in",)


@pytest.mark.parametrize("record", [{"title": "", "text": ""}, {"id": "1", "title": "", "text": None}, {"id": "1"}])
def test_a_record_without_words_fails(fail_one: Callable[..., Failure], record: dict[str, str | None]) -> None:
    assert "found neither" in fail_one("a.jsonl", json.dumps(record)).reason


def test_first_words_end_behind_a_word() -> None:
    assert first_words("Bridge opens.\nMore.") == "Bridge opens."
    cut = first_words("  The mayor — opened  " + "the bridge, " * 30)
    assert 100 < len(cut) <= MAX_WORDS
    assert cut.startswith("The mayor — opened the bridge, the bridge")
    assert cut[-1].isalnum()
    assert first_words("x" * 500) == "x" * MAX_WORDS
    exact = "a" * (MAX_WORDS - 2) + " b"
    assert first_words(f"{exact} more") == exact


def test_a_time_that_no_clock_shows_leaves_the_day(read_one: ReadOne) -> None:
    delivery = read_one("a.jsonl", json.dumps({"title": "T", "date": "1987-03-31T605:12:19"}))
    assert str(delivery.article.source.published) == "1987-03-31"
    assert delivery.article.extra == {"published": "1987-03-31T605:12:19"}


@pytest.mark.parametrize(
    ("first", "passed_over"),
    [
        ('{"id": "q1", "question": "When?"}', True),
        ('\n\n{"question": "When?", "answers": []}', True),
        ('\ufeff{"question": "When?"}', True),
        ('{"question": "When?", "title": "T"}', False),
        ('{"question": "When?", "headline": "T"}', False),
        ('{"question": "When?", "body": "B"}', False),
        ('{"title": "T"}', False),
        ('["question"]', False),
        ('{"question": ', False),
        ("", False),
    ],
)
def test_a_list_of_questions_is_passed_over_in_a_folder(
    put: Put, tmp_path: Path, first: str, passed_over: bool
) -> None:
    put("a.md", "---\ntitle: T\n---\nBody.")
    for name in ("q.jsonl", "q.ndjson"):
        put(name, first)
    expected = ["a.md"] if passed_over else ["a.md", "q.jsonl", "q.ndjson"]
    for route in (tmp_path, tmp_path / "*"):
        assert [path.name for path in find_files([str(route)]) if isinstance(path, Path)] == expected


def test_a_list_of_questions_that_is_named_fails_line_by_line(
    put: Put, read_all: Callable[..., list[Delivery | Failure]]
) -> None:
    path = put("q.jsonl", '{"id": "1", "question": "When?"}\n{"id": "2", "question": "Who?"}')
    assert list(find_files([str(path)])) == [path]
    assert [one.line for one in read_all(path)] == [1, 2]
