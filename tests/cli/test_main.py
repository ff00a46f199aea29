"""The command itself: its version, the completion of shells, and dates as people write them."""

from __future__ import annotations

from importlib.metadata import version

import pytest
from typer.testing import CliRunner

from qa.cli.main import app
from tests.cli.conftest import Qa, run


def test_name_and_version() -> None:
    assert run("--version").out == f"archive-qa {version('archive-qa')}\n"


def test_shells_complete_commands() -> None:
    words = {"COMP_WORDS": "qa sal", "COMP_CWORD": "1", "_QA_COMPLETE": "complete_bash"}
    told = CliRunner().invoke(app, [], prog_name="qa", env=words)
    assert "salvage" in told.output
    assert "--install-completion" in run("--help").out


@pytest.mark.parametrize(
    ("dates", "ids"),
    [
        (("--from", "1987", "--until", "1987"), {"bridge"}),
        (("--from", "1987-02", "--until", "1990-1"), {"bridge", "river"}),
    ],
)
def test_a_month_or_a_year_is_a_date(asking: Qa, dates: tuple[str, ...], ids: set[str]) -> None:
    assert {line["article_id"] for line in asking("search", "bridge river", *dates, "--json").json} == ids
    assert {line["id"] for line in asking("export", *dates).lines} == ids


def test_what_is_no_date_is_told(looking: Qa) -> None:
    for wrong in ("2005-13", "last year", "2005-02-30", "0000"):
        told = looking("timeline", "--from", wrong)
        assert (told.code, "2005-03-17" in told.err) == (2, True), wrong
    for command in (("export",), ("timeline",), ("ask", "Who?"), ("search", "bridge")):
        told = looking(*command, "--from", "1990", "--until", "1989")
        assert (told.code, told.out, bool(told.err)) == (2, "", True), command


def test_a_list_goes_by_date_and_the_undated_come_last(looking: Qa) -> None:
    assert [line["id"] for line in looking("list", "--json").json] == ["bridge", "river", "hostile", "cocoa"]
