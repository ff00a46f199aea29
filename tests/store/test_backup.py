"""Backups: whole or not there, and back as it was, whatever moment a process dies at."""

from __future__ import annotations

import json
import shutil
import sqlite3
import stat
import threading
import zipfile
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from qa.errors import InputError, StoreBusy, StoreDamaged, StoreMismatch
from qa.models.deliveries import Notice, NoticeKind
from qa.models.journal import Role
from qa.review.accounts import Accounts
from qa.store import transfer as backups
from qa.store.books import CATALOGUE
from qa.store.document_store import opened, opened_for_notices
from qa.store.journal.opening import opened_journal
from qa.store.locking import folder_lock
from qa.store.transfer import MANIFEST, RESTORED, RESTORING, bring_up_to_date, restore_backup, write_backup
from tests.fakes import FakeEncoder, article, indexed
from tests.store.conftest import held

NOW = datetime(2026, 5, 3, 12, tzinfo=UTC)


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive with a correction, and a journal with an account."""
    home = tmp_path_factory.mktemp("filled")
    with opened(home, writing=True, making=True) as store:
        store.claim(FakeEncoder().fingerprint)
        store.put(indexed([article(f"a{n}", f"The mayor opened bridge {n}.") for n in range(9)]))
        store.put(indexed([article("a1", "The mayor closed it.")]))
        store.finish()
    say(home, NoticeKind.CORRECTION, at=NOW)
    with opened_journal(home) as journal:
        Accounts(journal.database).add("ada", Role.ADMIN, password="a password of her own", identity=None, by="ada")
    return home


@pytest.fixture
def home(filled: Path, tmp_path: Path) -> Path:
    """A copy of it."""
    return Path(shutil.copytree(filled, tmp_path / "home"))


def say(home: Path, kind: NoticeKind, *, at: datetime) -> None:
    with opened_for_notices(home) as book:
        book.add(Notice("a2", kind, "why", "ana", at))


def contents(home: Path) -> dict[str, Any]:
    """All that is truth, proven sound."""
    bring_up_to_date(home)
    with opened(home, writing=False) as store, opened_for_notices(home) as book, opened_journal(home) as journal:
        assert store.check() == []
        hits = store.near(FakeEncoder().encode(["the mayor opened bridge 3"])[0], limit=3)
        assert hits[0].passage.source.article_id == "a3"
        return {
            "articles": held(store),
            "versions": [version.digest for version in store.versions("a1")],
            "notices": book.history(),
            "accounts": [account.name for account in Accounts(journal.database).listed()],
        }


def backed_up(home: Path) -> Path:
    target = home.with_name("backup.zip")
    write_backup(home, target, program="archive-qa", at=NOW)
    return target


def test_a_backup_comes_back_as_it_was(home: Path, tmp_path: Path) -> None:
    target = tmp_path / "backup.zip"
    manifest = write_backup(home, target, program="archive-qa 1", at=NOW)
    assert (manifest.articles, manifest.made_at) == (9, "2026-05-03T12:00:00Z")
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    assert sorted(path.name for path in tmp_path.iterdir()) == ["backup.zip", "home"]
    new = tmp_path / "new"
    assert restore_backup(target, new, replace=False) == (manifest, [])
    assert not (new / "vectors").exists()
    with opened(new, writing=True) as store:
        store.finish()
        assert store.published().size == 9
    assert contents(new) == contents(home)


def test_what_is_unpacked_by_hand_is_an_archive_too(home: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(backed_up(home)) as packed:
        packed.extractall(tmp_path / "by hand")
    assert contents(tmp_path / "by hand") == contents(home)


def test_a_backup_under_writes_is_of_one_moment(home: Path, tmp_path: Path) -> None:
    over = threading.Event()

    def writing() -> None:
        with opened(home, writing=True) as store:
            number = 0
            while not over.is_set():
                store.put(indexed([article(f"b{number}-{part}", "The river rose.") for part in range(5)]))
                number += 1

    writer = threading.Thread(target=writing)
    writer.start()
    try:
        for number in range(3):
            target = tmp_path / f"{number}.zip"
            articles = write_backup(home, target, program="archive-qa", at=NOW).articles
            assert (articles - 9) % 5 == 0
            restore_backup(target, tmp_path / str(number), replace=False)
            assert len(contents(tmp_path / str(number))["articles"]) == articles
    finally:
        over.set()
        writer.join()


@pytest.mark.parametrize("name", ["journal.sqlite3", "catalogue.sqlite3"])
def test_what_a_backup_would_take_the_place_of_is_asked_for(home: Path, tmp_path: Path, name: str) -> None:
    target = backed_up(home)
    with pytest.raises(InputError, match="another file"):
        write_backup(home, target, program="archive-qa", at=NOW)
    taken = tmp_path / "taken"
    taken.mkdir()
    (taken / name).write_bytes(b"precious")
    with pytest.raises(InputError, match="--replace"):
        restore_backup(target, taken, replace=False)
    assert (taken / name).read_bytes() == b"precious"


def test_a_backup_takes_the_place_of_an_archive_that_nobody_has_open(home: Path) -> None:
    target, before = backed_up(home), contents(home)
    with opened(home, writing=True) as store:
        store.remove("a3")
        store.put(indexed([article("late", "The river rose.")]))
    say(home, NoticeKind.WITHDRAWAL, at=NOW + timedelta(days=1))
    with opened(home, writing=False), pytest.raises(StoreBusy, match="stop whoever serves it"):
        restore_backup(target, home, replace=True)
    _, lost = restore_backup(target, home, replace=True)
    assert lost == [("a2", "withdrawal")]
    assert contents(home) == before
    assert not (home / RESTORED).exists()


def test_an_archive_that_is_damaged_is_replaced_too(home: Path) -> None:
    target, before = backed_up(home), contents(home)
    (home / "catalogue.sqlite3").write_bytes(b"garbage" * 1_000)
    (home / "catalogue.sqlite3-wal").write_bytes(b"garbage" * 1_000)
    assert restore_backup(target, home, replace=True)[1] == []
    assert contents(home) == before


def test_a_journal_that_the_backup_has_not_goes(home: Path, tmp_path: Path) -> None:
    (home / "journal.sqlite3").unlink()
    target = backed_up(home)
    with opened_journal(home):
        pass
    restore_backup(target, home, replace=True)
    assert not (home / "journal.sqlite3").exists()


def cut(packed: Path) -> None:
    packed.write_bytes(packed.read_bytes()[: packed.stat().st_size // 2])


def flip(packed: Path) -> None:
    content = bytearray(packed.read_bytes())
    content[len(content) // 2] ^= 1
    packed.write_bytes(content)


def without_manifest(packed: Path) -> None:
    with zipfile.ZipFile(packed) as archive:
        catalogue = archive.read("catalogue.sqlite3")
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("catalogue.sqlite3", catalogue)


def another_file_in_it(packed: Path) -> None:
    with zipfile.ZipFile(packed) as archive:
        manifest = archive.read(MANIFEST)
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("catalogue.sqlite3", b"another")
        archive.writestr("journal.sqlite3", b"another")
        archive.writestr(MANIFEST, manifest)


def bad_stream(packed: Path) -> None:
    content = bytearray(packed.read_bytes())
    with zipfile.ZipFile(packed) as archive:
        start = archive.getinfo("catalogue.sqlite3").header_offset + 30 + len("catalogue.sqlite3")
    content[start : start + 40] = b"\xff" * 40
    packed.write_bytes(content)


def manifest_of_another_form(packed: Path) -> None:
    with zipfile.ZipFile(packed, "a") as archive, pytest.warns(UserWarning, match="Duplicate name"):
        archive.writestr(MANIFEST, json.dumps({**json.loads(archive.read(MANIFEST)), "files": ["catalogue.sqlite3"]}))


@pytest.mark.parametrize(
    "harm", [cut, flip, without_manifest, another_file_in_it, bad_stream, manifest_of_another_form]
)
def test_half_a_backup_is_none(home: Path, harm: Callable[[Path], None]) -> None:
    target, before = backed_up(home), contents(home)
    harm(target)
    with pytest.raises(InputError, match="no backup of an archive, or not a whole one"):
        restore_backup(target, home, replace=True)
    assert contents(home) == before


@pytest.mark.parametrize(("name", "value"), [("format", "archive-qa backup 2"), ("files", {"../evil": [1, "x"]})])
def test_a_backup_of_another_kind_is_refused(home: Path, tmp_path: Path, name: str, value: object) -> None:
    target = backed_up(home)
    with zipfile.ZipFile(target) as archive:
        files = {entry: archive.read(entry) for entry in archive.namelist()}
    files[MANIFEST] = json.dumps({**json.loads(files[MANIFEST]), name: value}).encode()
    with zipfile.ZipFile(target, "w") as archive:
        for entry, content in files.items():
            archive.writestr(entry, content)
    with pytest.raises(StoreMismatch, match="another kind"):
        restore_backup(target, tmp_path / "new", replace=False)
    assert not (tmp_path / "evil").exists()


def test_a_backup_of_a_newer_version_is_refused(home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = backed_up(home)
    older = replace(CATALOGUE, migrations=CATALOGUE.migrations[:3])
    monkeypatch.setitem(backups._BOOKS, CATALOGUE.file, older)
    with pytest.raises(StoreMismatch, match="newer version"):
        restore_backup(target, tmp_path / "new", replace=False)


def test_no_backup_is_written_of_what_is_damaged(home: Path, tmp_path: Path) -> None:
    with opened(home, writing=True) as store:
        store.scrub()
        pages = store.rows("PRAGMA page_count")[0]["page_count"]
    content = bytearray((home / "catalogue.sqlite3").read_bytes())
    for page in range(5, pages - 1):
        content[page * 4096 : page * 4096 + 16] = b"\xff" * 16
    (home / "catalogue.sqlite3").write_bytes(content)
    with pytest.raises(StoreDamaged):
        backed_up(home)
    assert not (tmp_path / "backup.zip").exists()


class Crash(BaseException):
    """The death of the process: no `except` of the house catches it."""


def dies(monkeypatch: pytest.MonkeyPatch, name: str, *, call: int, after: bool) -> None:
    real = getattr(backups, name)
    calls = 0

    def dying(*args: object, **more: object) -> object:
        nonlocal calls
        calls += 1
        if calls < call:
            return real(*args, **more)
        if after:
            real(*args, **more)
        raise Crash

    monkeypatch.setattr(backups, name, dying)


@pytest.mark.parametrize(
    ("name", "call", "after"),
    [("_settle", 2, False), ("_pack", 1, False), ("unpack", 1, False), ("unpack", 1, True), ("flush", 5, True)],
)
def test_death_while_a_backup_is_written(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, call: int, after: bool
) -> None:
    with monkeypatch.context() as patch:
        dies(patch, name, call=call, after=after)
        with pytest.raises(Crash):
            backed_up(home)
    assert not (tmp_path / "backup.zip").exists()
    write_backup(home, tmp_path / "next.zip", program="archive-qa", at=NOW)
    restore_backup(tmp_path / "next.zip", tmp_path / "new", replace=False)
    assert contents(tmp_path / "new") == contents(home)
    assert not list(tmp_path.glob("*.partial"))


@pytest.mark.parametrize(
    ("name", "call", "after", "taken"),
    [
        ("unpack", 1, False, False),
        ("_lost_notices", 1, True, False),
        ("_place", 1, False, True),
        ("_place", 2, False, True),
        ("_place", 2, True, True),
    ],
)
def test_death_while_a_backup_is_restored(
    home: Path, monkeypatch: pytest.MonkeyPatch, name: str, call: int, after: bool, taken: bool
) -> None:
    target, then = backed_up(home), contents(home)
    with opened(home, writing=True) as store:
        store.put(indexed([article("late", "The river rose.")]))
    now = contents(home)
    with monkeypatch.context() as patch:
        dies(patch, name, call=call, after=after)
        with pytest.raises(Crash):
            restore_backup(target, home, replace=True)
    assert contents(home) == (then if taken else now)
    assert not [name for name in (RESTORED, RESTORING) if (home / name).exists()]


def test_an_archive_of_an_earlier_version_is_brought_up_to_date_alone(home: Path) -> None:
    with closing(sqlite3.connect(home / "catalogue.sqlite3")) as connection:
        connection.execute("PRAGMA user_version = 10")
    with folder_lock(home, alone=False), pytest.MonkeyPatch.context() as patch:
        patch.setattr("qa.store.transfer._WAIT", 0.3)
        with pytest.raises(StoreBusy, match="brought up to date"):
            bring_up_to_date(home)
    bring_up_to_date(home)
    with opened(home, writing=True) as store:
        assert store.published().covers == 0
        store.finish()
        assert store.published().size == 9
    assert contents(home)
