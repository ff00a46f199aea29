"""`qa export`: what is chosen, what may leave, and where it goes."""

from __future__ import annotations

import csv
import io
import json
import shutil
import zipfile
from pathlib import Path

import pytest

from tests.cli.conftest import Qa, asked_over, filled

SECRET = "call the harbour master"
RECORDS = [
    {"id": "quay", "title": "Quay opens", "text": "The north quay opened on Monday. Fees fall.", "language": "es-mx",
     "published": "2026-11-02", "outlet": "Harbour Gazette", "editor_note": SECRET, "byline": "Ada Quill"},
    {"id": "sealed", "title": "Budget", "text": "The council drew up a budget.", "embargo": "2999-01-01"},
    {"id": "kept", "title": "Draft", "text": "The council drew up a draft.", "status": "withheld"},
    {"id": "gone", "title": "Taken back", "text": "The clerk resigned at noon.", "withdrawn": "It was not so."},
    {"id": "short", "title": "Tides", "text": "High water stood at nine metres.", "quote_limit": 3},
    {"id": "old", "title": "Ferry", "text": "The ferry ran again.", "published": "1999-01-01", "embargo": "1999-01-02"},
]  # fmt: skip


@pytest.fixture(scope="module")
def exporting_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("exporting")
    (folder / "in.jsonl").write_text("".join(json.dumps(record) + "\n" for record in RECORDS), encoding="utf-8")
    return filled(folder, folder / "in.jsonl")


@pytest.fixture
def holding(exporting_home: Path, monkeypatch: pytest.MonkeyPatch) -> Qa:
    """`qa` over them, for reading only."""
    return asked_over(exporting_home, monkeypatch)


@pytest.fixture
def changing(exporting_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Qa:
    shutil.copytree(exporting_home, tmp_path / "data")
    return asked_over(tmp_path / "data", monkeypatch)


def ids(out: str) -> list[str]:
    return [json.loads(line)["id"] for line in out.splitlines()]


def test_readers_get_what_may_be_shown(holding: Qa) -> None:
    told = holding("export")
    assert told.code == 0
    assert ids(told.out) == ["gone", "old", "quay", "short"]
    assert told.err == "4 articles; 2 withheld or embargoed (--staff).\n"
    assert not any(words in told.out for words in (SECRET, "budget", "draft", "resigned", "nine metres"))
    gone, old, quay, short = told.lines
    assert (gone["status"], gone["withdrawn"]) == ("withdrawn", {"reason": "It was not so."})
    assert (old["status"], "embargo" in old) == ("live", False)
    assert quay["byline"] == "Ada Quill"
    assert short["text"] == "High water stood"


def test_the_staff_get_everything(changing: Qa, tmp_path: Path) -> None:
    told = changing("export", "--staff", "--out", tmp_path / "all.jsonl")
    assert (told.code, told.out, told.err) == (0, "", "6 articles.\n")
    assert SECRET in (tmp_path / "all.jsonl").read_text(encoding="utf-8")
    again = changing("ingest", tmp_path / "all.jsonl", "--json").json
    # Only the embargo that is over is told no more.
    assert (again["unchanged"], again["updated"], again["failed"]) == (5, 1, [])


@pytest.mark.parametrize(
    ("options", "chosen"),
    [
        (["--from", "2000-01-01"], ["quay"]),
        (["--until", "1999-12-31"], ["old"]),
        (["--outlet", "harbour"], ["quay"]),
        (["--language", "es"], ["quay"]),
        (["--language", "e"], []),
        (["--status", "withdrawn"], ["gone"]),
        (["--status", "live", "--status", "withheld", "--staff"], ["kept", "old", "quay", "short"]),
        (["--status", "embargoed"], []),
        (["--limit", "2"], ["gone", "old"]),
    ],
)
def test_what_is_chosen(holding: Qa, options: list[str], chosen: list[str]) -> None:
    told = holding("export", *options)
    assert told.code == 0
    assert ids(told.out) == chosen


def test_what_a_search_finds_comes_best_first(holding: Qa) -> None:
    assert ids(holding("export", "--query", "quay opened", "--limit", "1").out) == ["quay"]
    assert ids(holding("export", "--query", "quay", "--until", "2000-01-01").out) == ["old"]
    assert {"sealed", "kept", "gone"}.isdisjoint(ids(holding("export", "--query", "council clerk", "--staff").out))


def test_what_the_staff_say_since_counts(changing: Qa) -> None:
    assert changing("correct", "quay", "--text", "It opened on Tuesday.").code == 0
    assert changing("withdraw", "old", "--reason", "Twice told.").code == 0
    assert changing("restore", "gone", "--reason", "It was so.").code == 0
    records = {one["id"]: one for one in changing("export").lines}
    assert records["quay"]["corrections"][0]["text"] == "It opened on Tuesday."
    assert records["old"]["withdrawn"]["reason"] == "Twice told."
    assert (records["gone"]["status"], records["gone"]["text"]) == ("live", "The clerk resigned at noon.")


def test_every_format(holding: Qa, tmp_path: Path) -> None:
    rows = list(csv.DictReader(io.StringIO(holding("export", "--format", "csv").out, newline="")))
    assert [row["id"] for row in rows] == ["gone", "old", "quay", "short"]
    assert "editor_note" not in rows[0]
    assert len(holding("export", "--format", "ninjs").lines) == 4
    assert {one["@type"] for one in holding("export", "--format", "json-ld").lines} == {"NewsArticle"}
    assert holding("export", "--format", "ninjs", "--out", tmp_path / "a.json").code == 0
    assert len(json.loads((tmp_path / "a.json").read_text(encoding="utf-8"))) == 4
    assert holding("export", "--format", "nitf", "--out", tmp_path / "a.zip").code == 0
    assert zipfile.ZipFile(tmp_path / "a.zip").namelist()[0] == "gone.nitf.xml"
    assert holding("export", "--format", "nitf", "--out", tmp_path / "folder").code == 0
    assert len(list((tmp_path / "folder").iterdir())) == 4


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--format", "nitf"], "--out: a folder or a .zip file was expected"),
        (["--from", "2001-01-01", "--until", "2000-01-01"], "is after --until (2000-01-01)"),
        (["--out", "."], "--out: a file was expected, found the folder"),
        (["--query", "?"], "question"),
        (["--out", "none/here.jsonl"], "can't be written"),
    ],
)
def test_what_cannot_be_done(holding: Qa, options: list[str], said: str) -> None:
    told = holding("export", *options)
    assert (told.code, told.out) == (2, "")
    assert said in told.err
