"""Processes that ingest, and others that answer and keep what they answered, in one archive in PostgreSQL."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from qa.errors import StoreBusy, StoreMismatch
from qa.store.postgres.store import PostgresBook, opened_records, opened_store
from tests.fakes import FakeEncoder, article, indexed
from tests.store import crowd_driver
from tests.store.crowd_driver import ARTICLES, QUESTIONS

ROOT = Path(__file__).parents[2]
WRITERS, READERS = ("anna", "berta"), ("carla", "dora")


def test_two_that_write_and_two_that_answer(database: str) -> None:
    with opened_store(database, writing=True, making=True) as store:
        store.claim(FakeEncoder().fingerprint)
    acting = [("ingest", name) for name in WRITERS] + [("ask", name) for name in READERS]
    processes = [
        subprocess.Popen(
            [sys.executable, crowd_driver.__file__, role, database, name],
            cwd=ROOT,
            env={"PYTHONPATH": str(ROOT)},
            stderr=subprocess.PIPE,
            text=True,
        )
        for role, name in acting
    ]
    told = [process.communicate(timeout=200)[1] for process in processes]
    assert [process.returncode for process in processes] == [0, 0, 0, 0], told
    with opened_store(database, writing=False) as store, opened_records(database) as journal:
        assert store.check() == []
        shared = ARTICLES // 3
        assert store.coverage().articles == shared + len(WRITERS) * (ARTICLES - shared)
        assert len(store.versions("shared0")) == 1, "the version that was replaced is kept"
        assert counted(store) == (counted(store, anew=True))
        assert journal.records.count() == len(READERS) * QUESTIONS
        assert journal.reviews.of_answer("carla 0").asks == len(READERS)
        log = journal.audit.verified()
        assert (log.entries, log.wrong) == (len(READERS) * QUESTIONS, "")


def counted(store: object, *, anew: bool = False) -> dict[tuple[str, str], tuple[int, int]]:
    """In how many passages each term is noted to stand, or stands."""
    if not anew:
        rows = store.rows("SELECT kind, term, passages, length FROM frequencies")  # type: ignore[attr-defined]
        return {(row["kind"], row["term"]): (row["passages"], row["length"]) for row in rows}
    rows = store.rows(  # type: ignore[attr-defined]
        "SELECT lexeme, count(*) AS n FROM lexicon, unnest(words) GROUP BY lexeme"
        " UNION ALL SELECT '', count(*) FROM lexicon"
    )
    (total,) = store.rows("SELECT sum(length) AS n FROM lexicon")  # type: ignore[attr-defined]
    return {("lexicon", row["lexeme"]): (row["n"], 0 if row["lexeme"] else int(total["n"])) for row in rows}


def test_what_needs_the_archive_alone_waits_for_those_who_write(database: str) -> None:
    with (
        opened_store(database, writing=True, making=True),
        opened_store(database, writing=True),
        pytest.raises(StoreBusy, match="being written"),
        opened_store(database, writing=True, alone=True),
    ):
        pass
    with opened_store(database, writing=True, alone=True) as store:
        store.put_pending(indexed([article("a", "Not yet there.")]))
        with pytest.raises(StoreBusy), opened_store(database, writing=True):
            pass
        with opened_store(database, writing=False) as reader:
            assert reader.has_pending()
    with opened_store(database, writing=True) as store:
        assert not store.has_pending(), "of one that was cut off nothing is left"


def test_an_archive_of_a_newer_version_is_refused(database: str) -> None:
    with PostgresBook(database).transaction() as connection:
        connection.execute("UPDATE meta SET value = '99' WHERE key = 'schema'")
    with pytest.raises(StoreMismatch, match="schema 99"), opened_store(database, writing=False):
        pass


def test_many_vectors_get_an_index_and_are_found_by_it(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    from qa.store.postgres import store as module

    monkeypatch.setattr(module, "INDEXED_FROM", 100)
    articles = [article(f"a{n}", f"The mayor opened bridge {n}.", published=None) for n in range(150)]
    with opened_store(database, writing=True, making=True) as store:
        store.claim(FakeEncoder().fingerprint)
        question = FakeEncoder().encode(["The mayor opened bridge 7"])[0]
        store.put(indexed(articles))
        assert store.rows("SELECT 1 FROM pg_indexes WHERE indexname = 'passage_vectors'")
        found = [hit.passage.source.article_id for hit in store.near(question, limit=5)]
        assert found[0] == "a7"
        store.rebuild()
        assert [hit.passage.source.article_id for hit in store.near(question, limit=5)] == found
        assert len(store.near(question, limit=150)) == 150, "exact where the index finds too few"


def test_a_server_that_was_started_anew_is_asked_again(database: str) -> None:
    from tests.postgres import connected

    with opened_store(database, writing=True, making=True) as store:
        store.put(indexed([article("a", "The mayor opened the bridge.")]))
    with opened_store(database, writing=False) as store:
        assert store.coverage().articles == 1
        with connected(database) as server:
            server.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        assert store.coverage().articles == 1
