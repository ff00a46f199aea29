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


RAID = (
    "---\nid: raid\ntitle: Nineteen arrested in Operation Gull\npublished: 2011-05-05\noutlet: Post\n"
    "event_date: 2011-05-04\n---\nPolice arrested 19 people in Spain in Operation Gull on Wednesday.\n"
)
AGENCY = (
    "---\nid: agency\ntitle: Operation Gull\npublished: 2011-05-04\noutlet: Agency\nevent_date: 2011-05-04\n"
    "correction: {text: It was 19., date: 2011-05-06}\n"
    "---\nIn Operation Gull 21 people were arrested in Spain, the Interior Ministry said.\n"
)


@pytest.fixture
def raided(qa: Qa, put: Callable[[str, str | bytes], Path]) -> Qa:
    assert qa("ingest", put("raid.md", RAID), put("agency.md", AGENCY)).code == 0
    return qa


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
        "figures": [],
        "status": None,
        "other_cases": [],
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


def test_figures_and_status_as_json(raided: Qa) -> None:
    (event,) = raided("timeline", "--json").json
    shown = {name: raided("show", name, "--json").json for name in ("raid", "agency")}
    assert {(one["article_id"], one["low"], one["kind"]) for one in event["figures"]} == {
        ("raid", 19, "arrested"),
        ("agency", 21, "arrested"),
    }
    for one in event["figures"]:
        article = shown[one["article_id"]]
        claim = {name: value for name, value in one.items() if name not in ("article_id", "copies", "quote")}
        assert claim in article["claims"]
        assert article["body"][one["sentence"]["start"] : one["sentence"]["end"]] == one["quote"]
    status = event["status"]
    assert status == {
        "event": {"name": "Operation Gull", "date": "2011-05-04"},
        "stage": "arrested",
        "beside": [],
        "date": "2011-05-04",
        "text": "Stage reported: arrested, 4 May 2011.",
        "quote": status["quote"],
        "article_id": status["article_id"],
        "start": 0,
        "end": len(status["quote"]),
    }
    assert shown[status["article_id"]]["body"].startswith(status["quote"])
    assert event["other_cases"] == []


def test_figures_and_status_in_words(raided: Qa) -> None:
    lines = [line.strip() for line in raided("timeline").out.splitlines()]
    people = (
        "People, Spain: 21 arrested (the Interior Ministry, in: Agency, 4 May 2011); 19 arrested (Post, 5 May 2011)"
    )
    assert people in lines
    assert lines.index("Correction, 6 May 2011 (Agency, 4 May 2011): It was 19.") < lines.index(people)
    assert any(line.startswith("Stage reported: arrested, 4 May 2011. (") for line in lines)


def test_of_a_withdrawn_article_nothing_is_told(raided: Qa) -> None:
    assert raided("withdraw", "agency", "--reason", "Wrong.").code == 0
    assert "21" not in raided("timeline").out
    assert [one["article_id"] for one in raided("timeline", "--json").json[0]["figures"]] == ["raid"]
    assert raided("embargo", "raid", "--until", "2999-01-01").code == 0
    assert raided("timeline", "--json").json == []
