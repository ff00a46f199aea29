"""Whatever is done to the log behind its back, the chain says where."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, closing
from pathlib import Path

import pytest

from qa.models.journal import BEGINNING, AuditedAct
from qa.store.books import JOURNAL
from qa.store.journal.audit import changes
from qa.store.journal.opening import Journal

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
        with closing(sqlite3.connect(tmp_path / JOURNAL.file, isolation_level=None)) as opened:
            opened.executescript("DROP TRIGGER audit_stays; DROP TRIGGER audit_keeps;")
            yield opened.executescript
        return
    from tests.postgres import connected

    with connected(request.getfixturevalue("emptied_database")) as server:
        server.execute("SET search_path = qa_journal; ALTER TABLE audit DISABLE TRIGGER audit_stays")
        yield lambda script: server.execute(script.encode())
        server.execute("DROP TABLE IF EXISTS kept")  # whoever empties the tables puts the trigger back


def test_an_untouched_log_stands_and_an_empty_one(logged: Journal, run: Callable[[str], object]) -> None:
    found = logged.audit.verified()
    assert (found.entries, found.wrong) == (ACTS, "")
    assert found.head == logged.audit.newest(limit=1)[0].chained
    run("DELETE FROM audit")
    assert logged.audit.verified() == logged.audit.verified(head=BEGINNING)
    assert logged.audit.verified().head == BEGINNING


def test_several_who_write_at_once_make_one_chain(
    journal: Journal, open_another: Callable[[], AbstractContextManager[Journal]]
) -> None:
    def write(who: int) -> None:
        with open_another() as book:
            for number in range(ACTS):
                book.audit.add(AuditedAct(f"user {who}", "act", f"subject {number}", NOW, {}, {}))

    with ThreadPoolExecutor(WRITERS) as writers:
        list(writers.map(write, range(WRITERS)))  # raises what a writer raised
    found = journal.audit.verified()
    assert (found.entries, found.wrong) == (WRITERS * ACTS, "")


VALUES = (
    *(("who", "'eve'"), ("what", "'other'"), ("subject", "'subject 9'"), ("at", "'2020-01-01T00:00:00Z'")),
    *(
        ("before", "'{}'"),
        ("after", """'{"n": 7}'"""),
        ("after", "'{'"),
        ("after", "'[]'"),
        ("at", "''"),
        ("chained", "'00'"),
    ),
)
DEEDS = {f"UPDATE audit SET {name} = {value} WHERE number = 3": "Entry 3 was changed" for name, value in VALUES} | {
    "DELETE FROM audit WHERE number = 2": "Entry 2 is missing: 3 comes next.",
    "DELETE FROM audit WHERE number = 2; UPDATE audit SET number = number - 1 WHERE number > 2": "Entry 2 was changed",
    "UPDATE audit SET number = 99 WHERE number = 2; UPDATE audit SET number = 2 WHERE number = 3;"
    "UPDATE audit SET number = 3 WHERE number = 99": "Entry 2 was changed",
}


def test_what_was_done_to_the_log_is_named(logged: Journal, run: Callable[[str], object]) -> None:
    run("CREATE TABLE kept AS SELECT * FROM audit")
    for script, words in DEEDS.items():
        run(script)
        found = logged.audit.verified()
        assert found.wrong.startswith(words), script
        assert found.entries == int(words.split()[1]) - 1
        run("DELETE FROM audit; INSERT INTO audit SELECT * FROM kept")


def test_a_log_cut_off_at_the_end_is_noticed_by_the_digest_that_was_noted(
    logged: Journal, run: Callable[[str], object]
) -> None:
    noted = logged.audit.verified().head
    logged.audit.add(AuditedAct("ada", "act", "one more", NOW))
    assert logged.audit.verified(head=noted).wrong == ""
    run("DELETE FROM audit WHERE number >= 4")
    assert logged.audit.verified().wrong == ""
    assert "cut off at the end" in logged.audit.verified(head=noted).wrong
    logged.audit.add(AuditedAct("eve", "act", "in its place", NOW))
    assert "cut off at the end" in logged.audit.verified(head=noted).wrong


def test_only_what_changed_is_said_to(logged: Journal) -> None:
    entry = list(logged.audit.entries())[1]
    assert list(changes(entry)) == [("n", None, 1), ("é", None, [1.5])]
