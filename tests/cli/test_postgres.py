"""The commands over an archive in PostgreSQL do what they do over a folder."""

from __future__ import annotations

import logging
import shutil
import sys
from pathlib import Path

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from qa.cli.output import Exit
from qa.store.postgres.store import opened_records
from tests.cli.conftest import Qa

SECRET = "s3cr3t-w0rd"


@pytest.fixture(autouse=True)
def _in_postgres(home: Path, database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    from qa.store.postgres import store as module

    monkeypatch.setattr(module, "FRESH_SECONDS", 0)
    monkeypatch.setenv("QA_DATABASE", database)


def ids(told: object) -> set[str]:
    return {one["id"] for one in told}  # type: ignore[attr-defined]


def test_an_archive_is_filled_asked_changed_and_checked(qa: Qa, news: Path, home: Path) -> None:
    assert qa("ingest", news, "--json").json["added"] == 4
    assert qa("ingest", news, "--json").json["unchanged"] == 4
    assert ids(qa("list", "--json").json) == {"bridge", "river", "cocoa", "hostile"}
    told = qa("ask", "What did the bridge cost?")
    assert told.code == Exit.DONE, told.err
    assert "9 million pounds" in told.out
    assert "bridge" in {one["article_id"] for one in qa("search", "Lérez", "--json").json}
    assert qa("correct", "river", "--text", "It was two metres.", "--by", "Ana").code == 0
    assert qa("show", "river", "--json").json["status"] == "corrected"
    assert qa("withdraw", "bridge", "--reason", "Named in error.").code == 0
    assert "9 million" not in qa("ask", "What did the bridge cost?").out
    assert qa("withdraw", "cocoa", "--reason", "Named in error.", "--erase").code == 0
    assert qa("remove", "hostile").code == 0
    assert ids(qa("list", "--json").json) == {"river", "bridge"}  # the staff see what was withdrawn
    assert qa("reencode").code == 0
    told = qa("check")
    assert (told.code, told.err) == (0, ""), told.err
    assert qa("audit", "verify").code == 0
    assert qa("check", "--repair").code == 0
    assert not list(home.rglob("*.sqlite3"))


def test_what_is_erased_is_in_no_table(qa: Qa, news: Path, database: str) -> None:
    qa("ingest", news)
    qa("ask", "What fell by 3.5 pct in London?")
    assert "cocoa" in everything(database)
    told = qa("withdraw", "cocoa", "--reason", "Named in error.", "--erase")
    assert told.code == 0, told.err
    assert "bahia" not in everything(database)


def everything(address: str) -> str:
    """All words in all tables."""
    with psycopg.connect(address) as connection:
        tables = connection.execute(
            "SELECT schemaname || '.' || tablename FROM pg_tables WHERE schemaname LIKE 'qa\\_%'"
        ).fetchall()
        return "".join(
            str(connection.execute(f"SELECT t.* FROM {table} t".encode()).fetchall()) for (table,) in tables
        ).lower()


def test_the_sources_are_followed(qa: Qa, news: Path, tmp_path: Path) -> None:
    files = tmp_path / "files"
    shutil.copytree(news, files)
    (tmp_path / "archive.toml").write_text(f'[[source]]\nname = "news"\npaths = ["{files}"]\n', encoding="utf-8")
    listed = ("sync", "--sources", tmp_path / "archive.toml", "--json")
    assert qa(*listed).json["added"] == 4
    (files / "river.md").unlink()
    assert qa(*listed, "--prune").json["sources"][0]["missing"] == ["river"]
    assert ids(qa("list", "--json").json) == {"bridge", "cocoa", "hostile"}


def test_what_is_done_with_a_folder_says_how_it_is_done_here(qa: Qa) -> None:
    for command in (("backup", "x.zip"), ("restore-backup", "x.zip"), ("salvage", "new")):
        told = qa(*command)
        assert told.code != 0
        assert "The archive is in PostgreSQL" in told.err


def test_a_database_without_an_archive_says_so(qa: Qa, postgres_server: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QA_DATABASE", make_conninfo(postgres_server, dbname="template1"))
    told = qa("list")
    assert told.code == Exit.UNAVAILABLE
    assert "There is no archive in the database template1" in told.err


def test_no_password_is_told(
    qa: Qa, database: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    for wrong in (
        make_conninfo(database, dbname="missing", password=SECRET),
        f"postgresql://user:{SECRET}@127.0.0.1:1/archive",
        f"postgresql://user:{SECRET}@[nowhere/archive",
    ):
        monkeypatch.setenv("QA_DATABASE", wrong)
        with caplog.at_level(logging.DEBUG):
            told = qa("list")
        assert told.code != 0
        assert told.err.strip()
        assert SECRET not in told.out + told.err + caplog.text


def test_who_may_only_read_reads(qa: Qa, news: Path, database: str) -> None:
    """As from a replica."""
    qa("ingest", news)
    with psycopg.connect(database, autocommit=True) as server:
        name = conninfo_to_dict(database)["dbname"]
        server.execute(f"ALTER DATABASE {name} SET default_transaction_read_only = on".encode())
    assert "9 million pounds" in qa("ask", "What did the bridge cost?").out
    told = qa("remove", "bridge")
    assert told.code == Exit.UNAVAILABLE
    assert "can only be read" in told.err


def test_an_archive_moves_there_and_back(
    qa: Qa, news: Path, database: str, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("QA_DATABASE")
    qa("ingest", news)
    for line in (
        ("correct", "river", "--text", "It was two."),
        ("withdraw", "cocoa", "--reason", "Why."),
        ("remove", "hostile"),
    ):
        assert qa(*line).code == 0
    qa("ask", "What did the bridge cost?")
    address = conninfo_to_uri(database)
    told = qa("migrate", "--to", address, "--json")
    assert (told.code, told.json) == (0, {"articles": 3}), told.err
    before = [qa(*command).out for command in LOOKS]
    monkeypatch.setenv("QA_DATABASE", database)
    assert [qa(*command).out for command in LOOKS] == before
    assert qa("ingest", news, "--json").json["added"] == 1, "numbers go on behind those that came over"
    assert qa("remove", "hostile").code == 0
    assert qa("correct", "bridge", "--text", "No.").code == 0
    assert qa("migrate", "--to", address).code != 0, "it isn't empty"
    assert qa("migrate", "--to", tmp_path / "back").code == 0
    before = [qa(*command).out for command in LOOKS]
    monkeypatch.delenv("QA_DATABASE")
    monkeypatch.setenv("QA_HOME", str(tmp_path / "back"))
    assert [qa(*command).out for command in LOOKS] == before
    assert qa("check").code == 0
    assert qa("audit", "verify").code == 0


LOOKS = (
    *(("list", "--json"), ("show", "river", "--json"), ("notices", "--json"), ("audit", "export")),
    *(("ask", "What did the bridge cost?"), ("search", "river", "--json"), ("check",)),
)


def conninfo_to_uri(address: str) -> str:
    parts = conninfo_to_dict(address)
    return f"postgresql://{parts['user']}@/{parts['dbname']}?host={parts['host']}"


def test_questions_go_to_the_replica_and_what_is_written_to_the_first(
    qa: Qa, news: Path, database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    replica = make_conninfo(database, options="-c default_transaction_read_only=on", application_name="replica")
    monkeypatch.setenv("QA_DATABASE_READ", replica)
    assert qa("ingest", news, "--json").json["added"] == 4
    for _ in range(2):
        assert "9 million pounds" in qa("ask", "What did the bridge cost?").out
    with opened_records(database) as journal:
        assert journal.reviews.counts()["to_check"] == 1
    monkeypatch.setenv("QA_DATABASE_READ", make_conninfo(replica, dbname="missing"))
    assert qa("ask", "What did the bridge cost?").code == Exit.UNAVAILABLE
    assert qa("correct", "bridge", "--text", "No.").code == 0


def test_what_is_not_installed_is_named(qa: Qa, monkeypatch: pytest.MonkeyPatch) -> None:
    import qa.store.postgres as package

    monkeypatch.delattr(package, "store")
    monkeypatch.setitem(sys.modules, "qa.store.postgres.store", None)  # as where psycopg can't be imported
    told = qa("list")
    assert told.code != 0
    assert "pip install 'archive-qa[postgres]'" in told.err
