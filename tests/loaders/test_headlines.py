"""Records whose headline, or headline and text, is said to be empty; and lists of questions beside articles."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from qa.loaders.discovery import find_files
from qa.loaders.fields import MAX_WORDS, first_words
from qa.models.deliveries import Delivery, Failure

Put = Callable[..., Path]
ReadOne = Callable[..., Delivery]
TABLE = "FEDERAL RESERVE WEEKLY REPORT 1 - FEB 26\nTwo weeks ended Feb 25 daily avgs-mlns."


@pytest.mark.parametrize("record", [{"title": "", "text": TABLE}, {"headline": "  ", "body": TABLE}])
def test_the_first_line_stands_in_for_an_empty_title(read_one: ReadOne, record: dict[str, str]) -> None:
    delivery = read_one("a.jsonl", json.dumps({"id": "1", **record}))
    assert delivery.article.source.title == "FEDERAL RESERVE WEEKLY REPORT 1 - FEB 26"
    assert delivery.article.body == TABLE
    assert delivery.article.extra["title_from"] == "text"
    assert delivery.notices == ("the title is empty; its first words stand in",)


def test_a_title_that_is_there_needs_no_stand_in(read_one: ReadOne) -> None:
    delivery = read_one("a.jsonl", json.dumps({"title": "", "headline": "Bridge", "text": TABLE}))
    assert (delivery.article.source.title, delivery.notices) == ("Bridge", ())
    assert "title_from" not in delivery.article.extra


@pytest.mark.parametrize("title", [{}, {"title": None}, {"headline": None}])
def test_a_missing_title_stays_a_failure(fail_one: Callable[..., Failure], title: dict[str, None]) -> None:
    assert "a title was expected" in fail_one("a.jsonl", json.dumps({"id": "1", "text": TABLE, **title})).reason


def test_a_record_that_is_blank_by_its_own_account_is_kept(read_one: ReadOne) -> None:
    delivery = read_one("a.jsonl", json.dumps({"id": 12793, "title": "", "text": "", "desk": "x"}))
    one = delivery.article
    assert (one.article_id, one.source.title, one.body, one.extra) == ("12793", "(no headline)", "", {"desk": "x"})
    assert delivery.notices == ("the record has neither headline nor text; it is kept but can't be quoted",)
    assert not one.headline_only


@pytest.mark.parametrize(
    "record", [{"title": "", "text": ""}, {"id": "1", "title": ""}, {"id": "1", "title": "", "text": None}, {"id": "1"}]
)
def test_a_blank_record_that_does_not_say_so_fails(
    fail_one: Callable[..., Failure], record: dict[str, str | None]
) -> None:
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
    assert "its day counts" in delivery.notices[0]


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
