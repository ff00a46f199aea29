"""Files that are cut, full disks, read-only media, and archives of earlier versions."""

from __future__ import annotations

import logging
import shutil
import sqlite3
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import cast

import pytest
import uvicorn
from fastapi import FastAPI
from fastapi.testclient import TestClient

from qa.cli.output import Exit
from qa.errors import StoreDamaged, StoreError, StoreFull, StoreMismatch, Withdrawn
from qa.ingestion.ingest import Ingestion, encode_articles
from qa.models.deliveries import Delivery, Notice, NoticeKind
from qa.store.books import CATALOGUE, Book
from qa.store.catalogue import Catalogue
from qa.store.document_store import opened, opened_for_notices
from qa.store.sqlite_file import SqliteFile
from tests.cli.conftest import Qa
from tests.fakes import FakeEncoder
from tests.security.damage import BODIES, delivered, flip_where, story


def cut(path: Path, *, parts: int = 2) -> None:
    """Leaves the first of so many parts of a file."""
    with path.open("r+b") as file:
        file.truncate(path.stat().st_size // parts // 4096 * 4096)


def large(home: Path) -> list[str]:
    """Fills many pages with articles; the ids of all."""
    encoder = FakeEncoder()
    with opened(home, writing=True, making=True) as store:
        store.claim(encoder.fingerprint)
        articles = [story(f"n{number}", f"Bridge {number} was opened. " * 90) for number in range(120)]
        store.put(encode_articles([Delivery(article, "") for article in articles], encoder))
    return [*BODIES, *(article.article_id for article in articles)]


def test_a_catalogue_cut_in_half_says_what_can_be_done(qa: Qa, home: Path) -> None:
    large(home)
    cut(home / CATALOGUE.file)
    told = qa("check")
    assert told.code in (Exit.FAILED, Exit.UNAVAILABLE)
    assert "qa salvage" in told.err
    assert "backup" in told.err


def test_what_is_readable_comes_into_a_new_archive(qa: Qa, home: Path, tmp_path: Path) -> None:
    ids = large(home)
    cut(home / CATALOGUE.file, parts=12)  # articles are written before what is made of them
    told = qa("salvage", tmp_path / "new", "--json")
    assert told.json["articles"] > 10
    lost = [one["id"] for one in told.json["lost"]]
    with opened(tmp_path / "new", writing=False) as store:
        assert store.check() == []
        held = [source.article_id for source, _ in store.sources()]
        assert len(held) == told.json["articles"]
        assert set(held) <= set(ids)
        assert not set(lost) & set(held)
        assert all(store.article(name).body for name in held)
    assert told.code == Exit.FAILED


def test_a_salvage_keeps_what_was_said_and_takes_texts_from_their_files(qa: Qa, home: Path, tmp_path: Path) -> None:
    with opened_for_notices(home) as book:
        book.add(Notice("river", NoticeKind.WITHDRAWAL, "It was wrong.", "desk", datetime.now(UTC)))
    flip_where(home, "four million", "SELECT body FROM articles ORDER BY number")
    told = qa("salvage", tmp_path / "new")
    assert told.code == Exit.DONE, told.err
    assert told.out.startswith("4 articles came over")
    with opened(tmp_path / "new", writing=False) as store:
        assert "four million" in store.article("bridge").body
        with pytest.raises(Withdrawn):
            store.article("river")


def test_a_salvage_overwrites_nothing(qa: Qa, tmp_path: Path) -> None:
    told = qa("salvage", tmp_path / "news")
    assert told.code == Exit.USAGE
    assert "empty folder" in told.err


def test_an_upgrade_copies_the_catalogue_first(
    tmp_path: Path, files: list[Path], caplog: pytest.LogCaptureFixture
) -> None:
    home = tmp_path / "old"
    home.mkdir()
    with sqlite3.connect(home / CATALOGUE.file) as connection:
        connection.create_function("stemmed", 2, str)
        for script in CATALOGUE.migrations[:6]:
            connection.executescript(script)
        connection.executescript("INSERT INTO meta VALUES ('encoder', 'fake:64:0'); PRAGMA user_version = 6;")
    connection.close()
    with caplog.at_level(logging.WARNING), opened(home, writing=False) as store:
        assert store.check() == []
        with pytest.raises(StoreMismatch, match="qa reencode"):
            store.require(FakeEncoder().fingerprint)
    copy = home / "catalogue-v6.sqlite3"
    assert str(copy) in caplog.text
    with sqlite3.connect(copy) as connection:
        assert connection.execute("PRAGMA user_version").fetchone() == (6,)
        assert connection.execute("SELECT value FROM meta WHERE key = 'encoder'").fetchone() == ("fake:64:0",)
    connection.close()
    with opened(home, writing=True) as store:  # what is taken out is out of the copy too
        store.reencode(FakeEncoder().fingerprint, [])
        Ingestion(store, FakeEncoder()).run(d for path in files for d in delivered(path))
        assert copy.exists()
        store.remove("bridge")
    assert not copy.exists()


def test_a_copy_that_the_disk_does_not_take_stops_the_upgrade(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    scripts = ("CREATE TABLE a (b); INSERT INTO a VALUES (zeroblob(99999));", "CREATE TABLE c (d);")
    SqliteFile(tmp_path / "x.sqlite3", Book("x", (), scripts[:1])).close()

    def full(file: SqliteFile, target: Path) -> None:
        target.write_bytes(b"half of it")
        with file._guarded():
            raise sqlite3.OperationalError("database or disk is full")

    monkeypatch.setattr(SqliteFile, "copy", full)
    with pytest.raises(StoreFull, match="disk is full"):
        SqliteFile(tmp_path / "x.sqlite3", Book("x", (), scripts))
    assert [path.name for path in tmp_path.iterdir() if "-v1" in path.name] == []
    with sqlite3.connect(tmp_path / "x.sqlite3") as connection:
        assert connection.execute("PRAGMA user_version").fetchone() == (1,)
    connection.close()


def files_of(home: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in sorted(home.rglob("*")) if path.is_file()}


def test_an_archive_on_read_only_media_is_listed_and_asked(
    qa: Qa, home: Path, on_read_only_media: Callable[[], None], caplog: pytest.LogCaptureFixture
) -> None:
    (home / "lock").unlink()
    shutil.rmtree(home / "holders")
    on_read_only_media()
    before = files_of(home)
    assert "4 articles" in qa("list").out
    told = qa("ask", "What did the bridge cost?")
    assert told.code == Exit.DONE, told.err
    assert "four million" in told.out
    assert caplog.text.count("the journal is off") == 1
    assert qa("check").code == Exit.DONE
    assert files_of(home) == before
    assert qa("remove", "bridge").code == Exit.UNAVAILABLE


def test_an_archive_on_read_only_media_is_served(
    qa: Qa, home: Path, on_read_only_media: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    on_read_only_media()
    before, pages = files_of(home), {}

    def visit(server: uvicorn.Server) -> None:
        server.started = True
        with TestClient(cast("FastAPI", server.config.app), base_url="http://127.0.0.1") as browser:
            while browser.get("/health").json()["status"] == "loading":
                time.sleep(0.01)
            for path in ("/health", "/", "/ask?question=What+did+the+bridge+cost%3F", "/article/bridge", "/staff"):
                pages[path] = browser.get(path)

    monkeypatch.setattr("uvicorn.Server.run", visit)
    assert qa("serve").code == Exit.DONE
    assert {path: page.status_code for path, page in pages.items() if page.status_code != 200} == {"/staff": 404}
    assert "four million" in pages["/ask?question=What+did+the+bridge+cost%3F"].text
    assert files_of(home) == before


def test_a_bit_of_the_encoders_name_is_found(qa: Qa, home: Path) -> None:
    flip_where(home, FakeEncoder().fingerprint, "SELECT value FROM meta WHERE key = 'encoder'")
    checked = qa("check")
    assert checked.code == Exit.FAILED
    assert "Set QA_ENCODER back" in checked.err
    assert qa("ask", "What did the bridge cost?").code != Exit.DONE


def test_a_name_that_is_no_utf8_any_more_is_damage(qa: Qa, home: Path) -> None:
    """SQLite repeats it in its message, which Python can't decode."""
    path = home / CATALOGUE.file
    data = path.read_bytes()
    assert b"CREATE TABLE articles" in data
    path.write_bytes(data.replace(b"CREATE TABLE articles", b"CREATE TABLE \xf4rticles", 1))
    for command in (("check",), ("ask", "What did the bridge cost?"), ("salvage", str(home.with_name("new")))):
        told = qa(*command)
        assert told.code != Exit.DONE, command
        assert told.err.strip(), command
        assert "Traceback" not in told.err, command


def test_a_full_disk_is_said_to_be_one(qa: Qa, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> list[sqlite3.Row]:
        raise sqlite3.OperationalError("database or disk is full")

    def rows(self: SqliteFile, sql: str, values: object = ()) -> list[sqlite3.Row]:
        with self._guarded():
            return full()

    monkeypatch.setattr(SqliteFile, "rows", rows)
    told = qa("check")
    assert told.code == Exit.UNAVAILABLE
    assert "disk is full" in told.err
    assert "salvage" not in told.err


def test_what_sqlite_says_of_the_disk_is_no_damage(tmp_path: Path) -> None:
    catalogue = Catalogue(tmp_path / CATALOGUE.file)
    error = sqlite3.OperationalError("disk I/O error")
    error.sqlite_errorcode = sqlite3.SQLITE_IOERR
    with pytest.raises(StoreError) as refused, catalogue.engine._guarded():
        raise error
    assert not isinstance(refused.value, StoreDamaged)
    catalogue.close()
