"""Whatever is done to the log behind its back, the chain says where."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, closing
from pathlib import Path

import pytest

from qa.models.journal import BEGINNING, AuditedAct
from qa.review.audit import changes, verified
from qa.store.journal.opening import JOURNAL, Journal

from .conftest import NOW

ACTS = 5
WRITERS = 4


@pytest.fixture
def logged(journal: Journal) -> Journal:
    for number in range(ACTS):
        journal.audit.add(AuditedAct("ada", "act", f"subject {number}", NOW, {"n": None}, {"n": number, "é": [1.5]}))
    return journal


@pytest.fixture
def run(
    logged: Journal, kind: str, tmp_path: Path, request: pytest.FixtureRequest
) -> Iterator[Callable[[str], object]]:
    """Runs a script on the tables, as somebody does who may."""
    if kind == "sqlite":
        with closing(sqlite3.connect(tmp_path / JOURNAL, isolation_level=None)) as opened:
            opened.executescript("DROP TRIGGER audit_stays; DROP TRIGGER audit_keeps;")
            yield opened.executescript
        return
    from tests.postgres import connected

    with connected(request.getfixturevalue("database")) as server:
        server.execute("SET search_path = qa_journal; DROP TRIGGER audit_stays ON audit")
        yield lambda script: server.execute(script.encode())


def test_an_untouched_log_stands(logged: Journal) -> None:
    found = verified(logged.audit)
    assert (found.entries, found.wrong) == (ACTS, "")
    assert found.head == logged.audit.newest(limit=1)[0].chained


def test_an_empty_log_stands(journal: Journal) -> None:
    assert verified(journal.audit) == verified(journal.audit, head=BEGINNING)
    assert verified(journal.audit).head == BEGINNING


def test_several_who_write_at_once_make_one_chain(
    journal: Journal, open_another: Callable[[], AbstractContextManager[Journal]]
) -> None:
    def write(who: int) -> None:
        with open_another() as book:
            for number in range(ACTS):
                book.audit.add(AuditedAct(f"user {who}", "act", f"subject {number}", NOW, {}, {}))

    with ThreadPoolExecutor(WRITERS) as writers:
        list(writers.map(write, range(WRITERS)))  # raises what a writer raised
    found = verified(journal.audit)
    assert (found.entries, found.wrong) == (WRITERS * ACTS, "")


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("who", "'eve'"),
        ("what", "'other'"),
        ("subject", "'subject 9'"),
        ("at", "'2020-01-01T00:00:00Z'"),
        ("before", "'{}'"),
        ("after", """'{"n": 7}'"""),
        ("after", "'{'"),
        ("after", "'[]'"),
        ("at", "'never'"),
        ("at", "''"),
        ("chained", "'00'"),
    ],
)
def test_a_changed_entry_is_named(logged: Journal, run: Callable[[str], object], column: str, value: str) -> None:
    run(f"UPDATE audit SET {column} = {value} WHERE number = 3")
    found = verified(logged.audit)
    assert found.wrong.startswith("Entry 3 was changed")
    assert found.entries == 2


def test_a_missing_entry_is_named(logged: Journal, run: Callable[[str], object]) -> None:
    run("DELETE FROM audit WHERE number = 2")
    assert verified(logged.audit).wrong == "Entry 2 is missing: 3 comes next."


def test_a_gap_that_was_closed_is_noticed(logged: Journal, run: Callable[[str], object]) -> None:
    run("DELETE FROM audit WHERE number = 2; UPDATE audit SET number = number - 1 WHERE number > 2;")
    assert verified(logged.audit).wrong.startswith("Entry 2 was changed")


def test_entries_that_were_swapped_are_noticed(logged: Journal, run: Callable[[str], object]) -> None:
    run(
        "UPDATE audit SET number = 99 WHERE number = 2; UPDATE audit SET number = 2 WHERE number = 3;"
        "UPDATE audit SET number = 3 WHERE number = 99;"
    )
    assert verified(logged.audit).wrong.startswith("Entry 2 was changed")


def test_a_log_cut_off_at_the_end_is_noticed_by_the_digest_that_was_noted(
    logged: Journal, run: Callable[[str], object]
) -> None:
    noted = verified(logged.audit).head
    logged.audit.add(AuditedAct("ada", "act", "one more", NOW))
    assert verified(logged.audit, head=noted).wrong == ""
    run("DELETE FROM audit WHERE number >= 4")
    assert verified(logged.audit).wrong == ""
    assert "cut off at the end" in verified(logged.audit, head=noted).wrong
    logged.audit.add(AuditedAct("eve", "act", "in its place", NOW))
    assert "cut off at the end" in verified(logged.audit, head=noted).wrong


def test_only_what_changed_is_said_to(logged: Journal) -> None:
    entry = next(logged.audit.entries(after=1))
    assert list(changes(entry)) == [("n", None, 1), ("é", None, [1.5])]
