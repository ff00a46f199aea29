"""The command itself: its version, the completion of shells, and dates as people write them."""

from __future__ import annotations

from importlib.metadata import version
from pathlib import Path

import pytest
from typer.testing import CliRunner

from qa.cli.main import app
from tests.cli.conftest import Qa, run


def test_name_and_version() -> None:
    assert run("--version").out == f"archive-qa {version('archive-qa')}\n"


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_shells_complete_commands(shell: str) -> None:
    words = {"COMP_WORDS": "qa sal", "COMP_CWORD": "1"}
    words |= {"_TYPER_COMPLETE_ARGS": "qa sal", "_TYPER_COMPLETE_FISH_ACTION": "get-args"}
    told = CliRunner().invoke(app, [], prog_name="qa", env={"_QA_COMPLETE": f"complete_{shell}", **words})
    assert "salvage" in told.output
    assert "--install-completion" in run("--help").out


@pytest.mark.parametrize(
    ("dates", "ids"),
    [
        (("--from", "1987", "--until", "1987"), {"bridge"}),
        (("--from", "1987-02", "--until", "1990-1"), {"bridge", "river"}),
        (("--from", "1987-02-27", "--until", "1990-01"), {"river"}),
        (("--until", "1987-02"), {"bridge"}),
    ],
)
def test_a_month_or_a_year_is_a_date(asking: Qa, dates: tuple[str, ...], ids: set[str]) -> None:
    assert {line["article_id"] for line in asking("search", "bridge river", *dates, "--json").json} == ids
    assert {line["id"] for line in asking("export", *dates).lines} == ids


def test_what_is_no_date_is_told(asking: Qa) -> None:
    for wrong in ("2005-13", "last year", "2005-02-30", "0000"):
        told = asking("timeline", "--from", wrong)
        assert (told.code, "2005-03-17" in told.err) == (2, True), wrong
    assert asking("export", "--from", "1990", "--until", "1989").code == 2


def test_a_list_goes_by_date_and_the_undated_come_last(asking: Qa, news: Path) -> None:
    assert [line["id"] for line in asking("list", "--json").json] == ["bridge", "river", "hostile", "cocoa"]
