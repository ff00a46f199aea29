"""Who may open an archive, and archives that can't be opened or are damaged."""

from __future__ import annotations

import os
import resource
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from qa.errors import StoreBusy, StoreError, StoreFull, StoreMismatch
from qa.store.books import CATALOGUE
from qa.store.document_store import opened
from qa.store.locking import WRITING, folder_lock
from tests.fakes import FakeEncoder, article, indexed

ROOT = Path(__file__).parents[2]
HOLD = """
import sys
from pathlib import Path
from qa.store.locking import WRITING, folder_lock
from contextlib import ExitStack
with ExitStack() as stack:
    stack.enter_context(folder_lock(Path(sys.argv[2]), alone=sys.argv[1] == "alone"))
    if sys.argv[1] == "write":
        stack.enter_context(folder_lock(Path(sys.argv[2]), alone=True, lock=WRITING))
    print("held", flush=True)
    sys.stdin.read()
"""
FILL = """
import sys
from pathlib import Path
from qa.errors import StoreFull
from qa.store.document_store import opened
from tests.fakes import FakeEncoder, article, indexed
home = Path(sys.argv[1])
stored = []
try:
    with opened(home, writing=True, making=True) as store:
        store.claim(FakeEncoder().fingerprint)
        for n in range(500):
            store.put(indexed([article(f"a{n}-{i}", f"The mayor opened bridge {n} {i}. " * 40) for i in range(5)]))
            stored += [f"a{n}-{i}" for i in range(5)]
except StoreFull as error:
    print(f"full after {len(stored)}: {error}")
(home / "ballast").unlink()
with opened(home, writing=True) as store:
    held = {source.article_id for source, _ in store.sources()}
    assert held >= set(stored), "an article that was stored is gone"
    assert store.check() == [], store.check()
    store.put(indexed([article("late", "There is room again.")]))
    assert store.matching(["room"], limit=1)
    print("intact")
"""


@contextmanager
def another_process(mode: str, folder: Path) -> Iterator[subprocess.Popen[str]]:
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, mode, str(folder)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout
        assert process.stdout.readline() == "held\n"
        yield process
        if process.poll() is None and process.stdin and not process.stdin.closed:
            process.communicate()


@pytest.mark.parametrize(
    ("theirs", "ours", "allowed"),
    [
        ("read", "write", True),
        ("write", "read", True),
        ("write", "write", False),
        ("alone", "read", False),
    ],
)
def test_many_read_while_one_writes(tmp_path: Path, theirs: str, ours: str, allowed: bool) -> None:
    with opened(tmp_path, writing=True, making=True):
        pass
    with another_process(theirs, tmp_path) as process:
        if allowed:
            with opened(tmp_path, writing=ours == "write"):
                pass
        else:
            with (
                pytest.raises(StoreBusy, match=rf"in use by process {process.pid} .*wait until") as refused,
                opened(tmp_path, writing=ours == "write"),
            ):
                pass
            assert ("--wait" in str(refused.value)) is (theirs == "write")
    with opened(tmp_path, writing=ours == "write"):
        pass


def test_who_waits_writes_after_the_other(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    with opened(tmp_path, writing=True, making=True):
        pass
    with another_process("write", tmp_path) as process:
        threading.Timer(0.5, process.communicate).start()
        with opened(tmp_path, writing=True, wait=True) as store:
            store.put(indexed([article("a", "The mayor spoke.")]))
        assert process.wait(timeout=5) == 0
    assert [f"process {process.pid}" in record.message for record in caplog.records] == [True]


def test_a_process_that_is_killed_holds_nothing(tmp_path: Path) -> None:
    with another_process("write", tmp_path) as process:
        process.kill()
        process.wait()
        with folder_lock(tmp_path, alone=True), folder_lock(tmp_path, alone=True, lock=WRITING):
            pass


def test_a_full_disk_keeps_nobody_from_reading(tmp_path: Path) -> None:
    """A limit on the size of files plays the full disk: the note of who holds the lock is made, and stays empty."""
    with folder_lock(tmp_path, alone=False):
        pass
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, before[1]))
    try:
        with folder_lock(tmp_path, alone=False):
            (note,) = (tmp_path / "holders").iterdir()
            assert note.read_text() == ""
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert list((tmp_path / "holders").iterdir()) == []


