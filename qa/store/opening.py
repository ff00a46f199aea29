"""Opening the store in a folder: its lock, what it needs, and what a process that died left behind."""

from __future__ import annotations

import errno
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import IO

import portalocker

from qa.errors import StoreBusy, StoreError, StoreFull
from qa.models.archive import moment_text
from qa.store.catalogue import Catalogue
from qa.store.database import writable
from qa.store.document_store import CatalogueStore
from qa.store.notices import NoticeStore
from qa.store.repair import Generations
from qa.store.vectors import EmbeddedChroma, ExhaustiveGenerations, ServedChroma

CATALOGUE = "catalogue.sqlite3"
TEMPORARY = "scratch"


@contextmanager
def opened(
    home: Path, *, writing: bool, making: bool = False, chroma_url: str | None = None
) -> Iterator[CatalogueStore]:
    """The store in a folder; `making`: one that isn't there is made. Raises StoreError, StoreBusy, StoreMismatch.

    Embedded vectors can be read by many processes or written by one. With a Chroma server readers go on while
    one process writes. An archive that can't be written, on read-only media, can be read without any lock.
    """
    if not making:
        _require(home)
    with ExitStack() as stack:
        with _usable(home):
            home.mkdir(parents=True, exist_ok=True)
            fixed = not (writing or writable(home / CATALOGUE))
            if not fixed:  # nobody can write there, so that nobody has to be kept from it
                stack.enter_context(FolderLock(home, alone=writing and chroma_url is None))
            if writing and chroma_url is not None:
                stack.enter_context(FolderLock(home, alone=True, lock="writing.lock"))
        store = CatalogueStore(home / CATALOGUE, _generations(home, chroma_url, fixed=fixed))
        stack.callback(store.close)
        if writing:
            store.recover()
        yield store


@contextmanager
def opened_for_notices(home: Path) -> Iterator[NoticeStore]:
    """The book of notices of the archive in a folder, whoever else reads or writes there. Raises StoreError.

    It takes no lock on the folder: nothing but one transaction of the catalogue is written, and nothing of the index.
    """
    _require(home)
    with closing(NoticeStore(home / CATALOGUE)) as book:
        yield book


def _generations(
    home: Path, chroma_url: str | None, *, fixed: bool
) -> Generations | Callable[[Catalogue], Generations]:
    if chroma_url:
        return ServedChroma(chroma_url)
    return ExhaustiveGenerations if fixed else EmbeddedChroma(home / "vectors")  # Chroma writes to read


def _require(home: Path) -> None:
    if not (home / CATALOGUE).is_file():
        raise StoreError(
            f"There is no archive in {home}. Fill one with `qa ingest PATH`, or set QA_HOME to its folder."
        )


@contextmanager
def _usable(home: Path) -> Iterator[None]:
    """What the file system refuses, as errors of the store."""
    try:
        yield
    except OSError as error:
        if error.errno == errno.ENOSPC:
            raise StoreFull(f"The disk is full: {home} can't be opened. Free some space.") from error
        raise StoreError(
            f"{home} can't be used: {error.strerror or error}. Choose another folder by QA_HOME."
        ) from error


def temporary_folder(home: Path) -> Path:
    """The folder for the page's temporary files, made anew: empty, closed to other users. Raises StoreError."""
    folder = home.resolve() / TEMPORARY
    try:
        if os.path.lexists(folder):
            shutil.rmtree(folder)  # it refuses a link, and follows none
        folder.mkdir(mode=0o700)
    except OSError as error:
        raise StoreError(
            f"{folder} was expected to be a folder that can be emptied and made anew, found: "
            f"{error.strerror or error}. Remove it, then start again."
        ) from error
    return folder


_MOST_NAMED = 3
_HOW_ON = (
    "Wait until it has finished or stop it. To add articles while the page is being served, run a Chroma server "
    "and set QA_CHROMA_URL for both."
)


class FolderLock:
    """A lock on a folder, held until closed or until the process ends, however it ends.

    Raises StoreBusy at once where others hold the folder: a writer needs it alone, readers share it. `lock` names
    the lock's file; holders of different ones don't know of each other.
    """

    def __init__(self, folder: Path, *, alone: bool, lock: str = "lock") -> None:
        self._file: IO[bytes] = (folder / lock).open("ab")
        if not _locked(self._file, alone=alone):
            self._file.close()
            raise StoreBusy(f"The archive in {folder} is in use by {_named(folder, lock)}. {_HOW_ON}")
        self._note = _Note.made(folder, lock)

    def close(self) -> None:
        if not self._file.closed:
            if self._note:
                self._note.close()
            portalocker.unlock(self._file)
            self._file.close()

    def __enter__(self) -> FolderLock:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


class _Note:
    """A file that names a holder, and that is locked as long as what it says is true."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file

    @classmethod
    def made(cls, folder: Path, lock: str) -> _Note | None:
        """None where it can't be written: it is but a courtesy to others."""
        command = " ".join([Path(sys.argv[0]).name, *sys.argv[1:2]])
        text = f"process {os.getpid()} ({command}), since {moment_text(datetime.now(UTC))}"
        try:
            notes = _notes(folder)
            notes.mkdir(exist_ok=True)
            file = tempfile.NamedTemporaryFile(dir=notes, prefix=f"{lock}-", delete=False)  # noqa: SIM115 — held open
            _locked(file, alone=True)
            file.write(text.encode("utf-8", "replace"))
            file.flush()
        except OSError:
            return None
        return cls(file)

    def close(self) -> None:
        Path(self._file.name).unlink(missing_ok=True)
        self._file.close()


def _notes(folder: Path) -> Path:
    return folder / "holders"


def _named(folder: Path, lock: str) -> str:
    """Those who hold a lock just now."""
    holders = sorted(_holders(folder, lock))
    if not holders:
        return "another process"
    more = f" and {len(holders) - _MOST_NAMED} more" if len(holders) > _MOST_NAMED else ""
    return "; ".join(holders[:_MOST_NAMED]) + more


def _holders(folder: Path, lock: str) -> Iterator[str]:
    """What the notes say that are still true; those of processes that were cut off are swept away."""
    for path in _notes(folder).glob(f"{lock}-*"):
        try:
            with path.open("r+b") as file:
                if _locked(file, alone=True):
                    path.unlink(missing_ok=True)
                elif text := file.read(200).decode("utf-8", "replace"):
                    yield text
        except OSError:  # it is gone by now
            continue


def _locked(file: IO[bytes], *, alone: bool) -> bool:
    """Locks a file until it is closed; False where others hold it."""
    flags = portalocker.LockFlags.EXCLUSIVE if alone else portalocker.LockFlags.SHARED
    try:
        portalocker.lock(file, flags | portalocker.LockFlags.NON_BLOCKING)
    except portalocker.exceptions.LockException:
        return False
    return True
