"""The timeline on the command line."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.cli.conftest import Qa, asked_over, filled

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


@pytest.fixture(scope="module")
def raided_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("raided")
    for name, text in (("raid.md", RAID), ("agency.md", AGENCY)):
        (folder / name).write_text(text, encoding="utf-8")
    return filled(folder, folder / "raid.md", folder / "agency.md")


@pytest.fixture
def raided(raided_home: Path, monkeypatch: pytest.MonkeyPatch) -> Qa:
    return asked_over(raided_home, monkeypatch)


@pytest.fixture(scope="module")
def flooded_home(tmp_path_factory: pytest.TempPathFactory, news: Path) -> Path:
    folder = tmp_path_factory.mktemp("flooded")
    (folder / "flood.md").write_text(EVENT, encoding="utf-8")
    return filled(folder, news, folder / "flood.md")


@pytest.fixture
def told(flooded_home: Path, monkeypatch: pytest.MonkeyPatch) -> Qa:
    return asked_over(flooded_home, monkeypatch)


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


def test_of_a_withdrawn_article_nothing_is_told(
    raided_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(raided_home, tmp_path / "data")
    raided = asked_over(tmp_path / "data", monkeypatch)
    assert raided("withdraw", "agency", "--reason", "Wrong.").code == 0
    assert "21" not in raided("timeline").out
    assert [one["article_id"] for one in raided("timeline", "--json").json[0]["figures"]] == ["raid"]
    assert raided("embargo", "raid", "--until", "2999-01-01").code == 0
    assert raided("timeline", "--json").json == []
