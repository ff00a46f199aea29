"""The timeline on the command line."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.conftest import Qa

EVENT = (
    "---\nid: flood\ntitle: Looking back at the flood\npublished: 1999-05-01\noutlet: El País\nevent_date: 1990-01\n"
    "---\nThe river rose in January 1990.\n"
)


@pytest.fixture
def told(qa: Qa, news: Path, put: Callable[[str, str | bytes], Path]) -> Qa:
    assert qa("ingest", news, put("flood.md", EVENT)).code == 0
    return qa


def test_the_timeline_as_json(told: Qa) -> None:
    events = told("timeline", "--json").json
    assert [[one["article_id"] for one in event["articles"]] for event in events] == [
        ["bridge"], ["flood"], ["river"], ["hostile"], ["cocoa"],
    ]  # fmt: skip
    assert events[1] == {
        "event_date": "1990-01",
        "precision": "month",
        "articles": [
            {
                "article_id": "flood",
                "title": "Looking back at the flood",
                "outlet": "El País",
                "published": "1999-05-01",
                "credit": "El País, 1 May 1999",
            }
        ],
    }
    assert (events[0]["event_date"], events[0]["precision"]) == (None, None)
    assert events[-1]["articles"][0]["published"] is None


def test_the_timeline_in_words(told: Qa) -> None:
    out = told("timeline").out
    assert out.startswith("Published 26 February 1987\n  bridge  Mayor opens the new bridge\n    Daily Post, 26 ")
    assert "January 1990\n  flood" in out
    assert "No date\n  cocoa" in out
    assert "[bold]Title[/bold]" in out
    assert told("timeline", "--from", "2005-01-01").out == "Nothing found.\n"


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        (("--outlet", "daily"), ["bridge", "river"]),
        (("--outlet", "EL PAIS"), ["flood"]),
        (("--from", "1990-01-02", "--until", "1990-12-31"), ["flood"]),
        (("--until", "1990-01-01"), ["bridge", "flood", "river"]),
    ],
)
def test_dates_and_outlet_choose(told: Qa, options: tuple[str, ...], expected: list[str]) -> None:
    events = told("timeline", "--json", *options).json
    assert [one["article_id"] for event in events for one in event["articles"]] == expected


@pytest.mark.parametrize("options", [("--from", "soon"), ("--from", "2005-01-02", "--until", "2005-01-01")])
def test_impossible_dates(told: Qa, options: tuple[str, ...]) -> None:
    reply = told("timeline", *options)
    assert (reply.code, reply.out) == (2, "")
    assert reply.err


def test_no_archive(qa: Qa) -> None:
    assert qa("timeline").code == 3