@pytest.mark.parametrize("writing", [True, False])
def test_only_filling_makes_an_archive(tmp_path: Path, writing: bool) -> None:
    home = tmp_path / "none"
    with pytest.raises(StoreError, match=r"no archive in .*qa ingest"), opened(home, writing=writing):
        pass
    assert not home.exists()


def test_a_file_in_place_of_the_folder(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("x")
    with pytest.raises(StoreError, match="QA_HOME"), opened(tmp_path / "data", writing=True, making=True):
        pass


def test_a_newer_catalogue_is_refused(tmp_path: Path) -> None:
    with opened(tmp_path, writing=True, making=True):
        pass
    with sqlite3.connect(tmp_path / "catalogue.sqlite3") as connection:
        connection.execute(f"PRAGMA user_version = {CATALOGUE.version + 1}")
    connection.close()
    with pytest.raises(StoreMismatch, match=r"newer version.*Upgrade"), opened(tmp_path, writing=False):
        pass


def test_what_is_no_catalogue_is_refused(tmp_path: Path) -> None:
    (tmp_path / "catalogue.sqlite3").write_bytes(b"not a database" * 1000)
    with pytest.raises(StoreError, match=r"catalogue.*can't be used"), opened(tmp_path, writing=False):
        pass


def test_a_catalogue_on_a_full_disk(tmp_path: Path) -> None:
    """The page limit of SQLite plays the full disk: it fails with the same error."""
    with opened(tmp_path, writing=True, making=True) as store:
        store.put(indexed([article("first", "The mayor spoke.")]))
        pages = store.rows("PRAGMA page_count")[0]["page_count"]
        store.rows(f"PRAGMA max_page_count = {pages + 2}")
        with pytest.raises(StoreFull, match=r"disk is full.*Free some space"):
            store.put(indexed([article(f"n{i}", "The river rose again. " * 500) for i in range(20)]))
        assert [source.article_id for source, _ in store.sources()] == ["first"]
        store.rows(f"PRAGMA max_page_count = {pages + 10_000}")
        store.put(indexed([article("second", "The river rose.")]))
        assert store.check() == []


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can mount a small disk")
def test_a_real_disk_that_fills_up(tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=6m", "tmpfs", str(disk)], check=False)
    if mounted.returncode:
        pytest.skip("mounting is not allowed here")
    try:
        (disk / "ballast").write_bytes(b"x" * 2_500_000)
        told = subprocess.run(
            [sys.executable, "-c", FILL, str(disk)], cwd=ROOT, capture_output=True, text=True, timeout=60, check=False
        )
        assert told.returncode == 0, told.stderr
        assert "full after" in told.stdout
        assert "Free some space" in told.stdout
        assert told.stdout.endswith("intact\n")
    finally:
        subprocess.run(["umount", "-l", str(disk)], check=True)


def test_an_index_that_is_gone_is_made_anew(tmp_path: Path) -> None:
    with opened(tmp_path, writing=True, making=True) as store:
        store.claim(FakeEncoder().fingerprint)
        store.put(indexed([article("a", "The mayor spoke."), article("b", "The river rose.")]))
        store.finish()
    for path in (tmp_path / "vectors").rglob("*"):
        if path.is_file():
            path.unlink()
    with opened(tmp_path, writing=False) as store:
        assert [problem.what for problem in store.check()]
    with opened(tmp_path, writing=True) as store:
        assert len(store.near(FakeEncoder().encode(["mayor"])[0], limit=5)) == 2
        store.rebuild()
        assert store.check() == []
        assert len(store.near(FakeEncoder().encode(["mayor"])[0], limit=5)) == 2
